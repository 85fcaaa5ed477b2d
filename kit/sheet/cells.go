package sheet

import (
	"encoding/xml"
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cadre/kit/fault"
	"cadre/kit/text"
)

// cell is a cell of a workbook.
type cell struct {
	Ref     string    `xml:"r,attr"`
	Type    string    `xml:"t,attr"`
	Style   int       `xml:"s,attr"`
	Formula *struct{} `xml:"f"`
	Value   *string   `xml:"v"`
	Inline  *rich     `xml:"is"`
}

// row is a row of a workbook on its way in.
type row struct {
	n        int
	cells    []string
	next     int      // column of a cell that does not say its own
	formulas []string // names of the cells that are formulas
}

func (w *workbook) readSheet(name string) error {
	r := row{}
	err := w.each(name, func(d *xml.Decoder, start xml.StartElement) error {
		switch start.Name.Local {
		case "row":
			return w.begin(&r, start)
		case "c":
			var c cell
			if err := d.DecodeElement(&c, &start); err != nil {
				return err
			}
			return w.put(&r, c)
		case "mergeCell":
			return w.merged(start)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.end(&r)
}

// begin ends the row before and starts the next one.
func (w *workbook) begin(r *row, start xml.StartElement) error {
	if err := w.end(r); err != nil {
		return err
	}
	*r = row{n: r.n + 1, cells: r.cells[:0]}
	for _, a := range start.Attr {
		if a.Name.Local != "r" {
			continue
		}
		n, err := strconv.Atoi(a.Value)
		if err != nil || n < r.n {
			return errors.New("rows out of order")
		}
		r.n = n
	}
	return nil
}

func (w *workbook) end(r *row) error {
	if len(r.formulas) > 0 {
		w.remark(r.n, false, text.M("Des formules sont lues par leur valeur calculée : %s.", strings.Join(r.formulas[:min(len(r.formulas), 5)], ", ")))
	}
	return w.add(r.n, append([]string(nil), r.cells...))
}

// put puts a cell in its place. Empty ones, of which a spreadsheet keeps the style, are passed over.
func (w *workbook) put(r *row, c cell) error {
	column := r.next
	if c.Ref != "" {
		var ok bool
		if column, ok = columnOf(c.Ref); !ok {
			return errors.New("no cell " + c.Ref)
		}
	}
	r.next = column + 1
	switch {
	case c.Value == nil && c.Inline == nil && c.Formula == nil:
		return nil
	case column >= MaxColumns:
		return fault.New(fault.BadInput, "La ligne %d a plus de %d colonnes.", r.n, MaxColumns)
	case column < len(r.cells):
		return errors.New("cells out of order")
	}
	value := w.value(r.n, column, c)
	if c.Formula != nil && value != "" {
		r.formulas = append(r.formulas, Name(r.n, column))
	}
	r.cells = append(append(r.cells, make([]string, column-len(r.cells))...), value)
	return nil
}

// columnOf reads the column of a cell's name, from 0.
func columnOf(ref string) (int, bool) {
	n := 0
	for _, c := range strings.TrimRight(ref, "0123456789") {
		if c < 'A' || c > 'Z' || n > 1<<16 {
			return 0, false
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1, n > 0
}

// value is what a cell shows, as far as it can be known.
func (w *workbook) value(n, column int, c cell) string {
	switch {
	case c.Type == "inlineStr" && c.Inline != nil:
		return c.Inline.text()
	case c.Value == nil && c.Formula != nil:
		w.remark(n, true, text.M("%s contient une formule sans valeur calculée. Ouvrez le fichier dans un tableur, enregistrez-le, ou remplacez la formule par sa valeur.", Name(n, column)))
		return ""
	case c.Value == nil:
		return ""
	}
	v := *c.Value
	switch c.Type {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && i >= 0 && i < len(w.shared) {
			return w.shared[i]
		}
		return ""
	case "e":
		w.remark(n, true, text.M("%s affiche l’erreur %s. Corrigez la formule ou écrivez la valeur.", Name(n, column), v))
		return ""
	case "b":
		return map[bool]string{true: "oui", false: "non"}[v == "1"]
	case "str", "d":
		return unescape(v)
	}
	return w.number(v, c.Style)
}

// number writes a number without the rounding of machines, and a date as a date.
func (w *workbook) number(v string, style int) string {
	f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil || math.Abs(f) > 1e15 {
		return v
	}
	if style >= 0 && style < len(w.styles) {
		if date, ok := serial(f, w.styles[style], w.from04); ok {
			return date
		}
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil {
		return v
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// serial is the date that a number of days stands for. Days are counted from 1900, which
// spreadsheets take for a leap year, or from 1904.
func serial(f float64, p precision, from04 bool) (string, bool) {
	days := int(math.Floor(f))
	switch {
	case p == noDate, days < 1, days > 2958465, !from04 && days == 60:
		return "", false
	case from04:
		days += 1462
	case days < 60:
		days++
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Format(string(p)), true
}

// merged tells of cells that were merged, whose value only the first keeps.
func (w *workbook) merged(start xml.StartElement) error {
	for _, a := range start.Attr {
		first, last, found := strings.Cut(a.Value, ":")
		if a.Name.Local != "ref" || !found {
			continue
		}
		from, err := strconv.Atoi(strings.TrimLeft(first, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		left, ok1 := columnOf(first)
		right, ok2 := columnOf(last)
		if err != nil || !ok1 || !ok2 {
			return errors.New("no cells " + a.Value)
		}
		if last == Name(from, right) {
			w.Bars = append(w.Bars, Bar{from, left, right})
		}
		if len(w.Remarks) > maxRemarks {
			return errTooMany()
		}
		w.remark(from, false, text.M("Les cellules %s à %s sont fusionnées : seule %s garde une valeur. Défusionnez-les et recopiez-la si elle vaut pour toutes.", first, last, first))
	}
	return nil
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape reads the characters that XML cannot hold.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(e string) string {
		n, err := strconv.ParseUint(e[2:6], 16, 16)
		if err != nil {
			return e
		}
		return string(rune(n))
	})
}

// precision is how much of a date a cell shows, as a layout; empty for what is no date.
type precision string

const (
	noDate    precision = ""
	wholeDate precision = time.DateOnly
	monthOnly precision = "2006-01"
	yearOnly  precision = "2006"
)

// style is the part of xl/styles.xml that tells dates from numbers.
type styles struct {
	Formats []struct {
		ID   int    `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	Cells []struct {
		Format int `xml:"numFmtId,attr"`
	} `xml:"cellXfs>xf"`
}

func (w *workbook) readStyles(name string) error {
	var s styles
	if err := w.decode(name, &s); err != nil {
		return err
	}
	custom := map[int]string{}
	for _, f := range s.Formats {
		custom[f.ID] = f.Code
	}
	for _, c := range s.Cells {
		p := builtIn(c.Format)
		if code, found := custom[c.Format]; found {
			p = precisionOf(code)
		}
		w.styles = append(w.styles, p)
	}
	return nil
}

// builtIn is the precision of the formats that every spreadsheet knows by number (ECMA-376, 18.8.30).
func builtIn(format int) precision {
	switch {
	case format == 17:
		return monthOnly
	case format >= 14 && format <= 16, format == 22, format >= 27 && format <= 31, format == 36, format >= 50 && format <= 58:
		return wholeDate
	}
	return noDate
}

var notCode = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|\\.|_.|\*.`)

// precisionOf reads what a format shows: years, months, days.
func precisionOf(code string) precision {
	code, _, _ = strings.Cut(strings.ToLower(notCode.ReplaceAllString(code, "")), ";")
	shows := func(letters string) bool { return strings.ContainsAny(code, letters) }
	switch {
	case shows("#0?@e") || code == "general":
		return noDate
	case shows("dj"):
		return wholeDate
	case shows("ya") && shows("m"):
		return monthOnly
	case shows("ya"):
		return yearOnly
	}
	return noDate
}
