// Package desk is the first page: « À traiter », what the viewer must do, by when.
// It is computed from what the nouns say waits for a function that the viewer
// holds: what is done disappears at once, and a handover moves nothing.
package desk

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// Task is something that waits for the viewer.
type Task struct {
	Kind   string    // what kind of thing it is, in the reader's language
	Title  string    // in the reader's language
	Why    string    // in a sentence, in the reader's language
	Href   string    // where it is done
	Action string    // words of the button
	Due    time.Time // zero when nothing presses
}

// Source lists what waits for a viewer in one room.
type Source func(context.Context, *db.Tx, access.Viewer) ([]Task, error)

// Module is the desk.
type Module struct {
	DB      *db.DB
	Clock   clock.Clock
	Sources []Source
	// Lately lists what has changed last among what the viewer may see.
	Lately func(context.Context, *db.Tx, access.Viewer) ([]News, error)
	// Welcome is the page of who has not signed in.
	Welcome web.Handler
}

// News is something that has changed.
type News struct {
	At    time.Time
	Title string
	Href  string
	By    string // institution
}

// Routes is the table of contents.
func (m *Module) Routes() []web.Route {
	return []web.Route{{Pattern: "GET /{$}", Allow: access.Anyone, Handle: m.show}}
}

// Tasks lists what waits for the viewer, the most pressing first.
func (m *Module) Tasks(ctx context.Context, tx *db.Tx, v access.Viewer) ([]Task, error) {
	var all []Task
	for _, source := range m.Sources {
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

type deskPage struct {
	ui.Page
	Tasks []Task
	News  []News
	Now   time.Time
}

func (m *Module) show(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	if !v.Known() {
		return m.Welcome(r)
	}
	p := deskPage{Page: ui.Start(ctx, text.T(ctx, "À traiter")), Now: m.Clock.Now()}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Tasks, err = m.Tasks(ctx, tx, v); err != nil {
			return err
		}
		p.News, err = m.Lately(ctx, tx, v)
		return err
	})
	return web.Page(desk(p)), err
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
		u := ui.Task{Kind: t.Kind, Title: t.Title, Href: t.Href, Meta: t.Why, Do: t.Href, Action: t.Action, Primary: i == 0}
		if !t.Due.IsZero() {
			left := int(t.Due.Sub(p.Now).Hours()) / 24
			u.Late, u.Soon = t.Due.Before(p.Now), left <= 7
			u.Due, u.When = text.In(ctx, left), text.Date(ctx, t.Due)
			if u.Late {
				u.Due = text.T(ctx, "En retard")
			}
		}
		all = append(all, u)
	}
	return all
}
