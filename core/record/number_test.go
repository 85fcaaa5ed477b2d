package record_test

import (
	"regexp"
	"testing"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
)

// Numbers are of one record each, and their order tells nothing of how many there are.
func TestNumbersAreDrawn(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		form := regexp.MustCompile(`^CNAD-ACT-2026-\d{4}$`)
		seen, rising := map[string]bool{}, 0
		last := ""
		for range 60 {
			r := record.Record{Kind: "test.note", Title: "Note", Owner: "cnad", Marking: access.Clear}
			h.must(h.log.Write(ctx, cnad, func(act *journal.Act) error {
				drawn, err := record.Numbers(ctx, act, "cnad", "ACT", 2026, 1)
				if err != nil {
					return err
				}
				r.Number = drawn[0]
				return record.Create(ctx, act, &r, "test.note.added", nil, "")
			}))
			if !form.MatchString(r.Number) || seen[r.Number] {
				t.Fatalf("number %q, seen before: %v", r.Number, seen[r.Number])
			}
			if r.Number > last {
				rising++
			}
			seen[r.Number], last = true, r.Number
		}
		if rising > 50 {
			t.Errorf("%d of 60 numbers rise: their order tells of their count", rising)
		}
	})
}

// A long list of numbers holds none twice, and none that is taken.
func TestManyNumbersAreDrawnAtOnce(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.must(h.log.Write(ctx, cnad, func(act *journal.Act) error {
			seen := map[string]bool{}
			for range 4 {
				drawn, err := record.Numbers(ctx, act, "cnad", "ACT", 2026, 200)
				if err != nil {
					return err
				}
				for _, number := range drawn {
					if seen[number] {
						t.Errorf("%s is drawn twice", number)
					}
					seen[number] = true
					r := record.Record{Kind: "test.note", Number: number, Title: "Note", Owner: "cnad", Marking: access.Clear}
					if err := record.Create(ctx, act, &r, "test.note.added", nil, ""); err != nil {
						return err
					}
				}
			}
			return nil
		}))
	})
}
