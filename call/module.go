package call

import (
	"context"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/dossier"
	"cadre/core/journal"
	"cadre/core/place"
	"cadre/core/record"
	"cadre/core/search"
	"cadre/core/theme"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/web"
)

// Structure is an institution of the framework.
type Structure = account.Structure

// Mandate is that an institution has to act on a theme in a territory.
type Mandate struct{ Owner, Theme, Place string }

// Deps is what calls stand on.
type Deps struct {
	DB      *db.DB
	Log     *journal.Log
	Clock   clock.Clock
	Zone    *time.Location
	Themes  *theme.Tree
	Places  *place.Tree
	People  *account.Module
	Circles *circle.Module
	Readers *record.Readers
	Dossier *dossier.Module
	// Fictitious marks what people add as invented: on a demonstration.
	Fictitious bool
	// Mandates lists at most so many mandates on one of the themes that the viewer may see.
	Mandates func(ctx context.Context, tx *db.Tx, v access.Viewer, themes []string, most int) ([]Mandate, error)
	// New is the address of the form of an activity that would serve a call, with its theme, place and period.
	New func(theme, place string, from, to form.Date, serves string) string
}

// Module is the calls.
type Module struct{ Deps }

// New returns the calls.
func New(d Deps) *Module { return &Module{d} }

const listPath = "/synergie/appels"

// Routes is the table of contents.
func (m *Module) Routes() []web.Route {
	author := access.Holding(authors...)
	return []web.Route{
		{Pattern: "GET " + listPath, Allow: access.Anyone, Handle: m.list},
		{Pattern: "GET " + listPath + "/nouveau", Allow: author, Handle: m.newCall},
		{Pattern: "POST " + listPath, Allow: author, Handle: m.postCall},
		{Pattern: "GET " + listPath + "/{id}", Allow: access.Anyone, Handle: m.show},
		{Pattern: "GET " + listPath + "/{id}/modifier", Allow: access.SignedIn, Handle: m.edit},
		{Pattern: "POST " + listPath + "/{id}", Allow: access.SignedIn, Handle: m.postAmend},
		{Pattern: "POST " + listPath + "/{id}/etapes/{verb}", Allow: access.SignedIn, Handle: m.postTurn},
		{Pattern: "POST " + listPath + "/{id}/reponse", Allow: access.SignedIn, Handle: m.postRefusal},
	}
}

// Kinds are the kinds of records of this room.
func Kinds() []search.Kind { return []search.Kind{{Code: Kind, Name: text.Key("Appel ou besoin")}} }

// Href is the page of a record of this room; empty for a record of another.
func Href(kind, id string) string {
	if kind != Kind {
		return ""
	}
	return listPath + "/" + id
}

// Ask is the address of the form of a call on a theme in a territory between two days.
func Ask(theme, place string, from, to form.Date) string {
	return listPath + "/nouveau?" + form.Unbind(struct {
		Theme string    `form:"theme"`
		Place string    `form:"place"`
		From  form.Date `form:"from"`
		To    form.Date `form:"to"`
	}{theme, place, from, to}).Encode()
}
