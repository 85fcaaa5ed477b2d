package directory

import (
	"context"
	"net/url"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// meansPage searches what can be lent: by kind, place and day.
type meansPage struct {
	ui.Page
	Form   form.State
	Search Search
	List   page.Of[FactLine]
	Table  ui.Table[FactLine]
	m      *Module
}

func (m *Module) listMeans(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	asked, err := page.Parse(q.Get("page"), 0)
	if err != nil {
		return web.Response{}, err
	}
	p := meansPage{Page: ui.Start(ctx, text.T(ctx, "Moyens"), directoryCrumb(ctx)), Form: form.Of(q, nil), Search: m.capacities(q), m: m}
	if err = m.checkSearch(&p.Search); fault.KindOf(err) == fault.BadInput {
		p.Form, p.Failed = form.Of(q, err), true
		return web.Invalid(meansView(p)), nil
	}
	var owners map[string]account.Structure
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if owners, err = m.institutions(ctx, tx); err != nil {
			return err
		}
		p.List, err = m.search(ctx, tx, v, p.Search, asked)
		return err
	})
	p.Marking = circle.Marking(ctx, highest(p.List.Rows))
	p.Table = m.meansTable(ctx, owners)
	return web.Page(meansView(p)), err
}

// capacities is the search of an address, of what can be lent only: that of the place itself,
// of its parts, and of wider territories.
func (m *Module) capacities(q url.Values) Search {
	s := m.searchOf(q)
	s.Kind, s.Role, s.Alone = "capacity", "", false
	if s.Reach = ""; s.Place != "" {
		s.Reach = Here
	}
	return s
}

func (m *Module) meansTable(ctx context.Context, owners map[string]account.Structure) ui.Table[FactLine] {
	line := func(i int) func(f FactLine) templ.Component {
		return ui.Words(func(f FactLine) string { return f.Fact.lines(ctx, m.Pack)[i].value })
	}
	return ui.Table[FactLine]{Caption: text.T(ctx, "Moyens qui peuvent être prêtés"), Fold: true, Columns: []ui.Column[FactLine]{
		{Label: text.T(ctx, "Moyen"), Head: true, Cell: func(f FactLine) templ.Component { return factName(f) }},
		{Label: text.T(ctx, "Structure"), Cell: owner(owners)},
		{Label: text.T(ctx, "Nature du moyen"), Cell: line(0)},
		{Label: text.T(ctx, "Quantité"), Number: true, Cell: line(1)},
		{Label: text.T(ctx, "Lieu"), Cell: ui.Words(func(f FactLine) string { return m.Places.Name(ctx, first(f.Record.Places)) })},
		{Label: text.T(ctx, "Disponible"), Cell: line(3)},
	}}
}

func (p meansPage) span() ui.Span { return spanOf(p.List, meansPath, p.Search) }
