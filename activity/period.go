package activity

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/sheet"
	"cadre/kit/text"
)

// Period is when an activity takes place, as precisely as its authors know: days, whole
// months, or whole quarters. Both ends belong to it; a single moment has no end.
type Period struct {
	From Moment `json:"from" form:"from" doc:"A day (2026-05-18), a month (2026-05) or a quarter (2026-T2)"`
	To   Moment `json:"to,omitempty" form:"to" doc:"As from; empty when the period is that one moment"`
}

// Moment is a day, a month or a quarter: « 2026-05-18 », « 2026-05 », « 2026-T2 ».
type Moment string

// longest is the greatest length of an activity, in years: what lasts longer is a programme.
const longest = 5

// ParseMoment reads what people type, as an import does: 18/05/2026, 2026-05-18, 05/2026,
// « mai 2026 », T2 2026 or 2026-T2.
func ParseMoment(typed string) (Moment, bool) {
	if strings.TrimSpace(typed) == "" {
		return "", true
	}
	read, ok := sheet.Moment(typed)
	return Moment(read), ok && plausible(read[:4])
}

// plausible keeps years in which activities of a framework founded in 2025 can fall.
func plausible(year string) bool { return year >= "2000" && year <= "2100" }

// precision is how exactly a moment is known.
func (m Moment) precision() string {
	switch {
	case m == "":
		return ""
	case strings.Contains(string(m), "T"):
		return "quarter"
	case len(m) == len("2026-05"):
		return "month"
	}
	return "day"
}

// Typed is the moment as people type it: 18/05/2026, 05/2026, T2 2026. What is no moment stays as it is.
func (m Moment) Typed() string {
	parts := strings.Split(string(m), "-")
	slices.Reverse(parts)
	if m.precision() == "quarter" {
		return strings.Join(parts, " ")
	}
	return strings.Join(parts, "/")
}

// days are the first and the last day of the moment.
func (m Moment) days() (first, last form.Date) {
	s := string(m)
	year, month, months := 0, 0, 1
	switch m.precision() {
	case "quarter":
		quarter := 0
		_, _ = fmt.Sscanf(s, "%4d-T%d", &year, &quarter)
		month, months = 3*quarter-2, 3
	case "month":
		_, _ = fmt.Sscanf(s, "%4d-%2d", &year, &month)
	default:
		day, _ := form.ParseDate(s)
		return day, day
	}
	begin := time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
	return form.DateOf(begin), form.DateOf(begin.AddDate(0, months, -1))
}

// Days are the first and the last day of the period.
func (p Period) Days() (first, last form.Date) {
	first, last = p.From.days()
	if p.To != "" {
		_, last = p.To.days()
	}
	return first, last
}

// Exact reports whether the period is known to the day.
func (p Period) Exact() bool {
	return p.From.precision() == "day" && (p.To == "" || p.To.precision() == "day")
}

// Precision is how exactly the period is known at its vaguer end: day, month or quarter.
func (p Period) Precision() string {
	for _, vague := range []string{"quarter", "month"} {
		if p.From.precision() == vague || p.To.precision() == vague {
			return vague
		}
	}
	return "day"
}

// check puts both moments in their one form, and collects what is wrong with them.
func (p *Period) check(c *fault.Collect) {
	begins, ends := p.From.read(c, "from"), p.To.read(c, "to")
	c.Need(!begins || p.From != "", "from", "Indiquez la période : un jour, un mois ou un trimestre.")
	if !begins || !ends || p.From == "" {
		return
	}
	first, last := p.Days()
	c.Need(first.Compare(last) <= 0, "to", "La fin doit venir après le début.")
	c.Need(last.Year-first.Year < longest, "to", "Une activité dure moins de %d ans : au-delà, décrivez un programme et ses activités.", longest)
}

// read puts the moment of a field in its one form, and reports whether it is one.
func (m *Moment) read(c *fault.Collect, field string) bool {
	read, ok := ParseMoment(string(*m))
	c.Need(ok, field, "Cette période n’est pas comprise : écrivez par exemple 18/05/2026, mai 2026 ou T2 2026.")
	if ok {
		*m = read
	}
	return ok
}

// Words says the period as people do: « du 18 au 22 mai 2026 », « mai 2026 », « 2ᵉ trimestre 2026 ».
func (p Period) Words(ctx context.Context) string {
	if p.To == "" || p.To == p.From {
		return p.From.words(ctx)
	}
	if p.Exact() {
		first, last := p.Days()
		return text.Days(ctx, first.In(time.UTC), last.In(time.UTC))
	}
	return text.Stretch(ctx, p.From.words(ctx), p.To.words(ctx))
}

func (m Moment) words(ctx context.Context) string {
	first, _ := m.days()
	at := first.In(time.UTC)
	switch m.precision() {
	case "quarter":
		return text.Quarter(ctx, at)
	case "month":
		return text.Month(ctx, at)
	case "":
		return ""
	}
	return text.Date(ctx, at)
}

// months lists the months that the period touches, as 2026-05.
func (p Period) months() []string { return months(p.Days()) }

// months lists those from one day to another, as 2026-05.
func months(first, last form.Date) []string {
	var all []string
	for at := time.Date(first.Year, first.Month, 1, 0, 0, 0, 0, time.UTC); !at.After(last.In(time.UTC)); at = at.AddDate(0, 1, 0) {
		all = append(all, at.Format("2006-01"))
	}
	return all
}
