package form_test

import (
	"encoding/json"
	"testing"
	"time"

	"cadre/kit/form"
)

func TestParseDate(t *testing.T) {
	for typed, want := range map[string]string{
		"":            "",
		"   ":         "",
		"2026-04-09":  "2026-04-09",
		"09/04/2026":  "2026-04-09",
		" 9/4/2026 ":  "2026-04-09",
		"29/02/2028":  "2028-02-29",
		"1960-04-27":  "1960-04-27",
		"29/02/2026":  "refused",
		"31/02/2026":  "refused",
		"00/01/2026":  "refused",
		"04/13/2026":  "refused",
		"9/4/26":      "refused",
		"0026-04-09":  "refused",
		"2026-4-9":    "refused",
		"2026-04-09T": "refused",
		"demain":      "refused",
	} {
		got, err := form.ParseDate(typed)
		switch {
		case want == "refused" && err == nil:
			t.Errorf("%q was read as %v", typed, got)
		case want != "refused" && (err != nil || got.String() != want):
			t.Errorf("%q: got %v, %v; want %s", typed, got, err, want)
		}
	}
}

func TestDate(t *testing.T) {
	lome := time.FixedZone("Lomé", 0)
	day := form.DateOf(time.Date(2026, 4, 9, 23, 59, 0, 0, lome))
	if got := day.In(lome); !got.Equal(time.Date(2026, 4, 9, 0, 0, 0, 0, lome)) {
		t.Errorf("midnight is %v", got)
	}
	if !(form.Date{}).In(lome).IsZero() || !(form.Date{}).IsZero() || day.IsZero() {
		t.Error("the zero day is no day")
	}
	next := form.Date{Year: 2026, Month: 5, Day: 1}
	if day.Compare(next) != -1 || next.Compare(day) != 1 || day.Compare(day) != 0 || (form.Date{}).Compare(day) != -1 {
		t.Error("days are out of order")
	}
}

func TestDate_JSON(t *testing.T) {
	type sheet struct{ Since, Until form.Date }
	data, err := json.Marshal(sheet{Since: form.Date{Year: 2026, Month: 4, Day: 9}})
	if want := `{"Since":"2026-04-09","Until":""}`; string(data) != want || err != nil {
		t.Errorf("got %s, %v", data, err)
	}
	var back sheet
	if err := json.Unmarshal(data, &back); err != nil || back.Since.String() != "2026-04-09" || !back.Until.IsZero() {
		t.Errorf("got %v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"Since":"2026-02-31"}`), &back); err == nil {
		t.Error("an impossible day was read")
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-04-09", "31/02/2026", "9/4/2026", "99999-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := form.ParseDate(s)
		if err != nil {
			return
		}
		if again, err := form.ParseDate(d.String()); err != nil || again != d {
			t.Fatalf("%q is %v, then %v, %v", s, d, again, err)
		}
	})
}
