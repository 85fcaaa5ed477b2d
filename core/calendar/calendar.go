// Package calendar tells the working days of a country: Monday to Friday but for
// public holidays. Deadlines are counted in them.
//
// The pack gives the holidays that a rule fixes: a day of the year, or a number of
// days from Easter. A holiday that falls on a weekend moves no other day. The
// days that the State decides each year are given one by one by the permanent
// secretariat, and anyone who has signed in reads them.
//
// The events are calendar.holiday.decided, .moved and .withdrawn.
package calendar

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zones travel inside the program: a bare server may have none

	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/packs"
)

// Zone is the time zone of the country, in which its days begin and end.
func Zone(p *packs.Pack) (*time.Location, error) {
	zone, err := time.LoadLocation(p.Settings.Timezone)
	if err != nil {
		return nil, fmt.Errorf("time zone of the country: %w", err)
	}
	return zone, nil
}

// Holiday is a public holiday of one year.
type Holiday struct {
	Day     form.Date
	Label   string
	LabelEN string
	Status  string // how sure the rule is, in French; empty for a day that was decided
}

// Name is the holiday in the language of ctx.
func (h Holiday) Name(ctx context.Context) string {
	if text.Of(ctx) == text.English {
		return h.LabelEN
	}
	return h.Label
}

// Calendar knows the holidays of every year. It never changes.
type Calendar struct {
	fixed   []rule // a day of the year
	easter  []rule // days from Easter
	decided map[form.Date]Holiday
}

type rule struct {
	month   time.Month
	day     int // of the month, or from Easter Sunday
	holiday packs.Holiday
}

func (r rule) on(day form.Date) Holiday {
	return Holiday{day, r.holiday.Label, r.holiday.LabelEN, r.holiday.Status}
}

// New returns the calendar of a pack, with the holidays that were decided one by
// one. A rule that cannot be read is a fault of the pack.
func New(p *packs.Pack, decided []Holiday) (*Calendar, error) {
	c := &Calendar{decided: map[form.Date]Holiday{}}
	for _, h := range p.Holidays {
		if err := c.add(h); err != nil {
			return nil, fmt.Errorf("holiday %q: %w", h.Label, err)
		}
	}
	for _, h := range decided {
		c.decided[h.Day] = h
	}
	return c, nil
}

func (c *Calendar) add(h packs.Holiday) error {
	if decides(h) {
		return nil
	}
	if offset, ok := strings.CutPrefix(h.Rule, "easter"); ok {
		days, err := strconv.Atoi(offset)
		c.easter = append(c.easter, rule{0, days, h})
		return err
	}
	day, err := time.Parse("2006-01-02", "2000-"+h.Rule) // a leap year: it has every day
	c.fixed = append(c.fixed, rule{day.Month(), day.Day(), h})
	return err
}

// Holiday returns the public holiday of a day, if it is one.
func (c *Calendar) Holiday(day form.Date) (Holiday, bool) {
	if h, ok := c.decided[day]; ok {
		return h, true
	}
	for _, r := range c.fixed {
		if r.month == day.Month && r.day == day.Day {
			return r.on(day), true
		}
	}
	for _, r := range c.easter {
		if after(Easter(day.Year), r.day) == day {
			return r.on(day), true
		}
	}
	return Holiday{}, false
}

// Holidays lists the public holidays of a year in the order of their days, two of
// one day as one.
func (c *Calendar) Holidays(year int) []Holiday {
	var all []Holiday
	for day := (form.Date{Year: year, Month: time.January, Day: 1}); day.Year == year; day = after(day, 1) {
		if h, ok := c.Holiday(day); ok {
			all = append(all, h)
		}
	}
	return all
}

// Working reports whether institutions work on that day.
func (c *Calendar) Working(day form.Date) bool {
	if weekday := day.In(time.UTC).Weekday(); weekday == time.Saturday || weekday == time.Sunday {
		return false
	}
	_, holiday := c.Holiday(day)
	return !holiday
}

// AddWorking returns the n-th working day after a day, or before it when n is
// negative; the day itself, working or not, when n is zero. A deadline of five
// working days counted from a Friday is the Friday after.
func (c *Calendar) AddWorking(day form.Date, n int) form.Date {
	step := cmp.Compare(n, 0)
	for n != 0 {
		if day = after(day, step); c.Working(day) {
			n -= step
		}
	}
	return day
}

// Between counts the working days from the day after a to b, b included. When b
// comes first it counts back, from the day before a to b, as a negative number. It
// is how many to add to a to reach b, or the last working day on the way to it.
func (c *Calendar) Between(a, b form.Date) int {
	n, step := 0, b.Compare(a)
	for a != b {
		if a = after(a, step); c.Working(a) {
			n += step
		}
	}
	return n
}

// Easter returns Easter Sunday of a year by the Gregorian computus (the anonymous
// algorithm that J. Meeus gives in "Astronomical Algorithms").
func Easter(year int) form.Date {
	golden := year % 19
	century, ofCentury := year/100, year%100
	moon := (19*golden + century - century/4 - (century-(century+8)/25+1)/3 + 15) % 30
	sunday := (32 + 2*(century%4) + 2*(ofCentury/4) - moon - ofCentury%4) % 7
	correction := (golden + 11*moon + 22*sunday) / 451
	days := moon + sunday - 7*correction + 114
	return form.Date{Year: year, Month: time.Month(days / 31), Day: days%31 + 1}
}

// after returns the day that comes n days later.
func after(day form.Date, n int) form.Date {
	return form.DateOf(time.Date(day.Year, day.Month, day.Day+n, 0, 0, 0, 0, time.UTC))
}
