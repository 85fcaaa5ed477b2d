package directory

import (
	"context"
	"net/url"
	"slices"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/export"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
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
	ask, asked, err := export.Page(q, foundFormats...)
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
	if err == nil && ask.Wanted() {
		return m.exportMeans(ctx, p, owners, ask)
	}
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

// meansColumns are the columns of what can be lent by several institutions: those of the page in its order, then the others.
func (m *Module) meansColumns(ctx context.Context, owners map[string]account.Structure) []export.Column[FactLine] {
	k, _ := kindOfCode("capacity")
	acronyms := make(map[string]string, len(owners))
	for id, s := range owners {
		acronyms[id] = s.Acronym
	}
	all, onPage := m.factColumns(ctx, k, acronyms), []string{"title", "structure", "kind", "quantity", "places", "free"}
	for i, c := range all {
		all[i].Files = !slices.Contains(onPage, c.Name)
		if c.Name == "structure" {
			all[i].Shown = owner(owners)
		}
	}
	rank := func(c export.Column[FactLine]) int {
		if c.Files {
			return len(onPage)
		}
		return slices.Index(onPage, c.Name)
	}
	slices.SortStableFunc(all, func(a, b export.Column[FactLine]) int { return rank(a) - rank(b) })
	return all
}

func (m *Module) meansTable(ctx context.Context, owners map[string]account.Structure) ui.Table[FactLine] {
	return ui.Table[FactLine]{Caption: text.T(ctx, "Moyens qui peuvent être prêtés"), Fold: true, Columns: export.Screen(ctx, m.meansColumns(ctx, owners))}
}

// exportMeans answers with a file of what can be lent.
func (m *Module) exportMeans(ctx context.Context, p meansPage, owners map[string]account.Structure, ask export.Ask) (web.Response, error) {
	s := p.Search
	s.Kind, s.Reach = "", ""
	l := export.List[FactLine]{Page: p.Page, Name: "annuaire moyens", Selection: m.chips(ctx, meansPath, s), Columns: m.meansColumns(ctx, owners), Rows: p.List.Rows,
		Cut: p.List.Next != "", Record: func(f FactLine) record.Record { return f.Record }, Point: m.pointOf}
	return l.Answer(ctx, m.source(), ask)
}

func (p meansPage) span() ui.Span { return spanOf(p.List, meansPath, p.Search) }
