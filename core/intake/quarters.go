package intake

import (
	"regexp"
	"slices"
	"strings"

	"cadre/kit/sheet"
	"cadre/kit/text"
)

// Quarters are the four columns in which an annual plan ticks when it does a thing, in the
// place of a beginning and an end. A template has none of them: it asks for both.
var Quarters = []Column{
	{Name: "T1", Title: text.Key("T1"), Also: []string{"1er trimestre", "trimestre 1", "trim 1"}, Kind: Tick},
	{Name: "T2", Title: text.Key("T2"), Also: []string{"2e trimestre", "2ème trimestre", "trimestre 2", "trim 2"}, Kind: Tick},
	{Name: "T3", Title: text.Key("T3"), Also: []string{"3e trimestre", "3ème trimestre", "trimestre 3", "trim 3"}, Kind: Tick},
	{Name: "T4", Title: text.Key("T4"), Also: []string{"4e trimestre", "4ème trimestre", "trimestre 4", "trim 4"}, Kind: Tick},
}

// Begins and Ends are the columns that ticked quarters fill.
const (
	Begins = "from"
	Ends   = "to"
)

// ticked reports whether a title of a file, as stems, names a quarter to be ticked. What it
// says besides may be about time only: « Coût T1 » is an amount.
func (t Table) ticked(title []string, quarter Column) bool {
	names := func(s string) bool { return holds(title, stems(s)) }
	return slices.ContainsFunc(quarter.titles(), names) && !slices.ContainsFunc(t.Columns, func(c Column) bool {
		return c.Kind != Tick && c.Name != Begins && c.Name != Ends && slices.ContainsFunc(c.titles(), names)
	})
}

// quarters are the places of the ticked columns in the file, by the number of their quarter.
func (p Plan) quarters() (at [4]int, some bool) {
	for q := range at {
		at[q] = slices.Index(p.Columns, Quarters[q].Name)
		some = some || at[q] >= 0
	}
	return at, some
}

var aYear = regexp.MustCompile(`\b20\d\d\b`)

// year is that of the ticked quarters: the only one that their titles name, else what stands above the
// table, else the name of the sheet or of the file. It is empty when none or several are named.
func (p Plan) year(file string) string {
	var titles []string
	at, _ := p.quarters()
	for _, i := range at {
		if i >= 0 {
			titles = append(titles, p.Sheet.Head[i])
		}
	}
	for _, said := range [][]string{titles, p.Sheet.Above, {p.Sheet.Name}, {strings.ReplaceAll(file, "_", " ")}} {
		years := aYear.FindAllString(strings.Join(said, " "), -1)
		slices.Sort(years)
		years = slices.Compact(years)
		switch len(years) {
		case 0:
			continue
		case 1:
			return years[0]
		}
		return ""
	}
	return ""
}

var (
	noQuarter = text.Key("Aucun trimestre n’est coché. Mettez un x : les couleurs ne sont pas lues.")
	apart     = text.Key("Les trimestres cochés ne se suivent pas. Cochez des trimestres qui se suivent, ou faites-en plusieurs lignes.")
	noTick    = text.Key("Cochez d’un x, ou laissez vide.")
	noYear    = text.Key("De quelle année sont ces trimestres ? Écrivez-la dans leurs titres, par exemple « T1 2026 », ou au-dessus du tableau.")
)

// period turns the ticks of a row into a beginning and an end. A row that says them itself keeps them.
func (p *Plan) period(l *Line, at [4]int, year string) {
	var on []int
	for q, i := range at {
		if i >= 0 && p.barred(*l, i) {
			on = append(on, q)
		}
	}
	for _, c := range Quarters {
		delete(l.Values, c.Name)
	}
	if l.Values.Get(Begins) != "" || slices.ContainsFunc(p.Wrong, func(w Wrong) bool { return w.N == l.N }) {
		return
	}
	switch {
	case len(on) == 0:
		p.mistick(l.N, at, noQuarter)
	case on[len(on)-1]-on[0] != len(on)-1:
		p.mistick(l.N, at, apart)
	case year != "":
		l.Values.Set(Begins, year+"-"+Quarters[on[0]].Name)
		if len(on) > 1 {
			l.Values.Set(Ends, year+"-"+Quarters[on[len(on)-1]].Name)
		}
	}
}

// barred reports whether a quarter is ticked, itself or by a bar of merged cells that holds it.
func (p *Plan) barred(l Line, column int) bool {
	first := column
	for _, b := range p.Sheet.Bars {
		if b.Row == l.N && b.From <= column && column <= b.To {
			first = b.From
		}
	}
	return l.Values.Get(p.Columns[first]) != "" && slices.ContainsFunc(Quarters, func(c Column) bool { return c.Name == p.Columns[first] })
}

// mistick tells what is wrong with the ticks of a row, at the first of them.
func (p *Plan) mistick(n int, at [4]int, sentence string) {
	i := slices.IndexFunc(at[:], func(i int) bool { return i >= 0 })
	p.Wrong = append(p.Wrong, Wrong{n, sheet.Name(n, at[i]), Quarters[i].Name, p.ticks(n, at), text.M(sentence)})
}

// ticks quotes what the quarters of a row hold.
func (p *Plan) ticks(n int, at [4]int) string {
	var all []string
	for q, i := range at {
		if i >= 0 && p.typed(n, i) != "" {
			all = append(all, Quarters[q].Name)
		}
	}
	return strings.Join(all, ", ")
}

// tick reads a mark: what people put in a box that they tick, or leave out.
func tick(typed string) (string, text.Message) {
	switch text.Fold(typed) {
	case "x", "xx", "xxx", "v", "✓", "✔", "☑", "☒", "✗", "✘", "●", "•", "■", "▪", "█", "*", "+", "t1", "t2", "t3", "t4":
		return "1", text.Message{}
	case "", "-", "–", "—", "☐", "□", "○":
		return "", text.Message{}
	}
	if yes, wrong := yesNo(typed); wrong.Key == "" {
		return yes, wrong
	}
	return "", text.Message{Key: noTick}
}
