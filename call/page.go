package call

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/lifecycle"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

func crumb(ctx context.Context) ui.Link {
	return ui.Link{Label: text.T(ctx, "Appels et besoins"), Href: listPath}
}

// listPage is the calls in a state.
type listPage struct {
	ui.Page
	*Module
	List     page.Of[Found]
	State    string
	Names    map[string]string
	Answered map[string][]record.Record // by call
	Author   bool
	Sort     Sort // of what the viewer would write
}

func (m *Module) list(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := listPage{Page: ui.Start(ctx, text.T(ctx, "Appels et besoins")), Module: m, State: Open, Author: v.Is(authors...), Sort: sortOf(v)}
	if v.Known() {
		p.Crumbs = []ui.Link{{Label: text.T(ctx, "Synergies"), Href: "/synergie"}}
	}
	if r.Query("etat") == Closed {
		p.State = Closed
	}
	asked, err := page.Parse(r.Query("page"), 0)
	if err != nil {
		return web.Response{}, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Names, err = m.People.ShortNames(ctx, tx); err != nil {
			return err
		}
		if p.List, err = listed(ctx, tx, v, p.State, asked); err != nil {
			return err
		}
		p.Answered, err = record.Origins(ctx, tx, v, record.Serves, p.ids())
		return err
	})
	return web.Page(listing(p)), err
}

// listed is a page of the visible calls in a state, by title.
func listed(ctx context.Context, tx *db.Tx, v access.Viewer, state string, asked page.Request) (page.Of[Found], error) {
	rows, err := record.List(ctx, tx, v, record.Filter{Kind: Kind, State: state}, asked)
	if err != nil {
		return page.Of[Found]{}, err
	}
	return page.Map(rows, found)
}

func (p listPage) ids() []string {
	var ids []string
	for _, f := range p.List.Rows {
		ids = append(ids, f.ID)
	}
	return ids
}

// states lead to the open and to the closed ones.
func (p listPage) states(ctx context.Context) []ui.Link {
	all := []ui.Link{{Label: text.T(ctx, "Ouverts"), Href: listPath}, {Label: text.T(ctx, "Clos"), Href: listPath + "?etat=" + Closed}}
	if p.State == Open {
		all[0].Href = ""
	} else {
		all[1].Href = ""
	}
	return all
}

func (p listPage) span() ui.Span {
	at := func(cursor string) string {
		if cursor == "" {
			return ""
		}
		return listPath + "?" + url.Values{"etat": {p.State}, "page": {cursor}}.Encode()
	}
	return ui.Span{First: p.List.From, Last: p.List.From + len(p.List.Rows) - 1, Total: p.List.Total, Previous: at(p.List.Prev), Next: at(p.List.Next)}
}

// showPage is a call.
type showPage struct {
	ui.Page
	Found
	Room    *Module
	Viewer  access.Viewer
	Names   map[string]string
	Answers []record.Record // activities that serve it
	Steps   []lifecycle.Transition
	Author  bool // may change it
	Asked   bool // may say that their institution will not answer
	Writes  bool // may write an activity
	State   form.State
	Doing   string // the form that failed
	Around  templ.Component
}

func (m *Module) show(r *web.Request) (web.Response, error) {
	p, err := m.page(r, "", form.State{})
	if err != nil {
		return web.Response{}, err
	}
	m.Readers.Note(p.Viewer, record.Read, p.Record)
	return web.Page(showing(p)), nil
}

// page reads a call with all that its page shows; doing is the form that failed with a state.
func (m *Module) page(r *web.Request, doing string, s form.State) (showPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := showPage{Room: m, Viewer: v, State: s, Doing: doing}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Found, err = find(ctx, tx, v, r.PathValue("id")); err != nil {
			return err
		}
		if p.Names, err = m.People.ShortNames(ctx, tx); err != nil {
			return err
		}
		origins, err := record.Origins(ctx, tx, v, record.Serves, []string{p.ID})
		p.Answers = origins[p.ID]
		return err
	})
	if err != nil {
		return p, err
	}
	p.Steps = Life.Offered(v, p.Owner, p.Record.State)
	p.Author = kept(v, p.Found) == nil
	p.Asked, p.Writes = asked(v, p.Found) == nil, v.Is(access.Head, access.Focal, access.Deputy, access.Member, access.Field) && p.Record.State == Open
	if p.Around, err = m.Dossier.Around(ctx, p.Record); err != nil {
		return p, err
	}
	p.Page = ui.Start(ctx, p.Record.Title, crumb(ctx))
	p.Failed, p.Page.Marking = s.Failed(), circle.Marking(ctx, p.Record.Marking)
	return p, nil
}

func (p showPage) path(rest string) string { return Href(Kind, p.ID) + rest }

func (p showPage) kicker(ctx context.Context) []string {
	k := []string{text.T(ctx, sortNames[p.Sort]), text.T(ctx, "par %s, le %s", p.Names[p.Owner], text.Date(ctx, p.Created.In(p.Room.Zone)))}
	if p.Fictitious {
		k = append(k, text.T(ctx, "données fictives"))
	}
	return k
}

// state is what was typed in a form of the page, when it is the one that failed.
func (p showPage) state(doing string) form.State {
	if p.Doing != doing {
		return form.State{}
	}
	return p.State
}

// postTurn closes a call or opens it again.
func (m *Module) postTurn(r *web.Request) (web.Response, error) {
	return m.turned(r, r.PathValue("verb"), func(ctx context.Context, v access.Viewer, values url.Values, with Reasoned) error {
		_, err := m.Turn(ctx, v, r.PathValue("id"), r.PathValue("verb"), form.Version(values), with)
		return err
	})
}

// postRefusal says that the viewer's institution will not answer.
func (m *Module) postRefusal(r *web.Request) (web.Response, error) {
	return m.turned(r, "refused", func(ctx context.Context, v access.Viewer, _ url.Values, with Reasoned) error {
		_, err := m.Refuse(ctx, v, r.PathValue("id"), with)
		return err
	})
}

// turned reads a reason and does something with it; when that fails the page shows what was typed.
func (m *Module) turned(r *web.Request, doing string, do func(context.Context, access.Viewer, url.Values, Reasoned) error) (web.Response, error) {
	var with Reasoned
	values, err := form.Into(r.Request, &with)
	if err == nil {
		err = do(r.Context(), access.Of(r.Context()), values, with)
	}
	switch fault.KindOf(err) {
	case fault.BadInput, fault.Conflict:
		p, err2 := m.page(r, doing, form.Of(values, err))
		if err2 != nil {
			return web.Response{}, err2
		}
		if fault.KindOf(err) == fault.Conflict && !p.offers(doing) {
			return web.Response{}, err
		}
		return web.Again(showing(p), err), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(Href(Kind, r.PathValue("id"))).Done(text.Key("C’est enregistré.")), nil
}

// offers reports whether the page has the form by which something is done.
func (p showPage) offers(doing string) bool {
	return doing == "refused" && p.Asked || slices.ContainsFunc(p.Steps, func(s lifecycle.Transition) bool { return s.Verb == doing && s.Asks != "" })
}

// formPage is the page on which a call is written or changed.
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

// save words the button: a new call shows first who will read.
func (p formPage) save(ctx context.Context) string {
	if p.Preview == nil && !p.Saved {
		return text.T(ctx, "Voir qui lira, puis enregistrer")
	}
	return text.T(ctx, "Enregistrer")
}

func (m *Module) newCall(r *web.Request) (web.Response, error) {
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	blank := url.Values{"marking": {access.Green.Code()}, "audience": {string(access.Members)}}
	for _, name := range []string{"theme", "place", "from", "to"} {
		if q.Has(name) {
			blank[name] = q[name]
		}
	}
	p, err := m.formPage(r, form.Of(blank, nil))
	return web.Page(editing(p)), err
}

// formPage prepares the page of a new call.
func (m *Module) formPage(r *web.Request, s form.State) (formPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	title := text.T(ctx, "Signaler un besoin")
	if sortOf(v) == Appeal {
		title = text.T(ctx, "Lancer un appel à activités")
	}
	p := formPage{Page: ui.Start(ctx, title, crumb(ctx)), Module: m, State: s, Owner: v.Structure, Action: listPath, Cancel: listPath}
	p.Failed = s.Failed()
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.Order, err = m.People.Structures(ctx, tx)
		return err
	})
	return p, err
}

// about is the page of a call that exists.
func (m *Module) about(r *web.Request, f Found, s form.State) (formPage, error) {
	ctx := r.Context()
	p, err := m.formPage(r, s)
	p.Owner, p.Saved, p.Action, p.Cancel, p.Quoted = f.Owner, true, Href(Kind, f.ID), Href(Kind, f.ID), []text.Passage{text.Own(ctx, f.Title, "")}
	p.Page = ui.Start(ctx, text.T(ctx, "Modifier : %s", f.Title), crumb(ctx), ui.Link{Label: f.Title, Href: p.Cancel, Lang: "fr"})
	p.Failed, p.Page.Marking = s.Failed(), circle.Marking(ctx, f.Marking)
	return p, err
}

// posted reads a posted call; what cannot be read does not hide what else is wrong.
func (m *Module) posted(r *web.Request, before Plan) (Request, url.Values, error) {
	var in Request
	values, err := form.Into(r.Request, &in)
	return in, values, fault.Both(err, m.check(in, before))
}

// postCall writes down a call, once its author has read who will see it.
func (m *Module) postCall(r *web.Request) (web.Response, error) {
	in, values, err := m.posted(r, Plan{})
	p, err2 := m.formPage(r, form.Of(values, err))
	if err2 != nil {
		return web.Response{}, err2
	}
	if shown, resp, err := m.preview(r.Context(), p, in, values, Found{}, err); shown || err != nil {
		return resp, err
	}
	f, err := m.Open(r.Context(), access.Of(r.Context()), in)
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(Href(Kind, f.ID)).Done(text.Key("C’est enregistré.")), nil
}

// preview shows the form again with what is wrong or with who will read, unless its author has
// just seen that, or the circle is the one that the call has already.
func (m *Module) preview(ctx context.Context, p formPage, in Request, values url.Values, old Found, wrong error) (bool, web.Response, error) {
	var seen circle.Preview
	if wrong == nil {
		seen, wrong = m.Circles.Foresee(ctx, p.Owner, in.Choice)
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

// edit shows a call in its form.
func (m *Module) edit(r *web.Request) (web.Response, error) {
	f, values, err := m.editable(r)
	if err != nil {
		return web.Response{}, err
	}
	p, err := m.about(r, f, form.Of(values, nil))
	return web.Page(editing(p)), err
}

// editable finds a call that the viewer may change, with its form's values.
func (m *Module) editable(r *web.Request) (Found, url.Values, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	var f Found
	var in Request
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

// postAmend stores a changed call. When another has changed it meanwhile, its author sees both
// texts, and what they typed stays in the form.
func (m *Module) postAmend(r *web.Request) (web.Response, error) {
	f, saved, err := m.editable(r)
	if err != nil {
		return web.Response{}, err
	}
	in, values, err := m.posted(r, f.Plan)
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
	say := map[string]func(context.Context, string) string{"theme": p.Themes.Label, "place": p.Places.Path}
	var all []record.Difference
	for _, name := range []string{"title", "why", "theme", "place", "from", "to", "marking"} {
		before, after := saved.Get(name), typed.Get(name)
		if in := say[name]; in != nil {
			before, after = in(ctx, before), in(ctx, after)
		}
		if before != after {
			all = append(all, record.Difference{Name: name, Before: before, After: after})
		}
	}
	return all
}
