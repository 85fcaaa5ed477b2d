package app_test

import (
	"strings"
	"testing"

	"cadre/app"
	"cadre/kit/db"
	"cadre/kit/test"
)

const schemaHead = `-- Every table of Cadre as SQLite keeps it, one statement after another by name.
-- Made from the migrations by ` + "`make schema`" + `, which a test holds current: do not edit.
-- On PostgreSQL instants are bigint, yes and no boolean, files bytea.

`

// TestSchema keeps docs/schema.sql, which shows all tables on one page, current.
func TestSchema(t *testing.T) {
	d := test.Open(t, test.Address(t, db.SQLite), app.Schemas)
	tables, err := d.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	test.Golden(t, "../docs/schema.sql", schemaHead+strings.Join(tables, ";\n\n")+";\n")
}
