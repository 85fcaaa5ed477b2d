package app_test

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cadre/kit/db"
	"cadre/kit/id"
	"cadre/kit/test"

	gocmp "github.com/google/go-cmp/cmp"
)

// hiddenWord is in one of the twin worlds only.
const hiddenWord = "zqtapirolu"

// TestTwinWorlds founds two worlds alike but for one fact that only CNDH may read, with a
// word, a theme and a place that nothing else has. Whoever is not of CNDH walks through
// both, link after link, and finds no difference: in no page, list, count, order or size.
func TestTwinWorlds(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			with, without := newTwin(t, engine), newTwin(t, engine)
			theme, place := with.unused(t)
			with.live(t, theme, place, true)
			without.live(t, theme, place, false)
			pages := 0
			for _, name := range with.outsiders(engine) {
				walk := &walk{with: with, without: without, name: name, seen: map[string]bool{}, most: 160}
				if engine == db.SQLite && slices.Contains([]string{"nobody", "focal@cnad.example by cookie"}, name) {
					walk.most = 2000 // the whole of it
				}
				walk.from(t, theme, place)
				pages += len(walk.seen)
			}
			t.Logf("%d pages compared", pages)
		})
	}
}

// twin is one of two worlds, with the names that stand for its identifiers.
type twin struct {
	*world
	labels map[string]string // names by identifier
	ids    map[string]string // identifiers by name
}

func newTwin(t *testing.T, engine db.Engine) *twin {
	t.Helper()
	return &twin{world: open(t, test.Address(t, engine))}
}

// unused gives a theme and a place that no record has.
func (w *twin) unused(t *testing.T) (theme, place string) {
	used := map[string]bool{}
	for _, f := range w.read(t).records {
		for _, code := range slices.Concat(f.themes, f.places) {
			used[code] = true
		}
	}
	for _, x := range w.Pack.Themes {
		if !used[x.Code] && strings.Contains(x.Code, "-") {
			theme = cmp.Or(theme, x.Code)
		}
	}
	for _, p := range w.Pack.Territories {
		if !used[p.Code] && strings.Count(p.Code, "-") == 2 {
			place = cmp.Or(place, p.Code)
		}
	}
	return theme, place
}

// live does the same in both worlds, and in one of them writes the hidden fact in between.
func (w *twin) live(t *testing.T, theme, place string, hidden bool) {
	t.Helper()
	fact := func(slug, title, marking string, circle ...string) (id string) {
		body := map[string]any{"title": title, "theme": theme, "place": place, "marking": marking, "audience": append([]string{}, circle...),
			"content": map[string]any{"role": "leads", "detail": title, "source": title}}
		if marking == "clear" {
			body["theme"], body["place"] = "ARM", "TG-S"
		}
		return w.post(t, w.keeper(slug), "/structures/"+slug+"/missions", body).ID
	}
	first := fact("anpc", "Essai premier", "clear", "public")
	secret := ""
	if hidden {
		secret = fact("cndh", "Essai "+hiddenWord, "amber_strict")
		w.post(t, w.keeper("cndh"), "/records/"+secret+"/links", map[string]string{"kind": "concerns", "to": first})
	}
	second := fact("cnad", "Essai second", "clear", "members")
	w.post(t, w.keeper("cnad"), "/records/"+second+"/links", map[string]string{"kind": "follows", "to": first})
	w.post(t, w.keeper("cndh"), "/structures/cndh/confirmation", struct{}{})
	w.name(t)
	w.labels[secret] = "(hidden)"
}

// name gives every record and every person a name that is the same in both worlds.
func (w *twin) name(t *testing.T) {
	t.Helper()
	w.labels, w.ids = map[string]string{}, map[string]string{}
	add := func(id, label string) { w.labels[id], w.ids[label] = label, id }
	for email, id := range w.people {
		add(id, "(person "+email+")")
	}
	count := map[string]int{}
	rows := w.read(t).records
	for _, id := range sorted(rows) {
		f := rows[id]
		what := f.kind + " " + f.title + " of " + rows[f.owner].title
		count[what]++
		add(id, fmt.Sprintf("(%s %d)", what, count[what]))
	}
}

// outsiders are those who may not read the hidden fact.
func (w *twin) outsiders(engine db.Engine) []string {
	var all []string
	for i, p := range w.personas {
		if p.slug != "cndh" && !strings.HasSuffix(p.name, "token") && (engine == db.SQLite || i%5 == 0) {
			all = append(all, p.name)
		}
	}
	return all
}

// walk is the way of one outsider through both worlds.
type walk struct {
	with, without *twin
	name          string
	seen          map[string]bool
	most          int // pages to see
	queue         []string
}

// fresh begins the pages that show a secret made for them, never the same twice.
const fresh = "/compte/double-authentification"

// from starts at every address that needs no identifier, and asks for what is hidden.
func (k *walk) from(t *testing.T, theme, place string) {
	t.Helper()
	for _, typed := range []string{hiddenWord, hiddenWord[:5], "essai+" + hiddenWord, "%22essai+" + hiddenWord + "%22", "essai", "cndh"} {
		k.add("/recherche?q=" + typed)
		k.add("/recherche/suggestions?q=" + typed)
		k.add("/api/v1/search?q=" + typed)
	}
	for _, list := range []string{"/structures", "/api/v1/structures", "/api/v1/missions", "/api/v1/search", "/recherche"} {
		k.add(list + "?q=essai&limit=7&theme=" + theme)
		k.add(list + "?q=essai&limit=7&place=" + place + "&lieu=" + place)
	}
	for _, r := range k.with.routes(t) {
		if r.method == http.MethodGet && !strings.Contains(r.path, "{id}") && !strings.Contains(r.path, "{jeton}") {
			for _, q := range r.requests(names{own: "cnad", other: "cndh"}) {
				k.add(q.path)
			}
		}
	}
	for len(k.queue) > 0 {
		path := k.queue[0]
		k.queue = k.queue[1:]
		k.compare(t, path)
	}
}

func (k *walk) add(path string) {
	if !k.seen[path] && !strings.HasPrefix(path, fresh) && len(k.seen) < k.most {
		k.seen[path] = true
		k.queue = append(k.queue, path)
	}
}

var hrefs = regexp.MustCompile(`href="(/[^"]*)"`)

// compare asks for a page in both worlds, and goes on to where it leads.
func (k *walk) compare(t *testing.T, path string) {
	t.Helper()
	here := k.with.plain(t, k.name, path)
	there := k.without.plain(t, k.name, path)
	if here != there {
		t.Errorf("%s as %s differs (-without the hidden fact +with it):\n%s", path, k.name, gocmp.Diff(strings.Split(there, ">"), strings.Split(here, ">")))
	}
	for _, m := range hrefs.FindAllStringSubmatch(there, -1) {
		to := html.UnescapeString(m[1])
		if !strings.HasPrefix(to, "/static/") && !strings.Contains(to, "lang=") {
			k.add(to)
		}
	}
	if strings.HasPrefix(path, "/api/v1/") {
		k.addRecords(path, there)
	}
}

var labels = regexp.MustCompile(`"id":"(\(directory[^"]*\))"`)

// addRecords goes on from a list of the API to what can be asked of each record.
func (k *walk) addRecords(path, body string) {
	list, _, _ := strings.Cut(path, "?")
	for _, m := range labels.FindAllStringSubmatch(body, -1) {
		if strings.Count(list, "/") == 3 && list != "/api/v1/search" {
			k.add(list + "/" + m[1])
		}
		for _, part := range []string{"history", "links", "readings"} {
			k.add("/api/v1/records/" + m[1] + "/" + part)
		}
	}
}

// plain is the answer of a world to a path in which names stand for identifiers, with
// names for identifiers and without what is never the same twice.
func (w *twin) plain(t *testing.T, name, path string) string {
	t.Helper()
	for label, id := range w.ids {
		if strings.Contains(path, label) {
			path = strings.ReplaceAll(path, label, id)
		}
	}
	path = strings.ReplaceAll(path, " ", "%20")
	return w.named(w.ask(t, w.by[name], request{method: http.MethodGet, path: path}).String())
}

// noise is what differs between two equal worlds.
var noise = []struct {
	what *regexp.Regexp
	as   string
}{
	{regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z`), "(instant)"},
	{regexp.MustCompile(`REV:[0-9]{8}T[0-9]{6}Z`), "(instant)"},
	{regexp.MustCompile(`[0-9]{1,2}\x{00a0}?(:|h|\x{202f}h|\x{00a0}h)[\x{00a0}\x{202f}]?[0-9]{2}(:[0-9]{2})?`), "(time)"},
	{regexp.MustCompile(`(Etag: W/"|-|")[0-9a-f]{24,32}"`), "(digest)"},
	{regexp.MustCompile(`cadre/[0-9a-f]{8}\+[^<\s]+`), "(key)"},
}

func (w *twin) named(s string) string {
	s = base64s.ReplaceAllStringFunc(s, func(cursor string) string {
		b, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil || !strings.HasPrefix(string(b), "{") {
			return cursor
		}
		return string(b)
	})
	s = uuids.ReplaceAllStringFunc(s, func(id string) string { return cmp.Or(w.labels[id], "(identifier)") })
	for _, n := range noise {
		s = n.what.ReplaceAllString(s, n.as)
	}
	return s
}

var base64s = regexp.MustCompile(`[A-Za-z0-9_-]{40,}`)

// TestTheHiddenTakesAsLongAsTheAbsent asks in turn about a hidden record, about one that
// does not exist, and about a second that does not. When the machine cannot answer the last
// two in the same time, it is too busy to tell anything.
func TestTheHiddenTakesAsLongAsTheAbsent(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	s := &sower{world: w}
	hidden := s.add(t, "documents", "cndh", "amber", "owner")
	outsider := w.by["focal@cnad.example by cookie"]
	for name, paths := range map[string][3]string{
		"page":   {"/faits/" + hidden.id, "/faits/" + id.New(), "/faits/" + id.New()},
		"API":    {"/api/v1/documents/" + hidden.id, "/api/v1/documents/" + id.New(), "/api/v1/documents/" + id.New()},
		"search": {"/recherche?q=" + hidden.title(), "/recherche?q=" + word(9001), "/recherche?q=" + word(9002)},
	} {
		took := w.times(t, outsider, paths)
		difference, disturbance := (took[0] - took[1]).Abs(), (took[1] - took[2]).Abs()
		t.Logf("%s: hidden %v, absent %v and %v", name, took[0], took[1], took[2])
		limit := max(took[1]/10, 100*time.Microsecond)
		switch {
		case disturbance > limit:
			t.Logf("%s: the machine is too busy to measure", name)
		case difference > limit:
			t.Errorf("%s: what is hidden takes %v, what does not exist %v", name, took[0], took[1])
		}
	}
}

// times gives the median time of each of the paths, asked in turn.
func (w *world) times(t *testing.T, p *persona, paths [3]string) [3]time.Duration {
	t.Helper()
	var all [3][]time.Duration
	for range 400 {
		for i, path := range paths {
			start := time.Now()
			w.ask(t, p, request{method: http.MethodGet, path: path})
			all[i] = append(all[i], time.Since(start))
		}
	}
	var medians [3]time.Duration
	for i := range all {
		slices.Sort(all[i])
		medians[i] = all[i][len(all[i])/2]
	}
	return medians
}
