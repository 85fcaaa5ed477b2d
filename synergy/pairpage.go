package synergy

import (
	"context"
	"net/url"
	"strconv"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// pairPage is two activities side by side, with the reasons why they are.
type pairPage struct {
	ui.Page
	voice
	Pair
	Viewer access.Viewer
	Keeper bool       // answers for an institution that takes part in the first
	State  form.State // of the answer
	Gained form.State // of what it saved
}

func (m *Module) showPair(r *web.Request) (web.Response, error) {
	p, err := m.pairPage(r)
	if err != nil {
		return web.Response{}, err
	}
	own := p.answer(p.Viewer.Structure)
	p.Gained = form.Of(form.Unbind(Gain{own.Days, own.Money}), nil)
	if own.ID != "" {
		p.State = form.Of(form.Unbind(Reply{own.Verdict, own.Reason, own.Note}), nil)
	}
	return web.Page(pairing(p)), nil
}

func (m *Module) pairPage(r *web.Request) (pairPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := pairPage{Viewer: v}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Pair, err = m.pair(ctx, tx, v, r.PathValue("id"), r.PathValue("to")); err != nil {
			return err
		}
		p.voice, err = m.voice(ctx, tx)
		return err
	})
	if err != nil {
		return p, err
	}
	p.Keeper = v.Is(keepers...) && p.Mine.takesPart(v.Structure)
	p.Page = ui.Start(ctx, p.title(ctx), crumb(ctx), ui.Link{Label: p.Mine.Title, Href: p.Mine.Href, Lang: "fr"})
	p.Page.Marking = circle.Marking(ctx, max(p.Mine.Marking, p.Theirs.Marking))
	return p, nil
}

func crumb(ctx context.Context) ui.Link {
	return ui.Link{Label: text.T(ctx, "Synergies"), Href: "/synergie"}
}

func (p pairPage) title(ctx context.Context) string {
	a, b := p.Names[p.Mine.Lead], p.Names[p.Theirs.Lead]
	switch p.Kind {
	case Overlapping:
		return text.T(ctx, "%s et %s prévoient presque la même chose", a, b)
	case Complementing:
		return text.T(ctx, "%s et %s peuvent se compléter", a, b)
	}
	return text.T(ctx, "Les activités de %s et de %s ne se touchent pas", a, b)
}

// lede says what the score is, and from how many points on it is told.
func (p pairPage) lede(ctx context.Context) string {
	w := p.Room.Pack.Synergy
	switch p.Kind {
	case Overlapping:
		return text.T(ctx, "Recouvrement de %d sur 100 ; il est signalé à partir de %d.", p.Points, w.Overlap.Threshold)
	case Complementing:
		return text.T(ctx, "Complémentarité de %d points ; elle est signalée à partir de %d.", p.Points, w.Complement.Threshold)
	}
	return text.T(ctx, "Ni leur recouvrement ni ce qu’elles s’apporteraient n’atteint le nombre de points à partir duquel Cadre le signale.")
}

// compared is one line of what two activities have, side by side.
type compared struct{ what, mine, theirs string }

func (p pairPage) compared(ctx context.Context) []compared {
	places := func(x Planned) string { return names(ctx, x.Places, p.Room.Places.Path) }
	themes := func(x Planned) string { return names(ctx, x.Themes, p.Room.Themes.Label) }
	kind := func(x Planned) string { return term(ctx, p.Room.Pack.ActivityTypes, x.Type) }
	return []compared{
		{text.T(ctx, "Structures"), p.with(ctx, p.Mine), p.with(ctx, p.Theirs)},
		{text.T(ctx, "Période"), p.when(ctx, p.Mine), p.when(ctx, p.Theirs)},
		{text.T(ctx, "Lieux"), places(p.Mine), places(p.Theirs)},
		{text.T(ctx, "Thèmes"), themes(p.Mine), themes(p.Theirs)},
		{text.T(ctx, "Publics"), p.publics(ctx, p.Mine), p.publics(ctx, p.Theirs)},
		{text.T(ctx, "Type d’activité"), kind(p.Mine), kind(p.Theirs)},
	}
}

// choices are the answers open to the viewer.
func (p pairPage) choices(ctx context.Context) []ui.Option {
	var all []ui.Option
	if p.Mine.Lead == p.Viewer.Structure && !p.Mine.takesPart(p.Theirs.Lead) && !p.Left[p.Theirs.Lead] {
		all = append(all, ui.Option{Value: string(Joined), Label: text.T(ctx, "Proposer de s’associer"),
			Small: text.T(ctx, "%s devient co-organisateur de votre activité et signera.", p.Names[p.Theirs.Lead])})
	}
	return append(all,
		ui.Option{Value: string(Warned), Label: text.T(ctx, "Prévenir"), Small: text.T(ctx, "Votre message devient un commentaire de leur activité.")},
		ui.Option{Value: string(Dismissed), Label: text.T(ctx, "Sans objet"), Small: text.T(ctx, "Ce rapprochement ne sera plus rappelé à votre structure.")})
}

func motives(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, m := range Motives {
		all = append(all, ui.Option{Value: string(m.Code), Label: text.T(ctx, m.Name)})
	}
	return all
}

func (p pairPage) version() string {
	return strconv.FormatInt(p.answer(p.Viewer.Structure).Version, 10)
}

// valued reports whether the institution may say what the arrangement saved.
func (p pairPage) valued() bool {
	a := p.answer(p.Viewer.Structure)
	return p.Keeper && (a.Verdict == Joined || a.Verdict == Warned || a.Reason == Settled)
}

// reply records what the viewer's institution does about a pair.
func (m *Module) reply(r *web.Request) (web.Response, error) {
	var in Reply
	values, err := form.Into(r.Request, &in)
	if err == nil {
		_, err = m.Answer(r.Context(), access.Of(r.Context()), r.PathValue("id"), r.PathValue("to"), answered(values), in)
	}
	return m.back(r, err, func(p *pairPage) { p.State = form.Of(values, err) })
}

// postGain records what an arrangement saved.
func (m *Module) postGain(r *web.Request) (web.Response, error) {
	var g Gain
	values, err := form.Into(r.Request, &g)
	if err == nil {
		_, err = m.Value(r.Context(), access.Of(r.Context()), r.PathValue("id"), r.PathValue("to"), answered(values), g)
	}
	return m.back(r, err, func(p *pairPage) { p.Gained = form.Of(values, err) })
}

// answered is the version of the answer that a form was filled in from; 0 for a form that no answer filled in.
func answered(values url.Values) int64 {
	if values.Get(form.VersionField) == "0" {
		return 0
	}
	return form.Version(values)
}

// back leads to the page of the pair, or shows it again with what is wrong.
func (m *Module) back(r *web.Request, err error, keep func(*pairPage)) (web.Response, error) {
	kind := fault.KindOf(err)
	if err == nil {
		return web.SeeOther("/synergie/paires/" + r.PathValue("id") + "/" + r.PathValue("to")).Done(text.Key("C’est enregistré.")), nil
	}
	if kind != fault.BadInput && kind != fault.Conflict {
		return web.Response{}, err
	}
	p, err2 := m.pairPage(r)
	if err2 != nil {
		return web.Response{}, err2
	}
	if !p.Keeper { // the form is not on the page: the fault speaks alone
		return web.Response{}, err
	}
	keep(&p)
	p.Failed = true
	return web.Again(pairing(p), err), nil
}
