package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cadre/activity"
	"cadre/core/access"
	"cadre/core/circle"
	"cadre/kit/form"
	keyset "cadre/kit/page"
	"cadre/kit/sheet"
	"cadre/synergy"
)

// signedOf is how many ideas there are for each activity that two institutions have signed.
const signedOf = 100

// plans are the tables that an institution brings, by who reads what they hold: its share in twenty.
var plans = []struct {
	twentieths int
	circle     circle.Choice
}{
	{8, circle.Choice{Marking: "clear", Audience: []string{"public"}}},
	{9, circle.Choice{Marking: "green", Audience: []string{"members"}}},
	{3, circle.Choice{Marking: "amber"}},
}

// plan writes n activities: the annual plans of the institutions, which they import, from half a
// year ago to a year ahead. One in signedOf is proposed to another institution and signed.
func (s *seeder) plan(ctx context.Context, n int) error {
	for i := range structures {
		v := s.focal(i)
		for _, p := range plans {
			for left := max(1, n*p.twentieths/20/structures); left > 0; left -= sheet.MaxRows {
				if _, err := s.app.Activities.Import(ctx, v, s.table(i, min(left, sheet.MaxRows)), p.circle, false); err != nil {
					return fmt.Errorf("plan of %s: %w", s.Slugs[i], err)
				}
			}
		}
		if err := s.agree(ctx, v, s.focal((i+1)%structures)); err != nil {
			return err
		}
	}
	found, err := s.app.Activities.List(ctx, s.focal(0), activity.Filter{From: form.DateOf(s.app.Clock.Now())}, keyset.Request{Limit: 500})
	for _, f := range found.Rows {
		s.Activities = append(s.Activities, f.ID)
	}
	return err
}

// focal is the focal point of an institution.
func (s *seeder) focal(i int) access.Viewer {
	return access.Viewer{Person: s.people[i*5], Structure: s.Structures[i], Functions: []access.Function{access.Focal}, Clearance: access.Restricted}
}

// table is a plan of so many rows.
func (s *seeder) table(owner, rows int) []byte {
	var b strings.Builder
	b.WriteString("Référence;Intitulé;But;Type;Thèmes;Lieux;Début;Fin;Publics;Budget;Structures qui co-organisent\n")
	for range rows {
		s.row++
		theme, place := some(s.random, s.app.Pack.Themes, owner, 8), some(s.random, s.app.Pack.Territories, owner, 20)
		first := s.app.Clock.Now().AddDate(0, 0, s.random.IntN(540)-180)
		from, to := first.Format(time.DateOnly), ""
		switch draw := s.random.IntN(10); {
		case draw < 3:
			from = from[:len("2026-05")]
		case draw < 6:
			to = first.AddDate(0, 0, s.random.IntN(5)).Format(time.DateOnly)
		}
		partner := ""
		if s.row%signedOf == 0 {
			partner = fmt.Sprintf("SF%02d", (owner+1)%structures+1)
		}
		fmt.Fprintf(&b, "R%d;%s n° %d;%s;%s;%s;%s;%s;%s;%s;%d;%s\n", s.row, s.title(theme, place), s.row, s.sentence(), pick(s.random, s.app.Pack.ActivityTypes).Code, theme.Code, place.Code,
			from, to, pick(s.random, s.app.Pack.Publics).Code, 1000*s.random.IntN(5000), partner)
	}
	return []byte(b.String())
}

// agree proposes the ideas that have a partner, which signs them.
func (s *seeder) agree(ctx context.Context, lead, partner access.Viewer) error {
	ideas, err := s.app.Activities.List(ctx, partner, activity.Filter{Structures: []string{partner.Structure}, States: []string{activity.Idea}}, keyset.Request{Limit: 1 << 20})
	if err != nil {
		return err
	}
	for _, f := range ideas.Rows {
		if f.Owner != lead.Structure {
			continue
		}
		if f, err = s.app.Activities.Turn(ctx, lead, f.ID, "proposed", f.Version, activity.Turning{}); err != nil {
			return err
		}
		if _, err = s.app.Activities.Sign(ctx, partner, f.ID, activity.Answer{Verdict: activity.Signed, Terms: f.Terms(partner.Structure)}); err != nil {
			return err
		}
	}
	return nil
}

// ofPlan is what is asked of a plan.
func ofPlan(s *seeded) []page {
	year, month := time.Now().Format("2006"), time.Now().Format("2006-01")
	draft := func(i int64) url.Values {
		first := time.Now().AddDate(0, 0, int(i%300))
		return url.Values{"title": {"Sensibilisation"}, "purpose": {"Faire connaître les risques."}, "type": {"SENS"}, "themes": {"DRG-PRV"}, "publics": {"JEU"},
			"places": {[]string{"TG-S-TONE", "TG-K-KOZAH-1", "TG-M-GOLFE", "TG-C"}[i%4]}, "from": {first.Format(time.DateOnly)}, "to": {first.AddDate(0, 0, 4).Format(time.DateOnly)}}
	}
	return []page{
		{name: "overlaps while drafting: POST " + synergy.Watch, method: http.MethodPost, path: always(synergy.Watch), body: func(i int64) string { return draft(i).Encode() }},
		get("overlaps of an activity: GET /api/v1/activities/{id}/overlaps", each("/api/v1/activities/", s.Activities, "/overlaps")),
		get("activity: GET /activites/{id}", each("/activites/", s.Activities, "")),
		get("plan: GET /activites", always("/activites")),
		get("plan: a year, a theme, a préfecture", always("/activites?periode="+year+"&theme=DRG&lieu=TG-S-TONE")),
		get("plan: an institution", each("/activites?structure=", s.Structures, "")),
		get("plan: the calendar of a month", always("/activites/calendrier?periode="+month)),
		get("plan: the timeline of a year", always("/activites/frise?periode="+year)),
		get("plan: the map of a year", always("/activites/carte?periode="+year)),
		get("plan: the map of a theme in a year", always("/activites/carte?theme=DRG&periode="+year)),
		get("synergies of one’s institution: GET /synergie", always("/synergie")),
		get("gaps: GET /synergie/lacunes", always("/synergie/lacunes")),
		get("who works with whom: GET /synergie/reseau", always("/synergie/reseau")),
		get("desk: GET /", always("/")),
		{name: "write: POST /api/v1/activities", method: http.MethodPost, writes: true, path: always("/api/v1/activities"), body: func(i int64) string {
			return fmt.Sprintf(`{"title":"Visite n° %d","purpose":"Former.","type":"SENS","themes":["DRG"],"places":["TG-S-TONE"],"period":{"from":%q},"marking":"green","audience":["members"]}`, i, month)
		}},
	}
}
