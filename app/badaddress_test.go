package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cadre/kit/db"
	"cadre/kit/web"
)

// TestBadInputInAddresses asks for every page at odd addresses and with bad parameters.
func TestBadInputInAddresses(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := newSpoiler(t, w)
		for i, r := range s.all {
			if !strings.HasPrefix(r.path, "/api/v1/") && !r.ends && (w.DB.Engine == db.SQLite || i%3 == 0) {
				s.stray(t, r)
			}
		}
		t.Logf("%d requests", s.asked)
		s.sound(t)
	})
}

// odd is what stands in an address where an identifier is meant.
var odd = []string{"%00", "..%2f..", "%ff", "%27%20OR%201=1", strings.Repeat("a", 3000), "%E2%80%AE", "%20", "-1", "99999999999999999999"}

// mistyped is what stands in the parameters of an address.
var mistyped = []string{"", strings.Repeat("é", 5000), "a\x00b", "a\u202eb", "a\xffb", "31/02/2026", "2026-02-31", "-1", "99999999999999999999",
	`"><script>'; DROP TABLE record; --`, "{{7*7}}${7*7}", "a\r\nBcc: x@y.example\r\n\r\nb"}

// stray asks for a page at odd addresses, then with each of its parameters wrong.
func (s *spoiler) stray(t *testing.T, r route) {
	t.Helper()
	who := s.by["focal@cnad.example by cookie"]
	for _, text := range odd {
		if path := wildcard.ReplaceAllString(r.path, text); path != r.path && r.path != "/{$}" {
			s.judged(t, who, request{method: r.method, path: path, form: url.Values{}})
		}
	}
	if !r.reads() {
		return
	}
	params := map[string]bool{}
	requests := r.requests(s.about(r))
	for _, q := range requests {
		_, query, _ := strings.Cut(q.path, "?")
		values, _ := url.ParseQuery(query)
		for name := range values {
			params[name] = true
		}
	}
	path, _, _ := strings.Cut(requests[0].path, "?")
	for _, name := range sorted(params) {
		for _, text := range append(mistyped, s.hidden) {
			s.judged(t, who, request{method: r.method, path: path + "?" + url.Values{name: {text}}.Encode()})
		}
		s.judged(t, who, request{method: r.method, path: path + "?" + url.Values{name: {"a", "b"}}.Encode()})
	}
}

// mailedLink is the link by which somebody who has forgotten their password chooses another.
func (s *spoiler) mailedLink(t *testing.T, email string) string {
	t.Helper()
	nobody := s.by["nobody"]
	s.ask(t, nobody, request{method: http.MethodPost, path: "/mot-de-passe-oublie", form: url.Values{"email": {email}}})
	mails := s.ask(t, nobody, request{method: http.MethodGet, path: "/demo/mails?format=json"}).body
	_, after, _ := strings.Cut(mails, email)
	link := mailed.FindString(after)
	if link == "" {
		t.Fatalf("no link was mailed to %s: %s", email, mails)
	}
	return link
}

func (s *spoiler) judged(t *testing.T, who *persona, q request) {
	t.Helper()
	before := s.written(t)
	a := s.ask(t, who, q)
	s.judge(t, fmt.Sprintf("%s %.120s", q.method, q.path), a, false, before == s.written(t))
}

// TestBadInputInLinks follows links that have served, have expired, or never were: each
// answers as a page that does not exist, in a sentence, and opens nothing; but one that has
// served leads its holder to the page on which they sign in, which says so.
func TestBadInputInLinks(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := newSpoiler(t, w)
		nobody := s.by["nobody"]
		used, late := s.mailedLink(t, "focal@anpc.example"), s.mailedLink(t, "focal@purs.example")
		chosen, _ := url.ParseQuery(twice)
		if a := s.ask(t, nobody, request{method: http.MethodPost, path: used, form: chosen}); a.status != http.StatusSeeOther {
			t.Fatalf("a link that serves: %s", a)
		}
		if a := s.ask(t, nobody, request{method: http.MethodPost, path: "/demo/clock", form: url.Values{"advance": {"2h"}}}); a.status != http.StatusSeeOther {
			t.Fatalf("the clock: %s", a)
		}
		for what, path := range map[string]string{"used": used, "expired": late, "never made": "/invitation/" + strings.Repeat("a", 43), "NUL": "/invitation/%00", "no UTF-8": "/invitation/%ff"} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				before := s.written(t)
				a := s.ask(t, nobody, request{method: method, path: path, form: chosen})
				if what == "used" {
					if told := a.header.Get("Set-Cookie"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/connexion" || !strings.HasPrefix(told, web.DoneCookie+"=") || before != s.written(t) {
						t.Errorf("%s used link: %s", method, a)
					}
					continue
				}
				s.judge(t, what, a, true, before == s.written(t))
				if a.status != http.StatusNotFound || a.header.Get("Set-Cookie") != "" {
					t.Errorf("%s %s link: %s", method, what, a)
				}
			}
		}
	})
}
