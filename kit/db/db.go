// Package db lets one SQL text run on SQLite and on PostgreSQL. All that differs
// between the two engines is here: addresses, transactions, retries, types of
// columns, lists as parameters, the meaning of the engines' errors.
//
// The common text uses $1, $2… for parameters, bigint microseconds for instants,
// text for JSON and json_list($1) for a list given as one JSON parameter.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"cadre/kit/fault"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Engine names a database engine.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database. Its methods may be called from several goroutines.
type DB struct {
	Engine Engine
	Path   string // the file, for SQLite
	read   *sql.DB
	write  *sql.DB
	texts  sync.Map // query → its text for this engine
}

const (
	conns = 24 // PostgreSQL connections
	tries = 20 // attempts of a transaction that PostgreSQL could not serialise
)

// Open opens the database at address: "sqlite:PATH" or "postgres://…".
func Open(ctx context.Context, address string) (*DB, error) {
	var d *DB
	var err error
	switch {
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		d, err = openPostgres(address)
	case strings.HasPrefix(address, "sqlite:") && address != "sqlite:":
		d, err = openSQLite(strings.TrimPrefix(address, "sqlite:"))
	default:
		return nil, fault.New(fault.BadInput, "Adresse de la base de données : écrivez sqlite:CHEMIN ou postgres://…")
	}
	if err != nil {
		return nil, err
	}
	if err := d.check(ctx); err != nil {
		_ = d.Close()
		return nil, fmt.Errorf("open database: %w", explain(err))
	}
	return d, nil
}

// misread says how the address of a database is written.
func misread(cause error) error {
	return fault.New(fault.BadInput, "Adresse de la base de données : écrivez sqlite:CHEMIN ou postgres://…").Because(cause)
}

func openPostgres(address string) (*DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, misread(err)
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return &DB{Engine: Postgres, read: pool, write: pool}, nil
}

// check reports whether the database answers, and sorts texts by their bytes as SQLite does.
func (d *DB) check(ctx context.Context) error {
	if d.Engine == SQLite {
		return d.Ping(ctx)
	}
	var order string
	err := d.read.QueryRowContext(ctx, `SELECT datcollate FROM pg_database WHERE datname = current_database()`).Scan(&order)
	if err == nil && order != "C" && order != "POSIX" && !strings.HasPrefix(order, "C.") {
		err = fault.New(fault.BadInput, "La base de données trie selon %s. Créez-la avec la collation C (voir docs/operation.md).", order)
	}
	return err
}

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.read.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Close closes every connection.
func (d *DB) Close() error {
	if d.Engine == Postgres {
		return d.write.Close()
	}
	return errors.Join(d.read.Close(), d.write.Close())
}

// CopyTo writes the SQLite database, as it is at one instant, into a new file, while others read and write it.
func (d *DB) CopyTo(ctx context.Context, file string) error {
	_, err := d.write.ExecContext(ctx, "VACUUM INTO $1", file) // the readers may write nothing, not even elsewhere
	return explain(err)
}

// Read runs fn on one unchanging view of the database.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.Engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return d.run(ctx, d.read, opts, fn)
}

// Write runs fn in a serializable transaction and commits it when fn returns nil;
// the commit is on disk when Write returns. PostgreSQL may run fn again after a
// conflict: fn must have no other effect than on its transaction.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{}
	if d.Engine == Postgres {
		opts.Isolation = sql.LevelSerializable
	}
	for try := 1; ; try++ {
		err := d.run(ctx, d.write, opts, fn)
		if try == tries || !serialization(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(time.Duration(try) * 2 * time.Millisecond)): // #nosec G404 -- jitter
		}
	}
}

func (d *DB) run(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, fn func(*Tx) error) error {
	tx, err := pool.BeginTx(ctx, opts)
	if err != nil {
		return explain(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing
	t := &Tx{tx: tx, db: d}
	if err := fn(t); err != nil {
		return err
	}
	for _, l := range t.late {
		if err := l.Store(ctx, t); err != nil {
			return err
		}
	}
	return explain(tx.Commit())
}

// Tx is one transaction.
type Tx struct {
	tx   *sql.Tx
	db   *DB
	late []Late
}

// Engine tells which engine runs the transaction; only full-text search needs to know.
func (t *Tx) Engine() Engine { return t.db.Engine }

// Lock makes other writers that lock the same table wait until this transaction
// ends. On PostgreSQL it must come first: the transaction then sees what the one
// before it wrote, and needs no second try. SQLite has one writer anyway.
func (t *Tx) Lock(ctx context.Context, table string) error {
	if t.db.Engine == SQLite {
		return nil
	}
	_, err := t.tx.ExecContext(ctx, "LOCK TABLE "+table+" IN EXCLUSIVE MODE")
	return explain(err)
}

// Exec runs one statement and returns the number of rows that it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	query, args = t.own(ctx, query, args)
	res, err := t.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, explain(err)
	}
	return res.RowsAffected()
}

// own gives a statement in the engine's own words, and tells it to who watches.
func (t *Tx) own(ctx context.Context, query string, args []any) (string, []any) {
	query, args = t.db.text(query), normal(args)
	if told, ok := ctx.Value(watchKey{}).(func(string, []any)); ok {
		told(query, args)
	}
	return query, args
}

type watchKey struct{}

// Watch returns a context under which told hears every statement, in the engine's own
// words, before it is run: to count or to measure what a page asks.
func Watch(ctx context.Context, told func(query string, args []any)) context.Context {
	return context.WithValue(ctx, watchKey{}, told)
}

func (t *Tx) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	query, args = t.own(ctx, query, args)
	rows, err := t.tx.QueryContext(ctx, query, args...)
	return rows, explain(err)
}

// All returns one T per row; fields lists where the columns of a row go.
func All[T any](ctx context.Context, t *Tx, fields func(*T) []any, query string, args ...any) ([]T, error) {
	rows, err := t.query(ctx, query, args)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var all []T
	for rows.Next() {
		var v T
		if err := rows.Scan(fields(&v)...); err != nil {
			return nil, explain(err)
		}
		all = append(all, v)
	}
	return all, explain(rows.Err())
}

// Each calls do with every row in turn, for what is too large to keep in memory.
func Each[T any](ctx context.Context, t *Tx, fields func(*T) []any, do func(T) error, query string, args ...any) error {
	rows, err := t.query(ctx, query, args)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var v T
		if err := rows.Scan(fields(&v)...); err != nil {
			return explain(err)
		}
		if err := do(v); err != nil {
			return err
		}
	}
	return explain(rows.Err())
}

// One returns the first row, or ErrNone.
func One[T any](ctx context.Context, t *Tx, fields func(*T) []any, query string, args ...any) (T, error) {
	all, err := All(ctx, t, fields, query, args...)
	if err == nil && len(all) == 0 {
		err = ErrNone
	}
	if err != nil {
		var zero T
		return zero, err
	}
	return all[0], nil
}

// Value returns the only column of the first row, or ErrNone.
func Value[T any](ctx context.Context, t *Tx, query string, args ...any) (T, error) {
	return One(ctx, t, func(v *T) []any { return []any{v} }, query, args...)
}

// Values returns the only column of every row.
func Values[T any](ctx context.Context, t *Tx, query string, args ...any) ([]T, error) {
	return All(ctx, t, func(v *T) []any { return []any{v} }, query, args...)
}
