package account

import (
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/kit/api"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/test"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// served is the house behind its own server.
type served struct {
	*house
	*httptest.Server
}

func serve(t *testing.T, h *house) *served {
	t.Helper()
	server := &web.Server{Log: slog.New(slog.DiscardHandler), SignIn: func(r *http.Request) string {
		return "/connexion?suite=" + url.QueryEscape(r.URL.RequestURI())
	}}
	server.Fault = func(_ *http.Request, status int, f *fault.Fault, _ string) templ.Component {
		return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, err := fmt.Fprintf(w, "<h1>%d</h1><p>%s</p>", status, html.EscapeString(f.Sentence.In("fr")))
			return err
		})
	}
	server.Wrap = func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			v, err := h.Viewer(r.Context(), r)
			if err != nil {
				f, number := server.Explain(r.Context(), err)
				web.WriteProblem(w, r, f, number)
				return
			}
			next.ServeHTTP(w, r.WithContext(access.With(r.Context(), v)))
		})
	}
	operations := api.New("Cadre", "1", "/api/v1", server.Explain)
	h.API(operations)
	routes := append(h.Routes(), web.Route{Pattern: "GET /{$}", Allow: access.SignedIn, Handle: func(r *web.Request) (web.Response, error) {
		return web.Bytes("text/plain", []byte("à traiter de "+access.Of(r.Context()).Name)), nil
	}})
	s := httptest.NewServer(server.Handler(routes, map[string]http.Handler{"/api/v1/": operations.Handler(server.Known)}))
	t.Cleanup(s.Close)
	return &served{h, s}
}

// browser is somebody's browser: it keeps cookies and follows redirects.
type browser struct {
	s *served
	http.Client
}

func (s *served) browser() *browser {
	jar, err := cookiejar.New(nil)
	s.must(err)
	return &browser{s, http.Client{Jar: jar}}
}

// as is a browser in which the persona has a session.
func (s *served) enter(key string) *browser {
	s.t.Helper()
	b := s.browser()
	secret, _ := s.signedIn(key)
	u, err := url.Parse(s.URL)
	s.must(err)
	b.Jar.SetCookies(u, []*http.Cookie{s.cookie(secret)})
	return b
}

// page is what a browser shows.
type shown struct {
	status int
	path   string
	body   string
	header http.Header
}

func (b *browser) get(path string) shown {
	b.s.t.Helper()
	r, err := b.Get(b.s.URL + path)
	b.s.must(err)
	return b.read(r)
}

func (b *browser) post(path string, fields ...string) shown {
	b.s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r, err := b.PostForm(b.s.URL+path, form)
	b.s.must(err)
	return b.read(r)
}

func (b *browser) read(r *http.Response) shown {
	b.s.t.Helper()
	defer r.Body.Close() //nolint:errcheck // read to its end
	body, err := io.ReadAll(r.Body)
	b.s.must(err)
	return shown{r.StatusCode, r.Request.URL.Path, html.UnescapeString(string(body)), r.Header}
}

// holds fails the test unless the page has the status and all the words.
func (p shown) holds(t *testing.T, status int, words ...string) shown {
	t.Helper()
	if p.status != status {
		t.Fatalf("%s: status %d, want %d\n%s", p.path, p.status, status, p.body)
	}
	for _, w := range words {
		if !strings.Contains(p.body, w) {
			t.Errorf("%s lacks %q\n%s", p.path, w, p.body)
		}
	}
	return p
}

// lacks fails the test if the page has one of the words.
func (p shown) lacks(t *testing.T, words ...string) shown {
	t.Helper()
	for _, w := range words {
		if strings.Contains(p.body, w) {
			t.Errorf("%s shows %q", p.path, w)
		}
	}
	return p
}

// find returns what the first group of the pattern matched in the page.
func (p shown) find(t *testing.T, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(p.body)
	if m == nil {
		t.Fatalf("%s: nothing like %s\n%s", p.path, pattern, p.body)
	}
	return m[1]
}

// lastMail returns the body of the last mail queued to an address, empty for none.
func (h *house) lastMail(to string) string {
	h.t.Helper()
	var bodies []string
	h.must(h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		bodies, err = db.Values[string](ctx, tx, `SELECT body FROM outbox WHERE recipient = $1 ORDER BY id DESC`, to)
		return err
	}))
	if len(bodies) == 0 {
		return ""
	}
	return bodies[0]
}

func plain(d *Deps) { d.BaseURL = "http://cadre.test" }

func eachServed(t *testing.T, fn func(*testing.T, *served), options ...func(*Deps)) {
	t.Helper()
	each(t, func(t *testing.T, h *house) { fn(t, serve(t, h)) }, append(options, plain)...)
}

func TestInvitationToFirstPage(t *testing.T) {
	eachServed(t, func(t *testing.T, s *served) {
		focal := s.enter("focal")
		focal.get("/personnes/inviter").holds(t, 200, "Inviter une personne", "suppléant").lacks(t, "responsable</", "Diffusion restreinte")
		invited := focal.post("/personnes", "name", "Agent de liaison, CNAD", "email", "liaison@exemple.test", "functions", "member",
			"clearance", "green", "language", "fr", "mandate", "must_refer").holds(t, 200, "Agent de liaison, CNAD", "Invité, jamais connecté", "L’invitation est envoyée")
		if !strings.HasPrefix(invited.path, "/personnes/") {
			t.Fatalf("came to %s", invited.path)
		}
		link := regexp.MustCompile(`/invitation/\S+`).FindString(s.lastMail("liaison@exemple.test"))
		b := s.browser()
		b.get(link).holds(t, 200, "Agent de liaison, CNAD")
		b.post(link, "password", "cnad-liaison-2026", "again", "cnad-liaison-2026").holds(t, 422, "ne comptent pas")
		b.post(link, "password", goodPassword, "again", goodPassword+"!").holds(t, 422, "Les deux saisies diffèrent")
		enrol := b.post(link, "password", goodPassword, "again", goodPassword).holds(t, 200, "Elle est obligatoire ici", "<svg class=\"qr\"")
		if enrol.path != "/compte/double-authentification" {
			t.Fatalf("came to %s", enrol.path)
		}
		for _, closed := range []string{"/", "/compte", "/personnes", "/compte/jetons"} {
			if got := b.get(closed); got.path != "/compte/double-authentification" {
				t.Errorf("without a second factor %s leads to %s", closed, got.path)
			}
		}
		totp, err := base32Text.DecodeString(strings.ReplaceAll(enrol.find(t, `<code>([A-Z2-7 ]+)</code>`), " ", ""))
		s.must(err)
		sealed := enrol.find(t, `name="sealed" value="([^"]+)"`)
		b.post("/compte/double-authentification", "sealed", sealed, "code", "000000").holds(t, 422, "n’est pas celui")
		b.post("/compte/double-authentification", "sealed", sealed, "code", s.code(totp)).holds(t, 200, "ils ne seront plus jamais montrés")
		b.get("/").holds(t, 200, "à traiter de Agent de liaison, CNAD")
		for path, b := range map[string]*browser{"/": b, "/connexion": s.browser()} { // it has served: who is signed in, who is not
			if got := b.get(link); got.path != path {
				t.Errorf("again, it leads to %s", got.path)
			}
		}
		s.sound()
	}, func(d *Deps) { d.RequireTOTP = true })
}

func TestSignInPage(t *testing.T) {
	eachServed(t, func(t *testing.T, s *served) {
		s.password("member")
		totp, codes := s.enrolled("member")
		s.clock.Advance(time.Minute)
		b := s.browser()
		if got := b.get("/compte/sessions"); got.path != "/connexion" {
			t.Fatalf("came to %s", got.path)
		}
		form := b.get("/connexion?suite=%2Fcompte%2Fsessions").holds(t, 200, `value="/compte/sessions"`, `autocomplete="current-password"`)
		form.lacks(t, "Clear-Site-Data")
		b.post("/connexion", "email", "member@exemple.test", "password", "mauvais mot de passe").holds(t, 422, "n’est pas reconnu").lacks(t, "mauvais mot")
		asked := b.post("/connexion", "email", "member@exemple.test", "password", goodPassword, "suite", "/compte/sessions").holds(t, 200, "code à six chiffres")
		if asked.path != "/connexion/code" {
			t.Fatalf("came to %s", asked.path)
		}
		if got := b.get("/compte"); got.path != "/connexion" {
			t.Errorf("the password alone leads to %s", got.path)
		}
		b.post("/connexion/code", "code", "123", "suite", "/compte/sessions").holds(t, 422, "Ce code n’est pas le bon")
		in := b.post("/connexion/code", "code", s.code(totp), "suite", "/compte/sessions").holds(t, 200, "Mes sessions", "Celle-ci")
		if in.path != "/compte/sessions" {
			t.Errorf("came to %s", in.path)
		}
		out := b.post("/deconnexion").holds(t, 200, "Vous êtes déconnecté.")
		if out.path != "/connexion" {
			t.Errorf("came to %s", out.path)
		}
		b.post("/connexion", "email", "member@exemple.test", "password", goodPassword, "suite", "https://ailleurs.test/")
		b.post("/connexion/code", "code", strings.ToLower(codes[0]), "suite", "//ailleurs.test/").holds(t, 200, "à traiter")
	})
}

// TestGuessesAreToldToWait shows the form again, with the address typed, to who must wait.
func TestGuessesAreToldToWait(t *testing.T) {
	eachServed(t, func(t *testing.T, s *served) {
		b := s.browser()
		for range 5 {
			b.post("/connexion", "email", "member@exemple.test", "password", "mauvais mot de passe").holds(t, 422)
		}
		late := b.post("/connexion", "email", "member@exemple.test", "password", "mauvais mot de passe", "suite", "/compte").
			holds(t, 429, "Réessayez dans 1 min", `value="member@exemple.test"`, `value="/compte"`, "/mot-de-passe-oublie")
		if wait := late.header.Get("Retry-After"); wait != "30" {
			t.Errorf("Retry-After: %q", wait)
		}
		late.lacks(t, "mauvais mot")
	})
}

func TestSignOutHeaders(t *testing.T) {
	eachServed(t, func(t *testing.T, s *served) {
		b := s.enter("member")
		b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		got := b.post("/deconnexion").holds(t, 303)
		if c := got.header.Get("Clear-Site-Data"); c != `"cache","storage"` {
			t.Errorf("Clear-Site-Data: %s", c)
		}
		if c := got.header.Get("Set-Cookie"); !strings.Contains(c, "Max-Age=0") {
			t.Errorf("Set-Cookie: %s", c)
		}
	})
}

func TestCookie(t *testing.T) {
	for _, row := range []struct {
		secure bool
		want   string
	}{
		{true, "__Host-cadre=x; Path=/; HttpOnly; Secure; SameSite=Lax"},
		{false, "cadre=x; Path=/; HttpOnly; SameSite=Lax"},
	} {
		m := &Module{Deps: Deps{Secure: row.secure}}
		if got := m.cookie("x").String(); got != row.want {
			t.Errorf("%s, want %s", got, row.want)
		}
	}
}

func TestLocal(t *testing.T) {
	for address, want := range map[string]string{
		"/structures?nature=x": "/structures?nature=x", "": "/", "//ailleurs.test": "/", "https://ailleurs.test/": "/", `/\ailleurs.test`: "/",
		"javascript:alert(1)": "/", "structures": "/", "/a\nb": "/", "/é": "/%C3%A9",
	} {
		if got := local(address); got != want {
			t.Errorf("local(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestConfirmationBeforeWhatProtects(t *testing.T) {
	eachServed(t, func(t *testing.T, s *served) {
		s.password("member")
		b := s.enter("member")
		other := s.enter("member")
		s.clock.Advance(20 * time.Minute)
		for _, path := range []string{"/compte/mot-de-passe", "/compte/double-authentification"} {
			if got := b.get(path); got.path != "/compte/confirmation" {
				t.Errorf("%s leads to %s", path, got.path)
			}
		}
		for _, form := range [][]string{
			{"/compte/mot-de-passe", "password", "une autre longue phrase", "again", "une autre longue phrase"},
			{"/compte/jetons", "name", "export", "scope", "read", "expires", "2026-12-24"},
			{"/compte", "email", "nouveau@exemple.test", "language", "fr", "version", "1"},
		} {
			if got := b.post(form[0], form[1:]...); got.path != "/compte/confirmation" {
				t.Errorf("POST %s leads to %s", form[0], got.path)
			}
		}
		b.post("/compte/confirmation", "password", "faux", "suite", "/compte/mot-de-passe").holds(t, 422, "n’est pas le bon")
		if got := b.post("/compte/confirmation", "password", goodPassword, "suite", "/compte/mot-de-passe"); got.path != "/compte/mot-de-passe" {
			t.Errorf("came to %s", got.path)
		}
		b.post("/compte/mot-de-passe", "password", "une autre longue phrase", "again", "une autre longue phrase").holds(t, 200, "Votre mot de passe est changé")
		if got := other.get("/compte"); got.path != "/connexion" {
			t.Error("another session outlives the change of password")
		}
		if !strings.Contains(s.lastMail("member@exemple.test"), "a été changé") {
			t.Error("no mail tells of the change")
		}
		token := b.post("/compte/jetons", "name", "export", "scope", "read", "expires", "2026-12-24").holds(t, 200, "il ne sera plus jamais montré").find(t, `<code>(cadre_[\w-]+)</code>`)
		list := b.get("/compte/jetons").lacks(t, token)
		b.post("/compte/jetons/"+list.find(t, `action="/compte/jetons/([^/]+)/revoquer"`)+"/revoquer").holds(t, 200, "Le jeton est révoqué.")
		b.post("/compte", "email", "nouveau@exemple.test", "phone", "+228 90 00 00 00", "language", "en", "version", "1").holds(t, 200, "Votre compte est à jour.")
		if !strings.Contains(s.lastMail("member@exemple.test"), "nouveau@exemple.test") {
			t.Error("the old address is not told of the new one")
		}
		s.sound()
	})
}

func TestForgottenPassword(t *testing.T) {
	eachServed(t, func(t *testing.T, s *served) {
		s.password("member")
		totp, _ := s.enrolled("member")
		before := s.enter("member")
		b := s.browser()
		known := b.post("/mot-de-passe-oublie", "email", "member@exemple.test").holds(t, 200, "Consultez votre messagerie")
		unknown := b.post("/mot-de-passe-oublie", "email", "personne@exemple.test").holds(t, 200)
		if known.body != unknown.body {
			t.Error("the answers differ")
		}
		if s.lastMail("personne@exemple.test") != "" {
			t.Error("a mail went to an unknown address")
		}
		link := regexp.MustCompile(`/invitation/\S+`).FindString(s.lastMail("member@exemple.test"))
		s.clock.Advance(59 * time.Minute)
		reset := b.post(link, "password", "une autre longue phrase", "again", "une autre longue phrase")
		if reset.path != "/connexion/code" {
			t.Fatalf("the reset leads to %s: it must not replace the second factor", reset.path)
		}
		b.post("/connexion/code", "code", s.code(totp)).holds(t, 200, "à traiter")
		if again := b.post(link, "password", "encore une autre phrase", "again", "encore une autre phrase"); again.path != "/" {
			t.Errorf("a link that has served leads to %s", again.path)
		}
		if got := before.get("/"); got.path != "/connexion" {
			t.Error("a session outlives the reset")
		}
		for range 5 {
			b.post("/mot-de-passe-oublie", "email", "member@exemple.test").holds(t, 200)
		}
		if n := s.entries("account.reset.requested", s.by["member"].ID); n > 4 {
			t.Errorf("%d links were sent", n)
		}
		late := regexp.MustCompile(`/invitation/\S+`).FindString(s.lastMail("member@exemple.test"))
		s.clock.Advance(time.Hour)
		b.get(late).holds(t, 404, "trop ancien")
		s.sound()
	})
}

func TestPeoplePages(t *testing.T) {
	eachServed(t, func(t *testing.T, s *served) {
		member := "/personnes/" + s.by["member"].ID
		s.enter("focal").get("/personnes").holds(t, 200, "Persona member", "Persona head").lacks(t, "Persona stranger", "Persona secretariat")
		s.enter("secretariat").get("/personnes?structure=cndh").holds(t, 200, "Persona stranger").lacks(t, "Persona member")
		technical := s.enter("technical")
		technical.get("/personnes").holds(t, 200, "Persona member").lacks(t, "member@exemple.test")
		technical.get(member).holds(t, 200, "Désactiver le compte").lacks(t, "member@exemple.test", "Habilitation", "Modifier", "Confier une fonction")
		for _, path := range []string{"", "/modifier", "/passation", "/passation/fiche", "/effacer"} {
			s.enter("stranger").get(member+path).holds(t, 404)
		}
		s.enter("member").get(member).holds(t, 200, "member@exemple.test").lacks(t, "Désactiver", "Modifier")
		s.enter("focal").get(member).holds(t, 200, "Désactiver le compte", "Confier une fonction").lacks(t, "Effacer les données")
		head := "/personnes/" + s.by["head"].ID
		s.enter("focal").get(head).holds(t, 200).lacks(t, "Désactiver", "Modifier", "Terminer maintenant")
		s.enter("focal").post(head+"/fonctions/terminer", "function", "head").holds(t, 403)
		s.enter("focal").post("/personnes/"+s.by["focal"].ID+"/fonctions", "function", "deputy").holds(t, 403)
		s.enter("focal").post(head+"/desactiver").holds(t, 403)
		s.enter("focal").get(head+"/passation").holds(t, 403)
		s.enter("focal").post(head, "name", "x", "email", "focal2@exemple.test", "clearance", "green", "language", "fr", "mandate", "must_refer", "version", "1").holds(t, 403)
		s.enter("focal").post(member+"/fonctions", "function", "head").holds(t, 422, "Vous ne pouvez pas confier cette fonction")
		s.enter("focal").post(member+"/fonctions", "function", "field", "from", "01/12/2026").holds(t, 200, "La fonction est confiée.", "à venir")
		s.enter("focal").post(member+"/fonctions/terminer", "function", "field").holds(t, 200, "La fonction est terminée.")
		s.enter("secretariat").get(member+"/effacer").holds(t, 200, "personne effacée")
		s.enter("focal").get(member+"/modifier").holds(t, 200, `value="member@exemple.test"`, "TLP:AMBER").lacks(t, "TLP:RED")
		edit := []string{"name", "Agent, CNAD", "email", "agent@exemple.test", "clearance", "amber", "language", "fr", "mandate", "can_commit", "version", "3"}
		s.enter("focal").post(member, append([]string{"phone", "appelez"}, edit...)...).holds(t, 422, "Des chiffres")
		s.enter("focal").post(member, edit...).holds(t, 200, "Le compte est modifié.", "agent@exemple.test", "Peut engager sa structure")
		s.enter("focal").post(member, append([]string{"phone", "+228 90"}, edit...)...).holds(t, 409, "Enregistré entre-temps", ": rien.", `value="+228 90"`, `name="version" value="4"`)
		s.enter("secretariat").get("/personnes?etat=disabled").holds(t, 200, "Aucune personne ne répond")
		s.enter("secretariat").get("/personnes?page=zzz").holds(t, 422)
		s.enter("secretariat").post(member+"/effacer").holds(t, 422, "Indiquez le motif")
		s.enter("secretariat").post(member+"/effacer", "reason", "demande de la personne").holds(t, 200, "sont effacées").lacks(t, "agent@exemple.test")
		s.sound()
	})
}

func TestHandoverPages(t *testing.T) {
	eachServed(t, func(t *testing.T, s *served) {
		copies := 1
		s.Open = func(context.Context, string) ([]Item, error) {
			return slices.Repeat([]Item{{Kind: "Demande", Title: "Avis sur le projet de plan", Why: "CNAD-DEM-2026-0001", Due: test.Noon.Add(72 * time.Hour), Href: "/demandes/1", Marking: access.Amber}}, copies), nil
		}
		s.Marking = func(_ context.Context, m access.Marking) ui.Marking { return ui.Marking{Code: m.Label()} }
		b := s.enter("focal")
		mine := "/personnes/" + s.by["focal"].ID
		h := s.person("deputy")
		s.must(s.Edit(ctx, s.as("head"), h.ID, h.Version, Edition{h.Name, h.Email, "", "restricted", "fr", MustRefer})) // above the focal point's own
		b.get(mine+"/passation").holds(t, 200, "Persona deputy", "Consignes pour le successeur").lacks(t, "Persona stranger")
		b.post(mine+"/passation", "function", "", "successor", s.by["deputy"].ID).holds(t, 422, "Choisissez une fonction")
		b.post(mine+"/passation", "function", "focal", "at", "2026-12-01", "successor", "nouveau").holds(t, 422, "Donnez un nom")
		sheet := b.post(mine+"/passation", "function", "focal", "at", "2026-12-01", "successor", s.by["deputy"].ID, "note", "Appeler la douane le lundi.")
		sheet.holds(t, 200, "Fiche de passation de service", "Persona focal", "Persona deputy", "1er décembre 2026", "CNAD-DEM-2026-0001", `data-marking="TLP:AMBER"`, "Appeler la douane le lundi.", "Comité national anti-drogue")
		if !strings.Contains(s.lastMail("deputy@exemple.test"), "point focal") {
			t.Error("the successor is not told")
		}
		copies = 40
		b.get(mine+"/passation/fiche").holds(t, 200, "Et 11 autres, à lire sur")
		s.enter("stranger").get(mine+"/passation/fiche").holds(t, 404)
		s.clock.Advance(7 * day)
		if got := s.as("deputy").Functions; len(got) != 2 {
			t.Errorf("the successor holds %v", got)
		}
		if got := s.as("focal").Functions; len(got) != 0 {
			t.Errorf("the predecessor holds %v", got)
		}
		gone := s.enter("focal")
		gone.get(mine+"/passation/fiche").holds(t, 200, "Persona deputy").lacks(t, "CNAD-DEM-2026-0001")
		gone.get(mine).holds(t, 200, "terminée")
		gone.get("/personnes").holds(t, 404)
		gone.get("/personnes/"+s.by["deputy"].ID).holds(t, 404)
		s.sound()
	})
}

func TestAccountPages(t *testing.T) {
	eachServed(t, func(t *testing.T, s *served) {
		b := s.enter("focal")
		b.get("/compte").holds(t, 200, "Persona focal", "point focal", "Aucune absence annoncée", "à activer")
		b.get("/compte/absence").holds(t, 200, "Persona deputy")
		b.post("/compte/absence", "from", "30/11/2026", "to", "2026-11-01").holds(t, 422, "Le retour doit être à venir")
		b.post("/compte/absence", "from", "2026-11-24", "to", "2026-11-30", "substitute", s.by["deputy"].ID).holds(t, 200, "Du 24 novembre 2026 au 30 novembre 2026 inclus.")
		b.get("/compte/absence").holds(t, 200, `value="2026-11-30"`)
		enrol := b.get("/compte/double-authentification").holds(t, 200, "<svg")
		totp, err := base32Text.DecodeString(strings.ReplaceAll(enrol.find(t, `<code>([A-Z2-7 ]+)</code>`), " ", ""))
		s.must(err)
		b.post("/compte/double-authentification", "sealed", enrol.find(t, `name="sealed" value="([^"]+)"`), "code", s.code(totp)).holds(t, 200, "Codes de secours de Cadre")
		b.get("/compte/double-authentification").holds(t, 200, "Il reste 10 codes", "Retirer la double authentification")
		b.post("/compte/double-authentification/codes").holds(t, 200, "plus jamais montrés")
		b.post("/compte/double-authentification/retirer").holds(t, 200, "La double authentification est retirée.")
		other := s.enter("focal")
		id := b.get("/compte/sessions").find(t, `action="/compte/sessions/([^/]+)/fermer"`)
		b.post("/compte/sessions/"+id+"/fermer").holds(t, 200, "La session est fermée.")
		if got := other.get("/compte"); got.path != "/connexion" {
			t.Error("the session closed from another is still open")
		}
		s.enter("member").post("/compte/sessions/"+s.sessionOf(b)+"/fermer").holds(t, 404)
		s.sound()
	})
}

// sessionOf is the identifier of the session that the browser uses.
func (s *served) sessionOf(b *browser) string {
	s.t.Helper()
	u, err := url.Parse(s.URL)
	s.must(err)
	p, err := s.presence(ctx, b.Jar.Cookies(u)[0].Value)
	s.must(err)
	return p.session.ID
}
