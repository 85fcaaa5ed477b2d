package directory

import (
	"context"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/place"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs"

	"github.com/a-h/templ"
)

// Territory is who does what in a place, as a viewer sees it.
type Territory struct {
	Code     string
	Proper   page.Of[FactLine] // missions, programmes and means said of it or of a part of it: the first
	Around   int               // what is said of wider territories, and holds there too
	Acting   []Acting          // who has a mission that holds there, theme by theme
	Branches []FactLine        // antennas and committees there, or for the region around
	Means    page.Of[FactLine] // that can be lent there: the first
	Contacts []Contact
}

// Acting is who has a mission on a theme of the first level.
type Acting struct {
	Theme      string
	Structures []account.Structure
}

// Contact is who acts today for an institution that is present.
type Contact struct {
	Structure account.Structure
	People    []account.FocalPoint
}

// inTerritory is how many facts of a kind the page of a territory shows; the list has the others.
const inTerritory = 15

// InTerritory tells who does what in a place. It is missing when the pack has no such place.
func (m *Module) InTerritory(ctx context.Context, v access.Viewer, code string) (Territory, error) {
	t := Territory{Code: code}
	if !m.Places.Valid(code) {
		return t, fault.Missing()
	}
	err := m.DB.Read(ctx, func(tx *db.Tx) error { return m.fillTerritory(ctx, tx, v, &t) })
	return t, err
}

func (m *Module) fillTerritory(ctx context.Context, tx *db.Tx, v access.Viewer, t *Territory) (err error) {
	few := page.Request{Cursor: page.Cursor{From: 1}, Limit: inTerritory}
	all := page.Request{Cursor: page.Cursor{From: 1}, Limit: page.Max}
	at := Search{Cut: Cut{Place: t.Code}}
	if t.Proper, err = m.search(ctx, tx, v, at, few); err != nil {
		return err
	}
	wider := at
	wider.Reach = Wider
	if t.Code != m.Places.Country() {
		around, err := m.search(ctx, tx, v, wider, page.Request{Cursor: page.Cursor{From: 1}, Limit: 1})
		if err != nil {
			return err
		}
		t.Around = around.Total
	}
	at.Reach, at.Kind = Here, "branch"
	branches, err := m.search(ctx, tx, v, at, all)
	if err != nil {
		return err
	}
	t.Branches = slices.DeleteFunc(branches.Rows, func(f FactLine) bool {
		return t.Code != m.Places.Country() && first(f.Record.Places) == m.Places.Country()
	})
	at.Kind = "capacity"
	if t.Means, err = m.search(ctx, tx, v, at, few); err != nil {
		return err
	}
	if t.Acting, err = m.acts(ctx, tx, v, t.Code); err != nil {
		return err
	}
	return m.fillContacts(ctx, tx, t)
}

// acts tells who has a mission that holds in a place or in a part of it, by theme of the first level.
func (m *Module) acts(ctx context.Context, tx *db.Tx, v access.Viewer, code string) ([]Acting, error) {
	names, err := m.institutions(ctx, tx)
	if err != nil {
		return nil, err
	}
	type row struct{ owner, theme string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.owner, &r.theme} }, `
		SELECT DISTINCT record.scope, record.theme FROM directory_tally record
		WHERE `+access.Visible+` AND record.axis = $3 AND record.top = '' AND record.role = '' AND record.scope <> '' AND record.theme <> ''
			AND record.kind = $4 AND record.head IN json_list($5) AND record.n > 0`,
		v.Args(byPlace, missionKind, db.JSON(append(m.above(m.spot(code)), m.Places.Under(m.spot(code))...)))...)
	by := map[string][]account.Structure{}
	for _, r := range rows {
		by[r.theme] = append(by[r.theme], names[r.owner])
	}
	var all []Acting
	for _, theme := range m.Themes.Tops() {
		if some := by[theme]; len(some) > 0 {
			slices.SortFunc(some, func(a, b account.Structure) int {
				return strings.Compare(text.SortKey(a.Acronym), text.SortKey(b.Acronym))
			})
			all = append(all, Acting{theme, some})
		}
	}
	return all, err
}

// fillContacts reads who acts today for the institutions present, in the order in which they are shown.
func (m *Module) fillContacts(ctx context.Context, tx *db.Tx, t *Territory) error {
	names, err := m.institutions(ctx, tx)
	if err != nil {
		return err
	}
	var seen []string
	for _, f := range slices.Concat(t.Proper.Rows, t.Branches) {
		if slices.Contains(seen, f.Owner) || len(seen) == answered {
			continue
		}
		seen = append(seen, f.Owner)
		people, err := m.acting(ctx, tx, f.Owner)
		if err != nil {
			return err
		}
		t.Contacts = append(t.Contacts, Contact{names[f.Owner], people})
	}
	return nil
}

type territoryPage struct {
	ui.Page
	Territory
	Member   bool
	Owners   map[string]account.Structure
	Facts    ui.Table[FactLine]
	Branches ui.Table[FactLine]
	Themes   ui.Table[Acting]
	Lent     ui.Table[FactLine]
	m        *Module
}

func (m *Module) showTerritory(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	if f, was := m.Places.Former(r.PathValue("code")); was {
		return web.Page(formerView(m.formerPage(ctx, f))), nil
	}
	t, err := m.InTerritory(ctx, v, r.PathValue("code"))
	if err != nil {
		return web.Response{}, err
	}
	p := territoryPage{Territory: t, Member: isMember(v), m: m}
	crumbs := []ui.Link{directoryCrumb(ctx), {Label: text.T(ctx, "Carte"), Href: mapPath}}
	above := m.Places.Above(t.Code)
	for _, code := range slices.Backward(above[1:]) {
		crumbs = append(crumbs, ui.Link{Label: m.Places.Name(ctx, code), Href: territoryPath(code)})
	}
	p.Page = ui.Start(ctx, m.Places.Name(ctx, t.Code), crumbs...)
	p.Marking = circle.Marking(ctx, highest(slices.Concat(t.Proper.Rows, t.Branches, t.Means.Rows)))
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.Owners, err = m.institutions(ctx, tx)
		return err
	})
	p.Facts = m.foundTable(ctx, p.Owners)
	p.Lent = m.meansTable(ctx, p.Owners)
	p.Branches = m.branchTable(ctx, p.Owners)
	p.Themes = m.actingTable(ctx, t.Code)
	return web.Page(territoryView(p)), err
}

// formerPage is the page of a territory that is no more.
type formerPage struct {
	ui.Page
	Former     packs.Former
	Successors []ui.Link
	Known      ui.Link // the records filed under it, among those of what took its place
}

func (m *Module) formerPage(ctx context.Context, f packs.Former) formerPage {
	now := m.Places.Now(f.Code)
	return formerPage{ui.Start(ctx, f.Name, directoryCrumb(ctx), ui.Link{Label: text.T(ctx, "Carte"), Href: mapPath}), f, m.placeLinks(ctx, f.Successors),
		ui.Link{Label: text.T(ctx, "Les faits de %s", m.Places.Name(ctx, now)), Href: link(factsPath, Search{Cut: Cut{Place: now}})}}
}

// became says what happened to the territory.
func (p formerPage) became(ctx context.Context) string {
	var said string
	switch {
	case len(p.Successors) > 1 && p.Former.Until == "":
		said = text.T(ctx, "Ce territoire a été partagé.")
	case len(p.Successors) > 1:
		said = text.T(ctx, "Ce territoire a été partagé (%s).", When(p.Former.Until).Show(ctx))
	case p.Former.Until == "":
		said = text.T(ctx, "Ce territoire porte un autre nom, ou a été réuni à un autre.")
	default:
		said = text.T(ctx, "Ce territoire porte un autre nom, ou a été réuni à un autre (%s).", When(p.Former.Until).Show(ctx))
	}
	return said + " " + text.T(ctx, "Ce qui a été écrit sous son nom reste lisible et compte là où il se trouve aujourd’hui.")
}

// formerly says which names the territory bore, and what it was a part of.
func (p territoryPage) formerly(ctx context.Context) string {
	var all []string
	for _, f := range p.m.Places.Formerly(p.Code) {
		name := f.Name
		if f.Until != "" {
			name = text.T(ctx, "%s (fin : %s)", f.Name, When(f.Until).Show(ctx))
		}
		all = append(all, name)
	}
	return text.List(ctx, all)
}

func (m *Module) branchTable(ctx context.Context, owners map[string]account.Structure) ui.Table[FactLine] {
	return ui.Table[FactLine]{Caption: text.T(ctx, "Antennes et comités"), Fold: true, Columns: []ui.Column[FactLine]{
		{Label: text.T(ctx, "Intitulé"), Head: true, Cell: func(f FactLine) templ.Component { return factName(f) }},
		{Label: text.T(ctx, "Structure"), Cell: owner(owners)},
		{Label: text.T(ctx, "Lieu"), Cell: ui.Words(func(f FactLine) string { return m.Places.Name(ctx, first(f.Record.Places)) })},
		{Label: text.T(ctx, "Nature"), Cell: func(f FactLine) templ.Component { return lineView(f.Fact.lines(ctx, m.Pack)[0]) }},
	}}
}

// actingTable leads from each theme to whom to turn to there.
func (m *Module) actingTable(ctx context.Context, code string) ui.Table[Acting] {
	return ui.Table[Acting]{Caption: text.T(ctx, "Qui agit, thème par thème"), Fold: true, Columns: []ui.Column[Acting]{
		{Label: text.T(ctx, "Thème"), Head: true, Cell: func(a Acting) templ.Component {
			return ui.A(ui.Link{Label: m.Themes.Label(ctx, a.Theme), Href: link(askPath, Search{Cut: Cut{Theme: a.Theme, Place: code}})})
		}},
		{Label: text.T(ctx, "Structures"), Cell: func(a Acting) templ.Component { return actingNames(a) }},
	}}
}

// lede says what the place is.
func (p territoryPage) lede(ctx context.Context) string {
	n := p.Proper.Total
	return text.N(ctx, n, "%s mission, programme ou moyen propre au territoire", "%s missions, programmes et moyens propres au territoire", text.Number(ctx, n)) + ", " +
		text.N(ctx, len(p.Territory.Branches), "%s antenne ou comité", "%s antennes et comités", text.Number(ctx, len(p.Territory.Branches))) + "."
}

// drawn are the territories of the map that the territory holds, itself among them.
func (p territoryPage) drawn() []string {
	return slices.DeleteFunc(p.m.Atlas.Codes(), func(code string) bool { return !p.m.Places.Within(code, p.Code) })
}

// along gathers what each of those has, in order and once.
func along[T any](p territoryPage, of func(code string) []T, key func(T) string) []T {
	seen, all := map[string]bool{}, []T{}
	for _, code := range p.drawn() {
		for _, x := range of(code) {
			if !seen[key(x)] {
				seen[key(x)], all = true, append(all, x)
			}
		}
	}
	return all
}

func itself(code string) string { return code }

// beside are the drawn territories around.
func (p territoryPage) beside(ctx context.Context) []ui.Link {
	around := along(p, p.m.Atlas.Beside, itself)
	return p.m.placeLinks(ctx, slices.DeleteFunc(around, func(code string) bool { return p.m.Places.Within(code, p.Code) }))
}

// inside are the territories right under.
func (p territoryPage) inside(ctx context.Context) []ui.Link {
	return p.m.placeLinks(ctx, p.m.Places.Children(p.Code))
}

func (m *Module) placeLinks(ctx context.Context, codes []string) []ui.Link {
	all := make([]ui.Link, len(codes))
	for i, code := range codes {
		all[i] = ui.Link{Label: m.Places.Name(ctx, code), Href: territoryPath(code)}
	}
	return all
}

// abroad names the countries that the territory touches, and the sea.
func (p territoryPage) abroad(ctx context.Context) string {
	var all []string
	for _, code := range along(p, p.m.Atlas.Abroad, itself) {
		if code == place.Sea {
			all = append(all, text.T(ctx, "la mer"))
		} else if c, ok := p.m.Atlas.Country(code); ok {
			all = append(all, c.Name(ctx))
		}
	}
	return text.List(ctx, all)
}

// posts names the border posts.
func (p territoryPage) posts() string {
	var all []string
	for _, post := range along(p, p.m.Atlas.Posts, func(x packs.Place) string { return x.Name }) {
		all = append(all, post.Name)
	}
	return strings.Join(all, ", ")
}

// more leads to the other facts: those that the page has no room for, and those of wider territories.
func (p territoryPage) more(ctx context.Context) []ui.Link {
	var all []ui.Link
	at := Search{Cut: Cut{Place: p.Code}}
	if p.Proper.Total > len(p.Proper.Rows) {
		all = append(all, ui.Link{Label: text.T(ctx, "Tout voir (%s)", text.Number(ctx, p.Proper.Total)), Href: link(factsPath, at)})
	}
	if at.Reach = Wider; p.Around > 0 {
		all = append(all, ui.Link{Label: text.T(ctx, "Ce qui vaut plus largement, donc ici aussi (%s)", text.Number(ctx, p.Around)), Href: link(factsPath, at)})
	}
	return all
}
