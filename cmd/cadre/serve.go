package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"text/tabwriter"

	"cadre/app"
	"cadre/kit/text"
)

// logger writes one JSON line per event, without content or secrets.
func logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

type serveCommand struct {
	app.Config
	app.Serving
}

// Run serves until the program is told to stop.
func (c serveCommand) Run(ctx context.Context) error {
	if err := c.Check(); err != nil {
		return err
	}
	a, err := open(ctx, app.Options{Config: c.Config, Serving: c.Serving, Log: logger(slog.LevelInfo)})
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // nothing is left to write
	return a.Serve(ctx, func(address string) { fmt.Println("ready", address) })
}

type demoCommand struct {
	Data   string `help:"Dossier qui garde la démonstration ; par défaut, un nouveau, provisoire." type:"path" env:"CADRE_DATA"`
	Listen string `help:"Adresse d’écoute ; le port 0 en prend un libre." default:"127.0.0.1:8080" env:"CADRE_LISTEN"`
	app.DatabaseFlag
	Verbose bool `help:"Écrire chaque demande dans le journal d’exploitation."`
}

// Run serves the demonstration until the program is told to stop.
func (c demoCommand) Run(ctx context.Context, v voice) error {
	folder := c.Data
	if folder == "" {
		var err error
		if folder, err = os.MkdirTemp("", "cadre-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	}
	level := slog.LevelWarn
	if c.Verbose {
		level = slog.LevelInfo
	}
	o := app.Options{Config: app.Config{Data: folder, DatabaseFlag: c.DatabaseFlag}, Serving: app.Serving{Listen: c.Listen, MailFrom: "Cadre <cadre@cadre.example>"},
		Demo: true, Log: logger(level)}
	a, err := app.Open(ctx, o)
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // nothing is left to write
	if err := a.Found(ctx); err != nil {
		return err
	}
	personas, err := a.Personas(ctx)
	if err != nil {
		return err
	}
	return a.Serve(ctx, func(address string) {
		fmt.Println("ready", address)
		fmt.Printf("\n%s %s/demo\n\n", v.in(text.M("Entrer en un clic :")), address)
		printPersonas(personas)
	})
}

func printPersonas(personas []app.Persona) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, p := range personas {
		fmt.Fprintf(w, "%s\t%s\t%s\n", p.Email, p.Name, p.Acronym)
	}
	_ = w.Flush()
}
