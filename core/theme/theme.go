// Package theme is the subjects of work of a country, on two levels, as its pack
// lists them. A record carries codes; here they get their words.
package theme

import (
	"cmp"
	"context"
	"strings"

	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/packs"
)

// Tree is every theme, in the order of the pack. It never changes.
type Tree struct {
	byCode   map[string]packs.Theme
	children map[string][]string // code → codes; "" → the first level
}

// New returns the themes of a pack.
func New(p *packs.Pack) *Tree {
	t := &Tree{byCode: map[string]packs.Theme{}, children: map[string][]string{}}
	for _, theme := range p.Themes {
		t.byCode[theme.Code] = theme
		t.children[theme.Parent] = append(t.children[theme.Parent], theme.Code)
	}
	return t
}

// Valid reports whether code is a theme.
func (t *Tree) Valid(code string) bool {
	_, ok := t.byCode[code]
	return ok
}

// Label names a theme in the language of ctx. A code that is in no pack any more
// is its own name.
func (t *Tree) Label(ctx context.Context, code string) string {
	theme, ok := t.byCode[code]
	switch {
	case !ok:
		return code
	case text.Of(ctx) == text.English:
		return theme.LabelEN
	}
	return theme.Label
}

// Short is the label up to its first conjunction, for where there is little room: « Armes
// légères » for « Armes légères et de petit calibre ».
func (t *Tree) Short(ctx context.Context, code string) string {
	label := t.Label(ctx, code)
	for _, and := range []string{" et ", " and "} {
		label, _, _ = strings.Cut(label, and)
	}
	return label
}

// Tops lists the themes of the first level. The list is not to be changed.
func (t *Tree) Tops() []string { return t.children[""] }

// Top is the theme of the first level above code, or code itself when it is one.
func (t *Tree) Top(code string) string { return cmp.Or(t.byCode[code].Parent, code) }

// Children lists the themes under one of the first level. The list is not to be changed.
func (t *Tree) Children(code string) []string {
	if code == "" {
		return nil
	}
	return t.children[code]
}

// Covers reports whether a record about child is one about parent: they are the
// same theme, or child stands under parent.
func (t *Tree) Covers(parent, child string) bool {
	return t.Valid(child) && (parent == child || parent == t.Top(child))
}

// Options is every theme as the choices of a select, a group for each of the first
// level, which is its own first choice.
func (t *Tree) Options(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, first := range t.Tops() {
		group := t.Label(ctx, first)
		for _, code := range append([]string{first}, t.Children(first)...) {
			all = append(all, ui.Option{Value: code, Label: t.Label(ctx, code), Group: group})
		}
	}
	return all
}
