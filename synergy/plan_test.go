package synergy_test

import (
	"fmt"
	"slices"
	"testing"

	"cadre/core/calendar"
	"cadre/kit/form"
	"cadre/synergy"

	"pgregory.net/rapid"
)

var days = must(calendar.New(pack, nil))

func meeting(id, lead, kind, at string, from, to int, publics ...string) synergy.Planned {
	return synergy.Planned{ID: id, Lead: lead, Type: kind, Places: []string{at}, From: on(from), To: on(to), Precision: "day", Publics: publics}
}

func TestClashes(t *testing.T) {
	a := meeting("a", "cnad", "ATEL", "TG-S-TONE", 10, 12, "FDS")
	for _, c := range []struct {
		what string
		b    synergy.Planned
		want string
	}{
		{"the same public near by", meeting("b", "cndh", "FORM", "TG-S-CINKASSE", 12, 14, "FDS", "LOC"), "[] [FDS]"},
		{"the same public at the other end", meeting("b", "cndh", "FORM", "TG-M-GOLFE", 12, 14, "FDS"), ""},
		{"the same institution at the other end", meeting("b", "cnad", "REUN", "TG-M-GOLFE", 12, 14), "[cnad] []"},
		{"the day after", meeting("b", "cnad", "ATEL", "TG-S-TONE", 13, 14, "FDS"), ""},
		{"another public", meeting("b", "cndh", "ATEL", "TG-S-TONE", 11, 11, "LOC"), ""},
		{"no meeting", meeting("b", "cnad", "PATR", "TG-S-TONE", 11, 11, "FDS"), ""},
	} {
		got := ""
		for _, x := range formula.Clashes([]synergy.Planned{c.b, a}) {
			got = fmt.Sprint(x.Structures, x.Publics)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	vague := a
	vague.ID, vague.Precision = "v", "month"
	if found := formula.Clashes([]synergy.Planned{a, vague}); len(found) > 0 {
		t.Errorf("a month clashes: %+v", found)
	}
}

// A free slot has the working days asked, all of them free, and no earlier one was missed.
func TestFreeSlots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []synergy.Planned
		for i := range rapid.IntRange(0, 8).Draw(t, "activities") {
			from := rapid.IntRange(0, 60).Draw(t, "from")
			lead := rapid.SampledFrom([]string{"cnad", "cndh", "anpc"}).Draw(t, "lead")
			all = append(all, meeting(fmt.Sprint(i), lead, "FORM", "TG", from, from+rapid.IntRange(0, 9).Draw(t, "days")))
		}
		length := rapid.IntRange(1, 4).Draw(t, "length")
		free := func(d form.Date) bool {
			return days.Working(d) && !slices.ContainsFunc(all, func(p synergy.Planned) bool {
				return p.Lead != "anpc" && d.Compare(p.From) >= 0 && d.Compare(p.To) <= 0
			})
		}
		slots := synergy.Free(days, all, []string{"cnad", "cndh"}, on(0), on(60), length, 3)
		for _, s := range slots {
			if !free(s.From) || !free(s.To) || days.Between(s.From, s.To) != length-1 {
				t.Fatalf("%v is no slot of %d days", s, length)
			}
		}
		for n := 0; n <= 60; n++ {
			run, d := 0, n
			for ; d <= 60 && (free(on(d)) || !days.Working(on(d))); d++ {
				if days.Working(on(d)) {
					run++
				}
			}
			if run >= length && free(on(n)) {
				if len(slots) == 0 || slots[0].From != on(n) {
					t.Fatalf("the first slot begins on %v, not as found: %v", on(n), slots)
				}
				return
			}
		}
		if len(slots) > 0 {
			t.Fatalf("found %v where there is none", slots)
		}
	})
}

func TestGaps(t *testing.T) {
	g := synergy.Ground{
		Mandates: []synergy.Mandate{{Owner: "cnad", Theme: "DRG", Place: "TG"}, {Owner: "ciplev", Theme: "EXV-PRV", Place: "TG-S"}},
		Needs:    []synergy.Need{{Owner: "anpc", Theme: "PCV-INO", Place: "TG-S-KPENDJAL"}},
		Covered:  []synergy.Covered{{Theme: "EXV", Place: "TG-S-TONE-1", N: 2}, {Theme: "EXV", Place: "TG-S", N: 5}},
	}
	patches := formula.Patches(g)
	at := func(theme, place string) synergy.Patch {
		return patches[slices.IndexFunc(patches, func(p synergy.Patch) bool { return p.Theme == theme && p.Place == place })]
	}
	for _, c := range []struct {
		theme, place    string
		planned, weight int
		gap             bool
	}{
		{"EXV", "TG-S-TONE", 2, pack.Synergy.Gap.Local, false},
		{"EXV", "TG-S-OTI", 0, pack.Synergy.Gap.Local, true},
		{"EXV", "TG-M-GOLFE", 0, 0, false},
		{"DRG", "TG-M-GOLFE", 0, pack.Synergy.Gap.National, false},
		{"PCV", "TG-S-KPENDJAL", 0, pack.Synergy.Gap.Need, true},
	} {
		p := at(c.theme, c.place)
		if p.Planned != c.planned || p.Weight != c.weight || formula.Gap(p) != c.gap {
			t.Errorf("%s at %s: %+v, want %+v", c.theme, c.place, p, c)
		}
	}
	if gaps := formula.Gaps(patches); len(gaps) != 7 || gaps[0].Theme != "PCV" {
		t.Errorf("%d gaps, the first %+v", len(gaps), gaps[0])
	}
}

// Those who work together stand side by side, and the order depends on nothing else than the ties.
func TestCircle(t *testing.T) {
	all := []string{"anpc", "ciplev", "cnad", "cndh", "purs"}
	ties := []synergy.Tie{{A: "cnad", B: "purs", N: 5}, {A: "anpc", B: "cnad", N: 1}, {A: "ciplev", B: "purs", N: 2}}
	got := synergy.Circle(all, ties)
	if want := []string{"purs", "cnad", "anpc", "ciplev", "cndh"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	slices.Reverse(all)
	slices.Reverse(ties)
	if again := synergy.Circle(all, ties); !slices.Equal(got, again) {
		t.Errorf("%v, then %v", got, again)
	}
}

func TestMisses(t *testing.T) {
	a, b := meeting("a", "cnad", "SENS", "TG-S-TONE", 10, 12, "JEU"), meeting("b", "purs", "SENS", "TG-S-TONE", 11, 13, "JEU")
	a.Themes, b.Themes = []string{"DRG-PRV"}, []string{"DRG-PRV"}
	all := []synergy.Planned{a, b}
	if got := formula.Misses(all, nil, nil); len(got) != 1 || got[0] != (synergy.Missed{A: "cnad", B: "purs", Overlaps: 1}) {
		t.Errorf("%+v", got)
	}
	if got := formula.Misses(all, nil, []synergy.Tie{{A: "cnad", B: "purs", N: 1}}); len(got) != 0 {
		t.Errorf("they signed together: %+v", got)
	}
	b.Partners = []string{"cnad"}
	if got := formula.Misses([]synergy.Planned{a, b}, nil, nil); len(got) != 0 {
		t.Errorf("they do this together: %+v", got)
	}
}
