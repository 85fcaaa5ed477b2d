package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cadre/activity"
	"cadre/core/access"
	"cadre/core/circle"
	"cadre/kit/db"
	"cadre/kit/test"

	"golang.org/x/net/html"
)

// actor is somebody before the page of an activity of CNAD, with which PURS organises it, to
// which the Armed Forces lend means, and on which CNDH is consulted.
var actors = []string{"nobody", "chef@cnad.example", "focal@cnad.example", "adjoint@cnad.example", "essai@cnad.example", "lecteur@cnad.example", "focal@purs.example", "membre@purs.example",
	"focal@armees.example", "chef@armees.example", "focal@cndh.example", "controle@cndh.example", "agent.savanes@anpc.example", "decideur@gouv.example", "secretariat@cnlpal.example", "admin@cadre.example"}

// deed is something to do to an activity: how its page offers it, how a form and how the API ask for it.
type deed struct {
	name  string
	offer string // what is on the page, see offers
	path  string
	form  url.Values
	call  request // nothing when the API has no operation of its own for it
}

// TestNotOfferedIsNotAccepted: in every state, whatever the page of an activity does not offer to
// somebody is refused when they send it all the same, by form and by the API, and nothing is
// written; whatever it offers is accepted, by both.
func TestNotOfferedIsNotAccepted(t *testing.T) {
	t.Parallel()
	w := open(t, test.Address(t, db.SQLite))
	states := []string{activity.Idea, activity.Concertation, signedByOne, activity.Committed, activity.Running, activity.Reported, activity.Capitalised, activity.Suspended, activity.Abandoned}
	offered := map[string]bool{}
	for _, state := range states {
		f := w.brought(t, state)
		for _, who := range actors {
			page := w.offers(t, who, f.ID)
			for _, d := range w.deeds(who, f) {
				if page[d.offer] {
					offered[d.name] = true
				} else {
					w.refuses(t, state, who, d)
				}
			}
			for i, d := range w.deeds(who, f) {
				if page[d.offer] {
					w.accepts(t, state, who, func(f activity.Found) deed { return w.deeds(who, f)[i] })
				}
			}
		}
	}
	for _, d := range w.deeds("focal@purs.example", w.brought(t, activity.Idea)) {
		if !offered[d.name] {
			t.Errorf("nobody is ever offered to %s", d.name)
		}
	}
}

// signedByOne is concertation in which PURS has signed and the Armed Forces have not.
const signedByOne = "signed by one"

// brought is a new activity of CNAD, brought to a state by those who may.
func (w *world) brought(t *testing.T, state string) activity.Found {
	t.Helper()
	ctx, lead := t.Context(), w.viewer("chef@cnad.example", access.Head)
	partners, head := w.viewer(purs, access.Focal), w.viewer("chef@armees.example", access.Head)
	in := activity.Input{Title: "Essai", Themes: []string{"DRG-PRV"}, Places: []string{"TG-S"}, Choice: circle.Choice{Marking: "green", Audience: []string{"members"}},
		Plan: activity.Plan{Purpose: "Essai.", Type: "SENS", Period: activity.Period{From: "2027-05"}, Tasks: []activity.Task{{Title: "Écrire", Structure: partners.Structure}, {Title: "Envoyer", Structure: partners.Structure, State: activity.Done}},
			Partners: []activity.Partner{{Structure: partners.Structure, Role: activity.Co}, {Structure: head.Structure, Role: activity.Support}, {Structure: w.structures["cndh"], Role: activity.Consulted}}}}
	f, err := w.Activities.Draft(ctx, lead, in)
	must(t, err)
	turn := func(verb string) {
		f, err = w.Activities.Turn(ctx, lead, f.ID, verb, f.Version, activity.Turning{Reason: "Essai.", Lesson: "Essai."})
		must(t, err)
	}
	sign := func(v access.Viewer) {
		f, err = w.Activities.Sign(ctx, v, f.ID, activity.Answer{Verdict: activity.Signed, Terms: f.Terms(v.Structure)})
		must(t, err)
	}
	propose := func() {
		turn("proposed")
		terms := f.CurrentTerms()
		terms.Purpose = "Autre chose."
		f, err = w.Activities.Ask(ctx, partners, f.ID, f.Version, activity.Wish{Why: "Essai.", Terms: terms})
		must(t, err)
	}
	way := []struct {
		state string
		step  func()
	}{
		{activity.Idea, func() {}}, {activity.Concertation, propose}, {signedByOne, func() { sign(partners) }}, {activity.Committed, func() { sign(head) }}, {activity.Running, func() { turn("started") }},
		{activity.Suspended, func() { turn("suspended") }}, {activity.Abandoned, func() { turn("abandoned") }},
	}
	if state == activity.Reported || state == activity.Capitalised {
		way = append(way[:5:5], way[:2]...)
		way[5].state, way[5].step = activity.Reported, func() {
			f, err = w.Activities.File(ctx, lead, f.ID, f.Version, activity.Report{Summary: "Essai."}, nil)
			must(t, err)
		}
		way[6].state, way[6].step = activity.Capitalised, func() { turn("capitalised") }
	}
	for _, x := range way {
		if x.step(); x.state == state {
			return f
		}
	}
	t.Fatalf("there is no way to %s", state)
	return f
}

// deeds are all that anybody could want to do to an activity, as somebody would ask for it.
func (w *world) deeds(who string, f activity.Found) []deed {
	path, api, version := "/activites/"+f.ID, "/api/v1/activities/"+f.ID, strconv.FormatInt(f.Version, 10)
	_, host, _ := strings.Cut(who, "@")
	slug, _, _ := strings.Cut(host, ".")
	call := func(method, path string, in any) request {
		b, err := json.Marshal(in)
		if err != nil {
			panic(err) // texts, numbers and lists of them
		}
		return request{method: method, path: path, json: string(b), header: match(int(f.Version))}
	}
	var all []deed
	for _, verb := range []string{"proposed", "recalled", "started", "suspended", "resumed", "abandoned", "capitalised"} {
		why := map[string]any{"reason": "Essai.", "lesson": "Essai."}
		all = append(all, deed{verb, path + "/etapes/" + verb, path + "/etapes/" + verb, url.Values{"version": {version}, "reason": {"Essai."}, "lesson": {"Essai."}}, call(http.MethodPost, api+"/transitions/"+verb, why)})
	}
	plan := activity.Input{Title: "Essai encore", Themes: f.Themes, Places: f.Places, Choice: circle.Choice{Marking: "green", Audience: []string{"members"}}, Plan: f.Plan}
	typed := url.Values{"version": {version}, "title": {"Essai encore"}, "purpose": {f.Purpose}, "type": {f.Type}, "themes": f.Themes, "places": f.Places, "from": {string(f.Period.From)}, "marking": {"green"}, "audience": {"members"}}
	for _, p := range f.Partners {
		typed.Add("partners", p.Structure+":"+string(p.Role))
	}
	wish := f.CurrentTerms()
	wish.Period = activity.Period{From: "2027-06"}
	all = append(all,
		deed{"report", path + "/etapes/reported", path + "/etapes/reported", url.Values{"version": {version}, "summary": {"Essai."}}, call(http.MethodPost, api+"/report", map[string]any{"summary": "Essai."})},
		deed{"amend", path + "/modifier", path, typed, call(http.MethodPut, api, plan)},
		deed{"edit a list", path + "/listes/resultats", path + "/listes/resultats", url.Values{"version": {version}, "result": {"Essai"}, "indicator": {""}, "baseline": {""}, "target": {""}, "reached": {""}}, request{}},
		deed{"ask for other terms", path + "/proposition", path + "/proposition", url.Values{"version": {version}, "why": {"Essai."}, "purpose": {f.Purpose}, "from": {"2027-06"}, "places": f.Places, "role": {"co"}},
			call(http.MethodPost, api+"/proposals", activity.Wish{Why: "Essai.", Terms: wish})})
	for _, verdict := range []string{"signed", "reserved", "declined"} {
		terms := f.Terms(w.structures[slug])
		all = append(all, deed{verdict, "POST " + path + "/reponse verdict=" + verdict, path + "/reponse", url.Values{"verdict": {verdict}, "reason": {"Essai."}, "terms": {terms}},
			call(http.MethodPost, api+"/signatures", activity.Answer{Verdict: activity.Verdict(verdict), Text: "Essai.", Terms: terms})})
	}
	for _, j := range []string{"confirmed", "disputed"} {
		all = append(all, deed{j, "POST " + path + "/rapport/avis judgement=" + j, path + "/rapport/avis", url.Values{"judgement": {j}, "opinion": {"Essai."}}, call(http.MethodPut, api+"/report/review", map[string]any{"judgement": j, "text": "Essai."})})
	}
	proposal := "aucune"
	if len(f.Proposals) > 0 {
		proposal = f.Proposals[0].ID
	}
	for _, decision := range []string{"granted", "refused", "withdrawn"} {
		all = append(all, deed{decision, "POST " + path + "/propositions/" + proposal + " decision=" + decision, path + "/propositions/" + proposal, url.Values{"version": {version}, "decision": {decision}, "reason-" + proposal: {"Essai."}},
			call(http.MethodPost, api+"/proposals/"+proposal+"/answer", map[string]any{"decision": decision, "reason": "Essai."})})
	}
	for i := range len(f.Tasks) * len(activity.TaskStates) {
		task, state := "/"+f.Tasks[i%len(f.Tasks)].ID, activity.TaskStates[i/len(f.Tasks)]
		all = append(all, deed{"move a task to " + string(state), "POST " + path + "/taches" + task + " state=" + string(state), path + "/taches" + task, url.Values{"state": {string(state)}},
			call(http.MethodPut, api+"/tasks"+task, map[string]any{"state": state})})
	}
	return all
}

// offers are the links of a page and what its forms send: "POST address name=value".
func (w *world) offers(t *testing.T, who, id string) map[string]bool {
	t.Helper()
	a := w.ask(t, w.comes(who, "cookie"), request{method: http.MethodGet, path: "/activites/" + id})
	if a.status != http.StatusOK && a.status != http.StatusNotFound {
		t.Fatalf("the page as %s: %s", who, a)
	}
	root, err := html.Parse(strings.NewReader(a.body))
	must(t, err)
	all := map[string]bool{}
	for n := range root.Descendants() {
		if n.Data == "a" {
			all[attribute(n, "href")] = true
		}
		if n.Data != "form" {
			continue
		}
		all[attribute(n, "action")] = true
		for field := range n.Descendants() {
			all["POST "+attribute(n, "action")+" "+attribute(field, "name")+"="+attribute(field, "value")] = true
		}
	}
	return all
}

// comes is somebody as they come: by cookie or by token.
func (w *world) comes(who, how string) *persona {
	if who == "nobody" {
		return w.by[who]
	}
	return w.by[who+" by "+how]
}

// written counts what the journal holds.
func (w *world) written(t *testing.T) int {
	t.Helper()
	ctx, n := context.Background(), 0
	must(t, w.DB.Read(ctx, func(tx *db.Tx) (err error) {
		n, err = db.Value[int](ctx, tx, `SELECT count(*) FROM journal_entry`)
		return err
	}))
	return n
}

// tries sends a deed by form and by the API, if it has an operation for it.
func (w *world) tries(t *testing.T, who string, d deed) map[string]answer {
	t.Helper()
	all := map[string]answer{"form": w.ask(t, w.comes(who, "cookie"), request{method: http.MethodPost, path: d.path, form: d.form})}
	if d.call.method != "" {
		all["API"] = w.ask(t, w.comes(who, "token"), d.call)
	}
	return all
}

func (w *world) refuses(t *testing.T, state, who string, d deed) {
	t.Helper()
	before := w.written(t)
	for how, a := range w.tries(t, who, d) {
		refused := slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity}, a.status)
		asked := a.status == http.StatusSeeOther && strings.HasPrefix(a.header.Get("Location"), "/connexion")
		if !refused && !asked {
			t.Errorf("%s: %s is not offered to %s, and by %s it is answered with %d %s", state, d.name, who, how, a.status, a.header.Get("Location"))
		}
	}
	if n := w.written(t); n != before {
		t.Errorf("%s: %s is not offered to %s, and writes %d entries", state, d.name, who, n-before)
	}
}

// accepts tries a deed on two new activities of the state, one for the form and one for the API.
func (w *world) accepts(t *testing.T, state, who string, of func(activity.Found) deed) {
	t.Helper()
	d := of(w.brought(t, state))
	before := w.written(t)
	a := w.ask(t, w.comes(who, "cookie"), request{method: http.MethodPost, path: d.path, form: d.form})
	if a.status == http.StatusOK { // who will read is to be read first
		a = w.ask(t, w.comes(who, "cookie"), request{method: http.MethodPost, path: d.path, form: formIn(t, a.body, d.path)})
	}
	if a.status != http.StatusSeeOther || w.written(t) == before {
		t.Errorf("%s: %s is offered to %s, and by form it is answered with %d %.300s", state, d.name, who, a.status, w.why(a))
	}
	if d.call.method == "" {
		return
	}
	d = of(w.brought(t, state))
	before = w.written(t)
	if a = w.ask(t, w.comes(who, "token"), d.call); a.status >= 300 || w.written(t) == before {
		t.Errorf("%s: %s is offered to %s, and by the API it is answered with %d %.300s", state, d.name, who, a.status, a.body)
	}
}

// why is what a page says of what is wrong.
func (w *world) why(a answer) string {
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		return err.Error()
	}
	for n := range root.Descendants() {
		if n.Data == "main" {
			return fmt.Sprint(test.Plain(words(n)))
		}
	}
	return ""
}
