package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"regexp"
	"sort"
	"strings"

	"cadre/kit/clock"
	"cadre/kit/fault"
)

// Schema is the tables of one room: its name and its folder of migrations, files
// named NNNN_word.sql, or NNNN_word.sqlite.sql and NNNN_word.postgres.sql where
// the engines differ. A migration is never edited once it has been run anywhere.
type Schema struct {
	Room  string
	Files fs.FS
}

type migration struct{ name, text, sum string }

const migrationTable = `
CREATE TABLE IF NOT EXISTS schema_migration (
  name text PRIMARY KEY,         -- room/NNNN_word
  sum text NOT NULL,             -- SHA-256 of the file
  applied_at bigint NOT NULL     -- microseconds UTC
)`

// Migrate brings the database to the schemas given, in their order, each file in
// its own transaction. It refuses a database made by a newer program, and a file
// that has changed since it was run.
func (d *DB) Migrate(ctx context.Context, now clock.Clock, schemas []Schema) error {
	want, err := d.migrations(schemas)
	if err != nil {
		return err
	}
	if _, err := d.write.ExecContext(ctx, migrationTable); err != nil {
		return explain(err)
	}
	done, err := d.applied(ctx)
	if err != nil {
		return err
	}
	if err := compare(want, done); err != nil {
		return err
	}
	for _, m := range want {
		if done[m.name] == "" {
			if err := d.apply(ctx, m, now); err != nil {
				return fmt.Errorf("migration %s: %w", m.name, err)
			}
		}
	}
	return nil
}

func (d *DB) apply(ctx context.Context, m migration, now clock.Clock) error {
	return d.Write(ctx, func(tx *Tx) error {
		// A second program that starts at the same moment waits here, and finds the work done.
		n, err := tx.Exec(ctx, `INSERT INTO schema_migration (name, sum, applied_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`,
			m.name, m.sum, now.Now())
		if err != nil || n == 0 {
			return err
		}
		_, err = tx.tx.ExecContext(ctx, m.text)
		return err
	})
}

func (d *DB) applied(ctx context.Context) (map[string]string, error) {
	done := map[string]string{}
	type row struct{ name, sum string }
	err := d.Read(ctx, func(tx *Tx) error {
		rows, err := All(ctx, tx, func(r *row) []any { return []any{&r.name, &r.sum} }, `SELECT name, sum FROM schema_migration`)
		for _, r := range rows {
			done[r.name] = r.sum
		}
		return err
	})
	return done, err
}

func compare(want []migration, done map[string]string) error {
	known := map[string]string{}
	for _, m := range want {
		known[m.name] = m.sum
	}
	for name, sum := range done {
		switch known[name] {
		case sum:
		case "":
			return fault.New(fault.Unavailable, "La base de données est d’une version plus récente de Cadre : elle contient %s, que ce programme ne connaît pas. Installez le programme plus récent.", name)
		default:
			return fault.New(fault.Unavailable, "La base de données n’a pas été préparée par ce programme : %s y est autre.", name)
		}
	}
	return nil
}

func (d *DB) migrations(schemas []Schema) ([]migration, error) {
	var all []migration
	for _, s := range schemas {
		names, err := fs.Glob(s.Files, "schema/*.sql")
		if err != nil {
			return nil, err
		}
		sort.Strings(names)
		for _, file := range names {
			name := strings.TrimSuffix(strings.TrimPrefix(file, "schema/"), ".sql")
			name, engine, split := strings.Cut(name, ".")
			if split && engine != string(d.Engine) {
				continue
			}
			data, err := fs.ReadFile(s.Files, file)
			if err != nil {
				return nil, err
			}
			sum := sha256.Sum256(data)
			all = append(all, migration{s.Room + "/" + name, d.ddl(string(data)), hex.EncodeToString(sum[:])})
		}
	}
	return all, nil
}

var (
	integers  = regexp.MustCompile(`\b(bigint|boolean)\b`)
	bytea     = regexp.MustCompile(`\bbytea\b`)
	tableEnds = regexp.MustCompile(`(?m)^\);`)
)

// ddl turns PostgreSQL's words for types into those of a strict SQLite table, which
// refuses a text in a column of numbers as PostgreSQL does.
func (d *DB) ddl(s string) string {
	if d.Engine == Postgres {
		return s
	}
	s = integers.ReplaceAllString(s, "integer")
	s = bytea.ReplaceAllString(s, "blob")
	return tableEnds.ReplaceAllString(s, ") STRICT;")
}

// Tables returns the present schema as SQLite keeps it, comments included, one
// statement after another in the order of their names.
func (d *DB) Tables(ctx context.Context) ([]string, error) {
	var all []string
	err := d.Read(ctx, func(tx *Tx) (err error) {
		all, err = Values[string](ctx, tx, `
			SELECT sql FROM sqlite_master
			WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' AND tbl_name NOT GLOB 'search_text_*'
			ORDER BY tbl_name, type DESC, name`)
		return err
	})
	return all, err
}
