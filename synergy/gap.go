package synergy

import (
	"cmp"
	"slices"
)

// Need is that an institution, or the secretariat by a call, asks for something on a theme in a territory.
type Need struct {
	ID, Title, Href string
	Owner           string // identifier of the institution
	Theme, Place    string
	Answered        bool // an activity serves it
}

// Covered is how many activities a viewer sees on a theme in a territory.
type Covered struct {
	Theme, Place string
	N            int
}

// Ground is what gaps are reckoned from: all of it as one viewer sees it.
type Ground struct {
	Mandates []Mandate
	Needs    []Need
	Covered  []Covered
}

// Patch is one theme of the first level in one préfecture.
type Patch struct {
	Theme, Place string
	Planned      int // activities
	Weight       int // of the mandates and the needs, in points of the pack
	Mandates     []Mandate
	Needs        []Need
}

// patchKey names a patch.
type patchKey struct{ theme, place string }

// Patches tells, for each theme of the first level and each préfecture, how much is
// planned there and how much calls for it. An activity in a commune or a canton is one in
// its préfecture; one for a whole region or the country fills no gap: it is not known
// where it goes. A mandate or need for a wider territory weighs on each of its préfectures.
func (f *Formula) Patches(g Ground) []Patch {
	all := map[patchKey]*Patch{}
	var order []*Patch
	for _, t := range f.themes.Tops() {
		for _, p := range f.prefectures {
			patch := &Patch{Theme: t, Place: p}
			all[patchKey{t, p}] = patch
			order = append(order, patch)
		}
	}
	for _, c := range g.Covered {
		if p := all[patchKey{f.themes.Top(c.Theme), f.places.Lift(c.Place, f.middle)}]; p != nil {
			p.Planned += c.N
		}
	}
	for _, p := range order {
		f.weigh(p, g)
	}
	patches := make([]Patch, len(order))
	for i, p := range order {
		patches[i] = *p
	}
	return patches
}

// weigh adds up what calls for an activity on a patch. However many institutions have the
// same kind of mandate, it counts once.
func (f *Formula) weigh(p *Patch, g Ground) {
	w, national, local := f.w.Gap, 0, 0
	for _, m := range g.Mandates {
		if f.themes.Top(m.Theme) != p.Theme || !f.places.Within(p.Place, m.Place) && !f.places.Within(m.Place, p.Place) {
			continue
		}
		p.Mandates = append(p.Mandates, m)
		if m.Place == f.places.Country() {
			national = w.National
		} else {
			local = w.Local
		}
	}
	for _, n := range g.Needs {
		if f.themes.Top(n.Theme) == p.Theme && (f.places.Within(p.Place, n.Place) || f.places.Within(n.Place, p.Place)) {
			p.Needs = append(p.Needs, n)
			p.Weight += w.Need
		}
	}
	p.Weight += national + local
}

// Gap reports whether nothing is planned on a patch that calls for something.
func (f *Formula) Gap(p Patch) bool { return p.Planned == 0 && p.Weight >= f.w.Gap.Threshold }

// Gaps lists the gaps among patches, the heaviest first.
func (f *Formula) Gaps(all []Patch) []Patch {
	gaps := slices.DeleteFunc(slices.Clone(all), func(p Patch) bool { return !f.Gap(p) })
	slices.SortStableFunc(gaps, func(a, b Patch) int { return cmp.Compare(b.Weight, a.Weight) })
	return gaps
}
