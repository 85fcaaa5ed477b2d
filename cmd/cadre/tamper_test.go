package main_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// forgery is what somebody who holds the machine does to the data of a Cadre that is stopped.
type forgery struct {
	name string
	sql  string // k stands for the place of an entry, the one that made the capacity « Essai 2 »
	says string // what verify must name; k as above
}

var forgeries = []forgery{
	{"a title", `UPDATE record SET title = 'Autre' WHERE title = 'Essai 2'`, "n° k"},
	{"a marking lowered", `UPDATE record SET marking = 0 WHERE title = 'Essai 2'`, "n° k"},
	{"a content", `UPDATE record SET content = replace(content, 'trainers', 'vehicles') WHERE title = 'Essai 2'`, "n° k"},
	{"an owner", `UPDATE record SET owner_id = (SELECT id FROM directory_structure WHERE slug = 'cndh') WHERE title = 'Essai 2'`, "n° k"},
	{"an audience widened", `INSERT INTO audience_principal (audience_id, principal) SELECT audience_id, 'public' FROM record WHERE title = 'Essai 2'`, "audience"},
	{"a theme added", `INSERT INTO record_theme (record_id, theme) SELECT id, 'ARM' FROM record WHERE title = 'Essai 2'`, "n° k"},
	{"a record deleted", `DELETE FROM record WHERE title = 'Essai 2'`, "n° k"},
	{"a record added", `INSERT INTO record SELECT '01a20bec-f9d0-7ef0-acd8-a7a3f477c353', {seq}, {rest} FROM record WHERE title = 'Essai 2'`, "n’est pas dans le journal"},
	{"a clearance raised", `UPDATE person SET clearance = 5 WHERE email = 'admin@cadre.example'`, "n° "},
	{"a function given", `INSERT INTO person_function (id, person_id, function, from_at) SELECT 'x', id, 'secretariat', 0 FROM person WHERE email = 'focal@cnad.example'`, "n° "},
	{"a name in addresses", `UPDATE directory_structure SET slug = 'cnap' WHERE slug = 'cnad'`, "CNAD"},
	{"what an entry says", `UPDATE journal_entry SET content = replace(content, 'Essai 2', 'Essai 9') WHERE n = k`, "n° k"},
	{"who did it", `UPDATE journal_entry SET person_id = 'x' WHERE n = k`, "n° k"},
	{"when it was done", `UPDATE journal_entry SET at = at - 1 WHERE n = k`, "n° k"},
	{"an entry emptied", `UPDATE journal_entry SET content = NULL, salt = NULL WHERE n = k`, "n° k"},
	{"an entry deleted", `DELETE FROM journal_entry WHERE n = k`, "n° k"},
	{"the last entry deleted", `DELETE FROM journal_entry WHERE n = (SELECT max(n) FROM journal_entry)`, "n° last"},
	{"an entry added", `INSERT INTO journal_entry SELECT n + 1, act + 1, at, {journal} FROM journal_entry WHERE n = last`, "n° end"},
	{"two entries in another order", `UPDATE journal_entry SET n = -n WHERE n IN (k, k + 1); UPDATE journal_entry SET n = 2 * k + 1 + n WHERE n < 0`, "n° k"},
	{"two salts swapped", `UPDATE journal_entry SET salt = (SELECT o.salt FROM journal_entry o WHERE o.n = 2 * k + 1 - journal_entry.n) WHERE n IN (k, k + 1)`, "n° k"},
	{"a hash of the tree", `UPDATE journal_hash SET hash = zeroblob(32) WHERE i = (SELECT max(i) FROM journal_hash)`, "n° "},
	{"a checkpoint deleted", `DELETE FROM journal_checkpoint WHERE size = end`, "n° last"},
	{"the head moved", `UPDATE journal_head SET size = size - 1`, "tête"},
	{"the end cut off, without a trace in the database", `DELETE FROM journal_entry WHERE n >= k; DELETE FROM journal_checkpoint WHERE size > k;
		DELETE FROM record WHERE title GLOB 'Essai [2-9]'; DELETE FROM journal_hash WHERE i >= {hashes}; UPDATE journal_head SET size = k`, "n° k"},
}

// places are where the entries of a journal stand.
type places struct{ k, last int64 }

func find(t *testing.T, data string) (p places) {
	t.Helper()
	d := sqlite(t, data)
	must(t, d.QueryRow(`SELECT n, (SELECT max(n) FROM journal_entry) FROM journal_entry WHERE subject = (SELECT id FROM record WHERE title = 'Essai 2')`).Scan(&p.k, &p.last))
	must(t, d.Close())
	return p
}

// in puts the places, and the columns of the tables, into a text.
func (p places) in(t *testing.T, data, s string) string {
	t.Helper()
	d := sqlite(t, data)
	for name, table := range map[string]string{"{rest}": "record", "{journal}": "journal_entry"} {
		s = strings.Replace(s, name, strings.Join(columns(t, d, table, "id", "seq", "n", "act", "at"), ", "), 1)
	}
	must(t, d.Close())
	hashes := int64(0) // of the tree over the first k entries: as many as k has halves, halves of halves…
	for n := p.k; n > 0; n >>= 1 {
		hashes += n
	}
	for name, n := range map[string]int64{"{seq}": 1 << 40, "{hashes}": hashes} {
		s = strings.ReplaceAll(s, name, fmt.Sprint(n))
	}
	words := strings.Fields(s)
	for i, w := range words {
		for name, n := range map[string]int64{"k": p.k, "last": p.last, "end": p.last + 1} {
			if strings.Trim(w, "(),;") == name {
				words[i] = strings.Replace(w, name, fmt.Sprint(n), 1)
			}
		}
	}
	return strings.Join(words, " ")
}

// columns lists the columns of a table, but some.
func columns(t *testing.T, d *sql.DB, table string, but ...string) []string {
	t.Helper()
	rows, err := d.Query(`SELECT name FROM pragma_table_info(?)`, table)
	must(t, err)
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var all []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		if !slices.Contains(but, name) {
			all = append(all, name)
		}
	}
	must(t, rows.Err())
	return all
}

// TestVerifyNamesWhatWasForged forges the data of a stopped Cadre with SQL, in every way that
// leaves a readable database: verify fails, and names the entry.
func TestVerifyNamesWhatWasForged(t *testing.T) {
	t.Parallel()
	data := demonstration(t)
	p := find(t, data)
	t.Log(succeed(t, "verify", "--data", data))
	for _, f := range forgeries {
		t.Run(f.name, func(t *testing.T) {
			forged, sql, says := copyOf(t, data), p.in(t, data, f.sql), p.in(t, data, f.says)
			t.Parallel()
			alter(t, forged, strings.Split(sql, ";")...)
			denied(t, forged, says)
		})
	}
}

// denied makes sure that verify fails, and says so.
func denied(t *testing.T, data, says string, flags ...string) {
	t.Helper()
	out, errs, err := run(t, append([]string{"verify", "--data", data}, flags...)...)
	if err == nil {
		t.Fatalf("verify finds nothing: %s", out)
	}
	if !strings.Contains(out, says) || strings.Contains(errs, "goroutine ") || !strings.HasPrefix(errs, "cadre: ") {
		t.Errorf("verify does not say %q:\n%s%s", says, out, errs)
	}
	t.Logf("%s", strings.SplitN(out, "\n", 2)[0])
}

// TestAnOlderDatabaseIsNoticed puts an older copy of the database in the place of the newer
// one: by the checkpoint published beside it, or by one kept elsewhere, verify names what is
// lost; and the server adds nothing to it.
func TestAnOlderDatabaseIsNoticed(t *testing.T) {
	t.Parallel()
	data := demonstration(t)
	p := find(t, data)
	older := copyOf(t, data)
	s := serve(t, data)
	if status, body, err := s.ask(http.MethodPost, capacities, token(t, data, "cnad"), capacity("Essai récent")); status >= 300 || err != nil {
		t.Fatal(status, body, err)
	}
	s.stop(t)
	kept := filepath.Join(t.TempDir(), "checkpoint")
	must(t, os.Link(filepath.Join(data, "checkpoint"), kept))

	mixed := copyOf(t, older)
	must(t, os.Remove(filepath.Join(mixed, "checkpoint")))
	must(t, os.Link(kept, filepath.Join(mixed, "checkpoint")))
	denied(t, mixed, fmt.Sprintf("n° %d", p.last+1))
	denied(t, older, fmt.Sprintf("n° %d", p.last+1), "--checkpoint", kept)
	s = serve(t, mixed)
	_, page, err := s.ask(http.MethodGet, "/structures/cnad", "", "")
	must(t, err)
	status, body, err := s.ask(http.MethodPost, "/demo/connexion", "", "")
	must(t, err)
	if status < 400 || !strings.Contains(page, "CNAD") {
		t.Errorf("the server goes on from an older database: %d %s", status, body)
	}
	if _, errs, err := run(t, "token", "--data", mixed, "--user", "focal@cnad.example"); err == nil || !strings.Contains(errs, "n’est plus celui qui a été signé") {
		t.Errorf("a token is written into an older database: %s", errs)
	}
}

// TestAnotherKeyProvesNothing replaces the key that signs the journal.
func TestAnotherKeyProvesNothing(t *testing.T) {
	t.Parallel()
	data := demonstration(t)
	other := filepath.Join(t.TempDir(), "other")
	s := serve(t, other)
	s.stop(t)
	key, err := os.ReadFile(filepath.Join(other, "journal.key"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(data, "journal.key"), key, 0o600))
	denied(t, data, "signé")
}
