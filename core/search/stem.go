package search

import (
	"hash/maphash"
	"strings"
	"sync/atomic"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/french"

	"cadre/kit/text"
)

// stem returns what a folded word shares with its plural, its feminine, its conjugated
// forms and the noun or verb made from it. It keeps the word's first letter. Words of three
// letters and what holds a digit stay as they are.
//
// Snowball's French stemmer does most of it. It was made for accented text and cuts its
// suffixes only where enough of the word remains, so that « formation » and « former », or
// « lieux » and « lieu », part. Three steps mend that: the plural's s goes first, endings
// give a regular shape (and the accents Snowball needs) to what it would miss, and
// spellings that change with the ending (convoquer, convocation) are made one.
func stem(word string) string {
	if len(word) <= 3 {
		return word
	}
	slot := &stems[maphash.String(stemSeed, word)%uint64(len(stems))]
	known := slot.Load()
	if known == nil || known.word != word {
		word = strings.Clone(word) // and not the text it is a part of
		known = &stemmed{word, cutStem(word)}
		slot.Store(known)
	}
	return known.stem
}

func cutStem(word string) string {
	if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" {
		return word
	}
	if singular, ok := nounsInAil[word]; ok {
		return level(snowball(singular))
	}
	return level(snowball(strings.TrimSuffix(word, "s")))
}

// stems remembers the latest word of each slot: a text repeats its words, and Snowball
// takes ten times as long as looking here. It holds at most 3 MB and needs no lock.
var (
	stems    [1 << 14]atomic.Pointer[stemmed]
	stemSeed = maphash.MakeSeed()
)

type stemmed struct{ word, stem string }

// snowball cuts a singular word to its stem, folded.
func snowball(w string) string {
	for _, e := range endings {
		if head, ok := strings.CutSuffix(w, e.from); ok && len(head) >= e.keep {
			w = head + e.to
			if e.done {
				return w
			}
			break
		}
	}
	if len(w) <= 3 {
		return w
	}
	env := snowballstem.NewEnv(w)
	french.Stem(env)
	return text.Fold(env.Current())
}

// nounsInAil are those whose plural is in -aux, unlike détails, among the words of an
// administration.
var nounsInAil = map[string]string{"travaux": "travail", "baux": "bail", "vitraux": "vitrail", "coraux": "corail"}

// ending is a regular ending of French words.
type ending struct {
	from string // folded, singular
	keep int    // letters that must stand before it
	to   string
	done bool // the result is the stem; else Snowball goes on
}

// endings are tried in this order; the first that fits is the only one.
var endings = []ending{
	// Masculine and feminine: togolais and togolaise, actif and active, nouveau and nouvelle,
	// étranger and étrangère, directeur and directrice (further down with formateur).
	{"aise", 2, "ai", true}, {"oise", 2, "oi", true}, {"ai", 1, "ai", true}, {"oi", 1, "oi", true},
	{"if", 2, "ive", false}, {"eaux", 3, "el", true}, {"eau", 3, "el", true}, {"gere", 2, "ger", false},
	// Who does it and what is done: formateur, formatrice, formation as former.
	{"ation", 3, "", true}, {"ateur", 3, "", true}, {"atrice", 3, "", true},
	{"cteur", 5, "ct", true}, {"ctrice", 5, "ct", true}, {"trice", 3, "teur", false},
	{"aison", 4, "", true}, {"age", 5, "", true},
	// Verbs in -uire, -dre, -tenir and -venir, with participle and noun.
	{"uction", 3, "ui", true}, {"ucteur", 3, "ui", true}, {"uire", 3, "ui", true}, {"uit", 3, "ui", true},
	{"uite", 3, "ui", true}, {"uisent", 3, "ui", true}, {"uisant", 3, "ui", true},
	{"ndre", 2, "nd", true}, {"ndu", 2, "nd", true}, {"ndue", 2, "nd", true},
	{"tenu", 0, "ten", true}, {"tenue", 0, "ten", true}, {"venu", 0, "ven", true}, {"venue", 0, "ven", true},
	// Écrire and its family: inscrire, inscrit, inscription.
	{"crire", 0, "cri", true}, {"crit", 0, "cri", true}, {"crite", 0, "cri", true},
	{"crivent", 0, "cri", true}, {"cription", 0, "cri", true},
	// Third persons of the plural, which Snowball leaves, and président with présidence; but
	// neither finissent, nor nouns in -ment, nor présenter; and violence is no violation.
	{"issent", 2, "issent", false}, {"ment", 0, "ment", false}, {"mente", 0, "mente", false},
	{"esent", 0, "esent", false}, {"bsent", 0, "bsent", false}, {"sente", 0, "sente", false},
	{"violent", 0, "violent", true}, {"violente", 0, "violent", true}, {"violence", 0, "violent", true},
	{"ent", 4, "", true}, {"ente", 5, "", true}, {"ence", 4, "", true}, {"ence", 3, "ent", true},
	// Criminel, criminelle and criminalité; but interpelle.
	{"pelle", 0, "pelle", false}, {"elle", 5, "al", true}, {"el", 5, "al", true},
	// Learned nouns and their adjectives: économie and économique, chimie and chimique.
	// Snowball would cut -ique, and make a commune of « communiqué ».
	{"ique", 2, "ic", true}, {"icite", 2, "ic", true}, {"logie", 2, "logic", true}, {"tegie", 2, "tegic", true},
	{"omie", 2, "omic", true}, {"emie", 2, "emic", true}, {"imie", 2, "imic", true}, {"phie", 2, "phic", true},
	{"cratie", 2, "cratic", true},
	// Accents that Snowball looks for.
	{"ee", 1, "ée", false}, {"ite", 1, "ité", false}, {"iere", 1, "ière", false},
	// Nouns in -a (média, agenda, Kara) are commoner here than the passé simple, which
	// Snowball would cut; the future in -era and -ira is left to it.
	{"era", 3, "era", false}, {"ira", 3, "ira", false}, {"a", 1, "a", true},
}

// level makes one of the spellings that a stem takes before different endings.
func level(s string) string {
	for _, e := range alternations {
		if head, ok := strings.CutSuffix(s, e.from); ok && len(head) >= e.keep {
			s = head + e.to
		}
	}
	return s
}

// alternations are all tried, in this order.
var alternations = []ending{
	{from: "ific", keep: 1, to: "if"},                              // identification, identifier
	{from: "y", keep: 3, to: "i"},                                  // appuyer, appui
	{from: "i", keep: 4, to: ""},                                   // associer, associe; douanier, douane
	{from: "eux", keep: 1, to: "eu"},                               // lieux, lieu
	{from: "qu", keep: 1, to: "c"}, {from: "gu", keep: 1, to: "g"}, // convoquer, convocation; déléguer, délégation
	{from: "onn", keep: 1, to: "on"}, {from: "enn", keep: 1, to: "en"}, // as Snowball does
	{from: "ell", keep: 1, to: "el"}, {from: "ett", keep: 1, to: "et"},
	{from: "tion", keep: 4, to: "t"}, {from: "sion", keep: 4, to: "s"}, // perquisition, perquisitionner
}
