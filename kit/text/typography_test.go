package text

import (
	"testing"
)

func TestTypeset(t *testing.T) {
	for in, want := range map[string]string{
		"Qui fait quoi, et où ?":        "Qui fait quoi, et où\u202f?",
		"Bonjour!":                      "Bonjour\u202f!",
		"Quoi ?!":                       "Quoi\u202f?!",
		"Objet : demande":               "Objet\u00a0: demande",
		"Objet: demande":                "Objet\u00a0: demande",
		"prêt ; signé":                  "prêt\u202f; signé",
		"l'État n'a pas d'avis":         "l’État n’a pas d’avis",
		"« Diffusion restreinte »":      "«\u00a0Diffusion restreinte\u00a0»",
		"«Diffusion restreinte»":        "«\u00a0Diffusion restreinte\u00a0»",
		"Lire « Pourquoi ? » (utile !)": "Lire «\u00a0Pourquoi\u202f?\u00a0» (utile\u202f!)",
		"Il est 12:30":                  "Il est 12:30",
		"https://exemple.tg/a?b=c":      "https://exemple.tg/a?b=c",
		"(?)":                           "(?)",
		"Champ %q : %s":                 "Champ %q\u00a0: %s",
		"":                              "",
		"« »":                           "«\u00a0»",
	} {
		if got := Typeset(in); got != want {
			t.Errorf("Typeset(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzTypeset(f *testing.F) {
	for _, s := range []string{"« a » : ?", "«", "»", "« : »", " ? ", "«  ;", "!?"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if once := Typeset(s); Typeset(once) != once {
			t.Fatalf("Typeset(%q) = %q, then %q", s, once, Typeset(once))
		}
	})
}
