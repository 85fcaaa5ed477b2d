package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
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
	"cadre/kit/id"
	"cadre/kit/once"
	"cadre/kit/test"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var (
	ctx     = context.Background()
	schemas = []db.Schema{once.Schema, access.Schema, journal.Schema, record.Schema, search.Schema}
	cnlpal  = access.Viewer{Person: "afi", Structure: "cnlpal", Functions: []access.Function{access.Focal}, Clearance: access.Restricted}
	cnad    = access.Viewer{Person: "kofi", Structure: "cnad", Functions: []access.Function{access.Focal}, Clearance: access.Restricted}
)

// text is the content of the records of these tests: what they say.
type text struct {
	Says string `json:"says"`
}

// library holds the same records on one engine or on several.
type library struct {
	t     *testing.T
	dbs   []*db.DB
	logs  []*journal.Log
	clock *clock.Movable
	docs  map[string]*record.Record
	says  map[string]string
}

func newLibrary(t *testing.T, dbs ...*db.DB) *library {
	l := &library{t: t, dbs: dbs, clock: clock.At(test.Noon), docs: map[string]*record.Record{}, says: map[string]string{}}
	key, err := journal.LoadKey(filepath.Join(t.TempDir(), "journal.key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dbs {
		l.logs = append(l.logs, journal.New(d, l.clock, key, ""))
	}
	return l
}

// put stores a new record, or the next version of one.
func (l *library) put(r record.Record, says string) string {
	l.t.Helper()
	l.clock.Advance(24 * 3600e9)
	if r.ID == "" {
		r.ID = id.New()
	}
	known := l.docs[r.ID] != nil
	for _, log := range l.logs {
		err := log.Write(ctx, cnlpal, func(act *journal.Act) error {
			if known {
				copied := r
				return record.Change(ctx, act, &copied, l.docs[r.ID].Version, "test.note.amended", text{says}, says)
			}
			return record.Create(ctx, act, &r, "test.note.added", text{says}, says)
		})
		if err != nil {
			l.t.Fatalf("%q, %q: %v", r.Title, says, err)
		}
	}
	if known {
		r.Version = l.docs[r.ID].Version + 1
	}
	l.docs[r.ID], l.says[r.ID] = &r, says
	return r.ID
}

func note(title string, to ...access.Principal) record.Record {
	return record.Record{Kind: "test.note", Title: title, Owner: "cnlpal", Marking: access.Amber, Audience: to, State: "in_force"}
}

func (l *library) find(d *db.DB, v access.Viewer, typed string, f search.Filter) search.Results {
	l.t.Helper()
	var found search.Results
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = search.Find(ctx, tx, v, typed, f, l.clock.Now())
		return err
	})
	if err != nil {
		l.t.Fatalf("%s, %q: %v", d.Engine, typed, err)
	}
	return found
}

func (l *library) suggest(d *db.DB, v access.Viewer, typed string) []search.Hit {
	l.t.Helper()
	var found []search.Hit
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = search.Suggest(ctx, tx, v, typed, l.clock.Now())
		return err
	})
	if err != nil {
		l.t.Fatalf("%s, %q: %v", d.Engine, typed, err)
	}
	return found
}

func titles(hits []search.Hit) string {
	var all []string
	for _, h := range hits {
		all = append(all, h.Title)
	}
	return strings.Join(all, " · ")
}

// answers reports whether a record answers a query, by the words of the package's comments.
func (l *library) answers(id, typed string) bool {
	q, title, says := search.Query(typed), l.docs[id].Title, l.says[id]
	terms := search.Terms(title + "\n" + says)
	for _, w := range q.Words {
		parts := w.Parts != nil && !slices.ContainsFunc(w.Parts, func(p string) bool { return !slices.Contains(terms, p) })
		if !slices.Contains(terms, w.Stem) && !parts {
			return false
		}
	}
	for _, phrase := range q.Phrases {
		if !runs(search.Exact(title), phrase) && !runs(search.Exact(says), phrase) {
			return false
		}
	}
	return len(q.Words)+len(q.Phrases) > 0
}

func runs(words, phrase []string) bool {
	for i := range len(words) - len(phrase) + 1 {
		if slices.Equal(words[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

var vocabulary = strings.Fields(`réunion réunions convoquer convocation convoqués armes légères anti-drogue drogues AK-47 7,62 9mm
	l’État d’échanges préfecture préfets sous-préfet Kara Lomé CNAD-DEM-2026-0042 42 2026 le la des et œuvre saisie saisies "R&D"
	<b>gras</b> Kpalimé ŋutɔ Ɛwɛ tɩ̂`)

func anyText(t *rapid.T, name string) string {
	words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 6).Draw(t, name)
	return strings.Join(words, rapid.SampledFrom([]string{" ", "\n", "\t", ", ", " – "}).Draw(t, "between"))
}

func anyQuery(t *rapid.T) string {
	words := rapid.SampledFrom(vocabulary)
	q := words.Draw(t, "word")
	switch rapid.IntRange(0, 4).Draw(t, "query") {
	case 0:
		q = fmt.Sprintf("« %s %s »", q, words.Draw(t, "second"))
	case 1:
		q = fmt.Sprintf("%s \"%s %s\"", q, words.Draw(t, "second"), words.Draw(t, "third"))
	case 2:
		q += " " + strings.ToUpper(words.Draw(t, "second"))
	case 3:
		q = string([]rune(q)[:rapid.IntRange(0, len([]rune(q))).Draw(t, "typed")])
	}
	return q
}

func TestBothEnginesFindTheSame(t *testing.T) {
	l := newLibrary(t, test.Open(t, test.Address(t, db.SQLite), schemas), test.Open(t, test.Address(t, db.Postgres), schemas))
	var ids []string
	rapid.Check(t, func(t *rapid.T) {
		r := note(anyText(t, "title"))
		if rapid.Bool().Draw(t, "open") {
			r.Audience = access.Audience{access.Structure("cnad")}
		}
		if len(ids) > 0 && rapid.Bool().Draw(t, "again") {
			r.ID = rapid.SampledFrom(ids).Draw(t, "which")
		}
		if known := l.put(r, anyText(t, "says")); r.ID == "" {
			ids = append(ids, known)
		}
		for range 3 {
			typed, v := anyQuery(t), rapid.SampledFrom([]access.Viewer{cnlpal, cnad, access.Nobody}).Draw(t, "viewer")
			var want []string
			for _, id := range ids {
				seen := v.Structure == "cnlpal" || v.Structure == "cnad" && l.docs[id].Audience.Has(access.Structure("cnad"))
				if seen && l.answers(id, typed) {
					want = append(want, id)
				}
			}
			one, two := l.find(l.dbs[0], v, typed, search.Filter{}), l.find(l.dbs[1], v, typed, search.Filter{})
			if diff := cmp.Diff(one, two); diff != "" {
				t.Fatalf("%q (-SQLite +PostgreSQL):\n%s", typed, diff)
			}
			var got []string
			for _, h := range one.Hits {
				got = append(got, h.ID)
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Fatalf("%q finds %s", typed, titles(one.Hits))
			}
			if diff := cmp.Diff(l.suggest(l.dbs[0], v, typed), l.suggest(l.dbs[1], v, typed)); diff != "" {
				t.Fatalf("suggestions for %q (-SQLite +PostgreSQL):\n%s", typed, diff)
			}
		}
	})
}

func eachLibrary(t *testing.T, fn func(*testing.T, *library)) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) { fn(t, newLibrary(t, d)) })
}

func TestFind(t *testing.T) {
	eachLibrary(t, func(t *testing.T, l *library) {
		kara := note("Atelier de Kara", access.Structure("cnad"))
		kara.Themes, kara.Places = []string{"armes"}, []string{"TG-K"}
		l.put(kara, "Marquage des armes légères\nFeuille de route avec les préfets")
		other := note("Traçage des armes", access.Structure("cnad"))
		other.Kind = "test.other"
		l.put(other, "")
		last := l.put(note("Armes : note interne"), "Feuille d’audience")
		for _, c := range []struct {
			by    access.Viewer
			typed string
			f     search.Filter
			want  string
		}{
			{cnlpal, "arme", search.Filter{}, "Armes : note interne · Traçage des armes · Atelier de Kara"},
			{cnad, "arme", search.Filter{}, "Traçage des armes · Atelier de Kara"},
			{access.Nobody, "arme", search.Filter{}, ""},
			{cnad, "audience", search.Filter{}, ""},
			{cnlpal, "« feuille de route »", search.Filter{}, "Atelier de Kara"},
			{cnlpal, "« légères feuille »", search.Filter{}, "Atelier de Kara"},
			{cnlpal, "« route feuille »", search.Filter{}, ""},
			{cnlpal, "arme", search.Filter{Kind: "test.other"}, "Traçage des armes"},
			{cnlpal, "arme", search.Filter{Themes: []string{"armes", "armes-legeres"}}, "Atelier de Kara"},
			{cnlpal, "arme", search.Filter{Places: []string{"TG", "TG-K"}, Owner: "cnlpal"}, "Atelier de Kara"},
			{cnlpal, "arme", search.Filter{Owner: "cnad"}, ""},
			{cnlpal, "arme", search.Filter{Since: l.docs[last].Updated}, "Armes : note interne"},
			{cnlpal, "arme", search.Filter{Until: l.docs[last].Updated, Kind: "test.note"}, "Atelier de Kara"},
			{cnad, "arme", search.Filter{Since: l.docs[last].Updated}, ""},
			{cnlpal, "arme drogue", search.Filter{}, ""},
			{cnlpal, "le la", search.Filter{}, ""},
			{cnlpal, "says", search.Filter{}, ""}, // a field's name is no word of the record
		} {
			if got := titles(l.find(l.dbs[0], c.by, c.typed, c.f).Hits); got != c.want {
				t.Errorf("%s, %q, %+v: %s", c.by.Person, c.typed, c.f, got)
			}
		}
		for typed, want := range map[string]string{
			"tra": "Traçage des armes", "atelier de k": "Atelier de Kara", "marquage lég": "Atelier de Kara", "x": "", "": "", "audi": "Armes : note interne", "audience ": "",
		} {
			if got := titles(l.suggest(l.dbs[0], cnlpal, typed)); got != want {
				t.Errorf("typing %q: %s", typed, got)
			}
		}
		if got := l.suggest(l.dbs[0], cnad, "audi"); len(got) > 0 {
			t.Errorf("suggested to the CNAD: %s", titles(got))
		}
	})
}

func TestAChangedRecordIsFoundByItsNewWordsOnly(t *testing.T) {
	eachLibrary(t, func(t *testing.T, l *library) {
		r := note("Atelier de Kara")
		r.ID = l.put(r, "armes")
		r.Title = "Atelier de Sokodé"
		l.put(r, "drogues")
		for typed, want := range map[string]string{"kara": "", "armes": "", "sokode": "Atelier de Sokodé", "drogue": "Atelier de Sokodé", "atelier": "Atelier de Sokodé"} {
			if got := titles(l.find(l.dbs[0], cnlpal, typed, search.Filter{}).Hits); got != want {
				t.Errorf("%q: %s", typed, got)
			}
		}
	})
}

func TestHostileInputBreaksNothing(t *testing.T) {
	eachLibrary(t, func(t *testing.T, l *library) {
		for _, hostile := range []string{`"`, `"""`, `' OR 1=1 --`, `a' & !b`, `stems:x`, `words : "a" *`, `NEAR(a b)`, `a AND`, `OR`, `NOT a`, `^a`, `a*`, `-a`, `{a b}:c`,
			`\`, `a\`, `'\'' | b`, `:*`, `a:*b`, `<->`, `a <2> b`, `(`, `))`, `%_`, "\u202e\u200f\ufeff", "a\u0301\u0301\u0301", "é\u0000"[:2], "😀", "क्षि", "ﷺ", "²³½", "Ⅻ", strings.Repeat("a", 5000), strings.Repeat("a-", 3000)} {
			l.put(note(hostile), hostile)
			l.find(l.dbs[0], cnlpal, hostile, search.Filter{Kind: hostile, Owner: hostile, Themes: []string{hostile}, Places: []string{hostile}})
			l.find(l.dbs[0], cnlpal, hostile, search.Filter{})
			l.suggest(l.dbs[0], cnlpal, hostile)
		}
		rapid.Check(t, func(t *rapid.T) {
			any := rapid.String().Filter(func(s string) bool { return !strings.ContainsRune(s, 0) })
			l.put(note(any.Draw(t, "title")), any.Draw(t, "says"))
			typed := any.Draw(t, "typed")
			l.find(l.dbs[0], cnlpal, typed, search.Filter{})
			l.suggest(l.dbs[0], cnlpal, typed)
		})
	})
}

func TestALongTextIsIndexed(t *testing.T) {
	eachLibrary(t, func(t *testing.T, l *library) {
		random, words := rand.New(rand.NewPCG(1, 2)), make([]string, 70_000)
		for i := range words {
			words[i] = fmt.Sprintf("%x", random.Uint64())
		}
		l.put(note("Annexe"), "premier "+strings.Join(words, " "))
		if got := titles(l.find(l.dbs[0], cnlpal, "premier annexe", search.Filter{}).Hits); got != "Annexe" {
			t.Error(got)
		}
	})
}
