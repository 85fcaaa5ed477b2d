// Package app puts Cadre together: the visible list of rooms, the order of the
// middleware, the menu, the configuration. It is the only place that knows them all.
package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"cadre/accord"
	"cadre/activity"
	"cadre/call"
	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/calendar"
	"cadre/core/circle"
	"cadre/core/desk"
	"cadre/core/dossier"
	"cadre/core/export"
	"cadre/core/find"
	"cadre/core/intake"
	"cadre/core/journal"
	"cadre/core/notify"
	"cadre/core/place"
	"cadre/core/record"
	"cadre/core/search"
	"cadre/core/theme"
	"cadre/directory"
	"cadre/kit/api"
	"cadre/kit/clock"
	"cadre/kit/content"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/file"
	"cadre/kit/once"
	"cadre/kit/web"
	"cadre/packs"
	"cadre/packs/togo"
	"cadre/synergy"
)

// Schemas are the tables of every room, in the order in which they depend on each other.
var Schemas = []db.Schema{
	once.Schema, access.Schema, journal.Schema, record.Schema, search.Schema, notify.Schema, account.Schema, dossier.Schema, intake.Schema, calendar.Schema, desk.Schema, directory.Schema, activity.Schema, synergy.Schema,
}

// App is one Cadre, open.
type App struct {
	Options
	DB         *db.DB
	Clock      clock.Clock
	Journal    *journal.Log
	Pack       *packs.Pack
	People     *account.Module
	Directory  *directory.Module
	Activities *activity.Module
	Calls      *call.Module
	Accords    *accord.Module
	Synergy    *synergy.Module
	Calendar   *calendar.Module
	Desk       *desk.Module
	Records    *record.Module
	Readers    *record.Readers
	Outbox     *notify.Outbox
	API        *api.API
	Handler    http.Handler

	key     journal.Key
	zone    *time.Location
	server  *web.Server
	guard   *once.Guard
	shelf   shelf
	themes  *theme.Tree
	places  *place.Tree
	routes  []web.Route
	moving  *clock.Movable // the clock of a demonstration
	circles *circle.Module
	intake  *intake.Module

	dossier *dossier.Module
	search  *find.Module
}

// Open opens the database, brings its tables up to date and assembles the rooms.
func Open(ctx context.Context, o Options) (*App, error) {
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	a := &App{Options: o, Clock: clock.System{}}
	if o.Demo {
		a.moving = clock.Follow()
		a.Clock = a.moving
	}
	steps := []func(context.Context) error{a.openData, a.loadPack, a.assemble, func(ctx context.Context) error { return a.Directory.Settle(ctx) }}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			if a.DB != nil {
				err = errors.Join(err, a.DB.Close())
			}
			return nil, err
		}
	}
	return a, nil
}

// Close closes the database.
func (a *App) Close() error { return a.DB.Close() }

func (a *App) openData(ctx context.Context) (err error) {
	if err := os.MkdirAll(a.Data, 0o700); err != nil {
		return fault.New(fault.Unavailable, "Le dossier des données ne peut pas être créé.").Because(err)
	}
	if a.DB, err = db.Open(ctx, a.Address()); err != nil {
		return err
	}
	if err := a.DB.Migrate(ctx, a.Clock, Schemas); err != nil {
		return err
	}
	return a.openKey(ctx)
}

// openKey reads the key that signs the journal, and makes one on the first start. It makes
// no second one for a journal that is signed already: that would disown what is there.
func (a *App) openKey(ctx context.Context) (err error) {
	if _, err := os.Stat(a.KeyFile()); errors.Is(err, fs.ErrNotExist) {
		signed := ""
		err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
			signed, err = journal.Latest(ctx, tx)
			return err
		})
		if err == nil && signed != "" {
			err = fault.New(fault.Unavailable, "La clé %s n’est plus là, et le journal est signé avec elle. Remettez-la depuis une sauvegarde.", a.KeyFile())
		}
		if err != nil {
			return err
		}
	}
	a.key, err = journal.LoadKey(a.KeyFile())
	return err
}

func (a *App) loadPack(context.Context) (err error) {
	if a.Pack, err = packs.Load(togo.Files); err != nil {
		return fmt.Errorf("country pack: %w", err)
	}
	if a.zone, err = calendar.Zone(a.Pack); err != nil {
		return fmt.Errorf("country pack: %w", err)
	}
	return nil
}

// assemble makes the rooms, from the ground up. Adding a noun is adding its line here.
func (a *App) assemble(context.Context) error {
	secret, err := secretIn(a.SecretFile())
	if err != nil {
		return err
	}
	proxies, err := Networks(a.Proxy)
	if err != nil {
		return err
	}
	themes, places := theme.New(a.Pack), place.New(a.Pack)
	a.themes, a.places = themes, places
	a.server = &web.Server{Log: a.Log, Secure: a.secure(), Proxies: proxies, Wrap: a.wrap, Fault: faultPage, SignIn: signIn, Resume: resume}
	a.Journal = journal.New(a.DB, a.Clock, a.key, a.CheckpointFile())
	a.Readers = record.NewReaders(a.DB, a.Clock)
	a.guard = once.NewGuard(a.DB, a.Clock, a.sender)
	a.People, err = account.New(account.Deps{DB: a.DB, Log: a.Journal, Clock: a.Clock, Zone: a.zone, Secret: secret, BaseURL: a.BaseURL,
		Secure: a.secure(), RequireTOTP: !a.WithoutTOTP && !a.Demo, Address: a.server.Address,
		Structures: func(ctx context.Context, tx *db.Tx) ([]account.Structure, error) {
			return a.Directory.Institutions(ctx, tx)
		}, Heritage: func(ctx context.Context, tx *db.Tx, structure string) ([]string, error) {
			return a.Directory.Heritage(ctx, tx, structure)
		}, Open: a.waiting, Marking: circle.Marking})
	if err != nil {
		return err
	}
	atlas, err := place.Draw(a.Pack, places)
	if err != nil {
		return fmt.Errorf("country pack: %w", err)
	}
	a.Calendar = &calendar.Module{DB: a.DB, Log: a.Journal, Clock: a.Clock, Zone: a.zone, Pack: a.Pack}
	a.circles = &circle.Module{DB: a.DB, Institutions: a.People.Structures, People: a.People}
	if a.dossier, err = a.dossiers(); err != nil {
		return err
	}
	a.intake = &intake.Module{DB: a.DB, Log: a.Journal, Clock: a.Clock, Places: places, Circles: a.circles}
	a.Directory = directory.New(directory.Deps{DB: a.DB, Log: a.Journal, Clock: a.Clock, Pack: a.Pack, Themes: themes, Places: places, Atlas: atlas, Zone: a.zone,
		People: a.People, Circles: a.circles, Readers: a.Readers, Dossier: a.dossier, Intake: a.intake, Fictitious: a.Demo})
	a.Activities = activity.New(activity.Deps{DB: a.DB, Log: a.Journal, Clock: a.Clock, Zone: a.zone, Pack: a.Pack, Themes: themes, Places: places, Atlas: atlas,
		People: a.People, Circles: a.circles, Readers: a.Readers, Dossier: a.dossier, Intake: a.intake, Fictitious: a.Demo, Beside: a.beside, Foreseen: a.foreseen, Lend: lend, Watch: synergy.Watch})
	a.Calls = call.New(call.Deps{DB: a.DB, Log: a.Journal, Clock: a.Clock, Zone: a.zone, Themes: themes, Places: places, People: a.People, Circles: a.circles,
		Readers: a.Readers, Dossier: a.dossier, Fictitious: a.Demo, Mandates: mandated, New: newActivity})
	a.Accords = accord.New(accord.Deps{DB: a.DB, Log: a.Journal, Clock: a.Clock, Zone: a.zone, People: a.People, Circles: a.circles, Readers: a.Readers, Dossier: a.dossier,
		Fictitious: a.Demo, New: executing})
	a.Synergy = synergy.New(synergy.Deps{DB: a.DB, Log: a.Journal, Clock: a.Clock, Zone: a.zone, Pack: a.Pack, Themes: themes, Places: places,
		Atlas: atlas, Calendar: a.Calendar, Institutions: a.People.Structures, Source: a.near()})
	kinds := slices.Concat(directory.Kinds(), activity.Kinds(), call.Kinds(), accord.Kinds())
	a.Records = &record.Module{DB: a.DB, Log: a.Journal, Names: a.People.Names, Href: href, Label: label, Words: a.words(),
		Content: map[string]func(context.Context, *db.Tx, json.RawMessage) ([]record.Field, error){activity.Kind: a.Activities.Fields, call.Kind: a.Calls.Fields, accord.Kind: a.Accords.Fields}}
	a.search = &find.Module{DB: a.DB, Clock: a.Clock, Zone: a.zone, Themes: themes, Places: places, Kinds: kinds, Href: href, Owners: a.Directory.Acronyms, Whom: directory.Whom,
		Files: export.Source{People: a.People, Readers: a.Readers}}
	a.Desk = &desk.Module{DB: a.DB, Log: a.Journal, Clock: a.Clock, Zone: a.zone, People: a.People, Calendar: a.Calendar, Reminders: a.Pack.Settings.Reminders,
		Timed: []desk.Source{a.Activities.Tasks, a.Directory.Tasks, a.Calls.Tasks, a.Accords.Tasks}, Sources: []desk.Source{a.Synergy.Tasks},
		Kinds: kinds, Href: href, Owners: a.Directory.Acronyms, Welcome: a.welcome}
	if a.Outbox, err = a.outbox(); err != nil {
		return err
	}
	a.serveAll()
	return nil
}

// dossiers opens the store of files and makes what stands around the records.
func (a *App) dossiers() (*dossier.Module, error) {
	files, err := file.Open(a.FilesAddress(), a.FilesKey)
	if err != nil {
		return nil, err
	}
	kinds := a.FileKinds
	if len(kinds) == 0 {
		kinds = content.Names()
	}
	for _, k := range kinds {
		if !slices.Contains(content.Names(), k) {
			return nil, fault.New(fault.BadInput, "« %s » n’est pas une sorte de fichier que Cadre reconnaît. Choisissez parmi : %s.", k, strings.Join(content.Names(), ", "))
		}
	}
	return dossier.New(dossier.Deps{DB: a.DB, Log: a.Journal, Clock: a.Clock, Zone: a.zone, People: a.People, Href: href,
		Files: files, Work: a.Data, MaxSize: cmp.Or(a.MaxFile, 50) << 20, Kinds: kinds, Antivirus: a.ClamAV}), nil
}

// secretIn reads the server's secret, and makes it on the first start.
func secretIn(file string) ([]byte, error) {
	secret, err := os.ReadFile(file) // #nosec G304 -- the operator's own file
	if errors.Is(err, fs.ErrNotExist) {
		secret = make([]byte, 32)
		if _, err := rand.Read(secret); err != nil {
			return nil, err
		}
		return secret, os.WriteFile(file, secret, 0o600)
	}
	if err == nil && len(secret) != 32 {
		err = fault.New(fault.Unavailable, "Le fichier %s est endommagé : il doit avoir 32 octets. Remettez-le depuis une sauvegarde.", file)
	}
	return secret, err
}

// waiting lists what an institution has still to do, for the sheet of a handover that one of its own people prints.
func (a *App) waiting(ctx context.Context, structure string) ([]account.Item, error) {
	v := access.Of(ctx)
	if v.Structure != structure {
		return nil, nil
	}
	var all []account.Item
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		tasks, err := a.Desk.Tasks(ctx, tx, v)
		for _, t := range tasks {
			all = append(all, account.Item{Kind: t.Kind, Title: t.Title, Why: t.Why, Due: t.Due, Href: t.Href, Marking: t.Marking})
		}
		return err
	})
	return all, err
}

// href is the page of a record.
func href(kind, id string) string {
	return cmp.Or(activity.Href(kind, id), call.Href(kind, id), accord.Href(kind, id), directory.Href(kind, id))
}

// label names a field of a record in the reader’s language.
func label(ctx context.Context, field string) string {
	return cmp.Or(directory.Label(ctx, field), activity.Label(ctx, field), call.Label(ctx, field), accord.Label(ctx, field), field)
}
