package synergy

import (
	"cmp"
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/form"
)

// How much is read and shown around an activity.
const (
	closeBy = 300 // activities at about that time in reach
	before  = 200 // activities some months away in the same place
	mostOf  = 200 // means, and mandates
	shown   = 6   // of each kind, beside a form
)

// Neighbour is an activity that touches another, with what was done about it.
type Neighbour struct {
	Planned
	Finding
	Answers []Answer // that the viewer may see
	// Unseen says that the one who leads it may not see the activity that it touches, which
	// its own institution alone knows.
	Unseen bool
}

// Lent is a capacity of the directory that answers what an activity asks.
type Lent struct {
	Capacity
	Score
	Asked  bool // the activity names it
	Unseen bool // who has it may not see the activity that names it, which its own institution alone knows
}

// Called is an institution whose mandate an activity touches without it.
type Called struct {
	Mandate
	Score
}

// Around is what there is to say of an activity to a viewer, the most pressing first.
type Around struct {
	Overlaps    []Neighbour
	Complements []Neighbour
	Means       []Lent
	Called      []Called
	Asked       []Need // needs and calls nearby that nothing answers
}

// Empty reports whether there is nothing to say.
func (a Around) Empty() bool {
	return len(a.Overlaps)+len(a.Complements)+len(a.Means)+len(a.Called)+len(a.Asked) == 0
}

// Around tells what touches an activity, or the draft of one, of what the viewer may see.
// Nothing touches what is over.
func (m *Module) Around(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned) (Around, error) {
	var all Around
	if !m.concerns(p) || m.over(p) {
		return all, nil
	}
	near, mandates, err := m.judged(ctx, tx, v, p)
	if err != nil {
		return all, err
	}
	for _, n := range near {
		if n.Kind == Overlapping {
			all.Overlaps = append(all.Overlaps, n)
		} else {
			all.Complements = append(all.Complements, n)
		}
	}
	if all.Means, err = m.lent(ctx, tx, v, p); err != nil {
		return all, err
	}
	all.Called = m.called(p, mandates)
	all.Asked, err = m.asked(ctx, tx, v, p)
	return all, err
}

// asked lists the needs and calls that nothing answers yet, on the themes of an activity and in its
// places, a neighbouring one or the same region.
func (m *Module) asked(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned) ([]Need, error) {
	all, err := m.Needs(ctx, tx, v, p.From, p.To, mostOf)
	return slices.DeleteFunc(all, func(n Need) bool {
		themes, places := []string{n.Theme}, []string{n.Place}
		near := m.formula.place(p.Places, places).Points > 0 || m.formula.oneRegion(p.Places, places)
		return n.Answered || !near || m.formula.theme(p.Themes, themes).Points == 0
	}), err
}

// concerns reports whether enough is known of an activity to say what touches it.
func (m *Module) concerns(p Planned) bool {
	return !p.From.IsZero() && p.From.Compare(p.To) <= 0 && len(p.Places) > 0
}

// judged lists the activities that touch one, and the mandates on its themes.
func (m *Module) judged(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned) ([]Neighbour, []Mandate, error) {
	candidates, err := m.candidates(ctx, tx, v, p)
	if err != nil {
		return nil, nil, err
	}
	mandates, err := m.Source.Mandates(ctx, tx, v, m.subjects(append(candidates, p)), mostOf)
	if err != nil {
		return nil, nil, err
	}
	raised, err := m.Lesson(ctx, tx, v)
	if err != nil {
		return nil, nil, err
	}
	of, near := byOwner(mandates), []Neighbour(nil)
	for _, c := range candidates {
		if !apart(p, c) {
			continue
		}
		if f := m.formula.Judge(p, c, of); f.Kind != "" && m.told(f, raised) && (!m.over(c) || f.Kind == Overlapping || f.Has(OfSequence)) {
			near = append(near, Neighbour{Planned: c, Finding: f})
		}
	}
	slices.SortFunc(near, closest)
	if p.ID == "" {
		return near, mandates, nil
	}
	return near, mandates, m.settle(ctx, tx, v, p, near)
}

// overlaps lists the activities that overlap one of the viewer's institution, which has raised its threshold so much.
func (m *Module) overlaps(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned, raised int) ([]Neighbour, error) {
	if !m.concerns(p) {
		return nil, nil
	}
	candidates, err := m.close(ctx, tx, v, p)
	if err != nil {
		return nil, err
	}
	var near []Neighbour
	for _, c := range candidates {
		f := Finding{Overlapping, m.formula.Overlap(p, c)}
		if apart(p, c) && f.Points >= m.Pack.Synergy.Overlap.Threshold && m.told(f, raised) {
			near = append(near, Neighbour{Planned: c, Finding: f})
		}
	}
	if len(near) == 0 {
		return nil, nil
	}
	slices.SortFunc(near, closest)
	return near, m.settle(ctx, tx, v, p, near)
}

// apart reports whether two activities are of institutions that do not work together on either.
func apart(p, c Planned) bool { return c.ID != p.ID && c.Lead != p.Lead && !together(p, c) }

// closest puts first what touches most.
func closest(a, b Neighbour) int {
	return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(a.ID, b.ID))
}

// told reports whether a finding is worth telling to an institution that has raised its
// threshold so much. What is strong always is.
func (m *Module) told(f Finding, raised int) bool {
	w := m.Pack.Synergy.Overlap
	return f.Kind != Overlapping || f.Points >= min(w.Threshold+raised, w.Strong)
}

// settle adds to what touches a record what was done about it, and who may not see it.
func (m *Module) settle(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned, near []Neighbour) error {
	answers, err := answersTo(ctx, tx, v, p.ID)
	if err != nil {
		return err
	}
	own, err := m.own(ctx, tx, v, p)
	if err != nil {
		return err
	}
	for i := range near {
		for _, a := range answers {
			if a.other(p.ID) == near[i].ID {
				near[i].Answers = append(near[i].Answers, a)
			}
		}
		near[i].Unseen = own.ID != "" && !opens(own, near[i].Lead) && !opens(own, near[i].Owner)
	}
	return nil
}

// own is the record of an activity that is saved and in which the viewer's institution takes part; an empty one otherwise.
func (m *Module) own(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned) (record.Record, error) {
	if p.ID == "" || !p.takesPart(v.Structure) {
		return record.Record{}, nil
	}
	return record.Find(ctx, tx, v, p.ID)
}

// opens reports whether a record's audience holds an institution.
func opens(r record.Record, structure string) bool {
	return r.Audience.Has(access.Public) || r.Audience.Has(access.Members) || r.Audience.Has(access.Structure(structure))
}

// candidates reads what may touch an activity: at about that time in reach, and some
// months away in the same place.
func (m *Module) candidates(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned) ([]Planned, error) {
	all, err := m.close(ctx, tx, v, p)
	if err != nil {
		return nil, err
	}
	days := m.Pack.Synergy.Complement.SequenceDays + 1
	if home := m.home(p); len(home) > 0 {
		later, err := m.Near(ctx, tx, v, Window{From: shift(p.From, -days), To: shift(p.To, days), Places: home}, before)
		if err != nil {
			return nil, err
		}
		all = append(all, later...)
	}
	slices.SortStableFunc(all, func(a, b Planned) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b Planned) bool { return a.ID == b.ID }), nil
}

// close reads what may overlap an activity: at about that time in reach.
func (m *Module) close(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned) ([]Planned, error) {
	days := m.Pack.Synergy.Overlap.Period.NearDays
	return m.Near(ctx, tx, v, Window{From: shift(p.From, -days), To: shift(p.To, days), Places: m.reach(p)}, closeBy)
}

// reach lists the territories from which an activity may be touched: those above and below
// its own, the préfectures around with what lies in them, and the whole region when means
// or money are at stake.
func (m *Module) reach(p Planned) []string {
	var all []string
	for _, code := range p.Places {
		all = append(append(all, m.Places.Under(code)...), m.above(code)...)
		home := m.Places.Lift(code, m.formula.middle)
		if home == "" {
			continue
		}
		wide := len(p.Needs)+len(p.Offers)+len(p.Funders) > 0
		for _, other := range m.formula.prefectures {
			if other == home || m.formula.neighbours(home, other) || wide && m.Places.Parent(other) == m.Places.Parent(home) {
				all = append(all, m.Places.Under(other)...)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (m *Module) above(code string) []string {
	var all []string
	for up := m.Places.Parent(code); up != ""; up = m.Places.Parent(up) {
		all = append(all, up)
	}
	return all
}

// home lists the préfectures of an activity with what lies in them.
func (m *Module) home(p Planned) []string {
	var all []string
	for _, code := range p.Places {
		if home := m.Places.Lift(code, m.formula.middle); home != "" {
			all = append(all, m.Places.Under(home)...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// lent lists the means that answer what an activity asks, first those that it names, then one for each institution and kind.
func (m *Module) lent(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned) ([]Lent, error) {
	var kinds []string
	for _, n := range p.Needs {
		kinds = append(kinds, n.Kind)
	}
	if len(kinds) == 0 {
		return nil, nil
	}
	capacities, err := m.Capacities(ctx, tx, v, kinds, p.From, mostOf)
	if err != nil {
		return nil, err
	}
	own, err := m.own(ctx, tx, v, p)
	var all []Lent
	for _, c := range capacities {
		l := Lent{Capacity: c, Score: m.formula.Lend(p, c), Asked: p.names(c.ID)}
		l.Unseen = l.Asked && own.ID != "" && !opens(own, c.Owner)
		if l.Points >= m.Pack.Synergy.Complement.MeansNearby || l.Asked && l.Points > 0 {
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b Lent) int {
		switch {
		case a.Asked && !b.Asked:
			return -1
		case b.Asked && !a.Asked:
			return 1
		}
		return cmp.Compare(b.Points, a.Points)
	})
	return distinct(all, func(l Lent) string { return l.Owner + " " + l.Kind }), err
}

// called lists the institutions whose mandate an activity touches without them.
func (m *Module) called(p Planned, mandates []Mandate) []Called {
	var all []Called
	for _, x := range mandates {
		if s := m.formula.Call(p, x); s.Points > 0 {
			all = append(all, Called{x, s})
		}
	}
	return distinct(all, func(c Called) string { return c.Owner })
}

// distinct keeps the first of each key.
func distinct[T any](all []T, key func(T) string) []T {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(x T) bool {
		known := seen[key(x)]
		seen[key(x)] = true
		return known
	})
}

// subjects lists the themes of activities, with those above.
func (m *Module) subjects(all []Planned) []string {
	var codes []string
	for _, p := range all {
		for _, t := range p.Themes {
			codes = append(codes, t, m.Themes.Top(t))
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// mandates reads the mandates on the themes of activities, by institution.
func (m *Module) mandates(ctx context.Context, tx *db.Tx, v access.Viewer, of ...Planned) (Mandates, error) {
	all, err := m.Source.Mandates(ctx, tx, v, m.subjects(of), mostOf)
	return byOwner(all), err
}

func byOwner(all []Mandate) Mandates {
	by := Mandates{}
	for _, x := range all {
		by[x.Owner] = append(by[x.Owner], x)
	}
	return by
}

// over reports whether an activity has ended: one can follow it, and not help it any more.
func (m *Module) over(p Planned) bool { return p.To.Compare(m.today()) < 0 }

// today is the present day in the country's zone.
func (m *Module) today() form.Date { return form.DateOf(m.Clock.Now().In(m.Zone)) }
