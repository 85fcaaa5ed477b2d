// Package notify sends mail to people. A use case queues a mail in its own
// transaction: it leaves if, and only if, the act was done.
//
// An outbox delivers each mail at least once, under the same Message-ID at every
// try: a reader's program may see twice a mail whose first sending was cut at the
// wrong moment. Several servers may deliver from one database. A mail that cannot
// be sent is tried again for about three days, then given up with the reason.
package notify

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/mail"
	"cadre/kit/page"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "notify", Files: files}

// Mail is one mail to one person, in plain text and in the person's language. Mail
// travels in clear through servers of others: neither its subject nor its body may
// hold anything of a record marked above green, not even its title; a link says
// where to read it. Whoever queues the mail sees to that.
type Mail struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

// Queue puts a mail in the outbox, to leave from the instant at on; it leaves only
// when tx commits. The error is a defect of the caller: the recipient must be a
// bare address, the subject one line.
func Queue(ctx context.Context, tx *db.Tx, at time.Time, m Mail) error {
	if !mail.Bare(m.To) {
		return fmt.Errorf("queue mail: %q is not a bare address", m.To)
	}
	if m.Subject == "" || strings.ContainsFunc(m.Subject, unicode.IsControl) {
		return errors.New("queue mail: the subject must be one line")
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO outbox (id, message_id, recipient, subject, body, state, tries, error, queued_at, due_at)
		VALUES ($1, '', $2, $3, $4, $5, 0, '', $6, $6)`, id.New(), m.To, m.Subject, m.Body, Queued, at)
	return err
}

// Forget removes every mail to an address, and those not yet sent never leave: for
// a person who is erased or whose access is withdrawn.
func Forget(ctx context.Context, tx *db.Tx, address string) error {
	_, err := tx.Exec(ctx, `DELETE FROM outbox WHERE recipient = $1`, address)
	return err
}

// State is where a mail stands.
type State string

// The states of a mail.
const (
	Queued State = "queued" // to be sent, or to be tried again
	Sent   State = "sent"   // taken by the mail server
	Failed State = "failed" // given up
	Held   State = "held"   // kept here: a demonstration sends nothing
)

// Entry is a mail in the outbox.
type Entry struct {
	ID        string    `json:"id"`
	MessageID string    `json:"message_id"` // empty before the first try
	Mail                // its body is empty 30 days after the end
	State     State     `json:"state"`
	Tries     int       `json:"tries"`
	Error     string    `json:"error"`             // of the last try, in the mail server's language
	At        time.Time `json:"at"`                // when it was queued: not sent before
	EndedAt   time.Time `json:"ended_at,omitzero"` // when it was sent, failed or held; zero while queued
}

const columns = `id, message_id, recipient, subject, body, state, tries, error, queued_at, ended_at`

func (e *Entry) fields() []any {
	return []any{&e.ID, &e.MessageID, &e.To, &e.Subject, &e.Body, &e.State, &e.Tries, &e.Error, db.Instant(&e.At), db.Instant(&e.EndedAt)}
}

// Mails returns a page of the outbox, the last queued first.
func Mails(ctx context.Context, tx *db.Tx, p page.Request) (page.Of[Entry], error) {
	compare, order, from := `<`, `DESC`, p.ID
	switch {
	case p.Back:
		compare, order = `>`, `ASC`
	case p.ID == "":
		from = "g" // after every identifier, which is of digits, hyphens and a–f
	}
	rows, err := db.All(ctx, tx, (*Entry).fields,
		`SELECT `+columns+` FROM outbox WHERE id `+compare+` $1 ORDER BY id `+order+` LIMIT $2`, from, p.Limit+1)
	if err != nil {
		return page.Of[Entry]{}, err
	}
	total, err := db.Value[int](ctx, tx, `SELECT count(*) FROM outbox`)
	return page.Cut(p, rows, total, func(e Entry) (string, string) { return "", e.ID }), err
}

// Find reads one mail of the outbox; it is missing when there is none of that identifier.
func Find(ctx context.Context, tx *db.Tx, id string) (Entry, error) {
	e, err := db.One(ctx, tx, (*Entry).fields, `SELECT `+columns+` FROM outbox WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return e, fault.Missing()
	}
	return e, err
}
