package sheet

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"cadre/kit/text"
)

// Date reads a day, a month or a year as people write them: 12/03/2026, 2026-03-12,
// 12.03.2026, « 12 mars 2026 », « 1er mars 2026 », 03/2026, « mars 2026 », 2026. It
// returns 2026-03-12, 2026-03 or 2026. The day comes first. A year of two figures, a day
// that does not exist, a year before 1800 or after 2200 are refused.
func Date(s string) (string, bool) {
	s = strings.TrimSpace(s)
	for _, form := range dateForms {
		m := form.FindStringSubmatch(text.Fold(s))
		if m == nil {
			continue
		}
		part := map[string]string{}
		for i, name := range form.SubexpNames() {
			part[name] = m[i]
		}
		return day(part["y"], part["m"], part["d"])
	}
	return "", false
}

// dateForms are matched with folded texts, in which hyphens are spaces.
var dateForms = []*regexp.Regexp{
	regexp.MustCompile(`^(?P<y>\d{4})(?:[ /.](?P<m>\d{1,2})(?:[ /.](?P<d>\d{1,2})(?:[ t]\d{1,2}:\d{2}(?::\d{2})?)?)?)?$`),
	regexp.MustCompile(`^(?:(?P<d>\d{1,2})[ /.])?(?P<m>\d{1,2})[ /.](?P<y>\d{4})$`),
	regexp.MustCompile(`^(?:(?:[a-z]+ )?(?P<d>\d{1,2})(?:er|st|nd|rd|th)? )?(?P<m>[a-z]+)\.? (?P<y>\d{4})$`),
}

// months are the beginnings of the months' names, folded, in French and in English; no two
// months share one.
var months = map[string]int{
	"jan": 1, "fev": 2, "feb": 2, "mar": 3, "avr": 4, "apr": 4, "mai": 5, "may": 5, "juin": 6, "jun": 6,
	"juil": 7, "jul": 7, "aou": 8, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// names are the months' names whole, of which a word must be the beginning.
var names = strings.Fields("janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre " +
	"january february march april may june july august september october november december sept")

// month reads a number or a name, whole or begun.
func month(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n >= 1 && n <= 12
	}
	known := false
	for _, name := range names {
		known = known || strings.HasPrefix(name, s)
	}
	for n := min(4, len(s)); known && n >= 3; n-- {
		if m, found := months[s[:n]]; found {
			return m, true
		}
	}
	return 0, false
}

func day(y, m, d string) (string, bool) {
	year, _ := strconv.Atoi(y)
	if year < 1800 || year > 2200 {
		return "", false
	}
	if m == "" {
		return y, true
	}
	n, ok := month(m)
	if !ok {
		return "", false
	}
	if d == "" {
		return time.Date(year, time.Month(n), 1, 0, 0, 0, 0, time.UTC).Format("2006-01"), true
	}
	of, _ := strconv.Atoi(d)
	t := time.Date(year, time.Month(n), of, 0, 0, 0, 0, time.UTC)
	return t.Format(time.DateOnly), t.Day() == of && int(t.Month()) == n
}

var (
	whole     = regexp.MustCompile(`^-?\d+(?:[.,]0+)?$`)
	ambiguous = regexp.MustCompile(`^-?\d{1,3}[.,]\d{3}$`)
	// Thousands parted by points or by commas, several times or with decimals after the other sign.
	grouped = regexp.MustCompile(`^(-?\d{1,3}(?:(?:\.\d{3}){2,}|(?:,\d{3}){2,}))$|^(-?\d{1,3}(?:\.\d{3})+),00?$|^(-?\d{1,3}(?:,\d{3})+)\.00?$`)
)

// Whole reads a whole number as people write it: 12500, « 12 500 », 12'500, 1.250.000 or
// 1,250,000.00, 12,00. One point or comma before three figures (12,500) is refused: it parts
// thousands in one language and decimals in another.
func Whole(s string) (int64, bool) {
	digits := strings.NewReplacer("'", "", "’", "").Replace(strings.Join(strings.Fields(s), ""))
	if m := grouped.FindStringSubmatch(digits); m != nil {
		digits = strings.NewReplacer(".", "", ",", "").Replace(m[1] + m[2] + m[3])
	}
	if !whole.MatchString(digits) || ambiguous.MatchString(digits) {
		return 0, false
	}
	digits, _, _ = strings.Cut(strings.ReplaceAll(digits, ",", "."), ".")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}

var quarter = regexp.MustCompile(`^(?:(?P<y>\d{4}) ?[tq](?P<q>[1-4])|[tq](?P<q2>[1-4])[ /]?(?P<y2>\d{4})|(?P<q3>[1-4])(?:er|e|eme|ere|st|nd|rd|th)? (?:trimestre|trim\.?|quarter) (?:de |of )?(?P<y3>\d{4}))$`)

// Moment reads a day or a month as Date does, or a quarter: T2 2026, 2026-T2, Q2 2026,
// « 2e trimestre 2026 ». It returns 2026-03-12, 2026-03 or 2026-T2; a year alone is refused.
func Moment(s string) (string, bool) {
	if m := quarter.FindStringSubmatch(text.Fold(s)); m != nil {
		year, ok := day(m[1]+m[4]+m[6], "", "")
		return year + "-T" + m[2] + m[3] + m[5], ok
	}
	d, ok := Date(s)
	return d, ok && len(d) > 4
}

// currency is what people write after an amount, folded.
var currency = regexp.MustCompile(`(?i)[\s\p{Z}]*(?:f[\s\p{Z}]*\.?[\s\p{Z}]*cfa|xof|francs?(?:[\s\p{Z}]+cfa)?|f)\.?$`)

// Money reads an amount as Whole reads a number, with the currency that may follow it:
// « 1 250 000 F CFA ».
func Money(s string) (int64, bool) {
	return Whole(currency.ReplaceAllString(strings.TrimSpace(s), ""))
}
