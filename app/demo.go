package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cadre/activity"
	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/journal"
	"cadre/core/notify"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs/demo"
)

// founder is the program itself when it founds a Cadre.
var founder = access.Viewer{Clearance: access.Restricted}

// Found loads the country pack into an empty Cadre, with the demonstration when asked for. A Cadre
// already founded is left alone; one in service is not shown as a demonstration.
func (a *App) Found(ctx context.Context) error {
	founded, err := a.Founded(ctx)
	if err == nil && founded && a.Demo {
		err = a.mustBeInvented(ctx)
	}
	if err != nil || founded {
		return err
	}
	var invented *demo.Demonstration
	if a.Demo {
		if invented, err = demo.Load(a.Pack); err != nil {
			return err
		}
	}
	return a.Journal.Write(ctx, founder, func(act *journal.Act) error {
		if invented == nil {
			_, err := a.Directory.Found(ctx, act)
			return err
		}
		return a.pretend(ctx, act, invented)
	})
}

// pretendedPast is how long before its founding the life of a demonstration begins: before the oldest thing that it tells.
const pretendedPast = 420 * 24 * time.Hour

// pretend founds the Cadre of a demonstration in the past, and lives through what it tells until now.
func (a *App) pretend(ctx context.Context, act *journal.Act, d *demo.Demonstration) error {
	now := act.At
	act.At = now.Add(-pretendedPast)
	ids, err := a.Directory.Found(ctx, act)
	if err != nil {
		return err
	}
	people, err := a.admitPeople(ctx, act, d, ids)
	if err != nil {
		return err
	}
	activities := map[string]string{}
	return act.Relive(slices.Concat(a.Directory.Past(ctx, d, now, ids, people),
		a.Activities.Past(ctx, d, now, ids, people, activities), a.Synergy.Past(ctx, d, now, ids, people, activities), a.Calls.Past(ctx, d, now, people, activities), a.Accords.Past(ctx, d, now, ids, people, activities), a.served(ctx, d, now, ids, people, activities)))
}

// served ties activities of the demonstration to the missions that they serve.
func (a *App) served(ctx context.Context, d *demo.Demonstration, now time.Time, ids map[string]string, people map[string]access.Viewer, activities map[string]string) []journal.Happening {
	var all []journal.Happening
	for _, x := range d.Activities {
		if x.Serves == "" {
			continue
		}
		all = append(all, journal.Happening{At: now, By: people[demo.Focal(x.Structure)], Do: func(act *journal.Act) error {
			missions, err := record.All(ctx, act.Tx, act.By, record.Filter{Kind: "directory.mission", Owner: ids[x.Structure]})
			if err != nil {
				return err
			}
			from, err := record.Find(ctx, act.Tx, act.By, activities[x.Title], activity.Kind)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(missions, func(m record.Record) bool { return m.Title == x.Serves })
			return record.Link(ctx, act, from, record.Serves, missions[i])
		}})
	}
	return all
}

// mustBeInvented refuses to let anybody sign in as anybody where people work. The people of a
// demonstration, and they alone, are admitted by the act that founds it.
func (a *App) mustBeInvented(ctx context.Context) error {
	invented := false
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		return journal.Each(ctx, tx, func(e journal.Entry) error {
			invented = invented || e.Act == 0
			return nil
		}, "account.person.admitted")
	})
	if err == nil && !invented {
		err = fault.New(fault.Conflict, "Ce Cadre est en service : une démonstration a son propre dossier.")
	}
	return err
}

// Founded reports whether there are institutions.
func (a *App) Founded(ctx context.Context) (bool, error) {
	var some bool
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := a.Directory.Institutions(ctx, tx)
		some = len(all) > 0
		return err
	})
	return some, err
}

// admitPeople opens the accounts of the demonstration and returns who they are by address.
func (a *App) admitPeople(ctx context.Context, act *journal.Act, d *demo.Demonstration, structures map[string]string) (map[string]access.Viewer, error) {
	people := map[string]access.Viewer{}
	for _, x := range d.People {
		p := account.Person{Email: x.Email, Name: x.Title, Phone: x.Phone, Structure: structures[x.Structure], Mandate: account.Mandate(x.Mandate), Clearance: clearance(x)}
		functions := make([]access.Function, len(x.Functions))
		for i, f := range x.Functions {
			functions[i] = access.Function(f)
		}
		if err := a.People.Admit(ctx, act, &p, functions...); err != nil {
			return nil, fmt.Errorf("demonstration: %s: %w", x.Email, err)
		}
		people[x.Email] = access.Viewer{Person: p.ID, Name: p.Name, Structure: p.Structure, Functions: functions, Clearance: p.Clearance}
	}
	return people, nil
}

// clearance of a person of the demonstration: those who answer for their
// institution are cleared for Diffusion restreinte, readers and the machine's keeper are not.
func clearance(x demo.Person) access.Marking {
	switch {
	case len(x.Functions) == 1 && x.Functions[0] == string(access.Technical):
		return access.Clear
	case len(x.Functions) == 1 && (x.Functions[0] == string(access.Reader) || x.Functions[0] == string(access.Field)):
		return access.Red
	}
	return access.Restricted
}

func (a *App) demoRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /demo", Allow: access.Anyone, Handle: a.demoPeople},
		{Pattern: "POST /demo/connexion", Allow: access.Anyone, Handle: a.demoSignIn},
		{Pattern: "GET /demo/mails", Allow: access.Anyone, Handle: a.demoMails},
		{Pattern: "GET /demo/clock", Allow: access.Anyone, Handle: a.demoClock},
		{Pattern: "POST /demo/clock", Allow: access.Anyone, Handle: a.demoAdvance},
		{Pattern: "GET /demo/galerie", Allow: access.Anyone, Handle: a.demoGallery},
	}
}

// Persona is somebody as whom one can sign in on the demonstration.
type Persona struct {
	account.Person
	Acronym string
}

// Personas lists the people of the demonstration.
func (a *App) Personas(ctx context.Context) ([]Persona, error) {
	var all []Persona
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		people, err := a.People.Everybody(ctx, tx)
		if err != nil {
			return err
		}
		acronyms, err := a.Directory.Acronyms(ctx, tx)
		for _, p := range people {
			all = append(all, Persona{p, acronyms[p.Structure]})
		}
		return err
	})
	return all, err
}

type demoPage struct {
	ui.Page
	Personas []Persona
}

func (a *App) demoPeople(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	all, err := a.Personas(ctx)
	return web.Page(demoPeopleView(demoPage{ui.Start(ctx, text.T(ctx, "Démonstration")), all})), err
}

func (a *App) demoSignIn(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	resp, err := a.People.Enter(r, values.Get("person"))
	if fault.KindOf(err) == fault.Internal && errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return resp, err
}

type mailsPage struct {
	ui.Page
	Mails page.Of[notify.Entry]
}

// demoMails shows the mails that would have left, as a page or as JSON.
func (a *App) demoMails(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	asked, err := page.Parse(r.Query("page"), 0)
	if err != nil {
		return web.Response{}, err
	}
	var mails page.Of[notify.Entry]
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		mails, err = notify.Mails(ctx, tx, asked)
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") || r.Query("format") == "json" {
		b, err := json.Marshal(mails.Rows)
		return web.Bytes("application/json", b), err
	}
	return web.Page(demoMailsView(mailsPage{ui.Start(ctx, text.T(ctx, "Courriels de la démonstration"), ui.Link{Label: text.T(ctx, "Démonstration"), Href: "/demo"}), mails})), nil
}

type clockPage struct {
	ui.Page
	Now   time.Time
	State form.State
}

func (a *App) clockPage(ctx context.Context, s form.State) clockPage {
	p := clockPage{ui.Start(ctx, text.T(ctx, "Horloge de la démonstration"), ui.Link{Label: text.T(ctx, "Démonstration"), Href: "/demo"}), a.Clock.Now().In(a.zone), s}
	p.Failed = s.Failed()
	return p
}

func (a *App) demoClock(r *web.Request) (web.Response, error) {
	return web.Page(demoClockView(a.clockPage(r.Context(), form.State{}))), nil
}

// maxAdvance bounds how far one request moves the demonstration's clock.
const maxAdvance = 10 * 365 * 24 * time.Hour

// demoAdvance moves the clock forward by a duration such as 72h: from the form, or as JSON.
func (a *App) demoAdvance(r *web.Request) (web.Response, error) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return a.demoAdvanceJSON(r)
	}
	values, err := form.Read(r.Request)
	if err == nil {
		err = a.advance(r.Context(), values.Get("advance"))
	}
	if fault.KindOf(err) == fault.BadInput {
		return web.Invalid(demoClockView(a.clockPage(r.Context(), form.Of(values, err)))), nil
	}
	return web.SeeOther("/demo/clock"), err
}

func (a *App) demoAdvanceJSON(r *web.Request) (web.Response, error) {
	var asked struct {
		Advance string `json:"advance"`
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		return web.Response{}, fault.Invalid("advance", "Donnez une durée comme 72h.").Because(err)
	}
	if err := a.advance(r.Context(), asked.Advance); err != nil {
		return web.Response{}, err
	}
	b, err := json.Marshal(map[string]time.Time{"now": a.Clock.Now()})
	return web.Bytes("application/json", b), err
}

// advance moves the clock, and does at once what the time that has passed calls for.
func (a *App) advance(ctx context.Context, typed string) error {
	d, err := time.ParseDuration(typed)
	if err != nil || d <= 0 || d > maxAdvance {
		return fault.Invalid("advance", "Donnez une durée comme 72h.")
	}
	a.moving.Advance(d)
	return a.Desk.Remind(ctx)
}

func (a *App) demoGallery(r *web.Request) (web.Response, error) {
	return web.Page(ui.Gallery(ui.Start(r.Context(), text.T(r.Context(), "Galerie des composants")))), nil
}
