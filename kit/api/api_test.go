package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"cadre/kit/api"
	"cadre/kit/fault"
	"cadre/kit/web"
)

type note struct {
	Body struct {
		Title string `json:"title" minLength:"2" maxLength:"10"`
		Rank  int    `json:"rank,omitempty" minimum:"1"`
		Cost
	}
}

// Cost is embedded, which JSON does not show.
type Cost struct {
	Lines []struct {
		Amount int64 `json:"amount"`
	} `json:"lines,omitempty"`
}

type tagged struct {
	ETag string `header:"ETag"`
	Body struct {
		Title string `json:"title"`
	}
}

type wanted struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match"`
}

func anyone(context.Context) error { return nil }

// refusing is the rule or the effect of an operation that ends in a fault.
func refusing(k fault.Kind) error {
	return fmt.Errorf("wrapped: %w", fault.New(k, "Cette demande a déjà été enregistrée.").Because(errors.New("hidden cause")))
}

func newAPI() (*api.API, http.Handler) {
	s := &web.Server{Log: slog.New(slog.DiscardHandler)}
	a := api.New("Cadre", "1.0.0", "/api/v1", s.Explain)
	api.Add(a, api.Op{Method: "POST", Path: "/notes", ID: "addNote", Summary: "Add a note", Tag: "notes", Allow: anyone, Status: 201},
		func(_ context.Context, in *note) (*tagged, error) {
			out := &tagged{ETag: api.Tag(1)}
			out.Body.Title = in.Body.Title
			return out, nil
		})
	api.Add(a, api.Op{Method: "PUT", Path: "/notes/{id}", ID: "changeNote", Summary: "Change a note", Tag: "notes", Allow: anyone},
		func(_ context.Context, in *wanted) (*tagged, error) {
			n, err := api.Version(in.IfMatch)
			return &tagged{ETag: api.Tag(n + 1)}, err
		})
	for kind := fault.Internal; kind <= fault.Unavailable; kind++ {
		closed := func(context.Context) error { return refusing(kind) }
		api.Add(a, api.Op{Method: "GET", Path: fmt.Sprintf("/closed/%d", kind), ID: fmt.Sprintf("closed%d", kind), Allow: closed},
			func(context.Context, *struct{}) (*tagged, error) { panic("the rule was not asked") })
		api.Add(a, api.Op{Method: "GET", Path: fmt.Sprintf("/failing/%d", kind), ID: fmt.Sprintf("failing%d", kind), Allow: anyone},
			func(context.Context, *struct{}) (*tagged, error) { return nil, refusing(kind) })
	}
	return a, a.Handler(s.Known)
}

func ask(h http.Handler, method, path, body string, headers ...string) (*httptest.ResponseRecorder, web.Problem) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var p web.Problem
	_ = json.Unmarshal(w.Body.Bytes(), &p) // checked where one is expected
	return w, p
}

func TestTheRuleIsAskedFirst(t *testing.T) {
	_, h := newAPI()
	for kind := fault.Internal; kind <= fault.Unavailable; kind++ {
		for _, path := range []string{"closed", "failing"} {
			w, p := ask(h, "GET", fmt.Sprintf("/api/v1/%s/%d", path, kind), "")
			numbered := kind == fault.Internal || kind == fault.Unavailable
			if want := web.Status(kind); w.Code != want || p.Status != want || p.Detail != "Cette demande a déjà été enregistrée." || (p.Number != "") != numbered ||
				w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Cache-Control") != "no-store" || strings.Contains(w.Body.String(), "hidden") {
				t.Errorf("%s, kind %d: %d %v %s", path, kind, w.Code, w.Header(), w.Body)
			}
			if kind == fault.Unauthorized && w.Header().Get("WWW-Authenticate") == "" || kind == fault.TooMany && w.Header().Get("Retry-After") == "" {
				t.Errorf("%s, kind %d: %v", path, kind, w.Header())
			}
		}
	}
}

// english are words of the libraries that read a request, which none of its users should.
var english = regexp.MustCompile(`(?i)expected|invalid|json:|unmarshal|failed|required|too large`)

// A text loses the spaces around it, as in a form.
func TestTextsAreThoseOfForms(t *testing.T) {
	_, h := newAPI()
	if w, _ := ask(h, "POST", "/api/v1/notes", `{"title":"  Note\n"}`); w.Code != 201 || !strings.Contains(w.Body.String(), `"title":"Note"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestWrongInputIsAProblem(t *testing.T) {
	_, h := newAPI()
	for name, c := range map[string]struct {
		body  string
		code  int
		where string
	}{
		"too short":         {`{"title":"a"}`, 422, "body.title"},
		"too long":          {`{"title":"12345678901"}`, 422, "body.title"},
		"missing":           {`{}`, 422, "body.title"},
		"of another type":   {`{"title":1}`, 422, "body.title"},
		"out of bounds":     {`{"title":"Note","rank":0}`, 422, "body.rank"},
		"an unknown field":  {`{"title":"Note","owner_id":"cnad"}`, 422, "body.owner_id"},
		"no whole number":   {`{"title":"Note","rank":1.5}`, 422, "body.rank"},
		"beyond any number": {`{"title":"Note","rank":1e400}`, 400, "body"},
		"larger than held":  {`{"title":"Note","rank":9999999999999999999999}`, 422, "body.rank"},
		"and deep within":   {`{"title":"Note","lines":[{"amount":9999999999999999999999}]}`, 422, "body.lines.amount"},
		"no JSON":           {`{"title"`, 400, "body"},
		"nothing":           {``, 400, ""},
		"more than allowed": {`{"title":"` + strings.Repeat("a", 2<<20) + `"}`, 413, ""},
	} {
		w, p := ask(h, "POST", "/api/v1/notes", c.body)
		located := c.where == ""
		for _, e := range p.Errors {
			located = located || e.Location == c.where && e.Message != ""
			if english.MatchString(e.Message) {
				t.Errorf("%s: %q is in the words of a machine", name, e.Message)
			}
		}
		if w.Code != c.code || p.Status != c.code || p.Type != "about:blank" || english.MatchString(p.Detail) || !located || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %.300s", name, w.Code, w.Body)
		}
	}
}

func TestTextsAreCleanedAsThoseOfForms(t *testing.T) {
	_, h := newAPI()
	for title, want := range map[string]string{`E\u0301tat`: "État", `a\r\nb`: `a\nb`, `a\tb`: `a\tb`} {
		if w, _ := ask(h, "POST", "/api/v1/notes", `{"title":"`+title+`"}`); strings.TrimSpace(w.Body.String()) != `{"title":"`+want+`"}` {
			t.Errorf("%s: %s", title, w.Body)
		}
	}
	for _, title := range []string{`a\u0000b`, `a\u001bb`, `a\u202eb`, `a\rb`} {
		w, p := ask(h, "POST", "/api/v1/notes", `{"title":"`+title+`"}`)
		if w.Code != 422 || len(p.Errors) != 1 || p.Errors[0].Location != "body.title" {
			t.Errorf("%s: %d %s", title, w.Code, w.Body)
		}
	}
	if w, p := ask(h, "PUT", "/api/v1/notes/a%00b", "", `If-Match: "1"`); w.Code != 422 || p.Errors[0].Location != "id" {
		t.Errorf("in the address: %d %s", w.Code, w.Body)
	}
}

func TestAVersionIsNamedBeforeItIsChanged(t *testing.T) {
	_, h := newAPI()
	w, _ := ask(h, "POST", "/api/v1/notes", `{"title":"Note"}`)
	if w.Code != 201 || w.Header().Get("ETag") != `"1"` || strings.TrimSpace(w.Body.String()) != `{"title":"Note"}` || w.Header().Get("Cache-Control") != "private, no-cache" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	for tag, want := range map[string]int{`"1"`: 200, `W/"7"`: 200, ` "7" `: 200, "": 422, `"0"`: 422, `"-1"`: 422, "*": 422, `"1", "2"`: 422} {
		if w, p := ask(h, "PUT", "/api/v1/notes/a", "", "If-Match: "+tag); w.Code != want || want == 422 && p.Errors[0].Location != "If-Match" {
			t.Errorf("If-Match %s: %d %s", tag, w.Code, w.Body)
		}
	}
}

func TestEverythingElseIsAbsent(t *testing.T) {
	_, h := newAPI()
	for _, path := range []string{"/api/v1/", "/api/v1/absent", "/api/v1/notes/a/b", "/api/v1/docs", "/api/v1/schemas/Note.json"} {
		if w, p := ask(h, "GET", path, ""); w.Code != 404 || p.Status != 404 || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	for path, allowed := range map[string]string{"/api/v1/notes": "POST", "/api/v1/notes/absent": "PUT", "/api/v1/closed/1": "GET, HEAD"} {
		w, p := ask(h, "DELETE", path, "")
		if w.Code != 405 || p.Status != 405 || w.Header().Get("Allow") != allowed || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s, by a method that it does not answer: %d %v %s", path, w.Code, w.Header(), w.Body)
		}
	}
}

func TestTheDescriptionIsOpenAPI31(t *testing.T) {
	a, h := newAPI()
	w, _ := ask(h, "GET", "/api/v1/openapi.json", "")
	var served struct {
		OpenAPI string `json:"openapi"`
		Servers []struct{ URL string }
		Paths   map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Responses   map[string]any
		}
		Components struct{ SecuritySchemes map[string]any }
	}
	if err := json.NewDecoder(io.Reader(w.Body)).Decode(&served); err != nil || w.Code != 200 {
		t.Fatal(w.Code, err)
	}
	add := served.Paths["/notes"]["post"]
	if !strings.HasPrefix(served.OpenAPI, "3.1") || !strings.HasPrefix(a.Description().OpenAPI, "3.1") || served.Servers[0].URL != "/api/v1" ||
		add.OperationID != "addNote" || served.Components.SecuritySchemes["token"] == nil {
		t.Errorf("%+v", served)
	}
	for _, status := range []string{"201", "401", "403", "404", "409", "422"} {
		if add.Responses[status] == nil {
			t.Errorf("addNote does not describe %s", status)
		}
	}
	if len(a.Operations()) != 2+2*int(fault.Unavailable+1) || a.Operations()[0].ID != "addNote" {
		t.Errorf("%+v", a.Operations())
	}
}
