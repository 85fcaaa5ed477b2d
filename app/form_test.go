package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"cadre/kit/db"
	"cadre/kit/test"

	"golang.org/x/net/html"
)

// fill reads the page at path as the persona and returns the form that goes to action, as
// a browser would send it untouched.
func (w *world) fill(t testing.TB, p *persona, path, action string) url.Values {
	t.Helper()
	a := w.ask(t, p, request{method: http.MethodGet, path: path})
	if a.status != http.StatusOK {
		t.Fatalf("%s as %s: %s", path, p.name, a)
	}
	return formIn(t, a.body, action)
}

// formIn returns the form of a page that goes to action, as a browser would send it untouched.
func formIn(t testing.TB, page, action string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	must(t, err)
	for n := range root.Descendants() {
		if n.Data == "form" && attribute(n, "action") == action {
			return valuesOf(n)
		}
	}
	t.Fatalf("no form goes to %s:\n%s", action, page)
	return nil
}

func valuesOf(form *html.Node) url.Values {
	values := url.Values{}
	for n := range form.Descendants() {
		name := attribute(n, "name")
		switch {
		case n.Type != html.ElementNode || name == "":
		case n.Data == "textarea":
			values.Add(name, words(n))
		case n.Data == "select":
			values.Add(name, chosen(n))
		case n.Data == "input" && slices.Contains([]string{"checkbox", "radio"}, attribute(n, "type")):
			if has(n, "checked") {
				values.Add(name, attribute(n, "value"))
			}
		case n.Data == "input":
			values.Add(name, attribute(n, "value"))
		}
	}
	return values
}

// chosen is the value of the option chosen, of the first when none is.
func chosen(list *html.Node) string {
	first, found := "", false
	for n := range list.Descendants() {
		if n.Data == "option" && (has(n, "selected") || !found) {
			first, found = attribute(n, "value"), true
			if has(n, "selected") {
				return first
			}
		}
	}
	return first
}

func words(n *html.Node) string {
	s := ""
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			s += c.Data
		}
	}
	return s
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// TestTheCalendarSaysWhatMayNotTakePlace beside its day: an idea, and what was abandoned.
func TestTheCalendarSaysWhatMayNotTakePlace(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	lead := w.by["focal@cnad.example by cookie"]
	plan := idea()
	plan["title"], plan["period"] = "Essai daté", map[string]any{"from": "2031-03-12"}
	made := w.post(t, w.by["focal@cnad.example by token"], "/activities", plan)
	says := func(state string) {
		t.Helper()
		if a := w.ask(t, lead, request{method: http.MethodGet, path: "/activites/calendrier?periode=2031-03"}); !strings.Contains(a.body, "Essai daté") || !strings.Contains(a.body, state) {
			t.Errorf("the calendar does not say %s: %s", state, a)
		}
	}
	says("Idée")
	page := "/activites/" + made.ID + "/etapes/abandoned"
	values := w.fill(t, lead, page, page)
	values.Set("reason", "Plus de budget")
	w.ask(t, lead, request{method: http.MethodPost, path: page, form: values})
	says("Abandonnée")
}

// TestAGapIsFilledByWhoWrites: the secretariat calls for activities, others are shown no column of actions.
func TestAGapIsFilledByWhoWrites(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	const write, call = ">Écrire une activité<", ">Lancer un appel<"
	for email, offered := range map[string][]string{"focal@cnad.example": {">Agir<", write}, "agent.savanes@anpc.example": {">Agir<", write}, "secretariat@cnlpal.example": {">Agir<", call}, "decideur@gouv.example": nil} {
		a := w.ask(t, w.by[email+" by cookie"], request{method: http.MethodGet, path: "/synergie/lacunes"})
		for _, said := range []string{">Agir<", write, call} {
			if strings.Contains(a.body, said) != slices.Contains(offered, said) {
				t.Errorf("%s: %s is %v", email, said, !slices.Contains(offered, said))
			}
		}
	}
}

// TestWhatIsCloseIsSeenBeforeAChangeIsSaved moves an activity beside another of another institution,
// without a script: what is close is shown, what was typed stays, and nothing is written.
func TestWhatIsCloseIsSeenBeforeAChangeIsSaved(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	post := func(email string, from string) string {
		return w.post(t, w.by[email+" by token"], "/activities", map[string]any{"title": "Veillée", "purpose": "Prévenir.", "type": "SENS", "themes": []string{"DRG-PRV"},
			"places": []string{"TG-C-MO"}, "publics": []string{"JEU"}, "period": map[string]string{"from": from}, "marking": "green", "audience": []string{"members"}}).ID
	}
	post("focal@purs.example", "2027-05-10")
	path := "/activites/" + post("focal@cnad.example", "2027-01-11")
	p := w.by["focal@cnad.example by cookie"]
	root, err := html.Parse(strings.NewReader(w.ask(t, p, request{method: http.MethodGet, path: path + "/modifier"}).body))
	must(t, err)
	var values url.Values
	for n := range root.Descendants() {
		if n.Data == "form" && attribute(n, "action") == path {
			values = valuesOf(n)
		}
	}
	values.Set("from", "11/05/2027")
	values.Set("look", "1")
	a := w.ask(t, p, request{method: http.MethodPost, path: path, form: values})
	if a.status != http.StatusOK || !strings.Contains(a.body, "Recouvrement") || !strings.Contains(a.body, "PURS") || !strings.Contains(a.body, `value="11/05/2027"`) {
		t.Errorf("%d %.5000s", a.status, a.body)
	}
	if saved := w.ask(t, p, request{method: http.MethodGet, path: path}).body; !strings.Contains(saved, "11 janvier 2027") {
		t.Error("it is saved")
	}
}
