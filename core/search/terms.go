// Package search finds records by what people type. Text is normalised here, in Go, and
// only then given to the full-text index of SQLite or PostgreSQL, so that both find the
// same records; the score is computed here too, so that both rank them alike.
//
// A term is what words with one meaning have in common: « réunions », « Réunion » and
// « reunion » are one term, and so are « organisée » and « organisation ». It holds
// letters and digits only, no accents, no spaces, at most [MaxTerm] bytes.
package search

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cadre/kit/text"
)

// MaxTerm bounds a term, in bytes: what is longer is no word, and PostgreSQL refuses
// lexemes over 2 kB.
const MaxTerm = 64

// Terms returns the terms under which a text is indexed, in its order, repetitions kept:
// the stem of every word but the empty ones (articles, pronouns, prepositions). A compound
// such as anti-drogue, 7,62 or CNAD-DEM-2026-0042 counts whole, without its signs, and in
// parts. Whether accents were typed never changes the result.
func Terms(s string) []string {
	var terms []string
	for t := range tokens(s) {
		if !stopWords[t.whole] {
			terms = append(terms, stem(t.whole))
		}
		for _, part := range t.parts {
			if !hollow(part) {
				terms = append(terms, stem(part))
			}
		}
	}
	return terms
}

// Exact returns the folded words of a text, unstemmed, compounds in parts, without the
// empty words: what phrases are looked for in, and what a word being typed completes to.
func Exact(s string) []string {
	var words []string
	for t := range tokens(s) {
		for word := range t.words {
			words = append(words, word)
		}
	}
	return words
}

// token is a word, or a compound with its parts.
type token struct {
	whole    string   // folded, without signs
	parts    []string // folded, two or more; nil for a word
	from, to int      // where it stands in the text, with its elided article
}

// words yields what of a token says something: its parts, or itself when none does.
func (t token) words(yield func(string) bool) {
	said := false
	for _, part := range t.parts {
		if !hollow(part) {
			said = true
			if !yield(part) {
				return
			}
		}
	}
	if !said && !stopWords[t.whole] {
		yield(t.whole)
	}
}

// hollow reports whether a part of a compound says nothing alone: a stop word, or a lone
// letter such as those of O.N.U.
func hollow(part string) bool { return stopWords[part] || len(part) == 1 && part[0] > '9' }

// tokens cuts a text into words and compounds.
func tokens(s string) iter.Seq[token] {
	return func(yield func(token) bool) {
		var parts []string
		start, before, from, to := 0, ' ', 0, 0
		for i := 0; i <= len(s); {
			r, size := utf8.DecodeRuneInString(s[i:])
			if j := meet(before, r, s[i+size:]); j != inside {
				if p := fold(s[start:i]); p != "" {
					if len(parts) == 0 {
						from = start
					}
					parts, to = append(parts, p), i
				}
				start = i + size
				if inWord(r) && j == bound {
					start = i // a sign is left out, a letter after a digit is not
				}
				if j == apart && len(parts) > 0 {
					if !yield(compound(parts, from, to)) {
						return
					}
					parts = parts[:0]
				}
			}
			before, i = r, i+max(size, 1)
		}
	}
}

func compound(parts []string, from, to int) token {
	if len(parts) == 1 {
		return token{whole: number(parts[0]), from: from, to: to}
	}
	t := token{number(clip(strings.Join(parts, ""))), slices.Clone(parts), from, to}
	for i, part := range t.parts {
		t.parts[i] = number(part)
	}
	return t
}

// How a rune stands to the one before it.
type junction int

const (
	inside junction = iota // the same word goes on
	bound                  // another part of the same compound begins
	apart                  // the compound has ended
)

// meet says how r stands to the rune before it, given what follows it. Letters and digits
// that touch are parts of a compound (AK47, 9mm), and so are those on both sides of a
// hyphen, a slash, a dot, a low line or a decimal comma. No-break spaces group digits; an x
// between them multiplies (7,62x39).
func meet(before, r rune, after string) junction {
	switch {
	case r == ' ':
		return apart
	case unicode.IsLetter(r) && unicode.IsLetter(before):
		return inside
	case (r == 'x' || r == 'X') && amidDigits(before, after):
		return apart
	case inWord(r):
		if inWord(before) && unicode.IsDigit(before) != unicode.IsDigit(r) && !unicode.IsMark(r) {
			return bound
		}
		return inside
	case isApostrophe(r), r == '\u00AD': // a soft hyphen shows only where a line breaks
		return inside
	case r == '/', r == '.', r == '_', unicode.Is(unicode.Pd, r), r == ',' && amidDigits(before, after):
		return bound
	case (r == '\u00A0' || r == '\u202F') && amidDigits(before, after):
		return inside
	}
	return apart
}

func amidDigits(before rune, after string) bool {
	next, _ := utf8.DecodeRuneInString(after)
	return unicode.IsDigit(before) && unicode.IsDigit(next)
}

func inWord(r rune) bool       { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '‘' }

// fold returns a word without accents, capitals, elided article (l’État) and apostrophe
// (aujourd’hui).
func fold(raw string) string {
	if strings.ContainsFunc(raw, isApostrophe) {
		pieces := strings.FieldsFunc(raw, isApostrophe)
		for len(pieces) > 1 && elided[text.Fold(pieces[0])] {
			pieces = pieces[1:]
		}
		raw = strings.Join(pieces, "")
	}
	return clip(strings.Map(wordOnly, text.Fold(raw)))
}

func wordOnly(r rune) rune {
	if inWord(r) {
		return r
	}
	return -1
}

// number drops the zeros before a number, so that 42 finds 0042.
func number(s string) string {
	if s == "" || s[0] != '0' || strings.Trim(s, "0123456789") != "" {
		return s
	}
	return strings.TrimLeft(s[:len(s)-1], "0") + s[len(s)-1:]
}

func clip(s string) string {
	if len(s) <= MaxTerm {
		return s
	}
	return strings.ToValidUTF8(s[:MaxTerm], "")
}

// elided are the words that lose their vowel before another's.
var elided = set("l m t qu n s j d c jusqu quoiqu lorsqu puisqu presqu quelqu")

// stopWords are the folded words that nobody looks for. Indexing those of every second text
// costs a quarter of a second per query on 100,000 texts.
var stopWords = set(`
	a ai ainsi alors apres au aucun aucune aussi autre autres aux avant avec avoir ayant c car ce
	ceci cela celle celles celui cependant certain certaine certaines certains ces cet cette ceux
	chaque chez comme contre d dans de depuis des donc dont du elle elles en encore entre est et
	etaient etait etant ete etre eu eux fait font furent fut hors il ils j je jusque l la laquelle
	le lequel les lesquelles lesquels leur leurs lors lui m ma mais me meme memes mes moins mon n
	ne ni non nos notamment notre nous on ont or ou par parmi pas pendant peut peuvent plus pour
	pourquoi puis qu quand que quel quelle quelles quels qui quoi s sa sans se selon sera seront
	ses si soit son sont sous suivant sur t ta te tel telle telles tels tes toi ton tous tout
	toute toutefois toutes tres tu un une vers voici voila vos votre vous y`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
