// Package once gives a request one effect however often it arrives: a double
// click, a retry on a bad line, a form sent again with the back button. The key
// that comes with the request is stored in the transaction of its effect; whoever
// sends the same key again receives the first answer.
package once

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
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
	"cadre/kit/web"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "once", Files: files}

// claim is the key of a request, on its way to the transaction of its effect.
type claim struct {
	who, key, request string
	sending           string // tells this sending of the request from every other
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
	c.taken = true
	n, err := tx.Exec(ctx, `INSERT INTO once_answer (who, key, request, sending, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		c.who, c.key, c.request, c.sending, at)
	if err != nil || n == 1 {
		return err
	}
	by, err := db.Value[string](ctx, tx, `SELECT sending FROM once_answer WHERE who = $1 AND key = $2`, c.who, c.key)
	if err == nil && by != c.sending { // the same sending may write twice
		err = fault.New(fault.Conflict, "Cette demande a déjà été enregistrée.")
	}
	return err
}

// Freely returns a context in which a request sent again has its effect again. Each time
// that somebody signs in opens a session, whose secret only its own answer may bring.
func Freely(ctx context.Context) context.Context { return context.WithValue(ctx, claimKey{}, nil) }

// Guard answers repeated requests with their first answer.
type Guard struct {
	db    *db.DB
	clock clock.Clock
	who   func(*http.Request) string

	mu    sync.Mutex
	turns map[string]*turn // by who and key
}

// turn lets the requests of one key through one after another.
type turn struct {
	sync.Mutex
	waiting int
}

// NewGuard returns a guard; who names the sender of a request, empty for nobody.
func NewGuard(d *db.DB, c clock.Clock, who func(*http.Request) string) *Guard {
	return &Guard{db: d, clock: c, who: who, turns: map[string]*turn{}}
}

// Wrap guards every POST that carries a key.
func (g *Guard) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := g.claim(r)
		if c == nil {
			next.ServeHTTP(w, r)
			return
		}
		defer g.wait(c.who + " " + c.key)()
		if g.replay(w, r, c) {
			return
		}
		rec := &recorder{ResponseWriter: w}
		next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), claimKey{}, c)))
		g.keep(r.Context(), c, rec)
	})
}

// wait waits for the turn of a request, and returns what ends it.
func (g *Guard) wait(key string) (end func()) {
	g.mu.Lock()
	t := g.turns[key]
	if t == nil {
		t = &turn{}
		g.turns[key] = t
	}
	t.waiting++
	g.mu.Unlock()
	t.Lock()
	return func() {
		t.Unlock()
		g.mu.Lock()
		defer g.mu.Unlock()
		if t.waiting--; t.waiting == 0 {
			delete(g.turns, key)
		}
	}
}

// claim reads the key of a request: the API's header, or the field of a form. It is
// nil when there is none.
func (g *Guard) claim(r *http.Request) *claim {
	key := r.Header.Get("Idempotency-Key")
	isForm := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	if r.Method != http.MethodPost || key == "" && !isForm {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{err}))
	if err != nil {
		return nil // the handler says what is wrong: most often the body is too large
	}
	request := r.Method + " " + r.URL.RequestURI() + "\n" + string(body)
	if key == "" {
		values, err := url.ParseQuery(string(body))
		if err != nil || values.Get(form.OnceField) == "" {
			return nil // the handler says what is wrong with the form
		}
		// With another text it is another request: nobody's second thoughts are lost.
		key = values.Get(form.OnceField) + "\n" + request
	}
	return &claim{who: g.who(r), key: digest(key), request: digest(request), sending: rand.Text()}
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// failing is the end of a body that could not be read to its end; without an error, its plain end.
type failing struct{ err error }

// Read fails.
func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}

// keptHeaders are those of an answer that its replay sends again.
var keptHeaders = []string{"Location", "Content-Type", "ETag"}

type answer struct {
	request string
	status  int64
	header  string // JSON
	body    []byte
}

// replay sends the first answer, if there is one.
func (g *Guard) replay(w http.ResponseWriter, r *http.Request, c *claim) bool {
	var a answer
	err := g.db.Read(r.Context(), func(tx *db.Tx) (err error) {
		a, err = db.One(r.Context(), tx, func(a *answer) []any {
			return []any{&a.request, db.Null(&a.status), db.Null(&a.header), &a.body}
		}, `SELECT request, status, header, body FROM once_answer WHERE who = $1 AND key = $2`, c.who, c.key)
		return err
	})
	switch {
	case err != nil:
		return false // not sent before; and a broken database speaks for itself in the handler
	case a.request != c.request:
		web.WriteProblem(w, r, fault.Invalid("Idempotency-Key", "Cette clé a déjà servi à une autre demande. Choisissez-en une autre."), "")
	case a.status == 0:
		return false // the effect is there without its answer: Take refuses a second one
	default:
		kept := map[string]string{}
		_ = json.Unmarshal([]byte(a.header), &kept)
		for name, value := range kept {
			w.Header().Set(name, value)
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Idempotent-Replayed", "true")
		w.WriteHeader(int(a.status))
		_, _ = w.Write(a.body)
	}
	return true
}

// keep stores the answer beside the key, if the request had an effect. An answer that
// nobody may store, such as a token shown once, is not kept: who sends the request
// again learns that it was done.
func (g *Guard) keep(ctx context.Context, c *claim, rec *recorder) {
	h, body := rec.Header(), rec.body.Bytes()
	if !c.taken || rec.status == 0 || rec.status >= 400 || len(body) > 0 && strings.Contains(h.Get("Cache-Control"), "no-store") {
		return
	}
	kept := map[string]string{}
	for _, name := range keptHeaders {
		if value := h.Get(name); value != "" {
			kept[name] = value
		}
	}
	_ = g.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE once_answer SET status = $1, header = $2, body = $3 WHERE who = $4 AND key = $5 AND sending = $6`,
			rec.status, db.JSON(kept), body, c.who, c.key, c.sending)
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
