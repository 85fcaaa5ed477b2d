package notify_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cadre/core/notify"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/mail"
	"cadre/kit/page"
	"cadre/kit/test"

	"github.com/google/go-cmp/cmp"
)

var schemas = []db.Schema{notify.Schema}

const from = "Cadre permanent <cadre@cnlpal.example>"

// mailbox is what a mail server took; refuse says which mails it does not take.
type mailbox struct {
	mu     sync.Mutex
	taken  []mail.Message
	asked  []string // Message-ID of every try
	refuse func(mail.Message) error
}

func (b *mailbox) send(_ context.Context, m mail.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, m.ID)
	if b.refuse != nil {
		if err := b.refuse(m); err != nil {
			return err
		}
	}
	b.taken = append(b.taken, m)
	return nil
}

func (b *mailbox) recipients() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	to := []string{}
	for _, m := range b.taken {
		to = append(to, m.To)
	}
	return to
}

func outbox(t *testing.T, d *db.DB, c clock.Clock, send func(context.Context, mail.Message) error) *notify.Outbox {
	t.Helper()
	o, err := notify.New(d, c, send, from)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func queue(t *testing.T, d *db.DB, at time.Time, to ...string) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, address := range to {
			if err := notify.Queue(t.Context(), tx, at, notify.Mail{To: address, Subject: "Convocation", Body: "Voir le lien."}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, d *db.DB, after string, limit int) page.Of[notify.Entry] {
	t.Helper()
	p, err := page.Parse(after, limit)
	if err != nil {
		t.Fatal(err)
	}
	var got page.Of[notify.Entry]
	err = d.Read(t.Context(), func(tx *db.Tx) (err error) {
		got, err = notify.Mails(t.Context(), tx, p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// only returns the one mail of the outbox.
func only(t *testing.T, d *db.DB) notify.Entry {
	t.Helper()
	rows := list(t, d, "", 10).Rows
	if len(rows) != 1 {
		t.Fatalf("%d mails in the outbox, want 1", len(rows))
	}
	return rows[0]
}

func deliver(t *testing.T, o *notify.Outbox, want int) {
	t.Helper()
	if sent, err := o.Deliver(t.Context()); err != nil || sent != want {
		t.Fatalf("sent %d, %v; want %d", sent, err, want)
	}
}

func TestAMailLeavesOnceWithItsAct(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		var box mailbox
		o := outbox(t, d, clock.At(test.Noon), box.send)
		undone := errors.New("the act was refused")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := notify.Queue(t.Context(), tx, test.Noon, notify.Mail{To: "a@cnad.example", Subject: "Non"}); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		queue(t, d, test.Noon, "b@cnad.example")
		deliver(t, o, 1)
		deliver(t, o, 0)

		e := only(t, d)
		want := []mail.Message{{From: from, To: "b@cnad.example", Subject: "Convocation", Body: "Voir le lien.", ID: e.ID + "@cnlpal.example", At: test.Noon}}
		if diff := cmp.Diff(want, box.taken); diff != "" {
			t.Error(diff)
		}
		if e.State != notify.Sent || e.EndedAt != test.Noon || e.MessageID != want[0].ID || e.Tries != 1 {
			t.Errorf("%+v", e)
		}
	})
}

func TestNotBeforeItsTime(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		var box mailbox
		c := clock.At(test.Noon)
		o := outbox(t, d, c, box.send)
		queue(t, d, test.Noon.Add(2*time.Hour), "late@cnad.example")
		queue(t, d, test.Noon.Add(time.Hour), "soon@cnad.example")
		c.Advance(time.Hour - time.Microsecond)
		deliver(t, o, 0)
		c.Advance(2 * time.Hour)
		deliver(t, o, 2)
		if diff := cmp.Diff([]string{"soon@cnad.example", "late@cnad.example"}, box.recipients()); diff != "" {
			t.Error("oldest first:", diff)
		}
	})
}

func TestGivenUpAfterAboutThreeDays(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		box := mailbox{refuse: func(mail.Message) error { return errors.New("451 try \xff\x00 later") }}
		c := clock.At(test.Noon)
		o := outbox(t, d, c, box.send)
		queue(t, d, test.Noon, "a@cnad.example")
		var pauses []time.Duration
		full := func(n int) time.Duration { return min(time.Minute<<n, 6*time.Hour) } // the pause after n+1 tries
		for last := c.Now(); only(t, d).State == notify.Queued; c.Advance(full(len(pauses)) / 16) {
			tries := len(box.asked)
			if _, err := o.Deliver(t.Context()); (err != nil) != (len(box.asked) > tries) {
				t.Fatal(err)
			}
			if len(box.asked) > tries {
				pauses, last = append(pauses, c.Now().Sub(last)), c.Now()
			}
		}
		e := only(t, d)
		if age := e.EndedAt.Sub(test.Noon); e.State != notify.Failed || e.Error != "451 try \uFFFD later" || age < 48*time.Hour || age > 90*time.Hour {
			t.Errorf("%+v, given up after %v", e, age)
		}
		for n, pause := range pauses[1:] {
			if pause < full(n)*3/4 || pause > full(n)*5/4+full(n+1)/16 {
				t.Errorf("pause %d lasts %v, want %v more or less a quarter", n+1, pause, full(n))
			}
		}
		for _, id := range box.asked {
			if id != e.MessageID {
				t.Errorf("Message-ID %s, then %s", e.MessageID, id)
			}
		}
		asked := len(box.asked)
		c.Advance(24 * time.Hour)
		deliver(t, o, 0)
		if len(box.asked) != asked {
			t.Error("tried again after it was given up")
		}
	})
}

func TestOneRefusalHoldsNobodyUp(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		box := mailbox{refuse: func(m mail.Message) error {
			if strings.HasPrefix(m.To, "gone") {
				return errors.New("550 no such mailbox")
			}
			return nil
		}}
		o := outbox(t, d, clock.At(test.Noon), box.send)
		queue(t, d, test.Noon, "a@cnad.example", "gone@cnad.example", "gone2@cnad.example", "b@cnad.example", "gone3@cnad.example", "c@cnad.example")
		sent, err := o.Deliver(t.Context())
		if sent != 3 || err == nil || strings.Count(err.Error(), "550") != 3 {
			t.Errorf("sent %d, %v", sent, err)
		}
		if diff := cmp.Diff([]string{"a@cnad.example", "b@cnad.example", "c@cnad.example"}, box.recipients()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAServerInTroubleIsLeftAlone(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		box := mailbox{refuse: func(mail.Message) error { return errors.New("connection refused") }}
		c := clock.At(test.Noon)
		o := outbox(t, d, c, box.send)
		for i := range 5 {
			queue(t, d, test.Noon, fmt.Sprintf("p%d@cnad.example", i))
		}
		if sent, err := o.Deliver(t.Context()); sent != 0 || err == nil || len(box.asked) != 3 {
			t.Errorf("sent %d, %v, after %d tries", sent, err, len(box.asked))
		}
		box.refuse = nil
		deliver(t, o, 2)
		c.Advance(2 * time.Minute)
		deliver(t, o, 3)
	})
}

func TestTwoServersShareTheWork(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		var box mailbox
		var want []string
		for i := range 40 {
			want = append(want, fmt.Sprintf("p%02d@cnad.example", i))
		}
		queue(t, d, test.Noon, want...)
		var servers sync.WaitGroup
		for range 4 {
			o := outbox(t, d, clock.At(test.Noon), box.send)
			servers.Go(func() {
				if _, err := o.Deliver(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		servers.Wait()
		seen := map[string]int{}
		for _, to := range box.recipients() {
			seen[to]++
		}
		for _, to := range want {
			if seen[to] != 1 {
				t.Errorf("%s received %d mails", to, seen[to])
			}
		}
	})
}

// A server that stops in the middle of sending loses nothing: another sends the
// mail again once the lease is over, under the same Message-ID.
func TestAServerThatStopsLosesNothing(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		var box mailbox
		c := clock.At(test.Noon)
		queue(t, d, test.Noon, "a@cnad.example")
		other := outbox(t, d, c, box.send)
		slow := outbox(t, d, c, func(_ context.Context, m mail.Message) error {
			deliver(t, other, 0) // while the lease holds
			c.Advance(6 * time.Minute)
			deliver(t, other, 1)
			if m.ID != box.taken[0].ID {
				t.Errorf("Message-ID %s, then %s", m.ID, box.taken[0].ID)
			}
			return errors.New("connection lost")
		})
		if sent, err := slow.Deliver(t.Context()); sent != 0 || err == nil {
			t.Errorf("sent %d, %v", sent, err)
		}
		if e := only(t, d); e.State != notify.Sent || e.Error != "" {
			t.Errorf("what another server sent became %+v", e)
		}
	})
}

func TestStoppedWhileSending(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(t.Context())
		o := outbox(t, d, clock.At(test.Noon), func(context.Context, mail.Message) error {
			stop()
			return nil
		})
		queue(t, d, test.Noon, "a@cnad.example")
		if sent, err := o.Deliver(ctx); sent != 1 || !errors.Is(err, context.Canceled) {
			t.Errorf("sent %d, %v", sent, err)
		}
		if e := only(t, d); e.State != notify.Sent {
			t.Errorf("%+v", e)
		}
	})
}

func TestADemonstrationSendsNothing(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		o := outbox(t, d, clock.At(test.Noon), nil)
		queue(t, d, test.Noon, "a@cnad.example")
		deliver(t, o, 0)
		if e := only(t, d); e.State != notify.Held || e.EndedAt != test.Noon || e.Body == "" {
			t.Errorf("%+v", e)
		}
	})
}

func TestBodiesGoAfterThirtyDays(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		var box mailbox
		c := clock.At(test.Noon)
		o := outbox(t, d, c, box.send)
		queue(t, d, test.Noon, "a@cnad.example")
		queue(t, d, test.Noon.AddDate(1, 0, 0), "next.year@cnad.example")
		deliver(t, o, 1)
		c.Advance(30*24*time.Hour - time.Microsecond)
		deliver(t, o, 0)
		if rows := list(t, d, "", 2).Rows; rows[1].Body == "" {
			t.Error("the body went too early")
		}
		c.Advance(time.Microsecond)
		deliver(t, o, 0)
		if rows := list(t, d, "", 2).Rows; rows[1].Body != "" || rows[0].Body == "" {
			t.Errorf("sent: %q, queued: %q", rows[1].Body, rows[0].Body)
		}
	})
}

func TestForgotten(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		var box mailbox
		o := outbox(t, d, clock.At(test.Noon), box.send)
		queue(t, d, test.Noon, "left@cnad.example", "stays@cnad.example")
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return notify.Forget(t.Context(), tx, "left@cnad.example") }); err != nil {
			t.Fatal(err)
		}
		deliver(t, o, 1)
		if e := only(t, d); e.To != "stays@cnad.example" {
			t.Errorf("%+v", e)
		}
	})
}

func TestMailsByPage(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		if got := list(t, d, "", 2); got.Total != 0 || got.Rows != nil {
			t.Errorf("%+v", got)
		}
		for i := range 5 {
			queue(t, d, test.Noon, fmt.Sprintf("p%d@cnad.example", i))
		}
		first := list(t, d, "", 2)
		second := list(t, d, first.Next, 2)
		third := list(t, d, second.Next, 2)
		var seen []string
		for _, p := range []page.Of[notify.Entry]{first, second, third} {
			for _, e := range p.Rows {
				seen = append(seen, e.To[:2])
			}
		}
		if diff := cmp.Diff([]string{"p4", "p3", "p2", "p1", "p0"}, seen); diff != "" || third.Next != "" || third.From != 5 || third.Total != 5 {
			t.Error(diff, third)
		}
		if diff := cmp.Diff(second, list(t, d, third.Prev, 2)); diff != "" {
			t.Error("back:", diff)
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			e, err := notify.Find(t.Context(), tx, first.Rows[0].ID)
			if diff := cmp.Diff(first.Rows[0], e); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			if _, err := notify.Find(t.Context(), tx, "x"); err == nil {
				t.Error("found a mail that is not there")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestQueueRefuses(t *testing.T) {
	d := test.Open(t, test.Address(t, db.SQLite), schemas)
	for _, m := range []notify.Mail{
		{To: "", Subject: "Convocation"},
		{To: "Point focal <a@cnad.example>", Subject: "Convocation"},
		{To: "a@cnad.example, b@cnad.example", Subject: "Convocation"},
		{To: "a@cnad.example\r\nBcc: spy@elsewhere.example", Subject: "Convocation"},
		{To: "a@cnad.example", Subject: ""},
		{To: "a@cnad.example", Subject: "Convocation\r\nBcc: spy@elsewhere.example"},
	} {
		err := d.Write(t.Context(), func(tx *db.Tx) error { return notify.Queue(t.Context(), tx, test.Noon, m) })
		if err == nil {
			t.Errorf("queued %q", m)
		}
	}
	if _, err := notify.New(d, clock.At(test.Noon), nil, "no address"); err == nil {
		t.Error("no sender")
	}
}
