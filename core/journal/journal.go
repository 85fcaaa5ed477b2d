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
	"cadre/kit/fault"
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
	Act        int64           `json:"act"`       // place of the first entry of the same act
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

const columns = `n, act, at, person_id, function, structure_id, action, subject, version, commitment, salt, content`

func (e *Entry) fields() []any {
	return []any{&e.N, &e.Act, db.Instant(&e.At), &e.Person, &e.Function, &e.Structure, &e.Action, &e.Subject, &e.Version,
		&e.Commitment, &e.Salt, db.Null(&e.Content)}
}

// saltSize is the length of a salt, in bytes. It is fixed so that nothing can pass
// from the content to the salt without changing the commitment.
const saltSize = 32

// leaf is the entry as the tree holds it. It fails for no entry made here, but for a
// time beyond the year 9999, which only SQL can write.
func (e Entry) leaf() (tlog.Hash, error) {
	b, err := json.Marshal(e)
	return tlog.RecordHash(b), err
}

func commitment(salt []byte, content string) string {
	sum := sha256.Sum256(append(append([]byte(nil), salt...), content...))
	return hex.EncodeToString(sum[:])
}

// intact reports whether the content is the one that the entry was made with.
func (e Entry) intact() bool {
	return len(e.Salt) == saltSize && commitment(e.Salt, e.Content) == e.Commitment
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
	l := &Log{db: d, clock: c, key: key, published: published{path: publish}}
	l.published.load(key)
	return l
}

// Act is one use case being done: its transaction, who does it, and when.
type Act struct {
	*db.Tx
	By    access.Viewer
	At    time.Time
	tree  edge  // of the log, this act's entries included
	first int64 // place of the act's first entry
	// The rows of entries and hashes that are not stored yet.
	entries, hashes [][]any
}

// errSilent is a defect of the use case: whatever is written is journaled.
var errSilent = errors.New("a use case wrote nothing in the journal")

// altered is the fault of a journal that is not what was signed. Nothing is added to
// it: a signature would make the forgery true, and hide it from Verify.
func altered(cause error) error {
	return fault.New(fault.Unavailable, "Le journal n’est plus celui qui a été signé. Rien n’a été enregistré ; prévenez l’administrateur technique.").Because(cause)
}

// Write runs fn in one transaction with its journal entries and the checkpoint
// that covers them. When it returns nil all of it is on disk, else nothing is. It is
// Unavailable when the log is not the one that the last checkpoint was signed for.
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
		if act.tree.size == act.first {
			return errSilent
		}
		if err := act.flush(ctx); err != nil {
			return err
		}
		signed, err = l.sign(ctx, act)
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
	act := &Act{Tx: tx, By: by, At: l.clock.Now()}
	var last time.Time
	_, err := db.One(ctx, tx, func(*struct{}) []any { return []any{&act.first, db.Instant(&last)} },
		`SELECT size, (SELECT at FROM journal_entry WHERE n = size - 1) FROM journal_head WHERE id = 1`)
	if errors.Is(err, db.ErrNone) {
		err = altered(errors.New("the head is missing"))
	}
	if err != nil {
		return nil, err
	}
	if act.At.Before(last) { // the machine's clock went back: the journal's never does
		act.At = last
	}
	act.tree, err = l.trusted(ctx, tx, act.first)
	return act, err
}

// mostEntries is how many entries an act keeps in memory before it stores them.
const mostEntries = 500

// Record appends an entry: what was done to which version of which subject, with
// the content that it now has. function is the one in which the person acts. The entries
// of an act are stored together, when it ends.
func (a *Act) Record(ctx context.Context, action, subject string, version int64, content any) error {
	b, err := json.Marshal(content)
	if err != nil {
		return err
	}
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return err
	}
	e := Entry{N: a.tree.size, Act: a.first, At: a.At, Person: a.By.Person, Function: a.function(), Structure: a.By.Structure,
		Action: action, Subject: subject, Version: version, Commitment: commitment(salt, string(b)), Salt: salt, Content: string(b)}
	a.entries = append(a.entries, []any{e.N, e.Act, e.At, e.Person, e.Function, e.Structure, e.Action, e.Subject, e.Version, e.Commitment, e.Salt, e.Content})
	if err := a.grow(e); err != nil || len(a.entries) < mostEntries {
		return err
	}
	return a.flush(ctx)
}

// flush stores the entries that are not stored yet, and the hashes that they add to the tree.
func (a *Act) flush(ctx context.Context) error {
	if err := a.Insert(ctx, `INSERT INTO journal_entry (`+columns+`) VALUES`, a.entries, ""); err != nil {
		return err
	}
	if err := a.Insert(ctx, `INSERT INTO journal_hash (i, hash) VALUES`, a.hashes, ""); err != nil {
		return err
	}
	a.entries, a.hashes = nil, nil
	return nil
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

// grow adds the entry to the tree.
func (a *Act) grow(e Entry) error {
	leaf, err := e.leaf()
	if err != nil {
		return fmt.Errorf("journal entry: %w", err)
	}
	first := tlog.StoredHashIndex(0, e.N)
	for i, h := range a.tree.grow(leaf) {
		a.hashes = append(a.hashes, []any{first + int64(i), h[:]})
	}
	return nil
}

// History lists the entries about a subject, oldest first.
func History(ctx context.Context, tx *db.Tx, subject string) ([]Entry, error) {
	return db.All(ctx, tx, (*Entry).fields, `SELECT `+columns+` FROM journal_entry WHERE subject = $1 ORDER BY version, n`, subject)
}

// Histories calls do with every entry about the subjects: those of one subject come in the order of History.
func Histories(ctx context.Context, tx *db.Tx, subjects []string, do func(Entry) error) error {
	return db.Each(ctx, tx, (*Entry).fields, do, `SELECT `+columns+` FROM journal_entry WHERE subject IN json_list($1) ORDER BY version, n`, db.JSON(subjects))
}

// Last reads the entry that made the last version of a subject, or db.ErrNone.
func Last(ctx context.Context, tx *db.Tx, subject string) (Entry, error) {
	return db.One(ctx, tx, (*Entry).fields, `SELECT `+columns+` FROM journal_entry WHERE subject = $1 AND version > 0 ORDER BY version DESC, n DESC LIMIT 1`, subject)
}

// AsOf reads, of each subject, the entry that had made its last version before an instant.
func AsOf(ctx context.Context, tx *db.Tx, subjects []string, before time.Time) ([]Entry, error) {
	return db.All(ctx, tx, (*Entry).fields, `SELECT `+columns+` FROM journal_entry
		WHERE subject IN json_list($1) AND version > 0 AND at < $2 AND NOT EXISTS (
			SELECT 1 FROM journal_entry AS later WHERE later.subject = journal_entry.subject AND later.version > journal_entry.version AND later.at < $2)`,
		db.JSON(subjects), before)
}

// After lists at most limit entries that follow place n, for whoever follows the log.
func After(ctx context.Context, tx *db.Tx, n int64, limit int) ([]Entry, error) {
	return db.All(ctx, tx, (*Entry).fields, `SELECT `+columns+` FROM journal_entry WHERE n > $1 ORDER BY n LIMIT $2`, n, limit)
}

// Each calls do with every entry of one of the actions, oldest first.
func Each(ctx context.Context, tx *db.Tx, do func(Entry) error, actions ...string) error {
	return db.Each(ctx, tx, (*Entry).fields, do, `SELECT `+columns+` FROM journal_entry WHERE action IN json_list($1) ORDER BY n`, db.JSON(actions))
}
