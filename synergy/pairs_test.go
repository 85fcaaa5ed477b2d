package synergy_test

import (
	"encoding/json"
	"os"
	"testing"

	"cadre/kit/form"
	"cadre/synergy"
)

// labelled is a pair of activities with what people would say of it.
type labelled struct {
	A, B   example
	Label  string // overlap, complement or nothing
	Half   string // tune or test
	Reason string // why, in a sentence
}

// example is an activity of the labelled set.
type example struct {
	Lead, Type, Title        string
	Partners, Themes, Places []string
	Publics, Funders         []string
	From, To                 form.Date
	Needs, Offers            []synergy.Mean
}

func (e example) planned() synergy.Planned {
	return synergy.Planned{Lead: e.Lead, Partners: e.Partners, Type: e.Type, Title: e.Title, Themes: e.Themes, Places: e.Places,
		Publics: e.Publics, From: e.From, To: e.To, Precision: "day", Needs: e.Needs, Offers: e.Offers, Funders: e.Funders}
}

// tally is how often something was said, rightly, and should have been.
type tally struct{ said, right, due int }

func (t tally) precision() float64 { return float64(t.right) / float64(max(t.said, 1)) }
func (t tally) recall() float64    { return float64(t.right) / float64(max(t.due, 1)) }

// TestLabelledPairs judges the formula with the pack's weights by pairs that people
// labelled before any weight was set. One half served to set them, the other did not.
// The figures stand in docs/synergy.md.
func TestLabelledPairs(t *testing.T) {
	data := must(os.ReadFile("testdata/pairs.json"))
	var all []labelled
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	tallies := map[string]map[string]*tally{"tune": {}, "test": {}}
	for _, p := range all {
		said := string(formula.Judge(p.A.planned(), p.B.planned(), mandates).Kind)
		if said == "" {
			said = "nothing"
		}
		half := tallies[p.Half]
		for _, label := range []string{p.Label, said} {
			if half[label] == nil {
				half[label] = &tally{}
			}
		}
		half[p.Label].due++
		half[said].said++
		if said == p.Label {
			half[said].right++
		} else if p.Half == "tune" {
			t.Logf("%s for %s: %s / %s", said, p.Label, p.A.Title, p.B.Title)
		}
	}
	for half, least := range map[string]float64{"tune": 0.8, "test": 0.7} {
		for _, label := range []string{"overlap", "complement", "nothing"} {
			x := tallies[half][label]
			t.Logf("%s: %-10s precision %.2f, recall %.2f, of %d", half, label, x.precision(), x.recall(), x.due)
			if x.precision() < least || x.recall() < least {
				t.Errorf("%s: %s is below %.2f", half, label, least)
			}
		}
	}
}
