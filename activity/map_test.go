package activity_test

import (
	"testing"

	"cadre/activity"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/page"
)

// TestTheMapCountsWhatTheListShows: whoever looks, the number of a préfecture is that of the list to which it leads.
func TestTheMapCountsWhatTheListShows(t *testing.T) {
	eachWorld(t, func(w world) {
		in := w.idea()
		in.Places = []string{"TG-S-TONE-1", "TG-S-TONE-2", "TG-K"} // two communes of one préfecture, and a region
		f := w.drafted(in)
		first, _ := f.Period.Days()
		for _, reader := range []string{"", "focal@cnad.example", "decideur@gouv.example"} {
			for _, choice := range []activity.Choice{{}, {Period: form.Date.String(first)[:4]}, {Theme: "DRG"}} {
				v := w.as(reader)
				count := func(c activity.Choice) int {
					found, err := w.Activities.List(ctx, v, w.Activities.Filter(c, nil), page.Request{Limit: 1})
					must(w.TB, err)
					return found.Total
				}
				var s activity.Spread
				must(w.TB, w.DB.Read(ctx, func(tx *db.Tx) (err error) {
					s, err = w.Activities.Spread(ctx, tx, v, w.Activities.Filter(choice, nil))
					return err
				}))
				if want := count(choice); s.Total != want {
					w.Errorf("%s, %+v: %d activities, the list has %d", reader, choice, s.Total, want)
				}
				for _, code := range w.Activities.Atlas.Codes() {
					there := choice
					there.Place = code
					if want := count(there); s.Counts[code] != want {
						w.Errorf("%s, %+v: %d, the list has %d", reader, there, s.Counts[code], want)
					}
				}
				if s.Wide > s.Total {
					w.Errorf("%s: %d of %d are wide", reader, s.Wide, s.Total)
				}
			}
		}
	})
}
