package directory

import (
	"context"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/export"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// factsPage shows all the facts of one kind of a structure.
type factsPage struct {
	showPage
	Kind kind
	List page.Of[FactLine]
}

func (m *Module) listFacts(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	k, err := kindOfPath(r.PathValue("kind"))
	if err != nil {
		return web.Response{}, err
	}
	ask, asked, err := export.Page(r.URL.Query(), k.formats()...)
	if err != nil {
		return web.Response{}, err
	}
	p := factsPage{Kind: k}
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Sheet, err = m.head(ctx, tx, v, r.PathValue("slug")); err != nil {
			return err
		}
		p.List, err = m.facts(ctx, tx, v, p.Sheet.ID, k, asked)
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	p.Page = ui.Start(ctx, text.T(ctx, k.many), directoryCrumb(ctx), ui.Link{Label: p.Sheet.Acronym, Href: p.path("")})
	p.Pack, p.Columns, p.Keeper = m.Pack, m.sheetColumns(p.Sheet), keeps(v, p.Sheet.ID)
	if ask.Wanted() {
		return m.exportFacts(ctx, p, ask)
	}
	p.Sheet.Facts = map[string][]FactLine{k.code: p.List.Rows}
	m.Readers.Note(v, record.Read, readRecords(p.Sheet)...)
	p.Marking = circle.Marking(ctx, widest(p.Sheet))
	return web.Page(factList(p)), nil
}

func (p factsPage) span() ui.Span {
	s := ui.Span{First: p.List.From, Last: p.List.From + len(p.List.Rows) - 1, Total: p.List.Total}
	if p.List.Prev != "" {
		s.Previous = p.path("/" + p.Kind.path + "?page=" + p.List.Prev)
	}
	if p.List.Next != "" {
		s.Next = p.path("/" + p.Kind.path + "?page=" + p.List.Next)
	}
	return s
}

// links lead from a section of the sheet: to all its facts when it shows the first
// only, and to one more for who keeps the sheet.
func (p showPage) links(ctx context.Context, k kind) []ui.Link {
	var all []ui.Link
	if n := p.Sheet.Counts[k.code]; n > len(p.Sheet.Facts[k.code]) {
		all = append(all, ui.Link{Label: text.T(ctx, "Tout voir (%s)", text.Number(ctx, n)), Href: p.path("/" + k.path)})
	}
	if p.Keeper {
		all = append(all, ui.Link{Label: text.T(ctx, k.add), Href: p.path("/" + k.path + "/ajouter")})
	}
	if p.Keeper && k.taken() {
		all = append(all, ui.Link{Label: text.T(ctx, "Importer un tableau"), Href: p.path("/" + k.path + "/importer")})
	}
	return all
}
