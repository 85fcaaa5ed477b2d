package desk

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/calendar"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
)

// waiting is a matter that waits for an institution.
type waiting struct {
	Wait
	due  time.Time
	able []able     // those who may act on it, by name
	told []Reminder // of it so far, the oldest first
}

// able is somebody who may act on a matter, and the task in their language.
type able struct {
	account.Officer
	task Task
}

// next tells which reminder has come; empty for none. The holder is told after the delay, or
// on the day when it is due if that comes first. It goes further only once it is late.
func (w waiting) next(d Delays, days *calendar.Calendar, zone *time.Location, now time.Time) Stage {
	on := func(t time.Time) form.Date { return form.DateOf(t.In(zone)) }
	if now.Before(w.Since) {
		return ""
	}
	if len(w.told) == 0 {
		day := days.AddWorking(on(w.Since), d.Holder)
		if !w.due.IsZero() && on(w.due).Compare(day) < 0 {
			day = on(w.due)
		}
		return from(day, on(now), Holder)
	}
	last := w.told[len(w.told)-1]
	if !w.due.IsZero() && on(now).Compare(on(w.due)) <= 0 {
		return ""
	}
	switch last.Stage {
	case Holder:
		return from(days.AddWorking(on(last.At), d.Deputy), on(now), Deputy)
	case Deputy:
		return from(days.AddWorking(on(last.At), d.Head), on(now), Head)
	}
	return ""
}

// from is a stage once its day has come.
func from(day, today form.Date, s Stage) Stage {
	if today.Compare(day) < 0 {
		return ""
	}
	return s
}

// step is a stage and those whom it tells.
type step struct {
	stage Stage
	to    []able
}

// recipients are those whom a stage tells: they may act, and nobody has told them yet. A stage
// without anybody gives way to the next: a deputy stands in for an absent holder, the head for both.
func (w waiting) recipients(s Stage) step {
	left := slices.DeleteFunc(slices.Clone(w.able), func(a able) bool {
		return slices.ContainsFunc(w.told, func(r Reminder) bool { return slices.Contains(r.People, a.Person) })
	})
	holding := func(f access.Function, absent bool) []able {
		return slices.DeleteFunc(slices.Clone(left), func(a able) bool { return !a.Is(f) || a.Absent && !absent })
	}
	order := []step{{Holder, holding(access.Focal, false)}, {Deputy, holding(access.Deputy, false)}, {Head, holding(access.Head, true)}}
	for _, x := range order[slices.IndexFunc(order, func(x step) bool { return x.stage == s }):] {
		if len(x.to) > 0 {
			return x
		}
	}
	if s == Holder && len(left) > 0 { // nobody is there: they find it when they are back
		return step{Holder, left}
	}
	return step{}
}

// notice is a reminder that is to be given.
type notice struct {
	waiting
	step
}

// round is what one round of reminders goes by.
type round struct {
	now      time.Time
	delays   Delays
	days     *calendar.Calendar
	officers map[string][]account.Officer // by institution
}

func (m *Module) round(ctx context.Context, tx *db.Tx) (round, error) {
	r := round{now: m.Clock.Now(), officers: map[string][]account.Officer{}}
	setting, err := m.Delays(ctx, tx)
	if err != nil {
		return r, err
	}
	r.delays = setting.Delays
	if r.days, err = m.Calendar.Of(ctx, tx); err != nil {
		return r, err
	}
	officers, err := m.People.Officers(ctx, tx)
	for _, o := range officers {
		r.officers[o.Structure] = append(r.officers[o.Structure], o)
	}
	return r, err
}

// Remind tells of what has waited too long, each matter once at each stage: to be called again
// and again. Each institution is one act; what is done meanwhile is not told of.
func (m *Module) Remind(ctx context.Context) error {
	var late []string
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := m.round(ctx, tx)
		if err != nil {
			return err
		}
		for _, structure := range slices.Sorted(maps.Keys(r.officers)) {
			due, err := m.notices(ctx, tx, r, structure)
			if err != nil {
				return err
			}
			if len(due) > 0 {
				late = append(late, structure)
			}
		}
		return nil
	})
	for _, structure := range late {
		err = errors.Join(err, m.remind(ctx, structure))
	}
	return err
}

// errDone ends an act that has nothing left to do.
var errDone = errors.New("nothing is late any more")

// remind tells the people of an institution, in one act.
func (m *Module) remind(ctx context.Context, structure string) error {
	err := m.Log.Write(ctx, access.Viewer{}, func(act *journal.Act) error {
		r, err := m.round(ctx, act.Tx)
		if err != nil {
			return err
		}
		due, err := m.notices(ctx, act.Tx, r, structure)
		if err != nil {
			return err
		}
		if len(due) == 0 {
			return errDone
		}
		for _, n := range due {
			if err := n.reminder(structure, act.At).insert(ctx, act); err != nil {
				return err
			}
		}
		return m.mail(ctx, act, due)
	})
	if errors.Is(err, errDone) {
		return nil
	}
	return err
}

// notices lists the reminders that are due to the people of an institution.
func (m *Module) notices(ctx context.Context, tx *db.Tx, r round, structure string) ([]notice, error) {
	all, err := m.waitings(ctx, tx, structure, r.officers[structure])
	var due []notice
	for _, w := range all {
		if s := w.next(r.delays, r.days, m.Zone, r.now); s != "" {
			if x := w.recipients(s); x.stage != "" {
				due = append(due, notice{w, x})
			}
		}
	}
	return due, err
}

// waitings lists what waits for an institution, by what each of its officers may do.
func (m *Module) waitings(ctx context.Context, tx *db.Tx, structure string, officers []account.Officer) ([]waiting, error) {
	var all []waiting
	var matters []string
	for _, o := range officers {
		tasks, err := gather(access.With(text.With(ctx, o.Language), o.Viewer), tx, o.Viewer, m.Timed)
		if err != nil {
			return nil, err
		}
		for _, t := range tasks {
			if t.Matter == "" || t.Since.IsZero() {
				continue
			}
			i := slices.Index(matters, t.Matter)
			if i < 0 {
				i = len(all)
				matters, all = append(matters, t.Matter), append(all, waiting{Wait: t.Wait, due: t.Due})
			}
			all[i].able = append(all[i].able, able{o, t})
		}
	}
	told, err := reminders(ctx, tx, structure, matters)
	for i := range all {
		all[i].told = all[i].about(told)
	}
	return all, err
}
