package calendar

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/id"
	"cadre/packs"
)

// Decision is the day that the State gives to a holiday whose day no rule fixes.
type Decision struct {
	ID      string    `json:"id"`
	Holiday string    `json:"holiday" doc:"Code of the country pack"`
	Day     form.Date `json:"day" format:"date"`
	Source  string    `json:"source,omitempty" doc:"The act that fixes it"`
	Version int64     `json:"version"`
}

// DayInput is what the secretariat says of such a day.
type DayInput struct {
	Holiday string    `json:"holiday" form:"holiday" doc:"Code of the country pack"`
	Day     form.Date `json:"day" form:"day" format:"date"`
	Source  string    `json:"source,omitempty" form:"source" doc:"The act that fixes it"`
}

// What a day may be.
const (
	maxSource = 300 // characters
	before    = 1   // years
	ahead     = 2   // years
	apart     = 300 // days: a holiday comes back each lunar year, of 354 days or 355
)

// decides reports whether the day of a holiday is fixed each year by decision.
func decides(h packs.Holiday) bool { return h.Rule == "decision" }

// find returns a holiday of the pack whose day is decided.
func (m *Module) find(code string) (packs.Holiday, bool) {
	i := slices.IndexFunc(m.Pack.Holidays, func(h packs.Holiday) bool { return h.Code == code && decides(h) })
	if i < 0 {
		return packs.Holiday{}, false
	}
	return m.Pack.Holidays[i], true
}

// check collects what is wrong with a day, among those decided already; id is its own, empty for a new one.
func (m *Module) check(in DayInput, id string, decided []Decision, today form.Date) error {
	var c fault.Collect
	_, known := m.find(in.Holiday)
	c.Need(known, "holiday", "Choisissez une fête de la liste.")
	c.Need(!in.Day.IsZero(), "day", "Indiquez le jour.")
	first, last := today.Year-before, today.Year+ahead
	c.Need(in.Day.IsZero() || in.Day.Year >= first && in.Day.Year <= last, "day", "Donnez un jour des années %d à %d.", first, last)
	for _, d := range decided {
		if known && !in.Day.IsZero() && d.ID != id && d.Holiday == in.Holiday && near(d.Day, in.Day) {
			c.Need(false, "day", "Cette fête a déjà une date, le %s : changez-la plutôt.", d.Day.In(time.UTC).Format("02/01/2006"))
		}
	}
	c.Need(len([]rune(in.Source)) <= maxSource, "source", "%d caractères au plus.", maxSource)
	return c.Fault()
}

// near reports whether two days are too close for a holiday to have come back.
func near(a, b form.Date) bool {
	return b.In(time.UTC).Sub(a.In(time.UTC)).Abs() < apart*24*time.Hour
}

// Decide gives a holiday its day.
func (m *Module) Decide(ctx context.Context, v access.Viewer, in DayInput) (Decision, error) {
	d := Decision{ID: id.New(), Version: 1}
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		if err := m.put(ctx, act, &d, in); err != nil {
			return err
		}
		return act.Record(ctx, decidedAction, d.ID, d.Version, d)
	})
	return d, err
}

// Move changes a day that was decided. expect is the version that the author read.
func (m *Module) Move(ctx context.Context, v access.Viewer, id string, expect int64, in DayInput) (Decision, error) {
	var d Decision
	err := m.Log.Write(ctx, v, func(act *journal.Act) (err error) {
		if d, err = expected(ctx, act.Tx, id, expect); err != nil {
			return err
		}
		d.Version++
		if err := m.put(ctx, act, &d, in); err != nil {
			return err
		}
		return act.Record(ctx, movedAction, d.ID, d.Version, d)
	})
	return d, err
}

// Withdraw takes back a day that was decided; the journal keeps it.
func (m *Module) Withdraw(ctx context.Context, v access.Viewer, id string, expect int64) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		d, err := expected(ctx, act.Tx, id, expect)
		if err != nil {
			return err
		}
		if err := remove(ctx, act.Tx, id); err != nil {
			return err
		}
		return act.Record(ctx, withdrawnAction, id, d.Version+1, d)
	})
}

// put checks what is said of a decision, and stores it.
func (m *Module) put(ctx context.Context, act *journal.Act, d *Decision, in DayInput) error {
	decided, err := all(ctx, act.Tx)
	if err != nil {
		return err
	}
	if err := m.check(in, d.ID, decided, form.DateOf(act.At.In(m.Zone))); err != nil {
		return err
	}
	d.Holiday, d.Day, d.Source = in.Holiday, in.Day, in.Source
	return store(ctx, act.Tx, *d)
}
