package app_test

import (
	"net/http"
	"strings"
	"testing"

	"cadre/kit/db"
	"cadre/kit/test"
)

// TestNarrowingSaysWhoHasRead opens a record to all institutions, lets one of them read it,
// and closes it again: before anything is saved, its owner learns who has read it.
func TestNarrowingSaysWhoHasRead(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	owner, other := w.by["focal@cnad.example by cookie"], w.by["focal@cndh.example by cookie"]
	fact := w.put(t, w.by["focal@cnad.example by token"], request{method: http.MethodPost, path: "/api/v1/structures/" + w.structures["cnad"] + "/capacities"},
		map[string]any{"title": "Tentes", "marking": "green", "audience": []string{"members"}, "content": map[string]any{"kind": "trainers"}})
	activity := w.post(t, w.by["focal@cnad.example by token"], "/activities", idea())
	for page, edit := range map[string]string{"/faits/" + fact.ID: "/faits/" + fact.ID + "/modifier", "/activites/" + activity.ID: "/activites/" + activity.ID + "/modifier"} {
		if a := w.ask(t, other, request{method: http.MethodGet, path: page}); a.status != http.StatusOK {
			t.Fatal(a)
		}
		must(t, w.Readers.Store(t.Context()))
		values := w.fill(t, owner, edit, page)
		if a := w.ask(t, owner, request{method: http.MethodPost, path: page, form: values}); strings.Contains(a.body, "déjà lue") {
			t.Errorf("%s, as open as before: %s", page, a)
		}
		values = w.fill(t, owner, edit, page)
		values.Del("audience")
		if a := w.ask(t, owner, request{method: http.MethodPost, path: page, form: values}); a.status != http.StatusOK || !strings.Contains(a.body, "L’ont déjà lue, et ne la liront plus") || !strings.Contains(a.body, "Point focal, CNDH.") {
			t.Errorf("%s, closed to others: %s", page, a)
		}
	}
}
