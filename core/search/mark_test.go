package search

import (
	"encoding/json"
	"strings"
	"testing"

	"cadre/kit/ui"

	"pgregory.net/rapid"
)

// drawn writes pieces with the marked ones between brackets.
func drawn(pieces []ui.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Marked {
			b.WriteString("[" + p.Words + "]")
		} else {
			b.WriteString(p.Words)
		}
	}
	return b.String()
}

func TestMarkedAreTheWordsThatWereFound(t *testing.T) {
	for _, c := range []struct{ query, text, want string }{
		{"reunion", "Réunions de la préfecture", "[Réunions] de la préfecture"},
		{"etat", "L’État et l'État-major", "L’[État] et l'[État-major]"},
		{"organisée", "L’organisation, les organisateurs", "L’[organisation], les [organisateurs]"},
		{"drogue", "Lutte anti-drogue (drogues)", "Lutte [anti-drogue] ([drogues])"},
		{"anti-drogue", "Comité anti drogue antidrogue", "Comité [anti] [drogue] [antidrogue]"},
		{"« cadre permanent »", "Un cadre, permanent ; le Cadre", "Un [cadre], [permanent] ; le [Cadre]"},
		{"la", "La paix", "La paix"},
		{"<b>", "un <b>gras</b>", "un <[b]>gras</[b]>"},
		{"tone", "Pre\u0301fecture de To\u0302ne", "Pre\u0301fecture de [To\u0302ne]"},
		{"", "Rien", "Rien"},
	} {
		if got := drawn(Query(c.query).Marked(c.text)); got != c.want {
			t.Errorf("%q in %q: %q", c.query, c.text, got)
		}
	}
}

func TestAnExcerptShowsWhereTheWordsStand(t *testing.T) {
	long := strings.Repeat("La préfecture suit les dossiers. ", 8)
	for _, c := range []struct{ query, title, content, want string }{
		{"armes saisies", "Contrôle", `{"role":"leads","detail":"Des armes.","legal":"Les armes saisies sont détruites."}`, "Les [armes] [saisies] sont détruites."},
		{"cndh", "CNDH – Commission", `{"slug":"cndh","names":[{"value":"Commission"}]}`, ""},
		{"controle", "Contrôle", `{"detail":"Rien."}`, ""},
		{"armes", "Suivi", `{"detail":"` + long + `Saisie d’armes. ` + long + `"}`,
			"… les dossiers. La préfecture suit les dossiers. Saisie d’[armes]. La préfecture suit les dossiers. La préfecture suit les dossiers. La préfecture suit les dossiers. La …"},
		{"detail", "Suivi", `{"detail":"Rien."}`, ""},
	} {
		if got := drawn(Query(c.query).Excerpt(c.title, c.content)); got != c.want {
			t.Errorf("%q: %q", c.query, got)
		}
	}
}

// Whatever is typed and written, marking changes no letter of a text, and an excerpt is a part of one value.
func TestMarkingChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := Query(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"l’État", "anti-drogue armes", "« a b »"})).Draw(t, "query"))
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`(l’État |anti-drogue |armes |a b |é){0,80}`)).Draw(t, "text")
		whole := func(pieces []ui.Piece) string {
			var b strings.Builder
			for _, p := range pieces {
				b.WriteString(p.Words)
			}
			return b.String()
		}
		if got := whole(q.Marked(s)); got != s {
			t.Fatalf("%q became %q", s, got)
		}
		content, _ := json.Marshal(map[string]string{"says": s})
		excerpt := whole(q.Excerpt("", string(content)))
		part := strings.TrimSuffix(strings.TrimPrefix(excerpt, "… "), " …")
		if !strings.Contains(strings.ToValidUTF8(s, "\ufffd"), part) && !strings.Contains(s, part) {
			t.Fatalf("%q is no part of %q", part, s)
		}
	})
}
