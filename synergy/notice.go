package synergy

import (
	"context"
	"sync"
	"time"

	"cadre/core/access"
	"cadre/kit/clock"
	"cadre/kit/db"
)

// Notices remembers when a pair of activities was first shown to somebody of one of the two
// institutions. They are gathered in memory and stored together, as readings are.
type Notices struct {
	db    *db.DB
	clock clock.Clock
	mu    sync.Mutex
	first map[[2]string]time.Time
}

func newNotices(d *db.DB, c clock.Clock) *Notices {
	return &Notices{db: d, clock: c, first: map[[2]string]time.Time{}}
}

// note remembers what overlaps a record that was shown to the viewer.
func (n *Notices) note(v access.Viewer, p Planned, near []Neighbour) {
	now := n.clock.Now()
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, x := range near {
		if p.ID == "" || !p.takesPart(v.Structure) && !x.takesPart(v.Structure) {
			continue
		}
		first, second := pairOf(p.ID, x.ID)
		if _, known := n.first[[2]string{first, second}]; !known {
			n.first[[2]string{first, second}] = now
		}
	}
}

// Store writes what was noted since the last time, or keeps it for the next.
func (n *Notices) Store(ctx context.Context) error {
	n.mu.Lock()
	all := n.first
	n.first = map[[2]string]time.Time{}
	n.mu.Unlock()
	if len(all) == 0 {
		return nil
	}
	err := n.db.Write(ctx, func(tx *db.Tx) error {
		for pair, at := range all {
			if _, err := tx.Exec(ctx, `INSERT INTO synergy_notice (first_id, second_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, pair[0], pair[1], at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		n.keep(all)
	}
	return err
}

// keep puts back notices that could not be stored.
func (n *Notices) keep(all map[[2]string]time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for pair, at := range all {
		n.first[pair] = at
	}
}

// Store writes which pairs were shown since the last time.
func (m *Module) Store(ctx context.Context) error { return m.notices.Store(ctx) }
