// Package app puts Cadre together: the visible list of rooms, the order of the
// middleware, the menu, the configuration. It is the only place that knows them all.
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/calendar"
	"cadre/core/circle"
	"cadre/core/desk"
	"cadre/core/journal"
	"cadre/core/notify"
	"cadre/core/place"
	"cadre/core/record"
	"cadre/core/search"
	"cadre/core/theme"
	"cadre/directory"
	"cadre/kit/api"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/once"
	"cadre/kit/web"
	"cadre/packs"
	"cadre/packs/togo"
)

// Schemas are the tables of every room, in the order in which they depend on each other.
var Schemas = []db.Schema{
	once.Schema, access.Schema, journal.Schema, record.Schema, search.Schema, notify.Schema, account.Schema, directory.Schema,
}

// App is one Cadre, open.
type App struct {
	Options
	DB        *db.DB
	Clock     clock.Clock
	Journal   *journal.Log
	Pack      *packs.Pack
	People    *account.Module
	Directory *directory.Module
	Records   *record.Module
	Readers   *record.Readers
	Outbox    *notify.Outbox
	API       *api.API
	Handler   http.Handler

	key     journal.Key
	zone    *time.Location
	server  *web.Server
	guard   *once.Guard
	routes  []web.Route
	moving  *clock.Movable // the clock of a demonstration
	circles *circle.Module
	desk    *desk.Module
	search  *search.Module
}

// Open opens the database, brings its tables up to date and assembles the rooms.
func Open(ctx context.Context, o Options) (*App, error) {
	a := &App{Options: o, Clock: clock.System{}}
	if o.Demo {
		a.moving = clock.Follow()
		a.Clock = a.moving
	}
	steps := []func(context.Context) error{a.openData, a.loadPack, a.assemble}
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
		return fmt.Errorf("data folder: %w", err)
	}
	if a.key, err = journal.LoadKey(a.KeyFile()); err != nil {
		return err
	}
	if a.DB, err = db.Open(ctx, a.Address()); err != nil {
		return err
	}
	return a.DB.Migrate(ctx, a.Clock, Schemas)
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
	themes, places := theme.New(a.Pack), place.New(a.Pack)
	a.server = &web.Server{Log: a.Log, Secure: a.secure(), Proxies: a.Proxy, Wrap: a.wrap, Fault: faultPage, SignIn: signIn, Resume: resume}
	a.Journal = journal.New(a.DB, a.Clock, a.key, a.CheckpointFile())
	a.Readers = record.NewReaders(a.DB, a.Clock)
	a.guard = once.NewGuard(a.DB, a.Clock, a.sender)
	a.People, err = account.New(account.Deps{DB: a.DB, Log: a.Journal, Clock: a.Clock, Zone: a.zone, Secret: secret, BaseURL: a.BaseURL,
		Secure: a.secure(), RequireTOTP: !a.WithoutTOTP && !a.Demo, Address: a.server.Address,
		Structures: func(ctx context.Context, tx *db.Tx) ([]account.Structure, error) {
			return a.Directory.Institutions(ctx, tx)
		}, Open: a.waiting})
	if err != nil {
		return err
	}
	a.circles = &circle.Module{DB: a.DB, Institutions: a.People.Structures, People: a.People}
	a.Directory = directory.New(directory.Deps{DB: a.DB, Log: a.Journal, Clock: a.Clock, Pack: a.Pack, Themes: themes, Places: places,
		People: a.People, Circles: a.circles, Readers: a.Readers, Fictitious: a.Demo})
	a.Records = &record.Module{DB: a.DB, Log: a.Journal, Names: a.People.Names, Href: href, Label: directory.Label, Words: a.words()}
	a.search = &search.Module{DB: a.DB, Clock: a.Clock, Kinds: directory.Kinds(), Href: href, Owners: a.Directory.Acronyms, Marking: circle.Marking}
	a.desk = &desk.Module{DB: a.DB, Clock: a.Clock, Sources: []desk.Source{a.Directory.Tasks}, Lately: a.Directory.Lately, Welcome: a.welcome}
	if a.Outbox, err = a.outbox(); err != nil {
		return err
	}
	a.serveAll()
	return nil
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
		err = fmt.Errorf("%s: want 32 bytes", filepath.Base(file))
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
		tasks, err := a.desk.Tasks(ctx, tx, v)
		for _, t := range tasks {
			all = append(all, account.Item{Kind: t.Kind, Title: t.Title, Due: t.Due, Href: t.Href})
		}
		return err
	})
	return all, err
}

// href is the page of a record.
func href(kind, id string) string { return directory.Href(kind, id) }
