package ui

import (
	"strings"
	"testing"

	"cadre/kit/text"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDiff(t *testing.T) {
	for _, c := range []struct {
		name, before, after string
		want                []run
	}{
		{"same", "un deux", "un deux", []run{{kept, "un deux"}}},
		{"nothing", "", "", nil},
		{"written", "", "un", []run{{added, "un"}}},
		{"erased", "un", "", []run{{removed, "un"}}},
		{"a word changes", "chaque mois à Lomé.", "chaque trimestre à Lomé.", []run{{kept, "chaque "}, {removed, "mois"}, {added, "trimestre"}, {kept, " à Lomé."}}},
		{"words are added before a full stop", "les comités locaux.", "les comités locaux et les chefs.", []run{{kept, "les comités locaux"}, {added, " et les chefs"}, {kept, "."}}},
		{"an accent", "préfet", "prefet", []run{{removed, "préfet"}, {added, "prefet"}}},
		{"another sentence", "Suivi par un comité.", "Revu chaque année.", []run{{removed, "Suivi par un comité"}, {added, "Revu chaque année"}, {kept, "."}}},
		{"another period", "du 23 au 26 janvier 2027", "du 6 au 9 février 2027", []run{{kept, "du "}, {removed, "23 au 26 janvier"}, {added, "6 au 9 février"}, {kept, " 2027"}}},
		{"several places", "a b c d", "a x c y", []run{{kept, "a "}, {removed, "b"}, {added, "x"}, {kept, " c "}, {removed, "d"}, {added, "y"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, diff(c.before, c.after), cmp.AllowUnexported(run{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDiffTellsBothTexts(t *testing.T) {
	texts := rapid.StringMatching(`([abé] |[abé]\.|\n){0,40}`)
	rapid.Check(t, func(t *rapid.T) {
		before, after := texts.Draw(t, "before"), texts.Draw(t, "after")
		var old, new strings.Builder
		for _, r := range diff(before, after) {
			if r.kind != added {
				old.WriteString(r.text)
			}
			if r.kind != removed {
				new.WriteString(r.text)
			}
		}
		if old.String() != before || new.String() != after {
			t.Fatalf("%q to %q reads as %q to %q", before, after, old.String(), new.String())
		}
	})
}

func TestDiff_LongTexts(t *testing.T) {
	before, after := strings.Repeat("un ", 5000), strings.Repeat("deux ", 5000)
	if got := diff("même "+before, "même "+after); len(got) != 4 {
		t.Errorf("two long and different texts make %d runs", len(got))
	}
}

func TestDifference_IsReadableWithoutColours(t *testing.T) {
	got := words(parse(t, render(t, text.French, Difference("chaque mois", "chaque trimestre"))).all[0])
	if want := "chaque [supprimé : mois][ajouté : trimestre]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
