package record_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/core/search"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/once"
	"cadre/kit/page"
	"cadre/kit/test"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var (
	ctx     = context.Background()
	schemas = []db.Schema{once.Schema, access.Schema, journal.Schema, record.Schema, search.Schema}

	cnlpal = person("afi", "cnlpal", access.Focal)
	cnad   = person("kofi", "cnad", access.Focal)
	cndh   = person("yao", "cndh", access.Reader)
	admin  = person("essi", "cnlpal", access.Technical)
)

func person(name, structure string, f access.Function) access.Viewer {
	return access.Viewer{Person: name, Structure: structure, Functions: []access.Function{f}, Clearance: access.Restricted}
}

// mission is the content of the records of these tests.
type mission struct {
	Mandate string `json:"mandate"`
}

// house is a database in which people keep records.
type house struct {
	t     *testing.T
	db    *db.DB
	key   journal.Key
	clock *clock.Movable
	log   *journal.Log
}

func eachHouse(t *testing.T, fn func(*testing.T, *house)) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		key, err := journal.LoadKey(filepath.Join(t.TempDir(), "journal.key"))
		if err != nil {
			t.Fatal(err)
		}
		h := &house{t: t, db: d, key: key, clock: clock.At(test.Noon)}
		h.log = journal.New(d, h.clock, key, "")
		fn(t, h)
	})
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func read[T any](h *house, fn func(*db.Tx) (T, error)) T {
	h.t.Helper()
	var v T
	h.must(h.db.Read(ctx, func(tx *db.Tx) (err error) { v, err = fn(tx); return err }))
	return v
}

func (h *house) act(by access.Viewer, fn func(*journal.Act) error) {
	h.t.Helper()
	h.must(h.log.Write(ctx, by, fn))
}

// note is a record of the CNLPAL, opened to others by its marking and its audience.
func note(title string, to ...access.Principal) record.Record {
	return record.Record{Kind: "test.note", Title: title, Owner: "cnlpal", Marking: access.Amber, Audience: to, State: "in_force"}
}

func (h *house) create(r record.Record) record.Record {
	h.t.Helper()
	h.act(cnlpal, func(act *journal.Act) error {
		return record.Create(ctx, act, &r, "test.note.added", mission{"loi"}, "loi")
	})
	return r
}

func (h *house) change(r record.Record) (record.Record, error) {
	err := h.log.Write(ctx, cnlpal, func(act *journal.Act) error {
		return record.Change(ctx, act, &r, r.Version, "test.note.amended", mission{"décret"}, "décret")
	})
	return r, err
}

func (h *house) find(v access.Viewer, id string, kinds ...string) (record.Record, error) {
	var r record.Record
	err := h.db.Read(ctx, func(tx *db.Tx) (err error) { r, err = record.Find(ctx, tx, v, id, kinds...); return err })
	return r, err
}

func (h *house) sql(query string, args ...any) {
	h.t.Helper()
	h.must(h.db.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, query, args...); return err }))
}

func (h *house) count(table string) int {
	return read(h, func(tx *db.Tx) (int, error) { return db.Value[int](ctx, tx, `SELECT count(*) FROM `+table) })
}

var sameRecord = cmpopts.IgnoreUnexported(record.Record{})

func TestARecordIsReadAsItWasWritten(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		made := note("Traçage des armes saisies", access.Structure("cnad"), access.Structure("cnad"))
		made.Number, made.Themes, made.Places = "CNLPAL-2026-0001", []string{"marquage", "armes", "armes", ""}, []string{"TG-K"}
		made = h.create(made)
		got, err := h.find(cnlpal, made.ID)
		h.must(err)
		if diff := cmp.Diff(made, got, sameRecord); diff != "" {
			t.Error(diff)
		}
		content, err := record.Decode[mission](got)
		if err != nil || content.Mandate != "loi" || got.Version != 1 || !got.Created.Equal(test.Noon) ||
			!slices.Equal(got.Themes, []string{"armes", "marquage"}) || !slices.Equal(got.Audience, access.AudienceOf("cnlpal", access.Structure("cnad"))) {
			t.Errorf("%+v, %v", got, err)
		}
		h.clock.Advance(3600e9)
		got.Title, got.Themes = "Traçage", nil
		changed, err := h.change(got)
		h.must(err)
		if again, err := h.find(cnad, made.ID); err != nil || again.Version != 2 || !again.Updated.After(again.Created) || !cmp.Equal(again, changed, sameRecord) {
			t.Errorf("%+v, %v", again, err)
		}
	})
}

func TestTheInvisibleIsMissing(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		secret := h.create(note("Note interne")).ID
		_, absent := h.find(cnad, id.New())
		for name, attempt := range map[string]struct {
			by    access.Viewer
			id    string
			kinds []string
		}{
			"of another structure":      {cnad, secret, nil},
			"for nobody":                {access.Nobody, secret, nil},
			"for whoever runs Cadre":    {admin, secret, nil},
			"of another kind":           {cnlpal, secret, []string{"test.other"}},
			"malformed":                 {cnlpal, "1' OR '1'='1", nil},
			"empty":                     {cnlpal, "", nil},
			"with NUL":                  {cnlpal, secret + "\x00", nil},
			"an identifier in capitals": {cnlpal, strings.ToUpper(secret), nil},
		} {
			if _, err := h.find(attempt.by, attempt.id, attempt.kinds...); !cmp.Equal(err, absent) {
				t.Errorf("%s: %v; absent: %v", name, err, absent)
			}
		}
		if _, err := h.find(cnlpal, secret, "test.other", "test.note"); err != nil || fault.KindOf(absent) != fault.NotFound {
			t.Errorf("for its owner: %v; absent: %v", err, absent)
		}
	})
}

func TestAStaleVersionChangesNothing(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		first := h.create(note("Note"))
		second, err := h.change(first)
		h.must(err)
		stale := first
		stale.Title, stale.Audience, stale.Themes = "Note périmée", access.Audience{access.Structure("cndh")}, []string{"armes"}
		before := []int{h.count("journal_entry"), h.count("audience"), h.count("record_theme")}
		if _, err := h.change(stale); fault.KindOf(err) != fault.Conflict {
			t.Errorf("stale change: %v", err)
		}
		now, err := h.find(cnlpal, first.ID)
		if diff := cmp.Diff(second, now, sameRecord); err != nil || diff != "" {
			t.Error(diff, err)
		}
		if after := []int{h.count("journal_entry"), h.count("audience"), h.count("record_theme")}; !slices.Equal(before, after) {
			t.Errorf("rows before %v, after %v", before, after)
		}
	})
}

func TestNobodyMarksAboveTheirClearanceNorWiderThanTheMarking(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		low := cnlpal
		low.Clearance = access.Green
		wide := note("Note", access.Members) // amber
		for name, err := range map[string]error{
			"above the clearance":    h.log.Write(ctx, low, func(act *journal.Act) error { r := note("Note"); return record.Create(ctx, act, &r, "a.b.c", nil, "") }),
			"wider than the marking": h.log.Write(ctx, cnlpal, func(act *journal.Act) error { return record.Create(ctx, act, &wide, "a.b.c", nil, "") }),
		} {
			if fault.KindOf(err) != fault.BadInput {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := h.count("record"); n != 0 {
			t.Errorf("%d records", n)
		}
	})
}

func TestHistoryIsClosedToVersionsFromBefore(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		r := h.create(note("Version interne"))
		r.Title, r.Audience = "Version ouverte", access.Audience{access.Structure("cnad")}
		r, err := h.change(r)
		h.must(err)
		r.Title = "Version suivante"
		r, err = h.change(r)
		h.must(err)
		titles := func(v access.Viewer) (all []string) {
			for _, version := range read(h, func(tx *db.Tx) ([]record.Version, error) { return record.History(ctx, tx, v, r) }) {
				all = append(all, version.Title)
			}
			return all
		}
		if diff := cmp.Diff([]string{"Version suivante", "Version ouverte", "Version interne"}, titles(cnlpal)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"Version suivante", "Version ouverte"}, titles(cnad)); diff != "" {
			t.Error(diff)
		}
		for n, want := range map[int64]string{0: "", 1: "", 2: "Version ouverte", 3: "Version suivante", 4: ""} {
			err := h.db.Read(ctx, func(tx *db.Tx) error {
				version, err := record.VersionOf(ctx, tx, cnad, r, n)
				if version.Title != want {
					t.Errorf("version %d: %q", n, version.Title)
				}
				return err
			})
			if (err == nil) != (want != "") || err != nil && fault.KindOf(err) != fault.NotFound {
				t.Errorf("version %d: %v", n, err)
			}
		}
		h.act(cnlpal, func(act *journal.Act) error { return act.Erase(ctx, r.ID, "loi") })
		if got := titles(cnlpal); len(got) != 0 {
			t.Errorf("after erasure: %v", got)
		}
	})
}

func TestChangedNamesTheFieldsThatDiffer(t *testing.T) {
	before := record.Snapshot{Title: "Note", Themes: []string{"armes"}, Content: []byte(`{"mandate":"loi","towns":["Kara","Lomé"],"old":1}`)}
	after := record.Snapshot{Title: "Note", Themes: []string{"armes", "drogues"}, Content: []byte(`{"mandate":"décret","towns":["Kara","Lomé"],"head":{"name":"A","post":"B"}}`)}
	want := []record.Difference{{"themes", "armes", "armes\ndrogues"}, {"head", "", "A · B"}, {"mandate", "loi", "décret"}, {"old", "1", ""}}
	if diff := cmp.Diff(want, record.Changed(before, after)); diff != "" {
		t.Error(diff)
	}
}

func TestListsAreFiltered(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		armes := note("Armes", access.Structure("cnad"))
		armes.Themes, armes.Places = []string{"armes"}, []string{"TG-K", "TG-M"}
		drogues := note("Drogues", access.Structure("cnad"))
		drogues.Themes, drogues.State = []string{"drogues", "armes"}, "withdrawn"
		other := note("Autre sorte")
		other.Kind = "test.other"
		for _, r := range []record.Record{armes, drogues, note("Interne"), other} {
			h.create(r)
		}
		for _, c := range []struct {
			by   access.Viewer
			f    record.Filter
			want string
		}{
			{cnlpal, record.Filter{}, "Armes Drogues Interne"},
			{cnad, record.Filter{}, "Armes Drogues"},
			{cndh, record.Filter{}, ""},
			{admin, record.Filter{}, ""},
			{access.Nobody, record.Filter{}, ""},
			{cnad, record.Filter{Theme: "armes"}, "Armes Drogues"},
			{cnad, record.Filter{Theme: "drogues"}, "Drogues"},
			{cnad, record.Filter{Place: "TG-M"}, "Armes"},
			{cnad, record.Filter{State: "withdrawn", Theme: "armes"}, "Drogues"},
			{cnad, record.Filter{Owner: "cnad"}, ""},
			{cnad, record.Filter{Except: []string{"cnad"}}, "Armes Drogues"},
			{cnad, record.Filter{Except: []string{"cnad", "cnlpal"}}, ""},
			{cnad, record.Filter{Owner: "cnlpal", Place: "TG-K"}, "Armes"},
			{cnad, record.Filter{Theme: "armes", Place: "TG-K"}, "Armes"},
		} {
			c.f.Kind = "test.note"
			list := read(h, func(tx *db.Tx) (page.Of[record.Record], error) {
				return record.List(ctx, tx, c.by, c.f, page.Request{Limit: 10})
			})
			var titles []string
			for _, r := range list.Rows {
				titles = append(titles, r.Title)
			}
			if got := strings.Join(titles, " "); got != c.want || list.Total != len(titles) {
				t.Errorf("%s %+v: %s, %d in all", c.by.Person, c.f, got, list.Total)
			}
		}
		list := read(h, func(tx *db.Tx) (page.Of[record.Record], error) {
			return record.List(ctx, tx, cnad, record.Filter{Owner: "cnlpal"}, page.Request{Limit: 10})
		})
		if owned := list.Rows; len(owned) != 2 || !slices.Equal(owned[1].Themes, []string{"armes", "drogues"}) || !slices.Equal(owned[0].Places, []string{"TG-K", "TG-M"}) {
			t.Errorf("%+v", owned)
		}
	})
}

// Whoever walks a list to its end and back meets each record that was there from the
// start exactly once on either way, whatever is added meanwhile.
func TestPagesCoverAListOnce(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		round := 0
		rapid.Check(t, func(t *rapid.T) {
			round++
			kind, limit := fmt.Sprintf("test.round%d", round), rapid.IntRange(1, 5).Draw(t, "limit")
			add := func(n int) (ids []string) {
				h.act(cnlpal, func(act *journal.Act) (err error) {
					for range n {
						r := note(rapid.StringMatching(`[a-céA]{0,3}`).Draw(t, "title"))
						r.Kind = kind
						err = errors.Join(err, record.Create(ctx, act, &r, "test.note.added", nil, ""))
						ids = append(ids, r.ID)
					}
					return err
				})
				return ids
			}
			list := func(cursor string) page.Of[record.Record] {
				req, err := page.Parse(cursor, limit)
				h.must(err)
				return read(h, func(tx *db.Tx) (page.Of[record.Record], error) {
					return record.List(ctx, tx, cnlpal, record.Filter{Kind: kind}, req)
				})
			}
			there := add(rapid.IntRange(1, 12).Draw(t, "records"))
			walk := func(p page.Of[record.Record], on func(page.Of[record.Record]) string) page.Of[record.Record] {
				met := map[string]int{}
				for {
					for _, r := range p.Rows {
						met[r.ID]++
					}
					if rapid.Bool().Draw(t, "somebody adds") {
						add(1)
					}
					if on(p) == "" {
						break
					}
					p = list(on(p))
				}
				for _, id := range there {
					if met[id] != 1 {
						t.Errorf("a record was met %d times", met[id])
					}
				}
				return p
			}
			last := walk(list(""), func(p page.Of[record.Record]) string { return p.Next })
			first := walk(last, func(p page.Of[record.Record]) string { return p.Prev })
			if len(first.Rows) > 0 && first.From != 1 {
				t.Errorf("the first page begins at %d", first.From)
			}
		})
	})
}

func TestLinksShowWhatTheViewerMaySee(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		open, also, secret := h.create(note("Ouverte", access.Structure("cnad"))), h.create(note("Aussi", access.Structure("cnad"))), h.create(note("Interne"))
		link := func(from record.Record, kind record.LinkKind, to record.Record) error {
			return h.log.Write(ctx, cnlpal, func(act *journal.Act) error { return record.Link(ctx, act, from, kind, to) })
		}
		h.must(errors.Join(link(open, record.Serves, also), link(open, record.Serves, also), link(open, record.Concerns, secret), link(secret, record.Follows, open)))
		links := func(v access.Viewer, id string) string {
			var all []string
			for _, l := range read(h, func(tx *db.Tx) ([]record.Linked, error) { return record.Links(ctx, tx, v, id) }) {
				all = append(all, fmt.Sprintf("%s %v %s", l.Link, l.Back, l.Title))
			}
			return strings.Join(all, ", ")
		}
		for _, c := range []struct {
			by   access.Viewer
			of   record.Record
			want string
		}{
			{cnlpal, open, "concerns false Interne, serves false Aussi, follows true Interne"},
			{cnad, open, "serves false Aussi"},
			{cnad, also, "serves true Ouverte"},
			{cndh, open, ""},
		} {
			if got := links(c.by, c.of.ID); got != c.want {
				t.Errorf("%s: %s", c.by.Person, got)
			}
		}
		if err := errors.Join(link(open, "hides", also), link(open, record.Serves, open)); fault.KindOf(err) != fault.BadInput {
			t.Errorf("links that are none: %v", err)
		}
		unlink := func() error {
			return h.log.Write(ctx, cnlpal, func(act *journal.Act) error { return record.Unlink(ctx, act, open, record.Serves, also.ID) })
		}
		h.must(unlink())
		if err := unlink(); fault.KindOf(err) != fault.NotFound || links(cnad, open.ID) != "" {
			t.Errorf("unlinked twice: %v, %s", err, links(cnad, open.ID))
		}
	})
}

func TestFollowing(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		r := h.create(note("Note", access.Structure("cnad")))
		follow := func(on bool) {
			h.act(cnad, func(act *journal.Act) error { return record.Follow(ctx, act, r, on) })
		}
		for _, on := range []bool{true, true, false, false, true} {
			follow(on)
			if got := read(h, func(tx *db.Tx) (bool, error) { return record.Followed(ctx, tx, cnad, r.ID) }); got != on {
				t.Errorf("followed %v, want %v", got, on)
			}
		}
		if read(h, func(tx *db.Tx) (bool, error) { return record.Followed(ctx, tx, cnlpal, r.ID) }) {
			t.Error("somebody else follows too")
		}
	})
}

func TestReadingsAreGatheredForTheOwner(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		r := h.create(note("Note", access.Structure("cnad")))
		free := note("Libre", access.Public)
		free.Marking = access.Clear
		free = h.create(free)
		readers := record.NewReaders(h.db, h.clock)
		readers.Note(cnad, record.Read, r, free) // reading what is free is not noted
		readers.Note(cnlpal, record.Read, r)     // nor is reading one's own
		readers.Note(access.Nobody, record.Exported, free)
		h.clock.Advance(60e9)
		readers.Note(cnad, record.Read, r)
		over, cancel := context.WithCancel(ctx)
		cancel()
		if readers.Store(over) == nil { // a database that does not answer loses no note
			t.Error("stored without a database")
		}
		readers.Note(cnad, record.Exported, r, free)
		h.must(readers.Store(ctx))
		h.must(readers.Store(ctx))
		h.clock.Advance(60e9)
		readers.Note(cnad, record.Read, r)
		h.must(readers.Store(ctx))
		got := map[string][]int{}
		for _, x := range read(h, func(tx *db.Tx) ([]record.Reading, error) { return record.Readings(ctx, tx, cnlpal, r) }) {
			got[x.Person+" "+x.How] = []int{int(x.First.Sub(test.Noon).Minutes()), int(x.Last.Sub(test.Noon).Minutes()), int(x.Times)}
		}
		if diff := cmp.Diff(map[string][]int{"kofi read": {0, 2, 3}, "kofi exported": {1, 1, 1}}, got); diff != "" {
			t.Error(diff)
		}
		for _, v := range []access.Viewer{cnad, admin, access.Nobody} {
			err := h.db.Read(ctx, func(tx *db.Tx) error { _, err := record.Readings(ctx, tx, v, free); return err })
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("asked by %s: %v", v.Person, err)
			}
		}
	})
}
