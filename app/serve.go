package app

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"cadre/kit/fault"
	"cadre/kit/job"
	"cadre/kit/mail"
	"cadre/kit/ui"
	"cadre/kit/web"

	"cadre/core/access"
	"cadre/core/notify"

	"github.com/VictoriaMetrics/metrics"
)

// serveAll gathers the routes and the operations of every room into one handler.
func (a *App) serveAll() {
	a.routes = append(a.routes, a.ownRoutes()...)
	for _, room := range []interface{ Routes() []web.Route }{a.Desk, a.Calendar, a.Activities, a.Calls, a.Accords, a.Synergy, a.Directory, a.Records, a.dossier, a.search, a.People} {
		a.routes = append(a.routes, room.Routes()...)
	}
	if a.Demo {
		a.routes = append(a.routes, a.demoRoutes()...)
	}
	for i, r := range a.routes {
		if r.Shared {
			a.routes[i].Handle = a.shared(r.Handle)
		}
	}
	a.describeAPI()
	a.server.MaxBody = a.API.MaxBody
	a.Handler = a.server.Handler(a.routes, map[string]http.Handler{
		"GET /static/": ui.Assets(),
		"/api/v1/":     a.API.Handler(a.server.Known),
	})
}

// Routes lists every route of the pages.
func (a *App) Routes() []web.Route { return a.routes }

// ownRoutes are the pages that belong to no room.
func (a *App) ownRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /healthz", Allow: access.Anyone, Handle: a.health},
		{Pattern: "GET /readyz", Allow: access.Anyone, Handle: a.ready},
		{Pattern: "GET /robots.txt", Allow: access.Anyone, Handle: a.robots},
		{Pattern: "GET /sitemap.xml", Allow: access.Anyone, Handle: a.sitemap, Shared: true},
		{Pattern: "GET /aide", Allow: access.Anyone, Handle: a.help},
		{Pattern: "GET /api/v1", Allow: access.Anyone, Handle: a.apiPage},
		{Pattern: "GET /preuve", Allow: readsProof, Handle: a.proof},
	}
}

// health says that the program runs.
func (a *App) health(*web.Request) (web.Response, error) {
	return web.Bytes("text/plain; charset=utf-8", []byte("ok\n")).With("Cache-Control", "no-store"), nil
}

// ready says that the program can answer: its database does.
func (a *App) ready(r *web.Request) (web.Response, error) {
	if err := a.DB.Ping(r.Context()); err != nil {
		return web.Response{}, err
	}
	return a.health(r)
}

// Serve answers on the listener until ctx ends, then lets requests finish. ready is
// told the address as soon as Cadre answers.
func (a *App) Serve(ctx context.Context, ready func(address string)) error {
	listener, err := net.Listen("tcp", a.Listen)
	if err != nil {
		return fault.New(fault.BadInput, "Cadre ne peut pas écouter à l’adresse %s.", a.Listen).Because(err)
	}
	scheme := "http"
	if a.TLSCert != "" {
		scheme = "https"
	}
	address := scheme + "://" + listener.Addr().String()
	if a.BaseURL == "" {
		a.People.BaseURL = address
	}
	server := &http.Server{Handler: a.Handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug)}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	done := a.work(work)
	failed := make(chan error, 2)
	go func() { failed <- a.listen(server, listener) }()
	stopMetrics, err := a.serveMetrics(failed)
	if err == nil {
		ready(address)
		select {
		case err = <-failed:
		case <-ctx.Done():
		}
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	err = errors.Join(err, server.Shutdown(grace), stopMetrics(grace))
	stopWork()
	done()
	return err
}

func (a *App) listen(server *http.Server, listener net.Listener) error {
	var err error
	if a.TLSCert != "" {
		err = server.ServeTLS(listener, a.TLSCert, a.TLSKey)
	} else {
		err = server.Serve(listener)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// serveMetrics answers /metrics on its own listener, which is for the operator alone.
func (a *App) serveMetrics(failed chan<- error) (stop func(context.Context) error, err error) {
	nothing := func(context.Context) error { return nil }
	if a.Metrics == "" {
		return nothing, nil
	}
	listener, err := net.Listen("tcp", a.Metrics)
	if err != nil {
		return nothing, fault.New(fault.BadInput, "Cadre ne peut pas écouter à l’adresse %s.", a.Metrics).Because(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) { metrics.WritePrometheus(w, true) })
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	return server.Shutdown, nil
}

// work starts what Cadre does by itself, and returns how to wait for its end.
func (a *App) work(ctx context.Context) (wait func()) {
	var workers sync.WaitGroup
	every := func(d time.Duration, name string, fn func(context.Context) error) {
		workers.Go(func() { job.Run(ctx, a.Clock, d, name, a.Log, nil, fn) })
	}
	every(readingsEvery, "readings", a.Readers.Store)
	every(readingsEvery, "synergy notices", a.Synergy.Store)
	every(readingsEvery, "unanswered questions", a.Directory.StoreUnmet)
	every(remindEvery, "reminders", a.Desk.Remind)
	every(outboxEvery, "outbox", a.deliver)
	every(tidyEvery, "tidy", func(ctx context.Context) error {
		return errors.Join(a.guard.Forget(ctx), a.People.Forget(ctx), a.intake.Forget(ctx))
	})
	every(purgeEvery, "files", a.dossier.Purge)
	return func() {
		workers.Wait()
		for _, store := range []func(context.Context) error{a.Readers.Store, a.Synergy.Store} {
			if err := store(context.WithoutCancel(ctx)); err != nil {
				a.Log.Error("store readings", "error", err)
			}
		}
		if err := a.Directory.StoreUnmet(context.WithoutCancel(ctx)); err != nil {
			a.Log.Error("store unanswered questions", "error", err)
		}
	}
}

func (a *App) deliver(ctx context.Context) error {
	_, err := a.Outbox.Deliver(ctx)
	return err
}

// outbox sends mail by the operator's server. A demonstration sends nothing: its mails are shown on /demo/mails.
func (a *App) outbox() (*notify.Outbox, error) {
	from := cmp.Or(a.MailFrom, "Cadre <cadre@localhost>") // a command that does not serve sets none
	if a.SMTP == "" {
		a.Log.Info("no mail server is set: mails are held and do not leave")
		return notify.New(a.DB, a.Clock, nil, from)
	}
	password := ""
	if a.SMTPPass != "" {
		b, err := os.ReadFile(a.SMTPPass)
		if err != nil {
			return nil, fault.New(fault.BadInput, "Le mot de passe du serveur de courriel ne peut pas être lu.").Because(err)
		}
		password = strings.TrimSpace(string(b))
	}
	sender, err := mail.New(a.SMTP, password)
	if err != nil {
		return nil, err
	}
	return notify.New(a.DB, a.Clock, sender.Send, from)
}
