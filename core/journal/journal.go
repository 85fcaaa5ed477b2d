// Package journal keeps every act of every person, in the transaction that does
// it, in a log that cannot be rewritten unnoticed. It is at once the audit, the
// history of each record and the feed that notices and searches follow.
//
// An entry says who, in which function, did what to which version of what, when,
// and holds a salted commitment to the content. Entries are the leaves of a Merkle
// tree (RFC 6962, as golang.org/x/mod/sumdb/tlog computes it); every commit signs a
// checkpoint (C2SP tlog-checkpoint). The newest checkpoint is also published in a
// file beside the database, so that an older copy put in its place is noticed.
//
// Log.Write is the only way in which a use case changes anything.
package journal

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cadre/core/access"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/once"

	"golang.org/x/mod/sumdb/tlog"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "journal", Files: files}

// Entry is one act.
type Entry struct {
	N          int64           `json:"n"`         // place in the log, from 0
	At         time.Time       `json:"at"`        // UTC
	Person     string          `json:"person"`    // identifier; empty for the program itself
	Function   access.Function `json:"function"`  // in which the person acted
	Structure  string          `json:"structure"` // identifier
	Action     string          `json:"action"`    // room.thing.verb
	Subject    string          `json:"subject"`   // identifier
	Version    int64           `json:"version"`   // of the subject, 0 when it has none
	Commitment string          `json:"commitment"`

	Salt    []byte `json:"-"` // nil once erased
	Content string `json:"-"` // JSON; empty once erased
}

const columns = `n, at, person_id, function, structure_id, action, subject, version, commitment, salt, content`

func (e *Entry) fields() []any {
	return []any{&e.N, db.Instant(&e.At), &e.Person, &e.Function, &e.Structure, &e.Action, &e.Subject, &e.Version,
		&e.Commitment, &e.Salt, db.Null(&e.Content)}
}

// leaf is the entry as the tree holds it.
func (e Entry) leaf() tlog.Hash {
	b, err := json.Marshal(e)
	if err != nil {
		panic(err) // strings, integers and a time of this century
	}
	return tlog.RecordHash(b)
}

func commitment(salt []byte, content string) string {
	sum := sha256.Sum256(append(append([]byte(nil), salt...), content...))
	return hex.EncodeToString(sum[:])
}

// Log is the journal of one Cadre.
type Log struct {
	db        *db.DB
	clock     clock.Clock
	key       Key
	published published
}

// New opens the journal of a database. The newest checkpoint is copied to the file publish, unless that is empty.
func New(d *db.DB, c clock.Clock, key Key, publish string) *Log {
	return &Log{db: d, clock: c, key: key, published: published{path: publish}}
}

// Act is one use case being done: its transaction, who does it, and when.
type Act struct {
	*db.Tx
	By   access.Viewer
	At   time.Time
	log  *Log
	size int64 // of the log, this act's entries included
	was  int64 // its size before
}

// errSilent is a defect of the use case: whatever is written is journaled.
var errSilent = errors.New("a use case wrote nothing in the journal")

// Write runs fn in one transaction with its journal entries and the checkpoint
// that covers them. When it returns nil all of it is on disk, else nothing is.
func (l *Log) Write(ctx context.Context, by access.Viewer, fn func(*Act) error) error {
	var signed checkpoint
	err := l.db.Write(ctx, func(tx *db.Tx) error {
		act, err := l.begin(ctx, tx, by)
		if err != nil {
			return err
		}
		if err := once.Take(ctx, tx, act.At); err != nil {
			return err
		}
		if err := fn(act); err != nil {
			return err
		}
		if act.size == act.was {
			return errSilent
		}
		signed, err = act.sign(ctx)
		return err
	})
	if err == nil {
		l.published.put(signed)
	}
	return err
}

func (l *Log) begin(ctx context.Context, tx *db.Tx, by access.Viewer) (*Act, error) {
	if err := tx.Lock(ctx, "journal_head"); err != nil {
		return nil, err
	}
	act := &Act{Tx: tx, By: by, At: l.clock.Now(), log: l}
	var last time.Time
	_, err := db.One(ctx, tx, func(*struct{}) []any { return []any{&act.size, db.Instant(&last)} },
		`SELECT size, at FROM journal_head WHERE id = 1`)
	if act.At.Before(last) { // the machine's clock went back: the journal's never does
		act.At = last
	}
	act.was = act.size
	return act, err
}

// Record appends an entry: what was done to which version of which subject, with
// the content that it now has. function is the one in which the person acts.
func (a *Act) Record(ctx context.Context, action, subject string, version int64, content any) error {
	b, err := json.Marshal(content)
	if err != nil {
		return err
	}
	salt := make([]byte, 32)
	if _, err := rand.Read(salt); err != nil {
		return err
	}
	e := Entry{N: a.size, At: a.At, Person: a.By.Person, Function: a.function(), Structure: a.By.Structure,
		Action: action, Subject: subject, Version: version, Commitment: commitment(salt, string(b)), Salt: salt, Content: string(b)}
	if _, err := a.Exec(ctx, `INSERT INTO journal_entry (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.N, e.At, e.Person, e.Function, e.Structure, e.Action, e.Subject, e.Version, e.Commitment, e.Salt, e.Content); err != nil {
		return err
	}
	if err := a.grow(ctx, e); err != nil {
		return err
	}
	a.size++
	_, err = a.Exec(ctx, `UPDATE journal_head SET size = $1, at = $2 WHERE id = 1`, a.size, a.At)
	return err
}

// function is the first of the actor's functions: the one that weighs most.
func (a *Act) function() access.Function {
	for _, f := range access.Functions {
		if a.By.Is(f) {
			return f
		}
	}
	return ""
}

// grow stores the hashes that the entry adds to the tree.
func (a *Act) grow(ctx context.Context, e Entry) error {
	hashes, err := tlog.StoredHashesForRecordHash(e.N, e.leaf(), reader{ctx, a.Tx})
	if err != nil {
		return fmt.Errorf("journal tree: %w", err)
	}
	first := tlog.StoredHashIndex(0, e.N)
	for i, h := range hashes {
		if _, err := a.Exec(ctx, `INSERT INTO journal_hash (i, hash) VALUES ($1, $2)`, first+int64(i), h[:]); err != nil {
			return err
		}
	}
	return nil
}

// reader reads the tree's hashes inside a transaction.
type reader struct {
	ctx context.Context
	tx  *db.Tx
}

// ReadHashes returns the hashes at the indexes, in their order.
func (r reader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	type row struct {
		i    int64
		hash []byte
	}
	rows, err := db.All(r.ctx, r.tx, func(v *row) []any { return []any{&v.i, &v.hash} },
		`SELECT i, hash FROM journal_hash WHERE i IN json_numbers($1)`, db.JSON(indexes))
	if err != nil {
		return nil, err
	}
	at := make(map[int64]tlog.Hash, len(rows))
	for _, row := range rows {
		at[row.i] = tlog.Hash(row.hash)
	}
	out := make([]tlog.Hash, len(indexes))
	for k, i := range indexes {
		h, ok := at[i]
		if !ok {
			return nil, fmt.Errorf("hash %d is missing", i)
		}
		out[k] = h
	}
	return out, nil
}

// History lists the entries about a subject, oldest first.
func History(ctx context.Context, tx *db.Tx, subject string) ([]Entry, error) {
	return db.All(ctx, tx, (*Entry).fields, `SELECT `+columns+` FROM journal_entry WHERE subject = $1 ORDER BY version, n`, subject)
}

// Last reads the entry that made the last version of a subject, or db.ErrNone.
func Last(ctx context.Context, tx *db.Tx, subject string) (Entry, error) {
	return db.One(ctx, tx, (*Entry).fields, `SELECT `+columns+` FROM journal_entry WHERE subject = $1 AND version > 0 ORDER BY version DESC, n DESC LIMIT 1`, subject)
}

// After lists at most limit entries that follow place n, for whoever follows the log.
func After(ctx context.Context, tx *db.Tx, n int64, limit int) ([]Entry, error) {
	return db.All(ctx, tx, (*Entry).fields, `SELECT `+columns+` FROM journal_entry WHERE n > $1 ORDER BY n LIMIT $2`, n, limit)
}
