package accord

import (
	"context"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
)

// Find reads an accord that the viewer may see.
func (m *Module) Find(ctx context.Context, v access.Viewer, recordID string) (Found, error) {
	var f Found
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = find(ctx, tx, v, recordID)
		return err
	})
	return f, err
}

func find(ctx context.Context, tx *db.Tx, v access.Viewer, recordID string) (Found, error) {
	r, err := record.Find(ctx, tx, v, recordID, Kind)
	if err != nil {
		return Found{}, err
	}
	return found(r)
}

func found(r record.Record) (Found, error) {
	a, err := record.Decode[Accord](r)
	return Found{r, a}, err
}

// today is the present day in the country's zone.
func (m *Module) today() form.Date { return form.DateOf(m.Clock.Now().In(m.Zone)) }

// check puts what was typed about an accord in its one form, and collects what is wrong with it.
func (m *Module) check(ctx context.Context, tx *db.Tx, in *Drafting, f Found) error {
	all, err := m.People.Structures(ctx, tx)
	if err != nil {
		return err
	}
	members := map[string]bool{}
	for _, s := range account.Living(all) {
		members[s.ID] = true
	}
	in.Parties = signatories(f.Owner, in.Parties)
	var c fault.Collect
	record.CheckTitle(&c, &in.Title)
	in.Pact.check(&c, f, members, m.today())
	in.checkDuties(&c, in.Clauses, f.Clauses)
	return c.Fault()
}

// reach is who would read the accord: whom its author chose, and the parties.
func (m *Module) reach(ctx context.Context, tx *db.Tx, owner string, in Drafting) (circle.Resolved, error) {
	to, err := m.Circles.Resolve(ctx, tx, owner, in.Choice)
	if err != nil {
		return to, err
	}
	to.Audience = access.AudienceOf(owner, in.audience(to.Audience)...)
	return to, to.Marking.Check(owner, to.Audience)
}

// Write writes down a new accord of the viewer's institution.
func (m *Module) Write(ctx context.Context, v access.Viewer, in Drafting) (Found, error) {
	var f Found
	err := m.Log.Write(ctx, v, func(act *journal.Act) (err error) {
		f, err = m.write(ctx, act, in)
		return err
	})
	return f, err
}

func (m *Module) write(ctx context.Context, act *journal.Act, in Drafting) (Found, error) {
	own, err := m.People.Institution(ctx, act.Tx, act.By.Structure)
	if err != nil {
		return Found{}, err
	}
	numbers, err := record.Numbers(ctx, act, own.Slug, "ACC", act.At.In(m.Zone).Year(), 1)
	if err != nil {
		return Found{}, err
	}
	return m.writeAs(ctx, act, numbers[0], in)
}

// writeAs writes an accord of the actor's institution down under a number.
func (m *Module) writeAs(ctx context.Context, act *journal.Act, number string, in Drafting) (Found, error) {
	f := m.blank(act.By)
	f.Number = number
	if !act.By.Serves(f.Owner, authors...) {
		return f, fault.New(fault.Forbidden, "Votre fonction ne permet pas cette opération.")
	}
	if err := m.fill(ctx, act.Tx, &f, in); err != nil {
		return f, err
	}
	return f, record.Create(ctx, act, &f.Record, "accord.accord.drafted", f.Accord, f.words())
}

// blank is a new accord of the viewer's institution.
func (m *Module) blank(v access.Viewer) Found {
	return Found{record.Record{Kind: Kind, Owner: v.Structure, State: Life.Start()}, Accord{Fictitious: m.Fictitious}}
}

// fill puts what was said into an accord.
func (m *Module) fill(ctx context.Context, tx *db.Tx, f *Found, in Drafting) error {
	if err := m.check(ctx, tx, &in, *f); err != nil {
		return err
	}
	to, err := m.reach(ctx, tx, f.Owner, in)
	if err != nil {
		return err
	}
	f.Title, f.Pact, f.Marking, f.Audience = in.Title, in.Pact, to.Marking, to.Audience
	f.reword(in.Clauses)
	return nil
}

// Amend changes an accord of the viewer's institution. expect is the version that its author read.
func (m *Module) Amend(ctx context.Context, v access.Viewer, recordID string, expect int64, in Drafting) (Found, error) {
	return m.change(ctx, v, recordID, expect, "amended", func(act *journal.Act, f *Found) error {
		if err := kept(v, *f); err != nil {
			return err
		}
		return m.fill(ctx, act.Tx, f, in)
	})
}

// kept refuses whoever may not change an accord, and one that has ended.
func kept(v access.Viewer, f Found) error {
	switch {
	case !v.Serves(f.Owner, authors...):
		return fault.New(fault.Forbidden, "Seules les personnes de la structure qui a écrit cet accord le modifient.")
	case f.State == Ended:
		return fault.New(fault.Conflict, "Cet accord a pris fin. Remettez-le en vigueur pour le modifier.")
	}
	return nil
}

// Stated is what goes with a step.
type Stated struct {
	Reason string `json:"reason,omitempty" form:"reason" doc:"Why it ends"`
}

// Turn puts an accord into force, ends it or reopens it.
func (m *Module) Turn(ctx context.Context, v access.Viewer, recordID, verb string, expect int64, with Stated) (Found, error) {
	return m.change(ctx, v, recordID, expect, verb, turning(v, verb, with, m.today()))
}

// turning is a step of the life of an accord.
func turning(v access.Viewer, verb string, with Stated, today form.Date) func(*journal.Act, *Found) error {
	return func(act *journal.Act, f *Found) error {
		step, err := Life.Step(v, f.Owner, f.State, verb)
		if err != nil {
			return err
		}
		if verb == enforced && !f.signed(today) {
			return fault.New(fault.Conflict, unsigned)
		}
		f.Termination = nil
		if step.Asks != "" {
			var c fault.Collect
			c.Need(with.Reason != "", "reason", "Dites pourquoi il prend fin : les parties le liront.")
			limit(&c, "reason", with.Reason)
			f.Termination = &Termination{with.Reason, act.At}
			err = c.Fault()
		}
		f.State = step.To
		return err
	}
}

// Moving is where a clause stands, as whoever answers for it says.
type Moving struct {
	State ClauseState `json:"state" form:"state" enum:"open,doing,kept,dropped"`
	Note  string      `json:"note,omitempty" form:"note" doc:"What was done, or why it is not"`
}

// Move says where a clause stands.
func (m *Module) Move(ctx context.Context, v access.Viewer, recordID, clauseID string, in Moving) (Found, error) {
	return m.change(ctx, v, recordID, 0, "moved", moving(v, clauseID, in))
}

// moving is what whoever answers for a clause does to it.
func moving(v access.Viewer, clauseID string, in Moving) func(*journal.Act, *Found) error {
	return func(_ *journal.Act, f *Found) error {
		i := f.clause(clauseID)
		if i < 0 {
			return fault.Missing()
		}
		if err := f.movable(v, f.Clauses[i]); err != nil {
			return err
		}
		var c fault.Collect
		c.Need(clauseNames[in.State] != "", "state", "Choisissez un état de la liste.")
		limit(&c, "note", in.Note)
		f.Clauses[i].State, f.Clauses[i].Note = in.State, in.Note
		return c.Fault()
	}
}

// movable refuses whoever may not say where a clause stands, and an accord that is not in force.
func (f Found) movable(v access.Viewer, c Clause) error {
	switch {
	case !v.Serves(c.Structure, keepers...) && !v.Serves(f.Owner, keepers...):
		return fault.New(fault.Forbidden, "Le responsable, le point focal et son suppléant de la structure qui doit la clause, ou de celle qui a écrit l’accord, disent où elle en est.")
	case f.State != InForce:
		return fault.New(fault.Conflict, "Cet accord n’est pas en vigueur.")
	}
	return nil
}

// change finds an accord, applies a rule to it and stores its next version. expect is the version
// that its author read, 0 for what does not depend on it.
func (m *Module) change(ctx context.Context, v access.Viewer, recordID string, expect int64, verb string, rule func(*journal.Act, *Found) error) (Found, error) {
	var f Found
	err := m.Log.Write(ctx, v, func(act *journal.Act) (err error) {
		f, err = alter(ctx, act, recordID, expect, verb, rule)
		return err
	})
	return f, err
}

// alter is change within an act.
func alter(ctx context.Context, act *journal.Act, recordID string, expect int64, verb string, rule func(*journal.Act, *Found) error) (Found, error) {
	f, err := find(ctx, act.Tx, act.By, recordID)
	if err != nil {
		return f, err
	}
	now := f.Version
	if expect != 0 && expect != now {
		return f, record.Moved()
	}
	if err := rule(act, &f); err != nil {
		return f, err
	}
	return f, record.Change(ctx, act, &f.Record, now, "accord.accord."+verb, f.Accord, f.words())
}

// values prefills the form of an accord.
func (m *Module) values(ctx context.Context, tx *db.Tx, f Found) (Drafting, error) {
	choice, err := m.Circles.Of(ctx, tx, f.Owner, circle.Resolved{Marking: f.Marking, Audience: f.chosen()})
	said := f.Pact
	said.Parties = f.others()
	return Drafting{f.Title, said, f.duties(), choice}, err
}
