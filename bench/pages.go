package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/core/search"
)

// page is one thing that people ask for, and the least SQL that answers it.
type page struct {
	name   string
	method string
	path   func(i int64) string
	body   func(i int64) string
	sql    []string // none for a write, which is compared with a durable commit
	args   func(i int64) []any
}

// pages lists what is measured, as the focal point of a structure sees it.
func pages(s *seeded, postgres bool) []page {
	v, err := json.Marshal(s.viewer.Principals())
	if err != nil {
		panic(err) // a list of texts
	}
	args := func(own func(i int64) []any) func(int64) []any {
		return func(i int64) []any { return append([]any{string(v), int64(s.viewer.Clearance)}, own(i)...) }
	}
	none := func(int64) []any { return nil }
	slug := func(i int64) string { return s.slugs[i%int64(len(s.slugs))] }
	fact := func(i int64) string { return s.facts[i%int64(len(s.facts))] }
	get := func(name string, sql []string, own func(int64) []any, path func(i int64) string) page {
		return page{name: name, method: "GET", path: path, body: func(int64) string { return "" }, sql: sql, args: args(own)}
	}
	always := func(path string) func(int64) string { return func(int64) string { return path } }
	found, beginning := foundSQLite, `words:"`+firstLetters+`"*`
	if postgres {
		found, beginning = foundPostgres, "'"+firstLetters+"':*"
	}
	look := func(name, typed string) page {
		return get(name, []string{found}, func(int64) []any { return []any{matching(typed, postgres)} }, always("/recherche?q="+url.QueryEscape(typed)))
	}
	return []page{
		get("list: GET /api/v1/missions?limit=50", []string{listQuery}, none, always("/api/v1/missions?limit=50")),
		get("list: GET /structures", []string{structuresQuery, themesQuery}, none, always("/structures")),
		get("sheet: GET /structures/{slug}", []string{sheetQuery}, func(i int64) []any { return []any{slug(i)} }, func(i int64) string { return "/structures/" + slug(i) }),
		get("sheet: GET /faits/{id}", []string{factQuery}, func(i int64) []any { return []any{fact(i)} }, func(i int64) string { return "/faits/" + fact(i) }),
		look("search: a rare word", rareWord),
		look("search: a common word", commonWord),
		look("search: two words", twoWords),
		get("search: suggestions", []string{strings.Replace(found, ".stems", ".words", 1)}, func(int64) []any { return []any{beginning} },
			always("/recherche/suggestions?q="+firstLetters)),
		{name: "write: POST /api/v1/structures/{id}/capacities", method: "POST", path: always("/api/v1/structures/" + s.slugs[0] + "/capacities"),
			body: func(i int64) string {
				return fmt.Sprintf(`{"title":"Véhicule tout terrain n° %d","place":%q,"marking":"green","audience":["members"],"content":{"kind":"vehicles","quantity":2,"conditions":"Demande écrite, quinze jours avant."}}`, i, s.place)
			}},
	}
}

const visible = ` FROM record WHERE ` + access.Visible

const (
	listQuery = `SELECT ` + record.Columns + visible + ` AND record.kind = 'directory.mission' AND record.state = 'in_force'
		ORDER BY record.sort_key, record.id LIMIT 51`
	structuresQuery = `SELECT ` + record.Columns + ` FROM directory_structure s JOIN record ON record.id = s.id WHERE ` + access.Visible + `
		ORDER BY s.acronym_key, s.id LIMIT 51`
	themesQuery = `SELECT DISTINCT record.owner_id, record.facet FROM record_tally record WHERE ` + access.Visible + `
		AND record.kind = 'directory.mission' AND record.state = 'in_force' AND record.facet > 'theme:' AND record.facet < 'theme;' AND record.n > 0`
	factQuery   = `SELECT ` + record.Columns + visible + ` AND record.id = $3`
	foundSQLite = `SELECT ` + record.Columns + ` FROM search_text JOIN record ON record.seq = search_text.rowid
		WHERE search_text MATCH $3 AND ` + access.Visible + ` ORDER BY search_text.rowid DESC LIMIT 201`
	foundPostgres = `SELECT ` + record.Columns + ` FROM search_text JOIN record ON record.seq = search_text.seq
		WHERE search_text.stems @@ $3::tsquery AND ` + access.Visible + ` ORDER BY record.seq DESC LIMIT 201`
)

// sheetQuery reads the first facts of each kind.
var sheetQuery = func() string {
	var all []string
	for _, kind := range []string{"mission", "programme", "capacity", "branch", "document"} {
		all = append(all, `SELECT * FROM (SELECT `+record.Columns+visible+` AND record.owner_id = (SELECT id FROM directory_structure WHERE slug = $3)
			AND record.kind = 'directory.`+kind+`' AND record.state = 'in_force' ORDER BY record.sort_key, record.id LIMIT 20) `+kind)
	}
	return strings.Join(all, " UNION ALL ")
}()

// matching is a query in the engine's own words.
func matching(typed string, postgres bool) string {
	if postgres {
		return "'" + strings.Join(search.Terms(typed), "' & '") + "'"
	}
	return `stems:"` + strings.Join(search.Terms(typed), `" AND stems:"`) + `"`
}
