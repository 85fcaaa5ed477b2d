package activity

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/form"
	"cadre/kit/id"
	"cadre/packs/demo"
)

// Past is what the institutions of the demonstration did with the activities that it invents, from
// the first idea to where each stands now. ids are the identifiers of institutions by slug, people
// its persons by address; activities receives the identifiers of activities by title as they are written.
func (m *Module) Past(ctx context.Context, d *demo.Demonstration, now time.Time, ids map[string]string, people map[string]access.Viewer, activities map[string]string) []journal.Happening {
	var all []journal.Happening
	for _, x := range d.Activities {
		s := &scene{Activity: x, Room: m, cast: d.People, ids: ids, people: people, now: now.In(m.Zone), written: activities}
		all = append(all, s.past(ctx)...)
	}
	return all
}

// scene is an invented activity with what its words stand for.
type scene struct {
	demo.Activity
	Room    *Module
	cast    []demo.Person
	ids     map[string]string
	people  map[string]access.Viewer
	now     time.Time
	written map[string]string
	all     []journal.Happening
}

// past is the life of the activity until now.
func (s *scene) past(ctx context.Context) []journal.Happening {
	asked := min(-12, s.StartInDays-40)
	s.happen(asked-9, s.focal(s.Structure), func(act *journal.Act) error { return s.draft(ctx, act) })
	if s.State != Idea && s.State != Abandoned || len(s.Partners) > 0 {
		s.turn(ctx, asked, "proposed", Concertation)
	}
	for i, p := range s.Partners {
		if p.Verdict != "" {
			s.answer(ctx, asked+2+i, p)
		}
	}
	if s.Wish != nil {
		s.wish(ctx, asked+6)
	}
	for _, t := range s.Tasks {
		if TaskState(t.State) != Open {
			s.move(ctx, max(asked+8, min(-3, t.DueInDays, s.StartInDays+s.Days+9)), t)
		}
	}
	s.end(ctx)
	return s.all
}

// end is what came of it, when the day has come.
func (s *scene) end(ctx context.Context) {
	if s.Reason != "" {
		s.turn(ctx, min(-1, s.StartInDays), s.State, s.State)
		return
	}
	over := slices.Contains([]string{Reported, Capitalised}, s.State)
	if over || s.State == Running {
		s.turn(ctx, min(-3, s.StartInDays), "started", Running)
	}
	if over {
		s.turn(ctx, min(-2, s.StartInDays+s.Days+10), "reported", Reported)
	}
	if s.State == Capitalised {
		for _, p := range s.Partners {
			if by := s.signer(p.Structure); Role(p.Role).Signs() && p.Verdict != "" {
				s.alter(ctx, min(-1, s.StartInDays+s.Days+15), by, "reviewed", reviewing(by, Opinion{Judgement: Confirmed}))
			}
		}
		s.turn(ctx, min(-1, s.StartInDays+s.Days+20), "capitalised", Capitalised)
	}
}

// happen adds something done on a day, counted from now; offices are closed at weekends.
func (s *scene) happen(in int, by access.Viewer, do func(*journal.Act) error) {
	at := s.now.AddDate(0, 0, in)
	for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		at = at.AddDate(0, 0, -1)
	}
	s.all = append(s.all, journal.Happening{At: at.UTC(), By: by, Do: func(act *journal.Act) error {
		if err := do(act); err != nil {
			return fmt.Errorf("demonstration: %s: %w", s.Title, err)
		}
		return nil
	}})
}

// alter adds a change of the activity.
func (s *scene) alter(ctx context.Context, in int, by access.Viewer, verb string, rule func(*journal.Act, *Found) error) {
	s.happen(in, by, func(act *journal.Act) error {
		_, err := s.Room.alter(ctx, act, s.written[s.Title], 0, verb, rule)
		return err
	})
}

func (s *scene) draft(ctx context.Context, act *journal.Act) error {
	marking, err := access.ParseMarking(s.Marking)
	if err != nil {
		return err
	}
	lent, err := s.Room.Lend(ctx, act.Tx, act.By, Lending{Owners: slices.Collect(maps.Values(s.ids))})
	if err != nil {
		return err
	}
	f := Found{record.Record{Kind: Kind, Number: s.number(act.At.In(s.Room.Zone).Year()), Owner: s.ids[s.Structure], State: Life.Start(), Title: s.Title, Themes: s.Themes, Places: s.Places,
		Marking: marking, Audience: s.audience()}, s.activity(lent)}
	if err := record.Create(ctx, act, &f.Record, "activity.activity.drafted", f.Activity, f.words()); err != nil {
		return err
	}
	s.written[s.Title] = f.ID
	return index(ctx, act, f.Record, f.Activity)
}

// turn adds a step of its life.
func (s *scene) turn(ctx context.Context, in int, verb, to string) {
	s.alter(ctx, in, s.signer(s.Structure), verb, func(act *journal.Act, f *Found) error {
		switch to {
		case Concertation:
			if s.State == Concertation {
				f.SignBy = s.day(14)
			}
		case Suspended, Abandoned:
			f.Interruption = &Interruption{s.Reason, act.At, f.State}
		case Reported:
			f.Report = s.report(act)
			for i, r := range s.Results {
				if r.Reached != nil {
					f.Results[i].Reached = strconv.Itoa(*r.Reached)
				}
			}
		}
		f.turned(to, act.At)
		return nil
	})
}

// answer adds what a partner says of the terms.
func (s *scene) answer(ctx context.Context, in int, p demo.Partner) {
	s.alter(ctx, in, s.signer(p.Structure), answered[Verdict(p.Verdict)], func(act *journal.Act, f *Found) error {
		pen, err := s.Room.pen(ctx, act, *f)
		if err != nil {
			return err
		}
		return f.answer(pen, Answer{Verdict(p.Verdict), p.Reservation, f.Terms(s.ids[p.Structure])})
	})
}

// wish adds that a partner asks for a later period.
func (s *scene) wish(ctx context.Context, in int) {
	by := s.focal(s.Wish.Structure)
	s.alter(ctx, in, by, "asked", func(act *journal.Act, f *Found) error {
		later := *s
		later.StartInDays += s.Wish.LaterByDays
		today := f.CurrentTerms()
		wanted := today
		wanted.Period = later.period()
		f.Proposals = append(f.Proposals, Proposal{ID: id.New(), Structure: by.Structure, Person: by.Person, At: act.At, Why: s.Wish.Why,
			Base: f.Version, Before: today, After: wanted, State: Asked})
		return nil
	})
}

// move adds a change of the state of a task.
func (s *scene) move(ctx context.Context, in int, t demo.Task) {
	s.alter(ctx, in, s.focal(t.Structure), "moved", func(_ *journal.Act, f *Found) error {
		for i := range f.Tasks {
			if f.Tasks[i].Title == t.Title {
				f.Tasks[i].State = TaskState(t.State)
			}
		}
		return nil
	})
}

// number is one that every demonstration of a year gives to the activity, so that what is written about it can be found in another.
func (s *scene) number(year int) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s.Title)) // it never fails
	return fmt.Sprintf("%s-ACT-%d-%04d", strings.ToUpper(s.Structure), year, h.Sum32()%10_000)
}

func (s *scene) day(in int) form.Date { return form.DateOf(s.now.AddDate(0, 0, in)) }

func (s *scene) activity(lent []Lendable) Activity {
	a := Activity{Fictitious: true, Plan: Plan{Purpose: s.Purpose, Type: s.Type, Publics: s.Publics, Targeted: people(s.Targeted), Period: s.period(),
		Needs: s.means(s.Needs, lent), Offers: s.means(s.Offers, lent), Risks: s.Risks, Outside: strings.Join(s.Outside, ", ")}}
	for _, p := range s.Partners {
		a.Partners = append(a.Partners, Partner{s.ids[p.Structure], Role(p.Role)})
	}
	for _, r := range s.Results {
		a.Results = append(a.Results, Result{Text: r.Text, Indicator: r.Indicator, Baseline: strconv.Itoa(r.Baseline), Target: strconv.Itoa(r.Target)})
	}
	for _, t := range s.Tasks {
		a.Tasks = append(a.Tasks, Task{id.New(), t.Title, s.ids[t.Structure], s.day(t.DueInDays), Open})
	}
	for _, l := range s.Budget {
		a.Budget = append(a.Budget, BudgetLine{l.Label, int64(l.Amount), l.Funder, l.Secured})
	}
	return a
}

func (s *scene) report(act *journal.Act) *Report {
	spent := int64(s.Report.Spent)
	return &Report{Reached: people(s.Report.Count), Spent: &spent, Summary: s.summary(), Difficulties: s.Report.Difficulties, Lesson: s.Report.Lesson,
		At: act.At, By: act.By.Person}
}

// people are as many as are said; nobody at all is not said.
func people(c demo.Count) People {
	if c == (demo.Count{}) {
		return People{}
	}
	return People{&c.Women, &c.Men}
}

// summary says what was done, from the results that were reached.
func (s *scene) summary() string {
	words := "L’activité s’est tenue aux dates et aux lieux prévus."
	for _, r := range s.Results {
		if r.Reached != nil {
			words += fmt.Sprintf(" %s : %d pour %d visés (%s).", r.Text, *r.Reached, r.Target, r.Indicator)
		}
	}
	return words
}

func (s *scene) focal(slug string) access.Viewer { return s.people[demo.Focal(slug)] }

// signer is who engages an institution: its focal point, else its head.
func (s *scene) signer(slug string) access.Viewer {
	for _, p := range s.cast {
		if p.Structure == slug && account.Mandate(p.Mandate) == account.CanCommit {
			return s.people[p.Email]
		}
	}
	return s.focal(slug)
}

// period is as precise as its authors know.
func (s *scene) period() Period {
	first, last := s.day(s.StartInDays), s.day(s.StartInDays+s.Days-1)
	switch s.Precision {
	case "month":
		return Period{From: Moment(fmt.Sprintf("%d-%02d", first.Year, first.Month))}
	case "quarter":
		return Period{From: Moment(fmt.Sprintf("%d-T%d", first.Year, (first.Month+2)/3))}
	}
	if first == last {
		return Period{From: Moment(first.String())}
	}
	return Period{Moment(first.String()), Moment(last.String())}
}

// means are those of the scene; a capacity of the directory is named by its title.
func (s *scene) means(all []demo.Means, lent []Lendable) []Means {
	var out []Means
	for _, n := range all {
		x := Means{Kind: n.Kind, Quantity: n.Quantity, Place: n.Place, Note: n.Note}
		for _, l := range lent {
			if l.Title == n.Capacity && l.Kind == n.Kind {
				x.Capacity = l.ID
			}
		}
		out = append(out, x)
	}
	return out
}

func (s *scene) audience() access.Audience {
	var all []access.Principal
	for _, p := range s.Audience {
		switch kind, name, _ := strings.Cut(p, ":"); kind {
		case "structure":
			all = append(all, access.Structure(s.ids[name]))
		case "person":
			all = append(all, access.Person(s.people[name].Person))
		default:
			all = append(all, access.Principal(p))
		}
	}
	return access.AudienceOf(s.ids[s.Structure], all...)
}
