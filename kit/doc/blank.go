package doc

import (
	"strings"

	"rsc.io/qr"
)

// Form is what is filled in by hand: boxes side by side, row under row, all on one sheet
// where they fit. What is known already stands printed in them.
type Form []FormRow

// FormRow is boxes that stand side by side.
type FormRow []Box

// Box is a field of a form: what is known of it, or room for what is not.
type Box struct {
	Label   string
	Value   string
	Lines   int     // of handwriting while there is no value; 0 for one
	Bare    bool    // without lines to write on, for a signature
	Weight  float64 // share of the width; 0 for 1
	Choices []Choice
	Columns int // of the choices; 0 for one
}

// Choice is a little square with what it means, to be crossed.
type Choice struct {
	Words string
	On    bool
}

const (
	hand   = 7.0 // a line of handwriting, in millimetres
	square = 3.2 // the side of the square of a choice
	boxPad = 1.2 // around what stands in a box
)

var (
	boxLabel  = face{"sans", "B", 7.5, ink2}
	boxValue  = face{"sans", "", 9.5, ink}
	boxChoice = face{"sans", "", 8, ink}
)

func (f Form) draw(s *sheets) {
	height := 0.0
	for _, row := range f {
		height += row.height(s)
	}
	if height <= bottom-top {
		s.room(height)
	}
	for _, row := range f {
		row.draw(s)
	}
	s.y += 3.5
}

// draw writes a row whole where a sheet holds it, else over as many as its words take.
func (r FormRow) draw(s *sheets) {
	if height := r.height(s); height <= bottom-top {
		s.room(height)
	} else {
		s.room(4 * hand)
	}
	for r != nil {
		now, rest := r.cut(s, bottom-s.y)
		now.put(s)
		if r = rest; r != nil {
			s.newSheet()
		}
	}
}

// cut parts a row that is taller than the room: what is left of its words goes on below the same labels.
func (r FormRow) cut(s *sheets, room float64) (now, rest FormRow) {
	if r.height(s) <= room {
		return r, nil
	}
	now, rest = append(now, r...), append(rest, r...)
	longer := false
	for i, b := range r {
		lines := s.wrap(boxValue, b.Value, r.width(i)-2*boxPad)
		fit := max(1, int((room-b.head(s, r.width(i))-boxPad)/boxValue.lead()))
		if fit < len(lines) {
			longer = true
			now[i].Value, rest[i].Value = strings.Join(lines[:fit], "\n"), strings.Join(lines[fit:], "\n")
		}
	}
	if !longer {
		return r, nil
	}
	return now, rest
}

// width is that of one of the boxes.
func (r FormRow) width(box int) float64 {
	total := 0.0
	for _, b := range r {
		total += b.weight()
	}
	return textWidth * r[box].weight() / total
}

func (b Box) weight() float64 {
	if b.Weight == 0 {
		return 1
	}
	return b.Weight
}

func (r FormRow) height(s *sheets) float64 {
	tallest := 0.0
	for i, b := range r {
		tallest = max(tallest, b.height(s, r.width(i)))
	}
	return tallest
}

// head is the height of the label.
func (b Box) head(s *sheets, width float64) float64 {
	return boxPad + float64(len(s.wrap(boxLabel, b.Label, width-2*boxPad)))*boxLabel.lead()
}

func (b Box) height(s *sheets, width float64) float64 {
	body := hand * float64(max(1, b.Lines))
	switch {
	case len(b.Choices) > 0:
		body = boxPad + b.choices(s, width, func(Choice, []string, float64, float64) {})
	case b.Value != "":
		body = max(hand-boxPad, float64(len(s.wrap(boxValue, b.Value, width-2*boxPad)))*boxValue.lead()+boxPad)
	}
	return b.head(s, width) + body
}

// put draws the row on the present sheet.
func (r FormRow) put(s *sheets) {
	x, height := side, r.height(s)
	for i, b := range r {
		b.put(s, x, r.width(i), height)
		x += r.width(i)
	}
	s.y, s.empty = s.y+height, false
}

func (b Box) put(s *sheets, x, width, height float64) {
	s.outline(x, s.y, width, height, 0.2)
	y := s.y + boxPad
	for _, l := range s.wrap(boxLabel, b.Label, width-2*boxPad) {
		s.line(boxLabel, l, x+boxPad, y, width, "L")
		y += boxLabel.lead()
	}
	switch {
	case len(b.Choices) > 0:
		b.choices(s, width, func(c Choice, words []string, left, down float64) { c.put(s, words, x+boxPad+left, y+boxPad/2+down) })
	case b.Value != "":
		for i, l := range s.wrap(boxValue, b.Value, width-2*boxPad) {
			s.line(boxValue, l, x+boxPad, y+float64(i)*boxValue.lead(), width, "L")
		}
	case !b.Bare:
		for i := 1; i < b.Lines; i++ {
			s.rule(x+boxPad, y+float64(i)*hand, width-2*boxPad, 0.15, line2)
		}
	}
}

// choices lays the choices out in columns, read downwards, and returns the height that they take.
func (b Box) choices(s *sheets, width float64, each func(c Choice, words []string, left, down float64)) float64 {
	columns := max(1, b.Columns)
	wide, rows, tallest := (width-2*boxPad)/float64(columns), (len(b.Choices)+columns-1)/columns, 0.0
	for column := range columns {
		down := 0.0
		for _, c := range b.Choices[min(column*rows, len(b.Choices)):min((column+1)*rows, len(b.Choices))] {
			words := s.wrap(boxChoice, c.Words, wide-square-3)
			each(c, words, float64(column)*wide, down)
			down += max(square+1.4, float64(len(words))*boxChoice.lead()+0.6)
		}
		tallest = max(tallest, down)
	}
	return tallest
}

// put draws the square, crossed or not, and its words beside it.
func (c Choice) put(s *sheets, words []string, x, y float64) {
	s.outline(x, y+0.4, square, square, 0.25)
	if c.On {
		s.pen(ink, 0.5)
		s.Line(x+0.6, y+1, x+square-0.6, y+square-0.2)
		s.Line(x+0.6, y+square-0.2, x+square-0.6, y+1)
	}
	for i, l := range words {
		s.line(boxChoice, l, x+square+1.4, y+float64(i)*boxChoice.lead(), textWidth, "L")
	}
}

// Code is by what a paper is found again: a number in large type, and an address as a QR code.
type Code struct {
	Number  string
	Address string
	Note    string // what to do with them
}

const (
	codeSide = 27.0 // the QR code with the quiet space around it, in millimetres
	quiet    = 4    // modules of that space (ISO/IEC 18004)
)

func (c Code) draw(s *sheets) {
	code, err := qr.Encode(c.Address, qr.M)
	if err != nil {
		s.SetError(err)
		return
	}
	s.room(codeSide)
	module := codeSide / float64(code.Size+2*quiet)
	for row := range code.Size {
		for from := 0; from < code.Size; from++ {
			to := from
			for code.Black(to, row) { // what lies outside is white
				to++
			}
			if to > from {
				s.box(side+textWidth-codeSide+float64(from+quiet)*module, s.y+float64(row+quiet)*module, float64(to-from)*module, module, ink)
			}
			from = to
		}
	}
	width, y := textWidth-codeSide-6, s.y+1
	number, note := face{"sans", "B", 24, ink}, face{"sans", "", 9, ink2}
	s.line(number, c.Number, side, y, width, "L")
	for i, l := range s.wrap(note, c.Note, width) {
		s.line(note, l, side, y+number.lead()+1+float64(i)*note.lead(), width, "L")
	}
	s.y, s.empty = s.y+codeSide+2, false
}
