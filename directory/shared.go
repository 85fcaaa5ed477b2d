package directory

import (
	"cmp"
	"context"
	"slices"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/ui"
)

// Shared is a mission that several institutions say they lead, on the same theme and in the
// same territory. It is allowed, and it is a question that they have to settle.
type Shared struct {
	Theme  string   `json:"theme"`
	Place  string   `json:"place"`
	Owners []string `json:"structures" doc:"Acronyms"`
}

// SharedLeads lists the missions that several institutions say they lead, of those that the viewer may see.
func (m *Module) SharedLeads(ctx context.Context, v access.Viewer) ([]Shared, error) {
	var all []Shared
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = m.shared(ctx, tx, v)
		return err
	})
	return all, err
}

func (m *Module) shared(ctx context.Context, tx *db.Tx, v access.Viewer) ([]Shared, error) {
	type row struct{ head, scope, theme string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.head, &r.scope, &r.theme} }, `
		SELECT DISTINCT record.head, record.scope, record.theme FROM directory_tally record
		WHERE `+access.Visible+` AND record.axis = 'lead' AND record.top = '' AND record.role = 'leads' AND record.n > 0`, v.Args()...)
	if err != nil {
		return nil, err
	}
	names, err := m.Acronyms(ctx, tx)
	found := map[Cut][]string{}
	for _, r := range rows {
		at := Cut{Theme: r.theme, Place: r.scope}
		found[at] = append(found[at], names[r.head])
	}
	var all []Shared
	for at, owners := range found {
		if len(owners) > 1 {
			slices.Sort(owners)
			all = append(all, Shared{at.Theme, at.Place, owners})
		}
	}
	slices.SortFunc(all, func(a, b Shared) int { return cmp.Or(cmp.Compare(a.Theme, b.Theme), cmp.Compare(a.Place, b.Place)) })
	return all, err
}

// questions words what several institutions say they lead, each with the missions behind it.
func (m *Module) questions(ctx context.Context, all []Shared) []ui.Link {
	var out []ui.Link
	for _, s := range all {
		out = append(out, ui.Link{
			Label: text.T(ctx, "%s, %s : %s", m.Themes.Label(ctx, s.Theme), m.Places.Path(ctx, s.Place), text.List(ctx, s.Owners)),
			Href:  link(factsPath, Search{Cut: Cut{Theme: s.Theme, Place: s.Place, Role: leads, Kind: "mission"}, Alone: true, Reach: Exact}),
		})
	}
	return out
}
