package activity

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// input is an activity as its people would say it again: what a change of one of its parts starts from.
func (m *Module) input(ctx context.Context, v access.Viewer, f Found) (Input, error) {
	in := Input{Title: f.Title, Themes: f.Themes, Places: f.Places, Plan: f.Plan}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		in.Choice, err = m.Circles.Of(ctx, tx, f.Owner, circle.Resolved{Marking: f.Marking, Audience: m.chosen(f)})
		return err
	})
	return in, err
}

// proposalPage is the page on which a partner asks for other terms.
type proposalPage struct {
	ui.Page
	Found
	Room   *Module
	State  form.State
	Expect string
	Theirs []record.Difference // what another has saved meanwhile
}

func (m *Module) proposalPage(r *web.Request, s form.State) (proposalPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	f, err := m.Find(ctx, v, r.PathValue("id"))
	if err != nil {
		return proposalPage{}, err
	}
	if err := f.asks(f.speaker(v)); err != nil {
		return proposalPage{}, err
	}
	p := proposalPage{Found: f, Room: m, State: s, Expect: strconv.FormatInt(f.Version, 10)}
	p.Page = above(ctx, text.T(ctx, "Proposer un changement"), f)
	p.Failed = s.Failed()
	return p, nil
}

func (m *Module) newProposal(r *web.Request) (web.Response, error) {
	p, err := m.proposalPage(r, form.State{})
	if err != nil {
		return web.Response{}, err
	}
	role := p.role(p.speaker(access.Of(r.Context())).Structure)
	p.State.Values = url.Values{"purpose": {p.Purpose}, "from": {p.Period.From.Typed()}, "to": {p.Period.To.Typed()}, "places": p.Places, "role": {string(role)}}
	return web.Page(proposing(p)), nil
}

// postProposal asks for other terms. On a version that has moved, its author reads the
// new one first: what they typed stays in the form.
func (m *Module) postProposal(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	values, err := form.Read(r.Request)
	p, err2 := m.proposalPage(r, form.Of(values, err))
	if err2 != nil {
		return web.Response{}, err2
	}
	if err == nil {
		_, err = m.Ask(ctx, v, p.ID, form.Version(values), p.wish(v, values))
	}
	switch fault.KindOf(err) {
	case fault.BadInput, fault.Conflict:
		p.State, p.Failed = form.Of(values, err), true
		if fault.KindOf(err) == fault.Conflict {
			if p.Theirs, err2 = m.beside(ctx, p, p.wish(v, values).Terms); err2 != nil {
				return web.Response{}, err2
			}
		}
		return web.Again(proposing(p), err), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(Href(Kind, p.ID) + "#propositions").Done(text.Key("C’est enregistré.")), nil
}

// beside sets the terms as they are saved beside those that were typed, in words.
func (m *Module) beside(ctx context.Context, p proposalPage, typed Terms) ([]record.Difference, error) {
	o := voice{Room: m}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		_, o.Names, err = m.acronyms(ctx, tx)
		return err
	})
	var all []record.Difference
	today := p.CurrentTerms()
	for _, name := range today.Changed(typed) {
		all = append(all, record.Difference{Name: name, Before: o.termWords(ctx, today, name), After: o.termWords(ctx, typed, name)})
	}
	return all, err
}

// wish is what was typed: the terms of today but for what the form asks.
func (p proposalPage) wish(v access.Viewer, values url.Values) Wish {
	t, v := p.CurrentTerms(), p.speaker(v)
	t.Purpose, t.Period = values.Get("purpose"), Period{Moment(values.Get("from")), Moment(values.Get("to"))}
	t.Places = slices.DeleteFunc(slices.Clone(values["places"]), func(s string) bool { return s == "" })
	t.Partners = slices.Clone(t.Partners)
	for i, o := range t.Partners {
		if o.Structure == v.Structure {
			t.Partners[i].Role = Role(values.Get("role"))
		}
	}
	if values.Get("role") == "none" {
		t.Partners = slices.DeleteFunc(t.Partners, func(o Partner) bool { return o.Structure == v.Structure })
	}
	return Wish{Why: values.Get("why"), Terms: t}
}

// roleOptions are the roles that an institution may ask for, leaving included.
func roleOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, role := range Roles {
		all = append(all, ui.Option{Value: string(role), Label: roleName(ctx, role)})
	}
	return append(all, ui.Option{Value: "none", Label: text.T(ctx, "Ne participe plus")})
}
