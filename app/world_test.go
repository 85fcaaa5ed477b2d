package app_test

import (
	"archive/zip"
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
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cadre/app"
	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/doc"
	"cadre/kit/test"
)

// world is a demonstration opened for a test, with people added to it so that every
// clearance and every way of belonging is there.
type world struct {
	*app.App
	structures map[string]string   // identifiers by name in addresses
	people     map[string]string   // identifiers by address
	personas   []*persona          // whoever may ask, signed in by cookie or by token
	by         map[string]*persona // by name
}

// persona is somebody who asks.
type persona struct {
	name   string // address, and how they come
	id     string // of the person; empty for nobody
	person string // address of the person; empty for nobody
	slug   string // of their institution
	header http.Header
}

// added are people whom the demonstration lacks: of every clearance, and one to be acted upon.
var added = []struct {
	email, slug string
	clearance   access.Marking
	function    access.Function
}{
	{"lecteur@cnad.example", "cnad", access.Green, access.Reader},
	{"lecteur@cndh.example", "cndh", access.Clear, access.Reader},
	{"membre@purs.example", "purs", access.Amber, access.Member},
	{"essai@cnad.example", "cnad", access.Green, access.Member},
	{"essai@cndh.example", "cndh", access.Green, access.Member},
	{gone, "cndh", access.Restricted, access.Focal},
}

// gone is the address of the person whose account is disabled; their cookie and token remain.
const gone = "parti@cndh.example"

// eachWorld runs fn on a demonstration in each engine at hand, on both at once.
func eachWorld(t *testing.T, fn func(*testing.T, *world)) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			fn(t, open(t, test.Address(t, engine)))
		})
	}
}

// open founds a demonstration in an empty database.
func open(t testing.TB, address string) *world {
	t.Helper()
	ctx := context.Background()
	o := app.Options{Config: app.Config{Data: t.TempDir(), DatabaseFlag: app.DatabaseFlag{Database: address}}, Demo: true, Log: slog.New(slog.DiscardHandler)}
	a, err := app.Open(ctx, o)
	must(t, err)
	t.Cleanup(func() { _ = a.Close() })
	must(t, a.Found(ctx))
	w := &world{App: a, structures: map[string]string{}, people: map[string]string{}, by: map[string]*persona{}}
	w.admit(t)
	w.signIn(t)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// admit adds the people whom the demonstration lacks.
func (w *world) admit(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	must(t, w.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := w.Directory.Institutions(ctx, tx)
		for _, s := range all {
			w.structures[s.Slug] = s.ID
		}
		return err
	}))
	for _, x := range added {
		must(t, w.Journal.Write(ctx, access.Viewer{Clearance: access.Restricted}, func(act *journal.Act) error {
			p := account.Person{Email: x.email, Name: "Essai, " + x.email, Structure: w.structures[x.slug], Clearance: x.clearance}
			return w.People.Admit(ctx, act, &p, x.function)
		}))
	}
}

// signIn gives everybody a session and a token, then disables the one who is gone.
func (w *world) signIn(t testing.TB) {
	t.Helper()
	slugs := map[string]string{}
	for slug, id := range w.structures {
		slugs[id] = slug
	}
	w.join(&persona{name: "nobody", slug: "cnad"})
	all, err := w.Personas(context.Background())
	must(t, err)
	for _, p := range all {
		w.people[p.Email] = p.ID
		someone := persona{id: p.ID, person: p.Email, slug: slugs[p.Structure]}
		byCookie, byToken := someone, someone
		byCookie.name, byCookie.header = p.Email+" by cookie", w.cookie(t, p.ID)
		byToken.name, byToken.header = p.Email+" by token", w.token(t, p.Email)
		w.join(&byCookie)
		w.join(&byToken)
	}
	must(t, w.People.Disable(context.Background(), w.viewer("secretariat@cnlpal.example", access.Secretariat), w.people[gone]))
}

func (w *world) join(p *persona) {
	w.personas = append(w.personas, p)
	w.by[p.name] = p
}

// viewer is a person of the world as use cases know them.
func (w *world) viewer(email string, f access.Function) access.Viewer {
	_, host, _ := strings.Cut(email, "@")
	slug, _, _ := strings.Cut(host, ".")
	return access.Viewer{Person: w.people[email], Structure: w.structures[slug], Functions: []access.Function{f}, Clearance: access.Restricted}
}

// cookie opens a session for a person.
func (w *world) cookie(t testing.TB, id string) http.Header {
	t.Helper()
	o, err := w.People.OpenFor(context.Background(), id, account.Origin{Address: "192.0.2.1"})
	must(t, err)
	return http.Header{"Cookie": {"cadre=" + o.Secret}}
}

// token makes a token of the widest scope for a person.
func (w *world) token(t testing.TB, email string) http.Header {
	t.Helper()
	secret, err := w.People.IssueToken(context.Background(), email, []access.Scope{access.ScopeAdmin}, w.Clock.Now().Add(time.Hour*24))
	must(t, err)
	return http.Header{"Authorization": {"Bearer " + secret}}
}

// request is one question put to Cadre.
type request struct {
	method string
	path   string      // with its query
	form   url.Values  // of a page's form
	json   string      // of an operation
	header http.Header // besides the persona's
}

// answer is what came back, whole.
type answer struct {
	status int
	header http.Header
	body   string
	wire   int // bytes of the body on the line
}

// ask puts a question as the persona.
func (w *world) ask(t testing.TB, p *persona, q request) answer {
	t.Helper()
	body, kind := q.json, "application/json"
	if q.form != nil {
		body, kind = q.form.Encode(), "application/x-www-form-urlencoded"
	}
	r := httptest.NewRequest(q.method, q.path, strings.NewReader(body))
	for _, h := range []http.Header{p.header, q.header} {
		for name, values := range h {
			r.Header[name] = values
		}
	}
	if body != "" && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", kind)
	}
	rec := httptest.NewRecorder()
	w.Handler.ServeHTTP(rec, r)
	wire := rec.Body.Len()
	return answer{rec.Code, rec.Header(), opened(t, rec.Header().Get("Content-Type"), unpacked(t, rec)), wire}
}

// opened reads what is inside a file that keeps its words packed.
func opened(t testing.TB, kind, body string) string {
	t.Helper()
	switch kind {
	case doc.TypePDF:
		if !strings.Contains(body, "/Page") {
			return body // what a test has attached under that name
		}
		return strings.Join(test.PDF(t, []byte(body)), "\f")
	case doc.TypeXLSX:
		var all strings.Builder
		parts, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
		must(t, err)
		for _, f := range parts.File {
			part, err := f.Open()
			must(t, err)
			_, err = io.Copy(&all, part) // #nosec G110 -- Cadre made it
			must(t, errors.Join(err, part.Close()))
		}
		return all.String()
	}
	return body
}

func unpacked(t testing.TB, rec *httptest.ResponseRecorder) string {
	t.Helper()
	if rec.Header().Get("Content-Encoding") != "gzip" {
		return rec.Body.String()
	}
	gz, err := gzip.NewReader(rec.Body)
	must(t, err)
	b, err := io.ReadAll(gz)
	must(t, err)
	return string(b)
}

// String writes the answer as it went over the line, but the date.
func (a answer) String() string {
	var b bytes.Buffer
	fmt.Fprintln(&b, a.status)
	h := a.header.Clone()
	h.Del("Date")
	_ = h.Write(&b)
	return b.String() + "\n" + a.body
}

// post puts a JSON body to the API and reads the answer, which must succeed.
func (w *world) post(t testing.TB, p *persona, path string, in any) (out struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}) {
	t.Helper()
	return w.put(t, p, request{method: http.MethodPost, path: "/api/v1" + path}, in)
}

func (w *world) put(t testing.TB, p *persona, q request, in any) (out struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}) {
	t.Helper()
	b, err := json.Marshal(in)
	must(t, err)
	q.json = string(b)
	a := w.ask(t, p, q)
	if a.status >= 300 {
		t.Fatalf("%s %s as %s: %d %s\n%s", q.method, q.path, p.name, a.status, a.body, q.json)
	}
	if a.body != "" {
		must(t, json.Unmarshal([]byte(a.body), &out))
	}
	return out
}

var (
	nonsense = regexp.MustCompile(`zq[a-z]+`)
	uuids    = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
)

// word is the nth word of no language, beginning with zq.
func word(n int) string {
	const consonants, vowels = "bdfgklmnprtv", "aiou"
	s := "zq"
	for range 4 {
		s += string(vowels[n%4]) + string(consonants[n/4%12])
		n /= 48
	}
	return s
}

// sorted lists the keys of a set.
func sorted[V any](set map[string]V) []string {
	keys := make([]string, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
