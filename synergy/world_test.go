package synergy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cadre/app"
	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/test"
	"cadre/synergy"
)

// world is the demonstration on one engine, with its institutions by slug and its people by address.
type world struct {
	*app.App
	*testing.T
	ids     map[string]string
	viewers map[string]access.Viewer
}

func eachWorld(t *testing.T, fn func(world)) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) { fn(open(t, engine)) })
	}
}

func open(t *testing.T, engine db.Engine) world {
	t.Helper()
	a, err := app.Open(ctx, app.Options{Demo: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Config: app.Config{Data: filepath.Join(t.TempDir(), "data"), DatabaseFlag: app.DatabaseFlag{Database: test.Address(t, engine)}}})
	w := world{a, t, map[string]string{}, map[string]access.Viewer{}}
	w.must(err)
	t.Cleanup(func() { _ = a.Close() })
	w.must(a.Found(ctx))
	w.read(func(tx *db.Tx) error {
		all, err := a.People.Structures(ctx, tx)
		for _, s := range all {
			w.ids[s.Slug] = s.ID
		}
		return err
	})
	people, err := a.Personas(ctx)
	w.must(err)
	for _, p := range people {
		w.viewers[p.Email] = access.Viewer{Person: p.ID, Name: p.Name, Structure: p.Structure, Functions: p.Functions(a.Clock.Now()), Clearance: p.Clearance}
	}
	return w
}

func (w world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w world) read(fn func(*db.Tx) error) {
	w.Helper()
	w.must(w.DB.Read(ctx, fn))
}

func (w world) focal(slug string) access.Viewer {
	v, ok := w.viewers["focal@"+slug+".example"]
	if !ok {
		w.Fatalf("nobody is the focal point of %s", slug)
	}
	return v
}

// plan writes down that an institution goes to Tône in May 2027 for the schools, read by the circles given.
func (w world) plan(slug, title string, to ...string) (id string) {
	w.Helper()
	in := map[string]any{"title": title, "themes": []string{"DRG"}, "places": []string{"TG-S-TONE"}, "marking": "amber_strict", "audience": []string{},
		"purpose": "Essai.", "type": "SENS", "publics": []string{"JEU"}, "period": map[string]string{"from": "2027-05-18", "to": "2027-05-20"}}
	if to != nil {
		in["marking"], in["audience"] = "amber", to
	}
	return w.post(slug, "/activities", in)
}

// post sends something to the API as the focal point of an institution and gives the identifier of what it made.
func (w world) post(slug, path string, in any) string {
	w.Helper()
	secret, err := w.People.IssueToken(ctx, "focal@"+slug+".example", []access.Scope{access.ScopeWrite}, w.Clock.Now().Add(time.Hour))
	w.must(err)
	body, err := json.Marshal(in)
	w.must(err)
	r := httptest.NewRequest(http.MethodPost, "/api/v1"+path, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+secret)
	rec := httptest.NewRecorder()
	w.Handler.ServeHTTP(rec, r)
	var out struct{ ID string }
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil || rec.Code != http.StatusCreated {
		w.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
	}
	return out.ID
}

// around is what touches an activity, as a focal point sees it.
func (w world) around(slug, id string) (all synergy.Around) {
	w.Helper()
	w.read(func(tx *db.Tx) error {
		p, err := w.Synergy.Find(ctx, tx, w.focal(slug), id)
		if err == nil {
			all, err = w.Synergy.Around(ctx, tx, w.focal(slug), p)
		}
		return err
	})
	return all
}

// titles are those of what overlaps, with what its lead does not see marked.
func titles(all synergy.Around) string {
	var s []string
	for _, n := range all.Overlaps {
		if n.Unseen {
			n.Title += " (unseen)"
		}
		s = append(s, n.Title)
	}
	return strings.Join(s, ", ")
}

// An overlap with what one may not see is told to its owner alone, and changes nothing for the other.
func TestHiddenOverlap(t *testing.T) {
	eachWorld(t, func(w world) {
		open := w.plan("cnad", "Ouverte", "structure:"+w.ids["purs"])
		if got := titles(w.around("cnad", open)); got != "" {
			w.Fatalf("something overlaps already: %s", got)
		}
		before := w.around("cnad", open)
		hidden := w.plan("purs", "Fermée")
		if after := w.around("cnad", open); len(after.Overlaps) != 0 || len(after.Complements) != len(before.Complements) {
			w.Errorf("what CNAD may not see is told to it: %+v", after)
		}
		if got := titles(w.around("purs", hidden)); got != "Ouverte (unseen)" {
			w.Errorf("the owner of what is hidden is told %q", got)
		}
		w.read(func(tx *db.Tx) error {
			for slug, want := range map[string]bool{"purs": true, "cnad": false} {
				tasks, err := w.Synergy.Tasks(ctx, tx, w.focal(slug))
				if err != nil {
					return err
				}
				told := false
				for _, task := range tasks {
					told = told || strings.Contains(task.Title, "Fermée")
				}
				if told != want {
					w.Errorf("%s has it among what it has to do: %v", slug, told)
				}
			}
			return nil
		})
		if _, err := w.Synergy.Answer(ctx, w.focal("cnad"), open, hidden, 0, synergy.Reply{Verdict: synergy.Dismissed, Reason: synergy.Unrelated}); fault.KindOf(err) != fault.NotFound {
			w.Errorf("a pair with what is hidden is answered: %v", err)
		}
	})
}

// To ask the other to organise makes it a partner; to warn writes on its activity; to set
// aside raises one's own threshold alone. Each is in the journal once, under the version read.
func TestAnswers(t *testing.T) {
	eachWorld(t, func(w world) {
		cnad, purs := w.focal("cnad"), w.focal("purs")
		one := w.plan("cnad", "Une", "structure:"+w.ids["purs"])
		two := w.plan("purs", "Deux", "structure:"+w.ids["cnad"])
		reply := func(v access.Viewer, expect int64, r synergy.Reply) (synergy.Answer, error) {
			return w.Synergy.Answer(ctx, v, one, two, expect, r)
		}
		for what, c := range map[string]struct {
			v      access.Viewer
			expect int64
			reply  synergy.Reply
			want   fault.Kind
		}{
			"no verdict":           {cnad, 0, synergy.Reply{}, fault.BadInput},
			"no reason":            {cnad, 0, synergy.Reply{Verdict: synergy.Dismissed}, fault.BadInput},
			"no message":           {cnad, 0, synergy.Reply{Verdict: synergy.Warned}, fault.BadInput},
			"a version not made":   {cnad, 3, synergy.Reply{Verdict: synergy.Dismissed, Reason: synergy.Vague}, fault.Conflict},
			"of another's":         {w.focal("cndh"), 0, synergy.Reply{Verdict: synergy.Dismissed, Reason: synergy.Vague}, fault.NotFound},
			"a note without bound": {cnad, 0, synergy.Reply{Verdict: synergy.Warned, Note: strings.Repeat("a", 2001)}, fault.BadInput},
		} {
			if _, err := reply(c.v, c.expect, c.reply); fault.KindOf(err) != c.want {
				w.Errorf("%s: %v", what, err)
			}
		}
		var wrong *fault.Fault
		if _, err := reply(purs, 0, synergy.Reply{Verdict: synergy.Warned, Note: "Voyez @FBI."}); !errors.As(err, &wrong) || wrong.Fields[0].Name != "note" {
			w.Errorf("a mention of nobody is not told beside the message: %v", err)
		}
		a, err := reply(purs, 0, synergy.Reply{Verdict: synergy.Warned, Note: "Nos véhicules y seront."})
		w.must(err)
		days := int64(4)
		if _, err := w.Synergy.Value(ctx, cnad, one, two, 0, synergy.Gain{Days: &days}); fault.KindOf(err) != fault.Conflict {
			w.Errorf("a gain without an answer: %v", err)
		}
		v, err := w.Synergy.Value(ctx, purs, two, one, a.Version, synergy.Gain{Days: &days})
		w.must(err)
		if v.Version != 2 || *v.Days != 4 || v.Verdict != synergy.Warned {
			w.Errorf("the gain is not kept: %+v", v)
		}
		_, err = reply(cnad, 0, synergy.Reply{Verdict: synergy.Joined})
		w.must(err)
		w.read(func(tx *db.Tx) error {
			p, err := w.Synergy.Find(ctx, tx, cnad, one)
			if err == nil && strings.Join(p.Partners, " ") != w.ids["purs"] {
				w.Errorf("who was asked is no partner: %v", p.Partners)
			}
			return err
		})
		if got := titles(w.around("cnad", one)); got != "" {
			w.Errorf("what is done together still overlaps: %s", got)
		}
		w.sound()
	})
}

// What an institution finds unfounded raises its own threshold, step by step, and nobody else's.
func TestLesson(t *testing.T) {
	eachWorld(t, func(w world) {
		cnad := w.focal("cnad")
		one := w.plan("cnad", "Une", "structure:"+w.ids["purs"])
		for i, title := range []string{"Deux", "Trois"} {
			two := w.plan("purs", title, "structure:"+w.ids["cnad"])
			_, err := w.Synergy.Answer(ctx, cnad, one, two, 0, synergy.Reply{Verdict: synergy.Dismissed, Reason: synergy.Unrelated})
			w.must(err)
			for slug, want := range map[string]int{"cnad": i + 1, "purs": 0} {
				w.read(func(tx *db.Tx) error {
					got, err := w.Synergy.Lesson(ctx, tx, w.focal(slug))
					if got != want*pack.Synergy.Learn.Step {
						w.Errorf("the threshold of %s is raised by %d", slug, got)
					}
					return err
				})
			}
		}
		w.sound()
	})
}

// sound checks that the answers agree with the journal.
func (w world) sound() {
	w.Helper()
	w.read(func(tx *db.Tx) error {
		found, err := synergy.Verify(ctx, tx)
		for _, f := range found {
			w.Error(f.Sentence.In("fr"))
		}
		return err
	})
}

// A free slot is of days to come, also when it is looked for from a day that has gone by.
func TestNoSlotOfThePast(t *testing.T) {
	w := open(t, db.SQLite)
	today := form.DateOf(w.Clock.Now())
	w.read(func(tx *db.Tx) error {
		for to, found := range map[form.Date]bool{{Year: today.Year, Month: today.Month - 1, Day: 20}: false, {Year: today.Year, Month: today.Month + 1, Day: 20}: true} {
			slots, err := w.Synergy.Slots(ctx, tx, w.focal("cnad"), synergy.Wanted{Structures: []string{w.ids["purs"]}, Days: 1, From: form.Date{Year: today.Year - 1, Month: today.Month, Day: 1}, To: to})
			if err != nil || len(slots) > 0 != found || found && slots[0].From.Compare(today) < 0 {
				w.Errorf("to %v: %v %v", to, slots, err)
			}
		}
		return nil
	})
}

// What one may not see adds nothing: to no gap, tie, overlap, clash, slot or figure.
func TestNothingHiddenCounts(t *testing.T) {
	eachWorld(t, func(w world) {
		w.plan("cnad", "Ouverte", "structure:"+w.ids["purs"])
		seen := func(slug string) string {
			v := w.focal(slug)
			var all []any
			w.read(func(tx *db.Tx) error {
				patches, err := w.Synergy.Patches(ctx, tx, v, synergy.Stretch{From: on(365 + 120), To: on(365 + 150)})
				w.must(err)
				net, err := w.Synergy.Net(ctx, tx, v, 2027, "")
				w.must(err)
				steering, err := w.Synergy.Steering(ctx, tx, v)
				w.must(err)
				slots, err := w.Synergy.Slots(ctx, tx, v, synergy.Wanted{Structures: []string{w.ids["purs"]}, Days: 2, From: on(365 + 136), To: on(365 + 150)})
				w.must(err)
				for i := range patches { // what is planned, not by whom
					patches[i].Mandates = nil
				}
				all = []any{patches, net, steering, slots}
				return nil
			})
			said, err := json.Marshal(all)
			w.must(err)
			return string(said)
		}
		before, owner := seen("cnad"), seen("purs")
		w.plan("purs", "Fermée")
		if after := seen("cnad"); after != before {
			w.Errorf("what CNAD may not see counts:\n%s\n%s", before, after)
		}
		if after := seen("purs"); after == owner {
			w.Error("what PURS plans counts nowhere, even for itself")
		}
	})
}

// An overlap of two activities in which one takes part is told once, not from either side.
func TestComing(t *testing.T) {
	eachWorld(t, func(w world) {
		both := 0
		for _, v := range w.viewers {
			told := map[synergy.Couple]bool{}
			w.read(func(tx *db.Tx) error {
				all, err := w.Synergy.Coming(ctx, tx, v)
				for _, x := range all {
					for _, n := range x.Overlaps {
						if told[synergy.Couple{n.ID, x.ID}] {
							w.Errorf("%s reads twice that « %s » and « %s » overlap", v.Name, x.Title, n.Title)
						}
						told[synergy.Couple{x.ID, n.ID}] = true
						if slices.ContainsFunc(all, func(y synergy.Ours) bool { return y.ID == n.ID }) {
							both++
						}
					}
				}
				return err
			})
		}
		if both == 0 {
			w.Error("nobody takes part in two activities that overlap")
		}
	})
}

// An overlap that is answered is no task any more, and the secretariat's figures say what became of it.
func TestSteering(t *testing.T) {
	eachWorld(t, func(w world) {
		purs := w.focal("purs")
		one, two := w.plan("cnad", "Une", "structure:"+w.ids["purs"], "structure:"+w.ids["cnlpal"]), w.plan("purs", "Deux", "structure:"+w.ids["cnad"], "structure:"+w.ids["cnlpal"])
		state := func() (tasks int, s synergy.Steering) {
			w.read(func(tx *db.Tx) error {
				all, err := w.Synergy.Tasks(ctx, tx, purs)
				w.must(err)
				for _, task := range all {
					if strings.Contains(task.Title, "Deux") {
						tasks++
					}
				}
				s, err = w.Synergy.Steering(ctx, tx, w.focal("cnlpal"))
				return err
			})
			return tasks, s
		}
		tasks, before := state()
		if tasks != 1 || before.Told != 0 {
			w.Errorf("before: %d tasks, %d told", tasks, before.Told)
		}
		if before.Timed != 2 || before.Median < 8*24*time.Hour || before.Median > 18*24*time.Hour { // offices are closed at weekends
			w.Errorf("from the first notice to the agreement: %v, %d", before.Median, before.Timed)
		}
		a, err := w.Synergy.Answer(ctx, purs, two, one, 0, synergy.Reply{Verdict: synergy.Warned, Note: "Nous y serons."})
		w.must(err)
		days, money := int64(3), int64(250_000)
		_, err = w.Synergy.Value(ctx, purs, two, one, a.Version, synergy.Gain{Days: &days, Money: &money})
		w.must(err)
		if tasks, s := state(); tasks != 0 || s.Told != 1 || s.Days != before.Days+3 || s.Money != before.Money+250_000 || s.Declared != before.Declared+1 {
			w.Errorf("after: %d tasks, %d told, %d declared", tasks, s.Told, s.Declared)
		}
	})
}
