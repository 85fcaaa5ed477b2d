package synergy

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// Touching is two activities that touch each other, with what was done about it.
type Touching struct {
	A, B Planned
	Finding
	Answers []Answer
}

// The states of an overlap.
const (
	Pending = "open"    // nobody has answered
	Agreed  = "settled" // they work together, or somebody has told the other or said that they had agreed
	Ignored = "ignored" // it was only found beside the point
)

// state is where an overlap stands.
func (t Touching) state() string {
	if together(t.A, t.B) {
		return Agreed
	}
	state := Pending
	for _, a := range t.Answers {
		if a.Verdict != Dismissed || a.Reason == Settled {
			return Agreed
		}
		state = Ignored
	}
	return state
}

// Overlaps lists the overlaps between activities of a period, the strongest first, of what the viewer may see.
func (m *Module) Overlaps(ctx context.Context, tx *db.Tx, v access.Viewer, from, to form.Date) ([]Touching, error) {
	all, err := m.Between(ctx, tx, v, from, to, nil, mostOfYear)
	if err != nil {
		return nil, err
	}
	var found []Touching
	m.formula.each(all, func(a, b Planned) {
		if s := m.formula.Overlap(a, b); a.Lead != b.Lead && s.Points >= m.Pack.Synergy.Overlap.Threshold {
			found = append(found, Touching{A: a, B: b, Finding: Finding{Overlapping, s}})
		}
	})
	slices.SortStableFunc(found, func(a, b Touching) int { return cmp.Compare(b.Points, a.Points) })
	answers, err := lately(ctx, tx, v, mostAnswers)
	for i, t := range found {
		first, second := pairOf(t.A.ID, t.B.ID)
		for _, a := range answers {
			if a.First == first && a.Second == second {
				found[i].Answers = append(found[i].Answers, a)
			}
		}
	}
	return found, err
}

// mostAnswers is how many of the last answers are counted.
const mostAnswers = 1000

// Steering is how the framework deals with what is found.
type Steering struct {
	Overlaps            []Touching // of the twelve months that come
	Joined, Told, Aside int        // answers so far
	Median              time.Duration
	Timed               int   // agreements of which the time is known
	Days, Money         int64 // saved, as declared
	Declared            int   // answers that declare something
}

// Steering counts what was done about what is found, of what the viewer may see.
func (m *Module) Steering(ctx context.Context, tx *db.Tx, v access.Viewer) (Steering, error) {
	var s Steering
	var err error
	if s.Overlaps, err = m.Overlaps(ctx, tx, v, m.today(), shift(m.today(), 365)); err != nil {
		return s, err
	}
	answers, err := lately(ctx, tx, v, mostAnswers)
	if err != nil {
		return s, err
	}
	var joined []Couple
	for _, a := range answers {
		s.count(a)
		if a.Verdict == Joined {
			joined = append(joined, a.pair())
		}
	}
	first, err := noticed(ctx, tx, answers)
	if err != nil {
		return s, err
	}
	agreed, err := m.Agreed(ctx, tx, v, joined)
	s.time(joined, first, agreed)
	return s, err
}

// time takes the median time from the first notice of a pair to its agreement.
func (s *Steering) time(joined []Couple, first, agreed map[Couple]time.Time) {
	var took []time.Duration
	for _, p := range joined {
		if at, known := first[p]; known && agreed[p].After(at) {
			took = append(took, agreed[p].Sub(at))
		}
	}
	if s.Timed = len(took); s.Timed > 0 {
		slices.Sort(took)
		s.Median = took[len(took)/2]
	}
}

func (s *Steering) count(a Answer) {
	switch a.Verdict {
	case Joined:
		s.Joined++
	case Warned:
		s.Told++
	default:
		s.Aside++
	}
	if a.Days != nil {
		s.Days += *a.Days
	}
	if a.Money != nil {
		s.Money += *a.Money
	}
	if a.Days != nil || a.Money != nil {
		s.Declared++
	}
}

// steeringPage is the page of the secretariat.
type steeringPage struct {
	ui.Page
	voice
	Steering
}

func (m *Module) steering(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := steeringPage{Page: ui.Start(ctx, text.T(ctx, "Suivi des synergies"), crumb(ctx))}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.voice, err = m.voice(ctx, tx); err != nil {
			return err
		}
		p.Steering, err = m.Steering(ctx, tx, v)
		return err
	})
	widest := access.Clear
	for _, t := range p.Overlaps {
		widest = max(widest, t.A.Marking, t.B.Marking)
	}
	p.Page.Marking = circle.Marking(ctx, widest)
	return web.Page(steering(p)), err
}

// of counts the overlaps in a state.
func (p steeringPage) of(state string) int {
	n := 0
	for _, t := range p.Overlaps {
		if t.state() == state {
			n++
		}
	}
	return n
}

func (p steeringPage) lede(ctx context.Context) string {
	return text.T(ctx, "Dans les douze mois qui viennent, parmi ce que le secrétariat peut lire : %s à traiter, %s, %s.",
		text.Number(ctx, p.of(Pending)), text.N(ctx, p.of(Agreed), "%d réglé", "%d réglés", p.of(Agreed)), text.N(ctx, p.of(Ignored), "%d écarté", "%d écartés", p.of(Ignored)))
}

// delay words the time from the first notice to the signature of the other.
func (p steeringPage) delay(ctx context.Context) string {
	days := int(p.Median.Hours()) / 24
	if p.Timed == 0 {
		return "–"
	}
	return text.N(ctx, days, "%d jour", "%d jours", days)
}

var states = map[string]struct {
	status ui.Status
	name   string
}{
	Pending: {ui.Waiting, text.Key("À traiter")},
	Agreed:  {ui.Done, text.Key("Réglé")},
	Ignored: {ui.Off, text.Key("Écarté")},
}
