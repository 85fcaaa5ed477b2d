package directory

import (
	"cmp"
	"context"
	"net/url"

	"cadre/core/access"
	"cadre/kit/text"
	"cadre/kit/ui"
)

// The pages of the directory that cross all of its sheets.
const (
	matrixPath = "/annuaire/matrice"
	askPath    = "/annuaire/a-qui"
	mapPath    = "/annuaire/carte"
	meansPath  = "/annuaire/moyens"
	unmetPath  = "/annuaire/sans-reponse"
	factsPath  = "/annuaire/faits"
)

// place is the territory that a code in an address means today: an address that was sent by mail
// before a territory was renamed or merged still leads there. What is no code stays as it is.
func (m *Module) place(code string) string { return cmp.Or(m.Places.Now(code), code) }

// searchOf reads a cut, or a search, from the address of a page; Values writes it. A filter
// is a part of the address, so that what is on screen can be sent by mail.
func (m *Module) searchOf(q url.Values) Search {
	return Search{
		Cut: Cut{Theme: q.Get("theme"), Place: m.place(q.Get("lieu")), Structure: q.Get("structure"), Nature: q.Get("nature"),
			Role: q.Get("role"), Kind: q.Get("type")},
		Alone: q.Get("seul") == "oui", Reach: q.Get("portee"), Means: q.Get("moyen"), Day: q.Get("jour"),
	}
}

// Values is the search as an address carries it, empty fields left out.
func (s Search) Values() url.Values {
	q := url.Values{}
	alone := ""
	if s.Alone {
		alone = "oui"
	}
	for name, value := range map[string]string{"theme": s.Theme, "lieu": s.Place, "structure": s.Structure, "nature": s.Nature, "role": s.Role,
		"type": s.Kind, "seul": alone, "portee": s.Reach, "moyen": s.Means, "jour": s.Day} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// link is an address of a page for a search; more are further parts of it, by pairs.
func link(path string, s Search, more ...string) string {
	q := s.Values()
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			q.Set(more[i], more[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Whom is the page that says whom to turn to for information on a theme, in a territory or in the
// whole country; without a theme, the page of the territory.
func Whom(theme, place string) string {
	if theme == "" {
		return territoryPath(place)
	}
	return Question{Theme: theme, Place: place, Need: Information}.address()
}

// views lead from each page of the directory to the others.
func views(ctx context.Context, current string) []ui.MenuItem {
	all := []ui.MenuItem{
		{Label: text.T(ctx, "Structures"), Href: "/structures"},
		{Label: text.T(ctx, "À qui m’adresser ?"), Href: askPath},
		{Label: text.T(ctx, "Matrice"), Href: matrixPath},
		{Label: text.T(ctx, "Carte"), Href: mapPath},
		{Label: text.T(ctx, "Moyens"), Href: meansPath},
	}
	for i := range all {
		all[i].Current = all[i].Href == current
	}
	return all
}

// choices are the answers of a facet that filters the page at path; count tells how many
// rows each leaves, and answers that leave none are left out.
func choices(path string, s Search, options []ui.Option, of func(*Search) *string, count func(string) int, more ...string) []ui.FacetChoice {
	var all []ui.FacetChoice
	for _, o := range options {
		n := 0
		if count != nil {
			if n = count(o.Value); n == 0 {
				continue
			}
		}
		next := s
		current := *of(&next) == o.Value
		*of(&next) = o.Value
		all = append(all, ui.FacetChoice{Label: o.Label, Href: link(path, next, more...), Count: n, Current: current})
	}
	return all
}

// chips are the filters in force, each a link that removes it.
func (m *Module) chips(ctx context.Context, path string, s Search, more ...string) []ui.Link {
	var all []ui.Link
	chip := func(label string, remove func(*Search)) {
		next := s
		remove(&next)
		all = append(all, ui.Link{Label: label, Href: link(path, next, more...)})
	}
	if s.Theme != "" {
		chip(m.Themes.Label(ctx, s.Theme), func(s *Search) { s.Theme, s.Alone = "", false })
	}
	if s.Place != "" {
		chip(m.placeWords(ctx, s), func(s *Search) { s.Place, s.Reach = "", "" })
	}
	if s.Structure != "" {
		chip(s.Structure, func(s *Search) { s.Structure = "" })
	}
	if s.Nature != "" {
		chip(term(ctx, m.Pack.Settings.Natures, s.Nature), func(s *Search) { s.Nature = "" })
	}
	if s.Role != "" {
		chip(term(ctx, m.Pack.Settings.Roles, s.Role), func(s *Search) { s.Role = "" })
	}
	if s.Kind != "" {
		chip(text.T(ctx, kindName(s.Kind)), func(s *Search) { s.Kind = "" })
	}
	if s.Means != "" {
		chip(term(ctx, m.Pack.CapacityKinds, s.Means), func(s *Search) { s.Means = "" })
	}
	if s.Day != "" {
		chip(text.T(ctx, "le %s", When(s.Day).Show(ctx)), func(s *Search) { s.Day = "" })
	}
	return all
}

// placeWords names the place of a search with its reach.
func (m *Module) placeWords(ctx context.Context, s Search) string {
	name := m.Places.Path(ctx, s.Place)
	switch s.Reach {
	case Exact:
		return text.T(ctx, "%s, dans son ensemble", name)
	case Wider:
		return text.T(ctx, "autour de : %s", name)
	case Here:
		return text.T(ctx, "vaut pour : %s", name)
	}
	return name
}

// kindName is the key of the name of a kind of fact.
func kindName(code string) string {
	k, err := kindOfCode(code)
	if err != nil {
		return ""
	}
	return k.one
}

// highest is the widest marking of some facts: that of the page which shows them.
func highest(facts []FactLine) access.Marking {
	return access.Highest(facts, func(f FactLine) access.Marking { return f.Marking })
}

// PublicPages lists the addresses of the pages that anybody may read, but the sheets: the
// views of the whole, and each territory down to the préfecture.
func (m *Module) PublicPages() []string {
	all := []string{"/structures", askPath, matrixPath, mapPath, meansPath}
	for _, code := range m.Places.Under(m.Places.Country()) {
		if m.Places.Wide(code) {
			all = append(all, territoryPath(code))
		}
	}
	return all
}
