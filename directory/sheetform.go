package directory

import (
	"context"
	"net/url"
	"strconv"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs"

	"github.com/a-h/templ"
)

// sheetForm is one of the forms over the sheet of a structure: what it asks, what
// it starts from, what it does.
type sheetForm struct {
	path   string // below the sheet's address
	title  string // key of the catalogue
	fields func(sheetPage) templ.Component
	start  func(Sheet) url.Values
	save   func(m *Module, ctx context.Context, v access.Viewer, key string, expect int64, values url.Values) error
}

var (
	identityForm = sheetForm{"/modifier", text.Key("Modifier la fiche"), identityFields,
		func(s Sheet) url.Values { return form.Unbind(s.identity()) },
		func(m *Module, ctx context.Context, v access.Viewer, key string, expect int64, values url.Values) error {
			return bound(values, func(i Identity) error { return m.Amend(ctx, v, key, expect, i) })
		}}
	nameForm    = datedForm("/nom", text.Key("Changer de nom"), nameFields, (*Module).Rename)
	tutelleForm = datedForm("/tutelle", text.Key("Changer de tutelle"), tutelleFields, (*Module).Attach)
	legalForm   = sheetForm{"/texte", text.Key("Ajouter un texte fondateur"), legalFields,
		func(Sheet) url.Values { return url.Values{} },
		func(m *Module, ctx context.Context, v access.Viewer, key string, expect int64, values url.Values) error {
			return bound(values, func(l legalInput) error { return m.Cite(ctx, v, key, expect, Legal(l)) })
		}}
)

// datedInput and legalInput are what the forms ask, with the fields' names.
type datedInput struct {
	Value  string `form:"value"`
	From   When   `form:"from"`
	To     When
	Source string `form:"source"`
	Note   string `form:"note"`
}

type legalInput struct {
	Title  string `form:"title"`
	Number string `form:"number"`
	Date   When   `form:"date"`
	URL    string `form:"url"`
	Source string `form:"source"`
}

func datedForm(path, title string, fields func(sheetPage) templ.Component,
	do func(*Module, context.Context, access.Viewer, string, int64, Dated) error) sheetForm {
	return sheetForm{path, title, fields,
		func(Sheet) url.Values { return url.Values{} },
		func(m *Module, ctx context.Context, v access.Viewer, key string, expect int64, values url.Values) error {
			return bound(values, func(d datedInput) error { return do(m, ctx, v, key, expect, Dated(d)) })
		}}
}

// bound fills an input from a form and hands it on.
func bound[T any](values url.Values, do func(T) error) error {
	var in T
	if err := form.Bind(values, &in); err != nil {
		return err
	}
	return do(in)
}

type sheetPage struct {
	ui.Page
	State  form.State
	Pack   *packs.Pack
	Sheet  Sheet
	Form   sheetForm
	Theirs []record.Difference // what another has saved meanwhile, beside what was typed
}

// edit shows a form over the sheet.
func (m *Module) edit(f sheetForm) web.Handler {
	return func(r *web.Request) (web.Response, error) {
		p, err := m.sheetPage(r, f, nil, nil)
		return web.Page(sheetEdit(p)), err
	}
}

// post does what the form asks. When another has changed the sheet meanwhile, both texts are shown.
func (m *Module) post(f sheetForm) web.Handler {
	return func(r *web.Request) (web.Response, error) {
		ctx, v := r.Context(), access.Of(r.Context())
		values, err := form.Read(r.Request)
		if err == nil {
			err = f.save(m, ctx, v, r.PathValue("slug"), form.Version(values), values)
		}
		switch fault.KindOf(err) {
		case fault.BadInput, fault.Conflict:
			p, err2 := m.sheetPage(r, f, values, err)
			if err2 != nil {
				return web.Response{}, err2
			}
			return web.Again(sheetEdit(p), err), nil
		}
		if err != nil {
			return web.Response{}, err
		}
		return web.SeeOther("/structures/" + r.PathValue("slug")).Done(text.Key("C’est enregistré.")), nil
	}
}

func (m *Module) sheetPage(r *web.Request, f sheetForm, typed url.Values, wrong error) (sheetPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := sheetPage{Pack: m.Pack, Form: f}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.Sheet, err = m.kept(ctx, tx, v, r.PathValue("slug"))
		return err
	})
	if err != nil {
		return p, err
	}
	saved := f.start(p.Sheet)
	if typed == nil {
		typed = saved
		typed.Set("version", strconv.FormatInt(p.Sheet.Version, 10))
	}
	if fault.KindOf(wrong) == fault.Conflict {
		p.Theirs = m.differences(ctx, nil, saved, typed)
		typed.Set("version", strconv.FormatInt(p.Sheet.Version, 10))
	}
	p.State = form.Of(typed, wrong)
	p.Page = ui.Start(ctx, text.T(ctx, f.title), directoryCrumb(ctx), ui.Link{Label: p.Sheet.Acronym, Href: "/structures/" + p.Sheet.Slug})
	p.Failed = p.State.Failed()
	return p, nil
}

// admissionPage is the form by which the secretariat admits a structure.
type admissionPage struct {
	ui.Page
	State form.State
	Pack  *packs.Pack
}

func (m *Module) admissionPage(ctx context.Context, s form.State) admissionPage {
	p := admissionPage{ui.Start(ctx, text.T(ctx, "Admettre une structure"), directoryCrumb(ctx)), s, m.Pack}
	p.Failed = s.Failed()
	return p
}

func (m *Module) newStructure(r *web.Request) (web.Response, error) {
	return web.Page(admission(m.admissionPage(r.Context(), form.State{}))), nil
}

func (m *Module) admit(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	values, err := form.Read(r.Request)
	var s Sheet
	if err == nil {
		err = bound(values, func(a Admission) (err error) {
			s, err = m.Admit(ctx, access.Of(ctx), a)
			return err
		})
	}
	if fault.KindOf(err) == fault.BadInput {
		return web.Invalid(admission(m.admissionPage(ctx, form.Of(values, err)))), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/structures/" + s.Slug).Done(text.Key("La structure est admise.")), nil
}

func terms(ctx context.Context, vocabulary []packs.Term) []ui.Option {
	all := make([]ui.Option, 0, len(vocabulary))
	for _, t := range vocabulary {
		all = append(all, ui.Option{Value: t.Code, Label: term(ctx, vocabulary, t.Code)})
	}
	return all
}
