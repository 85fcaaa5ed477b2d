package app

import (
	"context"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"cadre/directory"

	"github.com/a-h/templ"
)

type welcomePage struct {
	ui.Page
	Framework  string
	Structures []directory.Line
	Ask        templ.Component // to whom one may turn
	Aims       []string
}

// welcome is the first page of who has not signed in: what Cadre is, and who is in it.
func (a *App) welcome(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	list, err := a.Directory.List(ctx, access.Of(ctx), directory.Filter{}, page.Request{Limit: page.Size})
	p := welcomePage{Page: ui.Start(ctx, text.T(ctx, "Accueil")), Framework: a.named(ctx, a.Pack.Settings.Framework.FR, a.Pack.Settings.Framework.EN),
		Structures: list.Rows, Ask: a.Directory.AskForm(), Aims: a.Pack.Settings.Founding.Aims}
	return web.Page(welcome(p)), err
}

type helpPage struct{ ui.Page }

func (a *App) help(r *web.Request) (web.Response, error) {
	return web.Page(help(helpPage{ui.Start(r.Context(), text.T(r.Context(), "Aide"))})), nil
}

type proofPage struct {
	ui.Page
	Verifier   string
	Checkpoint string
}

// proof shows how to check the journal: the public key, and the checkpoint at the
// end of the day before. A newer one would tell how much is being written.
func (a *App) proof(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	p := proofPage{Page: ui.Start(ctx, text.T(ctx, "Preuve du journal")), Verifier: a.key.Verifier}
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.Checkpoint, err = a.daily(ctx, tx)
		return err
	})
	return web.Page(proof(p)), err
}

func (a *App) daily(ctx context.Context, tx *db.Tx) (string, error) {
	now := a.Clock.Now().In(a.zone)
	return journal.Before(ctx, tx, time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, a.zone))
}
