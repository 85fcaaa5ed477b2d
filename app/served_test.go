package app_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The files of the plan name what an activity serves to whoever may see it, and are marked as what they name.
func TestFilesOfThePlanSayWhatItServes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		cnad := w.keeper("cnad")
		text := func(title, marking string, circle ...string) string {
			return w.post(t, cnad, "/structures/cnad/documents", map[string]any{"title": title, "theme": "ARM", "place": "TG", "marking": marking, "audience": append([]string{}, circle...),
				"content": map[string]any{"date": "2024", "source": "Essai"}}).ID
		}
		served := w.post(t, cnad, "/activities", map[string]any{"title": "Marquage des armes", "themes": []string{"ARM"}, "places": []string{"TG-S"}, "marking": "clear", "audience": []string{"public"},
			"purpose": "Marquer.", "type": "MARQ", "period": map[string]string{"from": "2028-05"}}).ID
		for _, to := range []string{text("Convention ouverte", "clear", "public"), text("Instruction fermée", "amber_strict")} {
			w.post(t, cnad, "/records/"+served+"/links", map[string]string{"kind": "serves", "to": to})
		}
		for who, want := range map[string][]string{"nobody": {"Convention ouverte"}, "focal@purs.example by cookie": {"Convention ouverte"}, "focal@cnad.example by cookie": {"Convention ouverte", "Instruction fermée"}} {
			a := w.ask(t, w.by[who], request{method: http.MethodGet, path: "/activites?periode=2028&format=json"})
			var file struct {
				Rows []struct {
					Title  string
					Serves []string
				}
			}
			must(t, json.Unmarshal([]byte(a.body), &file))
			if len(file.Rows) != 1 || !slices.Equal(file.Rows[0].Serves, want) {
				t.Errorf("%s: %v", who, file.Rows)
			}
			closed := slices.Contains(want, "Instruction fermée")
			if got := strings.Contains(a.header.Get("Content-Disposition"), "AMBER"); got != closed {
				t.Errorf("%s: marked %q", who, a.header.Get("Content-Disposition"))
			}
			for _, path := range []string{"/activites?periode=2028&format=csv", "/activites?periode=2028&format=xlsx", "/activites/plan.pdf?periode=2028"} {
				body := w.ask(t, w.by[who], request{method: http.MethodGet, path: path}).body
				if !strings.Contains(body, "Convention ouverte") || strings.Contains(body, "Instruction fermée") != closed {
					t.Errorf("%s for %s does not say what it should", path, who)
				}
			}
		}
	})
}
