package activity_test

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"cadre/activity"
	"cadre/core/access"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"

	"github.com/google/go-cmp/cmp"
)

const (
	awaited  = activity.Awaited
	signed   = activity.Signed
	reserved = activity.Reserved
	declined = activity.Declined
	reopened = activity.Reopened
)

// TestAReportIsVerifiedByWhoSigned: a partner that signed confirms the report or disputes it, with a reason; nobody else does.
func TestAReportIsVerifiedByWhoSigned(t *testing.T) {
	eachWorld(t, func(w world) {
		f := w.turned("started", w.signed(w.turned("proposed", w.drafted(w.idea("purs"))), "purs"))
		confirm, dispute := activity.Opinion{Judgement: activity.Confirmed}, activity.Opinion{Judgement: activity.Disputed}
		_, err := w.Activities.Review(ctx, w.focal("purs"), f.ID, confirm)
		w.refused(err, fault.Conflict, "a report that is not written is confirmed")
		f, err = w.Activities.File(ctx, w.focal("cnad"), f.ID, f.Version, activity.Report{Summary: "Trois lycées visités."}, nil)
		must(t, err)
		waits := func() bool { return slices.Contains(w.kinds(w.focal("purs"), f), "Rapport à confirmer") }
		if !waits() {
			t.Error("PURS is not asked what it says of the report")
		}
		_, err = w.Activities.Review(ctx, w.focal("cnad"), f.ID, confirm)
		w.refused(err, fault.Forbidden, "the lead confirms its own report")
		_, err = w.Activities.Review(ctx, w.focal("purs"), f.ID, dispute)
		w.refused(err, fault.BadInput, "a report is disputed without a reason")
		dispute.Text = "Deux lycées seulement."
		for _, in := range []activity.Opinion{dispute, confirm} {
			f, err = w.Activities.Review(ctx, w.focal("purs"), f.ID, in)
			must(t, err)
			if got := f.Report.Reviews; len(got) != 1 || got[0].Judgement != in.Judgement || got[0].Text != in.Text {
				t.Errorf("%v", got)
			}
		}
		if waits() {
			t.Error("PURS has answered, and is still asked")
		}
	})
}

// TestTwoInstitutionsAgreeInWriting follows an activity from the idea to the lesson.
func TestTwoInstitutionsAgreeInWriting(t *testing.T) {
	eachWorld(t, func(w world) {
		f := w.drafted(w.idea("purs"))
		_, err := w.Activities.Find(ctx, w.focal("purs"), f.ID)
		w.refused(err, fault.NotFound, "PURS reads an idea of CNAD")

		f = w.turned("proposed", f)
		if diff := cmp.Diff(map[string]activity.Verdict{"cnad": signed, "purs": awaited}, w.verdicts(f)); diff != "" {
			t.Fatal(diff)
		}
		if _, err := w.Activities.Find(ctx, w.focal("purs"), f.ID); err != nil {
			t.Fatalf("PURS cannot read what it is asked to sign: %v", err)
		}
		if f = w.signed(f, "purs"); f.State != activity.Committed {
			t.Fatalf("all have signed, and the activity is %s", f.State)
		}

		later := w.idea("purs")
		later.Period = activity.Period{From: "2027-05-25", To: "2027-05-27"}
		f = w.amended(f, later)
		if diff := cmp.Diff(map[string]activity.Verdict{"cnad": signed, "purs": reopened}, w.verdicts(f)); diff != "" || f.State != activity.Concertation {
			t.Fatalf("after a change of date, %s: %s", f.State, diff)
		}
		f = w.turned("started", w.signed(f, "purs"))

		women := 120
		f, err = w.Activities.File(ctx, w.focal("cnad"), f.ID, f.Version, activity.Report{Summary: "Trois lycées visités.", Reached: activity.People{Women: &women}}, nil)
		must(t, err)
		if f.State != activity.Reported || f.Report.Reached.Total() != 120 {
			t.Fatalf("%s, %v", f.State, f.Report)
		}
		if f = w.turned("capitalised", f); f.State != activity.Capitalised || f.Report.Lesson != "Essai" {
			t.Fatalf("%s, %q", f.State, f.Report.Lesson)
		}
		w.sound()
	})
}

// TestAnActivityOfOneInstitutionNeedsNobodyElse: it is committed by who leads it.
func TestAnActivityOfOneInstitutionNeedsNobodyElse(t *testing.T) {
	w := open(t, db.SQLite)
	if f := w.proposed(w.idea()); f.State != activity.Committed {
		t.Errorf("alone, and %s", f.State)
	}
	f, err := w.Activities.Draft(ctx, w.focal("armees"), w.idea())
	must(t, err)
	f, err = w.Activities.Turn(ctx, w.focal("armees"), f.ID, "proposed", f.Version, activity.Turning{})
	must(t, err)
	if f.State != activity.Concertation || f.Signatures[0].Verdict != awaited {
		t.Errorf("a focal point who must refer has committed the institution: %s", f.State)
	}
	head := w.as("chef@armees.example")
	if f, err = w.Activities.Sign(ctx, head, f.ID, w.agree(f, head)); err != nil || f.State != activity.Committed {
		t.Errorf("the head has signed: %s, %v", f.State, err)
	}
}

// TestAChangeReopensExactlyTheSignaturesItTouches: CNAD leads, PURS and CIPLEV have signed.
func TestAChangeReopensExactlyTheSignaturesItTouches(t *testing.T) {
	all := map[string]activity.Verdict{"cnad": signed, "purs": signed, "ciplev": signed}
	with := func(changes map[string]activity.Verdict) map[string]activity.Verdict {
		m := maps.Clone(all)
		maps.Copy(m, changes)
		return m
	}
	both := with(map[string]activity.Verdict{"purs": reopened, "ciplev": reopened})
	for name, c := range map[string]struct {
		change func(world, *activity.Input)
		want   map[string]activity.Verdict
	}{
		"title": {func(_ world, in *activity.Input) { in.Title = "Lycées de Tône" }, all},
		"risks": {func(_ world, in *activity.Input) { in.Risks = "La pluie." }, all},
		"tasks": {func(w world, in *activity.Input) {
			in.Tasks = []activity.Task{{Title: "Écrire", Structure: w.ids["purs"]}}
		}, all},
		"themes":       {func(_ world, in *activity.Input) { in.Themes = []string{"DRG", "ARM"} }, all},
		"purpose":      {func(_ world, in *activity.Input) { in.Purpose = "Autre chose." }, both},
		"period":       {func(_ world, in *activity.Input) { in.Period.To = "2027-05-21" }, both},
		"places":       {func(_ world, in *activity.Input) { in.Places = []string{"TG-K"} }, both},
		"lead’s money": {func(_ world, in *activity.Input) { in.Budget = []activity.BudgetLine{{Label: "Salle", Amount: 10}} }, all},
		"a partner’s money": {func(w world, in *activity.Input) {
			in.Budget = []activity.BudgetLine{{Label: "Véhicules", Amount: 10, Funder: w.ids["purs"]}}
		}, with(map[string]activity.Verdict{"purs": reopened})},
		"a partner’s role": {func(_ world, in *activity.Input) { in.Partners[1].Role = activity.Support }, with(map[string]activity.Verdict{"ciplev": reopened})},
		"a partner that comes": {func(w world, in *activity.Input) {
			in.Partners = append(in.Partners, activity.Partner{Structure: w.ids["anpc"], Role: activity.Co})
		}, with(map[string]activity.Verdict{"anpc": awaited})},
		"a partner that is told": {func(w world, in *activity.Input) {
			in.Partners = append(in.Partners, activity.Partner{Structure: w.ids["cndh"], Role: activity.Informed})
		}, all},
		"a partner that leaves": {func(_ world, in *activity.Input) { in.Partners = in.Partners[:1] }, map[string]activity.Verdict{"cnad": signed, "purs": signed}},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t, db.SQLite)
			f := w.signed(w.proposed(w.idea("purs", "ciplev")), "purs", "ciplev")
			in := w.idea("purs", "ciplev")
			c.change(w, &in)
			f = w.amended(f, in)
			if diff := cmp.Diff(c.want, w.verdicts(f)); diff != "" {
				t.Error(diff)
			}
			w.sound()
		})
	}
}

func TestSignaturesThatAreRefused(t *testing.T) {
	eachWorld(t, func(w world) {
		f := w.proposed(w.idea("purs", "administration"))
		purs, agent := w.focal("purs"), w.focal("administration")
		sign := func(v access.Viewer, a activity.Answer) error {
			_, err := w.Activities.Sign(ctx, v, f.ID, a)
			return err
		}
		w.refused(sign(agent, w.agree(f, agent)), fault.Forbidden, "without the mandate")
		w.refused(sign(w.focal("cndh"), w.agree(f, w.focal("cndh"))), fault.NotFound, "of an institution that may not read it")
		w.refused(sign(access.Nobody, w.agree(f, purs)), fault.NotFound, "by nobody")
		w.refused(sign(purs, activity.Answer{Verdict: "perhaps", Terms: f.Terms(purs.Structure)}), fault.BadInput, "an unknown answer")
		w.refused(sign(purs, activity.Answer{Verdict: declined, Terms: f.Terms(purs.Structure)}), fault.BadInput, "declining without a reason")
		w.refused(sign(purs, activity.Answer{Verdict: signed, Terms: "0"}), fault.Conflict, "terms never seen")

		old := w.agree(f, purs)
		moved := w.idea("purs", "administration")
		moved.Purpose = "Autre chose."
		f = w.amended(f, moved)
		w.refused(sign(purs, old), fault.Conflict, "old terms")
		must(w.TB, sign(purs, w.agree(f, purs)))
		w.refused(sign(purs, w.agree(f, purs)), fault.Conflict, "twice")
		must(w.TB, sign(purs, activity.Answer{Verdict: declined, Text: "Nous ne pouvons plus.", Terms: f.Terms(purs.Structure)}))

		idea := w.drafted(w.idea("purs"))
		lead := w.focal("cnad")
		_, err := w.Activities.Sign(ctx, lead, idea.ID, w.agree(idea, lead))
		w.refused(err, fault.Conflict, "an idea")
		w.sound()
	})
}

// TestTwoSignAtOnce: neither waits for the other's version, and none is lost.
func TestTwoSignAtOnce(t *testing.T) {
	eachWorld(t, func(w world) {
		f := w.proposed(w.idea("purs", "ciplev", "anpc"))
		var all sync.WaitGroup
		for _, slug := range []string{"purs", "ciplev", "anpc"} {
			all.Go(func() {
				v := w.focal(slug)
				if _, err := w.Activities.Sign(ctx, v, f.ID, w.agree(f, v)); err != nil {
					w.Errorf("%s: %v", slug, err)
				}
			})
		}
		all.Wait()
		f, err := w.Activities.Find(ctx, w.focal("cnad"), f.ID)
		must(w.TB, err)
		if f.State != activity.Committed || f.Version != 5 {
			w.Errorf("%s, version %d: %v", f.State, f.Version, w.verdicts(f))
		}
	})
}

func TestAReservationStaysWithTheSignature(t *testing.T) {
	w := open(t, db.SQLite)
	f := w.proposed(w.idea("purs"))
	purs := w.focal("purs")
	f, err := w.Activities.Sign(ctx, purs, f.ID, activity.Answer{Verdict: reserved, Text: "Sous réserve des véhicules.", Terms: f.Terms(purs.Structure)})
	must(t, err)
	s := f.Signatures[1]
	if f.State != activity.Committed || s.Text != "Sous réserve des véhicules." || s.Person != purs.Person || s.Function != access.Focal || s.Version != f.Version {
		t.Errorf("%s: %+v", f.State, s)
	}
}

// TestAPartnerAsksForOtherTerms: the lead grants, refuses, or comes too late.
func TestAPartnerAsksForOtherTerms(t *testing.T) {
	eachWorld(t, func(w world) {
		purs, cnad := w.focal("purs"), w.focal("cnad")
		f := w.proposed(w.idea("purs", "ciplev"))
		ask := func(change func(*activity.Terms)) activity.Found {
			terms := f.CurrentTerms()
			change(&terms)
			f, err := w.Activities.Ask(ctx, purs, f.ID, f.Version, activity.Wish{Why: "Nos véhicules y sont déjà.", Terms: terms})
			must(w.TB, err)
			return f
		}
		_, err := w.Activities.Ask(ctx, purs, f.ID, f.Version, activity.Wish{Why: "Rien.", Terms: f.CurrentTerms()})
		w.refused(err, fault.BadInput, "a proposal that changes nothing")
		_, err = w.Activities.Ask(ctx, purs, f.ID, f.Version-1, activity.Wish{Why: "x", Terms: f.CurrentTerms()})
		w.refused(err, fault.Conflict, "a proposal on a version that has moved")
		_, err = w.Activities.Ask(ctx, cnad, f.ID, f.Version, activity.Wish{Why: "x", Terms: f.CurrentTerms()})
		w.refused(err, fault.Forbidden, "a proposal of the lead itself")

		f = w.signed(f, "ciplev")
		f = ask(func(t *activity.Terms) { t.Period.From, t.Period.To = "2027-06-01", "2027-06-03" })
		_, err = w.Activities.Grant(ctx, purs, f.ID, f.Proposals[0].ID, f.Version)
		w.refused(err, fault.Forbidden, "granting one’s own proposal")
		f, err = w.Activities.Grant(ctx, cnad, f.ID, f.Proposals[0].ID, f.Version)
		must(w.TB, err)
		if f.Period.From != "2027-06-01" || w.verdicts(f)["ciplev"] != reopened || w.verdicts(f)["cnad"] != signed {
			w.Errorf("granted: %v, %v", f.Period, w.verdicts(f))
		}
		_, err = w.Activities.Grant(ctx, cnad, f.ID, f.Proposals[0].ID, f.Version)
		w.refused(err, fault.Conflict, "granting twice")

		f = ask(func(t *activity.Terms) { t.Purpose = "Ce que veut PURS." })
		in := w.idea("purs", "ciplev")
		in.Period, in.Purpose = f.Period, "Ce que veut CNAD."
		f = w.amended(f, in)
		_, err = w.Activities.Grant(ctx, cnad, f.ID, f.Proposals[1].ID, f.Version)
		w.refused(err, fault.Conflict, "granting what has changed meanwhile")
		_, err = w.Activities.Refuse(ctx, cnad, f.ID, f.Proposals[1].ID, f.Version, "")
		w.refused(err, fault.BadInput, "refusing without a reason")
		f, err = w.Activities.Refuse(ctx, cnad, f.ID, f.Proposals[1].ID, f.Version, "Trop tard.")
		must(w.TB, err)

		f = ask(func(t *activity.Terms) { t.Places = []string{"TG-K"} })
		_, err = w.Activities.WithdrawProposal(ctx, w.focal("ciplev"), f.ID, f.Proposals[2].ID)
		w.refused(err, fault.Forbidden, "withdrawing another’s proposal")
		f, err = w.Activities.WithdrawProposal(ctx, purs, f.ID, f.Proposals[2].ID)
		must(w.TB, err)
		if f.Proposals[1].State != activity.Refused || f.Proposals[2].State != activity.Withdrawn {
			w.Errorf("%v", f.Proposals)
		}
		f = ask(func(t *activity.Terms) { t.Places = []string{"TG-K"} })
		f = w.turned("abandoned", f)
		if p := f.Proposals[3]; p.State != activity.Lapsed || p.Closed.IsZero() || f.Proposals[1].State != activity.Refused {
			w.Errorf("abandoned: %v", f.Proposals)
		}
		w.sound()
	})
}

// TestAnAnswerIsExpectedInTime: the day by which signatories answer is not past when it is said, nor when they are asked.
func TestAnAnswerIsExpectedInTime(t *testing.T) {
	w := open(t, db.SQLite)
	in := w.idea("purs")
	today := w.Clock.Now()
	in.SignBy = form.DateOf(today.AddDate(0, 0, -1))
	_, err := w.Activities.Draft(ctx, w.focal("cnad"), in)
	if w.refused(err, fault.BadInput, "a past day"); told(err) != "sign_by" {
		w.Errorf("at %q", told(err))
	}
	in.SignBy = form.DateOf(today)
	f := w.drafted(in)
	w.Clock = clock.At(today.AddDate(0, 0, 2))
	w.Activities.Clock = w.Clock
	in.Risks = "Pluies"
	f = w.amended(f, in) // the day that was said stays
	_, err = w.Activities.Turn(ctx, w.focal("cnad"), f.ID, "proposed", f.Version, activity.Turning{})
	w.refused(err, fault.BadInput, "asking for answers by a past day")
}

// TestMeansNameWhatTheDirectoryLends: a means may name a capacity that its author may see; one that
// they may not see is refused as if it did not exist.
func TestMeansNameWhatTheDirectoryLends(t *testing.T) {
	w := open(t, db.SQLite)
	in := w.idea("purs")
	var seen []activity.Lendable
	must(t, w.DB.Read(ctx, func(tx *db.Tx) (err error) {
		seen, err = w.Activities.Lend(ctx, tx, w.focal("cnad"), activity.Lending{Owners: []string{w.ids["purs"]}})
		return err
	}))
	if len(seen) == 0 {
		t.Fatal("PURS lends nothing")
	}
	in.Needs = []activity.Means{{Kind: seen[0].Kind, Quantity: 1, Capacity: seen[0].ID}}
	f := w.drafted(in)
	in.Needs[0].Place = "FR"
	_, err := w.Activities.Amend(ctx, w.focal("cnad"), f.ID, f.Version, in)
	w.refused(err, fault.BadInput, "a place of another country")
	in.Needs[0].Place = ""
	in.Needs[0].Capacity = f.ID // a record, but no capacity
	_, err = w.Activities.Amend(ctx, w.focal("cnad"), f.ID, f.Version, in)
	if w.refused(err, fault.BadInput, "what is no capacity"); told(err) != "needs" {
		t.Errorf("at %q", told(err))
	}
}
