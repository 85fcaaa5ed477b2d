package account

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/page"
	"cadre/kit/text"
)

// Profile is a person as a viewer sees them, with what the viewer may do to the account.
type Profile struct {
	Person
	Limited bool // the viewer runs the machine: name, institution and state only
	Invited bool // no password chosen yet
	TOTP    bool
	Manage  bool              // edit, reset, end sessions
	Switch  bool              // disable, enable, invite again
	Give    []access.Function // which functions the viewer gives and ends in that institution, to others
}

// sight is how much of an account a viewer sees.
type sight int

const (
	nothing sight = iota
	limited       // name, institution, state
	whole
)

// sees tells how much of the accounts of an institution the viewer sees.
func sees(v access.Viewer, structure string) sight {
	switch {
	case v.Is(access.Secretariat), v.Serves(structure, ofInstitution...), v.Serves(structure, access.Oversight):
		return whole
	case v.Is(access.Technical):
		return limited
	}
	return nothing
}

// limit hides what a viewer who only runs the machine does not see.
func (p Person) limit() Person {
	return Person{ID: p.ID, Name: p.Name, Structure: p.Structure, State: p.State, Version: p.Version}
}

// Show reads a person with what the viewer may do; a person whom the viewer may not see is missing.
func (m *Module) Show(ctx context.Context, v access.Viewer, personID string) (Profile, error) {
	var f Profile
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = m.show(ctx, tx, v, personID)
		return err
	})
	return f, err
}

func (m *Module) show(ctx context.Context, tx *db.Tx, v access.Viewer, personID string) (Profile, error) {
	p, a, err := m.seen(ctx, tx, v, personID)
	if err != nil {
		return Profile{}, err
	}
	s, err := secretOf(ctx, tx, p.ID)
	manage := a.manages(p, m.Clock.Now())
	f := Profile{Person: p, Invited: s.Password == "", TOTP: len(s.TOTP) > 0, Manage: manage, Switch: manage || switches(v, p), Give: a.give}
	if p.ID != v.Person && sees(v, p.Structure) == limited {
		f.Person, f.Limited, f.TOTP = p.limit(), true, false
	}
	return f, err
}

// switches reports whether the viewer may disable, enable and invite again because they run the machine.
func switches(v access.Viewer, p Person) bool {
	return v.Is(access.Technical) && within(v, access.ScopeAdmin) && p.ID != v.Person && p.State != Erased
}

// seen reads a person whom the viewer may see, and what the viewer may do in their institution.
func (m *Module) seen(ctx context.Context, tx *db.Tx, v access.Viewer, personID string) (Person, authority, error) {
	p, err := find(ctx, tx, personID)
	if err != nil {
		return p, authority{}, err
	}
	if p.State == Erased || p.ID != v.Person && sees(v, p.Structure) == nothing {
		return Person{}, authority{}, fault.Missing()
	}
	a, err := m.authority(ctx, tx, v, p.Structure)
	return p, a, err
}

// managed reads a person whose account the viewer administers: missing for whom does
// not see them, forbidden for whom does.
func (m *Module) managed(ctx context.Context, act *journal.Act, personID string) (Person, authority, error) {
	p, a, err := m.seen(ctx, act.Tx, act.By, personID)
	if err == nil && !a.manages(p, act.At) {
		err = notYours()
	}
	return p, a, err
}

func notYours() error {
	return fault.New(fault.Forbidden, "Vous n’administrez pas ce compte. Demandez-le au responsable de la structure ou au secrétariat permanent.")
}

// switched reads a person whose account the viewer may disable, enable and invite again.
func (m *Module) switched(ctx context.Context, act *journal.Act, personID string) (Person, error) {
	p, a, err := m.seen(ctx, act.Tx, act.By, personID)
	if err == nil && !a.manages(p, act.At) && !switches(act.By, p) {
		err = notYours()
	}
	return p, err
}

// People returns a page of the people whom the viewer may see, by name: those of
// their institution, or of all for the secretariat and whoever runs the machine.
func (m *Module) People(ctx context.Context, v access.Viewer, f Filter, r page.Request) (page.Of[Profile], error) {
	if !v.Is(access.Secretariat, access.Technical) {
		if f.Structure != "" && f.Structure != v.Structure || sees(v, v.Structure) == nothing {
			return page.Of[Profile]{}, fault.Missing()
		}
		f.Structure = v.Structure
	}
	var found page.Of[listed]
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if found, err = list(ctx, tx, f, r); err != nil {
			return err
		}
		people := make([]Person, len(found.Rows))
		for i, l := range found.Rows {
			people[i] = l.Person
		}
		if err := withPosts(ctx, tx, people); err != nil {
			return err
		}
		for i, p := range people {
			found.Rows[i].Person = p
		}
		return nil
	})
	out := page.Of[Profile]{From: found.From, Total: found.Total, Next: found.Next, Prev: found.Prev, Rows: []Profile{}}
	for _, l := range found.Rows {
		p := Profile{Person: l.Person, Invited: l.invited}
		if sees(v, l.Structure) == limited {
			p.Person, p.Limited = l.limit(), true
		}
		out.Rows = append(out.Rows, p)
	}
	return out, err
}

// Invitation asks for an account.
type Invitation struct {
	Structure string            `form:"structure" json:"structure,omitempty" doc:"Identifier or slug of the institution; one's own when absent"`
	Name      string            `form:"name" json:"name" doc:"A function title rather than a person's name"`
	Email     string            `form:"email" json:"email"`
	Phone     string            `form:"phone" json:"phone,omitempty"`
	Functions []access.Function `form:"functions" json:"functions"`
	Clearance string            `form:"clearance" json:"clearance" doc:"Code of a marking"`
	Language  text.Lang         `form:"language" json:"language" doc:"fr or en"`
	Mandate   Mandate           `form:"mandate" json:"mandate" doc:"can_commit or must_refer"`
}

// Invite opens an account and mails the link by which the person chooses a password.
func (m *Module) Invite(ctx context.Context, v access.Viewer, q Invitation) (Person, error) {
	var p Person
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		clearance, err := parseClearance(q.Clearance)
		if err != nil {
			return err
		}
		p = Person{Email: q.Email, Name: q.Name, Phone: q.Phone, Structure: q.Structure, Clearance: clearance, Language: q.Language, Mandate: q.Mandate}
		for _, f := range q.Functions {
			p.Posts = append(p.Posts, Post{Function: f, From: act.At})
		}
		return m.invite(ctx, act, &p)
	})
	return p, err
}

func parseClearance(code string) (access.Marking, error) {
	marking, err := access.ParseMarking(code)
	if err != nil {
		return 0, fault.Invalid("clearance", "Choisissez une habilitation de la liste.")
	}
	return marking, nil
}

// invite opens an account within the rights of who acts.
func (m *Module) invite(ctx context.Context, act *journal.Act, p *Person) error {
	if p.Structure == "" {
		p.Structure = act.By.Structure
	}
	s, err := m.Institution(ctx, act.Tx, p.Structure)
	if err != nil {
		return err
	}
	a, err := m.authority(ctx, act.Tx, act.By, s.ID)
	if err != nil {
		return err
	}
	if !a.any() {
		return fault.Missing()
	}
	if s.Closed {
		return left()
	}
	var c fault.Collect
	c.Need(len(p.Posts) > 0, "functions", "Choisissez au moins une fonction.")
	p.ID, p.Structure, p.State, p.Version, p.Created, p.Updated = id.New(), s.ID, Active, 1, act.At, act.At
	for i := range p.Posts {
		q := &p.Posts[i]
		q.ID, q.Person = id.New(), p.ID
		c.Need(a.gives(q.Function), "functions", "Vous ne pouvez pas confier cette fonction. Demandez-le au responsable de la structure ou au secrétariat permanent.")
	}
	c.Need(p.Clearance <= a.clearance, "clearance", "Vous ne pouvez pas accorder cette habilitation. Choisissez-en une autre.")
	p.check(&c)
	if err := c.Fault(); err != nil {
		return err
	}
	if moved, err := m.move(ctx, act, p); moved || err != nil {
		return err
	}
	if err := m.admit(ctx, act, p, "account.person.invited"); err != nil {
		return err
	}
	return m.sendInvitation(ctx, act, *p)
}

// Reinvite mails the link again to a person who has not chosen a password yet.
func (m *Module) Reinvite(ctx context.Context, v access.Viewer, personID string) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		p, err := m.switched(ctx, act, personID)
		if err != nil {
			return err
		}
		s, err := secretOf(ctx, act.Tx, p.ID)
		if err != nil {
			return err
		}
		if s.Password != "" || p.State != Active {
			return fault.New(fault.Conflict, "Cette personne a déjà choisi un mot de passe, ou son compte est désactivé.")
		}
		return m.sendInvitation(ctx, act, p)
	})
}

// Edition is what an administrator changes of an account.
type Edition struct {
	Name      string    `form:"name"`
	Email     string    `form:"email"`
	Phone     string    `form:"phone"`
	Clearance string    `form:"clearance"` // code of a marking
	Language  text.Lang `form:"language"`
	Mandate   Mandate   `form:"mandate"`
}

// Edition is the person as the form to edit them shows it.
func (p Person) Edition() Edition {
	return Edition{p.Name, p.Email, p.Phone, p.Clearance.Code(), p.Language, p.Mandate}
}

// Edit changes an account. expect is the version that the author read.
func (m *Module) Edit(ctx context.Context, v access.Viewer, personID string, expect int64, e Edition) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		p, a, err := m.managed(ctx, act, personID)
		if err != nil {
			return err
		}
		clearance, err := parseClearance(e.Clearance)
		if err != nil {
			return err
		}
		if clearance > a.clearance {
			return fault.Invalid("clearance", "Vous ne pouvez pas accorder cette habilitation. Choisissez-en une autre.")
		}
		old := p
		p.Name, p.Email, p.Phone, p.Clearance, p.Language, p.Mandate = e.Name, e.Email, e.Phone, clearance, e.Language, e.Mandate
		return m.edit(ctx, act, old, p, expect)
	})
}

// edit stores what was changed of an account. A change of address is told to both
// addresses, and links sent to the old one serve no more.
func (m *Module) edit(ctx context.Context, act *journal.Act, old, p Person, expect int64) error {
	var c fault.Collect
	p.check(&c)
	if err := c.Fault(); err != nil {
		return err
	}
	if err := p.save(ctx, act, expect, "account.person.edited"); err != nil || p.Email == old.Email {
		return err
	}
	if _, err := act.Exec(ctx, `DELETE FROM invitation WHERE person_id = $1 AND used_at IS NULL`, p.ID); err != nil {
		return err
	}
	for _, to := range []Person{old, p} {
		if err := m.mail(ctx, act, to, newsHeading, text.M("L’adresse de votre compte est maintenant %s.", p.Email), newsDoubt); err != nil {
			return err
		}
	}
	return nil
}

// Own is what people change of their own account.
type Own struct {
	Email    string    `form:"email"`
	Phone    string    `form:"phone"`
	Language text.Lang `form:"language"`
}

// EditOwn changes the viewer's own account; another address asks for a recent confirmation.
func (m *Module) EditOwn(ctx context.Context, v access.Viewer, expect int64, o Own) error {
	if err := administrative(v); err != nil {
		return err
	}
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		old, err := find(ctx, act.Tx, v.Person)
		if err != nil {
			return err
		}
		if o.Email != old.Email {
			if err := m.confirmedLately(ctx, act.Tx, v); err != nil {
				return err
			}
		}
		p := old
		p.Email, p.Phone, p.Language = o.Email, o.Phone, o.Language
		return m.edit(ctx, act, old, p, expect)
	})
}

// Announce announces the absence of a person, their own or that of one whom the viewer
// administers; the zero Absence takes it back. Who acts meanwhile is a deputy of the institution.
func (m *Module) Announce(ctx context.Context, v access.Viewer, personID string, a Absence) error {
	if err := administrative(v); err != nil {
		return err
	}
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		read := m.managed
		if personID == v.Person {
			read = m.seenBy
		}
		p, _, err := read(ctx, act, personID)
		if err != nil {
			return err
		}
		if a != (Absence{}) {
			if err := m.checkAbsence(ctx, act, p, a); err != nil {
				return err
			}
		}
		p.Absence = Absence{instant(a.From), instant(a.To), a.Substitute}
		return p.save(ctx, act, p.Version, "account.absence.announced")
	})
}

func (m *Module) seenBy(ctx context.Context, act *journal.Act, personID string) (Person, authority, error) {
	return m.seen(ctx, act.Tx, act.By, personID)
}

const longestAbsence = 366 * day

func (m *Module) checkAbsence(ctx context.Context, act *journal.Act, p Person, a Absence) error {
	var c fault.Collect
	c.Need(!a.From.IsZero(), "from", "Indiquez le premier jour de l’absence.")
	c.Need(a.To.After(a.From) && a.To.After(act.At), "to", "Le retour doit être à venir, après le début.")
	c.Need(a.To.Sub(a.From) <= longestAbsence, "to", "Un an au plus : au-delà, transmettez la fonction à quelqu’un d’autre.")
	if a.Substitute != "" {
		deputies, err := m.deputies(ctx, act.Tx, p, act.At)
		if err != nil {
			return err
		}
		known := slices.ContainsFunc(deputies, func(d Person) bool { return d.ID == a.Substitute })
		c.Need(known, "substitute", "Choisissez un suppléant de la structure.")
	}
	return c.Fault()
}

// deputies lists the deputies of a person's institution, without that person.
func (m *Module) deputies(ctx context.Context, tx *db.Tx, p Person, now time.Time) ([]Person, error) {
	all, err := serving(ctx, tx, p.Structure)
	return slices.DeleteFunc(all, func(d Person) bool {
		return d.ID == p.ID || d.State != Active || !slices.Contains(d.Functions(now), access.Deputy)
	}), err
}
