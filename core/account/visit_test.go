package account

import (
	"testing"
	"time"

	"cadre/kit/db"
	"cadre/kit/test"
)

func TestWhenAPersonWasHereBefore(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		before := func() (at time.Time) {
			t.Helper()
			h.must(h.DB.Read(ctx, func(tx *db.Tx) (err error) {
				at, err = h.LastVisit(ctx, tx, h.by["focal"].ID)
				return err
			}))
			return at
		}
		if at := before(); !at.IsZero() {
			t.Errorf("never here, and yet %s", at)
		}
		cookie, _ := h.signedIn("focal")
		if at := before(); !at.IsZero() {
			t.Errorf("here for the first time, and yet %s", at)
		}
		h.clock.Advance(30 * time.Minute)
		_, err := h.bySession(ctx, cookie)
		h.must(err)
		left := h.clock.Now()
		h.clock.Advance(5 * time.Hour) // the same session, another visit
		_, err = h.bySession(ctx, cookie)
		h.must(err)
		if at := before(); !at.Equal(left) {
			t.Errorf("back after five hours: before at %s, left at %s", at, left)
		}
		h.clock.Advance(time.Hour) // another session, the same visit
		h.signedIn("focal")
		if at := before(); !at.Equal(left) {
			t.Errorf("a second session: before at %s, left at %s", at, left)
		}
		gone := h.clock.Now()
		h.clock.Advance(9 * day)
		h.signedIn("focal")
		if at := before(); !at.Equal(gone) {
			t.Errorf("back after days: before at %s, gone at %s", at, gone)
		}
	})
}
