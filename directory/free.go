package directory

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"cadre/kit/fault"
	"cadre/kit/text"
)

// period is from a day to another, both included, as 2026-03-12; empty is without limit.
type period struct{ From, To string }

// most is how many periods a capacity may be taken.
const mostBusy = 40

// parted separates the two ends of a period: a dash, or « au », or the slash of ISO 8601
// where it does not stand in a day.
var parted = regexp.MustCompile(`\s+(?:au|to|–|—|-|/)\s+|(\d{4}-\d{2}-\d{2})/`)

// parsePeriod reads « du 12/03/2026 au 20/03/2026 », « 2026-03-12/2026-03-20 », or one day.
func parsePeriod(s string) (period, bool) {
	s = strings.TrimSpace(s)
	for _, word := range []string{"du ", "Du ", "le ", "Le ", "from "} {
		s = strings.TrimPrefix(s, word)
	}
	from, to := s, s
	if at := parted.FindStringSubmatchIndex(s); at != nil {
		from, to = s[:at[0]], s[at[1]:]
		if at[2] >= 0 {
			from = s[at[2]:at[3]]
		}
	}
	a, ok := ParseWhen(from)
	b, also := ParseWhen(to)
	return period{a.first(), b.last()}, ok && also && a != "" && b != "" && a.first() <= b.last()
}

// first and last are the first and the last day of a date, however precisely it is known.
func (w When) first() string {
	const whole = "0000-01-01"
	if w == "" {
		return ""
	}
	return string(w) + whole[min(len(w), len(whole)):] // what is no date is refused elsewhere, as it is
}

func (w When) last() string {
	t, err := time.Parse("2006-01-02", w.first())
	switch {
	case err != nil:
		return ""
	case len(w) == 4:
		t = t.AddDate(1, 0, -1)
	case len(w) == 7:
		t = t.AddDate(0, 1, -1)
	}
	return t.Format("2006-01-02")
}

// String writes the period as ISO 8601 does.
func (p period) String() string { return p.From + "/" + p.To }

// show words the period.
func (p period) show(ctx context.Context) string {
	if p.From == p.To {
		return When(p.From).Show(ctx)
	}
	return text.T(ctx, "du %s au %s", When(p.From).Show(ctx), When(p.To).Show(ctx))
}

// free is when the capacity can be lent, and taken when it cannot in between.
func (y *Capacity) free() period { return period{y.FreeFrom.first(), y.FreeTo.last()} }

func (y *Capacity) taken() []period {
	all := make([]period, 0, len(y.Busy))
	for _, s := range y.Busy {
		if p, ok := parsePeriod(s); ok {
			all = append(all, p)
		}
	}
	return all
}

// FreeOn reports whether the capacity can be lent on a day, such as 2026-03-12.
func (y *Capacity) FreeOn(day string) bool {
	f := y.free()
	return f.From <= day && (f.To == "" || day <= f.To) &&
		!slices.ContainsFunc(y.taken(), func(p period) bool { return p.From <= day && day <= p.To })
}

// checkFree puts the dates in their one form and the periods one an entry, in order.
func (y *Capacity) checkFree(c *fault.Collect) {
	when(c, "free_from", &y.FreeFrom)
	when(c, "free_to", &y.FreeTo)
	c.Need(y.FreeTo == "" || y.FreeFrom.first() <= y.FreeTo.last(), "free_to", "La fin doit venir après le début.")
	var all []string
	for _, s := range strings.Split(strings.Join(y.Busy, "\n"), "\n") {
		if strings.TrimSpace(s) == "" {
			continue
		}
		p, ok := parsePeriod(s)
		c.Need(ok, "busy", "Écrivez une période par ligne, par exemple : du 12/03/2026 au 20/03/2026.")
		if !ok {
			return // what was typed stays
		}
		all = append(all, p.String())
	}
	slices.Sort(all)
	y.Busy = slices.Compact(all)
	c.Need(len(y.Busy) <= mostBusy, "busy", "%d périodes au plus.", mostBusy)
}

// freeWords words when the capacity can be lent.
func (y *Capacity) freeWords(ctx context.Context) string {
	switch {
	case y.FreeFrom != "" && y.FreeTo != "":
		return text.T(ctx, "du %s au %s", y.FreeFrom.Show(ctx), y.FreeTo.Show(ctx))
	case y.FreeFrom != "":
		return text.T(ctx, "à partir du %s", y.FreeFrom.Show(ctx))
	case y.FreeTo != "":
		return text.T(ctx, "jusqu’au %s", y.FreeTo.Show(ctx))
	}
	return ""
}

func (y *Capacity) busyWords(ctx context.Context) string {
	all := make([]string, 0, len(y.Busy))
	for _, p := range y.taken() {
		all = append(all, p.show(ctx))
	}
	return strings.Join(all, "\n")
}
