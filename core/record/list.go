package record

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/page"
)

// Filter narrows a list; an empty field does not.
type Filter struct {
	Kind  string
	Owner string // a list needs a kind or an owner
	Theme string
	Place string
	State string
	// Except are owners whose records are left out.
	Except []string
}

// where is the condition that the viewer sees a record and the filter keeps it, with
// its parameters. What the filter does not ask is not in it: the engines choose an index by what is.
func (f Filter) where(v access.Viewer) (string, []any) {
	sql, args := access.Visible, v.Args()
	narrow := func(condition, value string) {
		if value != "" {
			args = append(args, value)
			sql += fmt.Sprintf(condition, len(args))
		}
	}
	narrow(` AND record.kind = $%d`, f.Kind)
	narrow(` AND record.owner_id = $%d`, f.Owner)
	narrow(` AND record.state = $%d`, f.State)
	narrow(` AND record.id IN (SELECT record_id FROM record_theme WHERE theme = $%d)`, f.Theme)
	narrow(` AND record.id IN (SELECT record_id FROM record_place WHERE place = $%d)`, f.Place)
	if len(f.Except) > 0 {
		args = append(args, db.JSON(f.Except))
		sql += fmt.Sprintf(` AND record.owner_id NOT IN json_list($%d)`, len(args))
	}
	return sql, args
}

// List returns a page of the visible records, by title, with their themes and places.
func List(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter, p page.Request) (page.Of[Record], error) {
	total, err := Count(ctx, tx, v, f)
	if err != nil || total == 0 {
		return page.Of[Record]{}, err
	}
	compare, order := `>`, `ASC`
	if p.Back {
		compare, order = `<`, `DESC`
	}
	type row struct {
		Record
		key string
	}
	where, args := f.where(v)
	n := len(args)
	rows, err := db.All(ctx, tx, func(r *row) []any { return append(r.Fields(), &r.key) }, fmt.Sprintf(`
		SELECT `+Columns+`, record.sort_key FROM record WHERE `+where+` AND (record.sort_key, record.id) %s ($%d, $%d)
		ORDER BY record.sort_key %s, record.id %s LIMIT $%d`, compare, n+1, n+2, order, order, n+3), append(args, p.Key, p.ID, p.Limit+1)...)
	if err != nil {
		return page.Of[Record]{}, err
	}
	cut := page.Cut(p, rows, total, func(r row) (string, string) { return r.key, r.ID })
	list := page.Of[Record]{From: cut.From, Total: cut.Total, Next: cut.Next, Prev: cut.Prev}
	for _, r := range cut.Rows {
		list.Rows = append(list.Rows, r.Record)
	}
	return list, LoadSets(ctx, tx, list.Rows)
}

// Lately lists the visible records that the filter keeps, the last changed first.
func Lately(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter, most int) ([]Record, error) {
	where, args := f.where(v)
	return db.All(ctx, tx, (*Record).Fields, fmt.Sprintf(`
		SELECT `+Columns+` FROM record WHERE `+where+` ORDER BY record.updated_at DESC, record.id DESC LIMIT $%d`, len(args)+1), append(args, most)...)
}

// All lists every visible record that the filter keeps, the oldest first, with their audiences,
// themes and places: for an import, which compares a whole table with what is there.
func All(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter) ([]Record, error) {
	where, args := f.where(v)
	all, err := db.All(ctx, tx, (*Record).Fields, `SELECT `+Columns+` FROM record WHERE `+where+` ORDER BY record.seq`, args...)
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, r := range all {
		ids[r.audienceID] = true
	}
	audiences, err := access.Audiences(ctx, tx, slices.Collect(maps.Keys(ids)))
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Audience = audiences[all[i].audienceID]
	}
	return all, LoadSets(ctx, tx, all)
}
