package doc

import (
	"net/url"
	"strings"
	"unicode"
)

// color is red, green and blue, from 0 to 255.
type color [3]int

var (
	ink    = color{0x1d, 0x1b, 0x17}
	ink2   = color{0x57, 0x51, 0x47}
	line2  = color{0xc4, 0xbc, 0xab}
	sunken = color{0xf3, 0xf0, 0xe8}
	green  = color{0x00, 0x6a, 0x4e}
	yellow = color{0xff, 0xce, 0x00}
	white  = color{0xff, 0xff, 0xff}
)

// shades go from nothing to most; each is darker than the one before, so that they can be
// told apart in black and white.
var shades = [...]color{{0xff, 0xff, 0xff}, {0xd7, 0xe9, 0xdf}, {0xa3, 0xcf, 0xba}, {0x4f, 0x9f, 0x80}, {0x00, 0x6a, 0x4e}}

// MaxShade is the darkest shade of a cell or a territory; 0 is none.
const MaxShade = len(shades) - 1

// shade is the color of a shade, and of what is written on it.
func shade(n int) (paper, words color) {
	n = min(max(n, 0), MaxShade)
	if n == MaxShade {
		return shades[n], white
	}
	return shades[n], ink
}

// face is a face of type: its size in points.
type face struct {
	family, style string
	size          float64
	color         color
}

// mm is a size of type in millimetres.
func mm(points float64) float64 { return points * 25.4 / 72 }

// lead is the height of a line, in millimetres.
func (f face) lead() float64 {
	if f.size >= 14 {
		return mm(f.size) * 1.2
	}
	return mm(f.size) * 1.4
}

func (s *sheets) face(f face) {
	s.SetFont(f.family, f.style, f.size)
	s.SetTextColor(f.color[0], f.color[1], f.color[2])
}

// at writes words in the present face, y being their base line.
func (s *sheets) at(x, y float64, words string) { s.Text(x, y, printable(words)) }

// line writes a line in a box that begins at x and y; align is L, C or R.
func (s *sheets) line(f face, words string, x, y, width float64, align string) {
	s.face(f)
	words = printable(words)
	switch free := width - s.GetStringWidth(words); align {
	case "C":
		x += free / 2
	case "R":
		x += free
	}
	s.Text(x, y+f.lead()/2+mm(f.size)*0.34, words)
}

// words writes a passage over the whole width, from y down, over as many sheets as it takes.
func (s *sheets) words(f face, passage string) {
	for _, l := range s.wrap(f, passage, textWidth) {
		s.room(f.lead())
		s.line(f, l, side, s.y, textWidth, "L")
		s.y, s.empty = s.y+f.lead(), false
	}
}

// wrap cuts a passage into lines of a width. It breaks at spaces that may be broken, and
// within a word only when the word is longer than the line.
func (s *sheets) wrap(f face, passage string, width float64) []string {
	s.face(f)
	var all []string
	for _, paragraph := range splitLines(printable(passage)) {
		line := ""
		for _, word := range strings.Split(paragraph, " ") {
			if longer := strings.TrimPrefix(line+" "+word, " "); s.GetStringWidth(longer) <= width {
				line = longer
				continue
			}
			if line != "" {
				all = append(all, line)
			}
			pieces := s.pieces(word, width)
			all = append(all, pieces[:len(pieces)-1]...)
			line = pieces[len(pieces)-1]
		}
		all = append(all, line)
	}
	return all
}

// pieces cuts a word that is longer than the line, after a mark of an address when it has one.
func (s *sheets) pieces(word string, width float64) []string {
	var all []string
	letters := []rune(word)
	for len(letters) > 1 && s.GetStringWidth(string(letters)) > width {
		n := 1
		for n < len(letters) && s.GetStringWidth(string(letters[:n+1])) <= width {
			n++
		}
		if mark := strings.LastIndexAny(string(letters[:n]), "/-_.?&="); mark > 0 {
			n = len([]rune(string(letters[:n])[:mark])) + 1
		}
		all = append(all, string(letters[:n]))
		letters = letters[n:]
	}
	return append(all, string(letters))
}

// fit shortens words that are wider than the width, in the present face.
func (s *sheets) fit(words string, width float64) string {
	letters := []rune(printable(words))
	if s.GetStringWidth(string(letters)) <= width {
		return string(letters)
	}
	for len(letters) > 0 && s.GetStringWidth(string(letters)+"…") > width {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimSpace(string(letters)) + "…"
}

// cut is fit in a face.
func (s *sheets) cut(f face, words string, width float64) string {
	s.face(f)
	return s.fit(words, width)
}

func (s *sheets) pen(c color, width float64) {
	s.SetDrawColor(c[0], c[1], c[2])
	s.SetLineWidth(width)
}

func (s *sheets) fill(c color) { s.SetFillColor(c[0], c[1], c[2]) }

// rule draws a level line, thick downwards from y.
func (s *sheets) rule(x, y, length, thick float64, c color) { s.box(x, y, length, thick, c) }

// box fills a rectangle.
func (s *sheets) box(x, y, w, h float64, c color) {
	s.fill(c)
	s.Rect(x, y, w, h, "F")
}

// outline draws the edge of a rectangle.
func (s *sheets) outline(x, y, w, h, thick float64) {
	s.pen(ink, thick)
	s.Rect(x, y, w, h, "D")
}

// printable makes a text printable: what the faces lack becomes what says the same.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u2011':
			return '-'
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		case r > 0xFFFF:
			return '\uFFFD'
		}
		return r
	}, s)
}

func splitLines(s string) []string { return strings.Split(s, "\n") }

// webAddress returns the text when it is the address of a page, else nothing.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return s
}
