package synergy

import (
	"context"

	"cadre/core/journal"
	"cadre/kit/id"
	"cadre/packs/demo"
)

// Demonstrate adds what the institutions of the demonstration have answered already. ids are the
// identifiers of institutions by slug, activities those of activities by title.
func (m *Module) Demonstrate(ctx context.Context, act *journal.Act, d *demo.Demonstration, ids, activities map[string]string) error {
	for _, x := range d.Answers {
		a := Answer{ID: id.New(), Structure: ids[x.Structure], Kind: Overlapping, Points: x.Points, Verdict: Verdict(x.Verdict), Reason: Motive(x.Reason),
			Days: x.Days, Money: x.Money, Version: 1, At: act.At.AddDate(0, 0, -x.AnsweredDaysAgo)}
		a.First, a.Second = pairOf(activities[x.Own], activities[x.Other])
		if err := put(ctx, act.Tx, a); err != nil {
			return err
		}
		if _, err := act.Exec(ctx, `INSERT INTO synergy_notice (first_id, second_id, at) VALUES ($1, $2, $3)`, a.First, a.Second, act.At.AddDate(0, 0, -x.SeenDaysAgo)); err != nil {
			return err
		}
		if err := act.Record(ctx, "synergy.pair."+x.Verdict, a.ID, 1, a); err != nil {
			return err
		}
	}
	return nil
}
