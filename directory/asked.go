package directory

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/text"
	"cadre/packs"
)

// Direction is an institution to turn to, with what says why.
type Direction struct {
	Answer
	Structure account.Structure
	Mission   *FactLine
	Branch    *FactLine
	Lends     []FactLine
	Contacts  []account.FocalPoint // who acts today: the focal point, or the deputy
	Website   string               // its public one, empty when it is not known
	NotAsked  string               // what is not its business, empty when it says nothing
	NameEN    string               // courtesy translation of its name, or nothing
}

// answered is how many institutions an answer shows: a list of twenty helps nobody to choose.
const answered = 6

// Ask tells whom to turn to, from the facts that the viewer may see, the best first; nobody
// when no institution is competent.
func (m *Module) Ask(ctx context.Context, v access.Viewer, q Question) ([]Direction, error) {
	if err := m.checkQuestion(&q); err != nil {
		return nil, err
	}
	var all []Direction
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = m.ask(ctx, tx, v, q)
		return err
	})
	return all, err
}

func (m *Module) checkQuestion(q *Question) error {
	q.Place = m.orCountry(q.Place)
	var c fault.Collect
	c.Need(m.Themes.Valid(q.Theme), "theme", "Choisissez un thème de la liste.")
	c.Need(m.Places.Valid(q.Place), "lieu", "Choisissez un lieu de la liste.")
	c.Need(slices.Contains(Needs, q.Need), "besoin", "Choisissez ce dont vous avez besoin.")
	_, known := packs.Lookup(m.Pack.CapacityKinds, q.Means)
	c.Need(q.Means == "" || known, "moyen", "Choisissez une nature de moyen de la liste.")
	return c.Fault()
}

func (m *Module) ask(ctx context.Context, tx *db.Tx, v access.Viewer, q Question) ([]Direction, error) {
	names, err := m.institutions(ctx, tx)
	if err != nil {
		return nil, err
	}
	claims, err := m.claims(ctx, tx, v, q)
	if err != nil {
		return nil, err
	}
	ranked := rank(q, claims, m.Themes, m.Places, func(id string) string { return text.SortKey(names[id].Acronym) })
	var all []Direction
	for _, a := range ranked[:min(len(ranked), answered)] {
		all = append(all, Direction{Answer: a, Structure: names[a.Owner]})
	}
	return all, m.explain(ctx, tx, v, all)
}

// institutions gives every institution by identifier.
func (m *Module) institutions(ctx context.Context, tx *db.Tx) (map[string]account.Structure, error) {
	all, err := m.Institutions(ctx, tx)
	names := make(map[string]account.Structure, len(all))
	for _, s := range all {
		names[s.ID] = s
	}
	return names, err
}

// claims reads what may make an institution the answer: missions on the theme, above and
// below it, antennas there, and the means asked for.
func (m *Module) claims(ctx context.Context, tx *db.Tx, v access.Viewer, q Question) ([]claim, error) {
	here := Search{Cut: Cut{Place: q.Place}, Reach: Here}
	var all []claim
	for _, theme := range m.lineage(q.Theme) {
		s := here
		s.Theme, s.Kind, s.Alone = theme, "mission", true
		some, err := m.claimed(ctx, tx, v, s)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	also := []Search{}
	if q.Place != m.Places.Country() {
		s := here
		s.Kind = "branch"
		also = append(also, s)
	}
	if q.Need == Lend && q.Means != "" {
		s := here
		s.Kind, s.Means, s.Day = "capacity", q.Means, m.today()
		also = append(also, s)
	}
	for _, s := range also {
		some, err := m.claimed(ctx, tx, v, s)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// lineage is a theme, those under it and the one above.
func (m *Module) lineage(theme string) []string {
	all := m.subtree(theme)
	if top := m.Themes.Top(theme); top != theme {
		all = append(all, top)
	}
	return all
}

// today is the day in the country, as the facts write days.
func (m *Module) today() string { return m.Clock.Now().In(m.Zone).Format("2006-01-02") }

func (m *Module) claimed(ctx context.Context, tx *db.Tx, v access.Viewer, s Search) ([]claim, error) {
	where, args := m.where(v, s, nil)
	return db.All(ctx, tx, func(c *claim) []any {
		return []any{&c.id, &c.kind, &c.owner, &c.theme, &c.place, &c.role, &c.means}
	}, `SELECT record.id, record.kind, record.owner_id, record.theme, record.place, record.role, record.means
		FROM directory_fact record WHERE `+where, args...)
}

// explain reads the facts that say why, and who is there today.
func (m *Module) explain(ctx context.Context, tx *db.Tx, v access.Viewer, all []Direction) error {
	var wanted []string
	for _, d := range all {
		wanted = append(append(wanted, d.Answer.Mission, d.Answer.Branch), d.Answer.Lends...)
	}
	facts, err := m.named(ctx, tx, v, wanted)
	if err != nil {
		return err
	}
	for i := range all {
		d := &all[i]
		d.Mission, d.Branch = facts[d.Answer.Mission], facts[d.Answer.Branch]
		for _, id := range d.Answer.Lends {
			if f := facts[id]; f != nil {
				d.Lends = append(d.Lends, *f)
			}
		}
		if d.Contacts, err = m.acting(ctx, tx, d.Structure.ID); err != nil {
			return err
		}
		s, err := m.head(ctx, tx, v, d.Structure.ID)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		d.Website, d.NotAsked, d.NameEN = s.Website, s.NotAsked, s.NameEN
	}
	return nil
}

// named reads facts by identifier, those that the viewer may see.
func (m *Module) named(ctx context.Context, tx *db.Tx, v access.Viewer, wanted []string) (map[string]*FactLine, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	rows, err := db.All(ctx, tx, (*record.Record).Fields, `SELECT `+record.Columns+` FROM record WHERE `+access.Visible+` AND record.id IN json_list($3)`,
		v.Args(db.JSON(wanted))...)
	if err != nil {
		return nil, err
	}
	lines := make([]FactLine, len(rows))
	for i, r := range rows {
		lines[i].Record = r
	}
	err = complete(ctx, tx, lines)
	facts := map[string]*FactLine{}
	for i := range lines {
		facts[lines[i].ID] = &lines[i]
	}
	return facts, err
}

// acting lists who acts for an institution today.
func (m *Module) acting(ctx context.Context, tx *db.Tx, structure string) ([]account.FocalPoint, error) {
	all, err := m.People.FocalPoints(ctx, tx, structure)
	return slices.DeleteFunc(all, func(f account.FocalPoint) bool { return !f.Acts }), err
}
