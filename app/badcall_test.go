package app_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"cadre/kit/db"
	"cadre/kit/id"
	"cadre/kit/web"

	"github.com/danielgtaylor/huma/v2"
)

// TestBadInputInCalls calls every operation of the API well but for one thing: a field of
// its body, a parameter, a header. What is wrong is refused with a problem (RFC 9457) that
// says where, and nothing is written.
func TestBadInputInCalls(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := &caller{spoiler: newSpoiler(t, w)}
		for i, r := range s.all {
			if strings.HasPrefix(r.path, "/api/v1/") && (w.DB.Engine == db.SQLite || i%3 == 0) && r.method != http.MethodHead {
				s.call(t, r)
			}
		}
		for _, r := range s.all {
			if known := r.method + " " + r.path; untried[known] || s.takesFile(r) {
				continue
			}
			if r.json != "" && r.json != "{}" && !s.taken[r.method+" "+r.path] && w.DB.Engine == db.SQLite {
				t.Errorf("%s %s was never taken: what was refused proves nothing", r.method, r.path)
			}
		}
		t.Logf("%d requests", s.asked)
		s.sound(t)
	})
}

// untried are the operations on what the test has not made, or has not brought so far: they are refused whatever comes with them.
var untried = map[string]bool{"POST /api/v1/activities/{id}/report": true, "POST /api/v1/activities/{id}/signatures": true, "POST /api/v1/activities/{id}/proposals": true,
	"POST /api/v1/activities/{id}/proposals/{proposal}/answer": true, "PUT /api/v1/activities/{id}/tasks/{task}": true, "PUT /api/v1/records/{id}/comments/{comment}": true, "PUT /api/v1/holidays/{id}": true,
	"POST /api/v1/structures/{id}/closing": true, "PUT /api/v1/accords/{id}/clauses/{clause}": true, "PUT /api/v1/activities/{id}/overlaps/{to}": true, "PUT /api/v1/activities/{id}/overlaps/{to}/gain": true,
	"PUT /api/v1/activities/{id}/report/review": true}

// caller sends wrong calls.
type caller struct{ *spoiler }

// trialCall is a call with one thing wrong in it.
type trialCall struct {
	what  string
	path  string
	body  io.Reader
	kind  string // content type
	match string
	at    string // the field that the problem must name
	wrong bool
}

// call spoils an operation in every way.
func (s *caller) call(t *testing.T, r route) {
	t.Helper()
	n := s.about(r)
	n.email = fmt.Sprintf("appel%d@cnad.example", s.asked) // an address has one account
	q := r.requests(n)[0]
	good := trialCall{path: q.path, kind: "application/json", match: s.match(t, r, q.path), wrong: true}
	for _, x := range s.calls(t, r, q, good) {
		if x.match == "" {
			x.match = s.match(t, r, q.path)
		}
		s.tryCall(t, r, x)
	}
}

// who calls an operation: the secretariat what is its own, else a focal point.
func (s *caller) who(r route) *persona {
	if slices.Contains([]string{"/api/v1/structures", "/api/v1/holidays", "/api/v1/delays"}, r.path) || strings.HasSuffix(r.path, "/erasure") {
		return s.by["secretariat@cnlpal.example by token"]
	}
	return s.keeper("cnad")
}

// match is the version that a change names.
func (s *caller) match(t *testing.T, r route, path string) string {
	t.Helper()
	if r.way.match == "" {
		return ""
	}
	if parts := strings.Split(path, "/"); len(parts) > 5 { // /api/v1/activities/ID/report is about /api/v1/activities/ID
		path = strings.Join(parts[:5], "/")
	}
	tag := s.ask(t, s.who(r), request{method: http.MethodGet, path: path}).header.Get("ETag")
	return cmp.Or(tag, `"`+r.way.match+`"`)
}

// calls lists the wrong calls of an operation.
func (s *caller) calls(t *testing.T, r route, q request, good trialCall) []trialCall {
	t.Helper()
	var all []trialCall
	add := func(what string, change func(*trialCall)) {
		x := good
		x.what = what
		change(&x)
		all = append(all, x)
	}
	if schema := s.bodyOf(r); schema != nil {
		var body any
		must(t, json.Unmarshal([]byte(q.json), &body))
		for _, b := range s.bodies(schema, body, nil) {
			add(b.what, func(x *trialCall) { x.body, x.at, x.wrong = strings.NewReader(b.json), b.at, b.wrong })
		}
		for what, b := range map[string]io.Reader{"half a body": strings.NewReader(q.json[:len(q.json)/2]), "no body": nil, "a list": strings.NewReader("[]"), "null": strings.NewReader("null"),
			"a text": strings.NewReader(`"x"`), "two bodies": strings.NewReader(q.json + q.json), "an abyss": strings.NewReader(strings.Repeat(`{"title":[`, 100_000)),
			"10 MB": io.MultiReader(strings.NewReader(`{"title":"`), strings.NewReader(tenMegabytes), strings.NewReader(`"}`))} {
			add(what, func(x *trialCall) { x.body = b })
		}
		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data; boundary=x"} {
			add("the type "+kind, func(x *trialCall) { x.kind, x.body = kind, strings.NewReader(q.json) })
		}
	}
	if r.way.match != "" {
		for _, m := range []string{"-", "0", `"0"`, "-1", `"x"`, "99999999999999999999", `"2147483647"`} {
			add("If-Match "+m, func(x *trialCall) { x.match, x.body = m, body(q) })
		}
	}
	for _, path := range s.paths(r, q) {
		add("the address "+path, func(x *trialCall) { x.path, x.body = path, body(q) })
	}
	for _, p := range s.parameters(r) {
		for value, wrong := range map[string]bool{"a%00b": true, "a%ffb": true, "%E2%80%AE": true, "%07": true, "zz-inconnu": false, s.hidden: false, "%22": false} {
			wrong = wrong || p.Schema.Type == "integer"
			add("the parameter "+p.Name, func(x *trialCall) { x.path, x.wrong, x.at = s.with(r, q, p.Name)+value, wrong, p.Name })
		}
		if p.Schema.Type == "integer" {
			none, many := p.Schema.Minimum != nil && *p.Schema.Minimum == 0, p.Schema.Maximum == nil
			for value, fits := range map[string]bool{"-1": false, "0": none, "1e3": false, "1.5": false, "99999999999999999999": false, "201": many} {
				add("the parameter "+p.Name, func(x *trialCall) { x.path, x.wrong, x.at = s.with(r, q, p.Name)+value, !fits, p.Name })
			}
		}
		add("the parameter "+p.Name+" twice", func(x *trialCall) { x.path, x.wrong = s.with(r, q, p.Name)+"1&"+p.Name+"=2", false })
	}
	if r.method != http.MethodDelete { // others need what it takes away
		add("nothing wrong", func(x *trialCall) { x.body, x.wrong = body(q), false })
	}
	return all
}

// with is the address of the operation up to the value of a parameter, with the others that are required.
func (s *caller) with(r route, q request, name string) string {
	address := q.path + "?"
	for _, p := range s.parameters(r) {
		if p.Required && p.Name != name {
			asked, _ := url.ParseQuery(strings.TrimPrefix(r.queries[0], "?"))
			address += p.Name + "=" + url.QueryEscape(asked.Get(p.Name)) + "&"
		}
	}
	return address + name + "="
}

func body(q request) io.Reader {
	if q.json == "" {
		return nil
	}
	return strings.NewReader(q.json)
}

// paths are wrong addresses of the operation.
func (s *caller) paths(r route, q request) []string {
	var all []string
	for _, wrong := range []string{id.New(), s.hidden, "%00", "a%ffb", "%E2%80%AE", "zz", "-1", "%2e%2e", strings.Repeat("a", 5000)} {
		for _, name := range wildcard.FindAllString(r.path, -1) {
			n := s.about(r)
			if path := r.paths(n)[0]; name == "{id}" {
				all = append(all, strings.Replace(path, n.id, wrong, 1))
			}
		}
	}
	return all
}

// operation is how the API describes the route.
func (s *caller) operation(r route) *huma.Operation {
	item := s.API.Description().Paths[strings.TrimPrefix(r.path, "/api/v1")]
	return map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete}[r.method]
}

func (s *caller) parameters(r route) []*huma.Param {
	return slices.DeleteFunc(slices.Clone(s.operation(r).Parameters), func(p *huma.Param) bool { return p.In != "query" })
}

func (s *caller) bodyOf(r route) *huma.Schema {
	b := s.operation(r).RequestBody
	if b == nil || b.Content["application/json"] == nil { // a file is sent as it is
		return nil
	}
	return b.Content["application/json"].Schema
}

// spoiltBody is a body with one field spoilt.
type spoiltBody struct {
	what, json, at string
	wrong          bool
}

// coded are the fields that hold a code or an identifier of something known.
var coded = map[string]bool{"theme": true, "place": true, "role": true, "nature": true, "marking": true, "audience": true, "function": true, "functions": true,
	"language": true, "mandate": true, "clearance": true, "to": true, "structure": true, "successor": true, "substitute": true}

// bodies spoils every field of an object, and of the objects in it.
func (s *caller) bodies(schema *huma.Schema, whole any, path []string) []spoiltBody {
	if schema.Ref != "" {
		schema = s.API.Description().Components.Schemas.SchemaFromRef(schema.Ref)
	}
	var all []spoiltBody
	put := func(what string, path []string, value any, wrong bool) {
		b, _ := json.Marshal(replaced(whole, path, value))
		raw := strings.NewReplacer(`"RAW-NO-UTF8"`, "\"a\xff\"", `"RAW-HALF"`, `"\ud800"`).Replace(string(b))
		all = append(all, spoiltBody{what + " in " + strings.Join(path, "."), raw, path[len(path)-1], wrong})
	}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		at, p := append(slices.Clone(path), name), schema.Properties[name]
		if p.Ref != "" || len(p.Properties) > 0 {
			all = append(all, s.bodies(p, whole, at)...)
		}
		for _, wrong := range wrongTypes(p) {
			put("another type", at, wrong, true)
		}
		if slices.Contains(schema.Required, name) {
			put("nothing", at, nothingAtAll, true)
		}
		texts := p.Type == "string"
		wrap := func(v any) any { return v }
		if p.Type == "array" {
			texts, wrap = true, func(v any) any { return []any{v} }
		}
		if texts {
			for what, v := range map[string]string{"a bell": "a\a", "an override": "a\u202eb", "NUL": "\x00", "no UTF-8": "RAW-NO-UTF8", "half a character": "RAW-HALF", "a text without end": strings.Repeat("a", 300_000)} {
				put(what, at, wrap(v), true)
			}
			put("an unknown code", at, wrap("zz-inconnu"), coded[name])
			put("a hidden record", at, wrap(s.hidden), coded[name])
			put("markup", at, wrap(`"><script>'; DROP TABLE record; --`), coded[name])
		}
		if dated[name] && name != "to" || p.Format == "date-time" || p.Format == "date" {
			for _, v := range []string{"31/02/2026", "2026-13-01", "2026-02-30T00:00:00Z", "hier", "99999-01-01"} {
				put("no day", at, v, true)
			}
		}
	}
	put("an unknown field", append(slices.Clone(path), "zz"), 1, true)
	return all
}

type absent struct{}

var nothingAtAll absent

// wrongTypes are values of other types than the schema's.
func wrongTypes(p *huma.Schema) []any {
	all := map[string]any{"string": "x", "integer": 1, "boolean": true, "array": []any{1}, "object": map[string]any{"zz": 1}}
	var wrong []any
	for kind, v := range all {
		if kind != p.Type && (p.Ref == "" || kind != "object") {
			wrong = append(wrong, v)
		}
	}
	if p.Type == "integer" {
		wrong = append(wrong, 1.5, -1, 1e300, json.Number("99999999999999999999"), int64(1)<<62)
	}
	return wrong
}

// with2 is a copy of an object with another value somewhere in it.
func replaced(whole any, path []string, value any) any {
	object, _ := whole.(map[string]any)
	object = maps.Clone(object)
	if object == nil {
		object = map[string]any{}
	}
	if len(path) > 1 {
		value = replaced(object[path[0]], path[1:], value)
	}
	if object[path[0]] = value; value == nothingAtAll {
		delete(object, path[0])
	}
	return object
}

// tryCall sends a wrong call and looks at the answer.
func (s *caller) tryCall(t *testing.T, r route, x trialCall) {
	t.Helper()
	what := fmt.Sprintf("%s %s: %.120s", r.method, r.path, x.what)
	before := s.written(t)
	req := httptest.NewRequest(r.method, "/", x.body)
	u, err := url.ParseRequestURI(x.path)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	req.URL = u
	req.Header = s.who(r).header.Clone()
	if x.body != nil {
		req.Header.Set("Content-Type", x.kind)
	}
	if x.match != "-" && x.match != "" {
		req.Header.Set("If-Match", x.match)
	}
	rec := httptest.NewRecorder()
	s.Handler.ServeHTTP(rec, req)
	a := answer{rec.Code, rec.Header(), rec.Body.String(), 0}
	s.judge(t, what, a, x.wrong, before == s.written(t))
	s.taken[r.method+" "+r.path] = s.taken[r.method+" "+r.path] || a.status < 300
	if a.status >= 400 {
		problem(t, what, a, x)
	}
}

// problem makes sure that a refusal is one of RFC 9457, and says where.
func problem(t *testing.T, what string, a answer, x trialCall) {
	t.Helper()
	var p web.Problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.header.Get("Content-Type") != "application/problem+json" || p.Status != a.status || p.Type == "" || p.Title == "" || p.Detail == "" {
		t.Errorf("%s: no problem: %.300s", what, a)
	}
	located := x.at == "" || a.status != http.StatusUnprocessableEntity || !x.wrong
	for _, e := range p.Errors {
		located = located || strings.Contains(e.Location+e.Message, x.at)
	}
	if !located {
		t.Errorf("%s: the problem does not say where: %s", what, a.body)
	}
}
