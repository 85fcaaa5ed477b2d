package call

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
)

// Find reads a call that the viewer may see.
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
	c, err := record.Decode[Call](r)
	return Found{r, c}, err
}

// today is the present day in the country's zone.
func (m *Module) today() form.Date { return form.DateOf(m.Clock.Now().In(m.Zone)) }

// check collects what is wrong with what was typed.
func (m *Module) check(in Request, before Plan) error {
	var c fault.Collect
	c.Need(in.Title != "", "title", "Donnez un intitulé.")
	c.Need(len([]rune(in.Title)) <= record.MaxTitle, "title", "Trois cents caractères au plus.")
	c.Need(m.Themes.Valid(in.Theme), "theme", "Choisissez un thème de la liste.")
	c.Need(m.Places.Valid(in.Place), "place", "Choisissez un lieu de la liste.")
	in.Plan.check(&c, before, m.today())
	return c.Fault()
}

// sortOf is what a call of the viewer is.
func sortOf(v access.Viewer) Sort {
	if v.Is(access.Secretariat) {
		return Appeal
	}
	return Need
}

// Open writes down a need of the viewer's institution, or a call when they are of the secretariat.
func (m *Module) Open(ctx context.Context, v access.Viewer, in Request) (Found, error) {
	var f Found
	err := m.Log.Write(ctx, v, func(act *journal.Act) (err error) {
		f, err = m.open(ctx, act, in)
		return err
	})
	return f, err
}

func (m *Module) open(ctx context.Context, act *journal.Act, in Request) (Found, error) {
	own, err := m.People.Institution(ctx, act.Tx, act.By.Structure)
	if err != nil {
		return Found{}, err
	}
	numbers, err := record.Numbers(ctx, act, own.Slug, "APP", act.At.In(m.Zone).Year(), 1)
	if err != nil {
		return Found{}, err
	}
	return m.openAs(ctx, act, numbers[0], in)
}

// openAs writes a call of the actor's institution down under a number.
func (m *Module) openAs(ctx context.Context, act *journal.Act, number string, in Request) (Found, error) {
	v := act.By
	f := Found{record.Record{Kind: Kind, Number: number, Owner: v.Structure, State: Life.Start()}, Call{Sort: sortOf(v), Refusals: []Refusal{}, Fictitious: m.Fictitious}}
	if !v.Serves(f.Owner, authors...) {
		return f, fault.New(fault.Forbidden, "Votre fonction ne permet pas cette opération.")
	}
	if err := m.fill(ctx, act.Tx, &f, in); err != nil {
		return f, err
	}
	return f, record.Create(ctx, act, &f.Record, "call.call.opened", f.Call, f.words())
}

// fill puts what was said into a call.
func (m *Module) fill(ctx context.Context, tx *db.Tx, f *Found, in Request) error {
	if err := m.check(in, f.Plan); err != nil {
		return err
	}
	to, err := m.Circles.Resolve(ctx, tx, f.Owner, in.Choice)
	if err != nil {
		return err
	}
	f.Title, f.Themes, f.Places, f.Plan, f.Marking, f.Audience = in.Title, []string{in.Theme}, []string{in.Place}, in.Plan, to.Marking, to.Audience
	return nil
}

// Amend changes an open call of the viewer's institution. expect is the version that its author read.
func (m *Module) Amend(ctx context.Context, v access.Viewer, recordID string, expect int64, in Request) (Found, error) {
	return m.change(ctx, v, recordID, expect, "amended", func(act *journal.Act, f *Found) error {
		if err := kept(v, *f); err != nil {
			return err
		}
		return m.fill(ctx, act.Tx, f, in)
	})
}

// kept refuses whoever may not change a call, and one that is closed.
func kept(v access.Viewer, f Found) error {
	switch {
	case !v.Serves(f.Owner, authors...):
		return fault.New(fault.Forbidden, "Seules les personnes de la structure qui demande modifient cet appel.")
	case f.State != Open:
		return fault.New(fault.Conflict, "Cet appel est clos. Rouvrez-le pour le modifier.")
	}
	return nil
}

// Reasoned is what goes with a step.
type Reasoned struct {
	Reason string `json:"reason,omitempty" form:"reason" doc:"Why it is closed"`
}

// Turn closes a call or opens it again.
func (m *Module) Turn(ctx context.Context, v access.Viewer, recordID, verb string, expect int64, with Reasoned) (Found, error) {
	return m.change(ctx, v, recordID, expect, verb, turning(v, verb, with))
}

// turning is a step of the life of a call.
func turning(v access.Viewer, verb string, with Reasoned) func(*journal.Act, *Found) error {
	return func(act *journal.Act, f *Found) error {
		step, err := Life.Step(v, f.Owner, f.State, verb)
		if err != nil {
			return err
		}
		f.Closing = nil
		if step.Asks != "" {
			if err := reasoned(with.Reason, "Dites pourquoi : les autres structures le liront."); err != nil {
				return err
			}
			f.Closing = &Ending{with.Reason, act.At}
		}
		f.State = step.To
		return nil
	}
}

// reasoned refuses a reason that is missing or too long.
func reasoned(reason, missing string) error {
	var c fault.Collect
	c.Need(reason != "", "reason", missing)
	c.Need(len([]rune(reason)) <= maxReason, "reason", "%d caractères au plus.", maxReason)
	return c.Fault()
}

// Refuse says that the viewer's institution will not answer an open call, and why.
func (m *Module) Refuse(ctx context.Context, v access.Viewer, recordID string, with Reasoned) (Found, error) {
	return m.change(ctx, v, recordID, 0, "refused", refusing(v, with.Reason))
}

// refusing is what an institution that will not answer does to a call.
func refusing(v access.Viewer, reason string) func(*journal.Act, *Found) error {
	return func(act *journal.Act, f *Found) error {
		if err := asked(v, *f); err != nil {
			return err
		}
		if err := reasoned(reason, "Dites pourquoi votre structure n’y répondra pas."); err != nil {
			return err
		}
		f.refuse(Refusal{v.Structure, reason, act.At})
		return nil
	}
}

// asked refuses whoever may not answer a call for another institution.
func asked(v access.Viewer, f Found) error {
	switch {
	case !v.Serves(v.Structure, keepers...) || slices.Contains(v.Structures(), f.Owner):
		return fault.New(fault.Forbidden, "Le responsable, le point focal et son suppléant d’une autre structure répondent à un appel.")
	case f.State != Open:
		return fault.New(fault.Conflict, "Cet appel est clos.")
	}
	return nil
}

// change finds a call, applies a rule to it and stores its next version. expect is the version
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
	return f, record.Change(ctx, act, &f.Record, now, "call.call."+verb, f.Call, f.words())
}

// Standing lists the open calls that the viewer may see and that would help between two days, the newest first.
func Standing(ctx context.Context, tx *db.Tx, v access.Viewer, from, to form.Date, most int) ([]Found, error) {
	rows, err := record.Lately(ctx, tx, v, record.Filter{Kind: Kind, State: Open}, most)
	if err == nil {
		err = record.LoadSets(ctx, tx, rows)
	}
	var all []Found
	for _, r := range rows {
		f, err := found(r)
		if err != nil {
			return nil, err
		}
		if f.touches(from, to) {
			all = append(all, f)
		}
	}
	return all, err
}

// values prefills the form of a call.
func (m *Module) values(ctx context.Context, tx *db.Tx, f Found) (Request, error) {
	choice, err := m.Circles.Of(ctx, tx, f.Owner, circle.Resolved{Marking: f.Marking, Audience: f.Audience})
	return Request{f.Title, f.theme(), f.place(), f.Plan, choice}, err
}
