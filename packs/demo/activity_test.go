package demo

import (
	"slices"
	"strings"
	"testing"

	"cadre/packs"
	"cadre/packs/togo"
)

func load(t *testing.T) (*packs.Pack, *Demonstration) {
	t.Helper()
	p, err := packs.Load(togo.Files)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Load(p)
	if err != nil {
		t.Fatal(err)
	}
	return p, d
}

func TestActivities_ShowEverySituation(t *testing.T) {
	p, d := load(t)
	if len(d.Activities) < 60 {
		t.Errorf("only %d activities", len(d.Activities))
	}
	seen, first, last := map[string]int{}, 0, 0
	for _, a := range d.Activities {
		for _, code := range append([]string{a.Structure, a.State, a.Precision, a.Marking, a.Type}, a.Publics...) {
			seen[code]++
		}
		for _, part := range a.Partners {
			seen[part.Role]++
			seen[part.Verdict]++
		}
		first, last = min(first, a.StartInDays), max(last, a.StartInDays+a.Days)
	}
	for _, code := range slices.Concat(States, Precisions, Markings, Roles, Verdicts) {
		if seen[code] == 0 {
			t.Errorf("no activity shows %q", code)
		}
	}
	for _, s := range p.Structures {
		if seen[s.Slug] < 5 {
			t.Errorf("%s leads only %d activities", s.Slug, seen[s.Slug])
		}
	}
	if last-first < 530 {
		t.Errorf("they span %d days, not eighteen months", last-first)
	}
}

// Some préfectures have nothing planned, so that gaps have something to show.
func TestActivities_LeaveGaps(t *testing.T) {
	p, d := load(t)
	var empty []string
	for _, place := range p.Territories {
		named := slices.ContainsFunc(d.Activities, func(a Activity) bool {
			return slices.ContainsFunc(a.Places, func(code string) bool { return within(p, code, place.Code) })
		})
		if place.Level == "prefecture" && !named {
			empty = append(empty, place.Code)
		}
	}
	if len(empty) < 8 || !slices.Contains(empty, "TG-S-KPENDJAL") {
		t.Errorf("without activity: %v", empty)
	}
}

// within reports whether a territory is the wide one or lies in it.
func within(p *packs.Pack, code, wide string) bool {
	for code != "" && code != wide {
		t, _ := p.Territory(code)
		code = t.Parent
	}
	return code == wide
}

func TestActivity_RefusesAndSaysWhy(t *testing.T) {
	p, d := load(t)
	tests := []struct {
		name   string
		spoil  func(*Activity)
		reason string
	}{
		{"a type that does not exist", func(a *Activity) { a.Type = "FETE" }, `unknown type "FETE"`},
		{"a theme that does not exist", func(a *Activity) { a.Themes = []string{"XXX"} }, `unknown theme "XXX"`},
		{"a place elsewhere", func(a *Activity) { a.Places = []string{"BJ"} }, `unknown territory "BJ"`},
		{"no public", func(a *Activity) { a.Publics = nil }, "it lacks"},
		{"no purpose", func(a *Activity) { a.Purpose = "" }, "it lacks"},
		{"not invented", func(a *Activity) { a.Fictitious = false }, "not marked fictitious"},
		{"a funder that could be real", func(a *Activity) { a.Budget = []Line{{"Salle", 1, "PNUD", true}} }, "could be real"},
		{"a lasting of nothing", func(a *Activity) { a.Days = 0 }, "it lasts 0 days"},
		{"reported but to come", func(a *Activity) { a.StartInDays = 10 }, "does not fit the days"},
		{"reported without report", func(a *Activity) { a.Report = nil }, "lacks its report"},
		{"a partner who has not signed", func(a *Activity) { a.Partners = []Partner{{Structure: "purs", Role: "co"}} }, "has not signed"},
		{"a partner who was not asked", func(a *Activity) { a.Partners = []Partner{{Structure: "purs", Role: "informed", Verdict: "signed"}} }, "is not asked"},
		{"a partner who may not see", func(a *Activity) {
			a.Marking, a.Audience = "amber", []string{"structure:cnad"}
			a.Partners = []Partner{{Structure: "purs", Role: "informed"}}
		}, "may not see"},
		{"a task of somebody else", func(a *Activity) { a.Tasks = []Task{{"Écrire", "cndh", 0, "open"}} }, `unknown responsible "cndh"`},
		{"somebody’s name", func(a *Activity) { a.Risks = "Voir avec le colonel Untel." }, "it speaks of"},
		{"an attack", func(a *Activity) { a.Purpose = "Après l’attaque." }, "it speaks of"},
		{"a wider audience than its marking", func(a *Activity) { a.Marking = "green"; a.Audience = []string{"public"} }, "does not fit the marking"},
	}
	lead := slices.IndexFunc(d.Activities, func(a Activity) bool { return a.State == "reported" && a.Structure == "cnad" })
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := d.Activities[lead]
			test.spoil(&a)
			c := &checker{pack: p, people: d.People, file: "activities.json"}
			c.activity("x", a)
			if len(c.faults) == 0 || !strings.Contains(c.faults[0].Error(), test.reason) {
				t.Errorf("faults %v, want %q", c.faults, test.reason)
			}
		})
	}
}
