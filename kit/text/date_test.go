package text

import (
	"context"
	"testing"
	"time"
)

// says compares a text in French and in English.
func says(t *testing.T, what string, got func(context.Context) string, french, english string) {
	t.Helper()
	for _, c := range []struct {
		lang Lang
		want string
	}{{French, french}, {English, english}} {
		if s := got(With(t.Context(), c.lang)); s != c.want {
			t.Errorf("%s in %s: %q, want %q", what, c.lang, s, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	workshop := time.Date(2026, 4, 9, 17, 0, 0, 0, time.UTC)
	labour := time.Date(2026, 5, 1, 8, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		name            string
		format          func(context.Context, time.Time) string
		t               time.Time
		french, english string
	}{
		{"date", Date, workshop, "9 avril 2026", "9 April 2026"},
		{"first of the month", Date, labour, "1er mai 2026", "1 May 2026"},
		{"day", Day, workshop, "jeudi 9 avril 2026", "Thursday 9 April 2026"},
		{"first with its weekday", Day, labour, "vendredi 1er mai 2026", "Friday 1 May 2026"},
		{"hour", Hour, labour, "8\u00a0h\u00a005", "08:05"},
		{"time", Time, workshop, "9 avril 2026 à 17\u00a0h\u00a000", "9 April 2026 at 17:00"},
		{"short", Short, workshop, "09/04/2026", "09/04/2026"},
	} {
		says(t, c.name, func(ctx context.Context) string { return c.format(ctx, c.t) }, c.french, c.english)
	}
}

func TestStretch(t *testing.T) {
	for _, c := range []struct{ first, last, french string }{
		{"janvier 2027", "mars 2027", "de janvier 2027 à mars 2027"},
		{"octobre 2026", "avril 2027", "d’octobre 2026 à avril 2027"},
		{"août 2026", "1er trimestre 2027", "d’août 2026 au 1er trimestre 2027"},
		{"4e trimestre 2026", "15 mai 2027", "du 4e trimestre 2026 au 15 mai 2027"},
	} {
		says(t, c.first, func(ctx context.Context) string { return Stretch(ctx, c.first, c.last) }, c.french, "from "+c.first+" to "+c.last)
	}
}

func TestDateIsThatOfItsZone(t *testing.T) {
	late := time.Date(2026, 4, 9, 23, 30, 0, 0, time.UTC)
	if got := Date(t.Context(), late.In(time.FixedZone("UTC+1", 3600))); got != "10 avril 2026" {
		t.Errorf("Date = %q", got)
	}
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		before          time.Duration
		french, english string
	}{
		{-time.Hour, "à l’instant", "just now"},
		{59 * time.Second, "à l’instant", "just now"},
		{time.Minute, "il y a 1 minute", "1 minute ago"},
		{59 * time.Minute, "il y a 59 minutes", "59 minutes ago"},
		{10 * time.Hour, "il y a 10 heures", "10 hours ago"},
		{24 * time.Hour, "hier", "yesterday"},
		{33*time.Hour + time.Minute, "il y a 2 jours", "2 days ago"}, // 23 h 59 on the 22nd
		{3 * 24 * time.Hour, "il y a 3 jours", "3 days ago"},
		{60 * 24 * time.Hour, "il y a 2 mois", "2 months ago"},
		{365 * 24 * time.Hour, "il y a 1 an", "1 year ago"},
		{4 * 366 * 24 * time.Hour, "il y a 4 ans", "4 years ago"},
	} {
		says(t, c.before.String(), func(ctx context.Context) string { return Ago(ctx, now.Add(-c.before), now) }, c.french, c.english)
	}
}

func TestIn(t *testing.T) {
	for days, want := range map[int][2]string{
		-3: {"il y a 3 jours", "3 days ago"}, -1: {"hier", "yesterday"}, 0: {"aujourd’hui", "today"},
		1: {"demain", "tomorrow"}, 2: {"dans 2 jours", "in 2 days"}, 30: {"dans 30 jours", "in 30 days"},
	} {
		says(t, "in days", func(ctx context.Context) string { return In(ctx, days) }, want[0], want[1])
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int64][2]string{
		0: {"0", "0"}, 999: {"999", "999"}, 1507: {"1\u202f507", "1,507"}, -1234: {"-1\u202f234", "-1,234"}, -999: {"-999", "-999"},
		1234567: {"1\u202f234\u202f567", "1,234,567"}, -9223372036854775808: {
			"-9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808", "-9,223,372,036,854,775,808"},
	} {
		says(t, "number", func(ctx context.Context) string { return Number(ctx, n) }, want[0], want[1])
	}
	says(t, "money", func(ctx context.Context) string { return Money(ctx, 12500000) },
		"12\u202f500\u202f000\u00a0FCFA", "12,500,000\u00a0FCFA")
	for n, want := range map[int64][2]string{
		0: {"0\u00a0o", "0\u00a0B"}, 999: {"999\u00a0o", "999\u00a0B"}, 1000: {"1\u00a0ko", "1\u00a0kB"},
		340_000: {"340\u00a0ko", "340\u00a0kB"}, 999_499: {"999\u00a0ko", "999\u00a0kB"}, 999_999: {"1\u00a0Mo", "1\u00a0MB"},
		1_540_000: {"1,5\u00a0Mo", "1.5\u00a0MB"}, 9_960_000: {"10\u00a0Mo", "10\u00a0MB"},
		7_000_000_000_000: {"7000\u00a0Go", "7000\u00a0GB"},
	} {
		says(t, "bytes", func(ctx context.Context) string { return Bytes(ctx, n) }, want[0], want[1])
	}
}

func TestList(t *testing.T) {
	for _, c := range []struct {
		items           []string
		french, english string
	}{
		{nil, "", ""},
		{[]string{"CNAD"}, "CNAD", "CNAD"},
		{[]string{"CNAD", "CNDH"}, "CNAD et CNDH", "CNAD and CNDH"},
		{[]string{"CNAD", "CNDH", "ANPC"}, "CNAD, CNDH et ANPC", "CNAD, CNDH and ANPC"},
		{[]string{"Chef, CNAD", "Contrôle, CNDH", "ANPC"}, "Chef, CNAD\u202f; Contrôle, CNDH\u202f; ANPC", "Chef, CNAD; Contrôle, CNDH; ANPC"},
	} {
		says(t, "list", func(ctx context.Context) string { return List(ctx, c.items) }, c.french, c.english)
	}
}
