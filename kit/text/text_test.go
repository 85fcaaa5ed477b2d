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

func TestLocale(t *testing.T) {
	for _, c := range []struct {
		all, messages, lang string
		want                Lang
	}{
		{"", "", "", French},
		{"C.UTF-8", "", "en_US.UTF-8", French},
		{"", "en_GB.UTF-8", "fr_FR.UTF-8", English},
		{"", "", "en", English},
	} {
		env := map[string]string{"LC_ALL": c.all, "LC_MESSAGES": c.messages, "LANG": c.lang}
		if got := Locale(func(name string) string { return env[name] }); got != c.want {
			t.Errorf("%v: %s", env, got)
		}
	}
}
