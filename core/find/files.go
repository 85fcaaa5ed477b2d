package find

import (
	"context"
	"strings"

	"cadre/core/export"
	"cadre/core/record"
	"cadre/core/search"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// columns are those of the files of a search: what each answer shows, then what its page tells.
func (p searchPage) columns(ctx context.Context) []export.Column[search.Hit] {
	m := p.Module
	return []export.Column[search.Hit]{
		{Name: "title", Label: text.T(ctx, "Intitulé"), HXL: "#activity+name", Width: 60, Value: func(h search.Hit) any { return h.Title }},
		{Name: "excerpt", Label: text.T(ctx, "Extrait"), HXL: "#activity+description", Width: 60, Value: p.excerpt},
		{Name: "kind", Label: text.T(ctx, "Nature"), HXL: "#activity+type", Value: func(h search.Hit) any { return p.kindName(ctx, h.Kind) }},
		{Name: "structure", Label: text.T(ctx, "Structure"), HXL: "#org+acronym", Value: func(h search.Hit) any { return p.Owners[h.Owner] }},
		{Name: "themes", Label: text.T(ctx, "Thème"), HXL: "#sector", Width: 30, Value: func(h search.Hit) any { return text.Labels(ctx, p.Results.Themes[h.ID], m.Themes.Label) }},
		{Name: "places", Label: text.T(ctx, "Lieu"), HXL: "#loc+name", Width: 24, Value: func(h search.Hit) any { return text.Labels(ctx, p.Results.Places[h.ID], m.Places.Name) }},
		{Name: "place_codes", Label: text.T(ctx, "Code du lieu"), HXL: "#loc+code", Value: func(h search.Hit) any { return p.Results.Places[h.ID] }},
		{Name: "marking", Label: text.T(ctx, "Marquage"), HXL: "#meta+marking", Value: func(h search.Hit) any { return h.Marking.Label() }},
		{Name: "updated", Label: text.T(ctx, "Mis à jour"), HXL: "#date+updated", Value: func(h search.Hit) any { return form.DateOf(h.Updated.In(m.Zone)) }},
		{Name: "page", Label: text.T(ctx, "Adresse"), HXL: "#meta+url", Value: func(h search.Hit) any { return m.Files.People.BaseURL + m.Href(h.Kind, h.ID) }},
	}
}

// excerpt is the part of a record that the page shows under its title, in words.
func (p searchPage) excerpt(h search.Hit) any {
	var b strings.Builder
	for _, piece := range p.Asked.Excerpt(h.Title, h.Content) {
		b.WriteString(piece.Words)
	}
	return b.String()
}

// export answers with a file of all the answers that are ranked, and says in it what was asked.
func (p searchPage) export(ctx context.Context, ask export.Ask) (web.Response, error) {
	l := export.List[search.Hit]{Page: p.Page, Name: "recherche", Columns: p.columns(ctx), Rows: p.Results.Hits,
		Selection: append([]ui.Link{{Label: p.lede(ctx)}}, p.chips(ctx)...),
		Record:    func(h search.Hit) record.Record { return record.Record{ID: h.ID, Owner: h.Owner, Marking: h.Marking} }}
	return l.Answer(ctx, p.Module.Files, ask)
}
