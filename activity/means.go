package activity

import (
	"context"
	"maps"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/ui"
)

// capacities are the identifiers of the capacities that answer means of the plan.
func (p Plan) capacities() []string {
	all := map[string]bool{}
	for _, m := range slices.Concat(p.Needs, p.Offers) {
		if m.Capacity != "" {
			all[m.Capacity] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// lendable reads the capacities of institutions and those of such identifiers, as the viewer may see them.
func (m *Module) lendable(ctx context.Context, tx *db.Tx, v access.Viewer, owners, ids []string) (map[string]Lendable, error) {
	all := map[string]Lendable{}
	if m.Lend == nil || len(owners)+len(ids) == 0 {
		return all, nil
	}
	found, err := m.Lend(ctx, tx, v, owners, ids)
	for _, l := range found {
		all[l.ID] = l
	}
	return all, err
}

// lends refuses a plan that names a capacity which its author may not see, unless it was named before.
func (m *Module) lends(ctx context.Context, tx *db.Tx, v access.Viewer, p, before Plan) error {
	known, err := m.lendable(ctx, tx, v, nil, p.capacities())
	if err != nil {
		return err
	}
	var c fault.Collect
	for _, id := range p.capacities() {
		_, seen := known[id]
		c.Need(seen || slices.Contains(before.capacities(), id), "means_capacity", "Choisissez un moyen de l’annuaire, dans la liste.")
	}
	return c.Fault()
}

// lentOptions are the capacities of those who take part, and those that are named already; never
// nil, so that the column is a choice even of nothing.
func (p linesPage) lentOptions() []ui.Option {
	all := []ui.Option{}
	names := acronymsOf(p.Order)
	for _, id := range slices.SortedFunc(maps.Keys(p.Lent), func(a, b string) int {
		x, y := p.Lent[a], p.Lent[b]
		return strings.Compare(names[x.Owner]+x.Title+a, names[y.Owner]+y.Title+b)
	}) {
		l := p.Lent[id]
		all = append(all, ui.Option{Value: id, Label: names[l.Owner] + " – " + l.Title})
	}
	return all
}
