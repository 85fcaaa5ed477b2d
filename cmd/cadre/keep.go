package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cadre/app"
	"cadre/core/access"
	"cadre/core/account"
)

// open opens the local data for a command that does not serve. It founds nothing: a
// mistyped folder is an error, not a new Cadre.
func open(ctx context.Context, c app.Config) (*app.App, error) {
	if _, err := os.Stat(c.KeyFile()); err != nil {
		return nil, fmt.Errorf("there is no Cadre in %s: %w", c.Data, err)
	}
	return app.Open(ctx, app.Options{Config: c, Log: logger(slog.LevelWarn)})
}

type initCommand struct {
	app.Config
	Email   string `help:"Address of the first administrator, who is invited by a link." required:""`
	Name    string `help:"Function of the first administrator, shown as their name." default:"Administrateur technique"`
	BaseURL string `help:"Address of the site, the beginning of the link." default:"http://127.0.0.1:8080" env:"CADRE_BASE_URL"`
}

// Run founds the Cadre and prints the invitation link.
func (c initCommand) Run(ctx context.Context) error {
	serving := app.Serving{BaseURL: c.BaseURL}
	if err := cmp.Or(serving.Check(), account.CheckFirst(c.Email, c.Name)); err != nil {
		return err
	}
	a, err := app.Open(ctx, app.Options{Config: c.Config, Serving: serving, Log: logger(slog.LevelWarn)})
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // nothing is left to write
	link, err := a.Init(ctx, c.Email, c.Name)
	if err == nil {
		fmt.Println(link)
	}
	return err
}

type tokenCommand struct {
	app.Config
	User  string         `help:"Address of the person." required:""`
	Scope []access.Scope `help:"What the token may be used for: read, write, admin." default:"read,write"`
	Days  int            `help:"Days until it expires." default:"30"`
}

// Run prints the token, which is shown once.
func (c tokenCommand) Run(ctx context.Context) error {
	a, err := open(ctx, c.Config)
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // nothing is left to write
	token, err := a.People.IssueToken(ctx, c.User, c.Scope, a.Clock.Now().Add(time.Duration(c.Days)*24*time.Hour))
	if err == nil {
		fmt.Println(token)
	}
	return err
}

type verifyCommand struct {
	app.Config
	Checkpoint string `help:"File of a checkpoint kept elsewhere; by default the one in the data folder." type:"path"`
}

// Run proves the journal and prints what does not agree. It fails when something does not.
func (c verifyCommand) Run(ctx context.Context) error {
	a, err := open(ctx, c.Config)
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // nothing is left to write
	v, err := a.Verify(ctx, c.Checkpoint)
	if err != nil {
		return err
	}
	for _, f := range v.Findings {
		fmt.Println(f.Sentence)
	}
	if len(v.Findings) > 0 {
		return fmt.Errorf("%d anomalies ; la première : %s", len(v.Findings), v.Findings[0].Sentence)
	}
	fmt.Printf("Journal prouvé : %d entrées, racine %s. Les fiches s’accordent avec le journal.\n", v.Size, v.Root)
	return nil
}

type backupCommand struct {
	app.Config
	File string `arg:"" help:"File to write; it must not exist." type:"path"`
}

// Run writes the backup.
func (c backupCommand) Run(ctx context.Context) error {
	if _, err := os.Stat(c.File); err == nil {
		return fmt.Errorf("%s exists already", c.File)
	}
	return app.Backup(ctx, c.Config, c.File)
}

type restoreCommand struct {
	app.Config
	File string `arg:"" help:"Backup to restore." type:"existingfile"`
}

// Run restores the backup, and proves it.
func (c restoreCommand) Run(ctx context.Context) error {
	if err := app.Restore(ctx, c.Config, c.File); err != nil {
		return err
	}
	return verifyCommand{Config: c.Config}.Run(ctx)
}

type drillCommand struct {
	app.Config
	In string `help:"Folder to work in: it needs room for a backup and for what it restores." type:"existingdir" default:"."`
}

// Run backs up, restores aside and proves what was restored, as one would have to after a
// disaster, and says how long each took. It leaves nothing behind.
func (c drillCommand) Run(ctx context.Context) error {
	work, err := os.MkdirTemp(c.In, "cadre-drill-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work) //nolint:errcheck // a temporary folder
	began, backup := time.Now(), filepath.Join(work, "backup")
	if err := app.Backup(ctx, c.Config, backup); err != nil {
		return err
	}
	file, err := os.Stat(backup)
	if err != nil {
		return err
	}
	fmt.Printf("Sauvegarde : %.1f Mo en %.1f s.\n", float64(file.Size())/1e6, time.Since(began).Seconds())
	began = time.Now()
	if err := (restoreCommand{Config: app.Config{Data: filepath.Join(work, "data")}, File: backup}).Run(ctx); err != nil {
		return err
	}
	fmt.Printf("Restauration et preuve : %.1f s.\n", time.Since(began).Seconds())
	return nil
}

type openapiCommand struct{}

// Run prints the description of the API.
func (openapiCommand) Run(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "cadre-openapi-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	a, err := app.Open(ctx, app.Options{Config: app.Config{Data: folder}, Log: logger(slog.LevelWarn)})
	if err != nil {
		return err
	}
	b, err := a.API.Description().MarshalJSON()
	if err == nil {
		_, err = os.Stdout.Write(append(b, '\n'))
	}
	return errors.Join(err, a.Close())
}
