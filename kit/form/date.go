package form

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Date is a day of the civil calendar, without hour nor zone. The zero Date means that no day was given.
type Date struct {
	Year  int // 1000 to 9999
	Month time.Month
	Day   int
}

var layouts = []string{"2006-01-02", "2/1/2006"}

// ParseDate reads 2026-04-09 or 9/4/2026; an empty text is the zero Date. It refuses days
// that do not exist, such as the 31st of February.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Date{}, nil
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1000 {
			return DateOf(t), nil
		}
	}
	return Date{}, fmt.Errorf("no such day: %q", s)
}

// DateOf returns the day of t in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero reports whether no day was given.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the day as 2026-04-09, or nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// In returns midnight of that day in the zone loc, or the zero time for the zero Date.
func (d Date) In(loc *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// Compare returns -1, 0 or 1 as d is before, the same as, or after e. The zero Date comes first.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// MarshalText writes String, which JSON keeps as it is.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate accepts.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// Scan reads a column that holds String.
func (d *Date) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("day: want text, got %T", src)
	}
	return d.UnmarshalText([]byte(s))
}
