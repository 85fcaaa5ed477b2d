package accord

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

// Past is what was agreed in the demonstration before now, and what came of it. ids are its institutions
// by slug, people its persons by address, activities the identifiers of activities by title, once these are written.
func (m *Module) Past(ctx context.Context, d *demo.Demonstration, now time.Time, ids map[string]string, people map[string]access.Viewer, activities map[string]string) []journal.Happening {
	var all []journal.Happening
	for _, x := range d.Accords {
		var written Found
		happen := func(daysAgo int, slug string, do func(*journal.Act) error) {
			all = append(all, journal.Happening{At: now.AddDate(0, 0, -daysAgo), By: people[demo.Focal(slug)], Do: do})
		}
		change := func(daysAgo int, slug, verb string, rule func(*journal.Act, *Found) error) {
			happen(daysAgo, slug, func(act *journal.Act) error {
				_, err := alter(ctx, act, written.ID, 0, verb, rule)
				return err
			})
		}
		happen(x.WrittenDaysAgo, x.Structure, func(act *journal.Act) (err error) {
			written, err = m.writeAs(ctx, act, number(x, act.At.In(m.Zone).Year()), m.pretended(x, ids, now))
			return err
		})
		change(x.SignedDaysAgo, x.Structure, enforced, func(act *journal.Act, f *Found) error {
			return turning(act.By, enforced, Stated{}, m.today())(act, f)
		})
		for i, c := range x.Clauses {
			if c.State != "" {
				change(c.MovedDaysAgo, c.Structure, moved, func(act *journal.Act, f *Found) error {
					return moving(act.By, f.Clauses[i].ID, Moving{ClauseState(c.State), c.Note})(act, f)
				})
			}
		}
		if x.ExecutedBy != "" {
			happen(0, x.Structure, func(act *journal.Act) error { return execute(ctx, act, activities[x.ExecutedBy], written.ID) })
		}
	}
	return all
}

// pretended is what the demonstration says of an accord.
func (m *Module) pretended(x demo.Accord, ids map[string]string, now time.Time) Drafting {
	day := func(in int) form.Date { return form.DateOf(now.In(m.Zone).AddDate(0, 0, in)) }
	in := Drafting{Title: x.Title, Choice: circle.Choice{Marking: x.Marking, Audience: x.Audience},
		Pact: Pact{Sort: Sort(x.Sort), Object: x.Object, Outside: x.Outside, SignedOn: day(-x.SignedDaysAgo), From: day(-x.SignedDaysAgo), Tacit: x.Tacit}}
	if x.UntilInDays != 0 {
		in.Until = day(x.UntilInDays)
	}
	for _, slug := range x.Parties {
		in.Parties = append(in.Parties, ids[slug])
	}
	for _, c := range x.Clauses {
		duty := Duty{Text: c.Text, Structure: ids[c.Structure]}
		if c.DueInDays != 0 {
			duty.Due = day(c.DueInDays)
		}
		in.Clauses = append(in.Clauses, duty)
	}
	return in
}

// execute ties an activity to the accord that it serves.
func execute(ctx context.Context, act *journal.Act, activity, accord string) error {
	from, err := record.Find(ctx, act.Tx, act.By, activity)
	if err != nil {
		return err
	}
	to, err := record.Find(ctx, act.Tx, act.By, accord, Kind)
	if err != nil {
		return err
	}
	return record.Link(ctx, act, from, record.Serves, to)
}

// number is one that every demonstration of a year gives to the accord, so that what is written about it can be found in another.
func number(x demo.Accord, year int) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(x.Title)) // it never fails
	return fmt.Sprintf("%s-ACC-%d-%04d", strings.ToUpper(x.Structure), year, h.Sum32()%10_000)
}
