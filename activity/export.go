package activity

import (
	"context"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/export"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/doc"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// formats are the files of the plan, besides the document to print.
var formats = append(export.Tables[:3:3], export.GeoJSON)

const paperPath = "/activites/plan.pdf"

func (m *Module) source() export.Source { return export.Source{People: m.People, Readers: m.Readers} }

// columns are those of the plan, on its page and in its files.
func (p listPage) columns(ctx context.Context) []export.Column[Found] {
	file := func(name, label, hxl string, value func(Found) any) export.Column[Found] {
		return export.Column[Found]{Name: name, Label: label, HXL: hxl, Files: true, Value: value}
	}
	o := voice{Room: p.Module, Names: p.Names, Lent: p.Lent}
	return []export.Column[Found]{
		file("number", text.T(ctx, "Numéro"), "#activity+code", func(f Found) any { return f.Number }),
		{Name: "title", Label: text.T(ctx, "Activité"), HXL: "#activity+name", Width: 60, Head: true, Value: func(f Found) any { return f.Title },
			Shown: func(f Found) templ.Component { return activityName(p.Module, f) }},
		{Name: "structures", Label: text.T(ctx, "Structures"), HXL: "#org+acronym+list", Width: 30, Value: func(f Found) any { return f.who(p.Names) },
			Shown: ui.Words(func(f Found) string { return strings.Join(f.who(p.Names), ", ") })},
		{Name: "period", Label: text.T(ctx, "Période"), HXL: "#date+period", Width: 28, Value: func(f Found) any { return f.Period.Words(ctx) }},
		file("first_day", text.T(ctx, "Début"), "#date+start", func(f Found) any { first, _ := f.Period.Days(); return first }),
		file("last_day", text.T(ctx, "Fin"), "#date+end", func(f Found) any { _, last := f.Period.Days(); return last }),
		{Name: "places", Label: text.T(ctx, "Lieu"), HXL: "#loc+name+list", Width: 30, Value: func(f Found) any { return all(ctx, f.Places, p.Places.Path) },
			Shown: ui.Words(func(f Found) string { return p.where(ctx, f) })},
		file("place_codes", text.T(ctx, "Code du lieu"), "#loc+code+list", func(f Found) any { return f.Places }),
		{Name: "state", Label: text.T(ctx, "État"), HXL: "#status", Width: 16, Value: func(f Found) any { return text.T(ctx, Life.Name(f.State)) }, Shown: stateOf},
		file("type", text.T(ctx, "Type d’activité"), "#activity+type", func(f Found) any { return term(ctx, p.Pack.ActivityTypes, f.Type) }),
		file("themes", text.T(ctx, "Thèmes"), "#sector+list", func(f Found) any { return all(ctx, f.Themes, p.Themes.Label) }),
		file("purpose", text.T(ctx, "But"), "#description", func(f Found) any { return f.Purpose }),
		file("publics", text.T(ctx, "Publics"), "#population+type", func(f Found) any { return o.publics(ctx, f.Publics) }),
		file("women", text.T(ctx, "Femmes visées"), "#targeted+f", func(f Found) any { return known(f.Targeted.Women) }),
		file("men", text.T(ctx, "Hommes visés"), "#targeted+m", func(f Found) any { return known(f.Targeted.Men) }),
		file("women_reached", text.T(ctx, "Femmes touchées"), "#reached+f", func(f Found) any { return known(f.reported().Reached.Women) }),
		file("men_reached", text.T(ctx, "Hommes touchés"), "#reached+m", func(f Found) any { return known(f.reported().Reached.Men) }),
		file("lead", text.T(ctx, "Chef de file"), "#org+acronym+lead", func(f Found) any { return p.Names[f.Owner] }),
		file("roles", text.T(ctx, "Rôles"), "#org+role", func(f Found) any { return o.termWords(ctx, f.CurrentTerms(), ofPartners) }),
		file("signatures", text.T(ctx, "Signatures"), "#org+signature", func(f Found) any { return o.signatures(ctx, f.Activity) }),
		file("reviews", text.T(ctx, "Ce que les partenaires disent du rapport"), "#org+review", func(f Found) any { return strings.Join(o.reviews(ctx, f.Report), "\n") }),
		file("serves", text.T(ctx, "Recommandations et obligations servies"), "#activity+serves+list", func(f Found) any { return p.serves(f) }),
		file("outside", text.T(ctx, "Partenaires hors du cadre"), "#org+outside", func(f Found) any { return f.Outside }),
		file("results", text.T(ctx, "Résultats attendus"), "#indicator", func(f Found) any { return o.results(ctx, f.Results) }),
		file("tasks", text.T(ctx, "Tâches"), "#activity+task", func(f Found) any { return o.tasks(ctx, f.Tasks) }),
		file("needs", text.T(ctx, "Moyens demandés"), "#capacity+need", func(f Found) any { return o.allMeans(ctx, f.Needs, true) }),
		file("offers", text.T(ctx, "Moyens offerts"), "#capacity+offer", func(f Found) any { return o.allMeans(ctx, f.Offers, false) }),
		file("risks", text.T(ctx, "Risques"), "#description+risk", func(f Found) any { return f.Risks }),
		file("budget_lines", text.T(ctx, "Lignes du budget"), "#value+line", func(f Found) any { return o.termWords(ctx, f.CurrentTerms(), ofBudget) }),
		file("budget", text.T(ctx, "Budget"), "#value+planned", func(f Found) any { total, _ := f.Cost(); return total }),
		file("secured", text.T(ctx, "Acquis"), "#value+secured", func(f Found) any { _, got := f.Cost(); return got }),
		file("spent", text.T(ctx, "Dépensé"), "#value+spent", func(f Found) any { return known(f.reported().Spent) }),
		file("marking", text.T(ctx, "Marquage"), "#meta+marking", func(f Found) any { return f.Marking.Label() }),
		file("fictitious", text.T(ctx, "Données fictives"), "#meta+fictitious", func(f Found) any { return f.Fictitious }),
		file("page", text.T(ctx, "Adresse"), "#meta+url", func(f Found) any { return p.People.BaseURL + Href(Kind, f.ID) }),
	}
}

// all words every code of a list.
func all(ctx context.Context, codes []string, name func(context.Context, string) string) []string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = name(ctx, code)
	}
	return words
}

// known is a number, or nothing when it is not known: that is not zero.
func known[N int | int64](n *N) any {
	if n == nil {
		return nil
	}
	return *n
}

// reported is the report, an empty one before it is written.
func (a Activity) reported() Report {
	if a.Report == nil {
		return Report{}
	}
	return *a.Report
}

// export answers with a file of the plan.
func (p listPage) export(ctx context.Context, ask export.Ask) (web.Response, error) {
	l := export.List[Found]{Page: p.Page, Name: text.T(ctx, "plan concerté"), Selection: p.chips(ctx, p.Names, p.Choice, listPath), Columns: p.columns(ctx),
		Rows: p.List.Rows, Cut: p.List.Next != "", Least: p.marking(), Record: func(f Found) record.Record { return f.Record }, Point: p.pointOf}
	return l.Answer(ctx, p.source(), ask)
}

// pointOf is where the map shows an activity: at the inner point of its first place.
func (m *Module) pointOf(f Found) *doc.Point {
	if len(f.Places) == 0 {
		return nil
	}
	at := m.Places.Point(f.Places[0])
	if at == nil {
		return nil
	}
	return &doc.Point{Lon: at.Lon, Lat: at.Lat}
}

// paper answers « Plan d’action concerté », to be printed and signed: the state of execution, then
// the activities by region and by theme, with their totals, and what they serve.
func (m *Module) paper(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	p, err := m.view(r, paperPath, text.T(ctx, "Plan d’action concerté"), thisYear, onPaper)
	if err != nil {
		return web.Response{}, err
	}
	if p.Total > len(p.All) {
		return web.Response{}, doc.TooLong()
	}
	if err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.cited, err = m.cite(ctx, tx, access.Of(ctx), p.All)
		return err
	}); err != nil {
		return web.Response{}, err
	}
	top, records := p.marking(), make([]record.Record, len(p.All))
	for i, f := range p.All {
		top, records[i] = max(top, f.Marking), f.Record
	}
	marking := circle.Marking(ctx, top)
	paper := doc.Paper{Title: p.Title, Subtitle: periodName(ctx, p.Choice.Period), Kicker: p.Site.Letterhead[0], Lang: string(text.Of(ctx)), Letterhead: p.Site.Letterhead,
		Marking: marking.Line(), Scope: marking.Scope, Printed: p.Printed, Made: m.Clock.Now().In(m.Zone), Cover: &doc.Cover{Notice: notice(ctx, p.Site)}, Contents: 2, Blocks: p.sheets(ctx)}
	body, err := paper.PDF(ctx)
	if err != nil {
		return web.Response{}, err
	}
	m.Readers.Note(access.Of(ctx), record.Exported, records...)
	name := doc.FileName(p.Title+" "+p.Choice.Period, p.Today, top.Label(), "pdf")
	return web.Download(name, doc.TypePDF, body), nil
}

// notice says on paper that a site is a demonstration.
func notice(ctx context.Context, s ui.Site) string {
	if s.Demo {
		return text.T(ctx, "Démonstration : données fictives")
	}
	return ""
}

// sheets are the parts of the paper.
func (p viewPage) sheets(ctx context.Context) []doc.Block {
	blocks := []doc.Block{doc.Heading{Level: 1, Words: text.T(ctx, "État d’exécution")}, doc.Text{Words: p.lede(ctx), Look: doc.Lede}, p.execution(ctx),
		doc.Heading{Level: 1, Words: text.T(ctx, "Par région")}}
	for _, region := range append(p.Places.Children(p.Places.Country()), p.Places.Country()) {
		blocks = append(blocks, p.part(ctx, p.Places.Name(ctx, region), func(f Found) bool {
			return slices.ContainsFunc(f.Places, func(code string) bool {
				return code == region || region != p.Places.Country() && p.Places.Within(code, region)
			})
		})...)
	}
	blocks = append(blocks, doc.Heading{Level: 1, Words: text.T(ctx, "Par thème")})
	for _, theme := range p.Themes.Tops() {
		blocks = append(blocks, p.part(ctx, p.Themes.Label(ctx, theme), func(f Found) bool {
			return slices.ContainsFunc(f.Themes, func(code string) bool { return p.Themes.Top(code) == theme })
		})...)
	}
	return slices.Concat(blocks, p.served(ctx), p.reservations(ctx))
}

// execution counts the activities, their budget and what was spent, by state.
func (p viewPage) execution(ctx context.Context) doc.Grid {
	g := doc.Grid{Strong: true, Columns: []doc.GridColumn{{Label: text.T(ctx, "État"), Weight: 3}, {Label: text.T(ctx, "Activités"), Weight: 1, Right: true},
		{Label: text.T(ctx, "Budget (FCFA)"), Weight: 2, Right: true}, {Label: text.T(ctx, "Acquis"), Weight: 2, Right: true}, {Label: text.T(ctx, "Dépensé"), Weight: 2, Right: true}}}
	for _, s := range Life.States {
		if some := where(p.All, func(f Found) bool { return f.State == s.Code }); len(some) > 0 {
			g.Rows = append(g.Rows, totals(ctx, text.T(ctx, s.Name), some))
		}
	}
	g.Rows = append(g.Rows, totals(ctx, text.T(ctx, "Total"), p.All))
	return g
}

// totals sums what activities cost.
func totals(ctx context.Context, label string, some []Found) []string {
	var planned, secured, spent int64
	for _, f := range some {
		total, got := f.Cost()
		planned, secured = planned+total, secured+got
		if used := f.reported().Spent; used != nil {
			spent += *used
		}
	}
	return []string{label, text.Number(ctx, len(some)), text.Number(ctx, planned), text.Number(ctx, secured), text.Number(ctx, spent)}
}

// part is the table of the activities for which a condition holds, with what they cost; nothing when there is none.
func (p viewPage) part(ctx context.Context, title string, is func(Found) bool) []doc.Block {
	some := where(p.All, is)
	if len(some) == 0 {
		return nil
	}
	g := doc.Grid{Strong: true, Columns: []doc.GridColumn{{Label: text.T(ctx, "Activité"), Weight: 5}, {Label: text.T(ctx, "Structures"), Weight: 2.5},
		{Label: text.T(ctx, "Période"), Weight: 2.5}, {Label: text.T(ctx, "État"), Weight: 2}, {Label: text.T(ctx, "Budget (FCFA)"), Weight: 2, Right: true}}}
	for _, f := range some {
		total, _ := f.Cost()
		g.Rows = append(g.Rows, []string{f.Title, strings.Join(f.who(p.Names), ", "), f.Period.Words(ctx), text.T(ctx, Life.Name(f.State)), text.Number(ctx, total)})
	}
	sum := totals(ctx, text.T(ctx, "Total"), some)
	g.Rows = append(g.Rows, []string{sum[0], "", "", text.N(ctx, len(some), "%d activité", "%d activités", len(some)), sum[2]})
	return []doc.Block{doc.Heading{Level: 2, Words: title}, g}
}
