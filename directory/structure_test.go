package directory

import (
	"context"
	"testing"
	"time"

	"cadre/kit/fault"
	"cadre/kit/text"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func TestWhenIsReadAsPeopleWriteIt(t *testing.T) {
	for typed, want := range map[string]When{
		"": "", "2025": "2025", "2025-04": "2025-04", "04/2025": "2025-04", "2025-04-09": "2025-04-09", "9/4/2025": "2025-04-09", " 09/04/2025 ": "2025-04-09",
	} {
		if got, ok := ParseWhen(typed); !ok || got != want {
			t.Errorf("%q: %q, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"31/02/2025", "2025-13", "hier", "0099", "99999", "2025-02-30"} {
		if got, ok := ParseWhen(typed); ok {
			t.Errorf("%q was read as %q", typed, got)
		}
	}
}

func TestWhenIsShownAsPreciselyAsItIsKnown(t *testing.T) {
	french, english := context.Background(), text.With(context.Background(), text.English)
	for w, want := range map[When][2]string{
		"2025": {"2025", "2025"}, "2025-04": {"avril 2025", "April 2025"}, "2025-04-09": {"9 avril 2025", "9 April 2025"}, "": {"", ""},
	} {
		if got := [2]string{w.Show(french), w.Show(english)}; got != want {
			t.Errorf("%q: %q", w, got)
		}
	}
}

func TestMinistriesChangeAndThePastStays(t *testing.T) {
	s := Structure{Acronym: "Armées", Names: []Dated{{Value: "Ministère des Armées", From: "2020"}}}
	next, err := s.Rename(Dated{Value: "Défense nationale", From: "2025-10-08"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Dated{{Value: "Ministère des Armées", From: "2020", To: "2025-10-08"}, {Value: "Défense nationale", From: "2025-10-08"}}
	if diff := cmp.Diff(want, next.Names); diff != "" {
		t.Error(diff)
	}
	if got := next.Name(noon); got != "Défense nationale" {
		t.Errorf("today: %q", got)
	}
	if got := next.Name(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)); got != "Ministère des Armées" {
		t.Errorf("in 2024: %q", got)
	}
	if len(s.Names) != 1 || s.Names[0].To != "" {
		t.Error("the sheet before was changed too")
	}
	if _, err := next.Rename(Dated{Value: "Autre", From: "2019"}); fault.KindOf(err) != fault.BadInput {
		t.Errorf("a name that begins before the present one: %v", err)
	}
}

func TestNobodySupervisesAnIndependentStructure(t *testing.T) {
	cndh := Structure{Acronym: "CNDH", Independent: true}
	if _, err := cndh.Attach(Dated{Value: "Un ministère", From: "2026"}); fault.KindOf(err) != fault.BadInput {
		t.Errorf("attached: %v", err)
	}
}

// However a structure is renamed, at every instant after the first name exactly one name holds.
func TestOneNameAtATime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Structure{Acronym: "X", Names: []Dated{{Value: "0", From: "2000-01-01"}}}
		day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range rapid.IntRange(0, 8).Draw(t, "changes") {
			day = day.AddDate(0, 0, rapid.IntRange(1, 900).Draw(t, "days"))
			next, err := s.Rename(Dated{Value: string(rune('1' + i)), From: When(day.Format("2006-01-02"))})
			if err != nil {
				t.Fatal(err)
			}
			s = next
		}
		at := time.Date(2000, 1, 1, 12, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 8000).Draw(t, "at"))
		holding := 0
		for _, d := range s.Names {
			if d.From.before(at) && !d.To.before(at) {
				holding++
			}
		}
		if d, ok := current(s.Names, at); holding != 1 || !ok || !d.From.before(at) {
			t.Fatalf("%d names on %s", holding, at)
		}
	})
}

func TestFreshness(t *testing.T) {
	for days, want := range map[int]Freshness{0: Fresh, 181: Fresh, 183: Ageing, 364: Ageing, 366: Expired} {
		s := Structure{Confirmed: &Confirmation{At: noon.AddDate(0, 0, -days)}}
		if got := s.Freshness(noon); got != want {
			t.Errorf("after %d days: %s", days, got)
		}
	}
	if (Structure{}).Freshness(noon) != Expired {
		t.Error("a sheet never confirmed is not expired")
	}
}

func TestAddressesOfTheWebOnly(t *testing.T) {
	for address, want := range map[string]bool{"": true, "https://cndh-togo.org": true, "http://x": true, "javascript:alert(1)": false, "data:text/html,x": false, "//x": false, " https://x": false} {
		if webAddress(address) != want {
			t.Errorf("%q: %v", address, !want)
		}
	}
}

func TestLifeOfAFact(t *testing.T) {
	if err := Life.Check(); err != nil {
		t.Error(err)
	}
}

func TestStrikingWhatNeverHeld(t *testing.T) {
	s := Structure{Acronym: "X", Names: []Dated{{Value: "A", From: "2000", To: "2010"}, {Value: "B", From: "2010", To: "2020"}, {Value: "C", From: "2020"}}, Legal: []Legal{{Title: "Décret"}}}
	next, err := s.Strike(ofNames, 1)
	want := []Dated{{Value: "A", From: "2000", To: "2020"}, {Value: "C", From: "2020"}}
	if diff := cmp.Diff(want, next.Names); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if last, err := next.Strike(ofNames, 1); err != nil || last.Names[0].To != "" {
		t.Errorf("the name before does not hold again: %+v, %v", last.Names, err)
	}
	if s.Names[0].To != "2010" || len(s.Legal) != 1 {
		t.Error("the sheet before was changed too")
	}
	one := Structure{Names: []Dated{{Value: "A"}}}
	if _, err := one.Strike(ofNames, 0); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the only name: %v", err)
	}
	if bare, err := s.Strike(ofTexts, 0); err != nil || len(bare.Legal) != 0 {
		t.Errorf("the text stands: %+v, %v", bare.Legal, err)
	}
	for list, place := range map[string]int{ofTexts: 1, ofSupervision: 0, ofNames: -1, "facts": 0} {
		if _, err := s.Strike(list, place); fault.KindOf(err) != fault.NotFound {
			t.Errorf("line %d of %s: %v", place, list, err)
		}
	}
}
