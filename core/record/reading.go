package record

import (
	"context"
	"sync"

	"cadre/core/access"
	"cadre/kit/clock"
	"cadre/kit/db"
)

// How a record was read.
const (
	Read     = "read"
	Exported = "exported"
)

// Readers notes who reads and exports records. Notes are gathered in memory and
// stored together, so that a reader does not wait for a disk.
type Readers struct {
	db    *db.DB
	clock clock.Clock
	mu    sync.Mutex
	notes map[reading]*Reading
}

type reading struct{ record, person, how string }

// NewReaders returns the notes of a database.
func NewReaders(d *db.DB, c clock.Clock) *Readers {
	return &Readers{db: d, clock: c, notes: map[reading]*Reading{}}
}

// Note remembers that the viewer has read or exported the records. What an
// institution's own people read of it, and what the public may read, is not noted.
func (r *Readers) Note(v access.Viewer, how string, records ...Record) {
	if !v.Known() {
		return
	}
	now := r.clock.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, rec := range records {
		if rec.Owner == v.Structure || how == Read && rec.Marking == access.Clear {
			continue
		}
		k := reading{rec.ID, v.Person, how}
		if r.notes[k] == nil {
			r.notes[k] = &Reading{First: now}
		}
		r.notes[k].Last = now
		r.notes[k].Times++
	}
}

// Store writes what was noted since the last time, or keeps it for the next.
func (r *Readers) Store(ctx context.Context) error {
	r.mu.Lock()
	notes := r.notes
	r.notes = map[reading]*Reading{}
	r.mu.Unlock()
	if len(notes) == 0 {
		return nil
	}
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		for k, n := range notes {
			if _, err := tx.Exec(ctx, `
				INSERT INTO record_reading (record_id, person_id, how, first_at, last_at, times) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (record_id, person_id, how) DO UPDATE SET last_at = excluded.last_at, times = record_reading.times + excluded.times`,
				k.record, k.person, k.how, n.First, n.Last, n.Times); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.keep(notes)
	}
	return err
}

// keep puts back notes that could not be stored, under those made since.
func (r *Readers) keep(notes map[reading]*Reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, n := range notes {
		if since := r.notes[k]; since != nil {
			n.Last, n.Times = since.Last, n.Times+since.Times
		}
		r.notes[k] = n
	}
}
