package directory

import (
	"cmp"
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/desk"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/ui"
)

// Shared is a mission that several institutions say they lead: on the same theme, each in the
// territory or in one around it. It is allowed, and it is a question that they have to settle.
type Shared struct {
	Theme  string
	Place  string   // the narrowest of their territories
	Alike  bool     // all of them say so of that very territory
	Owners []string // identifiers, by acronym
	Names  []string // their acronyms
}

// sharedShown is how many such questions a page shows; its filters lead to the others.
const sharedShown = 20

// SharedLeads lists the missions that several institutions say they lead, of those that the
// viewer may see and the cut keeps.
func (m *Module) SharedLeads(ctx context.Context, v access.Viewer, c Cut) ([]Shared, error) {
	var all []Shared
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = m.shared(ctx, tx, v, c)
		return err
	})
	return all, err
}

func (m *Module) shared(ctx context.Context, tx *db.Tx, v access.Viewer, c Cut) ([]Shared, error) {
	type row struct{ head, scope, theme string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.head, &r.scope, &r.theme} }, `
		SELECT DISTINCT record.head, record.scope, record.theme FROM directory_tally record
		WHERE `+access.Visible+` AND record.axis = 'lead' AND record.top = '' AND record.role = 'leads' AND record.n > 0`, v.Args()...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	names, err := m.institutions(ctx, tx)
	led := leaders{}
	for _, r := range rows {
		at := Cut{Theme: r.theme, Place: r.scope}
		led[at] = append(led[at], r.head)
	}
	var all []Shared
	for at := range led {
		if s := m.sharing(led, at); len(s.Owners) > 1 && m.keptBy(c, s, names) {
			all = append(all, s.named(names))
		}
	}
	slices.SortFunc(all, func(a, b Shared) int { return cmp.Or(cmp.Compare(a.Theme, b.Theme), cmp.Compare(a.Place, b.Place)) })
	return all, err
}

// leaders are the institutions that say they lead, by theme and place.
type leaders map[Cut][]string

// sharing gathers who says to lead on a theme in a place or around it; nobody when those are
// the same as around it alone: the question stands there.
func (m *Module) sharing(led leaders, at Cut) Shared {
	s := Shared{Theme: at.Theme, Place: at.Place, Owners: slices.Clone(led[at])}
	around := map[string]bool{}
	for _, up := range m.above(at.Place) {
		for _, owner := range led[Cut{Theme: at.Theme, Place: up}] {
			around[owner] = true
		}
	}
	if !slices.ContainsFunc(s.Owners, func(owner string) bool { return !around[owner] }) {
		return Shared{}
	}
	for owner := range around {
		if !slices.Contains(s.Owners, owner) {
			s.Owners = append(s.Owners, owner)
		}
	}
	s.Alike = len(s.Owners) == len(led[at])
	return s
}

// keptBy reports whether a cut keeps a question: on its theme, in its territory or around it, of its institution.
func (m *Module) keptBy(c Cut, s Shared, names map[string]account.Structure) bool {
	return (c.Theme == "" || slices.Contains(m.subtree(c.Theme), s.Theme)) &&
		(c.Place == "" || m.Places.Within(s.Place, c.Place) || m.Places.Within(c.Place, s.Place)) &&
		(c.Structure == "" || slices.ContainsFunc(s.Owners, func(id string) bool { return id == c.Structure || names[id].Slug == c.Structure }))
}

// named puts the institutions of a question in the order of their acronyms.
func (s Shared) named(names map[string]account.Structure) Shared {
	slices.SortFunc(s.Owners, func(a, b string) int {
		return cmp.Or(cmp.Compare(text.SortKey(names[a].Acronym), text.SortKey(names[b].Acronym)), cmp.Compare(a, b))
	})
	for _, id := range s.Owners {
		s.Names = append(s.Names, names[id].Acronym)
	}
	return s
}

// questions words what several institutions say they lead, each with the missions behind it.
func (m *Module) questions(ctx context.Context, all []Shared) []ui.Link {
	var out []ui.Link
	for _, s := range all[:min(len(all), sharedShown)] {
		behind := Search{Cut: Cut{Theme: s.Theme, Place: s.Place, Role: leads, Kind: "mission"}, Alone: true, Reach: Here}
		if s.Alike {
			behind.Reach = Exact
		}
		out = append(out, ui.Link{
			Label: text.T(ctx, "%s, %s : %s", m.Themes.Label(ctx, s.Theme), m.Places.Path(ctx, s.Place), text.List(ctx, s.Names)),
			Href:  link(factsPath, behind),
		})
	}
	return out
}

// sharedTask tells the secretariat of the missions that several institutions say they lead.
func (m *Module) sharedTask(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	all, err := m.shared(ctx, tx, v, Cut{})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return []desk.Task{{Kind: text.T(ctx, "Missions partagées"), Href: matrixPath + "#" + sharedSection, Action: text.T(ctx, "Voir"),
		Title: text.N(ctx, len(all), "%d mission que plusieurs structures disent conduire", "%d missions que plusieurs structures disent conduire", len(all)),
		Why:   m.questions(ctx, all[:1])[0].Label + "."}}, nil
}

// sharedSection is where a page asks these questions.
const sharedSection = "partagees"
