package directory

import (
	"context"

	"cadre/core/access"
	"cadre/core/desk"
	"cadre/core/record"
	"cadre/core/search"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/page"
	"cadre/kit/text"
)

// Tasks lists what waits for the keepers of a sheet, to confirm it and to fill in
// what it lacks; and for the secretariat, to remind those who have not confirmed theirs, and to
// settle what several say they lead or nobody does.
func (m *Module) Tasks(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	own, err := m.ownTasks(ctx, tx, v)
	if err != nil || !v.Is(access.Secretariat) {
		return own, err
	}
	late, err := m.late(ctx, tx, v)
	if err != nil {
		return own, err
	}
	unmet, err := m.unmetTask(ctx, tx, v)
	if err != nil {
		return own, err
	}
	shared, err := m.sharedTask(ctx, tx, v)
	own = append(append(own, unmet...), shared...)
	if err != nil || len(late) == 0 {
		return own, err
	}
	return append(own, desk.Task{Kind: text.T(ctx, "Fraîcheur des fiches"), Href: freshnessPath, Action: text.T(ctx, "Voir"),
		Title: text.N(ctx, len(late), "%d fiche non vérifiée depuis un an", "%d fiches non vérifiées depuis un an", len(late)),
		Why:   text.List(ctx, late) + "."}), nil
}

// late lists the acronyms of the visible structures whose sheet nobody has confirmed for a year.
func (m *Module) late(ctx context.Context, tx *db.Tx, v access.Viewer) ([]string, error) {
	found, err := list(ctx, tx, v, m.below(Filter{}), page.Request{Cursor: page.Cursor{From: 1}, Limit: page.Max})
	if err != nil {
		return nil, err
	}
	var all []string
	for _, b := range found.Rows {
		s, err := record.Decode[Structure](b.Record)
		if err != nil {
			return nil, err
		}
		if s.Freshness(m.Clock.Now()) == Expired {
			all = append(all, s.Acronym)
		}
	}
	return all, nil
}

func (m *Module) ownTasks(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	if !keeps(v, v.Structure) {
		return nil, nil
	}
	s, err := m.find(ctx, tx, v, v.Structure)
	if fault.KindOf(err) == fault.NotFound || s.Structure.Closed != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []desk.Task
	sheet := "/structures/" + s.Slug
	if s.Freshness(m.Clock.Now()) != Fresh {
		t := desk.Task{Kind: text.T(ctx, "Fiche de la structure"), Title: text.T(ctx, "Vérifier la fiche « %s »", s.Acronym), Href: sheet + "/confirmer", Action: text.T(ctx, "Relire et confirmer"),
			Why: text.T(ctx, "Chaque fiche est vérifiée une fois par an."), Wait: s.wait()}
		if s.Confirmed != nil {
			t.Due = s.Confirmed.At.Add(old)
		}
		all = append(all, t)
	}
	if missing := s.missing(); len(missing) > 0 {
		all = append(all, desk.Task{Kind: text.T(ctx, "Fiche de la structure"), Title: text.T(ctx, "Compléter la fiche « %s »", s.Acronym), Href: sheet, Action: text.T(ctx, "Compléter"),
			Why: text.T(ctx, "Il manque :") + " " + text.List(ctx, translated(ctx, missing)) + "."})
	}
	return all, nil
}

// Acronyms gives the short name of every institution by identifier.
func (m *Module) Acronyms(ctx context.Context, tx *db.Tx) (map[string]string, error) {
	institutions, err := m.Institutions(ctx, tx)
	names := map[string]string{}
	for _, i := range institutions {
		names[i.ID] = i.Called(ctx)
	}
	return names, err
}

// Href is the page of a record of the directory.
func Href(kind, id string) string {
	if kind == structureKind {
		return "/structures/" + id
	}
	return "/faits/" + id
}

// Kinds lists the kinds of records of the directory, for search.
func Kinds() []search.Kind {
	all := []search.Kind{{Code: structureKind, Name: text.Key("Structure")}}
	for _, k := range kinds {
		all = append(all, search.Kind{Code: k.record, Name: k.one})
	}
	return all
}
