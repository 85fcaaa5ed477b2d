package activity_test

import (
	"fmt"
	"slices"
	"testing"

	"cadre/activity"
	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"

	"pgregory.net/rapid"
)

// walk is a random life of one activity, among people who try whatever comes to their mind.
type walk struct {
	world
	*rapid.T
	id     string
	people []string
	seen   []activity.Answer // digests that somebody has read, the old ones too
}

// TestNoStateWithoutItsRequirements takes activities on random walks. Whatever happens: no
// state is entered without what it requires, no signature survives a change of what it
// covers, a step is accepted exactly when it is offered, and what is refused changes nothing.
func TestNoStateWithoutItsRequirements(t *testing.T) {
	w := open(t, db.SQLite)
	people := []string{"focal@cnad.example", "adjoint@cnad.example", "chef@cnad.example", "focal@purs.example", "focal@ciplev.example", "focal@armees.example", "chef@armees.example",
		"focal@cndh.example", "agent.savanes@anpc.example", "secretariat@cnlpal.example", "decideur@gouv.example", "admin@cadre.example"}
	rapid.Check(t, func(r *rapid.T) {
		x := &walk{world: w, T: r, people: people, id: w.drafted(w.idea("purs")).ID}
		steps := map[string]func(*rapid.T){}
		for name, step := range map[string]func(){"amend": x.amend, "turn": x.turn, "turn on": x.turn, "sign": x.sign, "sign now": x.signNow, "ask": x.ask, "settle": x.settle, "report": x.report, "move": x.move} {
			steps[name] = func(*rapid.T) { step() }
		}
		steps[""] = func(*rapid.T) { x.holds() }
		r.Repeat(steps)
	})
	w.sound()
}

func (x *walk) now() activity.Found {
	f, err := x.Activities.Find(ctx, x.as("focal@cnad.example"), x.id)
	if err != nil {
		x.T.Fatal(err)
	}
	return f
}

// somebody is one of the people, the lead's own focal point every second time: walks would seldom get far without.
func (x *walk) somebody() access.Viewer {
	if rapid.Bool().Draw(x.T, "lead") {
		return x.focal("cnad")
	}
	return x.as(rapid.SampledFrom(x.people).Draw(x.T, "who"))
}

// tried checks that what was refused has changed nothing, and was refused for a reason of the people, not of the machine.
func (x *walk) tried(before activity.Found, err error) {
	if after := x.now(); err != nil && (after.Version != before.Version || after.State != before.State) {
		x.T.Fatalf("refused, and version %d is %d: %v", before.Version, after.Version, err)
	}
	if err != nil && fault.KindOf(err) == fault.Internal {
		x.T.Fatal(err)
	}
}

func (x *walk) amend() {
	f := x.now()
	in := activity.Input{Title: f.Title, Themes: f.Themes, Places: f.Places, Choice: x.idea().Choice, Plan: f.Plan}
	switch rapid.SampledFrom([]string{"risks", "purpose", "period", "places", "budget", "partners", "tasks"}).Draw(x.T, "what") {
	case "risks":
		in.Risks = rapid.StringMatching(`[a-z]{1,5}`).Draw(x.T, "risks")
	case "purpose":
		in.Purpose = rapid.SampledFrom([]string{"Informer.", "Former."}).Draw(x.T, "purpose")
	case "period":
		in.Period = activity.Period{From: rapid.SampledFrom([]activity.Moment{"2027-05", "2027-T2", "2027-05-18"}).Draw(x.T, "from")}
	case "places":
		in.Places = []string{rapid.SampledFrom([]string{"TG-S", "TG-K"}).Draw(x.T, "place")}
	case "budget":
		in.Budget = []activity.BudgetLine{{Label: "Ligne", Amount: int64(rapid.IntRange(1, 3).Draw(x.T, "amount")), Funder: x.ids[rapid.SampledFrom([]string{"purs", "ciplev", "cnad"}).Draw(x.T, "funder")]}}
	case "partners":
		in.Partners = nil
		for _, slug := range []string{"purs", "ciplev", "armees"} {
			if role := rapid.SampledFrom(append([]activity.Role{""}, activity.Roles...)).Draw(x.T, slug); role != "" {
				in.Partners = append(in.Partners, activity.Partner{Structure: x.ids[slug], Role: role})
			}
		}
		in.Tasks = nil
	case "tasks":
		in.Tasks = []activity.Task{{Title: "Écrire", Structure: f.Owner}}
	}
	_, err := x.Activities.Amend(ctx, x.somebody(), x.id, f.Version, in)
	x.tried(f, err)
}

func (x *walk) turn() {
	f, v := x.now(), x.somebody()
	verb := rapid.SampledFrom([]string{"proposed", "proposed", "proposed", "started", "started", "started", "capitalised", "capitalised", "suspended", "resumed", "abandoned", "recalled", "committed", "reopened"}).Draw(x.T, "verb")
	offered := false
	for _, step := range activity.Life.Offered(v, f.Owner, f.State) {
		offered = offered || step.Verb == verb
	}
	_, err := x.Activities.Turn(ctx, v, x.id, verb, f.Version, activity.Turning{Reason: "Essai.", Lesson: "Essai."})
	if offered != (err == nil) {
		x.T.Fatalf("%s from %s, offered: %v, answered: %v", verb, f.State, offered, err)
	}
	x.tried(f, err)
}

func (x *walk) sign() {
	f, v := x.now(), x.somebody()
	given := activity.Answer{Verdict: rapid.SampledFrom([]activity.Verdict{signed, reserved, declined}).Draw(x.T, "verdict"), Text: "Essai.", Terms: f.Terms(v.Structure)}
	x.seen = append(x.seen, given)
	given = rapid.SampledFrom(x.seen).Draw(x.T, "terms")
	_, err := x.Activities.Sign(ctx, v, x.id, given)
	if err == nil && given.Terms != f.Terms(v.Structure) {
		x.T.Fatal("old terms were signed")
	}
	x.tried(f, err)
}

// signNow gives every signature that is awaited: walks would seldom get beyond it.
func (x *walk) signNow() {
	for _, address := range []string{"chef@cnad.example", "focal@purs.example", "focal@ciplev.example", "chef@armees.example"} {
		f, v := x.now(), x.as(address)
		_, err := x.Activities.Sign(ctx, v, x.id, x.agree(f, v))
		x.tried(f, err)
	}
}

func (x *walk) ask() {
	f := x.now()
	terms := f.CurrentTerms()
	terms.Purpose = rapid.SampledFrom([]string{"Informer.", "Former.", "Prévenir."}).Draw(x.T, "purpose")
	_, err := x.Activities.Ask(ctx, x.somebody(), x.id, f.Version-int64(rapid.IntRange(0, 1).Draw(x.T, "late")), activity.Wish{Why: "Essai.", Terms: terms})
	x.tried(f, err)
}

func (x *walk) settle() {
	f := x.now()
	if len(f.Proposals) == 0 {
		return
	}
	p, v := rapid.SampledFrom(f.Proposals).Draw(x.T, "proposal"), x.somebody()
	var err error
	switch rapid.SampledFrom([]string{"grant", "refuse", "withdraw"}).Draw(x.T, "how") {
	case "grant":
		_, err = x.Activities.Grant(ctx, v, x.id, p.ID, f.Version)
	case "refuse":
		_, err = x.Activities.Refuse(ctx, v, x.id, p.ID, f.Version, "Essai.")
	case "withdraw":
		_, err = x.Activities.WithdrawProposal(ctx, v, x.id, p.ID)
	}
	if err == nil && p.State != activity.Asked {
		x.T.Fatalf("a proposal that was %s has been answered again", p.State)
	}
	x.tried(f, err)
}

func (x *walk) report() {
	f := x.now()
	_, err := x.Activities.File(ctx, x.somebody(), x.id, f.Version, activity.Report{Summary: "Fait."}, nil)
	x.tried(f, err)
}

func (x *walk) move() {
	f := x.now()
	if len(f.Tasks) > 0 {
		_, err := x.Activities.Move(ctx, x.somebody(), x.id, f.Tasks[0].ID, rapid.SampledFrom(activity.TaskStates).Draw(x.T, "to"))
		x.tried(f, err)
	}
}

// holds checks what is true at every moment of the life of an activity.
func (x *walk) holds() {
	f := x.now()
	must := func(ok bool, law string) {
		if !ok {
			x.T.Fatalf("version %d, %s: %s\n%s", f.Version, f.State, law, describe(f))
		}
	}
	signatories := []string{f.Owner}
	for _, p := range f.Partners {
		if p.Role.Signs() {
			signatories = append(signatories, p.Structure)
		}
	}
	for _, p := range f.Proposals {
		over := f.State == activity.Reported || f.State == activity.Capitalised || f.State == activity.Abandoned
		must(!over || p.State != activity.Asked, "a proposal waits though it is over")
	}
	all := true
	for _, s := range f.Signatures {
		holds := s.Verdict == signed || s.Verdict == reserved
		all = all && holds
		must(!holds || s.Terms == f.Terms(s.Structure), "a signature covers other terms")
		must(!holds || s.Person != "" && s.Function != "", "nobody has signed")
		must(s.Verdict != reserved && s.Verdict != declined || s.Text != "", "no reason is given")
	}
	concerted := slices.EqualFunc(f.Signatures, signatories, func(s activity.Signature, id string) bool { return s.Structure == id })
	switch f.State {
	case activity.Idea:
		must(len(f.Signatures) == 0, "an idea is signed")
	case activity.Concertation:
		must(concerted && !all, "all have signed, and it is not committed")
	case activity.Committed, activity.Running:
		must(concerted && all, "it is committed without a signature")
	case activity.Reported, activity.Capitalised:
		must(concerted && all && f.Report != nil && f.Report.Summary != "", "it has no report")
		must(f.State == activity.Reported || f.Report.Lesson != "", "it has no lesson")
	case activity.Suspended, activity.Abandoned:
		must(f.Interruption != nil && f.Interruption.Reason != "", "no reason is given")
	}
}

func describe(f activity.Found) string {
	s := ""
	for _, g := range f.Signatures {
		s += fmt.Sprintln(g.Structure, g.Verdict, g.Version, g.Terms)
	}
	return s
}
