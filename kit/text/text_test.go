package text

import "testing"

func TestOwnChoosesTheReadersLanguage(t *testing.T) {
	for _, c := range []struct {
		reader  Lang
		english string
		want    Passage
	}{
		{French, "Agency", Passage{"Agence", French}},
		{English, "Agency", Passage{"Agency", English}},
		{English, "", Passage{"Agence", French}},
	} {
		if got := Own(With(t.Context(), c.reader), "Agence", c.english); got != c.want {
			t.Errorf("Own for %s, English %q: %v, want %v", c.reader, c.english, got, c.want)
		}
	}
}
