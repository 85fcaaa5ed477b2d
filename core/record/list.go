package record

import (
	"context"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/page"
)

// Filter narrows a list; an empty field does not.
type Filter struct {
	Kind  string // required
	Owner string
	Theme string
	Place string
	State string
}

const filtered = access.Visible + ` AND record.kind = $3 AND (record.owner_id = $4 OR $4 = '') AND (record.state = $5 OR $5 = '')
	AND ($6 = '' OR record.id IN (SELECT record_id FROM record_theme WHERE theme = $6))
	AND ($7 = '' OR record.id IN (SELECT record_id FROM record_place WHERE place = $7))`

func (f Filter) args(v access.Viewer, own ...any) []any {
	return v.Args(append([]any{f.Kind, f.Owner, f.State, f.Theme, f.Place}, own...)...)
}

// List returns a page of the visible records, by title.
func List(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter, p page.Request) (page.Of[Record], error) {
	compare, order := `> ($8, $9)`, `ASC`
	if p.Back {
		compare, order = `< ($8, $9)`, `DESC`
	}
	type row struct {
		Record
		key string
	}
	rows, err := db.All(ctx, tx, func(r *row) []any { return append(r.Fields(), &r.key) }, `
		SELECT `+Columns+`, record.sort_key FROM record
		WHERE `+filtered+` AND (record.sort_key, record.id) `+compare+`
		ORDER BY record.sort_key `+order+`, record.id `+order+` LIMIT $10`, f.args(v, p.Key, p.ID, p.Limit+1)...)
	if err != nil {
		return page.Of[Record]{}, err
	}
	total, err := Count(ctx, tx, v, f)
	if err != nil {
		return page.Of[Record]{}, err
	}
	cut := page.Cut(p, rows, total, func(r row) (string, string) { return r.key, r.ID })
	list := page.Of[Record]{From: cut.From, Total: cut.Total, Next: cut.Next, Prev: cut.Prev}
	for _, r := range cut.Rows {
		list.Rows = append(list.Rows, r.Record)
	}
	return list, nil
}

// Count counts the visible records.
func Count(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter) (int, error) {
	return db.Value[int](ctx, tx, `SELECT count(*) FROM record WHERE `+filtered, f.args(v)...)
}
