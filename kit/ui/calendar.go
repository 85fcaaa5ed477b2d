package ui

import (
	"strconv"
	"strings"

	"cadre/kit/text"
)

// Day is a day of a calendar.
type Day struct {
	Number  string // "18"
	Label   string // "mardi 18 mai 2027"
	Today   bool
	Outside bool // of the month before or after
	Entries []Event
}

// Event is what takes place on a day, with its state when it is not sure to.
type Event struct {
	Link
	State Status
	Word  string // empty for what is sure
}

// Timeline sets bars along the months of a year, lane by lane.
type Timeline struct {
	ID      string // unique in the page
	Title   string
	Columns []string // names of the months, which share the width evenly
	Now     float64  // where today is, as a share of the whole width; 0 when it is not there
	Lanes   []Lane
	Key     []Sense // what the bars of each status stand for
}

// Lane is the bars of one institution.
type Lane struct {
	Name string
	Bars []Bar
}

// Bar is something that lasts: where it begins and ends, as shares of the whole width.
type Bar struct {
	From, To float64
	Label    string    // in the bar, as far as it is wide enough
	Lang     text.Lang // of the label, when it is not the page's
	Says     string    // the same in full, with when and in which state
	Href     string
	State    Status
}

// Sense is what a status means here.
type Sense struct {
	State Status
	Label string
}

// The measures of a timeline.
const (
	timeWidth  = 1000
	timeRow    = 24
	timeLetter = 7 // width of a letter, at most for most words
)

// row is a bar where it is drawn.
type row struct {
	Bar
	x, y, width int
}

// placed stacks the bars of a lane so that none covers another; it returns the height that they take.
func (l Lane) placed() ([]row, int) {
	var rows []row
	var ends []float64 // of the last bar of each row
	for _, b := range l.Bars {
		at := 0
		for at < len(ends) && ends[at] > b.From {
			at++
		}
		if at == len(ends) {
			ends = append(ends, 0)
		}
		x := int(b.From * timeWidth)
		width := max(8, int(b.To*timeWidth)-x)
		x = min(x, timeWidth-1-width)
		ends[at] = max(b.To, b.From+float64(width+2)/timeWidth)
		rows = append(rows, row{b, x, 2 + at*timeRow, width})
	}
	return rows, max(1, len(ends))*timeRow + 4
}

// fits is the label when the bar is wide enough, else as many of its whole words as are: a
// person who says what they read is then understood as naming the bar (WCAG 2.5.3).
func (r row) fits() string {
	letters := []rune(r.Label)
	most := max(0, (r.width-8)/timeLetter)
	if most >= len(letters) {
		return r.Label
	}
	short := string(letters[:most])
	if end := strings.LastIndexByte(short, ' '); end > 0 {
		return short[:end] + "…"
	}
	return ""
}

// months are lines at the left edges of the months, as far down as one looks.
func (t Timeline) months() string {
	var d strings.Builder
	for i := range t.Columns {
		d.WriteString("M" + t.column(i) + " 0V9999")
	}
	return d.String()
}

// column is the left edge of a month.
func (t Timeline) column(i int) string {
	return strconv.Itoa(i * timeWidth / max(1, len(t.Columns)))
}

// now is a line at today.
func (t Timeline) now() string { return "M" + strconv.Itoa(int(t.Now*timeWidth)) + " 0V9999" }
