package place

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"cadre/kit/text"
	"cadre/kit/ui"
)

// Options is the country, the regions, the districts and the préfectures as the choices of
// a select: the country alone, then a group for each region, which is its own
// first choice. Narrower places are too many for one list: those that are chosen come last; see Below and Search.
func (t *Tree) Options(ctx context.Context, chosen ...string) []ui.Option {
	all := []ui.Option{{Value: t.country, Label: t.Name(ctx, t.country)}}
	for _, region := range t.children[t.country] {
		group := t.Name(ctx, region)
		for _, code := range append([]string{region}, t.children[region]...) {
			all = append(all, ui.Option{Value: code, Label: t.Name(ctx, code), Group: group})
		}
	}
	for _, code := range chosen {
		if code != "" && !slices.ContainsFunc(all, func(o ui.Option) bool { return o.Value == code }) {
			all = append(all, ui.Option{Value: code, Label: t.Path(ctx, code)})
		}
	}
	return all
}

// Below is what lies in a territory as the choices of a select, a group for each
// level: the communes of a préfecture, then its cantons.
func (t *Tree) Below(ctx context.Context, code string) []ui.Option {
	var inside []entry
	for _, c := range t.Under(code) {
		if c != code && t.Valid(c) {
			inside = append(inside, t.byCode[c])
		}
	}
	slices.SortStableFunc(inside, func(a, b entry) int { return cmp.Compare(a.rank, b.rank) })
	all := make([]ui.Option, len(inside))
	for i, e := range inside {
		all[i] = ui.Option{Value: e.Code, Label: t.Name(ctx, e.Code), Group: t.LevelLabel(ctx, e.Code)}
	}
	return all
}

// Search finds at most limit territories by the beginning of their name or of one
// of its words, whatever the accents and capitals, as choices that tell the level
// and the path. Names that begin so come before words, wide places before narrow ones.
func (t *Tree) Search(ctx context.Context, query string, limit int) []ui.Option {
	query = text.Fold(query)
	if query == "" {
		return nil
	}
	type match struct {
		entry
		later int // 1 when only a later word of the name begins so, 2 when a former name does
	}
	var found []match
	for _, e := range t.all {
		switch {
		case strings.HasPrefix(e.folded, query):
			found = append(found, match{e, 0})
		case strings.Contains(e.folded, " "+query):
			found = append(found, match{e, 1})
		case t.aliased(e.Code, query) != "":
			found = append(found, match{e, 2})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.later, b.later), cmp.Compare(a.rank, b.rank))
	})
	var all []ui.Option
	for _, m := range found[:min(len(found), limit)] {
		o := ui.Option{Value: m.Code, Label: t.Path(ctx, m.Code), Small: t.LevelLabel(ctx, m.Code)}
		if m.later == 2 {
			o.Small += ", " + text.T(ctx, "anciennement %s", t.aliased(m.Code, query))
		}
		all = append(all, o)
	}
	return all
}

// Named lists the territories inside another whose name is, or else begins with,
// what was typed, whatever the accents and capitals; the wide before the narrow. One that bore
// that name is meant when none bears it today.
func (t *Tree) Named(within, typed string) []string {
	typed = text.Fold(typed)
	var same, longer []string
	for _, e := range t.all {
		switch {
		case typed == "" || e.Code == within || !t.Within(e.Code, within):
		case e.folded == typed:
			same = append(same, e.Code)
		case strings.HasPrefix(e.folded, typed):
			longer = append(longer, e.Code)
		}
	}
	if len(same) > 0 {
		return same
	}
	if was := t.heirs(func(folded string) bool { return folded == typed }); len(longer) == 0 {
		return slices.DeleteFunc(was, func(code string) bool { return code == within || !t.Within(code, within) })
	}
	return longer
}

// Split parts a territory into the narrowest one of Options that holds it, and the
// name of the territory itself when that is narrower still.
func (t *Tree) Split(ctx context.Context, code string) (wide, locality string) {
	options := t.Options(ctx)
	for wide = code; wide != ""; wide = t.Parent(wide) {
		if slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == wide }) {
			break
		}
		locality = t.Name(ctx, code)
	}
	return wide, locality
}

// levelWords are what people write before a name: « préfecture de Tône ».
var levelWords = regexp.MustCompile(`^(?:pays|district autonome|district|region|prefecture|commune|canton)(?: (?:des|de la|de|du|d|of))? `)

// Typed lists the territories that a text may mean, whatever the accents and capitals: one
// by its code, by its name, or by its name and that of a wider place, « Dapaong 1, Tône ».
// Of a wide and a narrow one with the same name inside it, the wide is meant.
func (t *Tree) Typed(typed string) []string {
	code := strings.ToUpper(strings.TrimSpace(typed))
	if t.Valid(code) {
		return []string{code}
	}
	if f, was := t.Former(code); was {
		return f.Successors
	}
	name, wider, parted := strings.Cut(typed, ",")
	found := t.called(name)
	if parted {
		wider, _, _ = strings.Cut(wider, ",")
		around := t.called(wider)
		return slices.DeleteFunc(found, func(code string) bool {
			return !slices.ContainsFunc(around, func(a string) bool { return a != code && t.Within(code, a) })
		})
	}
	return slices.DeleteFunc(slices.Clone(found), func(code string) bool {
		return slices.ContainsFunc(found, func(a string) bool { return a != code && t.Within(code, a) })
	})
}

// called lists the territories of a name, with the word of their level before it or without.
func (t *Tree) called(name string) []string {
	folded := text.Fold(name)
	bare := levelWords.ReplaceAllString(folded, "")
	var found []string
	for _, e := range t.all {
		own := levelWords.ReplaceAllString(e.folded, "")
		if e.folded == folded || e.folded == bare || own == bare {
			found = append(found, e.Code)
		}
	}
	if len(found) == 0 {
		found = t.heirs(func(name string) bool {
			return name == folded || name == bare || levelWords.ReplaceAllString(name, "") == bare
		})
	}
	return found
}
