// Package test gives tests the real engines: a fresh SQLite file and a fresh
// PostgreSQL database, a standing clock, a browser.
package test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"cadre/kit/clock"
	"cadre/kit/db"
)

// Noon is the instant at which tests start: Tuesday 24 November 2026, noon in Lomé.
var Noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// EachDB runs fn on an empty database of each engine that is at hand, migrated to the schemas.
// PostgreSQL is the server at CADRE_TEST_POSTGRES, see Need.
func EachDB(t *testing.T, schemas []db.Schema, fn func(*testing.T, *db.DB)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			fn(t, Open(t, Address(t, engine), schemas))
		})
	}
}

// Open opens and migrates the database at address, and closes it when the test ends.
func Open(t testing.TB, address string, schemas []db.Schema) *db.DB {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(ctx, clock.At(Noon), schemas); err != nil {
		t.Fatal(err)
	}
	return d
}

var databases atomic.Int64

// Address returns the address of a new empty database of the engine, see Need.
func Address(t testing.TB, engine db.Engine) string {
	t.Helper()
	if engine == db.SQLite {
		return "sqlite:" + filepath.Join(t.TempDir(), "cadre.db")
	}
	server := Need(t, "CADRE_TEST_POSTGRES", "a PostgreSQL server")
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("cadre_%d_%d", os.Getpid(), databases.Add(1))
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = admin.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		_ = admin.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}
