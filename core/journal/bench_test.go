package journal_test

import (
	"context"
	"path/filepath"
	"testing"

	"cadre/core/journal"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/id"
	"cadre/kit/test"
)

// long is the length of the journal on which the measures are taken.
const long = 10_000

// kept opens a journal in which a single act has recorded n entries.
func kept(b *testing.B, engine db.Engine, n int) (*db.DB, *journal.Log, journal.Key) {
	b.Helper()
	d := test.Open(b, test.Address(b, engine), schemas)
	key, err := journal.LoadKey(filepath.Join(b.TempDir(), "journal.key"))
	if err != nil {
		b.Fatal(err)
	}
	log := journal.New(d, clock.At(test.Noon), key, "")
	for range n {
		write(b, log)
	}
	return d, log, key
}

func write(b *testing.B, log *journal.Log) {
	err := log.Write(context.Background(), focal, func(act *journal.Act) error {
		return act.Record(context.Background(), "directory.mission.amended", id.New(), 1, map[string]string{"title": "Sensibilisation des communautés frontalières"})
	})
	if err != nil {
		b.Fatal(err)
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			_, log, _ := kept(b, engine, 0)
			for b.Loop() {
				write(b, log)
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			d, _, key := kept(b, engine, long)
			for b.Loop() {
				err := d.Read(context.Background(), func(tx *db.Tx) error {
					v, err := journal.Verify(context.Background(), tx, key, "")
					if err == nil && (v.Size != long || len(v.Findings) > 0) {
						b.Fatal(v)
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
