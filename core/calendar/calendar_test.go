package calendar_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"cadre/core/calendar"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/packs"
	"cadre/packs/togo"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func day(t *testing.T, s string) form.Date {
	t.Helper()
	d, err := form.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// ofTogo is the calendar of the pack with one invented holiday, decided for Wednesday 27 May 2026.
func ofTogo(t *testing.T) *calendar.Calendar {
	t.Helper()
	p, err := packs.Load(togo.Files)
	if err != nil {
		t.Fatal(err)
	}
	c, err := calendar.New(p, []calendar.Holiday{{Day: day(t, "2026-05-27"), Label: "Fête décidée", LabelEN: "Decided feast"}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestHolidaysOfAYear(t *testing.T) {
	var got []string
	english := text.With(context.Background(), text.English)
	for _, h := range ofTogo(t).Holidays(2026) {
		got = append(got, h.Day.String()+" "+h.Name(t.Context())+" / "+h.Name(english))
	}
	want := []string{
		"2026-01-01 Jour de l’an / New Year’s Day",
		"2026-01-13 Journée du 13 janvier / 13 January",
		"2026-04-06 Lundi de Pâques / Easter Monday",
		"2026-04-27 Fête de l’indépendance / Independence Day",
		"2026-05-01 Fête du travail / Labour Day",
		"2026-05-14 Ascension / Ascension Day",
		"2026-05-25 Lundi de Pentecôte / Whit Monday",
		"2026-05-27 Fête décidée / Decided feast",
		"2026-06-21 Fête des martyrs / Martyrs’ Day",
		"2026-08-15 Assomption / Assumption",
		"2026-11-01 Toussaint / All Saints’ Day",
		"2026-12-25 Noël / Christmas Day",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWorkingDays(t *testing.T) {
	c := ofTogo(t)
	for _, w := range []struct {
		from string
		n    int
		to   string
	}{
		{"2026-11-27", 5, "2026-12-04"},   // a Friday: the Friday after
		{"2026-11-28", 1, "2026-11-30"},   // a Saturday: the Monday
		{"2026-11-28", 0, "2026-11-28"},   // no day to add
		{"2026-11-30", -1, "2026-11-27"},  // a Monday: the Friday before
		{"2026-04-03", 1, "2026-04-07"},   // over Easter Monday
		{"2026-05-22", 1, "2026-05-26"},   // over Whit Monday
		{"2026-05-26", 1, "2026-05-28"},   // over the holiday decided
		{"2026-12-31", 1, "2027-01-04"},   // over New Year's Day and a weekend
		{"2027-01-04", -1, "2026-12-31"},  // and back
		{"2026-08-14", 1, "2026-08-17"},   // a holiday on a Saturday moves nothing
		{"2027-05-28", 10, "2027-06-11"},  // another year has not the holiday decided
		{"2028-02-28", 1, "2028-02-29"},   // a leap year
		{"2025-04-10", 250, "2026-04-08"}, // 259 weekdays, 9 holidays among them
	} {
		from, to := day(t, w.from), day(t, w.to)
		if got := c.AddWorking(from, w.n); got != to {
			t.Errorf("%s and %d working days: %s, want %s", from, w.n, got, to)
		}
		if got := c.Between(from, to); got != w.n {
			t.Errorf("%d working days between %s and %s, want %d", got, from, to, w.n)
		}
	}
	if got := c.Between(day(t, "2026-11-27"), day(t, "2026-11-29")); got != 0 {
		t.Errorf("%d working days in a weekend", got)
	}
}

func TestEaster(t *testing.T) {
	for _, want := range []string{"1818-03-22", "1943-04-25", "1954-04-18", "1981-04-19", "2000-04-23", "2024-03-31", "2025-04-20",
		"2026-04-05", "2027-03-28", "2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22"} {
		if got := calendar.Easter(day(t, want).Year); got != day(t, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for year := 1583; year < 5000; year++ {
		if got, want := calendar.Easter(year), clavius(year); got != want {
			t.Fatalf("%s, by the epact %s", got, want)
		}
	}
}

// clavius is Easter by the epact, as D. E. Knuth writes it ("The Art of Computer
// Programming", 1.3.2, exercise 14): another way to the same Sunday.
func clavius(year int) form.Date {
	golden, century := year%19+1, year/100+1
	skipped, moon := 3*century/4-12, (8*century+5)/25-5
	sunday := 5*year/4 - skipped - 10
	epact := ((11*golden+20+moon-skipped)%30 + 30) % 30
	if epact == 25 && golden > 11 || epact == 24 {
		epact++
	}
	full := 44 - epact
	if full < 21 {
		full += 30
	}
	return form.DateOf(time.Date(year, time.March, full+7-(sunday+full)%7, 0, 0, 0, 0, time.UTC))
}

// Counting and adding are two sides of one calendar.
func TestCountingUndoesAdding(t *testing.T) {
	c := ofTogo(t)
	anyDay := rapid.Custom(func(t *rapid.T) form.Date {
		return form.DateOf(time.Date(2020, 1, 1+rapid.IntRange(0, 5000).Draw(t, "days"), 0, 0, 0, 0, time.UTC))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDay.Draw(t, "a"), anyDay.Draw(t, "b")
		m, n := rapid.IntRange(0, 300).Draw(t, "m"), rapid.IntRange(0, 300).Draw(t, "n")
		for _, sign := range []int{1, -1} {
			to := c.AddWorking(a, sign*n)
			if got := c.Between(a, to); got != sign*n || n > 0 && (!c.Working(to) || to.Compare(a) != sign) {
				t.Fatalf("%s and %d is %s, %d days away", a, sign*n, to, got)
			}
			if by, once := c.AddWorking(c.AddWorking(a, sign*m), sign*n), c.AddWorking(a, sign*(m+n)); by != once {
				t.Fatalf("%s and %d, then %d: %s; at once: %s", a, sign*m, sign*n, by, once)
			}
		}
		if c.Working(a) && c.Working(b) && (c.Between(a, b) != -c.Between(b, a) || c.AddWorking(a, c.Between(a, b)) != b) {
			t.Fatalf("%d from %s to %s, %d back", c.Between(a, b), a, b, c.Between(b, a))
		}
		h, ok := c.Holiday(a)
		if ok != slices.Contains(c.Holidays(a.Year), h) || ok && c.Working(a) {
			t.Fatalf("%s: %v, working %v", a, h, c.Working(a))
		}
	})
}

func TestPackIsRead(t *testing.T) {
	p := &packs.Pack{Settings: packs.Settings{Timezone: "Africa/Lome"}}
	zone, err := calendar.Zone(p)
	if err != nil || time.Date(2026, 7, 1, 0, 0, 0, 0, zone).UTC().Hour() != 0 {
		t.Errorf("%v, %v", zone, err)
	}
	p.Settings.Timezone = "Africa/Nowhere"
	if _, err := calendar.Zone(p); err == nil {
		t.Error("a zone that does not exist")
	}
	for _, rule := range []string{"", "13-01", "02-30", "easter", "easter+x", "each year"} {
		p.Holidays = []packs.Holiday{{Rule: rule, Label: "Fête"}}
		if _, err := calendar.New(p, nil); err == nil {
			t.Errorf("the rule %q was read", rule)
		}
	}
	p.Holidays = []packs.Holiday{{Rule: "02-29", Label: "Jour bissextile"}, {Rule: "easter-2", Label: "Vendredi saint"}, {Rule: "decision", Label: "Tabaski"}}
	c, err := calendar.New(p, nil)
	if err != nil || len(c.Holidays(2027)) != 1 || len(c.Holidays(2028)) != 2 || c.Working(day(t, "2026-04-03")) {
		t.Error(c, err)
	}
}
