package main

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
)

// bare is what the machine can do without the program: an HTTP handler that has its
// answer ready, the same query through database/sql, a row that is on disk.
type bare struct {
	db       *sql.DB
	commits  *sql.DB
	postgres bool
}

// openBare opens the database beside the program, and one of a single table for the commits.
func openBare(ctx context.Context, address, folder string) (*bare, error) {
	b := &bare{postgres: strings.HasPrefix(address, "postgres")}
	var err error
	if b.postgres {
		if b.db, err = sql.Open("pgx", address); err != nil {
			return nil, err
		}
		b.commits = b.db
	} else {
		const pragmas = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
		if b.db, err = sql.Open("sqlite", "file:"+strings.TrimPrefix(address, "sqlite:")+pragmas); err != nil {
			return nil, err
		}
		if b.commits, err = sql.Open("sqlite", "file:"+filepath.Join(folder, "bare.db")+pragmas+"&_txlock=immediate"); err != nil {
			return nil, err
		}
		b.commits.SetMaxOpenConns(1)
	}
	b.db.SetMaxOpenConns(16)
	b.db.SetMaxIdleConns(16)
	_, err = b.commits.ExecContext(ctx, `CREATE TABLE bare (id bigint PRIMARY KEY, said text NOT NULL)`)
	return b, err
}

func (b *bare) close() {
	_ = b.db.Close()
	_ = b.commits.Close()
}

// handler measures an HTTP server that answers with the same bytes.
func (b *bare) handler(clients int, l limits, method, body string, header http.Header, answer []byte) (figures, error) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name := range header {
			w.Header().Set(name, header.Get(name))
		}
		_, _ = w.Write(answer)
	}))
	defer s.Close()
	c := newClient(s.URL, "")
	return measure(clients, l, func(int64) error {
		_, _, err := c.send(method, "/", body)
		return err
	})
}

// queries measures the queries of a page, prepared once, their rows read and thrown away.
func (b *bare) queries(ctx context.Context, clients int, l limits, queries []string, args func(i int64) []any) (figures, error) {
	var all []*sql.Stmt
	for _, q := range queries {
		stmt, err := b.db.PrepareContext(ctx, b.text(q))
		if err != nil {
			return figures{}, err
		}
		defer stmt.Close() //nolint:errcheck // the measure is over
		all = append(all, stmt)
	}
	return measure(clients, l, func(i int64) error {
		for _, stmt := range all {
			if err := drain(ctx, stmt, args(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

func drain(ctx context.Context, stmt *sql.Stmt, args []any) error {
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	into := make([]any, len(columns))
	for i := range into {
		into[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// commit measures a row inserted durably.
func (b *bare) commit(ctx context.Context, clients int, l limits) (figures, error) {
	if _, err := b.commits.ExecContext(ctx, `DELETE FROM bare`); err != nil {
		return figures{}, err
	}
	stmt, err := b.commits.PrepareContext(ctx, `INSERT INTO bare (id, said) VALUES ($1, $2)`)
	if err != nil {
		return figures{}, err
	}
	defer stmt.Close() //nolint:errcheck // the measure is over
	return measure(clients, l, func(i int64) error {
		_, err := stmt.ExecContext(ctx, i, "une ligne de la longueur d’un intitulé ordinaire")
		return err
	})
}

// size is what the database takes on disk, in bytes.
func (b *bare) size(ctx context.Context, address string) (int64, error) {
	var size int64
	if b.postgres {
		return size, b.db.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&size)
	}
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(strings.TrimPrefix(address, "sqlite:") + suffix)
		if err != nil {
			return 0, err
		}
		size += info.Size()
	}
	return size, nil
}

// text gives the engine's own words for a list given as one parameter.
func (b *bare) text(query string) string {
	if b.postgres {
		return strings.ReplaceAll(query, `json_list($1)`, `(SELECT json_array_elements_text($1::text::json))`)
	}
	return strings.ReplaceAll(query, `json_list($1)`, `(SELECT value FROM json_each($1))`)
}
