package app_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"cadre/kit/db"
	"cadre/kit/test"
)

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
