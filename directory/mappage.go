package directory

import (
	"context"

	"cadre/core/access"
	"cadre/core/export"
	"cadre/core/place"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// Presence is how much is known in a territory: what is said of it, of a part of it, or of a
// region around it. What holds for the whole country is the same everywhere, and is counted apart.
type Presence struct {
	Counts  map[string]int `json:"counts" doc:"By code of each territory that is drawn"`
	Country int            `json:"country" doc:"What holds for the whole country"`
}

// Presence counts the facts in force that the viewer may see, by préfecture. A cut without
// a kind counts antennas and committees too, unless it has a theme or a role, which they lack.
func (m *Module) Presence(ctx context.Context, v access.Viewer, c Cut) (Presence, error) {
	var p Presence
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = m.presence(ctx, tx, v, c)
		return err
	})
	return p, err
}

func (m *Module) presence(ctx context.Context, tx *db.Tx, v access.Viewer, c Cut) (Presence, error) {
	p := Presence{Counts: map[string]int{}}
	if err := m.known(c); err != nil {
		return p, err
	}
	var found []sum
	var err error
	if c.Kind != "branch" {
		if found, err = m.placed(ctx, tx, v, c); err != nil {
			return p, err
		}
	}
	if c.Kind == "branch" || c.Kind == "" && c.Theme == "" && c.Role == "" {
		branches, err := m.branches(ctx, tx, v, c)
		if err != nil {
			return p, err
		}
		found = append(found, branches...)
	}
	by := map[string]int{}
	for _, s := range found {
		by[s.head] += s.n
	}
	p.Country = by[m.Places.Country()]
	delete(by, m.Places.Country())
	for head, n := range by {
		for _, code := range m.Atlas.Codes() {
			if m.Places.Within(code, head) || m.Places.Within(head, code) {
				p.Counts[code] += n
			}
		}
	}
	return p, nil
}

// branches counts the antennas and the committees by territory.
func (m *Module) branches(ctx context.Context, tx *db.Tx, v access.Viewer, c Cut) ([]sum, error) {
	var owners []string
	if c.Structure != "" || c.Nature != "" {
		all, err := bodies(ctx, tx, v, c)
		if err != nil {
			return nil, err
		}
		owners = ids(all)
	}
	where, args := m.where(v, Search{Cut: Cut{Kind: "branch"}}, owners)
	return db.All(ctx, tx, func(s *sum) []any { return []any{&s.head, &s.n} },
		`SELECT record.place, count(*) FROM directory_fact record WHERE `+where+` GROUP BY record.place`, args...)
}

type mapPage struct {
	ui.Page
	Search   Search
	Presence Presence
	Plate    place.Plate
	Facets   []ui.Facet
	Chips    []ui.Link
}

func (m *Module) showMap(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	ask, err := export.Read(q, foundFormats...)
	if err != nil {
		return web.Response{}, err
	}
	p := mapPage{Page: ui.Start(ctx, text.T(ctx, "Carte"), directoryCrumb(ctx)), Search: Search{Cut: m.searchOf(q).Cut}}
	p.Search.Place = ""
	if p.Presence, err = m.Presence(ctx, v, p.Search.Cut); err != nil {
		return web.Response{}, err
	}
	if ask.Wanted() {
		return m.exportMap(ctx, p, ask)
	}
	p.Plate = m.plate(ctx, p.Search, p.Presence.Counts, q.Get(place.View) == place.Alone)
	p.Facets, p.Chips = m.mapFacets(ctx, p), m.chips(ctx, mapPath, p.Search, p.view()...)
	return web.Page(mapView(p)), nil
}

// exportMap answers with a file of the map: what its table says.
func (m *Module) exportMap(ctx context.Context, p mapPage, ask export.Ask) (web.Response, error) {
	l := export.List[string]{Page: p.Page, Name: "annuaire carte", Selection: m.chips(ctx, mapPath, p.Search), Rows: m.Atlas.Codes(), Point: m.pointAt, Columns: []export.Column[string]{
		{Name: "name", Label: text.T(ctx, "Préfecture"), HXL: "#adm2+name", Width: 24, Value: func(code string) any { return m.Places.Name(ctx, code) }},
		{Name: "region", Label: text.T(ctx, "Région"), HXL: "#adm1+name", Width: 24, Value: func(code string) any { return m.Places.Name(ctx, m.Places.Region(code)) }},
		{Name: "facts", Label: text.T(ctx, "Faits"), HXL: "#value+facts", Value: func(code string) any { return p.Presence.Counts[code] }},
		{Name: "code", Label: text.T(ctx, "Code du lieu"), HXL: "#adm2+code", Width: 18, Value: func(code string) any { return code }},
		{Name: "page", Label: text.T(ctx, "Adresse"), HXL: "#meta+url", Width: 40, Value: func(code string) any { return m.People.BaseURL + territoryPath(code) }},
	}}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v := access.Of(ctx)
		l.Least, err = db.Value[access.Marking](ctx, tx, `SELECT coalesce(max(record.marking), 0) FROM directory_fact record WHERE `+access.Visible, v.Args()...)
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	return l.Answer(ctx, m.source(), ask)
}

// plate is the map of the facts, and its table.
func (m *Module) plate(ctx context.Context, s Search, counts map[string]int, plain bool) place.Plate {
	p := place.Plate{Atlas: m.Atlas, Unit: text.T(ctx, "Faits"), None: text.T(ctx, "rien de propre"), Plain: plain, Other: link(mapPath, s)}
	if !plain {
		p.Other = link(mapPath, s, place.View, place.Alone)
	}
	p.Shading = place.Shading{ID: "carte", Title: text.T(ctx, "Les préfectures et ce qui y est connu"), Summary: text.T(ctx, "Le tableau qui suit dit les mêmes nombres."),
		Counts: counts, Href: territoryPath, Words: func(code string) string {
			return text.N(ctx, counts[code], "%s : %s fait", "%s : %s faits", m.Places.Name(ctx, code), text.Number(ctx, counts[code]))
		}}
	return p
}

// view keeps the form of the map in the addresses of its filters.
func (p mapPage) view() []string {
	if p.Plate.Plain {
		return []string{place.View, place.Alone}
	}
	return nil
}

// territoryPath is the page of a territory.
func territoryPath(code string) string { return "/territoires/" + code }

func (m *Module) mapFacets(ctx context.Context, p mapPage) []ui.Facet {
	var themes, kindsOf []ui.Option
	for _, code := range m.Themes.Tops() {
		themes = append(themes, ui.Option{Value: code, Label: m.Themes.Short(ctx, code)})
	}
	for _, k := range kinds {
		if k.place != never {
			kindsOf = append(kindsOf, ui.Option{Value: k.code, Label: text.T(ctx, k.one)})
		}
	}
	all := []ui.Facet{{Title: text.T(ctx, "Type"), Choices: choices(mapPath, p.Search, kindsOf, func(s *Search) *string { return &s.Kind }, nil, p.view()...)}}
	if p.Search.Kind != "branch" {
		all = append(all, ui.Facet{Title: text.T(ctx, "Thème"), Choices: choices(mapPath, p.Search, themes, func(s *Search) *string { return &s.Theme }, nil, p.view()...)})
	}
	return all
}

func (p mapPage) lede(ctx context.Context) string {
	here := 0
	for _, n := range p.Presence.Counts {
		if n > 0 {
			here++
		}
	}
	return text.T(ctx, "%s préfectures sur %s ont quelque chose qui leur est propre, ou propre à leur région.", text.Number(ctx, here), text.Number(ctx, len(p.Plate.Atlas.Codes()))) + " " +
		text.N(ctx, p.Presence.Country, "%s fait vaut pour tout le pays.", "%s faits valent pour tout le pays.", text.Number(ctx, p.Presence.Country))
}
