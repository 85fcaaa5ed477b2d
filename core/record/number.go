package record

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"cadre/core/journal"
	"cadre/kit/db"
)

// numberTries bounds the draws of a number. With half of a year's numbers taken, all
// of them fail once in a thousand billion.
const numberTries = 40

// Numbers draws official numbers for records of an institution, a few hundred at most, such
// as « CNAD-ACT-2026-4821 ». The digits are drawn among those that are free and do not
// follow each other: a series would tell how many records are hidden between two
// that one may see. They grow by two when a year of an institution is crowded.
func Numbers(ctx context.Context, act *journal.Act, institution, kind string, year, n int) ([]string, error) {
	prefix := fmt.Sprintf("%s-%s-%d-", strings.ToUpper(institution), kind, year)
	var free []string
	for try := range numberTries {
		digits, most := 4, 10_000
		if try >= numberTries/2 {
			digits, most = 6, 1_000_000
		}
		drawn := make([]string, n-len(free))
		for i := range drawn {
			drawn[i] = fmt.Sprintf("%s%0*d", prefix, digits, rand.N(most)) // #nosec G404 -- unique is enough, nobody gains by guessing
		}
		taken, err := db.Values[string](ctx, act.Tx, `SELECT number FROM record WHERE number <> '' AND number IN json_list($1)`, db.JSON(drawn))
		if err != nil {
			return nil, err
		}
		for _, number := range drawn {
			if !slices.Contains(taken, number) && !slices.Contains(free, number) {
				free = append(free, number)
			}
		}
		if len(free) == n {
			return free, nil
		}
	}
	return nil, fmt.Errorf("no free number under %s", prefix)
}
