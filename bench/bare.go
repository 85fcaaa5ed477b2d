package main

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// bare is what the machine can do without the program: an HTTP handler that has its
// answer ready, the same query through database/sql, a row that is on disk.
type bare struct {
	db      *sql.DB
	commits *sql.DB
	file    string // of the SQLite database
}

// openBare opens the database beside the program, and a table of its own for the commits.
func openBare(ctx context.Context, address, folder string) (*bare, error) {
	m, engine, name, commits := &bare{}, "pgx", address, address
	if file, ok := strings.CutPrefix(address, "sqlite:"); ok {
		const pragmas = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-4000)"
		m.file, engine, name, commits = file, "sqlite", "file:"+file+pragmas, "file:"+filepath.Join(folder, "bare.db")+pragmas+"&_txlock=immediate"
	}
	var err error
	if m.db, err = sql.Open(engine, name); err != nil {
		return nil, err
	}
	m.db.SetMaxIdleConns(many)
	if m.commits, err = sql.Open(engine, commits); err != nil {
		return nil, err
	}
	m.commits.SetMaxIdleConns(many)
	if m.file != "" {
		m.commits.SetMaxOpenConns(1)
	} else if _, err := m.db.ExecContext(ctx, `VACUUM (ANALYZE)`); err != nil { // what PostgreSQL does by itself a minute later
		return nil, err
	}
	_, err = m.commits.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS bare (id bigint PRIMARY KEY, said text NOT NULL)`)
	return m, err
}

func (m *bare) close() {
	_ = m.db.Close()
	_ = m.commits.Close()
}

// handler measures an HTTP server that answers with the same bytes.
func (m *bare) handler(b *bench, clients int, method, body string, header http.Header, answer []byte) (figures, error) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name := range header {
			w.Header().Set(name, header.Get(name))
		}
		_, _ = w.Write(answer)
	}))
	defer s.Close()
	c := newClient(s.URL, "")
	return b.best(clients, func(int64) error {
		_, _, err := c.send(method, "/", body)
		return err
	})
}

// queries measures the statements of a page one after the other, their rows read and
// thrown away. Each is prepared once on each connection.
func (m *bare) queries(ctx context.Context, b *bench, clients int, requests [][]statement) (figures, error) {
	prepared := map[string]*sql.Stmt{}
	for _, r := range requests {
		for _, s := range r {
			if prepared[s.sql] != nil {
				continue
			}
			stmt, err := m.db.PrepareContext(ctx, s.sql)
			if err != nil {
				return figures{}, err
			}
			defer stmt.Close() //nolint:errcheck // the measure is over
			prepared[s.sql] = stmt
		}
	}
	return b.best(clients, func(i int64) error {
		for _, s := range requests[i%int64(len(requests))] {
			if err := drain(ctx, prepared[s.sql], s.args); err != nil {
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
func (m *bare) commit(ctx context.Context, b *bench, clients int) (figures, error) {
	if _, err := m.commits.ExecContext(ctx, `DELETE FROM bare`); err != nil {
		return figures{}, err
	}
	stmt, err := m.commits.PrepareContext(ctx, `INSERT INTO bare (id, said) VALUES ($1, $2)`)
	if err != nil {
		return figures{}, err
	}
	defer stmt.Close() //nolint:errcheck // the measure is over
	var row atomic.Int64
	return b.best(clients, func(int64) error {
		_, err := stmt.ExecContext(ctx, row.Add(1), "une ligne de la longueur d’un intitulé ordinaire")
		return err
	})
}

// size is what the database takes on disk, in bytes.
func (m *bare) size(ctx context.Context) (int64, error) {
	var size int64
	if m.file == "" {
		return size, m.db.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&size)
	}
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(m.file + suffix)
		if err != nil {
			return 0, err
		}
		size += info.Size()
	}
	return size, nil
}
