package place

import (
	"context"
	"strconv"
	"strings"

	"cadre/kit/doc"
	"cadre/kit/ui"
)

// Drawing is the chart of a shading on paper: each territory with its number, under a key.
// Approximate limits are dashed.
func (a *Atlas) Drawing(ctx context.Context, s Shading, key ...doc.Swatch) doc.Drawing {
	c := a.Chart(ctx, s)
	left, upper, width, height := frame(c.ViewBox)
	at := func(path string) [][][2]float64 { return rings(path, left, upper) }
	d := doc.Drawing{Width: width, Height: height, Key: key, Caption: c.Credit}
	for _, x := range c.Around {
		d.Shapes = append(d.Shapes, doc.Shape{Rings: at(x.Path), Bare: true})
		d.Labels = append(d.Labels, doc.Label{X: float64(x.X) - left, Y: float64(x.Y) - upper, Words: x.Name})
	}
	for _, x := range c.Areas {
		d.Shapes = append(d.Shapes, doc.Shape{Rings: at(x.Path), Shade: int(max(x.Level, 0)), Flat: true})
		if x.Count > 0 {
			d.Labels = append(d.Labels, doc.Label{X: float64(x.X) - left, Y: float64(x.Y) - upper, Words: strconv.Itoa(x.Count), Light: x.Level == ui.Level(doc.MaxShade)})
		}
	}
	d.Shapes = append(d.Shapes, doc.Shape{Rings: at(a.Limits), Bare: true, Open: true}, doc.Shape{Rings: at(a.Vague), Bare: true, Open: true, Dashed: true})
	for _, path := range c.Borders {
		d.Shapes = append(d.Shapes, doc.Shape{Rings: at(path), Bare: true, Open: true, Thick: true})
	}
	return d
}

func frame(viewBox string) (left, upper, width, height float64) {
	var n [4]float64
	for i, s := range strings.Fields(viewBox) {
		n[i], _ = strconv.ParseFloat(s, 64) // the atlas wrote it
	}
	return n[0], n[1], n[2], n[3]
}

// rings reads the lines that pathOf has written: M to begin one, l to go on from there.
func rings(path string, left, upper float64) [][][2]float64 {
	var all [][][2]float64
	var at [2]float64
	for _, line := range strings.Split(path, "M")[1:] {
		var ring [][2]float64
		for i, step := range strings.Split(strings.TrimSuffix(line, "z"), "l") {
			x, y, _ := strings.Cut(strings.ReplaceAll(step[:1]+strings.ReplaceAll(step[1:], "-", " -"), "  ", " "), " ")
			dx, _ := strconv.ParseFloat(x, 64)
			dy, _ := strconv.ParseFloat(y, 64)
			if i == 0 {
				at = [2]float64{dx - left, dy - upper}
			} else {
				at = [2]float64{at[0] + dx, at[1] + dy}
			}
			ring = append(ring, at)
		}
		all = append(all, ring)
	}
	return all
}
