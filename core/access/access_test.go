package access_test

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
	"cadre/kit/once"
	"cadre/kit/test"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var (
	ctx        = context.Background()
	schemas    = []db.Schema{once.Schema, access.Schema, journal.Schema, record.Schema, search.Schema}
	structures = []string{"cnlpal", "cnad", "cndh"}
	people     = []string{"afi", "kofi", "yao"}
)

// content is a record as its author described it.
type content struct {
	owner    string
	to       []access.Principal
	marking  access.Marking
	recordID string
}

// mayRead is the rule of visibility once more, as the words of the brief put it.
func mayRead(v access.Viewer, c content) bool {
	onlyRunsTheMachine := !slices.ContainsFunc(v.Functions, func(f access.Function) bool { return f != access.Technical })
	switch {
	case c.marking > v.Clearance:
		return false
	case slices.Contains(c.to, access.Public):
		return true
	case v.Person == "":
		return false
	case slices.Contains(c.to, access.Person(v.Person)):
		return true
	case onlyRunsTheMachine:
		return false
	}
	return c.owner == v.Structure || slices.Contains(c.to, access.Members) || slices.Contains(c.to, access.Structure(v.Structure))
}

func anyContent(t *rapid.T) content {
	circle := []access.Principal{access.Public, access.Members}
	for i := range structures {
		circle = append(circle, access.Structure(structures[i]), access.Person(people[i]))
	}
	return content{
		owner:   rapid.SampledFrom(structures).Draw(t, "owner"),
		to:      rapid.SliceOfN(rapid.SampledFrom(circle), 0, 4).Draw(t, "to"),
		marking: rapid.SampledFrom(access.Markings).Draw(t, "marking"),
	}
}

func anyViewer(t *rapid.T) access.Viewer {
	if rapid.IntRange(0, 5).Draw(t, "nobody") == 0 {
		return access.Nobody
	}
	return access.Viewer{
		Person:    rapid.SampledFrom(people).Draw(t, "person"),
		Structure: rapid.SampledFrom(structures).Draw(t, "structure"),
		Functions: rapid.SliceOfN(rapid.SampledFrom(access.Functions), 0, 2).Draw(t, "functions"),
		Clearance: rapid.SampledFrom(access.Markings).Draw(t, "clearance"),
	}
}

func TestTheDatabaseShowsWhatTheRuleAllows(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		key, err := journal.LoadKey(filepath.Join(t.TempDir(), "journal.key"))
		if err != nil {
			t.Fatal(err)
		}
		log := journal.New(d, clock.At(test.Noon), key, "")
		author := access.Viewer{Person: "author", Clearance: access.Restricted}
		var all []content
		rapid.Check(t, func(t *rapid.T) {
			c, v := anyContent(t), anyViewer(t)
			r := record.Record{Kind: "test.note", Title: "Note", Owner: c.owner, Marking: c.marking, Audience: access.AudienceOf(c.owner, c.to...)}
			err := log.Write(ctx, author, func(act *journal.Act) error {
				return record.Create(ctx, act, &r, "test.note.added", nil, "")
			})
			switch {
			case err == nil:
				c.recordID = r.ID
				all = append(all, c)
			case fault.KindOf(err) != fault.BadInput: // wider than its marking allows
				t.Fatal(err)
			}
			var want []string
			for _, c := range all {
				if mayRead(v, c) {
					want = append(want, c.recordID)
				}
			}
			var got []string
			err = d.Read(ctx, func(tx *db.Tx) (err error) {
				got, err = db.Values[string](ctx, tx, `SELECT id FROM record WHERE `+access.Visible+` ORDER BY seq`, v.Args()...)
				return err
			})
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Fatalf("%+v (-may +does): %s%v", v, diff, err)
			}
		})
	})
}

func TestTheLeastAudienceHasTheSameReaders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, v := anyContent(t), anyViewer(t)
		whole := access.AudienceOf(c.owner, c.to...)
		least := whole.Least()
		if slices.ContainsFunc(v.Principals(), whole.Has) != slices.ContainsFunc(v.Principals(), least.Has) {
			t.Fatalf("%v and %v have not the same readers: %+v", whole, least, v)
		}
		if !slices.IsSorted(least) || len(least) > len(whole) {
			t.Fatalf("%v is no audience less than %v", least, whole)
		}
	})
}

func TestTheTechnicalAdministratorHoldsNothing(t *testing.T) {
	v := access.Viewer{Person: "afi", Structure: "cnlpal", Functions: []access.Function{access.Technical}, Clearance: access.Restricted}
	if diff := cmp.Diff([]access.Principal{access.Public, access.Person("afi")}, v.Principals()); diff != "" {
		t.Error(diff)
	}
}

func TestMarkingBoundsTheAudience(t *testing.T) {
	public, members, other, person := access.Public, access.Members, access.Structure("cnad"), access.Person("afi")
	allowed := map[access.Principal]string{ // for each kind of reader, the markings that may reach them
		public:                     "C",
		members:                    "C G",
		other:                      "C G A DR",
		person:                     "C G A A+S R DR",
		access.Structure("cnlpal"): "C G A A+S R DR",
	}
	for reader, markings := range allowed {
		for _, m := range access.Markings {
			err := m.Check("cnlpal", access.AudienceOf("cnlpal", reader))
			if want := slices.Contains(strings.Fields(markings), m.Letter()); want != (err == nil) {
				t.Errorf("%s for %s: %v", m.Label(), reader, err)
			}
			if err != nil && fault.KindOf(err) != fault.BadInput {
				t.Errorf("%s for %s: %v", m.Label(), reader, err)
			}
		}
	}
}

func TestMarkingsAreReadByTheirCode(t *testing.T) {
	for _, m := range access.Markings {
		if got, err := access.ParseMarking(m.Code()); got != m || err != nil {
			t.Errorf("%s: %v, %v", m.Code(), got, err)
		}
	}
	for _, code := range access.Higher {
		var f *fault.Fault
		if _, err := access.ParseMarking(code); !errors.As(err, &f) || !strings.Contains(fmt.Sprint(f), "au-dessus de «\u00a0Diffusion restreinte\u00a0»") {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, code := range []string{"", "CLEAR", "tlp", "rouge"} {
		if _, err := access.ParseMarking(code); fault.KindOf(err) != fault.BadInput {
			t.Errorf("%q: %v", code, err)
		}
	}
	var m access.Marking
	for _, rank := range []any{int64(-1), int64(6), "2", nil} {
		if m.Scan(rank) == nil {
			t.Errorf("rank %v was read as %s", rank, m.Label())
		}
	}
}

func TestAnAudienceIsStoredOncePerSet(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		a := access.AudienceOf("cnlpal", access.Person("kofi"), access.Structure("cnad"), access.Person("kofi"))
		b := access.AudienceOf("cnlpal", access.Structure("cnad"), access.Person("kofi"), access.Structure("cnlpal"))
		err := d.Write(ctx, func(tx *db.Tx) error {
			one, err1 := access.Intern(ctx, tx, a)
			two, err2 := access.Intern(ctx, tx, b)
			read, err3 := access.AudienceByID(ctx, tx, one)
			if one != two || !slices.Equal(read, a) {
				t.Errorf("%s %s %v", one, two, read)
			}
			return errors.Join(err1, err2, err3)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	a := access.AudienceOf("cnlpal", access.Structure("cnad"), access.Person("kofi"))
	if got := a.Wider(access.AudienceOf("cnlpal", access.Structure("cnad"))); !slices.Equal(got, access.Audience{access.Person("kofi")}) {
		t.Errorf("wider by %v", got)
	}
	if !slices.Equal(a.Structures(), []string{"cnad", "cnlpal"}) || !slices.Equal(a.Persons(), []string{"kofi"}) {
		t.Errorf("names %v and %v", a.Structures(), a.Persons())
	}
}

func TestRulesOfRoutes(t *testing.T) {
	focal := access.Viewer{Person: "afi", Functions: []access.Function{access.Focal}}
	for _, c := range []struct {
		name string
		rule access.Rule
		by   access.Viewer
		want fault.Kind
		open bool
	}{
		{"anyone: nobody", access.Anyone, access.Nobody, 0, true},
		{"signed in: nobody", access.SignedIn, access.Nobody, fault.Unauthorized, false},
		{"signed in: somebody", access.SignedIn, focal, 0, true},
		{"for focal points: nobody", access.Holding(access.Focal), access.Nobody, fault.Unauthorized, false},
		{"for focal points: a focal point", access.Holding(access.Head, access.Focal), focal, 0, true},
		{"for the secretariat: a focal point", access.Holding(access.Secretariat), focal, fault.NotFound, false},
	} {
		err := c.rule(access.With(ctx, c.by))
		if (err == nil) != c.open || err != nil && fault.KindOf(err) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
