// Command bench measures Cadre on a database full of invented facts, and beside it
// what the same machine does without Cadre: a bare HTTP handler that answers the
// same bytes, the bare query, a bare commit. It prints tables in Markdown.
//
// The program runs in a process of its own, on 127.0.0.1 alone. Every measure is
// bounded in time and in number of requests. PostgreSQL is the server at
// CADRE_TEST_POSTGRES: scripts/postgres starts one.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
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
	sizes := flag.String("sizes", "1000,100000", "numbers of records, separated by commas")
	engines := flag.String("engines", "sqlite,postgres", "engines, separated by commas")
	quick := flag.Bool("quick", false, "a short look: few requests each")
	flag.Parse()
	b := &bench{out: os.Stdout, limits: limits{3 * time.Second, 20000}}
	if *quick {
		b.limits = limits{300 * time.Millisecond, 500}
	}
	if err := b.run(context.Background(), strings.Split(*engines, ","), strings.Split(*sizes, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	out    *os.File
	limits limits
	binary string
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
	for _, engine := range engines {
		for _, size := range sizes {
			n, err := strconv.Atoi(size)
			if err != nil {
				return err
			}
			data := filepath.Join(folder, engine+"-"+size)
			if err := b.one(ctx, engine, data, n); err != nil {
				return fmt.Errorf("%s, %d records: %w", engine, n, err)
			}
		}
	}
	return nil
}

// one measures an engine with a number of records.
func (b *bench) one(ctx context.Context, engine, data string, n int) error {
	address, drop, err := database(ctx, engine, data)
	if err != nil {
		return err
	}
	defer drop()
	s, err := filled(ctx, data, address, n)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\n### %s, %d records\n\nSeeded in %.0f s.\n", engine, n, s.took.Seconds())
	program, err := b.starts(ctx, data, address)
	if err != nil {
		return err
	}
	machine, err := openBare(ctx, address, data)
	if err != nil {
		return errors.Join(err, program.stop())
	}
	defer machine.close()
	err = b.pages(ctx, program, machine, s)
	return errors.Join(err, program.footprint(ctx, b.out, machine, address), program.stop())
}

// database makes an empty database; drop removes it.
func database(ctx context.Context, engine, data string) (address string, drop func(), err error) {
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
	name := fmt.Sprintf("cadre_bench_%d", os.Getpid())
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return "", nil, err
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

// filled seeds the database.
func filled(ctx context.Context, data, address string, n int) (*seeded, error) {
	config := app.Config{Data: data, DatabaseFlag: app.DatabaseFlag{Database: address}}
	a, err := app.Open(ctx, app.Options{Config: config, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	s, err := seed(ctx, a, n)
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

// pages measures every page and prints its line.
func (b *bench) pages(ctx context.Context, program *server, machine *bare, s *seeded) error {
	fmt.Fprintf(b.out, "\n| request | kB | 1 client: /s | p50 ms | p99 ms | %d clients: /s | p50 ms | p99 ms | bare handler ms | bare SQL ms | ratio, 1 client | ratio, %d clients |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n", many, many)
	c := newClient(program.address, s.token)
	for _, p := range pages(s, machine.postgres) {
		l, err := b.measure(ctx, c, machine, p)
		if err != nil {
			return err
		}
		fmt.Fprintln(b.out, l)
	}
	return nil
}

// measure measures one page, and what the machine does for the same work.
func (b *bench) measure(ctx context.Context, c *client, machine *bare, p page) (string, error) {
	resp, answer, err := c.send(p.method, p.path(0), p.body(0))
	if err != nil {
		return "", err
	}
	line := fmt.Sprintf("| %s | %.1f |", p.name, float64(len(answer))/1000)
	var ratios [2]float64
	var handlers, queries [2]figures
	for i, clients := range []int{1, many} {
		offset := int64(i+1) * 1_000_000
		f, err := measure(clients, b.limits, func(i int64) error {
			_, _, err := c.send(p.method, p.path(i), p.body(offset+i))
			return err
		})
		if err != nil {
			return "", err
		}
		if handlers[i], err = machine.handler(clients, b.limits, p.method, p.body(0), header(resp), answer); err != nil {
			return "", err
		}
		if p.sql == nil {
			queries[i], err = machine.commit(ctx, clients, b.limits)
		} else {
			queries[i], err = machine.queries(ctx, clients, b.limits, p.sql, p.args)
		}
		if err != nil {
			return "", err
		}
		ratios[i] = f.each / (handlers[i].each + queries[i].each)
		line += fmt.Sprintf(" %.0f | %s | %s |", f.perSecond(), ms(f.p50), ms(f.p99))
	}
	return line + fmt.Sprintf(" %s | %s | %.1f | %.1f |", ms(handlers[0].p50), ms(queries[0].p50), ratios[0], ratios[1]), nil
}

// header keeps what the answer's bytes need to be read.
func header(r *http.Response) http.Header {
	h := http.Header{}
	for _, name := range []string{"Content-Type", "Content-Encoding"} {
		if v := r.Header.Get(name); v != "" {
			h.Set(name, v)
		}
	}
	return h
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()*1000) }

// footprint prints what the program and its database take.
func (s *server) footprint(ctx context.Context, out *os.File, machine *bare, address string) error {
	resident, err := s.memory("VmRSS")
	if err != nil {
		return err
	}
	peak, err := s.memory("VmHWM")
	if err != nil {
		return err
	}
	size, err := machine.size(ctx, address)
	fmt.Fprintf(out, "\nReady in %s ms. Resident memory after the load %d MB, at its highest %d MB. Database %d MB.\n", ms(s.ready), resident>>20, peak>>20, size>>20)
	return err
}
