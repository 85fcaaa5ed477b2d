package search

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestTerms(t *testing.T) {
	for s, want := range map[string]string{
		"":                           "",
		"le, la et les":              "",
		"Réunions des points focaux": "reunion point focal",
		"l’État, d'urgence":          "etat urgent",
		"aujourd’hui":                "aujourdhu",
		"qu’aujourd’hui":             "aujourdhu",
		"Agoè-Nyivé":                 "agoen ago nyiv",
		"sous-préfet":                "sousprefet prefet",
		"CNAD-DEM-2026-0042":         "cnaddem20260042 cnad dem 2026 42",
		"N° 0042/2025/CNLPAL/SP":     "00422025cnlpalsp 42 2025 cnlpal sp",
		"O.N.U.":                     "onu",
		"AK-47, AK47":                "ak47 ak 47 ak47 ak 47",
		"7,62x39 mm":                 "762 7 62 39 mm",
		"12\u202f500\u202f000 FCFA":  "12500000 fcfa",
		"2 500 armes":                "2 500 arme",
		"armes,munitions":            "arme munit",
		"fin.":                       "fin",
		"« Cadre »\u202f: oui":       "cadr oui",
		"inter\u00ADministériel":     "interministerial",
		"000":                        "0",
		"السلاح 武器":                  "السلاح 武器",
	} {
		if diff := cmp.Diff(strings.Fields(want), Terms(s)); diff != "" && want+strings.Join(Terms(s), "") != "" {
			t.Errorf("Terms(%q) (-want +got):\n%s", s, diff)
		}
	}
}

func TestExact(t *testing.T) {
	for s, want := range map[string]string{
		"Le cadre permanent d’échanges": "cadre permanent echanges",
		"Réunions à Agoè-Nyivé":         "reunions agoe nyive",
		"CNAD-DEM-2026-0042":            "cnad dem 2026 42",
		"O.N.U. et C.E.D.E.A.O.":        "onu cedeao",
		"c’est-à-dire":                  "dire",
	} {
		if got := strings.Join(Exact(s), " "); got != want {
			t.Errorf("Exact(%q) = %q, want %q", s, got, want)
		}
	}
}

func FuzzTerms(f *testing.F) {
	for _, s := range []string{"L’État-major, 7,62x39", "\xff\xfe", "'''", "a-b-c-d", "0", "é\u0301", "ﷺ", "1ᵉʳ", "x", "٣٤x٥", "0Ŀ", strings.Repeat("é", 99)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		terms := Terms(s)
		if len(terms) > 2*len(s) {
			t.Fatalf("%d terms from %d bytes", len(terms), len(s))
		}
		for _, term := range append(terms, Exact(s)...) {
			if term == "" || len(term) > MaxTerm {
				t.Fatalf("Terms(%q) gives %q", s, term)
			}
			if strings.ContainsFunc(term, func(r rune) bool { return !inWord(r) || unicode.IsUpper(r) }) {
				t.Fatalf("Terms(%q) gives %q, which no index keeps whole", s, term)
			}
		}
	})
}

// sample is a text of about 7 kB in the words of the house.
var sample = strings.Repeat(`La Commission nationale de lutte contre la prolifération, la circulation et le trafic illicites
des armes légères et de petit calibre a réuni les 9 et 10 avril à Lomé les représentants des institutions chargées de la
paix et de la sécurité. L’objectif de l’atelier était de favoriser une meilleure coordination, de créer un cadre permanent
d’échanges, de faire connaître les missions et les actions de chaque structure et de proposer des activités concertées.
À terme, les travaux visent à poser les bases d’une plateforme de collaboration formelle (réf. CNLPAL-REU-2025-0004). `, 12)

func BenchmarkTerms(b *testing.B) {
	b.SetBytes(int64(len(sample)))
	for b.Loop() {
		Terms(sample)
	}
}

// BenchmarkCutStem measures a word never met before.
func BenchmarkCutStem(b *testing.B) {
	words := Exact(sample)
	for i := 0; b.Loop(); i++ {
		cutStem(words[i%len(words)])
	}
}
