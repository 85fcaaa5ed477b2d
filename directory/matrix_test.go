package directory_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/directory"
	"cadre/kit/db"
	"cadre/kit/page"
)

// Each number of a matrix is that of the list behind it, for every viewer and cut.
func TestEachCellCountsWhatItsListShows(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		for _, as := range []string{"", "focal@cnad.example", "secretariat@cnlpal.example"} {
			for _, c := range []directory.Cut{{}, {Theme: "ARM"}, {Place: "TG-S"}, {Nature: "commission"}, {Role: "leads"}, {Kind: "capacity"}, {Theme: "EXV", Place: "TG-K", Kind: "mission"}} {
				w.cellsAgree(w.as(as), c)
			}
		}
	})
}

func (w world) cellsAgree(v access.Viewer, c directory.Cut) {
	w.t.Helper()
	ctx := context.Background()
	x, err := w.Directory.Structures(ctx, v, c)
	w.done(err)
	for _, r := range x.Rows {
		for i, cell := range r.Cells {
			s := column(x, c, i)
			s.Structure, s.Reach = r.Slug, directory.Here
			w.counts(v, s, cell.All())
		}
	}
	x, err = w.Directory.Territories(ctx, v, c)
	w.done(err)
	for _, r := range x.Rows {
		for i, cell := range r.Cells {
			s := column(x, c, i)
			s.Place = r.Code
			if r.Exact {
				s.Reach = directory.Exact
			}
			w.counts(v, s, cell.Own)
			if s.Reach = directory.Wider; cell.Wider > 0 {
				w.counts(v, s, cell.Wider)
			}
		}
	}
}

// column is the search of what stands in the i-th column.
func column(x directory.Matrix, c directory.Cut, i int) directory.Search {
	s := directory.Search{Cut: c}
	s.Theme = x.Themes[i]
	s.Alone = s.Theme == "" || c.Theme != "" && i == 0
	return s
}

func (w world) counts(v access.Viewer, s directory.Search, n int) {
	w.t.Helper()
	found, err := w.Directory.Facts(context.Background(), v, s, page.Request{Limit: 1})
	w.done(err)
	if found.Total != n {
		w.t.Errorf("%+v: a cell says %d, its list %d", s, n, found.Total)
	}
}

// mission adds a mission that an institution says it leads on cyber security.
func (w world) mission(slug, place string, to circle.Choice) string {
	w.t.Helper()
	r, err := w.Directory.AddByPath(context.Background(), w.as("focal@"+slug+".example"), slug, "missions",
		directory.Input{Title: "Essai", Theme: "CYB", Place: place, Choice: to, Fact: &directory.Mission{Role: "leads"}})
	w.done(err)
	return r.ID
}

// led lists who is to settle a mission on cyber security, as a viewer sees it.
func (w world) led(as string) []string {
	w.t.Helper()
	all, err := w.Directory.SharedLeads(context.Background(), w.as(as), directory.Cut{Theme: "CYB"})
	w.done(err)
	var said []string
	for _, s := range all {
		said = append(said, s.Place+" "+strings.Join(s.Names, " "))
	}
	return said
}

func TestTwoInstitutionsThatLeadTheSameAreShown(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		secret := circle.Choice{Marking: "amber"}
		for _, step := range []struct {
			slug, place string
			to          circle.Choice
			want        []string
		}{
			{"cnad", "TG", publicly, nil},
			{"cndh", "TG-S-TONE", publicly, []string{"TG-S-TONE CNAD CNDH"}},
			{"anpc", "TG-K", publicly, []string{"TG-K ANPC CNAD", "TG-S-TONE CNAD CNDH"}},
			{"cndh", "TG", publicly, []string{"TG CNAD CNDH", "TG-K ANPC CNAD CNDH"}}, // the préfecture’s is the same question
			{"ciplev", "TG", secret, []string{"TG CNAD CNDH", "TG-K ANPC CNAD CNDH"}}, // nobody learns of it
		} {
			w.mission(step.slug, step.place, step.to)
			if got := w.led("focal@cnad.example"); !slices.Equal(got, step.want) {
				t.Errorf("after %s in %s: %q, want %q", step.slug, step.place, got, step.want)
			}
		}
		if got := w.led("focal@ciplev.example"); len(got) != 2 || !strings.Contains(got[0], "CIPLEV") {
			t.Errorf("who made it known: %q", got)
		}
	})
}

// The question stands on the sheets of those whose it is and on the secretariat’s desk, until it is settled.
func TestASharedLeadIsAskedOfWhoCanSettleIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		desk := func() string {
			var said []string
			err := w.DB.Read(ctx, func(tx *db.Tx) error {
				tasks, err := w.Directory.Tasks(ctx, tx, w.as("secretariat@cnlpal.example"))
				for _, task := range tasks {
					said = append(said, task.Title)
				}
				return err
			})
			w.done(err)
			return strings.Join(said, "\n")
		}
		asks := func(address string) bool {
			return strings.Contains(w.get(address, "/structures/cnad").Body.String(), ">Cybersécurité et désinformation, Togo")
		}
		before := desk()
		w.mission("cnad", "TG", publicly)
		id := w.mission("cndh", "TG", publicly)
		for address, want := range map[string]bool{"focal@cnad.example": true, "secretariat@cnlpal.example": true, "focal@cndh.example": false, "": false} {
			if asks(address) != want {
				t.Errorf("%q is asked on the sheet of the CNAD: %v", address, !want)
			}
		}
		if !strings.Contains(w.get("focal@cndh.example", "/structures/cndh").Body.String(), "À trancher") || desk() == before {
			t.Errorf("not on the other sheet, or not on the desk: %s", desk())
		}
		if _, err := w.Directory.AmendFact(ctx, w.as("focal@cndh.example"), id, 1, directory.Input{Title: "Essai", Theme: "CYB", Place: "TG", Choice: publicly,
			Fact: &directory.Mission{Role: "supports"}}); err != nil {
			t.Fatal(err)
		}
		if asks("focal@cnad.example") || asks("secretariat@cnlpal.example") || desk() != before {
			t.Errorf("it is settled, and still asked: %s", desk())
		}
	})
}
