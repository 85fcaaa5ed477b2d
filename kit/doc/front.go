package doc

import (
	"strconv"

	"cadre/kit/text"
)

// cover writes the first sheet.
func (s *sheets) cover() {
	s.AddPage()
	s.y = 18
	s.letterhead()
	s.rule(side, s.y, textWidth, 0.9, ink)
	s.rule(side, s.y+1.6, textWidth, 0.2, ink)
	s.y = 92
	if s.paper.Kicker != "" {
		s.words(face{"sans", "B", 11, green}, s.paper.Kicker)
		s.y += 3
	}
	s.words(face{"serif", "B", 34, ink}, s.paper.Title)
	s.y += 5
	s.rule(side, s.y, 34, 1.6, green)
	s.rule(side+34, s.y, 11, 1.6, yellow)
	s.y += 8
	if s.paper.Subtitle != "" {
		s.words(face{"sans", "", 13, ink2}, s.paper.Subtitle)
	}
	s.y += 8
	for _, l := range s.paper.Cover.Lines {
		s.words(face{"sans", "", 10.5, ink}, l)
		s.y += 1
	}
	s.coverFoot()
}

// coverFoot writes the marking of the whole, what it means, and the notice.
func (s *sheets) coverFoot() {
	notice := face{"sans", "", 8.5, ink2}
	lines := s.wrap(notice, s.paper.Cover.Notice, textWidth)
	s.y = sheetHeight - 28 - float64(len(lines))*notice.lead()
	if s.paper.Marking != "" {
		s.y -= 14
		strong := face{"sans", "B", 12, ink}
		s.face(strong)
		w := s.GetStringWidth(printable(s.paper.Marking)) + 8
		s.outline(side, s.y, w, 9, 0.5)
		s.line(strong, s.paper.Marking, side+4, s.y+1.5, w, "L")
		scope := face{"sans", "", 9, ink}
		s.line(scope, s.cut(scope, s.paper.Scope, textWidth-w-4), side+w+4, s.y+2.3, textWidth, "L")
		s.y += 14
	}
	s.rule(side, s.y-2.5, textWidth, 0.2, line2)
	for _, l := range lines {
		s.line(notice, l, side, s.y, textWidth, "L")
		s.y += notice.lead()
	}
}

// listed are the headings that the table of contents holds.
func (p Paper) listed() []Heading {
	var all []Heading
	for _, b := range p.Blocks {
		if h, ok := b.(Heading); ok && h.Level <= p.Contents {
			all = append(all, h)
		}
	}
	return all
}

// contentsTop is where the lines of the contents begin on the first of their sheets.
const contentsTop = top + 20

// height is that of a heading's line in the contents.
func (h Heading) height() float64 {
	if h.Level == 1 {
		return 9
	}
	return 5.6
}

// reserve leaves sheets for the contents, and returns them. The numbers are known later.
func (s *sheets) reserve() []int {
	var pages []int
	y := bottom + 1
	for _, h := range s.paper.listed() {
		if y+h.height() > bottom {
			s.newSheet()
			pages = append(pages, s.PageNo())
			y = top
			if len(pages) == 1 {
				y = contentsTop
			}
		}
		y += h.height()
	}
	return pages
}

// contents fills the sheets reserved with the headings and their numbers.
func (s *sheets) contents(pages []int) {
	if len(pages) == 0 {
		return
	}
	s.SetPage(pages[0])
	s.line(face{"serif", "B", 20, ink}, text.T(s.ctx, "Sommaire"), side, top+2, textWidth, "L")
	s.rule(side, top+14, textWidth, 0.6, ink)
	y, at := contentsTop, 0
	for _, h := range s.heads {
		if h.Level > s.paper.Contents {
			continue
		}
		if y+h.height() > bottom {
			at++
			s.SetPage(pages[at])
			y = top
		}
		s.entry(h, y)
		y += h.height()
	}
}

// entry writes a line of the contents: the heading, dots, its sheet; all of it a link.
func (s *sheets) entry(h placed, y float64) {
	f, x := face{"sans", "", 9.5, ink}, side+6
	if h.Level == 1 {
		f, x = face{"sans", "B", 10, ink}, side
		y += 2.5
	}
	number := strconv.Itoa(h.page)
	words := s.cut(f, h.words(), textWidth-(x-side)-14)
	w := s.GetStringWidth(words)
	s.line(f, words, x, y, textWidth, "L")
	s.line(f, number, side, y, textWidth, "R")
	end := side + textWidth - s.GetStringWidth(number) - 2
	if from := x + w + 2; end > from {
		s.pen(ink2, 0.2)
		s.SetDashPattern([]float64{0.2, 1.2}, 0)
		s.Line(from, y+f.lead()-1.1, end, y+f.lead()-1.1)
		s.SetDashPattern(nil, 0)
	}
	s.Link(side, y, textWidth, f.lead(), h.link)
}
