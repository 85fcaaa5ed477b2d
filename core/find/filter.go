package find

import (
	"context"
	"slices"
	"time"

	"cadre/core/search"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
)

// Choice is what narrows a search, as addresses say it: a search is a link that can be sent by mail.
type Choice struct {
	Kind  string    `form:"nature"`
	Owner string    `form:"structure"`
	Theme string    `form:"theme"`
	Place string    `form:"lieu"`
	Since form.Date `form:"depuis"`
	Until form.Date `form:"jusque"`
}

// Filter understands a choice: the themes and the territories below the ones chosen count too,
// and both days are included.
func (m *Module) Filter(c Choice) search.Filter {
	f := search.Filter{Kind: c.Kind, Owner: c.Owner}
	if c.Theme != "" {
		f.Themes = append([]string{c.Theme}, m.Themes.Children(c.Theme)...)
	}
	if c.Place != "" {
		f.Places = append([]string{c.Place}, m.Places.Under(c.Place)...)
	}
	if !c.Since.IsZero() {
		f.Since = c.Since.In(m.Zone)
	}
	if !c.Until.IsZero() {
		f.Until = c.Until.In(m.Zone).AddDate(0, 0, 1)
	}
	return f
}

// address is the page of the same words with another choice.
func (p searchPage) address(c Choice) string {
	q := form.Unbind(c)
	if p.Query != "" {
		q.Set("q", p.Query)
	}
	return path + "?" + q.Encode()
}

// facets narrow the results, counting what was found: by kind, by institution, by theme, by
// territory and by the time of their last change.
func (p searchPage) facets(ctx context.Context) []ui.Facet {
	return []ui.Facet{p.byKind(ctx), p.byOwner(ctx), p.byTheme(ctx), p.byPlace(ctx), p.bySince(ctx)}
}

// choice adds an answer that leaves something, or that is in force.
func (p searchPage) choice(f *ui.Facet, label string, current bool, set func(*Choice), keeps func(search.Hit) bool) {
	n := 0
	for _, h := range p.Results.Hits {
		if keeps(h) {
			n++
		}
	}
	if n == 0 && !current {
		return
	}
	c := p.Choice
	set(&c)
	f.Choices = append(f.Choices, ui.FacetChoice{Label: label, Href: p.address(c), Count: n, Current: current})
}

func (p searchPage) byKind(ctx context.Context) ui.Facet {
	f := ui.Facet{Title: text.T(ctx, "Nature")}
	for _, k := range p.Module.Kinds {
		p.choice(&f, text.T(ctx, k.Name), p.Choice.Kind == k.Code, func(c *Choice) { c.Kind = k.Code }, func(h search.Hit) bool { return h.Kind == k.Code })
	}
	return f
}

// byOwner offers the institutions of what was found, the best answer's first.
func (p searchPage) byOwner(ctx context.Context) ui.Facet {
	f, known := ui.Facet{Title: text.T(ctx, "Structure")}, map[string]bool{}
	for _, hit := range p.Results.Hits {
		if id := hit.Owner; !known[id] {
			known[id] = true
			p.choice(&f, p.Owners[id], p.Choice.Owner == id, func(c *Choice) { c.Owner = id }, func(h search.Hit) bool { return h.Owner == id })
		}
	}
	return f
}

// byTheme offers the first level, or the theme in force and what stands under it.
func (p searchPage) byTheme(ctx context.Context) ui.Facet {
	f, themes := ui.Facet{Title: text.T(ctx, "Thème")}, p.Module.Themes
	offered := themes.Tops()
	if p.Choice.Theme != "" {
		offered = append([]string{p.Choice.Theme}, themes.Children(p.Choice.Theme)...)
	}
	for _, code := range offered {
		covers := func(other string) bool { return themes.Covers(code, other) }
		p.choice(&f, themes.Label(ctx, code), p.Choice.Theme == code, func(c *Choice) { c.Theme = code },
			func(h search.Hit) bool { return slices.ContainsFunc(p.Results.Themes[h.ID], covers) })
	}
	return f
}

// byPlace offers the country and its regions, or the territory in force and its parts.
func (p searchPage) byPlace(ctx context.Context) ui.Facet {
	f, places := ui.Facet{Title: text.T(ctx, "Territoire")}, p.Module.Places
	offered := places.Children(places.Country())
	if p.Choice.Place != "" {
		offered = append([]string{p.Choice.Place}, places.Children(p.Choice.Place)...)
	}
	for _, code := range offered {
		within := func(other string) bool { return places.Within(other, code) }
		p.choice(&f, places.Name(ctx, code), p.Choice.Place == code, func(c *Choice) { c.Place = code },
			func(h search.Hit) bool { return slices.ContainsFunc(p.Results.Places[h.ID], within) })
	}
	return f
}

// bySince offers the records changed lately.
func (p searchPage) bySince(ctx context.Context) ui.Facet {
	f, today := ui.Facet{Title: text.T(ctx, "Dernière mise à jour")}, p.Now.In(p.Module.Zone)
	for _, period := range []struct {
		label string
		since time.Time
	}{
		{text.T(ctx, "Depuis un mois"), today.AddDate(0, -1, 0)},
		{text.T(ctx, "Depuis six mois"), today.AddDate(0, -6, 0)},
		{text.T(ctx, "Depuis un an"), today.AddDate(-1, 0, 0)},
	} {
		day := form.DateOf(period.since)
		begins := day.In(p.Module.Zone)
		p.choice(&f, period.label, p.Choice.Since == day, func(c *Choice) { c.Since = day }, func(h search.Hit) bool { return !h.Updated.Before(begins) })
	}
	return f
}

// chips are the filters in force, each a link that removes it.
func (p searchPage) chips(ctx context.Context) []ui.Link {
	var all []ui.Link
	chip := func(on bool, label string, clear func(*Choice)) {
		if on {
			c := p.Choice
			clear(&c)
			all = append(all, ui.Link{Label: label, Href: p.address(c)})
		}
	}
	c := p.Choice
	chip(c.Kind != "", p.kindName(ctx, c.Kind), func(c *Choice) { c.Kind = "" })
	chip(c.Owner != "", p.Owners[c.Owner], func(c *Choice) { c.Owner = "" })
	chip(c.Theme != "", p.Module.Themes.Label(ctx, c.Theme), func(c *Choice) { c.Theme = "" })
	chip(c.Place != "", p.Module.Places.Name(ctx, c.Place), func(c *Choice) { c.Place = "" })
	chip(!c.Since.IsZero(), text.T(ctx, "depuis le %s", text.Date(ctx, c.Since.In(p.Module.Zone))), func(c *Choice) { c.Since = form.Date{} })
	chip(!c.Until.IsZero(), text.T(ctx, "jusqu’au %s", text.Date(ctx, c.Until.In(p.Module.Zone))), func(c *Choice) { c.Until = form.Date{} })
	return all
}

func (p searchPage) kindName(ctx context.Context, code string) string {
	for _, k := range p.Module.Kinds {
		if k.Code == code {
			return text.T(ctx, k.Name)
		}
	}
	return ""
}

// kinds are the kinds of records as the choices of a select.
func (p searchPage) kinds(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, k := range p.Module.Kinds {
		all = append(all, ui.Option{Value: k.Code, Label: text.T(ctx, k.Name)})
	}
	return all
}
