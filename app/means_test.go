package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cadre/activity"
	"cadre/core/access"
	"cadre/kit/db"
	"cadre/synergy"
)

// Who leads an activity asks for what another lends by a button: the other takes part, reads it, and signs.
func TestWhoLendsIsAskedByAButton(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		lead, purs := w.by["focal@cnad.example by cookie"], w.by["focal@purs.example by cookie"]
		lent := w.post(t, w.keeper("purs"), "/structures/purs/capacities", map[string]any{"title": "Deux pick-up", "place": "TG-S", "marking": "green", "audience": []string{"members"},
			"content": map[string]any{"kind": "vehicles", "source": "Essai"}}).ID
		plan := func(marking string) string {
			return "/activites/" + w.post(t, w.keeper("cnad"), "/activities", map[string]any{"title": "Tournée", "themes": []string{"DRG"}, "places": []string{"TG-S"}, "marking": marking, "audience": []string{},
				"purpose": "Aller voir.", "type": "SENS", "period": map[string]string{"from": "2028-05-18"}, "needs": []map[string]any{{"kind": "vehicles", "capacity": lent}}}).ID
		}
		page, closed := plan("green"), plan("amber_strict")
		read := func(who *persona, path string) answer {
			return w.ask(t, who, request{method: http.MethodGet, path: path})
		}
		ask := func() answer {
			return w.ask(t, lead, request{method: http.MethodPost, path: page + "/appuis", form: url.Values{"structure": {w.structures["purs"]}}})
		}
		const button = "Associer PURS en appui"
		if !strings.Contains(read(lead, page).body, button) || strings.Contains(read(lead, closed).body, button) {
			t.Error("the button is not where PURS may be asked, or where it may not")
		}
		if a := read(purs, page); a.status != http.StatusNotFound {
			t.Errorf("PURS reads it before it is asked: %d", a.status)
		}
		if a := ask(); a.status != http.StatusSeeOther {
			t.Fatalf("%s", a)
		}
		f, err := w.Activities.Find(t.Context(), w.viewer("focal@cnad.example", access.Focal), strings.TrimPrefix(page, "/activites/"))
		must(t, err)
		_, err = w.Activities.Turn(t.Context(), w.viewer("focal@cnad.example", access.Focal), f.ID, "proposed", f.Version, activity.Turning{})
		must(t, err)
		if a := read(purs, page); a.status != http.StatusOK || !strings.Contains(a.body, "Se prononcer") && !strings.Contains(a.body, "Signer") {
			t.Errorf("PURS may not read and sign what it is asked for: %d", a.status)
		}
		if body := read(lead, page).body; strings.Contains(body, button) || !strings.Contains(body, "demandé à PURS") {
			t.Error("PURS is asked twice, or not")
		}
		if a := ask(); a.status != http.StatusConflict {
			t.Errorf("asked again: %d", a.status)
		}
	})
}

// What is needed may name what anybody lends: that asks it of them, and does not bring them in.
func TestANeedMayNameWhatAnybodyLends(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		who, cnad := w.by["focal@cnad.example by cookie"], w.keeper("cnad")
		capacity := func(title, kind, marking string, circle ...string) string {
			return w.post(t, w.keeper("purs"), "/structures/purs/capacities", map[string]any{"title": title, "place": "TG-S", "marking": marking, "audience": append([]string{}, circle...),
				"content": map[string]any{"kind": kind, "source": "Essai"}}).ID
		}
		lent, room, closed := capacity("Deux pick-up", "vehicles", "green", "members"), capacity("Une salle", "expertise", "green", "members"), capacity("Un camion", "vehicles", "amber_strict")
		plan := w.post(t, cnad, "/activities", map[string]any{"title": "Tournée", "themes": []string{"DRG"}, "places": []string{"TG-S"}, "marking": "amber_strict", "audience": []string{},
			"purpose": "Aller voir.", "type": "SENS", "period": map[string]string{"from": "2028-05-18"}}).ID
		page, list := "/activites/"+plan, "/activites/"+plan+"/listes/moyens-demandes"

		form := w.fill(t, who, list, list)
		form["means_kind"][0], form["means_quantity"][0] = "vehicles", "2"
		seek := url.Values{"seek": {"1"}}
		for name, all := range form {
			seek[name] = all
		}
		for name, c := range map[string]struct {
			body   string
			offers bool
		}{"before a kind is chosen": {w.ask(t, who, request{method: http.MethodGet, path: list}).body, false}, "of a kind": {w.ask(t, who, request{method: http.MethodPost, path: list, form: seek}).body, true}} {
			if strings.Contains(c.body, lent) != c.offers || strings.Contains(c.body, room) || strings.Contains(c.body, closed) || c.offers && !strings.Contains(c.body, `value="2"`) {
				t.Errorf("%s: the form does not offer what it should", name)
			}
		}
		for id, says := range map[string]string{room: "d’une autre nature", closed: "dans la liste"} {
			form["means_capacity"][0] = id
			if a := w.ask(t, who, request{method: http.MethodPost, path: list, form: form}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, says) {
				t.Errorf("%s: %d", says, a.status)
			}
		}
		form["means_capacity"][0] = lent
		if a := w.ask(t, who, request{method: http.MethodPost, path: list, form: form}); a.status != http.StatusSeeOther {
			t.Fatalf("%s", a)
		}
		body := w.ask(t, who, request{method: http.MethodGet, path: page}).body
		for _, says := range []string{"demandé à PURS\u00a0:", "Moyen demandé à PURS", "Cette structure ne voit pas votre activité"} {
			if !strings.Contains(body, says) {
				t.Errorf("the page does not say %q", says)
			}
		}
		if body := w.ask(t, who, request{method: http.MethodGet, path: "/activites?periode=2028&format=json"}).body; !strings.Contains(body, "demandé à PURS") {
			t.Error("the file does not say of whom it is asked")
		}
		if a := w.ask(t, w.by["focal@purs.example by cookie"], request{method: http.MethodGet, path: page}); a.status != http.StatusNotFound {
			t.Errorf("who is asked has become a party: %d", a.status)
		}
		must(t, w.DB.Read(t.Context(), func(tx *db.Tx) error {
			v := w.viewer("focal@cnad.example", access.Focal)
			p, err := w.Synergy.Find(t.Context(), tx, v, plan)
			must(t, err)
			all, err := w.Synergy.Around(t.Context(), tx, v, p)
			asked := func(l synergy.Lent) bool { return l.ID == lent && l.Asked && l.Unseen }
			if len(p.Partners) > 0 || len(all.Means) == 0 || !asked(all.Means[0]) {
				t.Errorf("%v %+v", p.Partners, all.Means)
			}
			return err
		}))
	})
}
