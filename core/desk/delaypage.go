package desk

import (
	"context"
	"net/url"
	"strconv"

	"cadre/core/access"
	"cadre/core/calendar"
	"cadre/kit/api"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

type delayPage struct {
	ui.Page
	Setting
	State  form.State
	Keeper bool
}

func (m *Module) showDelays(r *web.Request) (web.Response, error) {
	p, err := m.delayPage(r.Context(), nil, nil)
	return web.Page(delayView(p)), err
}

// delayPage is the page with what was typed and what is wrong with it, or else with what is stored.
func (m *Module) delayPage(ctx context.Context, typed url.Values, wrong error) (delayPage, error) {
	p := delayPage{Page: ui.Start(ctx, text.T(ctx, "Délais de rappel"), ui.Link{Label: text.T(ctx, "Jours fériés"), Href: calendar.Home}),
		Keeper: access.Of(ctx).Is(access.Secretariat)}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.Setting, err = m.Delays(ctx, tx)
		return err
	})
	if typed == nil {
		typed = form.Unbind(p.Delays)
	}
	typed.Set(form.VersionField, strconv.FormatInt(p.Version, 10))
	p.State = form.Of(typed, wrong)
	p.Failed = p.State.Failed()
	return p, err
}

func (m *Module) postDelays(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	var d Delays
	values, err := form.Into(r.Request, &d)
	if err == nil {
		_, err = m.SetDelays(ctx, access.Of(ctx), form.Version(values), d)
	}
	kind := fault.KindOf(err)
	if kind != fault.BadInput && kind != fault.Conflict {
		return web.SeeOther(calendar.Delays).Done(text.Key("C’est enregistré.")), err
	}
	p, again := m.delayPage(ctx, values, err)
	return web.Again(delayView(p), err), again
}

type delaysOutput struct {
	ETag string `header:"ETag"`
	Body Setting
}

func (m *Module) apiDelays(ctx context.Context, _ *struct{}) (*delaysOutput, error) {
	out := &delaysOutput{}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		out.Body, err = m.Delays(ctx, tx)
		return err
	})
	out.ETag = api.Tag(out.Body.Version)
	return out, err
}

type setDelaysInput struct {
	IfMatch string `header:"If-Match" doc:"ETag of the version being changed"`
	Body    Delays
}

func (m *Module) apiSetDelays(ctx context.Context, in *setDelaysInput) (*delaysOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	s, err := m.SetDelays(ctx, access.Of(ctx), expect, in.Body)
	return &delaysOutput{api.Tag(s.Version), s}, err
}
