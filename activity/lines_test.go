package activity

import (
	"testing"

	"cadre/kit/fault"
)

func TestAmountsOfABudgetAsPeopleTypeThem(t *testing.T) {
	read := func(typed string) (Plan, error) {
		var p Plan
		var c fault.Collect
		readBudget([][]string{{"Salle", typed, "", "0"}}, &p, &c)
		return p, c.Fault()
	}
	for typed, want := range map[string]int64{"1 250 000 F CFA": 1_250_000, "1.250.000": 1_250_000, "450000": 450_000, "-5": -5, "": 0} {
		if p, err := read(typed); err != nil || p.Budget[0].Amount != want {
			t.Errorf("%q: %+v %v", typed, p.Budget, err)
		}
	}
	for _, typed := range []string{"12,5", "12,500", "beaucoup", "99999999999999999999"} {
		if _, err := read(typed); fault.KindOf(err) != fault.BadInput {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// TestBothEndsOfAPeriodAreTold: each at its field, whichever is read first.
func TestBothEndsOfAPeriodAreTold(t *testing.T) {
	var c fault.Collect
	p := Period{From: "bientôt", To: "31/02/2027"}
	p.check(&c)
	f := c.Fault().(*fault.Fault)
	if len(f.Fields) != 2 || f.Fields[0].Name != "from" || f.Fields[1].Name != "to" {
		t.Errorf("%+v", f.Fields)
	}
}
