package app_test

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/directory"
)

// A public page that is kept ready says at once what was written meanwhile.
func TestAKeptPageIsNeverOld(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		focal := w.viewer("focal@cnad.example", access.Focal)
		shows := func() bool {
			a := w.ask(t, w.by["nobody"], request{method: http.MethodGet, path: "/annuaire/faits?theme=CYB"})
			return strings.Contains(a.body, "zqshelf")
		}
		for range 2 { // made, then kept
			if shows() {
				t.Fatal("it is there before it was written")
			}
		}
		r, err := w.Directory.AddByPath(t.Context(), focal, "cnad", "missions", directory.Input{Title: "Essai zqshelf", Theme: "CYB", Place: "TG",
			Choice: circle.Choice{Marking: "clear", Audience: []string{"public"}}, Fact: &directory.Mission{Role: "leads"}})
		must(t, err)
		for range 2 {
			if !shows() {
				t.Error("what was written is not shown")
			}
		}
		_, err = w.Directory.Turn(t.Context(), focal, r.ID, "withdrawn", 1)
		must(t, err)
		if shows() {
			t.Error("what was withdrawn is still shown")
		}
	})
}

// Search engines are told of the pages that anybody may read, and of those only.
func TestTheSitemapNamesPublicPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		a := w.ask(t, w.by["nobody"], request{method: http.MethodGet, path: "/sitemap.xml"})
		var s struct {
			Pages []struct {
				Address string `xml:"loc"`
			} `xml:"url"`
		}
		must(t, xml.Unmarshal([]byte(a.body), &s))
		if len(s.Pages) < 9+39+5 {
			t.Errorf("%d pages", len(s.Pages))
		}
		for _, p := range s.Pages {
			path := "/" + strings.TrimLeft(strings.TrimPrefix(p.Address, w.BaseURL), "/")
			if got := w.ask(t, w.by["nobody"], request{method: http.MethodGet, path: path}); got.status != http.StatusOK {
				t.Errorf("%s answers %d", p.Address, got.status)
			}
		}
	})
}
