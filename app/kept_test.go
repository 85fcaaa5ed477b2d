package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cadre/kit/db"
	"cadre/kit/test"
)

// TestWhatWasTypedIsKept when a form cannot be taken: a report while a partner moved a task,
// the refusal of a proposal without its reason.
func TestWhatWasTypedIsKept(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	lead, partner := w.by["focal@cnad.example by cookie"], w.by["focal@ciplev.example by cookie"]
	made := w.post(t, w.by["focal@cnad.example by token"], "/activities", idea(map[string]any{"structure": w.structures["ciplev"], "role": "co"}))
	page := "/activites/" + made.ID
	send := func(p *persona, from, to string, set ...string) answer {
		t.Helper()
		values := w.fill(t, p, from, to)
		for i := 0; i < len(set); i += 2 {
			values.Set(set[i], set[i+1])
		}
		return w.ask(t, p, request{method: http.MethodPost, path: to, form: values})
	}
	took := func(a answer) {
		t.Helper()
		if a.status != http.StatusSeeOther {
			t.Fatal(a)
		}
	}
	took(send(lead, page, page+"/etapes/proposed"))
	took(send(partner, page+"/proposition", page+"/proposition", "why", "Trop court", "purpose", "Autre but"))

	settle := settling(t, w.ask(t, lead, request{method: http.MethodGet, path: page}).body)
	if a := send(lead, page, page+settle, "decision", "refused"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Dites pourquoi.") || strings.Contains(a.body, "<details class=\"screen-only\" open") {
		t.Errorf("a refusal without its reason, or the form beside it was opened: %s", a)
	}
	old := w.fill(t, lead, page, page+settle)
	took(send(partner, page, page+"/reponse", "verdict", "signed"))
	old.Set("decision", "refused")
	old.Set("reason-"+strings.TrimPrefix(settle, "/propositions/"), "Nos raisons")
	if a := w.ask(t, lead, request{method: http.MethodPost, path: page + settle, form: old}); a.status != http.StatusConflict || !strings.Contains(a.body, "Nos raisons") {
		t.Errorf("a refusal of an old version: %s", a)
	}

	took(send(lead, page, page+"/etapes/started"))
	report := w.fill(t, lead, page+"/etapes/reported", page+"/etapes/reported")
	took(send(lead, page+"/modifier", page, "risks", "La pluie"))
	report.Set("summary", "Ce que nous avons fait")
	a := w.ask(t, lead, request{method: http.MethodPost, path: page + "/etapes/reported", form: report})
	if a.status != http.StatusConflict || !strings.Contains(a.body, "Ce que nous avons fait") {
		t.Fatalf("a report of an old version: %s", a)
	}
	took(w.ask(t, lead, request{method: http.MethodPost, path: page + "/etapes/reported", form: formIn(t, a.body, page+"/etapes/reported")}))
}

// TestAnIdeaWithPartnersIsChangedAtOnce when those who will read it stay the same.
func TestAnIdeaWithPartnersIsChangedAtOnce(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	lead := w.by["focal@cnad.example by cookie"]
	made := w.post(t, w.by["focal@cnad.example by token"], "/activities", idea(map[string]any{"structure": w.structures["ciplev"], "role": "co"}))
	page := "/activites/" + made.ID
	values := w.fill(t, lead, page+"/modifier", page)
	values.Set("risks", "La pluie")
	if a := w.ask(t, lead, request{method: http.MethodPost, path: page, form: values}); a.status != http.StatusSeeOther {
		t.Error(a.status)
	}
}

// TestAButtonOfAnOldPageLeadsBackToIt makes sure that whoever pressed a button of a page which
// has changed since is offered that page again, and no other site's.
func TestAButtonOfAnOldPageLeadsBackToIt(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	const page = "/structures/cnad/documents"
	press := func(from string) answer {
		return w.ask(t, w.by["focal@cnad.example by cookie"], request{method: http.MethodPost, path: "/structures/cnad/retirer",
			form: url.Values{"list": {"texts"}, "line": {"0"}, "version": {"99"}}, header: http.Header{"Referer": {from}}})
	}
	if a := press("http://example.com" + page); a.status != http.StatusConflict || !strings.Contains(a.body, `href="`+page+`"`) {
		t.Errorf("from the page: %s", a)
	}
	if a := press("https://elsewhere.example" + page); a.status != http.StatusConflict || strings.Contains(a.body, page) {
		t.Errorf("from another site: %s", a)
	}
}

// settling is where the form that settles the one proposal of a page goes, from the page.
func settling(t *testing.T, body string) string {
	t.Helper()
	_, after, found := strings.Cut(body, "/propositions/")
	proposal, _, _ := strings.Cut(after, `"`)
	if !found {
		t.Fatal("no proposal waits for an answer")
	}
	return "/propositions/" + proposal
}

// TestALongCommentIsKept sends a comment of 100,000 characters, and one that mentions nobody:
// both come back in the form, with a sentence beside it, and nothing is written.
func TestALongCommentIsKept(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	p, path := w.by["chef@cnad.example by cookie"], "/fiches/"+w.structures["cnad"]+"/commentaires"
	for text, sentence := range map[string]string{
		strings.Repeat("é", 100_000): "100000 caractères",
		"Bonjour @personne":          "ne désigne personne",
	} {
		a := w.ask(t, p, request{method: http.MethodPost, path: path, form: url.Values{"text": {text}}})
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, text) || !strings.Contains(a.body, sentence) {
			t.Errorf("%.20s: %d %.3000s", text, a.status, a.body)
		}
	}
	if a := w.ask(t, p, request{method: http.MethodGet, path: path}); strings.Contains(a.body, "Bonjour") {
		t.Error("what was refused is written")
	}
}
