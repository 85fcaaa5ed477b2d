package synergy

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// mostOfYear is how many activities of a year are compared two by two.
const mostOfYear = 400

// Net is who works with whom in a year, of what the viewer may see.
type Net struct {
	Year  int
	Theme string // of the first level, or empty for all
	Ties  []Tie
	Miss  []Missed // institutions that should meet and do not
}

// Net tells who signed together in a year, and whose activities touch without that.
func (m *Module) Net(ctx context.Context, tx *db.Tx, v access.Viewer, year int, theme string) (Net, error) {
	n := Net{Year: year, Theme: theme}
	var themes []string
	if theme != "" {
		themes = append(m.Themes.Children(theme), theme)
	}
	var err error
	if n.Ties, err = m.Signed(ctx, tx, v, year, themes); err != nil {
		return n, err
	}
	all, err := m.Between(ctx, tx, v, form.Date{Year: year, Month: 1, Day: 1}, form.Date{Year: year, Month: 12, Day: 31}, themes, mostOfYear)
	if err != nil {
		return n, err
	}
	mandates, err := m.mandates(ctx, tx, v, all...)
	if err == nil {
		n.Miss = m.formula.Misses(all, mandates, n.Ties)
	}
	return n, err
}

// netPage shows who works with whom.
type netPage struct {
	ui.Page
	voice
	Net
	All []string // institutions, as they stand around the ring
}

func (m *Module) network(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := netPage{Page: ui.Start(ctx, text.T(ctx, "Qui travaille avec qui"), crumb(ctx))}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.voice, err = m.voice(ctx, tx); err != nil {
			return err
		}
		p.Net, err = m.Net(ctx, tx, v, m.year(r.Query("annee")), m.top(r.Query("theme")))
		return err
	})
	p.All = Circle(p.shown(), p.Ties)
	return web.Page(networking(p)), err
}

// shown are the institutions of the ring: those of the framework, and those that signed before they left it.
func (p netPage) shown() []string {
	var all []string
	for id := range p.Names {
		if !p.Left[id] || slices.ContainsFunc(p.Ties, func(t Tie) bool { return t.A == id || t.B == id }) {
			all = append(all, id)
		}
	}
	return all
}

// year is the one that was asked for, or this one.
func (m *Module) year(typed string) int {
	this := m.today().Year
	if n, err := strconv.Atoi(typed); err == nil && n >= this-5 && n <= this+2 {
		return n
	}
	return this
}

// top is the theme of the first level that was asked for, or none.
func (m *Module) top(typed string) string {
	if slices.Contains(m.Themes.Tops(), typed) {
		return typed
	}
	return ""
}

func (p netPage) address(year int, theme string) string {
	q := url.Values{"annee": {strconv.Itoa(year)}}
	if theme != "" {
		q.Set("theme", theme)
	}
	return "/synergie/reseau?" + q.Encode()
}

// years lead to the same page in another year.
func (p netPage) years() []ui.Link {
	var all []ui.Link
	this := p.Room.today().Year
	for _, y := range []int{this - 1, this, this + 1} {
		l := ui.Link{Label: strconv.Itoa(y)}
		if y != p.Year {
			l.Href = p.address(y, p.Theme)
		}
		all = append(all, l)
	}
	return all
}

// themes lead to the same page on another theme.
func (p netPage) themes(ctx context.Context) []ui.Link {
	all := []ui.Link{{Label: text.T(ctx, "Tous les thèmes"), Href: p.address(p.Year, "")}}
	for _, t := range p.Room.Themes.Tops() {
		all = append(all, ui.Link{Label: p.Room.Themes.Label(ctx, t), Href: p.address(p.Year, t)})
	}
	for i, l := range all {
		if l.Href == p.address(p.Year, p.Theme) {
			all[i].Href = ""
		}
	}
	return all
}

func (p netPage) lede(ctx context.Context) string {
	if len(p.Ties) == 0 {
		return text.T(ctx, "Aucune activité signée à plusieurs, parmi ce que vous pouvez lire.")
	}
	most := p.sorted()[0]
	return text.T(ctx, "%s et %s signent le plus souvent ensemble : %s.", p.Names[most.A], p.Names[most.B], p.many(ctx, most.N))
}

func (p netPage) many(ctx context.Context, n int) string {
	return text.N(ctx, n, "%d activité", "%d activités", n)
}

// sorted are the ties, the strongest first.
func (p netPage) sorted() []Tie {
	all := slices.Clone(p.Ties)
	slices.SortStableFunc(all, func(a, b Tie) int { return b.N - a.N })
	return all
}

// ring draws the ties around a circle.
func (p netPage) ring(ctx context.Context) ui.Ring {
	r := ui.Ring{ID: "reseau", Title: text.T(ctx, "Qui signe avec qui, en %d", p.Year), Summary: p.lede(ctx)}
	with := map[string][]string{}
	for _, t := range p.Ties {
		a, b := slices.Index(p.All, t.A), slices.Index(p.All, t.B)
		if a < 0 || b < 0 {
			continue
		}
		with[t.A], with[t.B] = append(with[t.A], p.Names[t.B]), append(with[t.B], p.Names[t.A])
		r.Ties = append(r.Ties, ui.RingTie{From: a, To: b, Level: depth(t.N), Says: text.T(ctx, "%s et %s : %s", p.Names[t.A], p.Names[t.B], p.many(ctx, t.N))})
	}
	for _, id := range p.All {
		says := text.T(ctx, "aucune signature commune")
		if len(with[id]) > 0 {
			says = text.T(ctx, "avec %s", text.List(ctx, with[id]))
		}
		r.Nodes = append(r.Nodes, ui.RingNode{Label: p.Names[id], Says: says, Href: "/activites?" + url.Values{"structure": {id}, "periode": {strconv.Itoa(p.Year)}}.Encode()})
	}
	return r
}
