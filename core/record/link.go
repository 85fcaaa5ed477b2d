package record

import (
	"context"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/text"
)

// LinkKind is what a link between two records says.
type LinkKind string

// The kinds of links.
const (
	Concerns LinkKind = "concerns"
	Serves   LinkKind = "serves"
	Follows  LinkKind = "follows"
	Replaces LinkKind = "replaces"
)

// LinkWords gives each kind its words, read from one end and from the other; keys of the catalogue.
var LinkWords = map[LinkKind][2]string{
	Concerns: {text.Key("concerne"), text.Key("est concernée par")},
	Serves:   {text.Key("sert"), text.Key("est servie par")},
	Follows:  {text.Key("fait suite à"), text.Key("a pour suite")},
	Replaces: {text.Key("remplace"), text.Key("est remplacée par")},
}

// Linked is the other end of a link.
type Linked struct {
	Record
	Link LinkKind
	Back bool // the link comes from the other record
}

// What the journal calls the acts of this file.
const (
	linked     = "record.linked"
	unlinked   = "record.unlinked"
	followed   = "record.followed"
	unfollowed = "record.unfollowed"
)

type link struct {
	Kind LinkKind `json:"kind"`
	To   string   `json:"to"`
}

// Link ties two records, both visible to the actor; tying them twice changes nothing.
func Link(ctx context.Context, act *journal.Act, from Record, kind LinkKind, to Record) error {
	var c fault.Collect
	_, known := LinkWords[kind]
	c.Need(known, "kind", "Choisissez un lien de la liste.")
	c.Need(from.ID != to.ID, "to", "Donnez l’adresse d’une autre fiche que celle-ci.")
	if err := c.Fault(); err != nil {
		return err
	}
	if _, err := act.Exec(ctx, `INSERT INTO record_link (from_id, kind, to_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, from.ID, kind, to.ID); err != nil {
		return err
	}
	return act.Record(ctx, linked, from.ID, 0, link{kind, to.ID})
}

// Unlink takes a link away.
func Unlink(ctx context.Context, act *journal.Act, from Record, kind LinkKind, to string) error {
	n, err := act.Exec(ctx, `DELETE FROM record_link WHERE from_id = $1 AND kind = $2 AND to_id = $3`, from.ID, kind, to)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Missing()
	}
	return act.Record(ctx, unlinked, from.ID, 0, link{kind, to})
}

// Links lists what a record is tied to, of what the viewer may see.
func Links(ctx context.Context, tx *db.Tx, v access.Viewer, recordID string) ([]Linked, error) {
	fields := func(l *Linked) []any { return append(l.Fields(), &l.Link, &l.Back) }
	return db.All(ctx, tx, fields, `
		SELECT `+Columns+`, record_link.kind AS link, false AS back FROM record_link JOIN record ON record.id = record_link.to_id
		WHERE record_link.from_id = $3 AND `+access.VisibleOne+`
		UNION ALL
		SELECT `+Columns+`, record_link.kind, true FROM record_link JOIN record ON record.id = record_link.from_id
		WHERE record_link.to_id = $3 AND `+access.VisibleOne+`
		ORDER BY back, link, id`, v.Args(recordID)...)
}

// Ends lists, by record, those that records are tied to by a link of a kind, of what the viewer may see.
func Ends(ctx context.Context, tx *db.Tx, v access.Viewer, kind LinkKind, ids []string) (map[string][]Record, error) {
	return others(ctx, tx, v, kind, ids, `record_link.from_id`, `record_link.to_id`)
}

// Origins lists, by record, those that are tied to records by a link of a kind, of what the viewer may see.
func Origins(ctx context.Context, tx *db.Tx, v access.Viewer, kind LinkKind, ids []string) (map[string][]Record, error) {
	return others(ctx, tx, v, kind, ids, `record_link.to_id`, `record_link.from_id`)
}

// others lists what stands at the other end of links, by what stands at this one.
func others(ctx context.Context, tx *db.Tx, v access.Viewer, kind LinkKind, ids []string, here, there string) (map[string][]Record, error) {
	type end struct {
		Record
		of string
	}
	ends := map[string][]Record{}
	err := db.Each(ctx, tx, func(e *end) []any { return append(e.Fields(), &e.of) }, func(e end) error {
		ends[e.of] = append(ends[e.of], e.Record)
		return nil
	}, `
		SELECT `+Columns+`, `+here+` FROM record_link JOIN record ON record.id = `+there+`
		WHERE `+here+` IN json_list($3) AND record_link.kind = $4 AND `+access.VisibleOne+`
		ORDER BY record.number, record.id`, v.Args(db.JSON(ids), kind)...)
	return ends, err
}

// Follow makes the actor follow a record, or stop.
func Follow(ctx context.Context, act *journal.Act, r Record, on bool) error {
	if !on {
		if _, err := act.Exec(ctx, `DELETE FROM record_follower WHERE record_id = $1 AND person_id = $2`, r.ID, act.By.Person); err != nil {
			return err
		}
		return act.Record(ctx, unfollowed, r.ID, 0, nil)
	}
	if _, err := act.Exec(ctx, `INSERT INTO record_follower (record_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, r.ID, act.By.Person); err != nil {
		return err
	}
	return act.Record(ctx, followed, r.ID, 0, nil)
}

// Followed reports whether the viewer follows a record.
func Followed(ctx context.Context, tx *db.Tx, v access.Viewer, recordID string) (bool, error) {
	n, err := db.Value[int](ctx, tx, `SELECT count(*) FROM record_follower WHERE record_id = $1 AND person_id = $2`, recordID, v.Person)
	return n > 0, err
}

// Followers lists the people who follow a record; some may no longer see it.
func Followers(ctx context.Context, tx *db.Tx, recordID string) ([]string, error) {
	return db.Values[string](ctx, tx, `SELECT person_id FROM record_follower WHERE record_id = $1 ORDER BY person_id`, recordID)
}

// FollowedLately lists the visible records that the viewer follows, the last changed first.
func FollowedLately(ctx context.Context, tx *db.Tx, v access.Viewer, most int) ([]Record, error) {
	return db.All(ctx, tx, (*Record).Fields, `
		SELECT `+Columns+` FROM record_follower JOIN record ON record.id = record_follower.record_id
		WHERE record_follower.person_id = $3 AND `+access.Visible+`
		ORDER BY record.updated_at DESC, record.id DESC LIMIT $4`, v.Args(v.Person, most)...)
}
