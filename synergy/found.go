package synergy

import (
	"context"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/id"
	"cadre/packs/demo"
)

// Past is what the institutions of the demonstration answered before now. ids are the identifiers of
// institutions by slug, people its persons by address, activities the identifiers of activities by
// title, once these are written.
func (m *Module) Past(ctx context.Context, d *demo.Demonstration, now time.Time, ids map[string]string, people map[string]access.Viewer, activities map[string]string) []journal.Happening {
	var all []journal.Happening
	for _, x := range d.Answers {
		all = append(all, journal.Happening{At: now.AddDate(0, 0, -x.AnsweredDaysAgo), By: people[demo.Focal(x.Structure)], Do: func(act *journal.Act) error {
			return m.pretend(ctx, act, x, now, ids[x.Structure], activities)
		}})
	}
	return all
}

func (m *Module) pretend(ctx context.Context, act *journal.Act, x demo.Answer, now time.Time, structure string, activities map[string]string) error {
	a := Answer{ID: id.New(), Structure: structure, Kind: Overlapping, Points: x.Points, Verdict: Verdict(x.Verdict), Reason: Motive(x.Reason),
		Days: x.Days, Money: x.Money, Version: 1, At: act.At}
	a.First, a.Second = pairOf(activities[x.Own], activities[x.Other])
	if err := put(ctx, act.Tx, a); err != nil {
		return err
	}
	if _, err := act.Exec(ctx, `INSERT INTO synergy_notice (first_id, second_id, at) VALUES ($1, $2, $3)`, a.First, a.Second, now.AddDate(0, 0, -x.SeenDaysAgo)); err != nil {
		return err
	}
	return act.Record(ctx, "synergy.pair."+x.Verdict, a.ID, 1, a)
}
