package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// kinds are the kinds of facts: their name in the API's addresses, their content with
// words for its detail and its source.
var kinds = []struct {
	path    string
	content func(detail, source string) map[string]any
}{
	{"missions", func(d, s string) map[string]any { return map[string]any{"role": "leads", "detail": d, "source": s} }},
	{"programmes", func(d, s string) map[string]any { return map[string]any{"detail": d, "source": s} }},
	{"capacities", func(d, s string) map[string]any {
		return map[string]any{"kind": "trainers", "conditions": d, "source": s}
	}},
	{"branches", func(d, s string) map[string]any { return map[string]any{"kind": "Antenne", "note": d, "source": s} }},
	{"documents", func(d, s string) map[string]any { return map[string]any{"note": d, "source": s} }},
}

// circles are the shapes of an audience, given the institutions beside the owner.
var circles = map[string]func(a, b string) []string{
	"owner":   func(string, string) []string { return []string{} },
	"one":     func(a, _ string) []string { return []string{"structure:" + a} },
	"two":     func(a, b string) []string { return []string{"structure:" + a, "structure:" + b} },
	"person":  func(string, string) []string { return []string{"person:controle@cndh.example"} },
	"reader":  func(string, string) []string { return []string{"person:decideur@gouv.example"} },
	"members": func(string, string) []string { return []string{"members"} },
	"public":  func(string, string) []string { return []string{"public"} },
}

// allowed are the shapes that each marking allows.
var allowed = map[string][]string{
	"clear":        {"owner", "one", "two", "person", "reader", "members", "public"},
	"green":        {"owner", "one", "two", "person", "reader", "members"},
	"amber":        {"owner", "one", "two", "person", "reader"},
	"amber_strict": {"owner", "person", "reader"},
	"red":          {"owner", "person", "reader"},
	"restricted":   {"owner", "one", "two", "person", "reader"},
}

// seed is a fact written for a test.
type seed struct {
	id, path, slug string
	marking, shape string
	words          []string // of its title, its detail and its source, in this order
}

// sower writes facts, each with words of its own.
type sower struct {
	*world
	n       int
	harvest harvest
}

// harvest is what a sower has written.
type harvest struct {
	seeds        []seed
	open, closed string // identifiers of two facts of cnad that are linked: all read the one, few the other
}

// sow writes facts of every kind, with every shape of audience and every marking that
// it allows; some withdrawn, narrowed, opened or linked since. It returns them all.
func (w *world) sow(t testing.TB) harvest {
	t.Helper()
	s := &sower{world: w}
	owners := []string{"cnad", "cndh", "anpc", "cnlpal"}
	for _, kind := range kinds {
		for _, marking := range sorted(allowed) {
			for _, shape := range allowed[marking] {
				s.add(t, kind.path, owners[s.n/3%len(owners)], marking, shape)
			}
		}
	}
	s.changeSome(t)
	s.plan(t)
	s.calls(t)
	s.accords(t)
	return s.harvest
}

// plan writes activities with every shape of audience and every marking that it allows;
// some narrowed, opened, or put to a partner since.
func (s *sower) plan(t testing.TB) {
	t.Helper()
	owners := []string{"cnad", "cndh", "anpc"}
	for _, marking := range sorted(allowed) {
		for _, shape := range allowed[marking] {
			s.draft(t, owners[s.n/3%len(owners)], marking, shape)
		}
	}
	s.redraft(t, s.draft(t, "cnad", "clear", "public"), "amber", "owner")
	s.redraft(t, s.draft(t, "cnad", "restricted", "owner"), "clear", "public")
	for _, marking := range []string{"green", "amber", "restricted"} {
		x := s.draft(t, "cndh", marking, "owner")
		s.put(t, s.keeper("cndh"), request{method: http.MethodPost, path: "/api/v1/activities/" + x.id + "/transitions/proposed", header: match(1)}, struct{}{})
	}
}

// calls writes calls with every marking, for the owner alone and in one more of the shapes that it allows; one has been
// narrowed since, one opened, one answered, one refused and one closed.
func (s *sower) calls(t testing.TB) {
	t.Helper()
	owners := []string{"cndh", "anpc", "cnad"}
	for _, marking := range sorted(allowed) {
		all := allowed[marking]
		for _, shape := range []string{all[0], all[s.n%len(all)]} {
			s.ask(t, owners[s.n/3%len(owners)], marking, shape)
		}
	}
	for _, x := range [][2]string{{"clear", "amber"}, {"amber", "clear"}} {
		was := s.ask(t, "cnad", x[0], "owner")
		body, words := s.call("cnad", x[1], "owner")
		s.put(t, s.keeper("cnad"), request{method: http.MethodPut, path: "/api/v1/calls/" + was.id, header: match(1)}, body)
		s.harvest.seeds = append(s.harvest.seeds, seed{was.id, "calls", "cnad", x[1], "owner", words})
	}
	refused := s.ask(t, "cnad", "green", "members")
	s.put(t, s.keeper("purs"), request{method: http.MethodPut, path: "/api/v1/calls/" + refused.id + "/refusal"}, map[string]any{"reason": "Essai"})
	closed := s.ask(t, "cndh", "red", "owner")
	s.put(t, s.keeper("cndh"), request{method: http.MethodPost, path: "/api/v1/calls/" + closed.id + "/transitions/closed", header: match(1)}, map[string]any{"reason": "Essai"})
}

// call is the body by which the API writes the next call, and its words.
func (s *sower) call(slug, marking, shape string) (map[string]any, []string) {
	words := []string{word(s.n), word(s.n + 1), word(s.n + 2)}
	s.n += 3
	return map[string]any{"title": "Essai " + words[0], "why": "Précision " + words[1] + ", source " + words[2], "theme": "ARM", "place": "TG-S", "marking": marking, "audience": circles[shape]("armees", "purs")}, words
}

func (s *sower) ask(t testing.TB, slug, marking, shape string) seed {
	t.Helper()
	body, words := s.call(slug, marking, shape)
	x := seed{s.post(t, s.keeper(slug), "/calls", body).ID, "calls", slug, marking, shape, words}
	s.harvest.seeds = append(s.harvest.seeds, x)
	return x
}

// accords writes accords with every marking, for the owner alone and in one more of the shapes that it allows; one has been
// narrowed since, one opened, one is in force.
func (s *sower) accords(t testing.TB) {
	t.Helper()
	owners := []string{"anpc", "cnad", "cndh"}
	for _, marking := range sorted(allowed) {
		all := allowed[marking]
		for _, shape := range []string{all[0], all[s.n%len(all)]} {
			s.agree(t, owners[s.n/3%len(owners)], marking, shape)
		}
	}
	for _, x := range [][2]string{{"clear", "amber"}, {"amber", "clear"}} {
		was := s.agree(t, "cnad", x[0], "owner")
		body, words := s.accord("cnad", x[1], "owner")
		s.put(t, s.keeper("cnad"), request{method: http.MethodPut, path: "/api/v1/accords/" + was.id, header: match(1)}, body)
		s.harvest.seeds = append(s.harvest.seeds, seed{was.id, "accords", "cnad", x[1], "owner", words})
	}
	s.inForce(t, "cndh")
}

// inForce writes an accord that one of its parties reads for that alone, with a clause that it owes.
func (s *sower) inForce(t testing.TB, slug string) seed {
	t.Helper()
	body, words := s.accord(slug, "amber", "owner")
	body["parties"], body["signed_on"], body["from"] = []string{s.structures["armees"]}, "2026-01-05", "2026-01-05"
	body["clauses"] = []map[string]any{{"text": "Clause " + words[2], "structure": s.structures["armees"], "due": "2026-12-31"}}
	x := seed{s.post(t, s.keeper(slug), "/accords", body).ID, "accords", slug, "amber", "owner", words}
	s.put(t, s.keeper(slug), request{method: http.MethodPost, path: "/api/v1/accords/" + x.id + "/transitions/enforced", header: match(1)}, struct{}{})
	s.harvest.seeds = append(s.harvest.seeds, x)
	return x
}

// accord is the body by which the API writes the next accord, and its words.
func (s *sower) accord(slug, marking, shape string) (map[string]any, []string) {
	words := []string{word(s.n), word(s.n + 1), word(s.n + 2)}
	s.n += 3
	return map[string]any{"title": "Essai " + words[0], "sort": "protocol", "object": "Précision " + words[1], "parties": []string{}, "outside": "Source " + words[2],
		"clauses": []any{}, "marking": marking, "audience": circles[shape]("armees", "purs")}, words
}

func (s *sower) agree(t testing.TB, slug, marking, shape string) seed {
	t.Helper()
	body, words := s.accord(slug, marking, shape)
	x := seed{s.post(t, s.keeper(slug), "/accords", body).ID, "accords", slug, marking, shape, words}
	s.harvest.seeds = append(s.harvest.seeds, x)
	return x
}

// activity is the body by which the API writes the next activity, and its words. CNAD is its partner, or PURS.
func (s *sower) activity(slug, marking, shape string) (map[string]any, []string) {
	words := []string{word(s.n), word(s.n + 1), word(s.n + 2)}
	s.n += 3
	partner := "cnad"
	if slug == partner {
		partner = "purs"
	}
	return map[string]any{"title": "Essai " + words[0], "purpose": "Précision " + words[1], "risks": "Source " + words[2], "type": "SENS", "themes": []string{"ARM"}, "places": []string{"TG-S"},
		"period": map[string]string{"from": "2026-12"}, "marking": marking, "audience": circles[shape]("cndh", "armees"),
		"tasks":    []map[string]string{{"title": "Tâche " + words[2], "structure": s.structures[slug], "due": "2026-01-02"}},
		"partners": []map[string]string{{"structure": s.structures[partner], "role": "co"}}}, words
}

func (s *sower) draft(t testing.TB, slug, marking, shape string) seed {
	t.Helper()
	body, words := s.activity(slug, marking, shape)
	x := seed{s.post(t, s.keeper(slug), "/activities", body).ID, "activities", slug, marking, shape, words}
	s.harvest.seeds = append(s.harvest.seeds, x)
	return x
}

// redraft writes the activity anew, with other words, another marking and another audience.
func (s *sower) redraft(t testing.TB, x seed, marking, shape string) {
	t.Helper()
	body, words := s.activity(x.slug, marking, shape)
	s.put(t, s.keeper(x.slug), request{method: http.MethodPut, path: "/api/v1/activities/" + x.id, header: match(1)}, body)
	s.harvest.seeds = append(s.harvest.seeds, seed{x.id, x.path, x.slug, marking, shape, words})
}

// keeper is who writes for an institution.
func (w *world) keeper(slug string) *persona { return w.by["focal@"+slug+".example by token"] }

// fact is the body by which the API writes the next fact, and its words.
func (s *sower) fact(path, slug, marking, shape string) (map[string]any, []string) {
	words := []string{word(s.n), word(s.n + 1), word(s.n + 2)}
	s.n += 3
	others := slices.DeleteFunc([]string{"cndh", "armees", "cnad", "purs"}, func(o string) bool { return o == slug })
	at := s.n % len(others)
	kind := kinds[slices.IndexFunc(kinds, func(k struct {
		path    string
		content func(detail, source string) map[string]any
	}) bool {
		return k.path == path
	})]
	return map[string]any{"title": "Essai " + words[0], "theme": "ARM", "place": "TG-S", "marking": marking,
		"audience": circles[shape](others[at], others[(at+1)%len(others)]),
		"content":  kind.content("Précision "+words[1], "Source "+words[2])}, words
}

func (s *sower) add(t testing.TB, path, slug, marking, shape string) seed {
	t.Helper()
	body, words := s.fact(path, slug, marking, shape)
	x := seed{s.post(t, s.keeper(slug), "/structures/"+slug+"/"+path, body).ID, path, slug, marking, shape, words}
	s.harvest.seeds = append(s.harvest.seeds, x)
	return x
}

// amend writes the fact anew, with other words, another marking and another audience.
func (s *sower) amend(t testing.TB, x seed, marking, shape string) {
	t.Helper()
	body, words := s.fact(x.path, x.slug, marking, shape)
	s.put(t, s.keeper(x.slug), request{method: http.MethodPut, path: "/api/v1/" + x.path + "/" + x.id, header: match(1)}, body)
	s.harvest.seeds = append(s.harvest.seeds, seed{x.id, x.path, x.slug, marking, shape, words})
}

// match is the header that names the version being changed.
func match(version int) http.Header {
	return http.Header{"If-Match": {fmt.Sprintf(`"%d"`, version)}}
}

func (s *sower) changeSome(t testing.TB) {
	t.Helper()
	for _, kind := range kinds {
		s.amend(t, s.add(t, kind.path, "cnad", "clear", "public"), "amber", "owner")       // narrowed
		s.amend(t, s.add(t, kind.path, "cnad", "restricted", "owner"), "clear", "public")  // opened
		s.amend(t, s.add(t, kind.path, "cndh", "amber", "one"), "green", "members")        // widened
		s.amend(t, s.add(t, kind.path, "cndh", "green", "members"), "restricted", "owner") // marked higher
		for _, shape := range []string{"owner", "members"} {
			x := s.add(t, kind.path, "anpc", "green", shape)
			s.put(t, s.keeper("anpc"), request{method: http.MethodPost, path: "/api/v1/" + x.path + "/" + x.id + "/withdrawal", header: match(1)}, struct{}{})
		}
	}
	h := &s.harvest
	h.open, h.closed = s.add(t, "documents", "cnad", "clear", "public").id, s.add(t, "documents", "cnad", "amber", "owner").id
	for _, pair := range [][2]string{{h.open, h.closed}, {h.closed, h.open}} {
		s.post(t, s.keeper("cnad"), "/records/"+pair[0]+"/links", map[string]string{"kind": "concerns", "to": pair[1]})
	}
	s.follow(t, h.closed)
}

// follow makes people of the institution follow a closed record and read it.
func (s *sower) follow(t testing.TB, id string) {
	t.Helper()
	for _, who := range []string{"chef@cnad.example by token", "adjoint@cnad.example by token"} {
		s.put(t, s.by[who], request{method: http.MethodPut, path: "/api/v1/records/" + id + "/follow"}, struct{}{})
	}
}

// title is the word of the seed's title.
func (x seed) title() string { return x.words[0] }

func (x seed) String() string {
	return strings.Join([]string{x.path, x.slug, x.marking, x.shape, x.id}, " ")
}
