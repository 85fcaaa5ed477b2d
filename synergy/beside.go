package synergy

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// besideView is what stands beside an activity, or the draft of one.
type besideView struct {
	voice
	Around
	Of     Planned
	Viewer access.Viewer
	Draft  bool // it is being written: it has no page yet, or what is typed is not on it
}

// Beside shows what touches an activity, for its page; nothing to who is not of the framework.
func (m *Module) Beside(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned) (templ.Component, error) {
	if !v.Known() || m.over(p) {
		return nil, nil
	}
	return m.beside(ctx, tx, v, p, false)
}

// Foreseen shows what touches a draft.
func (m *Module) Foreseen(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned) (templ.Component, error) {
	return m.beside(ctx, tx, v, p, true)
}

func (m *Module) beside(ctx context.Context, tx *db.Tx, v access.Viewer, p Planned, draft bool) (templ.Component, error) {
	o, err := m.voice(ctx, tx)
	if err != nil {
		return nil, err
	}
	b := besideView{voice: o, Of: p, Viewer: v, Draft: draft}
	if b.Around, err = m.Around(ctx, tx, v, p); err != nil {
		return nil, err
	}
	m.notices.note(v, p, b.Overlaps)
	return beside(b), nil
}

// preview tells what touches the form of an activity while it is being filled in: a part of a page.
func (m *Module) preview(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	values, err := form.Read(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	var c templ.Component
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := m.Draft(ctx, tx, v, r.Query("fiche"), values)
		if err != nil {
			return err
		}
		c, err = m.Foreseen(ctx, tx, v, p)
		return err
	})
	return web.Page(c), err
}

// heading is the sentence that sums up what is near.
func (b besideView) heading(ctx context.Context) string {
	if len(b.Overlaps) == 0 {
		return text.T(ctx, "Ce qui est proche")
	}
	return text.N(ctx, len(b.Overlaps), "%d recouvrement avec ce qui est prévu", "%d recouvrements avec ce qui est prévu", len(b.Overlaps))
}

// more says how many findings are left out.
func more(ctx context.Context, left int) string {
	return text.N(ctx, left, "et %d autre, moins proche", "et %d autres, moins proches", left)
}

// mine reports whether the viewer answers for an institution that takes part.
func (b besideView) mine() bool {
	return !b.Draft && b.Of.takesPart(b.Viewer.Structure) && b.Viewer.Is(keepers...)
}

// look is what one can do on the page of a pair.
func (b besideView) look(ctx context.Context) string {
	if b.mine() {
		return text.T(ctx, "Examiner, prévenir ou écarter")
	}
	return text.T(ctx, "Examiner")
}

// answer is what the viewer's institution did about a neighbour.
func (b besideView) answer(n Neighbour) (Answer, bool) {
	for _, a := range n.Answers {
		if slices.Contains(b.Viewer.Structures(), a.Structure) {
			return a, true
		}
	}
	return Answer{}, false
}

// asks reports whether the viewer may ask the lead of a neighbour to organise with them, here and now.
func (b besideView) asks(n Neighbour) bool {
	_, answered := b.answer(n)
	return b.mine() && b.Of.Lead == b.Viewer.Structure && !answered && !b.Room.over(n.Planned) && !b.Left[n.Lead]
}

// pairHref is the page of a pair.
func pairHref(one, other Planned) string { return "/synergie/paires/" + one.ID + "/" + other.ID }

func (b besideView) links(ctx context.Context) []ui.Link {
	if b.Draft || b.Viewer.Structure == "" {
		return nil
	}
	return []ui.Link{{Label: text.T(ctx, "Toutes nos synergies"), Href: "/synergie"}}
}
