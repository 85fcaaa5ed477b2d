package accord

import (
	"context"
	"net/url"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// line is a clause as its row is typed. Its identifier is hidden beside it: words that change keep where the clause stands.
type line struct{ id, text, structure, due string }

func (l line) empty() bool { return l.text+l.structure+l.due == "" }

// linesPage is the page on which the clauses are edited.
type linesPage struct {
	ui.Page
	Found
	State  form.State
	Lines  []line
	Names  map[string]string
	Expect string
	Theirs []record.Difference // what another has saved meanwhile
}

func (m *Module) linesPage(r *web.Request) (linesPage, error) {
	ctx := r.Context()
	f, values, err := m.editable(r)
	if err != nil {
		return linesPage{}, err
	}
	p := linesPage{Page: above(ctx, text.T(ctx, "Clauses"), f), Found: f, Expect: values.Get("version"), Names: map[string]string{}}
	for _, d := range f.duties() {
		l := line{id: d.ID, text: d.Text, structure: d.Structure}
		if !d.Due.IsZero() {
			l.due = text.Short(ctx, d.Due.In(time.UTC))
		}
		p.Lines = append(p.Lines, l)
	}
	form, err := m.formPage(r, form.State{})
	for _, s := range form.Order {
		p.Names[s.ID] = s.Called(ctx)
	}
	return p, err
}

func (m *Module) editClauses(r *web.Request) (web.Response, error) {
	p, err := m.linesPage(r)
	return web.Page(editingClauses(p)), err
}

// postClauses stores the clauses of an accord.
func (m *Module) postClauses(r *web.Request) (web.Response, error) {
	p, err := m.linesPage(r)
	if err != nil {
		return web.Response{}, err
	}
	values, err := form.Read(r.Request)
	p.Lines = linesOf(values)
	if err == nil {
		err = m.saveClauses(r.Context(), access.Of(r.Context()), p, form.Version(values))
	}
	switch fault.KindOf(err) {
	case fault.BadInput, fault.Conflict:
		p.State, p.Failed = form.Of(values, err), true
		if fault.KindOf(err) == fault.Conflict {
			p.Theirs = p.differences(r.Context())
		}
		return web.Again(editingClauses(p), err), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(Href(Kind, p.ID) + "#clauses").Done(text.Key("C’est enregistré.")), nil
}

func (m *Module) saveClauses(ctx context.Context, v access.Viewer, p linesPage, expect int64) error {
	var wrong fault.Collect
	duties := p.duties(&wrong)
	p.checkDuties(&wrong, duties, p.Clauses)
	if err := wrong.Fault(); err != nil {
		return err
	}
	_, err := m.change(ctx, v, p.ID, expect, "amended", func(_ *journal.Act, f *Found) error {
		if err := kept(v, *f); err != nil {
			return err
		}
		var c fault.Collect
		f.checkDuties(&c, duties, f.Clauses)
		f.reword(duties)
		return c.Fault()
	})
	return err
}

// duties understands the lines.
func (p linesPage) duties(wrong *fault.Collect) []Duty {
	all := []Duty{}
	for _, l := range p.Lines {
		due, err := form.ParseDate(l.due)
		wrong.Need(err == nil, "clause_due", "Indiquez une date qui existe, par exemple 31/12/2026.")
		all = append(all, Duty{l.id, l.text, l.structure, due})
	}
	return all
}

// linesOf reads the lines of the Editor: each column repeats its name line after line. A line whose
// fields are all empty is none.
func linesOf(values url.Values) []line {
	at := func(name string, i int) string {
		if all := values[name]; i < len(all) {
			return all[i]
		}
		return ""
	}
	var lines []line
	for i := range min(len(values["clause"]), 2*maxLines) {
		lines = append(lines, line{at("clause_id", i), at("clause", i), at("clause_structure", i), at("clause_due", i)})
	}
	return slices.DeleteFunc(lines, line.empty)
}

func (p linesPage) columns(ctx context.Context) []ui.EditorColumn {
	var parties []ui.Option
	for _, s := range p.Parties {
		parties = append(parties, ui.Option{Value: s, Label: p.Names[s]})
	}
	return []ui.EditorColumn{
		{Name: "clause", Label: text.T(ctx, "Clause"), Wide: true}, {Name: "clause_structure", Label: text.T(ctx, "Qui la doit"), Options: parties},
		{Name: "clause_due", Label: text.T(ctx, "Échéance")},
	}
}

func (p linesPage) rows() [][]string {
	var rows [][]string
	for _, l := range p.Lines {
		rows = append(rows, []string{l.text, l.structure, l.due})
	}
	return rows
}

// differences sets the clauses as they are saved beside what was typed, in words.
func (p linesPage) differences(ctx context.Context) []record.Difference {
	after := Accord{Clauses: slices.Clone(p.Clauses)}
	after.reword(p.duties(&fault.Collect{}))
	before, now := p.listed(ctx, p.Names), after.listed(ctx, p.Names)
	if before == now {
		return nil
	}
	return []record.Difference{{Name: "clauses", Before: before, After: now}}
}

func (p linesPage) path() string { return Href(Kind, p.ID) + "/clauses" }
