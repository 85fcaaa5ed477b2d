package dossier_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/dossier"
	"cadre/core/journal"
	"cadre/core/notify"
	"cadre/core/record"
	"cadre/core/search"
	"cadre/kit/clock"
	"cadre/kit/content"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/file"
	"cadre/kit/id"
	"cadre/kit/once"
	"cadre/kit/page"
	"cadre/kit/test"
)

var (
	ctx     = context.Background()
	schemas = []db.Schema{once.Schema, access.Schema, journal.Schema, record.Schema, search.Schema, notify.Schema, account.Schema, dossier.Schema}

	cnlpal, cnad, cndh = id.New(), id.New(), id.New()
)

// house is a Cadre of three institutions, with one record that two of them read.
type house struct {
	*dossier.Module
	t      *testing.T
	db     *db.DB
	key    journal.Key
	clock  *clock.Movable
	files  file.Store
	people map[string]access.Viewer
	record record.Record
}

func eachHouse(t *testing.T, fn func(*testing.T, *house)) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		key, err := journal.LoadKey(filepath.Join(t.TempDir(), "journal.key"))
		if err != nil {
			t.Fatal(err)
		}
		h := &house{t: t, db: d, key: key, clock: clock.At(test.Noon), people: map[string]access.Viewer{}}
		log := journal.New(d, h.clock, key, "")
		people, err := account.New(account.Deps{DB: d, Log: log, Clock: h.clock, Zone: time.UTC, Secret: bytes.Repeat([]byte{7}, 32), BaseURL: "https://cadre.test",
			Structures: func(context.Context, *db.Tx) ([]account.Structure, error) {
				return []account.Structure{{ID: cnlpal, Slug: "cnlpal", Acronym: "CNLPAL"}, {ID: cnad, Slug: "cnad", Acronym: "CNAD"}, {ID: cndh, Slug: "cndh", Acronym: "CNDH"}}, nil
			}})
		h.must(err)
		h.files, err = file.Open(t.TempDir(), "")
		h.must(err)
		h.Module = dossier.New(dossier.Deps{DB: d, Log: log, Clock: h.clock, Zone: time.UTC, People: people, Href: func(_, id string) string { return "/fiches/" + id },
			Files: h.files, Work: t.TempDir(), MaxSize: 1 << 20, Kinds: content.Names()})
		h.found(log, people)
		fn(t, h)
	})
}

// found admits the people and writes the record of CNLPAL, which CNAD reads and CNDH does not.
func (h *house) found(log *journal.Log, people *account.Module) {
	h.t.Helper()
	h.must(log.Write(ctx, access.Viewer{Clearance: access.Restricted}, func(act *journal.Act) error {
		for _, x := range []struct {
			name, structure string
			f               access.Function
		}{{"focal@cnlpal.example", cnlpal, access.Focal}, {"focal@cnad.example", cnad, access.Focal}, {"membre@cnad.example", cnad, access.Member}, {"focal@cndh.example", cndh, access.Focal},
			{"secretariat@cnlpal.example", cnlpal, access.Secretariat}, {"second@cnlpal.example", cnlpal, access.Secretariat}} {
			p := account.Person{Email: x.name, Name: "Fonction " + strings.ToUpper(x.name[:5]), Structure: x.structure, Clearance: access.Amber}
			if err := people.Admit(ctx, act, &p, x.f); err != nil {
				return err
			}
			h.people[x.name] = access.Viewer{Person: p.ID, Name: p.Name, Structure: x.structure, Functions: []access.Function{x.f}, Clearance: access.Amber}
		}
		h.record = record.Record{Kind: "test.note", Title: "Saisie d’armes", Owner: cnlpal, Marking: access.Amber, Audience: access.Audience{access.Structure(cnad)}, State: "in_force"}
		return record.Create(ctx, act, &h.record, "test.note.added", map[string]string{}, "")
	}))
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) by(name string) access.Viewer {
	v, ok := h.people[name]
	if !ok {
		h.t.Fatal("nobody is called ", name)
	}
	return v
}

func (h *house) write(by, text string) dossier.Comment {
	h.t.Helper()
	c, err := h.Write(ctx, h.by(by), h.record.ID, text)
	h.must(err)
	return c
}

func (h *house) list(v access.Viewer, after string) page.Of[dossier.Comment] {
	h.t.Helper()
	var all page.Of[dossier.Comment]
	asked, err := page.Parse(after, 2)
	h.must(err)
	h.must(h.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = dossier.Comments(ctx, tx, v, h.record.ID, asked)
		return err
	}))
	return all
}

// mails lists who is written to, in order, and checks that no mail names a record above green.
func (h *house) mails() []string {
	h.t.Helper()
	var all []string
	h.must(h.db.Read(ctx, func(tx *db.Tx) error {
		asked, err := page.Parse("", 200)
		h.must(err)
		queued, err := notify.Mails(ctx, tx, asked)
		for _, m := range queued.Rows {
			all = append(all, m.To)
			if strings.Contains(m.Subject+m.Body, h.record.Title) {
				h.t.Errorf("a mail names an amber record: %s", m.Body)
			}
		}
		return err
	}))
	return all
}

// proved checks that the journal and what stands around the record agree.
func (h *house) proved() {
	h.t.Helper()
	h.must(h.db.Read(ctx, func(tx *db.Tx) error {
		v, err := journal.Verify(ctx, tx, h.key, "")
		if err != nil {
			return err
		}
		found, err := dossier.Verify(ctx, tx)
		if len(v.Findings)+len(found) > 0 {
			h.t.Errorf("%v %v", v.Findings, found)
		}
		return err
	}))
}

func (h *house) wrong() int {
	n := 0
	h.must(h.db.Read(ctx, func(tx *db.Tx) error {
		found, err := dossier.Verify(ctx, tx)
		n = len(found)
		return err
	}))
	return n
}

func (h *house) sql(query string, args ...any) {
	h.t.Helper()
	h.must(h.db.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, query, args...); return err }))
}

func TestCommentsAreSeenAsTheirRecordIs(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for _, text := range []string{"Un", "Deux", "Trois"} {
			h.write("membre@cnad.example", text)
		}
		first := h.list(h.by("focal@cnlpal.example"), "")
		if len(first.Rows) != 2 || first.Total != 3 || first.Rows[0].Text != "Trois" {
			t.Errorf("%+v", first)
		}
		if next := h.list(h.by("focal@cnlpal.example"), first.Next); len(next.Rows) != 1 || next.Rows[0].Text != "Un" || next.Next != "" || next.Prev == "" {
			t.Errorf("%+v", next)
		}
		for _, v := range []access.Viewer{h.by("focal@cndh.example"), access.Nobody} {
			if hidden := h.list(v, ""); len(hidden.Rows) != 0 || hidden.Total != 0 {
				t.Errorf("%+v", hidden)
			}
			if _, err := h.Write(ctx, v, h.record.ID, "x"); fault.KindOf(err) != fault.NotFound {
				t.Error(err)
			}
		}
		h.proved()
	})
}

func TestMentionsReachThoseWhoMayRead(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.must(h.Log.Write(ctx, h.by("secretariat@cnlpal.example"), func(act *journal.Act) error { return record.Follow(ctx, act, h.record, true) }))
		c := h.write("focal@cnlpal.example", "Bonjour @cnad, et @membre@cnad.example. Merci @CNAD !")
		if strings.Contains(c.Text, "example") || !strings.Contains(c.Text, "@"+cnad) || !strings.Contains(c.Text, "@"+h.by("membre@cnad.example").Person+". Merci") {
			t.Error(c.Text)
		}
		if got := strings.Join(h.mails(), " "); got != "secretariat@cnlpal.example focal@cnad.example membre@cnad.example" &&
			got != "secretariat@cnlpal.example membre@cnad.example focal@cnad.example" {
			t.Error(got)
		}
		_, err := h.Amend(ctx, h.by("focal@cnlpal.example"), h.record.ID, c.ID, c.Text+" @second@cnlpal.example", 1)
		h.must(err)
		if got := h.mails(); len(got) != 4 || got[0] != "second@cnlpal.example" {
			t.Error("a change tells others than the newly mentioned: ", got)
		}
		said := map[string]bool{}
		for _, name := range []string{"focal@cndh.example", "personne@cndh.example", "CNDH", "inconnue", id.New(), cndh} {
			_, err := h.Write(ctx, h.by("focal@cnlpal.example"), h.record.ID, "Voir @"+name)
			if fault.KindOf(err) != fault.BadInput {
				t.Errorf("%s: %v", name, err)
				continue
			}
			said[strings.ReplaceAll(err.Error(), name, "X")] = true
		}
		if len(said) != 1 || len(h.mails()) != 4 {
			t.Error("what one may not mention answers in several ways, or a mail left: ", said, h.mails())
		}
		h.proved()
	})
}

func TestAChangedCommentKeepsItsTexts(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		c := h.write("membre@cnad.example", "Premier")
		amend := func(by, text string, expect int64) error {
			_, err := h.Amend(ctx, h.by(by), h.record.ID, c.ID, text, expect)
			return err
		}
		h.must(amend("membre@cnad.example", "Second", 1))
		for kind, err := range map[fault.Kind]error{
			fault.Conflict:  amend("membre@cnad.example", "Troisième", 1),
			fault.Forbidden: amend("focal@cnlpal.example", "Troisième", 2),
			fault.NotFound:  amend("focal@cndh.example", "Troisième", 2),
			fault.BadInput:  amend("membre@cnad.example", "", 2),
		} {
			if fault.KindOf(err) != kind {
				t.Errorf("want %d: %v", kind, err)
			}
		}
		withdraw := func(by string) error {
			_, err := h.Withdraw(ctx, h.by(by), h.record.ID, c.ID, 2)
			return err
		}
		if err := withdraw("focal@cnad.example"); fault.KindOf(err) != fault.Forbidden {
			t.Error(err)
		}
		h.must(withdraw("focal@cnlpal.example"))
		if err := withdraw("membre@cnad.example"); fault.KindOf(err) != fault.Conflict {
			t.Error(err)
		}
		left := h.list(h.by("membre@cnad.example"), "").Rows[0]
		if left.Text != "" || left.State != "withdrawn" || left.By != h.by("focal@cnlpal.example").Person || left.Version != 3 {
			t.Errorf("%+v", left)
		}
		h.proved()
	})
}

func TestLongAndFrequentComments(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		by := h.by("membre@cnad.example")
		for text, kind := range map[string]fault.Kind{strings.Repeat("é", 10_001): fault.BadInput, "": fault.BadInput, strings.Repeat("@CNAD ", 2) + mentions(21): fault.BadInput} {
			if _, err := h.Write(ctx, by, h.record.ID, text); fault.KindOf(err) != kind {
				t.Errorf("%.20s: %v", text, err)
			}
		}
		h.write("membre@cnad.example", strings.Repeat("é", 10_000))
		for range 59 {
			h.write("membre@cnad.example", "Encore")
		}
		if _, err := h.Write(ctx, by, h.record.ID, "Trop"); fault.KindOf(err) != fault.TooMany {
			t.Error(err)
		}
		h.clock.Advance(61 * time.Minute)
		h.write("membre@cnad.example", "Plus tard")
	})
}

func mentions(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString("@" + id.New() + " ")
	}
	return b.String()
}

func TestWhatIsAlteredIsFound(t *testing.T) {
	for query, want := range map[string]int{
		`UPDATE comment SET text = 'faux' WHERE id = $1`:      1,
		`UPDATE comment SET person_id = '' WHERE id = $1`:     1,
		`UPDATE comment SET state = 'x' WHERE id = $1`:        1,
		`UPDATE comment SET created_at = 1 WHERE id = $1`:     1,
		`UPDATE comment SET updated_by = 'x' WHERE id = $1`:   1,
		`UPDATE comment SET version = 7 WHERE id = $1`:        1,
		`DELETE FROM comment WHERE id = $1`:                   1,
		`DELETE FROM journal_entry WHERE subject = $1`:        1,
		`UPDATE comment SET structure_id = '' WHERE id <> $1`: 0,
	} {
		eachHouse(t, func(t *testing.T, h *house) {
			c := h.write("membre@cnad.example", "Vrai")
			h.proved()
			h.sql(query, c.ID)
			if n := h.wrong(); n != want {
				t.Errorf("%s: %d findings", query, n)
			}
		})
	}
}

// A person who is erased is gone from the texts that mentioned them, and the log is whole.
func TestAnErasedPersonIsGoneFromTheTexts(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		c := h.write("focal@cnlpal.example", "Voir @membre@cnad.example")
		h.must(h.People.Erase(ctx, h.by("secretariat@cnlpal.example"), h.by("membre@cnad.example").Person, "demande"))
		h.write("focal@cnlpal.example", "Suite")
		h.proved()
		got, err := h.Around(access.With(ctx, h.by("focal@cnlpal.example")), h.record)
		h.must(err)
		var out bytes.Buffer
		h.must(got.Render(access.With(ctx, h.by("focal@cnlpal.example")), &out))
		if s := out.String(); !strings.Contains(s, "@Personne effacée") || strings.Contains(s, "MEMBR") || strings.Contains(c.Text, "membre") {
			t.Error(s)
		}
		// The law may also take the content of one comment out of the log.
		h.must(h.Log.Write(ctx, h.by("secretariat@cnlpal.example"), func(act *journal.Act) error { return act.Erase(ctx, c.ID, "demande") }))
		h.proved()
	})
}

func TestScriptInACommentIsText(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.write("focal@cnlpal.example", "<script>alert(1)</script> **gras** [x](javascript:alert(1))")
		as := access.With(ctx, h.by("focal@cnad.example"))
		got, err := h.Around(as, h.record)
		h.must(err)
		var out bytes.Buffer
		h.must(got.Render(as, &out))
		if s := out.String(); strings.Contains(s, "<script") || strings.Contains(s, "javascript:") || !strings.Contains(s, "<strong>gras</strong>") {
			t.Error(s)
		}
	})
}
