package app

import (
	"cmp"
	"context"
	"net/url"
	"time"

	"cadre/activity"
	"cadre/call"
	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/directory"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/id"
	"cadre/synergy"

	"github.com/a-h/templ"
)

// near joins synergy to the rooms whose activities, means and mandates it compares.
func (a *App) near() synergy.Source {
	return synergy.Source{
		Find: func(ctx context.Context, tx *db.Tx, v access.Viewer, id string) (synergy.Planned, error) {
			r, err := record.Find(ctx, tx, v, id, activity.Kind)
			if err != nil {
				return synergy.Planned{}, err
			}
			return plannedIn(ctx, tx, r)
		},
		Near: func(ctx context.Context, tx *db.Tx, v access.Viewer, w synergy.Window, most int) ([]synergy.Planned, error) {
			found, err := activity.Near(ctx, tx, v, w.Places, w.From, w.To, most)
			return allPlanned(ctx, tx, found, err)
		},
		Of: func(ctx context.Context, tx *db.Tx, v access.Viewer, from form.Date, most int) ([]synergy.Planned, error) {
			found, err := activity.Some(ctx, tx, v, activity.Filter{Structures: v.Structures(), From: from, States: upcoming}, most)
			return allPlanned(ctx, tx, found, err)
		},
		Between: func(ctx context.Context, tx *db.Tx, v access.Viewer, from, to form.Date, themes []string, most int) ([]synergy.Planned, error) {
			found, err := activity.Some(ctx, tx, v, activity.Filter{Themes: themes, From: from, To: to, States: standing}, most)
			return allPlanned(ctx, tx, found, err)
		},
		Agreed:     agreed,
		Signed:     signed,
		Covered:    covered,
		Mandates:   mandates,
		Capacities: capacities,
		Draft: func(ctx context.Context, tx *db.Tx, v access.Viewer, id string, typed url.Values) (synergy.Planned, error) {
			f, err := a.Activities.Sketch(ctx, tx, v, id, typed)
			if err != nil {
				return synergy.Planned{}, err
			}
			return planned(ctx, tx, f)
		},
		Join: func(ctx context.Context, act *journal.Act, id, structure string) error {
			return a.Activities.Join(ctx, act, id, structure, activity.Co)
		},
		Tell: func(ctx context.Context, act *journal.Act, id, words string) error {
			_, err := a.dossier.Put(ctx, act, id, words)
			return err
		},
		Needs: needs,
		New:   func(theme, place string, from, to form.Date) string { return newActivity(theme, place, from, to, "") },
		Ask:   call.Ask,
	}
}

// planned is an activity as synergy compares it: whoever took over an institution stands for it.
func planned(ctx context.Context, tx *db.Tx, f activity.Found) (synergy.Planned, error) {
	heirs, err := directory.Heirs(ctx, tx)
	return compared(f, heirs), err
}

func compared(f activity.Found, heirs map[string]string) synergy.Planned {
	now := func(structure string) string { return cmp.Or(heirs[structure], structure) }
	p := synergy.Planned{ID: f.ID, Number: f.Number, Title: f.Title, Lead: now(f.Owner), Owner: f.Owner, Type: f.Type, Themes: f.Themes, Places: f.Places, Publics: f.Publics,
		Precision: f.Period.Precision(), Needs: means(f.Needs), Offers: means(f.Offers), State: f.State, Marking: f.Marking, Updated: f.Updated}
	if f.ID != "" {
		p.Href = activity.Href(activity.Kind, f.ID)
	}
	if f.Period.From != "" {
		p.From, p.To = f.Period.Days()
	}
	for _, o := range f.Partners {
		if o.Role.Signs() { // who is only consulted or informed does not organise it
			p.Partners = append(p.Partners, now(o.Structure))
		}
	}
	for _, l := range f.Budget {
		if l.Funder != "" && !id.Valid(l.Funder) { // an institution of the framework funds its own
			p.Funders = append(p.Funders, l.Funder)
		}
	}
	return p
}

func plannedIn(ctx context.Context, tx *db.Tx, r record.Record) (synergy.Planned, error) {
	content, err := record.Decode[activity.Activity](r)
	if err != nil {
		return synergy.Planned{}, err
	}
	return planned(ctx, tx, activity.Found{Record: r, Activity: content})
}

func means(all []activity.Means) []synergy.Mean {
	var out []synergy.Mean
	for _, m := range all {
		out = append(out, synergy.Mean{Kind: m.Kind, Quantity: m.Quantity, Place: m.Place, Capacity: m.Capacity})
	}
	return out
}

// upcoming are the states of what may still take place.
var upcoming = []string{activity.Idea, activity.Concertation, activity.Committed, activity.Running}

// standing are the states of what takes place, or took place.
var standing = append([]string{activity.Reported, activity.Capitalised}, upcoming...)

func allPlanned(ctx context.Context, tx *db.Tx, found []activity.Found, err error) ([]synergy.Planned, error) {
	if err != nil {
		return nil, err
	}
	heirs, err := directory.Heirs(ctx, tx)
	var all []synergy.Planned
	for _, f := range found {
		all = append(all, compared(f, heirs))
	}
	return all, err
}

// agreed is when the lead of one of two activities, or who took it over, signed the other.
func agreed(ctx context.Context, tx *db.Tx, v access.Viewer, pairs []synergy.Couple) (map[synergy.Couple]time.Time, error) {
	var ids []string
	for _, p := range pairs {
		ids = append(ids, p[0], p[1])
	}
	found, err := activity.Those(ctx, tx, v, ids)
	if err != nil {
		return nil, err
	}
	heirs, err := directory.Heirs(ctx, tx)
	by := map[string]activity.Found{}
	for _, f := range found {
		by[f.ID] = f
	}
	all := map[synergy.Couple]time.Time{}
	for _, p := range pairs {
		a, b := by[p[0]], by[p[1]]
		for _, at := range []time.Time{a.SignedAt(b.Owner), a.SignedAt(heirs[b.Owner]), b.SignedAt(a.Owner), b.SignedAt(heirs[a.Owner])} {
			if first, known := all[p]; !at.IsZero() && (!known || at.Before(first)) {
				all[p] = at
			}
		}
	}
	return all, err
}

// signed counts the activities of a year that two institutions signed; whoever took one over stands for it.
func signed(ctx context.Context, tx *db.Tx, v access.Viewer, year int, themes []string) ([]synergy.Tie, error) {
	heirs, err := directory.Heirs(ctx, tx)
	if err != nil {
		return nil, err
	}
	from, to := form.Date{Year: year, Month: time.January, Day: 1}, form.Date{Year: year, Month: time.December, Day: 31}
	bonds, err := activity.Bonds(ctx, tx, v, activity.Filter{Themes: themes, From: from, To: to}, heirs)
	var all []synergy.Tie
	for _, b := range bonds {
		all = append(all, synergy.Tie(b))
	}
	return all, err
}

func covered(ctx context.Context, tx *db.Tx, v access.Viewer, from, to form.Date) ([]synergy.Covered, error) {
	found, err := activity.Covered(ctx, tx, v, activity.Filter{From: from, To: to})
	var all []synergy.Covered
	for _, c := range found {
		all = append(all, synergy.Covered(c))
	}
	return all, err
}

// newActivity is the form of an activity, begun.
func newActivity(theme, place string, from, to form.Date, serves string) string {
	q := url.Values{}
	for name, value := range map[string]string{"themes": theme, "places": place, "from": from.String(), "to": to.String(), "serves": serves} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/activites/nouvelle?" + q.Encode()
}

// executing is the form of an activity that would carry out a record.
func executing(serves string) string { return newActivity("", "", form.Date{}, form.Date{}, serves) }

// needs are the open calls that a viewer sees, as gaps are reckoned from them.
func needs(ctx context.Context, tx *db.Tx, v access.Viewer, from, to form.Date, most int) ([]synergy.Need, error) {
	standing, err := call.Standing(ctx, tx, v, from, to, most)
	if err != nil || len(standing) == 0 {
		return nil, err
	}
	var ids []string
	for _, f := range standing {
		ids = append(ids, f.ID)
	}
	served, err := record.Origins(ctx, tx, v, record.Serves, ids)
	var all []synergy.Need
	for _, f := range standing {
		all = append(all, synergy.Need{ID: f.ID, Title: f.Title, Href: call.Href(call.Kind, f.ID), Owner: f.Owner, Theme: one(f.Themes), Place: one(f.Places), Answered: len(served[f.ID]) > 0})
	}
	return all, err
}

// mandated are mandates as calls ask of them.
func mandated(ctx context.Context, tx *db.Tx, v access.Viewer, themes []string, most int) ([]call.Mandate, error) {
	found, err := mandates(ctx, tx, v, themes, most)
	var all []call.Mandate
	for _, x := range found {
		if x.Role != synergy.Supports {
			all = append(all, call.Mandate{Owner: x.Owner, Theme: x.Theme, Place: x.Place})
		}
	}
	return all, err
}

func mandates(ctx context.Context, tx *db.Tx, v access.Viewer, themes []string, most int) ([]synergy.Mandate, error) {
	lines, err := directory.Missions(ctx, tx, v, themes, most)
	var all []synergy.Mandate
	for _, l := range lines {
		if f, ok := l.Fact.(*directory.Mission); ok {
			all = append(all, synergy.Mandate{ID: l.ID, Title: l.Title, Href: href(l.Kind, l.ID), Owner: l.Owner, Theme: one(l.Themes), Place: one(l.Places), Role: f.Role})
		}
	}
	return all, err
}

func capacities(ctx context.Context, tx *db.Tx, v access.Viewer, kinds []string, on form.Date, most int) ([]synergy.Capacity, error) {
	lines, err := directory.Means(ctx, tx, v, kinds, on.String(), most)
	var all []synergy.Capacity
	for _, l := range lines {
		if f, ok := l.Fact.(*directory.Capacity); ok {
			all = append(all, synergy.Capacity{ID: l.ID, Title: l.Title, Href: href(l.Kind, l.ID), Owner: l.Owner, Kind: f.Kind, Places: l.Places})
		}
	}
	return all, err
}

// lend lists capacities of the directory for the means of an activity.
func lend(ctx context.Context, tx *db.Tx, v access.Viewer, w activity.Lending) ([]activity.Lendable, error) {
	const most, offered = 500, 150
	lines, err := directory.Lendable(ctx, tx, v, w.Owners, w.IDs, max(most, len(w.IDs)))
	if err == nil && len(w.Kinds) > 0 {
		var free []directory.FactLine
		free, err = directory.Means(ctx, tx, v, w.Kinds, w.Day.String(), offered)
		lines = append(lines, free...)
	}
	var all []activity.Lendable
	for _, l := range lines {
		if f, ok := l.Fact.(*directory.Capacity); ok {
			all = append(all, activity.Lendable{ID: l.ID, Title: l.Title, Href: href(l.Kind, l.ID), Owner: l.Owner, Kind: f.Kind, Places: l.Places, Marking: l.Marking})
		}
	}
	return all, err
}

// one is the only code of a list, or nothing.
func one(codes []string) string {
	if len(codes) == 0 {
		return ""
	}
	return codes[0]
}

// beside shows on the page of an activity what touches it.
func (a *App) beside(ctx context.Context, tx *db.Tx, v access.Viewer, r record.Record) (templ.Component, error) {
	p, err := plannedIn(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	return a.Synergy.Beside(ctx, tx, v, p)
}

// foreseen shows what touches a plan that is not saved yet.
func (a *App) foreseen(ctx context.Context, tx *db.Tx, v access.Viewer, r record.Record) (templ.Component, error) {
	p, err := plannedIn(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	return a.Synergy.Foreseen(ctx, tx, v, p)
}
