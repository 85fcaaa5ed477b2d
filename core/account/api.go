package account

import (
	"context"
	"net/http"
	"time"

	"cadre/core/access"
	"cadre/kit/api"
	"cadre/kit/page"
	"cadre/kit/text"
)

// API describes the operations on people. A token needs the scope admin for all that
// changes something; none makes a password, a code or a token.
func (m *Module) API(a *api.API) {
	op := func(method, path, id, summary string) api.Op {
		return api.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: "people", Allow: access.SignedIn}
	}
	api.Add(a, op(http.MethodGet, "/me", "getMe", "Read one's own account"), m.apiMe)
	api.Add(a, op(http.MethodPatch, "/me", "editMe", "Change one's own telephone or language"), m.apiEditMe)
	api.Add(a, op(http.MethodPut, "/me/absence", "announceAbsence", "Announce one's own absence; an empty body takes it back"), m.apiAbsence)
	api.Add(a, op(http.MethodGet, "/me/tokens", "listTokens", "List one's own tokens in service"), m.apiTokens)
	api.Add(a, op(http.MethodDelete, "/me/tokens/{id}", "revokeToken", "End one of one's own tokens"), onID(m.RevokeToken))
	api.Add(a, op(http.MethodGet, "/me/sessions", "listSessions", "List one's own open sessions"), m.apiSessions)
	api.Add(a, op(http.MethodDelete, "/me/sessions/{id}", "closeSession", "End one of one's own sessions"), onID(m.CloseSession))
	api.Add(a, op(http.MethodGet, "/people", "listPeople", "List the people of one's institution by name; of all of them for the secretariat"), m.apiPeople)
	invite := op(http.MethodPost, "/people", "invitePerson", "Open an account and mail its invitation")
	invite.Status = http.StatusCreated
	api.Add(a, invite, m.apiInvite)
	api.Add(a, op(http.MethodGet, "/people/{id}", "getPerson", "Read a person"), m.apiPerson)
	api.Add(a, op(http.MethodPatch, "/people/{id}", "editPerson", "Change an account that one administers"), m.apiEdit)
	api.Add(a, op(http.MethodPost, "/people/{id}/functions", "giveFunction", "Give a function"), m.apiGive)
	api.Add(a, op(http.MethodDelete, "/people/{id}/functions/{function}", "endFunction", "End a function"), m.apiEnd)
	api.Add(a, op(http.MethodPost, "/people/{id}/handovers", "handOver", "Pass a function on to a successor"), m.apiHandOver)
	api.Add(a, op(http.MethodGet, "/people/{id}/handovers", "listHandovers", "List what a person has passed on, the last first"), m.apiHandovers)
	api.Add(a, op(http.MethodPost, "/people/{id}/disabling", "disablePerson", "Disable an account"), onID(m.Disable))
	api.Add(a, op(http.MethodPost, "/people/{id}/enabling", "enablePerson", "Enable an account again"), onID(m.Enable))
	api.Add(a, op(http.MethodPost, "/people/{id}/invitation", "inviteAgain", "Mail the invitation again"), onID(m.Reinvite))
	api.Add(a, op(http.MethodDelete, "/people/{id}/sessions", "endSessions", "End all the sessions of a person"), onID(m.EndSessions))
	api.Add(a, op(http.MethodDelete, "/people/{id}/totp", "resetTOTP", "Remove the second factor of a person who has lost it"), onID(m.ResetTOTP))
	api.Add(a, op(http.MethodPost, "/people/{id}/erasure", "erasePerson", "Erase a person's own data"), m.apiErase)
}

// PersonItem is a person in the API. Whoever only runs the machine reads identifier,
// name, institution and state.
type PersonItem struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Structure string          `json:"structure" doc:"Identifier of the institution"`
	State     State           `json:"state" doc:"active or disabled"`
	Version   int64           `json:"version"`
	Email     string          `json:"email,omitempty"`
	Phone     string          `json:"phone,omitempty"`
	Language  text.Lang       `json:"language,omitempty"`
	Mandate   Mandate         `json:"mandate,omitempty" doc:"can_commit or must_refer"`
	Clearance *access.Marking `json:"clearance,omitempty"`
	Invited   bool            `json:"invited,omitempty" doc:"Has not chosen a password yet"`
	Absence   *Absence        `json:"absence,omitempty"`
	Functions []PostItem      `json:"functions,omitempty" doc:"Present, past and to come, the oldest first"`
}

// PostItem is a function held over a period.
type PostItem struct {
	Function access.Function `json:"function"`
	From     time.Time       `json:"from"`
	To       *time.Time      `json:"to,omitempty" doc:"First instant without it; absent while it is open"`
}

func (f Profile) item() PersonItem {
	i := PersonItem{ID: f.ID, Name: f.Name, Structure: f.Structure, State: f.State, Version: f.Version, Invited: f.Invited}
	if f.Limited {
		return i
	}
	i.Email, i.Phone, i.Language, i.Mandate, i.Clearance = f.Email, f.Phone, f.Language, f.Mandate, &f.Clearance
	if f.Absence != (Absence{}) {
		i.Absence = &f.Absence
	}
	for _, q := range f.Posts {
		item := PostItem{Function: q.Function, From: q.From}
		if !q.To.IsZero() {
			item.To = &q.To
		}
		i.Functions = append(i.Functions, item)
	}
	return i
}

type personOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"` // of an account that was opened
	Body     PersonItem
}

// answer reads a person again after an act, as the viewer sees them.
func (m *Module) answer(ctx context.Context, personID string) (*personOutput, error) {
	f, err := m.Show(ctx, access.Of(ctx), personID)
	if err != nil {
		return nil, err
	}
	return &personOutput{ETag: api.Tag(f.Version), Body: f.item()}, nil
}

type idInput struct {
	ID string `path:"id"`
}

type nothingOutput struct{}

// onID serves an act that needs nothing but an identifier.
func onID(do func(context.Context, access.Viewer, string) error) func(context.Context, *idInput) (*nothingOutput, error) {
	return func(ctx context.Context, in *idInput) (*nothingOutput, error) {
		return &nothingOutput{}, do(ctx, access.Of(ctx), in.ID)
	}
}

type meOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		PersonItem
		Held   []access.Function `json:"held" doc:"Functions in force now"`
		Scopes []access.Scope    `json:"scopes,omitempty" doc:"Of the token used"`
	}
}

func (m *Module) apiMe(ctx context.Context, _ *struct{}) (*meOutput, error) {
	v := access.Of(ctx)
	f, err := m.Show(ctx, v, v.Person)
	if err != nil {
		return nil, err
	}
	out := &meOutput{ETag: api.Tag(f.Version)}
	out.Body.PersonItem, out.Body.Held, out.Body.Scopes = f.item(), append([]access.Function{}, v.Functions...), v.Scopes
	return out, nil
}

type editMeInput struct {
	IfMatch string `header:"If-Match" doc:"ETag of the version being changed"`
	Body    struct {
		Phone    *string    `json:"phone,omitempty"`
		Language *text.Lang `json:"language,omitempty" doc:"fr or en"`
	}
}

func (m *Module) apiEditMe(ctx context.Context, in *editMeInput) (*meOutput, error) {
	v := access.Of(ctx)
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	p, _, err := m.own(ctx, v)
	if err != nil {
		return nil, err
	}
	o := Own{p.Email, p.Phone, p.Language}
	set(&o.Phone, in.Body.Phone)
	set(&o.Language, in.Body.Language)
	if err := m.EditOwn(ctx, v, expect, o); err != nil {
		return nil, err
	}
	return m.apiMe(ctx, nil)
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

type absenceInput struct{ Body Absence }

func (m *Module) apiAbsence(ctx context.Context, in *absenceInput) (*meOutput, error) {
	v := access.Of(ctx)
	if err := m.Announce(ctx, v, v.Person, in.Body); err != nil {
		return nil, err
	}
	return m.apiMe(ctx, nil)
}

// TokenItem is a token in the API.
type TokenItem struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Scopes  []access.Scope `json:"scopes"`
	Created time.Time      `json:"created"`
	Expires time.Time      `json:"expires"`
	Used    *time.Time     `json:"used,omitempty" doc:"Last use, to the minute"`
	Current bool           `json:"current" doc:"The one that this request uses"`
}

type tokensOutput struct {
	Body struct {
		Items []TokenItem `json:"items"`
	}
}

func (m *Module) apiTokens(ctx context.Context, _ *struct{}) (*tokensOutput, error) {
	v := access.Of(ctx)
	all, err := m.Tokens(ctx, v)
	out := &tokensOutput{}
	out.Body.Items = []TokenItem{}
	for _, t := range all {
		item := TokenItem{ID: t.ID, Name: t.Name, Scopes: t.Scopes, Created: t.Created, Expires: t.Expires, Current: t.ID == v.Session}
		if !t.Used.IsZero() {
			item.Used = &t.Used
		}
		out.Body.Items = append(out.Body.Items, item)
	}
	return out, err
}

// SessionItem is a session in the API.
type SessionItem struct {
	ID      string    `json:"id"`
	Address string    `json:"address" doc:"Of the client"`
	Agent   string    `json:"agent" doc:"What the browser says of itself"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen" doc:"Last use, to the minute"`
	Current bool      `json:"current" doc:"The one that this request uses"`
}

type sessionsOutput struct {
	Body struct {
		Items []SessionItem `json:"items"`
	}
}

func (m *Module) apiSessions(ctx context.Context, _ *struct{}) (*sessionsOutput, error) {
	v := access.Of(ctx)
	all, err := m.Sessions(ctx, v)
	out := &sessionsOutput{}
	out.Body.Items = []SessionItem{}
	for _, s := range all {
		out.Body.Items = append(out.Body.Items, SessionItem{s.ID, s.Address, s.Agent, s.Created, s.Seen, s.ID == v.Session})
	}
	return out, err
}

type peopleInput struct {
	Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After     string `query:"after" doc:"Cursor: the field next of the page before"`
	Structure string `query:"structure" doc:"Identifier of an institution"`
	State     State  `query:"state" doc:"active or disabled"`
}

type peopleOutput struct {
	Body struct {
		Items []PersonItem `json:"items"`
		Total int          `json:"total"`
		Next  string       `json:"next,omitempty"`
	}
}

func (m *Module) apiPeople(ctx context.Context, in *peopleInput) (*peopleOutput, error) {
	asked, err := page.Parse(in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	found, err := m.People(ctx, access.Of(ctx), Filter{in.Structure, in.State}, asked)
	out := &peopleOutput{}
	out.Body.Items, out.Body.Total, out.Body.Next = []PersonItem{}, found.Total, found.Next
	for _, f := range found.Rows {
		out.Body.Items = append(out.Body.Items, f.item())
	}
	return out, err
}

type inviteInput struct{ Body Invitation }

func (m *Module) apiInvite(ctx context.Context, in *inviteInput) (*personOutput, error) {
	p, err := m.Invite(ctx, access.Of(ctx), in.Body)
	if err != nil {
		return nil, err
	}
	out, err := m.answer(ctx, p.ID)
	if err == nil {
		out.Location = "/api/v1/people/" + p.ID
	}
	return out, err
}

func (m *Module) apiPerson(ctx context.Context, in *idInput) (*personOutput, error) {
	return m.answer(ctx, in.ID)
}

type editInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"ETag of the version being changed"`
	Body    struct {
		Name      *string    `json:"name,omitempty"`
		Email     *string    `json:"email,omitempty"`
		Phone     *string    `json:"phone,omitempty"`
		Clearance *string    `json:"clearance,omitempty" doc:"Code of a marking"`
		Language  *text.Lang `json:"language,omitempty" doc:"fr or en"`
		Mandate   *Mandate   `json:"mandate,omitempty" doc:"can_commit or must_refer"`
	}
}

func (m *Module) apiEdit(ctx context.Context, in *editInput) (*personOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	f, err := m.Show(ctx, access.Of(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	e := f.Edition()
	set(&e.Name, in.Body.Name)
	set(&e.Email, in.Body.Email)
	set(&e.Phone, in.Body.Phone)
	set(&e.Clearance, in.Body.Clearance)
	set(&e.Language, in.Body.Language)
	set(&e.Mandate, in.Body.Mandate)
	if err := m.Edit(ctx, access.Of(ctx), in.ID, expect, e); err != nil {
		return nil, err
	}
	return m.answer(ctx, in.ID)
}

type giveInput struct {
	ID   string `path:"id"`
	Body struct {
		Function access.Function `json:"function"`
		From     *time.Time      `json:"from,omitempty" doc:"Now when absent or past"`
		To       *time.Time      `json:"to,omitempty" doc:"First instant without it"`
	}
}

func (m *Module) apiGive(ctx context.Context, in *giveInput) (*personOutput, error) {
	g := Gift{Function: in.Body.Function}
	set(&g.From, in.Body.From)
	set(&g.To, in.Body.To)
	if err := m.Give(ctx, access.Of(ctx), in.ID, g); err != nil {
		return nil, err
	}
	return m.answer(ctx, in.ID)
}

type endInput struct {
	ID       string          `path:"id"`
	Function access.Function `path:"function"`
	At       time.Time       `query:"at" doc:"Now when absent or past"`
}

func (m *Module) apiEnd(ctx context.Context, in *endInput) (*personOutput, error) {
	if err := m.End(ctx, access.Of(ctx), in.ID, in.Function, in.At); err != nil {
		return nil, err
	}
	return m.answer(ctx, in.ID)
}

type handoverInput struct {
	ID   string `path:"id"`
	Body Passing
}

type handoverOutput struct{ Body Handover }

func (m *Module) apiHandOver(ctx context.Context, in *handoverInput) (*handoverOutput, error) {
	h, err := m.HandOver(ctx, access.Of(ctx), in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	return &handoverOutput{h}, nil
}

type handoversOutput struct {
	Body struct {
		Items []Handover `json:"items"`
	}
}

func (m *Module) apiHandovers(ctx context.Context, in *idInput) (*handoversOutput, error) {
	all, err := m.Handovers(ctx, access.Of(ctx), in.ID)
	out := &handoversOutput{}
	out.Body.Items = append([]Handover{}, all...)
	return out, err
}

type eraseInput struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason" doc:"Names nobody: it stays in the journal" maxLength:"300"`
	}
}

func (m *Module) apiErase(ctx context.Context, in *eraseInput) (*nothingOutput, error) {
	return &nothingOutput{}, m.Erase(ctx, access.Of(ctx), in.ID, in.Body.Reason)
}
