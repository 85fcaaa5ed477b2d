// Command bench measures Cadre on a database full of invented facts, or of the annual plans
// of invented institutions, and beside it
// what the same machine does without Cadre: a bare HTTP handler that answers the
// same bytes, the same SQL statements, a bare commit. It prints tables in Markdown.
//
// The program runs in a process of its own, on 127.0.0.1 alone. Every measure is
// bounded in time and in number of requests; the better of two rounds counts, since
// a machine does other things too. PostgreSQL is the server at CADRE_TEST_POSTGRES:
// CADRE_PG_DURABLE=1 scripts/postgres starts one that keeps what it is told.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cadre/app"
)

const (
	many   = 16 // clients at once
	starts = 3  // of the program, of which the slowest counts
)

func main() {
	of := flag.String("of", facts, "what fills the database: "+facts+", or "+activities+" after a thousand facts")
	sizes := flag.String("sizes", "1000,100000", "numbers of them, separated by commas")
	engines := flag.String("engines", "sqlite,postgres", "engines, separated by commas")
	quick := flag.Bool("quick", false, "a short look: one round of few requests")
	keep := flag.String("keep", "", "a folder in which the filled databases stay, to be measured again")
	flag.Parse()
	b := &bench{of: *of, out: os.Stdout, limits: limits{700 * time.Millisecond, 10000}, rounds: 2, keep: *keep}
	if *quick {
		b.limits, b.rounds = limits{300 * time.Millisecond, 500}, 1
	}
	if err := b.run(context.Background(), strings.Split(*engines, ","), strings.Split(*sizes, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	of     string // what fills the database
	out    *os.File
	limits limits
	rounds int
	binary string
	keep   string // the folder of databases that stay; none when they go
}

func (b *bench) run(ctx context.Context, engines, sizes []string) error {
	folder, err := os.MkdirTemp("", "cadre-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	if b.binary, err = build(ctx, folder); err != nil {
		return err
	}
	if b.keep != "" {
		folder = b.keep
	}
	for _, engine := range engines {
		for _, size := range sizes {
			n, err := strconv.Atoi(size)
			if err != nil {
				return err
			}
			if err := b.one(ctx, engine, filepath.Join(folder, engine+"-"+b.of+"-"+size), n); err != nil {
				return fmt.Errorf("%s, %d %s: %w", engine, n, b.of, err)
			}
		}
	}
	return nil
}

// one measures an engine with a number of records.
func (b *bench) one(ctx context.Context, engine, data string, n int) error {
	address, drop, err := database(ctx, engine, data, fmt.Sprintf("cadre_bench_%s_%d", b.of, n))
	if err != nil {
		return err
	}
	if b.keep == "" {
		defer drop()
	}
	s, err := b.filled(ctx, data, address, n)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\n## %s, %d %s\n", engine, n, b.of)
	machine, err := openBare(ctx, address, data)
	if err != nil {
		return err
	}
	defer machine.close()
	program, err := b.starts(ctx, data, address)
	if err != nil {
		return err
	}
	err = b.pages(ctx, program, machine, s)
	if err := errors.Join(err, b.footprint(ctx, program, machine, s), program.stop()); err != nil {
		return err
	}
	return b.proof(ctx, data, address)
}

// database makes an empty database, or finds the one that stayed; drop removes it.
func database(ctx context.Context, engine, data, name string) (address string, drop func(), err error) {
	if engine == "sqlite" {
		return "sqlite:" + filepath.Join(data, "cadre.db"), func() { _ = os.RemoveAll(data) }, nil
	}
	server := os.Getenv("CADRE_TEST_POSTGRES")
	if server == "" {
		return "", nil, errors.New("set CADRE_TEST_POSTGRES to the address of a PostgreSQL server, or run scripts/postgres go run ./bench")
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		return "", nil, err
	}
	stayed := false
	if err := admin.QueryRowContext(ctx, `SELECT count(*) > 0 FROM pg_database WHERE datname = $1`, name).Scan(&stayed); err != nil {
		return "", nil, err
	}
	if !stayed {
		if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
			return "", nil, err
		}
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() {
		_, _ = admin.ExecContext(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
		_ = admin.Close()
	}, nil
}

// filled seeds the database, unless it stayed from an earlier run, and listens to what the
// pages ask of it.
func (b *bench) filled(ctx context.Context, data, address string, n int) (*seeded, error) {
	config := app.Config{Data: data, DatabaseFlag: app.DatabaseFlag{Database: address}}
	a, err := app.Open(ctx, app.Options{Config: config, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	s, err := found(ctx, a, data)
	if s == nil && err == nil {
		s, err = seed(ctx, a, b.of, n)
	}
	if err == nil {
		s.pages, err = pages(ctx, a, s)
	}
	return s, errors.Join(err, a.Close())
}

// starts starts the program several times, and leaves the last one running.
func (b *bench) starts(ctx context.Context, data, address string) (*server, error) {
	slowest := time.Duration(0)
	for i := range starts {
		s, err := start(ctx, b.binary, data, address)
		if err != nil {
			return nil, err
		}
		slowest = max(slowest, s.ready)
		if i == starts-1 {
			s.ready = slowest
			return s, nil
		}
		if err := s.stop(); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
