package doc

import "math"

// Swatch is a line of a legend.
type Swatch struct {
	Shade int // 0 to MaxShade
	Mark  string
	Words string
}

// legend writes what the shades mean.
func (s *sheets) legend(key []Swatch) {
	f := face{"sans", "", 8, ink}
	x := side
	for _, k := range key {
		s.face(f)
		w := s.GetStringWidth(printable(k.Words)) + 12
		if x+w > side+textWidth && x > side {
			x, s.y = side, s.y+5.5
		}
		s.cell(x, s.y, 6, 4, k.Shade, k.Mark)
		s.line(f, k.Words, x+7.5, s.y, w, "L")
		x += w
	}
	if len(key) > 0 {
		s.y += 8
	}
}

// cell draws a shaded cell with a mark in it.
func (s *sheets) cell(x, y, w, h float64, n int, mark string) {
	paper, words := shade(n)
	s.box(x, y, w, h, paper)
	s.pen(line2, 0.15)
	s.Rect(x, y, w, h, "D")
	f := face{"sans", "B", 7, words}
	s.line(f, s.cut(f, mark, w), x, y+(h-f.lead())/2, w, "C")
}

// Matrix sets rows against columns. Each cell says by a mark what its shade shows.
type Matrix struct {
	Rows    []string
	Columns []string
	Cells   [][]MatrixCell // by row
	Key     []Swatch
}

// MatrixCell is a cell of a matrix.
type MatrixCell struct {
	Shade int // 0 to MaxShade
	Mark  string
}

const (
	rowHead     = 44.0 // width of the heads of rows
	thinnest    = 5.5  // column that can be read
	widest      = 14.0
	tallRow     = 5.0
	lowRow      = 3.9 // so that all rows stand on one sheet when they can
	tallestHead = 46.0
)

func (m Matrix) draw(s *sheets) {
	room := int(math.Floor((textWidth - rowHead) / thinnest))
	for from := 0; from < len(m.Columns); from += room {
		m.part(s, from, min(from+room, len(m.Columns)))
	}
	s.y += 2
	s.legend(m.Key)
}

// part draws some of the columns, with all the rows.
func (m Matrix) part(s *sheets, from, to int) {
	width := min(widest, (textWidth-rowHead)/float64(to-from))
	s.room(tallestHead + 6*tallRow)
	m.heads(s, from, to, width)
	height := min(tallRow, max(lowRow, (bottom-s.y)/float64(len(m.Rows))))
	f := face{"sans", "B", 8, ink}
	for i, row := range m.Rows {
		if s.y+height > bottom {
			s.newSheet()
			m.heads(s, from, to, width)
		}
		s.line(f, s.cut(f, row, rowHead-2), side, s.y+(height-f.lead())/2, rowHead, "L")
		for c := from; c < to; c++ {
			s.cell(side+rowHead+float64(c-from)*width, s.y, width, height, m.Cells[i][c].Shade, m.Cells[i][c].Mark)
		}
		s.y, s.empty = s.y+height, false
	}
	s.y += 4
}

// heads writes the labels of the columns, which read upwards.
func (m Matrix) heads(s *sheets, from, to int, width float64) {
	f := face{"sans", "", 7.5, ink}
	height := 0.0
	for _, c := range m.Columns[from:to] {
		s.face(f)
		height = max(height, min(tallestHead, s.GetStringWidth(printable(c))+2))
	}
	for i, c := range m.Columns[from:to] {
		lines := s.wrap(f, c, height-1)
		most := max(1, int(width/(mm(f.size)*1.1)))
		if len(lines) > most {
			lines = append(lines[:most-1:most-1], s.cut(f, lines[most-1]+" …", height-1))
		}
		x := side + rowHead + float64(i)*width + width/2 + mm(f.size)*0.34 - float64(len(lines)-1)*mm(f.size)*0.55
		for n, l := range lines {
			s.upwards(f, l, x+float64(n)*mm(f.size)*1.1, s.y+height-1)
		}
	}
	s.y, s.empty = s.y+height+0.5, false
}

// upwards writes words from the bottom up.
func (s *sheets) upwards(f face, words string, x, y float64) {
	s.face(f)
	s.TransformBegin()
	s.TransformRotate(90, x, y)
	s.Text(x, y, printable(words))
	s.TransformEnd()
}

// Drawing is a figure of paths, such as a map. Positions are in its own units, x to the
// right and y down.
type Drawing struct {
	Width, Height float64
	Tallest       float64 // on the sheet, in millimetres; 0 for as much as a sheet holds
	Shapes        []Shape
	Labels        []Label
	Key           []Swatch
	Caption       string
}

// Shape is a figure: rings of positions, holes being rings within rings; or lines, when it is open.
type Shape struct {
	Rings  [][][2]float64
	Shade  int  // 0 to MaxShade
	Bare   bool // its edge alone
	Flat   bool // its inside alone
	Open   bool // the last position does not lead back to the first
	Thick  bool
	Dashed bool
}

// Label is a word at a position, its middle there.
type Label struct {
	X, Y  float64
	Words string
	Light bool // on a dark shade
}

// leastDrawing is the room that a drawing wants below it on a sheet, in millimetres.
const leastDrawing = 140.0

func (d Drawing) draw(s *sheets) {
	if bottom-s.y < leastDrawing {
		s.newSheet()
	}
	tallest := bottom - s.y - 28
	if d.Tallest > 0 {
		tallest = min(tallest, d.Tallest)
	}
	scale := math.Min(textWidth/d.Width, tallest/d.Height)
	x, y := side+(textWidth-d.Width*scale)/2, s.y
	for _, shape := range d.Shapes {
		shape.draw(s, x, y, scale)
	}
	for _, l := range d.Labels {
		f := face{"sans", "", 6.5, ink}
		if l.Light {
			f.color = white
		}
		s.line(f, l.Words, x+l.X*scale-20, y+l.Y*scale-f.lead()/2, 40, "C")
	}
	s.y, s.empty = y+d.Height*scale+3, false
	s.legend(d.Key)
	if d.Caption != "" {
		s.words(face{"sans", "", 7.5, ink2}, d.Caption)
		s.y += 2
	}
}

func (p Shape) draw(s *sheets, x, y, scale float64) {
	paper, _ := shade(p.Shade)
	s.fill(paper)
	s.pen(ink2, 0.15)
	if p.Thick {
		s.pen(ink, 0.4)
	}
	if p.Dashed {
		s.SetDashPattern([]float64{0.8, 0.6}, 0)
	}
	for _, ring := range p.Rings {
		for i, at := range ring {
			if i == 0 {
				s.MoveTo(x+at[0]*scale, y+at[1]*scale)
			} else {
				s.LineTo(x+at[0]*scale, y+at[1]*scale)
			}
		}
		if !p.Open {
			s.ClosePath()
		}
	}
	switch {
	case p.Bare:
		s.DrawPath("D")
	case p.Flat:
		s.DrawPath("F*")
	default:
		s.DrawPath("FD*")
	}
	if p.Dashed {
		s.SetDashPattern(nil, 0)
	}
}
