package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cadre/activity"
)

// The empty form fits on one sheet, both sides printed, in the reader's language; whoever is
// signed in finds their institution on it.
func TestTheEmptyFormOfAnActivity(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for path, words := range map[string][]string{
			"/activites/formulaire.pdf":         {"Fiche d’activité", "Écrire une activité", "Réunion de coordination", "Cybersécurité", "Femmes visées", "Recherché", "Diffusion restreinte", "page 2 sur 2"},
			"/activites/formulaire.pdf?lang=en": {"Activity form", "Write an activity", "Coordination meeting", "Cybersecurity", "page 2 of 2"},
		} {
			for who, institution := range map[string]string{"nobody": "", "focal@cnad.example by cookie": "CNAD"} {
				a := w.ask(t, w.by[who], request{method: http.MethodGet, path: path})
				for _, word := range append(words, institution) {
					if !strings.Contains(a.body, word) {
						t.Errorf("%s for %s: %q is missing", path, who, word)
					}
				}
				if said := strings.Contains(a.body, "CNAD "); said != (institution != "") && who == "nobody" {
					t.Errorf("%s for %s names an institution", path, who)
				}
			}
		}
	})
}

// The form of an activity is found again by its number however it is typed; it has room for the
// answers of the signatories, then for the report. For who may not see the activity there is none.
func TestTheFormOfAnActivityComesBackFromPaper(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		lead := w.by["focal@cnad.example by cookie"]
		for state, want := range map[string]map[string]bool{
			activity.Concertation: {"Signatures": true, "Signature et cachet": true, "CNAD – Chef de file": true, "– Appuie": true, "Ce qui a été fait": false},
			activity.Running:      {"Signature et cachet": false, "Ce qui a été fait": true, "Femmes touchées": true},
			activity.Suspended:    {"Signature et cachet": false, "Ce qui a été fait": false},
		} {
			f := w.brought(t, state)
			want[f.Number], want["TLP:GREEN (G)"], want["Prévention et prise en charge"], want["05/2027"] = true, true, true, true
			a := w.ask(t, lead, request{method: http.MethodGet, path: "/activites/" + f.ID + "/formulaire.pdf"})
			for word, stands := range want {
				if strings.Contains(a.body, word) != stands {
					t.Errorf("%s: %q stands on the form: %v", state, word, !stands)
				}
			}
			for _, typed := range []string{f.Number, strings.ToLower(f.Number), strings.ToLower(strings.ReplaceAll(f.Number, "-", ""))} {
				found := w.ask(t, lead, request{method: http.MethodGet, path: "/recherche?q=" + url.QueryEscape(typed)})
				if strings.Count(found.body, `href="/activites/0`) != 1 || !strings.Contains(found.body, `href="/activites/`+f.ID) {
					t.Errorf("%s does not find it alone", typed)
				}
			}
		}
		hidden := w.post(t, w.keeper("cnad"), "/activities", map[string]any{"title": "Tournée", "themes": []string{"DRG"}, "places": []string{"TG-S"}, "marking": "amber_strict", "audience": []string{},
			"purpose": "Aller voir.", "type": "SENS", "period": map[string]string{"from": "2028-05-18"}}).ID
		for who, want := range map[string]int{"focal@cnad.example by cookie": http.StatusOK, "focal@purs.example by cookie": http.StatusNotFound, "nobody": http.StatusNotFound} {
			if a := w.ask(t, w.by[who], request{method: http.MethodGet, path: "/activites/" + hidden + "/formulaire.pdf"}); a.status != want {
				t.Errorf("%s gets %d, want %d", who, a.status, want)
			}
		}
		shared := w.brought(t, activity.Concertation).ID
		w.ask(t, w.by["focal@purs.example by cookie"], request{method: http.MethodGet, path: "/activites/" + shared + "/formulaire.pdf"})
		must(t, w.Readers.Store(t.Context()))
		if a := w.ask(t, lead, request{method: http.MethodGet, path: "/fiches/" + shared + "/lecteurs"}); !strings.Contains(a.body, "a exporté") {
			t.Error("the owner does not see that the form was taken out")
		}
	})
}
