package ui

import (
	"fmt"
	"math"
	"strconv"
)

// Ring is who is tied to whom, drawn around a circle in the order given.
type Ring struct {
	ID      string // unique in the page
	Title   string // what it shows
	Summary string // the same in a sentence, for who cannot see it
	Nodes   []RingNode
	Ties    []RingTie
}

// RingNode is one of those who are tied, with a few letters for a name.
type RingNode struct {
	Label string
	Says  string // its ties in a sentence
	Href  string
}

// RingTie is a tie between two nodes, by their place in Nodes.
type RingTie struct {
	From, To int
	Level    Level // 1 to 4: how strong it is
	Says     string
}

// The drawing, in its own units.
const (
	ringWidth  = 480
	ringHeight = 400
	ringRadius = 140
)

// at is where a node stands, on a circle of the radius; the first is at the top.
func (r Ring) at(i int, radius float64) (x, y int) {
	angle := 2 * math.Pi * float64(i) / float64(max(len(r.Nodes), 1))
	return ringWidth/2 + int(math.Round(radius*math.Sin(angle))), ringHeight/2 - int(math.Round(radius*math.Cos(angle)))
}

// path curves towards the centre, so that ties of neighbours do not lie on the circle.
func (r Ring) path(t RingTie) string {
	x1, y1 := r.at(t.From, ringRadius)
	x2, y2 := r.at(t.To, ringRadius)
	return fmt.Sprintf("M%d %dQ%d %d %d %d", x1, y1, ringWidth/2, ringHeight/2, x2, y2)
}

// label is where the name of a node stands, and on which side of it.
func (r Ring) label(i int) (x, y, anchor string) {
	px, py := r.at(i, ringRadius+14)
	anchor = "middle"
	switch {
	case px > ringWidth/2+20:
		anchor = "start"
	case px < ringWidth/2-20:
		anchor = "end"
	}
	return strconv.Itoa(px), strconv.Itoa(py + 4), anchor
}
