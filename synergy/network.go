package synergy

import (
	"cmp"
	"slices"
)

// Tie is how often two institutions signed together.
type Tie struct {
	A, B string // identifiers, A before B
	N    int
}

// Missed is two institutions whose activities touch again and again and which signed
// nothing together.
type Missed struct {
	A, B       string // identifiers, A before B
	Overlaps   int
	Complement int
}

// Circle orders institutions around a circle so that those that work together stand near
// each other: it begins with the one with the most ties and each time adds the one with
// the most ties to the last, then to all that stand there. It is the same for the same ties.
func Circle(all []string, ties []Tie) []string {
	weight := map[[2]string]int{}
	total := map[string]int{}
	for _, t := range ties {
		weight[[2]string{t.A, t.B}] += t.N
		weight[[2]string{t.B, t.A}] += t.N
		total[t.A] += t.N
		total[t.B] += t.N
	}
	left := slices.Clone(all)
	slices.Sort(left)
	var order []string
	for len(left) > 0 {
		best := slices.MaxFunc(left, func(a, b string) int {
			to := func(s string) (last, placed int) {
				for i, o := range order {
					placed += weight[[2]string{s, o}]
					if i == len(order)-1 {
						last = weight[[2]string{s, o}]
					}
				}
				return last, placed
			}
			lastA, placedA := to(a)
			lastB, placedB := to(b)
			return cmp.Or(cmp.Compare(lastA, lastB), cmp.Compare(placedA, placedB), cmp.Compare(total[a], total[b]), cmp.Compare(b, a))
		})
		order = append(order, best)
		left = slices.DeleteFunc(left, func(s string) bool { return s == best })
	}
	return order
}

// Misses finds the institutions that lead activities which overlap or complement each
// other and that signed nothing together, those with the most first.
func (f *Formula) Misses(all []Planned, of Mandates, ties []Tie) []Missed {
	signed := map[[2]string]bool{}
	for _, t := range ties {
		signed[[2]string{t.A, t.B}] = true
	}
	found := map[[2]string]*Missed{}
	f.each(all, func(a, b Planned) {
		key := [2]string{min(a.Lead, b.Lead), max(a.Lead, b.Lead)}
		if together(a, b) || signed[key] {
			return
		}
		kind := f.Judge(a, b, of).Kind
		if kind == "" {
			return
		}
		m := found[key]
		if m == nil {
			m = &Missed{A: key[0], B: key[1]}
			found[key] = m
		}
		if kind == Overlapping {
			m.Overlaps++
		} else {
			m.Complement++
		}
	})
	var misses []Missed
	for _, m := range found {
		misses = append(misses, *m)
	}
	slices.SortFunc(misses, func(a, b Missed) int {
		return cmp.Or(cmp.Compare(b.Overlaps, a.Overlaps), cmp.Compare(b.Complement, a.Complement), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return misses
}

// each calls do with every two activities that are close enough in time for any reason to hold.
func (f *Formula) each(all []Planned, do func(a, b Planned)) {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b Planned) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.ID, b.ID)) })
	for i, a := range sorted {
		reach := shift(a.To, f.w.Complement.SequenceDays+1)
		for _, b := range sorted[i+1:] {
			if b.From.Compare(reach) > 0 {
				break
			}
			do(a, b)
		}
	}
}
