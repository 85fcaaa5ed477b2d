package synergy

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// How far the calendar looks, and how much it reads.
const (
	ahead      = 120 // days in which clashes are looked for
	mostAhead  = 1000
	mostSlots  = 6
	longestGap = 366 // days in which a slot is looked for
	longSlot   = 30  // days
)

// Wanted is a slot that is looked for.
type Wanted struct {
	Structures []string  `form:"structures"`
	Days       int       `form:"days"`
	From       form.Date `form:"from"`
	To         form.Date `form:"to"`
}

// check collects what is wrong with what is wanted.
func (w Wanted) check(known map[string]string) error {
	var c fault.Collect
	strange := slices.ContainsFunc(w.Structures, func(id string) bool { return known[id] == "" })
	c.Need(len(w.Structures) > 0 && !strange, "structures", "Choisissez au moins une structure, dans la liste.")
	c.Need(w.Days >= 1 && w.Days <= longSlot, "days", "Donnez un nombre de jours entre 1 et %d.", longSlot)
	c.Need(!w.From.IsZero(), "from", "Donnez le premier jour où chercher.")
	c.Need(!w.To.IsZero(), "to", "Donnez le dernier jour où chercher.")
	c.Need(w.To.IsZero() || w.From.Compare(w.To) <= 0, "to", "La fin doit venir après le début.")
	c.Need(w.From.IsZero() || w.To.IsZero() || day(w.To)-day(w.From) <= longestGap, "to", "Un an au plus.")
	return c.Fault()
}

// calPage shows the meetings that clash, and looks for a free slot.
type calPage struct {
	ui.Page
	voice
	Clashes []Clash
	State   form.State
	Order   []account.Structure
	Asked   bool // a slot was looked for
	Slots   []Slot
}

func (m *Module) calendar(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	p := calPage{Page: ui.Start(ctx, text.T(ctx, "Calendrier"), crumb(ctx)), Asked: q.Has("structures") || q.Has("days")}
	var wrong error
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.voice, err = m.voice(ctx, tx); err != nil {
			return err
		}
		if p.Order, err = m.Institutions(ctx, tx); err != nil {
			return err
		}
		all, err := m.Between(ctx, tx, v, m.today(), shift(m.today(), ahead), nil, mostAhead)
		if p.Clashes = m.formula.Clashes(all); err != nil || !p.Asked {
			return err
		}
		var w Wanted
		if wrong = form.Bind(q, &w); wrong == nil {
			wrong = w.check(p.Names)
		}
		if wrong == nil {
			p.Slots, err = m.Slots(ctx, tx, v, w)
		}
		return err
	})
	if err != nil || wrong != nil && fault.KindOf(wrong) != fault.BadInput {
		return web.Response{}, cmp.Or(err, wrong)
	}
	if !p.Asked {
		q.Set("days", "1")
		q.Set("from", m.today().String())
		q.Set("to", shift(m.today(), ahead).String())
		q["structures"] = []string{v.Structure}
	}
	p.State, p.Failed = form.Of(q, wrong), wrong != nil
	p.Page.Marking = circle.Marking(ctx, p.widest())
	if wrong != nil {
		return web.Invalid(calendaring(p)), nil
	}
	return web.Page(calendaring(p)), nil
}

// Slots finds the first days in a row, of those to come, on which none of the institutions has an activity that the viewer may see.
func (m *Module) Slots(ctx context.Context, tx *db.Tx, v access.Viewer, w Wanted) ([]Slot, error) {
	if today := m.today(); w.From.Compare(today) < 0 {
		w.From = today
	}
	all, err := m.Between(ctx, tx, v, w.From, w.To, nil, mostAhead)
	if err != nil {
		return nil, err
	}
	days, err := m.Calendar.Of(ctx, tx)
	if err != nil {
		return nil, err
	}
	return Free(days, all, w.Structures, w.From, w.To, w.Days, mostSlots), nil
}

func (p calPage) widest() access.Marking {
	widest := access.Clear
	for _, c := range p.Clashes {
		widest = max(widest, c.A.Marking, c.B.Marking)
	}
	return widest
}

// both words what two meetings both want.
func (p calPage) both(ctx context.Context, c Clash) string {
	var all []string
	for _, s := range c.Structures {
		all = append(all, p.Names[s])
	}
	for _, code := range c.Publics {
		all = append(all, term(ctx, p.Room.Pack.Publics, code))
	}
	return text.List(ctx, all)
}

func (p calPage) options() []ui.Option {
	var all []ui.Option
	for _, s := range account.Living(p.Order) {
		all = append(all, ui.Option{Value: s.ID, Label: s.Acronym})
	}
	return all
}

// found words a slot: « du mardi 3 au jeudi 5 mars 2026 ».
func (p calPage) found(ctx context.Context, s Slot) string {
	if s.From == s.To {
		return text.Day(ctx, s.From.In(time.UTC))
	}
	return text.T(ctx, "du %s au %s", text.Day(ctx, s.From.In(time.UTC)), text.Day(ctx, s.To.In(time.UTC)))
}

// write is the form of an activity on the days of a slot.
func (p calPage) write(s Slot) string { return p.Room.New("", "", s.From, s.To) }

func (p calPage) lede(ctx context.Context) string {
	if len(p.Clashes) == 0 {
		return text.T(ctx, "Aucune réunion ne tombe en même temps qu’une autre pour les mêmes personnes, dans les quatre mois qui viennent.")
	}
	return text.N(ctx, len(p.Clashes), "%s fois, dans les quatre mois qui viennent, les mêmes personnes sont attendues à deux endroits.",
		"%s fois, dans les quatre mois qui viennent, les mêmes personnes sont attendues à deux endroits.", strconv.Itoa(len(p.Clashes)))
}
