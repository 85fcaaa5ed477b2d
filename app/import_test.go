package app_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// send sends a file and the fields of a form to a page, as a browser does.
func (w *world) send(t *testing.T, p *persona, path, name string, file []byte, fields url.Values) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, values := range fields {
		for _, v := range values {
			must(t, form.WriteField(field, v))
		}
	}
	part, err := form.CreateFormFile("file", name)
	must(t, err)
	_, err = part.Write(file)
	must(t, err)
	must(t, form.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header = p.header.Clone()
	r.Header.Set("Content-Type", form.FormDataContentType())
	out := httptest.NewRecorder()
	w.Handler.ServeHTTP(out, r)
	return out
}

func TestAnImportOnPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const path = "/structures/cnad/moyens/importer"
		p, members := w.keeper("cnad"), url.Values{"marking": {"green"}, "audience": {"members"}}
		get := func(who *persona, end string) answer {
			return w.ask(t, who, request{method: http.MethodGet, path: path + end})
		}
		file := []byte("Désignation;Sorte;Combien;Où\nEssai de tentes;" + w.Pack.CapacityKinds[0].Label + ";12 000;Kozah\nEssai de motos;rien;x;Kozah\n")
		if a := w.send(t, p, path, "moyens.csv", file, members); a.Code != http.StatusSeeOther || a.Header().Get("Location") != path+"/colonnes" {
			t.Fatalf("upload: %d %s", a.Code, a.Body)
		}
		columns := w.fill(t, p, path+"/colonnes", path+"/colonnes")
		columns.Set("column-1", "kind")
		columns.Set("column-2", "quantity")
		columns.Set("column-3", "place")
		if a := w.ask(t, p, request{method: http.MethodPost, path: path + "/colonnes", form: columns}); a.status != http.StatusSeeOther {
			t.Fatalf("columns: %s", a)
		}
		if a := get(p, "/apercu"); !strings.Contains(a.body, "B3") || !strings.Contains(a.body, "C3") || strings.Contains(a.body, `value="Importer"`) {
			t.Errorf("wrong cells are not told: %s", a)
		}
		if a := get(w.by["adjoint@cnad.example by cookie"], "/apercu"); a.status != http.StatusConflict || strings.Contains(a.body, "Essai") {
			t.Errorf("another reads the waiting file: %s", a)
		}
		good := bytes.ReplaceAll(file, []byte("rien;x"), []byte(w.Pack.CapacityKinds[0].Label+";3"))
		if a := w.send(t, p, path, "moyens.csv", good, members); a.Header().Get("Location") != path+"/apercu" {
			t.Fatalf("the titles are not remembered: %d %s", a.Code, a.Header())
		}
		form := w.fill(t, p, path+"/apercu", path+"/apercu")
		stale := url.Values{"seen": {"x"}}
		if a := w.ask(t, p, request{method: http.MethodPost, path: path + "/apercu", form: stale}); a.status != http.StatusConflict || w.entitled(t, "Essai de tentes") != 0 {
			t.Errorf("what was not read is done: %s", a)
		}
		if a := w.ask(t, p, request{method: http.MethodPost, path: path + "/apercu", form: form}); a.status != http.StatusSeeOther || w.entitled(t, "Essai de tentes") != 1 || w.entitled(t, "Essai de motos") != 1 {
			t.Errorf("import: %s", a)
		}
		if a := get(p, "/apercu"); a.status != http.StatusConflict {
			t.Errorf("the file still waits: %s", a)
		}
		w.refuseBadFiles(t, p, path, members)
	})
}

func TestAPlanImportedOnPagesAndByAProgram(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const path, file = "/activites/importer", "N°;Quoi;But;Type;Domaine;Lieu;Quand\n1;Essai de caravane;Prévenir;Sensibilisation;DRG;Kozah;T2 2027\n2;Essai de marche;Prévenir;Marche;DRG;Kozah;hier\n"
		p, members := w.keeper("cnad"), url.Values{"marking": {"green"}, "audience": {"members"}}
		if a := w.ask(t, p, request{method: http.MethodGet, path: "/activites"}); !strings.Contains(a.body, `href="`+path+`"`) {
			t.Error("no link leads to the import")
		}
		if a := w.send(t, p, path, "plan.csv", []byte(file), members); a.Header().Get("Location") != path+"/colonnes" {
			t.Fatalf("upload: %d %s", a.Code, a.Body)
		}
		columns := w.fill(t, p, path+"/colonnes", path+"/colonnes")
		columns.Set("column-0", "reference")
		columns.Set("column-1", "title")
		columns.Set("column-6", "from")
		if a := w.ask(t, p, request{method: http.MethodPost, path: path + "/colonnes", form: columns}); a.status != http.StatusSeeOther {
			t.Fatalf("columns: %s", a)
		}
		if a := w.ask(t, p, request{method: http.MethodGet, path: path + "/apercu"}); !strings.Contains(a.body, "D3") || !strings.Contains(a.body, "G3") {
			t.Errorf("wrong cells are not told: %s", a)
		}
		good := strings.NewReplacer("Marche", "Campagne médiatique", "hier", "12 mars 2027").Replace(file)
		if a := w.send(t, p, path, "plan.csv", []byte(good), members); a.Header().Get("Location") != path+"/apercu" {
			t.Fatalf("the titles are not remembered: %d %s", a.Code, a.Header())
		}
		form := w.fill(t, p, path+"/apercu", path+"/apercu")
		if a := w.ask(t, p, request{method: http.MethodPost, path: path + "/apercu", form: form}); a.status != http.StatusSeeOther || w.entitled(t, "Essai de caravane") != 1 {
			t.Errorf("import: %s", a)
		}
		call := func(query, file string) answer {
			return w.ask(t, w.by["focal@cnad.example by token"], request{method: http.MethodPost, path: "/api/v1/activities/imports" + query, json: file,
				header: http.Header{"Content-Type": {"application/octet-stream"}}})
		}
		if a := call("?preview=true", good); a.status != http.StatusOK || !strings.Contains(a.body, `"same":2`) {
			t.Errorf("again, by a program: %s", a)
		}
		if a := call("", file); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "rows.3.type") {
			t.Errorf("what is wrong, by a program: %s", a)
		}
		if a := call("", strings.Replace(good, "Prévenir", "Mieux prévenir", 1)); a.status != http.StatusOK || !strings.Contains(a.body, `"changed":1`) || w.entitled(t, "Essai de caravane") != 1 {
			t.Errorf("a change, by a program: %s", a)
		}
		w.refuseBadFiles(t, p, path, members)
	})
}

func TestAnImportByAProgram(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.by["focal@cnad.example by token"]
		put := func(query, file string) answer {
			return w.ask(t, p, request{method: http.MethodPost, path: "/api/v1/structures/cnad/imports/capacities" + query, json: file,
				header: http.Header{"Content-Type": {"application/octet-stream"}}})
		}
		good, wrong := "titre;nature;lieu\nEssai par programme;"+w.Pack.CapacityKinds[0].Label+";TG\n", "titre;nature;lieu\nEssai faux;rien;TG\n"
		if a := put("?preview=true", good); a.status != http.StatusOK || !strings.Contains(a.body, `"new":1`) || w.entitled(t, "Essai par programme") != 0 {
			t.Errorf("preview: %s", a)
		}
		if a := put("?preview=true", wrong); a.status != http.StatusOK || !strings.Contains(a.body, `"cell":"B2"`) {
			t.Errorf("preview of what is wrong: %s", a)
		}
		if a := put("", wrong); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "rows.2.kind") || w.entitled(t, "Essai faux") != 0 {
			t.Errorf("import of what is wrong: %s", a)
		}
		if a := put("?marking=green&audience=members", good); a.status != http.StatusOK || w.entitled(t, "Essai par programme") != 1 {
			t.Errorf("import: %s", a)
		}
		if a := put("?preview=true", good); !strings.Contains(a.body, `"same":1`) {
			t.Errorf("again: %s", a)
		}
	})
}

// refuseBadFiles sends what is no table: each is refused beside the field, in words.
func (w *world) refuseBadFiles(t *testing.T, p *persona, path string, fields url.Values) {
	t.Helper()
	for name, file := range map[string][]byte{
		"nothing": {}, "an old workbook": []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "a broken workbook": []byte("PK\x03\x04xx"), "a picture": []byte("\x89PNG\r\n\x1a\n\x00\x00"),
		"a title alone": []byte("Intitulé;Nature\n"), "many rows": []byte("a;b\n" + strings.Repeat("1;2\n", 20_000)),
	} {
		if a := w.send(t, p, path, "x.xlsx", file, fields); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), `id="file-e"`) {
			t.Errorf("%s: %d", name, a.Code)
		}
	}
	if a := w.send(t, p, path, "x.csv", bytes.Repeat([]byte("a;b\n"), 2<<20), fields); a.Code != http.StatusUnprocessableEntity && a.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("8 MB: %d", a.Code)
	}
	var wrong strings.Builder
	wrong.WriteString("Intitulé;Nature;Lieu\n")
	for i := range 5_000 {
		fmt.Fprintf(&wrong, "Essai %d;rien;Paris\n", i)
	}
	w.send(t, p, path, "x.csv", []byte(wrong.String()), fields)
	a := w.ask(t, p, request{method: http.MethodGet, path: path + "/apercu"})
	if len(a.body) > 60_000 || !strings.Contains(a.body, "B2") {
		t.Errorf("5,000 wrong rows: %d bytes", len(a.body))
	}
}
