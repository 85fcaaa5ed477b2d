package app_test

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/calendar"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/test"
	"cadre/kit/ui"

	"golang.org/x/net/html"
)

// site is a demonstration served on this machine and read in a browser.
type site struct {
	*world
	url     string
	browser *test.Browser
	kinds   *http.ServeMux // finds the route of a page
}

func serve(t *testing.T) *site {
	t.Helper()
	s := &site{browser: test.OpenBrowser(t), kinds: http.NewServeMux()}
	s.world = open(t, test.Address(t, db.SQLite))
	server := httptest.NewServer(s.Handler)
	t.Cleanup(server.Close)
	s.url, s.People.BaseURL = server.URL, server.URL
	for _, r := range s.Routes() {
		s.kinds.Handle(r.Pattern, http.NotFoundHandler())
	}
	return s
}

// kind is the route that answers an address; empty for what is no page.
func (s *site) kind(path string) string {
	r, err := http.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		return ""
	}
	_, pattern := s.kinds.Handler(r)
	return pattern
}

// cookies are the persona's, for a browser.
func (p *persona) cookies() []*http.Cookie {
	all, err := http.ParseCookie(p.header.Get("Cookie"))
	if err != nil {
		return nil // nobody
	}
	return all
}

// readers are one person of each kind.
var readers = []string{"nobody", "focal@cnad.example by cookie", "chef@cnad.example by cookie", "secretariat@cnlpal.example by cookie",
	"agent.savanes@anpc.example by cookie", "decideur@gouv.example by cookie", "controle@cndh.example by cookie", "admin@cadre.example by cookie"}

// unlinked are the pages to which no link leads, and why.
var unlinked = map[string]string{
	"GET /healthz":                                "for machines",
	"GET /readyz":                                 "for machines",
	"GET /robots.txt":                             "for machines",
	"GET /sitemap.xml":                            "for machines",
	"GET /recherche/suggestions":                  "for the search box",
	"GET /connexion/code":                         "after the password",
	"GET /compte/confirmation":                    "before what is delicate",
	"GET /invitation/{jeton}":                     "in a mail",
	"GET /fiches/{id}":                            "leads to the page of any record",
	"GET /fiches/{id}/versions":                   "of a record that has changed",
	"GET /fiches/{id}/commentaires/{comment}":     "of a person's own comment",
	"GET /agenda/{jeton}":                         "in a calendar program, by a secret address",
	"GET /fiches/{id}/pieces":                     "after a file is attached",
	"GET /personnes/{id}/passation/fiche":         "after a handover",
	"GET /personnes/{id}/double-authentification": "of a person who has one",
}

// firstVisit is the greatest weight of a first visit with what the page needs, compressed, in bytes.
const firstVisit = 30_000

// TestEveryPage follows every link as every kind of person, in both languages, and
// then looks at every kind of page in a browser, on a wide and on a narrow screen.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.leaveFiles(t)
	s.leaveWords(t)
	s.leaveDecision(t)
	views, files := map[string][]view{}, map[string][]view{}
	for _, name := range readers {
		for _, lang := range []string{"fr", "en"} {
			s.crawl(t, crawl{persona: s.by[name], lang: lang, views: views, files: files})
		}
	}
	for _, r := range s.Routes() {
		if strings.HasPrefix(r.Pattern, "GET ") && views[r.Pattern] == nil && files[r.Pattern] == nil && unlinked[r.Pattern] == "" {
			t.Errorf("no link leads to %s", r.Pattern)
		}
	}
	for by, looks := range looks(views) {
		s.look(t, by, looks)
	}
}

// leaveFiles leaves files between the steps of their import: two that can be imported, one with something wrong.
func (s *site) leaveFiles(t *testing.T) {
	t.Helper()
	p, members := s.by["focal@cnad.example by cookie"], url.Values{"marking": {"green"}, "audience": {"members"}}
	good := "Intitulé;Nature;Lieu;Observations\nTentes de campagne;" + s.Pack.CapacityKinds[0].Label + ";Kozah;dix\n"
	s.send(t, p, "/structures/cnad/moyens/importer", "moyens.csv", []byte(good), members)
	s.send(t, p, "/activites/importer", "plan.csv", []byte("Intitulé;But;Type;Thèmes;Lieux;Début\nCaravane des lycées;Prévenir;SENS;DRG;Kozah;T2 2027\n"), members)
	s.send(t, p, "/structures/cnad/antennes/importer", "antennes.csv", []byte("Antenne;Lieu;Depuis\nAntenne de Dapaong;Paris;31/02/2026\n"), members)
}

// leaveWords leaves more comments on a sheet than it shows, and a file beside them.
func (s *site) leaveWords(t *testing.T) {
	t.Helper()
	p := s.by["focal@cnad.example by cookie"]
	sheet := "/fiches/" + s.structures["cnad"]
	for i := range 6 {
		s.ask(t, p, request{method: http.MethodPost, path: sheet + "/commentaires", form: url.Values{"text": {fmt.Sprintf("Remarque %d", i+1)}}})
	}
	if a := s.upload(t, p, sheet+"/pieces", "note.txt", strings.NewReader("Une note.")); a.status != http.StatusSeeOther {
		t.Fatal(a)
	}
}

// leaveDecision leaves the day of a holiday that is decided each year.
func (s *site) leaveDecision(t *testing.T) {
	t.Helper()
	day := form.Date{Year: s.Clock.Now().Year(), Month: time.May, Day: 28}
	_, err := s.Calendar.Decide(t.Context(), s.viewer("secretariat@cnlpal.example", access.Secretariat), calendar.DayInput{Holiday: "tabaski", Day: day})
	must(t, err)
}

// view is a page as somebody found it.
type view struct{ who, path string }

// crawl is one walk along the links, and what it has found.
type crawl struct {
	*persona
	lang  string
	views map[string][]view // of all walks, by kind of page
	files map[string][]view // the same of what is no page

	titles map[string]string // kind of page by title or first heading
}

// enough is how many pages of a kind one walk reads.
const enough = 3

func (s *site) crawl(t *testing.T, c crawl) {
	c.titles = map[string]string{}
	sheet := "/structures/" + c.slug
	todo := []string{sheet, sheet + "/missions", "/"} // a sheet with many missions leads to their list
	known, read := map[string]bool{}, map[string]int{}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		kind := s.kind(path)
		if kind == "" || read[kind] == enough {
			continue
		}
		read[kind]++
		for _, link := range s.read(t, c, kind, path) {
			if !known[link] {
				known[link] = true
				todo = append(todo, link)
			}
		}
	}
}

// read fetches a page, checks what can be checked without a browser, and returns its links;
// of what leads elsewhere the address, and of a file to keep none.
func (s *site) read(t *testing.T, c crawl, kind, path string) (links []string) {
	t.Helper()
	at := fmt.Sprintf("%s (%s, %s)", path, c.name, c.lang)
	header := http.Header{"Accept-Encoding": {"gzip"}, "Cookie": {strings.TrimPrefix(c.header.Get("Cookie")+"; langue="+c.lang, "; ")}}
	a := s.ask(t, c.persona, request{method: http.MethodGet, path: path, header: header})
	if a.status == http.StatusSeeOther {
		return []string{a.header.Get("Location")}
	}
	if a.status != http.StatusOK {
		t.Errorf("%s: %d", at, a.status)
		return nil
	}
	v := view{c.name, path}
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		c.files[kind] = append(c.files[kind], v)
		return nil
	}
	c.views[kind] = append(c.views[kind], v)
	if a.wire > ui.Heaviest {
		t.Errorf("%s: %d bytes, compressed", at, a.wire)
	}
	d := parse(t, path, a.body)
	if d.lang != c.lang {
		t.Errorf("%s: says that it is in %q", at, d.lang)
	}
	for _, id := range d.twice {
		t.Errorf("%s: two elements have the id %q", at, id)
	}
	for what, words := range map[string][]string{"title": d.title, "h1": d.h1} {
		if len(words) != 1 || words[0] == "" {
			t.Errorf("%s: %s: %q", at, what, words)
			continue
		}
		if other := c.titles[what+words[0]]; other != "" && other != kind {
			t.Errorf("%s: has the %s of %s: %s", at, what, other, words[0])
		}
		c.titles[what+words[0]] = kind
	}
	return d.links
}

// document is what a page says of itself.
type document struct {
	lang      string
	title, h1 []string
	twice     []string // identifiers that more than one element has
	links     []string // to pages of the site, and the addresses of its search forms
}

func parse(t *testing.T, path, source string) (d document) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	must(t, err)
	base, err := url.Parse(path)
	must(t, err)
	ids := map[string]bool{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		a := attributes(n)
		if id := a["id"]; id != "" && ids[id] {
			d.twice = append(d.twice, id)
		}
		ids[a["id"]] = true
		switch n.Data {
		case "html":
			d.lang = a["lang"]
		case "title":
			if n.Parent.Data != "head" {
				continue // of a drawing
			}
			d.title = append(d.title, content(n))
		case "h1":
			d.h1 = append(d.h1, content(n))
		case "a":
			d.links = append(d.links, local(base, a["href"])...)
		case "form":
			if a["method"] != "post" {
				d.links = append(d.links, local(base, a["action"])...)
			}
		}
	}
	return d
}

// local is where a link leads, if it stays on the site and keeps the language.
func local(base *url.URL, href string) []string {
	u, err := base.Parse(href)
	if err != nil || u.Host != "" || u.Scheme != "" || u.Query().Has("lang") {
		return nil
	}
	u.Fragment = ""
	return []string{u.String()}
}

func attributes(n *html.Node) map[string]string {
	all := map[string]string{}
	for _, a := range n.Attr {
		all[a.Key] = a.Val
	}
	return all
}

func content(n *html.Node) string {
	var out strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			out.WriteString(c.Data)
		}
	}
	return test.Plain(out.String())
}

// by is how a group of pages is looked at.
type by struct {
	who     string
	width   int
	scripts bool
}

// looks deals the kinds of pages out to the readers: each kind is looked at on a wide
// and on a narrow screen, once with scripts and once without, once in each language,
// by two different people where two can.
func looks(views map[string][]view) map[by][]string {
	all := map[by][]string{}
	for i, kind := range slices.Sorted(maps.Keys(views)) {
		for j, width := range []int{1366, 360} {
			v := views[kind][(i+j*(len(views[kind])/2))%len(views[kind])]
			b := by{v.who, width, (i+j)%2 == 0}
			all[b] = append(all[b], in(v.path, []string{"fr", "en"}[(i/2+j)%2]))
		}
	}
	return all
}

// in is the address of a page in a language.
func in(path, lang string) string {
	if strings.Contains(path, "?") {
		return path + "&lang=" + lang
	}
	return path + "?lang=" + lang
}

// look reads pages in a browser.
func (s *site) look(t *testing.T, b by, paths []string) {
	t.Helper()
	tab := s.browser.Open(t, s.url, test.Reader{Width: b.width, Scripts: b.scripts, Cookies: s.by[b.who].cookies()})
	defer tab.Close()
	for _, path := range paths {
		tab.Visit(path)
		at := fmt.Sprintf("%s (%s, %d px, scripts %v)", path, b.who, b.width, b.scripts)
		if n := tab.Overflow(); n > 0 {
			t.Errorf("%s: %d pixels too wide", at, n)
		}
		for _, barrier := range tab.Barriers() {
			t.Errorf("%s: %s", at, barrier)
		}
	}
}

// TestFirstVisit weighs what comes over the line when somebody comes for the first time.
func TestFirstVisit(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/", "/structures", "/structures/cnlpal", "/connexion", "/recherche?q=armes"} {
		tab := s.browser.Open(t, s.url, test.Reader{Width: 360, Scripts: true})
		tab.Visit(path)
		if n := tab.Received(); n == 0 || n > firstVisit {
			t.Errorf("%s: %d bytes", path, n)
		}
		tab.Visit(cmp.Or(strings.TrimSuffix(path, "/"), "/aide"))
		if n := tab.Received(); n > ui.Heaviest {
			t.Errorf("%s, again: %d bytes", path, n)
		}
		tab.Close()
	}
}
