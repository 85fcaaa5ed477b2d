package directory

import (
	"context"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/export"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// findPage lists the facts behind a cell, of several institutions.
type findPage struct {
	ui.Page
	Search Search
	List   page.Of[FactLine]
	Around int // facts of wider places, which hold in the place of the search too
	Chips  []ui.Link
	Table  ui.Table[FactLine]
}

func (m *Module) listFound(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	s := m.searchOf(q)
	if err := m.checkSearch(&s); err != nil {
		return web.Response{}, err
	}
	ask, asked, err := export.Page(q, foundFormats...)
	if err != nil {
		return web.Response{}, err
	}
	p := findPage{Page: ui.Start(ctx, text.T(ctx, "Missions, programmes et moyens"), directoryCrumb(ctx)), Search: s, Chips: m.chips(ctx, factsPath, s)}
	var owners map[string]account.Structure
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if owners, err = m.institutions(ctx, tx); err != nil {
			return err
		}
		if p.List, err = m.search(ctx, tx, v, s, asked); err != nil || s.Reach != "" || len(m.reached(s)) == 0 {
			return err
		}
		around, err := m.search(ctx, tx, v, p.around(), page.Request{Limit: 1})
		p.Around = around.Total
		return err
	})
	if err == nil && ask.Wanted() {
		return m.exportFound(ctx, p, m.foundColumns(ctx, owners), ask)
	}
	p.Table = m.foundTable(ctx, owners)
	p.Marking = circle.Marking(ctx, highest(p.List.Rows))
	return web.Page(foundView(p)), err
}

// around is the search of what wider places say.
func (p findPage) around() Search {
	s := p.Search
	s.Reach = Wider
	return s
}

func (p findPage) span() ui.Span { return spanOf(p.List, factsPath, p.Search) }

func spanOf(list page.Of[FactLine], path string, s Search) ui.Span {
	span := ui.Span{First: list.From, Last: list.From + len(list.Rows) - 1, Total: list.Total}
	if list.Prev != "" {
		span.Previous = link(path, s, "page", list.Prev)
	}
	if list.Next != "" {
		span.Next = link(path, s, "page", list.Next)
	}
	return span
}

// foundTable is the table of facts of several institutions.
func (m *Module) foundTable(ctx context.Context, owners map[string]account.Structure) ui.Table[FactLine] {
	return ui.Table[FactLine]{Caption: text.T(ctx, "Missions, programmes et moyens"), Fold: true, Columns: export.Screen(ctx, m.foundColumns(ctx, owners))}
}

// owner is the cell of a fact's institution.
func owner(owners map[string]account.Structure) func(FactLine) templ.Component {
	return func(f FactLine) templ.Component {
		return ui.A(ui.Link{Label: owners[f.Owner].Acronym, Href: "/structures/" + owners[f.Owner].Slug})
	}
}
