package place

import (
	"context"
	"slices"

	"cadre/kit/text"
	"cadre/kit/ui"
)

// Shading is what a map shows: a number for each drawn territory. Any room may draw one, from its own counts.
type Shading struct {
	ID      string                   // of the map in its page
	Title   string                   // what it shows
	Summary string                   // the same in a sentence, for who cannot see it
	Counts  map[string]int           // by code
	Words   func(code string) string // name and number in words, such as « Tône : 3 faits »
	Href    func(code string) string // the page of a territory; nil for no links
}

// Chart draws the country, each drawn territory shaded by its number: from one to the
// greatest in four tones. The credit of the sources stands under it.
func (a *Atlas) Chart(ctx context.Context, s Shading) ui.Chart {
	c := ui.Chart{ID: s.ID, Title: s.Title, Summary: s.Summary, ViewBox: a.ViewBox, Borders: []string{a.Edges}, Vague: a.Vague, Credit: text.Own(ctx, a.Credit.FR, a.Credit.EN).Words}
	most := 0
	for _, code := range a.codes {
		most = max(most, s.Counts[code])
	}
	for _, code := range a.codes {
		shape, n := a.Shapes[code], s.Counts[code]
		area := ui.Area{Name: s.Words(code), Path: shape.Path, Level: ui.Shaded(n, most), X: shape.X, Y: shape.Y, Count: n}
		if s.Href != nil {
			area.Href = s.Href(code)
		}
		c.Areas = append(c.Areas, area)
	}
	for _, country := range a.Around {
		c.Around = append(c.Around, ui.Area{Name: country.Name(ctx), Path: country.Path, X: country.X, Y: country.Y})
	}
	return c
}

// Codes lists the drawn territories in the order of the pack.
func (a *Atlas) Codes() []string { return slices.Clone(a.codes) }

// Holding is the drawn territory in which a place lies; empty for a wider place.
func (a *Atlas) Holding(code string) string {
	for code != "" && a.Shapes[code].Path == "" {
		code = a.places.Parent(code)
	}
	return code
}
