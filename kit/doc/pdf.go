package doc

import (
	"bytes"
	"context"
	"time"

	"cadre/kit/text"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansitalic"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifregular"
)

// Paper is a document on A4 sheets: its own letterhead, the marking above and below on
// every sheet, page numbers, bookmarks, and who made it when. Its words are words, not
// pictures of words. It is not tagged for screen readers: show the same as a page too.
type Paper struct {
	Title      string
	Subtitle   string
	Kicker     string // whose document it is, above the title
	Lang       string
	Letterhead [2]string // left and right of the first sheet; \n separates lines, the first is bold
	Marking    string
	Scope      string // what the marking means, in a line
	Printed    string // who made it, when: "le 25 novembre 2026 par…"
	Made       time.Time
	Cover      *Cover // nil: the title stands above the first block
	Contents   int    // levels of headings in the table of contents; 0 for none
	Blocks     []Block
}

// Cover is what the first sheet says besides the title.
type Cover struct {
	Lines  []string // under the title: edition, date
	Notice string   // at the foot
}

// Block is a part of a paper: Heading, Text, Facts, Grid, Matrix, Drawing, Form or Code.
type Block interface{ draw(*sheets) }

// The sheet and its margins, in millimetres.
const (
	sheetWidth  = 210.0
	sheetHeight = 297.0
	side        = 20.0
	top         = 26.0
	bottom      = sheetHeight - 22.0
	textWidth   = sheetWidth - 2*side
)

// sheets is a paper being laid out. y is where the next thing goes.
type sheets struct {
	*fpdf.Fpdf
	ctx   context.Context
	paper Paper
	y     float64
	heads []placed
	first int // sheet on which the blocks begin
	empty bool
}

// placed is a heading with the sheet it came to stand on.
type placed struct {
	Heading
	page int
	link int
}

// PDF lays the paper out. ctx gives the language of the few words that every paper has.
func (p Paper) PDF(ctx context.Context) ([]byte, error) {
	s := newSheets(ctx, p)
	if p.Cover != nil {
		s.cover()
	}
	contents := s.reserve()
	s.newSheet()
	s.first = s.PageNo()
	if p.Cover == nil {
		s.letterhead()
		s.opening()
	}
	for _, b := range p.Blocks {
		b.draw(s)
	}
	s.contents(contents)
	s.feet()
	s.SetPage(s.PageCount())
	var out bytes.Buffer
	err := s.Output(&out)
	return out.Bytes(), err
}

func newSheets(ctx context.Context, p Paper) *sheets {
	s := &sheets{Fpdf: fpdf.New("P", "mm", "A4", ""), ctx: ctx, paper: p}
	for _, f := range []struct {
		face face
		data []byte
	}{
		{face{"serif", "", 0, ink}, liberationserifregular.TTF}, {face{"serif", "B", 0, ink}, liberationserifbold.TTF},
		{face{"sans", "", 0, ink}, liberationsansregular.TTF}, {face{"sans", "B", 0, ink}, liberationsansbold.TTF},
		{face{"sans", "I", 0, ink}, liberationsansitalic.TTF},
	} {
		s.AddUTF8FontFromBytes(f.face.family, f.face.style, f.data)
	}
	s.SetAutoPageBreak(false, 0)
	s.SetCatalogSort(true) // the same paper twice is the same file
	s.SetCreationDate(p.Made.UTC())
	s.SetModificationDate(p.Made.UTC())
	s.SetTitle(printable(p.Title), true)
	s.SetSubject(printable(p.Subtitle), true)
	s.SetKeywords(printable(p.Marking), true)
	s.SetCreator("Cadre", true)
	s.SetProducer("Cadre", true)
	s.SetLang(p.Lang)
	return s
}

// newSheet begins a sheet, with the title and the marking above.
func (s *sheets) newSheet() {
	s.AddPage()
	s.y, s.empty = top, true
	if s.PageNo() > 1 {
		s.face(face{"sans", "", 7.5, ink2})
		s.at(side, 15, s.fit(s.paper.Title, textWidth-70))
	}
	s.marking(12)
	s.rule(side, 18.5, textWidth, 0.2, ink)
}

// marking writes the marking at the right of the sheet.
func (s *sheets) marking(y float64) {
	if s.paper.Marking == "" {
		return
	}
	s.face(face{"sans", "B", 8, ink})
	words := printable(s.paper.Marking)
	w := s.GetStringWidth(words) + 4
	s.outline(sheetWidth-side-w, y-0.6, w, 5, 0.3)
	s.at(sheetWidth-side-w+2, y+3, words)
}

// letterhead writes the two sides of the head of a letter.
func (s *sheets) letterhead() {
	left, right := s.paper.Letterhead[0], s.paper.Letterhead[1]
	if left+right == "" {
		return
	}
	y := s.y
	a := s.headSide(left, side, "L", y)
	b := s.headSide(right, side+textWidth/2, "R", y)
	s.y, s.empty = max(a, b)+6, false
}

func (s *sheets) headSide(words string, x float64, align string, y float64) float64 {
	f := face{"sans", "B", 9.5, ink}
	for i, line := range splitLines(words) {
		if i > 0 {
			f = face{"sans", "", 9, ink2}
		}
		for _, part := range s.wrap(f, line, textWidth/2-4) {
			s.line(f, part, x, y, textWidth/2, align)
			y += f.lead()
		}
	}
	return y
}

// opening writes the title of a paper without a cover.
func (s *sheets) opening() {
	if s.paper.Kicker != "" {
		s.words(face{"sans", "B", 8.5, green}, s.paper.Kicker)
	}
	s.words(face{"serif", "B", 20, ink}, s.paper.Title)
	if s.paper.Subtitle != "" {
		s.words(face{"sans", "", 10.5, ink2}, s.paper.Subtitle)
	}
	s.y += 4
	s.rule(side, s.y, textWidth, 0.6, ink)
	s.y += 5
}

// feet writes what stands at the foot of every sheet, once their number is known.
func (s *sheets) feet() {
	last := s.PageCount()
	for n := 1; n <= last; n++ {
		if n == 1 && s.paper.Cover != nil {
			continue
		}
		s.SetPage(n)
		s.rule(side, sheetHeight-16, textWidth, 0.2, line2)
		small := face{"sans", "", 7.5, ink2}
		if s.paper.Printed != "" {
			s.line(small, s.cut(small, text.T(s.ctx, "Établi %s", s.paper.Printed), textWidth/2+10), side, sheetHeight-14.5, textWidth, "L")
		}
		s.line(face{"sans", "B", 7.5, ink}, s.paper.Marking, side+textWidth/2+10, sheetHeight-14.5, textWidth/4, "C")
		s.line(small, text.T(s.ctx, "page %d sur %d", n, last), side, sheetHeight-14.5, textWidth, "R")
	}
}

// room begins a new sheet unless so many millimetres are left on this one.
func (s *sheets) room(height float64) {
	if s.y+height > bottom && !s.empty {
		s.newSheet()
	}
}
