// Package record is the envelope that every piece of content shares: who owns it,
// who may see it, what it is called, its themes and places, its version, and what
// is written once for all kinds over it: history, links, followers, readings.
//
// A noun keeps its own fields in the envelope's content, as JSON of a Go type, and
// has a table of its own only for what it must query by. Each version of a record
// is the journal entry that made it: there is no second copy of history.
package record

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/search"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/text"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "record", Files: files}

// MaxTitle is the greatest length of a title, in characters.
const MaxTitle = 300

var oneLine = strings.NewReplacer("\n", " ", "\t", " ")

// CheckTitle puts a title on one line, and collects what is wrong with it. It is read in lists and in
// mails: it says something to the eye, and begins no line that would pass for another.
func CheckTitle(c *fault.Collect, title *string) {
	*title = oneLine.Replace(*title)
	c.Need(strings.ContainsFunc(*title, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }), "title", "Donnez un intitulé.")
	c.Need(len([]rune(*title)) <= MaxTitle, "title", "Trois cents caractères au plus.")
}

// Record is an envelope with its content.
type Record struct {
	ID       string
	Kind     string
	Number   string // official number; empty where the kind has none
	Title    string
	Owner    string // identifier of an institution
	Audience access.Audience
	Marking  access.Marking
	State    string
	Themes   []string // codes of the country pack, sorted
	Places   []string // codes of the country pack, sorted
	Content  string   // JSON: the noun's own fields
	Version  int64    // from 1
	Created  time.Time
	Updated  time.Time

	audienceID string
}

// Columns are the columns of the table record that Fields reads, for a noun's own queries.
const Columns = `record.id, record.kind, record.number, record.title, record.owner_id, record.audience_id, record.marking,
	record.state, record.content, record.version, record.created_at, record.updated_at`

// Fields is where Columns go.
func (r *Record) Fields() []any {
	return []any{&r.ID, &r.Kind, &r.Number, &r.Title, &r.Owner, &r.audienceID, &r.Marking,
		&r.State, &r.Content, &r.Version, db.Instant(&r.Created), db.Instant(&r.Updated)}
}

// Snapshot is a version of a record as the journal keeps it.
type Snapshot struct {
	Kind     string          `json:"kind"`
	Number   string          `json:"number"`
	Title    string          `json:"title"`
	Owner    string          `json:"owner"`
	Audience access.Audience `json:"audience"`
	Marking  access.Marking  `json:"marking"`
	State    string          `json:"state"`
	Themes   []string        `json:"themes"`
	Places   []string        `json:"places"`
	Content  json.RawMessage `json:"content"`
}

func (r *Record) snapshot() Snapshot {
	return Snapshot{r.Kind, r.Number, r.Title, r.Owner, r.Audience, r.Marking, r.State, r.Themes, r.Places, json.RawMessage(r.Content)}
}

// visible reports whether the viewer could have seen this version when it was current.
func (s Snapshot) visible(v access.Viewer) bool {
	return s.Marking <= v.Clearance && slices.ContainsFunc(v.Principals(), s.Audience.Has)
}

// Decode reads the noun's own fields.
func Decode[T any](r Record) (T, error) {
	var v T
	err := json.Unmarshal([]byte(r.Content), &v)
	return v, err
}

// Create stores a new record, its first version in the journal and its words in the
// index. It fills the identifier, unless one is given, the version and the times.
// action is the journal's word for the act; words is what search reads besides the title.
func Create(ctx context.Context, act *journal.Act, r *Record, action string, content any, words string) error {
	if r.ID == "" {
		r.ID = id.New()
	}
	r.Version, r.Created, r.Updated = 1, act.At, act.At
	if err := r.prepare(ctx, act, content); err != nil {
		return err
	}
	seq, err := db.Value[int64](ctx, act.Tx, `
		INSERT INTO record (id, seq, kind, number, title, sort_key, owner_id, audience_id, marking, state, content, version, created_at, updated_at)
		VALUES ($1, (SELECT coalesce(max(seq), 0) + 1 FROM record), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING seq`,
		r.ID, r.Kind, r.Number, r.Title, text.SortKey(r.Title), r.Owner, r.audienceID, r.Marking, r.State, r.Content, r.Version, r.Created, r.Updated)
	if err != nil {
		return err
	}
	return r.finish(ctx, act, nil, seq, action, words)
}

// Change stores a new version of a record that the act has found and altered.
// expect is the version that its author had before their eyes: when another has
// come since, nothing is written and the fault is a Conflict.
func Change(ctx context.Context, act *journal.Act, r *Record, expect int64, action string, content any, words string) error {
	if err := r.prepare(ctx, act, content); err != nil {
		return err
	}
	was, err := r.leave(ctx, act)
	if err != nil {
		return err
	}
	seq, err := db.Value[int64](ctx, act.Tx, `
		UPDATE record SET number = $1, title = $2, sort_key = $3, owner_id = $4, audience_id = $5, marking = $6, state = $7,
			content = $8, version = version + 1, updated_at = $9
		WHERE id = $10 AND version = $11 RETURNING seq`,
		r.Number, r.Title, text.SortKey(r.Title), r.Owner, r.audienceID, r.Marking, r.State, r.Content, act.At, r.ID, expect)
	if errors.Is(err, db.ErrNone) {
		return Moved()
	}
	if err != nil {
		return err
	}
	r.Version, r.Updated = expect+1, act.At
	return r.finish(ctx, act, was, seq, action, words)
}

// Moved is the fault of a change made on a version that is no longer the last.
func Moved() error {
	return fault.New(fault.Conflict, "Quelqu’un a modifié cette fiche entre-temps. Relisez ce qui est enregistré, puis recommencez.")
}

func (r *Record) prepare(ctx context.Context, act *journal.Act, content any) error {
	r.Audience = access.AudienceOf(r.Owner, r.Audience...)
	if err := r.Marking.Check(r.Owner, r.Audience); err != nil {
		return err
	}
	if r.Marking > act.By.Clearance {
		return fault.Invalid("marking", "Votre habilitation ne permet pas ce marquage. Choisissez-en un autre.")
	}
	b, err := json.Marshal(content)
	if err != nil {
		return err
	}
	r.Content = string(b)
	r.Themes, r.Places = set(r.Themes), set(r.Places)
	r.audienceID, err = access.Intern(ctx, act.Tx, r.Audience)
	return err
}

// finish stores what stands beside the record's own row; was is where the tally counted it before.
func (r *Record) finish(ctx context.Context, act *journal.Act, was []line, seq int64, action, words string) error {
	if err := r.storeSets(ctx, act, was); err != nil {
		return err
	}
	r.enter(act)
	whole := strings.ReplaceAll(r.Number, "-", "") // one word: its parts, such as the year, would find every record
	if err := search.Index(ctx, act.Tx, seq, r.Title, whole+"\n"+words); err != nil {
		return err
	}
	return act.Record(ctx, action, r.ID, r.Version, r.snapshot())
}

// storeSets stores the themes and the places, unless they are as they were.
func (r *Record) storeSets(ctx context.Context, act *journal.Act, was []line) error {
	for facet, codes := range map[string][]string{"theme": r.Themes, "place": r.Places} {
		var before []string
		for _, l := range was {
			if l.facet == facet {
				before = append(before, l.code)
			}
		}
		if slices.Equal(before, codes) {
			continue
		}
		if len(before) > 0 {
			if _, err := act.Exec(ctx, `DELETE FROM record_`+facet+` WHERE record_id = $1`, r.ID); err != nil {
				return err
			}
		}
		var rows [][]any
		for _, code := range codes {
			rows = append(rows, []any{r.ID, code})
		}
		if err := act.Insert(ctx, `INSERT INTO record_`+facet+` (record_id, `+facet+`) VALUES`, rows, ""); err != nil {
			return err
		}
	}
	return nil
}

// set sorts the codes and keeps each once; it is never nil, so that its JSON is a list.
func set(codes []string) []string {
	s := append([]string{}, codes...)
	slices.Sort(s)
	return slices.DeleteFunc(slices.Compact(s), func(c string) bool { return c == "" })
}

// Find reads a record of one of the kinds, with its audience, themes and places.
// What the viewer may not see is missing, as what does not exist.
func Find(ctx context.Context, tx *db.Tx, v access.Viewer, recordID string, kinds ...string) (Record, error) {
	if !id.Valid(recordID) {
		return Record{}, fault.Missing()
	}
	r, err := db.One(ctx, tx, (*Record).Fields, `SELECT `+Columns+` FROM record WHERE record.id = $3 AND `+access.VisibleOne, v.Args(recordID)...)
	if errors.Is(err, db.ErrNone) || err == nil && len(kinds) > 0 && !slices.Contains(kinds, r.Kind) {
		return Record{}, fault.Missing()
	}
	if err != nil {
		return Record{}, err
	}
	return r, r.load(ctx, tx)
}

// load reads what the envelope's own row does not hold.
func (r *Record) load(ctx context.Context, tx *db.Tx) (err error) {
	if r.Audience, err = access.AudienceByID(ctx, tx, r.audienceID); err != nil {
		return err
	}
	return loadSets(ctx, tx, []*Record{r})
}

// LoadSets reads the themes and places of many records at once.
func LoadSets(ctx context.Context, tx *db.Tx, all []Record) error {
	each := make([]*Record, len(all))
	for i := range all {
		each[i] = &all[i]
	}
	return loadSets(ctx, tx, each)
}

func loadSets(ctx context.Context, tx *db.Tx, all []*Record) error {
	at := map[string]*Record{}
	ids := make([]string, len(all))
	for i, r := range all {
		r.Themes, r.Places = []string{}, []string{}
		at[r.ID], ids[i] = r, r.ID
	}
	type row struct{ id, theme, place string }
	return db.Each(ctx, tx, func(r *row) []any { return []any{&r.id, &r.theme, &r.place} }, func(r row) error {
		if r.theme != "" {
			at[r.id].Themes = append(at[r.id].Themes, r.theme)
		} else {
			at[r.id].Places = append(at[r.id].Places, r.place)
		}
		return nil
	}, `
		SELECT record_id, theme, '' FROM record_theme WHERE record_id IN json_list($1)
		UNION ALL SELECT record_id, '', place FROM record_place WHERE record_id IN json_list($1)
		ORDER BY 1, 2, 3`, db.JSON(ids))
}
