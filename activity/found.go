package activity

import (
	"context"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/form"
	"cadre/kit/id"
	"cadre/packs/demo"
)

// Demonstrate adds the activities that the demonstration invents, as they stand on the
// day on which it is founded, and returns their identifiers by title. ids are the identifiers of institutions by slug, people those of its persons by address.
func (m *Module) Demonstrate(ctx context.Context, act *journal.Act, d *demo.Demonstration, ids, people map[string]string) (map[string]string, error) {
	titled := map[string]string{}
	for _, x := range d.Activities {
		id, err := m.pretend(ctx, act, x, ids, people)
		if err != nil {
			return nil, fmt.Errorf("demonstration: %s: %w", x.Title, err)
		}
		titled[x.Title] = id
	}
	return titled, nil
}

func (m *Module) pretend(ctx context.Context, act *journal.Act, x demo.Activity, ids, people map[string]string) (recordID string, err error) {
	s := scene{x, ids, people, act.At.In(m.Zone)}
	marking, err := access.ParseMarking(x.Marking)
	if err != nil {
		return "", err
	}
	f := Found{record.Record{Kind: Kind, Owner: ids[x.Structure], State: x.State, Title: x.Title, Themes: x.Themes, Places: x.Places, Marking: marking}, s.activity()}
	f.Audience = s.audience()
	if x.State != Idea {
		if marking != access.Red { // the people named read it, and they sign
			f.Audience = f.audience(f.Audience)
		}
		f.Signatures = s.signatures(f)
	}
	if f.concluded() {
		f.State, _ = Life.Auto(f.State, "committed")
	}
	f.Number = s.number()
	if err := record.Create(ctx, act, &f.Record, "activity.activity.drafted", f.Activity, f.words()); err != nil {
		return "", err
	}
	return f.ID, index(ctx, act, f.Record, f.Activity)
}

// scene is an invented activity with what its words stand for.
type scene struct {
	demo.Activity
	ids, people map[string]string
	now         time.Time
}

// number is one that every demonstration gives to the activity, so that what is written about it can be found in another.
func (s scene) number() string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s.Title)) // it never fails
	return fmt.Sprintf("%s-ACT-%d-%04d", strings.ToUpper(s.Structure), s.now.Year(), h.Sum32()%10_000)
}

func (s scene) day(in int) form.Date { return form.DateOf(s.now.AddDate(0, 0, in)) }

func (s scene) activity() Activity {
	a := Activity{Fictitious: true, Plan: Plan{Purpose: s.Purpose, Type: s.Type, Publics: s.Publics, Targeted: people(s.Targeted), Period: s.period(),
		Needs: s.means(s.Needs), Offers: s.means(s.Offers), Risks: s.Risks, Outside: strings.Join(s.Outside, ", ")}}
	for _, p := range s.Partners {
		a.Partners = append(a.Partners, Partner{s.ids[p.Structure], Role(p.Role)})
	}
	for _, r := range s.Results {
		reached := ""
		if r.Reached != nil {
			reached = strconv.Itoa(*r.Reached)
		}
		a.Results = append(a.Results, Result{r.Text, r.Indicator, strconv.Itoa(r.Baseline), strconv.Itoa(r.Target), reached})
	}
	for _, t := range s.Tasks {
		a.Tasks = append(a.Tasks, Task{id.New(), t.Title, s.ids[t.Structure], s.day(t.DueInDays), TaskState(t.State)})
	}
	for _, l := range s.Budget {
		a.Budget = append(a.Budget, BudgetLine{l.Label, int64(l.Amount), l.Funder, l.Secured})
	}
	if s.Report != nil {
		spent := int64(s.Report.Spent)
		a.Report = &Report{Reached: people(s.Report.Count), Spent: &spent, Summary: s.summary(), Difficulties: s.Report.Difficulties, Lesson: s.Report.Lesson,
			At: s.now.AddDate(0, 0, min(0, s.StartInDays+s.Days+10)), By: s.focal(s.Structure)}
	}
	if s.Reason != "" {
		a.Interruption = &Interruption{s.Reason, s.now.AddDate(0, 0, min(0, s.StartInDays)), Committed}
	}
	if s.State == Concertation {
		a.SignBy = s.day(14)
	}
	return a
}

// people are as many as are said; nobody at all is not said.
func people(c demo.Count) People {
	if c == (demo.Count{}) {
		return People{}
	}
	return People{&c.Women, &c.Men}
}

// summary says what was done, from the results that were reached.
func (s scene) summary() string {
	words := "L’activité s’est tenue aux dates et aux lieux prévus."
	for _, r := range s.Results {
		if r.Reached != nil {
			words += fmt.Sprintf(" %s : %d pour %d visés (%s).", r.Text, *r.Reached, r.Target, r.Indicator)
		}
	}
	return words
}

func (s scene) focal(slug string) string { return s.people["focal@"+slug+".example"] }

// period is as precise as its authors know.
func (s scene) period() Period {
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

func (s scene) means(all []demo.Means) []Means {
	var out []Means
	for _, m := range all {
		out = append(out, Means{Kind: m.Kind, Quantity: m.Quantity, Place: m.Place, Note: m.Note})
	}
	return out
}

func (s scene) audience() access.Audience {
	var all []access.Principal
	for _, p := range s.Audience {
		switch kind, name, _ := strings.Cut(p, ":"); kind {
		case "structure":
			all = append(all, access.Structure(s.ids[name]))
		case "person":
			all = append(all, access.Person(s.people[name]))
		default:
			all = append(all, access.Principal(p))
		}
	}
	return access.AudienceOf(s.ids[s.Structure], all...)
}

// signatures are what the signatories had answered before the demonstration began.
func (s scene) signatures(f Found) []Signature {
	asked := s.now.AddDate(0, 0, min(-12, s.StartInDays-40))
	var all []Signature
	for _, structure := range f.signatories(f.Owner) {
		q := Signature{Structure: structure, Verdict: Awaited, Asked: asked}
		slug, verdict, words := s.Structure, string(Signed), ""
		for _, p := range s.Partners {
			if s.ids[p.Structure] == structure {
				slug, verdict, words = p.Structure, p.Verdict, p.Reservation
			}
		}
		if verdict != "" {
			q = Signature{Structure: structure, Verdict: Verdict(verdict), Text: words, Version: 1, Terms: f.Terms(structure),
				Person: s.focal(slug), Function: access.Focal, At: asked.AddDate(0, 0, 3), Asked: asked}
		}
		all = append(all, q)
	}
	return all
}
