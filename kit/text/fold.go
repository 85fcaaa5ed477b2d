package text

import (
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns what a text has in common with every way of typing it: lower case, no
// accents, œ as oe, apostrophes and hyphens as spaces, single spaces, none at the ends.
// Letters of Ewe and Kabiyè become those that a French keyboard has. Other punctuation
// stays. Folding twice is folding once.
func Fold(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if int(r) < len(folds) {
			b.WriteString(folds[r])
		} else {
			b.WriteString(foldRune(r))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// plain reports whether s is one word of the 26 letters and the digits: its own fold.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// folds holds the fold of every rune that French is written with.
var folds = func() (table [0x180]string) {
	for r := range table {
		table[r] = foldRune(rune(r))
	}
	return table
}()

// letters are those that Unicode does not decompose into a letter and its accent.
var letters = map[rune]string{
	'œ': "oe", 'æ': "ae", 'ß': "ss", 'ø': "o", 'đ': "d", 'ł': "l", 'ı': "i",
	'ɖ': "d", 'ɛ': "e", 'ƒ': "f", 'ɣ': "g", 'ɩ': "i", 'ŋ': "n", 'ɔ': "o", 'ʊ': "u", 'ʋ': "v", 'ǝ': "e",
}

func foldRune(r rune) string {
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		part = unicode.ToLower(part)
		switch s, known := letters[part]; {
		case known:
			b.WriteString(s)
		case separates(r), separates(part):
			b.WriteByte(' ')
		case !unicode.Is(unicode.Mn, part):
			b.WriteRune(part)
		}
	}
	return b.String()
}

// separates reports whether r is an apostrophe, an accent typed for one, or a hyphen, the
// soft one that shows only where a line breaks included.
func separates(r rune) bool {
	return strings.ContainsRune("'’‘ʼ`´\u00AD", r) || unicode.Is(unicode.Pd, r)
}

// sortBytes bounds a sort key: beyond sixty letters two names of a list are told apart
// by their identifier.
const sortBytes = 60

// SortKey returns the value of a column that orders names as a French dictionary does:
// accents and capitals only part what is otherwise equal (cote, coté, côte, côté).
//
// It is the fold rather than x/text's collation key, which gives the same order to
// French, but needs three times the bytes, so that sixty of them hold half a name. It is
// written in hexadecimal because PostgreSQL compares text by the rules of its
// installation's language, where spaces may not count; digits and a–f sort alike under all
// of them and bytewise in SQLite. At most 120 characters.
func SortKey(s string) string {
	key := Fold(s) + "\x00" + norm.NFC.String(strings.ToLower(s))
	return hex.EncodeToString([]byte(key[:min(len(key), sortBytes)]))
}
