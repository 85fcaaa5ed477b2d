package record

import (
	"context"
	"fmt"
	"strings"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
)

// A record is counted under the empty facet, and under one for each of its themes and
// places: this, and a code.
const (
	OfTheme = "theme:"
	OfPlace = "place:"
)

// Facets are those of codes.
func Facets(of string, codes []string) []string {
	all := make([]string, len(codes))
	for i, code := range codes {
		all[i] = of + code
	}
	return all
}

// facets are those of the record $1.
const facets = `(SELECT '' AS facet
	UNION ALL SELECT '` + OfTheme + `' || theme FROM record_theme WHERE record_id = $1
	UNION ALL SELECT '` + OfPlace + `' || place FROM record_place WHERE record_id = $1) facets`

// tally counts the record, as it is stored, in (by = 1) or out (by = -1).
func (r *Record) tally(ctx context.Context, act *journal.Act, by int) error {
	_, err := act.Exec(ctx, `
		INSERT INTO record_tally (audience_id, kind, state, facet, marking, owner_id, n)
		SELECT audience_id, kind, state, facet, marking, owner_id, CAST($2 AS bigint) FROM record, `+facets+` WHERE id = $1
		ON CONFLICT (audience_id, kind, state, facet, marking, owner_id) DO UPDATE SET n = record_tally.n + excluded.n`, r.ID, by)
	return err
}

// Count counts the visible records: it reads a few lines for each audience that the
// viewer is in, however many records there are, unless the filter has both a theme and a place.
func Count(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter) (int, error) {
	where, args := f.where(v)
	if f.Theme != "" && f.Place != "" {
		return db.Value[int](ctx, tx, `SELECT count(*) FROM record WHERE `+where, args...)
	}
	facet := ""
	switch {
	case f.Theme != "":
		facet = OfTheme + f.Theme
	case f.Place != "":
		facet = OfPlace + f.Place
	}
	where, args = Filter{Kind: f.Kind, Owner: f.Owner, State: f.State}.where(v)
	return db.Value[int](ctx, tx, fmt.Sprintf(`
		SELECT CAST(coalesce(sum(record.n), 0) AS bigint) FROM record_tally record
		WHERE `+where+` AND record.facet = $%d`, len(args)+1), append(args, facet)...)
}

// Themed is that an institution owns visible records on a theme.
type Themed struct{ Owner, Theme string }

// Themes lists the themes of the visible records of a kind in a state, by institution.
func Themes(ctx context.Context, tx *db.Tx, v access.Viewer, kind, state string) ([]Themed, error) {
	all, err := db.All(ctx, tx, func(t *Themed) []any { return []any{&t.Owner, &t.Theme} }, `
		SELECT DISTINCT record.owner_id, record.facet FROM record_tally record
		WHERE `+access.Visible+` AND record.kind = $3 AND record.state = $4 AND record.facet > 'theme:' AND record.facet < 'theme;' AND record.n > 0
		ORDER BY record.owner_id, record.facet`, v.Args(kind, state)...)
	for i := range all {
		all[i].Theme = strings.TrimPrefix(all[i].Theme, OfTheme)
	}
	return all, err
}

// miscounted names the institutions of which the tally does not say what their records do.
func miscounted(ctx context.Context, tx *db.Tx) ([]string, error) {
	const where = `kind, state, marking, owner_id`
	return db.Values[string](ctx, tx, `
		SELECT DISTINCT owner_id FROM (SELECT owner_id FROM (
			SELECT audience_id, '' AS facet, `+where+`, 1 AS n FROM record
			UNION ALL SELECT audience_id, '`+OfTheme+`' || theme, `+where+`, 1 FROM record JOIN record_theme ON record_id = id
			UNION ALL SELECT audience_id, '`+OfPlace+`' || place, `+where+`, 1 FROM record JOIN record_place ON record_id = id
			UNION ALL SELECT audience_id, facet, `+where+`, -n FROM record_tally) counted
		GROUP BY audience_id, facet, `+where+` HAVING sum(n) <> 0) wrong ORDER BY owner_id`)
}
