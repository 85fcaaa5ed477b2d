package search

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/kit/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "search", Files: files}

// candidates bounds the records that are scored: the newest that hold the words.
const candidates = 200

// Index keeps the words of a record, known by its order of creation.
func Index(ctx context.Context, tx *db.Tx, seq int64, title, body string) error {
	all := title + "\n" + body
	stems, words := fitting(Terms(all)), fitting(Exact(all))
	if tx.Engine() == db.Postgres {
		_, err := tx.Exec(ctx, `
			INSERT INTO search_text (seq, stems, words)
			VALUES ($1, array_to_tsvector(string_to_array($2, ' ')), array_to_tsvector(string_to_array($3, ' ')))
			ON CONFLICT (seq) DO UPDATE SET stems = excluded.stems, words = excluded.words`, seq, nonEmpty(stems), nonEmpty(words))
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM search_text WHERE rowid = $1`, seq); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO search_text (rowid, stems, words) VALUES ($1, $2, $3)`, seq, stems, words)
	return err
}

// maxKept bounds what is kept of one record's words, in bytes: beyond 1 MB
// PostgreSQL's tsvector loses some without a word. It is some 150,000 words.
const maxKept = 1_000_000

// fitting joins the words, as many as fit.
func fitting(words []string) string {
	room := maxKept
	for i, w := range words {
		if room -= len(w) + 1; room < 0 {
			return strings.Join(words[:i], " ")
		}
	}
	return strings.Join(words, " ")
}

// nonEmpty avoids the empty word, which PostgreSQL refuses.
func nonEmpty(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// Kind is a kind of record and the key of its name.
type Kind struct{ Code, Name string }

// Filter narrows a search; an empty field does not.
type Filter struct {
	Kind   string
	Owner  string
	Themes []string // at least one of these
	Places []string
	Since  time.Time // last changed at this instant or later
	Until  time.Time // last changed before this instant
}

// bounds are the instants between which a record was last changed, in microseconds.
func (f Filter) bounds() (since, until int64) {
	since, until = math.MinInt64, math.MaxInt64
	if !f.Since.IsZero() {
		since = f.Since.UnixMicro()
	}
	if !f.Until.IsZero() {
		until = f.Until.UnixMicro()
	}
	return since, until
}

// Hit is a record that answers a query.
type Hit struct {
	ID      string
	Kind    string
	Title   string
	Owner   string
	Marking access.Marking
	State   string
	Content string // JSON
	Updated time.Time
	Score   float64
}

func (h *Hit) fields() []any {
	return []any{&h.ID, &h.Kind, &h.Title, &h.Owner, &h.Marking, &h.State, &h.Content, db.Instant(&h.Updated)}
}

// Results are the best answers to a query.
type Results struct {
	Hits   []Hit               // best first
	More   bool                // there are more than were scored: the query should be made more precise
	Themes map[string][]string // of the hits, by identifier
	Places map[string][]string
}

const hitColumns = `record.id, record.kind, record.title, record.owner_id, record.marking, record.state, record.content, record.updated_at`

const narrowed = access.Visible + ` AND (record.kind = $4 OR $4 = '') AND (record.owner_id = $5 OR $5 = '')
	AND ($6 = '[]' OR record.id IN (SELECT record_id FROM record_theme WHERE theme IN json_list($6)))
	AND ($7 = '[]' OR record.id IN (SELECT record_id FROM record_place WHERE place IN json_list($7)))
	AND record.updated_at >= $8 AND record.updated_at < $9`

// Find returns the visible records that hold all the words of what was typed, the best first.
func Find(ctx context.Context, tx *db.Tx, v access.Viewer, typed string, f Filter, now time.Time) (Results, error) {
	q := Query(typed)
	match := q.match(tx.Engine())
	if match == "" {
		return Results{}, nil
	}
	hits, err := find(ctx, tx, v, match, "stems", f)
	if err != nil {
		return Results{}, err
	}
	more := len(hits) > candidates
	hits = hits[:min(len(hits), candidates)]
	if len(q.Phrases) > 0 {
		hits = slices.DeleteFunc(hits, func(h Hit) bool { return !q.phrasesIn(h.Title, said(h.Content)) })
	}
	for i := range hits {
		hits[i].Score = Score(q, hits[i].Title, said(hits[i].Content), hits[i].Updated, now)
	}
	slices.SortFunc(hits, better)
	themes, err := about(ctx, tx, hits, `SELECT record_id, theme FROM record_theme WHERE record_id IN json_list($1) ORDER BY record_id, theme`)
	if err != nil {
		return Results{}, err
	}
	places, err := about(ctx, tx, hits, `SELECT record_id, place FROM record_place WHERE record_id IN json_list($1) ORDER BY record_id, place`)
	return Results{hits, more, themes, places}, err
}

// about reads the codes that a query gives for each hit.
func about(ctx context.Context, tx *db.Tx, hits []Hit, query string) (map[string][]string, error) {
	ids := []string{}
	for _, h := range hits {
		ids = append(ids, h.ID)
	}
	type row struct{ id, code string }
	all := map[string][]string{}
	err := db.Each(ctx, tx, func(r *row) []any { return []any{&r.id, &r.code} }, func(r row) error {
		all[r.id] = append(all[r.id], r.code)
		return nil
	}, query, db.JSON(ids))
	return all, err
}

// Suggest returns the titles of at most ten visible records that hold what is being typed.
func Suggest(ctx context.Context, tx *db.Tx, v access.Viewer, typed string, now time.Time) ([]Hit, error) {
	q := Query(typed)
	before, prefix := q.Typing()
	if prefix == "" || len(prefix) < 2 && len(before) == 0 {
		return nil, nil
	}
	match := []string{beginning(prefix, tx.Engine())}
	for _, w := range before {
		if w.Parts == nil { // a compound is kept in parts
			match = append(match, quoted("words", w.Exact, tx.Engine()))
		}
	}
	hits, err := find(ctx, tx, v, strings.Join(match, " "+and(tx.Engine())+" "), "words", Filter{})
	if err != nil {
		return nil, err
	}
	for i := range hits {
		hits[i].Score = Score(q, hits[i].Title, "", hits[i].Updated, now)
	}
	slices.SortFunc(hits, better)
	return hits[:min(len(hits), 10)], nil
}

// better puts the higher score first.
func better(a, b Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID))
}

// find reads the newest candidates. In SQLite the words of a match name their own
// column; in PostgreSQL column is the one that the match is looked up in.
func find(ctx context.Context, tx *db.Tx, v access.Viewer, match, column string, f Filter) ([]Hit, error) {
	from, key, order := `search_text JOIN record ON record.seq = search_text.rowid`, `search_text MATCH $3`, `search_text.rowid`
	if tx.Engine() == db.Postgres {
		from, key, order = `search_text JOIN record ON record.seq = search_text.seq`, `search_text.`+column+` @@ $3::tsquery`, `record.seq`
	}
	since, until := f.bounds()
	return db.All(ctx, tx, (*Hit).fields, `SELECT `+hitColumns+` FROM `+from+`
		WHERE `+key+` AND `+narrowed+` ORDER BY `+order+` DESC LIMIT $10`,
		v.Args(match, f.Kind, f.Owner, db.JSON(f.Themes), db.JSON(f.Places), since, until, candidates+1)...)
}

// match is the query in the engine's own words, empty when there is nothing to look for.
func (q Q) match(e db.Engine) string {
	all := matchWords(q.Words, e)
	for _, phrase := range q.Phrases {
		for _, word := range phrase {
			all = append(all, quoted("stems", stem(word), e))
		}
	}
	return strings.Join(all, " "+and(e)+" ")
}

func matchWords(words []Word, e db.Engine) []string {
	var all []string
	for _, w := range words {
		one := quoted("stems", w.Stem, e)
		if w.Parts != nil {
			parts := make([]string, len(w.Parts))
			for i, p := range w.Parts {
				parts[i] = quoted("stems", p, e)
			}
			one = "(" + one + " " + or(e) + " (" + strings.Join(parts, " "+and(e)+" ") + "))"
		}
		all = append(all, one)
	}
	return all
}

func and(e db.Engine) string {
	if e == db.Postgres {
		return "&"
	}
	return "AND"
}

func or(e db.Engine) string {
	if e == db.Postgres {
		return "|"
	}
	return "OR"
}

// quoted is a term as the engine's query language takes it. Terms hold letters and digits only.
func quoted(column, term string, e db.Engine) string {
	if e == db.Postgres {
		return "'" + term + "'"
	}
	return column + `:"` + term + `"`
}

func beginning(prefix string, e db.Engine) string {
	if e == db.Postgres {
		return "'" + prefix + "':*"
	}
	return `words:"` + prefix + `"*`
}

// phrasesIn reports whether a text holds every phrase word after word, in its title or its body.
func (q Q) phrasesIn(title, body string) bool {
	top, rest := readBag(title), readBag(body)
	return !slices.ContainsFunc(q.Phrases, func(phrase []string) bool { return !top.runs(phrase) && !rest.runs(phrase) })
}

// said is what the JSON of a record's content says: its values without the names of its
// fields and the signs of its writing, one to a line.
func said(content string) string {
	var b strings.Builder
	b.Grow(len(content))
	for i := 0; i < len(content); {
		end := i + 1
		switch c := content[i]; {
		case c == '"':
			end = afterString(content, i)
			if !strings.HasPrefix(content[end:], ":") { // else it is a name
				writeString(&b, content[i:end])
			}
		case c == '-' || c >= '0' && c <= '9':
			for end < len(content) && !strings.ContainsRune(",]}", rune(content[end])) {
				end++
			}
			b.WriteString(content[i:end])
			b.WriteByte('\n')
		}
		i = end
	}
	return b.String()
}

// afterString is where the JSON string that begins at from has ended.
func afterString(content string, from int) int {
	for i := from + 1; i < len(content); i++ {
		switch content[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(content)
}

func writeString(b *strings.Builder, quoted string) {
	if !strings.Contains(quoted, `\`) {
		b.WriteString(strings.Trim(quoted, `"`))
	} else {
		var s string
		_ = json.Unmarshal([]byte(quoted), &s) // what is no string says nothing
		b.WriteString(s)
	}
	b.WriteByte('\n')
}
