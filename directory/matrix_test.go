package directory_test

import (
	"context"
	"testing"

	"cadre/core/access"
	"cadre/directory"
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

func TestTwoInstitutionsThatLeadTheSameAreShown(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		before, err := w.Directory.SharedLeads(ctx, access.Nobody)
		w.done(err)
		in := directory.Input{Title: "Essai", Theme: "CYB", Place: "TG", Choice: publicly, Fact: &directory.Mission{Role: "leads"}}
		for _, slug := range []string{"cnad", "cndh"} {
			_, err := w.Directory.AddByPath(ctx, w.as("focal@"+slug+".example"), slug, "missions", in)
			w.done(err)
		}
		after, err := w.Directory.SharedLeads(ctx, access.Nobody)
		w.done(err)
		if len(after) != len(before)+1 {
			t.Fatalf("%v, then %v", before, after)
		}
		for _, s := range after {
			if s.Theme == "CYB" && (s.Place != "TG" || len(s.Owners) != 2 || s.Owners[0] != "CNAD") {
				t.Errorf("%+v", s)
			}
		}
	})
}
