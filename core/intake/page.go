package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/sheet"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// maxUpload is the largest body of the form that sends a file: the file and what stands around it.
const maxUpload = sheet.MaxFile + 64<<10

// startPage asks for the file.
type startPage struct {
	ui.Page
	Desk         Desk
	State        form.State
	Waiting      string // name of the viewer's file that waits here; empty when none does
	Institutions []account.Structure
}

// page begins a page of a desk.
func (d Desk) page(ctx context.Context, title string) ui.Page {
	return ui.Start(ctx, title, append(append([]ui.Link{}, d.Crumbs...), d.Back)...)
}

// institutions are those among whom one chooses who will read; none where nobody is asked.
func (m *Module) institutions(ctx context.Context, d Desk) (all []account.Structure, err error) {
	if d.Circle == nil {
		return nil, nil
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = m.Circles.Institutions(ctx, tx)
		return err
	})
	return all, err
}

func (m *Module) startAgain(r *web.Request, d Desk, s form.State) (startPage, error) {
	ctx := r.Context()
	p := startPage{Desk: d, State: s, Page: d.page(ctx, text.T(ctx, "Importer : %s", text.T(ctx, d.Name)))}
	p.Failed = s.Failed()
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		w, err := m.find(ctx, tx, access.Of(ctx), d)
		if p.Waiting = w.Name; fault.KindOf(err) == fault.Conflict {
			p.Waiting, err = "", nil
		}
		return err
	})
	if err == nil {
		p.Institutions, err = m.institutions(ctx, d)
	}
	return p, err
}

// start shows the form that takes a file.
func (m *Module) start(r *web.Request, d Desk) (web.Response, error) {
	blank := url.Values{}
	if d.Circle != nil {
		blank = form.Unbind(*d.Circle)
	}
	p, err := m.startAgain(r, d, form.Of(blank, nil))
	return web.Page(start(p)), err
}

// upload keeps the file, and goes on to what is not sure yet.
func (m *Module) upload(r *web.Request, d Desk) (web.Response, error) {
	values, name, file, err := received(r)
	sure := false
	var c circle.Choice
	if err == nil {
		err = form.Bind(values, &c)
	}
	if err == nil {
		sure, err = m.Take(r.Context(), access.Of(r.Context()), d, name, file, c)
	}
	switch kind := fault.KindOf(err); {
	case err == nil && sure:
		return web.SeeOther(d.Path + "/apercu"), nil
	case err == nil:
		return web.SeeOther(d.Path + "/colonnes"), nil
	case kind != fault.BadInput && kind != fault.TooLarge:
		return web.Response{}, err
	}
	p, again := m.startAgain(r, d, form.Of(values, onFile(err)))
	return web.Invalid(start(p)), again
}

// received reads the form and its file. Who sends a form without files is told that one is wanted.
func received(r *web.Request) (values url.Values, name string, file []byte, err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		values, err = form.Read(r.Request)
	} else {
		values, err = form.ReadUpload(r.Request, func(f form.File) (err error) {
			if f.Field == "file" {
				name = f.Name
				file, err = io.ReadAll(f.Body)
			}
			return err
		})
	}
	if err == nil && file == nil {
		err = fault.Invalid("file", "Choisissez le fichier à importer.")
	}
	return values, name, file, err
}

// onFile puts what is wrong with a file beside its field.
func onFile(err error) error {
	var f *fault.Fault
	if errors.As(err, &f) && len(f.Fields) == 0 {
		return fault.Invalid("file", f.Sentence.Key, f.Sentence.Args...)
	}
	return err
}

// columnsPage asks what the titles of the file mean.
type columnsPage struct {
	ui.Page
	Desk         Desk
	State        form.State
	File         string
	Sheet        sheet.Sheet
	Institutions []account.Structure
}

// unreadValue answers that a column is not to be read.
const unreadValue = "-"

// field names the question about a column of the file.
func field(i int) string { return "column-" + strconv.Itoa(i) }

// columns shows what the titles of the waiting file are taken for.
func (m *Module) columns(r *web.Request, d Desk) (web.Response, error) {
	p, err := m.columnsAgain(r, d, nil, nil)
	return web.Page(columns(p)), err
}

func (m *Module) columnsAgain(r *web.Request, d Desk, typed url.Values, wrong error) (columnsPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := columnsPage{Desk: d, Page: d.page(ctx, text.T(ctx, "Les colonnes de votre fichier : %s", text.T(ctx, d.Name)))}
	var w waiting
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		w, err = m.find(ctx, tx, v, d)
		return err
	})
	if err != nil {
		return p, err
	}
	if p.Sheet, err = sheet.Read(w.File); err != nil {
		return p, err
	}
	if typed == nil {
		typed, wrong = form.Unbind(w.Choice), d.lacking(w.Columns)
		for i, name := range w.Columns {
			typed.Set(field(i), cmp.Or(name, unreadValue))
		}
	}
	p.File, p.State = w.Name, form.Of(typed, wrong)
	p.Failed = p.State.Failed()
	p.Institutions, err = m.institutions(ctx, d)
	return p, err
}

// setColumns keeps what is said of the titles, and goes on to the preview.
func (m *Module) setColumns(r *web.Request, d Desk) (web.Response, error) {
	var c circle.Choice
	values, err := form.Into(r.Request, &c)
	if err == nil {
		var names []string
		for i := range sheet.MaxColumns {
			if all, asked := values[field(i)]; asked {
				names = append(names, strings.TrimPrefix(all[0], unreadValue))
			}
		}
		err = m.Explain(r.Context(), access.Of(r.Context()), d, names, c)
	}
	if fault.KindOf(err) == fault.BadInput {
		p, again := m.columnsAgain(r, d, values, err)
		return web.Invalid(columns(p)), again
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(d.Path + "/apercu"), nil
}

// options are the answers to what a title of the file means.
func (p columnsPage) options(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: unreadValue, Label: text.T(ctx, "Ne pas lire cette colonne")}}
	for _, c := range p.Desk.Columns {
		all = append(all, ui.Option{Value: c.Name, Label: text.T(ctx, c.Title)})
	}
	return all
}

// label names a column of the file.
func (p columnsPage) label(ctx context.Context, i int) string {
	if p.Sheet.Head[i] != "" {
		return p.Sheet.Head[i]
	}
	return text.T(ctx, "Colonne %s, sans titre", sheet.Letters(i))
}

// sample quotes what a column of the file holds first.
func (p columnsPage) sample(ctx context.Context, i int) string {
	for _, r := range p.Sheet.Rows {
		if r.Cells[i] != "" {
			return text.T(ctx, "Par exemple : %s", clip(r.Cells[i]))
		}
	}
	return text.T(ctx, "Cette colonne est vide.")
}

// previewPage shows what the file would do.
type previewPage struct {
	ui.Page
	Desk  Desk
	Plan  Plan
	File  string
	Reach circle.Preview
	Stale bool // it is shown again because something has changed since
}

func (m *Module) previewAgain(r *web.Request, d Desk) (previewPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := previewPage{Desk: d, Page: d.page(ctx, text.T(ctx, "Ce que le fichier va faire : %s", text.T(ctx, d.Name)))}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		w, err := m.find(ctx, tx, v, d)
		if err != nil {
			return err
		}
		p.File = w.Name
		if p.Plan, err = m.plan(ctx, tx, v, d, w); err != nil || d.Circle == nil {
			return err
		}
		to, err := m.Circles.Resolve(ctx, tx, d.Owner, w.Choice)
		if err != nil {
			return err
		}
		p.Marking = circle.Marking(ctx, max(to.Marking, p.Plan.Marking()))
		p.Reach, err = m.Circles.Preview(ctx, tx, d.Owner, to)
		return err
	})
	return p, err
}

// preview shows what the waiting file would do.
func (m *Module) preview(r *web.Request, d Desk) (web.Response, error) {
	p, err := m.previewAgain(r, d)
	return web.Page(preview(p)), err
}

// apply imports the waiting file.
func (m *Module) apply(r *web.Request, d Desk) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	_, err = m.Do(r.Context(), access.Of(r.Context()), d, values.Get("seen"))
	switch fault.KindOf(err) {
	case fault.BadInput, fault.Conflict:
		p, again := m.previewAgain(r, d)
		p.Stale = again == nil
		if again != nil {
			return web.Response{}, again
		}
		return web.Conflicting(preview(p)), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(d.Back.Href).Done(text.Key("Le fichier est importé.")), nil
}

// template sends the workbook to fill in.
func (m *Module) template(r *web.Request, d Desk) (web.Response, error) {
	book, err := m.Template(r.Context(), d.Table)
	return web.Download("cadre-"+d.File+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", book), err
}

// shown is how many lines of each list a preview shows.
const shown = 30

// place is where something wrong stands, for a program.
func (w Wrong) place() string {
	if w.Column == "" {
		return fmt.Sprintf("rows.%d", w.N)
	}
	return fmt.Sprintf("rows.%d.%s", w.N, w.Column)
}

// where is where something wrong stands, in words.
func (p previewPage) where(ctx context.Context, w Wrong) string {
	if w.Cell == "" {
		return text.T(ctx, "Ligne %d", w.N)
	}
	return w.Cell + ", " + strings.Join(p.Desk.titled(ctx, []string{w.Column}), "")
}

// with lists the first lines of a fate.
func (p Plan) with(f Fate) []Line {
	var all []Line
	for _, l := range p.Lines {
		if l.Fate == f && len(all) < shown {
			all = append(all, l)
		}
	}
	return all
}

// unread lists the titles of the file that are not read.
func (p Plan) unread() []string {
	var all []string
	for i, title := range p.Sheet.Head {
		if p.Columns[i] == "" && title != "" {
			all = append(all, title)
		}
	}
	return all
}

// ready reports whether the plan can be done.
func (p Plan) ready() bool { return len(p.Wrong) == 0 && p.Count(New)+p.Count(Changed) > 0 }
