package app_test

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	// sqlText is how a string literal shows that it is SQL, or a piece of it.
	sqlText = regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|FROM \w+|JOIN|WHERE|ORDER BY|CREATE (TABLE|INDEX)|LIMIT \$|OFFSET|FOR UPDATE|ILIKE)\b`)

	// These words mean different things on the two engines, are slow on long lists, or compare human text badly.
	sqlForbidden = regexp.MustCompile(`(?i)\bILIKE\b|= *ANY *\(|\bFOR +UPDATE\b|\bOFFSET\b|\bnow *\(\)|\bCURRENT_TIMESTAMP\b|\bAUTOINCREMENT\b|\b(BIG)?SERIAL\b|\blower *\(`)

	sqlComment = regexp.MustCompile(`--[^\n]*`)
	tableMade  = regexp.MustCompile(`CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?(\w+)`)
	tableWrite = regexp.MustCompile(`\b(?:INSERT INTO|UPDATE|DELETE FROM|ALTER TABLE|DROP TABLE)\s+([a-z]\w*)`)
	tableRead  = regexp.MustCompile(`\b(?:JOIN|REFERENCES)\s+([a-z]\w*)`)
	tableList  = regexp.MustCompile(`\bFROM\s+([a-z]\w*(?:(?:\s+(?:AS\s+)?[a-z]\w*)?\s*,\s*[a-z]\w*)*)`)
)

// alsoRead lists the tables that a room reads though it does not import their room:
// the full-text index lives beside the envelope, which imports it.
var alsoRead = map[string][]string{"core/search": {"record", "record_theme", "record_place"}}

// envelope lists the only tables of other rooms that a noun's queries may join.
var envelope = []string{"record", "record_theme", "record_place", "record_tally", "audience_principal"}

// statement is one piece of SQL and where it stands.
type statement struct {
	source
	at   token.Pos
	text string
}

// statements are the string literals of the program that look like SQL, without tests.
func (h house) statements() []statement {
	var all []statement
	for _, f := range h.files {
		if f.test || f.generated {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text := unquote(lit); sqlText.MatchString(text) {
					all = append(all, statement{f, lit.Pos(), sqlComment.ReplaceAllString(text, "")})
				}
			}
			return true
		})
	}
	return all
}

// schemas gives the text of every migration by its path, without comments.
func (h house) schemas(t *testing.T) map[string]string {
	all := map[string]string{}
	for _, file := range h.find(t, ".sql") {
		if path.Base(path.Dir(file)) != "schema" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(h.root, file))
		if err != nil {
			t.Fatal(err)
		}
		all[file] = sqlComment.ReplaceAllString(string(text), "")
	}
	return all
}

func (h house) sqlWords(t *testing.T) {
	for _, s := range h.statements() {
		if word := sqlForbidden.FindString(s.text); word != "" {
			h.complain(t, s.source, s.at, "SQL without %q", word)
		}
	}
	for file, text := range h.schemas(t) {
		if at := sqlForbidden.FindStringIndex(text); at != nil {
			t.Errorf("%s:%d: SQL without %q", file, 1+strings.Count(text[:at[0]], "\n"), text[at[0]:at[1]])
		}
	}
}

// tables keeps each room's tables to itself: others never write them, and read them only from above.
func (h house) tables(t *testing.T) {
	owner, schemas, below := map[string]string{}, h.schemas(t), h.below()
	for file, text := range schemas {
		for _, m := range tableMade.FindAllStringSubmatch(text, -1) {
			owner[m[1]] = path.Dir(path.Dir(file))
		}
	}
	mayRead := func(room, table string) bool {
		of, known := owner[table]
		switch {
		case !known, of == room, slices.Contains(tops, room):
			return true
		case strings.HasPrefix(room, "core/"):
			return slices.Contains(below[room], of) || slices.Contains(alsoRead[room], table)
		}
		return slices.Contains(envelope, table)
	}
	for _, s := range h.statements() {
		for _, table := range tablesWritten(s.text) {
			if of, known := owner[table]; known && of != s.room {
				h.complain(t, s.source, s.at, "%s writes the table %s of %s", s.room, table, of)
			}
		}
		for _, table := range tablesRead(s.text) {
			if !mayRead(s.room, table) {
				h.complain(t, s.source, s.at, "%s reads the table %s of %s", s.room, table, owner[table])
			}
		}
	}
	for file, text := range schemas {
		for _, table := range tablesRead(text) {
			if room := path.Dir(path.Dir(file)); !mayRead(room, table) {
				t.Errorf("%s: %s refers to the table %s of %s", file, room, table, owner[table])
			}
		}
	}
}

// below lists for each room those that it imports, directly or not.
func (h house) below() map[string][]string {
	direct := map[string]map[string]bool{}
	for _, f := range h.files {
		for _, spec := range f.Imports {
			if to, own := strings.CutPrefix(unquote(spec.Path), "cadre/"); own && !f.test {
				if direct[f.room] == nil {
					direct[f.room] = map[string]bool{}
				}
				direct[f.room][to] = true
			}
		}
	}
	all := map[string][]string{}
	for room := range direct {
		seen := map[string]bool{}
		reachFrom(direct, room, seen)
		all[room] = slices.Collect(maps.Keys(seen))
	}
	return all
}

func reachFrom(direct map[string]map[string]bool, room string, seen map[string]bool) {
	for to := range direct[room] {
		if !seen[to] {
			seen[to] = true
			reachFrom(direct, to, seen)
		}
	}
}

func tablesWritten(text string) []string {
	return firstGroups(tableWrite.FindAllStringSubmatch(text, -1))
}

func tablesRead(text string) []string {
	all := firstGroups(tableRead.FindAllStringSubmatch(text, -1))
	for _, list := range firstGroups(tableList.FindAllStringSubmatch(text, -1)) {
		for item := range strings.SplitSeq(list, ",") {
			all = append(all, strings.Fields(item)[0])
		}
	}
	return all
}

// firstGroups gives the first group of every match.
func firstGroups(matches [][]string) []string {
	var all []string
	for _, m := range matches {
		all = append(all, m[1])
	}
	return all
}
