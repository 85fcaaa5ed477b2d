package record

import (
	"context"
	"fmt"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
)

// line is a line of the tally without its number: under each facet (none, theme, place) a
// record is counted once for each of its codes.
type line struct {
	audience, kind, state, facet, code, owner string
	marking                                   access.Marking
}

func (l *line) fields() []any {
	return []any{&l.audience, &l.kind, &l.state, &l.facet, &l.code, &l.marking, &l.owner}
}

// added is what a transaction adds to the tally.
type added map[line]int64

func adding(act *journal.Act) added { return db.Gather(act.Tx, func() added { return added{} }) }

// enter counts the record in.
func (r *Record) enter(act *journal.Act) {
	in := adding(act)
	l := line{audience: r.audienceID, kind: r.Kind, state: r.State, owner: r.Owner, marking: r.Marking}
	in[l]++
	for facet, codes := range map[string][]string{"theme": r.Themes, "place": r.Places} {
		for _, code := range codes {
			l.facet, l.code = facet, code
			in[l]++
		}
	}
}

// leave counts the record out, as it is stored, and returns the lines on which it stood.
func (r *Record) leave(ctx context.Context, act *journal.Act) ([]line, error) {
	all, err := db.All(ctx, act.Tx, (*line).fields, `
		SELECT audience_id, kind, state, facet, code, marking, owner_id FROM record, (SELECT '' AS facet, '' AS code
			UNION ALL SELECT 'theme', theme FROM record_theme WHERE record_id = $1
			UNION ALL SELECT 'place', place FROM record_place WHERE record_id = $1) facets
		WHERE id = $1 ORDER BY facet, code`, r.ID)
	out := adding(act)
	for _, l := range all {
		out[l]--
	}
	return all, err
}

// Store adds all of it, and forgets what counts nothing any more.
func (a added) Store(ctx context.Context, tx *db.Tx) error {
	var rows [][]any
	fewer := false
	for l, by := range a {
		if by != 0 {
			rows = append(rows, []any{l.audience, l.kind, l.state, l.facet, l.code, l.marking, l.owner, by})
		}
		fewer = fewer || by < 0
	}
	err := tx.Insert(ctx, `INSERT INTO record_tally (audience_id, kind, state, facet, code, marking, owner_id, n) VALUES`, rows,
		` ON CONFLICT (audience_id, kind, state, facet, code, marking, owner_id) DO UPDATE SET n = record_tally.n + excluded.n`)
	if err == nil && fewer {
		_, err = tx.Exec(ctx, `DELETE FROM record_tally WHERE n = 0`)
	}
	return err
}

// Count counts the visible records: it reads a few lines for each audience that the
// viewer is in, however many records there are, unless the filter has both a theme and a place.
func Count(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter) (int, error) {
	where, args := f.where(v)
	if f.Theme != "" && f.Place != "" {
		return db.Value[int](ctx, tx, `SELECT count(*) FROM record WHERE `+where, args...)
	}
	facet, code := "", ""
	switch {
	case f.Theme != "":
		facet, code = "theme", f.Theme
	case f.Place != "":
		facet, code = "place", f.Place
	}
	where, args = Filter{Kind: f.Kind, Owner: f.Owner, State: f.State, Except: f.Except}.where(v)
	return db.Value[int](ctx, tx, fmt.Sprintf(`
		SELECT CAST(coalesce(sum(record.n), 0) AS bigint) FROM record_tally record
		WHERE `+where+` AND record.facet = $%d AND record.code = $%d`, len(args)+1, len(args)+2), append(args, facet, code)...)
}

// Themed is that an institution owns visible records on a theme.
type Themed struct{ Owner, Theme string }

// Themes lists the themes of the visible records of a kind in a state, in no order.
func Themes(ctx context.Context, tx *db.Tx, v access.Viewer, kind, state string) ([]Themed, error) {
	return db.All(ctx, tx, func(t *Themed) []any { return []any{&t.Owner, &t.Theme} }, `
		SELECT DISTINCT record.owner_id, record.code FROM record_tally record
		WHERE `+access.Visible+` AND record.kind = $3 AND record.state = $4 AND record.facet = 'theme'`, v.Args(kind, state)...)
}

// Tallied is how many visible records of a kind stand in a state, by institution and by
// code of a facet: theme, place, or none.
type Tallied struct {
	State, Owner, Facet, Code string
	N                         int
}

// Tallies counts the visible records of a kind along all that the tally knows, in no order.
func Tallies(ctx context.Context, tx *db.Tx, v access.Viewer, kind string) ([]Tallied, error) {
	return db.All(ctx, tx, func(t *Tallied) []any { return []any{&t.State, &t.Owner, &t.Facet, &t.Code, &t.N} }, `
		SELECT record.state, record.owner_id, record.facet, record.code, CAST(sum(record.n) AS bigint) FROM record_tally record
		WHERE `+access.Visible+` AND record.kind = $3
		GROUP BY record.state, record.owner_id, record.facet, record.code`, v.Args(kind)...)
}

// miscounted names the institutions of which the tally does not say what their records do.
func miscounted(ctx context.Context, tx *db.Tx) ([]string, error) {
	const same = `kind, state, marking, owner_id`
	return db.Values[string](ctx, tx, `
		SELECT DISTINCT owner_id FROM (SELECT owner_id FROM (
			SELECT audience_id, '' AS facet, '' AS code, `+same+`, 1 AS n FROM record
			UNION ALL SELECT audience_id, 'theme', theme, `+same+`, 1 FROM record JOIN record_theme ON record_id = id
			UNION ALL SELECT audience_id, 'place', place, `+same+`, 1 FROM record JOIN record_place ON record_id = id
			UNION ALL SELECT audience_id, facet, code, `+same+`, -n FROM record_tally) counted
		GROUP BY audience_id, facet, code, `+same+` HAVING sum(n) <> 0) wrong ORDER BY owner_id`)
}
