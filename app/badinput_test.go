package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"cadre/kit/api"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/id"
	"cadre/kit/web"

	"golang.org/x/net/html"
)

// TestBadInputInForms fills in every form that a page shows as its people would, spoils one
// field after another, and sends it: what is wrong is refused with a sentence beside the
// field, what was typed stays, and nothing is written.
func TestBadInputInForms(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := newSpoiler(t, w)
		sample := 1
		if w.DB.Engine == db.Postgres {
			sample = 3
		}
		all := s.forms(t)
		for i, f := range all {
			if i%sample == 0 && (sample == 1 || s.again(t, &f)) { // of a sample, one may take away the next
				s.spoil(t, f)
			}
		}
		for _, f := range all {
			if f.page != "" && f.asks() && !s.taken[f.route] && !secret[f.route] && sample == 1 {
				t.Errorf("%s was never taken: what was refused proves nothing", f)
			}
		}
		t.Logf("%d requests to %d forms", s.asked, len(all))
		s.sound(t)
	})
}

// spoiler sends what is wrong.
type spoiler struct {
	*world
	names  names
	all    []route
	hidden string            // a record that the askers do not see
	facts  map[string]string // records that they may change, by kind
	taken  map[string]bool   // routes whose forms were taken with what may be
	asked  int
}

func newSpoiler(t *testing.T, w *world) *spoiler {
	t.Helper()
	seeds := &sower{world: w}
	open, other := seeds.add(t, "capacities", "cnad", "clear", "public"), seeds.add(t, "missions", "cnad", "clear", "public")
	facts := map[string]string{"activities": seeds.draft(t, "cnad", "clear", "public").id, "calls": seeds.ask(t, "cnad", "clear", "public").id,
		"calls of others": seeds.ask(t, "cndh", "clear", "public").id, "calls that stay open": seeds.ask(t, "cnad", "clear", "public").id}
	for _, k := range kinds {
		facts[k.path] = seeds.add(t, k.path, "cnad", "clear", "public").id
	}
	facts["accords"], facts["accords that end"] = seeds.inForce(t, "cnad").id, seeds.inForce(t, "cnad").id
	return &spoiler{world: w, facts: facts, taken: map[string]bool{}, all: w.routes(t), hidden: seeds.add(t, "documents", "cndh", "red", "owner").id, names: names{id: open.id, to: other.id, own: "cnad",
		other: "armees", email: "nouveau@cnad.example", structure: w.structures["cnad"]}}
}

// shownForm is a form of a page, and who is before it.
type shownForm struct {
	route  string // pattern of where it goes
	action string
	page   string // address of the page, empty when none shows the form
	who    *persona
	fields []field
	values url.Values
}

// String names a form in a failure.
func (f shownForm) String() string { return f.route + " (" + f.page + ") as " + f.who.name }

// asks reports whether the form is more than a button.
func (f shownForm) asks() bool {
	return slices.ContainsFunc(f.fields, func(x field) bool { return x.name != form.OnceField })
}

// field is one question of a form, as the page asks it.
type field struct {
	name, kind string // kind is the input's type, "number" for digits, "select" or "textarea"
	max        int
	must       bool // an answer is wanted
	line       bool // it stands in a list edited line by line, whose sentences stand above it
}

// forms lists the forms of every page, each kind once; of a route that no page shows, the one of ways.
func (s *spoiler) forms(t *testing.T) []shownForm {
	t.Helper()
	var all []shownForm
	known := map[string]bool{}
	for _, who := range []string{"focal@cnad.example by cookie", "secretariat@cnlpal.example by cookie", "nobody"} {
		for _, r := range s.all {
			if r.method != http.MethodGet || strings.HasPrefix(r.path, "/api/") {
				continue
			}
			for _, q := range s.pages(r) {
				for _, f := range s.formsOf(t, s.by[who], q, s.all) {
					if key := f.route + fmt.Sprint(f.fields); !known[key] && f.route != "POST /deconnexion" { // whoever wants to leave may, whatever comes with it
						known[key], known[f.route] = true, true
						all = append(all, f)
					}
				}
			}
		}
	}
	for _, r := range s.all {
		if r.form != "" && r.path != "/deconnexion" && !s.takesFile(r) && !known[r.method+" "+r.path] {
			all = append(all, s.unseen(r))
		}
	}
	return all
}

// pages are the addresses of a page, with each of the lists that an activity is made of.
func (s *spoiler) pages(r route) []request {
	all := r.requests(s.about(r))
	if strings.HasSuffix(r.path, "/listes/{list}") {
		for _, list := range []string{"resultats", "moyens-demandes", "moyens-offerts", "budget"} {
			q := all[0]
			q.path = strings.Replace(q.path, "/taches", "/"+list, 1)
			all = append(all, q)
		}
	}
	return all
}

// about is what a route is asked about.
func (s *spoiler) about(r route) names {
	n := s.names
	switch {
	case r.about == people:
		n.id = s.people["essai@cnad.example"]
	case r.about == structures:
		n.id = s.structures["cnad"]
	case r.kind() == "calls" && (strings.HasSuffix(r.path, "/refusal") || strings.HasSuffix(r.path, "/reponse")):
		n.id = s.facts["calls of others"]
	case r.kind() == "calls" && (strings.HasSuffix(r.path, "/modifier") || r.method == http.MethodPut):
		n.id = s.facts["calls that stay open"]
	case r.kind() == "accords" && (strings.HasSuffix(r.path, "/{verb}") || r.method+" "+r.path == "GET /protocoles/{id}"):
		n.id = s.facts["accords that end"]
	case r.about == records && r.kind() != "":
		n.id = s.facts[r.kind()]
	}
	return n
}

// unseen is the form of a route that no page showed.
func (s *spoiler) unseen(r route) shownForm {
	q := r.requests(s.about(r))[0]
	f := shownForm{route: r.method + " " + r.path, action: q.path, who: s.by["focal@cnad.example by cookie"], values: q.form}
	for _, name := range sorted(q.form) {
		f.fields = append(f.fields, field{name: name, kind: "hidden"})
	}
	return f
}

// formsOf reads the forms of a page that change something, filled in as ways says.
func (s *spoiler) formsOf(t *testing.T, who *persona, q request, routes []route) []shownForm {
	t.Helper()
	a := s.ask(t, who, q)
	root, err := html.Parse(strings.NewReader(a.body))
	must(t, err)
	var all []shownForm
	for n := range root.Descendants() {
		if n.Data != "form" || attribute(n, "method") != "post" || attribute(n, "enctype") == "multipart/form-data" || !strings.HasPrefix(attribute(n, "action"), "/") {
			continue
		}
		r := routeOf(routes, attribute(n, "action"))
		f := shownForm{"POST " + r.path, attribute(n, "action"), q.path, who, fieldsOf(n), valuesOf(n)}
		filled, _ := url.ParseQuery(s.about(r).in(r.form))
		for name, v := range filled {
			if f.values.Get(name) == "" && slices.ContainsFunc(f.fields, func(q field) bool { return q.name == name && q.kind != "hidden" }) {
				f.values[name] = v
			}
		}
		all = append(all, f)
	}
	return all
}

// takesFile tells whether a route or an operation takes a file, without which it says
// nothing of the rest: what takes files has tests of its own.
func (s *spoiler) takesFile(r route) bool {
	return slices.ContainsFunc(s.Routes(), func(x web.Route) bool { return x.Pattern == r.method+" "+r.path && x.MaxBody > 0 }) ||
		slices.ContainsFunc(s.API.Operations(), func(x api.Op) bool { return x.Method == r.method && "/api/v1"+x.Path == r.path && x.MaxBody > 0 })
}

// spoilt is a wrong answer to one question.
type spoilt struct {
	what   string
	values []string // none for no answer
	wrong  bool     // it must be refused; the others may be taken, but break nothing
}

var dated = map[string]bool{"from": true, "to": true, "date": true, "since": true, "expires": true}

// undated are the forms whose field of such a name is no day, or is half typed when it is sent.
var undated = []string{"POST /fiches/{id}/liens", "POST /fiches/{id}/liens/retirer", "POST /synergie/apercu"}

// spoils lists wrong answers to a question.
func (s *spoiler) spoils(f shownForm, q field) []spoilt {
	good := f.values.Get(q.name)
	all := []spoilt{{"a bell", []string{good + "\a"}, true}, {"an override", []string{good + "\u202e"}, true}, {"NUL", []string{"\x00" + good}, true},
		{"no UTF-8", []string{good + "\xff"}, true}}
	wrong := func(what string, values ...string) {
		for _, v := range values {
			if v != good {
				all = append(all, spoilt{what, []string{v}, true})
			}
		}
	}
	if q.must {
		all = append(all, spoilt{"nothing", nil, true}, spoilt{"spaces", []string{" \u00a0 "}, true})
	}
	if q.name == "version" && good != "" {
		wrong("no version", "", "0", "-1", "x", "99999999999999999999", "2147483647")
	}
	if q.kind == "date" || dated[q.name] && !slices.Contains(undated, f.route) {
		wrong("no day", "31/02/2026", "2026-13-01", "2026-02-30", "0000-00-00", "99999-01-01", "-1", "hier")
	}
	if q.kind == "number" {
		wrong("no number", "-1", "1,5", "1e3", "0x10", "9223372036854775807", "99999999999999999999", "douze")
	}
	if slices.Contains([]string{"select", "radio", "checkbox"}, q.kind) {
		wrong("no choice", "zz-inconnu", id.New(), s.hidden)
	}
	if q.max > 0 {
		wrong("too long", strings.Repeat("é", q.max+1))
	}
	if slices.Contains([]string{"text", "textarea", "email", "url", "tel", "password"}, q.kind) {
		wrong("much too long", strings.Repeat("a", 300_000))
	}
	if q.name != "once" {
		all = append(all, spoilt{"twice", []string{good, good + "x"}, false}, spoilt{"markup", []string{`"><script>'; DROP TABLE record; --`}, false}, spoilt{"nothing", nil, false})
	}
	return all
}

// spoil spoils every field of a form in turn, and the form itself; what may be taken comes last.
func (s *spoiler) spoil(t *testing.T, f shownForm) {
	t.Helper()
	if !s.again(t, &f) {
		t.Errorf("%s: the form is shown no more", f)
	}
	for _, wrong := range []bool{true, false} {
		for _, q := range f.fields {
			for _, x := range s.spoils(f, q) {
				if x.wrong == wrong && !s.try(t, &f, q, x) {
					return
				}
			}
		}
		if wrong {
			s.wrongBodies(t, f)
			s.several(t, f)
		}
	}
}

// several leaves every line that wants an answer empty and gives numbers that are none: what
// cannot be read does not hide what is missing.
func (s *spoiler) several(t *testing.T, f shownForm) {
	t.Helper()
	values, spoilt := maps.Clone(f.values), map[string]bool{}
	for _, q := range f.fields {
		switch {
		case q.kind == "number":
			values[q.name], spoilt[q.name] = []string{"douze"}, q.line
		case q.must && (q.kind == "text" || q.kind == "textarea"):
			values[q.name], spoilt[q.name] = nil, false
		}
	}
	if len(spoilt) < 2 {
		return
	}
	a := s.send(t, f, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
	for name, line := range spoilt {
		if !line && !strings.Contains(a.body, `id="`+name+`-e"`) {
			t.Errorf("%s: %d, among several wrong answers nothing is said of %s", f, a.status, name)
		}
	}
}

// try sends a form with one field spoilt, and reports whether the form can be sent again.
func (s *spoiler) try(t *testing.T, f *shownForm, q field, x spoilt) bool {
	t.Helper()
	before := s.written(t)
	a := s.fillIn(t, *f, q.name, x.values)
	same := before == s.written(t)
	what := fmt.Sprintf("%s, field %s (%s): %s %.40q", f, q.name, q.kind, x.what, x.values)
	preview := q.name == "version" && a.status == http.StatusOK // who will read is shown first: nothing is compared yet
	s.judge(t, what, a, x.wrong && !preview, same || tries[f.route])
	s.taken[f.route] = s.taken[f.route] || a.status < 400
	if x.wrong && f.page != "" && a.status == http.StatusUnprocessableEntity && q.kind != "hidden" {
		s.shown(t, what, *f, q, x, a)
	}
	return same || s.again(t, f)
}

// secret are the routes that ask for what the test does not know; of tries, a wrong one is journaled.
var (
	secret = map[string]bool{"POST /compte/confirmation": true, "POST /connexion": true, "POST /compte/double-authentification": true}
	tries  = map[string]bool{"POST /compte/confirmation": true, "POST /connexion": true}
)

// again opens the page of a form again, in a session of its own, and reports whether it is there.
func (s *spoiler) again(t *testing.T, f *shownForm) bool {
	t.Helper()
	if f.who.id != "" {
		who := *f.who
		who.header = s.cookie(t, who.id)
		f.who = &who
	}
	if f.page == "" {
		return true
	}
	for _, now := range s.formsOf(t, f.who, request{method: http.MethodGet, path: f.page}, s.all) {
		if now.action == f.action && sameFields(now.fields, f.fields) {
			f.values = now.values
			if f.values.Get("email") == s.names.email { // an address has one account
				f.values.Set("email", id.New()[24:]+"@cnad.example")
			}
			return true
		}
	}
	return false
}

// fillIn sends a form with another answer to one question.
func (s *spoiler) fillIn(t *testing.T, f shownForm, name string, answers []string) answer {
	t.Helper()
	values := maps.Clone(f.values)
	values["once"] = []string{id.New()}
	values[name] = answers
	return s.send(t, f, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
}

// judge tells whether an answer is right: a refusal where one is due, no defect of the
// program, and nothing written by what was refused.
func (s *spoiler) judge(t *testing.T, what string, a answer, wrong, same bool) {
	t.Helper()
	s.asked++
	switch {
	case a.status >= 500:
		t.Errorf("%s: %d\n%s", what, a.status, a.body)
	case wrong && a.status < 400:
		t.Errorf("%s: taken, %d %s", what, a.status, a.header.Get("Location"))
	case a.status >= 400 && !same:
		t.Errorf("%s: refused (%d) and yet written", what, a.status)
	case strings.Contains(a.body, "<script>'; DROP") && strings.HasPrefix(a.header.Get("Content-Type"), "text/html"):
		t.Errorf("%s: the markup is repeated as it is", what)
	}
}

// sound makes sure that after all of that the journal still proves what is stored.
func (s *spoiler) sound(t *testing.T) {
	t.Helper()
	v, err := s.Verify(context.Background(), "")
	must(t, err)
	for _, f := range v.Findings {
		t.Error(f.Sentence.In("fr"))
	}
}

// shown makes sure that a refused form comes back with what was typed and a sentence beside the field.
func (s *spoiler) shown(t *testing.T, what string, f shownForm, q field, x spoilt, a answer) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	must(t, err)
	var again url.Values
	said := false
	for n := range root.Descendants() {
		if n.Data == "form" && attribute(n, "action") == f.action && sameFields(fieldsOf(n), f.fields) {
			again = valuesOf(n)
		}
		said = said || attribute(n, "id") == q.name+"-e" || q.line && attribute(n, "class") == "err" || q.name == "password" && attribute(n, "id") == "again-e"
	}
	if !said && !tries[f.route] {
		t.Errorf("%s: no sentence beside the field\n%.3000s", what, words(root))
	}
	typed := slices.Contains([]string{"text", "textarea", "email", "url", "tel", "number", "date"}, q.kind)
	if typed && len(x.values) == 1 && again.Get(q.name) != strings.TrimSpace(mended(x.values[0])) {
		t.Errorf("%s: what was typed comes back as %.60q", what, again.Get(q.name))
	}
	for _, other := range f.fields {
		if v := filled(f.values[other.name]); other != q && other.kind != "hidden" && other.kind != "password" && !slices.Equal(filled(again[other.name]), v) && len(v) > 0 {
			t.Errorf("%s: the field %s was %q and comes back as %q", what, other.name, v, again[other.name])
		}
	}
}

// filled are the answers that say something: a question asked several times leaves some to spare.
func filled(answers []string) []string {
	return slices.DeleteFunc(slices.Clone(answers), func(s string) bool { return s == "" })
}

// mended is a text without what no text may hold.
func mended(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == '\u202e' {
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r", "\n"))
}

// wrongBodies sends what is no form, or too much of one.
func (s *spoiler) wrongBodies(t *testing.T, f shownForm) {
	t.Helper()
	var parts bytes.Buffer
	m := multipart.NewWriter(&parts)
	file, err := m.CreateFormFile("title", "essai.txt")
	must(t, err)
	_, _ = io.WriteString(file, "essai")
	must(t, m.Close())
	good := f.values.Encode()
	for _, x := range []struct {
		what, kind string
		body       io.Reader
	}{
		{"10 MB", "application/x-www-form-urlencoded", io.MultiReader(strings.NewReader(good+"&once="), strings.NewReader(tenMegabytes))},
		{"JSON", "application/json", strings.NewReader(`{"title":"Essai"}`)},
		{"plain text", "text/plain", strings.NewReader(good)},
		{"no type", "", strings.NewReader(good)},
		{"no type that there is", ";;", strings.NewReader(good)},
		{"a broken encoding", "application/x-www-form-urlencoded", strings.NewReader(good + "&title=%zz")},
		{"a file", m.FormDataContentType(), &parts},
		{"half a multipart", "multipart/form-data; boundary=x", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nEss")},
	} {
		before := s.written(t)
		a := s.send(t, f, x.kind, x.body)
		s.judge(t, fmt.Sprintf("%s: %s", f, x.what), a, true, before == s.written(t))
	}
}

var tenMegabytes = strings.Repeat("a", 10<<20)

// send posts a body to where a form goes.
func (s *spoiler) send(t *testing.T, f shownForm, kind string, body io.Reader) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, f.action, body)
	r.Header = f.who.header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	rec := httptest.NewRecorder()
	s.Handler.ServeHTTP(rec, r)
	return answer{rec.Code, rec.Header(), rec.Body.String(), 0}
}

// written sums up what is stored: a refusal must leave it as it was.
func (s *spoiler) written(t *testing.T) string {
	t.Helper()
	sum := ""
	must(t, s.DB.Read(context.Background(), func(tx *db.Tx) error {
		for _, q := range []string{`SELECT count(*) FROM journal_entry`, `SELECT count(*) FROM record`, `SELECT coalesce(sum(version), 0) FROM record`,
			`SELECT count(*) FROM record_link`, `SELECT coalesce(sum(version), 0) FROM person`, `SELECT count(*) FROM person_function`, `SELECT count(*) FROM outbox`} {
			n, err := db.Value[int64](context.Background(), tx, q)
			if err != nil {
				return err
			}
			sum += fmt.Sprint(n, " ")
		}
		return nil
	}))
	return sum
}
