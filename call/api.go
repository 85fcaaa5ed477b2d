package call

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

// API describes the operations on calls.
func (m *Module) API(a *api.API) {
	op := func(method, path, id, summary string, allow access.Rule) api.Op {
		return api.Op{Method: method, Path: "/calls" + path, ID: id, Summary: summary, Tag: "calls", Allow: allow}
	}
	write := op(http.MethodPost, "", "openCall", "Make a need of one's institution known, or call for activities when one is of the secretariat", access.Holding(authors...))
	write.Status = http.StatusCreated
	api.Add(a, op(http.MethodGet, "", "listCalls", "List what asks for activities, by title", access.Anyone), m.apiList)
	api.Add(a, write, m.apiOpen)
	api.Add(a, op(http.MethodGet, "/{id}", "getCall", "Read a call", access.Anyone), m.apiGet)
	api.Add(a, op(http.MethodPut, "/{id}", "amendCall", "Change an open call of one's institution", access.SignedIn), m.apiAmend)
	api.Add(a, op(http.MethodPost, "/{id}/transitions/{verb}", "turnCall", "Close a call, or open it again", access.SignedIn), m.apiTurn)
	api.Add(a, op(http.MethodPut, "/{id}/refusal", "refuseCall", "Say that one's institution will not answer, and why", access.SignedIn), m.apiRefuse)
}

// CallItem is a call in the API.
type CallItem struct {
	ID      string         `json:"id"`
	Number  string         `json:"number"`
	Owner   string         `json:"owner" doc:"Identifier of the institution that asks"`
	Title   string         `json:"title"`
	Theme   string         `json:"theme"`
	Place   string         `json:"place"`
	Marking access.Marking `json:"marking"`
	State   string         `json:"state" enum:"open,closed"`
	Version int64          `json:"version"`
	Created time.Time      `json:"created"`
	Updated time.Time      `json:"updated"`
	Call
	Activities []string `json:"activities" doc:"Activities that serve it, of those that one may see (identifiers)"`
}

func item(f Found, answers []record.Record) CallItem {
	i := CallItem{f.ID, f.Number, f.Owner, f.Title, f.theme(), f.place(), f.Marking, f.State, f.Version, f.Created, f.Updated, f.Call, []string{}}
	for _, a := range answers {
		i.Activities = append(i.Activities, a.ID)
	}
	return i
}

type callsInput struct {
	State string `query:"state" enum:"open,closed" default:"open"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After string `query:"after" doc:"Cursor: the field next of the page before"`
}

type callsOutput struct {
	Body struct {
		Items []CallItem `json:"items"`
		Total int        `json:"total"`
		Next  string     `json:"next,omitempty"`
	}
}

func (m *Module) apiList(ctx context.Context, in *callsInput) (*callsOutput, error) {
	asked, err := page.Parse(in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out, v := &callsOutput{}, access.Of(ctx)
	out.Body.Items = []CallItem{}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := listed(ctx, tx, v, in.State, asked)
		if err != nil {
			return err
		}
		answered, err := record.Origins(ctx, tx, v, record.Serves, listPage{List: all}.ids())
		out.Body.Total, out.Body.Next = all.Total, all.Next
		for _, f := range all.Rows {
			out.Body.Items = append(out.Body.Items, item(f, answered[f.ID]))
			m.Readers.Note(v, record.Exported, f.Record)
		}
		return err
	})
	return out, err
}

type callInput struct {
	ID string `path:"id"`
}

type callOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     CallItem
}

// answered shows a call with the activities that serve it.
func (m *Module) answered(ctx context.Context, f Found, err error) (*callOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &callOutput{ETag: api.Tag(f.Version)}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		answers, err := record.Origins(ctx, tx, access.Of(ctx), record.Serves, []string{f.ID})
		out.Body = item(f, answers[f.ID])
		return err
	})
	return out, err
}

type openInput struct {
	Body Request
}

func (m *Module) apiOpen(ctx context.Context, in *openInput) (*callOutput, error) {
	f, err := m.Open(ctx, access.Of(ctx), in.Body)
	out, err := m.answered(ctx, f, err)
	if err == nil {
		out.Location = "/api/v1/calls/" + f.ID
	}
	return out, err
}

func (m *Module) apiGet(ctx context.Context, in *callInput) (*callOutput, error) {
	f, err := m.Find(ctx, access.Of(ctx), in.ID)
	if err == nil {
		m.Readers.Note(access.Of(ctx), record.Exported, f.Record)
	}
	return m.answered(ctx, f, err)
}

// Versioned names a call and the version that is being changed.
type Versioned struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"ETag of the version being changed"`
}

type amendInput struct {
	Versioned
	Body Request
}

func (m *Module) apiAmend(ctx context.Context, in *amendInput) (*callOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	f, err := m.Amend(ctx, access.Of(ctx), in.ID, expect, in.Body)
	return m.answered(ctx, f, err)
}

type turnInput struct {
	Versioned
	Verb string `path:"verb" doc:"closed or reopened"`
	Body Reasoned
}

func (m *Module) apiTurn(ctx context.Context, in *turnInput) (*callOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	f, err := m.Turn(ctx, access.Of(ctx), in.ID, in.Verb, expect, in.Body)
	return m.answered(ctx, f, err)
}

type refuseInput struct {
	ID   string `path:"id"`
	Body Reasoned
}

func (m *Module) apiRefuse(ctx context.Context, in *refuseInput) (*callOutput, error) {
	f, err := m.Refuse(ctx, access.Of(ctx), in.ID, in.Body)
	return m.answered(ctx, f, err)
}
