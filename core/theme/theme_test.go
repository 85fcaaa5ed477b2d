package theme_test

import (
	"context"
	"slices"
	"testing"

	"cadre/core/theme"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/packs"
	"cadre/packs/togo"

	"pgregory.net/rapid"
)

var english = text.With(context.Background(), text.English)

func tree(t *testing.T) (*theme.Tree, *packs.Pack) {
	t.Helper()
	p, err := packs.Load(togo.Files)
	if err != nil {
		t.Fatal(err)
	}
	return theme.New(p), p
}

func TestLabel(t *testing.T) {
	themes, _ := tree(t)
	for _, c := range []struct {
		ctx        context.Context
		code, want string
	}{
		{t.Context(), "ARM-TRC", "Traçage"},
		{english, "ARM-TRC", "Tracing"},
		{t.Context(), "ARM", "Armes légères et de petit calibre"},
		{english, "OLD-XYZ", "OLD-XYZ"},
		{t.Context(), "", ""},
	} {
		if got := themes.Label(c.ctx, c.code); got != c.want {
			t.Errorf("%s: %q, want %q", c.code, got, c.want)
		}
	}
	if !themes.Valid("ARM") || themes.Valid("OLD-XYZ") || themes.Valid("") {
		t.Error("valid codes are those of the pack")
	}
}

func TestOptions(t *testing.T) {
	themes, p := tree(t)
	options := themes.Options(english)
	if len(options) != len(p.Themes) {
		t.Errorf("%d options for %d themes", len(options), len(p.Themes))
	}
	group := "Small arms and light weapons"
	if options[0] != (ui.Option{Value: "ARM", Label: group, Group: group}) || options[1] != (ui.Option{Value: "ARM-ALP", Label: "Small arms", Group: group}) {
		t.Errorf("%+v", options[:2])
	}
}

// Covers is an order on the themes, and Top, Children and Options draw the same tree.
func TestTreeIsOne(t *testing.T) {
	themes, p := tree(t)
	codes := []string{"", "OLD-XYZ"}
	for _, theme := range p.Themes {
		codes = append(codes, theme.Code)
	}
	anyCode := rapid.SampledFrom(codes)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyCode.Draw(t, "a"), anyCode.Draw(t, "b"), anyCode.Draw(t, "c")
		if themes.Covers(a, a) != themes.Valid(a) {
			t.Fatalf("%q covers itself: %v", a, themes.Covers(a, a))
		}
		if themes.Covers(a, b) && themes.Covers(b, c) && !themes.Covers(a, c) {
			t.Fatalf("%q covers %q covers %q", a, b, c)
		}
		if a != b && themes.Covers(a, b) != slices.Contains(themes.Children(a), b) {
			t.Fatalf("%q covers %q: %v, children %v", a, b, themes.Covers(a, b), themes.Children(a))
		}
		if themes.Valid(a) != slices.Contains(themes.Tops(), themes.Top(a)) {
			t.Fatalf("the top of %q is %q", a, themes.Top(a))
		}
	})
}
