package activity

import (
	"context"
	"net/url"
	"strings"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/web"
)

// sincePage compares the plan of a year with the plan as it stood on a day.
type sincePage struct {
	viewPage
	State form.State
	Day   form.Date
	New   []Found // were not there, or the viewer could not read them
	Moved []moved
	Still int // how many have not changed
}

// moved is an activity that is not as it stood.
type moved struct {
	Found
	Changes []record.Difference
}

// since shows what has changed in the plan since a day: what has come, what was given up,
// what was moved, what it costs. What the viewer could not read on that day is new to them.
func (m *Module) since(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	view, err := m.view(r, sincePath, text.T(ctx, "Évolution du plan concerté"), thisYear, onScreen)
	if err != nil {
		return web.Response{}, err
	}
	p := sincePage{viewPage: view, State: form.State{Values: url.Values{}}}
	typed := r.Query("depuis")
	p.State.Values.Set("depuis", typed)
	if p.Day, err = form.ParseDate(typed); err != nil || p.Day.IsZero() || p.Day.Compare(p.Today) > 0 {
		p.Day = form.DateOf(p.Today.In(m.Zone).AddDate(0, -3, 0))
		if typed != "" {
			p.State.Faults = []fault.Field{{Name: "depuis", Sentence: text.M("Donnez un jour qui est passé, comme 18/05/2026.")}}
		}
	}
	if len(p.State.Faults) == 0 {
		p.State.Values.Set("depuis", p.Day.String())
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return m.compareSince(ctx, tx, v, &p)
	})
	return web.Page(sinceView(p)), err
}

func (m *Module) compareSince(ctx context.Context, tx *db.Tx, v access.Viewer, p *sincePage) error {
	records := make([]record.Record, len(p.All))
	for i, f := range p.All {
		records[i] = f.Record
	}
	then, err := record.AsOf(ctx, tx, v, records, p.Day.In(m.Zone).AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	o := voice{Room: m, Names: p.Names}
	for _, f := range p.All {
		old, was := then[f.ID]
		if !was {
			p.New = append(p.New, f)
			continue
		}
		before := record.Record{Kind: Kind, Owner: f.Owner, State: old.State, Title: old.Title, Places: old.Places, Themes: old.Themes, Content: string(old.Content)}
		a, err := record.Decode[Activity](before)
		if err != nil {
			return err
		}
		if changes := o.moves(ctx, Found{before, a}, f); len(changes) > 0 {
			p.Moved = append(p.Moved, moved{f, changes})
		} else {
			p.Still++
		}
	}
	return nil
}

// moves lists what two versions of an activity say differently of the plan.
func (p voice) moves(ctx context.Context, before, after Found) []record.Difference {
	said := func(f Found) [][2]string {
		t := f.CurrentTerms()
		total, _ := f.Cost()
		cost := ""
		if total > 0 {
			cost = text.Money(ctx, total)
		}
		return [][2]string{{"title", f.Title}, {"state", text.T(ctx, Life.Name(f.State))}, {"period", f.Period.Words(ctx)},
			{"places", p.termWords(ctx, t, ofPlaces)}, {"partners", p.termWords(ctx, t, ofPartners)}, {"budget", cost}, {"targeted", peopleWords(ctx, f.Targeted)}}
	}
	var all []record.Difference
	now := said(after)
	for i, was := range said(before) {
		if was[1] != now[i][1] {
			all = append(all, record.Difference{Name: Label(ctx, was[0]), Before: was[1], After: now[i][1]})
		}
	}
	return all
}

// counted says how much has changed, in a sentence.
func (p sincePage) counted(ctx context.Context) string {
	return strings.Join([]string{
		text.N(ctx, len(p.New), "%d activité nouvelle", "%d activités nouvelles", len(p.New)),
		text.N(ctx, len(p.Moved), "%d modifiée", "%d modifiées", len(p.Moved)),
		text.N(ctx, p.Still, "%d inchangée", "%d inchangées", p.Still)}, ", ") + "."
}
