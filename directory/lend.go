package directory

import (
	"context"
	"fmt"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
)

// What other rooms ask of the directory, always as the viewer sees it.

// Missions lists at most limit missions in force on the themes, or on any when there are none.
func Missions(ctx context.Context, tx *db.Tx, v access.Viewer, themes []string, limit int) ([]FactLine, error) {
	where, args := ` AND record.kind = $3`, v.Args("directory.mission")
	if len(themes) > 0 {
		where, args = where+` AND record.theme IN json_list($4)`, append(args, db.JSON(themes))
	}
	return some(ctx, tx, where, `theme`, limit, args)
}

// Means lists at most limit capacities of the kinds that can be lent on a day, such as 2026-03-12.
func Means(ctx context.Context, tx *db.Tx, v access.Viewer, kinds []string, day string, limit int) ([]FactLine, error) {
	return some(ctx, tx, ` AND record.means IN json_list($3) AND record.free_from <= $4 AND (record.free_to = '' OR record.free_to >= $4)
		AND NOT EXISTS (SELECT 1 FROM directory_busy b WHERE b.id = record.id AND b.first_day <= $4 AND b.last_day >= $4)`,
		`means`, limit, v.Args(db.JSON(kinds), day))
}

// Lendable lists the capacities in force of institutions, and those of such identifiers.
func Lendable(ctx context.Context, tx *db.Tx, v access.Viewer, owners, ids []string, limit int) ([]FactLine, error) {
	return some(ctx, tx, ` AND record.means <> '' AND (record.owner_id IN json_list($3) OR record.id IN json_list($4))`,
		`position`, limit, v.Args(db.JSON(owners), db.JSON(ids)))
}

// some lists the visible facts in force that a condition keeps, by a column and by place.
func some(ctx context.Context, tx *db.Tx, where, column string, limit int, args []any) ([]FactLine, error) {
	all, err := db.All(ctx, tx, (*record.Record).Fields, fmt.Sprintf(`
		SELECT `+record.Columns+` FROM (
			SELECT record.id, record.%[1]s AS word, record.place FROM directory_fact record
			WHERE `+access.Visible+where+` ORDER BY record.%[1]s, record.place, record.id LIMIT $%[2]d) found
		JOIN record ON record.id = found.id ORDER BY found.word, found.place, found.id`, column, len(args)+1), append(args, limit)...)
	if err != nil {
		return nil, err
	}
	if err := record.LoadSets(ctx, tx, all); err != nil {
		return nil, err
	}
	var lines []FactLine
	for _, r := range all {
		k, err := kindOfRecord(r.Kind)
		if err != nil {
			return nil, err
		}
		f, err := factOf(r, k)
		if err != nil {
			return nil, err
		}
		lines = append(lines, FactLine{r, f})
	}
	return lines, nil
}
