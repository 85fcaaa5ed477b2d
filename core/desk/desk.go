// Package desk is the first page: « À traiter », what the viewer must do, by when.
// It is computed from what the nouns say waits for a function that the viewer
// holds: what is done disappears at once, and a handover moves nothing.
//
// What waits too long is told by mail, after delays in working days that the
// secretariat sets: to who holds the function, or stands in for them; then, once
// it is late, to the deputy; then to the head. See remind.go.
//
// The events are desk.matter.reminded, of the program itself, and desk.delays.set.
package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/calendar"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/core/search"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs"
)

// Task is something that waits for the viewer.
type Task struct {
	Kind   string         // what kind of thing it is, in the reader's language
	Title  string         // in the reader's language
	Why    string         // in a sentence, in the reader's language
	Quoted []text.Passage // what the title and the sentence quote of institutions, in their order
	Href   string         // where it is done
	Action string         // words of the button
	Due    time.Time      // zero when nothing presses
	Wait
	Reminded Reminder // the last, zero for none
}

// Source lists what waits for a viewer in one room.
type Source func(context.Context, *db.Tx, access.Viewer) ([]Task, error)

// Module is the desk.
type Module struct {
	DB       *db.DB
	Log      *journal.Log
	Clock    clock.Clock
	Zone     *time.Location
	People   *account.Module
	Calendar *calendar.Module
	// Timed are the sources of which people are reminded; Sources are the others.
	Timed, Sources []Source
	// Reminders are the delays of the country pack, until the secretariat sets others.
	Reminders packs.Reminders
	// Kinds are the kinds of records whose changes are news.
	Kinds []search.Kind
	// Href is the page of a record.
	Href func(kind, id string) string
	// Owners gives the short name of every institution by identifier.
	Owners func(context.Context, *db.Tx) (map[string]string, error)
	// Welcome is the page of who has not signed in.
	Welcome web.Handler
}

// News is something that has changed.
type News struct {
	At    time.Time
	ID    string // of the record
	Kind  string // its code
	Title string
	Href  string
	By    string // institution

	Marking access.Marking
}

// Routes is the table of contents.
func (m *Module) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /{$}", Allow: access.Anyone, Handle: m.show},
		{Pattern: "GET " + calendar.Delays, Allow: access.SignedIn, Handle: m.showDelays},
		{Pattern: "POST " + calendar.Delays, Allow: settles, Handle: m.postDelays},
	}
}

// Tasks lists what waits for the viewer, the most pressing first.
func (m *Module) Tasks(ctx context.Context, tx *db.Tx, v access.Viewer) ([]Task, error) {
	all, err := gather(ctx, tx, v, slices.Concat(m.Timed, m.Sources))
	if err != nil {
		return nil, err
	}
	return all, remember(ctx, tx, v.Structure, all)
}

// gather asks sources what waits for a viewer, the most pressing first.
func gather(ctx context.Context, tx *db.Tx, v access.Viewer, sources []Source) ([]Task, error) {
	var all []Task
	for _, source := range sources {
		tasks, err := source(ctx, tx, v)
		if err != nil {
			return nil, err
		}
		all = append(all, tasks...)
	}
	slices.SortStableFunc(all, func(a, b Task) int { return a.rank().Compare(b.rank()) })
	return all, nil
}

// rank puts what has no due date last.
func (t Task) rank() time.Time {
	if t.Due.IsZero() {
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return t.Due
}

// How many changes the desk shows: since the last visit, and from before.
const (
	newest = 12
	latest = 6
)

// lately lists what changed last among what the viewer may see: what they follow, and the records of every kind.
func (m *Module) lately(ctx context.Context, tx *db.Tx, v access.Viewer) ([]News, error) {
	changed, err := record.FollowedLately(ctx, tx, v, newest+latest)
	if err != nil {
		return nil, err
	}
	for _, k := range m.Kinds {
		some, err := record.Lately(ctx, tx, v, record.Filter{Kind: k.Code}, newest+latest)
		if err != nil {
			return nil, err
		}
		changed = append(changed, some...)
	}
	slices.SortStableFunc(changed, func(a, b record.Record) int {
		return cmp.Or(b.Updated.Compare(a.Updated), cmp.Compare(a.ID, b.ID))
	})
	changed = slices.CompactFunc(changed, func(a, b record.Record) bool { return a.ID == b.ID })
	names, err := m.Owners(ctx, tx)
	var all []News
	for _, r := range changed[:min(len(changed), newest+latest)] {
		all = append(all, News{At: r.Updated, ID: r.ID, Kind: r.Kind, Title: r.Title, Href: m.Href(r.Kind, r.ID), By: names[r.Owner], Marking: r.Marking})
	}
	return all, err
}

type deskPage struct {
	ui.Page
	Tasks []Task
	Since time.Time // when the viewer was here before; zero for never
	Fresh []News    // changed since
	News  []News    // changed before
	Now   time.Time
	Zone  *time.Location
}

// part tells what changed since the last visit from what had changed before.
func (p *deskPage) part(all []News) {
	i := slices.IndexFunc(all, func(n News) bool { return p.Since.IsZero() || !n.At.After(p.Since) })
	if i < 0 {
		i = len(all)
	}
	p.Fresh, p.News = all[:min(i, newest)], all[i:min(len(all), i+latest)]
}

func (m *Module) show(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	if !v.Known() {
		return m.Welcome(r)
	}
	p := deskPage{Page: ui.Start(ctx, text.T(ctx, "À traiter")), Now: m.Clock.Now(), Zone: m.Zone}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Tasks, err = m.Tasks(ctx, tx, v); err != nil {
			return err
		}
		return m.changed(ctx, tx, v, &p)
	})
	p.Page.Marking = circle.Marking(ctx, p.highest())
	return web.Page(desk(p)), err
}

// changed reads what changed last, and what of it since the viewer's last visit.
func (m *Module) changed(ctx context.Context, tx *db.Tx, v access.Viewer, p *deskPage) (err error) {
	if p.Since, err = m.People.LastVisit(ctx, tx, v.Person); err != nil {
		return err
	}
	all, err := m.lately(ctx, tx, v)
	p.part(all)
	return err
}

// highest is the marking of all that the page shows.
func (p deskPage) highest() access.Marking {
	return max(access.Highest(p.Tasks, func(t Task) access.Marking { return t.Marking }),
		access.Highest(slices.Concat(p.Fresh, p.News), func(n News) access.Marking { return n.Marking }))
}

func (p deskPage) heading(ctx context.Context) string {
	if len(p.Tasks) == 0 {
		return text.T(ctx, "Rien ne vous attend")
	}
	return text.N(ctx, len(p.Tasks), "%d chose à traiter", "%d choses à traiter", len(p.Tasks))
}

// list words the tasks; the first alone has the filled button.
func (p deskPage) list(ctx context.Context) []ui.Task {
	var all []ui.Task
	for i, t := range p.Tasks {
		u := ui.Task{Kind: t.Kind, Title: t.Title, Href: t.Href, Meta: t.Why, Quoted: t.Quoted, Do: t.Href, Action: t.Action, When: text.T(ctx, "Sans échéance"), Note: t.Reminded.Words(ctx, p.Zone), Primary: i == 0}
		if !t.Due.IsZero() {
			due := t.Due.In(p.Zone)
			left := text.Midnights(p.Now.In(p.Zone), due)
			u.Late, u.Soon = left < 0, left <= 7
			u.Due, u.When = text.In(ctx, left), text.Date(ctx, due)
			if u.Late {
				u.Due = text.T(ctx, "En retard")
			}
		}
		all = append(all, u)
	}
	return all
}
