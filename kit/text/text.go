// Package text speaks to people: the catalogue of messages, plurals, dates and
// numbers as a French-speaking administration writes them, and the folding that
// makes search and sorting ignore accents.
//
// The French sentence is the key of its message, so that a page reads in the
// source as it reads on the screen. English is one file, en.json.
package text

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Lang is a language of the interface.
type Lang string

// The languages of the interface. French is the default.
const (
	French  Lang = "fr"
	English Lang = "en"
)

//go:embed en.json
var englishJSON []byte

var english = decode(englishJSON)

func decode(data []byte) map[string]string {
	m := map[string]string{}
	if err := json.Unmarshal(data, &m); err != nil {
		panic("kit/text/en.json: " + err.Error())
	}
	return m
}

// Message is a sentence kept apart from its language until somebody reads it.
type Message struct {
	Key  string // the French sentence, with fmt verbs
	Args []any  // what fills the verbs; a Message among them is translated too
}

// M makes a message.
func M(key string, args ...any) Message { return Message{Key: key, Args: args} }

// Key marks a French sentence kept in a table, so that the catalogue's test finds it.
func Key(s string) string { return s }

// In returns the message in the given language.
func (m Message) In(l Lang) string {
	s := m.Key
	if l == English {
		if e, ok := english[s]; ok {
			s = e
		}
	}
	if len(m.Args) == 0 {
		return s
	}
	args := make([]any, len(m.Args))
	for i, a := range m.Args {
		if inner, ok := a.(Message); ok {
			a = inner.In(l)
		}
		args[i] = a
	}
	return fmt.Sprintf(s, args...)
}

// Known reports whether a sentence is in the catalogue.
func Known(key string) bool {
	_, ok := english[key]
	return ok
}

// Locale is the language of whoever runs a program, by the variables of their environment:
// French, unless they say that it is English.
func Locale(env func(string) string) Lang {
	if strings.HasPrefix(cmp.Or(env("LC_ALL"), env("LC_MESSAGES"), env("LANG")), "en") {
		return English
	}
	return French
}

type langKey struct{}

// With returns a context that speaks l.
func With(ctx context.Context, l Lang) context.Context { return context.WithValue(ctx, langKey{}, l) }

// Of returns the language of the context, French when none was set.
func Of(ctx context.Context) Lang {
	if l, ok := ctx.Value(langKey{}).(Lang); ok {
		return l
	}
	return French
}

// T returns the sentence in the language of the context.
func T(ctx context.Context, key string, args ...any) string { return M(key, args...).In(Of(ctx)) }

// Passage is what an institution wrote, with the language it wrote it in.
type Passage struct {
	Words string
	Lang  Lang
}

// Own returns the reader's own of two versions: english to a reader of English, when
// there is one, else french.
func Own(ctx context.Context, french, english string) Passage {
	if Of(ctx) == English && english != "" {
		return Passage{english, English}
	}
	return Passage{french, French}
}

// N chooses between one and many by the language's own rule (in French, zero is singular)
// and fills the verbs with args; n itself must be among them when the sentence shows it.
func N(ctx context.Context, n int, one, many string, args ...any) string {
	if singular(Of(ctx), n) {
		return T(ctx, one, args...)
	}
	return T(ctx, many, args...)
}

func singular(l Lang, n int) bool {
	return plural.Cardinal.MatchPlural(language.Make(string(l)), n, 0, 0, 0, 0) == plural.One
}
