package account

import (
	"context"
	"errors"
	"time"

	"cadre/kit/db"
)

// apart is how long somebody is away before coming back is another visit.
const apart = 4 * time.Hour

// visit notes that a person is here. It changes when they were here before once a visit at most,
// however many sessions they open.
func visit(ctx context.Context, tx *db.Tx, personID string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO person_visit (person_id, seen_at) VALUES ($1, $2)
		ON CONFLICT (person_id) DO UPDATE SET seen_at = excluded.seen_at,
			before_at = CASE WHEN excluded.seen_at - person_visit.seen_at >= $3 THEN person_visit.seen_at ELSE person_visit.before_at END`,
		personID, at, apart.Microseconds())
	return err
}

// LastVisit is when a person was here before this time; zero when they never were.
func (m *Module) LastVisit(ctx context.Context, tx *db.Tx, personID string) (time.Time, error) {
	at, err := db.One(ctx, tx, func(t *time.Time) []any { return []any{db.Instant(t)} }, `SELECT before_at FROM person_visit WHERE person_id = $1`, personID)
	if errors.Is(err, db.ErrNone) {
		err = nil
	}
	return at, err
}
