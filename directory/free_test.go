package directory

import (
	"errors"
	"testing"

	"cadre/kit/fault"
)

func TestPeriodsAreReadAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"du 12/03/2026 au 20/03/2026": "2026-03-12/2026-03-20",
		"12/03/2026 – 20/03/2026":     "2026-03-12/2026-03-20",
		"2026-03-12/2026-03-20":       "2026-03-12/2026-03-20",
		"2026-03-12 / 2026-03-20":     "2026-03-12/2026-03-20",
		"le 12/03/2026":               "2026-03-12/2026-03-12",
		"2026-02":                     "2026-02-01/2026-02-28",
		"2026 au 2027":                "2026-01-01/2027-12-31",
		"20/03/2026 au 12/03/2026":    "",
		"30/02/2026":                  "",
		"bientôt":                     "",
	} {
		got := ""
		if p, ok := parsePeriod(typed); ok {
			got = p.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestWhenACapacityIsFree(t *testing.T) {
	y := Capacity{FreeFrom: "2026", FreeTo: "2026-06", Busy: []string{"du 12/03/2026 au 20/03/2026\n2026-05-01"}}
	var c fault.Collect
	y.checkFree(&c)
	if err := c.Fault(); err != nil || len(y.Busy) != 2 {
		t.Fatal(err, y.Busy)
	}
	for day, want := range map[string]bool{"2025-12-31": false, "2026-01-01": true, "2026-03-12": false, "2026-03-20": false, "2026-03-21": true,
		"2026-05-01": false, "2026-06-30": true, "2026-07-01": false} {
		if y.FreeOn(day) != want {
			t.Errorf("%s: %v", day, !want)
		}
	}
	if always := (&Capacity{}); !always.FreeOn("1999-01-01") {
		t.Error("what has no dates is always free")
	}
	c = fault.Collect{}
	typed := []string{"2026-03-12", "plus tard"}
	wrong := Capacity{FreeFrom: "2026-07", FreeTo: "2026-06", Busy: typed}
	wrong.checkFree(&c)
	var f *fault.Fault
	if !errors.As(c.Fault(), &f) || len(f.Fields) != 2 || len(wrong.Busy) != 2 {
		t.Error(f, wrong.Busy)
	}
}
