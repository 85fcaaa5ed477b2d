package accord

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
	return ui.Link{Label: text.T(ctx, "Protocoles et conventions"), Href: listPath}
}

// listPage is the accords in a state.
type listPage struct {
	ui.Page
	*Module
	List   page.Of[Found]
	State  string
	Names  map[string]string
	Author bool
}

func (m *Module) list(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := listPage{Page: ui.Start(ctx, text.T(ctx, "Protocoles et conventions"), ui.Link{Label: text.T(ctx, "Plan concerté"), Href: "/activites"}), Module: m, State: InForce, Author: v.Is(authors...)}
	if asked := r.Query("etat"); asked == Draft || asked == Ended {
		p.State = asked
	}
	asked, err := page.Parse(r.Query("page"), 0)
	if err != nil {
		return web.Response{}, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Names, err = m.People.ShortNames(ctx, tx); err != nil {
			return err
		}
		p.List, err = listed(ctx, tx, v, p.State, asked)
		return err
	})
	return web.Page(listing(p)), err
}

// listed is a page of the visible accords in a state, by title.
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

// states lead to the accords in each state.
func (p listPage) states(ctx context.Context) []ui.Link {
	all := []ui.Link{{Label: text.T(ctx, "En vigueur"), Href: listPath}, {Label: text.T(ctx, "Projets"), Href: listPath + "?etat=" + Draft}, {Label: text.T(ctx, "Échus ou résiliés"), Href: listPath + "?etat=" + Ended}}
	all[slices.Index([]string{InForce, Draft, Ended}, p.State)].Href = ""
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

// showPage is an accord.
type showPage struct {
	ui.Page
	Found
	Room    *Module
	Viewer  access.Viewer
	Names   map[string]string
	Answers []record.Record // activities that serve it
	Steps   []lifecycle.Transition
	Author  bool        // may change it
	Writes  bool        // may write an activity
	Moves   []ui.Option // clauses that the viewer may move
	Clause  string      // the one that they came for
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

// page reads an accord with all that its page shows; doing is the form that failed with a state.
func (m *Module) page(r *web.Request, doing string, s form.State) (showPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := showPage{Room: m, Viewer: v, State: s, Doing: doing, Clause: r.Query("clause")}
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
	p.Steps = slices.DeleteFunc(Life.Offered(v, p.Owner, p.Record.State), func(s lifecycle.Transition) bool { return s.Verb == enforced && !p.signed(m.today()) })
	p.Author, p.Moves = kept(v, p.Found) == nil, p.moves()
	p.Writes = v.Is(access.Head, access.Focal, access.Deputy, access.Member, access.Field) && p.Record.State == InForce
	if p.Around, err = m.Dossier.Around(ctx, p.Record); err != nil {
		return p, err
	}
	p.Page = ui.Start(ctx, p.Record.Title, crumb(ctx))
	p.Failed, p.Page.Marking = s.Failed(), circle.Marking(ctx, p.Record.Marking)
	return p, nil
}

func (p showPage) path(rest string) string { return Href(Kind, p.ID) + rest }

func (p showPage) version() string { return strconv.FormatInt(p.Version, 10) }

func (p showPage) kicker(ctx context.Context) []string {
	k := []string{text.T(ctx, sortNames[p.Sort]), text.T(ctx, "par %s, le %s", p.Names[p.Owner], text.Date(ctx, p.Created.In(p.Room.Zone)))}
	if p.Fictitious {
		k = append(k, text.T(ctx, "données fictives"))
	}
	return k
}

// moves are the clauses that the viewer may move.
func (p showPage) moves() []ui.Option {
	var all []ui.Option
	for i, c := range p.Clauses {
		if p.movable(p.Viewer, c) == nil {
			all = append(all, ui.Option{Value: c.ID, Label: c.brief(p.Names, i+1)})
		}
	}
	return all
}

// state is what was typed in a form of the page, when it is the one that failed.
func (p showPage) state(doing string) form.State {
	switch {
	case p.Doing == doing:
		return p.State
	case doing == moved && len(p.Moves) == 1:
		return form.Of(url.Values{"clause": {p.Moves[0].Value}}, nil)
	case doing == moved:
		return form.Of(url.Values{"clause": {p.Clause}}, nil)
	}
	return form.State{}
}

// postTurn takes a step of the accord's life.
func (m *Module) postTurn(r *web.Request) (web.Response, error) {
	var with Stated
	values, err := form.Into(r.Request, &with)
	if err == nil {
		_, err = m.Turn(r.Context(), access.Of(r.Context()), r.PathValue("id"), r.PathValue("verb"), form.Version(values), with)
	}
	return m.again(r, r.PathValue("verb"), values, err)
}

// moved names the form by which a clause is moved.
const moved = "moved"

// postMove says where a clause stands.
func (m *Module) postMove(r *web.Request) (web.Response, error) {
	var in Moving
	values, err := form.Into(r.Request, &in)
	if err == nil {
		_, err = m.Move(r.Context(), access.Of(r.Context()), r.PathValue("id"), values.Get("clause"), in)
	}
	if fault.KindOf(err) == fault.NotFound {
		err = fault.Invalid("clause", "Choisissez une clause de la liste.")
	}
	return m.again(r, moved, values, err)
}

// again leads back to the accord after something was done; when that failed the page shows what was typed.
func (m *Module) again(r *web.Request, doing string, values url.Values, err error) (web.Response, error) {
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
	return doing == moved && len(p.Moves) > 0 || slices.ContainsFunc(p.Steps, func(s lifecycle.Transition) bool { return s.Verb == doing && s.Asks != "" })
}
