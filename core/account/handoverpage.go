package account

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

type handoverForm struct {
	formPage
	Person    Person
	Functions []access.Function
	Others    []Person // who may succeed
}

// someoneNew is the choice of a successor who has no account yet.
const someoneNew = "nouveau"

func (m *Module) handoverPage(r *web.Request) (web.Response, error) {
	p, err := m.handoverForm(r, form.State{Values: url.Values{"successor": {someoneNew}}})
	if err == nil {
		p.State.Values.Set("function", string(p.Functions[0]))
	}
	return web.Page(handoverView(p)), err
}

func (m *Module) handoverForm(r *web.Request, st form.State) (handoverForm, error) {
	ctx, v, now := r.Context(), access.Of(r.Context()), m.Clock.Now()
	var p handoverForm
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		person, rights, err := m.seen(ctx, tx, v, r.PathValue("id"))
		if err != nil {
			return err
		}
		p.Person = person
		for _, f := range person.Functions(now) {
			if rights.gives(f) {
				p.Functions = append(p.Functions, f)
			}
		}
		all, err := serving(ctx, tx, person.Structure)
		p.Others = slices.DeleteFunc(all, func(o Person) bool {
			return o.ID == person.ID || o.ID == v.Person || o.State != Active
		})
		return err
	})
	switch {
	case err != nil || len(p.Functions) > 0:
	case len(p.Person.Functions(now)) > 0: // none that the viewer passes on
		err = notYours()
	default:
		err = fault.Missing()
	}
	p.formPage = newFormPage(ctx, text.T(ctx, "Passation de service"), st, toPeople(ctx), ui.Link{Label: p.Person.Name, Href: p.Person.path()})
	return p, err
}

func (m *Module) handOver(r *web.Request) (web.Response, error) {
	var in struct {
		Passing
		At form.Date `form:"at"`
	}
	values, err := form.Into(r.Request, &in)
	if err == nil {
		err = m.handOverTo(r, in.Passing, in.At)
	}
	if fault.KindOf(err) == fault.BadInput {
		p, err := m.handoverForm(r, form.Of(values, err))
		return web.Invalid(handoverView(p)), err
	}
	return web.SeeOther("/personnes/" + r.PathValue("id") + "/passation/fiche"), err
}

// handOverTo hands over to whom the form names, on the day that it names.
func (m *Module) handOverTo(r *web.Request, p Passing, day form.Date) error {
	switch p.Successor {
	case "":
		return fault.Invalid("successor", "Choisissez une des réponses proposées.")
	case someoneNew:
		p.Successor = ""
	}
	p.At = day.In(m.Zone)
	_, err := m.HandOver(r.Context(), access.Of(r.Context()), r.PathValue("id"), p)
	return err
}

// sheet is the page of paper that the predecessor and the successor sign.
type sheet struct {
	ui.Page
	Handover
	Structure Structure
	From, To  string // names
	Serves    bool   // the reader serves in the institution
	Items     []Item
	Zone      *time.Location
}

// highest is the marking of all that the sheet names.
func (p sheet) highest() access.Marking {
	return access.Highest(p.Items, func(i Item) access.Marking { return i.Marking })
}

// Lines of what is open and of instructions that one sheet of paper holds, the characters of
// such a line, and how many things are open on it at least.
const (
	sheetLines  = 30
	lineOfSheet = 105
	leastOpen   = 10
)

// shown is how many of the things that are open stand on the sheet beside the instructions.
func (p sheet) shown() int {
	room := sheetLines
	for line := range strings.Lines(p.Note) {
		room -= 1 + utf8.RuneCountInString(line)/lineOfSheet
	}
	return min(len(p.Items), max(leastOpen, room))
}

func (m *Module) sheetPage(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	all, err := m.Handovers(ctx, v, r.PathValue("id"))
	if err != nil {
		return web.Response{}, err
	}
	if len(all) == 0 {
		return web.Response{}, fault.Missing()
	}
	p := sheet{Page: ui.Start(ctx, text.T(ctx, "Fiche de passation de service"), toPeople(ctx)), Handover: all[0], Zone: m.Zone}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		names, err := m.Names(ctx, tx, []string{p.Handover.From, p.Handover.To})
		p.From, p.To = names[p.Handover.From], names[p.Handover.To]
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	if p.Structure, err = m.structureOf(ctx, Person{Structure: p.Handover.Structure}); err != nil {
		return web.Response{}, err
	}
	// What is open is the institution's own affair; whoever has just left it reads it no more.
	if p.Serves = m.Open != nil && v.Serves(p.Handover.Structure, ofInstitution...); p.Serves {
		p.Items, err = m.Open(ctx, p.Handover.Structure)
		p.Page.Marking = m.Marking(ctx, p.highest())
	}
	return web.Page(sheetView(p)), err
}
