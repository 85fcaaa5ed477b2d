package accord

import (
	"context"

	"cadre/core/access"
	"cadre/core/desk"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/text"
)

// How many accords the desk looks at, and how many days ahead it looks for clauses and for ends.
const (
	looked = 200
	soon   = 30
	ending = 90
)

// Tasks lists what accords in force wait for from the viewer's institution: the clauses that it owes
// and that are late or due soon, and its own accords that are past, or soon end if nobody renews them.
func (m *Module) Tasks(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	if !v.Is(keepers...) {
		return nil, nil
	}
	rows, err := record.Lately(ctx, tx, v, record.Filter{Kind: Kind, State: InForce}, looked)
	var all []desk.Task
	for _, r := range rows {
		f, err := found(r)
		if err != nil {
			return nil, err
		}
		all = append(all, m.tasks(ctx, v, f)...)
	}
	return all, err
}

// tasks are what one accord waits for.
func (m *Module) tasks(ctx context.Context, v access.Viewer, f Found) []desk.Task {
	var all []desk.Task
	for i, c := range f.Clauses {
		if v.Serves(c.Structure, keepers...) && c.pending() && !c.Due.IsZero() && left(c.Due, m.today()) <= soon {
			all = append(all, m.owed(ctx, c, i+1))
		}
	}
	if v.Serves(f.Owner, keepers...) && f.expires(left(f.Until, m.today())) {
		all = append(all, m.expiring(ctx, f))
	}
	for i, t := range all {
		all[i].Title, all[i].Quoted, all[i].Href = f.Title, append([]text.Passage{text.Own(ctx, f.Title, "")}, t.Quoted...), Href(Kind, f.ID)+t.Href
		all[i].Marking = f.Marking
	}
	return all
}

// expires reports whether somebody must see to the end of an accord that is so many days away.
func (p Pact) expires(days int) bool {
	return !p.Until.IsZero() && (days < 0 || days <= ending && !p.Tacit)
}

// owed is a clause to keep, by its rank.
func (m *Module) owed(ctx context.Context, c Clause, rank int) desk.Task {
	t := desk.Task{Kind: text.T(ctx, "Clause à tenir"), Href: "?clause=" + c.ID + "#suivi", Action: text.T(ctx, "Dire où elle en est"), Due: c.Due.In(m.Zone),
		Why: text.T(ctx, "Clause %d : %s", rank, c.Text), Quoted: []text.Passage{text.Own(ctx, c.Text, "")}, Wait: desk.Wait{Matter: "clause/" + c.ID, Since: c.Due.In(m.Zone)}}
	if left(c.Due, m.today()) < 0 {
		t.Kind = text.T(ctx, "Clause en retard")
	}
	return t
}

// expiring is an accord whose end must be seen to.
func (m *Module) expiring(ctx context.Context, f Found) desk.Task {
	t := desk.Task{Kind: text.T(ctx, "Accord qui arrive à échéance"), Href: "/modifier", Action: text.T(ctx, "Donner une autre échéance"), Due: f.Until.In(m.Zone),
		Why: text.T(ctx, "Il s’arrête le %s. Prolongez-le, ou laissez-le prendre fin.", day(ctx, f.Until)), Wait: desk.Wait{Matter: "expiry/" + f.ID, Since: f.Until.In(m.Zone).AddDate(0, 0, -ending)}}
	if left(f.Until, m.today()) < 0 {
		t.Kind, t.Why, t.Since = text.T(ctx, "Accord échu"), text.T(ctx, "Son échéance est passée depuis le %s. Donnez la nouvelle, ou mettez-y fin.", day(ctx, f.Until)), f.Until.In(m.Zone)
		t.Href, t.Action = "", text.T(ctx, "Voir l’accord")
	}
	return t
}
