package find

import (
	"context"
	"testing"

	"cadre/core/place"
	"cadre/core/theme"
	"cadre/kit/text"
	"cadre/packs"
	"cadre/packs/togo"
)

func TestWhatWordsMean(t *testing.T) {
	p, err := packs.Load(togo.Files)
	if err != nil {
		t.Fatal(err)
	}
	themes, places := theme.New(p), place.New(p)
	for typed, want := range map[string]meant{
		"drogues Savanes": {"DRG", "TG-S"},
		"qui agit sur la drogue dans les Savanes ?": {"DRG", "TG-S"},
		"DROGUE, tone":                        {"DRG", "TG-S-TONE"},
		"extrémisme violent à Kpendjal-Ouest": {"EXV", "TG-S-KPENDJAL-OUEST"},
		"armes chimiques":                     {"CHM", ""},
		"armes légères":                       {"ARM", ""},
		"l’oti sud":                           {"", "TG-S-OTI-SUD"},
		"CNAD":                                {},
		"":                                    {},
		"Togo":                                {},
		"Proposer des activités concertées de mission": {},
	} {
		if got := meaning(context.Background(), typed, themes, places); got != want {
			t.Errorf("%q means %+v, want %+v", typed, got, want)
		}
	}
	if got := meaning(text.With(context.Background(), text.English), "drugs in Savanes", themes, places); got != (meant{"DRG", "TG-S"}) {
		t.Errorf("in English: %+v", got)
	}
}
