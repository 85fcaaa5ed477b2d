package directory_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/place"
	"cadre/directory"
	"cadre/kit/fault"
	"cadre/kit/page"
	"cadre/packs"
)

// The number of a préfecture on the map is that of the facts said of it, of its parts and of
// what is around it but the country; the page of the territory shows them.
func TestTheMapCountsWhatItsTerritoriesShow(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		for _, c := range []directory.Cut{{Kind: "mission"}, {Kind: "branch"}, {Theme: "EXV"}} {
			p, err := w.Directory.Presence(ctx, access.Nobody, c)
			w.done(err)
			for _, code := range w.Directory.Atlas.Codes() {
				here, country := 0, 0
				for reach, n := range map[string]*int{directory.Here: &here, directory.Exact: &country} {
					s := directory.Search{Cut: c, Reach: reach}
					if s.Place = code; reach == directory.Exact {
						s.Place = "TG"
					}
					found, err := w.Directory.Facts(ctx, access.Nobody, s, page.Request{Limit: 1})
					w.done(err)
					*n = found.Total
				}
				if p.Counts[code] != here-country || p.Country != country {
					t.Errorf("%+v, %s: the map says %d and %d for the country, the lists %d and %d", c, code, p.Counts[code], p.Country, here-country, country)
				}
			}
		}
	})
}

func TestATerritoryShowsWhoActsThere(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		tone, err := w.Directory.InTerritory(ctx, access.Nobody, "TG-S-TONE")
		w.done(err)
		if len(tone.Branches) < 3 || len(tone.Contacts) == 0 || tone.Around == 0 {
			t.Errorf("%d antennas, %d contacts, %d facts around", len(tone.Branches), len(tone.Contacts), tone.Around)
		}
		if _, err := w.Directory.InTerritory(ctx, access.Nobody, "TG-X"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a territory that is not: %v", err)
		}
	})
}

// A region is beside what its préfectures are beside, and opens on the countries that they touch.
func TestARegionHasItsNeighbours(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		for path, wants := range map[string][2][]string{
			"/territoires/TG-S":      {{`<a href="/territoires/TG-K-KERAN">Kéran</a>`, "Burkina Faso", "Ghana", "Bénin"}, {"la mer"}},
			"/territoires/TG-S-TONE": {{`<a href="/territoires/TG-S-CINKASSE">Cinkassé</a>`, "Burkina Faso"}, {"Bénin"}},
			"/territoires/TG":        {{"Burkina Faso", "Bénin", "la mer"}, nil},
		} {
			_, around, _ := strings.Cut(w.get("", path).Body.String(), `id="voisins"`)
			around, _, _ = strings.Cut(around, "</section>")
			for _, want := range wants[0] {
				if !strings.Contains(around, want) {
					t.Errorf("%s is not beside %s: %s", path, want, around)
				}
			}
			for _, other := range wants[1] {
				if strings.Contains(around, other) {
					t.Errorf("%s is beside %s", path, other)
				}
			}
		}
	})
}

// A territory is renamed and another split: what was filed under them counts where they are
// today, in the matrix, on the map and in lists, and their pages lead on.
func TestATerritoryIsRenamedOrSplit(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		before, err := w.Directory.Presence(ctx, access.Nobody, directory.Cut{Kind: "capacity"})
		w.done(err)
		reform := *w.Pack
		reform.Former = []packs.Former{{Code: "TG-S-VIEUX", Name: "Vieux-Bourg", Until: "2020-05", Successors: []string{"TG-S-TONE"}},
			{Code: "TG-S-GRAND", Name: "Grand-Oti", Until: "2021", Successors: []string{"TG-S-OTI", "TG-S-OTI-SUD"}}}
		w.Directory.Pack, w.Directory.Places = &reform, place.New(&reform)
		for _, code := range []string{"TG-S-VIEUX", "TG-S-GRAND"} {
			in := capacity("Tentes de "+code, circle.Choice{Marking: "clear", Audience: []string{"public"}})
			in.Place = code
			_, err := w.addCapacity(w.as("focal@cnad.example"), in)
			w.done(err)
		}
		after, err := w.Directory.Presence(ctx, access.Nobody, directory.Cut{Kind: "capacity"})
		w.done(err)
		for code, want := range map[string]int{"TG-S-TONE": 2, "TG-S-OTI": 1, "TG-S-OTI-SUD": 1, "TG-S-KPENDJAL": 1, "TG-K-KOZAH": 0} {
			if n := after.Counts[code] - before.Counts[code]; n != want {
				t.Errorf("%s counts %d more, want %d", code, n, want)
			}
		}
		found, err := w.Directory.Facts(ctx, access.Nobody, directory.Search{Cut: directory.Cut{Place: "TG-S-TONE", Kind: "capacity", Structure: "cnad"}}, page.Request{Limit: 10})
		w.done(err)
		if len(found.Rows) != 1 || found.Rows[0].Record.Places[0] != "TG-S-VIEUX" {
			t.Errorf("in Tône: %+v", found.Rows)
		}
		for path, wants := range map[string][]string{
			"/territoires/TG-S-VIEUX": {"<h1>Vieux-Bourg</h1>", `href="/territoires/TG-S-TONE"`, "mai 2020"},
			"/territoires/TG-S-GRAND": {"Ce territoire a été partagé (2021).", `href="/territoires/TG-S-OTI"`, `href="/territoires/TG-S-OTI-SUD"`},
			"/territoires/TG-S-TONE":  {"Anciennement : Vieux-Bourg (fin : mai 2020)", "Tentes de TG-S-VIEUX"},
		} {
			answer := httptest.NewRecorder()
			w.Handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
			for _, want := range wants {
				if body := strings.ReplaceAll(answer.Body.String(), "\u00a0", " "); answer.Code != http.StatusOK || !strings.Contains(body, want) {
					t.Errorf("%s: %d, without %q", path, answer.Code, want)
				}
			}
		}
		// An address that was sent before leads on, and so does a program’s.
		for path, want := range map[string]string{
			"/annuaire/faits?lieu=TG-S-VIEUX&structure=cnad&type=capacity":    "Tentes de TG-S-VIEUX",
			"/annuaire/faits?lieu=TG-S-VIEUX":                                 "Tône, Savanes",
			"/annuaire/moyens?lieu=TG-S-VIEUX":                                "Tentes de TG-S-VIEUX",
			"/annuaire/matrice?lieu=TG-S-VIEUX":                               "Tône, Savanes",
			"/annuaire/a-qui?theme=DRG&lieu=TG-S-VIEUX&besoin=information":    "Tône, Savanes",
			"/structures?lieu=TG-S-VIEUX":                                     "CNAD",
			"/api/v1/capacities?place=TG-S-VIEUX":                             "Tentes de TG-S-VIEUX",
			"/api/v1/capacities?place=TG-S-TONE":                              "Tentes de TG-S-VIEUX",
			"/api/v1/capacities?place=TG-S":                                   "Tentes de TG-S-GRAND",
			"/api/v1/structures?place=TG-S-VIEUX":                             "cnad",
			"/api/v1/whom-to-ask?theme=DRG&place=TG-S-VIEUX&need=information": "cnad",
			"/api/v1/matrix?place=TG-S-VIEUX":                                 "cnad",
		} {
			if answer := w.get("", path); answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), want) {
				t.Errorf("%s: %d, without %q", path, answer.Code, want)
			}
		}
		w.proven()
	})
}

// « Who acts on drugs in Savanes, and whom do I call? » is answered in two clicks from the first page,
// by the question or by the territory, to who has not signed in; how to reach people is for members.
func TestWhoActsOnDrugsInSavanesInTwoClicks(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		const answer = "/annuaire/a-qui?lieu=TG-S&theme=DRG"
		for path, wants := range map[string][]string{
			"/":                                   {`action="/annuaire/a-qui"`, `<option value="DRG"`, `<option value="TG-S"`},
			"/territoires/TG-S":                   {`<a href="` + strings.ReplaceAll(answer, "&", "&amp;") + `">Drogues et substances psychoactives</a>`, `<a href="/structures/cnad">CNAD</a>`},
			answer:                                {"En premier : CNAD", "Mettre en œuvre le plan stratégique national contre la drogue"},
			"/annuaire/a-qui?lieu=TG-S&theme=CHM": {"En premier : ANIAC", `<a href="https://aniactogo.org"`},
		} {
			body := strings.ReplaceAll(w.get("", path).Body.String(), "\u00a0", " ")
			for _, want := range wants {
				if !strings.Contains(body, want) {
					t.Errorf("%s does not say %q", path, want)
				}
			}
			if strings.Contains(body, "mailto:") || strings.Contains(body, "tel:") {
				t.Errorf("%s tells nobody in particular how to reach people", path)
			}
		}
		if body := w.get("focal@cndh.example", answer).Body.String(); !strings.Contains(body, `<a href="tel:+228`) || !strings.Contains(body, "mailto:") {
			t.Error("a member is not told whom to call")
		}
	})
}
