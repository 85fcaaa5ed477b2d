package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Whoever sees a thing and may not change it is told who may, whatever their function; what
// they may not see does not exist for them.
func TestWhoMayChangeIsToldToWhoSees(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		cnad := w.keeper("cnad")
		mission := func(marking string, circle ...string) string {
			return w.post(t, cnad, "/structures/cnad/missions", map[string]any{"title": "Contrôler les dépôts", "theme": "ARM", "place": "TG-S", "marking": marking,
				"audience": append([]string{}, circle...), "content": map[string]any{"role": "leads", "source": "Essai"}}).ID
		}
		open, closed := mission("clear", "public"), mission("amber_strict")
		plan := w.post(t, cnad, "/activities", map[string]any{"title": "Tournée", "themes": []string{"ARM"}, "places": []string{"TG-S"}, "marking": "clear", "audience": []string{"public"},
			"purpose": "Aller voir.", "type": "SENS", "period": map[string]string{"from": "2028-05-18"}}).ID
		const keepers, leads = "tiennent à jour la fiche de leur structure", "Seules les personnes du chef de file"
		says := map[string]string{
			"/structures/cnad/modifier": keepers, "/structures/cnad/nom": keepers, "/structures/cnad/confirmer": keepers,
			"/structures/cnad/missions/ajouter": keepers, "/structures/cnad/missions/importer": keepers, "/structures/cnad/points-focaux/importer": keepers,
			"/faits/" + open + "/modifier": keepers, "/activites/" + plan + "/modifier": leads, "/activites/" + plan + "/listes/taches": leads,
			"/activites/" + plan + "/proposition": "d’une structure partenaire", "/activites/" + plan + "/etapes/proposed": "changent l’état de l’activité",
			"POST /faits/" + open + "/etat": keepers, "POST /fiches/" + open + "/commentaires": "Commentent",
		}
		for _, who := range []string{"focal@cndh.example", "agent.savanes@anpc.example", "decideur@gouv.example", "controle@cndh.example", "admin@cadre.example", "secretariat@cnlpal.example", "lecteur@cnad.example"} {
			p := w.by[who+" by cookie"]
			for path, want := range says {
				if want == "Commentent" && (strings.HasPrefix(who, "focal") || strings.HasPrefix(who, "agent") || strings.HasPrefix(who, "secretariat")) {
					continue // they may
				}
				if a := w.ask(t, p, asking(path)); a.status != http.StatusForbidden || !strings.Contains(a.body, want) {
					t.Errorf("%s as %s: %d, without %q", path, who, a.status, want)
				}
				hidden := strings.ReplaceAll(path, open, closed)
				if a := w.ask(t, p, asking(hidden)); hidden != path && p.slug != "cnad" && a.status != http.StatusNotFound {
					t.Errorf("%s, hidden, as %s: %d", path, who, a.status)
				}
			}
			if a := w.ask(t, p, asking("/structures/cnad/dissoudre")); a.status != http.StatusForbidden && who != "secretariat@cnlpal.example" {
				t.Errorf("dissolving as %s: %d", who, a.status)
			}
		}
	})
}

// asking is the request of an address, which a method may precede.
func asking(path string) request {
	if method, path, posted := strings.Cut(path, " "); posted {
		return request{method: method, path: path, form: url.Values{"verb": {"withdrawn"}, "version": {"1"}, "text": {"x"}}}
	}
	return request{method: http.MethodGet, path: path}
}
