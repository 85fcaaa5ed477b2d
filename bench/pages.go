package main

import (
	"context"
	"database/sql/driver"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"cadre/app"
	"cadre/kit/db"
)

// page is one thing that people ask for.
type page struct {
	name   string
	method string
	path   func(i int64) string
	body   func(i int64) string
	writes bool
	asks   [][]statement // of the database, by some requests; nil for a write, which is compared with a bare commit
}

// pages lists what is measured, as the focal point of a structure sees it.
func pages(ctx context.Context, a *app.App, s *seeded) ([]page, error) {
	all := ofFacts(s)
	if len(s.Activities) > 0 {
		all = ofPlan(s)
	}
	for i, p := range all {
		if !p.writes {
			var err error
			if all[i].asks, err = listen(ctx, a, s.token, p); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// get is a page that is read.
func get(name string, path func(i int64) string) page {
	return page{name: name, method: http.MethodGet, path: path, body: always("")}
}

// always is the same each time.
func always(s string) func(int64) string { return func(int64) string { return s } }

// each is one after another.
func each(beginning string, all []string, end string) func(int64) string {
	return func(i int64) string { return beginning + all[i%int64(len(all))] + end }
}

func ofFacts(s *seeded) []page {
	look := func(name, typed string) page {
		return get("search: "+name, always("/recherche?q="+url.QueryEscape(typed)))
	}
	return []page{
		get("list: GET /api/v1/missions?limit=50", always("/api/v1/missions?limit=50")),
		get("list: GET /structures", always("/structures")),
		get("sheet: GET /structures/{slug}", each("/structures/", s.Slugs, "")),
		get("sheet: GET /faits/{id}", each("/faits/", s.Facts, "")),
		look("a rare word", rareWord),
		look("a common word", commonWord),
		look("two words", twoWords),
		get("search: suggestions", always("/recherche/suggestions?q="+firstLetters)),
		get("matrix: themes × institutions", always("/annuaire/matrice")),
		get("matrix: themes × territories", always("/annuaire/matrice?par=territoires")),
		get("matrix: one theme in one region", always("/annuaire/matrice?par=territoires&theme=DRG&lieu=TG-S")),
		get("facts behind a cell", always("/annuaire/faits?theme=DRG&structure="+s.Slugs[0])),
		get("facts on a theme in a préfecture", always("/annuaire/faits?theme=DRG&lieu=TG-S-TONE")),
		get("map: GET /annuaire/carte", always("/annuaire/carte")),
		get("map: one theme", always("/annuaire/carte?theme=DRG")),
		get("territory: a préfecture", always("/territoires/TG-S-TONE")),
		get("whom to ask: a theme, a place", always("/annuaire/a-qui?theme=DRG&lieu=TG-S-TONE&besoin=information")),
		get("means that can be lent", always("/annuaire/moyens")),
		{name: "write: POST /api/v1/structures/{id}/capacities", method: http.MethodPost, writes: true, path: always("/api/v1/structures/" + s.Slugs[0] + "/capacities"),
			body: func(i int64) string {
				return fmt.Sprintf(`{"title":"Véhicule tout terrain n° %d","place":%q,"marking":"green","audience":["members"],"content":{"kind":"vehicles","quantity":2,"conditions":"Demande écrite, quinze jours avant."}}`, i, s.Place)
			}},
	}
}

// statement is one that a page asks of the database.
type statement struct {
	sql  string
	args []any
}

// samples is how many different requests of a page have their statements listened to.
const samples = 20

// listen asks for pages in this process and returns the statements of each request.
func listen(ctx context.Context, a *app.App, token string, p page) ([][]statement, error) {
	var all [][]statement
	for i := range int64(samples) {
		var said []statement
		watched := db.Watch(ctx, func(sql string, args []any) { said = append(said, statement{sql, plain(args)}) })
		r := httptest.NewRequestWithContext(watched, p.method, p.path(i), strings.NewReader(p.body(i)))
		r.Header.Set("Authorization", "Bearer "+token)
		if p.method == http.MethodPost {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		a.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			return nil, fmt.Errorf("%s: status %d", p.name, w.Code)
		}
		all = append(all, said)
	}
	return all, nil
}

// plain gives the values that the driver is told.
func plain(args []any) []any {
	all := make([]any, len(args))
	for i, a := range args {
		var err error
		if all[i], err = driver.DefaultParameterConverter.ConvertValue(a); err != nil {
			panic(err) // it was accepted a moment ago
		}
	}
	return all
}
