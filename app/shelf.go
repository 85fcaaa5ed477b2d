package app

import (
	"context"
	"net/http"
	"sync"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/web"
)

// shelf keeps the public pages ready for who has not signed in, so that one asked a thousand
// times a second is made once. Nothing is kept past the next act: a page is taken again only
// while the checkpoint of the journal is the one it was made after, and for a minute, since
// some words depend on the hour.
type shelf struct {
	mu    sync.Mutex
	mark  string // what the pages are kept for
	pages map[string]web.Response
}

// kept is how many pages are kept at most, longest how long an address may be to be kept.
const (
	kept    = 256
	longest = 300
)

// shared answers a route from the shelf when nobody in particular asks.
func (a *App) shared(handle web.Handler) web.Handler {
	return func(r *web.Request) (web.Response, error) {
		ctx := r.Context()
		if _, err := r.Cookie(web.DoneCookie); err == nil || access.Of(ctx).Known() || r.Method != http.MethodGet || len(r.RequestURI) > longest {
			return handle(r)
		}
		mark, err := a.mark(ctx)
		if err != nil {
			return web.Response{}, err
		}
		key := string(text.Of(ctx)) + r.URL.RequestURI()
		if p, ok := a.shelf.take(mark, key); ok {
			return p, nil
		}
		p, err := handle(r)
		if err == nil {
			p, err = p.Rendered(ctx)
		}
		if err == nil {
			a.shelf.put(mark, key, p)
		}
		return p, err
	}
}

// mark is what a page is kept for: all that was written, and the minute.
func (a *App) mark(ctx context.Context) (string, error) {
	var latest string
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		latest, err = journal.Latest(ctx, tx)
		return err
	})
	return latest + a.Clock.Now().Truncate(time.Minute).String(), err
}

func (s *shelf) take(mark, key string) (web.Response, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mark != mark {
		return web.Response{}, false
	}
	p, ok := s.pages[key]
	return p, ok
}

func (s *shelf) put(mark, key string, p web.Response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mark != mark || len(s.pages) >= kept {
		s.mark, s.pages = mark, map[string]web.Response{}
	}
	s.pages[key] = p
}
