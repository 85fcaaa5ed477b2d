package directory_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"cadre/app"
	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/directory"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/page"
	"cadre/kit/test"
)

// world is the demonstration on one engine, with viewers by address.
type world struct {
	*app.App
	t       testing.TB
	viewers map[string]access.Viewer
}

func eachWorld(t *testing.T, fn func(*testing.T, world)) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) { fn(t, founded(t, engine)) })
	}
}

// founded is a new world on an engine.
func founded(t testing.TB, engine db.Engine) world {
	t.Helper()
	a, err := app.Open(context.Background(), app.Options{Demo: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Config:  app.Config{Data: filepath.Join(t.TempDir(), "data"), DatabaseFlag: app.DatabaseFlag{Database: test.Address(t, engine)}},
		Serving: app.Serving{MailFrom: "Cadre <cadre@cadre.example>"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if err := a.Found(context.Background()); err != nil {
		t.Fatal(err)
	}
	return world{a, t, viewers(t, a)}
}

func viewers(t testing.TB, a *app.App) map[string]access.Viewer {
	people, err := a.Personas(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]access.Viewer{"": access.Nobody}
	for _, p := range people {
		all[p.Email] = access.Viewer{Person: p.ID, Name: p.Name, Structure: p.Structure, Functions: p.Functions(a.Clock.Now()), Clearance: p.Clearance}
	}
	return all
}

func (w world) as(address string) access.Viewer {
	v, ok := w.viewers[address]
	if !ok {
		w.t.Fatalf("nobody has the address %s", address)
	}
	return v
}

func (w world) sheet(as, slug string) directory.Sheet {
	w.t.Helper()
	s, err := w.Directory.Find(context.Background(), w.as(as), slug)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func capacity(title string, to circle.Choice) directory.Input {
	return directory.Input{Title: title, Place: "TG", Choice: to, Fact: &directory.Capacity{Kind: "trainers", Quantity: 2}}
}

func TestTheNineInstitutionsOfTheFoundingWorkshop(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		found, err := w.Directory.List(context.Background(), access.Nobody, directory.Filter{}, page.Request{Limit: 50})
		if err != nil || found.Total != 9 || len(found.Rows) != 9 {
			t.Fatalf("%d structures, %v", found.Total, err)
		}
		drugs, err := w.Directory.List(context.Background(), access.Nobody, directory.Filter{Theme: "DRG"}, page.Request{Limit: 50})
		if err != nil || drugs.Total == 0 || drugs.Total == 9 {
			t.Errorf("on drugs: %d, %v", drugs.Total, err)
		}
		if s := w.sheet("", "cndh"); !s.Independent || s.Tutelle != "" {
			t.Errorf("CNDH stands under %q", s.Tutelle)
		}
	})
}

func TestAnAcronymIsOfOneInstitution(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx, secretariat := context.Background(), w.as("secretariat@cnlpal.example")
		other := directory.Admission{Slug: "otr", Name: "Office togolais des recettes", Identity: directory.Identity{Acronym: "Cnad", Nature: "authority"}}
		if _, err := w.Directory.Admit(ctx, secretariat, other); fault.KindOf(err) != fault.BadInput {
			t.Errorf("two institutions are called CNAD: %v", err)
		}
		other.Acronym = "OTR"
		if _, err := w.Directory.Admit(ctx, secretariat, other); err != nil {
			t.Error(err)
		}
		s := w.sheet("chef@cnad.example", "cnad")
		if err := w.Directory.Amend(ctx, w.as("chef@cnad.example"), "cnad", s.Version, directory.Identity{Acronym: "OTR", Nature: s.Nature}); fault.KindOf(err) != fault.BadInput {
			t.Errorf("an institution takes the acronym of another: %v", err)
		}
	})
}

func TestKeepersKeepTheirOwnSheetOnly(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		for address, want := range map[string]fault.Kind{
			"focal@cnad.example": fault.Internal, "chef@cnad.example": fault.Internal, "adjoint@cnad.example": fault.Internal, // no fault
			"focal@cndh.example": fault.Forbidden, "secretariat@cnlpal.example": fault.Forbidden, "admin@cadre.example": fault.Forbidden, "": fault.Forbidden,
		} {
			err := w.Directory.Confirm(ctx, w.as(address), "cnad")
			if (err == nil) != (want == fault.Internal) || err != nil && fault.KindOf(err) != want {
				t.Errorf("%s confirms the sheet of CNAD: %v", address, err)
			}
		}
	})
}

func TestAFactIsSeenByItsCircleOnly(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		cnad := w.as("focal@cnad.example")
		in := capacity("Formateurs pour la douane", circle.Choice{Marking: "amber", Audience: []string{"structure:aniac"}})
		in.Fact = &directory.Capacity{Kind: "trainers"}
		r, err := w.addCapacity(cnad, in)
		if err != nil {
			t.Fatal(err)
		}
		for address, want := range map[string]bool{"focal@cnad.example": true, "focal@aniac.example": true, "focal@anpc.example": false, "": false, "admin@cadre.example": false, "secretariat@cnlpal.example": false} {
			_, err := w.Directory.FindFact(ctx, w.as(address), r)
			if (err == nil) != want {
				t.Errorf("%q sees it: %v", address, err)
			}
		}
	})
}

func (w world) addCapacity(v access.Viewer, in directory.Input) (string, error) {
	r, err := w.Directory.AddByPath(context.Background(), v, v.Structure, "moyens", in)
	return r.ID, err
}

func TestTwoEditors(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		focal, head := w.as("focal@cnad.example"), w.as("chef@cnad.example")
		id, err := w.addCapacity(focal, capacity("Tentes", circle.Choice{Marking: "green", Audience: []string{"members"}}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Directory.AmendFact(ctx, focal, id, 1, capacity("Tentes et lits", circle.Choice{Marking: "green"})); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Directory.AmendFact(ctx, head, id, 1, capacity("Vingt tentes", circle.Choice{Marking: "green"})); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the second editor: %v", err)
		}
		f, err := w.Directory.FindFact(ctx, head, id)
		if err != nil || f.Title != "Tentes et lits" || f.Version != 2 {
			t.Errorf("saved: %q version %d, %v", f.Title, f.Version, err)
		}
	})
}

func TestWithdrawnAndRestored(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		focal := w.as("focal@cnad.example")
		id, err := w.addCapacity(focal, capacity("Projecteur", circle.Choice{Marking: "clear", Audience: []string{"public"}}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Directory.Turn(ctx, focal, id, "withdrawn", 1); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Directory.Turn(ctx, focal, id, "withdrawn", 2); fault.KindOf(err) != fault.Conflict {
			t.Errorf("withdrawn twice: %v", err)
		}
		for _, f := range w.sheet("", "cnad").Facts["capacity"] {
			if f.ID == id {
				t.Error("a withdrawn fact stands on the sheet")
			}
		}
		if _, err := w.Directory.Turn(ctx, focal, id, "restored", 2); err != nil {
			t.Error(err)
		}
	})
}

func TestRefusedFacts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		focal := w.as("focal@cnad.example")
		open := circle.Choice{Marking: "clear", Audience: []string{"public"}}
		long := strings.Repeat("é", 301)
		for name, in := range map[string]directory.Input{
			"title":    {Place: "TG", Choice: open, Fact: &directory.Capacity{Kind: "trainers"}},
			"place":    {Title: "X", Place: "FR-75", Choice: open, Fact: &directory.Capacity{Kind: "trainers"}},
			"kind":     {Title: "X", Choice: open, Fact: &directory.Capacity{Kind: "dragons"}},
			"quantity": {Title: "X", Choice: open, Fact: &directory.Capacity{Kind: "trainers", Quantity: -1}},
			"marking":  {Title: "X", Choice: circle.Choice{Marking: "secret"}, Fact: &directory.Capacity{Kind: "trainers"}},
			"audience": {Title: "X", Choice: circle.Choice{Marking: "amber", Audience: []string{"public"}}, Fact: &directory.Capacity{Kind: "trainers"}},
			"people":   {Title: "X", Choice: circle.Choice{Marking: "red", People: "personne@ailleurs.example"}, Fact: &directory.Capacity{Kind: "trainers"}},
			"source":   {Title: "X", Choice: open, Fact: &directory.Capacity{Kind: "trainers", Origin: directory.Origin{Source: long}}},
			"locality": {Title: "X", Place: "TG-S", Locality: "Lomé", Choice: open, Fact: &directory.Capacity{Kind: "trainers"}},
		} {
			_, err := w.addCapacity(focal, in)
			if got := fields(err); !strings.Contains(got, name) {
				t.Errorf("%s: refused on %q (%v)", name, got, err)
			}
		}
	})
}

func fields(err error) string {
	values := url.Values{}
	if f, ok := err.(*fault.Fault); ok {
		for _, x := range f.Fields {
			values.Set(x.Name, x.Sentence.Key)
		}
	}
	return values.Encode()
}

func TestLocalityIsFoundByName(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		in := capacity("Abris", circle.Choice{Marking: "clear", Audience: []string{"public"}})
		in.Place, in.Locality = "TG-K-KOZAH", "kozah 1"
		id, err := w.addCapacity(w.as("focal@cnad.example"), in)
		if err != nil {
			t.Fatal(err)
		}
		f, err := w.Directory.FindFact(context.Background(), access.Nobody, id)
		if err != nil || len(f.Record.Places) != 1 || f.Record.Places[0] != "TG-K-KOZAH-1" {
			t.Errorf("placed at %v, %v", f.Record.Places, err)
		}
	})
}

func TestWhatWaitsOnTheDesk(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		tasks := func(address string) (n int) {
			err := w.DB.Read(ctx, func(tx *db.Tx) error {
				all, err := w.Directory.Tasks(ctx, tx, w.as(address))
				n = len(all)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := tasks("focal@cnad.example")
		if err := w.Directory.Confirm(ctx, w.as("focal@cnad.example"), "cnad"); err != nil {
			t.Fatal(err)
		}
		if after := tasks("focal@cnad.example"); after != before-1 {
			t.Errorf("%d tasks, then %d once the sheet is confirmed", before, after)
		}
		if tasks("decideur@gouv.example") != 0 {
			t.Error("a reader is asked to keep a sheet up")
		}
	})
}

func TestVerifyNamesAStructureIndexedOtherwiseThanItsSheetSays(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		verify := func(alter string, args ...any) (found []journal.Finding) {
			undone(t, w, alter, func(tx *db.Tx) (err error) {
				found, err = w.Directory.Verify(ctx, tx)
				return err
			}, args...)
			return found
		}
		cnad := w.sheet("", "cnad").ID
		if found := verify(`UPDATE directory_structure SET slug = slug`); len(found) != 0 {
			t.Errorf("nothing altered: %+v", found)
		}
		for name, alter := range map[string]string{"slug": `UPDATE directory_structure SET slug = 'autre' WHERE id = $1`, "names": `UPDATE directory_structure SET names = '[]' WHERE id = $1`,
			"taken away": `DELETE FROM directory_structure WHERE id = $1`} {
			if found := verify(alter, cnad); len(found) != 1 || found[0].Subject != cnad {
				t.Errorf("%s: %+v", name, found)
			}
		}
	})
}

// undone alters the database, looks at it, and leaves it as it was.
func undone(t *testing.T, w world, alter string, look func(*db.Tx) error, args ...any) {
	t.Helper()
	undo := errors.New("undo")
	err := w.DB.Write(context.Background(), func(tx *db.Tx) error {
		if _, err := tx.Exec(context.Background(), alter, args...); err != nil {
			return err
		}
		return errors.Join(look(tx), undo)
	})
	if !errors.Is(err, undo) || err.Error() != undo.Error() {
		t.Fatal(err)
	}
}
