package synergy

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/desk"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// Of the next activities of an institution so many are looked at for its page and its desk; the
// first that something touches are shown, each with the first of each kind.
const (
	coming  = 30
	touched = 10
	briefly = 3
)

// Ours is an activity of an institution with what touches it.
type Ours struct {
	Planned
	Around
}

// Coming tells what touches the next activities of the viewer's institution: the first
// that something touches. An overlap of two that are theirs is told with the first of them.
func (m *Module) Coming(ctx context.Context, tx *db.Tx, v access.Viewer) ([]Ours, error) {
	if v.Structure == "" {
		return nil, nil
	}
	next, err := m.Of(ctx, tx, v, m.today(), coming)
	if err != nil {
		return nil, err
	}
	var all []Ours
	told := map[string]bool{}
	for _, p := range next {
		if len(all) == touched {
			break
		}
		around, err := m.Around(ctx, tx, v, p)
		if err != nil {
			return nil, err
		}
		m.notices.note(v, p, around.Overlaps)
		around.Overlaps = slices.DeleteFunc(around.Overlaps, func(n Neighbour) bool { return told[n.ID] })
		told[p.ID] = true
		if len(around.Overlaps)+len(around.Complements) > 0 {
			all = append(all, Ours{p, around})
		}
	}
	return all, nil
}

// Tasks lists the overlaps of the next activities that the viewer's institution leads, about which
// it has done nothing: also with one whose lead may not see them, and so is not told.
func (m *Module) Tasks(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	if !v.Is(keepers...) {
		return nil, nil
	}
	o, err := m.voice(ctx, tx)
	if err != nil {
		return nil, err
	}
	next, err := m.Of(ctx, tx, v, m.today(), coming)
	if err != nil {
		return nil, err
	}
	raised, err := m.Lesson(ctx, tx, v)
	var all []desk.Task
	for _, p := range next {
		if p.Lead != v.Structure {
			continue // its lead answers
		}
		if len(all) == 2*shown {
			break
		}
		overlaps, err := m.overlaps(ctx, tx, v, p, raised)
		if err != nil {
			return nil, err
		}
		for _, n := range overlaps {
			if len(all) < 2*shown && !answeredBy(n.Answers, v.Structures()) {
				all = append(all, desk.Task{Kind: text.T(ctx, "Recouvrement"), Title: text.T(ctx, "%s avec %s : %s", p.Title, o.Names[n.Lead], n.Title),
					Quoted: []text.Passage{text.Own(ctx, p.Title, ""), text.Own(ctx, n.Title, "")},
					Why:    o.sentences(ctx, n.Reasons), Href: pairHref(p, n.Planned), Action: text.T(ctx, "Examiner"), Wait: desk.Wait{Marking: max(p.Marking, n.Marking)}})
			}
		}
	}
	return all, err
}

// answeredBy reports whether one of the institutions has answered: an heir's has the answers of those that it took over.
func answeredBy(all []Answer, structures []string) bool {
	return slices.ContainsFunc(all, func(a Answer) bool { return slices.Contains(structures, a.Structure) })
}

// minePage is what touches the next activities of the viewer's institution.
type minePage struct {
	ui.Page
	Next   []besideView
	Known  bool // the viewer has an institution
	Steers bool // the viewer is of the secretariat
}

func (m *Module) mine(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := minePage{Page: ui.Start(ctx, text.T(ctx, "Synergies")), Known: v.Structure != "", Steers: v.Is(access.Secretariat)}
	widest := access.Clear
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		o, err := m.voice(ctx, tx)
		if err != nil {
			return err
		}
		next, err := m.Coming(ctx, tx, v)
		for _, x := range next {
			p.Next = append(p.Next, besideView{voice: o, Around: x.Around, Of: x.Planned, Viewer: v})
			for _, n := range append(x.Overlaps, x.Complements...) {
				widest = max(widest, n.Marking, x.Marking)
			}
		}
		return err
	})
	p.Page.Marking = circle.Marking(ctx, widest)
	return web.Page(mine(p)), err
}

// lede says how much there is to look at.
func (p minePage) lede(ctx context.Context) string {
	n := 0
	for _, b := range p.Next {
		n += len(b.Overlaps)
	}
	switch {
	case len(p.Next) == 0:
		return text.T(ctx, "Cadre compare ce que chaque structure prévoit : même lieu, même moment, même thème, même public, ou de quoi s’entraider.")
	case n == 0:
		return text.T(ctx, "Aucune de vos prochaines activités n’en recouvre une autre ; certaines peuvent se compléter.")
	}
	return text.N(ctx, n, "Vos prochaines activités ont %d recouvrement avec celles des autres structures.", "Vos prochaines activités ont %d recouvrements avec celles des autres structures.", n)
}
