package synergy

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/text"
	"cadre/packs"
)

// Verdict is what an institution does about a pair of activities.
type Verdict string

// The verdicts.
const (
	Joined    Verdict = "joined"    // it asked the other to organise with it
	Warned    Verdict = "warned"    // it told the other
	Dismissed Verdict = "dismissed" // it found it beside the point
)

// Motive is why a pair is beside the point.
type Motive string

// The motives. Unrelated alone says that the program was wrong: it teaches the threshold.
const (
	Unrelated Motive = "unrelated"
	Settled   Motive = "settled"
	Vague     Motive = "vague"
	Other     Motive = "other"
)

// Motives lists the motives with their words, keys of the catalogue.
var Motives = []struct {
	Code Motive
	Name string
}{
	{Unrelated, text.Key("Ce n’est pas la même chose")},
	{Settled, text.Key("Nous nous sommes déjà entendus")},
	{Vague, text.Key("Les dates ou les lieux sont encore incertains")},
	{Other, text.Key("Une autre raison")},
}

// keepers are those who answer for their institution.
var keepers = []access.Function{access.Head, access.Focal, access.Deputy}

// The greatest lengths of texts, in characters, and of what was saved.
const (
	maxNote  = 2000
	maxDays  = 10_000
	maxMoney = 1_000_000_000_000
)

// Reply is what a person says of a pair for their institution.
type Reply struct {
	Verdict Verdict `json:"verdict" form:"verdict" enum:"joined,warned,dismissed"`
	Reason  Motive  `json:"reason,omitempty" form:"reason" enum:"unrelated,settled,vague,other" doc:"Of a dismissal"`
	Note    string  `json:"note,omitempty" form:"note" doc:"What the other is told, or why the pair is set aside"`
}

// check collects what is wrong with the reply.
func (r Reply) check() error {
	var c fault.Collect
	c.Need(slices.Contains([]Verdict{Joined, Warned, Dismissed}, r.Verdict), "verdict", "Choisissez une des réponses proposées.")
	known := slices.ContainsFunc(Motives, func(m struct {
		Code Motive
		Name string
	}) bool {
		return m.Code == r.Reason
	})
	c.Need(r.Verdict != Dismissed || known, "reason", "Choisissez une raison de la liste.")
	c.Need(r.Verdict != Warned || r.Note != "", "note", "Écrivez ce que l’autre structure doit savoir.")
	c.Need(r.Verdict != Dismissed || r.Reason != Other || r.Note != "", "note", "Dites quelle est cette raison.")
	c.Need(len([]rune(r.Note)) <= maxNote, "note", "%d caractères au plus.", maxNote)
	return c.Fault()
}

// Pair is two activities as a viewer sees them, the first of which is their institution's
// when one is, with what there is to say of them.
type Pair struct {
	Mine, Theirs Planned
	Finding
	Answers []Answer // of the institutions that take part in one of them
}

// answer is what an institution did about the pair, or the zero Answer.
func (p Pair) answer(structure string) Answer {
	i := slices.IndexFunc(p.Answers, func(a Answer) bool { return a.Structure == structure })
	if i < 0 {
		return Answer{}
	}
	return p.Answers[i]
}

// pair reads two activities that the viewer may see, and what there is to say of them.
func (m *Module) pair(ctx context.Context, tx *db.Tx, v access.Viewer, one, other string) (Pair, error) {
	var p Pair
	var err error
	if p.Mine, err = m.Find(ctx, tx, v, one); err != nil {
		return p, err
	}
	if p.Theirs, err = m.Find(ctx, tx, v, other); err != nil {
		return p, err
	}
	if one == other {
		return p, fault.Missing()
	}
	if !p.Mine.takesPart(v.Structure) && p.Theirs.takesPart(v.Structure) {
		p.Mine, p.Theirs = p.Theirs, p.Mine
	}
	mandates, err := m.mandates(ctx, tx, v, p.Mine, p.Theirs)
	if err != nil {
		return p, err
	}
	p.Finding = m.formula.Judge(p.Mine, p.Theirs, mandates)
	answers, err := answersTo(ctx, tx, v, p.Mine.ID)
	for _, a := range answers {
		if a.other(p.Mine.ID) == p.Theirs.ID {
			p.Answers = append(p.Answers, a)
		}
	}
	return p, err
}

// Answer records what the viewer's institution does about a pair, and does it: it asks the
// other institution to organise with it, or tells it. expect is the version of the answer
// that its author had read, zero for none. The actor must answer for an institution that
// leads or takes part in the first activity; a pair of which one cannot be seen is missing.
func (m *Module) Answer(ctx context.Context, v access.Viewer, one, other string, expect int64, in Reply) (Answer, error) {
	if err := in.check(); err != nil {
		return Answer{}, err
	}
	var a Answer
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		p, err := m.answerable(ctx, act.Tx, v, one, other)
		if err != nil {
			return err
		}
		before := p.answer(v.Structure)
		a = Answer{ID: before.ID, Structure: v.Structure, Kind: p.Kind, Points: p.Points, Verdict: in.Verdict, Note: in.Note, Days: before.Days, Money: before.Money, At: act.At}
		if a.Kind == "" { // what it was when it was answered first
			a.Kind = before.Kind
		}
		if a.Kind == "" {
			return fault.New(fault.Conflict, "Ces deux activités ne se touchent plus : l’une a changé entre-temps.")
		}
		if in.Verdict == Dismissed {
			a.Reason = in.Reason
		}
		if err := m.act(ctx, act, v, p, in); err != nil {
			return err
		}
		return m.keep(ctx, act, &a, p, before, expect, string(in.Verdict))
	})
	return a, err
}

// act does what the reply says.
func (m *Module) act(ctx context.Context, act *journal.Act, v access.Viewer, p Pair, in Reply) error {
	switch {
	case in.Verdict == Joined && p.Mine.Lead != v.Structure:
		return fault.New(fault.Forbidden, "Seul le chef de file associe une structure à son activité.")
	case in.Verdict == Joined && p.Mine.takesPart(p.Theirs.Lead):
		return fault.New(fault.Conflict, "Cette structure prend déjà part à votre activité.")
	case in.Verdict == Joined:
		return m.Join(ctx, act, p.Mine.ID, p.Theirs.Lead)
	case in.Verdict == Warned:
		return fault.At("note", m.Tell(ctx, act, p.Theirs.ID, in.Note))
	}
	return nil
}

// answerable reads a pair about which the viewer may answer for their institution.
func (m *Module) answerable(ctx context.Context, tx *db.Tx, v access.Viewer, one, other string) (Pair, error) {
	p, err := m.pair(ctx, tx, v, one, other)
	if err == nil && (!v.Is(keepers...) || !p.Mine.takesPart(v.Structure)) {
		err = fault.New(fault.Forbidden, "Le responsable, le point focal et son suppléant d’une structure qui prend part à l’une des activités répondent pour elle.")
	}
	return p, err
}

// keep stores an answer over the one before and journals it.
func (m *Module) keep(ctx context.Context, act *journal.Act, a *Answer, p Pair, before Answer, expect int64, verb string) error {
	if before.Version != expect {
		return fault.New(fault.Conflict, "Votre structure a répondu autrement entre-temps. Rechargez la page.")
	}
	if a.ID == "" {
		a.ID = id.New()
	}
	a.Version = before.Version + 1
	a.First, a.Second = pairOf(p.Mine.ID, p.Theirs.ID)
	if err := put(ctx, act.Tx, *a); err != nil {
		return err
	}
	return act.Record(ctx, "synergy.pair."+verb, a.ID, a.Version, a)
}

// Gain is what an institution says that an arrangement saved it. Nothing is reckoned: nil is not said.
type Gain struct {
	Days  *int64 `json:"days,omitempty" form:"days" doc:"Days saved"`
	Money *int64 `json:"money,omitempty" form:"money" doc:"Saved, in the country's currency"`
}

// Value records what an arrangement saved the viewer's institution, which has answered it before.
func (m *Module) Value(ctx context.Context, v access.Viewer, one, other string, expect int64, g Gain) (Answer, error) {
	var c fault.Collect
	c.Need(g.Days == nil || *g.Days >= 0 && *g.Days <= maxDays, "days", "Donnez un nombre entre 0 et dix mille.")
	c.Need(g.Money == nil || *g.Money >= 0 && *g.Money <= maxMoney, "money", "Donnez un montant entre 0 et mille milliards.")
	if err := c.Fault(); err != nil {
		return Answer{}, err
	}
	var a Answer
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		p, err := m.answerable(ctx, act.Tx, v, one, other)
		if err != nil {
			return err
		}
		a = p.answer(v.Structure)
		if a.Verdict != Joined && a.Verdict != Warned && a.Reason != Settled {
			return fault.New(fault.Conflict, "Dites d’abord ce que votre structure a fait de ce rapprochement.")
		}
		before := a
		a.Days, a.Money = g.Days, g.Money
		return m.keep(ctx, act, &a, p, before, expect, "valued")
	})
	return a, err
}

// Lesson is by how many points what an institution set aside has raised its own threshold.
// Each overlap that it found unfounded in the pack's number of days counts one step,
// each that it acted on takes one back; it is never below zero, and never as much as would
// hide a strong overlap. What others set aside, which it may not know, changes nothing.
func (m *Module) Lesson(ctx context.Context, tx *db.Tx, v access.Viewer) (int, error) {
	w := m.Pack.Synergy.Learn
	if v.Structure == "" {
		return 0, nil
	}
	unfounded, acted, err := weighed(ctx, tx, v, m.Clock.Now().AddDate(0, 0, -w.Days))
	return lesson(w, unfounded, acted), err
}

func lesson(w packs.Learn, unfounded, acted int) int {
	return min(max(unfounded-acted, 0)*w.Step, w.Most)
}
