package notify

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	netmail "net/mail"
	"strings"
	"time"

	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/mail"
)

const (
	// The n-th try is followed by a wait of 2ⁿ⁻¹ minutes, at most longest, more or
	// less a quarter so that a server which comes back is not asked by all at once.
	// The nineteen waits between twenty tries last 2.9 days.
	maxTries = 20
	shortest = time.Minute
	longest  = 6 * time.Hour

	lease    = 5 * time.Minute // above what sending may last, with a margin for clocks that differ
	sending  = 2 * time.Minute
	discord  = 3 // failures in a row that end a round: the mail server is in trouble, not the mails
	keepBody = 30 * 24 * time.Hour
)

// Outbox sends what is queued.
type Outbox struct {
	db    *db.DB
	clock clock.Clock
	send  func(context.Context, mail.Message) error
	from  string // of every mail
	host  string // right side of every Message-ID
}

// New returns the outbox of a database. send hands a message to a mail server, as
// mail.Sender.Send does; nil holds every mail here, for a demonstration. from is
// "Name <address>" or an address.
func New(d *db.DB, c clock.Clock, send func(context.Context, mail.Message) error, from string) (*Outbox, error) {
	a, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fault.New(fault.BadInput, "Expéditeur des courriels : « %s » n’est pas une adresse.", from).Because(err)
	}
	return &Outbox{db: d, clock: c, send: send, from: from, host: a.Address[strings.LastIndexByte(a.Address, '@')+1:]}, nil
}

// Deliver sends what is due, oldest first, and empties the bodies of what ended 30
// days ago. It returns how many mails were sent; the error joins those that could
// not be, which are kept for another try, and stops the round after three in a row.
func (o *Outbox) Deliver(ctx context.Context) (sent int, err error) {
	if err := o.tidy(ctx); err != nil || o.send == nil {
		return 0, err
	}
	var faults []error
	for row := 0; row < discord; {
		e, err := o.take(ctx)
		if errors.Is(err, db.ErrNone) {
			break
		}
		if err != nil {
			return sent, errors.Join(append(faults, err)...)
		}
		failure := o.try(ctx, e)
		if err := o.mark(ctx, e, failure); err != nil {
			return sent, errors.Join(append(faults, failure, err)...)
		}
		if failure == nil {
			sent, row = sent+1, 0
			continue
		}
		faults, row = append(faults, fmt.Errorf("mail %s, try %d: %w", e.ID, e.Tries, failure)), row+1
	}
	return sent, errors.Join(faults...)
}

// tidy empties the bodies that are no longer needed and, without a mail server, holds what is due.
func (o *Outbox) tidy(ctx context.Context) error {
	now := o.clock.Now()
	return o.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE outbox SET body = '' WHERE body <> '' AND ended_at <= $1`, now.Add(-keepBody)); err != nil || o.send != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE outbox SET state = $1, ended_at = $2 WHERE state = 'queued' AND due_at <= $2`, Held, now)
		return err
	})
}

// take leases the mail that has been due for longest, so that no other server sends
// it meanwhile, and counts the try; db.ErrNone when nothing is due.
func (o *Outbox) take(ctx context.Context) (Entry, error) {
	var e Entry
	now := o.clock.Now()
	err := o.db.Write(ctx, func(tx *db.Tx) (err error) {
		e, err = db.One(ctx, tx, (*Entry).fields, `
			UPDATE outbox SET tries = tries + 1, leased_until = $1, message_id = CASE message_id WHEN '' THEN id || $2 ELSE message_id END
			WHERE id = (
				SELECT id FROM outbox
				WHERE state = 'queued' AND due_at <= $3 AND (leased_until IS NULL OR leased_until <= $3)
				ORDER BY due_at, id LIMIT 1)
			RETURNING `+columns, now.Add(lease), "@"+o.host, now)
		return err
	})
	return e, err
}

func (o *Outbox) try(ctx context.Context, e Entry) error {
	ctx, cancel := context.WithTimeout(ctx, sending)
	defer cancel()
	return o.send(ctx, mail.Message{From: o.from, To: e.To, Subject: e.Subject, Body: e.Body, ID: e.MessageID, At: e.At})
}

// mark writes down how the try ended, even when the server is being stopped. A
// failure is left unwritten when another server has taken the mail since.
func (o *Outbox) mark(ctx context.Context, e Entry, failure error) error {
	ctx, now := context.WithoutCancel(ctx), o.clock.Now()
	return o.db.Write(ctx, func(tx *db.Tx) (err error) {
		switch {
		case failure == nil:
			_, err = tx.Exec(ctx, `UPDATE outbox SET state = $1, error = '', leased_until = NULL, ended_at = $2 WHERE id = $3`, Sent, now, e.ID)
		case e.Tries >= maxTries:
			_, err = tx.Exec(ctx, `UPDATE outbox SET state = $1, error = $2, leased_until = NULL, ended_at = $3
				WHERE id = $4 AND tries = $5 AND state = 'queued'`, Failed, legible(failure), now, e.ID, e.Tries)
		default:
			_, err = tx.Exec(ctx, `UPDATE outbox SET error = $1, leased_until = NULL, due_at = $2
				WHERE id = $3 AND tries = $4 AND state = 'queued'`, legible(failure), now.Add(wait(e.Tries)), e.ID, e.Tries)
		}
		return err
	})
}

// wait is how long to wait after the n-th try.
func wait(n int) time.Duration {
	d := min(shortest<<(n-1), longest)
	return d - d/4 + rand.N(d/2) // #nosec G404 -- jitter
}

// legible is an error as the databases can keep it: what a mail server answers may hold anything.
func legible(err error) string {
	s := err.Error()
	return strings.ReplaceAll(strings.ToValidUTF8(s[:min(len(s), 1000)], "\uFFFD"), "\x00", "")
}
