package place

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"
)

// sheet puts degrees on paper: equal steps of longitude and latitude, shortened by the
// latitude of the middle of the country, north up.
type sheet struct {
	frame       orb.Bound // in units
	west, north float64   // in degrees
	sx, sy      float64   // units for a degree
}

func newSheet(all []outline) sheet {
	bound := all[0].polygons().Bound()
	for _, f := range all[1:] {
		bound = bound.Union(f.polygons().Bound())
	}
	width, height := bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1]
	s := sheet{west: bound.Min[0], north: bound.Max[1], sx: span / width}
	s.sy = s.sx / math.Cos((bound.Min[1]+height/2)*math.Pi/180)
	s.frame = orb.Bound{Min: orb.Point{-margin, -margin / 2}, Max: orb.Point{span + margin, height*s.sy + margin/2}}
	return s
}

func (s sheet) viewBox() string {
	return fmt.Sprintf("%.0f %.0f %.0f %.0f", s.frame.Min[0], s.frame.Min[1], s.frame.Max[0]-s.frame.Min[0], s.frame.Max[1]-s.frame.Min[1])
}

func (s sheet) point(p orb.Point) orb.Point {
	return orb.Point{(p[0] - s.west) * s.sx, (s.north - p[1]) * s.sy}
}

// project puts polygons on the sheet.
func (s sheet) project(all orb.MultiPolygon) orb.MultiPolygon {
	for _, polygon := range all {
		for _, ring := range polygon {
			for i, p := range ring {
				ring[i] = s.point(p)
			}
		}
	}
	return all
}

// segment is a piece of a limit, whichever way it is walked.
type segment [2]orb.Point

func segmentOf(a, b orb.Point) segment {
	if a[0] > b[0] || a[0] == b[0] && a[1] > b[1] {
		a, b = b, a
	}
	return segment{a, b}
}

// web is the limits of territories that fit without slivers, cut where more than two
// meet, so that a limit is simplified once for both of its sides.
type web struct {
	rings  map[string][]orb.Ring // by owner
	source map[string]string     // what an owner was cut out of
	arcs   []*arc

	owners  map[segment][]string
	touches map[orb.Point][]segment
	byStart map[segment]*arc // by the first and by the last segment of an arc
}

// arc is a limit between one or two territories.
type arc struct {
	owners []string
	line   orb.LineString
}

func newWeb() *web {
	return &web{rings: map[string][]orb.Ring{}, source: map[string]string{}, owners: map[segment][]string{},
		touches: map[orb.Point][]segment{}, byStart: map[segment]*arc{}}
}

func (w *web) add(owner, source string, polygons orb.MultiPolygon) {
	w.source[owner] = source
	for _, polygon := range polygons {
		for _, ring := range polygon {
			w.rings[owner] = append(w.rings[owner], ring)
			for i := 1; i < len(ring); i++ {
				s := segmentOf(ring[i-1], ring[i])
				if len(w.owners[s]) == 0 {
					w.touches[s[0]], w.touches[s[1]] = append(w.touches[s[0]], s), append(w.touches[s[1]], s)
				}
				w.owners[s] = append(w.owners[s], owner)
			}
		}
	}
}

// corner reports whether an arc ends at a point: more than two pieces meet there, or
// what lies on both sides changes.
func (w *web) corner(p orb.Point) bool {
	t := w.touches[p]
	return len(t) != 2 || !slices.Equal(w.sides(t[0]), w.sides(t[1]))
}

func (w *web) sides(s segment) []string { return slices.Sorted(slices.Values(w.owners[s])) }

// cut finds the arcs of every ring and simplifies each once.
func (w *web) cut() {
	for owner, rings := range w.rings {
		for i, ring := range rings {
			rings[i] = w.turned(ring)
		}
		w.rings[owner] = rings
	}
	for _, owner := range slices.Sorted(maps.Keys(w.rings)) {
		for _, ring := range w.rings[owner] {
			for _, line := range w.pieces(ring) {
				w.keep(line)
			}
		}
	}
}

// turned makes a closed ring begin at a corner, when it has one.
func (w *web) turned(ring orb.Ring) orb.Ring {
	i := slices.IndexFunc(ring, w.corner)
	if i <= 0 {
		return ring
	}
	return append(append(orb.Ring{}, ring[i:len(ring)-1]...), ring[:i+1]...)
}

func (w *web) pieces(ring orb.Ring) []orb.LineString {
	var all []orb.LineString
	from := 0
	for i := 1; i < len(ring); i++ {
		if i == len(ring)-1 || w.corner(ring[i]) {
			all = append(all, orb.LineString(ring[from:i+1]))
			from = i
		}
	}
	return all
}

func (w *web) keep(line orb.LineString) {
	first, last := segmentOf(line[0], line[1]), segmentOf(line[len(line)-2], line[len(line)-1])
	if w.byStart[first] != nil {
		return
	}
	simple := simplify.DouglasPeucker(tolerance).LineString(line.Clone())
	a := &arc{w.sides(first), simple}
	w.byStart[first], w.byStart[last] = a, a
	w.arcs = append(w.arcs, a)
}

// outline is a ring made of its simplified arcs.
func (w *web) outline(ring orb.Ring) orb.LineString {
	var all orb.LineString
	for _, line := range w.pieces(ring) {
		a := w.byStart[segmentOf(line[0], line[1])]
		simple := a.line.Clone()
		if simple[0] != line[0] {
			simple.Reverse()
		}
		if len(all) > 0 {
			simple = simple[1:]
		}
		all = append(all, simple...)
	}
	return all
}

func round(f float64) int { return int(math.Round(f)) }
