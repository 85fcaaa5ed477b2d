package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"cadre/app"
	"cadre/kit/db"
	"cadre/kit/id"
	"cadre/kit/test"
)

// upload sends a file by the form of a page.
func (w *world) upload(t *testing.T, p *persona, path, name string, body io.Reader) answer {
	t.Helper()
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	_, err := form.CreateFormFile("file", name)
	must(t, err)
	r := httptest.NewRequest(http.MethodPost, path, io.MultiReader(&head, body, strings.NewReader("\r\n--"+form.Boundary()+"--\r\n")))
	for name, values := range p.header {
		r.Header[name] = values
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	rec := httptest.NewRecorder()
	w.Handler.ServeHTTP(rec, r)
	return answer{rec.Code, rec.Header(), unpacked(t, rec), rec.Body.Len()}
}

// zeros is a file without end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestFilesThroughTheDoor attaches files by the form and by the API, good and bad ones, and
// reads them as everybody; then a backup carries them.
func TestFilesThroughTheDoor(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	s := &sower{world: w}
	hidden := s.add(t, "documents", "cndh", "amber", "owner").id
	keeper, token, outsider := w.by["focal@cndh.example by cookie"], w.keeper("cndh"), w.by["focal@cnad.example by cookie"]
	path := "/fiches/" + hidden + "/pieces"
	if a := w.upload(t, keeper, path, "Rapport.pdf", strings.NewReader("%PDF-1.7 un")); a.status != http.StatusSeeOther {
		t.Fatal(a)
	}
	for name, body := range map[string]io.Reader{"page.pdf": strings.NewReader("<html>"), "prog.exe": strings.NewReader("MZ"), "grand.txt": io.LimitReader(zeros{}, 5<<30)} {
		if a := w.upload(t, keeper, path, name, body); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "file-e") {
			t.Errorf("%s: %d %.2000s", name, a.status, a.body)
		}
	}
	if a := w.ask(t, token, request{method: http.MethodPost, path: "/api/v1/records/" + hidden + "/attachments?name=liste.csv", json: "a;b", header: http.Header{"Content-Type": {"text/csv"}}}); a.status != http.StatusCreated {
		t.Error(a)
	}
	var list struct {
		Items []struct{ Href, Name string }
	}
	must(t, json.Unmarshal([]byte(w.ask(t, token, request{method: http.MethodGet, path: "/api/v1/records/" + hidden + "/attachments"}).body), &list))
	if len(list.Items) != 2 {
		t.Fatalf("%+v", list)
	}
	href := list.Items[0].Href
	a := w.ask(t, token, request{method: http.MethodGet, path: href})
	if a.status != http.StatusOK || a.body != "%PDF-1.7 un" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") || a.header.Get("Content-Security-Policy") != "sandbox; default-src 'none'" {
		t.Error(a)
	}
	other := id.New()
	absent := strings.Replace(href, hidden, other, 1)
	for _, p := range []*persona{outsider, w.by["nobody"]} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			left := w.ask(t, p, request{method: method, path: href})
			right := w.ask(t, p, request{method: method, path: absent})
			if left.status != http.StatusNotFound || alike(left, names{id: hidden, to: hidden}) != alike(right, names{id: other, to: other}) {
				t.Errorf("%s as %s: %s\n%s", method, p.name, left, right)
			}
		}
		if a := w.upload(t, p, path, "a.pdf", strings.NewReader("%PDF-")); a.status != http.StatusNotFound && a.status != http.StatusUnauthorized {
			t.Errorf("as %s: %s", p.name, a)
		}
	}
	w.carried(t)
}

// carried backs the world up, restores it elsewhere and proves it, files included.
func (w *world) carried(t *testing.T) {
	t.Helper()
	ctx, shelf := context.Background(), t.TempDir()
	backup := filepath.Join(shelf, "all.backup")
	must(t, app.Backup(ctx, w.Config, backup))
	restored := app.Config{Data: filepath.Join(shelf, "restored")}
	must(t, app.Restore(ctx, restored, backup))
	again, err := app.Open(ctx, app.Options{Config: restored, Log: w.Log})
	must(t, err)
	defer again.Close()
	v, err := again.Verify(ctx, "")
	must(t, err)
	for _, f := range v.Findings {
		t.Error(f.Sentence.In("fr"))
	}
}
