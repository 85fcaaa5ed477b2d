package place

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cadre/kit/text"
	"cadre/kit/ui"
)

// Options is the country, the regions, the districts and the préfectures as the choices of
// a select: the country alone, then a group for each region, which is its own
// first choice. Narrower places are too many for one list: see Below and Search.
func (t *Tree) Options(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: t.country, Label: t.Name(ctx, t.country)}}
	for _, region := range t.children[t.country] {
		group := t.Name(ctx, region)
		for _, code := range append([]string{region}, t.children[region]...) {
			all = append(all, ui.Option{Value: code, Label: t.Name(ctx, code), Group: group})
		}
	}
	return all
}

// Below is what lies in a territory as the choices of a select, a group for each
// level: the communes of a préfecture, then its cantons.
func (t *Tree) Below(ctx context.Context, code string) []ui.Option {
	var inside []entry
	for _, c := range t.Under(code) {
		if c != code {
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
		later int // 1 when only a later word of the name begins so
	}
	var found []match
	for _, e := range t.all {
		switch {
		case strings.HasPrefix(e.folded, query):
			found = append(found, match{e, 0})
		case strings.Contains(e.folded, " "+query):
			found = append(found, match{e, 1})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.later, b.later), cmp.Compare(a.rank, b.rank))
	})
	var all []ui.Option
	for _, m := range found[:min(len(found), limit)] {
		all = append(all, ui.Option{Value: m.Code, Label: t.Path(ctx, m.Code), Small: t.LevelLabel(ctx, m.Code)})
	}
	return all
}

// Named lists the territories inside another whose name is, or else begins with,
// what was typed, whatever the accents and capitals; the wide before the narrow.
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
