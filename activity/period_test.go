package activity

import (
	"context"
	"testing"

	"cadre/kit/fault"
	"cadre/kit/text"

	"pgregory.net/rapid"
)

func TestMomentsAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]Moment{
		"": "", "18/05/2026": "2026-05-18", "2026-05-18": "2026-05-18", " 05/2026 ": "2026-05", "2026-5": "2026-05", "5/2026": "2026-05",
		"T2 2026": "2026-T2", "2026-T2": "2026-T2", "q2/2026": "2026-T2", "2026 t2": "2026-T2", "mai 2026": "2026-05", "1er mai 2026": "2026-05-01", "18.05.2026": "2026-05-18", "2e trimestre 2026": "2026-T2", "2026T4": "2026-T4",
	} {
		if got, ok := ParseMoment(typed); !ok || got != want {
			t.Errorf("%q is %q, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"30/02/2026", "2026-13", "T5 2026", "mai", "1850-01", "2126-01-01", "2026", "\x00"} {
		if got, ok := ParseMoment(typed); ok {
			t.Errorf("%q was taken for %q", typed, got)
		}
	}
}

func TestPeriodsInWords(t *testing.T) {
	for p, want := range map[Period][2]string{
		{From: "2027-05-18"}:                   {"18 mai 2027", "18 May 2027"},
		{From: "2027-05-18", To: "2027-05-20"}: {"du 18 au 20 mai 2027", "from 18 to 20 May 2027"},
		{From: "2027-04-30", To: "2027-05-01"}: {"du 30 avril au 1er mai 2027", "from 30 April to 1 May 2027"},
		{From: "2027-12-30", To: "2028-01-02"}: {"du 30 décembre 2027 au 2 janvier 2028", "from 30 December 2027 to 2 January 2028"},
		{From: "2027-05"}:                      {"mai 2027", "May 2027"},
		{From: "2027-T2"}:                      {"2e trimestre 2027", "2nd quarter of 2027"},
		{From: "2027-01", To: "2027-03"}:       {"de janvier 2027 à mars 2027", "from January 2027 to March 2027"},
	} {
		for i, l := range []text.Lang{text.French, text.English} {
			if got := p.Words(text.With(context.Background(), l)); got != want[i] {
				t.Errorf("%v: %q, want %q", p, got, want[i])
			}
		}
	}
}

// TestAMomentEndsAfterItBegins, and what it is written as is read as the same.
func TestAMomentEndsAfterItBegins(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m, ok := ParseMoment(rapid.StringMatching(`20[0-9][0-9]-(0[1-9]|1[0-2]|T[1-4])(-(0[1-9]|1[0-9]|2[0-8]))?`).Draw(r, "typed"))
		if !ok {
			return
		}
		first, last := m.days()
		if again, ok := ParseMoment(string(m)); !ok || again != m || first.Compare(last) > 0 || first.IsZero() {
			t.Fatalf("%q: %v to %v, read again as %q", m, first, last, again)
		}
	})
}

// FuzzParseMoment: whatever is typed, a moment that is taken has days, and a period of it is checked without a panic.
func FuzzParseMoment(f *testing.F) {
	for _, seed := range []string{"18/05/2026", "2026-05", "T2 2026", "2026-T2-01", "Q1/9999", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		m, ok := ParseMoment(typed)
		if !ok || m == "" {
			return
		}
		if first, last := m.days(); first.IsZero() || first.Compare(last) > 0 {
			t.Errorf("%q is %q, from %v to %v", typed, m, first, last)
		}
		var c fault.Collect
		p := Period{From: m, To: m}
		p.check(&c)
		if err := c.Fault(); err != nil || len(p.months()) == 0 || len(p.months()) > 3 {
			t.Errorf("%q: %v, %v", typed, p.months(), err)
		}
	})
}
