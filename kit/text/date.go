package text

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Every function here shows the instant as its time.Time says: the caller has put it in
// the institution's zone (t.In(zone)) before, because a date without a zone is a wrong date
// for somebody, and this package knows no institution.

var (
	frenchMonths = [...]string{"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	frenchDays = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
)

// Date writes a day as a letter does: « 9 avril 2026 », « 1er mai 2026 », "9 April 2026".
func Date(ctx context.Context, t time.Time) string {
	if Of(ctx) == English {
		return t.Format("2 January 2006")
	}
	day := strconv.Itoa(t.Day())
	if day == "1" {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %d", day, frenchMonths[t.Month()-1], t.Year())
}

// Days writes a span of days without saying twice what its ends share: « du 19 au
// 22 janvier 2027 », « du 30 janvier au 2 février 2027 ».
func Days(ctx context.Context, from, to time.Time) string {
	first, last := Date(ctx, from), Date(ctx, to)
	if from.Year() == to.Year() {
		first = first[:strings.LastIndexByte(first, ' ')]
		if from.Month() == to.Month() {
			first = first[:strings.LastIndexByte(first, ' ')]
		}
	}
	return T(ctx, "du %s au %s", first, last)
}

// Month writes a month: « avril 2026 », "April 2026".
func Month(ctx context.Context, t time.Time) string {
	if Of(ctx) == English {
		return t.Format("January 2006")
	}
	return fmt.Sprintf("%s %d", frenchMonths[t.Month()-1], t.Year())
}

// Quarter writes a quarter: « 2e trimestre 2026 », "2nd quarter of 2026".
func Quarter(ctx context.Context, t time.Time) string {
	return T(ctx, "%s trimestre %d", T(ctx, ordinals[(t.Month()-1)/3]), t.Year())
}

// Stretch writes a span from a month, a quarter or a day, in words, to another:
// « d’octobre 2026 à mars 2027 », « du 4e trimestre 2026 au 15 mai 2027 ».
func Stretch(ctx context.Context, first, last string) string {
	from, to := T(ctx, "de %s", first), T(ctx, "à %s", last)
	if strings.ContainsRune("ao", rune(first[0])) {
		from = T(ctx, "d’%s", first)
	}
	if first[0] <= '9' {
		from = T(ctx, "du %s", first)
	}
	if last[0] <= '9' {
		to = T(ctx, "au %s", last)
	}
	return from + " " + to
}

var ordinals = [...]string{Key("1er"), Key("2e"), Key("3e"), Key("4e")}

// Day writes a day with its weekday: « jeudi 9 avril 2026 », "Thursday 9 April 2026".
func Day(ctx context.Context, t time.Time) string {
	if Of(ctx) == English {
		return t.Format("Monday 2 January 2006")
	}
	return frenchDays[t.Weekday()] + " " + Date(ctx, t)
}

// Weekday names the day of the week: « jeudi », "Thursday".
func Weekday(ctx context.Context, t time.Time) string {
	if Of(ctx) == English {
		return t.Weekday().String()
	}
	return frenchDays[t.Weekday()]
}

// MonthName names a month without its year: « avril », "April".
func MonthName(ctx context.Context, m time.Month) string {
	if Of(ctx) == English {
		return m.String()
	}
	return frenchMonths[m-1]
}

// Hour writes the time of day: « 17 h 00 », which does not break over two lines, "17:00".
func Hour(ctx context.Context, t time.Time) string {
	return T(ctx, "%d\u00a0h\u00a0%02d", t.Hour(), t.Minute())
}

// Time writes an instant: « 9 avril 2026 à 17 h 00 », "9 April 2026 at 17:00".
func Time(ctx context.Context, t time.Time) string {
	return T(ctx, "%s à %s", Date(ctx, t), Hour(ctx, t))
}

// Short writes a day for a table's column: 09/04/2026, day first in both languages, as
// West Africa writes it in both.
func Short(_ context.Context, t time.Time) string { return t.Format("02/01/2006") }

// Ago says how long before now from was: « à l’instant », « il y a 20 minutes », « hier »,
// « il y a 3 jours », « il y a 2 mois », « il y a 4 ans ». From one day on, it counts dates in
// now's zone, not periods of 24 hours. What is not past yet is just now: clocks differ.
func Ago(ctx context.Context, from, now time.Time) string {
	switch age, days := now.Sub(from), Midnights(from.In(now.Location()), now); {
	case age < time.Minute:
		return T(ctx, "à l’instant")
	case age < time.Hour:
		n := int(age.Minutes())
		return N(ctx, n, "il y a %d minute", "il y a %d minutes", n)
	case age < 24*time.Hour:
		n := int(age.Hours())
		return N(ctx, n, "il y a %d heure", "il y a %d heures", n)
	case days < 60:
		return In(ctx, -days)
	case days < 365:
		return T(ctx, "il y a %d mois", days/30)
	default:
		n := days / 365
		return N(ctx, n, "il y a %d an", "il y a %d ans", n)
	}
}

// Midnights counts the midnights between two instants, each in its own zone.
func Midnights(from, to time.Time) int {
	day := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)) / (24 * time.Hour))
}

// In says when a day comes that is so many days away: « aujourd’hui », « demain »,
// « dans 3 jours »; and when it was, for a negative number: « hier », « il y a 3 jours ».
func In(ctx context.Context, days int) string {
	switch {
	case days < -1:
		return N(ctx, -days, "il y a %d jour", "il y a %d jours", -days)
	case days == -1:
		return T(ctx, "hier")
	case days == 0:
		return T(ctx, "aujourd’hui")
	case days == 1:
		return T(ctx, "demain")
	}
	return N(ctx, days, "dans %d jour", "dans %d jours", days)
}

// Number writes a whole number with its thousands apart: « 1 507 » with U+202F, "1,507".
func Number[I ~int | ~int64](ctx context.Context, n I) string {
	separator := "\u202f"
	if Of(ctx) == English {
		separator = ","
	}
	s := strconv.FormatInt(int64(n), 10)
	digits := strings.TrimPrefix(s, "-")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + separator + digits[i:]
	}
	return s[:strings.IndexAny(s, "0123456789")] + digits
}

// Money writes an amount in CFA francs, which have no cents: « 12 500 000 FCFA ».
func Money(ctx context.Context, fcfa int64) string { return Number(ctx, fcfa) + "\u00a0FCFA" }

// List writes an enumeration: « a, b et c », "a, b and c", and « a, b ; c » of what has commas of its own.
func List(ctx context.Context, items []string) string {
	last := len(items) - 1
	if last < 1 {
		return strings.Join(items, "")
	}
	if !strings.Contains(strings.Join(items, ""), ", ") {
		return T(ctx, "%s et %s", strings.Join(items[:last], ", "), items[last])
	}
	return Series(ctx, items)
}

// Labels are the words of codes, each worded by label.
func Labels(ctx context.Context, codes []string, label func(context.Context, string) string) []string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = label(ctx, c)
	}
	return words
}

// Labelled writes a value after what it is of: « Golfe : 5 », "Golfe: 5".
func Labelled(ctx context.Context, label, value string) string {
	return T(ctx, "%s\u00a0: %s", label, value)
}

// Series writes an enumeration of what holds commas itself: « a, b ; c ».
func Series(ctx context.Context, items []string) string {
	if len(items) == 0 {
		return ""
	}
	all := items[0]
	for _, item := range items[1:] {
		all = T(ctx, "%s\u202f; %s", all, item)
	}
	return all
}

// sizes are units of a thousand, as the administration and disk makers count.
var sizes = [...]string{Key("%s\u00a0o"), Key("%s\u00a0ko"), Key("%s\u00a0Mo"), Key("%s\u00a0Go")}

// Bytes writes the size of a file: « 340 ko », « 1,5 Mo », "1.5 MB".
func Bytes(ctx context.Context, n int64) string {
	size, unit, decimals := float64(n), 0, 0
	for ; size >= 999.5 && unit < len(sizes)-1; unit++ {
		size /= 1000
	}
	if unit > 0 && size < 9.95 {
		decimals = 1
	}
	s := strings.TrimSuffix(strconv.FormatFloat(size, 'f', decimals, 64), ".0")
	if Of(ctx) == French {
		s = strings.Replace(s, ".", ",", 1)
	}
	return T(ctx, sizes[unit], s)
}
