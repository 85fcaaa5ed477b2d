package doc

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"cadre/kit/form"
)

// Calendar is a list of events for people's own calendars.
type Calendar struct {
	Name    string
	Marking string // of the whole, in words
	Made    time.Time
	Zone    *time.Location // in which the events are shown
	Events  []Event
}

// Event is something that happens at a place, from an instant to another or on whole days.
type Event struct {
	UID      string // stays the same from one file to the next
	Sequence int    // grows with each change that people should notice
	Title    string
	About    string
	Place    string
	URL      string
	Status   EventStatus
	Start    time.Time // used unless FirstDay is given
	End      time.Time
	FirstDay form.Date
	LastDay  form.Date // included
	Private  bool      // calendars that are shared show only that there is something
	Changed  time.Time
}

// EventStatus says how sure an event is.
type EventStatus string

// The statuses of an event.
const (
	Tentative EventStatus = "TENTATIVE"
	Confirmed EventStatus = "CONFIRMED"
	Cancelled EventStatus = "CANCELLED"
)

const (
	icalLocal = "20060102T150405"
	icalUTC   = "20060102T150405Z"
	icalDay   = "20060102"
)

// ICal writes the calendar (RFC 5545), with the zone that its hours are in.
func (c Calendar) ICal() []byte {
	var out lines
	out.put("BEGIN", "VCALENDAR")
	out.put("VERSION", "2.0")
	out.put("PRODID", "-//Cadre//Cadre//FR")
	out.put("CALSCALE", "GREGORIAN")
	out.put("METHOD", "PUBLISH")
	out.text("X-WR-CALNAME", c.Name)
	out.text("X-WR-CALDESC", c.Marking)
	out.text("X-WR-TIMEZONE", c.Zone.String())
	c.zone(&out)
	for _, e := range c.Events {
		c.event(&out, e)
	}
	out.put("END", "VCALENDAR")
	return out.Bytes()
}

func (c Calendar) event(out *lines, e Event) {
	out.put("BEGIN", "VEVENT")
	out.put("UID", e.UID)
	out.put("SEQUENCE", strconv.Itoa(e.Sequence))
	out.put("DTSTAMP", c.Made.UTC().Format(icalUTC))
	out.put("LAST-MODIFIED", e.Changed.UTC().Format(icalUTC))
	if e.FirstDay.IsZero() {
		out.put("DTSTART;TZID="+c.Zone.String(), e.Start.In(c.Zone).Format(icalLocal))
		out.put("DTEND;TZID="+c.Zone.String(), e.End.In(c.Zone).Format(icalLocal))
	} else {
		out.put("DTSTART;VALUE=DATE", e.FirstDay.In(time.UTC).Format(icalDay))
		out.put("DTEND;VALUE=DATE", e.LastDay.In(time.UTC).AddDate(0, 0, 1).Format(icalDay))
	}
	out.text("SUMMARY", e.Title)
	out.text("DESCRIPTION", e.About)
	out.text("LOCATION", e.Place)
	if e.URL != "" {
		out.put("URL", e.URL)
	}
	out.text("STATUS", string(e.Status))
	if e.Private {
		out.put("CLASS", "CONFIDENTIAL")
	}
	out.put("END", "VEVENT")
}

// span is the time that the events cover.
func (c Calendar) span() (from, to time.Time) {
	from, to = c.Made, c.Made
	for _, e := range c.Events {
		for _, at := range []time.Time{e.Start, e.End} {
			if !at.IsZero() && at.Before(from) {
				from = at
			}
			if at.After(to) {
				to = at
			}
		}
	}
	return from, to
}

// zone writes the zone's hours over the time of the events: once for a country that keeps
// the same hour all year, else a rule for each change.
func (c Calendar) zone(out *lines) {
	out.put("BEGIN", "VTIMEZONE")
	out.put("TZID", c.Zone.String())
	at, last := c.span()
	for {
		start, end := at.In(c.Zone).ZoneBounds()
		c.observance(out, start, at.In(c.Zone))
		if end.IsZero() || end.After(last) {
			break
		}
		at = end
	}
	out.put("END", "VTIMEZONE")
}

// observance writes the hour that holds at an instant, and from when it does.
func (c Calendar) observance(out *lines, start, at time.Time) {
	name, offset := at.Zone()
	before, kind := offset, "STANDARD"
	begin := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	if !start.IsZero() {
		_, before = start.Add(-time.Second).In(c.Zone).Zone()
		begin = start.UTC().Add(time.Duration(before) * time.Second)
	}
	if at.IsDST() {
		kind = "DAYLIGHT"
	}
	out.put("BEGIN", kind)
	out.put("DTSTART", begin.Format(icalLocal))
	out.put("TZOFFSETFROM", utcOffset(before))
	out.put("TZOFFSETTO", utcOffset(offset))
	out.text("TZNAME", name)
	out.put("END", kind)
}

func utcOffset(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	return fmt.Sprintf("%s%02d%02d", sign, seconds/3600, seconds/60%60)
}

// Sort orders the events by time, as calendars that show files as they are expect.
func (c Calendar) Sort() {
	key := func(e Event) time.Time {
		if e.FirstDay.IsZero() {
			return e.Start
		}
		return e.FirstDay.In(c.Zone)
	}
	slices.SortStableFunc(c.Events, func(a, b Event) int { return key(a).Compare(key(b)) })
}
