package activity

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/doc"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs"
)

const blankPath = "/activites/formulaire.pdf"

// printed is the form of an activity on paper, for who has no network: empty, or with what is
// known of one. Nothing counts before it is typed in.
type printed struct {
	ui.Page
	voice
	Found                 // the zero one on the empty form, but for its owner
	Circle *circle.Choice // to whom it is open; nil for who may not know
}

// blank answers the empty form.
func (m *Module) blank(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := printed{voice: voice{Room: m}, Circle: &circle.Choice{}}
	p.Page = ui.Start(ctx, text.T(ctx, "Fiche d’activité"))
	if err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		_, p.Names, err = m.acronyms(ctx, tx)
		return err
	}); err != nil {
		return web.Response{}, err
	}
	p.Owner = v.Structure
	return p.file(ctx, doc.Paper{Blocks: append([]doc.Block{doc.Text{Look: doc.Lede, Words: text.T(ctx, "Pour rendre cette fiche, recopiez-la dans Cadre : « Plan concerté », puis « Écrire une activité », à l’adresse %s. Rien ne compte avant d’y être saisi.",
		m.People.BaseURL+listPath)}}, p.fields(ctx)...)})
}

// filled answers the form of an activity, with room for the signatures that it needs and for its report.
func (m *Module) filled(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := printed{voice: voice{Room: m}}
	if err := m.DB.Read(ctx, func(tx *db.Tx) error { return m.known(ctx, tx, v, r.PathValue("id"), &p) }); err != nil {
		return web.Response{}, err
	}
	p.Page = ui.Start(ctx, text.T(ctx, "Fiche d’activité %s", p.Number))
	marking := circle.Marking(ctx, p.marking())
	blocks := []doc.Block{doc.Code{Number: p.Number, Address: m.People.BaseURL + Href(Kind, p.ID), Note: text.T(ctx,
		"Retrouvez l’activité dans Cadre : tapez ce numéro dans la recherche, ou lisez ce code avec un téléphone. Ce qui est écrit à la main ne compte qu’une fois saisi.")}}
	blocks = slices.Concat(blocks, p.fields(ctx), p.signing(ctx), p.reporting(ctx))
	answer, err := p.file(ctx, doc.Paper{Subtitle: dashed(text.T(ctx, Life.Name(p.Record.State)), text.T(ctx, "version %d", p.Version)), Marking: marking.Line(), Scope: marking.Scope, Blocks: blocks})
	if err == nil {
		m.Readers.Note(v, record.Exported, p.Record)
	}
	return answer, err
}

// known reads what the viewer may know of an activity.
func (m *Module) known(ctx context.Context, tx *db.Tx, v access.Viewer, id string, p *printed) (err error) {
	if p.Found, err = find(ctx, tx, v, id); err != nil {
		return err
	}
	if _, p.Names, err = m.acronyms(ctx, tx); err != nil {
		return err
	}
	if p.People, err = m.People.Names(ctx, tx, p.named()); err != nil {
		return err
	}
	if p.Lent, err = m.lendable(ctx, tx, v, Lending{IDs: p.capacities()}); err != nil {
		return err
	}
	if p.speaker(v).Serves(p.Owner, authors...) {
		var open circle.Choice
		open, err = m.Circles.Of(ctx, tx, p.Owner, circle.Resolved{Marking: p.Record.Marking, Audience: m.chosen(p.Found)})
		p.Circle = &open
	}
	return err
}

// marking is that of the activity, or of what its means name when that is higher.
func (p printed) marking() access.Marking {
	return max(p.Record.Marking, cited{Lent: p.Lent}.marking())
}

// file lays the paper out.
func (p printed) file(ctx context.Context, paper doc.Paper) (web.Response, error) {
	now := p.Room.Clock.Now().In(p.Room.Zone)
	paper.Title, paper.Kicker, paper.Lang, paper.Letterhead = p.Page.Title, notice(ctx, p.Site), string(text.Of(ctx)), p.Site.Letterhead
	paper.Printed, paper.Made = p.Printed, now
	body, err := paper.PDF(ctx)
	marking := ""
	if p.ID != "" {
		marking = p.marking().Label()
	}
	return web.Download(doc.FileName(p.Page.Title, form.DateOf(now), marking, "pdf"), doc.TypePDF, body), err
}

// fields are those of the form « Écrire une activité », and the lists of an activity.
func (p printed) fields(ctx context.Context) []doc.Block {
	label := func(field string) string { return Label(ctx, field) }
	pack := p.Room.Pack
	blocks := []doc.Block{
		doc.Form{
			{{Label: text.T(ctx, "Chef de file"), Value: p.Names[p.Owner]}, {Label: label("reference"), Value: p.Reference}},
			{{Label: label("title"), Value: p.Record.Title, Lines: 2}},
			{{Label: text.T(ctx, "But : ce que l’activité veut changer, et pour qui"), Value: p.Purpose, Lines: 3}},
			{{Label: label("type"), Columns: 3, Choices: choices(ctx, pack.ActivityTypes, p.Type)}},
			{{Label: label("themes"), Columns: 3, Choices: p.topThemes(ctx)}},
			{{Label: text.T(ctx, "Thèmes, à préciser"), Value: p.subThemes(ctx)}},
			{{Label: text.T(ctx, "Début : jour, mois ou trimestre (18/05/2026, T2 2026)"), Value: p.Period.From.Typed()},
				{Label: text.T(ctx, "Fin, si l’activité dure (de même)"), Value: p.Period.To.Typed()}},
		},
		p.territories(ctx),
		doc.Form{
			{{Label: label("publics"), Columns: 3, Choices: choices(ctx, pack.Publics, p.Publics...)}},
			{{Label: label("women"), Value: counted(ctx, p.Targeted.Women)}, {Label: label("men"), Value: counted(ctx, p.Targeted.Men)}, {Label: label("sign_by"), Value: p.day(ctx, p.SignBy)}},
		},
		p.roles(ctx),
	}
	blocks = append(blocks, p.lists(ctx)...)
	last := doc.Form{{{Label: label("risks"), Value: p.Risks, Lines: 2}, {Label: label("outside"), Value: p.Outside, Lines: 2}}}
	if p.Circle != nil {
		last = append(last, p.readers(ctx)...)
	}
	return append(blocks, append(last, author(ctx)))
}

// author is who has written by hand.
func author(ctx context.Context) doc.FormRow {
	return doc.FormRow{{Label: text.T(ctx, "Date")}, {Label: text.T(ctx, "Nom"), Weight: 1.7}, {Label: text.T(ctx, "Fonction"), Weight: 1.5}, {Label: text.T(ctx, "Signature"), Weight: 1.8, Lines: 2, Bare: true}}
}

// choices are a vocabulary as squares to be crossed.
func choices(ctx context.Context, vocabulary []packs.Term, chosen ...string) []doc.Choice {
	var all []doc.Choice
	for _, t := range vocabulary {
		all = append(all, doc.Choice{Words: text.Own(ctx, t.Label, t.LabelEN).Words, On: slices.Contains(chosen, t.Code)})
	}
	return all
}

func (p printed) topThemes(ctx context.Context) []doc.Choice {
	tree := p.Room.Themes
	var all []doc.Choice
	for _, code := range tree.Tops() {
		all = append(all, doc.Choice{Words: tree.Label(ctx, code), On: slices.ContainsFunc(p.Themes, func(t string) bool { return tree.Top(t) == code })})
	}
	return all
}

// subThemes are the themes below those of the first level.
func (p printed) subThemes(ctx context.Context) string {
	below := slices.DeleteFunc(slices.Clone(p.Themes), func(t string) bool { return p.Room.Themes.Top(t) == t })
	return strings.Join(all(ctx, below, p.Room.Themes.Label), ", ")
}

// counted writes a number, nothing for what is not known.
func counted(ctx context.Context, n *int) string {
	if n == nil {
		return ""
	}
	return text.Number(ctx, *n)
}

// byHand is a table to be filled in: so many empty rows, or one below what is known.
func byHand(g doc.Grid, rows int) doc.Grid {
	g.Hand = true
	if len(g.Rows) > 0 {
		rows = min(rows, len(g.Rows)+1)
	}
	for len(g.Rows) < rows {
		g.Rows = append(g.Rows, make([]string, len(g.Columns)))
	}
	return g
}

func cross(yes bool) string {
	if yes {
		return "×"
	}
	return ""
}

// territories are the places, a row each: the region, the préfecture, and what is narrower.
func (p printed) territories(ctx context.Context) doc.Grid {
	tree := p.Room.Places
	g := doc.Grid{Columns: []doc.GridColumn{{Label: text.T(ctx, "Région"), Weight: 1}, {Label: text.T(ctx, "Préfecture"), Weight: 1}, {Label: text.T(ctx, "Commune ou canton"), Weight: 1}}}
	for _, code := range p.Places {
		row := make([]string, 3)
		wide, narrow := tree.Split(ctx, code)
		row[0], row[2] = tree.Name(ctx, tree.Region(code)), narrow
		if wide != tree.Region(code) {
			row[1] = tree.Name(ctx, wide)
		}
		g.Rows = append(g.Rows, row)
	}
	return byHand(g, 3)
}

// roles are the partners, with a cross under what each of them does.
func (p printed) roles(ctx context.Context) doc.Grid {
	g := doc.Grid{Columns: []doc.GridColumn{{Label: text.T(ctx, "Structures partenaires"), Weight: 3}}}
	for _, role := range Roles {
		g.Columns = append(g.Columns, doc.GridColumn{Label: roleName(ctx, role), Weight: 1.6, Middle: true})
	}
	for _, o := range p.Partners {
		row := []string{p.Names[o.Structure]}
		for _, role := range Roles {
			row = append(row, cross(o.Role == role))
		}
		g.Rows = append(g.Rows, row)
	}
	return byHand(g, 4)
}

// lists are the lists of an activity; those that the form of a new one does not ask for, only when there are any.
func (p printed) lists(ctx context.Context) []doc.Block {
	var blocks []doc.Block
	if len(p.Results) > 0 {
		blocks = append(blocks, p.measures(ctx, 0, false))
	}
	if len(p.Tasks) > 0 {
		g := doc.Grid{Columns: []doc.GridColumn{{Label: text.T(ctx, "Tâche"), Weight: 4}, {Label: text.T(ctx, "Responsable"), Weight: 1.5}, {Label: text.T(ctx, "Échéance"), Weight: 1.5}, {Label: text.T(ctx, "État"), Weight: 1.2}}}
		for _, t := range p.Tasks {
			g.Rows = append(g.Rows, []string{t.Title, p.Names[t.Structure], p.day(ctx, t.Due), text.T(ctx, taskNames[t.State])})
		}
		blocks = append(blocks, byHand(g, 0))
	}
	return append(blocks, p.resources(ctx), p.money(ctx))
}

// measures are the expected results with their measure; what was reached stays empty until it is known.
func (p printed) measures(ctx context.Context, rows int, reached bool) doc.Grid {
	g := doc.Grid{Columns: []doc.GridColumn{{Label: text.T(ctx, "Résultat attendu"), Weight: 3}, {Label: text.T(ctx, "Indicateur"), Weight: 2}, {Label: text.T(ctx, "Départ"), Weight: 1}, {Label: text.T(ctx, "Cible"), Weight: 1}}}
	if reached {
		g.Columns = append(g.Columns, doc.GridColumn{Label: text.T(ctx, "Atteint"), Weight: 1.4})
	}
	for _, row := range resultRows(p.Plan) {
		g.Rows = append(g.Rows, row[:len(g.Columns)])
	}
	return byHand(g, rows)
}

// resources are the means asked of others and offered.
func (p printed) resources(ctx context.Context) doc.Grid {
	g := doc.Grid{Columns: []doc.GridColumn{{Label: text.T(ctx, "Moyens (personnes, véhicules, salles, matériel…)"), Weight: 5}, {Label: text.T(ctx, "Demandés"), Weight: 1.2, Middle: true},
		{Label: text.T(ctx, "Offerts"), Weight: 1.2, Middle: true}, {Label: text.T(ctx, "Nombre"), Weight: 1, Right: true}, {Label: text.T(ctx, "Lieu"), Weight: 2}}}
	for i, means := range append(slices.Clone(p.Needs), p.Offers...) {
		asked := i < len(p.Needs)
		row := []string{dashed(term(ctx, p.Room.Pack.CapacityKinds, means.Kind), means.Note, p.lent(ctx, means, asked)), cross(asked), cross(!asked), "", ""}
		if means.Quantity > 0 {
			row[3] = text.Number(ctx, means.Quantity)
		}
		if means.Place != "" {
			row[4] = p.Room.Places.Name(ctx, means.Place)
		}
		g.Rows = append(g.Rows, row)
	}
	return byHand(g, 3)
}

// money is the budget, by lines.
func (p printed) money(ctx context.Context) doc.Grid {
	g := doc.Grid{Columns: []doc.GridColumn{{Label: text.T(ctx, "Lignes du budget"), Weight: 4}, {Label: text.T(ctx, "Porté par"), Weight: 2.4}, {Label: text.T(ctx, "Acquis"), Weight: 1, Middle: true},
		{Label: text.T(ctx, "Recherché"), Weight: 1.2, Middle: true}, {Label: p.Room.Pack.Settings.Currency.Label, Weight: 2, Right: true}}}
	for _, l := range p.Budget {
		g.Rows = append(g.Rows, []string{l.Label, p.funder(ctx, l), cross(l.Secured), cross(!l.Secured), text.Number(ctx, l.Amount)})
	}
	return byHand(g, 4)
}

// readers is who may read.
func (p printed) readers(ctx context.Context) doc.Form {
	var markings []doc.Choice
	for _, m := range access.Markings {
		markings = append(markings, doc.Choice{Words: circle.Words(ctx, m), On: p.Circle.Marking == m.Code()})
	}
	has := func(a access.Principal) bool { return slices.Contains(p.Circle.Audience, string(a)) }
	var named []string
	for _, a := range p.Circle.Audience {
		if id, is := strings.CutPrefix(a, "structure:"); is {
			named = append(named, p.Names[id])
		}
	}
	named = append(named, strings.Fields(p.Circle.People)...)
	return doc.Form{
		{{Label: text.T(ctx, "Qui peut lire"), Columns: 3, Choices: markings}},
		{{Label: text.T(ctx, "Ouvrir à"), Choices: []doc.Choice{{Words: text.T(ctx, "Le public"), On: has(access.Public)}, {Words: text.T(ctx, "Toutes les structures du cadre"), On: has(access.Members)}}},
			{Label: text.T(ctx, "Structures et personnes nommées"), Value: strings.Join(named, ", "), Lines: 1, Weight: 2}},
	}
}

// signing is room for each signatory to answer on paper, with what was answered already.
func (p printed) signing(ctx context.Context) []doc.Block {
	if p.Record.State != Concertation {
		return nil
	}
	blocks := []doc.Block{doc.Heading{Level: 1, Words: text.T(ctx, "Signatures")}, doc.Text{Look: doc.Lede, Words: text.T(ctx,
		"Chaque signataire se prononce sur les termes de la version %s. Sa réponse compte quand son responsable, ou un point focal dont le mandat le dit, l’a saisie sur la page de l’activité.", strconv.FormatInt(p.Version, 10))}}
	for _, s := range p.Signatures {
		blocks = append(blocks, p.signature(ctx, s))
	}
	return blocks
}

func (p printed) signature(ctx context.Context, s Signature) doc.Form {
	name, function, day := "", "", ""
	if !s.waits() {
		name, day = p.People[s.Person], p.instant(ctx, s.At)
		function = account.FunctionName(s.Function).In(text.Of(ctx))
	} else {
		s.Text = ""
	}
	role := p.role(s.Structure)
	if s.Structure == p.Owner {
		role = lead
	}
	return doc.Form{
		{{Label: text.T(ctx, "Structure"), Value: p.Names[s.Structure] + " – " + roleName(ctx, role)}, {Label: text.T(ctx, "Nom"), Value: name}, {Label: text.T(ctx, "Fonction"), Value: function}},
		{{Label: text.T(ctx, "Décision"), Choices: []doc.Choice{{Words: text.T(ctx, "Signer"), On: s.Verdict == Signed}, {Words: text.T(ctx, "Signer avec réserve"), On: s.Verdict == Reserved}, {Words: text.T(ctx, "Décliner"), On: s.Verdict == Declined}}},
			{Label: text.T(ctx, "Réserve ou motif"), Value: s.Text, Lines: 2, Weight: 2}},
		{{Label: text.T(ctx, "Date"), Value: day}, {Label: text.T(ctx, "Signature et cachet"), Lines: 3, Weight: 2, Bare: true}},
	}
}

// reporting is room for the report of an activity that runs or is over.
func (p printed) reporting(ctx context.Context) []doc.Block {
	if !slices.Contains([]string{Running, Reported, Capitalised}, p.Record.State) {
		return nil
	}
	r := p.reported()
	spent := ""
	if r.Spent != nil {
		spent = text.Number(ctx, *r.Spent)
	}
	return []doc.Block{
		doc.Heading{Level: 1, Words: text.T(ctx, "Rapport")},
		doc.Form{{{Label: text.T(ctx, "Ce qui a été fait"), Value: r.Summary, Lines: 6}}},
		p.measures(ctx, 4, true),
		doc.Form{
			{{Label: text.T(ctx, "Femmes touchées"), Value: counted(ctx, r.Reached.Women)}, {Label: text.T(ctx, "Hommes touchés"), Value: counted(ctx, r.Reached.Men)}, {Label: text.T(ctx, "Dépensé, en FCFA"), Value: spent}},
			{{Label: text.T(ctx, "Difficultés"), Value: r.Difficulties, Lines: 5}},
			{{Label: text.T(ctx, "Ce que nous dirions aux autres"), Value: r.Lesson, Lines: 5}},
			author(ctx),
		},
	}
}
