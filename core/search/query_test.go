package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestQuery(t *testing.T) {
	for s, want := range map[string]Q{
		"":      {},
		"le la": {Prefix: "la"},
		"réunions des points": {
			Words:  []Word{{Stem: "reunion", Exact: "reunions"}, {Stem: "point", Exact: "points"}},
			Prefix: "points",
		},
		"points, point ": {Words: []Word{{Stem: "point", Exact: "points"}}},
		"« cadre permanent d’échanges » Kara": {
			Words:   []Word{{Stem: "kara", Exact: "kara"}},
			Phrases: [][]string{{"cadre", "permanent", "echanges"}},
			Prefix:  "kara",
		},
		`"marché"`: {Phrases: [][]string{{"marche"}}},
		`"cadre perm`: {
			Words:  []Word{{Stem: "cadr", Exact: "cadre"}, {Stem: "perm", Exact: "perm"}},
			Prefix: "perm",
		},
		"anti-drogue": {
			Words:  []Word{{Stem: "antidrog", Parts: []string{"anti", "drog"}, Exact: "antidrogue"}},
			Prefix: "drogue",
		},
		"sous-préfet ": {Words: []Word{{Stem: "sousprefet", Exact: "sousprefet"}}}, // not every préfet
		"OR (NOT) *":   {Words: []Word{{Stem: "not", Exact: "not"}}},
	} {
		if diff := cmp.Diff(want, Query(s)); diff != "" {
			t.Errorf("Query(%q) (-want +got):\n%s", s, diff)
		}
	}
}

func TestQueryIsBounded(t *testing.T) {
	q := Query(strings.Repeat("un deux trois ", 3) + `"quatre cinq six" sept huit neuf dix onze douze treize quatorze quinze`)
	if n := len(q.Words) + len(q.Phrases[0]); n != MaxWords {
		t.Errorf("%d words looked for, want %d: %+v", n, MaxWords, q)
	}
	if q := Query(strings.Repeat("é", MaxQuery+50)); len(q.Prefix) > MaxTerm {
		t.Errorf("prefix of %d bytes", len(q.Prefix))
	}
}

func TestTyping(t *testing.T) {
	for s, want := range map[string]struct {
		before []Word
		prefix string
	}{
		"coordinat":       {nil, "coordinat"},
		"atelier coord":   {[]Word{{Stem: "atel", Exact: "atelier"}}, "coord"},
		"atelier ":        {[]Word{{Stem: "atel", Exact: "atelier"}}, ""},
		"atelier le":      {[]Word{{Stem: "atel", Exact: "atelier"}}, "le"},
		"CNAD-DEM-2026-0": {[]Word{{Stem: "cnad", Exact: "cnad"}, {Stem: "dem", Exact: "dem"}, {Stem: "2026", Exact: "2026"}}, "0"},
	} {
		before, prefix := Query(s).Typing()
		if prefix != want.prefix || !cmp.Equal(append([]Word{}, before...), append([]Word{}, want.before...)) {
			t.Errorf("%q: %+v and %q", s, before, prefix)
		}
	}
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{`"a b" c`, "«", "anti-dr", "''", `"""`, "\xff", strings.Repeat("a ", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := Query(s)
		n := len(q.Words)
		for _, p := range q.Phrases {
			n += len(p)
		}
		if n > MaxWords || len(q.Prefix) > MaxTerm {
			t.Fatalf("Query(%q) = %+v", s, q)
		}
		for _, w := range q.Words {
			if w.Stem == "" || w.Exact == "" || !utf8.ValidString(w.Stem) || len(w.Parts) > MaxQuery {
				t.Fatalf("Query(%q) has the word %+v", s, w)
			}
		}
		if before, _ := q.Typing(); len(before) > MaxWords+MaxQuery {
			t.Fatalf("Query(%q) completes %d words", s, len(before))
		}
	})
}
