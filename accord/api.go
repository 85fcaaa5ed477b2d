package accord

import (
	"context"
	"net/http"
	"time"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/api"
	"cadre/kit/db"
	"cadre/kit/page"
)

// API describes the operations on accords.
func (m *Module) API(a *api.API) {
	op := func(method, path, id, summary string, allow access.Rule) api.Op {
		return api.Op{Method: method, Path: "/accords" + path, ID: id, Summary: summary, Tag: "accords", Allow: allow}
	}
	write := op(http.MethodPost, "", "writeAccord", "Write a protocol or a convention of one's institution", access.Holding(authors...))
	write.Status = http.StatusCreated
	api.Add(a, op(http.MethodGet, "", "listAccords", "List protocols and conventions in a state, by title", access.Anyone), m.apiList)
	api.Add(a, write, m.apiWrite)
	api.Add(a, op(http.MethodGet, "/{id}", "getAccord", "Read a protocol or a convention", access.Anyone), m.apiGet)
	api.Add(a, op(http.MethodPut, "/{id}", "amendAccord", "Change an accord of one's institution, and its clauses", access.SignedIn), m.apiAmend)
	api.Add(a, op(http.MethodPost, "/{id}/transitions/{verb}", "turnAccord", "Put an accord into force, end it or reopen it", access.SignedIn), m.apiTurn)
	api.Add(a, op(http.MethodPut, "/{id}/clauses/{clause}", "moveClause", "Say where a clause stands", access.SignedIn), m.apiMove)
}

// AccordItem is an accord in the API.
type AccordItem struct {
	ID      string         `json:"id"`
	Number  string         `json:"number"`
	Owner   string         `json:"owner" doc:"Identifier of the institution that wrote it"`
	Title   string         `json:"title"`
	Marking access.Marking `json:"marking"`
	State   string         `json:"state" enum:"draft,in_force,ended"`
	Version int64          `json:"version"`
	Created time.Time      `json:"created"`
	Updated time.Time      `json:"updated"`
	Accord
	Activities []string `json:"activities" doc:"Activities that serve it, of those that one may see (identifiers)"`
}

func item(f Found, served []record.Record) AccordItem {
	i := AccordItem{f.ID, f.Number, f.Owner, f.Title, f.Marking, f.State, f.Version, f.Created, f.Updated, f.Accord, []string{}}
	for _, a := range served {
		i.Activities = append(i.Activities, a.ID)
	}
	return i
}

type accordsInput struct {
	State string `query:"state" enum:"draft,in_force,ended" default:"in_force"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After string `query:"after" doc:"Cursor: the field next of the page before"`
}

type accordsOutput struct {
	Body struct {
		Items []AccordItem `json:"items"`
		Total int          `json:"total"`
		Next  string       `json:"next,omitempty"`
	}
}

func (m *Module) apiList(ctx context.Context, in *accordsInput) (*accordsOutput, error) {
	asked, err := page.Parse(in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out, v := &accordsOutput{}, access.Of(ctx)
	out.Body.Items = []AccordItem{}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := listed(ctx, tx, v, in.State, asked)
		if err != nil {
			return err
		}
		served, err := record.Origins(ctx, tx, v, record.Serves, listPage{List: all}.ids())
		out.Body.Total, out.Body.Next = all.Total, all.Next
		for _, f := range all.Rows {
			out.Body.Items = append(out.Body.Items, item(f, served[f.ID]))
			m.Readers.Note(v, record.Exported, f.Record)
		}
		return err
	})
	return out, err
}

type accordInput struct {
	ID string `path:"id"`
}

type accordOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     AccordItem
}

// answered shows an accord with the activities that serve it.
func (m *Module) answered(ctx context.Context, f Found, err error) (*accordOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &accordOutput{ETag: api.Tag(f.Version)}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		served, err := record.Origins(ctx, tx, access.Of(ctx), record.Serves, []string{f.ID})
		out.Body = item(f, served[f.ID])
		return err
	})
	return out, err
}

type writeInput struct {
	Body Drafting
}

func (m *Module) apiWrite(ctx context.Context, in *writeInput) (*accordOutput, error) {
	f, err := m.Write(ctx, access.Of(ctx), in.Body)
	out, err := m.answered(ctx, f, err)
	if err == nil {
		out.Location = "/api/v1/accords/" + f.ID
	}
	return out, err
}

func (m *Module) apiGet(ctx context.Context, in *accordInput) (*accordOutput, error) {
	f, err := m.Find(ctx, access.Of(ctx), in.ID)
	if err == nil {
		m.Readers.Note(access.Of(ctx), record.Exported, f.Record)
	}
	return m.answered(ctx, f, err)
}

// Versioned names an accord and the version that is being changed.
type Versioned struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"ETag of the version being changed"`
}

type amendInput struct {
	Versioned
	Body Drafting
}

func (m *Module) apiAmend(ctx context.Context, in *amendInput) (*accordOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	f, err := m.Amend(ctx, access.Of(ctx), in.ID, expect, in.Body)
	return m.answered(ctx, f, err)
}

type turnInput struct {
	Versioned
	Verb string `path:"verb" doc:"enforced, ended or reopened"`
	Body Stated
}

func (m *Module) apiTurn(ctx context.Context, in *turnInput) (*accordOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	f, err := m.Turn(ctx, access.Of(ctx), in.ID, in.Verb, expect, in.Body)
	return m.answered(ctx, f, err)
}

type moveInput struct {
	ID     string `path:"id"`
	Clause string `path:"clause"`
	Body   Moving
}

func (m *Module) apiMove(ctx context.Context, in *moveInput) (*accordOutput, error) {
	f, err := m.Move(ctx, access.Of(ctx), in.ID, in.Clause, in.Body)
	return m.answered(ctx, f, err)
}
