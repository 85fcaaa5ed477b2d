package journal

import (
	"context"
	"encoding/json"

	"cadre/kit/db"
)

// ErasedAction is the action of the entry that an erasure leaves.
const ErasedAction = "journal.content.erased"

type erasure struct {
	Entries []int64 `json:"entries"`
	Reason  string  `json:"reason"`
}

// Erase forgets the content and the salt of every entry about a subject, as the law
// on personal data asks (loi n° 2019-014, droit à l’effacement), and says so in the
// journal. The tree holds commitments only: it stays whole.
func (a *Act) Erase(ctx context.Context, subject, reason string) error {
	if err := a.flush(ctx); err != nil {
		return err
	}
	entries, err := db.Values[int64](ctx, a.Tx, `SELECT n FROM journal_entry WHERE subject = $1 AND content IS NOT NULL ORDER BY n`, subject)
	if err != nil {
		return err
	}
	if _, err := a.Exec(ctx, `UPDATE journal_entry SET salt = NULL, content = NULL WHERE subject = $1`, subject); err != nil {
		return err
	}
	return a.Record(ctx, ErasedAction, "erasure:"+subject, 0, erasure{entries, reason})
}

func (e Entry) erasedEntries() []int64 {
	var x erasure
	if e.Action != ErasedAction || json.Unmarshal([]byte(e.Content), &x) != nil {
		return nil
	}
	return x.Entries
}
