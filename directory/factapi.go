package directory

import (
	"context"
	"net/http"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/record"
	"cadre/kit/api"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/page"
)

// pointer is a pointer to the content of a kind of fact.
type pointer[T any] interface {
	*T
	Fact
}

// FactBody is a fact in the API: what its record says, and its content.
type FactBody[T any] struct {
	ID        string         `json:"id"`
	Structure string         `json:"structure" doc:"Identifier of the institution"`
	Title     string         `json:"title"`
	Themes    []string       `json:"themes"`
	Places    []string       `json:"places"`
	Marking   access.Marking `json:"marking"`
	State     string         `json:"state" enum:"in_force,withdrawn"`
	Version   int64          `json:"version"`
	Created   time.Time      `json:"created"`
	Updated   time.Time      `json:"updated"`
	Content   T              `json:"content"`
}

// FactInput is what a program says of a fact.
type FactInput[T any] struct {
	Title string `json:"title"`
	Theme string `json:"theme,omitempty" doc:"Code of a theme"`
	Place string `json:"place,omitempty" doc:"Code of a territory"`
	circle.Choice
	Content T `json:"content"`
}

type factListInput struct {
	Structure string `query:"structure" doc:"Identifier of an institution; of one that has left the framework too. Without it, only of those that are in it"`
	Theme     string `query:"theme" doc:"On it, or under it"`
	Place     string `query:"place" doc:"In it, or in a part of it"`
	Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After     string `query:"after"`
}

type factListOutput[T any] struct {
	Body struct {
		Items []FactBody[T] `json:"items"`
		Total int           `json:"total"`
		Next  string        `json:"next,omitempty"`
	}
}

type factOutput[T any] struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     FactBody[T]
}

type addInput[T any] struct {
	ID   string `path:"id" doc:"Institution: identifier or slug"`
	Body FactInput[T]
}

type amendFactInput[T any] struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"ETag of the version being changed"`
	Body    FactInput[T]
}

type turnInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"ETag of the version being changed"`
}

// facts serves one kind of fact.
type facts[T any, P pointer[T]] struct {
	module *Module
	kind   kind
	path   string // in the API
}

// addFacts describes the operations of a kind of fact.
func addFacts[T any, P pointer[T]](a *api.API, m *Module, code, path string) {
	k, err := kindBy(func(k kind) bool { return k.code == code })
	if err != nil {
		panic("no kind of fact " + code)
	}
	f := facts[T, P]{m, k, path}
	op := func(method, path, id, summary string, allow access.Rule) api.Op {
		return api.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: "directory", Allow: allow}
	}
	name := camel(code)
	api.Add(a, op(http.MethodGet, "/"+path, "list"+camel(path), "List "+path+" by title", access.Anyone), f.list)
	add := op(http.MethodPost, "/structures/{id}/"+path, "add"+name, "Add to the "+path+" of an institution", access.SignedIn)
	add.Status = http.StatusCreated
	api.Add(a, add, f.add)
	api.Add(a, op(http.MethodGet, "/"+path+"/{id}", "get"+name, "Read one of the "+path, access.Anyone), f.get)
	api.Add(a, op(http.MethodPut, "/"+path+"/{id}", "amend"+name, "Change one of the "+path, access.SignedIn), f.amend)
	api.Add(a, op(http.MethodPost, "/"+path+"/{id}/withdrawal", "withdraw"+name, "Take off the sheet", access.SignedIn), f.turn("withdrawn"))
	api.Add(a, op(http.MethodPost, "/"+path+"/{id}/restoration", "restore"+name, "Put back on the sheet", access.SignedIn), f.turn("restored"))
}

func camel(code string) string { return string(code[0]-'a'+'A') + code[1:] }

func (f facts[T, P]) body(r record.Record) (FactBody[T], error) {
	b := FactBody[T]{ID: r.ID, Structure: r.Owner, Title: r.Title, Themes: r.Themes, Places: r.Places, Marking: r.Marking,
		State: r.State, Version: r.Version, Created: r.Created, Updated: r.Updated}
	var err error
	b.Content, err = record.Decode[T](r)
	return b, err
}

func (f facts[T, P]) output(r record.Record) (*factOutput[T], error) {
	b, err := f.body(r)
	return &factOutput[T]{ETag: api.Tag(r.Version), Body: b}, err
}

func (f facts[T, P]) list(ctx context.Context, in *factListInput) (*factListOutput[T], error) {
	asked, err := page.Parse(in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	v, out := access.Of(ctx), &factListOutput[T]{}
	var found page.Of[record.Record]
	err = f.module.DB.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = f.module.listed(ctx, tx, v, f.kind, *in, asked)
		return err
	})
	out.Body.Items, out.Body.Total, out.Body.Next = []FactBody[T]{}, found.Total, found.Next
	for _, r := range found.Rows {
		b, err := f.body(r)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, b)
	}
	f.module.Readers.Note(v, record.Exported, found.Rows...)
	return out, err
}

// listed lists the facts in force of a kind, of the institutions that are in the framework; of one
// that has left it when it is asked for by its identifier, as its sheet does.
func (m *Module) listed(ctx context.Context, tx *db.Tx, v access.Viewer, k kind, in factListInput, p page.Request) (page.Of[record.Record], error) {
	left, err := dissolved(ctx, tx)
	if err != nil {
		return page.Of[record.Record]{}, err
	}
	f := record.Filter{Kind: k.record, Owner: in.Structure, Theme: in.Theme, Place: in.Place, State: InForce}
	switch {
	case slices.Contains(left, in.Structure):
		return record.List(ctx, tx, v, f, p)
	case in.Theme == "" && in.Place == "": // such records are counted already
		f.Except = left
		return record.List(ctx, tx, v, f, p)
	}
	s := Search{Cut: Cut{Kind: k.code, Structure: in.Structure, Theme: in.Theme, Place: m.place(in.Place)}}
	if err := m.checkSearch(&s); err != nil {
		return page.Of[record.Record]{}, err
	}
	found, err := m.search(ctx, tx, v, s, p)
	all := page.Of[record.Record]{From: found.From, Total: found.Total, Next: found.Next, Prev: found.Prev}
	for _, l := range found.Rows {
		all.Rows = append(all.Rows, l.Record)
	}
	return all, err
}

func (f facts[T, P]) get(ctx context.Context, in *idInput) (*factOutput[T], error) {
	line, err := f.module.FindFact(ctx, access.Of(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if line.Kind != f.kind.record {
		return nil, fault.Missing()
	}
	f.module.Readers.Note(access.Of(ctx), record.Exported, line.Record)
	return f.output(line.Record)
}

func (f facts[T, P]) input(in FactInput[T]) Input {
	return Input{Title: in.Title, Theme: in.Theme, Place: in.Place, Choice: in.Choice, Fact: P(&in.Content)}
}

func (f facts[T, P]) add(ctx context.Context, in *addInput[T]) (*factOutput[T], error) {
	r, err := f.module.add(ctx, access.Of(ctx), in.ID, f.kind, f.input(in.Body))
	if err != nil {
		return nil, err
	}
	out, err := f.output(r)
	if err == nil {
		out.Location = "/api/v1/" + f.path + "/" + r.ID
	}
	return out, err
}

func (f facts[T, P]) amend(ctx context.Context, in *amendFactInput[T]) (*factOutput[T], error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	if _, err := f.get(ctx, &idInput{in.ID}); err != nil {
		return nil, err
	}
	r, err := f.module.AmendFact(ctx, access.Of(ctx), in.ID, expect, f.input(in.Body))
	if err != nil {
		return nil, err
	}
	return f.output(r)
}

func (f facts[T, P]) turn(verb string) func(context.Context, *turnInput) (*factOutput[T], error) {
	return func(ctx context.Context, in *turnInput) (*factOutput[T], error) {
		expect, err := api.Version(in.IfMatch)
		if err != nil {
			return nil, err
		}
		r, err := f.module.Turn(ctx, access.Of(ctx), in.ID, verb, expect)
		if err != nil {
			return nil, err
		}
		return f.output(r)
	}
}
