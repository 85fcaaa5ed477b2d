package doc

// Grid is a table. Its heads are repeated on each sheet.
type Grid struct {
	Columns []GridColumn
	Rows    [][]string
	Strong  bool // the first column is bold
	Hand    bool // rows are tall enough to be filled in by hand, with lines between the columns
}

// GridColumn is a column of a grid.
type GridColumn struct {
	Label  string
	Weight float64 // share of the width
	Right  bool    // numbers
	Middle bool    // crosses
}

const (
	cellPad = 1.6 // beside the words of a cell, in millimetres
	rowPad  = 1.1 // above and below
)

func (g Grid) draw(s *sheets) {
	if len(g.Rows) == 0 {
		return
	}
	s.room(24)
	g.head(s)
	for _, row := range g.Rows {
		g.row(s, row)
	}
	s.y += 4
}

// widths shares the sheet among the columns.
func (g Grid) widths() []float64 {
	total := 0.0
	for _, c := range g.Columns {
		total += c.Weight
	}
	all := make([]float64, len(g.Columns))
	for i, c := range g.Columns {
		all[i] = textWidth * c.Weight / total
	}
	return all
}

func (c GridColumn) align() string {
	switch {
	case c.Right:
		return "R"
	case c.Middle:
		return "C"
	}
	return "L"
}

func (g Grid) head(s *sheets) {
	f := face{"sans", "B", 8, ink}
	labels := make([]string, len(g.Columns))
	for i, c := range g.Columns {
		labels[i] = c.Label
	}
	cells, height := g.cells(s, labels, func(int) face { return f })
	s.box(side, s.y, textWidth, height, sunken)
	s.rule(side, s.y, textWidth, 0.4, ink)
	g.between(s, height)
	g.put(s, cells, func(int) face { return f }, 0, len(longest(cells)))
	s.y, s.empty = s.y+height, false
	s.rule(side, s.y-0.2, textWidth, 0.2, ink)
}

func (g Grid) face(column int) face {
	if g.Strong && column == 0 {
		return face{"sans", "B", 8.5, ink}
	}
	return face{"sans", "", 8.5, ink}
}

// cells wraps the words of a row, and tells its height.
func (g Grid) cells(s *sheets, row []string, f func(int) face) (cells [][]string, height float64) {
	cells = make([][]string, len(g.Columns))
	for i, w := range g.widths() {
		cells[i] = s.wrap(f(i), row[i], w-2*cellPad)
	}
	return cells, float64(len(longest(cells)))*f(0).lead() + 2*rowPad
}

// least is the least height of a row.
func (g Grid) least() float64 {
	if g.Hand {
		return hand
	}
	return 0
}

// line is the color of the lines between its cells.
func (g Grid) line() color {
	if g.Hand {
		return ink
	}
	return line2
}

// between draws the lines between and around the columns of a grid to be filled in by hand.
func (g Grid) between(s *sheets, height float64) {
	if !g.Hand {
		return
	}
	x := side
	for _, w := range append([]float64{0}, g.widths()...) {
		x += w
		s.box(x-0.1, s.y, 0.2, height, g.line())
	}
}

func longest(cells [][]string) []string {
	var most []string
	for _, c := range cells {
		if len(c) > len(most) {
			most = c
		}
	}
	return most
}

// row writes a row whole where it can, else over as many sheets as it takes.
func (g Grid) row(s *sheets, row []string) {
	cells, height := g.cells(s, row, g.face)
	height = max(height, g.least())
	if s.y+height > bottom && height < (bottom-top)/3 {
		g.turn(s)
	}
	lead, total := g.face(0).lead(), len(longest(cells))
	for from := 0; from < total; {
		fit := int((bottom - s.y - 2*rowPad) / lead)
		if fit < 1 {
			g.turn(s)
			continue
		}
		to := min(total, from+fit)
		g.put(s, cells, g.face, from, to)
		part := max(float64(to-from)*lead+2*rowPad, g.least())
		g.between(s, part)
		s.y, s.empty = s.y+part, false
		from = to
	}
	s.rule(side, s.y-0.1, textWidth, 0.15, g.line())
}

// turn goes on upon a fresh sheet.
func (g Grid) turn(s *sheets) {
	s.newSheet()
	g.head(s)
}

// put writes some lines of the cells of a row.
func (g Grid) put(s *sheets, cells [][]string, f func(int) face, from, to int) {
	x := side
	for i, w := range g.widths() {
		for n := from; n < min(to, len(cells[i])); n++ {
			s.line(f(i), cells[i][n], x+cellPad, s.y+rowPad+float64(n-from)*f(i).lead(), w-2*cellPad, g.Columns[i].align())
		}
		x += w
	}
}
