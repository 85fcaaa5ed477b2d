package account

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

type peopleList struct {
	ui.Page
	List       page.Of[Profile]
	Filter     Filter
	Structures []Structure // offered as filters; empty for whoever sees one institution
	Acronyms   map[string]string
	Invite     bool
	Now        time.Time
}

func (m *Module) peoplePage(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	asked, err := page.Parse(r.Query("page"), 0)
	if err != nil {
		return web.Response{}, err
	}
	p := peopleList{Page: told(r, ui.Start(ctx, text.T(ctx, "Personnes"))), Now: m.Clock.Now()}
	if s := State(r.Query("etat")); s == Active || s == Disabled {
		p.Filter.State = s
	}
	own, err := m.frameOf(ctx, v, &p, r.Query("structure"))
	if err != nil {
		return web.Response{}, err
	}
	p.Invite = own.any()
	p.List, err = m.People(ctx, v, p.Filter, asked)
	return web.Page(peopleView(p)), err
}

// frameOf fills in the institutions of a list, and returns what the viewer may do in their own.
func (m *Module) frameOf(ctx context.Context, v access.Viewer, p *peopleList, asked string) (own authority, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := m.Structures(ctx, tx)
		if err != nil {
			return err
		}
		p.Acronyms = map[string]string{}
		for _, s := range all {
			p.Acronyms[s.ID] = s.Acronym
			if s.Slug == asked || s.ID == asked {
				p.Filter.Structure = s.ID
			}
		}
		if v.Is(access.Secretariat, access.Technical) {
			p.Structures = all
		}
		own, err = m.authority(ctx, tx, v, v.Structure)
		return err
	})
	return own, err
}

func (p peopleList) address(cursor string) string {
	q := url.Values{}
	for name, value := range map[string]string{"structure": p.Filter.Structure, "etat": string(p.Filter.State), "page": cursor} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/personnes?" + q.Encode()
}

func (p peopleList) span() ui.Span {
	s := ui.Span{First: p.List.From, Last: p.List.From + len(p.List.Rows) - 1, Total: p.List.Total}
	if p.List.Prev != "" {
		s.Previous = p.address(p.List.Prev)
	}
	if p.List.Next != "" {
		s.Next = p.address(p.List.Next)
	}
	return s
}

// noFilter is the choice of everything.
const noFilter = "tout"

// filters is the state of the row of filters.
func (p peopleList) filters() form.State {
	return form.State{Values: url.Values{"structure": {cmp.Or(p.Filter.Structure, noFilter)}, "etat": {cmp.Or(string(p.Filter.State), noFilter)}}}
}

type inviteForm struct {
	formPage
	Structures []Structure // among which to choose; empty for one's own
	Own        string      // the viewer's institution
	Rights     authority
}

func (m *Module) invitePage(r *web.Request) (web.Response, error) {
	p, err := m.inviteForm(r, form.State{Values: url.Values{"language": {string(text.French)}, "mandate": {string(MustRefer)}, "clearance": {access.Green.Code()},
		"structure": {access.Of(r.Context()).Structure}}})
	return web.Page(inviteView(p)), err
}

func (m *Module) inviteForm(r *web.Request, st form.State) (inviteForm, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := inviteForm{formPage: newFormPage(ctx, text.T(ctx, "Inviter une personne"), st, toPeople(ctx)), Own: v.Structure}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Rights, err = m.authority(ctx, tx, v, v.Structure); err == nil && v.Is(access.Secretariat) {
			p.Structures, err = m.Structures(ctx, tx)
			p.Structures = Living(p.Structures)
		}
		return err
	})
	if err == nil && !p.Rights.any() {
		err = fault.Missing()
	}
	return p, err
}

func toPeople(ctx context.Context) ui.Link {
	return ui.Link{Label: text.T(ctx, "Personnes"), Href: "/personnes"}
}

func (m *Module) inviteOne(r *web.Request) (web.Response, error) {
	var q Invitation
	values, err := form.Into(r.Request, &q)
	if v := access.Of(r.Context()); err == nil && q.Structure == "" && v.Is(access.Secretariat) { // who may invite anywhere says where
		err = fault.Invalid("structure", "Choisissez une des réponses proposées.")
	}
	var p Person
	if err == nil {
		p, err = m.Invite(r.Context(), access.Of(r.Context()), q)
	}
	if fault.KindOf(err) == fault.BadInput {
		f, err := m.inviteForm(r, form.Of(values, err))
		return web.Invalid(inviteView(f)), err
	}
	return done(p.path(), "invite"), err
}

// path is the page of a person.
func (p Person) path() string { return "/personnes/" + p.ID }

type personView struct {
	formPage // to give a function
	Profile
	Structure  Structure
	Self       bool
	Erase      bool
	Passes     []access.Function // functions in force that the viewer may pass on
	Handovers  []Handover
	Names      map[string]string
	Substitute string
	Now        time.Time
	Zone       *time.Location
}

func (m *Module) personPage(r *web.Request) (web.Response, error) {
	p, err := m.personView(r, form.State{})
	return web.Page(personShow(p)), err
}

func (m *Module) personView(r *web.Request, st form.State) (personView, error) {
	ctx, v, id := r.Context(), access.Of(r.Context()), r.PathValue("id")
	p := personView{Now: m.Clock.Now(), Zone: m.Zone, Self: v.Person == id, Names: map[string]string{}}
	var err error
	if p.Profile, err = m.Show(ctx, v, id); err != nil {
		return p, err
	}
	p.formPage = newFormPage(ctx, p.Profile.Name, st, toPeople(ctx))
	p.Page = told(r, p.Page)
	if p.Structure, err = m.structureOf(ctx, p.Person); err != nil || p.Limited {
		return p, err
	}
	for _, f := range p.Functions(p.Now) {
		if slices.Contains(p.Give, f) {
			p.Passes = append(p.Passes, f)
		}
	}
	p.Erase = p.Manage && v.Is(access.Secretariat)
	if p.Handovers, err = m.Handovers(ctx, v, id); err != nil {
		return p, err
	}
	ids := []string{p.Absence.Substitute}
	for _, h := range p.Handovers {
		ids = append(ids, h.To)
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.Names, err = m.Names(ctx, tx, ids)
		return err
	})
	p.Substitute = p.Names[p.Absence.Substitute]
	return p, err
}

type editForm struct {
	formPage
	Person Person
	Rights authority
}

func (m *Module) editPage(r *web.Request) (web.Response, error) {
	p, err := m.editForm(r, nil, nil)
	return web.Page(editView(p)), err
}

// editForm is the form of an account, with what was typed and is wrong; nil to show what is stored.
func (m *Module) editForm(r *web.Request, typed url.Values, wrong error) (editForm, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	var p editForm
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.Person, p.Rights, err = m.seen(ctx, tx, v, r.PathValue("id"))
		return err
	})
	if err == nil && !p.Rights.manages(p.Person, m.Clock.Now()) {
		err = notYours()
	}
	if err != nil {
		return p, err
	}
	saved := form.Unbind(p.Person.Edition())
	saved.Set("version", strconv.FormatInt(p.Person.Version, 10))
	st := form.State{Values: saved}
	if typed != nil {
		st = beside(ctx, typed, saved, wrong)
	}
	p.formPage = newFormPage(ctx, text.T(ctx, "Modifier le compte"), st, toPeople(ctx), ui.Link{Label: p.Person.Name, Href: p.Person.path()})
	return p, nil
}

func (m *Module) editOne(r *web.Request) (web.Response, error) {
	var in struct {
		Edition
		Version int64 `form:"version"`
	}
	values, err := form.Into(r.Request, &in)
	if err == nil {
		err = m.Edit(r.Context(), access.Of(r.Context()), r.PathValue("id"), in.Version, in.Edition)
	}
	switch fault.KindOf(err) {
	case fault.BadInput, fault.Conflict:
		f, err2 := m.editForm(r, values, err)
		return web.Again(editView(f), err), err2
	}
	return done("/personnes/"+r.PathValue("id"), "modifie"), err
}

func (m *Module) giveOne(r *web.Request) (web.Response, error) {
	var in struct {
		Function access.Function `form:"function"`
		From     form.Date       `form:"from"`
		Last     form.Date       `form:"to"` // last day with it
	}
	values, err := form.Into(r.Request, &in)
	if err == nil {
		g := Gift{Function: in.Function, From: in.From.In(m.Zone)}
		if !in.Last.IsZero() {
			g.To = in.Last.In(m.Zone).AddDate(0, 0, 1)
		}
		err = m.Give(r.Context(), access.Of(r.Context()), r.PathValue("id"), g)
	}
	if fault.KindOf(err) == fault.BadInput {
		f, err := m.personView(r, form.Of(values, err))
		return web.Invalid(personShow(f)), err
	}
	return done("/personnes/"+r.PathValue("id"), "fonction"), err
}

func (m *Module) endOne(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err == nil {
		err = m.End(r.Context(), access.Of(r.Context()), r.PathValue("id"), access.Function(values.Get("function")), time.Time{})
	}
	return done("/personnes/"+r.PathValue("id"), "fin"), err
}

// onPerson answers a button that does one thing to an account.
func (m *Module) onPerson(do func(context.Context, access.Viewer, string) error, what string) web.Handler {
	return web.Button(func(r *web.Request) (web.Response, error) {
		err := do(r.Context(), access.Of(r.Context()), r.PathValue("id"))
		return done("/personnes/"+r.PathValue("id"), what), err
	})
}

func (m *Module) erasePage(r *web.Request) (web.Response, error) {
	p, err := m.eraseForm(r, url.Values{}, nil)
	return web.Page(eraseView(p)), err
}

func (m *Module) eraseForm(r *web.Request, typed url.Values, wrong error) (editForm, error) {
	p, err := m.editForm(r, typed, wrong)
	if err == nil {
		err = erases(access.Of(r.Context()))
	}
	p.Title = text.T(r.Context(), "Effacer les données de la personne")
	return p, err
}

func (m *Module) eraseOne(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err == nil {
		err = m.Erase(r.Context(), access.Of(r.Context()), r.PathValue("id"), values.Get("reason"))
	}
	if fault.KindOf(err) == fault.BadInput {
		p, err := m.eraseForm(r, values, err)
		return web.Invalid(eraseView(p)), err
	}
	return done("/personnes", "efface"), err
}
