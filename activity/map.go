package activity

import (
	"context"
	"strings"

	"cadre/core/access"
	"cadre/core/place"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/web"
)

// Spread is where the activities of a plan take place.
type Spread struct {
	Counts map[string]int // by drawn territory; an activity counts once in each of those that it goes to
	Wide   int            // those for a whole region or the country and no narrower place: one does not know yet where they go
	Total  int
}

// Spread counts the visible activities that the filter keeps by territory.
func (m *Module) Spread(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter) (Spread, error) {
	type sites struct {
		places string
		n      int
	}
	s := Spread{Counts: map[string]int{}}
	where, args := f.where(v)
	err := db.Each(ctx, tx, func(x *sites) []any { return []any{&x.places, &x.n} }, func(x sites) error {
		here := map[string]bool{}
		for code := range strings.FieldsSeq(x.places) {
			here[m.Atlas.Holding(code)] = true
		}
		if len(here) > 1 {
			delete(here, "")
		}
		for code := range here {
			s.Counts[code] += x.n
		}
		s.Total += x.n
		return nil
	}, `SELECT places, count(*) FROM (
		SELECT string_agg(p.place, ' ') AS places FROM activity record JOIN record_place p ON p.record_id = record.id
		WHERE `+where+` GROUP BY record.id) each_activity GROUP BY places`, args...)
	s.Wide = s.Counts[""]
	delete(s.Counts, "")
	return s, err
}

// chartPage is the map of the plan.
type chartPage struct {
	viewPage
	Counts counts
	Spread Spread
}

// chart shows how many activities each préfecture has, and leads to them.
func (m *Module) chart(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	view, err := m.look(r, mapPath, text.T(ctx, "Carte du plan concerté"), thisYear)
	if err != nil {
		return web.Response{}, err
	}
	p := chartPage{viewPage: view}
	p.Choice.Place = "" // the map says where
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Order, p.Names, err = m.acronyms(ctx, tx); err != nil {
			return err
		}
		if p.Counts, err = m.counts(ctx, tx, v); err != nil {
			return err
		}
		p.Spread, err = m.Spread(ctx, tx, v, m.Filter(p.Choice, p.Order))
		p.Total = p.Spread.Total
		return err
	})
	return web.Page(chartView(p)), err
}

func (p chartPage) lede(ctx context.Context) string {
	words := p.viewPage.lede(ctx)
	if p.Spread.Wide > 0 {
		words += " " + text.N(ctx, p.Spread.Wide, "%s est prévue pour toute une région ou tout le pays, sans lieu plus précis.",
			"%s sont prévues pour toute une région ou tout le pays, sans lieu plus précis.", text.Number(ctx, p.Spread.Wide))
	}
	return words
}

// plate is the map with its table.
func (p chartPage) plate(ctx context.Context) place.Plate {
	other := p.Choice
	other.View = ""
	if p.Choice.View != place.Alone {
		other.View = place.Alone
	}
	there := func(code string) string {
		c := p.Choice
		c.Place, c.View = code, ""
		return c.Address(listPath)
	}
	return place.Plate{Atlas: p.Atlas, Unit: text.T(ctx, "Activités"), None: text.T(ctx, "aucune"), Plain: p.Choice.View == place.Alone, Other: other.Address(mapPath),
		Shading: place.Shading{ID: "carte", Title: text.T(ctx, "Activités par préfecture"), Summary: text.T(ctx, "Le tableau qui suit dit les mêmes nombres."),
			Counts: p.Spread.Counts, Href: there, Words: func(code string) string {
				n := p.Spread.Counts[code]
				return text.N(ctx, n, "%s : %s activité", "%s : %s activités", p.Places.Name(ctx, code), text.Number(ctx, n))
			}}}
}
