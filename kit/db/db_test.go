package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/test"

	"github.com/google/go-cmp/cmp"
)

var things = []db.Schema{{Room: "thing", Files: fstest.MapFS{"schema/0001_thing.sql": {Data: []byte(`
CREATE TABLE thing (
  id text PRIMARY KEY,
  n bigint NOT NULL,
  kept boolean NOT NULL,
  at bigint,
  tags text NOT NULL
);`)}}}}

func TestOneTextOnBothEngines(t *testing.T) {
	test.EachDB(t, things, func(t *testing.T, d *db.DB) {
		ctx, at := context.Background(), time.Date(2026, 11, 24, 8, 30, 0, 123000, time.UTC)
		type thing struct {
			ID   string
			N    int64
			Kept bool
			At   time.Time
			Tags []string
		}
		fields := func(v *thing) []any {
			return []any{&v.ID, &v.N, &v.Kept, db.Instant(&v.At), db.JSON(&v.Tags)}
		}
		want := []thing{{"a", 1 << 60, true, at, []string{"é", "ü"}}, {ID: "b", N: 2, Tags: []string{}}}
		err := d.Write(ctx, func(tx *db.Tx) error {
			for _, w := range want {
				// The parameters stand out of order on purpose.
				if _, err := tx.Exec(ctx, `INSERT INTO thing (tags, at, kept, n, id) VALUES ($5, $4, $3, $2, $1)`,
					w.ID, w.N, w.Kept, w.At, db.JSON(w.Tags)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []thing
		err = d.Read(ctx, func(tx *db.Tx) (err error) {
			got, err = db.All(ctx, tx, fields, `SELECT id, n, kept, at, tags FROM thing WHERE id IN json_list($1) ORDER BY id`, db.JSON([]string{"b", "a", "z"}))
			return err
		})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
		err = d.Read(ctx, func(tx *db.Tx) (err error) {
			got, err = db.All(ctx, tx, fields, `SELECT id, n, kept, at, tags FROM thing WHERE id IN json_list($1)`, db.JSON([]string(nil)))
			return err
		})
		if err != nil || len(got) != 0 {
			t.Errorf("a list that was never made holds %v, %v", got, err)
		}
	})
}

func TestManyRowsInFewStatements(t *testing.T) {
	test.EachDB(t, things, func(t *testing.T, d *db.DB) {
		for _, n := range []int{0, 1, 7, 128, 300} {
			statements := 0
			ctx := db.Watch(context.Background(), func(string, []any) { statements++ })
			var rows [][]any
			for i := range n {
				rows = append(rows, []any{strconv.Itoa(i), i, true, test.Noon, "[]"})
			}
			err := d.Write(ctx, func(tx *db.Tx) error {
				for range 2 { // the second time nothing is new
					if err := tx.Insert(ctx, `INSERT INTO thing (id, n, kept, at, tags) VALUES`, rows, ` ON CONFLICT DO NOTHING`); err != nil {
						return err
					}
				}
				got, err := db.Value[int](ctx, tx, `SELECT count(*) FROM thing WHERE at = $1`, test.Noon)
				if got != n || statements > 13 {
					t.Errorf("%d rows: %d stored, in %d statements", n, got, statements)
				}
				return errors.Join(err, errUndone)
			})
			if !errors.Is(err, errUndone) {
				t.Fatal(n, err)
			}
		}
	})
}

var errUndone = errors.New("it is undone")

// sum adds a number to a thing.
type sum struct{ n int64 }

func (s *sum) Store(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO thing (id, n, kept, tags) VALUES ('sum', $1, true, '[]') ON CONFLICT (id) DO UPDATE SET n = thing.n + excluded.n`, s.n)
	return err
}

// TestATableRefilledKeepsItsIndexes: what it held goes, its indexes stand as they were, and a
// filling that fails changes nothing.
func TestATableRefilledKeepsItsIndexes(t *testing.T) {
	indexed := []db.Schema{{Room: "thing", Files: fstest.MapFS{"schema/0001_thing.sql": {Data: []byte(`
CREATE TABLE thing (
  id text PRIMARY KEY,
  n bigint NOT NULL
);

CREATE UNIQUE INDEX thing_by_n ON thing (n, id);`)}}}}
	test.EachDB(t, indexed, func(t *testing.T, d *db.DB) {
		ctx, full := context.Background(), errors.New("full")
		refill := func(wrong error, ids ...string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				return tx.Refill(ctx, "thing", func() error {
					for i, id := range ids {
						if _, err := tx.Exec(ctx, `INSERT INTO thing (id, n) VALUES ($1, $2)`, id, i); err != nil {
							return err
						}
					}
					return wrong
				})
			})
		}
		for _, x := range []struct {
			wrong error
			ids   []string
		}{{nil, []string{"a", "b"}}, {nil, []string{"b", "c", "d"}}, {full, []string{"e"}}} {
			if err := refill(x.wrong, x.ids...); !errors.Is(err, x.wrong) {
				t.Fatalf("%v: %v", x.ids, err)
			}
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			ids, err := db.Values[string](ctx, tx, `SELECT id FROM thing ORDER BY id`)
			if diff := cmp.Diff([]string{"b", "c", "d"}, ids); err != nil || diff != "" {
				t.Error(err, diff)
			}
			_, err = tx.Exec(ctx, `DROP INDEX thing_by_n`)
			return err
		})
		if err != nil {
			t.Errorf("the index is no more: %v", err)
		}
	})
}

func TestWhatIsGatheredIsStoredOnce(t *testing.T) {
	test.EachDB(t, things, func(t *testing.T, d *db.DB) {
		statements := 0
		ctx := db.Watch(context.Background(), func(string, []any) { statements++ })
		for _, end := range []error{nil, errUndone, nil} {
			err := d.Write(ctx, func(tx *db.Tx) error {
				for i := range int64(10) {
					db.Gather(tx, func() *sum { return &sum{} }).n += i
				}
				return end
			})
			if !errors.Is(err, end) {
				t.Fatal(err)
			}
		}
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			n, err := db.Value[int](ctx, tx, `SELECT n FROM thing WHERE id = 'sum'`)
			if n != 90 || statements != 2+1 { // two sums, and the one that reads
				t.Errorf("%d after %d statements", n, statements)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestErrorsMeanTheSame(t *testing.T) {
	test.EachDB(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		insert := func(n any) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO thing (id, n, kept, tags) VALUES ('a', $1, true, '[]')`, n)
				return err
			})
		}
		if err := insert(1); err != nil {
			t.Fatal(err)
		}
		if err := insert(2); !errors.Is(err, db.ErrTwice) {
			t.Errorf("same key: %v", err)
		}
		if err := insert("many"); err == nil || errors.Is(err, db.ErrTwice) {
			t.Errorf("text in a column of numbers: %v", err)
		}
		err := d.Read(ctx, func(tx *db.Tx) error {
			_, err := db.Value[int64](ctx, tx, `SELECT n FROM thing WHERE id = 'z'`)
			return err
		})
		if !errors.Is(err, db.ErrNone) {
			t.Errorf("no row: %v", err)
		}
	})
}

func TestReadModifyWriteLosesNothing(t *testing.T) {
	test.EachDB(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		step := func(tx *db.Tx) error {
			n, err := db.Value[int64](ctx, tx, `SELECT coalesce(max(n), 0) FROM thing WHERE id = 'a'`)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO thing (id, n, kept, tags) VALUES ('a', $1, false, '[]') ON CONFLICT (id) DO UPDATE SET n = excluded.n`, n+1)
			return err
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 5 {
					if err := d.Write(ctx, step); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		err := d.Read(ctx, func(tx *db.Tx) error {
			n, err := db.Value[int64](ctx, tx, `SELECT n FROM thing`)
			if n != 40 {
				t.Errorf("after 40 steps: %d", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestReadersCannotWrite(t *testing.T) {
	test.EachDB(t, things, func(t *testing.T, d *db.DB) {
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), `DELETE FROM thing`)
			return err
		})
		if err == nil {
			t.Error("a reading transaction deleted rows")
		}
	})
}

// TestWhatIsErasedIsNotInTheFile looks for what was erased among the bytes that SQLite keeps.
func TestWhatIsErasedIsNotInTheFile(t *testing.T) {
	file, ctx := filepath.Join(t.TempDir(), "thing.db"), context.Background()
	d, err := db.Open(ctx, "sqlite:"+file)
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.Migrate(ctx, clock.System{}, things))
	must(d.Write(ctx, func(tx *db.Tx) error {
		for i := range 100 {
			if _, err := tx.Exec(ctx, `INSERT INTO thing (id, n, kept, tags) VALUES ($1, 0, true, $2)`, strconv.Itoa(i), strings.Repeat("agent@exemple.test ", 50)); err != nil {
				return err
			}
		}
		return nil
	}))
	must(d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE thing SET tags = ''`)
		return err
	}))
	must(d.Close())
	bytes, err := os.ReadFile(file)
	must(err)
	if strings.Contains(string(bytes), "agent@exemple.test") {
		t.Error("the file still holds what was erased")
	}
}

func TestMigrationsAreForwardOnly(t *testing.T) {
	test.EachDB(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Migrate(ctx, clock.System{}, things); err != nil {
			t.Errorf("again: %v", err)
		}
		if err := d.Migrate(ctx, clock.System{}, nil); err == nil {
			t.Error("a program that does not know the migration accepted the database")
		}
		edited := []db.Schema{{Room: "thing", Files: fstest.MapFS{"schema/0001_thing.sql": {Data: []byte("CREATE TABLE other (id text);")}}}}
		if err := d.Migrate(ctx, clock.System{}, edited); err == nil {
			t.Error("an edited migration was accepted")
		}
	})
}
