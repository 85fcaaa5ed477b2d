// Command cadre is the one program of Cadre: it serves, demonstrates, proves,
// backs up and restores. « cadre help » lists its commands.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"cadre/app"

	"github.com/alecthomas/kong"
)

type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve Cadre."`
	Demo    demoCommand    `cmd:"" help:"Serve a demonstration: invented data, one-click sign-in, no mail leaves."`
	Init    initCommand    `cmd:"" help:"Found a Cadre: load the country pack and invite the first administrator."`
	Token   tokenCommand   `cmd:"" help:"Print an API token for a person of the local data."`
	Verify  verifyCommand  `cmd:"" help:"Prove the whole journal, and that the records agree with it."`
	Backup  backupCommand  `cmd:"" help:"Write a backup, also while Cadre serves."`
	Restore restoreCommand `cmd:"" help:"Put a backup into an empty data folder."`
	Drill   drillCommand   `cmd:"" help:"Back up, restore aside and prove it: a disaster in small. Nothing is left behind."`
	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"Print the description of the API."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	var c commands
	k := kong.Parse(&c, kong.Name("cadre"), kong.UsageOnError(),
		kong.Description("Cadre: the permanent framework of a country's peace-and-security institutions."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "cadre:", err)
		os.Exit(1)
	}
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	fmt.Println("cadre", app.Version)
	return nil
}
