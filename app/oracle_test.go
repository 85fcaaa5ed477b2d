package app_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"cadre/kit/db"
)

// oracle says who may read what, from the rows alone and by a reading of the rule that
// shares nothing with the program: the owner's people, those of the institutions named, the
// people named, the members, everybody; within the clearance; and of a past version only
// who could read it then and may read the record now.
type oracle struct {
	people  map[string]reader
	records map[string]*fact
}

// reader is a person as the rows know them.
type reader struct {
	structure string
	clearance int64
	member    bool // holds a function other than running the machine
	functions []string
}

// fact is a record as the rows know it.
type fact struct {
	id, kind, owner, title, state string
	marking                       int64
	audience                      []string
	themes, places                []string
	versions                      []version
}

// version is what the journal says of a record at one time.
type version struct {
	marking  int64
	audience []string
	words    []string // the words of no language that it holds
}

// ranks are the markings by their codes.
var ranks = map[string]int64{"clear": 0, "green": 1, "amber": 2, "amber_strict": 3, "red": 4, "restricted": 5}

// read reads the rows.
func (w *world) read(t testing.TB) oracle {
	t.Helper()
	ctx := context.Background()
	o := oracle{people: map[string]reader{}, records: map[string]*fact{}}
	must(t, w.DB.Read(ctx, func(tx *db.Tx) error {
		for _, step := range []func(context.Context, *db.Tx) error{o.readPeople, o.readRecords, o.readSets, o.readVersions} {
			if err := step(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	}))
	return o
}

func (o *oracle) readPeople(ctx context.Context, tx *db.Tx) error {
	type row struct {
		id, function string
		reader
	}
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.id, &r.structure, &r.clearance, &r.function} },
		`SELECT p.id, p.structure_id, p.clearance, f.function FROM person p JOIN person_function f ON f.person_id = p.id AND f.to_at IS NULL WHERE p.state = 'active'`)
	for _, r := range rows {
		r.member = o.people[r.id].member || r.function != "technical"
		r.functions = append(o.people[r.id].functions, r.function)
		o.people[r.id] = r.reader
	}
	return err
}

func (o *oracle) readRecords(ctx context.Context, tx *db.Tx) error {
	type row struct {
		fact
		principal string
	}
	rows, err := db.All(ctx, tx, func(r *row) []any {
		return []any{&r.id, &r.kind, &r.owner, &r.title, &r.state, &r.marking, &r.principal}
	}, `SELECT r.id, r.kind, r.owner_id, r.title, r.state, r.marking, a.principal FROM record r JOIN audience_principal a ON a.audience_id = r.audience_id`)
	for _, r := range rows {
		if o.records[r.id] == nil {
			o.records[r.id] = &r.fact
		}
		o.records[r.id].audience = append(o.records[r.id].audience, r.principal)
	}
	return err
}

func (o *oracle) readSets(ctx context.Context, tx *db.Tx) error {
	type row struct{ id, theme, place string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.id, &r.theme, &r.place} },
		`SELECT record_id, theme, '' FROM record_theme UNION ALL SELECT record_id, '', place FROM record_place`)
	for _, r := range rows {
		if r.theme != "" {
			o.records[r.id].themes = append(o.records[r.id].themes, r.theme)
		} else {
			o.records[r.id].places = append(o.records[r.id].places, r.place)
		}
	}
	return err
}

func (o *oracle) readVersions(ctx context.Context, tx *db.Tx) error {
	type row struct{ subject, content string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.subject, db.Null(&r.content)} },
		`SELECT subject, content FROM journal_entry WHERE version > 0 ORDER BY n`)
	for _, r := range rows {
		f := o.records[r.subject]
		if f == nil {
			continue
		}
		var v struct {
			Marking  string
			Audience []string
		}
		if err := json.Unmarshal([]byte(r.content), &v); err != nil {
			return err
		}
		f.versions = append(f.versions, version{ranks[v.Marking], v.Audience, nonsense.FindAllString(r.content, -1)})
	}
	return err
}

// reads tells whether a person may read what has this marking and this audience.
func (o oracle) reads(person string, marking int64, audience []string) bool {
	p, known := o.people[person]
	if marking > p.clearance {
		return false
	}
	return slices.ContainsFunc(audience, func(principal string) bool {
		switch kind, id, _ := strings.Cut(principal, ":"); kind {
		case "public":
			return true
		case "members":
			return known && p.member
		case "structure":
			return known && p.member && id == p.structure
		case "person":
			return known && id == person
		}
		return false
	})
}

// sees tells whether a person may read a record now.
func (o oracle) sees(person, id string) bool {
	f := o.records[id]
	return f != nil && o.reads(person, f.marking, f.audience)
}

// meets tells whether a person may know the account of another of the institution: the
// secretariat and whoever runs the machine know all, the others those of their own.
func (o oracle) meets(person, structure string) bool {
	p, known := o.people[person]
	return known && (p.structure == structure || slices.ContainsFunc(p.functions, func(f string) bool { return f == "secretariat" || f == "technical" }))
}

// secrets are the words and the identifiers that must never reach a person.
func (o oracle) secrets(person string) map[string]bool {
	hidden, open := map[string]bool{}, map[string]bool{}
	for id, f := range o.records {
		now := o.sees(person, id)
		if !now {
			hidden[id] = true
		}
		for _, v := range f.versions {
			set := hidden
			if now && o.reads(person, v.marking, v.audience) {
				set = open
			}
			for _, w := range v.words {
				set[w] = true
			}
		}
	}
	for w := range open {
		delete(hidden, w)
	}
	return hidden
}

// facts lists the records of a kind, in force, that a person may read, the whole when kind is empty.
func (o oracle) facts(person, kind string) []*fact {
	var all []*fact
	for _, id := range sorted(o.records) {
		f := o.records[id]
		if o.sees(person, id) && f.state == "in_force" && (kind == "" || f.kind == kind) {
			all = append(all, f)
		}
	}
	return all
}
