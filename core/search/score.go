package search

import (
	"slices"
	"time"
)

// What a word of the query is worth, by where a text holds it and how. A title that holds
// all words as typed always comes before one that holds their stems, and that one before a
// text that holds them in its body only.
const (
	titleExact, titleStem = 8, 4
	bodyExact, bodyStem   = 2, 1
	titleWhole            = 8 // more, when the title is what was typed and nothing else
)

// halfFresh is the age at which a text's freshness, which parts equals only, has halved.
const halfFresh = 30 * 24 * time.Hour

// Score says how well a text answers a query: a whole number of points for where its words
// stand, and a fraction that the newer text of two equals has more of. It is meant for the
// few hundred candidates that the index found, so that both engines rank alike. The title
// is all that names the record: its number, its acronym, its title.
func Score(q Q, title, body string, updated, now time.Time) float64 {
	top, rest := readBag(title), readBag(body)
	points := 0
	for _, w := range q.Words {
		points += max(top.grade(w, titleExact, titleStem), rest.grade(w, bodyExact, bodyStem))
	}
	for _, phrase := range q.Phrases {
		switch {
		case top.runs(phrase):
			points += titleExact * len(phrase)
		case rest.runs(phrase):
			points += bodyExact * len(phrase)
		}
	}
	if top.is(q) {
		points += titleWhole
	}
	age := max(now.Sub(updated), 0)
	return float64(points) + 0.5/(1+age.Hours()/halfFresh.Hours())
}

// bag is a text read for scoring.
type bag struct {
	words  []string // as Exact gives them
	wholes []string // every word and compound, unstemmed
}

func readBag(s string) bag {
	room := len(s) / 6 // letters to a word
	b := bag{make([]string, 0, room), make([]string, 0, room)}
	for t := range tokens(s) {
		b.wholes = append(b.wholes, t.whole)
		for word := range t.words {
			b.words = append(b.words, word)
		}
	}
	return b
}

func (b bag) grade(w Word, asTyped, asStem int) int {
	switch {
	case slices.Contains(b.wholes, w.Exact), slices.Contains(b.words, w.Exact):
		return asTyped
	case b.holds(w.Stem), w.Parts != nil && !slices.ContainsFunc(w.Parts, func(p string) bool { return !b.holds(p) }):
		return asStem
	}
	return 0
}

// holds reports whether term is among the terms of the text. A stem keeps its word's first
// letter, so that few words need to be cut to theirs.
func (b bag) holds(term string) bool {
	is := func(word string) bool { return word[0] == term[0] && stem(word) == term }
	return slices.ContainsFunc(b.wholes, is) || slices.ContainsFunc(b.words, is)
}

// runs reports whether the words of phrase follow each other in the text.
func (b bag) runs(phrase []string) bool {
	for i := range len(b.words) - len(phrase) + 1 {
		if slices.Equal(b.words[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

// is reports whether the text is the query, word for word.
func (b bag) is(q Q) bool {
	said := slices.DeleteFunc(slices.Clone(b.wholes), func(word string) bool { return stopWords[word] })
	return len(said) > 0 && slices.EqualFunc(said, q.Words, func(word string, w Word) bool { return word == w.Exact })
}
