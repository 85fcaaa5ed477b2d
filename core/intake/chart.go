package intake

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cadre/kit/sheet"
	"cadre/kit/text"
)

// boxes are columns in which an annual plan ticks when it does a thing, in the place of a
// beginning and an end. A template has none of them: it asks for both.
type boxes struct {
	columns []Column
	moment  string // format of the moment of a box, from its year and its number

	// Keys of what is said of them.
	none, apart, noYear, year string
}

var months = boxes{
	columns: []Column{
		box("M1", text.Key("Janvier"), "janv", "jan"), box("M2", text.Key("Février"), "févr", "fév", "feb"), box("M3", text.Key("Mars"), "mar"),
		box("M4", text.Key("Avril"), "avr", "apr"), box("M5", text.Key("Mai")), box("M6", text.Key("Juin"), "jun"),
		box("M7", text.Key("Juillet"), "juil", "jul"), box("M8", text.Key("Août"), "aug"), box("M9", text.Key("Septembre"), "sept", "sep"),
		box("M10", text.Key("Octobre"), "oct"), box("M11", text.Key("Novembre"), "nov"), box("M12", text.Key("Décembre"), "déc"),
	},
	moment: "%s-%02d",
	none:   text.Key("Aucun mois n’est coché. Mettez un x : les couleurs ne sont pas lues."),
	apart:  text.Key("Les mois cochés ne se suivent pas. Cochez des mois qui se suivent, ou faites-en plusieurs lignes."),
	noYear: text.Key("De quelle année sont ces mois ? Écrivez-la dans leurs titres, par exemple « janv. 2026 », ou au-dessus du tableau."),
	year:   text.Key("Les mois cochés sont ceux de %s."),
}

var quarters = boxes{
	columns: []Column{
		box("T1", text.Key("T1"), "1er trimestre", "trimestre 1", "trim 1"), box("T2", text.Key("T2"), "2e trimestre", "2ème trimestre", "trimestre 2", "trim 2"),
		box("T3", text.Key("T3"), "3e trimestre", "3ème trimestre", "trimestre 3", "trim 3"), box("T4", text.Key("T4"), "4e trimestre", "4ème trimestre", "trimestre 4", "trim 4"),
	},
	moment: "%s-T%d",
	none:   text.Key("Aucun trimestre n’est coché. Mettez un x : les couleurs ne sont pas lues."),
	apart:  text.Key("Les trimestres cochés ne se suivent pas. Cochez des trimestres qui se suivent, ou faites-en plusieurs lignes."),
	noYear: text.Key("De quelle année sont ces trimestres ? Écrivez-la dans leurs titres, par exemple « T1 2026 », ou au-dessus du tableau."),
	year:   text.Key("Les trimestres cochés sont ceux de %s."),
}

func box(name, title string, also ...string) Column {
	return Column{Name: name, Title: title, Also: also, Kind: Tick}
}

// Boxes are the months and the quarters of a year, each a column to be ticked.
var Boxes = slices.Concat(months.columns, quarters.columns)

// Begins and Ends are the columns that ticked boxes fill.
const (
	Begins = "from"
	Ends   = "to"
)

// ticked reports whether a title of a file, as stems, names a box. What it says besides may be
// about time only: « Coût T1 » is an amount, « T1 Janvier » is a month and « T1 janvier-mars » a quarter.
func (t Table) ticked(title []string, c Column) bool {
	names := func(c Column) bool {
		return slices.ContainsFunc(c.titles(), func(s string) bool { return holds(title, stems(s)) })
	}
	month := func(c Column) bool {
		return slices.ContainsFunc(months.columns, func(m Column) bool { return m.Name == c.Name })
	}
	one := len(slices.DeleteFunc(slices.Clone(months.columns), func(m Column) bool { return !names(m) })) == 1
	return names(c) && month(c) == one && !slices.ContainsFunc(t.Columns, func(c Column) bool {
		return c.Kind != Tick && c.Name != Begins && c.Name != Ends && names(c)
	})
}

// chart is the boxes of a file, with the place of each of their columns, -1 for one that it
// lacks. A file without boxes has an empty one; of a file with both, the months count.
type chart struct {
	boxes
	at []int
}

func (p Plan) chart() chart {
	for _, b := range []boxes{months, quarters} {
		at, some := make([]int, len(b.columns)), false
		for i, c := range b.columns {
			at[i] = slices.Index(p.Columns, c.Name)
			some = some || at[i] >= 0
		}
		if some {
			return chart{b, at}
		}
	}
	return chart{}
}

func (c chart) empty() bool { return len(c.at) == 0 }

var aYear = regexp.MustCompile(`\b20\d\d\b`)

// year is that of the ticked boxes: the only one that their titles name, else what stands above the
// table, else the name of the sheet or of the file. It is empty when none or several are named.
func (p Plan) year(file string) string {
	var titles []string
	for _, i := range p.chart().at {
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

var noTick = text.Key("Cochez d’un x, ou laissez vide.")

// period turns the ticks of a row into a beginning and an end. A row that says them itself keeps them.
func (p *Plan) period(l *Line, c chart, year string) {
	var on []int
	for n, i := range c.at {
		if i >= 0 && p.barred(*l, i) {
			on = append(on, n)
		}
	}
	for _, b := range Boxes {
		delete(l.Values, b.Name)
	}
	if l.Values.Get(Begins) != "" || slices.ContainsFunc(p.Wrong, func(w Wrong) bool { return w.N == l.N }) {
		return
	}
	switch {
	case len(on) == 0:
		p.mistick(l.N, c, c.none)
	case on[len(on)-1]-on[0] != len(on)-1:
		p.mistick(l.N, c, c.apart)
	case year != "":
		l.Values.Set(Begins, fmt.Sprintf(c.moment, year, on[0]+1))
		if len(on) > 1 {
			l.Values.Set(Ends, fmt.Sprintf(c.moment, year, on[len(on)-1]+1))
		}
	}
}

// barred reports whether a box is ticked, itself or by a bar of merged cells that holds it.
func (p *Plan) barred(l Line, column int) bool {
	first := column
	for _, b := range p.Sheet.Bars {
		if b.Row == l.N && b.From <= column && column <= b.To {
			first = b.From
		}
	}
	return l.Values.Get(p.Columns[first]) != "" && slices.ContainsFunc(Boxes, func(c Column) bool { return c.Name == p.Columns[first] })
}

// mistick tells what is wrong with the ticks of a row, at the first of its boxes.
func (p *Plan) mistick(n int, c chart, sentence string) {
	i := slices.IndexFunc(c.at, func(i int) bool { return i >= 0 })
	p.Wrong = append(p.Wrong, Wrong{n, sheet.Name(n, c.at[i]), c.columns[i].Name, p.ticks(n, c), text.M(sentence)})
}

// ticks names the boxes of a row in which something stands.
func (p *Plan) ticks(n int, c chart) string {
	var all []string
	for _, i := range c.at {
		if i >= 0 && p.typed(n, i) != "" {
			all = append(all, p.Sheet.Head[i])
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
