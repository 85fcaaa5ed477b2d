package find

import (
	"slices"
	"testing"

	"cadre/core/search"
	"cadre/kit/page"

	"pgregory.net/rapid"
)

// The answers are walked to their end and back: each is shown once, in its order.
func TestAnswersAreWalkedThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := make([]search.Hit, rapid.IntRange(0, 90).Draw(t, "answers"))
		for i := range all {
			all[i].Score = float64(i)
		}
		at := func(cursor string) page.Of[search.Hit] {
			asked, err := page.Parse(cursor, shown)
			if err != nil {
				t.Fatal(err)
			}
			return part(all, asked)
		}
		var there, back []search.Hit
		p := at("")
		for there = p.Rows; p.Next != ""; there = slices.Concat(there, p.Rows) {
			p = at(p.Next)
		}
		for back = p.Rows; p.Prev != ""; back = slices.Concat(p.Rows, back) {
			p = at(p.Prev)
		}
		same := func(a, b search.Hit) bool { return a.Score == b.Score }
		if !slices.EqualFunc(there, all, same) || !slices.EqualFunc(back, all, same) {
			t.Fatal(len(all), len(there), len(back))
		}
		if beyond := at(page.Cursor{From: len(all) + 50}.String()); len(beyond.Rows) > 0 || beyond.Next != "" {
			t.Fatal("there is something after the last answer")
		}
	})
}
