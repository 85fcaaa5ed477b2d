package intake

import (
	"slices"
	"testing"
)

var table = Table{Columns: []Column{
	{Name: "title", Title: "Intitulé", Also: []string{"titre", "activité"}, Required: true},
	{Name: "theme", Title: "Thème", Also: []string{"thématique"}},
	{Name: "place", Title: "Lieu", Also: []string{"préfecture"}},
	{Name: "women", Title: "Femmes touchées"},
	{Name: "men", Title: "Hommes touchés"},
}}

func TestTitlesAreUnderstoodAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		head, want []string
		sure       bool
		known      map[string]string
	}{
		{[]string{"INTITULES", "thèmes", "Lieu(x)"}, []string{"title", "theme", "place"}, true, nil},
		{[]string{"Titre de l’activité", "Préfectures"}, []string{"title", "place"}, true, nil},
		{[]string{"title", "Nombre de femmes touchées", "Hommes touchés"}, []string{"title", "women", "men"}, true, nil},
		{[]string{"Titre", "Titre"}, []string{"title", ""}, false, nil},
		{[]string{"Titre", "Observations"}, []string{"title", ""}, false, nil},
		{[]string{"Titre", "Observations"}, []string{"title", ""}, true, map[string]string{"observations": ""}},
		{[]string{"Quoi", "Où"}, []string{"title", "place"}, true, map[string]string{"quoi": "title", "ou": "place"}},
		{[]string{"Quoi", ""}, []string{"", ""}, false, map[string]string{"quoi": "gone"}},
		{[]string{"touchés"}, []string{""}, false, nil},
	} {
		got, sure := table.guess(c.head, c.known)
		if !slices.Equal(got, c.want) || sure != c.sure {
			t.Errorf("%q: %q, %v", c.head, got, sure)
		}
	}
}
