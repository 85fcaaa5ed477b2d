package directory

import (
	"context"
	"strings"

	"cadre/core/access"
	"cadre/core/export"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// The two matrices, as addresses name them.
const (
	ofInstitutions = "structures"
	ofTerritories  = "territoires"
)

type matrixPage struct {
	ui.Page
	By     string // one of the two matrices
	Search Search
	Matrix Matrix
	Grid   ui.Matrix
	Facets []ui.Facet
	Chips  []ui.Link
	Gaps   []ui.Link // themes on which nobody has a mission
	Shared []Shared  // missions that several institutions say they lead
	Led    []ui.Link // the first of them
}

func (m *Module) matrix(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	ask, err := export.Read(q, export.Tables...)
	if err != nil {
		return web.Response{}, err
	}
	p := matrixPage{Page: ui.Start(ctx, text.T(ctx, "Matrice"), directoryCrumb(ctx)), By: ofInstitutions, Search: Search{Cut: m.searchOf(q).Cut}}
	if q.Get("par") == ofTerritories {
		p.By = ofTerritories
	}
	if err = m.DB.Read(ctx, func(tx *db.Tx) error { return m.fillMatrix(ctx, tx, v, &p) }); err != nil {
		return web.Response{}, err
	}
	p.Grid = m.grid(ctx, p)
	p.Facets, p.Chips = m.matrixFacets(ctx, p), m.chips(ctx, matrixPath, p.Search, p.by()...)
	p.Gaps = m.gaps(ctx, p)
	if ask.Wanted() {
		return m.exportMatrix(ctx, p, ask)
	}
	return web.Page(matrixView(p)), nil
}

func (m *Module) fillMatrix(ctx context.Context, tx *db.Tx, v access.Viewer, p *matrixPage) error {
	read := m.structures
	if p.By == ofTerritories {
		read = m.territories
	}
	var err error
	if p.Matrix, err = read(ctx, tx, v, p.Search.Cut); err != nil || !isMember(v) {
		return err
	}
	p.Shared, err = m.shared(ctx, tx, v, p.Search.Cut)
	p.Led = m.questions(ctx, p.Shared)
	return err
}

func (p matrixPage) by() []string {
	if p.By == ofInstitutions {
		return nil
	}
	return []string{"par", p.By}
}

// grid words a matrix. A number counts what is proper to the row, and what holds there too
// when a territory is chosen; it leads to just those facts.
func (m *Module) grid(ctx context.Context, p matrixPage) ui.Matrix {
	x := p.Matrix
	g := ui.Matrix{Caption: p.caption(ctx), Gap: text.T(ctx, "lacune"), None: text.T(ctx, "rien n’est connu")}
	for _, code := range x.Themes {
		g.Columns = append(g.Columns, m.columnHead(ctx, p, code))
	}
	top := x.most(p.number)
	for _, r := range x.Rows {
		row := ui.MatrixRow{Head: m.rowHead(p, r), Total: p.number(r.Total)}
		for i, t := range r.Cells {
			row.Cells = append(row.Cells, p.cell(r, i, t, top))
		}
		g.Rows = append(g.Rows, row)
	}
	for _, t := range x.Total {
		g.Total = append(g.Total, p.number(t))
	}
	return g
}

// number is what a cell shows: with the territories, each fact once, where it is said.
func (p matrixPage) number(t Tally) int {
	if p.By == ofTerritories {
		return t.Own
	}
	return t.All()
}

func (p matrixPage) cell(r MatrixRow, i int, t Tally, top int) ui.MatrixCell {
	n := p.number(t)
	c := ui.MatrixCell{Count: n, Level: ui.Shaded(n, top), Href: p.behind(r, i, t)}
	switch {
	case p.By == ofTerritories && p.Matrix.Gap(r, i):
		c.Level, c.Href = ui.Gap, link(askPath, Search{Cut: Cut{Theme: p.theme(i).Theme, Place: r.Code}}, "besoin", string(Information))
	case t.All() == 0:
		c.Level = ui.None
	}
	return c
}

// behind is the address of the list of the facts that a cell counts.
func (p matrixPage) behind(r MatrixRow, i int, t Tally) string {
	s := p.theme(i)
	if p.By == ofInstitutions {
		s.Structure = r.Slug
		if s.Place != "" {
			s.Reach = Here
		}
		return link(factsPath, s)
	}
	s.Place = r.Code
	switch {
	case r.Exact:
		s.Reach = Exact
	case t.Own == 0:
		s.Reach = Wider
	}
	return link(factsPath, s)
}

// theme is the search of a column.
func (p matrixPage) theme(i int) Search {
	s := p.Search
	s.Theme = p.Matrix.Themes[i]
	s.Alone = s.Theme == "" || p.Search.Theme != "" && i == 0
	return s
}

// columnHead names a column and leads to what stands under its theme. Under a theme of the
// first level, that theme itself stands for what is said of it in general.
func (m *Module) columnHead(ctx context.Context, p matrixPage, code string) ui.Link {
	switch {
	case code == "":
		return ui.Link{Label: text.T(ctx, "Sans thème")}
	case p.Search.Theme != "" && code == m.Themes.Top(code):
		return ui.Link{Label: text.T(ctx, "En général")}
	case p.Search.Theme != "":
		return ui.Link{Label: m.Themes.Short(ctx, code)}
	}
	s := p.Search
	s.Theme = code
	return ui.Link{Label: m.Themes.Short(ctx, code), Href: link(matrixPath, s, p.by()...)}
}

func (m *Module) rowHead(p matrixPage, r MatrixRow) ui.Link {
	if p.By == ofInstitutions {
		return ui.Link{Label: r.Name, Href: "/structures/" + r.Slug}
	}
	if r.Code == p.Search.Place || len(m.Places.Children(r.Code)) == 0 || m.Places.Region(r.Code) != r.Code || r.Code == m.Places.Country() {
		return ui.Link{Label: r.Name, Href: territoryPath(r.Code)}
	}
	s := p.Search
	s.Place = r.Code
	return ui.Link{Label: r.Name, Href: link(matrixPath, s, "par", ofTerritories)}
}

// most is the greatest number of a matrix.
func (m Matrix) most(number func(Tally) int) int {
	top := 0
	for _, r := range m.Rows {
		for _, t := range r.Cells {
			top = max(top, number(t))
		}
	}
	return top
}

func (p matrixPage) caption(ctx context.Context) string {
	if p.By == ofTerritories {
		return text.T(ctx, "Nombre de missions, de programmes et de moyens, par territoire et par thème")
	}
	return text.T(ctx, "Nombre de missions, de programmes et de moyens, par structure et par thème")
}

// gaps are the themes on which nobody has a mission, wherever: each leads to whom one may then ask.
func (m *Module) gaps(ctx context.Context, p matrixPage) []ui.Link {
	if !p.Matrix.missions() {
		return nil
	}
	var all []ui.Link
	for i, code := range p.Matrix.Themes {
		general := p.Search.Theme != "" && (i == 0 || p.Matrix.Total[0].Missions > 0)
		if code != "" && !general && p.Matrix.Total[i].Missions == 0 {
			all = append(all, ui.Link{Label: m.Themes.Label(ctx, code), Href: link(askPath, Search{Cut: Cut{Theme: code, Place: p.Search.Place}}, "besoin", string(Information))})
		}
	}
	return all
}

func (m *Module) matrixFacets(ctx context.Context, p matrixPage) []ui.Facet {
	more := p.by()
	at := func(title string, options []ui.Option, of func(*Search) *string) ui.Facet {
		return ui.Facet{Title: title, Choices: choices(matrixPath, p.Search, options, of, nil, more...)}
	}
	var regions []ui.Option
	for _, code := range m.Places.Children(m.Places.Country()) {
		regions = append(regions, ui.Option{Value: code, Label: m.Places.Name(ctx, code)})
	}
	var kindsOf []ui.Option
	for _, record := range countedKinds() {
		code := strings.TrimPrefix(record, "directory.")
		kindsOf = append(kindsOf, ui.Option{Value: code, Label: text.T(ctx, kindName(code))})
	}
	return []ui.Facet{
		at(text.T(ctx, "Région"), regions, func(s *Search) *string { return &s.Place }),
		at(text.T(ctx, "Rôle"), terms(ctx, m.Pack.Settings.Roles), func(s *Search) *string { return &s.Role }),
		at(text.T(ctx, "Type"), kindsOf, func(s *Search) *string { return &s.Kind }),
		at(text.T(ctx, "Nature de la structure"), terms(ctx, m.Pack.Settings.Natures), func(s *Search) *string { return &s.Nature }),
	}
}

// title says what is counted, and of what.
func (p matrixPage) title(ctx context.Context) string {
	if p.By == ofTerritories {
		return text.T(ctx, "Territoires et thèmes")
	}
	return text.T(ctx, "Structures et thèmes")
}

// other leads to the same cut in the other matrix.
func (p matrixPage) other(ctx context.Context) ui.Link {
	if p.By == ofTerritories {
		return ui.Link{Label: text.T(ctx, "Voir par structure"), Href: link(matrixPath, p.Search)}
	}
	return ui.Link{Label: text.T(ctx, "Voir par territoire"), Href: link(matrixPath, p.Search, "par", ofTerritories)}
}

func (p matrixPage) lede(ctx context.Context) string {
	n := p.number(p.Matrix.Total[len(p.Matrix.Themes)])
	return text.N(ctx, n, "%s mission, programme ou moyen. Choisissez une case pour voir ce qu’elle compte.",
		"%s missions, programmes et moyens. Choisissez une case pour voir ce qu’elle compte.", text.Number(ctx, n))
}

// reading says how to read the numbers.
func (p matrixPage) reading(ctx context.Context) string {
	switch {
	case p.By == ofTerritories:
		return text.T(ctx, "Chaque mission est comptée une fois, là où elle est dite : les missions qui valent pour tout le pays sont sur la première ligne, et valent aussi pour chaque territoire. Une lacune est un thème sur lequel personne n’a de mission, ni dans le territoire ni pour tout le pays.")
	case p.Search.Place != "":
		return text.T(ctx, "Les nombres comptent ce qui est propre à la région et ce qui vaut pour tout le pays.")
	}
	return text.T(ctx, "Un point dit que la structure n’a rien fait connaître sur ce thème.")
}

func (p matrixPage) legend(ctx context.Context) []ui.Shade {
	all := []ui.Shade{{Level: 1, Label: text.T(ctx, "peu")}, {Level: 4, Label: text.T(ctx, "beaucoup")}, {Level: ui.None, Label: text.T(ctx, "rien n’est connu")}}
	if p.By == ofTerritories {
		all = append(all, ui.Shade{Level: 0, Label: text.T(ctx, "rien de propre au territoire")}, ui.Shade{Level: ui.Gap, Label: text.T(ctx, "lacune")})
	}
	return all
}
