package directory

import (
	"context"
	"net/http"

	"cadre/core/access"
	"cadre/kit/api"
)

// crossAPI describes the operations that cross all sheets.
func (m *Module) crossAPI(a *api.API) {
	op := func(path, id, summary string) api.Op {
		return api.Op{Method: http.MethodGet, Path: path, ID: id, Summary: summary, Tag: "directory", Allow: access.Anyone}
	}
	api.Add(a, op("/matrix", "readMatrix", "Cross themes with institutions or with territories"), m.apiMatrix)
	api.Add(a, op("/map", "readMap", "Count what is known in each préfecture"), m.apiMap)
	unmet := op("/whom-to-ask/unanswered", "listUnanswered", "List the questions asked lately that no institution is competent for, the newest first")
	unmet.Allow = access.Holding(access.Secretariat)
	api.Add(a, unmet, m.apiUnmet)
	api.Add(a, op("/whom-to-ask", "askWhom", "Name the institutions to turn to, in order, each with the facts that say why"), m.apiAsk)
}

// CutInput chooses which facts the matrix and the map count.
type CutInput struct {
	Theme     string `query:"theme" doc:"Code; a theme of the first level counts those under it"`
	Structure string `query:"structure" doc:"Slug or identifier"`
	Nature    string `query:"nature"`
	Role      string `query:"role"`
	Kind      string `query:"kind" doc:"mission, programme or capacity; the map knows branch too"`
}

func (in CutInput) cut() Cut {
	return Cut{Theme: in.Theme, Structure: in.Structure, Nature: in.Nature, Role: in.Role, Kind: in.Kind}
}

type matrixInput struct {
	CutInput
	By    string `query:"by" enum:"structures,territories" default:"structures"`
	Place string `query:"place" doc:"Code of a region, or of the country"`
}

type matrixOutput struct{ Body Matrix }

func (m *Module) apiMatrix(ctx context.Context, in *matrixInput) (*matrixOutput, error) {
	read := m.Structures
	if in.By == "territories" {
		read = m.Territories
	}
	c := in.cut()
	c.Place = m.place(in.Place)
	x, err := read(ctx, access.Of(ctx), c)
	return &matrixOutput{x}, err
}

type mapOutput struct{ Body Presence }

func (m *Module) apiMap(ctx context.Context, in *CutInput) (*mapOutput, error) {
	p, err := m.Presence(ctx, access.Of(ctx), in.cut())
	return &mapOutput{p}, err
}

type askInput struct {
	Theme string `query:"theme" required:"true"`
	Place string `query:"place" doc:"Code; empty for the whole country"`
	Need  Need   `query:"need" enum:"information,joint,means,report" default:"information"`
	Means string `query:"means" doc:"Kind of capacity, when the need is means"`
}

// DirectionItem is an institution to turn to, in the API.
type DirectionItem struct {
	Structure string   `json:"structure" doc:"Slug"`
	Acronym   string   `json:"acronym"`
	Points    int      `json:"points"`
	Mission   string   `json:"mission,omitempty" doc:"Identifier of its best mission"`
	More      int      `json:"more" doc:"Its other missions that answer too"`
	Branch    string   `json:"branch,omitempty" doc:"Identifier of its antenna or committee there"`
	Lends     []string `json:"lends" doc:"Identifiers of the means asked for"`
	NotAsked  string   `json:"not_asked,omitempty" doc:"What is not its business, in its own words"`
}

type askOutput struct {
	Body struct {
		Items []DirectionItem `json:"items" doc:"The best first; nobody when no institution is competent"`
	}
}

func (m *Module) apiAsk(ctx context.Context, in *askInput) (*askOutput, error) {
	found, err := m.Ask(ctx, access.Of(ctx), Question{Theme: in.Theme, Place: m.place(in.Place), Need: in.Need, Means: in.Means})
	out := &askOutput{}
	out.Body.Items = []DirectionItem{}
	for _, d := range found {
		a := d.Answer
		out.Body.Items = append(out.Body.Items, DirectionItem{d.Structure.Slug, d.Structure.Acronym, a.Points, a.Mission, a.More, a.Branch, append([]string{}, a.Lends...), d.NotAsked})
	}
	return out, err
}
