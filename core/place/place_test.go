package place_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cadre/core/place"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/packs"
	"cadre/packs/togo"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var english = text.With(context.Background(), text.English)

func pack(t testing.TB) *packs.Pack {
	t.Helper()
	p, err := packs.Load(togo.Files)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func tree(t *testing.T) (*place.Tree, *packs.Pack) {
	t.Helper()
	p := pack(t)
	return place.New(p), p
}

func TestWords(t *testing.T) {
	places, _ := tree(t)
	fr := t.Context()
	for _, c := range []struct{ what, got, want string }{
		{"path of a préfecture", places.Path(fr, "TG-S-TONE"), "Tône, Savanes"},
		{"path of a commune", places.Path(fr, "TG-M-GOLFE-1"), "Golfe 1, Golfe, Maritime"},
		{"path of a region", places.Path(fr, "TG-S"), "Savanes"},
		{"path of the country", places.Path(fr, "TG"), "Togo"},
		{"path of the district", places.Path(fr, "TG-DAGL"), "District autonome du Grand Lomé, Maritime"},
		{"path of a code that is no more", places.Path(fr, "TG-OLD"), "TG-OLD"},
		{"path of nothing", places.Path(fr, ""), ""},
		{"name", places.Name(fr, "TG-S-TONE"), "Tône"},
		{"name of the country", places.Name(english, "TG"), "Togo"},
		{"level", places.Level("TG-S-TONE"), "prefecture"},
		{"level in words", places.LevelLabel(fr, "TG-S-TONE"), "Préfecture"},
		{"level in English", places.LevelLabel(english, "TG-S-TONE"), "Prefecture"},
		{"level of nothing", places.LevelLabel(fr, "TG-OLD"), ""},
		{"parent", places.Parent("TG-S-TONE"), "TG-S"},
		{"parent of the country", places.Parent("TG"), ""},
		{"country", places.Country(), "TG"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestTheDistrictGroupsWithoutBeingAParent(t *testing.T) {
	places, _ := tree(t)
	for _, c := range []struct {
		child, ancestor string
		want            bool
	}{
		{"TG-M-GOLFE", "TG-DAGL", true},
		{"TG-M-AGOE-NYIVE", "TG-DAGL", true},
		{"TG-M-GOLFE-1", "TG-DAGL", true},
		{"TG-M-GOLFE", "TG-M", true},
		{"TG-DAGL", "TG-M", true},
		{"TG-DAGL", "TG", true},
		{"TG-M", "TG-DAGL", false},
		{"TG-DAGL", "TG-M-GOLFE", false},
		{"TG-S-TONE", "TG-DAGL", false},
		{"TG-OLD", "TG", false},
		{"TG-OLD", "TG-OLD", false},
		{"TG", "", false},
		{"", "", false},
	} {
		if got := places.Within(c.child, c.ancestor); got != c.want {
			t.Errorf("%q within %q: %v", c.child, c.ancestor, got)
		}
	}
	if places.Parent("TG-M-GOLFE") != "TG-M" || slices.Contains(places.Children("TG-DAGL"), "TG-M-GOLFE") {
		t.Error("the district became a parent")
	}
	if under := places.Under("TG-DAGL"); under[0] != "TG-DAGL" || !slices.Contains(under, "TG-M-AGOE-NYIVE-6") || slices.Contains(under, "TG-M") {
		t.Error(under)
	}
}

func TestOptions(t *testing.T) {
	places, p := tree(t)
	options := places.Options(t.Context())
	if want := 1 + 5 + 1 + 39; len(options) != want { // the country, the regions, the district, the préfectures
		t.Errorf("%d options, want %d", len(options), want)
	}
	want := []ui.Option{{Value: "TG", Label: "Togo"}, {Value: "TG-M", Label: "Maritime", Group: "Maritime"},
		{Value: "TG-DAGL", Label: "District autonome du Grand Lomé", Group: "Maritime"},
		{Value: "TG-M-AGOE-NYIVE", Label: "Agoè-Nyivé", Group: "Maritime"}}
	if diff := cmp.Diff(want, options[:4]); diff != "" {
		t.Error(diff)
	}
	below := places.Below(english, "TG-M-AGOE-NYIVE")
	if below[0] != (ui.Option{Value: "TG-M-AGOE-NYIVE-1", Label: "Agoè-Nyivé 1", Group: "Commune"}) || below[6].Group != "Canton" {
		t.Errorf("%+v", below)
	}
	if all := places.Below(t.Context(), "TG"); len(all) != len(p.Territories)-1 {
		t.Errorf("%d of %d territories are below the country", len(all), len(p.Territories)-1)
	}
	if none := places.Below(t.Context(), "TG-OLD"); len(none) != 0 {
		t.Error(none)
	}
}

func TestSearch(t *testing.T) {
	places, _ := tree(t)
	values := func(query string, limit int) (all []string) {
		for _, o := range places.Search(t.Context(), query, limit) {
			all = append(all, o.Value)
		}
		return all
	}
	for _, c := range []struct {
		query string
		limit int
		want  []string
	}{
		{"", 9, nil},
		{" - ", 9, nil},
		{"zzz", 9, nil},
		{"TONE", 1, []string{"TG-S-TONE"}},
		{"tône ", 1, []string{"TG-S-TONE"}},
		{"agoe nyive", 3, []string{"TG-M-AGOE-NYIVE", "TG-M-AGOE-NYIVE-1", "TG-M-AGOE-NYIVE-2"}},
		{"grand lome", 1, []string{"TG-DAGL"}},
		{"sava", 1, []string{"TG-S"}},
	} {
		if diff := cmp.Diff(c.want, values(c.query, c.limit)); diff != "" {
			t.Errorf("%q: %s", c.query, diff)
		}
	}
	first := places.Search(t.Context(), "tone", 1)[0]
	if first.Label != "Tône, Savanes" || first.Small != "Préfecture" {
		t.Errorf("%+v", first)
	}
}

// Within is an order on the territories; Under, Parent and Search agree with it and with one another.
func TestTreeIsOne(t *testing.T) {
	places, p := tree(t)
	var codes []string
	for _, territory := range p.Territories {
		codes = append(codes, territory.Code)
	}
	anyCode := rapid.SampledFrom(codes)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyCode.Draw(t, "a"), anyCode.Draw(t, "b"), anyCode.Draw(t, "c")
		if !places.Within(a, a) || !places.Within(a, places.Country()) {
			t.Fatalf("%q lies in itself and in the country", a)
		}
		if places.Within(a, b) && places.Within(b, a) && a != b {
			t.Fatalf("%q and %q lie in one another", a, b)
		}
		if places.Within(a, b) && places.Within(b, c) && !places.Within(a, c) {
			t.Fatalf("%q in %q in %q", a, b, c)
		}
		if places.Within(a, b) != slices.Contains(places.Under(b), a) {
			t.Fatalf("%q in %q: %v", a, b, places.Within(a, b))
		}
		if up := places.Parent(a); up != "" && (!places.Within(a, up) || !slices.Contains(places.Children(up), a)) {
			t.Fatalf("%q hangs on %q", a, up)
		}
		// Whoever types a name, without its accents and in capitals, finds the place.
		name := strings.ToUpper(text.Fold(places.Name(context.Background(), a)))
		if !slices.ContainsFunc(places.Search(context.Background(), name, len(codes)), func(o ui.Option) bool { return o.Value == a }) {
			t.Fatalf("%q does not find %q", name, a)
		}
	})
}

func TestDistances(t *testing.T) {
	places, _ := tree(t)
	for _, c := range []struct {
		a, b     string
		from, to float64 // kilometres
		ok       bool
	}{
		{"TG-S-TONE", "TG-S-TONE", 0, 0, true},
		{"TG-S-TONE", "TG-S-CINKASSE", 20, 25, true},
		{"TG-S-TONE", "TG-M-GOLFE", 510, 540, true},
		{"TG-M-GOLFE-1", "TG-M-GOLFE", 0, 0, true},
		{"TG-OLD", "TG-M-GOLFE", 0, 0, false},
		{"TG", "TG-M-GOLFE", 0, 0, false},
	} {
		km, ok := places.Distance(c.a, c.b)
		back, _ := places.Distance(c.b, c.a)
		if ok != c.ok || km < c.from || km > c.to || back != km {
			t.Errorf("from %s to %s: %.1f km (%v), back %.1f", c.a, c.b, km, ok, back)
		}
	}
}

func TestLift(t *testing.T) {
	places, _ := tree(t)
	for _, c := range []struct{ code, level, want string }{
		{"TG-M-GOLFE-1", "prefecture", "TG-M-GOLFE"}, {"TG-M-GOLFE", "prefecture", "TG-M-GOLFE"},
		{"TG-M", "prefecture", ""}, {"TG-M-GOLFE-1", "region", "TG-M"}, {"TG-OLD", "region", ""},
	} {
		if got := places.Lift(c.code, c.level); got != c.want {
			t.Errorf("%s at the level %s: %q, want %q", c.code, c.level, got, c.want)
		}
	}
}

func TestRegionAndPlate(t *testing.T) {
	places, _ := tree(t)
	atlas, _ := atlas(t)
	for _, c := range []struct{ code, region, drawn string }{
		{"TG-M-GOLFE-1", "TG-M", "TG-M-GOLFE"}, {"TG-M-GOLFE", "TG-M", "TG-M-GOLFE"}, {"TG-M", "TG-M", ""}, {"TG", "TG", ""}, {"", "", ""},
	} {
		if region, drawn := places.Region(c.code), atlas.Holding(c.code); region != c.region || drawn != c.drawn {
			t.Errorf("%s lies in the region %q and is drawn in %q, want %q and %q", c.code, region, drawn, c.region, c.drawn)
		}
	}
}
