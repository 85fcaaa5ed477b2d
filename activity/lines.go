package activity

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/sheet"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// listOf is one of the lists under the identity of an activity, edited line by line.
type listOf struct {
	name    string // in the API
	path    string
	title   string // key of the catalogue
	hint    string // key of the catalogue
	columns func(context.Context, linesPage) []ui.EditorColumn
	rows    func(Plan) [][]string
	read    func(rows [][]string, p *Plan, wrong *fault.Collect)
}

// lists are the lists of an activity by their names in the API.
var lists = map[string]listOf{
	"results": {"", "resultats", text.Key("Résultats attendus"), text.Key("Un résultat par ligne, avec ce qui le mesure."), resultColumns, resultRows, readResults},
	"tasks":   {"", "taches", text.Key("Tâches"), text.Key("Une tâche par ligne. Confiez-la au chef de file ou à un partenaire."), taskColumns, taskRows, readTasks},
	"needs":   {"", "moyens-demandes", text.Key("Moyens demandés"), text.Key("Ce que les autres pourraient prêter. Cadre cherche qui l’a, près de là."), meansColumns, func(p Plan) [][]string { return meansRows(p.Needs) }, func(rows [][]string, p *Plan, w *fault.Collect) { p.Needs = readMeans(rows, w) }},
	"offers":  {"", "moyens-offerts", text.Key("Moyens offerts"), text.Key("Ce que ceux qui organisent apportent."), meansColumns, func(p Plan) [][]string { return meansRows(p.Offers) }, func(rows [][]string, p *Plan, w *fault.Collect) { p.Offers = readMeans(rows, w) }},
	"budget":  {"", "budget", text.Key("Budget"), text.Key("Une dépense par ligne, en francs entiers. Une ligne portée par une structure lui est demandée à la signature."), budgetColumns, budgetRows, readBudget},
}

func listAt(path string) (listOf, error) {
	for name, l := range lists {
		if l.path == path {
			l.name = name
			return l, nil
		}
	}
	return listOf{}, fault.Missing()
}

// linesPage is the page on which one of the lists is edited.
type linesPage struct {
	ui.Page
	Found
	Room   *Module
	List   listOf
	Order  []Structure
	State  form.State
	Rows   [][]string
	Expect string
	Lent   map[string]Lendable // what may be chosen in the directory
	Theirs []record.Difference // what another has saved meanwhile
}

func (m *Module) linesPage(r *web.Request, l listOf, s form.State) (linesPage, error) {
	ctx := r.Context()
	f, _, err := m.editable(r)
	if err != nil {
		return linesPage{}, err
	}
	p := linesPage{Found: f, Room: m, List: l, State: s, Rows: l.rows(f.Plan), Expect: strconv.FormatInt(f.Version, 10)}
	p.Page = above(ctx, text.T(ctx, l.title), f)
	p.Failed = s.Failed()
	form, err := m.formPage(r, s)
	p.Order = form.Order
	if s.Values != nil {
		p.Rows = p.identified(rowsOf(s.Values, l.columns(ctx, p)))
	}
	if err != nil || l.name != "needs" && l.name != "offers" {
		return p, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.Lent, err = m.lendable(ctx, tx, access.Of(ctx), p.offered())
		return err
	})
	return p, err
}

func (m *Module) editLines(r *web.Request) (web.Response, error) {
	l, err := listAt(r.PathValue("list"))
	if err != nil {
		return web.Response{}, err
	}
	p, err := m.linesPage(r, l, form.State{})
	return web.Page(editingLines(p)), err
}

// postLines stores one of the lists of an activity.
func (m *Module) postLines(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	l, err := listAt(r.PathValue("list"))
	if err != nil {
		return web.Response{}, err
	}
	values, err := form.Read(r.Request)
	p, err2 := m.linesPage(r, l, form.Of(values, err))
	if err2 != nil {
		return web.Response{}, err2
	}
	if err == nil && values.Has("seek") { // who can lend what is typed: nothing is saved
		p.Expect = values.Get("version")
		return web.Page(editingLines(p)), nil
	}
	if err == nil {
		err = m.saveLines(ctx, v, p, form.Version(values))
	}
	switch fault.KindOf(err) {
	case fault.BadInput, fault.Conflict:
		p.State, p.Failed = form.Of(values, err), true
		if fault.KindOf(err) == fault.Conflict {
			p.Theirs = p.differences(ctx)
		}
		return web.Again(editingLines(p), err), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(Href(Kind, p.ID) + "#" + l.path).Done(text.Key("C’est enregistré.")), nil
}

// differences sets the list as it is saved beside what was typed, in words.
func (p linesPage) differences(ctx context.Context) []record.Difference {
	typed := Plan{}
	p.List.read(p.Rows, &typed, &fault.Collect{})
	o := voice{Room: p.Room, Names: acronymsOf(p.Order), Lent: p.Lent}
	after := o.fields(ctx, Activity{Plan: typed})
	for i, f := range o.fields(ctx, Activity{Plan: p.Plan}) {
		if f.Name == p.List.name && f.Text != after[i].Text {
			return []record.Difference{{Name: f.Name, Before: f.Text, After: after[i].Text}}
		}
	}
	return nil
}

func acronymsOf(all []Structure) map[string]string {
	names := map[string]string{}
	for _, s := range all {
		names[s.ID] = s.Acronym
	}
	return names
}

func (m *Module) saveLines(ctx context.Context, v access.Viewer, p linesPage, expect int64) error {
	in, err := m.input(ctx, v, p.Found)
	if err != nil {
		return err
	}
	var c fault.Collect
	p.List.read(p.Rows, &in.Plan, &c)
	if unread := c.Fault(); unread != nil {
		return m.besides(ctx, unread, in, p.Found)
	}
	_, err = m.Amend(ctx, v, p.ID, expect, in)
	return err
}

// rowsOf reads the lines of an Editor: each column repeats its name line after line. A line
// whose fields are all empty is none.
func rowsOf(values url.Values, columns []ui.EditorColumn) [][]string {
	most := 0
	for _, c := range columns {
		most = max(most, len(values[c.Name]))
	}
	var rows [][]string
	for i := range min(most, 2*maxLines) {
		row := make([]string, len(columns))
		for j, c := range columns {
			if all := values[c.Name]; i < len(all) {
				row[j] = all[i]
			}
		}
		if strings.Join(row, "") != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

func resultColumns(ctx context.Context, _ linesPage) []ui.EditorColumn {
	return []ui.EditorColumn{
		{Name: "result", Label: text.T(ctx, "Résultat"), Wide: true}, {Name: "indicator", Label: text.T(ctx, "Indicateur")},
		{Name: "baseline", Label: text.T(ctx, "Départ")}, {Name: "target", Label: text.T(ctx, "Cible")}, {Name: "reached", Label: text.T(ctx, "Atteint")},
	}
}

func resultRows(p Plan) [][]string {
	var rows [][]string
	for _, r := range p.Results {
		rows = append(rows, []string{r.Text, r.Indicator, r.Baseline, r.Target, r.Reached})
	}
	return rows
}

func readResults(rows [][]string, p *Plan, _ *fault.Collect) {
	p.Results = nil
	for _, row := range rows {
		p.Results = append(p.Results, Result{row[0], row[1], row[2], row[3], row[4]})
	}
}

func taskColumns(ctx context.Context, p linesPage) []ui.EditorColumn {
	var states []ui.Option
	for _, s := range TaskStates {
		states = append(states, ui.Option{Value: string(s), Label: text.T(ctx, taskNames[s])})
	}
	return []ui.EditorColumn{
		{Name: "task", Label: text.T(ctx, "Tâche"), Wide: true}, {Name: "task_structure", Label: text.T(ctx, "Responsable"), Options: p.taking()},
		{Name: "task_due", Label: text.T(ctx, "Échéance")}, {Name: "task_state", Label: text.T(ctx, "État"), Options: states},
	}
}

// taking are the institutions that take part, as choices.
func (p linesPage) taking() []ui.Option {
	var all []ui.Option
	for _, s := range p.Order {
		if s.ID == p.Owner || p.role(s.ID) != "" {
			all = append(all, ui.Option{Value: s.ID, Label: s.Acronym})
		}
	}
	return all
}

func taskRows(p Plan) [][]string {
	var rows [][]string
	for _, t := range p.Tasks {
		rows = append(rows, []string{t.Title, t.Structure, Moment(t.Due.String()).Typed(), string(t.State)})
	}
	return rows
}

// readTasks keeps the identifier of a task whose words are the same.
func readTasks(rows [][]string, p *Plan, wrong *fault.Collect) {
	ids := map[string]string{}
	for _, t := range p.Tasks {
		ids[t.Title] = t.ID
	}
	p.Tasks = nil
	for _, row := range rows {
		due, err := form.ParseDate(row[2])
		wrong.Need(err == nil, "task_due", "Indiquez une date qui existe, par exemple 31/12/2026.")
		p.Tasks = append(p.Tasks, Task{ID: ids[row[0]], Title: row[0], Structure: row[1], Due: due, State: TaskState(row[3])})
		delete(ids, row[0])
	}
}

func meansColumns(ctx context.Context, p linesPage) []ui.EditorColumn {
	return []ui.EditorColumn{
		{Name: "means_kind", Label: text.T(ctx, "Nature du moyen"), Options: terms(ctx, p.Room.Pack.CapacityKinds)},
		{Name: "means_quantity", Label: text.T(ctx, "Quantité"), Number: true},
		{Name: "means_place", Label: text.T(ctx, "Lieu"), Options: p.Room.Places.Options(ctx)}, {Name: "means_note", Label: text.T(ctx, "Note"), Wide: true},
		{Name: "means_capacity", Label: text.T(ctx, "Moyen de l’annuaire"), Options: p.lentOptions(ctx)},
	}
}

func meansRows(all []Means) [][]string {
	var rows [][]string
	for _, m := range all {
		rows = append(rows, []string{m.Kind, number(int64(m.Quantity)), m.Place, m.Note, m.Capacity})
	}
	return rows
}

// number writes a number of a line; nothing for zero.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func readMeans(rows [][]string, wrong *fault.Collect) []Means {
	var all []Means
	for _, row := range rows {
		n, ok := sheet.Whole(cmp.Or(row[1], "0"))
		wrong.Need(ok, "means_quantity", "Ce n’est pas un nombre entier. Écrivez-le sans virgule, par exemple 1 200.")
		all = append(all, Means{Kind: row[0], Quantity: int(n), Place: row[2], Note: row[3], Capacity: row[4]})
	}
	return all
}

func budgetColumns(ctx context.Context, p linesPage) []ui.EditorColumn {
	secured := []ui.Option{{Value: "1", Label: text.T(ctx, "Acquis")}, {Value: "0", Label: text.T(ctx, "Recherché")}}
	return []ui.EditorColumn{
		{Name: "line", Label: text.T(ctx, "Ligne"), Wide: true}, {Name: "line_amount", Label: p.Room.Pack.Settings.Currency.Label, Number: true},
		{Name: "line_funder", Label: text.T(ctx, "Porté par")}, {Name: "line_secured", Label: text.T(ctx, "Financement"), Options: secured},
	}
}

func budgetRows(p Plan) [][]string {
	var rows [][]string
	for _, l := range p.Budget {
		secured := "0"
		if l.Secured {
			secured = "1"
		}
		rows = append(rows, []string{l.Label, number(l.Amount), l.Funder, secured})
	}
	return rows
}

func readBudget(rows [][]string, p *Plan, wrong *fault.Collect) {
	p.Budget = nil
	for _, row := range rows {
		n, ok := sheet.Money(cmp.Or(row[1], "0"))
		wrong.Need(ok, "line_amount", "Ce n’est pas un montant entier. Écrivez-le sans virgule ni centimes, par exemple 250 000.")
		p.Budget = append(p.Budget, BudgetLine{Label: row[0], Amount: n, Funder: row[2], Secured: row[3] == "1"})
	}
}

// named shows funders that are institutions by their short names.
func (p linesPage) named(rows [][]string) [][]string {
	return p.funders(rows, func(s Structure) (string, string) { return s.ID, s.Acronym })
}

// identified is named the other way round: whoever types a short name means the institution.
func (p linesPage) identified(rows [][]string) [][]string {
	return p.funders(rows, func(s Structure) (string, string) { return s.Acronym, s.ID })
}

func (p linesPage) funders(rows [][]string, names func(Structure) (from, to string)) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = slices.Clone(row)
		for _, s := range p.Order {
			if from, to := names(s); p.List.path == "budget" && text.Fold(row[2]) == text.Fold(from) {
				out[i][2] = to
			}
		}
	}
	return out
}
