package db

import "context"

// Refill empties a table and lets fill write all of it again. The indexes that the schema gives
// it are made anew from what it then holds, by one sort each: to keep them while rows come in
// no order costs a search of each for every row, which takes most of an hour for a million.
func (t *Tx) Refill(ctx context.Context, table string, fill func() error) error {
	type index struct{ name, made string }
	query := `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL ORDER BY name`
	if t.Engine() == Postgres {
		query = `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = $1
			AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname`
	}
	indexes, err := All(ctx, t, func(i *index) []any { return []any{&i.name, &i.made} }, query, table)
	if err != nil {
		return err
	}
	for _, i := range indexes {
		if _, err := t.Exec(ctx, `DROP INDEX `+i.name); err != nil {
			return err
		}
	}
	if _, err := t.Exec(ctx, `DELETE FROM `+table); err != nil {
		return err
	}
	if err := fill(); err != nil {
		return err
	}
	for _, i := range indexes {
		if _, err := t.Exec(ctx, i.made); err != nil {
			return err
		}
	}
	return nil
}
