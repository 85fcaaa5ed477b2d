package synergy

import (
	"slices"

	"cadre/kit/text"
)

// Complement is what two activities would bring each other, as the sum of the points of
//
//	means      one offers what the other asks at about that time: there, in a neighbouring
//	           place or the same region, or away
//	sequence   in the same place one comes after the other, and may prepare it
//	alongside  both are at once in the same place in one field
//	mandate    the theme of one is the mandate of the other's lead, and not of its own
//	funder     one in common
//
// and, once there is one of these, of a common place, theme and public. It is symmetric:
// what one brings the other is worth the same from both sides.
func (f *Formula) Complement(a, b Planned, of Mandates) Score {
	return f.complement(a, b, f.place(a.Places, b.Places), of)
}

func (f *Formula) complement(a, b Planned, place Reason, of Mandates) Score {
	var s Score
	if place.Points == 0 && !a.lends(b) && !b.lends(a) && len(a.Funders)*len(b.Funders) == 0 {
		return s
	}
	w, theme, public := f.w.Complement, f.theme(a.Themes, b.Themes), f.public(a.Publics, b.Publics)
	for _, r := range []Reason{f.means(a, b), f.sequence(a, b, place, theme, public), f.alongside(a, b, place, theme), f.mandate(a, b, place, theme, of), f.funder(a, b)} {
		s.add(r)
	}
	if s.Points == 0 {
		return s
	}
	if f.here(place) {
		s.add(place.worth(w.Place))
	}
	if theme.How == Near {
		s.add(theme.worth(w.Touching))
	} else {
		s.add(theme.worth(w.Theme))
	}
	if public.How == Same {
		s.add(public.worth(w.Public))
	}
	return s
}

// lends reports whether an activity offers means and another asks for some.
func (p Planned) lends(other Planned) bool { return len(p.Offers)*len(other.Needs) > 0 }

// worth is the reason with other points, if there is a reason at all.
func (r Reason) worth(points int) Reason {
	if r.Points > 0 {
		r.Points = points
	}
	return r
}

// means is the best answer of one's offers to the other's needs, either way.
func (f *Formula) means(a, b Planned) Reason {
	if shared, between := common(a, b); shared == 0 && between >= f.w.Overlap.Period.NearDays {
		return Reason{}
	}
	got, given := f.answer(a, b), f.answer(b, a)
	if given.Points > got.Points {
		given.Back = true
		return given
	}
	return got
}

// answer is the best answer of b's offers to a's needs.
func (f *Formula) answer(a, b Planned) Reason {
	var top Reason
	for _, need := range a.Needs {
		for _, offer := range b.Offers {
			if need.Kind != offer.Kind {
				continue
			}
			if r := f.lend(need, a.Places, offer.Kind, placed(offer.Place, b.Places)); r.Points > top.Points {
				top = r
			}
		}
	}
	return top
}

// placed is the place that is said, or else those of the activity.
func placed(said string, otherwise []string) []string {
	if said != "" {
		return []string{said}
	}
	return otherwise
}

// lend tells how well means of a kind that lie somewhere answer a need.
func (f *Formula) lend(need Mean, at []string, kind string, from []string) Reason {
	w, r := f.w.Complement, Reason{About: OfMeans, How: Away, Code: kind, Points: f.w.Complement.MeansAway}
	wanted := placed(need.Place, at)
	place := f.place(wanted, from)
	switch {
	case f.here(place):
		r.How, r.Points, r.Other = Same, w.Means, place.Code
	case place.How == Near || f.oneRegion(wanted, from):
		r.How, r.Points = Near, w.MeansNearby
	}
	return r
}

// here reports whether two places are one to who travels: the same, one in the other,
// or two of one préfecture.
func (f *Formula) here(r Reason) bool {
	switch r.How {
	case Same, Sibling:
		return f.local(r.Code)
	case Inside:
		return f.local(r.Other)
	}
	return false
}

// oneRegion reports whether two of the places lie in one territory right above the préfectures.
func (f *Formula) oneRegion(as, bs []string) bool {
	up := func(code string) string {
		if p := f.places.Lift(code, f.middle); p != "" {
			return f.places.Parent(p)
		}
		return code
	}
	return slices.ContainsFunc(as, func(a string) bool {
		return up(a) != f.places.Country() && slices.ContainsFunc(bs, func(b string) bool { return up(a) == up(b) })
	})
}

// sequence tells whether one activity comes after the other in the same place, for the
// same public or in fields that are not strangers.
func (f *Formula) sequence(a, b Planned, place, theme, public Reason) Reason {
	w := f.w.Complement
	shared, between := common(a, b)
	if shared > 0 || between > w.SequenceDays || !f.here(place) || theme.Points == 0 && public.How != Same {
		return Reason{}
	}
	first, second, back := a, b, b.To.Compare(a.From) < 0
	if back {
		first, second = b, a
	}
	r := Reason{About: OfSequence, How: Near, Code: first.Type, Other: second.Type, Days: between + 1, Back: back, Points: w.Follow}
	if slices.Contains(f.w.Sequences[first.Type], second.Type) {
		r.How, r.Points = Same, w.Sequence
	}
	return r
}

// alongside tells whether both are at once in the same place in one field.
func (f *Formula) alongside(a, b Planned, place, theme Reason) Reason {
	shared, _ := common(a, b)
	if shared == 0 || !f.here(place) || theme.Points == 0 || theme.How == Near {
		return Reason{}
	}
	return Reason{About: OfPeriod, How: Same, From: later(a.From, b.From), To: sooner(a.To, b.To), Points: f.w.Complement.Alongside}
}

// mandate tells whether the lead of one, which is not far off, has the mandate on a theme
// of the other, whose own lead does not have it.
func (f *Formula) mandate(a, b Planned, place, theme Reason, of Mandates) Reason {
	if _, between := common(a, b); between > f.w.Complement.MandateDays || place.Points == 0 || theme.Points == 0 || theme.How == Near {
		return Reason{}
	}
	r := f.lacking(a, b.Lead, of)
	if r.Points == 0 {
		r = f.lacking(b, a.Lead, of)
		r.Back = true
	}
	return r
}

// lacking is the theme of an activity for which another institution has the mandate and
// none that takes part does.
func (f *Formula) lacking(a Planned, other string, of Mandates) Reason {
	for _, theme := range a.Themes {
		if of.holds(f, other, theme) && !of.holds(f, a.Lead, theme) && !slices.ContainsFunc(a.Partners, func(p string) bool { return of.holds(f, p, theme) }) {
			return Reason{About: OfMandate, How: Same, Code: theme, Points: f.w.Complement.Mandate}
		}
	}
	return Reason{}
}

// Mandates is the mandates that institutions make known, by institution.
type Mandates map[string][]Mandate

// holds reports whether an institution has a mandate that covers the theme, other than to support others.
func (m Mandates) holds(f *Formula, structure, theme string) bool {
	return slices.ContainsFunc(m[structure], func(x Mandate) bool { return x.Role != Supports && f.themes.Covers(x.Theme, theme) })
}

// Supports is the role of an institution that helps others on a theme: it is not its own.
const Supports = "supports"

func (f *Formula) funder(a, b Planned) Reason {
	return best(a.Funders, b.Funders, func(p, q string) Reason {
		if key := text.Fold(p); key == "" || key != text.Fold(q) {
			return Reason{}
		}
		return Reason{About: OfFunder, How: Same, Code: min(p, q), Points: f.w.Complement.Funder}
	})
}

// Lend is how well a capacity of the directory answers what an activity asks.
func (f *Formula) Lend(a Planned, c Capacity) Score {
	var s Score
	if a.takesPart(c.Owner) {
		return s
	}
	var top Reason
	for _, need := range a.Needs {
		if need.Kind != c.Kind {
			continue
		}
		if r := f.lend(need, a.Places, c.Kind, c.Places); r.Points > top.Points {
			top = r
		}
	}
	s.add(top)
	return s
}

// Call is how far an activity touches the mandate of an institution that takes no part.
func (f *Formula) Call(a Planned, m Mandate) Score {
	var s Score
	if a.takesPart(m.Owner) || m.Role == Supports {
		return s
	}
	theme, place := Reason{}, Reason{}
	for _, code := range a.Themes {
		if f.themes.Covers(m.Theme, code) {
			theme = f.subject(m.Theme, code)
		}
	}
	for _, code := range a.Places {
		if f.places.Within(code, m.Place) {
			place = Reason{About: OfPlace, How: Inside, Code: code, Other: m.Place, Points: 1}
		}
	}
	if theme.Points > 0 && place.Points > 0 {
		s.add(Reason{About: OfMandate, How: theme.How, Code: theme.Code, Other: m.Place, Points: f.w.Complement.Mandate})
	}
	return s
}
