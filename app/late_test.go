package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cadre/activity"
	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/test"
)

// TestWhatIsTypedTooLateIsGivenBack: the form that comes after another has changed its record
// saves nothing, and whoever typed it finds it on the page, beside the way to what is there now.
func TestWhatIsTypedTooLateIsGivenBack(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	lead := w.by["focal@cnad.example by cookie"]
	late := func(f activity.Found, path string, form url.Values, says ...string) {
		t.Helper()
		a := w.ask(t, lead, request{method: http.MethodPost, path: "/activites/" + f.ID + path, form: form})
		for _, s := range append(says, `href="/activites/`+f.ID+`"`) {
			if a.status != http.StatusConflict || !strings.Contains(a.body, s) {
				t.Errorf("%s lacks %q: %s", path, s, a)
			}
		}
	}
	report := url.Values{"version": {"9"}, "summary": {"Trois ateliers tenus."}, "reached_women": {"112"}, "spent": {"1 250 000 F CFA"}, "lesson": {"Venir le jeudi."}}
	late(w.brought(t, activity.Suspended), "/etapes/reported", report, "Trois ateliers tenus.", `value="112"`, "1 250 000 F CFA", "Venir le jeudi.", "Suspendue")
	late(w.brought(t, activity.Abandoned), "/listes/resultats", url.Values{"version": {"1"}, "result": {"Des élèves informés"}}, "Des élèves informés")
	late(w.brought(t, activity.Idea), "/reponse", url.Values{"verdict": {"declined"}, "reason": {"Trop loin de chez nous."}, "terms": {"x"}}, "Trop loin de chez nous.")

	f := w.brought(t, activity.Running)
	other := url.Values{"version": {"1"}, "result": {"Des élèves informés"}, "indicator": {""}, "baseline": {""}, "target": {""}, "reached": {""}}
	late(f, "/listes/resultats", other, `id="conflit"`, "Des élèves informés")
	report.Set("version", w.fill(t, lead, "/activites/"+f.ID+"/etapes/reported", "/activites/"+f.ID+"/etapes/reported").Get("version"))
	if a := w.ask(t, lead, request{method: http.MethodPost, path: "/activites/" + f.ID + "/etapes/reported", form: report}); a.status != http.StatusSeeOther {
		t.Fatal(a)
	}
	if f, err := w.Activities.Find(t.Context(), w.viewer("chef@cnad.example", access.Head), f.ID); err != nil || f.Report.Spent == nil || *f.Report.Spent != 1_250_000 {
		t.Errorf("an amount is read as people write it: %v %v", f.Report, err)
	}
}
