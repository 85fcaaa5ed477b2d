// Package export makes files of lists. A list's columns are said once, for its page and
// for every file made of it, and a file holds what the page's own query found with the
// filters of the page: what one may not see is in no file either. A file carries the
// highest marking of its records, in its name and in what it says of itself, and each
// institution sees who has exported its records.
//
// A page offers the files with Links and ui.Exports; its handler reads which one is
// wanted with Page, or with Read when there are no pages, and answers with Answer.
package export

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/record"
	"cadre/kit/doc"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// Format is a kind of file, as addresses and file names call it.
type Format string

// The formats.
const (
	XLSX    Format = "xlsx"
	CSV     Format = "csv"
	JSON    Format = "json"
	GeoJSON Format = "geojson"
	VCard   Format = "vcf"
)

// Tables are the formats that every list has.
var Tables = []Format{XLSX, CSV, JSON}

var names = map[Format]string{XLSX: "XLSX", CSV: "CSV", JSON: "JSON", GeoJSON: "GeoJSON", VCard: "vCard"}

var types = map[Format]string{XLSX: doc.TypeXLSX, CSV: doc.TypeCSV, JSON: doc.TypeJSON, GeoJSON: doc.TypeGeoJSON, VCard: doc.TypeVCard}

// Ask is the file that an address asks for. The zero Ask asks for the page.
type Ask struct {
	Format Format
	HXL    bool // with the row of tags of the Humanitarian Exchange Language
}

// Read reads which file an address asks for among those that its list offers.
func Read(q url.Values, offered ...Format) (Ask, error) {
	a := Ask{Format(q.Get("format")), q.Get("hxl") == "1"}
	if a.Format != "" && !slices.Contains(offered, a.Format) {
		return Ask{}, fault.Invalid("format", "Choisissez un format de la liste.")
	}
	return a, nil
}

// Wanted reports whether a file is asked for.
func (a Ask) Wanted() bool { return a.Format != "" }

// Page reads what the address of a list asks for: a file, with the rows of all its pages, or
// the page that the field « page » names.
func Page(q url.Values, offered ...Format) (Ask, page.Request, error) {
	ask, err := Read(q, offered...)
	if err != nil || ask.Wanted() {
		return ask, page.Request{Cursor: page.Cursor{From: 1}, Limit: doc.MaxRows}, err
	}
	asked, err := page.Parse(q.Get("page"), 0)
	return ask, asked, err
}

// Links lead to the files of the list at an address, its filters included.
func Links(address string, formats ...Format) []ui.Link {
	join := "?"
	if strings.Contains(address, "?") {
		join = "&"
	}
	all := make([]ui.Link, 0, len(formats)+1)
	for _, f := range formats {
		all = append(all, ui.Link{Label: names[f], Href: address + join + "format=" + string(f)})
		if f == CSV {
			all = append(all, ui.Link{Label: "CSV (HXL)", Href: address + join + "format=csv&hxl=1"})
		}
	}
	return all
}

// Column is a column of a list of T.
type Column[T any] struct {
	Name   string         // in JSON: lower-case
	Label  string         // in the reader's language
	HXL    string         // tag of the Humanitarian Exchange Language, or empty
	Width  float64        // in a spreadsheet, in characters; 0 for a usual one
	Value  func(T) any    // what files hold, see doc.Table; a list for several values
	Say    func(T) string // on the page and on paper, where these are not the words of the value
	Shown  func(T) templ.Component
	Head   bool // names the row
	Number bool // aligned on the right
	Files  bool // in files only: the page leads to it
}

// Screen are the columns of a list that its page shows.
func Screen[T any](ctx context.Context, all []Column[T]) []ui.Column[T] {
	var shown []ui.Column[T]
	for _, c := range all {
		if c.Files {
			continue
		}
		cell := c.Shown
		if cell == nil {
			cell = ui.Words(func(row T) string { return c.words(ctx, row) })
		}
		shown = append(shown, ui.Column[T]{Label: c.Label, Head: c.Head, Number: c.Number, Cell: cell})
	}
	return shown
}

// words are the value as a page and paper show it.
func (c Column[T]) words(ctx context.Context, row T) string {
	if c.Say != nil {
		return c.Say(row)
	}
	switch v := c.Value(row).(type) {
	case []string:
		return text.List(ctx, v)
	case string:
		return v
	case int:
		return text.Number(ctx, v)
	}
	return ""
}

// Grid is a list on paper, with the columns that its page shows.
func Grid[T any](ctx context.Context, all []Column[T], rows []T) doc.Grid {
	shown := slices.DeleteFunc(slices.Clone(all), func(c Column[T]) bool { return c.Files })
	g := doc.Grid{}
	for _, c := range shown {
		g.Columns = append(g.Columns, doc.GridColumn{Label: c.Label, Weight: max(c.Width, 18)})
	}
	for _, row := range rows {
		line := make([]string, len(shown))
		for i, c := range shown {
			line[i] = c.words(ctx, row)
		}
		g.Rows = append(g.Rows, line)
	}
	return g
}

// List is a list about to leave.
type List[T any] struct {
	Page      ui.Page // of the screen: its title, and who asks
	Name      string  // of the file: what it holds
	Selection []ui.Link
	Columns   []Column[T]
	Rows      []T
	Cut       bool                  // there are more rows than a file holds
	Record    func(T) record.Record // nil for rows that are no records, such as numbers
	Least     access.Marking        // of the file, when its rows do not tell: of what the numbers count
	Point     func(T) *doc.Point    // where a row stands, for GeoJSON
	Cards     []doc.Card            // for vCard
}

// Source is where files come from: who made them when, and who is told.
type Source struct {
	People  *account.Module // the clock, the zone and the address of the site
	Readers *record.Readers
}

// Answer answers with the file asked for.
func (l List[T]) Answer(ctx context.Context, from Source, ask Ask) (web.Response, error) {
	if l.Cut {
		return web.Response{}, doc.TooLong()
	}
	top, records := l.records()
	t := l.table(ctx, from, circle.Marking(ctx, top))
	body, err := l.write(ctx, t, ask)
	if err != nil {
		return web.Response{}, err
	}
	from.Readers.Note(access.Of(ctx), record.Exported, records...)
	return web.Download(FileName(t, l.Name, top, ask.Format), types[ask.Format], body), nil
}

// records are those in the file, and their highest marking.
func (l List[T]) records() (access.Marking, []record.Record) {
	if l.Record == nil {
		return l.Least, nil
	}
	top, all := l.Least, make([]record.Record, len(l.Rows))
	for i, row := range l.Rows {
		all[i] = l.Record(row)
		top = max(top, all[i].Marking)
	}
	return top, all
}

// FileName is the name under which a table leaves.
func FileName(t doc.Table, what string, m access.Marking, f Format) string {
	label := m.Label()
	if m == access.Restricted {
		label = m.Name() + " " + label
	}
	return doc.FileName(what, form.DateOf(t.Made), label, string(f))
}

func (l List[T]) table(ctx context.Context, from Source, marking ui.Marking) doc.Table {
	t := doc.Table{Name: l.Page.Title, Title: l.Page.Title, Marking: marking.Line(), Lang: string(text.Of(ctx)), Made: from.People.Clock.Now().In(from.People.Zone),
		Notes: []doc.Note{{Label: text.T(ctx, "Portée du marquage"), Value: marking.Scope}, {Label: text.T(ctx, "Établi"), Value: l.Page.Printed}}}
	if len(l.Selection) > 0 {
		filters := make([]string, len(l.Selection))
		for i, f := range l.Selection {
			filters[i] = f.Label
		}
		t.Notes = append(t.Notes, doc.Note{Label: text.T(ctx, "Filtres"), Value: text.Series(ctx, filters)})
	}
	if l.Page.Demo {
		t.Notes = append(t.Notes, doc.Note{Label: text.T(ctx, "Démonstration"), Value: text.T(ctx, "données fictives")})
	}
	for _, c := range l.Columns {
		t.Columns = append(t.Columns, doc.Column{Name: c.Name, Label: c.Label, HXL: c.HXL, Width: c.Width})
	}
	for _, row := range l.Rows {
		t.Rows = append(t.Rows, l.values(row))
	}
	return t
}

func (l List[T]) values(row T) []any {
	all := make([]any, len(l.Columns))
	for i, c := range l.Columns {
		all[i] = c.Value(row)
	}
	return all
}

func (l List[T]) write(ctx context.Context, t doc.Table, ask Ask) ([]byte, error) {
	switch ask.Format {
	case XLSX:
		return t.XLSX(ctx, ask.HXL)
	case CSV:
		return t.CSV(ask.HXL)
	case JSON:
		return t.JSON()
	case VCard:
		return doc.VCards(l.Cards), nil
	}
	return doc.GeoJSON(t.Title, t.Marking, t.Notes, l.features())
}

func (l List[T]) features() []doc.Feature {
	all := make([]doc.Feature, len(l.Rows))
	for i, row := range l.Rows {
		properties := map[string]any{}
		for n, v := range l.values(row) {
			properties[l.Columns[n].Name] = v
		}
		all[i] = doc.Feature{At: l.Point(row), Properties: properties}
		if l.Record != nil {
			all[i].ID = l.Record(row).ID
		}
	}
	return all
}
