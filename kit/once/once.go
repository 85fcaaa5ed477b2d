// Package once gives a request one effect however often it arrives: a double
// click, a retry on a bad line, a form sent again with the back button. The key
// that comes with the request is stored in the transaction of its effect; whoever
// sends the same key again receives the first answer.
package once

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "once", Files: files}

const maxKey = 100

// claim is the key of a request, on its way to the transaction of its effect.
type claim struct {
	who, key, request string
	taken             bool
}

type claimKey struct{}

// Take stores the key of the request in the transaction of its effect. It does
// nothing for a request without a key, and refuses a key whose effect is there.
func Take(ctx context.Context, tx *db.Tx, at time.Time) error {
	c, ok := ctx.Value(claimKey{}).(*claim)
	if !ok {
		return nil
	}
	n, err := tx.Exec(ctx, `INSERT INTO once_answer (who, key, request, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, c.who, c.key, c.request, at)
	if err == nil && n == 0 && !c.taken {
		return fault.New(fault.Conflict, "Cette demande a déjà été enregistrée.")
	}
	c.taken = true // a request may write twice; a transaction run again finds its row gone
	return err
}

// Guard answers repeated requests with their first answer.
type Guard struct {
	db    *db.DB
	clock clock.Clock
	who   func(*http.Request) string
	locks sync.Map // who and key → *sync.Mutex
}

// NewGuard returns a guard; who names the sender of a request, empty for nobody.
func NewGuard(d *db.DB, c clock.Clock, who func(*http.Request) string) *Guard {
	return &Guard{db: d, clock: c, who: who}
}

// Wrap guards every request that changes something and carries a key.
func (g *Guard) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := g.claim(r)
		if err != nil {
			http.Error(w, http.StatusText(http.StatusRequestEntityTooLarge), http.StatusRequestEntityTooLarge)
			return
		}
		if c.key == "" {
			next.ServeHTTP(w, r)
			return
		}
		lock, _ := g.locks.LoadOrStore(c.who+" "+c.key, &sync.Mutex{})
		lock.(*sync.Mutex).Lock()
		defer func() {
			g.locks.Delete(c.who + " " + c.key)
			lock.(*sync.Mutex).Unlock()
		}()
		if g.replay(w, r, c) {
			return
		}
		rec := &recorder{ResponseWriter: w}
		next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), claimKey{}, c)))
		g.keep(r.Context(), c, rec)
	})
}

// claim reads the key of a request: the API's header, or the field of a form.
func (g *Guard) claim(r *http.Request) (*claim, error) {
	key := r.Header.Get("Idempotency-Key")
	isForm := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	if r.Method != http.MethodPost || key == "" && !isForm {
		return &claim{}, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if key == "" {
		values, err := url.ParseQuery(string(body))
		if err != nil || values.Get(form.OnceField) == "" {
			return &claim{}, nil // the handler says what is wrong with the form
		}
		// With another text it is another request: nobody's second thoughts are lost.
		sum := sha256.Sum256(body)
		key = values.Get(form.OnceField) + ":" + hex.EncodeToString(sum[:8])
	}
	if len(key) > maxKey {
		key = key[:maxKey]
	}
	sum := sha256.Sum256(append([]byte(r.Method+" "+r.URL.RequestURI()+"\n"), body...))
	return &claim{who: g.who(r), key: key, request: hex.EncodeToString(sum[:])}, nil
}

type answer struct {
	request, location, kind string
	status                  int64
	body                    []byte
}

// replay sends the first answer, if there is one.
func (g *Guard) replay(w http.ResponseWriter, r *http.Request, c *claim) bool {
	var a answer
	err := g.db.Read(r.Context(), func(tx *db.Tx) (err error) {
		a, err = db.One(r.Context(), tx, func(a *answer) []any {
			return []any{&a.request, db.Null(&a.status), db.Null(&a.location), db.Null(&a.kind), &a.body}
		}, `SELECT request, status, location, type, body FROM once_answer WHERE who = $1 AND key = $2`, c.who, c.key)
		return err
	})
	switch {
	case errors.Is(err, db.ErrNone), err != nil:
		return false // a broken database speaks for itself in the handler
	case a.request != c.request && r.Header.Get("Idempotency-Key") != "":
		http.Error(w, "Idempotency-Key was used for another request", http.StatusUnprocessableEntity)
	case a.status == 0:
		return false // the effect is there without its answer: Take refuses a second one
	default:
		if a.location != "" {
			w.Header().Set("Location", a.location)
		}
		if a.kind != "" {
			w.Header().Set("Content-Type", a.kind)
		}
		w.Header().Set("Idempotent-Replayed", "true")
		w.WriteHeader(int(a.status))
		_, _ = w.Write(a.body)
	}
	return true
}

// keep stores the answer beside the key, if the request had an effect. The body of
// an answer that nobody may store, such as a token shown once, is not kept either.
func (g *Guard) keep(ctx context.Context, c *claim, rec *recorder) {
	if !c.taken || rec.status == 0 || rec.status >= 400 {
		return
	}
	h := rec.Header()
	body := rec.body.Bytes()
	if h.Get("Cache-Control") == "no-store" {
		body = nil
	}
	_ = g.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE once_answer SET status = $1, location = $2, type = $3, body = $4 WHERE who = $5 AND key = $6`,
			rec.status, h.Get("Location"), h.Get("Content-Type"), body, c.who, c.key)
		return err
	})
}

// Forget removes the keys older than a day.
func (g *Guard) Forget(ctx context.Context) error {
	return g.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM once_answer WHERE at < $1`, g.clock.Now().Add(-24*time.Hour))
		return err
	})
}

type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Write notes the body.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}
