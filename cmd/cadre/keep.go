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
	"cadre/kit/fault"
	"cadre/kit/text"
)

// open opens a Cadre that was founded. It founds none: a mistyped folder is an error.
func open(ctx context.Context, o app.Options) (*app.App, error) {
	none := fault.New(fault.BadInput, "Il n’y a pas de Cadre dans %s. Fondez-le avec « cadre init », ou corrigez --data et --database.", o.Data)
	if !o.Present() {
		return nil, none
	}
	a, err := app.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	founded, err := a.Founded(ctx)
	if err == nil && !founded {
		err = none
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// local are the options of a command that does not serve.
func local(c app.Config) app.Options { return app.Options{Config: c, Log: logger(slog.LevelWarn)} }

type initCommand struct {
	app.Config
	Email   string `help:"Adresse du premier administrateur, qui est invité par un lien." required:""`
	Name    string `help:"Fonction du premier administrateur, affichée comme son nom." default:"Administrateur technique"`
	BaseURL string `help:"Adresse du site, le début du lien." default:"http://127.0.0.1:8080" env:"CADRE_BASE_URL"`
}

// Run founds the Cadre and prints the invitation link.
func (c initCommand) Run(ctx context.Context) error {
	if err := cmp.Or(app.CheckSite(c.BaseURL), account.CheckFirst(c.Email, c.Name)); err != nil {
		return err
	}
	o := local(c.Config)
	o.BaseURL = c.BaseURL
	a, err := app.Open(ctx, o)
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
	User  string         `help:"Adresse de la personne." required:""`
	Scope []access.Scope `help:"Ce que le jeton permet : read (lire), write (écrire), admin (administrer les comptes)." default:"read,write"`
	Days  int            `help:"Jours avant sa fin." default:"30"`
}

// Run prints the token, which is shown once.
func (c tokenCommand) Run(ctx context.Context) error {
	a, err := open(ctx, local(c.Config))
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // nothing is left to write
	token, err := a.People.IssueToken(ctx, c.User, c.Scope, a.Clock.Now().AddDate(0, 0, c.Days))
	if err == nil {
		fmt.Println(token)
	}
	return err
}

type verifyCommand struct {
	app.Config
	Checkpoint string `help:"Fichier d’un point de contrôle gardé ailleurs ; par défaut, celui du dossier des données." type:"path"`
}

// Run proves the journal and prints what does not agree. It fails when something does not.
func (c verifyCommand) Run(ctx context.Context, v voice) error {
	a, err := open(ctx, local(c.Config))
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // nothing is left to write
	proof, err := a.Verify(ctx, c.Checkpoint)
	if err != nil {
		return err
	}
	for _, f := range proof.Findings {
		fmt.Println(v.in(f.Sentence))
	}
	if n := len(proof.Findings); n > 0 {
		return fault.New(fault.Conflict, "Tout ne s’accorde pas (anomalies : %d). La première : %s", n, proof.Findings[0].Sentence)
	}
	fmt.Println(v.in(text.M("Journal prouvé : %d entrées, racine %s. Les fiches s’accordent avec le journal.", proof.Size, proof.Root)))
	if proof.Published > 0 {
		fmt.Println(v.in(text.M("Le point de contrôle gardé hors de la base s’accorde avec lui, jusqu’à l’entrée n° %d.", proof.Published-1)))
	} else {
		fmt.Println(v.in(text.M("Aucun point de contrôle gardé hors de la base ne lui a été comparé.")))
	}
	return nil
}

type backupCommand struct {
	app.Config
	File string `arg:"" help:"Fichier à écrire ; il ne doit pas exister." type:"path"`
}

// Run writes the backup.
func (c backupCommand) Run(ctx context.Context) error {
	if _, err := os.Stat(c.File); err == nil {
		return fault.New(fault.BadInput, "Le fichier %s existe déjà.", c.File)
	}
	return app.Backup(ctx, c.Config, c.File)
}

type restoreCommand struct {
	app.Config
	File string `arg:"" help:"Sauvegarde à remettre." type:"path"`
}

// Run restores the backup, and proves it.
func (c restoreCommand) Run(ctx context.Context, v voice) error {
	if err := app.Restore(ctx, c.Config, c.File); err != nil {
		return err
	}
	return verifyCommand{Config: c.Config}.Run(ctx, v)
}

type drillCommand struct {
	app.Config
	In string `help:"Dossier de travail : il y faut la place d’une sauvegarde et de ce qu’elle remet." type:"path" default:"."`
}

// Run backs up, restores aside and proves what was restored, as one would have to after a
// disaster, and says how long each took. It leaves nothing behind.
func (c drillCommand) Run(ctx context.Context, v voice) error {
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
	fmt.Println(v.in(text.M("Sauvegarde : %.1f Mo en %.1f s.", float64(file.Size())/1e6, time.Since(began).Seconds())))
	began = time.Now()
	if err := (restoreCommand{Config: app.Config{Data: filepath.Join(work, "data")}, File: backup}).Run(ctx, v); err != nil {
		return err
	}
	fmt.Println(v.in(text.M("Restauration et preuve : %.1f s.", time.Since(began).Seconds())))
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
