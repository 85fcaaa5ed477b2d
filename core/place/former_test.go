package place_test

import (
	"slices"
	"testing"

	"cadre/core/place"
	"cadre/packs"

	"github.com/google/go-cmp/cmp"
)

// reformed is the country after a reform that never was: a préfecture renamed, another split, a town that changed its name.
func reformed(t *testing.T) *place.Tree {
	t.Helper()
	p := *pack(t)
	p.Former = []packs.Former{
		{Code: "TG-S-VIEUX", Name: "Vieux-Bourg", Until: "2020-05", Successors: []string{"TG-S-TONE"}},
		{Code: "TG-S-GRAND", Name: "Grand-Oti", Until: "2021", Successors: []string{"TG-S-OTI", "TG-S-OTI-SUD"}},
		{Name: "Ancienne-Kozah", Successors: []string{"TG-K-KOZAH"}},
	}
	return place.New(&p)
}

func TestAFormerTerritoryMeansWhatTookItsPlace(t *testing.T) {
	places := reformed(t)
	ctx := t.Context()
	for _, c := range []struct{ what, got, want string }{
		{"renamed", places.Now("TG-S-VIEUX"), "TG-S-TONE"},
		{"split", places.Now("TG-S-GRAND"), "TG-S"},
		{"there still", places.Now("TG-S-TONE"), "TG-S-TONE"},
		{"never there", places.Now("TG-X"), ""},
		{"name", places.Name(ctx, "TG-S-VIEUX"), "Vieux-Bourg"},
		{"path", places.Path(ctx, "TG-S-VIEUX"), "Vieux-Bourg, Tône, Savanes"},
		{"path of what was split", places.Path(ctx, "TG-S-GRAND"), "Grand-Oti, Savanes"},
		{"region", places.Region("TG-S-GRAND"), "TG-S"},
		{"lifted", places.Lift("TG-S-VIEUX", "prefecture"), "TG-S-TONE"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if places.Valid("TG-S-VIEUX") || !places.Within("TG-S-VIEUX", "TG-S") || places.Within("TG-S-VIEUX", "TG-K") || !places.Within("TG-S-VIEUX", "TG-S-TONE") {
		t.Error("where it lies")
	}
	if !slices.Contains(places.Under("TG-S-TONE"), "TG-S-VIEUX") || !slices.Contains(places.Under("TG"), "TG-S-GRAND") || slices.Contains(places.Under("TG-S-OTI"), "TG-S-GRAND") {
		t.Error("under what it is looked for")
	}
	if _, ok := places.Distance("TG-S-VIEUX", "TG-K-KOZAH"); !ok {
		t.Error("how far it is")
	}
	for _, o := range slices.Concat(places.Options(ctx), places.Below(ctx, "TG-S")) {
		if !places.Valid(o.Value) {
			t.Errorf("%s is offered", o.Value)
		}
	}
}

func TestAFormerNameIsUnderstood(t *testing.T) {
	places := reformed(t)
	for typed, want := range map[string][]string{
		"vieux bourg": {"TG-S-TONE"}, "Préfecture de Vieux-Bourg": {"TG-S-TONE"}, "tg-s-vieux": {"TG-S-TONE"}, "ancienne kozah": {"TG-K-KOZAH"},
		"Grand-Oti": {"TG-S-OTI", "TG-S-OTI-SUD"}, "Grand-Oti, Savanes": {"TG-S-OTI", "TG-S-OTI-SUD"}, "Vieux-Bourg, Kara": nil,
	} {
		if got := places.Typed(typed); !slices.Equal(got, want) {
			t.Errorf("%q: %v", typed, got)
		}
	}
	if diff := cmp.Diff([]string{"TG-S-TONE"}, places.Named("TG-S", "Vieux-Bourg")); diff != "" {
		t.Error(diff)
	}
	found := places.Search(t.Context(), "vieux", 5)
	if len(found) != 1 || found[0].Value != "TG-S-TONE" || found[0].Small != "Préfecture, anciennement Vieux-Bourg" {
		t.Errorf("found %+v", found)
	}
}
