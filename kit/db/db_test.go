package db_test

import (
	"context"
	"errors"
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
