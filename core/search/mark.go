package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cadre/kit/text"
	"cadre/kit/ui"
)

// How much of a text an excerpt shows, in bytes: some words before the first that was
// looked for, and two lines in all.
const (
	excerptBefore = 60
	excerptLength = 180
)

// Marked cuts a text at the words that the query looks for: in any form, with or without
// accents, without the article that they stand behind.
func (q Q) Marked(s string) []ui.Piece {
	found, _ := q.spans(s)
	return pieces(s, found, span{0, len(s)})
}

// Excerpt is the part of a record that says most of the query, out of the JSON of its content;
// nothing when it says no more than its title.
func (q Q) Excerpt(title, content string) []ui.Piece {
	best, most, known := "", 0, text.Fold(title)
	var marks []span
	for line := range strings.Lines(said(content)) {
		line = strings.TrimSpace(line)
		found, held := q.spans(line)
		if held > 0 && (held > most || held == most && len(line) > len(best)) && !strings.Contains(known, text.Fold(line)) {
			best, most, marks = line, held, found
		}
	}
	if most == 0 {
		return nil
	}
	return pieces(best, marks, window(best, marks[0]))
}

// window is the part of a text around one of its words that an excerpt shows, in whole words.
func window(s string, at span) span {
	if len(s) <= excerptLength {
		return span{0, len(s)}
	}
	w := span{max(0, at.from-excerptBefore), 0}
	if w.from > 0 {
		w.from = at.from - len(afterBlank(s[w.from:at.from]))
	}
	w.to = min(len(s), max(at.to, w.from+excerptLength))
	if w.to < len(s) {
		w.to = at.to + max(0, strings.LastIndexByte(s[at.to:w.to], ' '))
	}
	return w
}

// afterBlank is what follows the first space, nothing when there is none.
func afterBlank(s string) string {
	_, after, _ := strings.Cut(s, " ")
	return after
}

// pieces cuts a part of a text at the words to mark, and says where it was cut off.
func pieces(s string, marks []span, part span) []ui.Piece {
	var all []ui.Piece
	add := func(words string, marked bool) {
		if words != "" {
			all = append(all, ui.Piece{Words: words, Marked: marked})
		}
	}
	if part.from > 0 {
		add("… ", false)
	}
	at := part.from
	for _, m := range marks {
		if m.to > part.to {
			break
		}
		add(s[at:m.from], false)
		add(s[m.from:m.to], true)
		at = m.to
	}
	add(s[at:part.to], false)
	if part.to < len(s) {
		add(" …", false)
	}
	return all
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

// spans are where a text says words of the query, and how many of those it says.
func (q Q) spans(s string) (found []span, held int) {
	known := map[string]bool{}
	for t := range tokens(s) {
		if word := q.answered(t); word != "" {
			known[word] = true
			found = append(found, span{t.from + unelided(s[t.from:t.to]), t.to})
		}
	}
	return found, len(known)
}

// answered is the word of the query that a token says, empty for none.
func (q Q) answered(t token) string {
	if stopWords[t.whole] {
		return ""
	}
	for _, w := range q.Words {
		for _, part := range append([]string{t.whole}, t.parts...) {
			if part == w.Exact || stem(part) == w.Stem || slices.Contains(w.Parts, stem(part)) {
				return w.Stem
			}
		}
	}
	for _, phrase := range q.Phrases {
		for word := range t.words {
			if slices.Contains(phrase, word) {
				return word
			}
		}
	}
	return ""
}

// unelided is where a word begins behind its elided article: « l’État ».
func unelided(s string) int {
	from := 0
	for {
		i := strings.IndexFunc(s[from:], isApostrophe)
		if i < 0 || !elided[text.Fold(s[from:from+i])] {
			return from
		}
		_, size := utf8.DecodeRuneInString(s[from+i:])
		from += i + size
	}
}
