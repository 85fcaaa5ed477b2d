package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"cadre/kit/db"
	"cadre/kit/id"
	"cadre/kit/test"
)

// entitled counts the records that have the title, in whatever version.
func (w *world) entitled(t *testing.T, title string) int {
	t.Helper()
	n := 0
	must(t, w.DB.Read(context.Background(), func(tx *db.Tx) (err error) {
		n, err = db.Value[int](context.Background(), tx, `SELECT count(*) FROM record WHERE title = $1`, title)
		return err
	}))
	return n
}

// together puts the same question several times at once.
func (w *world) together(t *testing.T, p *persona, q request, times int) []answer {
	t.Helper()
	all := make([]answer, times)
	var group sync.WaitGroup
	for i := range all {
		group.Go(func() { all[i] = w.ask(t, p, q) })
	}
	group.Wait()
	return all
}

// newFact fills in the form of a new capacity of cnad, and reads who will see it, until
// one more sending saves it.
func (w *world) newFact(t *testing.T, p *persona, title string) url.Values {
	t.Helper()
	const action = "/structures/cnad/moyens"
	form := w.fill(t, p, action+"/ajouter", action)
	form.Set("title", title)
	form.Set("kind", "trainers")
	a := w.ask(t, p, request{method: http.MethodPost, path: action, form: form})
	if a.status != http.StatusOK || w.entitled(t, title) != 0 {
		t.Fatalf("before it is saved its author reads who will see it: %s", a)
	}
	return formIn(t, a.body, action)
}

// TestAFormSentTwentyTimesHasOneEffect sends the same form twenty times at once.
func TestAFormSentTwentyTimesHasOneEffect(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.by["focal@cnad.example by cookie"]
		form := w.newFact(t, p, "Essai répété")
		answers := w.together(t, p, request{method: http.MethodPost, path: "/structures/cnad/moyens", form: form}, 20)
		for _, a := range answers {
			if a.status != http.StatusSeeOther || a.header.Get("Location") != answers[0].header.Get("Location") {
				t.Errorf("one of twenty answers otherwise than the first: %s", a)
			}
		}
		if n := w.entitled(t, "Essai répété"); n != 1 {
			t.Errorf("%d records of one form", n)
		}
		form.Set("title", "Essai corrigé") // the back button, and second thoughts: another request
		if a := w.ask(t, p, request{method: http.MethodPost, path: "/structures/cnad/moyens", form: form}); a.status != http.StatusSeeOther || w.entitled(t, "Essai corrigé") != 1 {
			t.Errorf("what was corrected is lost: %s", a)
		}
	})
}

// TestAButtonPressedTwentyTimesHasOneEffect: who presses it again sees what the first press did.
func TestAButtonPressedTwentyTimesHasOneEffect(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	p := w.by["focal@cnad.example by cookie"]
	made := w.post(t, w.by["focal@cnad.example by token"], "/activities", idea())
	page := "/activites/" + made.ID
	form := w.fill(t, p, page, page+"/etapes/proposed")
	for _, a := range w.together(t, p, request{method: http.MethodPost, path: page + "/etapes/proposed", form: form}, 20) {
		if a.status != http.StatusSeeOther {
			t.Errorf("one of twenty presses: %s", a)
		}
	}
}

// TestSigningInTwiceOpensASessionEachTime: the browser keeps the answer to the last press only.
func TestSigningInTwiceOpensASessionEachTime(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	nobody := w.by["nobody"]
	form := w.fill(t, nobody, "/demo", "/demo/connexion")
	for range 2 {
		a := w.ask(t, nobody, request{method: http.MethodPost, path: "/demo/connexion", form: form})
		if a.status != http.StatusSeeOther || !strings.Contains(a.header.Get("Set-Cookie"), "cadre=") {
			t.Errorf("a press: %s %v", a, a.header)
		}
	}
}

// idea is a new activity as the API is told it, with who takes part.
func idea(partners ...any) map[string]any {
	return map[string]any{"title": "Essai", "purpose": "Essai", "type": "SENS", "themes": []string{"ARM"}, "places": []string{"TG-S"},
		"period": map[string]any{"from": "2026-12"}, "marking": "green", "audience": []string{"members"}, "partners": partners}
}

// capacity is a capacity as the API is told it.
func capacity(title string) string {
	return fmt.Sprintf(`{"title":%q,"marking":"green","audience":["members"],"content":{"kind":"trainers"}}`, title)
}

// TestACallSentTwentyTimesHasOneEffect sends the same call of the API twenty times at once.
func TestACallSentTwentyTimesHasOneEffect(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.keeper("cnad")
		q := request{method: http.MethodPost, path: "/api/v1/structures/cnad/capacities", json: capacity("Essai répété"), header: http.Header{"Idempotency-Key": {id.New()}}}
		answers := w.together(t, p, q, 20)
		for _, a := range answers {
			if a.status >= 300 || a.body != answers[0].body {
				t.Errorf("one of twenty answers otherwise than the first: %s", a)
			}
		}
		if n := w.entitled(t, "Essai répété"); n != 1 {
			t.Errorf("%d records of one call", n)
		}
		q.json = capacity("Essai autre")
		if a := w.ask(t, p, q); a.status != http.StatusUnprocessableEntity || w.entitled(t, "Essai autre") != 0 {
			t.Errorf("the key of another call is accepted: %s", a)
		}
		if a := w.ask(t, w.keeper("cndh"), request{method: q.method, path: "/api/v1/structures/cndh/capacities", json: q.json, header: q.header}); a.status >= 300 {
			t.Errorf("somebody else's key stands in the way: %s", a)
		}
	})
}

// TestTwoEditorsLoseNothing lets two people change one fact at the same time: the second
// is shown both texts, keeps what they typed, and may then save it.
func TestTwoEditorsLoseNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		first, second := w.by["focal@cnad.example by cookie"], w.by["adjoint@cnad.example by cookie"]
		path := "/faits/" + w.post(t, w.keeper("cnad"), "/structures/cnad/capacities", json.RawMessage(capacity("Essai"))).ID
		one, two := w.fill(t, first, path+"/modifier", path), w.fill(t, second, path+"/modifier", path)
		one.Set("title", "Essai de la première main")
		one.Set("conditions", "Première condition")
		two.Set("title", "Essai de la seconde main")
		two.Set("conditions", "Seconde condition")
		if a := w.ask(t, first, request{method: http.MethodPost, path: path, form: one}); a.status != http.StatusSeeOther {
			t.Fatalf("the first is not saved: %s", a)
		}
		a := w.ask(t, second, request{method: http.MethodPost, path: path, form: two})
		if a.status != http.StatusConflict {
			t.Fatalf("the second overwrites the first unseen: %s", a)
		}
		both(t, a.body, "Première", "Seconde")
		both(t, a.body, "première", "seconde")
		again := formIn(t, a.body, path)
		if again.Get("title") != two.Get("title") || again.Get("conditions") != two.Get("conditions") {
			t.Errorf("what the second typed is lost: %v", again)
		}
		if a := w.ask(t, second, request{method: http.MethodPost, path: path, form: again}); a.status != http.StatusSeeOther || w.entitled(t, "Essai de la seconde main") != 1 {
			t.Errorf("the second cannot save knowingly: %s", a)
		}
	})
}

// both makes sure that a page shows what is saved, struck out, and what was typed, underlined.
func both(t *testing.T, page, saved, typed string) {
	t.Helper()
	for tag, text := range map[string]string{"del": saved, "ins": typed} {
		if text != "" && !regexp.MustCompile("<"+tag+">(<span[^>]*>[^<]*</span>)?[^<]*"+text).MatchString(page) {
			t.Errorf("« %s » is not shown in <%s>", text, tag)
		}
	}
}

// TestAConflictShowsWhatWasTakenAway lets the first empty a field and close a circle which
// the second still has before their eyes.
func TestAConflictShowsWhatWasTakenAway(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	p := w.by["focal@cnad.example by cookie"]
	made := w.post(t, w.keeper("cnad"), "/structures/cnad/capacities", json.RawMessage(`{"title":"Essai","marking":"amber",
		"audience":["structure:armees","structure:cndh"],"content":{"kind":"trainers","conditions":"Ancienne condition"}}`))
	path := "/faits/" + made.ID
	late := w.fill(t, p, path+"/modifier", path)
	w.put(t, w.keeper("cnad"), request{method: http.MethodPut, path: "/api/v1/capacities/" + made.ID, header: match(made.Version)},
		json.RawMessage(`{"title":"Essai","marking":"amber","audience":["structure:armees"],"content":{"kind":"trainers"}}`))
	var a answer
	for range 2 { // who will read, then what is saved beside what was typed
		a = w.ask(t, p, request{method: http.MethodPost, path: path, form: late})
		late = formIn(t, a.body, path)
	}
	if a.status != http.StatusConflict {
		t.Fatalf("not a conflict: %s", a)
	}
	both(t, a.body, "", "Ancienne condition")
	both(t, a.body, "", "CNDH") // saving would open the circle to it again
}

// TestTwoEditorsAcrossACircle lets the first narrow who reads while the second writes: the
// second must not open it again unseen.
func TestTwoEditorsAcrossACircle(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		first, second := w.by["focal@cnad.example by cookie"], w.by["adjoint@cnad.example by cookie"]
		path := "/faits/" + w.post(t, w.keeper("cnad"), "/structures/cnad/capacities", json.RawMessage(capacity("Essai"))).ID
		one, two := w.fill(t, first, path+"/modifier", path), w.fill(t, second, path+"/modifier", path)
		one["audience"], two["conditions"] = nil, []string{"Seconde condition"}
		a := w.ask(t, first, request{method: http.MethodPost, path: path, form: one})
		if a = w.ask(t, first, request{method: http.MethodPost, path: path, form: formIn(t, a.body, path)}); a.status != http.StatusSeeOther {
			t.Fatalf("the first is not saved: %s", a)
		}
		for range 2 { // who will read, then what is saved beside what was typed
			a = w.ask(t, second, request{method: http.MethodPost, path: path, form: two})
			if a.status == http.StatusSeeOther {
				t.Fatal("the second opens again unseen what the first has closed")
			}
			two = formIn(t, a.body, path)
		}
		if a.status != http.StatusConflict || two.Get("conditions") != "Seconde condition" {
			t.Errorf("the second is not shown both texts: %s", a)
		}
	})
}

// TestAStaleCallIsAConflict changes a fact by the API with a version that is no longer the last.
func TestAStaleCallIsAConflict(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.keeper("cnad")
		made := w.post(t, p, "/structures/cnad/capacities", json.RawMessage(capacity("Essai")))
		change := func(title string, version int) answer {
			return w.ask(t, p, request{method: http.MethodPut, path: "/api/v1/capacities/" + made.ID, json: capacity(title), header: match(version)})
		}
		if a := change("Essai premier", made.Version); a.status != http.StatusOK || a.header.Get("ETag") != `"2"` {
			t.Fatalf("the first is not saved: %s", a)
		}
		if a := change("Essai second", made.Version); a.status != http.StatusConflict || w.entitled(t, "Essai second") != 0 {
			t.Errorf("the second overwrites the first unseen: %s", a)
		}
		if a := change("Essai second", made.Version+1); a.status != http.StatusOK || w.entitled(t, "Essai second") != 1 {
			t.Errorf("the second cannot save knowingly: %s", a)
		}
	})
}

// TestManyEditorsSaveOnce lets twenty people change one version at once: one succeeds.
func TestManyEditorsSaveOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.keeper("cnad")
		made := w.post(t, p, "/structures/cnad/capacities", json.RawMessage(capacity("Essai")))
		answers := w.together(t, p, request{method: http.MethodPut, path: "/api/v1/capacities/" + made.ID, json: capacity("Essai changé"), header: match(1)}, 20)
		statuses := map[int]int{}
		for _, a := range answers {
			statuses[a.status]++
		}
		if want := map[int]int{http.StatusOK: 1, http.StatusConflict: 19}; !maps.Equal(statuses, want) {
			t.Errorf("answers by status: %v", statuses)
		}
	})
}
