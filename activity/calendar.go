package activity

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// The pages on which the plan is looked at; the filters go with whoever passes from one to another.
const (
	calendarPath = "/activites/calendrier"
	timelinePath = "/activites/frise"
	mapPath      = "/activites/carte"
	sincePath    = "/activites/evolution"
)

// How many activities one page, or one paper, shows of the plan: beyond, filters make it readable.
const (
	onScreen = 150
	onPaper  = 300
)

// viewPage is the plan of a span of time.
type viewPage struct {
	ui.Page
	*Module
	cited
	Path        string
	Choice      Choice // its period is a year, a quarter or a month
	Names       map[string]string
	Order       []Structure
	All         []Found
	Total       int
	Member      bool
	First, Last form.Date
	Today       form.Date
}

// view reads at most so many activities that the filters of an address keep.
func (m *Module) view(r *web.Request, path, title string, usual func(form.Date) string, most int) (viewPage, error) {
	p, err := m.look(r, path, title, usual)
	if err != nil {
		return p, err
	}
	ctx := r.Context()
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Order, p.Names, err = m.acronyms(ctx, tx); err != nil {
			return err
		}
		found, err := decoded(ctx, tx, access.Of(ctx), m.Filter(p.Choice, p.Order), page.Request{Limit: most})
		p.All, p.Total = found.Rows, found.Total
		return err
	})
	return p, err
}

// look understands the address of a page of the plan. Without a period, or with one that is
// no span, it is the usual one.
func (m *Module) look(r *web.Request, path, title string, usual func(form.Date) string) (viewPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	q, err := form.Query(r.Request)
	if err != nil {
		return viewPage{}, err
	}
	p := viewPage{Module: m, Path: path, Member: v.Known(), Choice: ChoiceOf(q), Today: form.DateOf(m.Clock.Now().In(m.Zone))}
	if first, last := span(p.Choice.Period); first.IsZero() || first == last {
		p.Choice.Period = usual(p.Today)
	}
	p.First, p.Last = span(p.Choice.Period)
	p.Page = ui.Start(ctx, title, planCrumb(ctx))
	return p, nil
}

func thisYear(today form.Date) string { return strconv.Itoa(today.Year) }

func thisMonth(today form.Date) string { return today.String()[:len("2026-05")] }

func (m *Module) calendar(r *web.Request) (web.Response, error) {
	p, err := m.view(r, calendarPath, text.T(r.Context(), "Calendrier du plan concerté"), thisMonth, onScreen)
	return web.Page(calendarView(p)), err
}

func (m *Module) timeline(r *web.Request) (web.Response, error) {
	p, err := m.view(r, timelinePath, text.T(r.Context(), "Frise du plan concerté"), thisYear, onScreen)
	if err == nil && len(p.Choice.Period) != len("2026") {
		return web.Response{}, fault.Missing()
	}
	return web.Page(timelineView(p)), err
}

// views are the ways of looking at the plan, that of the page without an address.
func views(ctx context.Context, c Choice, current string) []ui.Link {
	var all []ui.Link
	for _, v := range []struct{ path, label string }{
		{listPath, text.T(ctx, "Liste")}, {calendarPath, text.T(ctx, "Calendrier")}, {timelinePath, text.T(ctx, "Frise")}, {mapPath, text.T(ctx, "Carte")}, {sincePath, text.T(ctx, "Évolution")},
	} {
		next := c
		next.View = ""
		if yearly(v.path) {
			next.Period = yearOf(c.Period)
		}
		l := ui.Link{Label: v.label, Href: next.Address(v.path)}
		if v.path == current {
			l.Href = ""
		}
		all = append(all, l)
	}
	return all
}

// yearly reports whether a page shows whole years only.
func yearly(path string) bool { return path == timelinePath || path == sincePath }

// beside is the period of the same length that comes n periods later.
func beside(period string, n int) string {
	if year, err := strconv.Atoi(period); err == nil {
		return strconv.Itoa(year + n)
	}
	first, last := span(period)
	months := int(last.Month) - int(first.Month) + 1
	at := time.Date(first.Year, first.Month+time.Month(n*months), 1, 0, 0, 0, 0, time.UTC)
	if months == 3 {
		return strconv.Itoa(at.Year()) + "-T" + strconv.Itoa((int(at.Month())+2)/3)
	}
	return at.Format("2006-01")
}

// at is the same page for another period.
func (p viewPage) at(period string) string {
	c := p.Choice
	c.Period = period
	return c.Address(p.Path)
}

// spans lead to the periods before and after, and to those of another length around.
func (p viewPage) spans(ctx context.Context) []ui.Link {
	name := func(period string) ui.Link { return ui.Link{Label: periodName(ctx, period), Href: p.at(period)} }
	all := []ui.Link{name(beside(p.Choice.Period, -1)), name(beside(p.Choice.Period, 1))}
	if yearly(p.Path) {
		return all
	}
	around := []string{strconv.Itoa(p.First.Year), strconv.Itoa(p.First.Year) + "-T" + strconv.Itoa((int(p.First.Month)+2)/3), p.First.String()[:len("2026-05")]}
	for _, period := range around {
		if period != p.Choice.Period {
			all = append(all, name(period))
		}
	}
	return all
}

// filters says what narrows the plan, each as a link that removes it.
func (p viewPage) filters(ctx context.Context) []ui.Link {
	return p.chips(ctx, p.Names, p.Choice, p.Path)[min(1, len(p.Choice.Period)):]
}

func (p viewPage) lede(ctx context.Context) string {
	return text.N(ctx, p.Total, "%s activité.", "%s activités.", text.Number(ctx, p.Total))
}

// lasting reports whether an activity has no day or month of its own in the span: it is known by
// the quarter, or goes on for weeks.
func lasting(f Found) bool {
	first, last := f.Period.Days()
	return first.Month != last.Month && (!f.Period.Exact() || last.In(time.UTC).Sub(first.In(time.UTC)) > 31*24*time.Hour)
}

// vague reports whether a calendar of days has no day for an activity.
func vague(f Found) bool { return !f.Period.Exact() || lasting(f) }

// where keeps the activities for which a condition holds.
func where(all []Found, is func(Found) bool) []Found {
	return slices.DeleteFunc(slices.Clone(all), func(f Found) bool { return !is(f) })
}

func (p viewPage) link(f Found) ui.Link {
	return ui.Link{Label: p.Names[f.Owner] + " – " + f.Title, Href: Href(Kind, f.ID), Lang: "fr"}
}

// weeks are those of the month, Monday first, with the activities of each day.
func (p viewPage) weeks(ctx context.Context) [][]ui.Day {
	first := p.First.In(time.UTC)
	monday := first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
	var all [][]ui.Day
	for at := monday; !at.After(p.Last.In(time.UTC)); {
		var week []ui.Day
		for range 7 {
			week = append(week, p.day(ctx, at))
			at = at.AddDate(0, 0, 1)
		}
		all = append(all, week)
	}
	return all
}

func (p viewPage) day(ctx context.Context, at time.Time) ui.Day {
	date := form.DateOf(at)
	d := ui.Day{Number: strconv.Itoa(at.Day()), Label: text.Day(ctx, at), Today: date == p.Today, Outside: at.Month() != p.First.Month}
	for _, f := range p.All {
		first, last := f.Period.Days()
		if !d.Outside && !vague(f) && first.Compare(date) <= 0 && date.Compare(last) <= 0 {
			d.Entries = append(d.Entries, p.event(ctx, f))
		}
	}
	return d
}

// event is an activity on a day, with its state when it may not take place.
func (p viewPage) event(ctx context.Context, f Found) ui.Event {
	e := ui.Event{Link: p.link(f), State: status(f.State)}
	if e.State != ui.Running && e.State != ui.Done {
		e.Word = text.T(ctx, Life.Name(f.State))
	}
	return e
}

// weekdays name the columns of a month.
func weekdays(ctx context.Context) []string {
	monday := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	var all []string
	for i := range 7 {
		all = append(all, text.Weekday(ctx, monday.AddDate(0, 0, i)))
	}
	return all
}

// ofDays reports whether the calendar shows the days of one month.
func (p viewPage) ofDays() bool {
	return Moment(p.Choice.Period).precision() == "month" && len(p.Choice.Period) > len("2026")
}

// block is a list of activities under a title.
type block struct {
	ID, Name string
	More     []ui.Link
	All      []Found
}

// blocks are what has no day in the calendar of a month; in that of a quarter or a year
// what goes on for months, then what begins in each month.
func (p viewPage) blocks(ctx context.Context) []block {
	if p.ofDays() {
		return []block{{ID: "sans-jour", Name: text.T(ctx, "Sans jour fixé, ou sur plusieurs semaines"), All: where(p.All, vague)}}
	}
	all := []block{{ID: "plusieurs-mois", Name: text.T(ctx, "Sur plusieurs mois"), All: where(p.All, lasting)}}
	for at := p.First.In(time.UTC); !at.After(p.Last.In(time.UTC)); at = at.AddDate(0, 1, 0) {
		month := at.Format("2006-01")
		all = append(all, block{"m" + month, text.Month(ctx, at), []ui.Link{{Label: text.T(ctx, "Jour par jour"), Href: p.at(month)}}, where(p.All, func(f Found) bool {
			first, _ := f.Period.Days()
			if first.Compare(p.First) < 0 {
				first = p.First
			}
			return !lasting(f) && first.Year == at.Year() && first.Month == at.Month()
		})})
	}
	return all
}

// chart is the timeline of the year: a lane for each institution, a bar for each activity that it leads or has to sign.
func (p viewPage) chart(ctx context.Context) ui.Timeline {
	t := ui.Timeline{ID: "frise", Title: text.T(ctx, "Activités de %d par structure", p.First.Year)}
	if p.First.Year == p.Today.Year {
		t.Now = p.share(p.Today.In(time.UTC))
	}
	for month := time.January; month <= time.December; month++ {
		t.Columns = append(t.Columns, text.MonthName(ctx, month))
	}
	for _, shape := range []ui.Status{ui.Waiting, ui.Running, ui.Done, ui.Late, ui.Off} {
		t.Key = append(t.Key, ui.Sense{State: shape, Label: statesOf(ctx, shape)})
	}
	for _, s := range p.Order {
		lane := ui.Lane{Name: s.Acronym}
		for _, f := range p.All {
			if slices.Contains(f.signatories(f.Owner), s.ID) {
				lane.Bars = append(lane.Bars, p.bar(ctx, f))
			}
		}
		if len(lane.Bars) > 0 {
			t.Lanes = append(t.Lanes, lane)
		}
	}
	return t
}

// statesOf names the states that a shape stands for.
func statesOf(ctx context.Context, shape ui.Status) string {
	var all []string
	for _, s := range Life.States {
		if status(s.Code) == shape {
			all = append(all, text.T(ctx, s.Name))
		}
	}
	return strings.Join(all, ", ")
}

// share is how much of the year has passed: 0 before it, 1 after.
func (p viewPage) share(at time.Time) float64 {
	year := p.First.In(time.UTC)
	length := p.Last.In(time.UTC).AddDate(0, 0, 1).Sub(year)
	return min(1, max(0, float64(at.Sub(year))/float64(length)))
}

func (p viewPage) bar(ctx context.Context, f Found) ui.Bar {
	first, last := f.Period.Days()
	return ui.Bar{From: p.share(first.In(time.UTC)), To: p.share(last.In(time.UTC).AddDate(0, 0, 1)), Label: f.Title, Lang: text.French, Href: Href(Kind, f.ID), State: status(f.State),
		Says: dashed(f.Title, p.Names[f.Owner], f.Period.Words(ctx), text.T(ctx, Life.Name(f.State)))}
}
