package directory

import (
	"context"
	"embed"
	"errors"
	"slices"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/page"
	"cadre/kit/text"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "directory", Files: files}

// Filter narrows the list of structures; an empty field does not.
type Filter struct {
	Nature string
	Theme  string // of at least one visible fact, or a theme above it
	Place  string // of at least one visible fact, or a territory above it
	Closed bool   // those that have left the framework, in place of those that are in it
}

// matching keeps the structures of a nature that hold visible facts in force on a theme and in a place.
const matching = seen + ` AND record.state = $6 AND ($3 = '' OR s.nature = $3)
	AND ($4 = '[]' OR EXISTS (SELECT 1 FROM record_tally f WHERE f.facet = 'theme' AND f.code IN json_list($4) AND ` + held + `))
	AND ($5 = '[]' OR EXISTS (SELECT 1 FROM record_tally f WHERE f.facet = 'place' AND f.code IN json_list($5) AND ` + held + `))`

// seen keeps the visible structures. It names their kind so that the engines look no further.
const seen = `record.kind = 'directory.structure' AND ` + access.Visible

const held = `f.owner_id = record.id AND f.state = 'in_force' AND f.marking <= $2
	AND f.audience_id IN (SELECT audience_id FROM audience_principal WHERE principal IN json_list($1))`

// narrowing is a filter with the codes below its theme and its place.
type narrowing struct {
	nature string
	themes []string
	places []string
	state  string
}

func (s narrowing) args(v access.Viewer, own ...any) []any {
	return v.Args(append([]any{s.nature, db.JSON(s.themes), db.JSON(s.places), s.state}, own...)...)
}

// brief is a structure in a list: its record, and the key that it is sorted by.
type brief struct {
	record.Record
	key string
}

// list returns a page of structures by acronym.
func list(ctx context.Context, tx *db.Tx, v access.Viewer, f narrowing, p page.Request) (page.Of[brief], error) {
	compare, order := `> ($7, $8)`, `ASC`
	if p.Back {
		compare, order = `< ($7, $8)`, `DESC`
	}
	rows, err := db.All(ctx, tx, func(b *brief) []any { return append(b.Fields(), &b.key) }, `
		SELECT `+record.Columns+`, s.acronym_key FROM directory_structure s JOIN record ON record.id = s.id
		WHERE `+matching+` AND (s.acronym_key, s.id) `+compare+`
		ORDER BY s.acronym_key `+order+`, s.id `+order+` LIMIT $9`, f.args(v, p.Key, p.ID, p.Limit+1)...)
	if err != nil {
		return page.Of[brief]{}, err
	}
	total, err := db.Value[int](ctx, tx, `
		SELECT count(*) FROM directory_structure s JOIN record ON record.id = s.id WHERE `+matching, f.args(v)...)
	return page.Cut(p, rows, total, func(b brief) (string, string) { return b.key, b.ID }), err
}

// natures gives the nature of every visible structure of the framework by identifier.
func natures(ctx context.Context, tx *db.Tx, v access.Viewer) (map[string]string, error) {
	type row struct{ id, nature string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.id, &r.nature} },
		`SELECT s.id, s.nature FROM directory_structure s JOIN record ON record.id = s.id WHERE `+seen+` AND record.state = $3`, v.Args(InForce)...)
	all := make(map[string]string, len(rows))
	for _, r := range rows {
		all[r.id] = r.nature
	}
	return all, err
}

// idOf finds the identifier of a structure by its name in addresses; what the
// viewer may not see is missing.
func idOf(ctx context.Context, tx *db.Tx, slug string) (string, error) {
	id, err := db.Value[string](ctx, tx, `SELECT id FROM directory_structure WHERE slug = $1`, slug)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return id, err
}

// alone refuses the acronym of another structure of the framework: people are mentioned, called and
// looked up by it.
func alone(ctx context.Context, tx *db.Tx, id string, s Structure) error {
	others, err := db.Value[int](ctx, tx, `SELECT count(*) FROM directory_structure WHERE acronym_key = $1 AND id <> $2 AND closed_on = ''`, text.SortKey(s.Acronym), id)
	if err == nil && others > 0 && s.closing().On == "" {
		err = fault.Invalid("acronym", "Une autre structure du cadre porte déjà ce sigle.")
	}
	return err
}

// index keeps the columns by which a structure is queried in step with its sheet.
func index(ctx context.Context, act *journal.Act, id string, s Structure) error {
	if err := alone(ctx, act.Tx, id, s); err != nil {
		return err
	}
	_, err := act.Exec(ctx, `
		INSERT INTO directory_structure (id, slug, acronym, acronym_key, names, nature, closed_on, successor_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, acronym = excluded.acronym, acronym_key = excluded.acronym_key,
			names = excluded.names, nature = excluded.nature, closed_on = excluded.closed_on, successor_id = excluded.successor_id`,
		id, s.Slug, s.Acronym, text.SortKey(s.Acronym), db.JSON(s.Names), s.Nature, s.closing().On, s.closing().Successor)
	if errors.Is(err, db.ErrTwice) {
		return fault.Invalid("slug", "Une autre structure porte déjà ce nom dans les adresses. Choisissez-en un autre.")
	}
	return err
}

// verifyStructures proves that the columns by which structures are queried are there, and agree with their sheets.
func verifyStructures(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	type row struct {
		record.Record
		slug, acronym, key, nature string
		closed, successor          string
		names                      []Dated
	}
	var all []journal.Finding
	err := db.Each(ctx, tx, func(r *row) []any {
		return append(r.Fields(), &r.slug, &r.acronym, &r.key, db.JSON(&r.names), &r.nature, &r.closed, &r.successor)
	}, func(r row) error {
		s, err := record.Decode[Structure](r.Record)
		if err != nil || s.Slug != r.slug || s.Acronym != r.acronym || text.SortKey(s.Acronym) != r.key || !slices.Equal(s.Names, r.names) || s.Nature != r.nature || string(s.closing().On) != r.closed || s.closing().Successor != r.successor {
			all = append(all, journal.Finding{Entry: -1, Subject: r.ID, Sentence: text.M("La table des structures ne dit plus ce que dit la fiche %s.", r.Title)})
		}
		return nil
	}, `
		SELECT `+record.Columns+`, coalesce(s.slug, ''), coalesce(s.acronym, ''), coalesce(s.acronym_key, ''), coalesce(s.names, 'null'), coalesce(s.nature, ''), coalesce(s.closed_on, ''), coalesce(s.successor_id, '')
		FROM (SELECT id FROM record WHERE kind = 'directory.structure' UNION SELECT id FROM directory_structure) known
		JOIN record ON record.id = known.id LEFT JOIN directory_structure s ON s.id = known.id
		ORDER BY record.seq`)
	return all, err
}
