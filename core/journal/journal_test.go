package journal_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/once"
	"cadre/kit/test"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var (
	ctx     = context.Background()
	schemas = []db.Schema{once.Schema, journal.Schema}
	// focal is the focal point who does every act of these tests.
	focal = access.Viewer{Person: "p-focal", Structure: "s-cnlpal", Functions: []access.Function{access.Reader, access.Focal}, Clearance: access.Restricted}
)

// book is a journal under test, its key and the file in which it publishes.
type book struct {
	t    *testing.T
	db   *db.DB
	key  journal.Key
	file string
	log  *journal.Log
}

// open begins an empty journal in the database.
func open(t *testing.T, d *db.DB) *book {
	t.Helper()
	dir := t.TempDir()
	key, err := journal.LoadKey(filepath.Join(dir, "journal.key"))
	if err != nil {
		t.Fatal(err)
	}
	b := &book{t: t, db: d, key: key, file: filepath.Join(dir, "checkpoint")}
	for _, table := range []string{"journal_entry", "journal_hash", "journal_checkpoint", "journal_head"} {
		b.sql(`DELETE FROM ` + table)
	}
	b.sql(`INSERT INTO journal_head (id, size) VALUES (1, 0)`)
	b.restart()
	return b
}

// restart opens the journal as a new process does.
func (b *book) restart() { b.log = journal.New(b.db, clock.At(test.Noon), b.key, b.file) }

// act records entries about mission-1, mission-2 and mission-3 in turn, as one act.
func (b *book) act(entries int) error {
	return b.log.Write(ctx, focal, func(act *journal.Act) error {
		for i := range entries {
			content := map[string]any{"title": "Sensibilisation", "round": i}
			if err := act.Record(ctx, "directory.mission.amended", fmt.Sprintf("mission-%d", i+1), int64(i+1), content); err != nil {
				return err
			}
		}
		return nil
	})
}

// acts does acts of 1, 2 and 3 entries in turn until the journal holds n.
func (b *book) acts(n int) {
	b.t.Helper()
	for k := 0; n > 0; k++ {
		entries := min(k%3+1, n)
		if err := b.act(entries); err != nil {
			b.t.Fatal(err)
		}
		n -= entries
	}
}

func (b *book) verify() *journal.Verification {
	b.t.Helper()
	v := read(b, func(tx *db.Tx) (*journal.Verification, error) { return journal.Verify(ctx, tx, b.key, b.file) })
	return v
}

func (b *book) entries() []journal.Entry {
	return read(b, func(tx *db.Tx) ([]journal.Entry, error) { return journal.After(ctx, tx, -1, 1000) })
}

func read[T any](b *book, fn func(*db.Tx) (T, error)) T {
	b.t.Helper()
	var v T
	if err := b.db.Read(ctx, func(tx *db.Tx) (err error) { v, err = fn(tx); return err }); err != nil {
		b.t.Fatal(err)
	}
	return v
}

// sql is somebody with access to the database and without the key.
func (b *book) sql(query string, args ...any) {
	b.t.Helper()
	err := b.db.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, query, args...); return err })
	if err != nil {
		b.t.Fatal(err)
	}
}

func TestAnActIsWrittenWholeWithItsCheckpoint(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		b.acts(3)
		all := b.entries()
		if len(all) != 3 || all[2].Act != 1 || all[2].Function != access.Focal || all[2].Structure != "s-cnlpal" || !all[2].At.Equal(test.Noon) {
			t.Errorf("entries: %+v", all)
		}
		latest := read(b, func(tx *db.Tx) (string, error) { return journal.Latest(ctx, tx) })
		if published, err := os.ReadFile(b.file); err != nil || string(published) != latest || latest == "" {
			t.Errorf("published %q, %v; signed %q", published, err, latest)
		}
		failed := errors.New("the use case failed")
		err := b.log.Write(ctx, focal, func(act *journal.Act) error {
			return errors.Join(act.Record(ctx, "x.y.z", "mission-1", 2, nil), failed)
		})
		if !errors.Is(err, failed) {
			t.Errorf("failing act: %v", err)
		}
		if err := b.log.Write(ctx, focal, func(*journal.Act) error { return nil }); err == nil {
			t.Error("an act that recorded nothing was committed")
		}
		if v := b.verify(); v.Size != 3 || len(v.Findings) > 0 {
			t.Errorf("after two acts that failed: %+v", v)
		}
	})
}

func TestJournalTimeNeverDecreases(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		for _, hours := range []time.Duration{0, 5, 3, 6} { // the machine's clock is set back once
			b.log = journal.New(d, clock.At(test.Noon.Add(hours*time.Hour)), b.key, b.file)
			b.acts(1)
		}
		var hours []float64
		for _, e := range b.entries() {
			hours = append(hours, e.At.Sub(test.Noon).Hours())
		}
		if !slices.Equal(hours, []float64{0, 5, 5, 6}) {
			t.Errorf("hours after noon: %v", hours)
		}
	})
}

// A log begins with its past: each thing at its time, by its author. It is told once, and never before what is there.
func TestALogBeginsWithItsPast(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		happened := func(days int, by access.Viewer) journal.Happening {
			return journal.Happening{At: test.Noon.AddDate(0, 0, days), By: by, Do: func(act *journal.Act) error {
				return act.Record(ctx, "test.thing.done", fmt.Sprint(days), 1, nil)
			}}
		}
		tell := func(all ...journal.Happening) error {
			return b.log.Write(ctx, access.Viewer{Person: "founder"}, func(act *journal.Act) error {
				act.At = test.Noon.AddDate(0, 0, -30)
				return act.Relive(all)
			})
		}
		if err := tell(happened(-31, focal)); err == nil {
			t.Error("something was told from before the beginning")
		}
		if err := tell(happened(-1, access.Viewer{Person: "other"}), happened(-20, focal)); err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, e := range b.entries() {
			told = append(told, fmt.Sprint(e.Subject, e.Person, e.At.Sub(test.Noon).Hours()/24))
		}
		if want := []string{"-20" + focal.Person + "-20", "-1other-1"}; !slices.Equal(told, want) {
			t.Errorf("%v, want %v", told, want)
		}
		if v := b.verify(); v.Size != 2 || len(v.Findings) > 0 {
			t.Errorf("%+v", v)
		}
		if err := tell(happened(0, focal)); err == nil {
			t.Error("a past was added to a log that had begun")
		}
	})
}

func TestAHealthyJournalIsProved(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		for _, n := range []int{0, 1, 2, 3, 70, 2100} { // the last takes several batches
			b := open(t, d)
			if n < 100 {
				b.acts(n)
			} else if err := b.act(n); err != nil {
				t.Fatal(err)
			}
			tree, err := tlog.TreeHash(int64(n), b.hashes())
			if v := b.verify(); err != nil || v.Size != int64(n) || v.Root != tree.String() || len(v.Findings) > 0 {
				t.Errorf("%d entries: %+v, root %v, %v", n, v, tree, err)
			}
		}
	})
}

func TestErasureLeavesTheJournalWhole(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		b.acts(6) // mission-1 at 0, 1, 3; mission-2 at 2, 4; mission-3 at 5
		kept := b.entries()[1]
		if err := b.log.Write(ctx, focal, func(act *journal.Act) error { return act.Erase(ctx, "mission-1", "droit à l’effacement") }); err != nil {
			t.Fatal(err)
		}
		b.acts(1) // about mission-1 again: not erased
		if v := b.verify(); v.Erased != 3 || v.Size != 8 || len(v.Findings) > 0 {
			t.Errorf("%+v", v)
		}
		for _, e := range b.entries()[:6] {
			if gone := e.Content == "" && e.Salt == nil; gone != (e.Subject == "mission-1") {
				t.Errorf("entry %d about %s: content %q", e.N, e.Subject, e.Content)
			}
		}
		b.sql(`UPDATE journal_entry SET salt = $1, content = $2 WHERE n = 1`, kept.Salt, kept.Content)
		b.sql(`UPDATE journal_entry SET salt = NULL, content = NULL WHERE n = 4`)
		if got := named(b.verify()); !slices.Equal(got, []int64{1, 4}) {
			t.Errorf("content brought back at 1, forgotten without an act at 4: Verify names %v", got)
		}
	})
}

// hashes is the stored tree as golang.org/x/mod/sumdb/tlog reads it.
func (b *book) hashes() tlog.HashReader {
	b.t.Helper()
	type row struct {
		i    int64
		hash []byte
	}
	stored := map[int64]tlog.Hash{}
	for _, r := range read(b, func(tx *db.Tx) ([]row, error) {
		return db.All(ctx, tx, func(r *row) []any { return []any{&r.i, &r.hash} }, `SELECT i, hash FROM journal_hash`)
	}) {
		stored[r.i] = tlog.Hash(r.hash)
	}
	return tlog.HashReaderFunc(func(places []int64) ([]tlog.Hash, error) {
		all := make([]tlog.Hash, len(places))
		for k, i := range places {
			h, ok := stored[i]
			if !ok {
				return nil, fmt.Errorf("hash %d is not stored", i)
			}
			all[k] = h
		}
		return all, nil
	})
}

// checkpoints opens every signed checkpoint with the public key alone, as a witness does.
func (b *book) checkpoints() []tlog.Tree {
	b.t.Helper()
	verifier, err := note.NewVerifier(b.key.Verifier)
	if err != nil {
		b.t.Fatal(err)
	}
	notes := read(b, func(tx *db.Tx) ([]string, error) {
		return db.Values[string](ctx, tx, `SELECT note FROM journal_checkpoint ORDER BY size`)
	})
	var all []tlog.Tree
	for _, signed := range notes {
		n, err := note.Open([]byte(signed), note.VerifierList(verifier))
		if err != nil {
			b.t.Fatal(err)
		}
		var c tlog.Tree
		var origin, root string
		if _, err := fmt.Sscanf(n.Text, "%s\n%d\n%s\n", &origin, &c.N, &root); err != nil || origin != verifier.Name() {
			b.t.Fatalf("checkpoint %q: %v", n.Text, err)
		}
		if c.Hash, err = tlog.ParseHash(root); err != nil {
			b.t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func TestWitnessesAcceptCheckpointsAndProofs(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		b.acts(20)
		leaves := map[int64]tlog.Hash{}
		for _, e := range b.entries() {
			leaves[e.N] = leafOf(t, e)
		}
		tree := b.hashes()
		var before tlog.Tree
		for _, c := range b.checkpoints() {
			for n := range c.N {
				p, err := tlog.ProveRecord(c.N, n, tree)
				if err != nil || tlog.CheckRecord(p, c.N, c.Hash, n, leaves[n]) != nil {
					t.Errorf("entry %d in the tree of %d: %v", n, c.N, err)
				}
			}
			if before.N > 0 {
				p, err := tlog.ProveTree(c.N, before.N, tree)
				if err != nil || tlog.CheckTree(p, c.N, c.Hash, before.N, before.Hash) != nil {
					t.Errorf("from %d to %d: %v", before.N, c.N, err)
				}
			}
			before = c
		}
		if before.N != 20 {
			t.Errorf("the last checkpoint covers %d entries", before.N)
		}
	})
}

func TestServersShareAJournal(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		other := *b
		other.file += "-2"
		other.restart()
		for range 5 {
			b.acts(4)
			other.acts(1)
			other.acts(1)
		}
		if v := b.verify(); v.Size != 30 || len(v.Findings) > 0 {
			t.Errorf("%+v", v)
		}
	})
}
