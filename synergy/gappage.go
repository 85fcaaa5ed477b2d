package synergy

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/place"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// Stretch is a period over which gaps are looked for.
type Stretch struct {
	Code     string // in addresses; empty for the twelve months that come
	Label    string
	From, To form.Date
}

// stretches are the periods that one may choose: the year that comes, and its quarters.
func (m *Module) stretches(ctx context.Context) []Stretch {
	today := m.today()
	all := []Stretch{{"", text.T(ctx, "Les douze prochains mois"), today, shift(today, 365)}}
	quarter := time.Month((int(today.Month)-1)/3*3 + 1)
	for i := range 4 {
		first := time.Date(today.Year, quarter+time.Month(3*i), 1, 0, 0, 0, 0, time.UTC)
		last := first.AddDate(0, 3, -1)
		all = append(all, Stretch{fmt.Sprintf("%d-T%d", first.Year(), (int(first.Month())+2)/3), text.Quarter(ctx, first), form.DateOf(first), form.DateOf(last)})
	}
	return all
}

// stretch is the one that a code names, or the first.
func (m *Module) stretch(ctx context.Context, code string) Stretch {
	all := m.stretches(ctx)
	if i := slices.IndexFunc(all, func(s Stretch) bool { return s.Code == code }); i > 0 {
		return all[i]
	}
	return all[0]
}

// Patches tells how much is planned over a stretch, and what calls for it, for each theme
// and préfecture, of what the viewer may see.
func (m *Module) Patches(ctx context.Context, tx *db.Tx, v access.Viewer, s Stretch) ([]Patch, error) {
	var g Ground
	var err error
	if g.Mandates, err = m.Source.Mandates(ctx, tx, v, nil, mostGround); err != nil {
		return nil, err
	}
	if g.Needs, err = m.Needs(ctx, tx, v, s.From, s.To, mostGround); err != nil {
		return nil, err
	}
	if g.Covered, err = m.Covered(ctx, tx, v, s.From, s.To); err != nil {
		return nil, err
	}
	return m.formula.Patches(g), nil
}

// mostGround is how many mandates, and how many needs, gaps are reckoned from.
const mostGround = 5000

// listed is how many gaps the page lists, the heaviest first.
const listed = 30

// gapsPage shows where nothing is planned though something calls for it.
type gapsPage struct {
	ui.Page
	voice
	Viewer    access.Viewer
	Stretch   Stretch
	Stretches []Stretch
	Theme     string // code, or empty for all
	Map       bool
	Patches   []Patch
	Gaps      []Patch // of the theme
}

func (m *Module) gaps(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := gapsPage{Page: ui.Start(ctx, text.T(ctx, "Lacunes"), crumb(ctx)), Viewer: v, Stretches: m.stretches(ctx), Map: r.Query("vue") == "carte"}
	p.Stretch = m.stretch(ctx, r.Query("periode"))
	if t := r.Query("theme"); slices.Contains(m.Themes.Tops(), t) {
		p.Theme = t
	}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.voice, err = m.voice(ctx, tx); err != nil {
			return err
		}
		p.Patches, err = m.Patches(ctx, tx, v, p.Stretch)
		return err
	})
	p.Gaps = slices.DeleteFunc(m.formula.Gaps(p.Patches), func(g Patch) bool { return p.Theme != "" && g.Theme != p.Theme })
	return web.Page(gapping(p)), err
}

func (p gapsPage) address(theme, stretch string, chart bool) string {
	q := url.Values{}
	for name, value := range map[string]string{"theme": theme, "periode": stretch} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if chart {
		q.Set("vue", "carte")
	}
	if len(q) == 0 {
		return "/synergie/lacunes"
	}
	return "/synergie/lacunes?" + q.Encode()
}

func (p gapsPage) lede(ctx context.Context) string {
	if len(p.Gaps) == 0 {
		return text.T(ctx, "Partout où une structure a une mission ou signale un besoin, quelque chose est prévu.")
	}
	return text.N(ctx, len(p.Gaps), "%s lieu et thème où une structure a une mission ou signale un besoin, et où rien n’est prévu, parmi ce que vous pouvez lire.",
		"%s lieux et thèmes où une structure a une mission ou signale un besoin, et où rien n’est prévu, parmi ce que vous pouvez lire.", text.Number(ctx, len(p.Gaps)))
}

// periods lead to the same page over another stretch.
func (p gapsPage) periods() []ui.Link {
	var all []ui.Link
	for _, s := range p.Stretches {
		l := ui.Link{Label: s.Label}
		if s.Code != p.Stretch.Code {
			l.Href = p.address(p.Theme, s.Code, p.Map)
		}
		all = append(all, l)
	}
	return all
}

// facets choose a theme by how many gaps it has.
func (p gapsPage) facets(ctx context.Context) []ui.Facet {
	count := map[string]int{}
	for _, g := range p.Room.formula.Gaps(p.Patches) {
		count[g.Theme]++
		count[""]++
	}
	f := ui.Facet{Title: text.T(ctx, "Thème"), Choices: []ui.FacetChoice{{Label: text.T(ctx, "Tous"), Count: count[""], Href: p.address("", p.Stretch.Code, p.Map), Current: p.Theme == ""}}}
	for _, t := range p.Room.Themes.Tops() {
		f.Choices = append(f.Choices, ui.FacetChoice{Label: p.Room.Themes.Label(ctx, t), Count: count[t], Href: p.address(t, p.Stretch.Code, p.Map), Current: p.Theme == t})
	}
	return []ui.Facet{f}
}

// matrix crosses préfectures and themes: how much is planned, and where nothing is.
func (p gapsPage) matrix(ctx context.Context) ui.Matrix {
	tops := p.Room.Themes.Tops()
	x := ui.Matrix{Caption: text.T(ctx, "Activités prévues par préfecture et par thème"), Gap: text.T(ctx, "lacune"), None: text.T(ctx, "ni activité, ni mission propre au lieu")}
	for _, t := range tops {
		x.Columns = append(x.Columns, ui.Link{Label: p.Room.Themes.Short(ctx, t)})
	}
	for i, code := range p.Room.formula.prefectures {
		row := ui.MatrixRow{Head: ui.Link{Label: p.Room.Places.Name(ctx, code)}}
		for j := range tops {
			row.Cells = append(row.Cells, p.cell(p.Patches[j*len(p.Room.formula.prefectures)+i]))
		}
		x.Rows = append(x.Rows, row)
	}
	return x
}

func (p gapsPage) cell(g Patch) ui.MatrixCell {
	switch {
	case g.Planned > 0:
		return ui.MatrixCell{Count: g.Planned, Level: depth(g.Planned), Href: "/activites?" + url.Values{"theme": {g.Theme}, "lieu": {g.Place}}.Encode()}
	case p.Room.formula.Gap(g):
		return ui.MatrixCell{Level: ui.Gap}
	}
	return ui.MatrixCell{Level: ui.None}
}

// depth shades a number of activities.
func depth(n int) ui.Level {
	switch {
	case n >= 6:
		return 4
	case n >= 4:
		return 3
	case n >= 2:
		return 2
	}
	return 1
}

// chart is the map of the gaps: how many there are in each préfecture.
func (p gapsPage) chart(ctx context.Context) ui.Chart {
	count := map[string]int{}
	for _, g := range p.Gaps {
		count[g.Place]++
	}
	return p.Room.Atlas.Chart(ctx, place.Shading{ID: "carte", Title: text.T(ctx, "Lacunes par préfecture"), Summary: p.lede(ctx), Counts: count, Words: func(code string) string {
		return text.N(ctx, count[code], "%s : %d lacune", "%s : %d lacunes", p.Room.Places.Name(ctx, code), count[code])
	}})
}

// spot is a préfecture with its gaps, for the table beside the map.
type spot struct {
	Place  string
	Themes []string
}

// spots are the préfectures with gaps, those with the most first.
func (p gapsPage) spots() []spot {
	by := map[string]*spot{}
	var all []*spot
	for _, g := range p.Gaps {
		if by[g.Place] == nil {
			by[g.Place] = &spot{Place: g.Place}
			all = append(all, by[g.Place])
		}
		by[g.Place].Themes = append(by[g.Place].Themes, g.Theme)
	}
	slices.SortStableFunc(all, func(a, b *spot) int { return cmp.Compare(len(b.Themes), len(a.Themes)) })
	out := make([]spot, len(all))
	for i, s := range all {
		out[i] = *s
	}
	return out
}

// whose names the institutions whose mandates a gap leaves without an activity, the most concerned first.
func (p gapsPage) whose(ctx context.Context, g Patch) string {
	var all []string
	for _, local := range []bool{true, false} {
		for _, m := range g.Mandates {
			if name := p.Names[m.Owner]; (m.Place != p.Room.Places.Country()) == local && !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return text.List(ctx, all)
}

// author reports whether the viewer may write an activity.
func (p gapsPage) author() bool {
	return p.Viewer.Is(access.Head, access.Focal, access.Deputy, access.Member, access.Field)
}

// asks reports whether the viewer may ask for activities: by calls, of the secretariat, or by making needs known.
func (p gapsPage) asks() bool { return p.calls() || p.author() }

func (p gapsPage) calls() bool { return p.Viewer.Is(access.Secretariat) }

// ask is the address at which the viewer asks for activities on a gap.
func (p gapsPage) ask(g Patch) string {
	return p.Room.Ask(g.Theme, g.Place, p.Stretch.From, p.Stretch.To)
}

func (p gapsPage) fill(g Patch) string {
	return p.Room.New(g.Theme, g.Place, p.Stretch.From, p.Stretch.To)
}
