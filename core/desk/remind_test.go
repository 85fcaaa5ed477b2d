package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/calendar"
	"cadre/core/desk"
	"cadre/core/journal"
	"cadre/core/notify"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/id"
	"cadre/kit/once"
	"cadre/kit/page"
	"cadre/kit/test"
	"cadre/kit/text"
	"cadre/packs"
	"cadre/packs/togo"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var (
	ctx     = context.Background()
	schemas = []db.Schema{once.Schema, access.Schema, journal.Schema, notify.Schema, account.Schema, calendar.Schema, desk.Schema}
)

// matter is something that waits for an institution of the test.
type matter struct {
	title     string
	structure string
	since     time.Time
	due       time.Time
	marking   access.Marking
	able      []access.Function
	done      bool
}

// house is a Cadre whose desk shows the matters of the test.
type house struct {
	*desk.Module
	t       *testing.T
	clock   *clock.Movable
	log     *journal.Log
	matters []*matter
	read    string // the last mail that was looked at
}

func eachHouse(t *testing.T, fn func(*testing.T, *house)) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		fn(t, newHouse(t, d))
	})
}

func newHouse(t *testing.T, d *db.DB) *house {
	key, err := journal.LoadKey(filepath.Join(t.TempDir(), "journal.key"))
	h := &house{t: t, clock: clock.At(test.Noon)}
	h.must(err)
	pack, err := packs.Load(togo.Files)
	h.must(err)
	h.log = journal.New(d, h.clock, key, "")
	people, err := account.New(account.Deps{DB: d, Log: h.log, Clock: h.clock, Zone: time.UTC, Secret: bytes.Repeat([]byte{7}, 32), BaseURL: "https://cadre.test",
		Structures: func(context.Context, *db.Tx) ([]account.Structure, error) { return nil, nil }})
	h.must(err)
	h.Module = &desk.Module{DB: d, Log: h.log, Clock: h.clock, Zone: time.UTC, People: people, Reminders: packs.Reminders{Holder: 3, Deputy: 3, Head: 5},
		Calendar: &calendar.Module{DB: d, Log: h.log, Clock: h.clock, Zone: time.UTC, Pack: pack}, Timed: []desk.Source{h.waiting}}
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// waiting is what a noun says waits for a viewer.
func (h *house) waiting(ctx context.Context, _ *db.Tx, v access.Viewer) ([]desk.Task, error) {
	var all []desk.Task
	for _, m := range h.matters {
		if !m.done && v.Serves(m.structure, m.able...) {
			all = append(all, desk.Task{Kind: "Affaire", Title: m.title, Why: "Parce que.", Href: "/affaires/" + m.title, Due: m.due,
				Wait: desk.Wait{Matter: m.title, Since: m.since, Marking: m.marking}})
		}
	}
	return all, nil
}

// staff is an institution with a person in each function.
type staff struct {
	id     string
	people map[access.Function]account.Person
}

func (h *house) staff(functions ...access.Function) staff {
	h.t.Helper()
	s := staff{id.New(), map[access.Function]account.Person{}}
	h.must(h.log.Write(ctx, access.Viewer{Clearance: access.Restricted}, func(act *journal.Act) error {
		for _, f := range functions {
			p := account.Person{Email: string(f) + "." + s.id + "@cadre.example", Name: string(f), Structure: s.id, Clearance: access.Red}
			if err := h.People.Admit(ctx, act, &p, f); err != nil {
				return err
			}
			s.people[f] = p
		}
		return nil
	}))
	return s
}

var answerable = []access.Function{access.Focal, access.Deputy, access.Head}

func (h *house) add(s staff, title string) *matter {
	m := &matter{title: title, structure: s.id, since: h.clock.Now(), able: answerable}
	h.matters = append(h.matters, m)
	return m
}

// mails reminds twice, and returns the mails that were not there before.
func (h *house) mails() []notify.Mail {
	h.t.Helper()
	h.must(h.Remind(ctx))
	h.must(h.Remind(ctx))
	var rows []notify.Entry
	h.must(h.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := notify.Mails(ctx, tx, page.Request{Limit: page.Max})
		rows = p.Rows
		return err
	}))
	var fresh []notify.Mail
	for _, e := range rows {
		if e.ID > h.read {
			fresh = append(fresh, e.Mail)
		}
	}
	if len(rows) > 0 {
		h.read = rows[0].ID
	}
	return fresh
}

// told says to whom of a staff mails go, day after day until one: « 2026-11-27 focal ».
func (h *house) told(days int) []string {
	h.t.Helper()
	var all []string
	for range days {
		for _, m := range h.mails() {
			all = append(all, h.clock.Now().Format(time.DateOnly)+" "+m.To[:strings.Index(m.To, ".")])
		}
		h.clock.Advance(24 * time.Hour)
	}
	slices.Sort(all)
	return all
}

func (h *house) wants(got []string, want ...string) {
	h.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Error(diff)
	}
}

func (h *house) sound() {
	h.t.Helper()
	h.must(h.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := desk.Verify(ctx, tx)
		if len(found) > 0 {
			h.t.Error(found)
		}
		return err
	}))
}

func (h *house) absent(p account.Person, days int) {
	h.t.Helper()
	v := access.Viewer{Person: p.ID, Structure: p.Structure, Functions: []access.Function{access.Focal}}
	h.must(h.People.Announce(ctx, v, p.ID, account.Absence{From: h.clock.Now(), To: h.clock.Now().AddDate(0, 0, days)}))
}

// From Tuesday 24 November 2026: three working days, then three, then five.
func TestTheHolderThenTheDeputyThenTheHead(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.add(h.staff(append(answerable, access.Member)...), "M")
		h.wants(h.told(90), "2026-11-27 focal", "2026-12-02 deputy", "2026-12-09 head")
		h.sound()
	})
}

func TestADecidedHolidayIsNotCounted(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		_, err := h.Calendar.Decide(ctx, access.Viewer{}, calendar.DayInput{Holiday: "mawlid", Day: form.Date{Year: 2026, Month: time.November, Day: 26}})
		h.must(err)
		h.add(h.staff(answerable...), "M")
		h.wants(h.told(7), "2026-11-30 focal")
	})
}

func TestWhatIsDoneIsNotTold(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		m := h.add(h.staff(answerable...), "M")
		h.wants(h.told(5), "2026-11-27 focal")
		m.done = true
		h.wants(h.told(30))
		m.done, m.since = false, h.clock.Now() // asked again, on Tuesday 29 December
		h.wants(h.told(10), "2027-01-04 focal", "2027-01-07 deputy")
	})
}

func TestAnAbsentHolderIsStoodInFor(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		s := h.staff(answerable...)
		h.absent(s.people[access.Focal], 60)
		h.add(s, "M")
		h.wants(h.told(40), "2026-11-27 deputy", "2026-12-04 head")
	})
}

func TestOnlyWhoMayActIsTold(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		s := h.staff(answerable...)
		h.add(s, "M").able = []access.Function{access.Head}
		h.add(s, "N").able = []access.Function{access.Member}
		h.wants(h.told(40), "2026-11-27 head")
	})
}

// What has a day is told on that day at the latest, and goes further only once it has passed.
func TestWhatHasADay(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		s := h.staff(answerable...)
		h.add(s, "soon").due = time.Date(2026, time.November, 25, 0, 0, 0, 0, time.UTC)
		h.add(s, "later").due = time.Date(2026, time.December, 20, 0, 0, 0, 0, time.UTC)
		h.add(s, "next month").since = h.clock.Now().AddDate(0, 1, 0)
		h.wants(h.told(30), "2026-11-25 focal", "2026-11-27 focal", "2026-11-30 deputy", "2026-12-07 head", "2026-12-21 deputy")
	})
}

func TestOneMailSaysEverythingAndNothingAboveGreen(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		s := h.staff(answerable...)
		for title, marking := range map[string]access.Marking{"Ouverte": access.Green, "Cachée": access.Amber} {
			m := h.add(s, title)
			m.marking, m.due = marking, time.Date(2027, time.March, 9, 0, 0, 0, 0, time.UTC)
		}
		h.clock.Advance(72 * time.Hour)
		got := h.mails()
		if len(got) != 1 || got[0].Subject != "2 choses vous attendent sur Cadre" {
			t.Fatal(got)
		}
		for want, times := range map[string]int{"Ouverte, pour le 9 mars 2027": 1, "Affaire (fiche de diffusion limitée)": 1, "\u00a0: Cachée": 0, "9 mars": 1, "Parce que": 0, "https://cadre.test/affaires/": 2} {
			if strings.Count(got[0].Body, want) != times {
				t.Errorf("%q is not there %d times in\n%s", want, times, got[0].Body)
			}
		}
	})
}

func TestAMailIsInTheLanguageOfItsReader(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		s := h.staff(access.Focal)
		p := s.people[access.Focal]
		h.must(h.People.EditOwn(ctx, access.Viewer{Person: p.ID}, p.Version, account.Own{Email: p.Email, Language: text.English}))
		h.add(s, "M")
		h.clock.Advance(72 * time.Hour)
		if got := h.mails(); len(got) != 1 || got[0].Subject != "One thing waits for you on Cadre" || !strings.Contains(got[0].Body, "This waits for your institution:") {
			t.Error(got)
		}
	})
}

func TestTheDeskSaysWhoWasTold(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		s := h.staff(answerable...)
		h.add(s, "M")
		h.told(10)
		h.must(h.DB.Read(ctx, func(tx *db.Tx) error {
			tasks, err := h.Tasks(ctx, tx, access.Viewer{Person: "x", Structure: s.id, Functions: []access.Function{access.Focal}})
			if len(tasks) != 1 || tasks[0].Reminded.Stage != desk.Deputy || tasks[0].Reminded.At.Format(time.DateOnly) != "2026-12-02" {
				t.Errorf("%+v", tasks)
			}
			return err
		}))
	})
}

// history is a random life of what waits for an institution.
type history struct {
	*house
	*rapid.T
	staff staff
	told  map[string][]access.Function // of each matter, in order
}

// TestNothingIsToldTwiceNorOnceItIsDone takes random matters through random days. Whatever
// happens, who is told may act on what still waits, nobody is told twice, and the holder comes
// before the deputy and the deputy before the head.
func TestNothingIsToldTwiceNorOnceItIsDone(t *testing.T) {
	h := newHouse(t, test.Open(t, test.Address(t, db.SQLite), schemas))
	s := h.staff(answerable...)
	rapid.Check(t, func(r *rapid.T) {
		h.matters = nil
		for _, p := range s.people {
			h.must(h.People.Announce(ctx, access.Viewer{Person: p.ID, Structure: s.id}, p.ID, account.Absence{}))
		}
		x := &history{h, r, s, map[string][]access.Function{}}
		steps := map[string]func(*rapid.T){"": func(*rapid.T) {}}
		for name, step := range map[string]func(){"come": x.come, "do": x.do, "leave": x.leave, "wait": x.wait, "wait longer": x.wait, "set": x.set} {
			steps[name] = func(*rapid.T) { step() }
		}
		r.Repeat(steps)
	})
	h.sound()
}

func (x *history) come() {
	m := x.add(x.staff, fmt.Sprintf("M%d.", len(x.matters)))
	m.able = rapid.SampledFrom([][]access.Function{answerable, {access.Head}, {access.Focal, access.Deputy}, {access.Deputy}}).Draw(x.T, "able")
	if rapid.Bool().Draw(x.T, "dated") {
		m.due = x.clock.Now().AddDate(0, 0, rapid.IntRange(0, 20).Draw(x.T, "due"))
	}
}

func (x *history) do() {
	if len(x.matters) > 0 {
		rapid.SampledFrom(x.matters).Draw(x.T, "done").done = true
	}
}

func (x *history) leave() {
	x.absent(x.staff.people[rapid.SampledFrom(answerable[:2]).Draw(x.T, "absent")], rapid.IntRange(1, 15).Draw(x.T, "days"))
}

func (x *history) set() {
	d := rapid.IntRange(1, 6)
	var now desk.Setting
	x.must(x.DB.Read(ctx, func(tx *db.Tx) (err error) {
		now, err = x.Delays(ctx, tx)
		return err
	}))
	_, err := x.SetDelays(ctx, access.Viewer{}, now.Version, desk.Delays{Holder: d.Draw(x.T, "holder"), Deputy: d.Draw(x.T, "deputy"), Head: d.Draw(x.T, "head")})
	x.must(err)
}

// wait lets days pass, and looks at the mails of each.
func (x *history) wait() {
	for range rapid.IntRange(1, 8).Draw(x.T, "days") {
		x.clock.Advance(24 * time.Hour)
		for _, m := range x.mails() {
			x.look(m)
		}
	}
}

// look checks a mail.
func (x *history) look(mail notify.Mail) {
	to := access.Function(mail.To[:strings.Index(mail.To, ".")])
	for _, m := range x.matters {
		if !strings.Contains(mail.Body, m.title) {
			continue
		}
		before := x.told[m.title]
		rank := func(f access.Function) int { return slices.Index(answerable, f) }
		switch {
		case m.done:
			x.Fatalf("%s is done, and %s is told", m.title, to)
		case !slices.Contains(m.able, to):
			x.Fatalf("%s may not act on %s", to, m.title)
		case len(before) > 0 && rank(before[len(before)-1]) >= rank(to):
			x.Fatalf("%s of %s after %v", to, m.title, before)
		}
		x.told[m.title] = append(before, to)
	}
}
