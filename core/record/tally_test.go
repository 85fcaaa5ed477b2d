package record_test

import (
	"testing"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/page"

	"pgregory.net/rapid"
)

// Whatever is created and changed, what is counted for each viewer is what they can list.
func TestCountsAreWhatMayBeSeen(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		viewers := []access.Viewer{cnlpal, cnad, cndh, admin, access.Nobody}
		var all []record.Record
		draw := func(t *rapid.T, r *record.Record) {
			r.Marking = rapid.SampledFrom([]access.Marking{access.Clear, access.Amber, access.Restricted}).Draw(t, "marking")
			r.Audience = rapid.SampledFrom([]access.Audience{nil, {access.Structure("cnad")}, {access.Structure("cnad"), access.Structure("cndh")}}).Draw(t, "audience")
			r.State = rapid.SampledFrom([]string{"in_force", "withdrawn"}).Draw(t, "state")
			r.Themes = rapid.SliceOfN(rapid.SampledFrom([]string{"armes", "drogues"}), 0, 2).Draw(t, "themes")
			r.Places = rapid.SliceOfN(rapid.SampledFrom([]string{"TG-K", "TG-M"}), 0, 2).Draw(t, "places")
		}
		rapid.Check(t, func(t *rapid.T) {
			h.act(cnlpal, func(act *journal.Act) error {
				if len(all) == 0 || rapid.Bool().Draw(t, "new") {
					r := note("Note")
					draw(t, &r)
					err := record.Create(ctx, act, &r, "test.note.added", mission{"loi"}, "")
					all = append(all, r)
					return err
				}
				r := &all[rapid.IntRange(0, len(all)-1).Draw(t, "which")]
				draw(t, r)
				return record.Change(ctx, act, r, r.Version, "test.note.amended", mission{"loi"}, "")
			})
		})
		for _, v := range viewers {
			for _, f := range []record.Filter{{}, {State: "in_force"}, {Theme: "armes"}, {Place: "TG-K"}, {Theme: "armes", State: "withdrawn"}, {Owner: "cnlpal", Place: "TG-M"}, {Owner: "cnad"}, {Except: []string{"cnlpal"}}, {Theme: "armes", Except: []string{"cnad"}}} {
				f.Kind = "test.note"
				list := read(h, func(tx *db.Tx) (page.Of[record.Record], error) {
					return record.List(ctx, tx, v, f, page.Request{Limit: page.Max})
				})
				if list.Total != len(list.Rows) {
					t.Errorf("%s %+v: counted %d, listed %d", v.Person, f, list.Total, len(list.Rows))
				}
			}
			themes := map[record.Themed]bool{}
			for _, r := range read(h, func(tx *db.Tx) (page.Of[record.Record], error) {
				return record.List(ctx, tx, v, record.Filter{Kind: "test.note", State: "in_force"}, page.Request{Limit: page.Max})
			}).Rows {
				for _, theme := range r.Themes {
					themes[record.Themed{Owner: r.Owner, Theme: theme}] = true
				}
			}
			got := read(h, func(tx *db.Tx) ([]record.Themed, error) { return record.Themes(ctx, tx, v, "test.note", "in_force") })
			for _, x := range got {
				if !themes[x] {
					t.Errorf("%s: %+v", v.Person, x)
				}
			}
			if len(got) != len(themes) {
				t.Errorf("%s: %d themes, %d listed", v.Person, len(got), len(themes))
			}
		}
		if found := h.verify(); len(found) > 0 {
			t.Errorf("%+v", found)
		}
	})
}

// Tallies counts along states, owners, themes and places what the viewer may see, and nothing else.
func TestTalliesCountWhatIsSeen(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		add := func(title string, to ...access.Principal) {
			r := record.Record{Kind: "test.note", Title: title, Owner: "cnad", Marking: access.Green, Audience: access.AudienceOf("cnad", to...), Themes: []string{"ARM", "DRG"}}
			h.must(h.log.Write(ctx, cnad, func(act *journal.Act) error {
				return record.Create(ctx, act, &r, "test.note.added", nil, "")
			}))
		}
		add("ouverte", access.Members)
		add("fermée")
		for _, c := range []struct {
			by   access.Viewer
			want int
		}{{cnad, 2}, {cndh, 1}, {admin, 0}} {
			all := read(h, func(tx *db.Tx) ([]record.Tallied, error) { return record.Tallies(ctx, tx, c.by, "test.note") })
			got := map[string]int{}
			for _, x := range all {
				got[x.Facet+x.Code] += x.N
			}
			if got[""] != c.want || got["themeARM"] != c.want || got["themeDRG"] != c.want {
				t.Errorf("%s counts %v, want %d", c.by.Person, got, c.want)
			}
		}
	})
}
