package place

import (
	"slices"
	"strings"

	"cadre/kit/text"
	"cadre/packs"
)

// former is a territory that was renamed, split or merged, and is no more. It may not be
// chosen; a record that was filed under it keeps its code, and counts where Now says.
type former struct {
	packs.Former
	folded string
}

// remember keeps the former territories of a pack.
func (t *Tree) remember(all []packs.Former) {
	t.now = map[string]string{}
	for _, f := range all {
		t.formers = append(t.formers, former{f, text.Fold(f.Name)})
		if f.Code != "" {
			t.now[f.Code] = t.around(f.Successors)
		}
	}
}

// around is the narrowest territory that holds some others, or is the only one.
func (t *Tree) around(codes []string) string {
	for _, up := range t.Above(codes[0]) {
		if !slices.ContainsFunc(codes, func(code string) bool { return !t.Within(code, up) }) {
			return up
		}
	}
	return t.country
}

// Now is the territory that a code means today: itself; for a former one what took its
// place, or the narrowest that holds all its parts; empty for what is in no pack.
func (t *Tree) Now(code string) string {
	if t.Valid(code) {
		return code
	}
	return t.now[code]
}

// Former finds a territory that is no more.
func (t *Tree) Former(code string) (packs.Former, bool) {
	i := slices.IndexFunc(t.formers, func(f former) bool { return f.Code == code && code != "" })
	if i < 0 {
		return packs.Former{}, false
	}
	return t.formers[i].Former, true
}

// Formerly lists what a territory took the place of, and the names that it bore.
func (t *Tree) Formerly(code string) []packs.Former {
	var all []packs.Former
	for _, f := range t.formers {
		if slices.Contains(f.Successors, code) {
			all = append(all, f.Former)
		}
	}
	return all
}

// Past is a territory that is no more, or a name that one bore, with the territory that it means today.
type Past struct {
	packs.Former
	Today string
}

// Past lists all that is no more.
func (t *Tree) Past() []Past {
	all := make([]Past, len(t.formers))
	for i, f := range t.formers {
		all[i] = Past{f.Former, t.around(f.Successors)}
	}
	return all
}

// heirs lists the territories that took the place of those whose former name fits.
func (t *Tree) heirs(fits func(folded string) bool) []string {
	var all []string
	for _, f := range t.formers {
		if fits(f.folded) {
			all = append(all, f.Successors...)
		}
	}
	return all
}

// aliased is the former name by which a territory was found, empty for none.
func (t *Tree) aliased(code, query string) string {
	for _, f := range t.Formerly(code) {
		if folded := text.Fold(f.Name); strings.HasPrefix(folded, query) || strings.Contains(folded, " "+query) {
			return f.Name
		}
	}
	return ""
}
