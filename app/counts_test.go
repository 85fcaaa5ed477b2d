package app_test

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cadre/kit/db"

	"github.com/google/go-cmp/cmp"
)

// TestListsAndCountsAreOfWhatOneSees compares every list, total, filter and search with
// what the rows say that each person may see.
func TestListsAndCountsAreOfWhatOneSees(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		c := &counter{world: w, harvest: w.sow(t)}
		c.rows = w.read(t)
		for i, p := range w.personas {
			if strings.HasSuffix(p.name, "token") || w.DB.Engine == db.Postgres && i%3 != 0 {
				continue // the same person comes by cookie too
			}
			c.lists(t, p)
			c.structuresBy(t, p)
			c.facets(t, p)
			c.searches(t, p)
		}
	})
}

type counter struct {
	*world
	harvest
	rows oracle
}

// listing is a list of the API.
type listing struct {
	Items []struct {
		ID string `json:"id"`
	} `json:"items"`
	Total int    `json:"total"`
	Next  string `json:"next"`
}

func (l listing) ids() map[string]bool {
	all := map[string]bool{}
	for _, i := range l.Items {
		all[i.ID] = true
	}
	return all
}

func (c *counter) list(t *testing.T, p *persona, path string) listing {
	t.Helper()
	var l listing
	a := c.ask(t, p, request{method: http.MethodGet, path: "/api/v1" + path})
	if a.status != http.StatusOK {
		t.Fatalf("%s as %s: %s", path, p.name, a)
	}
	must(t, json.Unmarshal([]byte(a.body), &l))
	return l
}

// recordKinds are the kinds of records by their names in the API's addresses.
var recordKinds = map[string]string{"missions": "directory.mission", "programmes": "directory.programme", "capacities": "directory.capacity",
	"branches": "directory.branch", "documents": "directory.document"}

// lists walks through every list of facts, page after page, with every filter.
func (c *counter) lists(t *testing.T, p *persona) {
	t.Helper()
	cndh := c.structures["cndh"]
	for path, kind := range recordKinds {
		for filter, matches := range map[string]func(*fact) bool{
			"":                     func(*fact) bool { return true },
			"theme=ARM":            func(f *fact) bool { return under(f.themes, "ARM") },
			"place=TG-S":           func(f *fact) bool { return under(f.places, "TG-S") },
			"structure=" + cndh:    func(f *fact) bool { return f.owner == cndh },
			"theme=ARM&place=TG-C": func(f *fact) bool { return under(f.themes, "ARM") && under(f.places, "TG-C") },
		} {
			want := map[string]bool{}
			for _, f := range c.rows.facts(p.id, kind) {
				if matches(f) {
					want[f.id] = true
				}
			}
			c.compare(t, p, "/"+path+"?limit=30&"+filter, want)
		}
	}
}

// compare walks through a list and compares it with what it should hold.
func (c *counter) compare(t *testing.T, p *persona, path string, want map[string]bool) {
	t.Helper()
	got, after := map[string]bool{}, ""
	for range 20 {
		l := c.list(t, p, path+after)
		if l.Total != len(want) {
			t.Errorf("%s as %s: total %d, sees %d", path, p.name, l.Total, len(want))
		}
		maps.Copy(got, l.ids())
		if l.Next == "" {
			break
		}
		after = "&after=" + l.Next
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s as %s (-sees +listed):\n%s", path, p.name, diff)
	}
}

// under tells whether a code is another, or stands below it.
func under(codes []string, top string) bool {
	return slices.ContainsFunc(codes, func(c string) bool { return c == top || strings.HasPrefix(c, top+"-") })
}

// structuresBy compares the institutions found by theme and by place of what one sees of them.
func (c *counter) structuresBy(t *testing.T, p *persona) {
	t.Helper()
	for filter, matches := range map[string]func(*fact) bool{
		"theme=ARM":     func(f *fact) bool { return under(f.themes, "ARM") },
		"theme=CHM-INC": func(f *fact) bool { return under(f.themes, "CHM-INC") },
		"place=TG-S":    func(f *fact) bool { return under(f.places, "TG-S") },
	} {
		want := map[string]bool{}
		for _, f := range c.rows.facts(p.id, "") {
			if matches(f) {
				want[f.owner] = true
			}
		}
		c.compare(t, p, "/structures?"+filter, want)
	}
}

var facet = regexp.MustCompile(`<a href="(/(?:structures|recherche)\?[^"]*)"[^>]*>[^<]*<span>(\d+)</span>`)

// facetsOf reads the figures beside the filters of a page, by what they filter.
func facetsOf(body string) map[string]int {
	all := map[string]int{}
	for _, m := range facet.FindAllStringSubmatch(body, -1) {
		u, err := url.Parse(html.UnescapeString(m[1]))
		n, err2 := strconv.Atoi(m[2])
		if err != nil || err2 != nil {
			continue
		}
		q := u.Query()
		q.Del("q")
		if q.Has("depuis") { // each of the periods
			q.Set("depuis", "")
		}
		all[q.Encode()] = n
	}
	return all
}

// widest are the themes of the first level above some, or the regions; what concerns the whole country is in none.
func widest(codes []string) map[string]bool {
	all := map[string]bool{}
	for _, code := range codes {
		parts := strings.Split(code, "-")
		switch {
		case parts[0] != "TG":
			all[parts[0]] = true
		case len(parts) > 1:
			all["TG-"+parts[1]] = true
		}
	}
	return all
}

// facets compares the figures beside the filters of the directory and of a search.
func (c *counter) facets(t *testing.T, p *persona) {
	t.Helper()
	themes, found := map[string]int{}, map[string]int{}
	known := map[string]bool{}
	for _, f := range c.rows.facts(p.id, "") {
		if f.kind == "directory.mission" {
			for _, theme := range f.themes {
				top, _, _ := strings.Cut(theme, "-")
				if !known[f.owner+top] {
					themes["theme="+top]++
				}
				known[f.owner+top] = true
			}
		}
	}
	for id, f := range c.rows.records {
		if c.rows.sees(p.id, id) && strings.HasPrefix(f.title, "Essai ") {
			found["nature="+f.kind]++
			found["structure="+f.owner]++
			found["depuis="]++ // all of it was written today
			for top := range widest(f.themes) {
				found["theme="+top]++
			}
			for region := range widest(f.places) {
				found["lieu="+region]++
			}
		}
	}
	got := facetsOf(c.ask(t, p, request{method: http.MethodGet, path: "/structures"}).body)
	maps.DeleteFunc(got, func(k string, _ int) bool { return !strings.HasPrefix(k, "theme=") })
	if diff := cmp.Diff(themes, got); diff != "" {
		t.Errorf("/structures as %s (-sees +counted):\n%s", p.name, diff)
	}
	if diff := cmp.Diff(found, facetsOf(c.ask(t, p, request{method: http.MethodGet, path: "/recherche?q=essai"}).body)); diff != "" {
		t.Errorf("/recherche as %s (-sees +counted):\n%s", p.name, diff)
	}
}

// searches looks for every word that was ever written: whole, begun, within a phrase.
func (c *counter) searches(t *testing.T, p *persona) {
	t.Helper()
	last := map[string]string{}
	for _, x := range c.seeds {
		last[x.id] = x.title()
	}
	for i, x := range c.seeds {
		want := map[string]bool{}
		if c.rows.sees(p.id, x.id) && last[x.id] == x.title() {
			want[x.id] = true
		}
		for _, word := range x.words[:1+(i+1)%2] { // every other time in the text too
			if diff := cmp.Diff(want, c.list(t, p, "/search?q="+word).ids()); diff != "" {
				t.Errorf("search for %s, %s, as %s (-sees +found):\n%s", word, x, p.name, diff)
			}
		}
		if i%4 == 0 {
			c.pages(t, p, x, want[x.id])
		}
	}
}

// pages looks for a title on the search page and among the suggestions.
func (c *counter) pages(t *testing.T, p *persona, x seed, visible bool) {
	t.Helper()
	word := x.title()
	for _, path := range []string{
		"/recherche?q=" + url.QueryEscape(`"Essai `+word+`"`),
		"/recherche?q=" + word + "&structure=" + c.structures[x.slug],
		"/recherche/suggestions?q=" + word[:len(word)-2],
		"/recherche/suggestions?q=essai+" + word[:len(word)-2],
	} {
		body := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(c.ask(t, p, request{method: http.MethodGet, path: path}).body)
		if shown := strings.Contains(body, "Essai "+word) && strings.Contains(body, fmt.Sprintf("%s<", word)) || strings.Contains(body, `value="Essai `+word); shown != visible {
			t.Errorf("%s as %s: shown %v, sees %v\n%s", path, p.name, shown, visible, body)
		}
	}
}
