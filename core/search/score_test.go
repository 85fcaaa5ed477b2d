package search

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestScoreRanks lists texts from best to worst for a query.
func TestScoreRanks(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	type entry struct {
		title, body string
		age         time.Duration
	}
	const day = 24 * time.Hour
	for query, want := range map[string][]entry{
		"PURS": {
			{"PURS", "", 900 * day},
			{"Convention avec le PURS", "", 100 * day},
			{"Eau pure", "", 0},
			{"Rapport", "Le PURS a financé.", 0},
			{"Rapport", "L’eau est pure.", 0},
			{"Rapport", "Rien.", 0},
		},
		"CNAD-DEM-2026-0042": {
			{"CNAD-DEM-2026-0042", "", 900 * day},
			{"CNAD-DEM-2026-0042 Liste des agréments", "", 900 * day},
			{"Suite", "Voir CNAD-DEM-2026-0042.", 900 * day},
			{"CNAD-DEM-2026-0043", "", 0},
		},
		"collecte d’armes": {
			{"Collecte des armes", "", 0},
			{"Collecter une arme", "", 0},
			{"Rapport", "La collecte des armes.", 2 * day},
			{"Rapport", "La collecte des armes.", 3 * day},
			{"Rapport", "La collecte des armes.", 20 * 365 * day},
			{"Rapport", "Collecter une arme.", 0},
		},
		"« cadre permanent »": {
			{"Le cadre permanent", "", 9 * day},
			{"Compte rendu", "Un cadre permanent d’échanges.", 9 * day},
			{"Permanent, ce cadre", "", 0},
		},
		"anti-drogue": {
			{"Comité antidrogue", "", 2 * day},
			{"Comité anti-drogue", "", 3 * day},
			{"Anti tout, drogue ou non", "", 0},
		},
	} {
		q := Query(query)
		score := func(e entry) float64 { return Score(q, e.title, e.body, now.Add(-e.age), now) }
		got := slices.Clone(want)
		slices.Reverse(got)
		slices.SortStableFunc(got, func(a, b entry) int { return int(1e9 * (score(b) - score(a))) })
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(entry{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

func TestScoreOfAFutureTextIsThatOfANewOne(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	q := Query("plan")
	if a, b := Score(q, "Plan", "", now.Add(time.Hour), now), Score(q, "Plan", "", now, now); a != b {
		t.Errorf("%v and %v", a, b)
	}
}

func BenchmarkScore(b *testing.B) {
	q, now := Query("coordination des activités"), time.Now()
	for b.Loop() {
		Score(q, "Atelier national de partage d’expériences", sample, now, now)
	}
}
