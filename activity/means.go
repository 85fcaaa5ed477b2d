package activity

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// means are what is asked and what is offered, by the names of the lists.
func (p Plan) means() map[string][]Means {
	return map[string][]Means{"needs": p.Needs, "offers": p.Offers}
}

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

// lendable reads the capacities that a search finds, by identifier, as the viewer may see them.
func (m *Module) lendable(ctx context.Context, tx *db.Tx, v access.Viewer, w Lending) (map[string]Lendable, error) {
	all := map[string]Lendable{}
	if m.Lend == nil || len(w.Owners)+len(w.IDs)+len(w.Kinds) == 0 {
		return all, nil
	}
	found, err := m.Lend(ctx, tx, v, w)
	for _, l := range found {
		all[l.ID] = l
	}
	return all, err
}

// lends refuses a plan that names a capacity of another kind, or one which its author may not see,
// unless it was named before.
func (m *Module) lends(ctx context.Context, tx *db.Tx, v access.Viewer, p, before Plan) error {
	known, err := m.lendable(ctx, tx, v, Lending{IDs: p.capacities()})
	if err != nil {
		return err
	}
	var c fault.Collect
	for name, all := range p.means() {
		for _, n := range all {
			l, seen := known[n.Capacity]
			c.Need(n.Capacity == "" || seen || slices.Contains(before.capacities(), n.Capacity), name, "Choisissez un moyen de l’annuaire, dans la liste.")
			c.Need(!seen || l.Kind == n.Kind, name, "Le moyen de l’annuaire est d’une autre nature que celle de sa ligne.")
		}
	}
	return c.Fault()
}

// asked reports whether the list is that of what is asked of others.
func (p linesPage) asked() bool { return p.List.name == "needs" }

// offered is the search for what a line may name: of what is offered, what those who take part can
// lend; of what is asked, what anybody can lend of the kinds that are typed when the activity begins.
func (p linesPage) offered() Lending {
	w := Lending{IDs: p.capacities()}
	if p.asked() {
		w.Day, _ = p.Period.Days()
		for _, row := range p.Rows {
			w.Kinds = append(w.Kinds, row[0])
		}
		return w
	}
	w.Owners = []string{p.Owner}
	for _, o := range p.Partners {
		w.Owners = append(w.Owners, o.Structure)
	}
	return w
}

// lentOptions are the capacities that a line may name, by kind; never nil, so that the column
// is a choice even of nothing.
func (p linesPage) lentOptions(ctx context.Context) []ui.Option {
	all := []ui.Option{}
	names := acronymsOf(p.Order)
	for _, l := range p.Lent {
		o := ui.Option{Value: l.ID, Label: names[l.Owner] + " – " + l.Title, Group: term(ctx, p.Room.Pack.CapacityKinds, l.Kind)}
		if len(l.Places) > 0 {
			o.Label += ", " + p.Room.Places.Name(ctx, l.Places[0])
		}
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b ui.Option) int {
		return cmp.Or(strings.Compare(a.Group, b.Group), strings.Compare(a.Label, b.Label), strings.Compare(a.Value, b.Value))
	})
	return all
}

// lent names the capacity of a means, and of whom it is asked, or whose it is.
func (p voice) lent(ctx context.Context, m Means, asked bool) string {
	l, known := p.Lent[m.Capacity]
	switch {
	case !known:
		return ""
	case asked:
		return text.T(ctx, "demandé à %s : %s", p.Names[l.Owner], l.Title)
	}
	return l.Title + ", " + p.Names[l.Owner]
}

// calls reports whether the viewer may ask an institution for what it can lend: it takes no part
// yet, and the marking lets it read the activity.
func (p showPage) calls(l Lendable) bool {
	readers := append(slices.Clone(p.Audience), access.Structure(l.Owner))
	return p.settles() && l.Owner != p.Owner && p.role(l.Owner) == "" && p.Record.Marking.Check(p.Owner, readers) == nil
}

// Call asks an institution for the means that a need names: it becomes a supporting partner,
// reads the activity, and signs.
func (m *Module) Call(ctx context.Context, v access.Viewer, recordID, structure string) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		return m.Join(ctx, act, recordID, structure, Support)
	})
}

// postCall asks an institution for what it can lend.
func (m *Module) postCall(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err == nil {
		err = m.Call(r.Context(), access.Of(r.Context()), r.PathValue("id"), values.Get("structure"))
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(Href(Kind, r.PathValue("id")) + "#concertation").Done(text.Key("La structure est associée.")), nil
}
