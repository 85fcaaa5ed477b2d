package app

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/calendar"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/id"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// languageCookie remembers the language that a person chose.
const languageCookie = "langue"

// wrap dresses a request with what every route needs: the language, the viewer,
// the frame of its page, and one effect for what is sent twice.
func (a *App) wrap(next http.Handler) http.Handler {
	guarded := a.guard.Wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") {
			next.ServeHTTP(w, r)
			return
		}
		who, err := a.People.Identify(r.Context(), r)
		ctx := text.With(r.Context(), a.language(w, r, who.Language))
		ctx = ui.WithFrame(access.With(ctx, who.Viewer), a.frame(r))
		if err != nil {
			a.server.Fail(w, r.WithContext(ctx), err)
			return
		}
		a.forgetDone(w, r)
		guarded.ServeHTTP(w, r.WithContext(ctx))
	})
}

// language is the one asked for in the address, then the one chosen before, then
// the person's own, then French: many browsers in the country were installed in English by nobody's choice.
func (a *App) language(w http.ResponseWriter, r *http.Request, own text.Lang) text.Lang {
	if l := text.Lang(r.URL.Query().Get("lang")); l == text.French || l == text.English {
		http.SetCookie(w, &http.Cookie{ // #nosec G124 -- Secure wherever there is TLS
			Name: languageCookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true,
			Secure: a.secure(), SameSite: http.SameSiteLaxMode})
		return l
	}
	if c, err := r.Cookie(languageCookie); err == nil {
		own = text.Lang(c.Value)
	}
	if own == text.English {
		return text.English
	}
	return text.French
}

// frame is what every page of the request starts from.
func (a *App) frame(r *http.Request) func(context.Context) ui.Page {
	return func(ctx context.Context) ui.Page {
		v := access.Of(ctx)
		p := ui.Page{
			Site: ui.Site{Name: "Cadre", Lines: []string{a.named(ctx, a.Pack.Settings.Framework.FR, a.Pack.Settings.Framework.EN), text.T(ctx, "Paix et sécurité, %s", a.named(ctx, a.Pack.Settings.Country.FR, a.Pack.Settings.Country.EN))},
				Letterhead: [2]string{a.Pack.Settings.Framework.FR, a.Pack.Settings.Letterhead.Republic + "\n" + a.Pack.Settings.Letterhead.Motto}, LetterLang: text.French,
				Search: "/recherche", SearchHint: text.T(ctx, "Sigle, mot, lieu…"), SignIn: ui.Link{Label: text.T(ctx, "Se connecter"), Href: signIn(r)},
				Links: a.footLinks(ctx, v), Demo: a.Demo},
			Menu:      menu(ctx, v, r.URL.Path),
			Query:     r.URL.Query().Get("q"),
			Languages: languages(ctx, r),
			Printed:   text.T(ctx, "le %s", text.Date(ctx, a.Clock.Now().In(a.zone))),
			Done:      done(ctx, r),
		}
		if v.Known() {
			p.Printed = text.T(ctx, "le %s par %s", text.Date(ctx, a.Clock.Now().In(a.zone)), v.Name)
			p.Me = a.me(ctx, v)
		}
		if readsProof(ctx) == nil {
			p.Proof = "/preuve"
		}
		return p
	}
}

func (a *App) named(ctx context.Context, french, english string) string {
	return text.Own(ctx, french, english).Words
}

// me is the person signed in, with the pages about themselves.
func (a *App) me(ctx context.Context, v access.Viewer) *ui.Me {
	links := []ui.Link{{Label: text.T(ctx, "Mon compte"), Href: "/compte"}, {Label: text.T(ctx, "Mes sessions"), Href: "/compte/sessions"}, {Label: text.T(ctx, "Mes jetons d’accès"), Href: "/compte/jetons"}}
	if v.Is(access.Head, access.Focal, access.Deputy, access.Secretariat, access.Technical) {
		links = append(links, ui.Link{Label: text.T(ctx, "Personnes"), Href: "/personnes"})
	}
	return &ui.Me{Key: v.Person, Name: v.Name, Links: links, SignOut: "/deconnexion"}
}

func (a *App) footLinks(ctx context.Context, v access.Viewer) []ui.Link {
	links := []ui.Link{{Label: text.T(ctx, "Aide"), Href: "/aide"}, {Label: text.T(ctx, "Interface de programmation"), Href: "/api/v1"}}
	if v.Known() {
		links = append(links, ui.Link{Label: text.T(ctx, "Jours fériés et délais"), Href: calendar.Home})
	}
	if a.Demo {
		links = append(links, ui.Link{Label: text.T(ctx, "Démonstration"), Href: "/demo"})
	}
	return links
}

func menu(ctx context.Context, v access.Viewer, path string) []ui.MenuItem {
	items := []ui.MenuItem{{Label: text.T(ctx, "Annuaire"), Href: "/structures", Current: inDirectory(path)},
		{Label: text.T(ctx, "Plan concerté"), Href: "/activites", Current: strings.HasPrefix(path, "/activites") || strings.HasPrefix(path, "/protocoles")}}
	if v.Known() {
		items = append([]ui.MenuItem{{Label: text.T(ctx, "À traiter"), Href: "/", Current: path == "/"}}, items...)
		items = append(items, ui.MenuItem{Label: text.T(ctx, "Synergies"), Href: "/synergie", Current: strings.HasPrefix(path, "/synergie")})
	}
	if v.Is(access.Head, access.Focal, access.Deputy, access.Secretariat, access.Technical) {
		items = append(items, ui.MenuItem{Label: text.T(ctx, "Personnes"), Href: "/personnes", Current: strings.HasPrefix(path, "/personnes")})
	}
	if v.Is(access.Secretariat) {
		items = append(items, ui.MenuItem{Label: text.T(ctx, "Fraîcheur"), Href: "/annuaire/fraicheur", Current: path == "/annuaire/fraicheur"})
	}
	return items
}

// inDirectory reports whether a page belongs to the directory.
func inDirectory(path string) bool {
	return path != "/annuaire/fraicheur" && slices.ContainsFunc([]string{"/structures", "/faits", "/annuaire", "/territoires"}, func(p string) bool { return strings.HasPrefix(path, p) })
}

// languages leads to the same page in the other language.
func languages(ctx context.Context, r *http.Request) []ui.Link {
	other := ui.Link{Label: "English", Lang: "en"}
	if text.Of(ctx) == text.English {
		other = ui.Link{Label: "Français", Lang: "fr"}
	}
	q := r.URL.Query()
	q.Set("lang", other.Lang)
	other.Href = r.URL.EscapedPath() + "?" + q.Encode()
	return []ui.Link{other}
}

// signIn is the address of the sign-in page, which leads back to the page asked for.
func signIn(r *http.Request) string {
	if r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, "/connexion") {
		return "/connexion"
	}
	return "/connexion?suite=" + url.QueryEscape(r.URL.RequestURI())
}

// done is what the form sent just before has done: its sentence travels in a cookie
// over the redirection.
func done(ctx context.Context, r *http.Request) string {
	c, err := r.Cookie(web.DoneCookie)
	if err != nil {
		return ""
	}
	key, err := url.QueryUnescape(c.Value)
	if err != nil || !text.Known(key) {
		return ""
	}
	return text.T(ctx, key)
}

// forgetDone makes the sentence be said once.
func (a *App) forgetDone(w http.ResponseWriter, r *http.Request) {
	if _, err := r.Cookie(web.DoneCookie); err == nil && r.Method == http.MethodGet {
		http.SetCookie(w, &http.Cookie{ // #nosec G124 -- Secure wherever there is TLS
			Name: web.DoneCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: a.secure(), SameSite: http.SameSiteLaxMode})
	}
}

// sender names who sends a request, for the keys of what is sent twice.
func (a *App) sender(r *http.Request) string {
	if v := access.Of(r.Context()); v.Known() {
		return v.Person
	}
	return a.server.Address(r)
}

// resumeView shows what was sent after the session had ended, so that nothing is lost.
type resumeView struct {
	ui.Page
	Action string
	SignIn string
	Values url.Values
}

// written is what was written in words; the rest are choices and keys.
func written(values url.Values) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			if strings.ContainsAny(value, " \n") {
				all = append(all, value)
			}
		}
	}
	return all
}

// resume keeps what somebody sent after their session had ended: they sign in
// beside, and send it again.
func resume(r *http.Request, values url.Values) templ.Component {
	ctx := r.Context()
	return resumePage(resumeView{ui.Start(ctx, text.T(ctx, "Votre session a pris fin")), r.URL.RequestURI(), "/connexion", values})
}

type faultView struct {
	ui.Page
	Status int
	Fault  *fault.Fault
	Number string

	Written []string // what was sent for nothing, to be copied from here
	Now     string   // address of what has changed meanwhile; empty for none
}

// faultPage shows a fault. For what is absent and what is hidden it is the same, byte for byte.
func faultPage(r *http.Request, status int, f *fault.Fault, number string) templ.Component {
	ctx := r.Context()
	p := faultView{Page: ui.Start(ctx, faultTitle(ctx, f)), Status: status, Fault: f, Number: number}
	switch f.Kind {
	case fault.Conflict:
		p.Written, p.Now = unsaved(r), cmp.Or(about(r.URL.Path), cameFrom(r))
	case fault.Unavailable, fault.Internal, fault.TooMany:
		p.Written = unsaved(r)
	}
	return showFault(p)
}

// unsaved is what the form of a request said in words, but for secrets.
func unsaved(r *http.Request) []string {
	if r.PostForm == nil && r.Method == http.MethodPost {
		_, _ = form.Read(r) // what cannot be read is not given back
	}
	if r.PostForm.Has("password") || r.PostForm.Has("code") {
		return nil
	}
	return written(r.PostForm)
}

// cameFrom is the page of this site whose form was sent; empty for none.
func cameFrom(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || r.Method != http.MethodPost || u.Host != r.Host || !strings.HasPrefix(u.Path, "/") {
		return ""
	}
	return u.RequestURI()
}

// about is the address of the record that an address is a part of; empty for none.
func about(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts[:len(parts)-1] {
		if id.Valid(part) {
			return strings.Join(parts[:i+1], "/")
		}
	}
	return ""
}

func faultTitle(ctx context.Context, f *fault.Fault) string {
	switch f.Kind {
	case fault.NotFound:
		return text.T(ctx, "Page introuvable")
	case fault.Forbidden:
		return text.T(ctx, "Opération réservée")
	case fault.Conflict:
		return text.T(ctx, "Opération impossible en l’état")
	case fault.BadInput, fault.TooLarge, fault.WrongMethod:
		return text.T(ctx, "Demande incomplète ou incorrecte")
	case fault.TooMany:
		return text.T(ctx, "Trop d’essais")
	case fault.Unavailable:
		return text.T(ctx, "Momentanément indisponible")
	}
	return text.T(ctx, "Une erreur est survenue")
}

// words says the values of a record's fields as people do, for the comparison of versions.
func (a *App) words() func(context.Context, *db.Tx, string, string) string {
	return func(ctx context.Context, tx *db.Tx, field, value string) string {
		lines := strings.Split(value, "\n")
		for i, line := range lines {
			switch field {
			case "audience":
				lines[i] = a.circleWords(ctx, tx, line)
			case "confirmed":
				lines[i] = a.confirmation(ctx, tx, line)
			default:
				lines[i] = a.Directory.Words(ctx, field, line)
			}
		}
		return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
	}
}

// confirmation words when a sheet was verified, and by whom.
func (a *App) confirmation(ctx context.Context, tx *db.Tx, value string) string {
	when, person, _ := strings.Cut(value, " · ")
	at, err := time.Parse(time.RFC3339, when)
	if err != nil {
		return value
	}
	names, err := a.People.Names(ctx, tx, []string{person})
	if err != nil {
		return text.Time(ctx, at.In(a.zone))
	}
	return strings.TrimSpace(text.Time(ctx, at.In(a.zone)) + "\n" + names[person])
}

// circleWords names a principal of an audience.
func (a *App) circleWords(ctx context.Context, tx *db.Tx, principal string) string {
	switch kind, id, _ := strings.Cut(principal, ":"); kind {
	case "public":
		return text.T(ctx, "Le public")
	case "members":
		return text.T(ctx, "Toutes les structures du cadre")
	case "structure":
		names, err := a.Directory.Acronyms(ctx, tx)
		if err == nil {
			return names[id]
		}
	case "person":
		names, err := a.People.Names(ctx, tx, []string{id})
		if err == nil {
			return names[id]
		}
	}
	return ""
}
