package account

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/text"
)

// contacts are the functions of those whom one calls in an institution.
var contacts = []access.Function{access.Focal, access.Deputy}

// Appointee is a focal point as a table of them says.
type Appointee struct {
	Name     string          `form:"name"`
	Function access.Function `form:"function"` // focal or deputy
	Email    string          `form:"email"`
	Phone    string          `form:"phone"`
	Mandate  Mandate         `form:"mandate"`
}

// Check collects what is wrong with what was typed.
func (a Appointee) Check(c *fault.Collect) {
	c.Need(slices.Contains(contacts, a.Function), "function", "Choisissez une fonction de la liste.")
	Person{Email: a.Email, Name: a.Name, Phone: a.Phone, Mandate: a.Mandate, Language: text.French}.check(c)
}

// Appointee is the person as a table of focal points shows them at an instant: without a
// function when they are none.
func (p Person) Appointee(now func(access.Function) bool) Appointee {
	a := Appointee{Name: p.Name, Email: p.Email, Phone: p.Phone, Mandate: p.Mandate}
	for _, f := range contacts {
		if a.Function == "" && now(f) {
			a.Function = f
		}
	}
	return a
}

// Staff is the people of an institution as who administers them sees them.
type Staff struct {
	People    []Person        // whose account is active, by name
	Locked    map[string]bool // identifiers of those whom the viewer may not administer
	Elsewhere map[string]bool // addresses of other accounts, by EmailKey: they cannot be invited
}

// Staff lists the people of an institution; it is forbidden to who may appoint nobody there.
func (m *Module) Staff(ctx context.Context, tx *db.Tx, v access.Viewer, structure string) (Staff, error) {
	s := Staff{Locked: map[string]bool{}, Elsewhere: map[string]bool{}}
	a, err := m.authority(ctx, tx, v, structure)
	if err != nil {
		return s, err
	}
	if !a.any() {
		return s, notYours()
	}
	all, err := serving(ctx, tx, structure)
	if err != nil {
		return s, err
	}
	for _, p := range all {
		if p.State == Active {
			s.People = append(s.People, p)
			s.Locked[p.ID] = !a.manages(p, m.Clock.Now())
		}
	}
	closed, err := m.heritage(ctx, tx, structure)
	if err != nil {
		return s, err
	}
	taken, err := db.Values[string](ctx, tx, `SELECT email_key FROM person WHERE NOT (state = 'active' AND structure_id IN json_list($1))`, db.JSON(append(closed, structure)))
	for _, key := range taken {
		s.Elsewhere[key] = true
	}
	return s, err
}

// Appoint makes somebody a focal point or a deputy of an institution within an act: somebody new,
// who is invited, or a person of it whose version was read.
func (m *Module) Appoint(ctx context.Context, act *journal.Act, structure, personID string, expect int64, a Appointee) error {
	if personID == "" {
		p := Person{Email: a.Email, Name: a.Name, Phone: a.Phone, Structure: structure, Clearance: access.Green, Language: text.French, Mandate: a.Mandate,
			Posts: []Post{{Function: a.Function, From: act.At}}}
		return m.invite(ctx, act, &p)
	}
	old, rights, err := m.managed(ctx, act, personID)
	if err != nil {
		return err
	}
	p := old
	if p.Name, p.Email, p.Phone, p.Mandate = a.Name, a.Email, a.Phone, a.Mandate; p.Appointee(never) != old.Appointee(never) {
		if err := m.edit(ctx, act, old, p, expect); err != nil {
			return err
		}
		p.Version = expect + 1
	}
	return m.post(ctx, act, rights, p, a.Function)
}

func never(access.Function) bool { return false }

// post gives a person one of the functions of contacts, in place of the other.
func (m *Module) post(ctx context.Context, act *journal.Act, rights authority, p Person, f access.Function) error {
	if _, held := p.holding(f, act.At); held {
		return nil
	}
	if !rights.appoints(p, f) {
		return notYours()
	}
	if err := give(ctx, act, &p, Post{Person: p.ID, Function: f, From: act.At}); err != nil {
		return err
	}
	for _, other := range contacts {
		if _, held := p.holding(other, act.At); held && other != f {
			return end(ctx, act, &p, other, act.At)
		}
	}
	return nil
}
