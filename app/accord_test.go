package app_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// accordOf is what the API says of an accord.
type accordOf struct {
	ID, State string
	Version   int
	Parties   []string
	Clauses   []struct{ ID, Text, Structure, Due, State, Note string }
}

// protocol is a protocol of CNAD with PURS, in force, whose one clause PURS owes by a day.
func (w *world) protocol(t *testing.T, title, due, until string) accordOf {
	t.Helper()
	made := w.post(t, w.keeper("cnad"), "/accords", w.pact(title, due, until))
	w.put(t, w.keeper("cnad"), request{method: http.MethodPost, path: "/api/v1/accords/" + made.ID + "/transitions/enforced", header: match(1)}, struct{}{})
	return w.accordBy(t, "focal@cnad.example", made.ID)
}

func (w *world) pact(title, due, until string) map[string]any {
	clause := map[string]any{"text": "Prêter un véhicule", "structure": w.structures["purs"]}
	if due != "" {
		clause["due"] = due
	}
	in := map[string]any{"title": title, "sort": "protocol", "object": "Agir ensemble.", "parties": []string{w.structures["purs"]}, "signed_on": "2026-01-05", "from": "2026-01-05",
		"clauses": []any{clause}, "marking": "amber", "audience": []string{}}
	if until != "" {
		in["until"] = until
	}
	return in
}

func (w *world) accordBy(t *testing.T, who, id string) (a accordOf) {
	t.Helper()
	answer := w.ask(t, w.comes(who, "token"), request{method: http.MethodGet, path: "/api/v1/accords/" + id})
	if answer.status == http.StatusOK {
		must(t, json.Unmarshal([]byte(answer.body), &a))
	}
	return a
}

// The parties of an accord read it, whoever else was chosen; for the others it does not exist.
func TestPartiesReadTheAccord(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		a := w.protocol(t, "Protocole des véhicules", "", "")
		for who, reads := range map[string]bool{"focal@cnad.example": true, "focal@purs.example": true, "focal@cndh.example": false, "decideur@gouv.example": false} {
			page := w.ask(t, w.comes(who, "cookie"), request{method: http.MethodGet, path: "/protocoles/" + a.ID})
			list := w.ask(t, w.comes(who, "cookie"), request{method: http.MethodGet, path: "/protocoles"}).body
			if (page.status == http.StatusOK) != reads || strings.Contains(list, "Protocole des véhicules") != reads {
				t.Errorf("%s: %d", who, page.status)
			}
		}
		wide := w.pact("Protocole rouge", "", "")
		wide["marking"] = "red"
		b, err := json.Marshal(wide)
		must(t, err)
		if a := w.ask(t, w.keeper("cnad"), request{method: http.MethodPost, path: "/api/v1/accords", json: string(b)}); a.status != http.StatusUnprocessableEntity {
			t.Errorf("a marking that forbids other institutions takes a party: %d", a.status)
		}
	})
}

// Who will read is told before an accord is saved, the parties among them; then it is put into force,
// carried out by an activity, ended with a reason and reopened.
func TestAnAccordIsWrittenAndCarriedOut(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		cnad := w.comes("focal@cnad.example", "cookie")
		values := url.Values{"title": {"Convention des écoles"}, "sort": {"convention"}, "object": {"Agir ensemble."}, "parties": {w.structures["purs"]}, "marking": {"amber"}}
		shown := w.ask(t, cnad, request{method: http.MethodPost, path: "/protocoles", form: values})
		if shown.status != http.StatusOK || !strings.Contains(shown.body, "PURS") {
			t.Fatalf("who will read is not shown first: %d", shown.status)
		}
		_, digest, _ := strings.Cut(shown.body, `name="reach" value="`)
		digest, _, _ = strings.Cut(digest, `"`)
		values.Set("reach", digest)
		path := w.ask(t, cnad, request{method: http.MethodPost, path: "/protocoles", form: values}).header.Get("Location")
		id := path[strings.LastIndexByte(path, '/')+1:]
		read := func() string { return w.ask(t, cnad, request{method: http.MethodGet, path: path}).body }
		if strings.Contains(read(), "/etapes/enforced") || w.ask(t, cnad, request{method: http.MethodPost, path: path + "/etapes/enforced", form: url.Values{"version": {"1"}}}).status != http.StatusConflict {
			t.Error("it may be put into force without a day of signature")
		}
		values.Set("version", "1")
		values.Set("signed_on", "2026-03-02")
		values.Set("from", "2026-04-01")
		must(t, w.sent(t, cnad, path, values))
		must(t, w.sent(t, cnad, path+"/clauses", url.Values{"version": {"2"}, "clause": {"Ouvrir les écoles", "", "Payer le carburant"}, "clause_structure": {w.structures["cnad"], "", w.structures["purs"]}, "clause_due": {"31/12/2026", "", ""}}))
		must(t, w.sent(t, cnad, path+"/etapes/enforced", url.Values{"version": {"3"}}))
		w.post(t, w.keeper("purs"), "/activities", map[string]any{"title": "Causeries", "purpose": "Informer.", "type": "SENS", "themes": []string{"EXV-PRV"}, "places": []string{"TG-S-CINKASSE"},
			"period": map[string]string{"from": "2027-02"}, "marking": "green", "audience": []string{"members"}, "serves": []string{id}})
		for _, told := range []string{"En vigueur", "Ouvrir les écoles", "Payer le carburant", "31 décembre 2026", "Causeries", "serves=" + id} {
			if !strings.Contains(read(), told) {
				t.Errorf("the page does not tell %q", told)
			}
		}
		must(t, w.sent(t, cnad, path+"/etapes/ended", url.Values{"version": {"4"}, "reason": {"Les écoles sont ouvertes."}}))
		if p := read(); !strings.Contains(p, "Les écoles sont ouvertes.") || strings.Contains(p, path+"/modifier") {
			t.Error("it has not ended")
		}
		must(t, w.sent(t, cnad, path+"/etapes/reopened", url.Values{"version": {"5"}}))
	})
}

// Whoever owes a clause says where it stands, and so does who wrote the accord; nobody else. New words
// leave it where it stands.
func TestAClauseIsMovedByWhoOwesIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		a := w.protocol(t, "Protocole", "", "")
		path, clause := "/protocoles/"+a.ID, a.Clauses[0]
		move := func(who, state string) int {
			return w.ask(t, w.comes(who, "cookie"), request{method: http.MethodPost, path: path + "/suivi", form: url.Values{"clause": {clause.ID}, "state": {state}, "note": {"Le véhicule est parti."}}}).status
		}
		for who, status := range map[string]int{"membre@purs.example": 403, "focal@cndh.example": 404, "focal@purs.example": 303, "focal@cnad.example": 303} {
			if now := move(who, "kept"); now != status {
				t.Errorf("%s: %d, not %d", who, now, status)
			}
			if page := w.ask(t, w.comes(who, "cookie"), request{method: http.MethodGet, path: path}).body; strings.Contains(page, path+"/suivi") != (status == 303) {
				t.Errorf("the form stands before who may not send it, or not before who may: %s", who)
			}
		}
		cnad := w.comes("focal@cnad.example", "cookie")
		version := func() string {
			return strings.Trim(w.ask(t, w.keeper("cnad"), request{method: http.MethodGet, path: "/api/v1/accords/" + a.ID}).header.Get("ETag"), `"`)
		}
		must(t, w.sent(t, cnad, path+"/clauses", url.Values{"version": {version()}, "clause_id": {clause.ID}, "clause": {"Prêter deux véhicules"}, "clause_structure": {w.structures["purs"]}, "clause_due": {""}}))
		if now := w.accordBy(t, "focal@purs.example", a.ID).Clauses[0]; now.ID != clause.ID || now.Text != "Prêter deux véhicules" || now.State != "kept" || now.Note != "Le véhicule est parti." {
			t.Errorf("%+v", now)
		}
		typed := url.Values{"version": {"1"}, "clause_id": {clause.ID}, "clause": {"Prêter trois véhicules"}, "clause_structure": {w.structures["purs"]}, "clause_due": {"demain"}}
		if again := w.ask(t, cnad, request{method: http.MethodPost, path: path + "/clauses", form: typed}); again.status != 422 || !strings.Contains(again.body, "Prêter trois véhicules") || !strings.Contains(again.body, `value="demain"`) {
			t.Errorf("what was typed is lost: %d", again.status)
		}
		typed.Set("clause_due", "")
		if again := w.ask(t, cnad, request{method: http.MethodPost, path: path + "/clauses", form: typed}); again.status != 409 || !strings.Contains(again.body, "Prêter trois véhicules") {
			t.Errorf("what another has saved is overwritten: %d", again.status)
		}
	})
}

// sent sends a form and reports whatever else it does than lead on.
func (w *world) sent(t *testing.T, p *persona, path string, values url.Values) error {
	t.Helper()
	a := w.ask(t, p, request{method: http.MethodPost, path: path, form: values})
	if a.status != http.StatusSeeOther {
		t.Fatalf("%s: %d %.4000s", path, a.status, a.body)
	}
	return nil
}

// A clause that is late or due soon waits for who owes it; an accord that soon expires waits for who
// wrote it, unless it is renewed tacitly, and one that is past in any case.
func TestWhatAnAccordWaitsFor(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.protocol(t, "Clause en retard", "2026-11-01", "")
		w.protocol(t, "Clause proche", "2026-12-20", "")
		w.protocol(t, "Clause lointaine", "2027-06-01", "")
		w.protocol(t, "Fin proche", "", "2027-02-01")
		w.protocol(t, "Fin lointaine", "", "2027-06-01")
		w.protocol(t, "Fin passée", "", "2026-11-01")
		renewed := w.pact("Fin tacite", "", "2027-02-01")
		renewed["tacit"] = true
		made := w.post(t, w.keeper("cnad"), "/accords", renewed)
		w.put(t, w.keeper("cnad"), request{method: http.MethodPost, path: "/api/v1/accords/" + made.ID + "/transitions/enforced", header: match(1)}, struct{}{})
		all := []string{"Clause en retard", "Clause proche", "Clause lointaine", "Fin proche", "Fin lointaine", "Fin passée", "Fin tacite"}
		for who, want := range map[string][]string{"focal@purs.example": {"Clause en retard", "Clause proche"}, "focal@cnad.example": {"Fin passée", "Fin proche"}, "membre@purs.example": nil, "focal@cndh.example": nil} {
			waits := slices.DeleteFunc(w.desk(t, who), func(title string) bool { return !slices.Contains(all, title) })
			slices.Sort(waits)
			if !slices.Equal(waits, want) {
				t.Errorf("%s: %q", who, waits)
			}
		}
	})
}

// What one may not do with an accord is refused, whoever asks; what is wrong is told at its field.
func TestWhatIsRefusedOfAnAccord(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		a := w.protocol(t, "Protocole", "", "")
		with := func(change map[string]any) map[string]any {
			all := w.pact("Protocole", "", "")
			maps.Copy(all, change)
			return all
		}
		clause := func(x map[string]any) map[string]any {
			return with(map[string]any{"clauses": []any{x}})
		}
		owed := []any{map[string]any{"id": a.Clauses[0].ID, "text": a.Clauses[0].Text, "structure": a.Clauses[0].Structure}}
		at, moved := "/"+a.ID, "/"+a.ID+"/clauses/"+a.Clauses[0].ID
		for _, x := range []struct {
			who, method, path string
			body              any
			expect, status    int
			field             string
		}{
			{"focal@cnad.example", "POST", "", with(map[string]any{"object": ""}), 0, 422, "body.object"},
			{"focal@cnad.example", "POST", "", with(map[string]any{"object": strings.Repeat("a", 5001)}), 0, 422, "body.object"},
			{"focal@cnad.example", "POST", "", with(map[string]any{"parties": []string{}, "clauses": []any{}}), 0, 422, "body.parties"},
			{"focal@cnad.example", "POST", "", with(map[string]any{"parties": []string{a.ID}}), 0, 422, "body.parties"},
			{"focal@cnad.example", "POST", "", with(map[string]any{"until": "2025-01-01"}), 0, 422, "body.until"},
			{"focal@cnad.example", "POST", "", with(map[string]any{"until": "2056-01-06"}), 0, 422, "body.until"},
			{"focal@cnad.example", "POST", "", with(map[string]any{"signed_on": "2027-01-01", "until": "2026-12-31"}), 0, 422, "body.signed_on"},
			{"focal@cnad.example", "POST", "", clause(map[string]any{"text": "", "structure": w.structures["purs"]}), 0, 422, "clause"},
			{"focal@cnad.example", "POST", "", clause(map[string]any{"text": "Prêter", "structure": w.structures["cndh"]}), 0, 422, "clause_structure"},
			{"decideur@gouv.example", "POST", "", with(nil), 0, 404, ""},
			{"focal@purs.example", "PUT", at, with(nil), 2, 403, ""},
			{"focal@cndh.example", "PUT", at, with(nil), 2, 404, ""},
			{"focal@cnad.example", "PUT", at, with(nil), 7, 409, ""},
			{"focal@cnad.example", "PUT", at, with(map[string]any{"signed_on": "2026-12-31"}), 2, 422, "body.signed_on"},
			{"focal@cnad.example", "PUT", at, with(map[string]any{"parties": []string{w.structures["cndh"]}, "clauses": owed}), 2, 422, "body.parties"},
			{"focal@purs.example", "POST", at + "/transitions/ended", map[string]any{"reason": "Essai."}, 2, 403, ""},
			{"focal@cnad.example", "POST", at + "/transitions/ended", map[string]any{}, 2, 422, "body.reason"},
			{"focal@cnad.example", "PUT", moved, map[string]any{"state": "lost"}, 0, 422, "body.state"},
			{"focal@cnad.example", "PUT", at + "/clauses/" + a.ID, map[string]any{"state": "kept"}, 0, 404, ""},
			{"focal@cnad.example", "POST", at + "/transitions/ended", map[string]any{"reason": "Essai."}, 2, 200, ""},
			{"focal@purs.example", "PUT", moved, map[string]any{"state": "kept"}, 0, 409, ""},
			{"focal@cnad.example", "PUT", at, with(nil), 3, 409, ""},
		} {
			b, err := json.Marshal(x.body)
			must(t, err)
			q := request{method: x.method, path: "/api/v1/accords" + x.path, json: string(b)}
			if x.expect > 0 {
				q.header = match(x.expect)
			}
			if got := w.ask(t, w.comes(x.who, "token"), q); got.status != x.status || !strings.Contains(got.body, x.field) {
				t.Errorf("%s %s%s %s: %d %s", x.who, x.method, x.path, b, got.status, got.body)
			}
		}
	})
}
