package directory

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/text"
)

// entry is what a fact in force is queried by.
type entry struct {
	id, kind, owner           string
	audience                  access.Audience // the least, see there
	marking                   access.Marking
	position                  string // in a list: missions first, then programmes and capacities, each by title
	theme, place, role, means string
	free                      period
	busy                      []period
}

// entryOf reads it from a record and its content. What has no place, or one that the pack
// does not know, holds for the whole country; a theme that it does not know is none.
func (m *Module) entryOf(r record.Record, f Fact) entry {
	rank := slices.IndexFunc(kinds, func(k kind) bool { return k.record == r.Kind })
	e := entry{id: r.ID, kind: r.Kind, owner: r.Owner, audience: r.Audience.Least(), marking: r.Marking, position: strconv.Itoa(rank) + text.SortKey(r.Title), place: m.Places.Country()}
	if theme := first(r.Themes); m.Themes.Valid(theme) {
		e.theme = theme
	}
	if place := m.Places.Now(first(r.Places)); place != "" {
		e.place = place
	}
	switch f := f.(type) {
	case *Mission:
		e.role = f.Role
	case *Capacity:
		e.means, e.free, e.busy = f.Kind, f.free(), f.taken()
	}
	return e
}

// The axes of the tally.
const (
	byOwner = "owner"
	byPlace = "place"
	byLead  = "lead"
)

// leads is the role of who conducts a mission.
const leads = "leads"

// cell is a line of the tally without its number.
type cell struct {
	axis, scope, top, role, audience, head, theme, kind string
	marking                                             access.Marking
}

// cells lists where a fact is counted: along each axis, among all and within its scope,
// by its theme of the first level and by its own under that, whatever the role and by it.
func (m *Module) cells(e entry) []cell {
	if !counted(e.kind) {
		return nil
	}
	place, audience := m.spot(e.place), access.AudienceID(e.audience)
	var all []cell
	for _, axis := range []struct{ name, head, scope string }{{byOwner, e.owner, m.Places.Region(place)}, {byPlace, place, e.owner}} {
		for _, scope := range both(axis.scope) {
			for _, top := range both(m.Themes.Top(e.theme)) {
				for _, role := range both(e.role) {
					all = append(all, cell{axis.name, scope, top, role, audience, axis.head, m.column(e.theme, top), e.kind, e.marking})
				}
			}
		}
	}
	if e.role == leads && e.theme != "" {
		all = append(all, cell{byLead, e.place, "", leads, audience, e.owner, e.theme, e.kind, e.marking})
	}
	return all
}

// both is all, and only that.
func both(only string) []string {
	if only == "" {
		return []string{""}
	}
	return []string{"", only}
}

// counted reports whether facts of a kind stand in the matrix: those that may have a theme.
func counted(kind string) bool {
	k, err := kindOfRecord(kind)
	return err == nil && k.theme != never
}

// spot is the territory under which a fact is counted: its own, or the préfecture around it.
func (m *Module) spot(place string) string {
	for !m.Places.Wide(place) {
		place = m.Places.Parent(place)
	}
	return place
}

// column is the theme under which a fact is counted.
func (m *Module) column(theme, top string) string {
	if top != "" {
		return theme
	}
	return m.Themes.Top(theme)
}

// enter makes facts in force known to the matrix and to the lists of facts; leave takes them out.
func (m *Module) enter(ctx context.Context, tx *db.Tx, facts ...entry) error {
	for _, e := range facts {
		counting(tx, m.cells(e), 1)
	}
	return enlist(ctx, tx, facts)
}

// enlist stores what facts are looked up by.
func enlist(ctx context.Context, tx *db.Tx, facts []entry) error {
	var rows, busy [][]any
	interned := map[string]bool{}
	for _, e := range facts {
		audience := access.AudienceID(e.audience)
		if !interned[audience] {
			if _, err := access.Intern(ctx, tx, e.audience); err != nil {
				return err
			}
			interned[audience] = true
		}
		rows = append(rows, []any{e.id, e.kind, e.owner, audience, e.marking, e.position, e.theme, e.place, e.role, e.means, e.free.From, e.free.To})
		for _, p := range e.busy {
			busy = append(busy, []any{e.id, p.From, p.To})
		}
	}
	return errors.Join(
		tx.Insert(ctx, `INSERT INTO directory_fact (id, kind, owner_id, audience_id, marking, position, theme, place, role, means, free_from, free_to) VALUES`, rows, ``),
		tx.Insert(ctx, `INSERT INTO directory_busy (id, first_day, last_day) VALUES`, busy, ` ON CONFLICT DO NOTHING`))
}

func (m *Module) leave(ctx context.Context, tx *db.Tx, facts ...entry) error {
	for _, e := range facts {
		for _, query := range []string{`DELETE FROM directory_busy WHERE id = $1`, `DELETE FROM directory_fact WHERE id = $1`} {
			if _, err := tx.Exec(ctx, query, e.id); err != nil {
				return err
			}
		}
		counting(tx, m.cells(e), -1)
	}
	return nil
}

// added is what a transaction adds to cells.
type added map[cell]int64

func counting(tx *db.Tx, cells []cell, by int64) {
	all := db.Gather(tx, func() added { return added{} })
	for _, c := range cells {
		all[c] += by
	}
}

// compare orders cells as the table does.
func (c cell) compare(o cell) int {
	return cmp.Or(cmp.Compare(c.axis, o.axis), cmp.Compare(c.scope, o.scope), cmp.Compare(c.top, o.top), cmp.Compare(c.role, o.role), cmp.Compare(c.audience, o.audience),
		cmp.Compare(c.head, o.head), cmp.Compare(c.theme, o.theme), cmp.Compare(c.kind, o.kind), cmp.Compare(c.marking, o.marking))
}

// Store adds all of it, in the order of the table: two transactions then never wait for each
// other's cells, and what is near is written together.
func (a added) Store(ctx context.Context, tx *db.Tx) error {
	var rows [][]any
	for _, c := range slices.SortedFunc(maps.Keys(a), cell.compare) {
		if by := a[c]; by != 0 {
			rows = append(rows, []any{c.axis, c.scope, c.top, c.role, c.audience, c.head, c.theme, c.kind, c.marking, by})
		}
	}
	return tx.Insert(ctx, `INSERT INTO directory_tally (axis, scope, top, role, audience_id, head, theme, kind, marking, n) VALUES`, rows,
		` ON CONFLICT (axis, scope, top, role, audience_id, head, theme, kind, marking) DO UPDATE SET n = directory_tally.n + excluded.n`)
}

// create stores a new fact; change stores a fact of which before is what was stored. All
// facts come through here: what they are queried by follows.
func (m *Module) create(ctx context.Context, act *journal.Act, r *record.Record, k kind, f Fact) error {
	if err := record.Create(ctx, act, r, "directory."+k.code+".added", f, f.words()); err != nil {
		return err
	}
	return m.enter(ctx, act.Tx, m.entryOf(*r, f))
}

func (m *Module) alter(ctx context.Context, act *journal.Act, before record.Record, r *record.Record, expect int64, k kind, verb string, f Fact) error {
	was, err := factOf(before, k)
	if err != nil {
		return err
	}
	if err := record.Change(ctx, act, r, expect, "directory."+k.code+"."+verb, f, f.words()); err != nil {
		return err
	}
	from, to := m.entryOf(before, was), m.entryOf(*r, f)
	if before.State == r.State && reflect.DeepEqual(from, to) {
		return nil
	}
	if before.State == InForce {
		err = m.leave(ctx, act.Tx, from)
	}
	if err == nil && r.State == InForce {
		err = m.enter(ctx, act.Tx, to)
	}
	return err
}

// Settle counts the facts again when the themes or the territories of the country pack are
// not those by which they were counted: after a migration, or a territory split.
func (m *Module) Settle(ctx context.Context) error {
	digest := m.digest()
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := db.Value[int](ctx, tx, `SELECT count(*) FROM directory_counted WHERE pack = $1`, digest)
		if err != nil || n == 1 {
			return err
		}
		return m.recount(ctx, tx, digest)
	})
}

// Recount counts all the facts again.
func (m *Module) Recount(ctx context.Context) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error { return m.recount(ctx, tx, m.digest()) })
}

func (m *Module) recount(ctx context.Context, tx *db.Tx, digest string) error {
	for _, table := range []string{"directory_busy", "directory_counted"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table); err != nil {
			return err
		}
	}
	err := tx.Refill(ctx, "directory_tally", func() error {
		return tx.Refill(ctx, "directory_fact", func() error { return m.relist(ctx, tx) })
	})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO directory_counted (pack) VALUES ($1)`, digest)
	return err
}

// relist writes what every fact is looked up by, and where it is counted.
func (m *Module) relist(ctx context.Context, tx *db.Tx) error {
	pending := added{}
	err := m.eachBatch(ctx, tx, everyOwner, func(facts []entry) error {
		for _, e := range facts {
			for _, c := range m.cells(e) {
				pending[c]++
			}
		}
		if len(pending) > pendingCells {
			defer clear(pending)
			return errors.Join(pending.Store(ctx, tx), enlist(ctx, tx, facts))
		}
		return enlist(ctx, tx, facts)
	})
	return errors.Join(err, pending.Store(ctx, tx))
}

const (
	batch        = 1000   // facts that are read at a time
	pendingCells = 50_000 // cells that are counted before they are written
)

// everyOwner asks eachBatch for the facts of all.
const everyOwner = ""

// eachBatch reads every fact in force of a structure that is in the framework, or of all, whoever may see it:
// for the tables that follow them, not for anybody. What is no fact, or cannot be read, stands nowhere: the
// proof of the records names it. do may write: nothing is being read then.
func (m *Module) eachBatch(ctx context.Context, tx *db.Tx, owner string, do func([]entry) error) error {
	for last := int64(math.MinInt64); ; {
		all, err := factsAfter(ctx, tx, owner, last)
		if err != nil {
			return err
		}
		var facts []entry
		for _, r := range all {
			last = r.seq
			k, err := kindOfRecord(r.Kind)
			if err != nil {
				continue
			}
			if f, err := factOf(r.Record, k); err == nil {
				facts = append(facts, m.entryOf(r.Record, f))
			}
		}
		if err := do(facts); err != nil || len(all) < batch {
			return err
		}
	}
}

// numbered is a record with its place in the order of creation.
type numbered struct {
	record.Record
	seq      int64
	audience string
}

// factsAfter reads one batch of the facts in force, with their audiences, themes and places.
func factsAfter(ctx context.Context, tx *db.Tx, owner string, last int64) ([]numbered, error) {
	of, args := "", []any{last, batch}
	if owner != everyOwner {
		of, args = "record.owner_id = $3 AND ", append(args, owner)
	}
	var theme, place string
	ids := []string{}
	var all []numbered
	err := db.Each(ctx, tx, func(r *numbered) []any { return append(r.Fields(), &r.seq, &r.audience, &theme, &place) }, func(r numbered) error {
		r.Themes, r.Places = one(theme), one(place)
		all, ids = append(all, r), append(ids, r.audience)
		return nil
	}, `
		SELECT `+record.Columns+`, record.seq, record.audience_id,
			coalesce((SELECT min(theme) FROM record_theme WHERE record_id = record.id), ''),
			coalesce((SELECT min(place) FROM record_place WHERE record_id = record.id), '')
		FROM record WHERE `+of+`record.kind > 'directory.' AND record.kind < 'directory.structure' AND record.state = '`+InForce+`' AND record.seq > $1
			AND record.owner_id NOT IN (SELECT id FROM directory_structure WHERE closed_on <> '')
		ORDER BY record.seq LIMIT $2`, args...)
	if err != nil {
		return nil, err
	}
	audiences, err := access.Audiences(ctx, tx, ids)
	for i := range all {
		all[i].Audience = audiences[all[i].audience]
	}
	return all, err
}

// rule numbers the ways of counting: a new one counts everything again.
const rule = 2

// digest is that of the themes and territories of the pack, and of how they are counted.
func (m *Module) digest() string {
	b, err := json.Marshal([]any{rule, m.Pack.Themes, m.Pack.Territories, m.Pack.Former})
	if err != nil {
		panic(err) // strings and numbers
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
