package activity

import (
	"context"
	"net/url"
	"slices"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/intake"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs"
)

// importPath is the first page of the import of an institution's annual plan.
const importPath = listPath + "/importer"

// taking is the import of the annual plan of an institution.
type taking struct {
	*Module
	owner string
	order []Structure      // the institutions of the framework
	there map[string]Found // the institution's activities, as they were found last
	free  []string         // numbers drawn for new ones
}

// openIntake finds where the viewer brings the plan of their institution.
func (m *Module) openIntake(r *web.Request) (intake.Desk, error) {
	return m.desk(r.Context(), access.Of(r.Context()))
}

func (m *Module) desk(ctx context.Context, v access.Viewer) (intake.Desk, error) {
	t := &taking{Module: m, owner: v.Structure, there: map[string]Found{}}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		t.order, err = m.People.Structures(ctx, tx)
		return err
	})
	return intake.Desk{Owner: t.owner, Path: importPath,
		Back: ui.Link{Label: text.T(ctx, "Plan concerté"), Href: Choice{Structure: t.owner}.Address(listPath)},
		Table: intake.Table{Kind: Kind, Name: text.Key("Plan de travail annuel"), File: "plan", Columns: t.columns(),
			Circle: &circle.Choice{Marking: access.Green.Code(), Audience: []string{string(access.Members)}},
			Keys:   rowKeys, Find: t.find, Check: t.check, Save: t.keep}}, err
}

// Import takes the annual plan of the viewer's institution in one step, or only tells what it would do.
func (m *Module) Import(ctx context.Context, v access.Viewer, file []byte, c circle.Choice, preview bool) (intake.Plan, error) {
	d, err := m.desk(ctx, v)
	if err != nil {
		return intake.Plan{}, err
	}
	return m.Intake.Run(ctx, v, d, file, c, preview)
}

// columns declares the table: what the form asks, and the first line of the results and of the budget.
func (t *taking) columns() []intake.Column {
	institutions := func(context.Context) []ui.Option {
		all := make([]ui.Option, len(t.order))
		for i, s := range t.order {
			all[i] = ui.Option{Value: s.ID, Label: s.Acronym}
		}
		return all
	}
	options := func(v []packs.Term) func(context.Context) []ui.Option {
		return func(ctx context.Context) []ui.Option { return terms(ctx, v) }
	}
	return slices.Concat([]intake.Column{
		{Name: "title", Title: text.Key("Intitulé"), Also: []string{"titre", "libellé", "activité", "action"}, Required: true},
		{Name: "reference", Title: text.Key("Référence de la structure"), Also: []string{"référence", "code", "numéro"}, Hint: text.Key("Celle de votre plan. Dans l’année, un nouvel import retrouve l’activité par là ; sans elle, par l’intitulé et le début.")},
		{Name: "purpose", Title: text.Key("But"), Also: []string{"objectif", "justification"}, Needed: true},
		{Name: "type", Title: text.Key("Type d’activité"), Also: []string{"type", "nature"}, Kind: intake.Choice, Options: options(t.Pack.ActivityTypes), Needed: true},
		{Name: "themes", Title: text.Key("Thèmes"), Also: []string{"thématique", "domaine"}, Kind: intake.Choice, Many: true, Options: t.Themes.Options, Needed: true},
		{Name: "places", Title: text.Key("Lieux"), Also: []string{"territoire", "localité", "zone", "région", "préfecture", "zone d’intervention"}, Kind: intake.Place, Many: true, Needed: true},
		{Name: intake.Begins, Title: text.Key("Début"), Also: []string{"période", "date", "date de début"}, Kind: intake.Moment, Needed: true},
		{Name: intake.Ends, Title: text.Key("Fin"), Also: []string{"date de fin", "échéance"}, Kind: intake.Moment, Hint: text.Key("Vide quand l’activité tient dans ce seul moment.")},
		{Name: "publics", Title: text.Key("Publics"), Also: []string{"public cible", "bénéficiaires", "groupe cible"}, Kind: intake.Choice, Many: true, Options: options(t.Pack.Publics)},
		{Name: "women", Title: text.Key("Femmes visées"), Also: []string{"femmes"}, Kind: intake.Whole},
		{Name: "men", Title: text.Key("Hommes visés"), Also: []string{"hommes"}, Kind: intake.Whole},
		{Name: "result", Title: text.Key("Résultat attendu"), Also: []string{"résultat"}},
		{Name: "indicator", Title: text.Key("Indicateur")},
		{Name: "baseline", Title: text.Key("Départ"), Also: []string{"valeur de référence", "situation de départ"}},
		{Name: "target", Title: text.Key("Cible"), Also: []string{"valeur cible"}},
		{Name: "line_amount", Title: text.Key("Budget"), Also: []string{"coût", "montant", "coût total"}, Kind: intake.Money},
		{Name: "line_funder", Title: text.Key("Porté par"), Also: []string{"source de financement", "financement", "bailleur"}, Hint: text.Key("Le sigle d’une structure du cadre, ou un nom.")},
		{Name: "line_secured", Title: text.Key("Financement acquis"), Also: []string{"acquis"}, Kind: intake.YesNo},
		{Name: string(Co), Title: text.Key("Structures qui co-organisent"), Also: []string{"co-organisateurs", "structures associées"}, Kind: intake.Choice, Many: true, Options: institutions},
		{Name: string(Support), Title: text.Key("Structures qui appuient"), Also: []string{"appui", "partenaires"}, Kind: intake.Choice, Many: true, Options: institutions},
		{Name: string(Consulted), Title: text.Key("Structures consultées"), Kind: intake.Choice, Many: true, Options: institutions},
		{Name: string(Informed), Title: text.Key("Structures informées"), Kind: intake.Choice, Many: true, Options: institutions},
		{Name: "sign_by", Title: text.Key("Réponse attendue avant le"), Kind: intake.Day},
		{Name: "outside", Title: text.Key("Partenaires hors du cadre"), Also: []string{"partenaires techniques et financiers"}},
		{Name: "risks", Title: text.Key("Risques"), Also: []string{"hypothèses"}},
	}, intake.Boxes)
}

// rowKeys tells by what an activity is known again: its reference in the year, as plans number
// theirs from one again each year; else its title and its beginning. What a row leaves out is
// not compared, as long as one activity only is meant.
func rowKeys(v url.Values) []string {
	reference, title, from := v.Get("reference"), v.Get("title"), v.Get("from")
	switch {
	case reference == "" && from == "":
		return []string{intake.Key(title, ""), "", "", "", intake.Key(title)}
	case reference == "":
		return []string{intake.Key(title, from), "", intake.Key(title, from)}
	case from == "":
		return []string{intake.Key(reference, "", ""), intake.Key(reference)}
	}
	return []string{intake.Key(reference, from[:4], ""), "", "", intake.Key(title, from)}
}

// keys are those by which rows find the activity. A reference that a row gives may be new to an
// activity that has none, and be left out where it has one.
func keys(v url.Values) []string {
	reference, title, from := v.Get("reference"), v.Get("title"), v.Get("from")
	if reference == "" {
		return []string{intake.Key(title, from), "", "", intake.Key(title, from), intake.Key(title)}
	}
	return []string{intake.Key(reference, from[:4], ""), intake.Key(reference), intake.Key(title, from), "", intake.Key(title)}
}

// find lists the activities of the viewer's institution, for who writes them down.
func (t *taking) find(ctx context.Context, tx *db.Tx, v access.Viewer, owner string) ([]intake.Existing, error) {
	if !v.Serves(owner, authors...) {
		return nil, fault.New(fault.Forbidden, "Votre fonction ne permet pas cette opération.")
	}
	t.free = nil // of an act that has to be done again
	records, err := record.All(ctx, tx, v, record.Filter{Kind: Kind, Owner: owner})
	if err != nil {
		return nil, err
	}
	all := make([]intake.Existing, len(records))
	for i, r := range records {
		a, err := record.Decode[Activity](r)
		if err != nil {
			return nil, err
		}
		t.there[r.ID] = Found{r, a}
		values := t.values(Input{Title: r.Title, Themes: r.Themes, Places: r.Places, Plan: a.Plan})
		all[i] = intake.Existing{ID: r.ID, Title: r.Title, Href: Href(Kind, r.ID), Version: r.Version, Marking: r.Marking, Keys: keys(values), Values: values}
		if !open(r.State) {
			all[i].Closed = closed(r.State).Sentence
		}
	}
	return all, nil
}

// check checks a row by the rule of the form.
func (t *taking) check(ctx context.Context, before *intake.Existing, values url.Values) (url.Values, error) {
	in, err := t.read(ctx, before, values)
	return t.values(in), err
}

// read understands a row, over the activity that it is about.
func (t *taking) read(ctx context.Context, before *intake.Existing, values url.Values) (Input, error) {
	var f Found
	if before != nil {
		f = t.there[before.ID]
	}
	in, err := read(values, f.Plan)
	var c fault.Collect
	if err != nil && !c.Add(err) {
		return in, err
	}
	t.lists(values, f.Plan, &in, &c)
	members := map[string]bool{}
	for _, s := range account.Living(t.order) {
		members[s.ID] = true
	}
	t.judge(ctx, &c, &in, t.owner, members, f.Plan)
	return in, c.Fault()
}

// drawn is how many numbers are drawn at once.
const drawn = 200

// keep writes down a new idea, or changes the activity that is there: when that touches
// signatures they are asked again, as after any change.
func (t *taking) keep(ctx context.Context, act *journal.Act, s intake.Saving) error {
	in, err := t.read(ctx, s.Before, s.Values)
	if err != nil {
		return err
	}
	if s.Before == nil {
		if len(t.free) == 0 {
			if t.free, err = t.numbers(ctx, act, drawn); err != nil {
				return err
			}
		}
		_, err = t.draftIn(ctx, act, t.free[0], in, s.To)
		t.free = t.free[1:]
		return err
	}
	f := t.there[s.Before.ID]
	if err := t.led(act.By, f, authors); err != nil {
		return err
	}
	in.fill(&f, circle.Resolved{Marking: f.Marking, Audience: t.chosen(f)})
	return t.save(ctx, act, &f, "amended")
}
