package intake

import (
	"context"
	"errors"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/kit/db"
	"cadre/kit/fault"
)

// lasts is how long a file waits for its sender.
const lasts = 24 * time.Hour

// waiting is a file between the steps of its import.
type waiting struct {
	Name    string
	File    []byte
	Columns []string
	Choice  circle.Choice
	Expires time.Time
}

func (w *waiting) fields() []any {
	return []any{&w.Name, &w.File, db.JSON(&w.Columns), db.JSON(&w.Choice), db.Instant(&w.Expires)}
}

// find reads the viewer's own file that waits at a desk, or a fault that says to send one.
func (m *Module) find(ctx context.Context, tx *db.Tx, v access.Viewer, d Desk) (waiting, error) {
	w, err := db.One(ctx, tx, (*waiting).fields, `
		SELECT name, file, columns, choice, expires_at FROM intake WHERE person_id = $1 AND structure_id = $2 AND kind = $3`,
		v.Person, d.Owner, d.Kind)
	if errors.Is(err, db.ErrNone) || err == nil && !m.Clock.Now().Before(w.Expires) {
		err = fault.New(fault.Conflict, "Aucun fichier n’attend ici : il a été importé, ou il attendait depuis plus d’un jour. Envoyez-le de nouveau.")
	}
	return w, err
}

// keep keeps a file for its sender, in place of the one that waited at the same desk.
func (m *Module) keep(ctx context.Context, tx *db.Tx, v access.Viewer, d Desk, w waiting) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO intake (person_id, structure_id, kind, name, file, columns, choice, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (person_id, structure_id, kind) DO UPDATE SET name = excluded.name, file = excluded.file,
			columns = excluded.columns, choice = excluded.choice, expires_at = excluded.expires_at`,
		v.Person, d.Owner, d.Kind, w.Name, w.File, db.JSON(w.Columns), db.JSON(w.Choice), m.Clock.Now().Add(lasts))
	return err
}

// drop removes the viewer's file from a desk.
func drop(ctx context.Context, tx *db.Tx, v access.Viewer, d Desk) error {
	_, err := tx.Exec(ctx, `DELETE FROM intake WHERE person_id = $1 AND structure_id = $2 AND kind = $3`, v.Person, d.Owner, d.Kind)
	return err
}

// remembered is what the institution said before of the titles of its files, by their fold.
func remembered(ctx context.Context, tx *db.Tx, d Desk) (map[string]string, error) {
	type row struct{ title, name string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.title, &r.name} },
		`SELECT title, name FROM intake_title WHERE structure_id = $1 AND kind = $2`, d.Owner, d.Kind)
	all := make(map[string]string, len(rows))
	for _, r := range rows {
		all[r.title] = r.name
	}
	return all, err
}

// remember keeps what somebody of the institution says of the titles of a file. So many are
// kept as a few files have: beyond, all of them are forgotten.
func remember(ctx context.Context, tx *db.Tx, d Desk, meanings map[string]string) error {
	const most = 1000
	n, err := db.Value[int](ctx, tx, `SELECT count(*) FROM intake_title WHERE structure_id = $1 AND kind = $2`, d.Owner, d.Kind)
	if err == nil && n > most {
		_, err = tx.Exec(ctx, `DELETE FROM intake_title WHERE structure_id = $1 AND kind = $2`, d.Owner, d.Kind)
	}
	for _, title := range sortedNames(meanings) {
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO intake_title (structure_id, kind, title, name) VALUES ($1, $2, $3, $4)
			ON CONFLICT (structure_id, kind, title) DO UPDATE SET name = excluded.name`, d.Owner, d.Kind, title, meanings[title])
	}
	return err
}

// Forget removes the files that have waited for a day.
func (m *Module) Forget(ctx context.Context) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM intake WHERE expires_at <= $1`, m.Clock.Now())
		return err
	})
}
