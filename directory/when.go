package directory

import (
	"context"
	"strings"
	"time"

	"cadre/kit/form"
	"cadre/kit/text"
)

// When is a day, a month or a year as sources give it: "2025-10-08", "2025-10",
// "2025"; empty when it is not known.
type When string

// ParseWhen reads a date typed in French or in ISO form; a month and a year alone are enough.
func ParseWhen(s string) (When, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", true
	}
	for _, layout := range []string{"2006", "2006-01"} {
		if t, err := time.Parse(layout, s); err == nil && plausible(t.Year()) {
			return When(s), true
		}
	}
	if t, err := time.Parse("01/2006", s); err == nil && plausible(t.Year()) {
		return When(t.Format("2006-01")), true
	}
	d, err := form.ParseDate(s)
	return When(d.String()), err == nil && plausible(d.Year)
}

func plausible(year int) bool { return year >= 1800 && year <= 2200 }

// Show words the date as precisely as it is known.
func (w When) Show(ctx context.Context) string {
	switch len(w) {
	case 10:
		if t, err := time.Parse("2006-01-02", string(w)); err == nil {
			return text.Date(ctx, t)
		}
	case 7:
		if t, err := time.Parse("2006-01", string(w)); err == nil {
			_, month, _ := strings.Cut(text.Date(ctx, t.AddDate(0, 0, 1)), "2")
			return strings.TrimSpace(month)
		}
	}
	return string(w)
}

// data is the date in a file: a day where a day is known, else what is known of it.
func (w When) data() any {
	switch d, err := form.ParseDate(string(w)); {
	case w == "":
		return nil
	case err != nil || len(w) < 10:
		return string(w)
	default:
		return d
	}
}

// before reports whether w ends no later than the day of t begins, as far as it is known.
func (w When) before(t time.Time) bool {
	return w != "" && string(w) <= t.Format("2006-01-02")[:len(w)]
}
