package app_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cadre/activity"
	"cadre/core/access"
	"cadre/core/circle"
	"cadre/directory"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/synergy"
)

// When a co-organiser leaves the framework it stays named and is asked no more; who succeeds
// it finds on its desk what was awaited, and signs in its stead.
func TestACoOrganiserLeavesTheFramework(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		lead, successor := w.viewer("focal@cnad.example", access.Focal), w.by["chef@armees.example by cookie"]
		shared := activity.Input{Title: "Lycées sans drogue", Themes: []string{"DRG"}, Places: []string{"TG-S"}, Choice: circle.Choice{Marking: "amber"},
			Plan: activity.Plan{Purpose: "Faire connaître les risques.", Type: "SENS", Period: activity.Period{From: "2027-05-18", To: "2027-05-20"},
				Partners: []activity.Partner{{Structure: w.structures["aniac"], Role: activity.Co}}}}
		f, err := w.Activities.Draft(ctx, lead, shared)
		must(t, err)
		f, err = w.Activities.Turn(ctx, lead, f.ID, "proposed", f.Version, activity.Turning{})
		must(t, err)

		sheet, err := w.Directory.Find(ctx, access.Nobody, "aniac")
		must(t, err)
		must(t, w.Directory.Close(ctx, w.viewer("secretariat@cnlpal.example", access.Secretariat), "aniac", sheet.Version,
			directory.Closing{On: "2026-01", Text: "Décret d’essai", Successor: "armees"}))
		if _, err := w.Activities.Draft(ctx, lead, shared); fault.KindOf(err) != fault.BadInput {
			t.Errorf("asked, though it has left: %v", err)
		}
		shared.Purpose = "Faire connaître les risques de la drogue."
		_, err = w.Activities.Amend(ctx, lead, f.ID, f.Version, shared) // who was there stays
		must(t, err)

		page := "/activites/" + f.ID
		for path, want := range map[string]string{"/": page + "#signer", page: "La signature de ANIAC (dissoute) est attendue."} {
			if body := w.ask(t, successor, request{method: http.MethodGet, path: path}).body; !strings.Contains(body, want) {
				t.Errorf("%s does not say %q to the successor", path, want)
			}
		}
		if a := w.ask(t, w.by["focal@cndh.example by cookie"], request{method: http.MethodGet, path: page}); a.status != http.StatusNotFound {
			t.Errorf("another reads it: %d", a.status)
		}
		form := w.fill(t, successor, page, page+"/reponse")
		form.Set("verdict", "signed")
		if a := w.ask(t, successor, request{method: http.MethodPost, path: page + "/reponse", form: form}); a.status != http.StatusSeeOther {
			t.Fatalf("signing: %d\n%s", a.status, a.body)
		}
		signed, err := w.Activities.Find(ctx, lead, f.ID)
		must(t, err)
		for _, s := range signed.Signatures {
			if s.Structure == w.structures["aniac"] && (s.Verdict != activity.Signed || s.Person != successor.id) {
				t.Errorf("its signature: %+v", s)
			}
		}
	})
}

// Whoever took over an institution answers for what it had planned: the overlaps are theirs to
// settle, the dates stand in their calendar, and it is they who are asked to organise it together.
func TestAnHeirFindsTheSynergiesOfWhatItTookOver(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		lead := w.viewer("focal@cnad.example", access.Focal)
		plan := func(v access.Viewer, title string) activity.Found {
			f, err := w.Activities.Draft(ctx, v, activity.Input{Title: title, Themes: []string{"DRG-PRV"}, Places: []string{"TG-S-CINKASSE"}, Choice: circle.Choice{Marking: "green", Audience: []string{"members"}},
				Plan: activity.Plan{Purpose: "Faire connaître les risques.", Type: "SENS", Publics: []string{"FDS"}, Period: activity.Period{From: "2027-05-18", To: "2027-05-20"}}})
			must(t, err)
			return f
		}
		theirs, ours := plan(w.viewer("focal@aniac.example", access.Focal), "Légué"), plan(lead, "Proche")
		sheet, err := w.Directory.Find(ctx, access.Nobody, "aniac")
		must(t, err)
		must(t, w.Directory.Close(ctx, w.viewer("secretariat@cnlpal.example", access.Secretariat), "aniac", sheet.Version,
			directory.Closing{On: "2026-01", Text: "Décret d’essai", Successor: "armees"}))

		successor := w.by["chef@armees.example by cookie"]
		pair := "/synergie/paires/" + theirs.ID + "/" + ours.ID
		for path, want := range map[string]string{"/synergie": "Légué", "/": pair, pair: `action="` + pair + `"`, "/activites/" + theirs.ID: pair} {
			if body := w.ask(t, successor, request{method: http.MethodGet, path: path}).body; !strings.Contains(body, want) {
				t.Errorf("%s does not say %q to the heir", path, want)
			}
		}
		secret, err := w.People.IssueToken(ctx, "chef@armees.example", []access.Scope{access.ScopeAgenda}, w.Clock.Now().AddDate(0, 0, 1))
		must(t, err)
		if feed := w.ask(t, w.by["nobody"], request{method: http.MethodGet, path: "/agenda/" + secret}).body; !strings.Contains(feed, theirs.ID) {
			t.Error("what was taken over is not in the calendar")
		}
		a, err := w.Synergy.Answer(ctx, lead, ours.ID, theirs.ID, 0, synergy.Reply{Verdict: synergy.Joined})
		must(t, err)
		f, err := w.Activities.Find(ctx, lead, ours.ID)
		must(t, err)
		if len(f.Partners) != 1 || f.Partners[0].Structure != w.structures["armees"] {
			t.Errorf("%v: asked to join it: %v", a, f.Partners)
		}
	})
}

// Who works with whom follows a merger: what both had signed counts once, for the one that took over.
func TestWhoWorksWithWhomFollowsAMerger(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		secretariat := w.viewer("secretariat@cnlpal.example", access.Secretariat)
		cnad, merged, heir := w.structures["cnad"], w.structures["administration"], w.structures["armees"]
		together := func(partners ...string) {
			in := activity.Input{Title: "Signée", Themes: []string{"DRG"}, Places: []string{"TG-S"}, Choice: circle.Choice{Marking: "green", Audience: []string{"members"}},
				Plan: activity.Plan{Purpose: "Agir ensemble.", Type: "SENS", Period: activity.Period{From: "2028-05"}}}
			for _, p := range partners {
				in.Partners = append(in.Partners, activity.Partner{Structure: p, Role: activity.Co})
			}
			f, err := w.Activities.Draft(ctx, w.viewer("focal@cnad.example", access.Focal), in)
			must(t, err)
			f, err = w.Activities.Turn(ctx, w.viewer("focal@cnad.example", access.Focal), f.ID, "proposed", f.Version, activity.Turning{})
			must(t, err)
			for _, slug := range []string{"administration", "armees"} {
				if v := w.viewer("chef@"+slug+".example", access.Head); slices.Contains(partners, v.Structure) {
					f, err = w.Activities.Sign(ctx, v, f.ID, activity.Answer{Verdict: activity.Signed, Terms: f.Terms(v.Structure)})
					must(t, err)
				}
			}
		}
		ties := func() []synergy.Tie {
			var n synergy.Net
			must(t, w.DB.Read(ctx, func(tx *db.Tx) (err error) {
				n, err = w.Synergy.Net(ctx, tx, secretariat, 2028, "")
				return err
			}))
			return n.Ties
		}
		together(merged)
		together(heir)
		together(merged, heir)
		if got := len(ties()); got != 3 {
			t.Fatalf("before: %v", ties())
		}
		sheet, err := w.Directory.Find(ctx, access.Nobody, "administration")
		must(t, err)
		must(t, w.Directory.Close(ctx, secretariat, "administration", sheet.Version, directory.Closing{On: "2026-01", Text: "Décret d’essai", Successor: "armees"}))
		if got, want := ties(), []synergy.Tie{{A: min(cnad, heir), B: max(cnad, heir), N: 3}}; !slices.Equal(got, want) {
			t.Errorf("after: %v, want %v", got, want)
		}
		if body := w.ask(t, w.by["secretariat@cnlpal.example by cookie"], request{method: http.MethodGet, path: "/synergie/reseau?annee=2028"}).body; strings.Contains(body, "(dissoute)") {
			t.Error("the ring still names who was merged")
		}
		signed := w.ask(t, w.by["secretariat@cnlpal.example by cookie"], request{method: http.MethodGet, path: "/activites?periode=2028&structure=" + heir}).body
		if got := strings.Count(signed, "Signée"); got != 3 {
			t.Errorf("the list behind its name shows %d of 3 activities", got)
		}
	})
}

// An institution that leaves before it signs, and that nobody takes over, holds nothing up: the lead
// reads it, and does without it.
func TestASignatoryThatLeavesHoldsNothingUp(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		lead := w.viewer("focal@cnad.example", access.Focal)
		f, in := w.concerted(t, "aniac")
		w.leaves(t, "aniac", "")
		if got := w.waits(t, lead, f); !slices.Equal(got, []string{"Un signataire a quitté le cadre"}) {
			t.Errorf("the lead reads %q", got)
		}
		if body := w.ask(t, w.by["focal@cnad.example by cookie"], request{method: http.MethodGet, path: "/activites/" + f.ID}).body; !strings.Contains(body, "Personne ne signera pour ANIAC (dissoute)") {
			t.Error("its page does not say so")
		}
		in.Partners = nil
		f, err := w.Activities.Amend(ctx, lead, f.ID, f.Version, in)
		must(t, err)
		if got := w.waits(t, lead, f); f.State != activity.Committed || len(got) > 0 {
			t.Errorf("without it the activity is %s, and waits for %q", f.State, got)
		}
		in.Partners = []activity.Partner{{Structure: w.structures["aniac"], Role: activity.Co}}
		plan := "Intitulé;But;Type;Thèmes;Lieux;Début;Co-organisateurs\nAtelier;Savoir;SENS;DRG;TG;05/2027;ANIAC\n"
		if p, err := w.Activities.Import(ctx, lead, []byte(plan), in.Choice, true); err != nil || len(p.Wrong) != 1 {
			t.Errorf("a plan that names it: %v %v", p.Wrong, err)
		}
	})
}

// Whoever takes part and took over another that does signs for both, one after the other.
func TestWhoTookOverAnotherSignsForBoth(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		f, _ := w.concerted(t, "aniac", "armees")
		w.leaves(t, "aniac", "armees")
		v := w.viewer("chef@armees.example", access.Head)
		v.Heritage = []string{w.structures["aniac"]}
		for _, slug := range []string{"armees", "aniac"} {
			if got := w.waits(t, v, f); !slices.Equal(got, []string{"Signature attendue"}) {
				t.Errorf("before signing for %s: %q", slug, got)
			}
			var err error
			f, err = w.Activities.Sign(ctx, v, f.ID, activity.Answer{Verdict: activity.Signed, Terms: f.Terms(w.structures[slug])})
			must(t, err)
		}
		if got := w.waits(t, v, f); f.State != activity.Committed || len(got) > 0 {
			t.Errorf("both have signed: the activity is %s, and waits for %q", f.State, got)
		}
	})
}

// Whoever has left the framework is asked to organise nothing.
func TestWhoHasLeftIsNotAskedToOrganise(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		in := activity.Input{Title: "Près d’un absent", Themes: []string{"DRG-PRV"}, Places: []string{"TG-S-CINKASSE"}, Choice: circle.Choice{Marking: "green", Audience: []string{"members"}},
			Plan: activity.Plan{Purpose: "Faire connaître les risques.", Type: "SENS", Publics: []string{"FDS"}, Period: activity.Period{From: "2027-05-18", To: "2027-05-20"}}}
		theirs, err := w.Activities.Draft(context.Background(), w.viewer("focal@aniac.example", access.Focal), in)
		must(t, err)
		ours, err := w.Activities.Draft(context.Background(), w.viewer("focal@cnad.example", access.Focal), in)
		must(t, err)
		pair := "/synergie/paires/" + ours.ID + "/" + theirs.ID
		for _, offered := range []bool{true, false} {
			for _, path := range []string{pair, "/activites/" + ours.ID} {
				body := w.ask(t, w.by["focal@cnad.example by cookie"], request{method: http.MethodGet, path: path}).body
				if !strings.Contains(body, pair) || strings.Contains(body, `value="joined"`) != offered {
					t.Errorf("%s: asked to organise it together: %t", path, !offered)
				}
			}
			if offered {
				w.leaves(t, "aniac", "")
			}
		}
	})
}

// concerted is an activity of CNAD that waits for the signatures of others.
func (w *world) concerted(t *testing.T, with ...string) (activity.Found, activity.Input) {
	t.Helper()
	ctx, lead := context.Background(), w.viewer("focal@cnad.example", access.Focal)
	in := activity.Input{Title: "Lycées sans drogue", Themes: []string{"DRG"}, Places: []string{"TG-S"}, Choice: circle.Choice{Marking: "amber"},
		Plan: activity.Plan{Purpose: "Faire connaître les risques.", Type: "SENS", Period: activity.Period{From: "2027-05-18", To: "2027-05-20"}}}
	for _, slug := range with {
		in.Partners = append(in.Partners, activity.Partner{Structure: w.structures[slug], Role: activity.Co})
	}
	f, err := w.Activities.Draft(ctx, lead, in)
	must(t, err)
	f, err = w.Activities.Turn(ctx, lead, f.ID, "proposed", f.Version, activity.Turning{})
	must(t, err)
	return f, in
}

// leaves has an institution leave the framework; another takes it over when one is named.
func (w *world) leaves(t *testing.T, slug, successor string) {
	t.Helper()
	sheet, err := w.Directory.Find(context.Background(), access.Nobody, slug)
	must(t, err)
	must(t, w.Directory.Close(context.Background(), w.viewer("secretariat@cnlpal.example", access.Secretariat), slug, sheet.Version,
		directory.Closing{On: "2026-01", Text: "Décret d’essai", Successor: successor}))
}

// waits says what an activity waits for from a person.
func (w *world) waits(t *testing.T, v access.Viewer, f activity.Found) []string {
	t.Helper()
	var kinds []string
	must(t, w.DB.Read(context.Background(), func(tx *db.Tx) error {
		all, err := w.Activities.Tasks(context.Background(), tx, v)
		for _, task := range all {
			if strings.HasPrefix(task.Href, "/activites/"+f.ID) {
				kinds = append(kinds, task.Kind)
			}
		}
		return err
	}))
	return kinds
}
