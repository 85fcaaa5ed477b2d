package journal

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"cadre/kit/db"
	"cadre/kit/text"
)

// Kept is a row that a room keeps besides the records.
type Kept struct {
	Subject string // of its entries
	Version int64
	Content any // as the entries hold it
}

// Agree proves that the rows of a room are what the last entries of its actions say of them, and
// that none is missing. After the action gone, if there is one, no row is kept. thing names a row
// by its subject, with a sentence’s key: « La réponse %s ».
func Agree(ctx context.Context, tx *db.Tx, rows []Kept, thing, gone string, actions ...string) ([]Finding, error) {
	last := map[string]Entry{}
	err := Each(ctx, tx, func(e Entry) error {
		last[e.Subject] = e
		return nil
	}, append(actions, gone)...)
	if err != nil {
		return nil, err
	}
	var all []Finding
	for _, r := range rows {
		e := last[r.Subject]
		if now, err := json.Marshal(r.Content); err != nil || e.Action == gone || e.Version != r.Version || e.Content != string(now) {
			all = append(all, Finding{e.N, r.Subject, text.M("%s ne dit plus ce que dit le journal.", text.M(thing, r.Subject))})
		}
		delete(last, r.Subject)
	}
	for _, subject := range slices.Sorted(maps.Keys(last)) {
		if e := last[subject]; e.Action != gone {
			all = append(all, Finding{e.N, subject, text.M("%s, du journal, manque dans la base.", text.M(thing, subject))})
		}
	}
	return all, nil
}
