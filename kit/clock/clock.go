// Package clock is the one source of time. Deadlines, sessions, tokens and the
// journal all read it, so that a test or a demonstration can live through them.
package clock

import (
	"sync/atomic"
	"time"
)

// Clock tells the present instant, in UTC, to the microsecond (what the databases keep).
type Clock interface {
	Now() time.Time
}

// System is the machine's own clock.
type System struct{}

// Now returns the machine's time.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Movable is a clock that can be moved forward: the demonstration runs on one
// that follows the machine's, tests on one that stands still.
type Movable struct {
	start  time.Time // zero: follow the machine's clock
	offset atomic.Int64
}

// Follow returns a clock that follows the machine's and can be moved ahead of it.
func Follow() *Movable { return &Movable{} }

// At returns a clock that stands still at t.
func At(t time.Time) *Movable { return &Movable{start: t} }

// Now returns the clock's present instant.
func (m *Movable) Now() time.Time {
	now := m.start
	if now.IsZero() {
		now = System{}.Now()
	}
	return now.Add(time.Duration(m.offset.Load())).UTC().Truncate(time.Microsecond)
}

// Advance moves the clock forward by d. A clock never goes back: a negative d does nothing.
func (m *Movable) Advance(d time.Duration) {
	if d > 0 {
		m.offset.Add(int64(d))
	}
}
