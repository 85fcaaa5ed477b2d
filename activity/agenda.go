package activity

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/kit/db"
	"cadre/kit/doc"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/web"
)

// The agenda of a person goes from half a year ago to a year and a half ahead.
const (
	agendaBack  = 180 * 24 * time.Hour
	agendaAhead = 550 * 24 * time.Hour
	inAgenda    = 1000
)

// agenda answers the calendar of who made the secret link of the address, for the calendar
// of their telephone: the activities in which their institution takes part, and its tasks.
func (m *Module) agenda(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	v, err := m.People.ByAgenda(ctx, r.PathValue("jeton"))
	if err != nil {
		return web.Response{}, err
	}
	now := m.Clock.Now().In(m.Zone)
	f := Filter{Structures: v.Structures(), From: form.DateOf(now.Add(-agendaBack)), To: form.DateOf(now.Add(agendaAhead))}
	found, err := m.List(ctx, v, f, page.Request{Limit: inAgenda})
	if err != nil {
		return web.Response{}, err
	}
	o := voice{Room: m}
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		_, o.Names, err = m.acronyms(ctx, tx)
		return err
	})
	c := doc.Calendar{Name: text.T(ctx, "Cadre, agenda de %s", o.Names[v.Structure]), Zone: m.Zone}
	highest := access.Clear
	for _, f := range found.Rows {
		highest = max(highest, f.Marking)
		c.Made = later(c.Made, f.Updated) // the same file until something changes
		c.Events = append(c.Events, o.events(ctx, v.Structures(), f)...)
	}
	c.Marking = circle.Marking(ctx, highest).Code
	return web.Bytes(doc.TypeICal, c.ICal()).With("Cache-Control", "private, no-cache"), err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// events are an activity and the tasks that it confides to institutions.
func (p voice) events(ctx context.Context, structures []string, f Found) []doc.Event {
	first, last := f.Period.Days()
	e := doc.Event{UID: f.ID + "@cadre", Sequence: int(f.Version), Title: p.Names[f.Owner] + " – " + f.Title, About: f.Purpose, URL: p.Room.People.BaseURL + Href(Kind, f.ID),
		Status: eventStatus(f.State), FirstDay: first, LastDay: last, Private: f.Marking > access.Clear, Changed: f.Updated}
	if !f.Period.Exact() {
		e.Title = text.T(ctx, "%s (date à préciser : %s)", e.Title, f.Period.Words(ctx))
	}
	for i, code := range f.Places {
		if i > 0 {
			e.Place += " ; "
		}
		e.Place += p.Room.Places.Path(ctx, code)
	}
	all := []doc.Event{e}
	for _, t := range f.waiting(f.State) {
		if slices.Contains(structures, t.Structure) && !t.Due.IsZero() && f.State != Idea {
			all = append(all, doc.Event{UID: t.ID + "@cadre", Sequence: int(f.Version), Title: text.T(ctx, "Échéance : %s", t.Title), About: f.Title, URL: e.URL + "#taches",
				Status: doc.Confirmed, FirstDay: t.Due, LastDay: t.Due, Private: e.Private, Changed: f.Updated})
		}
	}
	return all
}

func eventStatus(state string) doc.EventStatus {
	switch state {
	case Idea, Concertation, Suspended:
		return doc.Tentative
	case Abandoned:
		return doc.Cancelled
	}
	return doc.Confirmed
}
