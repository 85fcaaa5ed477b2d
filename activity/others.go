package activity

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
)

// What other rooms ask of activities, always as the viewer sees them.

// Some lists at most limit activities that the filter keeps, by their first day.
func Some(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter, limit int) ([]Found, error) {
	where, args := f.where(v)
	rows, err := db.All(ctx, tx, (*record.Record).Fields, fmt.Sprintf(`
		SELECT `+record.Columns+` FROM record JOIN (
			SELECT record.id, record.from_on FROM activity record WHERE `+where+` ORDER BY record.from_on, record.id LIMIT $%d) a ON a.id = record.id
		ORDER BY a.from_on, a.id`, len(args)+1), append(args, limit)...)
	if err != nil {
		return nil, err
	}
	return founds(rows, record.LoadSets(ctx, tx, rows))
}

// Those reads activities by their identifiers; those that the viewer may not see are left out.
func Those(ctx context.Context, tx *db.Tx, v access.Viewer, ids []string) ([]Found, error) {
	rows, err := of(ctx, tx, v, `SELECT id FROM activity WHERE id IN json_list($3)`, len(ids), db.JSON(ids))
	if err != nil {
		return nil, err
	}
	return founds(rows, record.LoadSets(ctx, tx, rows))
}

// Coverage is how many activities there are on a theme in a territory.
type Coverage struct {
	Theme, Place string
	N            int
}

// Covered counts the activities that the filter keeps by theme and territory, the abandoned left out.
func Covered(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter) ([]Coverage, error) {
	where, args := f.where(v)
	return db.All(ctx, tx, func(c *Coverage) []any { return []any{&c.Theme, &c.Place, &c.N} }, `
		SELECT t.theme, p.place, count(*) FROM activity record
		JOIN record_theme t ON t.record_id = record.id JOIN record_place p ON p.record_id = record.id
		WHERE `+where+` AND record.state <> 'abandoned' GROUP BY t.theme, p.place ORDER BY t.theme, p.place`, args...)
}

// Bond is how many activities two institutions have signed together.
type Bond struct {
	A, B string // identifiers, A before B
	N    int
}

// Bonds counts the activities that the filter keeps by the institutions that have signed them
// together; heirs says of an institution that was merged which one stands for it.
func Bonds(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter, heirs map[string]string) ([]Bond, error) {
	type common struct{ id, a, b string }
	where, args := f.where(v)
	seen, count := map[common]bool{}, map[Bond]int{}
	err := db.Each(ctx, tx, func(c *common) []any { return []any{&c.id, &c.a, &c.b} }, func(c common) error {
		a, b := cmp.Or(heirs[c.a], c.a), cmp.Or(heirs[c.b], c.b)
		c.a, c.b = min(a, b), max(a, b)
		if a != b && !seen[c] {
			seen[c] = true
			count[Bond{A: c.a, B: c.b}]++
		}
		return nil
	}, `
		SELECT record.id, a.structure_id, b.structure_id FROM activity record
		JOIN activity_part a ON a.id = record.id AND a.verdict IN ('signed', 'reserved')
		JOIN activity_part b ON b.id = record.id AND b.verdict IN ('signed', 'reserved') AND b.structure_id > a.structure_id
		WHERE `+where+` AND record.state <> 'abandoned'`, args...)
	var all []Bond
	for b, n := range count {
		all = append(all, Bond{b.A, b.B, n})
	}
	slices.SortFunc(all, func(x, y Bond) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return all, err
}

// Sketch is what the form of an activity tells so far: what is missing or wrong is left
// out. recordID is the activity that is being changed, empty for a new one.
func (m *Module) Sketch(ctx context.Context, tx *db.Tx, v access.Viewer, recordID string, values url.Values) (Found, error) {
	f := Found{Record: record.Record{Kind: Kind, Owner: v.Structure, State: Idea}}
	if recordID != "" {
		var err error
		if f, err = find(ctx, tx, v, recordID); err != nil {
			return f, err
		}
	}
	in, err := read(values, f.Plan)
	if err != nil && fault.KindOf(err) != fault.BadInput {
		return f, err
	}
	var places, period fault.Collect // what is wrong is told when it is sent
	m.locate(ctx, &in, &places)
	if in.Period.check(&period); period.Fault() != nil {
		in.Period = Period{}
	}
	f.Title, f.Plan = in.Title, in.Plan
	f.Themes = slices.DeleteFunc(in.Themes, func(code string) bool { return !m.Themes.Valid(code) })
	f.Places = slices.DeleteFunc(in.Places, func(code string) bool { return !m.Places.Valid(code) })
	return f, nil
}
