// Package intake takes the tables that people send. A noun declares what it wants: the
// columns, how a row is known again, what is there already, how one thing is saved. The rest
// is here: the template to download, the file and its titles, the preview in words, and
// the import itself, all of it or nothing, in one act.
//
// # Words
//
// A table is what a noun declares. A column has the name of the noun's form field, so that
// a row becomes the very values that the form would have sent, and the noun checks it by
// the rule of its form. A desk is where people bring a table: for which institution, at which address.
//
// A line is what a row of the file will do: make something new, change something that is
// there, or nothing. A column that the file lacks leaves what is there as it is; an empty
// cell of a column that it has empties the field. What the file does not name stays.
//
// # Between the steps
//
// The file waits for a day in a table of its own, for its sender alone, until it is
// imported. Nothing of that is an act: the journal holds what the import does to records.
package intake

import (
	"context"
	"embed"
	"net/url"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/core/place"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "intake", Files: files}

// Module takes tables for every noun.
type Module struct {
	DB      *db.DB
	Log     *journal.Log
	Clock   clock.Clock
	Places  *place.Tree
	Circles *circle.Module
}

// Table is what a noun wants of a table, and what it does with a row.
type Table struct {
	Kind    string // of what a row makes, such as directory.mission
	Name    string // key: of its sheet, such as « Missions »
	File    string // name of its template, in ASCII
	Columns []Column
	// Circle proposes to the sender who will read what is new; nil where nobody is asked.
	Circle *circle.Choice

	// Keys tells by what a row is known again, the surest first: two rows with the same
	// first key are the same thing. An empty key tells nothing.
	Keys func(url.Values) []string
	// Find lists what the owner has already, by the same values. It refuses who may not import.
	Find func(context.Context, *db.Tx, access.Viewer, string) ([]Existing, error)
	// Check gives the values of a row as they will be kept, or what is wrong with them. They
	// are laid over what is there, which is nil for something new.
	Check func(context.Context, *Existing, url.Values) (url.Values, error)
	// Save makes one thing of the owner new, or changes the one that is there.
	Save func(context.Context, *journal.Act, Saving) error
}

// Saving is one thing to be saved.
type Saving struct {
	Owner  string
	Before *Existing       // nil for something new
	Values url.Values      // as Check gave them
	To     circle.Resolved // who will read something new
}

// Existing is something that is there already.
type Existing struct {
	ID      string
	Title   string
	Href    string // its page
	Version int64
	Marking access.Marking
	Keys    []string     // by which it is known again, in the order of Table.Keys
	Values  url.Values   // as its form would send them
	Closed  text.Message // why it may not be changed; none when it may
}

// Column is one column of a table.
type Column struct {
	Name     string   // of the field of the form and of the API
	Title    string   // key
	Also     []string // other titles that people use
	Hint     string   // key: what to write; empty where the kind says enough
	Kind     Kind
	Required bool // the file must have it
	Needed   bool // what is new must have it: a file without it changes what is there
	Many     bool // several values, parted by ; or by line ends
	Options  func(context.Context) []ui.Option
}

// Kind is what a cell of a column holds.
type Kind int

// The kinds. Each is read as people write it and kept as forms send it.
const (
	Text   Kind = iota
	Choice      // one of the Options: its label in any language, or its code
	Place       // a territory: its name, « Tône, Savanes », or its code
	Day         // 2026-03-12
	When        // a day, a month (2026-03) or a year
	Moment      // a day, a month or a quarter (2026-T2)
	Whole       // a number without decimals
	Money       // the same, in the country's currency
	YesNo       // 1 or nothing
	Tick        // the same, of one of the Boxes
	Email
)

// Desk is where people bring a table.
type Desk struct {
	Table
	Owner  string    // identifier of the institution that the rows are of
	Path   string    // address of the first page
	Back   ui.Link   // where one came from
	Crumbs []ui.Link // above it
}

// Open finds the desk of a request; it is missing, or forbidden, for who may not import there.
type Open func(*web.Request) (Desk, error)

// Routes are the pages of an import, under the pattern of their first one.
func (m *Module) Routes(prefix string, allow access.Rule, open Open) []web.Route {
	at := func(fn func(*web.Request, Desk) (web.Response, error)) web.Handler {
		return func(r *web.Request) (web.Response, error) {
			d, err := open(r)
			if err != nil {
				return web.Response{}, err
			}
			return fn(r, d)
		}
	}
	return []web.Route{
		{Pattern: "GET " + prefix, Allow: allow, Handle: at(m.start)},
		{Pattern: "POST " + prefix, Allow: allow, Handle: at(m.upload), MaxBody: maxUpload},
		{Pattern: "GET " + prefix + "/modele", Allow: allow, Handle: at(m.template)},
		{Pattern: "GET " + prefix + "/colonnes", Allow: allow, Handle: at(m.columns)},
		{Pattern: "POST " + prefix + "/colonnes", Allow: allow, Handle: at(m.setColumns)},
		{Pattern: "GET " + prefix + "/apercu", Allow: allow, Handle: at(m.preview)},
		{Pattern: "POST " + prefix + "/apercu", Allow: allow, Handle: at(m.apply)},
	}
}
