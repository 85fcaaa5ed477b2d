package place

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cadre/kit/text"
	"cadre/packs"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/resample"
	"github.com/paulmach/orb/simplify"
)

// Atlas is the drawing of a country: its préfectures, the limits between them, the
// countries around. It is projected and simplified once, and never changes. A
// territory that the pack does not draw, a commune or a canton, has no shape.
type Atlas struct {
	ViewBox string           // of the whole drawing
	Shapes  map[string]Shape // by code of the territory
	Limits  string           // limits that the sources draw, as SVG path data
	Vague   string           // approximate limits, to be dashed
	Edges   string           // limits of the territories above the drawn ones, and of the country
	Around  []Country
	Credit  packs.Name // to show beside every map

	places *Tree
	codes  []string            // of the drawn territories, in the order of the pack
	beside map[string][]string // drawn territories that share a limit
	abroad map[string][]string // codes of the countries, and Sea, on which a drawn territory opens
	posts  map[string][]packs.Place
}

// Sea stands among the countries for the coast.
const Sea = "sea"

// Shape is a territory on the map.
type Shape struct {
	Path string // SVG path data
	X, Y int    // an inner point, to write on
}

// Country is a country around, for context.
type Country struct {
	Code string // ISO 3166-1 alpha-2
	name packs.Name
	Shape
}

// Name is its name in the language of ctx.
func (c Country) Name(ctx context.Context) string { return text.Own(ctx, c.name.FR, c.name.EN).Words }

// The drawing is span units wide, with margin around it for the countries around, and
// nothing thinner than tolerance is kept. Two lines closer than touching, in units, are
// the same border drawn by two sources.
const (
	span      = 600
	margin    = 84
	tolerance = 1.1
	touching  = 20
)

// Draw reads the maps of a pack.
func Draw(p *packs.Pack, t *Tree) (*Atlas, error) {
	drawn, err := outlines(p.Map.Adm2)
	if err != nil {
		return nil, err
	}
	around, err := outlines(p.Map.Neighbours)
	if err != nil {
		return nil, err
	}
	codes := map[string]string{}
	for _, x := range p.Territories {
		codes[x.StatisticsCode] = x.Code
	}
	sheet := newSheet(drawn)
	a := &Atlas{places: t, ViewBox: sheet.viewBox(), Shapes: map[string]Shape{}, Credit: p.Settings.MapCredit,
		beside: map[string][]string{}, abroad: map[string][]string{}, posts: map[string][]packs.Place{}}
	web := newWeb()
	for _, f := range drawn {
		web.add(codes[f.Properties.Code], f.Properties.Source, sheet.project(f.polygons()))
	}
	web.cut()
	a.shapes(web, sheet, p)
	a.limits(web, t)
	a.neighbours(web, sheet, around)
	for _, place := range p.Map.Places {
		if place.OtherCountry != "" {
			a.posts[place.Territory] = append(a.posts[place.Territory], place)
		}
	}
	return a, nil
}

// shapes draws every territory, with the inner point that the pack gives it.
func (a *Atlas) shapes(w *web, s sheet, p *packs.Pack) {
	for _, x := range p.Territories {
		rings := w.rings[x.Code]
		if len(rings) == 0 {
			continue
		}
		var path strings.Builder
		for _, ring := range rings {
			path.WriteString(pathOf(w.outline(ring), true))
		}
		at := w.outline(rings[0])[0]
		if x.Point != nil {
			at = s.point(orb.Point{x.Point.Lon, x.Point.Lat})
		}
		a.codes = append(a.codes, x.Code)
		a.Shapes[x.Code] = Shape{path.String(), round(at[0]), round(at[1])}
	}
}

// limits sorts the arcs: edges of wider territories, approximate limits, the others.
func (a *Atlas) limits(w *web, t *Tree) {
	var firm, vague, edges strings.Builder
	for _, arc := range w.arcs {
		path := pathOf(arc.line, false)
		switch {
		case len(arc.owners) < 2 || t.Parent(arc.owners[0]) != t.Parent(arc.owners[1]):
			edges.WriteString(path)
		case w.source[arc.owners[0]] != "" && w.source[arc.owners[0]] == w.source[arc.owners[1]]:
			vague.WriteString(path)
		default:
			firm.WriteString(path)
		}
		if len(arc.owners) == 2 {
			x, y := arc.owners[0], arc.owners[1]
			a.beside[x], a.beside[y] = append(a.beside[x], y), append(a.beside[y], x)
		}
	}
	a.Limits, a.Vague, a.Edges = firm.String(), vague.String(), edges.String()
	for code, all := range a.beside {
		slices.Sort(all)
		a.beside[code] = slices.Compact(all)
	}
}

// neighbours draws the countries around, and finds which territories open on each: those
// whose outer limit runs along its own. What runs along none is the coast.
func (a *Atlas) neighbours(w *web, s sheet, around []outline) {
	borders := map[string]orb.MultiLineString{}
	for _, f := range around {
		code := f.Properties.Code
		polygon := clip.Polygon(s.frame, s.project(f.polygons())[0])
		simple := simplify.DouglasPeucker(tolerance).Polygon(polygon)
		var path strings.Builder
		for _, ring := range simple {
			path.WriteString(pathOf(orb.LineString(ring), true))
			borders[code] = append(borders[code], orb.LineString(ring))
		}
		centre, _ := planar.CentroidArea(simple)
		a.Around = append(a.Around, Country{code, packs.Name{FR: f.Properties.Name, EN: f.Properties.NameEN}, Shape{path.String(), round(centre[0]), round(centre[1])}})
	}
	for _, arc := range w.arcs {
		if len(arc.owners) == 1 {
			code := arc.owners[0]
			a.abroad[code] = append(a.abroad[code], opensOn(arc.line, borders)...)
		}
	}
	for code, all := range a.abroad {
		slices.Sort(all)
		a.abroad[code] = slices.Compact(all)
	}
}

// opensOn names what lies along a line: at each step the nearest border, if near.
func opensOn(line orb.LineString, borders map[string]orb.MultiLineString) []string {
	const step, little = 5, 2 // in units; in steps, what may be a corner of two countries
	along := map[string]int{}
	for _, at := range resample.ToInterval(line.Clone(), planar.Distance, step) {
		nearest, least := Sea, float64(touching)
		for code, lines := range borders {
			if d := planar.DistanceFrom(lines, at); d < least {
				nearest, least = code, d
			}
		}
		along[nearest]++
	}
	maps.DeleteFunc(along, func(_ string, steps int) bool { return steps <= little })
	return slices.Collect(maps.Keys(along))
}

// Beside lists the drawn territories that share a limit with one, by code.
func (a *Atlas) Beside(code string) []string { return a.beside[code] }

// Abroad lists the countries that a drawn territory touches, and Sea, by code.
func (a *Atlas) Abroad(code string) []string { return a.abroad[code] }

// Posts lists the border posts of a drawn territory.
func (a *Atlas) Posts(code string) []packs.Place { return a.posts[code] }

// Country finds a country around.
func (a *Atlas) Country(code string) (Country, bool) {
	i := slices.IndexFunc(a.Around, func(c Country) bool { return c.Code == code })
	if i < 0 {
		return Country{}, false
	}
	return a.Around[i], true
}

// pathOf writes a line as SVG path data, in whole units from point to point.
func pathOf(line orb.LineString, closed bool) string {
	var out strings.Builder
	var x, y int
	for i, p := range line {
		px, py := round(p[0]), round(p[1])
		dx, dy := px-x, py-y
		switch {
		case i == 0:
			out.WriteString("M" + strconv.Itoa(px) + spaced(py))
		case dx == 0 && dy == 0:
			continue
		case i == len(line)-1 && closed:
			continue
		case out.Len() > 0:
			out.WriteString("l" + strconv.Itoa(dx) + spaced(dy))
		}
		x, y = px, py
	}
	if closed {
		out.WriteString("z")
	}
	return out.String()
}

// spaced writes a number after another: a sign separates as well as a space.
func spaced(n int) string {
	if n < 0 {
		return strconv.Itoa(n)
	}
	return " " + strconv.Itoa(n)
}
