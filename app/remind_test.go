package app_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/notify"
	"cadre/directory"
	"cadre/kit/db"
	"cadre/kit/page"
	"cadre/kit/test"
)

// TestRemindersSayWhatWaits lives through ten weeks of the demonstration. Each reminder leads to
// what its reader finds on their own desk, and no mail names a record above green.
func TestRemindersSayWhatWaits(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		hidden := w.titlesAbove(t, access.Green)
		if len(hidden) == 0 {
			t.Fatal("the demonstration has nothing above green: nothing is proved")
		}
		sent, passed, last := 0, 0, ""
		for range 20 {
			a := w.ask(t, w.by["nobody"], request{method: http.MethodPost, path: "/demo/clock", form: url.Values{"advance": {"84h"}}})
			if a.status != http.StatusSeeOther {
				t.Fatal(a)
			}
			must(t, w.DB.Read(ctx, func(tx *db.Tx) error {
				mails, err := notify.Mails(ctx, tx, page.Request{Limit: page.Max})
				must(t, err)
				officers, err := w.People.Officers(ctx, tx)
				must(t, err)
				for _, m := range mails.Rows {
					if m.ID > last {
						sent++
						passed += strings.Count(m.Body, "Ceci vous est transmis")
						w.leads(t, tx, officers, m.Mail)
						for _, title := range hidden {
							if strings.Contains(m.Subject+m.Body, title) {
								t.Errorf("a mail names %q, above green", title)
							}
						}
					}
				}
				last = mails.Rows[0].ID
				return nil
			}))
		}
		if sent == 0 || passed == 0 {
			t.Errorf("%d mails, %d of which pass something on: nothing is proved", sent, passed)
		}
		t.Logf("%d mails, %d of which pass something on", sent, passed)
		v, err := w.Verify(ctx, "")
		if err != nil || len(v.Findings) > 0 {
			t.Error(err, v.Findings)
		}
	})
}

// leads checks that all that a mail names is on its reader's desk.
func (w *world) leads(t *testing.T, tx *db.Tx, officers []account.Officer, m notify.Mail) {
	t.Helper()
	i := slices.IndexFunc(officers, func(o account.Officer) bool { return o.Email == m.To })
	if i < 0 {
		t.Fatalf("%s answers for no institution", m.To)
	}
	v := officers[i].Viewer
	tasks, err := w.Desk.Tasks(access.With(context.Background(), v), tx, v)
	must(t, err)
	home := true
	for line := range strings.Lines(m.Body) {
		href, is := strings.CutPrefix(strings.TrimSpace(line), w.People.BaseURL+"/")
		if !is || href == "" {
			continue
		}
		home = false
		found := false
		for _, task := range tasks {
			found = found || task.Href == "/"+href && task.Reminded.ID != ""
		}
		if !found {
			t.Errorf("%s is told of /%s, which is not on their desk", m.To, href)
		}
	}
	if home {
		t.Errorf("a mail to %s names nothing:\n%s", m.To, m.Body)
	}
}

// titlesAbove lists the titles of the records marked above a marking, but for those that others bear too.
func (w *world) titlesAbove(t *testing.T, m access.Marking) []string {
	t.Helper()
	var all []string
	must(t, w.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = db.Values[string](t.Context(), tx, `SELECT DISTINCT title FROM record WHERE marking > $1
			AND title NOT IN (SELECT title FROM record WHERE marking <= $1)`, m)
		return err
	}))
	return all
}

// TestASheetIsConfirmedOnceAYear: eleven months after the last confirmation, the focal point is
// told by mail, follows its link, and confirms by one button; then nothing waits any more.
func TestASheetIsConfirmedOnceAYear(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	ctx := t.Context()
	const link, address = "/structures/cnad/confirmer", "focal@cnad.example"
	focal := w.viewer(address, access.Focal)
	must(t, w.Directory.Confirm(ctx, focal, "cnad"))
	told := func(days int) (mails int) {
		t.Helper()
		for range days {
			before := w.mailsTo(t, address, link)
			a := w.ask(t, w.by["nobody"], request{method: http.MethodPost, path: "/demo/clock", form: url.Values{"advance": {"24h"}}})
			if a.status != http.StatusSeeOther {
				t.Fatal(a)
			}
			mails += w.mailsTo(t, address, link) - before
		}
		return mails
	}
	if n := told(330); n != 0 {
		t.Fatalf("%d reminders in the first eleven months", n)
	}
	if n := told(30); n != 1 {
		t.Fatalf("%d reminders in the twelfth month", n)
	}
	p := &persona{name: address, header: w.cookie(t, focal.Person)}
	if a := w.ask(t, w.by["nobody"], request{path: link}); a.status != http.StatusSeeOther || !strings.Contains(a.header.Get("Location"), "suite=") {
		t.Errorf("who has not signed in is answered %d", a.status)
	}
	if a := w.ask(t, p, request{path: link}); a.status != http.StatusOK || !strings.Contains(a.body, `action="`+link+`"`) {
		t.Fatal("the link shows no button:", a.status)
	}
	if a := w.ask(t, p, request{method: http.MethodPost, path: link, form: url.Values{"once": {""}}}); a.status != http.StatusSeeOther {
		t.Fatal(a)
	}
	s, err := w.Directory.Find(ctx, focal, "cnad")
	if err != nil || s.Freshness(w.Clock.Now()) != directory.Fresh {
		t.Error("the sheet was not confirmed:", err)
	}
	if n := told(60); n != 0 {
		t.Errorf("%d reminders of a sheet that was just confirmed", n)
	}
}

// mailsTo counts the mails to an address that hold a link.
func (w *world) mailsTo(t *testing.T, address, link string) int {
	t.Helper()
	n := 0
	must(t, w.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Value[int](t.Context(), tx, `SELECT count(*) FROM outbox WHERE recipient = $1 AND body LIKE $2`, address, "%"+link+"%")
		return err
	}))
	return n
}
