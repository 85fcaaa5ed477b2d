package directory_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/intake"
	"cadre/directory"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/page"
	"cadre/kit/sheet"
)

var open = circle.Choice{Marking: "clear", Audience: []string{"public"}}

// bring imports a table of a kind of fact, in one step.
func (w world) bring(v access.Viewer, path, table string, preview bool) (intake.Plan, error) {
	return w.Directory.Import(context.Background(), v, "cnad", path, []byte(table), open, preview)
}

func tally(p intake.Plan) string {
	return fmt.Sprintf("%d new, %d changed, %d same, %d wrong", p.Count(intake.New), p.Count(intake.Changed), p.Count(intake.Same), len(p.Wrong))
}

const missions = "INTITULÉS;Rôles;Thématique;Lieux;Description\n" +
	"Former les douaniers de la Kozah;chef de file;ARM;Kozah;deux sessions\n" +
	"Sensibiliser les transporteurs;appui;ARM;préfecture de Tône;\n"

func TestMissionsAreImportedOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		v, table := w.as("focal@cnad.example"), strings.NewReplacer("chef de file", w.role("leads"), "appui", w.role("supports")).Replace(missions)
		steps := []struct{ table, want string }{
			{table, "2 new, 0 changed, 0 same, 0 wrong"},
			{table, "0 new, 0 changed, 2 same, 0 wrong"},
			{strings.Replace(table, "deux sessions", "trois sessions", 1), "0 new, 1 changed, 1 same, 0 wrong"},
			{strings.Replace(table, "Former les douaniers", "Former tous les douaniers", 1), "0 new, 1 changed, 1 same, 0 wrong"},
		}
		for i, s := range steps {
			p, err := w.bring(v, "missions", s.table, true)
			if err != nil || tally(p) != s.want {
				t.Fatalf("step %d, preview: %s, %v, %v", i, tally(p), p.Wrong, err)
			}
			if _, err := w.bring(v, "missions", s.table, false); (err == nil) == (p.Count(intake.Same) == 2) {
				t.Fatalf("step %d: %v", i, err)
			}
		}
		if _, err := w.bring(w.as("focal@cndh.example"), "missions", table, true); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("another institution imports: %v", err)
		}
		found, err := w.Verify(context.Background(), "")
		if err != nil || len(found.Findings) > 0 {
			t.Errorf("%v %v", found.Findings, err)
		}
	})
}

// role is the label of a role of the country pack.
func (w world) role(code string) string {
	for _, t := range w.Pack.Settings.Roles {
		if t.Code == code {
			return t.Label
		}
	}
	w.t.Fatal("no role " + code)
	return ""
}

func TestNothingOfAWrongTableIsImported(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		v := w.as("focal@cnad.example")
		before := w.sheet("focal@cnad.example", "cnad").Counts["mission"]
		table := "titre;role;theme;lieu\nBonne;leads;ARM;TG\n;leads;ARM;TG\nSans rôle;roi;ARM;TG\nAilleurs;leads;ARM;Paris\nBonne;leads;ARM;Togo\n"
		p, err := w.bring(v, "missions", table, true)
		if err != nil || tally(p) != "1 new, 0 changed, 0 same, 4 wrong" {
			t.Errorf("%s %v %v", tally(p), p.Wrong, err)
		}
		if _, err = w.bring(v, "missions", table, false); named(err) != "rows.3.title rows.4.role rows.5.place rows.6" {
			t.Errorf("%v", named(err))
		}
		if _, err = w.bring(v, "missions", "titre;lieu\na;b\n", true); fault.KindOf(err) != fault.BadInput {
			t.Errorf("without its columns: %v", err)
		}
		var long strings.Builder
		long.WriteString("titre;role;theme;lieu\n")
		for i := range 10_000 {
			fmt.Fprintf(&long, "x%d;roi;nulle part;Paris\n", i)
		}
		if _, err = w.bring(v, "missions", long.String(), true); fault.KindOf(err) != fault.TooLarge {
			t.Errorf("10,000 wrong rows: %v", err)
		}
		if now := w.sheet("focal@cnad.example", "cnad").Counts["mission"]; now != before {
			t.Errorf("%d missions, then %d", before, now)
		}
	})
}

// named lists the names of the fields that a fault is about.
func named(err error) string {
	var f *fault.Fault
	var all []string
	if errors.As(err, &f) {
		for _, field := range f.Fields {
			all = append(all, field.Name)
		}
	}
	return strings.Join(all, " ")
}

func TestAThousandRowsInOneAct(t *testing.T) {
	const rows = 1000
	eachWorld(t, func(t *testing.T, w world) {
		var table strings.Builder
		table.WriteString("titre;nature;quantité;lieu\n")
		for i := range rows {
			fmt.Fprintf(&table, "Lot %d;%s;%d 000;Kozah\n", i, w.Pack.CapacityKinds[0].Label, i%90+1)
		}
		start := time.Now()
		p, err := w.bring(w.as("focal@cnad.example"), "moyens", table.String(), true)
		if err != nil || p.Count(intake.New) != rows {
			t.Fatalf("%s %v", tally(p), err)
		}
		planned := time.Since(start)
		if _, err = w.bring(w.as("focal@cnad.example"), "moyens", table.String(), false); err != nil {
			t.Fatal(err)
		}
		t.Logf("preview of %d rows in %v, import in %v", rows, planned, time.Since(start)-planned)
		found, err := w.Directory.List(context.Background(), access.Nobody, directory.Filter{}, page.Request{Limit: 1})
		if err != nil || found.Total == 0 {
			t.Error(found.Total, err)
		}
	})
}

// BenchmarkImport imports as many missions as one file holds, then a file that changes all
// of them: so long do other writers wait.
func BenchmarkImport(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		for _, detail := range []string{"new", "changed"} {
			b.Run(string(engine)+"/"+detail, func(b *testing.B) {
				for range b.N {
					b.StopTimer()
					w := founded(b, engine)
					bring := func(detail string) {
						if _, err := w.bring(w.as("focal@cnad.example"), "missions", w.many(detail), false); err != nil {
							b.Fatal(err)
						}
					}
					if detail == "changed" {
						bring("new")
					}
					b.StartTimer()
					bring(detail)
				}
			})
		}
	}
}

// many is a table of as many missions as one import takes, in four prefectures.
func (w world) many(detail string) string {
	var table strings.Builder
	table.WriteString("titre;role;theme;lieu;description\n")
	for i := range sheet.MaxRows {
		fmt.Fprintf(&table, "Former les agents de la brigade %d;%s;ARM;%s;%s\n", i, w.role("leads"), []string{"Kozah", "Tône", "Ogou", "Vo"}[i%4], detail)
	}
	return table.String()
}

const focals = "Nom;Fonction;Courriel;Téléphone;Mandat\n" +
	"Mme Essai, titulaire;titulaire;titulaire@cnad.example;+228 90 00 00 00;Peut engager sa structure\n" +
	"M. Essai, suppléant;suppléant;adjoint@cnad.example;;\n"

func TestFocalPointsAreImported(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		head := w.as("chef@cnad.example")
		bring := func(as access.Viewer, table string) (string, error) {
			p, err := w.Directory.Import(ctx, as, "cnad", "points-focaux", []byte(table), circle.Choice{}, true)
			if err == nil && len(p.Wrong) == 0 && p.Count(intake.Same) < len(p.Lines) {
				_, err = w.Directory.Import(ctx, as, "cnad", "points-focaux", []byte(table), circle.Choice{}, false)
			}
			return tally(p), err
		}
		// The deputy is known by their address and renamed; nobody is doubled.
		for i, s := range []struct{ table, want string }{
			{focals, "1 new, 1 changed, 0 same, 0 wrong"},
			{focals, "0 new, 0 changed, 2 same, 0 wrong"},
			{strings.Replace(focals, "suppléant;adjoint", "titulaire;adjoint", 1), "0 new, 1 changed, 1 same, 0 wrong"},
			{strings.Replace(focals, "titulaire@cnad", "focal@cndh", 1), "0 new, 1 changed, 0 same, 1 wrong"}, // another institution's
			{strings.Replace(focals, ";suppléant;", ";roi;", 1), "0 new, 0 changed, 1 same, 1 wrong"},
			{strings.Replace(focals, "adjoint@cnad", "chef@cnad", 1), "0 new, 0 changed, 1 same, 1 wrong"}, // one’s own account
		} {
			if got, err := bring(head, s.table); err != nil || got != s.want {
				t.Errorf("step %d: %s, want %s; %v", i, got, s.want, err)
			}
		}
		named := map[string]account.FocalPoint{}
		for _, f := range w.sheet("chef@cnad.example", "cnad").Focal {
			named[f.Email] = f
		}
		if f := named["titulaire@cnad.example"]; f.Function != access.Focal || f.Phone != "+228 90 00 00 00" || f.Mandate != account.CanCommit {
			t.Errorf("invited: %+v", f)
		}
		if f := named["adjoint@cnad.example"]; f.Function != access.Focal || f.Name != "M. Essai, suppléant" || f.Mandate != account.MustRefer {
			t.Errorf("moved on: %+v", f)
		}
		for address, want := range map[string]fault.Kind{"focal@cndh.example": fault.Forbidden, "lecteur@cnad.example": fault.Forbidden, "": fault.Forbidden} {
			if v, known := w.viewers[address]; known {
				if _, err := bring(v, focals); fault.KindOf(err) != want {
					t.Errorf("%q imports: %v", address, err)
				}
			}
		}
		w.proven()
	})
}
