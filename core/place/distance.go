package place

import (
	"math"

	"cadre/packs"
)

// earth is the mean radius of the Earth in kilometres (IUGG).
const earth = 6371.0

// Distance is how far apart two territories are, in kilometres between their inner
// points as the crow flies. A territory without a point of its own has that of the
// one above it. ok is false when there is no point at all.
func (t *Tree) Distance(a, b string) (km float64, ok bool) {
	p, q := t.Point(a), t.Point(b)
	if p == nil || q == nil {
		return 0, false
	}
	return haversine(*p, *q), true
}

// Point is the inner point of a territory, or of the one above it that has one; nil when none has.
func (t *Tree) Point(code string) *packs.Point {
	for ; code != ""; code = t.Parent(code) {
		if p := t.byCode[code].Point; p != nil {
			return p
		}
	}
	return nil
}

// haversine is the length of the great circle between two positions.
func haversine(p, q packs.Point) float64 {
	rad := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	lat, lon := math.Sin(rad(q.Lat-p.Lat)/2), math.Sin(rad(q.Lon-p.Lon)/2)
	h := lat*lat + math.Cos(rad(p.Lat))*math.Cos(rad(q.Lat))*lon*lon
	return 2 * earth * math.Asin(math.Sqrt(h))
}

// Lift is the territory of a level that holds another or is it; empty when none does.
func (t *Tree) Lift(code, level string) string {
	for code != "" && t.Level(code) != level {
		code = t.Parent(code)
	}
	return code
}
