package synergy

import (
	"context"
	"net/url"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/calendar"
	"cadre/core/journal"
	"cadre/core/place"
	"cadre/core/theme"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/web"
	"cadre/packs"
)

// Source is what synergy reads of other rooms, always as the viewer sees it, and what it
// asks them to do. app joins it.
type Source struct {
	// Find reads an activity; what the viewer may not see is missing.
	Find func(ctx context.Context, tx *db.Tx, v access.Viewer, id string) (Planned, error)
	// Near lists at most so many activities in a window that may still take place or have taken place.
	Near func(ctx context.Context, tx *db.Tx, v access.Viewer, w Window, most int) ([]Planned, error)
	// Of lists at most so many activities of the viewer’s institution, and of those it took over, that are not over on a day.
	Of func(ctx context.Context, tx *db.Tx, v access.Viewer, from form.Date, most int) ([]Planned, error)
	// Between lists at most so many activities that touch a period, on one of the themes or on any when there are none, by their first day.
	Between func(ctx context.Context, tx *db.Tx, v access.Viewer, from, to form.Date, themes []string, most int) ([]Planned, error)
	// Agreed says, of pairs of activities, when the lead of one of the two signed the other, the first time; a pair that has not agreed is left out.
	Agreed func(ctx context.Context, tx *db.Tx, v access.Viewer, pairs []Couple) (map[Couple]time.Time, error)
	// Signed counts the activities of a year that institutions signed together, on one of the themes or on any when there are none.
	Signed func(ctx context.Context, tx *db.Tx, v access.Viewer, year int, themes []string) ([]Tie, error)
	// Covered counts the activities that touch a period, by theme and territory.
	Covered func(ctx context.Context, tx *db.Tx, v access.Viewer, from, to form.Date) ([]Covered, error)
	// Mandates lists at most so many mandates on one of the themes, or on any when there are none.
	Mandates func(ctx context.Context, tx *db.Tx, v access.Viewer, themes []string, most int) ([]Mandate, error)
	// Capacities lists at most so many means of the kinds that can be lent on a day.
	Capacities func(ctx context.Context, tx *db.Tx, v access.Viewer, kinds []string, on form.Date, most int) ([]Capacity, error)
	// Draft understands the form of an activity as far as it is filled in; id is empty for a new one.
	Draft func(ctx context.Context, tx *db.Tx, v access.Viewer, id string, typed url.Values) (Planned, error)
	// Join asks an institution to organise an activity with its lead, who acts.
	Join func(ctx context.Context, act *journal.Act, activity, structure string) error
	// Tell writes to those who read an activity.
	Tell func(ctx context.Context, act *journal.Act, activity, words string) error
	// Needs lists at most so many needs and calls that stand open between two days.
	Needs func(ctx context.Context, tx *db.Tx, v access.Viewer, from, to form.Date, most int) ([]Need, error)
	// New is the address of the form of an activity, with the theme, the place and the period filled in.
	New func(theme, place string, from, to form.Date) string
	// Ask is the address of the form of a call, or of a need, filled in likewise.
	Ask func(theme, place string, from, to form.Date) string
}

// Deps is what synergy stands on.
type Deps struct {
	DB           *db.DB
	Log          *journal.Log
	Clock        clock.Clock
	Zone         *time.Location
	Pack         *packs.Pack
	Themes       *theme.Tree
	Places       *place.Tree
	Atlas        *place.Atlas
	Calendar     *calendar.Module
	Institutions func(context.Context, *db.Tx) ([]account.Structure, error)
	Source
}

// Module is synergy.
type Module struct {
	Deps
	formula *Formula
	words   Words
	notices *Notices
}

// Watch is the address that tells what touches an activity while its form is being filled in.
const Watch = "/synergie/apercu"

// New returns synergy.
func New(d Deps) *Module {
	return &Module{d, NewFormula(d.Pack, d.Themes, d.Places), Words{d.Pack, d.Themes, d.Places}, newNotices(d.DB, d.Clock)}
}

// Routes is the table of contents of synergy.
func (m *Module) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /synergie", Allow: access.SignedIn, Handle: m.mine},
		{Pattern: "POST " + Watch, Allow: access.SignedIn, Handle: m.preview},
		{Pattern: "GET /synergie/paires/{id}/{to}", Allow: access.SignedIn, Handle: m.showPair},
		{Pattern: "POST /synergie/paires/{id}/{to}", Allow: access.SignedIn, Handle: m.reply},
		{Pattern: "POST /synergie/paires/{id}/{to}/gain", Allow: access.SignedIn, Handle: m.postGain},
		{Pattern: "GET /synergie/lacunes", Allow: access.SignedIn, Handle: m.gaps},
		{Pattern: "GET /synergie/reseau", Allow: access.SignedIn, Handle: m.network},
		{Pattern: "GET /synergie/calendrier", Allow: access.SignedIn, Handle: m.calendar},
		{Pattern: "GET /synergie/pilotage", Allow: access.Holding(access.Secretariat), Handle: m.steering},
	}
}
