package call

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/form"
	"cadre/packs/demo"
)

// Past is what was asked for in the demonstration before now, and what came of it. people are its
// persons by address, activities the identifiers of activities by title, once these are written.
func (m *Module) Past(ctx context.Context, d *demo.Demonstration, now time.Time, people map[string]access.Viewer, activities map[string]string) []journal.Happening {
	var all []journal.Happening
	for _, x := range d.Calls {
		asked := ""
		happen := func(daysAgo int, by string, do func(*journal.Act) error) {
			all = append(all, journal.Happening{At: now.AddDate(0, 0, -daysAgo), By: people[by], Do: do})
		}
		happen(x.AskedDaysAgo, x.By(), func(act *journal.Act) error {
			f, err := m.openAs(ctx, act, number(x, act.At.In(m.Zone).Year()), m.pretended(x, now))
			asked = f.ID
			return err
		})
		for _, r := range x.Refusals {
			happen(r.DaysAgo, demo.Focal(r.Structure), func(act *journal.Act) error {
				_, err := alter(ctx, act, asked, 0, "refused", refusing(act.By, r.Reason))
				return err
			})
		}
		if x.AnsweredBy != "" {
			happen(0, demo.Focal(x.Structure), func(act *journal.Act) error { return m.answer(ctx, act, activities[x.AnsweredBy], asked) })
		}
		if x.Closed != "" {
			happen(x.ClosedDaysAgo, x.By(), func(act *journal.Act) error {
				_, err := alter(ctx, act, asked, 0, "closed", turning(act.By, "closed", Reasoned{x.Closed}))
				return err
			})
		}
	}
	return all
}

// pretended is what the demonstration says of a call.
func (m *Module) pretended(x demo.Call, now time.Time) Request {
	in := Request{Title: x.Title, Theme: x.Theme, Place: x.Place, Plan: Plan{Why: x.Why}, Choice: circle.Choice{Marking: x.Marking, Audience: x.Audience}}
	if x.ToInDays > 0 {
		day := func(in int) form.Date { return form.DateOf(now.In(m.Zone).AddDate(0, 0, in)) }
		in.From, in.To = day(x.FromInDays), day(x.ToInDays)
	}
	return in
}

// answer ties an activity to the call that it serves.
func (m *Module) answer(ctx context.Context, act *journal.Act, activity, call string) error {
	from, err := record.Find(ctx, act.Tx, act.By, activity)
	if err != nil {
		return err
	}
	to, err := record.Find(ctx, act.Tx, act.By, call, Kind)
	if err != nil {
		return err
	}
	return record.Link(ctx, act, from, record.Serves, to)
}

// number is one that every demonstration of a year gives to the call, so that what is written about it can be found in another.
func number(x demo.Call, year int) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(x.Title)) // it never fails
	return fmt.Sprintf("%s-APP-%d-%04d", strings.ToUpper(x.Structure), year, h.Sum32()%10_000)
}
