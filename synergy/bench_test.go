package synergy_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"cadre/synergy"
)

// BenchmarkMisses compares two by two the four hundred activities of a year that twenty institutions lead.
func BenchmarkMisses(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- no secret
	var all []synergy.Planned
	for i := range 400 {
		from := r.IntN(360)
		all = append(all, synergy.Planned{ID: fmt.Sprint(i), Lead: fmt.Sprint("s", i%20), From: on(from), To: on(from + r.IntN(30)), Precision: "day", Type: one(r, pack.ActivityTypes).Code,
			Themes: []string{one(r, pack.Themes).Code}, Places: []string{one(r, pack.Territories).Code}, Publics: []string{one(r, pack.Publics).Code}})
	}
	for b.Loop() {
		formula.Misses(all, mandates, nil)
	}
}

func one[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }
