package activity_test

import (
	"errors"
	"slices"
	"testing"

	"cadre/activity"
	"cadre/core/access"
	"cadre/core/desk"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/page"
)

// TestPlansThatAreRefused: each is refused beside the field that is wrong, and nothing is written.
func TestPlansThatAreRefused(t *testing.T) {
	w := open(t, db.SQLite)
	minus, crowd := -1, 20_000_000
	for name, c := range map[string]struct {
		field string
		spoil func(*activity.Input)
	}{
		"no title":                   {"title", func(in *activity.Input) { in.Title = "" }},
		"no purpose":                 {"purpose", func(in *activity.Input) { in.Purpose = "" }},
		"an unknown type":            {"type", func(in *activity.Input) { in.Type = "PARTY" }},
		"no theme":                   {"themes", func(in *activity.Input) { in.Themes = nil }},
		"an unknown theme":           {"themes", func(in *activity.Input) { in.Themes = []string{"XYZ"} }},
		"no place":                   {"places", func(in *activity.Input) { in.Places = nil }},
		"a place of another country": {"places", func(in *activity.Input) { in.Places = []string{"BJ-AL"} }},
		"no period":                  {"from", func(in *activity.Input) { in.Period = activity.Period{} }},
		"an end before the start":    {"to", func(in *activity.Input) { in.Period = activity.Period{From: "2027-05-18", To: "2027-05-17"} }},
		"a quarter before a month":   {"to", func(in *activity.Input) { in.Period = activity.Period{From: "2027-07", To: "2027-T2"} }},
		"thirty years":               {"to", func(in *activity.Input) { in.Period = activity.Period{From: "2027-01", To: "2056-12"} }},
		"a day that does not exist":  {"from", func(in *activity.Input) { in.Period = activity.Period{From: "2027-02-30"} }},
		"a negative budget":          {"line_amount", func(in *activity.Input) { in.Budget = []activity.BudgetLine{{Label: "Salle", Amount: -5}} }},
		"an absurd budget":           {"line_amount", func(in *activity.Input) { in.Budget = []activity.BudgetLine{{Label: "Salle", Amount: 1 << 60}} }},
		"a line for nothing":         {"line", func(in *activity.Input) { in.Budget = []activity.BudgetLine{{Amount: 5}} }},
		"an institution of nowhere":  {"partners", func(in *activity.Input) { in.Partners = []activity.Partner{{Structure: "nowhere", Role: activity.Co}} }},
		"the lead as its partner": {"partners", func(in *activity.Input) {
			in.Partners = []activity.Partner{{Structure: w.ids["cnad"], Role: activity.Co}}
		}},
		"an unknown role":       {"partners", func(in *activity.Input) { in.Partners = []activity.Partner{{Structure: w.ids["purs"], Role: "boss"}} }},
		"a task of a stranger":  {"task_structure", func(in *activity.Input) { in.Tasks = []activity.Task{{Title: "Écrire", Structure: w.ids["purs"]}} }},
		"less than nobody":      {"women", func(in *activity.Input) { in.Targeted.Women = &minus }},
		"more than the country": {"men", func(in *activity.Input) { in.Targeted.Men = &crowd }},
		"too high a marking":    {"marking", func(in *activity.Input) { in.Marking = "secret" }},
	} {
		in := w.idea()
		c.spoil(&in)
		_, err := w.Activities.Draft(ctx, w.focal("cnad"), in)
		w.refused(err, fault.BadInput, name)
		var f *fault.Fault
		if !errors.As(err, &f) || !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Name == c.field }) {
			t.Errorf("%s: the fault is not beside %s: %v", name, c.field, err)
		}
	}
	for _, stranger := range []string{"", "decideur@gouv.example", "admin@cadre.example", "secretariat@cnlpal.example"} {
		_, err := w.Activities.Draft(ctx, w.as(stranger), w.idea())
		w.refused(err, fault.Forbidden, "drafting as "+stranger)
	}
}

// TestACantonNamedInAForm stands in the stead of the préfecture that holds it, as often as the same
// words are read: what is close and who will read is shown of them first.
func TestACantonNamedInAForm(t *testing.T) {
	w := open(t, db.SQLite)
	in := w.idea()
	in.Places, in.Localities = []string{"TG-S-TONE"}, "Dapaong"
	for range 2 {
		if f := w.drafted(in); !slices.Equal(f.Places, []string{"TG-S-TONE-1-C-DAPAONG"}) {
			t.Errorf("it is in %v", f.Places)
		}
	}
}

// TestAPlanIsFoundByItsFilters: each filter keeps it, and another value does not.
func TestAPlanIsFoundByItsFilters(t *testing.T) {
	eachWorld(t, func(w world) {
		in := w.idea("purs")
		in.Period = activity.Period{From: "2029-T2"}
		f := w.drafted(in)
		other := w.idea()
		other.Period, other.Places, other.Themes, other.Type = activity.Period{From: "2030" + "-01"}, []string{"TG-K"}, []string{"ARM"}, "FORM"
		w.drafted(other)
		for name, c := range map[string]struct{ yes, no activity.Choice }{
			"state":     {activity.Choice{State: "idea concertation", Period: "2029"}, activity.Choice{State: "running", Period: "2029"}},
			"type":      {activity.Choice{Type: "SENS", Period: "2029"}, activity.Choice{Type: "FORM", Period: "2029"}},
			"structure": {activity.Choice{Structure: w.ids["purs"], Period: "2029"}, activity.Choice{Structure: w.ids["anpc"], Period: "2029"}},
			"theme":     {activity.Choice{Theme: "DRG", Period: "2029-T2"}, activity.Choice{Theme: "ARM", Period: "2029"}},
			"place":     {activity.Choice{Place: "TG-S", Period: "2029"}, activity.Choice{Place: "TG-K", Period: "2029"}},
			"period":    {activity.Choice{Period: "2029-05"}, activity.Choice{Period: "2029-07"}},
		} {
			for want, choice := range map[int]activity.Choice{1: c.yes, 0: c.no} {
				found, err := w.Activities.List(ctx, w.focal("cnad"), w.Activities.Filter(choice, nil), page.Request{Limit: 10})
				must(w.TB, err)
				if found.Total != want || len(found.Rows) != want || want == 1 && found.Rows[0].ID != f.ID {
					w.Errorf("%s: %d found with %+v, want %d", name, found.Total, choice, want)
				}
			}
		}
	})
}

// TestThePlanAhead holds what is under way or to come, and nothing that is over.
func TestThePlanAhead(t *testing.T) {
	eachWorld(t, func(w world) {
		v, today := w.focal("cnad"), form.DateOf(w.Clock.Now().In(w.Activities.Zone))
		all, err := w.Activities.List(ctx, v, activity.Filter{}, page.Request{Limit: 200})
		must(w.TB, err)
		want := 0
		for _, f := range all.Rows {
			if _, last := f.Period.Days(); last.Compare(today) >= 0 {
				want++
			}
		}
		found, err := w.Activities.List(ctx, v, w.Activities.Filter(activity.Choice{Period: "avenir"}, nil), page.Request{Limit: 200})
		must(w.TB, err)
		if found.Total != want || want == 0 || want == all.Total {
			w.Errorf("%d are ahead, want %d of %d", found.Total, want, all.Total)
		}
	})
}

// TestPagesOfThePlanMeet: read page by page, forwards and backwards, no activity is left out and none comes twice.
func TestPagesOfThePlanMeet(t *testing.T) {
	eachWorld(t, func(w world) {
		v := w.focal("cnad")
		var ids []string
		for p := (page.Request{Limit: 7}); ; {
			found, err := w.Activities.List(ctx, v, activity.Filter{}, p)
			must(w.TB, err)
			for _, f := range found.Rows {
				ids = append(ids, f.ID)
			}
			if found.Next == "" {
				if len(ids) != found.Total {
					w.Errorf("%d read of %d", len(ids), found.Total)
				}
				break
			}
			p, err = page.Parse(found.Next, 7)
			must(w.TB, err)
		}
		slices.Sort(ids)
		if once := slices.Compact(slices.Clone(ids)); len(once) != len(ids) || len(ids) < 50 {
			w.Errorf("%d activities, %d of them different", len(ids), len(once))
		}
	})
}

// kinds are the kinds of what waits on somebody's desk about an activity.
func (w world) kinds(v access.Viewer, f activity.Found) []string {
	w.Helper()
	var all []string
	must(w.TB, w.DB.Read(ctx, func(tx *db.Tx) error {
		tasks, err := w.Activities.Tasks(ctx, tx, v)
		for _, t := range tasks {
			if len(t.Href) >= len(f.ID) && slices.Contains([]string{t.Title, t.Why}, f.Title) {
				all = append(all, t.Kind)
			}
		}
		return err
	}))
	return all
}

var _ desk.Source = (*activity.Module)(nil).Tasks

// TestWhatWaitsForWhom follows what an activity puts on the desks of those who can act on it.
func TestWhatWaitsForWhom(t *testing.T) {
	w := open(t, db.SQLite)
	check := func(f activity.Found, when string, want map[string][]string) {
		t.Helper()
		for _, who := range []string{"focal@cnad.example", "adjoint@cnad.example", "focal@purs.example", "focal@armees.example", "chef@armees.example", "focal@cndh.example", "decideur@gouv.example"} {
			if got := w.kinds(w.as(who), f); !slices.Equal(got, want[who]) {
				t.Errorf("%s, on the desk of %s: %q, want %q", when, who, got, want[who])
			}
		}
	}
	in := w.idea("purs", "armees")
	in.Title = "Une activité sur les bureaux"
	in.Period = activity.Period{From: "2026-01-05", To: "2026-01-06"}
	in.Tasks = []activity.Task{{Title: "Écrire aux proviseurs", Structure: w.ids["purs"], Due: form.Date{Year: 2026, Month: 1, Day: 4}}}
	f := w.drafted(in)
	check(f, "an idea", nil)
	f = w.turned("proposed", f)
	task := []string{"Tâche"}
	check(f, "in concertation", map[string][]string{"focal@purs.example": {"Signature attendue", "Tâche"}, "chef@armees.example": {"Signature attendue"}})

	head := w.as("chef@armees.example")
	f, err := w.Activities.Sign(ctx, head, f.ID, activity.Answer{Verdict: activity.Declined, Text: "Pas cette année.", Terms: f.Terms(head.Structure)})
	must(t, err)
	lead := []string{"Un signataire a décliné"}
	check(f, "declined", map[string][]string{"focal@cnad.example": lead, "adjoint@cnad.example": lead, "focal@purs.example": {"Signature attendue", "Tâche"}})

	f = w.signed(f, "purs")
	f, err = w.Activities.Sign(ctx, head, f.ID, w.agree(f, head))
	must(t, err)
	lead = []string{"Activité à démarrer"}
	check(f, "committed", map[string][]string{"focal@cnad.example": lead, "adjoint@cnad.example": lead, "focal@purs.example": task})

	f, err = w.Activities.Move(ctx, w.focal("purs"), f.ID, f.Tasks[0].ID, activity.Done)
	must(t, err)
	f = w.turned("started", f)
	lead = []string{"Activité à rapporter"}
	check(f, "over", map[string][]string{"focal@cnad.example": lead, "adjoint@cnad.example": lead})
}

// TestVerifyNamesTheActivityWhoseTablesWereChanged by hand.
func TestVerifyNamesTheActivityWhoseTablesWereChanged(t *testing.T) {
	for _, forged := range []string{
		`UPDATE activity SET from_on = '2020-01-01' WHERE id = $1`,
		`UPDATE activity_part SET verdict = 'signed' WHERE id = $1`,
		`DELETE FROM activity_spot WHERE id = $1`,
		`UPDATE activity_task SET due_on = '' WHERE id = $1`,
	} {
		w := open(t, db.SQLite)
		in := w.idea("purs")
		in.Tasks = []activity.Task{{Title: "Écrire", Structure: w.ids["cnad"], Due: form.Date{Year: 2027, Month: 5, Day: 1}}}
		f := w.proposed(in)
		must(t, w.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, forged, f.ID)
			return err
		}))
		must(t, w.DB.Read(ctx, func(tx *db.Tx) error {
			found, err := activity.Verify(ctx, tx)
			if len(found) != 1 || found[0].Subject != f.ID {
				t.Errorf("after %s: %v", forged, found)
			}
			return err
		}))
	}
}
