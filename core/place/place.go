// Package place is the territories of a country, from the country itself down to
// the canton, as its pack lists them. A record carries codes; here they get their
// names and their place in the tree.
//
// Each territory has one parent. A district may group territories that hang
// elsewhere: the autonomous district of Grand Lomé and its two préfectures are all
// children of one region, and yet the préfectures lie within the district.
//
// Territories are renamed, split and merged: what is no more has a name and leads to what took
// its place (former.go).
package place

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cadre/kit/text"
	"cadre/packs"
)

// Tree is every territory, in the order of the pack. It never changes.
type Tree struct {
	country  string       // its code
	name     packs.Name   // the country's
	levels   []packs.Term // widest first
	all      []entry      // parents before children
	byCode   map[string]entry
	formers  []former
	now      map[string]string   // code of a former territory → what it means today
	children map[string][]string // code → codes
}

type entry struct {
	packs.Territory
	rank   int // of its level, 0 for the country
	folded string
}

// New returns the territories of a pack.
func New(p *packs.Pack) *Tree {
	t := &Tree{country: p.Settings.Code, name: p.Settings.Country, levels: p.Settings.Levels,
		byCode: map[string]entry{}, children: map[string][]string{}}
	for _, territory := range p.Territories {
		rank := slices.IndexFunc(t.levels, func(l packs.Term) bool { return l.Code == territory.Level })
		e := entry{territory, rank, text.Fold(territory.Name)}
		t.all = append(t.all, e)
		t.byCode[e.Code] = e
		t.children[e.Parent] = append(t.children[e.Parent], e.Code)
	}
	t.remember(p.Former)
	return t
}

// Country is the code of the whole country.
func (t *Tree) Country() string { return t.country }

// Valid reports whether code is a territory.
func (t *Tree) Valid(code string) bool {
	_, ok := t.byCode[code]
	return ok
}

// Name is the territory's own name: « Tône ». Only the country's changes with the
// language of ctx. A former territory keeps the name that it had; a code that is in no pack is its own name.
func (t *Tree) Name(ctx context.Context, code string) string {
	e, ok := t.byCode[code]
	switch {
	case !ok:
		if f, was := t.Former(code); was {
			return f.Name
		}
		return code
	case code == t.country && text.Of(ctx) == text.English:
		return t.name.EN
	case code == t.country:
		return t.name.FR
	}
	return e.Name
}

// Level is the code of the territory's level, such as region; empty for no territory.
func (t *Tree) Level(code string) string { return t.byCode[code].Level }

// LevelLabel names the territory's level in the language of ctx: « Préfecture ».
func (t *Tree) LevelLabel(ctx context.Context, code string) string {
	e, ok := t.byCode[code]
	switch {
	case !ok:
		return ""
	case text.Of(ctx) == text.English:
		return t.levels[e.rank].LabelEN
	}
	return t.levels[e.rank].Label
}

// Parent is the territory above, empty for the country; of a former territory, what took its place.
func (t *Tree) Parent(code string) string { return cmp.Or(t.byCode[code].Parent, t.now[code]) }

// Region is the territory right under the country around a place; the country for itself.
func (t *Tree) Region(code string) string {
	for t.Now(code) != "" && code != t.country && t.Parent(code) != t.country {
		code = t.Parent(code)
	}
	return code
}

// Children lists the territories right under one, without those that it only
// groups. The list is not to be changed.
func (t *Tree) Children(code string) []string { return t.children[code] }

// Wide reports whether a territory is the country, a region or what lies right under a
// region: a préfecture or a district.
func (t *Tree) Wide(code string) bool {
	up := t.Parent(code)
	return code == t.country || up == t.country || up != "" && t.Parent(up) == t.country
}

// Path names a territory and the wider ones up to the region, leaving the country
// out: « Tône, Savanes », « Togo ».
func (t *Tree) Path(ctx context.Context, code string) string {
	names := []string{t.Name(ctx, code)}
	for up := t.Parent(code); t.Parent(up) != ""; up = t.Parent(up) {
		names = append(names, t.Name(ctx, up))
	}
	return strings.Join(names, ", ")
}

// Within reports whether child is ancestor or lies in it, by its parents or as part of a district.
func (t *Tree) Within(child, ancestor string) bool {
	if !t.Valid(ancestor) {
		return false
	}
	for code := child; code != ""; code = t.Parent(code) {
		if code == ancestor || t.byCode[code].Grouping == ancestor {
			return true
		}
	}
	return false
}

// Above lists a territory and every one that holds it, a district that groups it too, the
// narrowest first; nothing for no territory.
func (t *Tree) Above(code string) []string {
	var all []string
	for code = t.Now(code); code != ""; code = t.Parent(code) {
		all = append(all, code)
		if group := t.byCode[code].Grouping; group != "" {
			all = append(all, group)
		}
	}
	return all
}

// Under lists a territory and every one that lies in it, parents before children, then the
// former ones, for a query on all of them.
func (t *Tree) Under(code string) []string {
	var all []string
	for _, e := range t.all {
		if t.Within(e.Code, code) {
			all = append(all, e.Code)
		}
	}
	for _, f := range t.formers {
		if f.Code != "" && t.Within(f.Code, code) {
			all = append(all, f.Code)
		}
	}
	return all
}
