package account

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

type accountForm struct {
	formPage
	Person    Person
	Structure Structure
	TOTP      bool
	Now       time.Time
	Zone      *time.Location
}

func (m *Module) accountPage(r *web.Request) (web.Response, error) {
	p, err := m.accountForm(r, nil, nil)
	return web.Page(accountView(p)), err
}

// accountForm is the page of one's own account, with what was typed and is wrong; nil to show what is stored.
func (m *Module) accountForm(r *web.Request, typed url.Values, wrong error) (accountForm, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p, s, err := m.own(ctx, v)
	if err != nil {
		return accountForm{}, err
	}
	saved := form.Unbind(Own{p.Email, p.Phone, p.Language})
	saved.Set("version", strconv.FormatInt(p.Version, 10))
	st := form.State{Values: saved}
	if typed != nil {
		st = beside(ctx, typed, saved, wrong)
	}
	f := accountForm{newFormPage(ctx, text.T(ctx, "Mon compte"), st), p, Structure{}, len(s.TOTP) > 0, m.Clock.Now(), m.Zone}
	f.Page = told(r, f.Page)
	f.Structure, err = m.structureOf(ctx, p)
	return f, err
}

// structureOf reads the institution of a person; it is zero when it is not in the directory.
func (m *Module) structureOf(ctx context.Context, p Person) (s Structure, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s, err = m.Institution(ctx, tx, p.Structure)
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		err = nil
	}
	return s, err
}

func (m *Module) editOwn(r *web.Request) (web.Response, error) {
	var in struct {
		Own
		Version int64 `form:"version"`
	}
	values, err := form.Into(r.Request, &in)
	if err == nil {
		err = m.EditOwn(r.Context(), access.Of(r.Context()), in.Version, in.Own)
	}
	switch fault.KindOf(err) {
	case fault.BadInput, fault.Conflict:
		p, err2 := m.accountForm(r, values, err)
		return web.Again(accountView(p), err), err2
	}
	if err != nil {
		return orConfirm(err, "/compte")
	}
	return done("/compte", "compte"), nil
}

// toAccount leads back to one's own account.
func toAccount(ctx context.Context) ui.Link {
	return ui.Link{Label: text.T(ctx, "Mon compte"), Href: "/compte"}
}

// stale reports whether the viewer has to confirm who they are before a page that
// shows or changes what proves it.
func (m *Module) stale(ctx context.Context, v access.Viewer) (bool, error) {
	err := m.DB.Read(ctx, func(tx *db.Tx) error { return m.confirmedLately(ctx, tx, v) })
	if errors.Is(err, errStale) {
		return true, nil
	}
	return false, err
}

func (m *Module) passwordPage(r *web.Request) (web.Response, error) {
	stale, err := m.stale(r.Context(), access.Of(r.Context()))
	if err != nil || stale {
		return web.SeeOther(with("/compte/confirmation", "/compte/mot-de-passe")), err
	}
	return web.Page(passwordView(m.passwordForm(r, form.State{}))), nil
}

// passwordForm changes a password; browsers that keep passwords want to know whose it is.
type passwordForm struct {
	formPage
	Email string
}

func (m *Module) passwordForm(r *web.Request, st form.State) passwordForm {
	p, _, _ := m.own(r.Context(), access.Of(r.Context())) // without it the form works too
	return passwordForm{newFormPage(r.Context(), text.T(r.Context(), "Changer de mot de passe"), st, toAccount(r.Context())), p.Email}
}

func (m *Module) changeOwnPassword(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err == nil {
		err = same(values)
	}
	if err == nil {
		err = m.ChangePassword(r.Context(), access.Of(r.Context()), values.Get("password"))
	}
	if fault.KindOf(err) == fault.BadInput {
		return web.Invalid(passwordView(m.passwordForm(r, form.Of(values, err)))), nil
	}
	if err != nil {
		return orConfirm(err, "/compte/mot-de-passe")
	}
	return done("/compte", "mot-de-passe"), nil
}

type sessionsList struct {
	ui.Page
	Sessions []Session
	Current  string
	Zone     *time.Location
}

func (m *Module) sessionsPage(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	all, err := m.Sessions(ctx, v)
	p := ui.Start(ctx, text.T(ctx, "Mes sessions"), toAccount(ctx))
	return web.Page(sessionsView(sessionsList{told(r, p), all, v.Session, m.Zone})), err
}

func (m *Module) closeSession(r *web.Request) (web.Response, error) {
	err := m.CloseSession(r.Context(), access.Of(r.Context()), r.PathValue("id"))
	return done("/compte/sessions", "session"), err
}

type tokensForm struct {
	formPage
	Tokens []Token
	Now    time.Time
	Zone   *time.Location
	Secret string // of the token just made, shown once
}

func (m *Module) tokensPage(r *web.Request) (web.Response, error) {
	day := form.DateOf(m.Clock.Now().In(m.Zone).AddDate(0, 3, 0)).String()
	p, err := m.tokensForm(r, form.State{Values: map[string][]string{"scope": {string(access.ScopeRead)}, "expires": {day}}})
	return web.Page(tokensView(p)), err
}

func (m *Module) tokensForm(r *web.Request, st form.State) (tokensForm, error) {
	ctx := r.Context()
	all, err := m.Tokens(ctx, access.Of(ctx))
	f := tokensForm{formPage: newFormPage(ctx, text.T(ctx, "Mes jetons d’accès"), st, toAccount(ctx)), Tokens: all, Now: m.Clock.Now(), Zone: m.Zone}
	f.Page = told(r, f.Page)
	return f, err
}

func (m *Module) makeToken(r *web.Request) (web.Response, error) {
	var in struct {
		TokenRequest
		Expires form.Date `form:"expires"`
	}
	values, err := form.Into(r.Request, &in)
	secret := ""
	if err == nil {
		in.TokenRequest.Expires = instant(in.Expires.In(m.Zone))
		_, secret, err = m.MakeToken(r.Context(), access.Of(r.Context()), in.TokenRequest)
	}
	if err != nil && fault.KindOf(err) != fault.BadInput {
		return orConfirm(err, "/compte/jetons")
	}
	p, listErr := m.tokensForm(r, form.Of(values, err))
	p.Secret = secret
	if in.Scope == access.ScopeAgenda && secret != "" {
		p.Secret = m.BaseURL + "/agenda/" + secret
	}
	if err != nil {
		return web.Invalid(tokensView(p)), listErr
	}
	return web.Page(tokensView(p)), listErr
}

func (m *Module) revokeToken(r *web.Request) (web.Response, error) {
	err := m.RevokeToken(r.Context(), access.Of(r.Context()), r.PathValue("id"))
	return done("/compte/jetons", "jeton"), err
}

type absenceForm struct {
	formPage
	Person   Person
	Deputies []Person
}

func (m *Module) absencePage(r *web.Request) (web.Response, error) {
	p, err := m.absenceForm(r, nil)
	return web.Page(absenceView(p)), err
}

func (m *Module) absenceForm(r *web.Request, st *form.State) (absenceForm, error) {
	ctx := r.Context()
	f := absenceForm{}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if f.Person, err = find(ctx, tx, access.Of(ctx).Person); err == nil {
			f.Deputies, err = m.deputies(ctx, tx, f.Person, m.Clock.Now())
		}
		return err
	})
	if st == nil {
		st = &form.State{Values: form.Unbind(m.absenceDays(f.Person.Absence))}
	}
	f.formPage = newFormPage(ctx, text.T(ctx, "Mon absence"), *st, toAccount(ctx))
	return f, err
}

// days are an absence as a form asks for it: its first and its last day.
type days struct {
	First      form.Date `form:"from"`
	Last       form.Date `form:"to"`
	Substitute string    `form:"substitute"`
}

func (m *Module) absenceDays(a Absence) days {
	if a.From.IsZero() {
		return days{}
	}
	return days{form.DateOf(a.From.In(m.Zone)), form.DateOf(a.To.In(m.Zone).AddDate(0, 0, -1)), a.Substitute}
}

func (d days) absence(zone *time.Location) Absence {
	if d.First.IsZero() && d.Last.IsZero() {
		return Absence{}
	}
	a := Absence{From: d.First.In(zone), Substitute: d.Substitute}
	if !d.Last.IsZero() {
		a.To = d.Last.In(zone).AddDate(0, 0, 1)
	}
	return a
}

func (m *Module) announce(r *web.Request) (web.Response, error) {
	var in days
	values, err := form.Into(r.Request, &in)
	if err == nil {
		v := access.Of(r.Context())
		err = m.Announce(r.Context(), v, v.Person, in.absence(m.Zone))
	}
	if fault.KindOf(err) == fault.BadInput {
		st := form.Of(values, err)
		p, err := m.absenceForm(r, &st)
		return web.Invalid(absenceView(p)), err
	}
	return done("/compte", "absence"), err
}

// scopeOptions are the widths of a token.
func scopeOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: string(access.ScopeRead), Label: text.T(ctx, "Lire")},
		{Value: string(access.ScopeWrite), Label: text.T(ctx, "Lire et écrire")},
		{Value: string(access.ScopeAgenda), Label: text.T(ctx, "Suivre mon agenda par un lien secret"), Small: text.T(ctx, "Pour l’agenda du téléphone ou de l’ordinateur ; le lien ne montre rien d’autre")},
		{Value: string(access.ScopeAdmin), Label: text.T(ctx, "Lire, écrire et administrer les comptes"), Small: text.T(ctx, "Dans la limite de vos propres droits")},
	}
}

// widest names the widest scope of a token.
func (t Token) widest(ctx context.Context) string {
	for _, o := range slices.Backward(scopeOptions(ctx)) {
		if slices.Contains(t.Scopes, access.Scope(o.Value)) {
			return o.Label
		}
	}
	return ""
}
