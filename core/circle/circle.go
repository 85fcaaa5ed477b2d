// Package circle lets a person choose who will read a record, in one menu, and
// tells them in words before anything is saved: « Visible par 4 structures, 23
// personnes », with their names. Several circles may be chosen; the owner is always in.
package circle

import (
	"context"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
)

// Choice is what a person chose, as a form or the API sends it.
type Choice struct {
	Marking  string   `json:"marking" form:"marking" doc:"clear, green, amber, amber_strict, red or restricted"`
	Audience []string `json:"audience" form:"audience" doc:"Circles besides the owner: public, members, structure:SLUG or structure:ID, person:ADDRESS or person:ID"`
	People   string   `json:"-" form:"people"` // addresses, one a line, in a form
}

// Module knows the institutions and the people among whom one chooses.
type Module struct {
	DB           *db.DB
	Institutions func(context.Context, *db.Tx) ([]account.Structure, error)
	People       *account.Module
}

// Resolved is a choice understood.
type Resolved struct {
	Marking  access.Marking
	Audience access.Audience
}

// Resolve understands a choice for a record of the owner. Its faults are on the
// fields marking, audience and people.
func (m *Module) Resolve(ctx context.Context, tx *db.Tx, owner string, c Choice) (Resolved, error) {
	var wrong fault.Collect
	marking, err := access.ParseMarking(c.Marking)
	wrong.Add(err)
	institutions, err := m.Institutions(ctx, tx)
	if err != nil {
		return Resolved{}, err
	}
	circles := append([]string{}, c.Audience...)
	for address := range strings.FieldsSeq(strings.NewReplacer(",", " ", ";", " ").Replace(c.People)) {
		circles = append(circles, "person:"+address)
	}
	var chosen []access.Principal
	for _, circle := range circles {
		p, ok, err := m.principal(ctx, tx, institutions, circle)
		if err != nil {
			return Resolved{}, err
		}
		field := "audience"
		if strings.HasPrefix(circle, "person:") && c.People != "" {
			field = "people"
		}
		wrong.Need(ok, field, "« %s » ne désigne aucune structure ni aucune personne du cadre.", strings.TrimPrefix(circle, "person:"))
		chosen = append(chosen, p)
	}
	if err := wrong.Fault(); err != nil {
		return Resolved{}, err
	}
	audience := access.AudienceOf(owner, chosen...)
	return Resolved{marking, audience}, marking.Check(owner, audience)
}

func (m *Module) principal(ctx context.Context, tx *db.Tx, institutions []account.Structure, circle string) (access.Principal, bool, error) {
	key, value, _ := strings.Cut(circle, ":")
	switch key {
	case "public", "members":
		return access.Principal(key), value == "", nil
	case "structure":
		i := slices.IndexFunc(institutions, func(s account.Structure) bool { return s.ID == value || s.Slug == value })
		if i < 0 {
			return "", false, nil
		}
		return access.Structure(institutions[i].ID), true, nil
	case "person":
		id, err := m.People.Lookup(ctx, tx, value)
		return access.Person(id), id != "", err
	}
	return "", false, nil
}

// Of is the choice that stands behind a record, to prefill its form.
func (m *Module) Of(ctx context.Context, tx *db.Tx, owner string, r Resolved) (Choice, error) {
	c := Choice{Marking: r.Marking.Code()}
	for _, p := range r.Audience {
		if !strings.HasPrefix(string(p), "person:") && p != access.Structure(owner) {
			c.Audience = append(c.Audience, string(p))
		}
	}
	addresses, err := m.People.Addresses(ctx, tx, r.Audience.Persons())
	c.People = strings.Join(addresses, "\n")
	return c, err
}

// Preview is who will read a record, in words.
type Preview struct {
	Public     bool     `json:"public" doc:"Readable by everybody, without an account"`
	Structures []string `json:"structures" doc:"Acronyms of the institutions that will read"`
	People     []string `json:"people" doc:"Names of the people who will read"`
	Digest     string   `json:"-"` // of the marking and the audience, to know whether they have changed since

	// What a narrower circle cannot take back, of a record that is there already; see Narrow.
	Forgone   []string `json:"-"` // names of those of other institutions who have read it and will not any more
	WasPublic bool     `json:"-"` // everybody could read it, and will not any more

	people map[string]bool // identifiers of who will read
}

// Preview tells who will read.
func (m *Module) Preview(ctx context.Context, tx *db.Tx, owner string, r Resolved) (Preview, error) {
	p := Preview{Digest: r.Marking.Code() + "-" + access.AudienceID(r.Audience)}
	reach, err := m.People.Reach(ctx, tx, owner, r.Audience, r.Marking)
	if err != nil {
		return p, err
	}
	institutions, err := m.Institutions(ctx, tx)
	acronyms := map[string]string{}
	for _, i := range institutions {
		acronyms[i.ID] = i.Acronym
	}
	p.Public = reach.Public
	for _, s := range reach.Structures {
		p.Structures = append(p.Structures, acronyms[s])
	}
	p.people = map[string]bool{}
	for _, person := range reach.People {
		p.People = append(p.People, person.Name)
		p.people[person.ID] = true
	}
	return p, err
}

// Narrow adds to what was foreseen for a record who has read it and will not any more.
func (m *Module) Narrow(ctx context.Context, tx *db.Tx, v access.Viewer, r record.Record, p *Preview) error {
	if p.Public {
		return nil
	}
	p.WasPublic = slices.Contains(r.Audience, access.Public)
	readings, err := record.Readings(ctx, tx, v, r)
	if err != nil {
		return err
	}
	var lost []string
	for _, reading := range readings {
		if !p.people[reading.Person] && !slices.Contains(lost, reading.Person) {
			lost = append(lost, reading.Person)
		}
	}
	names, err := m.People.Names(ctx, tx, lost)
	for _, id := range lost {
		p.Forgone = append(p.Forgone, names[id])
	}
	slices.Sort(p.Forgone)
	return err
}

// Foresee tells who would read a record of the owner if the choice were saved.
func (m *Module) Foresee(ctx context.Context, owner string, c Choice) (Preview, error) {
	var p Preview
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		to, err := m.Resolve(ctx, tx, owner, c)
		if err != nil {
			return err
		}
		p, err = m.Preview(ctx, tx, owner, to)
		return err
	})
	return p, err
}
