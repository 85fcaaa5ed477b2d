package text

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Réunion":                        "reunion",
		"RÉUNION":                        "reunion",
		"re\u0301union":                  "reunion",
		"Œuvre, cœur et curriculum vitæ": "oeuvre, coeur et curriculum vitae",
		"l’État":                         "l etat",
		"l'État":                         "l etat",
		"lʼÉtat":                         "l etat",
		"Agoè-Nyivé":                     "agoe nyive",
		"Agoè\u2011Nyivé":                "agoe nyive",
		"  Tandjouaré \t\n – Savanes ":   "tandjouare savanes",
		"1ʳᵉ session, N\u00ba 42":        "1re session, no 42",
		"Eʋegbe ɖɔɖɔ, Kabɩyɛ":            "evegbe dodo, kabiye",
		"ça et là, naïf, Noël":           "ca et la, naif, noel",
		"":                               "",
		"--":                             "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Été", "l’Œuvre", "ǅ", "ſ", "İ", "\u0344", "№", "Ǽ", "ﷺ", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q, folded again %q", s, once, twice)
		}
		if typed := norm.NFD.String(strings.ToValidUTF8(s, "")); Fold(typed) != Fold(strings.ToValidUTF8(s, "")) {
			t.Fatalf("Fold tells %q from its decomposed form", s)
		}
		if len(SortKey(s)) > 2*sortBytes {
			t.Fatalf("SortKey(%q) is too long", s)
		}
	})
}

func TestSortKeyOrdersAsADictionary(t *testing.T) {
	for _, want := range [][]string{
		{"eau", "Écho", "éclair", "été", "Étéa", "Œuvre", "zoo"},
		{"cote", "coté", "côte", "côté", "coter"},
		{"Agou", "Agoè-Nyivé", "Aného", "Assoli", "Lacs", "Oti", "Oti-Sud", "Tandjouaré", "Tône"},
		{"Agence", "Agence nationale", "Agence nationale de protection civile", "Agences"},
	} {
		slices.SortFunc(want, collate.New(language.French).CompareString)
		got := slices.Clone(want)
		rand.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		slices.SortFunc(got, func(a, b string) int { return strings.Compare(SortKey(a), SortKey(b)) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("SortKey differs from French collation (-collation +SortKey):\n%s", diff)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	s := strings.Repeat("La prolifération des armes légères et de petit calibre, l’extrémisme violent. ", 100)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Fold(s)
	}
}
