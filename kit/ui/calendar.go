package ui

import (
	"strconv"
	"strings"
)

// Day is a day of a calendar.
type Day struct {
	Number  string // "18"
	Label   string // "mardi 18 mai 2027"
	Today   bool
	Outside bool // of the month before or after
	Entries []Link
}

// Timeline sets bars along the months of a year, lane by lane.
type Timeline struct {
	ID      string // unique in the page
	Title   string
	Summary string   // the same in a sentence, for who cannot see it
	Columns []string // names of the months, which share the width evenly
	Lanes   []Lane
}

// Lane is the bars of one institution.
type Lane struct {
	Name string
	Bars []Bar
}

// Bar is something that lasts: where it begins and ends, as shares of the whole width.
type Bar struct {
	From, To float64
	Label    string // in the bar, as far as it is wide enough
	Says     string // the same in full, with when and in which state
	Href     string
	State    Status
}

// The measures of a timeline.
const (
	timeWidth  = 1000
	timeLabel  = 180 // of the column of names
	timeRow    = 24
	timeHead   = 22
	timeLetter = 7 // width of a letter, at most for most words
)

// row is a bar where it is drawn.
type row struct {
	Bar
	x, y, width int
}

// laneRows stacks the bars of a lane so that none covers another; it returns how many rows they take.
func laneRows(all []Bar, top int) ([]row, int) {
	var rows []row
	var ends []float64 // of the last bar of each row
	for _, b := range all {
		at := 0
		for at < len(ends) && ends[at] > b.From {
			at++
		}
		if at == len(ends) {
			ends = append(ends, 0)
		}
		x := timeLabel + int(b.From*(timeWidth-timeLabel))
		width := max(8, timeLabel+int(b.To*(timeWidth-timeLabel))-x)
		x = min(x, timeWidth-1-width)
		ends[at] = max(b.To, b.From+float64(width+2)/(timeWidth-timeLabel))
		rows = append(rows, row{b, x, top + at*timeRow, width})
	}
	return rows, max(1, len(ends))
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

func (r row) class() string {
	return string(r.State)
}

// placedLane is a lane where it is drawn.
type placedLane struct {
	Lane
	top, height int
	rows        []row
}

func (t Timeline) placed() (all []placedLane, height int) {
	height = timeHead
	for _, l := range t.Lanes {
		rows, n := laneRows(l.Bars, height+4)
		all = append(all, placedLane{l, height, n*timeRow + 8, rows})
		height += n*timeRow + 8
	}
	return all, height
}

// column is the left edge of a month.
func (t Timeline) column(i int) string {
	return strconv.Itoa(timeLabel + i*(timeWidth-timeLabel)/max(1, len(t.Columns)))
}
