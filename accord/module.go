package accord

import (
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/dossier"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/core/search"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/web"
)

// Structure is an institution of the framework.
type Structure = account.Structure

// Deps is what accords stand on.
type Deps struct {
	DB      *db.DB
	Log     *journal.Log
	Clock   clock.Clock
	Zone    *time.Location
	People  *account.Module
	Circles *circle.Module
	Readers *record.Readers
	Dossier *dossier.Module
	// Fictitious marks what people add as invented: on a demonstration.
	Fictitious bool
	// New is the address of the form of an activity that would serve a record.
	New func(serves string) string
}

// Module is the accords.
type Module struct{ Deps }

// New returns the accords.
func New(d Deps) *Module { return &Module{d} }

const listPath = "/protocoles"

// Routes is the table of contents.
func (m *Module) Routes() []web.Route {
	author := access.Holding(authors...)
	return []web.Route{
		{Pattern: "GET " + listPath, Allow: access.Anyone, Handle: m.list},
		{Pattern: "GET " + listPath + "/nouveau", Allow: author, Handle: m.newAccord},
		{Pattern: "POST " + listPath, Allow: author, Handle: m.postAccord},
		{Pattern: "GET " + listPath + "/{id}", Allow: access.Anyone, Handle: m.show},
		{Pattern: "GET " + listPath + "/{id}/modifier", Allow: access.SignedIn, Handle: m.edit},
		{Pattern: "POST " + listPath + "/{id}", Allow: access.SignedIn, Handle: m.postAmend},
		{Pattern: "GET " + listPath + "/{id}/clauses", Allow: access.SignedIn, Handle: m.editClauses},
		{Pattern: "POST " + listPath + "/{id}/clauses", Allow: access.SignedIn, Handle: m.postClauses},
		{Pattern: "POST " + listPath + "/{id}/suivi", Allow: access.SignedIn, Handle: m.postMove},
		{Pattern: "POST " + listPath + "/{id}/etapes/{verb}", Allow: access.SignedIn, Handle: m.postTurn},
	}
}

// Kinds are the kinds of records of this room.
func Kinds() []search.Kind {
	return []search.Kind{{Code: Kind, Name: text.Key("Protocole ou convention")}}
}

// Href is the page of a record of this room; empty for a record of another.
func Href(kind, id string) string {
	if kind != Kind {
		return ""
	}
	return listPath + "/" + id
}
