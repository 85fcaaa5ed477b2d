package directory

import (
	"context"
	"net/url"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/intake"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
)

// focalPath names the focal points of a structure in addresses, as it does its facts.
const focalPath = "points-focaux"

// focalDesk is where the people of a structure bring a table of its focal points. Those who are
// new are invited; how to reach them is shown to the institutions of the framework alone.
func (m *Module) focalDesk(ctx context.Context, v access.Viewer, key string) (intake.Desk, error) {
	var s Sheet
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		s, err = m.kept(ctx, tx, v, key)
		return err
	})
	t := naming{m, &account.Staff{}}
	sheet := "/structures/" + s.Slug
	return intake.Desk{Owner: s.ID, Path: sheet + "/" + focalPath + "/importer", Back: ui.Link{Label: s.Acronym, Href: sheet}, Crumbs: []ui.Link{directoryCrumb(ctx)},
		Table: intake.Table{Kind: "account.person", Name: text.Key("Points focaux"), File: focalPath, Columns: focalColumns, Keys: focalKeys, Find: t.find, Check: t.check, Save: t.save}}, err
}

var focalColumns = []intake.Column{
	{Name: "name", Title: text.Key("Nom"), Also: []string{"nom et prénoms", "nom complet", "prénoms et nom", "point focal"}, Required: true},
	{Name: "function", Title: text.Key("Titulaire ou suppléant"), Also: []string{"fonction", "qualité", "rôle"}, Kind: intake.Choice, Required: true, Options: func(ctx context.Context) []ui.Option {
		return []ui.Option{{Value: string(access.Focal), Label: text.T(ctx, "titulaire")}, {Value: string(access.Deputy), Label: text.T(ctx, "suppléant")}}
	}},
	{Name: "email", Title: text.Key("Adresse électronique"), Also: []string{"courriel", "email", "e-mail", "mail"}, Kind: intake.Email, Required: true},
	{Name: "phone", Title: text.Key("Téléphone"), Also: []string{"tél", "contact", "numéro"}},
	{Name: "mandate", Title: text.Key("Mandat"), Also: []string{"niveau de mandat", "pouvoir"}, Kind: intake.Choice, Options: func(ctx context.Context) []ui.Option {
		return []ui.Option{{Value: string(account.CanCommit), Label: mandateWords(ctx, account.CanCommit)}, {Value: string(account.MustRefer), Label: mandateWords(ctx, account.MustRefer)}}
	}},
}

// focalKeys tells by what a person is known again: the address.
func focalKeys(v url.Values) []string { return []string{account.EmailKey(v.Get("email"))} }

// naming is the import of a table of focal points.
type naming struct {
	*Module
	staff *account.Staff // of the structure, as it was found last
}

func (t naming) find(ctx context.Context, tx *db.Tx, v access.Viewer, owner string) ([]intake.Existing, error) {
	if _, err := t.kept(ctx, tx, v, owner); err != nil {
		return nil, err
	}
	staff, err := t.People.Staff(ctx, tx, v, owner)
	*t.staff = staff
	all := make([]intake.Existing, len(staff.People))
	now := t.Clock.Now()
	for i, p := range staff.People {
		held := func(f access.Function) bool { return access.Viewer{Functions: p.Functions(now)}.Is(f) }
		values := form.Unbind(p.Appointee(held))
		all[i] = intake.Existing{ID: p.ID, Title: p.Name, Href: "/personnes/" + p.ID, Version: p.Version, Marking: access.Green, Keys: focalKeys(values), Values: values}
		if staff.Locked[p.ID] {
			all[i].Closed = text.M("Vous n’administrez pas ce compte. Demandez-le au responsable de la structure ou au secrétariat permanent.")
		}
	}
	return all, err
}

// check checks a row. Who has no mandate must refer.
func (t naming) check(_ context.Context, before *intake.Existing, values url.Values) (url.Values, error) {
	a, err := appointee(values)
	if err != nil {
		return values, err
	}
	var c fault.Collect
	a.Check(&c)
	c.Need(before != nil || !t.staff.Elsewhere[account.EmailKey(a.Email)], "email", "Cette adresse est déjà celle d’un compte. Donnez-en une autre.")
	return form.Unbind(a), c.Fault()
}

func appointee(values url.Values) (account.Appointee, error) {
	var a account.Appointee
	err := form.Bind(values, &a)
	if a.Mandate == "" {
		a.Mandate = account.MustRefer
	}
	return a, err
}

func (t naming) save(ctx context.Context, act *journal.Act, s intake.Saving) error {
	a, err := appointee(s.Values)
	if err != nil {
		return err
	}
	if s.Before == nil {
		return t.People.Appoint(ctx, act, s.Owner, "", 0, a)
	}
	return t.People.Appoint(ctx, act, s.Owner, s.Before.ID, s.Before.Version, a)
}
