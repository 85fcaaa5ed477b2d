package app_test

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cadre/kit/db"
	"cadre/kit/id"
)

// TestNothingHiddenIsAnswered asks everything of Cadre as everybody: every route of the
// pages and every operation of the API, about what one sees, what one does not, and what
// does not exist. No answer may hold a word or an identifier of what one does not see;
// and about what one does not see, the answer is byte for byte the one about what does not exist.
func TestNothingHiddenIsAnswered(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := &search{world: w, harvest: w.sow(t), routes: w.routes(t)}
		s.rows = w.read(t)
		s.others(t)
		for _, p := range w.personas {
			s.secrets = s.rows.secrets(p.id)
			for _, r := range s.routes {
				if r.asked(p) {
					s.ask(t, p, r)
				}
			}
		}
		for _, p := range w.personas {
			s.secrets = s.rows.secrets(p.id)
			for _, r := range s.routes {
				if r.asked(p) && !r.reads() {
					s.write(t, p, r)
				}
			}
		}
		t.Logf("%d questions by %d people", s.questions, len(w.personas))
		s.proveItself(t)
	})
}

// search is the search of one world for leaks.
type search struct {
	*world
	harvest
	rows      oracle
	routes    []route
	secrets   map[string]bool // of the persona who asks
	foreign   map[subject]string
	questions int
	shown     map[string]bool // words that some answer held
	absent    string          // identifier of nothing
	answers   map[string]answer
}

// asked tells whether the persona asks for the route: people who come with a token ask
// for the API; there, a cookie serves to read alone.
func (r route) asked(p *persona) bool {
	api := strings.HasPrefix(r.path, "/api/")
	switch {
	case strings.HasSuffix(p.name, "token"):
		return api
	case strings.HasSuffix(p.name, "cookie"):
		return !api || r.reads()
	}
	return true
}

// others finds a session and a token that are nobody's who asks.
func (s *search) others(t *testing.T) {
	t.Helper()
	s.shown, s.foreign, s.absent, s.answers = map[string]bool{}, map[subject]string{}, id.New(), map[string]answer{}
	p := &persona{name: "chef", header: s.cookie(t, s.people["chef@cnad.example"])}
	for about, path := range map[subject]string{sessions: "/api/v1/me/sessions", tokens: "/api/v1/me/tokens"} {
		s.foreign[about] = uuids.FindString(s.world.ask(t, p, request{method: http.MethodGet, path: path}).body)
	}
}

// trial is an identifier to ask about.
type trial struct {
	id      string
	visible bool
}

// trials are identifiers that the persona sees and does not see, of the subject.
func (s *search) trials(p *persona, r route) []trial {
	switch r.about {
	case records:
		return s.someRecords(p, r)
	case people:
		var all []trial
		for _, email := range []string{"essai@cnad.example", "essai@cndh.example", "focal@purs.example", gone} {
			_, host, _ := strings.Cut(email, "@")
			slug, _, _ := strings.Cut(host, ".")
			all = append(all, trial{s.people[email], s.rows.meets(p.id, s.structures[slug])})
		}
		return all
	case structures:
		return []trial{{s.structures[p.slug], true}, {p.slug, true}, {s.structures["armees"], true}, {id.New(), true}}
	case sessions, tokens:
		return []trial{{s.foreign[r.about], strings.HasPrefix(p.name, "chef@cnad")}}
	}
	return []trial{{id.New(), true}}
}

// someRecords are facts of the kind in question, or of any: two that the persona sees and
// four that they do not, with the two that are linked. In one engine all of them are tried
// where a fact is read.
func (s *search) someRecords(p *persona, r route) []trial {
	all := []trial{{s.closed, s.rows.sees(p.id, s.closed)}, {s.open, true}}
	left := map[bool]int{true: 2, false: 4}
	if slices.Contains([]string{"/faits/{id}", "/api/v1/records/{id}/history"}, r.path) && r.method == http.MethodGet && s.DB.Engine == db.SQLite {
		left = map[bool]int{true: len(s.seeds), false: len(s.seeds)}
	}
	for i := range s.seeds {
		x := s.seeds[i*7%len(s.seeds)] // of all kinds, markings and shapes
		visible := s.rows.sees(p.id, x.id)
		if left[visible] > 0 && (r.kind() == "" || r.kind() == x.path) {
			all = append(all, trial{x.id, visible})
			left[visible]--
		}
	}
	return all
}

// kind is the kind of record that an operation or a page is about, empty for any.
func (r route) kind() string {
	if strings.HasPrefix(r.path, "/api/v1/activities/") || strings.HasPrefix(r.path, "/activites/") {
		return "activities"
	}
	if strings.HasPrefix(r.path, "/api/v1/calls/") || strings.HasPrefix(r.path, "/synergie/appels/") {
		return "calls"
	}
	if strings.HasPrefix(r.path, "/api/v1/accords/") || strings.HasPrefix(r.path, "/protocoles/") {
		return "accords"
	}
	for _, k := range kinds {
		if strings.HasPrefix(r.path, "/api/v1/"+k.path+"/") {
			return k.path
		}
	}
	return ""
}

// ask asks for the route as the persona: to read about everything, to write about what
// the persona does not see.
func (s *search) ask(t *testing.T, p *persona, r route) {
	t.Helper()
	for _, x := range s.trials(p, r) {
		if !r.reads() && (x.visible || r.about == nothing || r.about == structures) {
			continue
		}
		for _, n := range s.names(p, r, x) {
			s.try(t, p, r, n[0], n[1], x.visible)
		}
	}
}

// names are the placeholders of the route about an identifier, and those of the same
// question about one that does not exist. Where a route names two records, each is tried in turn.
func (s *search) names(p *persona, r route, x trial) [][2]names {
	n := names{id: x.id, to: s.open, own: p.slug, other: "armees", email: "nouveau@" + p.slug + ".example", structure: s.structures[p.slug]}
	absent := n
	absent.id = s.absent
	all := [][2]names{{n, absent}}
	if strings.Contains(r.path+r.form+r.json, "{to}") {
		n.id, n.to, absent.id, absent.to = s.open, x.id, s.open, absent.id
		all = append(all, [2]names{n, absent})
	}
	return all
}

func (s *search) try(t *testing.T, p *persona, r route, n, absent names, visible bool) {
	t.Helper()
	unknown := r.requests(absent)
	for i, q := range r.requests(n) {
		a := s.put(t, p, q)
		if r.about == nothing || r.about == structures || visible {
			continue
		}
		b := s.ofAbsent(t, p, unknown[i])
		if left, right := alike(a, n), alike(b, absent); left != right {
			t.Errorf("%s %s as %s: what is hidden answers otherwise than what does not exist:\n%s\n%s", q.method, q.path, p.name, a, b)
		}
	}
}

// ofAbsent asks about what does not exist, once for all that is compared with it.
func (s *search) ofAbsent(t *testing.T, p *persona, q request) answer {
	t.Helper()
	key := strings.Join([]string{p.name, q.method, q.path, q.form.Encode(), q.json}, "\n")
	if _, asked := s.answers[key]; !asked {
		s.answers[key] = s.put(t, p, q)
	}
	return s.answers[key]
}

// put asks, and checks the answer. Every fourth comes compressed.
func (s *search) put(t *testing.T, p *persona, q request) answer {
	t.Helper()
	s.questions++
	if len(q.path)%4 == 0 {
		q.header = with(q.header, "Accept-Encoding", "gzip")
	}
	a := s.world.ask(t, p, q)
	s.check(t, p, q, a)
	return a
}

// check searches an answer for what the persona must not learn.
func (s *search) check(t *testing.T, p *persona, q request, a answer) {
	t.Helper()
	if a.status >= 500 {
		t.Errorf("%s %s as %s: %d\n%s", q.method, q.path, p.name, a.status, a.body)
	}
	for _, found := range s.leaks(a, q) {
		t.Errorf("%s %s as %s: the answer holds %q:\n%s", q.method, q.path, p.name, found, a)
	}
}

func with(h http.Header, name, value string) http.Header {
	h = h.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set(name, value)
	return h
}

// leaks lists the secrets that an answer holds and the question did not.
func (s *search) leaks(a answer, q request) []string {
	asked := q.path + " " + q.form.Encode() + " " + q.json
	var all []string
	for _, found := range holds(a.String()) {
		s.shown[found] = true
		if s.secrets[found] && !strings.Contains(asked, found) {
			all = append(all, found)
		}
	}
	return all
}

// holds lists the words of no language and the identifiers of a text, those in its cursors too.
func holds(text string) []string {
	var all []string
	for _, token := range strings.FieldsFunc(text, func(r rune) bool { return !inToken(r) }) {
		if len(token) >= 40 {
			if b, err := base64.RawURLEncoding.DecodeString(token); err == nil {
				all = append(all, holds(string(b))...)
			}
		}
		if len(token) >= 36 {
			all = append(all, uuids.FindAllString(token, -1)...)
		}
		if token = strings.ToLower(token); strings.Contains(token, "zq") {
			all = append(all, nonsense.FindAllString(token, -1)...)
		}
	}
	return all
}

// inToken tells whether r may stand in a word, an identifier or a cursor.
func inToken(r rune) bool {
	return r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

var onceKey = regexp.MustCompile(`name="once" value="[^"]*"`)

// alike is an answer with the identifier asked about taken out: an address leads to
// itself in the other language, and to sign in.
func alike(a answer, n names) string {
	s := a.String()
	for _, own := range []string{n.id, n.to} {
		s = strings.ReplaceAll(s, own, "{id}")
	}
	return onceKey.ReplaceAllString(s, "{once}")
}

// write writes as the persona about what they see. What they see changes with it, so the
// answer may hold what they saw before or see after.
func (s *search) write(t *testing.T, p *persona, r route) {
	t.Helper()
	for _, x := range s.trials(p, r) {
		if !x.visible {
			continue
		}
		who := *p
		if r.ends && p.person != "" && p.person != gone {
			who.header = s.cookie(t, p.id)
		}
		for _, n := range s.names(p, r, x) {
			for _, q := range r.requests(n[0]) {
				s.change(t, &who, q)
			}
		}
	}
}

// change asks for something that may change what the persona sees.
func (s *search) change(t *testing.T, p *persona, q request) {
	t.Helper()
	s.questions++
	a := s.world.ask(t, p, q)
	if a.status < 400 {
		before := s.secrets
		s.rows = s.world.read(t)
		s.secrets = s.rows.secrets(p.id)
		defer func(now map[string]bool) { s.secrets = now }(s.secrets)
		s.secrets = common(before, s.secrets)
	}
	s.check(t, p, q, a)
}

func common(a, b map[string]bool) map[string]bool {
	all := map[string]bool{}
	for s := range a {
		if b[s] {
			all[s] = true
		}
	}
	return all
}

// proveItself makes sure that the search would have found something: every title written,
// those of past versions too, came back to somebody who may read it.
func (s *search) proveItself(t *testing.T) {
	t.Helper()
	missing := 0
	for _, x := range s.seeds {
		if !s.shown[x.title()] {
			missing++
		}
	}
	if missing > 0 && s.DB.Engine == db.SQLite {
		t.Errorf("%d of %d facts were shown to nobody: the search proves little", missing, len(s.seeds))
	}
}
