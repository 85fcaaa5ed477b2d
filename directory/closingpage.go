package directory

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// closingPage is the form by which the secretariat takes a structure out of the framework.
type closingPage struct {
	ui.Page
	State   form.State
	Sheet   Sheet
	Others  []ui.Option
	Version string
}

func (m *Module) closingPage(r *web.Request, state form.State) (closingPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := closingPage{State: state}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Sheet, _, err = m.stepping(ctx, tx, v, r.PathValue("slug"), "dissolved"); err != nil {
			return err
		}
		all, err := bodies(ctx, tx, v, Cut{})
		for _, b := range all {
			if b.ID != p.Sheet.ID {
				p.Others = append(p.Others, ui.Option{Value: b.ID, Label: b.Acronym})
			}
		}
		return err
	})
	p.Version = strconv.FormatInt(p.Sheet.Version, 10)
	p.Page = ui.Start(ctx, text.T(ctx, "Dissoudre ou fusionner"), directoryCrumb(ctx), ui.Link{Label: p.Sheet.Acronym, Href: "/structures/" + p.Sheet.Slug})
	p.Failed = state.Failed()
	return p, err
}

func (m *Module) editClosing(r *web.Request) (web.Response, error) {
	p, err := m.closingPage(r, form.State{Values: url.Values{}})
	return web.Page(closingForm(p)), err
}

func (m *Module) postClosing(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err == nil {
		err = bound(values, func(c Closing) error {
			return m.Close(r.Context(), access.Of(r.Context()), r.PathValue("slug"), form.Version(values), c)
		})
	}
	switch fault.KindOf(err) {
	case fault.BadInput, fault.Conflict:
		p, err2 := m.closingPage(r, form.Of(values, err))
		if err2 != nil {
			return web.Response{}, err2
		}
		return web.Again(closingForm(p), err), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/structures/" + r.PathValue("slug")).Done(text.Key("La structure a quitté le cadre. Sa fiche reste lisible.")), nil
}

func (m *Module) postReopening(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	expect, _ := strconv.ParseInt(values.Get("version"), 10, 64)
	if err := m.Reopen(r.Context(), access.Of(r.Context()), r.PathValue("slug"), expect); err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/structures/" + r.PathValue("slug")).Done(text.Key("La structure est de nouveau dans le cadre. Rendez leurs fonctions à ses personnes.")), nil
}

func (m *Module) postTakeover(r *web.Request) (web.Response, error) {
	if _, err := m.TakeOver(r.Context(), access.Of(r.Context()), r.PathValue("slug")); err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/structures/" + r.PathValue("slug")).Done(text.Key("C’est repris sur la fiche de votre structure. Relisez-la.")), nil
}

// takes reports whether the viewer may put what the closed structure made known on the sheet of who succeeds it.
func (p showPage) takes(v access.Viewer) bool {
	return p.Sheet.Successor != nil && keeps(v, p.Sheet.Successor.ID) && slices.ContainsFunc(kinds, func(k kind) bool { return p.Sheet.Counts[k.code] > 0 })
}

// left lists the structures that have left the framework, for the foot of the directory.
func (m *Module) left(ctx context.Context, tx *db.Tx, v access.Viewer) ([]account.Structure, error) {
	return db.All(ctx, tx, func(s *account.Structure) []any { return []any{&s.ID, &s.Slug, &s.Acronym} },
		`SELECT s.id, s.slug, s.acronym FROM directory_structure s JOIN record ON record.id = s.id WHERE `+seen+` AND record.state = $3 ORDER BY s.acronym_key, s.id`, v.Args(Dissolved)...)
}
