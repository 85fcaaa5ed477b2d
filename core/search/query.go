package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What a query may cost: longer ones are cut, never refused.
const (
	MaxQuery = 200 // characters read
	MaxWords = 12  // words looked for, those of phrases included
)

// Q is what a user typed, understood. An empty one finds nothing.
type Q struct {
	Words   []Word     // a text must hold every one of these
	Phrases [][]string // and every one of these runs of [Exact]
	Prefix  string     // the word being typed, folded; "" once a space or sign ends it
}

// Word is one word of a query. A text holds it when its [Terms] hold Stem or, for a
// compound (anti-drogue, 7,62), all of Parts.
type Word struct {
	Stem  string
	Parts []string // terms; nil unless a compound each of whose parts says something
	Exact string   // folded, unstemmed, a compound's signs dropped
}

var quotes = strings.NewReplacer("«", `"`, "»", `"`, "“", `"`, "”", `"`, "„", `"`)

// Query understands what a user typed: words, all wanted, and "exact phrases" in any
// quotation marks. A quotation not closed yet counts as words.
func Query(s string) Q {
	var q Q
	segments := strings.Split(quotes.Replace(cut(s, MaxQuery)), `"`)
	left := MaxWords
	for i, segment := range segments {
		if i%2 == 1 && i < len(segments)-1 {
			left -= q.addPhrase(segment, left)
		} else {
			left -= q.addWords(segment, left)
		}
	}
	q.Prefix = unfinished(segments[len(segments)-1])
	return q
}

// cut returns the first n characters of s.
func cut(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

func (q *Q) addPhrase(s string, left int) int {
	words := Exact(s)
	words = words[:min(len(words), left)]
	if len(words) > 0 {
		q.Phrases = append(q.Phrases, words)
	}
	return len(words)
}

func (q *Q) addWords(s string, left int) (added int) {
	for t := range tokens(s) {
		w := Word{Stem: stem(t.whole), Exact: t.whole}
		if stopWords[t.whole] || slices.ContainsFunc(q.Words, func(o Word) bool { return o.Stem == w.Stem }) {
			continue
		}
		if added == left {
			break
		}
		if !slices.ContainsFunc(t.parts, hollow) {
			for _, part := range t.parts {
				w.Parts = append(w.Parts, stem(part))
			}
		}
		q.Words = append(q.Words, w)
		added++
	}
	return added
}

// unfinished returns the word, or the part of a compound, that s ends in.
func unfinished(s string) string {
	last, _ := utf8.DecodeLastRuneInString(s)
	if !inWord(last) {
		return ""
	}
	prefix := ""
	for t := range tokens(s) {
		prefix = t.whole
		if t.parts != nil {
			prefix = t.parts[len(t.parts)-1]
		}
	}
	return prefix
}

// Typing parts the words of the query from the one being typed, for suggestions: a text is
// suggested when it holds before and a word of its [Exact] begins with prefix.
func (q Q) Typing() (before []Word, prefix string) {
	n := len(q.Words)
	if n == 0 || q.Prefix == "" || !strings.HasSuffix(q.Words[n-1].Exact, q.Prefix) {
		return q.Words, q.Prefix
	}
	before = slices.Clone(q.Words[:n-1])
	if parts := q.Words[n-1].Parts; parts != nil {
		for _, part := range parts[:len(parts)-1] {
			before = append(before, Word{Stem: part, Exact: part})
		}
	}
	return before, q.Prefix
}
