package directory_test

import (
	"context"
	"testing"

	"cadre/core/circle"
	"cadre/directory"
	"cadre/kit/db"
)

// The tally follows every fact through its life, and counts the same when it is made anew.
func TestTheTallyFollowsTheFacts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx, focal := context.Background(), w.as("focal@cnad.example")
		w.agrees("at first")
		in := directory.Input{Title: "Essai", Theme: "DRG-TRA", Place: "TG-S-TONE-1", Choice: circle.Choice{Marking: "green", Audience: []string{"members"}},
			Fact: &directory.Mission{Role: "leads"}}
		r, err := w.Directory.AddByPath(ctx, focal, "cnad", "missions", in)
		w.done(err)
		w.agrees("a mission added")
		in.Theme, in.Place, in.Fact = "ARM", "TG", &directory.Mission{Role: "supports"}
		in.Choice = circle.Choice{Marking: "clear", Audience: []string{"public"}}
		r, err = w.Directory.AmendFact(ctx, focal, r.ID, 1, in)
		w.done(err)
		w.agrees("amended: another theme, place, role and circle")
		for i, verb := range []string{"withdrawn", "restored"} {
			r, err = w.Directory.Turn(ctx, focal, r.ID, verb, int64(2+i))
			w.done(err)
			w.agrees(verb)
		}
		y := directory.Input{Title: "Essai", Place: "TG-K", Choice: in.Choice, Fact: &directory.Capacity{Kind: "trainers", FreeFrom: "2026", Busy: []string{"2026-03"}}}
		_, err = w.Directory.AddByPath(ctx, focal, "cnad", "moyens", y)
		w.done(err)
		w.agrees("a capacity added")
		before := w.tally()
		w.done(w.Directory.Recount(ctx))
		w.agrees("counted again")
		if after := w.tally(); after != before {
			t.Errorf("counted again, %d stand in the matrix; before, %d", after, before)
		}
	})
}

// What facts are looked up by and counted in is proved: each way of falsifying it is found.
func TestVerifyFindsFactsLookedUpOtherwiseThanTheySay(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx, focal := context.Background(), w.as("focal@cnad.example")
		in := directory.Input{Title: "Essai", Place: "TG-K", Choice: circle.Choice{Marking: "clear", Audience: []string{"public"}},
			Fact: &directory.Capacity{Kind: "trainers", FreeFrom: "2026", Busy: []string{"2026-03", "2026-05", "2026-03"}}}
		_, err := w.Directory.AddByPath(ctx, focal, "cnad", "moyens", in)
		w.done(err)
		w.agrees("a capacity added")
		for _, alter := range []string{
			`UPDATE directory_tally SET n = n + 1 WHERE axis = 'place' AND head = 'TG' AND scope = '' AND role = ''`,
			`DELETE FROM directory_tally WHERE axis = 'lead'`,
			`UPDATE directory_fact SET theme = 'ARM' WHERE theme = 'DRG'`,
			`UPDATE directory_fact SET marking = 0 WHERE marking > 0`,
			`UPDATE directory_fact SET audience_id = (SELECT min(audience_id) FROM directory_fact)`,
			`UPDATE directory_fact SET position = position || 'x' WHERE theme = 'DRG'`,
			`UPDATE directory_fact SET role = 'supports' WHERE role = 'leads'`,
			`UPDATE directory_fact SET free_from = '' WHERE free_from <> ''`,
			`UPDATE directory_busy SET last_day = '2026-12-31' WHERE first_day = '2026-05-01'`,
			`DELETE FROM directory_busy`,
		} {
			found := 0
			undone(t, w, alter, func(tx *db.Tx) error {
				all, err := w.Directory.Verify(ctx, tx)
				found = len(all)
				return err
			})
			if found == 0 {
				t.Errorf("not found: %s", alter)
			}
		}
	})
}

// publicly is what everybody may read.
var publicly = circle.Choice{Marking: "clear", Audience: []string{"public"}}

func (w world) done(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w world) agrees(when string) {
	w.t.Helper()
	if n := w.findings(); n > 0 {
		w.t.Errorf("%s: the tally does not say what the facts do", when)
	}
}

func (w world) findings() (n int) {
	w.t.Helper()
	w.done(w.DB.Read(context.Background(), func(tx *db.Tx) error {
		all, err := w.Directory.Verify(context.Background(), tx)
		n = len(all)
		return err
	}))
	return n
}

func (w world) tally() (n int) {
	w.t.Helper()
	w.done(w.DB.Read(context.Background(), func(tx *db.Tx) (err error) {
		n, err = db.Value[int](context.Background(), tx, `SELECT CAST(sum(n) AS bigint) FROM directory_tally`)
		return err
	}))
	return n
}
