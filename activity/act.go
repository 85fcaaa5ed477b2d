package activity

import (
	"context"
	"net/url"
	"slices"

	"cadre/core/access"
	"cadre/core/lifecycle"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// concerted says how far the concertation is.
func (p showPage) concerted(ctx context.Context) []ui.Link {
	if len(p.Signatures) == 0 {
		return nil
	}
	return []ui.Link{{Label: p.signed(ctx)}}
}

func verdictOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: string(Signed), Label: text.T(ctx, "Signer")},
		{Value: string(Reserved), Label: text.T(ctx, "Signer avec réserve")},
		{Value: string(Declined), Label: text.T(ctx, "Décliner")},
	}
}

// postAnswer records what the viewer's institution answers. When the terms have changed
// meanwhile, its author sees the page of today with what they had typed.
func (m *Module) postAnswer(r *web.Request) (web.Response, error) {
	var given Answer
	values, err := form.Into(r.Request, &given)
	if err == nil {
		_, err = m.Sign(r.Context(), access.Of(r.Context()), r.PathValue("id"), given)
	}
	return m.again(r, values, err, "#concertation", func(p *showPage) bool { return p.Signer })
}

// again leads back to the activity after an act on its page, or shows the page again with
// what is wrong. there reports whether the form is still on the page: else the fault speaks alone.
func (m *Module) again(r *web.Request, values url.Values, err error, anchor string, there func(*showPage) bool) (web.Response, error) {
	kind := fault.KindOf(err)
	if err == nil {
		return web.SeeOther(Href(Kind, r.PathValue("id")) + anchor).Done(text.Key("C’est enregistré.")), nil
	}
	if kind != fault.BadInput && kind != fault.Conflict {
		return web.Response{}, err
	}
	p, err2 := m.page(r, form.Of(values, err))
	if err2 != nil {
		return web.Response{}, err2
	}
	if !there(&p) {
		return web.Response{}, err
	}
	return web.Again(showing(p), err), nil
}

// postTask moves a task.
func (m *Module) postTask(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err == nil {
		_, err = m.Move(r.Context(), access.Of(r.Context()), r.PathValue("id"), r.PathValue("task"), TaskState(values.Get("state")))
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(Href(Kind, r.PathValue("id")) + "#taches").Done(text.Key("C’est enregistré.")), nil
}

// postSettle answers a proposal, or takes it back.
func (m *Module) postSettle(r *web.Request) (web.Response, error) {
	ctx, v, proposal := r.Context(), access.Of(r.Context()), r.PathValue("proposal")
	values, err := form.Read(r.Request)
	if err == nil {
		_, err = m.decide(ctx, v, r.PathValue("id"), proposal, form.Version(values), ProposalState(values.Get("decision")), values.Get(reasonField(proposal)))
	}
	return m.again(r, values, fault.At(reasonField(proposal), err), "#propositions", func(p *showPage) bool {
		p.Settling = proposal
		_, closed := p.proposal(proposal)
		return closed == nil && p.settles()
	})
}

// reasonField names the field of the reason for which a proposal is refused: several may be on the page.
func reasonField(proposal string) string { return "reason-" + proposal }

// turnPage asks for what goes with a step: a reason, a lesson, or the report.
type turnPage struct {
	ui.Page
	Found
	Step  lifecycle.Transition
	State form.State
	Gone  bool // the step may not be taken any more: what was typed for it stays on the page
}

func (m *Module) turnPage(r *web.Request, s form.State) (turnPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	f, err := m.Find(ctx, v, r.PathValue("id"))
	if err != nil {
		return turnPage{}, err
	}
	p := turnPage{Found: f, State: s}
	p.Step, err = Life.Step(v, f.Owner, f.State, r.PathValue("verb"))
	p.Page = above(ctx, text.T(ctx, p.Step.Name), f)
	p.Failed = s.Failed()
	return p, err
}

func (m *Module) newTurn(r *web.Request) (web.Response, error) {
	p, err := m.turnPage(r, form.State{})
	if err == nil && p.Report != nil {
		p.State.Values = url.Values{"lesson": {p.Report.Lesson}}
	}
	return web.Page(turning(p)), err
}

// postTurn takes the step. When another has changed the activity meanwhile, what was typed stays in the form.
func (m *Module) postTurn(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	values, err := form.Read(r.Request)
	if err == nil {
		err = m.take(ctx, v, r, values)
	}
	switch fault.KindOf(err) {
	case fault.BadInput:
		p, err2 := m.turnPage(r, form.Of(values, err))
		return web.Invalid(turning(p)), err2
	case fault.Conflict:
		p, err2 := m.turnPage(r, form.Of(values, err))
		if p.Gone = fault.KindOf(err2) == fault.Conflict && p.Step.Asks != ""; p.Gone {
			p.State, err2 = form.Of(values, err2), nil
		}
		return web.Conflicting(turning(p)), err2
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(Href(Kind, r.PathValue("id"))).Done(text.Key("C’est enregistré.")), nil
}

func (m *Module) take(ctx context.Context, v access.Viewer, r *web.Request, values url.Values) error {
	id, verb := r.PathValue("id"), r.PathValue("verb")
	if verb == "reported" {
		report, reached, err := readReport(values)
		if err == nil {
			_, err = m.File(ctx, v, id, form.Version(values), report, reached)
		}
		return err
	}
	var with Turning
	err := form.Bind(values, &with)
	if err == nil {
		_, err = m.Turn(ctx, v, id, verb, form.Version(values), with)
	}
	return err
}

// readReport understands a posted report, and what each expected result has reached.
func readReport(values url.Values) (Report, []string, error) {
	var report Report
	var reached struct {
		Women *int `form:"reached_women"`
		Men   *int `form:"reached_men"`
	}
	var c fault.Collect
	for _, into := range []any{&report, &reached} {
		if err := form.Bind(values, into); err != nil && !c.Add(err) {
			return report, nil, err
		}
	}
	report.Reached = People(reached)
	unread := c.Fault()
	if unread != nil {
		var besides fault.Collect
		report.check(&besides)
		unread = fault.Both(unread, besides.Fault())
	}
	return report, slices.Clone(values["reached"]), unread
}
