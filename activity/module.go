package activity

import (
	"context"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/dossier"
	"cadre/core/intake"
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
	"cadre/packs"

	"github.com/a-h/templ"
)

// Structure is an institution of the framework.
type Structure = account.Structure

// Deps is what activities stand on.
type Deps struct {
	DB      *db.DB
	Log     *journal.Log
	Clock   clock.Clock
	Zone    *time.Location
	Pack    *packs.Pack
	Themes  *theme.Tree
	Places  *place.Tree
	Atlas   *place.Atlas
	People  *account.Module
	Circles *circle.Module
	Readers *record.Readers
	Dossier *dossier.Module
	Intake  *intake.Module
	// Fictitious marks what people add as invented: on a demonstration.
	Fictitious bool
	// Beside is what other rooms show on the page of an activity, such as what is close to it.
	Beside func(context.Context, *db.Tx, access.Viewer, record.Record) (templ.Component, error)
	// Watch is the address that tells what is close to a plan while it is being written; empty for none.
	Watch string
	// Foreseen is what other rooms say of a plan before it is saved; its record has no identifier yet, or keeps the one it has.
	Foreseen func(context.Context, *db.Tx, access.Viewer, record.Record) (templ.Component, error)
	// Lend lists the capacities that the viewer may see and a search finds.
	Lend func(context.Context, *db.Tx, access.Viewer, Lending) ([]Lendable, error)
}

// Lending is a search for capacities: those of institutions, those of such identifiers, and
// those of some kinds that anybody can lend on a day.
type Lending struct {
	Owners, IDs, Kinds []string
	Day                form.Date
}

// Lendable is something that an institution can lend, as the directory says.
type Lendable struct {
	ID, Title, Href, Owner, Kind string
	Places                       []string
	Marking                      access.Marking
}

// Module is the activities.
type Module struct{ Deps }

// New returns the activities.
func New(d Deps) *Module { return &Module{d} }

// Routes is the table of contents.
func (m *Module) Routes() []web.Route {
	author := access.Holding(authors...)
	return append([]web.Route{
		{Pattern: "GET /activites", Allow: access.Anyone, Handle: m.list},
		{Pattern: "GET /agenda/{jeton}", Allow: access.Anyone, Handle: m.agenda},
		{Pattern: "GET " + paperPath, Allow: access.Anyone, Handle: m.paper},
		{Pattern: "GET " + blankPath, Allow: access.Anyone, Handle: m.blank},
		{Pattern: "GET " + calendarPath, Allow: access.Anyone, Handle: m.calendar},
		{Pattern: "GET " + timelinePath, Allow: access.Anyone, Handle: m.timeline},
		{Pattern: "GET " + mapPath, Allow: access.Anyone, Handle: m.chart},
		{Pattern: "GET " + sincePath, Allow: access.Anyone, Handle: m.since},
		{Pattern: "GET /activites/nouvelle", Allow: author, Handle: m.newActivity},
		{Pattern: "POST /activites", Allow: author, Handle: m.postDraft},
		{Pattern: "GET /activites/{id}", Allow: access.Anyone, Handle: m.show},
		{Pattern: "GET /activites/{id}/formulaire.pdf", Allow: access.Anyone, Handle: m.filled},
		{Pattern: "GET /activites/{id}/modifier", Allow: access.SignedIn, Handle: m.edit},
		{Pattern: "POST /activites/{id}", Allow: access.SignedIn, Handle: m.postAmend},
		{Pattern: "GET /activites/{id}/listes/{list}", Allow: access.SignedIn, Handle: m.editLines},
		{Pattern: "POST /activites/{id}/listes/{list}", Allow: access.SignedIn, Handle: m.postLines},
		{Pattern: "POST /activites/{id}/appuis", Allow: access.SignedIn, Handle: m.postCall},
		{Pattern: "POST /activites/{id}/taches/{task}", Allow: access.SignedIn, Handle: m.postTask},
		{Pattern: "POST /activites/{id}/reponse", Allow: access.SignedIn, Handle: m.postAnswer},
		{Pattern: "GET /activites/{id}/proposition", Allow: access.SignedIn, Handle: m.newProposal},
		{Pattern: "POST /activites/{id}/proposition", Allow: access.SignedIn, Handle: m.postProposal},
		{Pattern: "POST /activites/{id}/propositions/{proposal}", Allow: access.SignedIn, Handle: m.postSettle},
		{Pattern: "POST /activites/{id}/rapport/avis", Allow: access.SignedIn, Handle: m.postReview},
		{Pattern: "GET /activites/{id}/etapes/{verb}", Allow: access.SignedIn, Handle: m.newTurn},
		{Pattern: "POST /activites/{id}/etapes/{verb}", Allow: access.SignedIn, Handle: m.postTurn},
	}, m.Intake.Routes(importPath, author, m.openIntake)...)
}

// Kinds lists the kinds of records of this room, for search.
func Kinds() []search.Kind { return []search.Kind{{Code: Kind, Name: text.Key("Activité")}} }

// Href is the page of a record of this room; empty for a record of another.
func Href(kind, id string) string {
	if kind != Kind {
		return ""
	}
	return "/activites/" + id
}
