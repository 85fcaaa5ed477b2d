package search

import (
	"context"
	"net/url"

	"cadre/core/access"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// Module is the search page and its suggestions.
type Module struct {
	DB    *db.DB
	Clock clock.Clock
	// Kinds lists the kinds of records that one may search for, with the key of their name.
	Kinds []Kind
	// Href is the page of a record.
	Href func(kind, id string) string
	// Owners gives the short names of institutions by identifier.
	Owners func(context.Context, *db.Tx) (map[string]string, error)
	// Marking is a marking as pages show it.
	Marking func(context.Context, access.Marking) ui.Marking
}

// Kind is a kind of record and the key of its name.
type Kind struct{ Code, Name string }

// Routes is the table of contents.
func (m *Module) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /recherche", Allow: access.Anyone, Handle: m.page},
		{Pattern: "GET /recherche/suggestions", Allow: access.Anyone, Handle: m.suggestions},
	}
}

type searchPage struct {
	ui.Page
	Filter  Filter
	Results Results
	Owners  map[string]string
	Module  *Module
}

func (m *Module) page(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	p := searchPage{Page: ui.Start(ctx, text.T(ctx, "Rechercher")), Module: m,
		Filter: Filter{Kind: q.Get("nature"), Owner: q.Get("structure"), Theme: q.Get("theme"), Place: q.Get("lieu")}}
	p.Query = q.Get("q")
	p.Results, p.Owners, err = m.find(ctx, p.Query, p.Filter)
	return web.Page(results(p)), err
}

func (m *Module) find(ctx context.Context, typed string, f Filter) (Results, map[string]string, error) {
	var found Results
	var owners map[string]string
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if found, err = Find(ctx, tx, access.Of(ctx), typed, f, m.Clock.Now()); err != nil {
			return err
		}
		owners, err = m.Owners(ctx, tx)
		return err
	})
	return found, owners, err
}

// suggestions completes what is being typed: a list of options, for the search box of browsers with scripts.
func (m *Module) suggestions(r *web.Request) (web.Response, error) {
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	var hits []Hit
	err = m.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		hits, err = Suggest(r.Context(), tx, access.Of(r.Context()), q.Get("q"), m.Clock.Now())
		return err
	})
	return web.Page(options(hits)), err
}

// address is the page of the same query with another filter.
func (p searchPage) address(f Filter) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": p.Query, "nature": f.Kind, "structure": f.Owner, "theme": f.Theme, "lieu": f.Place} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/recherche?" + q.Encode()
}

// facets narrow the results by kind and by institution, counting what was found.
func (p searchPage) facets(ctx context.Context) []ui.Facet {
	kinds, owners := map[string]int{}, map[string]int{}
	for _, h := range p.Results.Hits {
		kinds[h.Kind]++
		owners[h.Owner]++
	}
	kind := ui.Facet{Title: text.T(ctx, "Nature")}
	for _, k := range p.Module.Kinds {
		if n := kinds[k.Code]; n > 0 || p.Filter.Kind == k.Code {
			f := p.Filter
			f.Kind = k.Code
			kind.Choices = append(kind.Choices, ui.FacetChoice{Label: text.T(ctx, k.Name), Href: p.address(f), Count: n, Current: p.Filter.Kind == k.Code})
		}
	}
	owner := ui.Facet{Title: text.T(ctx, "Structure")}
	for _, h := range p.Results.Hits {
		if n := owners[h.Owner]; n > 0 {
			f := p.Filter
			f.Owner = h.Owner
			owner.Choices = append(owner.Choices, ui.FacetChoice{Label: p.Owners[h.Owner], Href: p.address(f), Count: n, Current: p.Filter.Owner == h.Owner})
			delete(owners, h.Owner)
		}
	}
	return []ui.Facet{kind, owner}
}

func (p searchPage) chips(ctx context.Context) []ui.Link {
	var all []ui.Link
	if f := p.Filter; f.Kind != "" {
		f.Kind = ""
		all = append(all, ui.Link{Label: p.kindName(ctx, p.Filter.Kind), Href: p.address(f)})
	}
	if f := p.Filter; f.Owner != "" {
		f.Owner = ""
		all = append(all, ui.Link{Label: p.Owners[p.Filter.Owner], Href: p.address(f)})
	}
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
