package synergy

import (
	"cmp"
	"slices"
	"time"

	"cadre/core/calendar"
	"cadre/kit/form"
)

// Clash is two meetings at once that want the same people.
type Clash struct {
	A, B       Planned  // the one that begins first comes first
	Structures []string // that take part in both
	Publics    []string // expected at both, when they are in reach of each other
	From, To   form.Date
}

// Clashes finds the meetings that fall on the same days and want the same institution, or
// the same public in places within reach of each other. An activity known to the month is
// no clash yet. They come in the order of their days.
func (f *Formula) Clashes(all []Planned) []Clash {
	meetings := slices.DeleteFunc(slices.Clone(all), func(p Planned) bool { return !f.meets(p) })
	slices.SortFunc(meetings, func(a, b Planned) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.ID, b.ID)) })
	var found []Clash
	for i, a := range meetings {
		for _, b := range meetings[i+1:] {
			if b.From.Compare(a.To) > 0 {
				break
			}
			if c := f.clash(a, b); len(c.Structures)+len(c.Publics) > 0 {
				found = append(found, c)
			}
		}
	}
	return found
}

// meets reports whether people sit together on known days.
func (f *Formula) meets(p Planned) bool {
	return p.Precision == "day" && slices.Contains(f.w.Meetings, p.Type)
}

// clash is what two meetings on the same days both want.
func (f *Formula) clash(a, b Planned) Clash {
	c := Clash{A: a, B: b, From: later(a.From, b.From), To: sooner(a.To, b.To)}
	for _, s := range append([]string{a.Lead}, a.Partners...) {
		if b.takesPart(s) {
			c.Structures = append(c.Structures, s)
		}
	}
	if f.place(a.Places, b.Places).Points > 0 {
		for _, p := range a.Publics {
			if slices.Contains(b.Publics, p) {
				c.Publics = append(c.Publics, p)
			}
		}
	}
	return c
}

// Slot is days in a row on which institutions are free.
type Slot struct{ From, To form.Date }

// Free finds the first slots, at most so many, of a number of working days in a row between two
// days on which none of the institutions has an activity on known days. Days on which
// nobody works may lie inside a slot and count for nothing.
func Free(cal *calendar.Calendar, all []Planned, structures []string, from, to form.Date, length, most int) []Slot {
	busy := map[form.Date]bool{}
	for _, p := range all {
		if p.Precision != "day" || !slices.ContainsFunc(structures, p.takesPart) {
			continue
		}
		for d := later(p.From, from); d.Compare(sooner(p.To, to)) <= 0; d = next(d) {
			busy[d] = true
		}
	}
	var found []Slot
	var open []form.Date // free working days in a row
	for d := from; d.Compare(to) <= 0 && len(found) < most; d = next(d) {
		switch {
		case !cal.Working(d):
			continue
		case busy[d]:
			open = nil
			continue
		}
		if open = append(open, d); len(open) == length {
			found = append(found, Slot{open[0], d})
			open = nil
		}
	}
	return found
}

// next is the day after.
func next(d form.Date) form.Date { return shift(d, 1) }

// shift is the day that comes n days later.
func shift(d form.Date, n int) form.Date {
	return form.DateOf(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC))
}
