package directory

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"maps"
	"slices"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/text"
)

// Verify proves that what structures and facts are queried by agrees with their records.
func (m *Module) Verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	all, err := verifyStructures(ctx, tx)
	if err != nil {
		return nil, err
	}
	facts, err := m.verifyFacts(ctx, tx)
	return append(all, facts...), err
}

// sums hold two accounts of the same things against each other, by what they are about: each
// thing adds an unforeseeable number on one side and takes it away on the other. Nothing is left
// when both sides agree, and memory does not grow with the things.
type sums struct {
	seed maphash.Seed
	left map[string]uint64
}

func newSums() sums { return sums{maphash.MakeSeed(), map[string]uint64{}} }

func add[T comparable](s sums, about string, thing T, times int64) {
	s.left[about] += uint64(times) * maphash.Comparable(s.seed, thing) // #nosec G115 -- sums go around
}

// findings name what the sides do not agree about.
func (s sums) findings(sentence func(about string) text.Message) []journal.Finding {
	var all []journal.Finding
	for _, about := range slices.Sorted(maps.Keys(s.left)) {
		if s.left[about] != 0 {
			all = append(all, journal.Finding{Entry: -1, Subject: about, Sentence: sentence(about)})
		}
	}
	return all
}

// What one row of directory_fact, of directory_busy and of directory_tally says.
type (
	lookup struct {
		id, kind, audience, position, theme, place, role, means, from, to string
		marking                                                           access.Marking
	}
	engaged struct{ id, from, to string }
	tallied struct {
		cell
		n int64
	}
)

// verifyFacts proves that facts are looked up by what their records say, and counted where they stand.
func (m *Module) verifyFacts(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	rows, tally := newSums(), newSums()
	err := m.eachBatch(ctx, tx, everyOwner, func(facts []entry) error {
		for _, e := range facts {
			for _, c := range m.cells(e) {
				add(tally, c.head, c, 1)
			}
			addRows(rows, e)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(takeRows(ctx, tx, rows), takeTally(ctx, tx, tally)); err != nil {
		return nil, err
	}
	all := rows.findings(func(owner string) text.Message {
		return text.M("Les tables par lesquelles on trouve les faits de la structure %s ne disent plus ce que disent ses fiches.", owner)
	})
	return append(all, tally.findings(func(head string) text.Message {
		return text.M("Le décompte des faits ne dit plus ce que disent les fiches de %s.", cmp.Or(m.Places.Name(ctx, head), head))
	})...), nil
}

// addRows adds what a fact is looked up by.
func addRows(s sums, e entry) {
	add(s, e.owner, lookup{e.id, e.kind, access.AudienceID(e.audience), e.position, e.theme, e.place, e.role, e.means, e.free.From, e.free.To, e.marking}, 1)
	for i, p := range e.busy {
		if !slices.Contains(e.busy[:i], p) {
			add(s, e.owner, engaged{e.id, p.From, p.To}, 1)
		}
	}
}

// takeRows takes away what facts are looked up by.
func takeRows(ctx context.Context, tx *db.Tx, s sums) error {
	type owned struct {
		owner string
		lookup
	}
	err := db.Each(ctx, tx, func(o *owned) []any {
		return []any{&o.owner, &o.id, &o.kind, &o.audience, &o.position, &o.theme, &o.place, &o.role, &o.means, &o.from, &o.to, &o.marking}
	}, func(o owned) error {
		add(s, o.owner, o.lookup, -1)
		return nil
	}, `SELECT owner_id, id, kind, audience_id, position, theme, place, role, means, free_from, free_to, marking FROM directory_fact`)
	if err != nil {
		return err
	}
	type busy struct {
		owner string
		engaged
	}
	return db.Each(ctx, tx, func(b *busy) []any { return []any{&b.owner, &b.id, &b.from, &b.to} }, func(b busy) error {
		add(s, b.owner, b.engaged, -1)
		return nil
	}, `SELECT record.owner_id, b.id, b.first_day, b.last_day FROM directory_busy b JOIN record ON record.id = b.id`)
}

// takeTally takes away what is counted.
func takeTally(ctx context.Context, tx *db.Tx, s sums) error {
	return db.Each(ctx, tx, func(c *tallied) []any {
		return []any{&c.axis, &c.scope, &c.top, &c.role, &c.audience, &c.head, &c.theme, &c.kind, &c.marking, &c.n}
	}, func(c tallied) error {
		add(s, c.head, c.cell, -c.n)
		return nil
	}, `SELECT axis, scope, top, role, audience_id, head, theme, kind, marking, n FROM directory_tally WHERE n <> 0`)
}
