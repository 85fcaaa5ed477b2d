package accord

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

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

// formPage is the page on which an accord is written or changed.
type formPage struct {
	ui.Page
	*Module
	Quoted  []text.Passage // what the title quotes
	State   form.State
	Owner   string
	Saved   bool
	Order   []Structure
	Preview *circle.Preview     // who will read, to be read before saving
	Theirs  []record.Difference // what another has saved meanwhile
	Action  string
	Cancel  string
}

// save words the button: a new accord shows first who will read.
func (p formPage) save(ctx context.Context) string {
	if p.Preview == nil && !p.Saved {
		return text.T(ctx, "Voir qui lira, puis enregistrer")
	}
	return text.T(ctx, "Enregistrer")
}

// others are the institutions that may be parties besides the owner; who has left the framework stays among those chosen.
func (p formPage) others(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, s := range p.Order {
		if s.ID != p.Owner && (!s.Closed || p.State.Has("parties", s.ID)) {
			all = append(all, ui.Option{Value: s.ID, Label: s.Called(ctx)})
		}
	}
	return all
}

func sortOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, s := range Sorts {
		all = append(all, ui.Option{Value: string(s), Label: text.T(ctx, sortNames[s])})
	}
	return all
}

func (m *Module) newAccord(r *web.Request) (web.Response, error) {
	blank := url.Values{"marking": {access.Green.Code()}, "audience": {string(access.Members)}}
	p, err := m.formPage(r, form.Of(blank, nil))
	return web.Page(editing(p)), err
}

// formPage prepares the page of a new accord.
func (m *Module) formPage(r *web.Request, s form.State) (formPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := formPage{Page: ui.Start(ctx, text.T(ctx, "Écrire un protocole ou une convention"), crumb(ctx)), Module: m, State: s, Owner: v.Structure, Action: listPath, Cancel: listPath}
	p.Failed = s.Failed()
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.Order, err = m.People.Structures(ctx, tx)
		return err
	})
	return p, err
}

// about is the page of an accord that exists.
func (m *Module) about(r *web.Request, f Found, s form.State) (formPage, error) {
	ctx := r.Context()
	p, err := m.formPage(r, s)
	p.Owner, p.Saved, p.Action, p.Cancel, p.Quoted = f.Owner, true, Href(Kind, f.ID), Href(Kind, f.ID), []text.Passage{text.Own(ctx, f.Title, "")}
	p.Page = above(ctx, text.T(ctx, "Modifier : %s", f.Title), f)
	p.Failed = s.Failed()
	return p, err
}

// above starts a page on which something is done about an accord: the way back to it, and its marking.
func above(ctx context.Context, title string, f Found) ui.Page {
	p := ui.Start(ctx, title, crumb(ctx), ui.Link{Label: f.Title, Href: Href(Kind, f.ID), Lang: "fr"})
	p.Marking = circle.Marking(ctx, f.Marking)
	return p
}

// posted reads a posted accord, with the clauses that it has; what cannot be read does not hide what else is wrong.
func (m *Module) posted(r *web.Request, f Found) (Drafting, url.Values, error) {
	var in Drafting
	values, err := form.Into(r.Request, &in)
	in.Clauses = f.duties()
	checked := m.DB.Read(r.Context(), func(tx *db.Tx) error { return m.check(r.Context(), tx, &in, f) })
	return in, values, fault.Both(err, checked)
}

// postAccord writes down an accord, once its author has read who will see it.
func (m *Module) postAccord(r *web.Request) (web.Response, error) {
	f := m.blank(access.Of(r.Context()))
	in, values, err := m.posted(r, f)
	p, err2 := m.formPage(r, form.Of(values, err))
	if err2 != nil {
		return web.Response{}, err2
	}
	if shown, resp, err := m.preview(r.Context(), p, in, values, f, err); shown || err != nil {
		return resp, err
	}
	f, err = m.Write(r.Context(), access.Of(r.Context()), in)
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(Href(Kind, f.ID)).Done(text.Key("C’est enregistré.")), nil
}

// foresee tells who would read the accord if it were saved.
func (m *Module) foresee(ctx context.Context, owner string, in Drafting) (circle.Preview, error) {
	var seen circle.Preview
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		to, err := m.reach(ctx, tx, owner, in)
		if err != nil {
			return err
		}
		seen, err = m.Circles.Preview(ctx, tx, owner, to)
		return err
	})
	return seen, err
}

// preview shows the form again with what is wrong or with who will read, unless its author has
// just seen that, or the circle is the one that the accord has already.
func (m *Module) preview(ctx context.Context, p formPage, in Drafting, values url.Values, old Found, wrong error) (bool, web.Response, error) {
	var seen circle.Preview
	if wrong == nil {
		seen, wrong = m.foresee(ctx, p.Owner, in)
	}
	if fault.KindOf(wrong) == fault.BadInput {
		p.State, p.Failed = form.Of(values, wrong), true
		return true, web.Invalid(editing(p)), nil
	}
	if wrong != nil || values.Get("reach") == seen.Digest || old.ID != "" && seen.Digest == old.Marking.Code()+"-"+access.AudienceID(old.Audience) {
		return false, web.Response{}, wrong
	}
	if old.ID != "" {
		if err := m.DB.Read(ctx, func(tx *db.Tx) error { return m.Circles.Narrow(ctx, tx, access.Of(ctx), old.Record, &seen) }); err != nil {
			return false, web.Response{}, err
		}
	}
	values.Set("reach", seen.Digest)
	p.Preview, p.State = &seen, form.Of(values, nil)
	return true, web.Page(editing(p)), nil
}

// edit shows an accord in its form.
func (m *Module) edit(r *web.Request) (web.Response, error) {
	f, values, err := m.editable(r)
	if err != nil {
		return web.Response{}, err
	}
	p, err := m.about(r, f, form.Of(values, nil))
	return web.Page(editing(p)), err
}

// editable finds an accord that the viewer may change, with its form's values.
func (m *Module) editable(r *web.Request) (Found, url.Values, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	var f Found
	var in Drafting
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if f, err = find(ctx, tx, v, r.PathValue("id")); err != nil {
			return err
		}
		if err := kept(v, f); err != nil {
			return err
		}
		in, err = m.values(ctx, tx, f)
		return err
	})
	values := form.Unbind(in)
	values.Set("version", strconv.FormatInt(f.Version, 10))
	return f, values, err
}

// postAmend stores a changed accord. When another has changed it meanwhile, its author sees both
// texts, and what they typed stays in the form.
func (m *Module) postAmend(r *web.Request) (web.Response, error) {
	f, saved, err := m.editable(r)
	if err != nil {
		return web.Response{}, err
	}
	in, values, err := m.posted(r, f)
	p, err2 := m.about(r, f, form.Of(values, err))
	if err2 != nil {
		return web.Response{}, err2
	}
	if shown, resp, err := m.preview(r.Context(), p, in, values, f, err); shown || err != nil {
		return resp, err
	}
	_, err = m.Amend(r.Context(), access.Of(r.Context()), f.ID, form.Version(values), in)
	if fault.KindOf(err) == fault.Conflict {
		p.Theirs = p.differences(r.Context(), saved, values)
		values.Set("version", saved.Get("version"))
		p.State, p.Failed = form.Of(values, err), true
		return web.Conflicting(editing(p)), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(Href(Kind, f.ID)).Done(text.Key("C’est enregistré.")), nil
}

// differences sets the saved values of a form beside what was typed, in words.
func (p formPage) differences(ctx context.Context, saved, typed url.Values) []record.Difference {
	var all []record.Difference
	for _, name := range []string{"title", "sort", "object", "parties", "outside", "signed_on", "from", "until", "marking"} {
		before, after := p.said(ctx, saved[name]), p.said(ctx, typed[name])
		if before != after {
			all = append(all, record.Difference{Name: name, Before: before, After: after})
		}
	}
	return all
}

// said words the values of a field: institutions by their names, the owner understood; sorts in words.
func (p formPage) said(ctx context.Context, values []string) string {
	var all []string
	for _, value := range values {
		if i := slices.IndexFunc(p.Order, func(s Structure) bool { return s.ID == value }); i >= 0 {
			value = p.Order[i].Called(ctx)
		}
		if name := sortNames[Sort(value)]; name != "" {
			value = text.T(ctx, name)
		}
		all = append(all, value)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}
