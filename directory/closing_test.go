package directory_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/core/search"
	"cadre/directory"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/page"
	"cadre/kit/text"
)

func TestLifeOfASheet(t *testing.T) {
	if err := directory.SheetLife.Check(); err != nil {
		t.Error(err)
	}
}

// merged is a world in which the CNAD is merged into the ANPC.
func merged(t *testing.T, w world) (closed, heir directory.Sheet) {
	t.Helper()
	closed, heir = w.sheet("", "cnad"), w.sheet("", "anpc")
	err := w.Directory.Close(context.Background(), w.as("secretariat@cnlpal.example"), "cnad", closed.Version,
		directory.Closing{On: "2026-01", Text: "Décret d’essai", Successor: "anpc"})
	if err != nil {
		t.Fatal(err)
	}
	return w.sheet("", "cnad"), heir
}

// again is a person with the rights of today.
func (w world) again(address string) access.Viewer {
	w.t.Helper()
	v := w.as(address)
	err := w.DB.Read(context.Background(), func(tx *db.Tx) (err error) {
		v.Heritage, err = w.Directory.Heritage(context.Background(), tx, v.Structure)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w world) proven() {
	w.t.Helper()
	err := w.DB.Read(context.Background(), func(tx *db.Tx) error {
		for _, verify := range []func(context.Context, *db.Tx) ([]journal.Finding, error){w.Directory.Verify, w.People.Verify} {
			found, err := verify(context.Background(), tx)
			if err != nil || len(found) > 0 {
				w.t.Errorf("%v, %v", found, err)
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestWhoMayDissolveAndHow(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		version := w.sheet("", "cnad").Version
		for address, want := range map[string]fault.Kind{"chef@cnad.example": fault.Forbidden, "admin@cadre.example": fault.Forbidden, "": fault.Forbidden} {
			if err := w.Directory.Close(ctx, w.as(address), "cnad", version, directory.Closing{On: "2026", Text: "Décret"}); fault.KindOf(err) != want {
				t.Errorf("%q dissolves the CNAD: %v", address, err)
			}
		}
		secretariat := w.as("secretariat@cnlpal.example")
		for field, c := range map[string]directory.Closing{
			"on": {Text: "Décret"}, "text": {On: "2026"}, "on ": {On: "2030-01-01", Text: "Décret"}, "on  ": {On: "demain", Text: "Décret"},
			"successor": {On: "2026", Text: "Décret", Successor: "cnad"}, "successor ": {On: "2026", Text: "Décret", Successor: "rien"},
		} {
			if err := w.Directory.Close(ctx, secretariat, "cnad", version, c); !strings.HasPrefix(fields(err), strings.TrimSpace(field)+"=") {
				t.Errorf("%+v: %v", c, err)
			}
		}
		// Who holds a function of the framework there passes it on first.
		if err := w.Directory.Close(ctx, secretariat, "cnlpal", w.sheet("", "cnlpal").Version, directory.Closing{On: "2026", Text: "Décret"}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the secretariat's own institution: %v", err)
		}
		if err := w.Directory.Close(ctx, secretariat, "cnad", version+1, directory.Closing{On: "2026", Text: "Décret"}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("on a version that is not the last: %v", err)
		}
		w.proven()
	})
}

func TestADissolvedStructureIsReadAndOfferedNoMore(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		before := w.sheet("", "cnad")
		closed, heir := merged(t, w)
		if !strings.HasSuffix(closed.Title, "(dissoute)") || closed.State != directory.Dissolved || closed.Successor == nil || closed.Successor.ID != heir.ID {
			t.Errorf("the sheet says %q, %s, %+v", closed.Title, closed.State, closed.Successor)
		}
		if before.Counts["mission"] == 0 || closed.Counts["mission"] != before.Counts["mission"] || len(closed.Focal) > 0 {
			t.Errorf("what it did: %v, then %v; focal points %v", before.Counts, closed.Counts, closed.Focal)
		}
		all, err := w.Directory.List(ctx, access.Nobody, directory.Filter{}, page.Request{Limit: page.Max})
		left, err2 := w.Directory.List(ctx, access.Nobody, directory.Filter{Closed: true}, page.Request{Limit: page.Max})
		if err != nil || err2 != nil || slices.ContainsFunc(all.Rows, func(l directory.Line) bool { return l.Slug == "cnad" }) || len(left.Rows) != 1 {
			t.Errorf("listed among %d, and %d apart: %v %v", len(all.Rows), len(left.Rows), err, err2)
		}
		matrix, err := w.Directory.Structures(ctx, access.Nobody, directory.Cut{})
		if err != nil || slices.ContainsFunc(matrix.Rows, func(r directory.MatrixRow) bool { return r.Code == closed.ID }) {
			t.Errorf("it stands in the matrix, %v", err)
		}
		err = w.DB.Read(ctx, func(tx *db.Tx) error {
			found, err := search.Find(ctx, tx, access.Nobody, "cnad dissoute", search.Filter{}, w.Clock.Now())
			if len(found.Hits) != 1 || found.Hits[0].ID != closed.ID {
				t.Errorf("found: %v", found.Hits)
			}
			institutions, err2 := w.Directory.Institutions(ctx, tx)
			for _, s := range institutions {
				if s.ID == closed.ID && (!s.Closed || s.Heir != heir.ID || s.Called(ctx) != "CNAD (dissoute)" || s.Called(text.With(ctx, text.English)) != "CNAD (dissolved)") {
					t.Errorf("named %+v", s)
				}
			}
			if slices.ContainsFunc(account.Living(institutions), func(s account.Structure) bool { return s.ID == closed.ID }) {
				t.Error("it is offered")
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Fatal(err)
		}
		w.proven()
	})
}

// What a dissolved structure made known is on its sheet, and in no list, file or feed of all.
func TestNoListHoldsTheFactsOfADissolvedStructure(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		_, err := w.addCapacity(w.as("focal@cnad.example"), capacity("Laboratoire du CNAD", publicly))
		w.done(err)
		everywhere := []string{"/api/v1/capacities?limit=200", "/annuaire/changements.atom", "/annuaire/faits?type=capacity&format=csv", "/annuaire/moyens?format=json"}
		says := func(path string) bool { return strings.Contains(w.get("", path).Body.String(), "Laboratoire du CNAD") }
		for _, path := range everywhere {
			if !says(path) {
				t.Errorf("%s holds it not, while the CNAD is in the framework", path)
			}
		}
		closed, _ := merged(t, w)
		for _, path := range everywhere {
			if says(path) {
				t.Errorf("%s holds what a dissolved structure made known", path)
			}
		}
		for _, path := range []string{"/structures/cnad", "/structures/cnad/moyens?format=csv", "/api/v1/structures/cnad", "/api/v1/capacities?structure=" + closed.ID} {
			if !says(path) {
				t.Errorf("%s: its own sheet holds it no more", path)
			}
		}
	})
}

func TestTheSuccessorReadsAndTakesOver(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		own := capacity("Archives du CNAD", circle.Choice{Marking: "amber"})
		id, err := w.addCapacity(w.as("focal@cnad.example"), own)
		if err != nil {
			t.Fatal(err)
		}
		closed, heir := merged(t, w)
		successor := w.again("focal@anpc.example")
		for name, c := range map[string]struct {
			by   access.Viewer
			sees bool
		}{"the successor": {successor, true}, "another": {w.again("focal@cndh.example"), false}, "the public": {access.Nobody, false}} {
			if _, err := w.Directory.FindFact(ctx, c.by, id); (err == nil) != c.sees {
				t.Errorf("%s reads what the CNAD alone read: %v", name, err)
			}
		}
		if _, err := w.Directory.AmendFact(ctx, successor, id, 1, own); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a fact of a closed structure changes: %v", err)
		}
		if err := w.Directory.Confirm(ctx, successor, "cnad"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("its sheet is confirmed: %v", err)
		}
		if _, err := w.Directory.TakeOver(ctx, w.as("focal@cndh.example"), "cnad"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("another takes over: %v", err)
		}
		n, err := w.Directory.TakeOver(ctx, successor, "cnad")
		if err != nil || n == 0 {
			t.Fatalf("%d taken over, %v", n, err)
		}
		f, err := w.Directory.FindFact(ctx, successor, id)
		if err != nil || f.Owner != heir.ID || f.Audience.Has(access.Structure(closed.ID)) {
			t.Errorf("now of %s, read by %v: %v", f.Owner, f.Audience, err)
		}
		if _, err := w.Directory.AmendFact(ctx, successor, id, f.Version, own); err != nil {
			t.Errorf("the successor's own fact: %v", err)
		}
		w.proven()
	})
}

func TestThePeopleOfAMergedStructure(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		person := w.as("focal@cnad.example").Person
		_, heir := merged(t, w)
		profile, err := w.People.Show(ctx, w.as("secretariat@cnlpal.example"), person)
		if err != nil || len(profile.Functions(w.Clock.Now())) > 0 || profile.State != account.Active {
			t.Fatalf("still %v, %s, %v", profile.Functions(w.Clock.Now()), profile.State, err)
		}
		if err := w.People.Give(ctx, w.as("secretariat@cnlpal.example"), person, account.Gift{Function: access.Focal}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a function in a closed structure: %v", err)
		}
		invite := func(address string) (account.Person, error) {
			return w.People.Invite(ctx, w.as(address), account.Invitation{Name: "Point focal", Email: "focal@cnad.example", Functions: []access.Function{access.Member},
				Clearance: "green", Language: "fr", Mandate: account.MustRefer})
		}
		if _, err := invite("focal@cndh.example"); !strings.HasPrefix(fields(err), "email=") {
			t.Errorf("invited by another than the successor: %v", err)
		}
		moved, err := invite("focal@anpc.example")
		if err != nil || moved.ID != person || moved.Structure != heir.ID || !slices.Contains(moved.Functions(w.Clock.Now()), access.Member) {
			t.Errorf("moved: %+v, %v", moved, err)
		}
		w.proven()
	})
}

func TestAMistakenDissolutionIsTakenBack(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		before, err := w.Directory.Structures(ctx, access.Nobody, directory.Cut{})
		if err != nil {
			t.Fatal(err)
		}
		closed, _ := merged(t, w)
		secretariat := w.as("secretariat@cnlpal.example")
		if err := w.Directory.Reopen(ctx, w.as("chef@cnad.example"), "cnad", closed.Version); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("its head takes it back: %v", err)
		}
		if err := w.Directory.Reopen(ctx, secretariat, "cnad", closed.Version); err != nil {
			t.Fatal(err)
		}
		after, err := w.Directory.Structures(ctx, access.Nobody, directory.Cut{})
		if err != nil || len(after.Rows) != len(before.Rows) || w.sheet("", "cnad").State != directory.InForce {
			t.Errorf("%d institutions in the matrix, then %d: %v", len(before.Rows), len(after.Rows), err)
		}
		if err := w.People.Give(ctx, secretariat, w.as("focal@cnad.example").Person, account.Gift{Function: access.Focal}); err != nil {
			t.Errorf("a function back: %v", err)
		}
		w.proven()
	})
}
