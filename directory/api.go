package directory

import (
	"context"
	"net/http"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/record"
	"cadre/kit/api"
	"cadre/kit/page"
	"cadre/kit/sheet"
)

// API describes the directory's operations.
func (m *Module) API(a *api.API) {
	op := func(method, path, id, summary string, allow access.Rule) api.Op {
		return api.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: "directory", Allow: allow}
	}
	api.Add(a, op(http.MethodGet, "/structures", "listStructures", "List institutions by acronym", access.Anyone), m.apiList)
	admit := op(http.MethodPost, "/structures", "admitStructure", "Admit an institution to the framework", access.Holding(access.Secretariat))
	admit.Status = http.StatusCreated
	api.Add(a, admit, m.apiAdmit)
	api.Add(a, op(http.MethodGet, "/structures/{id}", "getStructure", "Read the sheet of an institution, by identifier or slug", access.Anyone), m.apiGet)
	api.Add(a, op(http.MethodPatch, "/structures/{id}", "amendStructure", "Change the identity of an institution", access.SignedIn), m.apiAmend)
	api.Add(a, op(http.MethodPost, "/structures/{id}/names", "renameStructure", "Give a new official name from a date on", access.SignedIn), m.apiDated(m.Rename))
	api.Add(a, op(http.MethodPost, "/structures/{id}/supervision", "attachStructure", "Put under another supervising authority from a date on", access.SignedIn), m.apiDated(m.Attach))
	api.Add(a, op(http.MethodPost, "/structures/{id}/texts", "citeText", "Add a text that founds or governs the institution", access.SignedIn), m.apiCite)
	api.Add(a, op(http.MethodDelete, "/structures/{id}/{list}/{line}", "strikeLine", "Take off the sheet a name, a supervising authority or a text that should never have stood there", access.SignedIn), m.apiStrike)
	api.Add(a, op(http.MethodPost, "/structures/{id}/confirmation", "confirmStructure", "Confirm that the sheet is right", access.SignedIn), m.apiConfirm)
	api.Add(a, op(http.MethodPost, "/structures/{id}/closing", "closeStructure", "Take an institution out of the framework: dissolved, or merged into another", access.SignedIn), m.apiClose)
	api.Add(a, op(http.MethodDelete, "/structures/{id}/closing", "reopenStructure", "Take back a closing that was a mistake", access.SignedIn), m.apiReopen)
	api.Add(a, op(http.MethodPost, "/structures/{id}/adoption", "adoptFacts", "Put the facts of a closed institution on the sheet of the one that succeeds it", access.SignedIn), m.apiAdopt)
	api.Add(a, op(http.MethodGet, "/freshness", "listFreshness", "List the institutions with what their sheets lack and who is reminded, the least recently confirmed first", access.Holding(access.Secretariat)), m.apiFreshness)
	api.Add(a, op(http.MethodPost, "/reach", "previewReach", "Tell who would read a record, before saving it", access.Holding(keepers...)), m.apiReach)
	take := op(http.MethodPost, "/structures/{id}/imports/{table}", "importTable", "Import missions, capacities, branches or focal points from an XLSX or CSV file: all rows or none", access.SignedIn)
	take.MaxBody = sheet.MaxFile + 1
	api.Add(a, take, m.apiImport)
	m.crossAPI(a)
	addFacts[Mission](a, m, "mission", "missions")
	addFacts[Programme](a, m, "programme", "programmes")
	addFacts[Capacity](a, m, "capacity", "capacities")
	addFacts[Branch](a, m, "branch", "branches")
	addFacts[Document](a, m, "document", "documents")
}

// StructureItem is an institution in a list of the API.
type StructureItem struct {
	ID      string         `json:"id"`
	Slug    string         `json:"slug"`
	Acronym string         `json:"acronym"`
	Name    string         `json:"name" doc:"Official name, today"`
	Nature  string         `json:"nature"`
	Summary string         `json:"summary,omitempty"`
	Marking access.Marking `json:"marking"`
	Version int64          `json:"version"`
	Updated time.Time      `json:"updated"`
}

type listInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After  string `query:"after" doc:"Cursor: the field next of the page before"`
	Nature string `query:"nature"`
	Theme  string `query:"theme" doc:"Institutions with a mission on this theme"`
	Place  string `query:"place" doc:"Institutions with a fact in this territory"`
	Closed bool   `query:"closed" doc:"Those that have left the framework, in place of those that are in it"`
}

type listOutput struct {
	Body struct {
		Items []StructureItem `json:"items"`
		Total int             `json:"total"`
		Next  string          `json:"next,omitempty"`
	}
}

func (m *Module) apiList(ctx context.Context, in *listInput) (*listOutput, error) {
	asked, err := page.Parse(in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	found, err := m.List(ctx, access.Of(ctx), Filter{Nature: in.Nature, Theme: in.Theme, Place: m.place(in.Place), Closed: in.Closed}, asked)
	out := &listOutput{}
	out.Body.Items, out.Body.Total, out.Body.Next = []StructureItem{}, found.Total, found.Next
	for _, l := range found.Rows {
		out.Body.Items = append(out.Body.Items, StructureItem{l.ID, l.Slug, l.Acronym, l.Name, l.Nature, l.Summary, l.Marking, l.Version, l.Updated})
	}
	return out, err
}

// SheetBody is the sheet of an institution in the API.
type SheetBody struct {
	ID       string                `json:"id"`
	Version  int64                 `json:"version"`
	Updated  time.Time             `json:"updated"`
	Name     string                `json:"name" doc:"Official name, today"`
	Tutelle  string                `json:"supervised_by,omitempty" doc:"Supervising authority, today"`
	Marking  access.Marking        `json:"marking"`
	Complete int                   `json:"complete" doc:"How much of the sheet is filled in, in percent"`
	Fresh    Freshness             `json:"freshness"`
	Sheet    Structure             `json:"sheet"`
	Facts    map[string][]FactItem `json:"facts" doc:"Facts in force by kind: the first 20 by title; /missions?structure= and the like list them all"`
	Counts   map[string]int        `json:"counts" doc:"Number of all those facts, by kind"`
}

// FactItem is a fact in the sheet of the API.
type FactItem struct {
	ID      string         `json:"id"`
	Title   string         `json:"title"`
	Themes  []string       `json:"themes"`
	Places  []string       `json:"places"`
	Marking access.Marking `json:"marking"`
	Version int64          `json:"version"`
	Updated time.Time      `json:"updated"`
}

type idInput struct {
	ID string `path:"id"`
}

type sheetOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"` // of a structure that was admitted
	Body     SheetBody
}

func (m *Module) apiGet(ctx context.Context, in *idInput) (*sheetOutput, error) {
	s, err := m.Find(ctx, access.Of(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	m.Readers.Note(access.Of(ctx), record.Exported, readRecords(s)...)
	return m.sheetOutput(s), nil
}

func (m *Module) sheetOutput(s Sheet) *sheetOutput {
	body := SheetBody{s.ID, s.Version, s.Updated, s.Name, s.Tutelle, s.Marking, s.Complete(), s.Freshness(m.Clock.Now()), s.Structure, map[string][]FactItem{}, s.Counts}
	for code, facts := range s.Facts {
		for _, f := range facts {
			body.Facts[code] = append(body.Facts[code], FactItem{f.ID, f.Title, f.Themes, f.Record.Places, f.Marking, f.Version, f.Updated})
		}
	}
	return &sheetOutput{ETag: api.Tag(s.Version), Body: body}
}

type admitInput struct{ Body Admission }

func (m *Module) apiAdmit(ctx context.Context, in *admitInput) (*sheetOutput, error) {
	s, err := m.Admit(ctx, access.Of(ctx), in.Body)
	if err != nil {
		return nil, err
	}
	out := m.sheetOutput(s)
	out.Location = "/api/v1/structures/" + s.ID
	return out, nil
}

// Versioned names an institution and the version of its sheet that is being changed.
type Versioned struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"ETag of the version being changed"`
}

// changed answers a change with the sheet as it now is.
func (m *Module) changed(ctx context.Context, in Versioned, do func(expect int64) error) (*sheetOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	if err := do(expect); err != nil {
		return nil, err
	}
	s, err := m.Find(ctx, access.Of(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return m.sheetOutput(s), nil
}

type amendInput struct {
	Versioned
	Body Identity
}

func (m *Module) apiAmend(ctx context.Context, in *amendInput) (*sheetOutput, error) {
	return m.changed(ctx, in.Versioned, func(expect int64) error { return m.Amend(ctx, access.Of(ctx), in.ID, expect, in.Body) })
}

type datedBody struct {
	Versioned
	Body Dated
}

func (m *Module) apiDated(do func(context.Context, access.Viewer, string, int64, Dated) error) func(context.Context, *datedBody) (*sheetOutput, error) {
	return func(ctx context.Context, in *datedBody) (*sheetOutput, error) {
		return m.changed(ctx, in.Versioned, func(expect int64) error { return do(ctx, access.Of(ctx), in.ID, expect, in.Body) })
	}
}

type citeInput struct {
	Versioned
	Body Legal
}

func (m *Module) apiCite(ctx context.Context, in *citeInput) (*sheetOutput, error) {
	return m.changed(ctx, in.Versioned, func(expect int64) error { return m.Cite(ctx, access.Of(ctx), in.ID, expect, in.Body) })
}

type strikeInput struct {
	Versioned
	List string `path:"list" enum:"names,supervision,texts"`
	Line int    `path:"line" minimum:"0" doc:"Place in the list, from 0"`
}

func (m *Module) apiStrike(ctx context.Context, in *strikeInput) (*sheetOutput, error) {
	return m.changed(ctx, in.Versioned, func(expect int64) error {
		return m.Strike(ctx, access.Of(ctx), in.ID, expect, in.List, in.Line)
	})
}

type closingInput struct {
	Versioned
	Body Closing
}

func (m *Module) apiClose(ctx context.Context, in *closingInput) (*sheetOutput, error) {
	return m.changed(ctx, in.Versioned, func(expect int64) error { return m.Close(ctx, access.Of(ctx), in.ID, expect, in.Body) })
}

func (m *Module) apiReopen(ctx context.Context, in *Versioned) (*sheetOutput, error) {
	return m.changed(ctx, *in, func(expect int64) error { return m.Reopen(ctx, access.Of(ctx), in.ID, expect) })
}

type adoptOutput struct {
	Body struct {
		Facts int `json:"facts" doc:"How many were taken over"`
	}
}

func (m *Module) apiAdopt(ctx context.Context, in *idInput) (*adoptOutput, error) {
	n, err := m.TakeOver(ctx, access.Of(ctx), in.ID)
	out := &adoptOutput{}
	out.Body.Facts = n
	return out, err
}

func (m *Module) apiConfirm(ctx context.Context, in *idInput) (*sheetOutput, error) {
	if err := m.Confirm(ctx, access.Of(ctx), in.ID); err != nil {
		return nil, err
	}
	return m.apiGet(ctx, in)
}

type reachInput struct{ Body circle.Choice }

type reachOutput struct{ Body circle.Preview }

func (m *Module) apiReach(ctx context.Context, in *reachInput) (*reachOutput, error) {
	p, err := m.Circles.Foresee(ctx, access.Of(ctx).Structure, in.Body)
	return &reachOutput{p}, err
}
