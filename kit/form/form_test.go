package form_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cadre/kit/fault"
	"cadre/kit/form"

	"github.com/google/go-cmp/cmp"
)

func post(kind, body string) *http.Request {
	r := httptest.NewRequest("POST", "/?adresse=non", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	return r
}

func sent(values url.Values) *http.Request {
	return post("application/x-www-form-urlencoded", values.Encode())
}

func TestRead(t *testing.T) {
	for _, c := range []struct{ name, typed, want string }{
		{"spaces around", "  Lomé \n", "Lomé"},
		{"line ends", "un\r\ndeux\rtrois\nquatre", "un\ndeux\ntrois\nquatre"},
		{"decomposed accent", "Lome\u0301", "Lomé"},
		{"tabulation inside", "a\tb", "a\tb"},
		{"no-break spaces are trimmed too", "\u00a0a\u202f", "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := form.Read(sent(url.Values{"nom": {c.typed}}))
			if err != nil || got.Get("nom") != c.want {
				t.Errorf("got %q, %v; want %q", got.Get("nom"), err, c.want)
			}
			if got.Has("adresse") {
				t.Error("the address was read as part of the body")
			}
		})
	}
}

func TestRead_ForbiddenCharacters(t *testing.T) {
	for name, typed := range map[string]string{
		"NUL":                    "a\x00b",
		"escape":                 "a\x1bb",
		"right-to-left override": "a\u202eb",
		"isolate":                "a\u2066b",
		"invalid UTF-8":          "a\xffb",
	} {
		t.Run(name, func(t *testing.T) {
			values, err := form.Read(sent(url.Values{"but": {typed}, "nom": {"juste"}}))
			st := form.Of(values, err)
			if fault.KindOf(err) != fault.BadInput || len(st.Faults) != 1 || st.Faults[0].Name != "but" {
				t.Fatalf("got %v", err)
			}
			if st.Value("but") != "ab" || st.Value("nom") != "juste" {
				t.Errorf("what was typed is lost: %v", values)
			}
		})
	}
}

func TestRead_Refusals(t *testing.T) {
	for _, c := range []struct {
		name string
		r    *http.Request
		want fault.Kind
	}{
		{"more than a mebibyte", post("application/x-www-form-urlencoded", "a="+strings.Repeat("x", form.MaxBytes)), fault.TooLarge},
		{"more than a mebibyte, multipart", multi(map[string]string{"a": strings.Repeat("x", form.MaxBytes)}, ""), fault.TooLarge},
		{"bad escape", post("application/x-www-form-urlencoded", "a=%zz"), fault.BadInput},
		{"JSON", post("application/json", "{}"), fault.BadInput},
		{"no content type", post("", "a=b"), fault.BadInput},
		{"a file", multi(nil, "plan.pdf"), fault.BadInput},
		{"cut multipart", post("multipart/form-data; boundary=x", "--x\r\nContent-Dis"), fault.BadInput},
		{"a field's name with controls", sent(url.Values{"a\x00": {"b"}}), fault.BadInput},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := form.Read(c.r); fault.KindOf(err) != c.want {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRead_Multipart(t *testing.T) {
	got, err := form.Read(multi(map[string]string{"nom": " Agence A "}, ""))
	if diff := cmp.Diff(url.Values{"nom": {"Agence A"}, "piece": {""}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// multi makes a multipart form with a file input, left empty when name is.
func multi(fields map[string]string, name string) *http.Request {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range fields {
		w.WriteField(k, v)
	}
	file, _ := w.CreateFormFile("piece", name)
	if name != "" {
		file.Write([]byte("contenu"))
	}
	w.Close()
	return post(w.FormDataContentType(), body.String())
}

func TestQuery(t *testing.T) {
	r := httptest.NewRequest("GET", "/annuaire?q=+arm%C3%A9es+&region=s&region=k", nil)
	got, err := form.Query(r)
	if diff := cmp.Diff(url.Values{"q": {"armées"}, "region": {"s", "k"}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if _, err := form.Query(httptest.NewRequest("GET", "/?q=%00", nil)); fault.KindOf(err) != fault.BadInput {
		t.Errorf("got %v", err)
	}
}

func TestOf(t *testing.T) {
	typed := url.Values{"nom": {"x"}, "themes": {"a", "b"}}
	conflict := form.Of(typed, fault.New(fault.Conflict, "Cette fiche a changé."))
	if !conflict.Failed() || conflict.Error(t.Context(), "") != "Cette fiche a changé." {
		t.Errorf("a fault without fields concerns the whole form: %v", conflict)
	}
	if other := form.Of(typed, errors.New("disk full")); other.Failed() {
		t.Error("an internal error has no sentence to show")
	}
	wrong := form.Of(typed, fault.Invalid("nom", "Donnez un nom."))
	if wrong.Error(t.Context(), "nom") != "Donnez un nom." || wrong.Error(t.Context(), "autre") != "" {
		t.Errorf("got %v", wrong.Faults)
	}
	if !wrong.Has("themes", "b") || wrong.Has("themes", "c") || len(wrong.All("themes")) != 2 {
		t.Error("ticked boxes are lost")
	}
}
