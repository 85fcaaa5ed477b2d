package account

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"cadre/core/access"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// Routes is the table of contents of the pages about people.
func (m *Module) Routes() []web.Route {
	list := access.Holding(append([]access.Function{access.Secretariat, access.Oversight, access.Technical}, ofInstitution...)...)
	return []web.Route{
		{Pattern: "GET /connexion", Allow: access.Anyone, Handle: m.signInPage},
		{Pattern: "POST /connexion", Allow: access.Anyone, Handle: m.signIn},
		{Pattern: "GET /connexion/code", Allow: access.Anyone, Handle: m.codePage},
		{Pattern: "POST /connexion/code", Allow: access.Anyone, Handle: m.enterCode},
		{Pattern: "POST /deconnexion", Allow: access.Anyone, Handle: m.signOut},
		{Pattern: "GET /mot-de-passe-oublie", Allow: access.Anyone, Handle: m.forgottenPage},
		{Pattern: "POST /mot-de-passe-oublie", Allow: access.Anyone, Handle: m.forgotten},
		{Pattern: "GET /invitation/{jeton}", Allow: access.Anyone, Handle: m.invitationPage},
		{Pattern: "POST /invitation/{jeton}", Allow: access.Anyone, Handle: m.accept},

		{Pattern: "GET /compte", Allow: access.SignedIn, Handle: m.accountPage},
		{Pattern: "POST /compte", Allow: access.SignedIn, Handle: m.editOwn},
		{Pattern: "GET /compte/confirmation", Allow: access.SignedIn, Handle: m.confirmPage},
		{Pattern: "POST /compte/confirmation", Allow: access.SignedIn, Handle: m.confirm},
		{Pattern: "GET /compte/mot-de-passe", Allow: access.SignedIn, Handle: m.passwordPage},
		{Pattern: "POST /compte/mot-de-passe", Allow: access.SignedIn, Handle: m.changeOwnPassword},
		{Pattern: "GET /compte/double-authentification", Allow: access.Anyone, Handle: m.totpPage},
		{Pattern: "POST /compte/double-authentification", Allow: access.Anyone, Handle: m.enableTOTP},
		{Pattern: "POST /compte/double-authentification/codes", Allow: access.SignedIn, Handle: web.Button(m.renewCodes)},
		{Pattern: "POST /compte/double-authentification/retirer", Allow: access.SignedIn, Handle: web.Button(m.removeTOTP)},
		{Pattern: "GET /compte/sessions", Allow: access.SignedIn, Handle: m.sessionsPage},
		{Pattern: "POST /compte/sessions/{id}/fermer", Allow: access.SignedIn, Handle: web.Button(m.closeSession)},
		{Pattern: "GET /compte/jetons", Allow: access.SignedIn, Handle: m.tokensPage},
		{Pattern: "POST /compte/jetons", Allow: access.SignedIn, Handle: m.makeToken},
		{Pattern: "POST /compte/jetons/{id}/revoquer", Allow: access.SignedIn, Handle: web.Button(m.revokeToken)},
		{Pattern: "GET /compte/absence", Allow: access.SignedIn, Handle: m.absencePage},
		{Pattern: "POST /compte/absence", Allow: access.SignedIn, Handle: m.announce},

		{Pattern: "GET /personnes", Allow: list, Handle: m.peoplePage},
		{Pattern: "GET /personnes/inviter", Allow: list, Handle: m.invitePage},
		{Pattern: "POST /personnes", Allow: list, Handle: m.inviteOne},
		{Pattern: "GET /personnes/{id}", Allow: access.SignedIn, Handle: m.personPage},
		{Pattern: "GET /personnes/{id}/modifier", Allow: list, Handle: m.editPage},
		{Pattern: "POST /personnes/{id}", Allow: list, Handle: m.editOne},
		{Pattern: "POST /personnes/{id}/fonctions", Allow: list, Handle: m.giveOne},
		{Pattern: "POST /personnes/{id}/fonctions/terminer", Allow: list, Handle: m.endOne},
		{Pattern: "POST /personnes/{id}/desactiver", Allow: list, Handle: m.onPerson(m.Disable, "desactive")},
		{Pattern: "POST /personnes/{id}/reactiver", Allow: list, Handle: m.onPerson(m.Enable, "reactive")},
		{Pattern: "POST /personnes/{id}/inviter", Allow: list, Handle: m.onPerson(m.Reinvite, "invite")},
		{Pattern: "POST /personnes/{id}/sessions", Allow: list, Handle: m.onPerson(m.EndSessions, "sessions")},
		{Pattern: "POST /personnes/{id}/double-authentification", Allow: list, Handle: m.onPerson(m.ResetTOTP, "totp")},
		{Pattern: "GET /personnes/{id}/effacer", Allow: list, Handle: m.erasePage},
		{Pattern: "POST /personnes/{id}/effacer", Allow: list, Handle: m.eraseOne},
		{Pattern: "GET /personnes/{id}/passation", Allow: list, Handle: m.handoverPage},
		{Pattern: "POST /personnes/{id}/passation", Allow: list, Handle: m.handOver},
		{Pattern: "GET /personnes/{id}/passation/fiche", Allow: access.SignedIn, Handle: m.sheetPage},
	}
}

// formPage is a page that holds one form.
type formPage struct {
	ui.Page
	State form.State
	Next  string // page to go on to; a local address
}

func newFormPage(ctx context.Context, title string, st form.State, crumbs ...ui.Link) formPage {
	p := formPage{Page: ui.Start(ctx, title, crumbs...), State: st}
	p.Failed = st.Failed()
	return p
}

// origin is where a request comes from.
func (m *Module) origin(r *web.Request) Origin {
	return Origin{Address: m.Address(r.Request), Agent: r.UserAgent()}
}

// local returns an address to go on to, when it is a page of this site; otherwise the first page.
func local(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(address, "//") || strings.Contains(address, `\`) {
		return "/"
	}
	return u.RequestURI()
}

// with adds the page to go on to, unless it is the first.
func with(path, next string) string {
	if next == "/" {
		return path
	}
	return path + "?suite=" + url.QueryEscape(next)
}

// goOn sends the browser to what its session still lacks, or to the page that was asked for.
func (m *Module) goOn(o Opened, next string) web.Response {
	path := next
	switch o.stage {
	case atCode:
		path = with("/connexion/code", next)
	case atEnrol:
		path = with("/compte/double-authentification", next)
	}
	return web.SeeOther(path).Cookie(m.cookie(o.Secret))
}

// orConfirm sends whoever has to confirm who they are to the page that asks for it,
// and from there back to path. Any other error is returned as it is.
func orConfirm(err error, path string) (web.Response, error) {
	if errors.Is(err, errStale) {
		return web.SeeOther(with("/compte/confirmation", path)), nil
	}
	return web.Response{}, err
}

// again shows the form again when what was typed is at fault, or comes too soon; any other
// error is returned as it is.
func again(err error, show func() templ.Component) (web.Response, error) {
	if retried(err) {
		return web.Again(show(), err), nil
	}
	return web.Response{}, err
}

// retried reports whether a form that err refused may be sent again as it is, sooner or later.
func retried(err error) bool {
	kind := fault.KindOf(err)
	return kind == fault.BadInput || kind == fault.TooMany
}

// news are what a page says was done, by the word that the address carries.
var news = map[string]string{
	"compte":       text.Key("Votre compte est à jour."),
	"mot-de-passe": text.Key("Votre mot de passe est changé. Les autres sessions sont fermées."),
	"absence":      text.Key("L’absence est enregistrée."),
	"deconnecte":   text.Key("Vous êtes déconnecté."),
	"session":      text.Key("La session est fermée."),
	"jeton":        text.Key("Le jeton est révoqué."),
	"totp-retire":  text.Key("La double authentification est retirée."),
	"desactive":    text.Key("Le compte est désactivé. Ses sessions et ses jetons sont fermés."),
	"reactive":     text.Key("Le compte est réactivé."),
	"invite":       text.Key("L’invitation est envoyée par courriel."),
	"sessions":     text.Key("Les sessions sont fermées."),
	"totp":         text.Key("La double authentification est réinitialisée."),
	"modifie":      text.Key("Le compte est modifié."),
	"fonction":     text.Key("La fonction est confiée."),
	"fin":          text.Key("La fonction est terminée."),
	"efface":       text.Key("Les données de la personne sont effacées."),
}

// told fills in what was just done.
func told(r *web.Request, p ui.Page) ui.Page {
	if key, ok := news[r.Query("fait")]; ok {
		p.Done = text.M(key).In(text.Of(r.Context()))
	}
	return p
}

func done(path, what string) web.Response { return web.SeeOther(path + "?fait=" + what) }
