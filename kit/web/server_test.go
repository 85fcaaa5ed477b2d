package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"cadre/kit/fault"
	"cadre/kit/text"
	"cadre/kit/web"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
)

// says is a page that holds only its words.
func says(words string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, words)
		return err
	})
}

// house is a small site with its log.
type house struct {
	web.Server
	log     bytes.Buffer
	handler http.Handler
}

func open() *house {
	h := &house{}
	h.Server = web.Server{
		Log: slog.New(slog.NewJSONHandler(&h.log, nil)), Secure: true, Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Has("lang") {
					r = r.WithContext(text.With(r.Context(), text.English))
				}
				next.ServeHTTP(w, r)
			})
		},
		Fault: func(r *http.Request, status int, f *fault.Fault, number string) templ.Component {
			return says(fmt.Sprintf("fault %d %s number %s.", status, f.Sentence.In(text.Of(r.Context())), number))
		},
		Resume: func(_ *http.Request, values url.Values) templ.Component { return says("resume " + values.Encode()) },
		SignIn: func(r *http.Request) string { return "/connexion?vers=" + url.QueryEscape(r.URL.Path) },
	}
	page := func(c templ.Component) web.Handler {
		return func(*web.Request) (web.Response, error) { return web.Page(c), nil }
	}
	anyone := func(context.Context) error { return nil }
	routes := []web.Route{
		{Pattern: "GET /{$}", Allow: anyone, Handle: page(says("accueil"))},
		{Pattern: "GET /longue", Allow: anyone, Handle: page(says(strings.Repeat("Une longue page. ", 500)))},
		{Pattern: "GET /moitie", Allow: anyone, Handle: page(templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, _ = io.WriteString(w, strings.Repeat("la première moitié ", 500))
			return errors.New("the second half is missing")
		}))},
		{Pattern: "GET /fichier", Allow: anyone, Handle: func(*web.Request) (web.Response, error) {
			return web.Download("liste.csv", "text/csv; charset=utf-8", []byte("a;b\r\n")).Cookie(&http.Cookie{Name: "fait", Value: "1"}), nil
		}},
		{Pattern: "GET /garde", Allow: anyone, Handle: func(*web.Request) (web.Response, error) {
			return web.Send(`été "a".csv`, "text/csv; charset=utf-8", "abc", kept{strings.NewReader(strings.Repeat("0123456789", 400))}), nil
		}},
		{Pattern: "POST /ecrire", Allow: anyone, Handle: func(r *web.Request) (web.Response, error) {
			if _, err := io.ReadAll(r.Body); err != nil {
				return web.Response{}, fmt.Errorf("read: %w", err)
			}
			return web.SeeOther("/"), nil
		}},
		{Pattern: "POST /invalide", Allow: anyone, Handle: func(*web.Request) (web.Response, error) { return web.Invalid(says("corrigez")), nil }},
		{Pattern: "POST /conflit", Allow: anyone, Handle: func(*web.Request) (web.Response, error) { return web.Conflicting(says("deux versions")), nil }},
		{Pattern: "GET /panique", Allow: anyone, Handle: func(*web.Request) (web.Response, error) { panic("a defect") }},
		{Pattern: "GET /api/v1/panique", Allow: anyone, Handle: func(*web.Request) (web.Response, error) { panic("a defect") }},
		{Pattern: "GET /fiches/{id}", Allow: func(context.Context) error { return fault.New(fault.Unauthorized, "Connectez-vous.") }, Handle: page(says("secret"))},
		{Pattern: "GET /ferme", Allow: func(context.Context) error { return fault.Missing() }, Handle: page(says("secret"))},
	}
	for kind := fault.Internal; kind <= fault.Unavailable; kind++ {
		refuse := func(context.Context) error {
			return fmt.Errorf("wrapped: %w", fault.New(kind, "Une erreur est survenue. Rien n’a été enregistré.").Because(errors.New("hidden cause")))
		}
		for _, pattern := range []string{"GET /faute/%d", "POST /faute/%d", "GET /api/v1/faute/%d"} {
			routes = append(routes, web.Route{Pattern: fmt.Sprintf(pattern, kind), Allow: refuse})
		}
	}
	routes = append(routes, web.Route{Pattern: "GET /api/v1/champs", Allow: func(context.Context) error { return fault.Invalid("title", "Donnez un nom.") }})
	read := func(r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return err
	}
	routes = append(routes, web.Route{Pattern: "POST /deposer", Allow: anyone, MaxBody: 4 << 20, Handle: func(r *web.Request) (web.Response, error) {
		return web.SeeOther("/"), read(r.Request)
	}})
	h.handler = h.Handler(routes, map[string]http.Handler{"/api/v1/deposer": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := read(r); err != nil {
			h.Fail(w, r, err)
		}
	})})
	return h
}

// ask sends a request to the site; each header is "Name: value".
func (h *house) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "https://cadre.example"+path, strings.NewReader(body))
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

func (h *house) get(path string, headers ...string) *httptest.ResponseRecorder {
	return h.ask("GET", path, "", headers...)
}

func TestFaultsBecomeStatuses(t *testing.T) {
	h := open()
	for kind, want := range map[fault.Kind]int{fault.Internal: 500, fault.NotFound: 404, fault.WrongMethod: 405, fault.Forbidden: 403, fault.Conflict: 409,
		fault.BadInput: 422, fault.TooMany: 429, fault.TooLarge: 413, fault.Unavailable: 503} {
		w := h.get(fmt.Sprintf("/faute/%d", kind))
		if body := w.Body.String(); w.Code != want || !strings.HasPrefix(body, fmt.Sprintf("fault %d ", want)) || strings.Contains(body, "hidden") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("kind %d: %d %s", kind, w.Code, body)
		}
		numbered := kind == fault.Internal || kind == fault.Unavailable
		if strings.HasSuffix(w.Body.String(), "number .") == numbered {
			t.Errorf("kind %d: %s", kind, w.Body)
		}
		api := h.get(fmt.Sprintf("/api/v1/faute/%d", kind))
		var p web.Problem
		if err := json.Unmarshal(api.Body.Bytes(), &p); err != nil || api.Code != want || p.Status != want || p.Title != http.StatusText(want) ||
			api.Header().Get("Content-Type") != "application/problem+json" || (p.Number != "") != numbered {
			t.Errorf("API, kind %d: %d %s", kind, api.Code, api.Body)
		}
	}
	if w := h.get(fmt.Sprintf("/faute/%d", fault.TooMany)); w.Header().Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	if !strings.Contains(h.log.String(), "hidden cause") {
		t.Error("the cause is not in the log")
	}
}

// The answer to a wrong method depends on the route alone: it is the same for whom the
// route is closed to, whatever its address names.
func TestAWrongMethodNamesTheRightOnes(t *testing.T) {
	h := open()
	first := h.ask("DELETE", "/fiches/une", "")
	for path, allowed := range map[string]string{"/": "GET, HEAD", "/ecrire": "POST", "/faute/1": "GET, HEAD, POST", "/ferme": "GET, HEAD", "/fiches/une": "GET, HEAD", "/fiches/autre": "GET, HEAD"} {
		for _, method := range []string{"DELETE", "TRACE", "OPTIONS"} {
			w := h.ask(method, path, "")
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != allowed || w.Body.String() != first.Body.String() || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: %d %v %s", method, path, w.Code, w.Header(), w.Body)
			}
		}
	}
	for _, method := range []string{"DELETE", "TRACE", "POST", "GET"} {
		if w := h.ask(method, "/absente", ""); w.Code != http.StatusNotFound || w.Header().Get("Allow") != "" {
			t.Errorf("%s of what is absent: %d %v", method, w.Code, w.Header())
		}
	}
}

func TestNobodyIsSentToSignIn(t *testing.T) {
	h := open()
	path := fmt.Sprintf("/faute/%d", fault.Unauthorized)
	if w := h.get(path); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/connexion?vers="+url.QueryEscape(path) {
		t.Errorf("page: %d %s", w.Code, w.Header().Get("Location"))
	}
	const isForm = "Content-Type: application/x-www-form-urlencoded"
	if w := h.ask("POST", path, "title=Note", isForm); w.Code != http.StatusUnauthorized || w.Body.String() != "resume title=Note" {
		t.Errorf("form: %d %s", w.Code, w.Body)
	}
	if w := h.ask("POST", path, "password=x", isForm); w.Code != http.StatusUnauthorized || strings.Contains(w.Body.String(), "password") {
		t.Errorf("secret: %d %s", w.Code, w.Body)
	}
	if w := h.get("/api/v1" + path); w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("API: %d %v", w.Code, w.Header())
	}
}

func TestProblemsNameTheFields(t *testing.T) {
	for query, in := range map[string]text.Lang{"": text.French, "?lang=en": text.English} {
		var got web.Problem
		if err := json.Unmarshal(open().get("/api/v1/champs"+query).Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		want := web.Problem{Type: "about:blank", Title: "Unprocessable Entity", Status: 422, Detail: text.M("Certains champs sont à corriger.").In(in),
			Errors: []web.ProblemField{{Location: "title", Message: text.M("Donnez un nom.").In(in)}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestResponses(t *testing.T) {
	h := open()
	for _, c := range []struct {
		method, path string
		code         int
		body         string
	}{
		{"GET", "/", 200, "accueil"},
		{"HEAD", "/", 200, ""},
		{"POST", "/ecrire", 303, ""},
		{"POST", "/invalide", 422, "corrigez"},
		{"POST", "/conflit", 409, "deux versions"},
		{"GET", "/fichier", 200, "a;b\r\n"},
		{"GET", "/ferme", 404, h.get("/absente").Body.String()}, // what is closed is absent
	} {
		w := h.ask(c.method, c.path, "")
		if c.method == "HEAD" { // the connection drops what a recorder keeps
			w.Body.Reset()
		}
		if w.Code != c.code || w.Body.String() != c.body {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
		}
	}
	w := h.get("/fichier")
	if w.Header().Get("Content-Disposition") != `attachment; filename="liste.csv"` || w.Header().Get("Set-Cookie") != "fait=1" {
		t.Errorf("%v", w.Header())
	}
}

func TestAKeptFileIsStoredAndNeverShown(t *testing.T) {
	h := open()
	w := h.get("/garde", "Accept-Encoding: gzip")
	want := map[string]string{"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": "attachment; filename*=utf-8''%C3%A9t%C3%A9%20%22a%22.csv", "ETag": `"abc"`,
		"Content-Security-Policy": "sandbox; default-src 'none'", "Content-Encoding": "", "Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff", "Content-Length": "4000"}
	for name, value := range want {
		if got := strings.Join(w.Header().Values(name), "|"); got != value {
			t.Errorf("%s: %s", name, got)
		}
	}
	if rest := h.get("/garde", "Range: bytes=3990-"); rest.Code != 206 || rest.Body.String() != strings.Repeat("0123456789", 400)[3990:] {
		t.Errorf("the rest: %d %s", rest.Code, rest.Body)
	}
	if again := h.get("/garde", `If-None-Match: "abc"`); again.Code != 304 || again.Body.Len() > 0 {
		t.Errorf("again: %d", again.Code)
	}
}

// kept is a file in memory.
type kept struct{ *strings.Reader }

func (kept) Close() error { return nil }

func TestAnUnchangedPageCostsALine(t *testing.T) {
	h := open()
	first := h.get("/longue")
	tag := first.Header().Get("ETag")
	if tag == "" || first.Header().Get("Cache-Control") != "private, no-cache" || h.ask("HEAD", "/longue", "").Header().Get("ETag") != tag {
		t.Fatalf("%v", first.Header())
	}
	for list, want := range map[string]int{
		tag: 304, strings.TrimPrefix(tag, "W/"): 304, `"other", ` + tag: 304, "*": 304, `"other"`: 200, "": 200, `W/"`: 200,
	} {
		w := h.get("/longue", "If-None-Match: "+list)
		if w.Code != want || want == 304 && w.Body.Len() > 0 {
			t.Errorf("If-None-Match %s: %d, %d bytes", list, w.Code, w.Body.Len())
		}
	}
	if w := h.get("/absente", "If-None-Match: *"); w.Code != 404 {
		t.Errorf("a fault: %d", w.Code)
	}
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	h := open()
	h.Server.Log = slog.New(slog.DiscardHandler)
	large := strings.Repeat("a", 3<<20)
	for name, w := range map[string]*httptest.ResponseRecorder{
		"200": h.get("/"), "303": h.ask("POST", "/ecrire", ""), "304": h.get("/", "If-None-Match: *"), "404": h.get("/absente"), "404 for POST": h.ask("POST", "/", ""),
		"413": h.ask("POST", "/ecrire", large), "500": h.get("/panique"), "half": h.get("/moitie"), "API 404": h.get("/api/v1/absente"),
		"API 500": h.get("/api/v1/panique"), "403": h.ask("POST", "/ecrire", "", "Sec-Fetch-Site: cross-site"), "redirected": h.get("//a/../b"),
	} {
		for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy",
			"Cross-Origin-Resource-Policy", "Permissions-Policy", "Strict-Transport-Security", "Vary"} {
			if w.Header().Get(header) == "" {
				t.Errorf("%s (%d): no %s", name, w.Code, header)
			}
		}
		if strings.HasPrefix(name, "413") && (w.Code != 413 || !strings.HasPrefix(w.Body.String(), "fault 413")) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestARouteThatTakesAFileHasItsOwnLimit(t *testing.T) {
	h := open()
	h.Server.MaxBody = func(*http.Request) int64 { return 4 << 20 }
	for _, c := range []struct {
		path string
		size int
		want int
	}{{"/deposer", 3 << 20, 303}, {"/deposer", 5 << 20, 413}, {"/ecrire", 3 << 20, 413}, {"/api/v1/deposer", 3 << 20, 200}, {"/api/v1/deposer", 5 << 20, 413}} {
		if w := h.ask("POST", c.path, strings.Repeat("a", c.size)); w.Code != c.want {
			t.Errorf("%s, %d bytes: %d", c.path, c.size, w.Code)
		}
	}
}

// A line that is cut, or somebody who leaves, breaks nothing here: nobody is told of a defect.
func TestALineThatIsCutIsNoDefect(t *testing.T) {
	left, leave := context.WithCancel(context.Background())
	leave()
	for name, r := range map[string]*http.Request{
		"page": httptest.NewRequest(http.MethodPost, "https://cadre.example/deposer", cut{}),
		"left": httptest.NewRequest(http.MethodGet, "https://cadre.example/moitie", nil).WithContext(left),
	} {
		h, w := open(), httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		if w.Code != http.StatusUnprocessableEntity || strings.Contains(h.log.String(), "ERROR") {
			t.Errorf("%s: %d, %s", name, w.Code, h.log.String())
		}
	}
}

// cut is a body of which the end does not come.
type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// A body that says itself to be longer than it may is refused before it has come.
func TestABodyTooLongIsNotWaitedFor(t *testing.T) {
	h, body := open(), strings.NewReader(strings.Repeat("a", 5<<20))
	r := httptest.NewRequest(http.MethodPost, "https://cadre.example/deposer", body)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	if read := 5<<20 - body.Len(); w.Code != http.StatusRequestEntityTooLarge || read > 1 {
		t.Errorf("%d after %d bytes", w.Code, read)
	}
}

func TestAnotherSiteMayNotWrite(t *testing.T) {
	h := open()
	for name, c := range map[string]struct {
		header string
		want   int
	}{
		"another site, new browser": {"Sec-Fetch-Site: cross-site", 403},
		"another site, old browser": {"Origin: https://evil.example", 403},
		"a sister site":             {"Sec-Fetch-Site: same-site", 403},
		"this site":                 {"Sec-Fetch-Site: same-origin", 303},
		"this site, old browser":    {"Origin: https://cadre.example", 303},
		"no browser":                {"Accept: */*", 303},
	} {
		if w := h.ask("POST", "/ecrire", "", c.header); w.Code != c.want {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := h.get("/", "Sec-Fetch-Site: cross-site"); w.Code != 200 {
		t.Errorf("a link from another site: %d", w.Code)
	}
}

func TestADefectHasItsNumberInTheLog(t *testing.T) {
	for _, path := range []string{"/panique", "/moitie", "/api/v1/panique"} {
		h := open()
		w := h.get(path, "Accept-Encoding: gzip")
		body := w.Body.String()
		_, after, _ := strings.Cut(strings.ReplaceAll(body, `"number":"`, "number "), "number ")
		number := after[:min(8, len(after))]
		if w.Code != 500 || strings.Contains(body, "moitié") || len(number) != 8 || !strings.Contains(h.log.String(), `"number":"`+number+`"`) {
			t.Errorf("%s: %d %s\n%s", path, w.Code, body, &h.log)
		}
	}
}

func TestTheAddressIsWhatATrustedProxySays(t *testing.T) {
	h := open()
	for _, c := range []struct {
		socket string
		heard  []string
		want   string
	}{
		{"192.0.2.1:99", nil, "192.0.2.1"},
		{"192.0.2.1:99", []string{"203.0.113.9"}, "192.0.2.1"}, // forged: no proxy sent it
		{"10.0.0.1:99", []string{"203.0.113.9"}, "203.0.113.9"},
		{"10.0.0.1:99", []string{"198.51.100.7, 203.0.113.9"}, "203.0.113.9"}, // the first is the client's own invention
		{"10.0.0.1:99", []string{"198.51.100.7", "203.0.113.9"}, "203.0.113.9"},
		{"10.0.0.1:99", []string{"198.51.100.7, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"}, // two proxies
		{"10.0.0.1:99", []string{"10.0.0.3, 203.0.113.9"}, "203.0.113.9"},
		{"10.0.0.1:99", []string{"2001:db8::1"}, "2001:db8::1"},
		{"[::ffff:10.0.0.1]:99", []string{"203.0.113.9"}, "203.0.113.9"},
		{"10.0.0.1:99", []string{"\" or 1=1\n"}, "10.0.0.1"},
		{"10.0.0.1:99", []string{""}, "10.0.0.1"},
		{"@", nil, "@"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = c.socket, c.heard
		if got := h.Address(r); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.socket, c.heard, got, c.want)
		}
	}
}

func TestLongPagesAreCompressed(t *testing.T) {
	h := open()
	plain, packed := h.get("/longue"), h.get("/longue", "Accept-Encoding: gzip")
	r, err := gzip.NewReader(packed.Body)
	if err != nil || packed.Header().Get("Content-Encoding") != "gzip" {
		t.Fatal(packed.Header(), err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != plain.Body.String() {
		t.Error("another page once unpacked", err)
	}
	if w := h.get("/", "Accept-Encoding: gzip"); w.Header().Get("Content-Encoding") != "" {
		t.Error("a short page is compressed")
	}
}

func TestTheLogHoldsNoAddressOfAPage(t *testing.T) {
	h := open()
	h.get("/?q=" + url.QueryEscape("un nom"))
	var line struct{ Method, Route, From, Request string }
	if err := json.Unmarshal(h.log.Bytes(), &line); err != nil || line.Route != "GET /{$}" || line.Request == "" {
		t.Errorf("%s, %v", &h.log, err)
	}
	if strings.Contains(h.log.String(), "nom") {
		t.Errorf("%s", &h.log)
	}
}

func TestWithLeavesTheResponseBefore(t *testing.T) {
	one := web.SeeOther("/a")
	two := one.With("X-A", "1")
	if diff := cmp.Diff(fmt.Sprint(web.SeeOther("/a")), fmt.Sprint(one)); diff != "" || fmt.Sprint(one) == fmt.Sprint(two) {
		t.Error(diff)
	}
}
