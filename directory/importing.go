package directory

import (
	"context"
	"net/url"
	"slices"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/intake"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs"
)

// openIntake finds the table of a kind of fact, for a structure that the viewer keeps up.
func (m *Module) openIntake(r *web.Request) (intake.Desk, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	return m.deskOf(ctx, v, r.PathValue("slug"), r.PathValue("kind"))
}

// deskOf is where a table is brought; path names what it holds as addresses do.
func (m *Module) deskOf(ctx context.Context, v access.Viewer, key, path string) (intake.Desk, error) {
	if path == focalPath {
		return m.focalDesk(ctx, v, key)
	}
	k, err := kindOfPath(path)
	if err != nil {
		return intake.Desk{}, err
	}
	return m.desk(ctx, v, key, k)
}

func (m *Module) desk(ctx context.Context, v access.Viewer, key string, k kind) (intake.Desk, error) {
	if !k.taken() {
		return intake.Desk{}, fault.Missing()
	}
	var s Sheet
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		s, err = m.kept(ctx, tx, v, key)
		return err
	})
	sheet, t := "/structures/"+s.Slug, taking{m, k, map[string]record.Record{}}
	return intake.Desk{Owner: s.ID, Path: sheet + "/" + k.path + "/importer",
		Back: ui.Link{Label: s.Acronym, Href: sheet}, Crumbs: []ui.Link{directoryCrumb(ctx)},
		Table: intake.Table{Kind: k.record, Name: k.many, File: k.path, Columns: m.columnsOf(k), Circle: &circle.Choice{Marking: access.Clear.Code(), Audience: []string{string(access.Public)}},
			Keys: keysOf(k), Find: t.find, Check: t.check, Save: t.save}}, err
}

// columnsOf declares the table of a kind of fact; see taken.
func (m *Module) columnsOf(k kind) []intake.Column {
	title := intake.Column{Name: "title", Title: text.Key("Intitulé"), Also: []string{"titre", "libellé", "nom", "désignation", "mission", "moyen", "antenne"}, Required: true}
	theme := intake.Column{Name: "theme", Title: text.Key("Thème"), Also: []string{"thématique", "domaine", "domaine d’intervention"}, Kind: intake.Choice, Options: m.Themes.Options, Required: k.theme == must}
	place := intake.Column{Name: "place", Title: text.Key("Lieu"), Also: []string{"territoire", "localité", "zone", "région", "préfecture", "zone d’intervention"}, Kind: intake.Place, Required: k.place == must}
	source := intake.Column{Name: "source", Title: text.Key("Source"), Also: []string{"référence du texte"}}
	switch k.code {
	case "mission":
		return []intake.Column{title,
			{Name: "role", Title: text.Key("Rôle de la structure"), Also: []string{"rôle"}, Kind: intake.Choice, Options: vocabulary(m.Pack.Settings.Roles), Required: true},
			theme, place,
			{Name: "detail", Title: text.Key("Précisions"), Also: []string{"description", "détail", "observations"}},
			{Name: "legal", Title: text.Key("Base légale"), Also: []string{"texte", "fondement juridique"}},
			{Name: "title_en", Title: text.Key("Intitulé en anglais"), Also: []string{"english title"}},
			source}
	case "capacity":
		return []intake.Column{title,
			{Name: "kind", Title: text.Key("Nature du moyen"), Also: []string{"nature", "type", "catégorie"}, Kind: intake.Choice, Options: vocabulary(m.Pack.CapacityKinds), Required: true},
			{Name: "quantity", Title: text.Key("Quantité"), Also: []string{"nombre", "effectif"}, Kind: intake.Whole},
			theme, place,
			{Name: "conditions", Title: text.Key("Conditions de prêt"), Also: []string{"conditions", "observations"}},
			{Name: "free_from", Title: text.Key("Disponible à partir du"), Kind: intake.When},
			{Name: "free_to", Title: text.Key("Disponible jusqu’au"), Kind: intake.When},
			source}
	case "branch":
		return []intake.Column{title, place,
			{Name: "kind", Title: text.Key("Nature"), Also: []string{"type"}},
			{Name: "since", Title: text.Key("Depuis"), Also: []string{"date de création", "créée le"}, Kind: intake.When},
			{Name: "note", Title: text.Key("Note"), Also: []string{"observations", "adresse"}},
			source}
	}
	return nil
}

func vocabulary(words []packs.Term) func(context.Context) []ui.Option {
	return func(ctx context.Context) []ui.Option { return terms(ctx, words) }
}

// keysOf tells by what a fact is known again: all that says what it is; for a mission then
// its theme, place and role; else its title in its place.
func keysOf(k kind) func(url.Values) []string {
	return func(v url.Values) []string {
		title, place := v.Get("title"), v.Get("place")
		if k.code == "mission" {
			theme, role := v.Get("theme"), v.Get("role")
			return []string{intake.Key(theme, place, role, title), intake.Key(theme, place, role), intake.Key(title, place)}
		}
		return []string{intake.Key(v.Get("kind"), place, title), intake.Key(title, place)}
	}
}

// taking is the import of a table of facts of a kind.
type taking struct {
	*Module
	kind  kind
	there map[string]record.Record // the facts in force, as they were found last
}

// find lists the facts in force, for who keeps the sheet up.
func (t taking) find(ctx context.Context, tx *db.Tx, v access.Viewer, owner string) ([]intake.Existing, error) {
	if _, err := t.kept(ctx, tx, v, owner); err != nil {
		return nil, err
	}
	records, err := record.All(ctx, tx, v, record.Filter{Kind: t.kind.record, Owner: owner, State: InForce})
	if err != nil {
		return nil, err
	}
	all := make([]intake.Existing, len(records))
	for i, r := range records {
		f, err := factOf(r, t.kind)
		if err != nil {
			return nil, err
		}
		t.there[r.ID] = r
		values := importedValues(Input{Title: r.Title, Theme: first(r.Themes), Place: first(r.Places), Fact: f})
		all[i] = intake.Existing{ID: r.ID, Title: r.Title, Href: "/faits/" + r.ID, Version: r.Version, Marking: r.Marking,
			Keys: keysOf(t.kind)(values), Values: values}
	}
	return all, nil
}

// importedValues are the values of a fact under the names of its columns.
func importedValues(in Input) url.Values {
	values := form.Unbind(in.Fact)
	for name, all := range form.Unbind(Input{Title: in.Title, Theme: in.Theme, Place: in.Place}) {
		values[name] = all
	}
	return values
}

// check checks a row by the rule of the form.
func (t taking) check(_ context.Context, _ *intake.Existing, values url.Values) (url.Values, error) {
	in, err := boundFact(values, t.kind)
	if err == nil {
		err = t.Module.check(&in, t.kind)
	}
	return importedValues(in), err
}

// save makes a fact known, or changes the one that is there.
func (t taking) save(ctx context.Context, act *journal.Act, s intake.Saving) error {
	in, err := boundFact(s.Values, t.kind)
	if err != nil {
		return err
	}
	if s.Before == nil {
		_, err = t.addIn(ctx, act, s.Owner, t.kind, in, s.To)
		return err
	}
	r := t.there[s.Before.ID]
	_, err = t.amendIn(ctx, act, r, s.Before.Version, t.kind, in, circle.Resolved{Marking: r.Marking, Audience: r.Audience})
	return err
}

// taken reports whether facts of the kind are imported.
func (k kind) taken() bool { return slices.Contains([]string{"mission", "capacity", "branch"}, k.code) }

// Import takes a table of the facts or of the focal points of a structure in one step, or only
// tells what it would do; path names what it holds as addresses do.
func (m *Module) Import(ctx context.Context, v access.Viewer, key, path string, file []byte, c circle.Choice, preview bool) (intake.Plan, error) {
	d, err := m.deskOf(ctx, v, key, path)
	if err != nil {
		return intake.Plan{}, err
	}
	return m.Intake.Run(ctx, v, d, file, c, preview)
}
