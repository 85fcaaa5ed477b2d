package synergy

import (
	"cmp"
	"slices"

	"cadre/core/place"
	"cadre/core/theme"
	"cadre/kit/form"
	"cadre/packs"
)

// Formula is the whole reckoning of synergy. It reads nothing but what it is given.
//
// Two activities overlap by the sum of the points of what they have in common:
//
//	place   the best of: the same territory; one inside the other, for less the wider
//	        it is; two of one préfecture; two neighbouring préfectures
//	period  days in common; or how closely one follows the other; less when a period
//	        is only known to the month or the quarter
//	theme   the best of: the same; one under the other; two under one; two that touch
//	public  one in common, or two that are often the same people
//	type    the same, or two of one kind
//
// Without a common place and a nearness in time, and a common theme or public, the sum
// is nothing: activities far apart are no duplication whatever else they share. So the
// sum is symmetric, at most 100, and never falls when more is in common: the country
// pack's check sees to the weights. Complement adds up other reasons, in complement.go.
type Formula struct {
	w           packs.Synergy
	themes      *theme.Tree
	places      *place.Tree
	middle      string   // the widest local level: préfecture
	prefectures []string // the territories of that level, region by region
	touching    map[touching]bool
}

// touching is two codes of one vocabulary that the pack groups.
type touching struct {
	about About
	a, b  string
}

// NewFormula returns the formula with the weights of a pack.
func NewFormula(p *packs.Pack, themes *theme.Tree, places *place.Tree) *Formula {
	f := &Formula{w: p.Synergy, themes: themes, places: places, touching: map[touching]bool{}}
	for _, l := range p.Settings.Levels {
		if slices.Contains(f.w.Local, l.Code) {
			f.middle = cmp.Or(f.middle, l.Code)
		}
	}
	for _, code := range places.Under(places.Country()) {
		if places.Level(code) == f.middle {
			f.prefectures = append(f.prefectures, code)
		}
	}
	f.touch(OfTheme, f.w.Related)
	f.touch(OfType, f.w.Kin)
	f.touch(OfPublic, f.w.Kindred)
	return f
}

// touch remembers that any two codes of a group touch each other.
func (f *Formula) touch(about About, groups [][]string) {
	for _, group := range groups {
		for _, a := range group {
			for _, b := range group {
				f.touching[touching{about, a, b}] = true
			}
		}
	}
}

// Score is a sum of reasons. The zero Score is nothing in common.
type Score struct {
	Points  int
	Reasons []Reason // in the order of the formula, each with points
}

func (s *Score) add(r Reason) {
	if r.Points > 0 {
		s.Points += r.Points
		s.Reasons = append(s.Reasons, r)
	}
}

// Has reports whether the score holds a reason about the subject.
func (s Score) Has(about About) bool {
	return slices.ContainsFunc(s.Reasons, func(r Reason) bool { return r.About == about })
}

// Overlap is how far two activities would do the same.
func (f *Formula) Overlap(a, b Planned) Score { return f.overlap(a, b, f.place(a.Places, b.Places)) }

func (f *Formula) overlap(a, b Planned, place Reason) Score {
	if place.Points == 0 {
		return Score{}
	}
	period := f.period(a, b)
	if period.Points == 0 {
		return Score{}
	}
	theme, public := f.theme(a.Themes, b.Themes), f.public(a.Publics, b.Publics)
	if theme.Points == 0 && public.Points == 0 {
		return Score{}
	}
	var s Score
	for _, r := range []Reason{place, period, theme, public, f.kind(a.Type, b.Type)} {
		s.add(r)
	}
	return s
}

// best is the reason with the most points that any pair of codes gives.
func best(as, bs []string, compare func(a, b string) Reason) Reason {
	var top Reason
	for _, a := range as {
		for _, b := range bs {
			if r := compare(a, b); r.Points > top.Points {
				top = r
			}
		}
	}
	return top
}

func (f *Formula) place(as, bs []string) Reason { return best(as, bs, f.territory) }

// territory compares two territories.
func (f *Formula) territory(a, b string) Reason {
	w := f.w.Overlap
	switch {
	case a == b:
		return Reason{About: OfPlace, How: Same, Code: a, Points: w.Same[f.places.Level(a)]}
	case f.places.Within(a, b):
		return Reason{About: OfPlace, How: Inside, Code: a, Other: b, Points: w.Inside[f.places.Level(b)]}
	case f.places.Within(b, a):
		return Reason{About: OfPlace, How: Inside, Code: b, Other: a, Points: w.Inside[f.places.Level(a)]}
	}
	p, q := f.places.Lift(a, f.middle), f.places.Lift(b, f.middle)
	switch {
	case p == "" || q == "":
		return Reason{}
	case p == q:
		return Reason{About: OfPlace, How: Sibling, Code: p, Points: w.Beside}
	case f.neighbours(p, q):
		p, q = min(p, q), max(p, q)
		return Reason{About: OfPlace, How: Near, Code: p, Other: q, Points: w.Nearby}
	}
	return Reason{}
}

func (f *Formula) neighbours(a, b string) bool {
	km, ok := f.places.Distance(a, b)
	return ok && km <= f.w.NearbyKM
}

// local reports whether one travels to the territory: a préfecture, or what lies in it.
func (f *Formula) local(code string) bool { return slices.Contains(f.w.Local, f.places.Level(code)) }

// period compares two periods.
func (f *Formula) period(a, b Planned) Reason {
	w := f.w.Overlap.Period
	known := min(w.Precision[a.Precision], w.Precision[b.Precision])
	shared, between := common(a, b)
	switch {
	case shared > 0:
		from, to := later(a.From, b.From), sooner(a.To, b.To)
		return Reason{About: OfPeriod, How: Same, From: from, To: to, Points: min(w.Shared+w.PerDay*(shared-1), w.Most) * known / 100}
	case between < w.NearDays:
		return Reason{About: OfPeriod, How: Near, Days: between, Points: w.Near * (w.NearDays - between) / w.NearDays * known / 100}
	}
	return Reason{}
}

func later(a, b form.Date) form.Date {
	if a.Compare(b) < 0 {
		return b
	}
	return a
}

func sooner(a, b form.Date) form.Date {
	if a.Compare(b) > 0 {
		return b
	}
	return a
}

func (f *Formula) theme(as, bs []string) Reason { return best(as, bs, f.subject) }

// subject compares two themes.
func (f *Formula) subject(a, b string) Reason {
	w := f.w.Overlap.Theme
	p, q := f.themes.Top(a), f.themes.Top(b)
	switch {
	case a == b:
		return Reason{About: OfTheme, How: Same, Code: a, Points: w.Same}
	case p == q && (a == p || b == q):
		return Reason{About: OfTheme, How: Inside, Code: max(a, b), Other: p, Points: w.Inside}
	case p == q:
		return Reason{About: OfTheme, How: Sibling, Code: p, Points: w.Sibling}
	case f.touching[touching{OfTheme, p, q}]:
		return Reason{About: OfTheme, How: Near, Code: min(p, q), Other: max(p, q), Points: w.Related}
	}
	return Reason{}
}

func (f *Formula) public(as, bs []string) Reason {
	return best(as, bs, func(a, b string) Reason { return f.alike(OfPublic, f.w.Overlap.Public, a, b) })
}

func (f *Formula) kind(a, b string) Reason { return f.alike(OfType, f.w.Overlap.Type, a, b) }

// alike compares two codes that stand in no tree.
func (f *Formula) alike(about About, w packs.Alike, a, b string) Reason {
	switch {
	case a == "" || b == "":
		return Reason{}
	case a == b:
		return Reason{About: about, How: Same, Code: a, Points: w.Same}
	case f.touching[touching{about, a, b}]:
		return Reason{About: about, How: Near, Code: min(a, b), Other: max(a, b), Points: w.Kin}
	}
	return Reason{}
}

// Kind is what a finding is.
type Kind string

// The kinds of findings.
const (
	Overlapping   Kind = "overlap"
	Complementing Kind = "complement"
)

// Finding is what there is to say of two activities.
type Finding struct {
	Kind Kind // empty when there is nothing to say
	Score
}

// Judge says what two activities are to each other. A duplication comes first: what
// should be done once has no need of complements.
func (f *Formula) Judge(a, b Planned, of Mandates) Finding {
	place := f.place(a.Places, b.Places)
	if s := f.overlap(a, b, place); s.Points >= f.w.Overlap.Threshold {
		return Finding{Overlapping, s}
	}
	if s := f.complement(a, b, place, of); s.Points >= f.w.Complement.Threshold {
		return Finding{Complementing, s}
	}
	return Finding{}
}
