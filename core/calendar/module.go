package calendar

import (
	"context"
	"net/http"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/api"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/web"
	"cadre/packs"
)

// Module keeps the days that are decided.
type Module struct {
	DB    *db.DB
	Log   *journal.Log
	Clock clock.Clock
	Zone  *time.Location
	Pack  *packs.Pack
}

// Home is the page of the public holidays, Delays the one of the delays counted in the days
// between them, which the desk serves.
const (
	Home   = "/calendrier"
	Delays = Home + "/delais"
)

// reserved is told to whoever else would decide of a day.
var reserved = text.Key("Seul le secrétariat permanent donne la date d’une fête.")

// Routes is the table of contents.
func (m *Module) Routes() []web.Route {
	secretariat := access.Reserved(reserved, access.Secretariat)
	return []web.Route{
		{Pattern: "GET " + Home, Allow: access.SignedIn, Handle: m.show},
		{Pattern: "GET " + daysPath + "/nouvelle", Allow: secretariat, Handle: m.newDay},
		{Pattern: "POST " + daysPath, Allow: secretariat, Handle: m.decide},
		{Pattern: "GET " + daysPath + "/{id}", Allow: secretariat, Handle: m.editDay},
		{Pattern: "POST " + daysPath + "/{id}", Allow: secretariat, Handle: m.move},
		{Pattern: "POST " + daysPath + "/{id}/retirer", Allow: secretariat, Handle: m.withdraw},
	}
}

// API describes the operations on the public holidays.
func (m *Module) API(a *api.API) {
	op := func(method, path, id, summary string, allow access.Rule) api.Op {
		return api.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: "calendar", Allow: allow}
	}
	secretariat := access.Reserved(reserved, access.Secretariat)
	api.Add(a, op(http.MethodGet, "/holidays", "listHolidays", "List the public holidays of a year", access.SignedIn), m.apiList)
	decide := op(http.MethodPost, "/holidays", "decideHoliday", "Give a holiday the day that the State has decided", secretariat)
	decide.Status = http.StatusCreated
	api.Add(a, decide, m.apiDecide)
	api.Add(a, op(http.MethodPut, "/holidays/{id}", "moveHoliday", "Change a day that was decided", secretariat), m.apiMove)
	api.Add(a, op(http.MethodDelete, "/holidays/{id}", "withdrawHoliday", "Take back a day that was decided", secretariat), m.apiWithdraw)
}

// Of returns the calendar as it stands, with what has been decided until now.
func (m *Module) Of(ctx context.Context, tx *db.Tx) (*Calendar, error) {
	decided, err := all(ctx, tx)
	if err != nil {
		return nil, err
	}
	var days []Holiday
	for _, d := range decided {
		days = append(days, m.holiday(d))
	}
	return New(m.Pack, days)
}

// holiday is the public holiday that a decision makes. One of a holiday that the pack no longer has goes by its code.
func (m *Module) holiday(d Decision) Holiday {
	h, known := m.find(d.Holiday)
	if !known {
		h.Label, h.LabelEN = d.Holiday, d.Holiday
	}
	return Holiday{Day: d.Day, Label: h.Label, LabelEN: h.LabelEN}
}

// today is the day in the country.
func (m *Module) today() form.Date { return form.DateOf(m.Clock.Now().In(m.Zone)) }

// Line is a public holiday of a year as a list shows it.
type Line struct {
	Holiday
	Decision Decision // zero when a rule fixes the day
}

// lines lists the public holidays of a year by day.
func (m *Module) lines(ctx context.Context, tx *db.Tx, year int) ([]Line, error) {
	ruled, err := New(m.Pack, nil)
	if err != nil {
		return nil, err
	}
	var lines []Line
	for _, h := range ruled.Holidays(year) {
		lines = append(lines, Line{Holiday: h})
	}
	decided, err := all(ctx, tx)
	for _, d := range decided {
		if d.Day.Year == year {
			lines = append(lines, Line{Holiday: m.holiday(d), Decision: d})
		}
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return a.Day.Compare(b.Day) })
	return lines, err
}

// unfixed lists the holidays whose day is decided and which the lines of a year lack.
func (m *Module) unfixed(lines []Line) []packs.Holiday {
	return slices.DeleteFunc(slices.Clone(m.Pack.Holidays), func(h packs.Holiday) bool {
		return !decides(h) || slices.ContainsFunc(lines, func(l Line) bool { return l.Decision.Holiday == h.Code })
	})
}
