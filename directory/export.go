package directory

import (
	"context"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/export"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/doc"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// source is where the directory's files come from.
func (m *Module) source() export.Source { return export.Source{People: m.People, Readers: m.Readers} }

// formats are the files of the facts of a kind: what may have a place is on a map too.
func (k kind) formats() []export.Format {
	if k.place == never {
		return export.Tables
	}
	return append(export.Tables[:3:3], export.GeoJSON)
}

// factColumns are the columns of the facts of a kind; owners are the acronyms of the
// structures by identifier.
func (m *Module) factColumns(ctx context.Context, k kind, owners map[string]string) []export.Column[FactLine] {
	all := []export.Column[FactLine]{{Name: "title", Label: text.T(ctx, k.one), HXL: k.hxl + "+name", Width: 60, Head: true,
		Value: func(f FactLine) any { return title(ctx, f).Words }, Shown: func(f FactLine) templ.Component { return factName(f) }, Say: onPaper(ctx)}}
	if k.theme != never {
		all = append(all, export.Column[FactLine]{Name: "themes", Label: text.T(ctx, "Thème"), HXL: "#sector", Width: 30, Files: k.theme != must,
			Value: func(f FactLine) any { return text.Labels(ctx, f.Themes, m.Themes.Label) }})
	}
	if k.place != never {
		all = append(all, export.Column[FactLine]{Name: "places", Label: text.T(ctx, "Lieu"), HXL: "#loc+name", Width: 24,
			Value: func(f FactLine) any { return text.Labels(ctx, f.Record.Places, m.Places.Name) }})
	}
	for i, l := range k.fresh().lines(ctx, m.Pack) {
		all = append(all, export.Column[FactLine]{Name: l.name, Label: l.label, HXL: k.hxl + "+" + l.name, Width: l.width(), Files: i != k.short,
			Value: func(f FactLine) any { return f.Fact.lines(ctx, m.Pack)[i].inFile() },
			Say:   func(f FactLine) string { return f.Fact.lines(ctx, m.Pack)[i].value },
			Shown: func(f FactLine) templ.Component { return lineView(f.Fact.lines(ctx, m.Pack)[i]) }})
	}
	return append(all, m.factOrigin(ctx, k, owners)...)
}

// onPaper words the title of a fact where no tag says that it is invented.
func onPaper(ctx context.Context) func(FactLine) string {
	return func(f FactLine) string {
		words := title(ctx, f).Words
		if f.Fact.origin().Fictitious {
			words += " (" + text.T(ctx, "données fictives") + ")"
		}
		return words
	}
}

// inFile is the value of a line in a file.
func (l line) inFile() any {
	if l.data != nil {
		return l.data
	}
	return l.value
}

// factOrigin are the columns of files that say whose a fact is, and where it was read.
func (m *Module) factOrigin(ctx context.Context, k kind, owners map[string]string) []export.Column[FactLine] {
	in := func(name, label, hxl string, value func(FactLine) any) export.Column[FactLine] {
		return export.Column[FactLine]{Name: name, Label: label, HXL: hxl, Files: true, Value: value}
	}
	all := []export.Column[FactLine]{in("structure", text.T(ctx, "Structure"), "#org+acronym", func(f FactLine) any { return owners[f.Owner] })}
	if k.place != never {
		all = append(all, in("place_codes", text.T(ctx, "Code du lieu"), "#loc+code", func(f FactLine) any { return f.Record.Places }))
	}
	return append(all,
		in("marking", text.T(ctx, "Marquage"), "#meta+marking", func(f FactLine) any { return f.Marking.Label() }),
		in("source", text.T(ctx, "Source"), "#meta+source", func(f FactLine) any { return m.sourceLine(ctx, f.Fact.origin().Source) }),
		in("fictitious", text.T(ctx, "Données fictives"), "#meta+fictitious", func(f FactLine) any { return f.Fact.origin().Fictitious }),
		in("updated", text.T(ctx, "Mis à jour"), "#date+updated", func(f FactLine) any { return m.day(f.Updated) }),
		in("page", text.T(ctx, "Adresse"), "#meta+url", func(f FactLine) any { return m.People.BaseURL + "/faits/" + f.ID }))
}

// day is the day of an instant where the site is.
func (m *Module) day(t time.Time) form.Date { return form.DateOf(t.In(m.People.Zone)) }

// sourceLine words a source with its address: the file is read away from here.
func (m *Module) sourceLine(ctx context.Context, code string) string {
	s, known := sourceOf(m.Pack, code)
	if !known {
		return code
	}
	return strings.TrimSpace(sourceWords(ctx, s) + " " + s.URL)
}

// exportFacts answers with a file of the facts of a kind of a structure.
func (m *Module) exportFacts(ctx context.Context, p factsPage, ask export.Ask) (web.Response, error) {
	l := export.List[FactLine]{Page: p.Page, Name: p.Sheet.Slug + " " + p.Kind.path, Selection: []ui.Link{{Label: p.Sheet.Acronym}},
		Columns: p.Columns(ctx, p.Kind), Rows: p.List.Rows, Cut: p.List.Next != "", Record: func(f FactLine) record.Record { return f.Record }, Point: m.pointOf}
	return l.Answer(ctx, m.source(), ask)
}

// pointOf is where the map shows a fact: at the inner point of its territory.
func (m *Module) pointOf(f FactLine) *doc.Point { return m.pointAt(first(f.Record.Places)) }

func (m *Module) pointAt(code string) *doc.Point {
	p := m.Places.Point(code)
	if p == nil {
		return nil
	}
	return &doc.Point{Lon: p.Lon, Lat: p.Lat}
}

// structureFormats are the files of the list of structures. Contacts are for members.
func structureFormats(v access.Viewer) []export.Format {
	if !isMember(v) {
		return export.Tables
	}
	return append(export.Tables[:3:3], export.VCard)
}

// structureColumns are the columns of the list of structures. The page shows it as cards.
func (m *Module) structureColumns(ctx context.Context) []export.Column[Line] {
	in := func(name, label, hxl string, width float64, value func(Line) any) export.Column[Line] {
		return export.Column[Line]{Name: name, Label: label, HXL: hxl, Width: width, Files: true, Value: value}
	}
	now := m.Clock.Now()
	return []export.Column[Line]{
		in("acronym", text.T(ctx, "Sigle"), "#org+acronym", 16, func(l Line) any { return l.Acronym }),
		in("name", text.T(ctx, "Nom"), "#org+name", 50, func(l Line) any { return text.Own(ctx, l.Name, l.NameEN).Words }),
		in("nature", text.T(ctx, "Nature"), "#org+type", 0, func(l Line) any { return term(ctx, m.Pack.Settings.Natures, l.Nature) }),
		in("themes", text.T(ctx, "Thèmes"), "#sector", 40, func(l Line) any { return text.Labels(ctx, l.Themes, m.Themes.Label) }),
		in("summary", text.T(ctx, "Résumé"), "#org+description", 60, func(l Line) any { return text.Own(ctx, l.Summary, l.SummaryEN).Words }),
		in("tutelle", text.T(ctx, "Tutelle"), "#org+parent", 40, func(l Line) any { return l.Tutelle(now) }),
		in("website", text.T(ctx, "Site public"), "#org+url", 30, func(l Line) any { return l.Website }),
		in("confirmed", text.T(ctx, "Vérifiée le"), "#date+verified", 0, func(l Line) any {
			if l.Confirmed == nil {
				return nil
			}
			return m.day(l.Confirmed.At)
		}),
		in("marking", text.T(ctx, "Marquage"), "#meta+marking", 0, func(l Line) any { return l.Marking.Label() }),
		in("source", text.T(ctx, "Source"), "#meta+source", 40, func(l Line) any { return m.sourceLine(ctx, l.Source) }),
		in("fictitious", text.T(ctx, "Données fictives"), "#meta+fictitious", 0, func(l Line) any { return l.Fictitious }),
		in("page", text.T(ctx, "Adresse"), "#meta+url", 40, func(l Line) any { return m.People.BaseURL + "/structures/" + l.Slug }),
	}
}

// exportStructures answers with a file of the list of structures.
func (m *Module) exportStructures(ctx context.Context, p listPage, ask export.Ask) (web.Response, error) {
	l := export.List[Line]{Page: p.Page, Name: "annuaire structures", Selection: p.chips(ctx), Columns: m.structureColumns(ctx), Rows: p.List.Rows,
		Cut: p.List.Next != "", Record: func(l Line) record.Record { return l.Record }}
	if ask.Format == export.VCard {
		err := m.DB.Read(ctx, func(tx *db.Tx) error {
			for _, s := range p.List.Rows {
				points, err := m.People.FocalPoints(ctx, tx, s.ID)
				if err != nil {
					return err
				}
				l.Cards = append(l.Cards, m.cards(ctx, s.Structure, points)...)
			}
			return nil
		})
		if err != nil {
			return web.Response{}, err
		}
	}
	return l.Answer(ctx, m.source(), ask)
}

// cards are the cards of the focal points of a structure and their deputies.
func (m *Module) cards(ctx context.Context, s Structure, points []account.FocalPoint) []doc.Card {
	var all []doc.Card
	now := m.Clock.Now()
	for _, p := range points {
		all = append(all, doc.Card{UID: "urn:uuid:" + p.Person, Name: p.Name, Title: text.T(ctx, "Point focal, %s", functionName(ctx, p)), Org: s.Acronym + " – " + s.Name(now),
			Email: p.Email, Phone: p.Phone, URL: m.People.BaseURL + "/structures/" + s.Slug, Note: mandateWords(ctx, p.Mandate), Categories: []string{"Cadre"}, Changed: now})
	}
	return all
}

// exportContacts answers with the cards of the focal points of a structure, for members as on its sheet.
func (m *Module) exportContacts(ctx context.Context, s Sheet, p ui.Page, ask export.Ask) (web.Response, error) {
	if err := access.SignedIn(ctx); err != nil {
		return web.Response{}, err
	}
	if !isMember(access.Of(ctx)) {
		return web.Response{}, fault.Missing()
	}
	l := export.List[Sheet]{Page: p, Name: s.Slug + " contacts", Rows: []Sheet{s}, Record: func(s Sheet) record.Record { return s.Record }, Cards: m.cards(ctx, s.Structure, s.Focal)}
	return l.Answer(ctx, m.source(), ask)
}
