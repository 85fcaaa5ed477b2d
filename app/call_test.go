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

// openCall makes a need or a call known, on a theme in a préfecture.
func (w *world) openCall(t *testing.T, who, title, marking string, audience ...string) string {
	t.Helper()
	return w.post(t, w.comes(who, "token"), "/calls", map[string]any{"title": title, "why": "Rien n’y est prévu.", "theme": "CYB", "place": "TG-K-BINAH",
		"marking": marking, "audience": append([]string{}, audience...)}).ID
}

// gap is what the API says of one theme in one préfecture, as somebody sees it; nothing when it is no gap.
func (w *world) gap(t *testing.T, who string) (weight int, calls []string) {
	t.Helper()
	var all struct {
		Items []struct {
			Theme, Place string
			Weight       int
			Calls        []string
		}
	}
	must(t, json.Unmarshal([]byte(w.ask(t, w.comes(who, "token"), request{method: http.MethodGet, path: "/api/v1/synergy/gaps?theme=CYB"}).body), &all))
	for _, g := range all.Items {
		if g.Place == "TG-K-BINAH" {
			return g.Weight, g.Calls
		}
	}
	return 0, nil
}

// A need makes a gap of where nothing is planned, for those who may read it and for nobody else.
func TestANeedMakesAGapForThoseWhoReadIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		before, _ := w.gap(t, "focal@purs.example")
		hidden := w.openCall(t, "focal@cnad.example", "Besoin caché", "amber")
		if now, calls := w.gap(t, "focal@purs.example"); now != before || slices.Contains(calls, hidden) {
			t.Errorf("what PURS may not see weighs on its gaps: %d before, %d now, %v", before, now, calls)
		}
		if now, calls := w.gap(t, "focal@cnad.example"); now <= before || !slices.Contains(calls, hidden) {
			t.Errorf("CNAD's own need is no gap to it: %d before, %d now, %v", before, now, calls)
		}
		known := w.openCall(t, "focal@cnad.example", "Besoin connu", "green", "members")
		page := w.ask(t, w.comes("focal@purs.example", "cookie"), request{method: http.MethodGet, path: "/synergie/lacunes?theme=CYB"}).body
		if _, calls := w.gap(t, "focal@purs.example"); !slices.Equal(calls, []string{known}) || !strings.Contains(page, "Besoin connu") || strings.Contains(page, "Besoin caché") {
			t.Errorf("PURS sees %v", calls)
		}
		w.put(t, w.keeper("cnad"), request{method: http.MethodPost, path: "/api/v1/calls/" + known + "/transitions/closed", header: match(1)}, map[string]any{"reason": "Fait."})
		if now, calls := w.gap(t, "focal@purs.example"); now != before || len(calls) > 0 {
			t.Errorf("a closed need still weighs: %d, %v", now, calls)
		}
	})
}

// desk is the titles of what waits for somebody.
func (w *world) desk(t *testing.T, who string) []string {
	t.Helper()
	var all struct{ Items []struct{ Title string } }
	must(t, json.Unmarshal([]byte(w.ask(t, w.comes(who, "token"), request{method: http.MethodGet, path: "/api/v1/desk"}).body), &all))
	var titles []string
	for _, x := range all.Items {
		titles = append(titles, x.Title)
	}
	return titles
}

// The secretariat turns a gap into a call: it waits on the desks of the institutions whose mandate
// it is until one of them writes an activity that serves it, or says that it will not.
func TestACallWaitsForThoseWhoseMandateItIs(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const title = "Qui informera les jeunes de Cinkassé ?"
		values := url.Values{"title": {title}, "why": {"Rien n’y est prévu."}, "theme": {"EXV-PRV"}, "place": {"TG-S-CINKASSE"}, "marking": {"green"}, "audience": {"members"}}
		secretariat := w.comes("secretariat@cnlpal.example", "cookie")
		shown := w.ask(t, secretariat, request{method: http.MethodPost, path: "/synergie/appels", form: values})
		if shown.status != http.StatusOK || !strings.Contains(shown.body, "Visible par") {
			t.Fatalf("who will read is not shown first: %d", shown.status)
		}
		_, digest, _ := strings.Cut(shown.body, `name="reach" value="`)
		digest, _, _ = strings.Cut(digest, `"`)
		values.Set("reach", digest)
		a := w.ask(t, secretariat, request{method: http.MethodPost, path: "/synergie/appels", form: values})
		path := a.header.Get("Location")
		call := path[strings.LastIndexByte(path, '/')+1:]
		if page := w.ask(t, w.comes("focal@cnad.example", "cookie"), request{method: http.MethodGet, path: path}).body; !strings.Contains(page, "Appel à activités") || !strings.Contains(page, "serves="+call) {
			t.Error("the page neither says what it is nor leads to an activity that answers it")
		}
		waits := func(email string) bool { return slices.Contains(w.desk(t, email), title) }
		for who, concerned := range map[string]bool{"focal@ciplev.example": true, "focal@armees.example": true, "focal@cnad.example": false, "agent.savanes@anpc.example": false, "secretariat@cnlpal.example": false} {
			if waits(who) != concerned {
				t.Errorf("it waits for %s: %v", who, !concerned)
			}
		}
		w.put(t, w.keeper("armees"), request{method: http.MethodPut, path: "/api/v1/calls/" + call + "/refusal"}, map[string]any{"reason": "Nous appuierons qui la conduira."})
		if waits("focal@armees.example") || !waits("focal@ciplev.example") {
			t.Error("who will not answer is still asked, or who has said nothing is not any more")
		}
		w.post(t, w.keeper("purs"), "/activities", map[string]any{"title": "Causeries", "purpose": "Informer.", "type": "SENS", "themes": []string{"EXV-PRV"}, "places": []string{"TG-S-CINKASSE"},
			"period": map[string]string{"from": "2027-02"}, "marking": "green", "audience": []string{"members"}, "serves": []string{call}})
		page := w.ask(t, w.comes("focal@cnad.example", "cookie"), request{method: http.MethodGet, path: path}).body
		if waits("focal@ciplev.example") || !strings.Contains(page, "Causeries") || !strings.Contains(page, "Nous appuierons qui la conduira.") {
			t.Error("the answers are not told")
		}
	})
}

// What one may not do with a call is refused, whoever asks, and nothing is written; what is wrong is told at its field.
func TestWhatIsRefusedOfACall(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		call := w.openCall(t, "focal@cnad.example", "Besoin", "green", "members")
		good := map[string]any{"title": "Besoin", "why": "Oui.", "theme": "CYB", "place": "TG-K", "marking": "green", "audience": []string{"members"}}
		with := func(name string, value any) map[string]any {
			all := maps.Clone(good)
			all[name] = value
			return all
		}
		ask := func(who, method, path string, body any, expect int) answer {
			b, err := json.Marshal(body)
			must(t, err)
			q := request{method: method, path: "/api/v1/calls" + path, json: string(b)}
			if expect > 0 {
				q.header = match(expect)
			}
			return w.ask(t, w.comes(who, "token"), q)
		}
		why := map[string]any{"reason": "Essai."}
		for _, x := range []struct {
			who, method, path string
			body              any
			expect, status    int
			field             string
		}{
			{"focal@cnad.example", "POST", "", with("to", "2026-01-02"), 0, 422, "body.to"},
			{"focal@cnad.example", "POST", "", map[string]any{"title": "B", "why": "Oui.", "theme": "CYB", "place": "TG-K", "marking": "green", "audience": []string{"members"}, "from": "2027-05-02", "to": "2027-05-01"}, 0, 422, "body.to"},
			{"focal@cnad.example", "POST", "", map[string]any{"title": "B", "why": "Oui.", "theme": "CYB", "place": "TG-K", "marking": "green", "audience": []string{"members"}, "from": "2027-05-02", "to": "2057-05-01"}, 0, 422, "body.to"},
			{"focal@cnad.example", "POST", "", with("place", "BJ-AL"), 0, 422, "body.place"},
			{"focal@cnad.example", "POST", "", with("theme", "ZZ"), 0, 422, "body.theme"},
			{"focal@cnad.example", "POST", "", with("why", ""), 0, 422, "body.why"},
			{"decideur@gouv.example", "POST", "", good, 0, 404, ""},
			{"focal@purs.example", "PUT", "/" + call, good, 1, 403, ""},
			{"focal@cnad.example", "PUT", "/" + call, good, 7, 409, ""},
			{"focal@purs.example", "POST", "/" + call + "/transitions/closed", why, 1, 403, ""},
			{"focal@cnad.example", "POST", "/" + call + "/transitions/closed", map[string]any{}, 1, 422, "body.reason"},
			{"focal@cnad.example", "POST", "/" + call + "/transitions/reopened", map[string]any{}, 1, 409, ""},
			{"focal@cnad.example", "PUT", "/" + call + "/refusal", why, 0, 403, ""},
			{"agent.savanes@anpc.example", "PUT", "/" + call + "/refusal", why, 0, 403, ""},
			{"focal@purs.example", "PUT", "/" + call + "/refusal", map[string]any{}, 0, 422, "body.reason"},
			{"focal@cnad.example", "POST", "/" + call + "/transitions/closed", why, 1, 200, ""},
			{"focal@purs.example", "PUT", "/" + call + "/refusal", why, 0, 409, ""},
			{"focal@cnad.example", "PUT", "/" + call, good, 2, 409, ""},
		} {
			a := ask(x.who, x.method, x.path, x.body, x.expect)
			if a.status != x.status || !strings.Contains(a.body, x.field) {
				t.Errorf("%s %s%s %v: %d %s", x.who, x.method, x.path, x.body, a.status, a.body)
			}
		}
	})
}
