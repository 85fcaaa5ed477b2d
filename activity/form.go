package activity

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

	"github.com/a-h/templ"
)

// formPage is the page on which an activity is written or changed.
type formPage struct {
	ui.Page
	*Module
	State   form.State
	Quoted  []text.Passage  // what the title quotes
	Serves  []record.Record // what a new activity will serve
	Owner   string
	Saved   string // identifier of the activity that is being changed; empty for a new one
	Order   []Structure
	Preview *circle.Preview     // who will read, to be read before saving
	Close   templ.Component     // what is close to it, said with the preview
	Theirs  []record.Difference // what another has saved meanwhile
	Action  string
	Cancel  string
}

// takesPart reports whether an institution is among the partners of the form.
func (p formPage) takesPart(structure string) bool {
	return slices.ContainsFunc(p.State.All("partners"), func(s string) bool { return strings.HasPrefix(s, structure+":") })
}

// lede says what to expect of the form.
func (p formPage) lede(ctx context.Context) string {
	if p.Saved == "" {
		return text.T(ctx, "Une idée suffit pour commencer : le reste se complète ensuite.")
	}
	return text.T(ctx, "Un autre but, une autre période, d’autres lieux ou d’autres rôles redemandent leur signature à ceux que cela touche.")
}

// save words the button: a new activity shows first who will read and what is close, and so does one whose circle changes.
func (p formPage) save(ctx context.Context) string {
	if p.Preview == nil && p.Saved == "" {
		return text.T(ctx, "Voir qui lira et ce qui est proche")
	}
	return text.T(ctx, "Enregistrer")
}

// read understands a posted activity. The lists that have their own pages come from what is saved.
func read(values url.Values, saved Plan) (Input, error) {
	in := Input{Plan: saved}
	var c fault.Collect
	for _, into := range []any{&in, &in.Targeted, &in.Period} {
		if err := form.Bind(values, into); err != nil && !c.Add(err) {
			return in, err
		}
	}
	in.Partners = partners(values["partners"])
	return in, c.Fault()
}

// posted reads a posted activity of a lead. What cannot be read does not hide what else is wrong.
func (m *Module) posted(r *web.Request, f Found) (Input, url.Values, error) {
	values, err := form.Read(r.Request)
	in, unread := read(values, f.Plan)
	return in, values, m.besides(r.Context(), fault.Both(err, unread), in, f)
}

// besides adds to what could not be read what else is wrong with what was typed.
func (m *Module) besides(ctx context.Context, unread error, in Input, f Found) error {
	if fault.KindOf(unread) != fault.BadInput {
		return unread
	}
	return m.DB.Read(ctx, func(tx *db.Tx) error { return fault.Both(unread, m.check(ctx, tx, &in, f.Owner, f.Plan)) })
}

// partners reads the choices of roles, each STRUCTURE:ROLE or nothing. What is neither is kept, to be refused.
func partners(chosen []string) []Partner {
	var all []Partner
	for _, s := range chosen {
		if s != "" {
			structure, role, _ := strings.Cut(s, ":")
			all = append(all, Partner{structure, Role(role)})
		}
	}
	return all
}

// watch is the address that tells what is close to what is being typed.
func (p formPage) watch() string {
	if p.Watch == "" {
		return ""
	}
	return p.Watch + "?" + url.Values{"fiche": {p.Saved}}.Encode()
}

// values prefills the form of an activity.
func (m *Module) values(ctx context.Context, tx *db.Tx, f Found) (url.Values, error) {
	choice, err := m.Circles.Of(ctx, tx, f.Owner, circle.Resolved{Marking: f.Marking, Audience: m.chosen(f)})
	values := Input{Title: f.Title, Themes: f.Themes, Places: f.Places, Choice: choice, Plan: f.Plan}.said()
	for _, p := range f.Partners {
		values.Add("partners", p.Structure+":"+string(p.Role))
	}
	values.Set("from", f.Period.From.Typed())
	values.Set("to", f.Period.To.Typed())
	values.Set("version", strconv.FormatInt(f.Version, 10))
	return values, err
}

// said is what its people say of an activity, under the names of the form's fields.
func (in Input) said() url.Values {
	values := form.Unbind(in)
	for _, part := range []any{in.Targeted, in.Period} {
		for name, all := range form.Unbind(part) {
			values[name] = all
		}
	}
	return values
}

// chosen is the audience without the partners, who read because they take part.
func (m *Module) chosen(f Found) access.Audience {
	if f.State == Idea {
		return f.Audience
	}
	return slices.DeleteFunc(slices.Clone(f.Audience), func(p access.Principal) bool {
		return slices.ContainsFunc(f.Partners, func(o Partner) bool { return p == access.Structure(o.Structure) })
	})
}

func (m *Module) newActivity(r *web.Request) (web.Response, error) {
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	blank := url.Values{"marking": {access.Green.Code()}, "audience": {string(access.Members)}}
	for _, name := range []string{"themes", "places", "from", "to", "type", "title", "serves"} { // a gap or a call may start a plan
		if q.Has(name) {
			blank[name] = q[name]
		}
	}
	for _, name := range []string{"from", "to"} {
		if m, ok := ParseMoment(blank.Get(name)); ok && m != "" {
			blank.Set(name, m.Typed())
		}
	}
	p, err := m.formPage(r, form.Of(blank, nil))
	return web.Page(editing(p)), err
}

// formPage prepares the page of a new activity of the viewer's institution.
func (m *Module) formPage(r *web.Request, s form.State) (formPage, error) {
	ctx := r.Context()
	p := formPage{Page: ui.Start(ctx, text.T(ctx, "Écrire une activité"), planCrumb(ctx)), Module: m, State: s,
		Owner: access.Of(ctx).Structure, Action: listPath, Cancel: listPath}
	p.Failed = s.Failed()
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Order, err = m.People.Structures(ctx, tx); err != nil {
			return err
		}
		p.Serves, err = served(ctx, tx, access.Of(ctx), s.All("serves"))
		if fault.KindOf(err) == fault.BadInput {
			err = nil // told when it is sent
		}
		return err
	})
	return p, err
}

func planCrumb(ctx context.Context) ui.Link {
	return ui.Link{Label: text.T(ctx, "Plan concerté"), Href: listPath}
}

// above starts a page on which something is done about an activity: the way back to it, and its marking.
func above(ctx context.Context, title string, f Found) ui.Page {
	p := ui.Start(ctx, title, planCrumb(ctx), ui.Link{Label: f.Title, Href: Href(Kind, f.ID), Lang: "fr"})
	p.Marking = circle.Marking(ctx, f.Marking)
	return p
}

// about is the page of an activity that exists.
func (m *Module) about(r *web.Request, f Found, s form.State) (formPage, error) {
	p, err := m.formPage(r, s)
	p.Owner, p.Saved, p.Action, p.Cancel = f.Owner, f.ID, Href(Kind, f.ID), Href(Kind, f.ID)
	p.Page = above(r.Context(), text.T(r.Context(), "Modifier : %s", f.Title), f)
	p.Quoted = []text.Passage{text.Own(r.Context(), f.Title, "")}
	p.Failed = s.Failed()
	return p, err
}

// postDraft writes down a new activity, once its author has read who will see it and what is close to it.
func (m *Module) postDraft(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	blank := Found{Record: record.Record{Owner: v.Structure, Kind: Kind, State: Idea}}
	in, values, err := m.posted(r, blank)
	p, err2 := m.formPage(r, form.Of(values, err))
	if err2 != nil {
		return web.Response{}, err2
	}
	if err == nil {
		var shown bool
		if shown, err = m.preview(ctx, &p, in, blank, values, ""); shown {
			return web.Page(editing(p)), nil
		}
	}
	var f Found
	if err == nil {
		f, err = m.Draft(ctx, v, in, values["serves"]...)
	}
	if fault.KindOf(err) == fault.BadInput {
		p.State, p.Failed = form.Of(values, err), true
		return web.Invalid(editing(p)), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(Href(Kind, f.ID)).Done(text.Key("C’est enregistré.")), nil
}

// preview shows the form again with who will read and what is close, when its author asks for
// it or has not just seen who will read. kept is the digest of the circle that the record has already.
func (m *Module) preview(ctx context.Context, p *formPage, in Input, f Found, values url.Values, kept string) (bool, error) {
	v := access.Of(ctx)
	var seen circle.Preview
	asked := values.Has("look")
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		checked := in
		if err := m.check(ctx, tx, &checked, f.Owner, f.Plan); err != nil {
			return err
		}
		to, err := m.Circles.Resolve(ctx, tx, f.Owner, in.Choice)
		if err != nil {
			return err
		}
		to.Audience = access.AudienceOf(f.Owner, checked.audience(to.Audience)...)
		if seen, err = m.Circles.Preview(ctx, tx, f.Owner, to); err != nil || values.Get("reach") == seen.Digest && !asked {
			return err
		}
		if f.ID != "" {
			if err := m.Circles.Narrow(ctx, tx, v, f.Record, &seen); err != nil {
				return err
			}
		}
		foreseen := f.Record
		foreseen.Title, foreseen.Themes, foreseen.Places = checked.Title, checked.Themes, checked.Places
		foreseen.Marking, foreseen.Audience = to.Marking, to.Audience
		p.Close, err = m.foresee(ctx, tx, v, foreseen, Activity{Plan: checked.Plan})
		return err
	})
	if err != nil || !asked && (values.Get("reach") == seen.Digest || kept == seen.Digest) {
		return false, err
	}
	values.Set("reach", seen.Digest)
	p.Preview, p.State = &seen, form.Of(values, nil)
	return true, nil
}

// edit shows an activity in its form.
func (m *Module) edit(r *web.Request) (web.Response, error) {
	f, values, err := m.editable(r)
	if err != nil {
		return web.Response{}, err
	}
	p, err := m.about(r, f, form.Of(values, nil))
	return web.Page(editing(p)), err
}

// editable finds an activity that the viewer may change, with its form's values.
func (m *Module) editable(r *web.Request) (Found, url.Values, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	var f Found
	var values url.Values
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if f, err = find(ctx, tx, v, r.PathValue("id")); err != nil {
			return err
		}
		if err := m.led(v, f, authors); err != nil {
			return err
		}
		values, err = m.values(ctx, tx, f)
		return err
	})
	return f, values, err
}

// postAmend stores a changed activity. When another has changed it meanwhile, its author
// sees both texts, and what they typed stays in the form.
func (m *Module) postAmend(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	f, saved, err := m.editable(r)
	if err != nil {
		return web.Response{}, err
	}
	in, values, err := m.posted(r, f)
	p, err2 := m.about(r, f, form.Of(values, err))
	if err2 != nil {
		return web.Response{}, err2
	}
	if err == nil {
		var shown bool
		kept := f.Marking.Code() + "-" + access.AudienceID(access.AudienceOf(f.Owner, f.audience(f.Audience)...))
		if shown, err = m.preview(ctx, &p, in, f, values, kept); shown {
			return web.Page(editing(p)), nil
		}
	}
	if err == nil {
		_, err = m.Amend(ctx, v, f.ID, form.Version(values), in)
	}
	switch fault.KindOf(err) {
	case fault.BadInput:
		p.State, p.Failed = form.Of(values, err), true
		return web.Invalid(editing(p)), nil
	case fault.Conflict:
		p.Theirs = p.differences(ctx, saved, values)
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
	for _, name := range slices.Sorted(slices.Values(formFields)) {
		d := record.Difference{Name: name, Before: p.say(ctx, name, saved[name]), After: p.say(ctx, name, typed[name])}
		if d.Before != d.After {
			all = append(all, d)
		}
	}
	return all
}

// formFields are the fields of the form of an activity.
var formFields = []string{"title", "purpose", "type", "themes", "places", "publics", "women", "men", "from", "to", "sign_by", "partners", "risks", "outside", "reference", "marking"}

func (p formPage) say(ctx context.Context, name string, values []string) string {
	names := acronymsOf(p.Order)
	var lines []string
	for _, v := range values {
		if v != "" {
			lines = append(lines, p.Words(ctx, names, name, v))
		}
	}
	return strings.Join(lines, "\n")
}

// foresee asks other rooms what they say of a plan; nothing when none does.
func (m *Module) foresee(ctx context.Context, tx *db.Tx, v access.Viewer, r record.Record, a Activity) (templ.Component, error) {
	if m.Foreseen == nil {
		return nil, nil
	}
	content, err := a.encode()
	if err != nil {
		return nil, err
	}
	r.Content = content
	return m.Foreseen(ctx, tx, v, r)
}
