package directory

import (
	"context"
	"net/url"
	"strconv"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/lifecycle"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs"
)

// factPage shows one fact.
type factPage struct {
	ui.Page
	Sheet  Sheet
	Line   FactLine
	Kind   kind
	Pack   *packs.Pack
	Keeper bool
	Member bool
	Reach  circle.Preview
	Places []string
	Themes []string
	Links  []record.Linked
	Steps  []lifecycle.Transition // offered to the viewer
}

func (m *Module) showFact(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := factPage{Pack: m.Pack, Member: isMember(v)}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Line.Record, p.Kind, err = m.fact(ctx, tx, v, r.PathValue("id")); err != nil {
			return err
		}
		if p.Line.Fact, err = factOf(p.Line.Record, p.Kind); err != nil {
			return err
		}
		if p.Sheet, err = m.head(ctx, tx, v, p.Line.Owner); err != nil {
			return err
		}
		if p.Links, err = record.Links(ctx, tx, v, p.Line.ID); err != nil {
			return err
		}
		p.Keeper = keeps(v, p.Line.Owner)
		p.Steps = Life.Offered(v, p.Line.Owner, p.Line.State)
		if p.Keeper {
			p.Reach, err = m.Circles.Preview(ctx, tx, p.Line.Owner, circle.Resolved{Marking: p.Line.Marking, Audience: p.Line.Audience})
		}
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	m.Readers.Note(v, record.Read, p.Line.Record)
	p.Page = ui.Start(ctx, title(ctx, p.Line).Words, directoryCrumb(ctx), ui.Link{Label: p.Sheet.Acronym, Href: "/structures/" + p.Sheet.Slug})
	p.Marking = circle.Marking(ctx, p.Line.Marking)
	for _, c := range p.Line.Record.Places {
		p.Places = append(p.Places, m.Places.Path(ctx, c))
	}
	for _, c := range p.Line.Themes {
		p.Themes = append(p.Themes, m.Themes.Label(ctx, c))
	}
	return web.Page(factView(p)), nil
}

func (p factPage) path(rest string) string { return "/faits/" + p.Line.ID + rest }

// factForm is the page on which a fact is written or changed.
type factForm struct {
	ui.Page
	Quoted       []text.Passage // what the title quotes
	State        form.State
	Kind         kind
	Sheet        Sheet
	Pack         *packs.Pack
	Institutions []account.Structure
	Preview      *circle.Preview     // who will read, to be read before saving
	Theirs       []record.Difference // what another has saved meanwhile
	Action       string
	Cancel       string
	Themes       []ui.Option
	Places       []ui.Option
}

// newFact shows the empty form of a kind of fact.
func (m *Module) newFact(r *web.Request) (web.Response, error) {
	k, err := kindOfPath(r.PathValue("kind"))
	if err != nil {
		return web.Response{}, err
	}
	blank := url.Values{"marking": {"clear"}, "audience": {"public"}, "place": {m.Pack.Settings.Code}}
	p, err := m.form(r, r.PathValue("slug"), k, form.Of(blank, nil))
	return web.Page(factEdit(p)), err
}

// form prepares the page for a structure that the viewer keeps up.
func (m *Module) form(r *web.Request, slug string, k kind, state form.State) (factForm, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := factForm{State: state, Kind: k, Pack: m.Pack}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Sheet, err = m.kept(ctx, tx, v, slug); err != nil {
			return err
		}
		p.Institutions, err = m.Institutions(ctx, tx)
		return err
	})
	if err != nil {
		return p, err
	}
	sheet := "/structures/" + p.Sheet.Slug
	p.Page = ui.Start(ctx, text.T(ctx, k.add), directoryCrumb(ctx), ui.Link{Label: p.Sheet.Acronym, Href: sheet})
	p.Failed, p.Action, p.Cancel = state.Failed(), sheet+"/"+k.path, sheet
	p.Themes, p.Places = m.Themes.Options(ctx), m.Places.Options(ctx)
	return p, nil
}

// readFact understands a posted fact. The form's faults come back with what was typed.
func readFact(r *web.Request, k kind) (Input, url.Values, error) {
	values, err := form.Read(r.Request)
	in, unread := boundFact(values, k)
	return in, values, fault.Both(err, unread)
}

// boundFact understands the values of a fact, from wherever they come.
func boundFact(values url.Values, k kind) (Input, error) {
	in := Input{Fact: k.fresh()}
	var c fault.Collect
	for _, err := range []error{form.Bind(values, &in), form.Bind(values, in.Fact)} {
		if err != nil && !c.Add(err) {
			return in, err
		}
	}
	return in, c.Fault()
}

// addFact stores a new fact, once its author has read who will see it.
func (m *Module) addFact(r *web.Request) (web.Response, error) {
	k, err := kindOfPath(r.PathValue("kind"))
	if err != nil {
		return web.Response{}, err
	}
	in, values, err := readFact(r, k)
	err = fault.Both(err, m.check(&in, k))
	p, err2 := m.form(r, r.PathValue("slug"), k, form.Of(values, err))
	if err2 != nil {
		return web.Response{}, err2
	}
	if fault.KindOf(err) == fault.BadInput {
		return web.Invalid(factEdit(p)), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	if shown, resp, err := m.preview(r.Context(), p, in, values, record.Record{}); shown || err != nil {
		return resp, err
	}
	rec, err := m.add(r.Context(), access.Of(r.Context()), r.PathValue("slug"), k, in)
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/faits/" + rec.ID).Done(text.Key("C’est enregistré.")), nil
}

// preview shows the form again with who will read, unless its author has just seen
// that, or the circle is the one that old, the fact as it is, has already.
func (m *Module) preview(ctx context.Context, p factForm, in Input, values url.Values, old record.Record) (bool, web.Response, error) {
	seen, err := m.Circles.Foresee(ctx, p.Sheet.ID, in.Choice)
	if fault.KindOf(err) == fault.BadInput {
		p.State = form.Of(values, err)
		p.Failed = true
		return true, web.Invalid(factEdit(p)), nil
	}
	if err != nil {
		return false, web.Response{}, err
	}
	if values.Get("reach") == seen.Digest || old.ID != "" && seen.Digest == old.Marking.Code()+"-"+access.AudienceID(old.Audience) {
		return false, web.Response{}, nil
	}
	if old.ID != "" {
		if err := m.DB.Read(ctx, func(tx *db.Tx) error { return m.Circles.Narrow(ctx, tx, access.Of(ctx), old, &seen) }); err != nil {
			return false, web.Response{}, err
		}
	}
	values.Set("reach", seen.Digest)
	p.Preview, p.State = &seen, form.Of(values, nil)
	return true, web.Page(factEdit(p)), nil
}

// editFact shows a fact in its form.
func (m *Module) editFact(r *web.Request) (web.Response, error) {
	p, _, err := m.factForm(r, nil, nil)
	return web.Page(factEdit(p)), err
}

// factForm prepares the form of a fact: with its present values, or with what was typed.
func (m *Module) factForm(r *web.Request, typed url.Values, wrong error) (factForm, record.Record, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	var rec record.Record
	var k kind
	values := typed
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if rec, k, err = m.keptFact(ctx, tx, v, r.PathValue("id")); err != nil || typed != nil {
			return err
		}
		values, err = m.values(ctx, tx, rec, k)
		return err
	})
	if err != nil {
		return factForm{}, rec, err
	}
	p, err := m.form(r, rec.Owner, k, form.Of(values, wrong))
	p.Title, p.Quoted = text.T(ctx, "Modifier : %s", rec.Title), []text.Passage{text.Own(ctx, rec.Title, "")}
	p.Crumbs = append(p.Crumbs, ui.Link{Label: rec.Title, Href: "/faits/" + rec.ID, Lang: "fr"})
	p.Action, p.Cancel, p.Marking = "/faits/"+rec.ID, "/faits/"+rec.ID, circle.Marking(ctx, rec.Marking)
	return p, rec, err
}

// values prefills the form of a fact.
func (m *Module) values(ctx context.Context, tx *db.Tx, r record.Record, k kind) (url.Values, error) {
	f, err := factOf(r, k)
	if err != nil {
		return nil, err
	}
	choice, err := m.Circles.Of(ctx, tx, r.Owner, circle.Resolved{Marking: r.Marking, Audience: r.Audience})
	if err != nil {
		return nil, err
	}
	wide, locality := m.Places.Split(ctx, first(r.Places))
	values := form.Unbind(Input{Title: r.Title, Theme: first(r.Themes), Place: wide, Locality: locality, Choice: choice})
	for name, all := range form.Unbind(f) {
		values[name] = all
	}
	values.Set("version", strconv.FormatInt(r.Version, 10))
	return values, nil
}

func first(codes []string) string {
	if len(codes) == 0 {
		return ""
	}
	return codes[0]
}

// amendFact stores a changed fact. When another has changed it meanwhile, its
// author sees both texts and what they typed stays in the form.
func (m *Module) amendFact(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	line, err := m.FindFact(ctx, v, r.PathValue("id"))
	if err != nil {
		return web.Response{}, err
	}
	k, _ := kindOfRecord(line.Kind)
	in, values, err := readFact(r, k)
	err = fault.Both(err, m.check(&in, k))
	p, rec, err2 := m.factForm(r, values, err)
	if err2 != nil {
		return web.Response{}, err2
	}
	if fault.KindOf(err) == fault.BadInput {
		return web.Invalid(factEdit(p)), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	if shown, resp, err := m.preview(ctx, p, in, values, rec); shown || err != nil {
		return resp, err
	}
	_, err = m.AmendFact(ctx, v, rec.ID, form.Version(values), in)
	if fault.KindOf(err) == fault.Conflict {
		return m.conflict(r, p, rec, values, err)
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/faits/" + rec.ID).Done(text.Key("C’est enregistré.")), nil
}

// conflict sets what is saved beside what was typed; sending again then replaces it knowingly.
func (m *Module) conflict(r *web.Request, p factForm, rec record.Record, typed url.Values, wrong error) (web.Response, error) {
	var saved url.Values
	err := m.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		saved, err = m.values(r.Context(), tx, rec, p.Kind)
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	p.Theirs = m.differences(r.Context(), p.Institutions, saved, typed)
	typed.Set("version", saved.Get("version"))
	p.State, p.Failed = form.Of(typed, wrong), true
	return web.Conflicting(factEdit(p)), nil
}

// turnFact takes a fact through a transition of its life.
func (m *Module) turnFact(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	rec, err := m.Turn(r.Context(), access.Of(r.Context()), r.PathValue("id"), values.Get("verb"), form.Version(values))
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/faits/" + rec.ID).Done(text.Key("C’est enregistré.")), nil
}
