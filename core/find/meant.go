package find

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"cadre/core/place"
	"cadre/core/search"
	"cadre/core/theme"
	"cadre/kit/text"
	"cadre/packs"
)

// meant is the question that words ask without saying so: « drogues Savanes » names a theme and a
// territory, and who types it wants to know whom to turn to. Once is the former name by which the
// territory was called, if it was.
type meant struct {
	Theme, Place string
	Once         packs.Former
}

// meaning reads the theme of the first level and the territory that a text names: the theme that
// shares most words with it, then the one of which they are the greater part; the longest name of
// a territory down to the préfecture, one of today before one of the past. Empty for none.
func meaning(ctx context.Context, typed string, themes *theme.Tree, places *place.Tree) meant {
	var m meant
	words, best, part := search.Terms(typed), 0, 0.0
	for _, code := range themes.Tops() {
		label := search.Terms(themes.Label(ctx, code))
		n := shared(words, label)
		if of := float64(n) / float64(max(len(label), 1)); n > best || n > 0 && n == best && of > part {
			m.Theme, best, part = code, n, of
		}
	}
	said := " " + strings.Join(strings.FieldsFunc(text.Fold(typed), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ") + " "
	longest := 0
	called := func(name, code string, once packs.Former) {
		if name = text.Fold(name); code != places.Country() && len(name) > longest && strings.Contains(said, " "+name+" ") {
			m.Place, m.Once, longest = code, once, len(name)
		}
	}
	for _, o := range places.Options(ctx) {
		called(o.Label, o.Value, packs.Former{})
	}
	for _, p := range places.Past() {
		today, _ := places.Split(ctx, p.Today)
		called(p.Name, today, p.Former)
	}
	return m
}

// shared counts the terms of one list that stand in another, each once.
func shared(these, those []string) int {
	n := 0
	for i, t := range these {
		if slices.Contains(those, t) && !slices.Contains(these[:i], t) {
			n++
		}
	}
	return n
}

// words names what was meant: « Drogues, Savanes ».
func (m meant) words(ctx context.Context, themes *theme.Tree, places *place.Tree) string {
	var all []string
	if m.Theme != "" {
		all = append(all, themes.Short(ctx, m.Theme))
	}
	if m.Place != "" {
		all = append(all, places.Name(ctx, m.Place))
	}
	return strings.Join(all, ", ")
}

// once says which territories took the place of the one that was called by a former name.
func (m meant) once(ctx context.Context, places *place.Tree) string {
	return text.T(ctx, "« %s » est un ancien nom ; aujourd’hui : %s.", m.Once.Name, text.List(ctx, text.Labels(ctx, m.Once.Successors, places.Name)))
}
