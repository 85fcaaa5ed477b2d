package search

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

// pair is a line of testdata/pairs.txt.
type pair struct {
	text, query string
	match       bool
}

// pairs reads testdata/pairs.txt, by part.
func pairs(t testing.TB) map[string][]pair {
	t.Helper()
	data, err := os.ReadFile("testdata/pairs.txt")
	if err != nil {
		t.Fatal(err)
	}
	parts, part := map[string][]pair{}, ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "## "); ok {
			part = name
		}
		body, query, ok := strings.Cut(line, " | ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		parts[part] = append(parts[part], pair{strings.TrimSpace(body[1:]), query, line[0] == '+'})
	}
	return parts
}

// holds reports whether a text holds every word of a query, as the index finds it.
func holds(s string, q Q) bool {
	b := readBag(s)
	return !slices.ContainsFunc(q.Words, func(w Word) bool { return b.grade(w, 1, 1) == 0 })
}

// TestFrenchIsFound publishes how many of the pairs are told rightly and holds the rates.
func TestFrenchIsFound(t *testing.T) {
	var must, found, mustNot, wrong int
	all := pairs(t)
	for _, part := range slices.Sorted(maps.Keys(all)) {
		var m, f, n, w int
		for _, p := range all[part] {
			got := holds(p.text, Query(p.query))
			switch {
			case p.match && got:
				m, f = m+1, f+1
			case p.match:
				m++
				t.Logf("%s: %q is not found by %q: %q, %q", part, p.text, p.query, Terms(p.text), Terms(p.query))
			case got:
				n, w = n+1, w+1
				t.Logf("%s: %q is wrongly found by %q: %q", part, p.text, p.query, Terms(p.text))
			default:
				n++
			}
		}
		t.Logf("%s: %d of %d found (%d %%), %d of %d wrongly found (%d %%)", part, f, m, 100*f/m, w, n, 100*w/n)
		must, found, mustNot, wrong = must+m, found+f, mustNot+n, wrong+w
	}
	t.Logf("in all: %d of %d found (%d %%), %d of %d wrongly found (%d %%)",
		found, must, 100*found/must, wrong, mustNot, 100*wrong/mustNot)
	if 100*found < 90*must || 100*wrong > 10*mustNot {
		t.Error("wanted: 90 % found at least, 10 % wrongly found at most")
	}
}

func TestAccentsNeverMatter(t *testing.T) {
	for _, list := range pairs(t) {
		for _, p := range list {
			bare := strings.Map(func(r rune) rune {
				if unicode.Is(unicode.Mn, r) {
					return -1
				}
				return unicode.ToUpper(r)
			}, norm.NFD.String(p.text))
			if diff := cmp.Diff(Terms(p.text), Terms(bare)); diff != "" {
				t.Errorf("%q and %q differ:\n%s", p.text, bare, diff)
			}
		}
	}
}

func TestStemKeepsTheFirstLetter(t *testing.T) {
	for _, list := range pairs(t) {
		for _, p := range list {
			for _, word := range Exact(p.text + " " + p.query) {
				if s := stem(word); s == "" || s[0] != word[0] {
					t.Errorf("stem(%q) = %q", word, s)
				}
			}
		}
	}
}
