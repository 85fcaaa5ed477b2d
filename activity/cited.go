package activity

import (
	"context"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/doc"
	"cadre/kit/text"
)

// cited is what activities name beside themselves, of what the viewer may see.
type cited struct {
	Served map[string][]record.Record // the recommendations and obligations that they serve, by activity
	Lent   map[string]Lendable        // the capacities of the directory that their means name, by identifier
}

// cite reads what activities name beside themselves.
func (m *Module) cite(ctx context.Context, tx *db.Tx, v access.Viewer, all []Found) (c cited, err error) {
	var ids, capacities []string
	for _, f := range all {
		ids, capacities = append(ids, f.ID), append(capacities, f.capacities()...)
	}
	if c.Served, err = record.Ends(ctx, tx, v, record.Serves, ids); err != nil {
		return c, err
	}
	c.Lent, err = m.lendable(ctx, tx, v, Lending{IDs: capacities})
	return c, err
}

// marking is the highest of what is named: who names it in a file marks the file so.
func (c cited) marking() access.Marking {
	top := access.Clear
	for _, served := range c.Served {
		for _, r := range served {
			top = max(top, r.Marking)
		}
	}
	for _, l := range c.Lent {
		top = max(top, l.Marking)
	}
	return top
}

// serves names what an activity serves, as files do.
func (c cited) serves(f Found) []string {
	var all []string
	for _, r := range c.Served[f.ID] {
		all = append(all, entitled(r))
	}
	return all
}

// entitled names a record by its number and its title.
func entitled(r record.Record) string { return dashed(r.Number, r.Title) }

// served is the part of the paper that lists what the plan serves, each with the activities that do.
func (p viewPage) served(ctx context.Context) []doc.Block {
	g := doc.Grid{Strong: true, Columns: []doc.GridColumn{{Label: text.T(ctx, "Recommandation ou obligation"), Weight: 5}, {Label: text.T(ctx, "Activités"), Weight: 6},
		{Label: text.T(ctx, "État"), Weight: 2}}}
	var all []record.Record
	for _, f := range p.All {
		all = append(all, p.Served[f.ID]...)
	}
	slices.SortFunc(all, func(a, b record.Record) int { return strings.Compare(entitled(a)+a.ID, entitled(b)+b.ID) })
	for _, r := range slices.CompactFunc(all, func(a, b record.Record) bool { return a.ID == b.ID }) {
		name := entitled(r)
		for _, f := range p.All {
			if slices.ContainsFunc(p.Served[f.ID], func(s record.Record) bool { return s.ID == r.ID }) {
				g.Rows = append(g.Rows, []string{name, entitled(f.Record), text.T(ctx, Life.Name(f.State))})
				name = ""
			}
		}
	}
	if len(g.Rows) == 0 {
		return nil
	}
	return []doc.Block{doc.Heading{Level: 1, Words: text.T(ctx, "Ce que le plan sert")}, g}
}

// reservations is the part of the paper that lists the reservations with which the plan was signed.
func (p viewPage) reservations(ctx context.Context) []doc.Block {
	g := doc.Grid{Strong: true, Columns: []doc.GridColumn{{Label: text.T(ctx, "Activité"), Weight: 5}, {Label: text.T(ctx, "Structure"), Weight: 2}, {Label: text.T(ctx, "Réserve"), Weight: 6}}}
	for _, f := range p.All {
		for _, s := range f.Signatures {
			if s.Verdict == Reserved {
				g.Rows = append(g.Rows, []string{entitled(f.Record), p.Names[s.Structure], s.Text})
			}
		}
	}
	if len(g.Rows) == 0 {
		return nil
	}
	return []doc.Block{doc.Heading{Level: 1, Words: text.T(ctx, "Réserves")}, g}
}
