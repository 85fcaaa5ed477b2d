package activity

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/fault"
	"cadre/kit/id"
)

// verbs of the answers in the journal.
var answered = map[Verdict]string{Signed: "signed", Reserved: "reserved", Declined: "declined"}

// Sign records what the viewer's institution answers to the terms that the viewer has
// read. Two institutions may answer at once: an answer touches nobody else's.
func (m *Module) Sign(ctx context.Context, v access.Viewer, recordID string, given Answer) (Found, error) {
	verb, known := answered[given.Verdict]
	if !known {
		return Found{}, fault.Invalid("verdict", "Choisissez une des réponses proposées.")
	}
	return m.change(ctx, v, recordID, 0, verb, func(act *journal.Act, f *Found) error {
		p, err := m.pen(ctx, act, *f)
		if err != nil {
			return err
		}
		p.by = f.signer(v)
		if f.State != Concertation {
			if _, signs := f.signature(p.by.Structure); signs && f.State != Idea {
				return fault.New(fault.Conflict, "L’activité n’est plus en concertation.")
			}
			return fault.New(fault.Conflict, "L’activité n’est pas en concertation.")
		}
		return f.answer(p, given)
	})
}

// Wish is a change of the terms that a partner asks for, with its reason.
type Wish struct {
	Why   string `json:"why" form:"why"`
	Terms Terms  `json:"terms" doc:"The terms wanted, whole"`
}

// Ask proposes other terms, as a partner of the activity. expect is the version that
// its author read: on another the proposal would say something else than they meant.
func (m *Module) Ask(ctx context.Context, v access.Viewer, recordID string, expect int64, w Wish) (Found, error) {
	return m.change(ctx, v, recordID, expect, "asked", func(act *journal.Act, f *Found) error {
		v := f.speaker(v)
		if err := f.asks(v); err != nil {
			return err
		}
		today := f.CurrentTerms()
		var c fault.Collect
		c.Need(w.Why != "", "why", "Dites pourquoi.")
		limit(&c, "why", w.Why, maxLong)
		if err := m.checkTerms(ctx, act, *f, &w.Terms, &c); err != nil {
			return err
		}
		c.Need(len(today.Changed(w.Terms)) > 0, "", "Votre proposition ne change rien aux termes.")
		c.Need(len(f.Proposals) < maxProposals, "", "Cette activité a déjà reçu trop de propositions.")
		f.Proposals = append(slices.Clone(f.Proposals), Proposal{ID: id.New(), Structure: v.Structure, Person: v.Person, At: act.At,
			Why: w.Why, Base: f.Version, Before: today, After: w.Terms, State: Asked})
		return c.Fault()
	})
}

// asks refuses whoever may not ask for other terms, and an activity of which none may be asked.
func (f Found) asks(v access.Viewer) error {
	switch {
	case f.role(v.Structure) == "", !v.Serves(v.Structure, leaders...):
		return fault.New(fault.Forbidden, "Le responsable, le point focal et son suppléant d’une structure partenaire proposent un changement ; le chef de file modifie la fiche.")
	case !open(f.State), f.State == Idea:
		return closed(f.State)
	}
	return nil
}

// checkTerms holds terms that were asked for to the rules of a plan.
func (m *Module) checkTerms(ctx context.Context, act *journal.Act, f Found, t *Terms, c *fault.Collect) error {
	members, err := m.members(ctx, act.Tx)
	if err != nil {
		return err
	}
	t.Places = sorted(t.Places)
	c.Need(len(t.Places) > 0 && !slices.ContainsFunc(t.Places, func(code string) bool { return m.Places.Now(code) == "" }), "places", "Choisissez au moins un lieu, dans la liste.")
	wanted := f.Plan
	wanted.Purpose, wanted.Period, wanted.Budget, wanted.Partners = t.Purpose, t.Period, t.Budget, t.Partners
	wanted.Tasks = nil // the lead sees to tasks of who leaves
	wanted.check(c, m.Pack, f.Owner, members, f.Partners)
	t.Period = wanted.Period
	return nil
}

// Grant accepts an open proposal for the lead: its terms come into force, and reopen
// the signatures that they touch.
func (m *Module) Grant(ctx context.Context, v access.Viewer, recordID, proposal string, expect int64) (Found, error) {
	return m.settle(ctx, v, recordID, proposal, expect, "granted", func(f *Found, p *Proposal) error {
		terms, err := p.grant(f.CurrentTerms())
		if err != nil {
			return err
		}
		f.Purpose, f.Period, f.Places, f.Budget, f.Partners = terms.Purpose, terms.Period, terms.Places, terms.Budget, terms.Partners
		p.State = Granted
		f.Tasks = slices.Clone(f.Tasks)
		for i, t := range f.Tasks { // the tasks of who leaves come back to the lead
			if t.Structure != f.Owner && f.role(t.Structure) == "" {
				f.Tasks[i].Structure = f.Owner
			}
		}
		return nil
	})
}

// Refuse declines an open proposal for the lead, with a reason.
func (m *Module) Refuse(ctx context.Context, v access.Viewer, recordID, proposal string, expect int64, reason string) (Found, error) {
	return m.settle(ctx, v, recordID, proposal, expect, "refused", func(_ *Found, p *Proposal) error {
		var c fault.Collect
		c.Need(reason != "", "reason", "Dites pourquoi.")
		limit(&c, "reason", reason, maxLong)
		p.State, p.Answer = Refused, reason
		return c.Fault()
	})
}

func (m *Module) settle(ctx context.Context, v access.Viewer, recordID, proposal string, expect int64, verb string, rule func(*Found, *Proposal) error) (Found, error) {
	return m.change(ctx, v, recordID, expect, verb, func(act *journal.Act, f *Found) error {
		if err := m.led(v, *f, leaders); err != nil {
			return err
		}
		p, err := f.proposal(proposal)
		if err != nil {
			return err
		}
		p.Closed, p.ClosedBy = act.At, v.Person
		return rule(f, p)
	})
}

// WithdrawProposal takes back an open proposal of the viewer's own institution.
func (m *Module) WithdrawProposal(ctx context.Context, v access.Viewer, recordID, proposal string) (Found, error) {
	return m.change(ctx, v, recordID, 0, "withdrew", func(act *journal.Act, f *Found) error {
		p, err := f.proposal(proposal)
		if err != nil {
			return err
		}
		if !v.Serves(p.Structure, leaders...) {
			return fault.New(fault.Forbidden, "Une proposition est retirée par le responsable, le point focal ou son suppléant de la structure qui l’a faite.")
		}
		p.State, p.Closed, p.ClosedBy = Withdrawn, act.At, v.Person
		return nil
	})
}

// Join makes an institution a signatory of an activity that the institution of who acts leads:
// one that took no part in it, or was only to be asked or told.
func (m *Module) Join(ctx context.Context, act *journal.Act, recordID, structure string, role Role) error {
	_, err := m.alter(ctx, act, recordID, 0, "amended", func(act *journal.Act, f *Found) error {
		if err := m.led(act.By, *f, leaders); err != nil {
			return err
		}
		if f.role(structure).Signs() {
			return fault.New(fault.Conflict, "Cette structure prend déjà part à votre activité.")
		}
		members, err := m.members(ctx, act.Tx)
		if err != nil {
			return err
		}
		others := slices.DeleteFunc(slices.Clone(f.Partners), func(p Partner) bool { return p.Structure == structure })
		partners := append(others, Partner{structure, role})
		var c fault.Collect
		checkPartners(&c, partners, f.Owner, members, f.Partners)
		f.Partners = partners
		return c.Fault()
	})
	return err
}
