// Package find is the search page over all rooms: the box at the top of every page leads here.
// The answers may be narrowed, by links and by a form, and leave as files; words that name a theme
// or a territory lead to whom to turn to. What is found and in which order, core/search says.
package find

import (
	"context"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/export"
	"cadre/core/place"
	"cadre/core/search"
	"cadre/core/theme"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// Module is the search page and its suggestions.
type Module struct {
	DB     *db.DB
	Clock  clock.Clock
	Zone   *time.Location
	Themes *theme.Tree
	Places *place.Tree
	// Kinds lists the kinds of records that one may search for, with the key of their name.
	Kinds []search.Kind
	// Href is the page of a record.
	Href func(kind, id string) string
	// Owners gives the short names of institutions by identifier.
	Owners func(context.Context, *db.Tx) (map[string]string, error)
	// Whom is the page that says whom to turn to on a theme, in a territory or in none; without
	// a theme, who acts in the territory.
	Whom func(theme, place string) string
	// Files is where the files of answers come from.
	Files export.Source
}

// Routes is the table of contents.
func (m *Module) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + path, Allow: access.Anyone, Handle: m.page},
		{Pattern: "GET " + path + "/suggestions", Allow: access.Anyone, Handle: m.suggestions},
	}
}

const path = "/recherche"

// shown is the number of answers of a page: they are ranked together, then shown in parts.
const shown = 20

type searchPage struct {
	ui.Page
	Form    form.State
	Choice  Choice
	Asked   search.Q
	Results search.Results
	List    page.Of[search.Hit]
	Owners  map[string]string
	Meant   meant
	Now     time.Time
	Module  *Module
}

func (m *Module) page(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	ask, err := export.Read(q, export.Tables...)
	if err != nil {
		return web.Response{}, err
	}
	asked, err := page.Parse(q.Get("page"), shown)
	if err != nil {
		return web.Response{}, err
	}
	p := searchPage{Page: ui.Start(ctx, text.T(ctx, "Rechercher")), Form: form.Of(q, nil), Asked: search.Query(q.Get("q")), Now: m.Clock.Now(), Module: m}
	p.Query = q.Get("q")
	p.Meant = meaning(ctx, p.Query, m.Themes, m.Places)
	if err := form.Bind(q, &p.Choice); fault.KindOf(err) == fault.BadInput {
		p.Form, p.Failed = form.Of(q, err), true
		return web.Invalid(results(p)), nil
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Results, err = search.Find(ctx, tx, access.Of(ctx), p.Query, m.Filter(p.Choice), p.Now); err != nil {
			return err
		}
		p.Owners, err = m.Owners(ctx, tx)
		return err
	})
	p.List = part(p.Results.Hits, asked)
	if err == nil && ask.Wanted() {
		return p.export(ctx, ask)
	}
	p.Marking = circle.Marking(ctx, p.highest())
	return web.Page(results(p)), err
}

// part is a page of the answers. All of them are ranked at each request, so that a place
// among them is where a page begins.
func part(hits []search.Hit, asked page.Request) page.Of[search.Hit] {
	from := min(asked.From, len(hits)+1)
	to := min(from-1+asked.Limit, len(hits))
	p := page.Of[search.Hit]{Rows: hits[from-1 : to], From: from, Total: len(hits)}
	if from > 1 {
		p.Prev = page.Cursor{From: max(1, from-asked.Limit)}.String()
	}
	if to < len(hits) {
		p.Next = page.Cursor{From: to + 1}.String()
	}
	return p
}

// highest is the widest marking of the answers shown.
func (p searchPage) highest() access.Marking {
	return access.Highest(p.List.Rows, func(h search.Hit) access.Marking { return h.Marking })
}

func (p searchPage) span() ui.Span {
	at := func(cursor string) string {
		if cursor == "" {
			return ""
		}
		return p.address(p.Choice) + "&page=" + cursor
	}
	return ui.Span{First: p.List.From, Last: p.List.From + len(p.List.Rows) - 1, Total: p.List.Total, Previous: at(p.List.Prev), Next: at(p.List.Next)}
}

// suggestions completes what is being typed: a list of options, for the search box of browsers with scripts.
func (m *Module) suggestions(r *web.Request) (web.Response, error) {
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	var hits []search.Hit
	err = m.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		hits, err = search.Suggest(r.Context(), tx, access.Of(r.Context()), q.Get("q"), m.Clock.Now())
		return err
	})
	return web.Page(options(hits)), err
}

func (p searchPage) lede(ctx context.Context) string {
	n := len(p.Results.Hits)
	switch {
	case p.Query == "":
		return text.T(ctx, "Un sigle, un mot, un lieu, ou une expression entre guillemets.")
	case p.Results.More:
		return text.T(ctx, "Plus de %d réponses à « %s » : les plus récentes sont classées ici. Précisez votre recherche.", n, p.Query)
	case n == 0:
		return text.T(ctx, "Aucune réponse à « %s ».", p.Query)
	}
	return text.N(ctx, n, "%d réponse à « %s ».", "%d réponses à « %s ».", n, p.Query)
}
