package account

import (
	"errors"
	"net/url"

	"cadre/core/access"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

func (m *Module) signInPage(r *web.Request) (web.Response, error) {
	next := local(r.Query("suite"))
	if access.Of(r.Context()).Known() {
		return web.SeeOther(next), nil
	}
	p, err := m.presence(r.Context(), m.secretOf(r.Request))
	if err != nil || p.session.stage == atEnrol {
		return web.SeeOther(with("/compte/double-authentification", next)), err
	}
	return web.Page(signInView(m.signInForm(r, form.State{}, next))), nil
}

func (m *Module) signInForm(r *web.Request, st form.State, next string) formPage {
	f := newFormPage(r.Context(), text.T(r.Context(), "Se connecter"), st)
	f.Page, f.Next = told(r, f.Page), next
	return f
}

func (m *Module) signIn(r *web.Request) (web.Response, error) {
	var c Credentials
	values, err := form.Into(r.Request, &c)
	next := local(values.Get("suite"))
	var o Opened
	if err == nil {
		o, err = m.SignIn(r.Context(), c, m.secretOf(r.Request), m.origin(r))
	}
	if err != nil {
		return again(err, func() templ.Component { return signInView(m.signInForm(r, form.Of(values, err), next)) })
	}
	return m.goOn(o, next), nil
}

func (m *Module) codePage(r *web.Request) (web.Response, error) {
	next := local(r.Query("suite"))
	p, err := m.presence(r.Context(), m.secretOf(r.Request))
	if err != nil {
		return web.Response{}, err
	}
	if p.session.stage != atCode {
		return web.SeeOther(with("/connexion", next)), nil
	}
	return web.Page(codeView(codeForm(r, form.State{}, next))), nil
}

func codeForm(r *web.Request, st form.State, next string) formPage {
	f := newFormPage(r.Context(), text.T(r.Context(), "Code de vérification"), st)
	f.Next = next
	return f
}

func (m *Module) enterCode(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	next := local(values.Get("suite"))
	var o Opened
	if err == nil {
		o, err = m.EnterCode(r.Context(), m.secretOf(r.Request), values.Get("code"), m.origin(r))
	}
	if fault.KindOf(err) == fault.Unauthorized { // the password was given too long ago
		return web.SeeOther(with("/connexion", next)), nil
	}
	if err != nil {
		return again(err, func() templ.Component { return codeView(codeForm(r, form.Of(values, err), next)) })
	}
	return m.goOn(o, next), nil
}

func (m *Module) signOut(r *web.Request) (web.Response, error) {
	if err := m.SignOut(r.Context(), m.secretOf(r.Request)); err != nil && fault.KindOf(err) != fault.NotFound {
		return web.Response{}, err
	}
	return done("/connexion", "deconnecte").Cookie(m.cookie("")).With("Clear-Site-Data", `"cache","storage"`), nil
}

func (m *Module) forgottenPage(r *web.Request) (web.Response, error) {
	return web.Page(forgottenView(newFormPage(r.Context(), text.T(r.Context(), "Mot de passe oublié"), form.State{}))), nil
}

// forgotten answers the same for every address.
func (m *Module) forgotten(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err == nil && !validEmail(values.Get("email")) {
		err = fault.Invalid("email", "Donnez une adresse électronique complète, par exemple nom@structure.tg.")
	}
	if err == nil {
		err = m.ForgotPassword(r.Context(), values.Get("email"), m.origin(r))
	}
	f := newFormPage(r.Context(), text.T(r.Context(), "Mot de passe oublié"), form.Of(values, err))
	if err != nil {
		return again(err, func() templ.Component { return forgottenView(f) })
	}
	return web.Page(sentView(f)), nil
}

type invitationForm struct {
	formPage
	Person Person
	Action string
}

func (m *Module) invitationPage(r *web.Request) (web.Response, error) {
	p, err := m.Invited(r.Context(), r.PathValue("jeton"))
	if err != nil {
		return answered(r, err)
	}
	return web.Page(invitationView(m.choosePassword(r, p, form.State{}))).With("Referrer-Policy", "no-referrer"), nil
}

func (m *Module) choosePassword(r *web.Request, p Person, st form.State) invitationForm {
	return invitationForm{newFormPage(r.Context(), text.T(r.Context(), "Choisir un mot de passe"), st), p, "/invitation/" + url.PathEscape(r.PathValue("jeton"))}
}

func (m *Module) accept(r *web.Request) (web.Response, error) {
	p, err := m.Invited(r.Context(), r.PathValue("jeton"))
	if err != nil {
		return answered(r, err)
	}
	values, err := form.Read(r.Request)
	if err == nil {
		err = same(values)
	}
	var o Opened
	if err == nil {
		o, err = m.Accept(r.Context(), r.PathValue("jeton"), values.Get("password"), m.origin(r))
	}
	if errors.Is(err, errAnswered) { // twice at once
		return answered(r, err)
	}
	if err != nil {
		return again(err, func() templ.Component { return invitationView(m.choosePassword(r, p, form.Of(values, err))) })
	}
	return m.goOn(o, "/"), nil
}

// answered says, to who comes again with a link that has served, that it is done.
func answered(r *web.Request, err error) (web.Response, error) {
	switch {
	case !errors.Is(err, errAnswered):
		return web.Response{}, err
	case access.Of(r.Context()).Known():
		return web.SeeOther("/").Done(text.Key("Ce lien a déjà servi : votre mot de passe est choisi.")), nil
	}
	return web.SeeOther("/connexion").Done(errAnswered.Sentence.Key), nil
}

// same refuses a new password that was not typed twice the same: nobody sees what they type.
func same(values url.Values) error {
	if values.Get("password") != values.Get("again") {
		return fault.Invalid("again", "Les deux saisies diffèrent : recommencez.")
	}
	return nil
}

func (m *Module) confirmPage(r *web.Request) (web.Response, error) {
	return web.Page(confirmView(m.confirmForm(r, form.State{}, local(r.Query("suite"))))), nil
}

type confirmForm struct {
	passwordForm
	TOTP bool // a code may be given instead
}

func (m *Module) confirmForm(r *web.Request, st form.State, next string) confirmForm {
	p, s, err := m.own(r.Context(), access.Of(r.Context()))
	f := confirmForm{passwordForm{newFormPage(r.Context(), text.T(r.Context(), "Confirmer que c’est bien vous"), st), p.Email}, err == nil && len(s.TOTP) > 0}
	f.Next = next
	return f
}

func (m *Module) confirm(r *web.Request) (web.Response, error) {
	var proofs Proofs
	values, err := form.Into(r.Request, &proofs)
	next := local(values.Get("suite"))
	if err == nil {
		err = m.Confirm(r.Context(), access.Of(r.Context()), proofs, m.origin(r))
	}
	if err != nil {
		return again(err, func() templ.Component { return confirmView(m.confirmForm(r, form.Of(values, err), next)) })
	}
	return web.SeeOther(next), nil
}
