package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"modernc.org/sqlite"
)

func openSQLite(path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600); err == nil { // #nosec G304 -- chosen by the operator; new: for its owner alone, whatever the umask
		_ = f.Close()
	}
	// The system's own cache of the file serves every connection; each keeps little beside.
	pragmas := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)",
		"foreign_keys(1)", "secure_delete(1)", "cache_size(-4000)"}}
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas.Encode()
	write, err := poolOf(name+"&_txlock=immediate", 1)
	if err != nil {
		return nil, err
	}
	if err := takesWrites(write); err != nil { // the writer goes first: it sets the WAL mode
		_ = write.Close()
		return nil, explain(err)
	}
	read, err := poolOf(name+"&_pragma=query_only(1)", readers())
	return &DB{Engine: SQLite, Path: path, read: read, write: write}, err
}

// readers is how many connections read at the same time: more than there are processors
// would only hold memory, some 8 MB each.
func readers() int { return max(4, runtime.GOMAXPROCS(0)) }

// takesWrites refuses a database that cannot be written, or that another program keeps for
// itself, before it is served. What it writes it takes back: to begin is not enough, as
// SQLite then lets a database that it may only read be read.
func takesWrites(pool *sql.DB) error {
	tx, err := pool.Begin()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`PRAGMA user_version = 0`)
	return errors.Join(err, tx.Rollback())
}

func poolOf(name string, connections int) (*sql.DB, error) {
	c, err := sqlite.NewConnector(name)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector{c})
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// connector opens connections that keep the statements that they have prepared:
// SQLite needs as long to understand a query as to answer it. pgx does the same by itself.
type connector struct{ driver.Connector }

// Connect opens a connection.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{engineConn: opened.(engineConn), idle: map[string]statement{}}, nil
}

// engineConn and statement are what every connection and statement of the engine can do.
type engineConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// conn is used by one goroutine at a time, as database/sql promises. A statement whose
// rows are still being read is not idle: the same query asked meanwhile has its own.
type conn struct {
	engineConn
	idle map[string]statement // by their text
}

// maxIdle bounds the statements that a connection keeps; the program has fewer.
const maxIdle = 300

func (c *conn) take(ctx context.Context, query string) (statement, error) {
	if s, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return s, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(statement), nil
}

// put keeps a statement that was used, unless it failed.
func (c *conn) put(query string, s statement, failed error) {
	if _, twice := c.idle[query]; failed != nil || twice || len(c.idle) >= maxIdle {
		_ = s.Close()
		return
	}
	c.idle[query] = s
}

// ExecContext runs a statement.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	c.put(query, s, err)
	return result, err
}

// QueryContext runs a query.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		c.put(query, s, err)
		return nil, err
	}
	return &reading{rows, func(failed error) { c.put(query, s, failed) }}, nil
}

// Close closes the connection and its statements.
func (c *conn) Close() error {
	for _, s := range c.idle {
		_ = s.Close()
	}
	return c.engineConn.Close()
}

// reading is rows that give their statement back when they are closed.
type reading struct {
	driver.Rows
	done func(failed error)
}

// Close ends the reading.
func (r *reading) Close() error {
	err := r.Rows.Close()
	r.done(err)
	return err
}
