package find

import (
	"context"
	"testing"

	"cadre/core/place"
	"cadre/core/theme"
	"cadre/kit/text"
	"cadre/packs"
	"cadre/packs/togo"

	"github.com/google/go-cmp/cmp"
)

func TestWhatWordsMean(t *testing.T) {
	p, err := packs.Load(togo.Files)
	if err != nil {
		t.Fatal(err)
	}
	themes, places := theme.New(p), place.New(p)
	for typed, want := range map[string]meant{
		"drogues Savanes": {Theme: "DRG", Place: "TG-S"},
		"qui agit sur la drogue dans les Savanes ?": {Theme: "DRG", Place: "TG-S"},
		"DROGUE, tone":                        {Theme: "DRG", Place: "TG-S-TONE"},
		"extrémisme violent à Kpendjal-Ouest": {Theme: "EXV", Place: "TG-S-KPENDJAL-OUEST"},
		"armes chimiques":                     {Theme: "CHM", Place: ""},
		"armes légères":                       {Theme: "ARM", Place: ""},
		"l’oti sud":                           {Theme: "", Place: "TG-S-OTI-SUD"},
		"CNAD":                                {},
		"":                                    {},
		"Togo":                                {},
		"Proposer des activités concertées de mission": {},
	} {
		if got := meaning(context.Background(), typed, themes, places); !cmp.Equal(got, want) {
			t.Errorf("%q means %+v, want %+v", typed, got, want)
		}
	}
	if got := meaning(text.With(context.Background(), text.English), "drugs in Savanes", themes, places); !cmp.Equal(got, meant{Theme: "DRG", Place: "TG-S"}) {
		t.Errorf("in English: %+v", got)
	}
}

// The country after a reform that never was: its old names are understood, those of today first.
func TestAFormerNameIsMeant(t *testing.T) {
	p, err := packs.Load(togo.Files)
	if err != nil {
		t.Fatal(err)
	}
	p.Former = []packs.Former{
		{Code: "TG-S-VIEUX", Name: "Vieux-Bourg", Until: "2020-05", Successors: []string{"TG-S-TONE"}},
		{Code: "TG-S-GRAND", Name: "Grand-Oti", Until: "2021", Successors: []string{"TG-S-OTI", "TG-S-OTI-SUD"}},
		{Name: "Kara", Successors: []string{"TG-S-TONE"}},
	}
	themes, places := theme.New(p), place.New(p)
	for typed, want := range map[string]struct{ place, said string }{
		"drogues vieux bourg":      {"TG-S-TONE", "« Vieux-Bourg » est un ancien nom ; aujourd’hui : Tône."},
		"drogue dans le Grand-Oti": {"TG-S", "« Grand-Oti » est un ancien nom ; aujourd’hui : Oti et Oti-Sud."},
		"drogues Kara":             {"TG-K", ""},
	} {
		m := meaning(context.Background(), typed, themes, places)
		if m.Theme != "DRG" || m.Place != want.place || (m.Once.Name == "") != (want.said == "") {
			t.Errorf("%q means %+v", typed, m)
		}
		if said := m.once(context.Background(), places); want.said != "" && text.Fold(said) != text.Fold(want.said) {
			t.Errorf("%q: %s", typed, said)
		}
	}
}
