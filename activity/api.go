package activity

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/intake"
	"cadre/core/record"
	"cadre/kit/api"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/page"
	"cadre/kit/sheet"
)

// API describes the operations on activities.
func (m *Module) API(a *api.API) {
	author := access.Holding(authors...)
	op := func(method, path, id, summary string, allow access.Rule) api.Op {
		return api.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: "activities", Allow: allow}
	}
	created := func(o api.Op) api.Op {
		o.Status = http.StatusCreated
		return o
	}
	api.Add(a, op(http.MethodGet, "/activities", "listActivities", "List activities by their first day", access.Anyone), m.apiList)
	api.Add(a, created(op(http.MethodPost, "/activities", "draftActivity", "Write down an idea of one's institution", author)), m.apiDraft)
	take := op(http.MethodPost, "/activities/imports", "importActivities", "Import the annual plan of one's institution from an XLSX or CSV file: all rows or none", author)
	take.MaxBody = sheet.MaxFile + 1
	api.Add(a, take, m.apiImport)
	api.Add(a, op(http.MethodGet, "/activities/{id}", "getActivity", "Read an activity", access.Anyone), m.apiGet)
	api.Add(a, op(http.MethodPut, "/activities/{id}", "amendActivity", "Change what the lead says; a change of the terms reopens the signatures that it touches", access.SignedIn), m.apiAmend)
	api.Add(a, op(http.MethodPost, "/activities/{id}/transitions/{verb}", "turnActivity", "Take a step of the life of an activity", access.SignedIn), m.apiTurn)
	api.Add(a, op(http.MethodPost, "/activities/{id}/report", "reportActivity", "Report what became of a running activity", access.SignedIn), m.apiReport)
	api.Add(a, op(http.MethodPut, "/activities/{id}/report/review", "reviewReport", "Confirm or dispute a report, as a partner that signed", access.SignedIn), m.apiReview)
	api.Add(a, op(http.MethodGet, "/activities/{id}/signatures", "listSignatures", "What each signatory has answered, and the digest of the terms to sign", access.Anyone), m.apiSignatures)
	api.Add(a, op(http.MethodPost, "/activities/{id}/signatures", "signActivity", "Sign, sign with a reservation, or decline", access.SignedIn), m.apiSign)
	api.Add(a, op(http.MethodGet, "/activities/{id}/proposals", "listProposals", "The changes that partners have asked for", access.Anyone), m.apiProposals)
	api.Add(a, created(op(http.MethodPost, "/activities/{id}/proposals", "proposeChange", "Ask for other terms, as a partner", access.SignedIn)), m.apiAsk)
	api.Add(a, op(http.MethodPost, "/activities/{id}/proposals/{proposal}/answer", "answerProposal", "Grant or refuse a proposal, as the lead, or withdraw one's own", access.SignedIn), m.apiSettle)
	api.Add(a, op(http.MethodPut, "/activities/{id}/tasks/{task}", "moveTask", "Change the state of a task", access.SignedIn), m.apiMove)
}

// ActivityItem is an activity in the API.
type ActivityItem struct {
	ID      string         `json:"id"`
	Number  string         `json:"number"`
	Lead    string         `json:"lead" doc:"Identifier of the institution that leads"`
	Title   string         `json:"title"`
	Themes  []string       `json:"themes"`
	Places  []string       `json:"places"`
	Marking access.Marking `json:"marking"`
	State   string         `json:"state" enum:"idea,concertation,committed,running,reported,capitalised,suspended,abandoned"`
	Version int64          `json:"version"`
	Created time.Time      `json:"created"`
	Updated time.Time      `json:"updated"`
	First   string         `json:"first_day" doc:"First day of the period"`
	Last    string         `json:"last_day" doc:"Last day of the period"`
	Activity
}

func item(f Found) ActivityItem {
	first, last := f.Period.Days()
	return ActivityItem{f.ID, f.Number, f.Owner, f.Title, f.Themes, f.Places, f.Marking, f.State, f.Version, f.Created, f.Updated, first.String(), last.String(), f.Activity}
}

type activitiesInput struct {
	Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After     string `query:"after" doc:"Cursor: the field next of the page before"`
	State     string `query:"state" doc:"One state, or several separated by spaces"`
	Type      string `query:"type"`
	Structure string `query:"structure" doc:"Identifier of an institution that takes part"`
	Theme     string `query:"theme"`
	Place     string `query:"place" doc:"Code of a territory; those below it count too"`
	Period    string `query:"period" doc:"A year, a quarter (2026-T2), a month (2026-05) or a day; avenir for all that is not over"`
}

type activitiesOutput struct {
	Body struct {
		Items []ActivityItem `json:"items"`
		Total int            `json:"total"`
		Next  string         `json:"next,omitempty"`
	}
}

func (m *Module) apiList(ctx context.Context, in *activitiesInput) (*activitiesOutput, error) {
	asked, err := page.Parse(in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	v := access.Of(ctx)
	choice := Choice{State: in.State, Type: in.Type, Structure: in.Structure, Theme: in.Theme, Place: in.Place, Period: in.Period}
	var found page.Of[Found]
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := m.People.Structures(ctx, tx)
		if err == nil {
			found, err = decoded(ctx, tx, v, m.Filter(choice, all), asked)
		}
		return err
	})
	out := &activitiesOutput{}
	out.Body.Items, out.Body.Total, out.Body.Next = []ActivityItem{}, found.Total, found.Next
	for _, f := range found.Rows {
		out.Body.Items = append(out.Body.Items, item(f))
		m.Readers.Note(v, record.Exported, f.Record)
	}
	return out, err
}

type importInput struct{ intake.Sent }

func (m *Module) apiImport(ctx context.Context, in *importInput) (*intake.Outcome, error) {
	p, err := m.Import(ctx, access.Of(ctx), in.RawBody, in.Choice(), in.Preview)
	if err != nil {
		return nil, err
	}
	return p.Outcome(ctx), nil
}

type activityInput struct {
	ID string `path:"id"`
}

type activityOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     ActivityItem
}

func (m *Module) answered(f Found, err error) (*activityOutput, error) {
	if err != nil {
		return nil, inLists(err)
	}
	return &activityOutput{ETag: api.Tag(f.Version), Body: item(f)}, nil
}

// inLists says in which list of an activity stands what is wrong with one of its lines: a form
// says it at the column.
func inLists(err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	at := *f
	at.Fields = slices.Clone(f.Fields)
	for i, field := range at.Fields {
		column, _, _ := strings.Cut(field.Name, "_")
		at.Fields[i].Name = cmp.Or(map[string]string{"line": "budget", "task": "tasks", "result": "results"}[column], field.Name)
	}
	return &at
}

type draftInput struct {
	Body struct {
		Input
		Serves []string `json:"serves,omitempty" maxItems:"20" doc:"Records that it serves, such as a call (identifiers)"`
	}
}

func (m *Module) apiDraft(ctx context.Context, in *draftInput) (*activityOutput, error) {
	out, err := m.answered(m.Draft(ctx, access.Of(ctx), in.Body.Input, in.Body.Serves...))
	if err == nil {
		out.Location = "/api/v1/activities/" + out.Body.ID
	}
	return out, err
}

func (m *Module) apiGet(ctx context.Context, in *activityInput) (*activityOutput, error) {
	f, err := m.Find(ctx, access.Of(ctx), in.ID)
	if err == nil {
		m.Readers.Note(access.Of(ctx), record.Exported, f.Record)
	}
	return m.answered(f, err)
}

// Versioned names an activity and the version that is being changed.
type Versioned struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"ETag of the version being changed"`
}

type amendInput struct {
	Versioned
	Body Input
}

func (m *Module) apiAmend(ctx context.Context, in *amendInput) (*activityOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return m.answered(m.Amend(ctx, access.Of(ctx), in.ID, expect, in.Body))
}

type turnInput struct {
	Versioned
	Verb string `path:"verb" doc:"proposed, recalled, started, capitalised, suspended, resumed or abandoned"`
	Body Turning
}

func (m *Module) apiTurn(ctx context.Context, in *turnInput) (*activityOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return m.answered(m.Turn(ctx, access.Of(ctx), in.ID, in.Verb, expect, in.Body))
}

type reportInput struct {
	Versioned
	Body struct {
		Reached      People   `json:"reached,omitzero" required:"false"`
		Spent        *int64   `json:"spent,omitempty"`
		Summary      string   `json:"summary"`
		Difficulties string   `json:"difficulties,omitempty"`
		Lesson       string   `json:"lesson,omitempty"`
		Results      []string `json:"results,omitempty" doc:"What each expected result has reached, in their order"`
	}
}

func (m *Module) apiReport(ctx context.Context, in *reportInput) (*activityOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	b := in.Body
	r := Report{Reached: b.Reached, Spent: b.Spent, Summary: b.Summary, Difficulties: b.Difficulties, Lesson: b.Lesson}
	return m.answered(m.File(ctx, access.Of(ctx), in.ID, expect, r, b.Results))
}

type reviewInput struct {
	ID   string `path:"id"`
	Body Opinion
}

func (m *Module) apiReview(ctx context.Context, in *reviewInput) (*activityOutput, error) {
	return m.answered(m.Review(ctx, access.Of(ctx), in.ID, in.Body))
}

type signaturesOutput struct {
	Body struct {
		Items []Signature `json:"items"`
		Terms string      `json:"terms" doc:"Digest of the terms as they touch the caller's institution: send it with the signature"`
	}
}

func (m *Module) apiSignatures(ctx context.Context, in *activityInput) (*signaturesOutput, error) {
	v := access.Of(ctx)
	f, err := m.Find(ctx, v, in.ID)
	if err != nil {
		return nil, err
	}
	out := &signaturesOutput{}
	out.Body.Items, out.Body.Terms = append([]Signature{}, f.Signatures...), f.Terms(f.signer(v).Structure)
	return out, nil
}

type signInput struct {
	ID   string `path:"id"`
	Body Answer
}

func (m *Module) apiSign(ctx context.Context, in *signInput) (*activityOutput, error) {
	return m.answered(m.Sign(ctx, access.Of(ctx), in.ID, in.Body))
}

type proposalsOutput struct {
	Body struct {
		Items []Proposal `json:"items"`
	}
}

func (m *Module) apiProposals(ctx context.Context, in *activityInput) (*proposalsOutput, error) {
	f, err := m.Find(ctx, access.Of(ctx), in.ID)
	out := &proposalsOutput{}
	out.Body.Items = append([]Proposal{}, f.Proposals...)
	return out, err
}

type askInput struct {
	Versioned
	Body Wish
}

func (m *Module) apiAsk(ctx context.Context, in *askInput) (*activityOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	out, err := m.answered(m.Ask(ctx, access.Of(ctx), in.ID, expect, in.Body))
	if err == nil {
		out.Location = "/api/v1/activities/" + in.ID + "/proposals"
	}
	return out, err
}

type settleInput struct {
	Versioned
	Proposal string `path:"proposal"`
	Body     struct {
		Decision ProposalState `json:"decision" enum:"granted,refused,withdrawn"`
		Reason   string        `json:"reason,omitempty"`
	}
}

func (m *Module) apiSettle(ctx context.Context, in *settleInput) (*activityOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return m.answered(m.decide(ctx, access.Of(ctx), in.ID, in.Proposal, expect, in.Body.Decision, in.Body.Reason))
}

// decide answers a proposal, or takes it back.
func (m *Module) decide(ctx context.Context, v access.Viewer, id, proposal string, expect int64, decision ProposalState, reason string) (Found, error) {
	switch decision {
	case Granted:
		return m.Grant(ctx, v, id, proposal, expect)
	case Refused:
		return m.Refuse(ctx, v, id, proposal, expect, reason)
	case Withdrawn:
		return m.WithdrawProposal(ctx, v, id, proposal)
	}
	return Found{}, fault.Missing()
}

type moveInput struct {
	ID   string `path:"id"`
	Task string `path:"task"`
	Body struct {
		State TaskState `json:"state" enum:"open,doing,done,dropped"`
	}
}

func (m *Module) apiMove(ctx context.Context, in *moveInput) (*activityOutput, error) {
	return m.answered(m.Move(ctx, access.Of(ctx), in.ID, in.Task, in.Body.State))
}
