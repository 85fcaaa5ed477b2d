package synergy_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"cadre/core/place"
	"cadre/core/theme"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/packs"
	"cadre/packs/togo"
	"cadre/synergy"

	"pgregory.net/rapid"
)

var (
	ctx     = context.Background()
	english = text.With(ctx, text.English)
	pack    = must(packs.Load(togo.Files))
	themes  = theme.New(pack)
	places  = place.New(pack)
	formula = synergy.NewFormula(pack, themes, places)
	// mandates are those that public sources give, by slug.
	mandates = func() synergy.Mandates {
		all := synergy.Mandates{}
		for _, s := range pack.Structures {
			for _, m := range s.Missions {
				all[s.Slug] = append(all[s.Slug], synergy.Mandate{Owner: s.Slug, Title: m.Title, Theme: m.Theme, Place: m.Territory, Role: m.Role})
			}
		}
		return all
	}()
	words = synergy.Words{Pack: pack, Themes: themes, Places: places}
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// on is a day of 2026, counted from the first of January.
func on(n int) form.Date { return form.DateOf(time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC)) }

func codes[T any](all []T, code func(T) string) []string {
	var list []string
	for _, x := range all {
		list = append(list, code(x))
	}
	return list
}

func termCode(t packs.Term) string { return t.Code }

// few draws at most n of the codes, from a few that lie close together or from all.
func few(t *rapid.T, label string, all []string, n int) []string {
	some := all[:min(len(all), 12)]
	if rapid.Bool().Draw(t, label+" anywhere") {
		some = all
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(some), 0, n, rapid.ID).Draw(t, label)
}

func anyPlanned(t *rapid.T, name string) synergy.Planned {
	from := rapid.IntRange(0, 90).Draw(t, name+" from")
	mean := func(label string) []synergy.Mean {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) synergy.Mean {
			m := synergy.Mean{Kind: rapid.SampledFrom(codes(pack.CapacityKinds[:4], termCode)).Draw(t, "kind")}
			if rapid.Bool().Draw(t, "placed") {
				m.Place = rapid.SampledFrom(codes(pack.Territories, func(p packs.Territory) string { return p.Code })).Draw(t, "place")
			}
			return m
		}), 0, 2).Draw(t, name+" "+label)
	}
	return synergy.Planned{
		Lead:      name,
		Type:      rapid.SampledFrom(codes(pack.ActivityTypes, termCode)).Draw(t, name+" type"),
		Themes:    few(t, name+" themes", codes(pack.Themes, func(x packs.Theme) string { return x.Code }), 3),
		Places:    few(t, name+" places", northern, 2),
		Publics:   few(t, name+" publics", codes(pack.Publics, termCode), 3),
		From:      on(from),
		To:        on(from + rapid.IntRange(0, 20).Draw(t, name+" days")),
		Precision: rapid.SampledFrom([]string{"day", "month", "quarter"}).Draw(t, name+" precision"),
		Needs:     mean("needs"),
		Offers:    mean("offers"),
		Funders:   few(t, name+" funders", []string{"PNUD", "Union européenne", "GIZ"}, 2),
	}
}

// northern lists the territories with the préfectures of the north first.
var northern = func() []string {
	all := codes(pack.Territories, func(p packs.Territory) string { return p.Code })
	slices.SortStableFunc(all, func(a, b string) int {
		rank := func(code string) int {
			if places.Level(code) == "prefecture" && places.Parent(code) == "TG-S" || code == "TG-S" || code == "TG" {
				return 0
			}
			return 1
		}
		return rank(a) - rank(b)
	})
	return all
}()

// What is duplicated, and what is brought, is worth the same from both sides.
func TestSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyPlanned(t, "a"), anyPlanned(t, "b")
		if x, y := formula.Overlap(a, b).Points, formula.Overlap(b, a).Points; x != y {
			t.Fatalf("overlap %d one way, %d the other", x, y)
		}
		if x, y := formula.Complement(a, b, mandates).Points, formula.Complement(b, a, mandates).Points; x != y {
			t.Fatalf("complement %d one way, %d the other", x, y)
		}
	})
}

// Whatever is added in common, an overlap never falls.
func TestMonotone(t *testing.T) {
	grow := map[string]func(*rapid.T, *synergy.Planned, synergy.Planned){
		"a place":  func(t *rapid.T, a *synergy.Planned, b synergy.Planned) { a.Places = append(a.Places, b.Places...) },
		"a theme":  func(t *rapid.T, a *synergy.Planned, b synergy.Planned) { a.Themes = append(a.Themes, b.Themes...) },
		"a public": func(t *rapid.T, a *synergy.Planned, b synergy.Planned) { a.Publics = append(a.Publics, b.Publics...) },
		"the type": func(t *rapid.T, a *synergy.Planned, b synergy.Planned) { a.Type = b.Type },
		"days": func(t *rapid.T, a *synergy.Planned, b synergy.Planned) {
			if b.From.Compare(a.From) < 0 {
				a.From = b.From
			}
			if b.To.Compare(a.To) > 0 {
				a.To = b.To
			}
		},
		"precision": func(t *rapid.T, a *synergy.Planned, b synergy.Planned) { a.Precision = "day" },
	}
	for name, more := range grow {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			a, b := anyPlanned(t, "a"), anyPlanned(t, "b")
			before := formula.Overlap(a, b).Points
			more(t, &a, b)
			if after := formula.Overlap(a, b).Points; after < before {
				t.Fatalf("%d, then %d", before, after)
			}
		}))
	}
}

// Far apart in place or in time, or about nothing in common, two activities are no duplication.
func TestNothingInCommon(t *testing.T) {
	apart := map[string]func(*synergy.Planned, *synergy.Planned){
		"in place": func(a, b *synergy.Planned) {
			a.Places, b.Places = []string{"TG-S-TONE"}, []string{"TG-M-GOLFE", "TG-M"}
		},
		"in time": func(a, b *synergy.Planned) { a.From, a.To = on(200), on(210) },
		"in object": func(a, b *synergy.Planned) {
			a.Themes, a.Publics = []string{"DRG"}, []string{"JEU"}
			b.Themes, b.Publics = []string{"GOV"}, []string{"FDS"}
		},
		"unplaced": func(a, b *synergy.Planned) { a.Places = nil },
	}
	for name, part := range apart {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			a, b := anyPlanned(t, "a"), anyPlanned(t, "b")
			part(&a, &b)
			if s := formula.Overlap(a, b); s.Points != 0 || s.Reasons != nil {
				t.Fatalf("%+v", s)
			}
		}))
	}
	t.Run("to bring", rapid.MakeCheck(func(t *rapid.T) {
		a, b := anyPlanned(t, "a"), anyPlanned(t, "b")
		a.Needs, a.Offers, a.Funders = nil, nil, nil
		a.From, a.To = on(400), on(410)
		if s := formula.Complement(a, b, mandates); s.Points != 0 || s.Reasons != nil {
			t.Fatalf("%+v", s)
		}
	}))
}

// A score is the sum of reasons that one can see, each with points and a sentence in both languages.
func TestReasonsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyPlanned(t, "a"), anyPlanned(t, "b")
		for name, s := range map[string]synergy.Score{"overlap": formula.Overlap(a, b), "complement": formula.Complement(a, b, mandates)} {
			sum := 0
			for _, r := range s.Reasons {
				sum += r.Points
				if r.Points <= 0 || words.Sentence(ctx, r) == "" || words.Short(english, r) == "" {
					t.Fatalf("%s: %+v says nothing", name, r)
				}
			}
			if sum != s.Points || s.Points > 100 {
				t.Fatalf("%s: %d points, reasons give %d", name, s.Points, sum)
			}
		}
	})
}

// What an institution lends, or has to do, counts only for those it does not already work with.
func TestWhoTakesPartIsNotCalled(t *testing.T) {
	a := synergy.Planned{Lead: "cnad", Partners: []string{"purs"}, Themes: []string{"DRG-PRV"}, Places: []string{"TG-S-TONE"},
		Needs: []synergy.Mean{{Kind: "vehicles"}}}
	lend := func(owner, kind string, at ...string) int {
		return formula.Lend(a, synergy.Capacity{Owner: owner, Kind: kind, Places: at}).Points
	}
	w := pack.Synergy.Complement
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"there", lend("anpc", "vehicles", "TG-S-TONE"), w.Means},
		{"in the region", lend("anpc", "vehicles", "TG-S-OTI-SUD"), w.MeansNearby},
		{"away", lend("anpc", "vehicles", "TG-M-GOLFE"), w.MeansAway},
		{"nowhere said", lend("anpc", "vehicles"), w.MeansAway},
		{"something else", lend("anpc", "laboratory", "TG-S-TONE"), 0},
		{"a partner", lend("purs", "vehicles", "TG-S-TONE"), 0},
	} {
		if c.got != c.want {
			t.Errorf("means %s: %d points, want %d", c.what, c.got, c.want)
		}
	}
	call := func(owner, theme, at, role string) int {
		return formula.Call(a, synergy.Mandate{Owner: owner, Theme: theme, Place: at, Role: role}).Points
	}
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"the theme, here", call("cndh", "DRG-PRV", "TG-S", "leads"), w.Mandate},
		{"the theme above, everywhere", call("cndh", "DRG", "TG", "regulates"), w.Mandate},
		{"another theme of the domain", call("cndh", "DRG-COC", "TG", "leads"), 0},
		{"another place", call("cndh", "DRG-PRV", "TG-M", "leads"), 0},
		{"as a support", call("cndh", "DRG-PRV", "TG", "supports"), 0},
		{"of the lead", call("cnad", "DRG-PRV", "TG", "leads"), 0},
	} {
		if c.got != c.want {
			t.Errorf("mandate for %s: %d points, want %d", c.what, c.got, c.want)
		}
	}
}

func TestSentences(t *testing.T) {
	reason := func(about synergy.About, how synergy.How, code, other string) synergy.Reason {
		return synergy.Reason{About: about, How: how, Code: code, Other: other, Days: 3, From: on(120), To: on(122)}
	}
	for want, r := range map[string]synergy.Reason{
		"Même lieu : Tône.": reason(synergy.OfPlace, synergy.Same, "TG-S-TONE", ""),
		"L’un des lieux est dans l’autre : Tône, dans Savanes.":              reason(synergy.OfPlace, synergy.Inside, "TG-S-TONE", "TG-S"),
		"En même temps : du 1er au 3 mai 2026.":                              reason(synergy.OfPeriod, synergy.Same, "", ""),
		"3 jours entre les deux.":                                            reason(synergy.OfPeriod, synergy.Near, "", ""),
		"Même public : Chasseurs.":                                           reason(synergy.OfPublic, synergy.Same, "CHA", ""),
		"Sur place, ce que vous cherchez : Véhicules.":                       reason(synergy.OfMeans, synergy.Same, "vehicles", ""),
		"Au même endroit, 3 jours après l’autre.":                            reason(synergy.OfSequence, synergy.Near, "SENS", "COLL"),
		"Même bailleur : PNUD.":                                              reason(synergy.OfFunder, synergy.Same, "PNUD", ""),
		"C’est sa mission : Prévention et prise en charge.":                  reason(synergy.OfMandate, synergy.Same, "DRG-PRV", "TG"),
		"Types d’activité proches : Sensibilisation et Campagne médiatique.": reason(synergy.OfType, synergy.Near, "SENS", "CAMP"),
	} {
		if got := words.Sentence(ctx, r); text.Fold(got) != text.Fold(want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
