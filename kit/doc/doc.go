// Package doc makes the files that leave Cadre: tables as XLSX, CSV and JSON; A4
// documents as PDF; contact cards, calendars, points on a map, feeds of news. It
// knows nothing of institutions: whoever calls it has already chosen what the
// reader may see, and says what marking the whole carries.
//
// A Table is made once and written in each format. A Paper is a list of blocks
// (headings, texts, tables, matrices, drawings) that are laid out on A4 sheets.
package doc

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
)

// The media types of the files.
const (
	TypeXLSX    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	TypeCSV     = "text/csv; charset=utf-8; header=present"
	TypeJSON    = "application/json"
	TypePDF     = "application/pdf"
	TypeVCard   = "text/vcard; charset=utf-8"
	TypeICal    = "text/calendar; charset=utf-8"
	TypeGeoJSON = "application/geo+json"
	TypeAtom    = "application/atom+xml; charset=utf-8"
)

// MaxRows bounds a table: more than that is not read in a spreadsheet, and holds the server up.
const MaxRows = 50_000

// Table is rows under named columns, with what tells where they come from.
type Table struct {
	Name    string // of the sheet: short
	Title   string
	Marking string    // of the whole, in words: on each printed page and in the file's properties
	Lang    string    // language of the labels
	Made    time.Time // when it was made
	Notes   []Note    // where it comes from: who made it, when, from which selection
	Columns []Column
	Rows    [][]any // string, []string, int, int64, float64, bool, form.Date, time.Time or nil, as many as columns
}

// Column is a column of a table.
type Column struct {
	Name  string  // of the value in JSON, lower-case
	Label string  // in the head
	HXL   string  // its tag of the Humanitarian Exchange Language, such as #org+name; empty for none
	Width float64 // on the sheet, in characters; 0 for a usual one
}

// Note is a label and what it says.
type Note struct{ Label, Value string }

// Check refuses a table that is longer than MaxRows.
func (t Table) Check() error {
	if len(t.Rows) > MaxRows {
		return TooLong()
	}
	return nil
}

// TooLong refuses what is longer than MaxRows.
func TooLong() error {
	return fault.New(fault.TooLarge, "Cette sélection dépasse %d lignes. Choisissez un thème, un lieu ou une structure.", MaxRows)
}

// tags is the row of HXL tags.
func (t Table) tags() []any {
	all := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		all[i] = c.HXL
	}
	return all
}

func (t Table) labels() []any {
	all := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		all[i] = c.Label
	}
	return all
}

// listMark stands between the values of a cell that holds several.
const listMark = " ; "

// words writes a value as a text: what is a number stays one, dates are those of ISO 8601.
func words(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return oneEnd.Replace(v)
	case []string:
		return strings.Join(v, listMark)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.Format(time.RFC3339)
	}
	return fmt.Sprint(value) // int, int64, bool, form.Date
}

// oneEnd ends lines in one way.
var oneEnd = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// FileName is the name of a file that leaves: what it holds, the day, its marking, in
// plain ASCII: annuaire-missions-2026-11-25-TLP-GREEN.xlsx.
func FileName(what string, day form.Date, marking, extension string) string {
	parts := slices.DeleteFunc([]string{ascii(what), day.String(), strings.ToUpper(ascii(marking))}, func(s string) bool { return s == "" })
	return strings.Join(parts, "-") + "." + extension
}

// ascii keeps letters, small and without accents, and digits; the rest becomes hyphens.
func ascii(s string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return ' '
	}, text.Fold(s))
	return strings.Join(strings.Fields(plain), "-")
}
