package app

import (
	"context"
	"net/http"
	"time"

	"cadre/core/access"
	"cadre/core/find"
	"cadre/core/search"
	"cadre/kit/api"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// describeAPI gathers the operations of every room.
func (a *App) describeAPI() {
	a.API = api.New("Cadre", Version, "/api/v1", a.server.Explain)
	for _, room := range []interface{ API(*api.API) }{a.Desk, a.Calendar, a.Activities, a.Calls, a.Accords, a.Synergy, a.Directory, a.Records, a.dossier, a.People} {
		room.API(a.API)
	}
	api.Add(a.API, api.Op{Method: http.MethodGet, Path: "/search", ID: "search", Tag: "search", Allow: access.Anyone,
		Summary: "Find the records that hold all the words, the best first"}, a.apiSearch)
	api.Add(a.API, api.Op{Method: http.MethodGet, Path: "/themes", ID: "listThemes", Tag: "vocabulary", Allow: access.Anyone,
		Summary: "List the themes, each after the one that it stands under"}, a.apiThemes)
	api.Add(a.API, api.Op{Method: http.MethodGet, Path: "/places", ID: "listPlaces", Tag: "vocabulary", Allow: access.Anyone,
		Summary: "List the territories, each after the one that holds it"}, a.apiPlaces)
	api.Add(a.API, api.Op{Method: http.MethodGet, Path: "/proof", ID: "getProof", Tag: "journal", Allow: readsProof,
		Summary: "Read the journal's public key and its checkpoint of the day before"}, a.apiProof)
}

type searchInput struct {
	Q         string    `query:"q" maxLength:"200" doc:"Words, or an expression between quotation marks"`
	Kind      string    `query:"kind" doc:"Only records of this kind, such as directory.mission"`
	Structure string    `query:"structure" doc:"Only records of this institution (identifier)"`
	Theme     string    `query:"theme" doc:"Only records on this theme (code) or one under it"`
	Place     string    `query:"place" doc:"Only records about this territory (code) or one in it"`
	Since     form.Date `query:"since" format:"date" doc:"Only records changed on this day or later"`
	Until     form.Date `query:"until" format:"date" doc:"Only records changed on this day or before"`
	Limit     int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// Hit is an answer to a search.
type Hit struct {
	ID        string         `json:"id"`
	Kind      string         `json:"kind"`
	Title     string         `json:"title"`
	Structure string         `json:"structure" doc:"Identifier of the institution that owns the record"`
	Marking   access.Marking `json:"marking"`
	Updated   time.Time      `json:"updated"`
	Href      string         `json:"href" doc:"Page of the record"`
}

type searchOutput struct {
	Body struct {
		Items []Hit `json:"items"`
		Total int   `json:"total" doc:"Visible records found, at most 200"`
		More  bool  `json:"more" doc:"There are more: make the query more precise"`
	}
}

func (a *App) apiSearch(ctx context.Context, in *searchInput) (*searchOutput, error) {
	var found search.Results
	narrowed := a.search.Filter(find.Choice{Kind: in.Kind, Owner: in.Structure, Theme: in.Theme, Place: in.Place, Since: in.Since, Until: in.Until})
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = search.Find(ctx, tx, access.Of(ctx), in.Q, narrowed, a.Clock.Now())
		return err
	})
	out := &searchOutput{}
	out.Body.Items, out.Body.Total, out.Body.More = []Hit{}, len(found.Hits), found.More
	for _, h := range found.Hits[:min(len(found.Hits), in.Limit)] {
		out.Body.Items = append(out.Body.Items, Hit{h.ID, h.Kind, h.Title, h.Owner, h.Marking, h.Updated, href(h.Kind, h.ID)})
	}
	return out, err
}

type apiPage struct {
	ui.Page
	Ops []api.Op
}

// apiPage is the readable description of the API.
func (a *App) apiPage(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	return web.Page(apiView(apiPage{ui.Start(ctx, text.T(ctx, "Interface de programmation")), a.API.Operations()})), nil
}

// ThemeItem is a theme in the API, in the caller's language.
type ThemeItem struct {
	Code   string `json:"code"`
	Parent string `json:"parent,omitempty" doc:"Code of the theme above"`
	Label  string `json:"label"`
}

type themesOutput struct {
	Body struct {
		Items []ThemeItem `json:"items"`
	}
}

func (a *App) apiThemes(ctx context.Context, _ *struct{}) (*themesOutput, error) {
	out := &themesOutput{}
	for _, t := range a.Pack.Themes {
		out.Body.Items = append(out.Body.Items, ThemeItem{t.Code, t.Parent, a.themes.Label(ctx, t.Code)})
	}
	return out, nil
}

// PlaceItem is a territory in the API, in the caller's language.
type PlaceItem struct {
	Code   string `json:"code"`
	Parent string `json:"parent,omitempty" doc:"Code of the territory that holds it"`
	Level  string `json:"level"`
	Name   string `json:"name"`
}

type placesOutput struct {
	Body struct {
		Items []PlaceItem `json:"items"`
	}
}

func (a *App) apiPlaces(ctx context.Context, _ *struct{}) (*placesOutput, error) {
	out := &placesOutput{}
	for _, t := range a.Pack.Territories {
		out.Body.Items = append(out.Body.Items, PlaceItem{t.Code, t.Parent, t.Level, a.places.Name(ctx, t.Code)})
	}
	return out, nil
}

// readsProof is the rule of who may read the proof of the journal.
var readsProof = access.Holding(access.Oversight, access.Secretariat, access.Technical)

type proofOutput struct {
	Body struct {
		Key        string `json:"key" doc:"Public key of the journal (C2SP signed note)"`
		Checkpoint string `json:"checkpoint,omitempty" doc:"Signed checkpoint (C2SP tlog-checkpoint) of the end of the day before; absent on the first day"`
	}
}

func (a *App) apiProof(ctx context.Context, _ *struct{}) (*proofOutput, error) {
	out := &proofOutput{}
	out.Body.Key = a.key.Verifier
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		out.Body.Checkpoint, err = a.daily(ctx, tx)
		return err
	})
	return out, err
}
