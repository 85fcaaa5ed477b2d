package directory

import (
	"context"
	"fmt"
	"slices"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/page"
)

// Search narrows a list of facts in force; an empty field leaves nothing out.
type Search struct {
	Cut
	Alone bool   // on that very theme, not on those under it; without a theme: on none
	Reach string // with a place: empty for it and below, or one of the reaches
	Means string // kind of capacity
	Day   string // on which a capacity can be lent, such as 2026-03-12
}

// The reaches of a list, besides a place and what lies in it.
const (
	Exact = "exact" // of that very place
	Wider = "wider" // of the places around it: what is said of them holds there too
	Here  = "here"  // of it, below it and around it: all that holds there
)

// where is the condition on directory_fact, as record, that the viewer sees a fact in force and the search keeps it.
// What it does not ask is not in it: the engines choose an index by what is.
func (m *Module) where(v access.Viewer, s Search, owners []string) (string, []any) {
	sql, args := access.Visible, v.Args()
	narrow := func(condition string, value any) {
		args = append(args, value)
		sql += fmt.Sprintf(condition, len(args))
	}
	switch {
	case s.Alone:
		narrow(` AND record.theme = $%d`, s.Theme)
	case s.Theme != "":
		narrow(` AND record.theme IN json_list($%d)`, db.JSON(m.subtree(s.Theme)))
	}
	if places := m.reached(s); places != nil {
		narrow(` AND record.place IN json_list($%d)`, db.JSON(places))
	}
	if owners != nil {
		narrow(` AND record.owner_id IN json_list($%d)`, db.JSON(owners))
	}
	if s.Kind != "" {
		narrow(` AND record.kind = $%d`, "directory."+s.Kind)
	} else {
		narrow(` AND record.kind IN json_list($%d)`, db.JSON(countedKinds()))
	}
	if s.Role != "" {
		narrow(` AND record.role = $%d`, s.Role)
	}
	if s.Means != "" {
		narrow(` AND record.means = $%d`, s.Means)
	}
	if s.Day != "" {
		narrow(` AND record.free_from <= $%[1]d AND (record.free_to = '' OR record.free_to >= $%[1]d)
			AND NOT EXISTS (SELECT 1 FROM directory_busy b WHERE b.id = record.id AND b.first_day <= $%[1]d AND b.last_day >= $%[1]d)`, s.Day)
	}
	return sql, args
}

// countedKinds are the kinds of records that stand in the matrix.
func countedKinds() []string {
	var all []string
	for _, k := range kinds {
		if counted(k.record) {
			all = append(all, k.record)
		}
	}
	return all
}

// reached lists the places whose facts a search wants; nil for all.
func (m *Module) reached(s Search) []string {
	switch {
	case s.Place == "":
		return nil
	case s.Reach == Exact:
		return []string{s.Place}
	case s.Reach == Wider:
		return append([]string{}, m.above(s.Place)...)
	case s.Place == m.Places.Country():
		return nil
	case s.Reach == Here:
		return append(m.above(s.Place), m.Places.Under(s.Place)...)
	}
	return m.Places.Under(s.Place)
}

// check refuses what is no code and no day.
func (m *Module) checkSearch(s *Search) error {
	if err := m.known(s.Cut); err != nil {
		return err
	}
	var c fault.Collect
	c.Need(s.Means == "" || listed(m.Pack.CapacityKinds, s.Means), "means", "Choisissez une nature de moyen de la liste.")
	c.Need(slices.Contains([]string{"", Exact, Wider, Here}, s.Reach), "reach", "Choisissez une portée de la liste.")
	day, err := form.ParseDate(s.Day)
	c.Need(err == nil, "day", "Indiquez une date qui existe, par exemple 31/12/2026.")
	s.Day = day.String()
	return c.Fault()
}

// Facts returns a page of the facts in force that the viewer may see and the search keeps:
// missions first, then programmes and capacities, each by title.
func (m *Module) Facts(ctx context.Context, v access.Viewer, s Search, p page.Request) (page.Of[FactLine], error) {
	var found page.Of[FactLine]
	err := m.checkSearch(&s)
	if err != nil {
		return found, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = m.search(ctx, tx, v, s, p)
		return err
	})
	return found, err
}

func (m *Module) search(ctx context.Context, tx *db.Tx, v access.Viewer, s Search, p page.Request) (page.Of[FactLine], error) {
	var owners []string
	if s.Structure != "" || s.Nature != "" {
		all, err := bodies(ctx, tx, v, s.Cut)
		if err != nil {
			return page.Of[FactLine]{}, err
		}
		owners = ids(all)
	}
	where, args := m.where(v, s, owners)
	total, err := db.Value[int](ctx, tx, `SELECT count(*) FROM directory_fact record WHERE `+where, args...)
	if err != nil || total == 0 {
		return page.Of[FactLine]{}, err
	}
	compare, order := `>`, `ASC`
	if p.Back {
		compare, order = `<`, `DESC`
	}
	n := len(args)
	type row struct {
		record.Record
		key string
	}
	rows, err := db.All(ctx, tx, func(r *row) []any { return append(r.Fields(), &r.key) }, fmt.Sprintf(`
		SELECT `+record.Columns+`, found.position FROM (
			SELECT record.id, record.position FROM directory_fact record
			WHERE `+where+` AND (record.position, record.id) %[1]s ($%[3]d, $%[4]d)
			ORDER BY record.position %[2]s, record.id %[2]s LIMIT $%[5]d) found
		JOIN record ON record.id = found.id ORDER BY found.position %[2]s, found.id %[2]s`,
		compare, order, n+1, n+2, n+3), append(args, p.Key, p.ID, p.Limit+1)...)
	if err != nil {
		return page.Of[FactLine]{}, err
	}
	cut := page.Cut(p, rows, total, func(r row) (string, string) { return r.key, r.ID })
	found := page.Of[FactLine]{From: cut.From, Total: cut.Total, Next: cut.Next, Prev: cut.Prev}
	for _, r := range cut.Rows {
		found.Rows = append(found.Rows, FactLine{Record: r.Record})
	}
	return found, complete(ctx, tx, found.Rows)
}

// complete reads the themes, the places and the content of facts.
func complete(ctx context.Context, tx *db.Tx, lines []FactLine) error {
	all := make([]record.Record, len(lines))
	for i, l := range lines {
		all[i] = l.Record
	}
	if err := record.LoadSets(ctx, tx, all); err != nil {
		return err
	}
	for i, r := range all {
		k, err := kindOfRecord(r.Kind)
		if err != nil {
			return err
		}
		lines[i].Record = r
		if lines[i].Fact, err = factOf(r, k); err != nil {
			return err
		}
	}
	return nil
}
