// Command cadre is the one program of Cadre: it serves, demonstrates, proves,
// backs up and restores. « cadre --help » lists its commands.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"cadre/app"
	"cadre/kit/text"

	"github.com/alecthomas/kong"
)

type commands struct {
	Serve   serveCommand   `cmd:"" help:"Servir Cadre."`
	Demo    demoCommand    `cmd:"" help:"Servir une démonstration : des données fictives, une connexion en un clic, aucun courriel ne part."`
	Init    initCommand    `cmd:"" help:"Fonder un Cadre : charger le pays et inviter le premier administrateur."`
	Token   tokenCommand   `cmd:"" help:"Écrire un jeton d’accès pour une personne des données locales."`
	Verify  verifyCommand  `cmd:"" help:"Prouver tout le journal, et que les fiches s’accordent avec lui."`
	Backup  backupCommand  `cmd:"" help:"Écrire une sauvegarde, même pendant que Cadre sert."`
	Restore restoreCommand `cmd:"" help:"Remettre une sauvegarde dans un dossier vide."`
	Drill   drillCommand   `cmd:"" help:"Répéter un sinistre en petit : sauvegarder, remettre à côté et prouver. Il n’en reste rien."`
	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"Écrire la description de l’interface de programmation."`
	Version versionCommand `cmd:"" help:"Écrire la version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	v := voice{text.Locale(os.Getenv)}
	args := os.Args[1:]
	if len(args) == 0 {
		args = []string{"--help"}
	}
	if err := run(ctx, v, args); err != nil {
		fmt.Fprintln(os.Stderr, "cadre:", v.say(err))
		os.Exit(1)
	}
}

func run(ctx context.Context, v voice, args []string) error {
	var c commands
	k, err := kong.New(&c, kong.Name("cadre"), kong.Description(text.Key("Le logiciel du cadre permanent d’échanges des institutions de paix et de sécurité d’un pays.")), kong.Help(v.help), kong.Bind(v))
	if err != nil {
		return err
	}
	if err := v.translate(k.Model); err != nil {
		return err
	}
	chosen, err := k.Parse(args)
	if err != nil {
		return err
	}
	chosen.BindTo(ctx, (*context.Context)(nil))
	return chosen.Run()
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	fmt.Println("cadre", app.Version)
	return nil
}
