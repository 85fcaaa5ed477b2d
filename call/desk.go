package call

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/desk"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/text"
)

// How much the desk looks at, and how many mandates calls are compared with.
const (
	looked  = 50
	mandate = 500
)

// Tasks lists the calls that wait for the viewer's institution: those on its mandates that
// nothing that they see answers, and about which it has said nothing; and its own whose time is over.
func (m *Module) Tasks(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	if !v.Is(closers...) {
		return nil, nil
	}
	rows, err := record.Lately(ctx, tx, v, record.Filter{Kind: Kind, State: Open}, looked)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if err := record.LoadSets(ctx, tx, rows); err != nil {
		return nil, err
	}
	answered, err := record.Origins(ctx, tx, v, record.Serves, idsOf(rows))
	if err != nil {
		return nil, err
	}
	concerned, err := m.concerned(ctx, tx, v, rows)
	if err != nil {
		return nil, err
	}
	names, err := m.People.ShortNames(ctx, tx)
	var all []desk.Task
	for _, r := range rows {
		f, err := found(r)
		if err != nil {
			return nil, err
		}
		if t, ok := m.task(ctx, v, f, names, len(answered[f.ID]) > 0, concerned[f.ID]); ok {
			t.Title, t.Quoted, t.Href = f.Title, []text.Passage{text.Own(ctx, f.Title, "")}, Href(Kind, f.ID)+t.Href
			t.Wait.Marking = f.Marking
			all = append(all, t)
		}
	}
	return all, err
}

// task says what a call waits for from the viewer, if anything.
func (m *Module) task(ctx context.Context, v access.Viewer, f Found, names map[string]string, answered, concerned bool) (desk.Task, bool) {
	_, refused := f.refusal(v.Structure)
	switch {
	case slices.Contains(v.Structures(), f.Owner):
		over := !f.To.IsZero() && f.To.Compare(m.today()) < 0
		return desk.Task{Kind: text.T(ctx, "Appel dont la période est passée"), Why: f.when(ctx), Href: "#clore", Action: text.T(ctx, "Clore"), Due: f.To.In(m.Zone),
			Wait: desk.Wait{Matter: "over/" + f.ID, Since: f.To.In(m.Zone)}}, over
	case answered || refused || !concerned || !v.Is(keepers...):
		return desk.Task{}, false
	}
	return desk.Task{Kind: text.T(ctx, sortNames[f.Sort]), Action: text.T(ctx, "Répondre"), Href: "#repondre", Due: f.From.In(m.Zone),
		Why:  text.T(ctx, "%s demande qui agira : %s, %s.", names[f.Owner], m.Places.Name(ctx, f.place()), f.when(ctx)),
		Wait: desk.Wait{Matter: "call/" + f.ID, Since: f.Created}}, true
}

// concerned tells of which calls the viewer's institution has the mandate.
func (m *Module) concerned(ctx context.Context, tx *db.Tx, v access.Viewer, calls []record.Record) (map[string]bool, error) {
	var themes []string
	for _, r := range calls {
		themes = append(themes, first(r.Themes), m.Themes.Top(first(r.Themes)))
	}
	all, err := m.Mandates(ctx, tx, v, slices.Compact(slices.Sorted(slices.Values(themes))), mandate)
	is := map[string]bool{}
	for _, r := range calls {
		theme, place := first(r.Themes), first(r.Places)
		is[r.ID] = slices.ContainsFunc(all, func(x Mandate) bool {
			return slices.Contains(v.Structures(), x.Owner) && m.Themes.Covers(x.Theme, theme) && (m.Places.Within(place, x.Place) || m.Places.Within(x.Place, place))
		})
	}
	return is, err
}

func idsOf(all []record.Record) []string {
	var ids []string
	for _, r := range all {
		ids = append(ids, r.ID)
	}
	return ids
}
