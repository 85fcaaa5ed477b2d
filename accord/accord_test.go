package accord

import (
	"testing"

	"cadre/kit/form"

	"github.com/google/go-cmp/cmp"
)

// An identifier names one clause that stood there, once, and keeps where it stands; whatever else is new and open.
func TestReword(t *testing.T) {
	a := Accord{Clauses: []Clause{{Duty{ID: "a", Text: "Prêter"}, Kept, "Fait."}, {Duty{ID: "b", Text: "Payer"}, Doing, ""}}}
	a.reword([]Duty{{ID: "b", Text: "Payer mieux"}, {ID: "b", Text: "Encore"}, {ID: "z", Text: "Inconnue"}, {Text: "Neuve"}})
	known := map[string]bool{"a": true, "b": true, "z": true}
	for i, c := range a.Clauses[1:] {
		if known[c.ID] || c.ID == "" {
			t.Errorf("%q has the identifier %q", c.Text, c.ID)
		}
		known[c.ID] = true
		a.Clauses[i+1].ID = ""
	}
	want := []Clause{{Duty{ID: "b", Text: "Payer mieux"}, Doing, ""}, {Duty{Text: "Encore"}, Open, ""}, {Duty{Text: "Inconnue"}, Open, ""}, {Duty{Text: "Neuve"}, Open, ""}}
	if diff := cmp.Diff(want, a.Clauses); diff != "" {
		t.Error(diff)
	}
}

// The owner is a party, the first, and each of the others is one once.
func TestSignatories(t *testing.T) {
	if diff := cmp.Diff([]string{"m", "a", "z"}, signatories("m", []string{"z", "m", "a", "z"})); diff != "" {
		t.Error(diff)
	}
}

// Somebody must see to an end that nears, unless it is renewed tacitly, and to one that is past.
func TestExpires(t *testing.T) {
	until := form.Date{Year: 2027, Month: 2, Day: 1}
	for _, x := range []struct {
		p    Pact
		days int
		want bool
	}{{Pact{Until: until}, ending, true}, {Pact{Until: until}, ending + 1, false}, {Pact{Until: until, Tacit: true}, ending, false}, {Pact{Until: until, Tacit: true}, -1, true}, {Pact{}, -1, false}} {
		if got := x.p.expires(x.days); got != x.want {
			t.Errorf("%+v in %d days: %t", x.p, x.days, got)
		}
	}
}
