package directory_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"cadre/core/circle"
	"cadre/kit/test"
)

func TestTheBookletHoldsASheetOfEachInstitution(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		v := w.as("focal@cnad.example")
		_, err := w.addCapacity(v, capacity("Formateurs des membres", circle.Choice{Marking: "green", Audience: []string{"members"}}))
		w.done(err)
		_, err = w.addCapacity(v, capacity("Formateurs du douanier", circle.Choice{Marking: "green", Audience: []string{"structure:aniac"}}))
		w.done(err)
		start := time.Now()
		public, name := w.file("", "/annuaire/livret.pdf")
		first := time.Since(start)
		start = time.Now()
		again, _ := w.file("admin@cadre.example", "/annuaire/livret.pdf")
		t.Logf("made in %v, again in %v, %d bytes", first, time.Since(start), len(public))
		if !bytes.Equal(public, again) || !strings.HasPrefix(name, "livret-structures-2") || !strings.HasSuffix(name, "-TLP-CLEAR.pdf") {
			t.Errorf("%s is not the same for all who may read the public part", name)
		}
		members, name := w.file("focal@aniac.example", "/annuaire/livret.pdf?lang=en")
		if file := os.Getenv("CADRE_TEST_BOOKLET"); file != "" { // to be looked at
			w.done(os.WriteFile(file, public, 0o600))
			w.done(os.WriteFile(file+".members.pdf", members, 0o600))
		}
		if !strings.HasSuffix(name, "-TLP-GREEN.pdf") {
			t.Errorf("the members’ booklet is %s", name)
		}
		said, inside := strings.Join(test.PDF(t, public), "\n"), strings.Join(test.PDF(t, members), "\n")
		for words, want := range map[string][2]bool{"Commission nationale de lutte": {true, false}, "Formateurs des membres": {false, true}, "Formateurs du douanier": {false, false},
			"focal@cnad.example": {false, true}, "Sommaire": {true, false}, "Contents": {false, true}, "page 2 sur": {true, false}, "(données fictives)": {true, false}, "En tirets": {true, false}, "page 2 of": {false, true}} {
			if strings.Contains(said, words) != want[0] || want[1] && !strings.Contains(inside, words) || words == "Formateurs du douanier" && strings.Contains(inside, words) {
				t.Errorf("%q: in the public booklet %v, in the members’ %v", words, strings.Contains(said, words), strings.Contains(inside, words))
			}
		}
		if n := bytes.Count(public, []byte("<</Title")); n < 9+5 {
			t.Errorf("%d bookmarks", n)
		}
	})
}
