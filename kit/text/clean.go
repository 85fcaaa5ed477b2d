package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean prepares what a person or a machine sent for storing: composed accents (NFC)
// and line feeds alone. With ok false the text must be refused, and clean is empty:
//   - invalid UTF-8 and NUL, which PostgreSQL does not store although SQLite would, so
//     that data could no longer move from one to the other;
//   - other control characters than line feed and tabulation, a carriage return without
//     its line feed among them, which corrupt terminals, logs, XML and CSV;
//   - bidirectional embeddings, overrides and isolates (U+202A–202E, U+2066–2069), with
//     which a name or a file's extension shows other letters than it holds;
//   - Unicode's non-characters, which no text may exchange;
//   - the replacement character (U+FFFD), which stands where a program could not read what was sent.
//
// Cleaning twice is cleaning once.
func Clean(s string) (clean string, ok bool) {
	if !utf8.ValidString(s) {
		return "", false
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if strings.ContainsFunc(s, forbidden) {
		return "", false
	}
	return norm.NFC.String(s), true
}

// Mend returns a text without what Clean would refuse it for.
func Mend(s string) string {
	return strings.Map(func(r rune) rune {
		if forbidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), ""))
}

func forbidden(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Noncharacter_Code_Point, r)
}
