package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestClean(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		ok             bool
	}{
		{"composed accents", "re\u0301union", "réunion", true},
		{"line ends of a form", "un\r\ndeux\n", "un\ndeux\n", true},
		{"tabulation", "a\tb", "a\tb", true},
		{"emoji, joiner and flag", "👩🏾‍⚖️ 🇹🇬", "👩🏾‍⚖️ 🇹🇬", true},
		{"Arabic with its own marks", "سلام\u200f", "سلام\u200f", true},
		{"empty", "", "", true},
		{"invalid UTF-8", "caf\xe9", "", false},
		{"surrogate half", "\xed\xa0\x80", "", false},
		{"NUL", "a\x00b", "", false},
		{"lone carriage return", "a\rb", "", false},
		{"two carriage returns", "a\r\r\nb", "", false},
		{"escape", "\x1b[31mrouge", "", false},
		{"next line (C1)", "a\u0085b", "", false},
		{"delete", "a\x7f", "", false},
		{"override hides an extension", "pv\u202Efdp.exe", "", false},
		{"isolate", "\u2066nom\u2069", "", false},
		{"non-character in the basic plane", "a\uFDD0", "", false},
		{"non-character at a plane's end", "a\U0001FFFF", "", false},
	} {
		got, ok := Clean(c.in)
		if got != c.want || ok != c.ok {
			t.Errorf("%s: Clean(%q) = %q, %v, want %q, %v", c.name, c.in, got, ok, c.want, c.ok)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"Préfecture de Tône", "a\r\nb", "\xff", "e\u0301\u0323", "\u202E", "\u0344\r\n", "가"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean, ok := Clean(s)
		if !ok {
			if clean != "" {
				t.Fatalf("refused, yet returned %q", clean)
			}
			return
		}
		if !utf8.ValidString(clean) || !norm.NFC.IsNormalString(clean) || strings.ContainsFunc(clean, forbidden) {
			t.Fatalf("Clean(%q) = %q holds what it must not", s, clean)
		}
		if again, ok := Clean(clean); again != clean || !ok {
			t.Fatalf("cleaning %q twice gives %q, %v", clean, again, ok)
		}
	})
}
