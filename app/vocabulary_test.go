package app_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"cadre/kit/db"
	"cadre/kit/test"
)

// TestAProgramAnswersAnOverlap sets an overlap aside by the API, changes its mind, and says what was saved.
func TestAProgramAnswersAnOverlap(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	focal := w.by["focal@cnad.example by token"]
	mine := w.post(t, focal, "/activities", idea())
	theirs := w.post(t, w.by["focal@ciplev.example by token"], "/activities", idea())
	path := "/api/v1/activities/" + mine.ID + "/overlaps/" + theirs.ID
	say := func(path, match string, in any) (version int) {
		q := request{method: http.MethodPut, path: path}
		if match != "" {
			q.header = http.Header{"If-Match": {match}}
		}
		return w.put(t, focal, q, in).Version
	}
	first := map[string]any{"verdict": "dismissed", "reason": "unrelated"}
	if v := say(path, "", first); v != 1 {
		t.Errorf("version %d", v)
	}
	again := w.ask(t, focal, request{method: http.MethodPut, path: path, json: `{"verdict":"dismissed","reason":"vague"}`})
	if again.status != http.StatusConflict {
		t.Errorf("an answer that does not say which it replaces: %s", again)
	}
	if v := say(path, `"1"`, map[string]any{"verdict": "dismissed", "reason": "settled"}); v != 2 {
		t.Errorf("version %d", v)
	}
	if v := say(path+"/gain", `"2"`, map[string]any{"days": 3}); v != 3 {
		t.Errorf("version %d", v)
	}
}

// TestAProgramLearnsTheWords asks the API for what forms offer as choices, for what changed
// and for the proof of the journal, as a page would show them.
func TestAProgramLearnsTheWords(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	focal := w.by["focal@cnad.example by token"]
	read := func(p *persona, path string, into any) {
		t.Helper()
		a := w.ask(t, p, request{method: http.MethodGet, path: "/api/v1" + path})
		if a.status != http.StatusOK {
			t.Fatal(a)
		}
		must(t, json.Unmarshal([]byte(a.body), into))
	}
	var themes, places struct {
		Items []struct{ Code, Parent, Label, Name string }
	}
	read(focal, "/themes", &themes)
	read(focal, "/places", &places)
	if len(themes.Items) != len(w.Pack.Themes) || len(places.Items) != len(w.Pack.Territories) || themes.Items[0].Label == "" || places.Items[0].Name == "" {
		t.Errorf("%d themes, %d places", len(themes.Items), len(places.Items))
	}
	seen := map[string]bool{"": true}
	for _, item := range append(themes.Items, places.Items...) {
		if !seen[item.Parent] {
			t.Errorf("%s comes before %s, which is above it", item.Code, item.Parent)
		}
		seen[item.Code] = true
	}

	var changes struct {
		Fresh, Before []struct{ ID, Title, Structure string }
	}
	made := w.post(t, focal, "/activities", idea())
	read(focal, "/changes", &changes)
	if all := append(changes.Fresh, changes.Before...); len(all) == 0 || all[0].ID != made.ID || all[0].Structure != "CNAD" {
		t.Errorf("what was written does not come first: %+v", changes)
	}

	var proof struct{ Key string }
	if read(w.by["controle@cndh.example by token"], "/proof", &proof); proof.Key == "" {
		t.Error("the key of the journal is not said")
	}
	if a := w.ask(t, focal, request{method: http.MethodGet, path: "/api/v1/proof"}); a.status != http.StatusNotFound {
		t.Errorf("the proof as a focal point: %s", a)
	}
}
