package account

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/id"
	"cadre/kit/text"
)

// Reach is who will see a record.
type Reach struct {
	Structures []string // identifiers: those that the audience names and those of the people, sorted
	People     []Reader // by name
	Public     bool     // anybody else too, signed in or not
}

// Reader is a person who will see a record.
type Reader struct {
	ID        string
	Name      string
	Structure string
}

// Reach tells who will see a record of the owner with that audience and marking: the
// active people of whom a principal is in the audience, and whose clearance is enough.
// It is the rule of access.Visible asked the other way round.
func (m *Module) Reach(ctx context.Context, tx *db.Tx, owner string, a access.Audience, marking access.Marking) (Reach, error) {
	all, err := m.Structures(ctx, tx)
	if err != nil {
		return Reach{}, err
	}
	a = access.AudienceOf(owner, append(slices.Clone(a), heirs(a, owner, all)...)...)
	people, err := db.All(ctx, tx, func(r *Reader) []any { return []any{&r.ID, &r.Name, &r.Structure} }, `
		SELECT person.id, person.name, person.structure_id FROM person
		WHERE person.state = 'active' AND person.clearance >= $2
		  AND ('public' IN json_list($1) OR 'person:' || person.id IN json_list($1)
		    OR ('members' IN json_list($1) OR 'structure:' || person.structure_id IN json_list($1))
		      AND EXISTS (SELECT 1 FROM person_function f WHERE f.person_id = person.id AND f.function <> 'technical'
		        AND f.from_at <= $3 AND (f.to_at IS NULL OR f.to_at > $3)))
		ORDER BY person.sort_key, person.id`, db.JSON(a), marking, m.Clock.Now())
	if err != nil {
		return Reach{}, err
	}
	structures := named(a, all)
	for _, p := range people {
		structures = append(structures, p.Structure)
	}
	slices.Sort(structures)
	return Reach{slices.Compact(structures), people, a.Has(access.Public) && marking == access.Clear}, nil
}

// heirs are the institutions that took over those of an audience: they read in their stead.
func heirs(a access.Audience, owner string, all []Structure) []access.Principal {
	var more []access.Principal
	for _, s := range all {
		if s.Heir != "" && (s.ID == owner || a.Has(access.Structure(s.ID))) {
			more = append(more, access.Structure(s.Heir))
		}
	}
	return more
}

// named lists the institutions that an audience names, all that are in the framework when it is open to every member.
func named(a access.Audience, all []Structure) []string {
	ids := a.Structures()
	if a.Has(access.Members) || a.Has(access.Public) {
		for _, s := range Living(all) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// Names gives the names of people by their identifiers; whoever was erased has none left.
func (m *Module) Names(ctx context.Context, tx *db.Tx, ids []string) (map[string]string, error) {
	type row struct {
		id, name string
		state    State
	}
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.id, &r.name, &r.state} },
		`SELECT id, name, state FROM person WHERE id IN json_list($1)`, db.JSON(ids))
	names := make(map[string]string, len(rows))
	for _, r := range rows {
		if r.state == Erased {
			r.name = text.T(ctx, "Personne effacée")
		}
		names[r.id] = r.name
	}
	return names, err
}

// Lookup finds an active person by identifier or address; it returns "" for nobody.
func (m *Module) Lookup(ctx context.Context, tx *db.Tx, key string) (string, error) {
	column := "email_key"
	if id.Valid(key) {
		column = "id"
	}
	ids, err := db.Values[string](ctx, tx, `SELECT id FROM person WHERE state = 'active' AND `+column+` = $1`, EmailKey(key))
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}

// Addresses lists the mail addresses of people, sorted; whoever was erased has none.
func (m *Module) Addresses(ctx context.Context, tx *db.Tx, ids []string) ([]string, error) {
	all, err := db.Values[string](ctx, tx, `SELECT email FROM person WHERE email <> '' AND id IN json_list($1)`, db.JSON(ids))
	slices.Sort(all)
	return all, err
}

// FocalPoint is whom to call in an institution.
type FocalPoint struct {
	Person     string // identifier
	Name       string
	Email      string
	Phone      string
	Function   access.Function // focal or deputy
	Mandate    Mandate
	Absence    Absence
	Absent     bool   // now
	Substitute string // name of who acts meanwhile, when the absent person has said so
	Acts       bool   // to call first: the focal points who are there, else their deputies
}

// FocalPoints lists the focal points of an institution and then their deputies, by name.
func (m *Module) FocalPoints(ctx context.Context, tx *db.Tx, structureID string) ([]FocalPoint, error) {
	people, err := serving(ctx, tx, structureID)
	if err != nil {
		return nil, err
	}
	now := m.Clock.Now()
	names := map[string]string{}
	var all []FocalPoint
	present := false
	for _, f := range []access.Function{access.Focal, access.Deputy} {
		for _, p := range people {
			names[p.ID] = p.Name
			if p.State != Active || !slices.Contains(p.Functions(now), f) {
				continue
			}
			point := FocalPoint{p.ID, p.Name, p.Email, p.Phone, f, p.Mandate, p.Absence, p.Absence.Covers(now), "", false}
			point.Acts = !point.Absent && (f == access.Focal || !present)
			present = present || f == access.Focal && point.Acts
			all = append(all, point)
		}
	}
	for i := range all {
		if all[i].Absent {
			all[i].Substitute = names[all[i].Absence.Substitute]
		}
	}
	return all, nil
}

// Commits reports whether a person may commit the institution they serve: its head
// may, and its focal point or acting deputy when their mandate says so.
func (m *Module) Commits(ctx context.Context, tx *db.Tx, v access.Viewer) (bool, error) {
	if v.Is(access.Head) {
		return true, nil
	}
	if !v.Is(access.Focal, access.Deputy) {
		return false, nil
	}
	p, err := find(ctx, tx, v.Person)
	return p.Mandate == CanCommit, err
}

// Correspondent is somebody to whom a mail may be sent.
type Correspondent struct {
	ID       string
	Email    string
	Language text.Lang
}

// Officer is somebody who answers for an institution: its head, a focal point or a deputy.
type Officer struct {
	access.Viewer
	Email    string
	Language text.Lang
	Absent   bool // now
}

// Officers lists those who answer for the institutions now, by name.
func (m *Module) Officers(ctx context.Context, tx *db.Tx) ([]Officer, error) {
	now := m.Clock.Now()
	people, err := db.All(ctx, tx, (*Person).fields, `SELECT `+personColumns+` FROM person
		WHERE state = 'active' AND EXISTS (SELECT 1 FROM person_function f WHERE f.person_id = person.id
			AND f.function IN ('head', 'focal', 'deputy') AND f.from_at <= $1 AND (f.to_at IS NULL OR f.to_at > $1))
		ORDER BY sort_key, id`, now)
	if err != nil {
		return nil, err
	}
	if err := withPosts(ctx, tx, people); err != nil {
		return nil, err
	}
	heritage := map[string][]string{} // by institution
	var all []Officer
	for _, p := range people {
		if _, known := heritage[p.Structure]; !known {
			if heritage[p.Structure], err = m.heritage(ctx, tx, p.Structure); err != nil {
				return nil, err
			}
		}
		o := Officer{identity(p, "", now).Viewer, p.Email, p.Language, p.Absence.Covers(now)}
		o.Heritage = heritage[p.Structure]
		all = append(all, o)
	}
	return all, nil
}

// Correspondents lists those of the people who have an open account, each once, by identifier.
func (m *Module) Correspondents(ctx context.Context, tx *db.Tx, ids []string) ([]Correspondent, error) {
	return db.All(ctx, tx, func(c *Correspondent) []any { return []any{&c.ID, &c.Email, &c.Language} },
		`SELECT id, email, language FROM person WHERE state = 'active' AND id IN json_list($1) ORDER BY id`, db.JSON(ids))
}
