package activity

import (
	"context"
	"strings"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/ui"
)

// counts are the visible activities by state, lead and first-level theme, whatever the filter.
type counts struct {
	state, owner, theme map[string]int
	total               int
}

func (m *Module) counts(ctx context.Context, tx *db.Tx, v access.Viewer) (counts, error) {
	c := counts{map[string]int{}, map[string]int{}, map[string]int{}, 0}
	all, err := record.Tallies(ctx, tx, v, Kind)
	for _, t := range all {
		switch t.Facet {
		case "":
			c.state[t.State] += t.N
			c.owner[t.Owner] += t.N
			c.total += t.N
		case "theme":
			c.theme[m.Themes.Top(t.Code)] += t.N
		}
	}
	return c, err
}

// facets narrow the plan, each answer a link to the page at path.
func (m *Module) facets(ctx context.Context, c counts, order []Structure, choice Choice, path string) []ui.Facet {
	answer := func(f *ui.Facet, label string, n int, of func(*Choice) *string, value string) {
		next := choice
		current := *of(&next) == value
		if *of(&next) = value; n > 0 {
			f.Choices = append(f.Choices, ui.FacetChoice{Label: label, Href: next.Address(path), Count: n, Current: current})
		}
	}
	state, owner, theme := ui.Facet{Title: text.T(ctx, "État")}, ui.Facet{Title: text.T(ctx, "Chef de file")}, ui.Facet{Title: text.T(ctx, "Thème")}
	for _, s := range Life.States {
		answer(&state, text.T(ctx, s.Name), c.state[s.Code], func(c *Choice) *string { return &c.State }, s.Code)
	}
	for _, s := range order {
		answer(&owner, s.Acronym, c.owner[s.ID], func(c *Choice) *string { return &c.Structure }, s.ID)
	}
	for _, code := range m.Themes.Tops() {
		answer(&theme, m.Themes.Label(ctx, code), c.theme[code], func(c *Choice) *string { return &c.Theme }, code)
	}
	return []ui.Facet{state, owner, theme}
}

// chips are the filters in force on a page of the plan, each a link that removes it; the period's is the first.
func (m *Module) chips(ctx context.Context, names map[string]string, choice Choice, path string) []ui.Link {
	var all []ui.Link
	chip := func(value, label string, clear func(*Choice)) {
		if value != "" {
			c := choice
			clear(&c)
			all = append(all, ui.Link{Label: label, Href: c.Address(path)})
		}
	}
	chip(choice.Period, periodName(ctx, choice.Period), func(c *Choice) { c.Period = "" })
	chip(choice.State, stateNames(ctx, choice.State), func(c *Choice) { c.State = "" })
	chip(choice.Structure, names[choice.Structure], func(c *Choice) { c.Structure = "" })
	chip(choice.Theme, m.Themes.Label(ctx, choice.Theme), func(c *Choice) { c.Theme = "" })
	chip(choice.Place, m.Places.Name(ctx, choice.Place), func(c *Choice) { c.Place = "" })
	chip(choice.Type, term(ctx, m.Pack.ActivityTypes, choice.Type), func(c *Choice) { c.Type = "" })
	return all
}

func stateNames(ctx context.Context, states string) string {
	var all []string
	for s := range strings.FieldsSeq(states) {
		all = append(all, text.T(ctx, Life.Name(s)))
	}
	return text.List(ctx, all)
}

func periodName(ctx context.Context, period string) string {
	if period == ahead {
		return text.T(ctx, "En cours et à venir")
	}
	if at, ok := ParseMoment(period); ok {
		return at.words(ctx)
	}
	return period
}
