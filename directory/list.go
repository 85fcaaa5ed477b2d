package directory

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/export"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs"
)

// Line is a structure in a list.
type Line struct {
	record.Record
	Structure
	Name   string
	Themes []string // codes of the themes of its visible missions, those of the first level
}

// List returns a page of the structures that the viewer may see, by acronym.
func (m *Module) List(ctx context.Context, v access.Viewer, f Filter, p page.Request) (page.Of[Line], error) {
	var found page.Of[Line]
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		themes, err := m.themesOf(ctx, tx, v)
		if err == nil {
			found, err = m.lines(ctx, tx, v, f, p, themes)
		}
		return err
	})
	return found, err
}

func (m *Module) lines(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter, p page.Request, themes map[string][]string) (page.Of[Line], error) {
	found, err := list(ctx, tx, v, m.below(f), p)
	lines := page.Of[Line]{From: found.From, Total: found.Total, Next: found.Next, Prev: found.Prev, Rows: []Line{}}
	for _, b := range found.Rows {
		s, err := record.Decode[Structure](b.Record)
		if err != nil {
			return lines, err
		}
		lines.Rows = append(lines.Rows, Line{b.Record, s, s.Name(m.Clock.Now()), themes[b.ID]})
	}
	return lines, err
}

// below widens a filter to the codes below its theme and its place.
func (m *Module) below(f Filter) narrowing {
	s := narrowing{nature: f.Nature, themes: []string{}, places: []string{}, state: InForce}
	if f.Closed {
		s.state = Dissolved
	}
	if f.Theme != "" {
		s.themes = append([]string{f.Theme}, m.Themes.Children(f.Theme)...)
	}
	if f.Place != "" {
		s.places = append([]string{f.Place}, m.Places.Under(f.Place)...)
	}
	return s
}

// themesOf gathers the first-level themes of every structure's visible missions.
func (m *Module) themesOf(ctx context.Context, tx *db.Tx, v access.Viewer) (map[string][]string, error) {
	themes, err := record.Themes(ctx, tx, v, "directory.mission", InForce)
	all := map[string][]string{}
	for _, t := range themes {
		if top := m.Themes.Top(t.Theme); !slices.Contains(all[t.Owner], top) {
			all[t.Owner] = append(all[t.Owner], top)
		}
	}
	for _, tops := range all {
		slices.Sort(tops)
	}
	return all, err
}

type listPage struct {
	ui.Page
	List   page.Of[Line]
	Filter Filter
	Pack   *packs.Pack
	Themes func(context.Context, string) string
	Tops   []string
	Counts map[string]int      // visible structures by code of theme or nature, whatever the filter
	Left   []account.Structure // that have left the framework
	Admit  bool
	Now    time.Time
	// Formats are those in which the list may leave.
	Formats []export.Format
}

func (m *Module) list(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	ask, asked, err := export.Page(q, structureFormats(v)...)
	if err != nil {
		return web.Response{}, err
	}
	f := Filter{Nature: q.Get("nature"), Theme: q.Get("theme"), Place: m.place(q.Get("lieu"))}
	p := listPage{Page: ui.Start(ctx, text.T(ctx, "Annuaire des structures")), Filter: f, Pack: m.Pack,
		Themes: m.Themes.Label, Tops: m.Themes.Tops(), Admit: v.Is(access.Secretariat), Now: m.Clock.Now(), Formats: structureFormats(v)}
	p.Feed = feedPath
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		themes, err := m.themesOf(ctx, tx, v)
		if err != nil {
			return err
		}
		if p.Counts, err = counts(ctx, tx, v, themes); err != nil {
			return err
		}
		if p.Left, err = m.left(ctx, tx, v); err != nil {
			return err
		}
		p.List, err = m.lines(ctx, tx, v, f, asked, themes)
		return err
	})
	if err == nil && ask.Wanted() {
		return m.exportStructures(ctx, p, ask)
	}
	return web.Page(listing(p)), err
}

// counts counts the visible structures by nature, and by first-level theme of their visible missions.
func counts(ctx context.Context, tx *db.Tx, v access.Viewer, themes map[string][]string) (map[string]int, error) {
	all := map[string]int{}
	natures, err := natures(ctx, tx, v)
	for id, nature := range natures {
		all[nature]++
		for _, t := range themes[id] {
			all[t]++
		}
	}
	return all, err
}

// files lead to the files of the list, to the feed of what changes in it, and to the booklet.
func (p listPage) files(ctx context.Context) []ui.Link {
	return append(export.Links(p.address(p.Filter, ""), p.Formats...), ui.Link{Label: "Atom", Href: feedPath}, ui.Link{Label: text.T(ctx, "Livret des structures (PDF)"), Href: bookletPath})
}

// address is the list's address with another filter; a filter is a link that can be sent by mail.
func (p listPage) address(f Filter, cursor string) string {
	q := url.Values{}
	for name, value := range map[string]string{"nature": f.Nature, "theme": f.Theme, "lieu": f.Place, "page": cursor} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/structures"
	}
	return "/structures?" + q.Encode()
}

func (p listPage) facets(ctx context.Context) []ui.Facet {
	nature := ui.Facet{Title: text.T(ctx, "Nature")}
	for _, t := range p.Pack.Settings.Natures {
		if p.Counts[t.Code] == 0 {
			continue
		}
		f := p.Filter
		f.Nature = t.Code
		nature.Choices = append(nature.Choices, ui.FacetChoice{Label: term(ctx, p.Pack.Settings.Natures, t.Code), Href: p.address(f, ""), Count: p.Counts[t.Code], Current: p.Filter.Nature == t.Code})
	}
	theme := ui.Facet{Title: text.T(ctx, "Thème")}
	for _, code := range p.Tops {
		if p.Counts[code] == 0 {
			continue
		}
		f := p.Filter
		f.Theme = code
		theme.Choices = append(theme.Choices, ui.FacetChoice{Label: p.Themes(ctx, code), Href: p.address(f, ""), Count: p.Counts[code], Current: p.Filter.Theme == code})
	}
	return []ui.Facet{theme, nature}
}

// chips are the filters in force, each a link that removes it.
func (p listPage) chips(ctx context.Context) []ui.Link {
	var all []ui.Link
	if f := p.Filter; f.Nature != "" {
		f.Nature = ""
		all = append(all, ui.Link{Label: term(ctx, p.Pack.Settings.Natures, p.Filter.Nature), Href: p.address(f, "")})
	}
	if f := p.Filter; f.Theme != "" {
		f.Theme = ""
		all = append(all, ui.Link{Label: p.Themes(ctx, p.Filter.Theme), Href: p.address(f, "")})
	}
	return all
}

func (p listPage) span() ui.Span {
	s := ui.Span{First: p.List.From, Last: p.List.From + len(p.List.Rows) - 1, Total: p.List.Total}
	if p.List.Prev != "" {
		s.Previous = p.address(p.Filter, p.List.Prev)
	}
	if p.List.Next != "" {
		s.Next = p.address(p.Filter, p.List.Next)
	}
	return s
}

func (p listPage) themes(ctx context.Context, l Line) []string {
	words := make([]string, 0, len(l.Themes))
	for _, code := range l.Themes {
		words = append(words, p.Themes(ctx, code))
	}
	return words
}

func (p listPage) lede(ctx context.Context) string {
	return text.N(ctx, p.List.Total, "%s structure en charge de la paix et de la sécurité.", "%s structures en charge de la paix et de la sécurité.", strconv.Itoa(p.List.Total))
}
