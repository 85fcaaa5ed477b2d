package directory

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/export"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs"
)

func (m *Module) show(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	s, err := m.Find(ctx, v, r.PathValue("slug"))
	if err != nil {
		return web.Response{}, err
	}
	ask, err := export.Read(r.URL.Query(), export.VCard)
	if err != nil {
		return web.Response{}, err
	}
	if ask.Wanted() {
		return m.exportContacts(ctx, s, ui.Start(ctx, s.Acronym), ask)
	}
	m.Readers.Note(v, record.Read, readRecords(s)...)
	p := showPage{Page: ui.Start(ctx, s.Acronym, directoryCrumb(ctx)), Sheet: s, Pack: m.Pack, Keeper: keeps(v, s.ID) && s.Closed == nil, Member: isMember(v),
		Now: m.Clock.Now(), Columns: m.sheetColumns(s)}
	p.Marking = circle.Marking(ctx, widest(s))
	if p.Around, err = m.Dossier.Around(ctx, s.Record); err != nil {
		return web.Response{}, err
	}
	if p.Keeper || v.Is(access.Secretariat) {
		shared, err := m.SharedLeads(ctx, v, Cut{Structure: s.ID})
		if err != nil {
			return web.Response{}, err
		}
		p.Shared = m.questions(ctx, shared)
	}
	if s.Confirmed != nil {
		p.By, err = m.nameOf(ctx, s.Confirmed.By)
	}
	return web.Page(show(p)), err
}

// sheetColumns are the columns of the facts of a structure's sheet.
func (m *Module) sheetColumns(s Sheet) func(context.Context, kind) []export.Column[FactLine] {
	return func(ctx context.Context, k kind) []export.Column[FactLine] {
		return m.factColumns(ctx, k, map[string]string{s.ID: s.Acronym})
	}
}

// cards leads to the cards of the focal points, for those who see how to reach them.
func (p showPage) cards() []ui.Link {
	if !p.Member || len(p.Sheet.Focal) == 0 {
		return nil
	}
	return export.Links(p.path(""), export.VCard)
}

// focalLinks lead to the cards of the focal points, and to the import of a table of them.
func (p showPage) focalLinks(ctx context.Context) []ui.Link {
	all := p.cards()
	if p.Keeper {
		all = append(all, ui.Link{Label: text.T(ctx, "Importer un tableau"), Href: p.path("/" + focalPath + "/importer")})
	}
	return all
}

// widest is the highest marking of what a sheet shows: the page's own.
func widest(s Sheet) access.Marking {
	top := s.Marking
	for _, facts := range s.Facts {
		top = max(top, highest(facts))
	}
	return top
}

func readRecords(s Sheet) []record.Record {
	all := []record.Record{s.Record}
	for _, facts := range s.Facts {
		for _, f := range facts {
			all = append(all, f.Record)
		}
	}
	return all
}

// isMember reports whether the viewer serves an institution of the framework.
func isMember(v access.Viewer) bool { return slices.Contains(v.Principals(), access.Members) }

func (m *Module) nameOf(ctx context.Context, person string) (string, error) {
	var names map[string]string
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		names, err = m.People.Names(ctx, tx, []string{person})
		return err
	})
	return names[person], err
}

func directoryCrumb(ctx context.Context) ui.Link {
	return ui.Link{Label: text.T(ctx, "Annuaire"), Href: "/structures"}
}

func (p showPage) kicker(ctx context.Context) []string {
	k := []string{term(ctx, p.Pack.Settings.Natures, p.Sheet.Nature)}
	if p.Sheet.Structure.Fictitious {
		k = append(k, text.T(ctx, "données fictives"))
	}
	return k
}

func (p showPage) marking(ctx context.Context) ui.Marking {
	if p.Sheet.Marking == access.Clear {
		return ui.Marking{}
	}
	return circle.Marking(ctx, p.Sheet.Marking)
}

// name is the long name in the reader's language: on an English page the courtesy translation, when there is one.
func (p showPage) name(ctx context.Context) text.Passage {
	return text.Own(ctx, p.Sheet.Name, p.Sheet.NameEN)
}

// title is a fact's title in the reader's language, when it has one.
func title(ctx context.Context, f FactLine) text.Passage {
	if m, ok := f.Fact.(*Mission); ok {
		return text.Own(ctx, f.Title, m.TitleEN)
	}
	return text.Own(ctx, f.Title, "")
}

func translated(ctx context.Context, keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = text.T(ctx, k)
	}
	return out
}

// words is a legal text as one cites it.
func (l Legal) words(ctx context.Context) string {
	s := l.Title
	if l.Number != "" {
		s += ", n° " + l.Number
	}
	if l.Date != "" {
		s += ", " + l.Date.Show(ctx)
	}
	return s
}

func (d Dated) period(ctx context.Context) string {
	switch {
	case d.From != "" && d.To != "":
		return text.T(ctx, "Du %s au %s.", d.From.Show(ctx), d.To.Show(ctx))
	case d.From != "":
		return text.T(ctx, "Depuis le %s.", d.From.Show(ctx))
	case d.To != "":
		return text.T(ctx, "Jusqu’au %s.", d.To.Show(ctx))
	}
	return ""
}

func sourceOf(p *packs.Pack, code string) (packs.Source, bool) {
	for _, s := range p.Sources {
		if s.Code == code {
			return s, true
		}
	}
	return packs.Source{}, false
}

func sourceWords(ctx context.Context, s packs.Source) string {
	w := s.Site
	if s.Date != "" {
		w += ", " + When(s.Date).Show(ctx)
	}
	return w
}

func functionName(ctx context.Context, f account.FocalPoint) string {
	switch f.Function {
	case access.Head:
		return text.T(ctx, "responsable")
	case access.Deputy:
		return text.T(ctx, "suppléant")
	}
	return text.T(ctx, "titulaire")
}

func mandateWords(ctx context.Context, m account.Mandate) string {
	switch m {
	case account.CanCommit:
		return text.T(ctx, "Peut engager sa structure")
	case account.MustRefer:
		return text.T(ctx, "Doit en référer à sa hiérarchie")
	}
	return ""
}
