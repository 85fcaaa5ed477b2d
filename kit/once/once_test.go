package once_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/once"
	"cadre/kit/test"
	"cadre/kit/web"

	"github.com/google/go-cmp/cmp"
)

var schemas = []db.Schema{once.Schema, {Room: "effect", Files: fstest.MapFS{"schema/0001_effect.sql": {Data: []byte(`
CREATE TABLE effect (
  n bigint PRIMARY KEY
);`)}}}}

// office is a server whose only act adds a row, and answers with its number.
type office struct {
	t      *testing.T
	db     *db.DB
	clock  *clock.Movable
	guard  *once.Guard
	server *httptest.Server
}

func newOffice(t *testing.T, d *db.DB) *office {
	o := &office{t: t, db: d, clock: clock.At(test.Noon)}
	o.guard = once.NewGuard(d, o.clock, func(r *http.Request) string { return r.Header.Get("Who") })
	o.server = httptest.NewServer(o.guard.Wrap(http.HandlerFunc(o.add)))
	t.Cleanup(o.server.Close)
	return o
}

// add adds a row, or two at /twice; at /secret nobody may store the answer.
func (o *office) add(w http.ResponseWriter, r *http.Request) {
	n, err := o.effect(r.Context(), nil)
	switch r.URL.Path {
	case "/twice":
		n, err = o.effect(r.Context(), nil)
	case "/secret":
		w.Header().Set("Cache-Control", "no-store")
	}
	if err != nil {
		http.Error(w, err.Error(), web.Status(fault.KindOf(err)))
		return
	}
	w.Header().Set("Location", fmt.Sprintf("/effects/%d", n))
	w.Header().Set("ETag", `"1"`)
	w.WriteHeader(http.StatusCreated)
	_, _ = fmt.Fprintf(w, "effect %d", n)
}

// effect writes one row in a transaction with its key, unless it fails.
func (o *office) effect(ctx context.Context, failure error) (n int, err error) {
	err = o.db.Write(ctx, func(tx *db.Tx) error {
		if err := once.Take(ctx, tx, o.clock.Now()); err != nil {
			return err
		}
		if n, err = db.Value[int](ctx, tx, `SELECT coalesce(max(n), 0) + 1 FROM effect`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO effect (n) VALUES ($1)`, n); err != nil {
			return err
		}
		return failure
	})
	return n, err
}

func (o *office) effects() (n int) {
	o.t.Helper()
	err := o.db.Read(context.Background(), func(tx *db.Tx) (err error) {
		n, err = db.Value[int](context.Background(), tx, `SELECT count(*) FROM effect`)
		return err
	})
	if err != nil {
		o.t.Error(err)
	}
	return n
}

// answered is what a client sees.
type answered struct {
	Status               int
	Location, Tag, Words string
}

func (o *office) send(req *http.Request, err error) answered {
	if err != nil {
		o.t.Error(err)
		return answered{}
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		o.t.Error(err)
		return answered{}
	}
	defer res.Body.Close() //nolint:errcheck // read whole
	body, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Error(err)
	}
	return answered{res.StatusCode, res.Header.Get("Location"), res.Header.Get("ETag"), string(body)}
}

// post sends a body as a client of the API does.
func (o *office) post(path, key, body string) answered {
	req, err := http.NewRequest(http.MethodPost, o.server.URL+path, strings.NewReader(body))
	if err == nil {
		req.Header.Set("Idempotency-Key", key)
	}
	return o.send(req, err)
}

// submit sends a form as a browser does.
func (o *office) submit(who, key, title string) answered {
	form := url.Values{"once": {key}, "title": {title}}
	req, err := http.NewRequest(http.MethodPost, o.server.URL+"/add", strings.NewReader(form.Encode()))
	if err == nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Who", who)
	}
	return o.send(req, err)
}

// parallel sends the same request twenty times at once, to each office in turn.
func parallel(offices []*office, send func(*office) answered) []answered {
	all := make([]answered, 20)
	var senders sync.WaitGroup
	for i := range all {
		senders.Go(func() { all[i] = send(offices[i%len(offices)]) })
	}
	senders.Wait()
	return all
}

func TestARequestSentTwentyTimesHasOneEffect(t *testing.T) {
	for name, send := range map[string]func(*office) answered{
		"form": func(o *office) answered { return o.submit("afi", "k", "Note") },
		"API":  func(o *office) answered { return o.post("/add", "k", `{}`) },
	} {
		t.Run(name, func(t *testing.T) {
			test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
				o := newOffice(t, d)
				for _, got := range parallel([]*office{o}, send) {
					if diff := cmp.Diff(answered{201, "/effects/1", `"1"`, "effect 1"}, got); diff != "" {
						t.Error(diff)
					}
				}
				if n := o.effects(); n != 1 {
					t.Errorf("%d effects", n)
				}
			})
		})
	}
}

func TestTwoServersHaveOneEffect(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		offices := []*office{newOffice(t, d), newOffice(t, d)}
		for round := range 5 {
			for _, got := range parallel(offices, func(o *office) answered { return o.post("/add", fmt.Sprint(round), `{}`) }) {
				if got.Status != http.StatusConflict && got.Words != fmt.Sprintf("effect %d", round+1) {
					t.Errorf("%+v", got)
				}
			}
		}
		if n := offices[0].effects(); n != 5 {
			t.Errorf("%d effects of 5 requests", n)
		}
	})
}

func TestAKeyIsOfOneRequest(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.post("/add", "k", `{"title":"a"}`)
		for name, got := range map[string]answered{"body": o.post("/add", "k", `{"title":"b"}`), "address": o.post("/twice", "k", `{"title":"a"}`)} {
			if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Words, `"location":"Idempotency-Key"`) {
				t.Errorf("with another %s: %+v", name, got)
			}
		}
		if n := o.effects(); n != 1 {
			t.Errorf("%d effects", n)
		}
		o.submit("afi", "f", "a")
		o.submit("kofi", "f", "a") // somebody else's
		o.submit("afi", "f", "b")  // a second thought: nobody loses what they wrote
		o.submit("afi", "f", "b")
		if n := o.effects(); n != 4 {
			t.Errorf("%d effects", n)
		}
	})
}

func TestAFailedTryDoesNotBurnTheKey(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		failed := false
		o.server.Config.Handler = o.guard.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !failed {
				failed = true
				_, err := o.effect(r.Context(), errors.New("the disk is full"))
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			o.add(w, r)
		}))
		var counts = map[int]int{}
		for _, got := range parallel([]*office{o}, func(o *office) answered { return o.post("/add", "k", `{}`) }) {
			counts[got.Status]++
		}
		if diff := cmp.Diff(map[int]int{500: 1, 201: 19}, counts); diff != "" || o.effects() != 1 {
			t.Errorf("%d effects, %s", o.effects(), diff)
		}
	})
}

func TestATransactionRunAgainKeepsItsKey(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.server.Config.Handler = o.guard.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = o.effect(r.Context(), errors.New("not serialisable"))
			o.add(w, r)
		}))
		if got := o.post("/add", "k", `{}`); got.Status != http.StatusCreated || o.effects() != 1 {
			t.Errorf("%+v, %d effects", got, o.effects())
		}
	})
}

func TestSecretAnswersAreNotKept(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		if got := o.post("/secret", "k", `{}`); got.Words != "effect 1" {
			t.Errorf("first: %+v", got)
		}
		if got := o.post("/secret", "k", `{}`); got.Status != http.StatusConflict || o.effects() != 1 {
			t.Errorf("again: %+v, %d effects", got, o.effects())
		}
	})
}

func TestARequestMayWriteTwice(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for range 2 {
			if got := o.post("/twice", "k", `{}`); got.Words != "effect 2" || o.effects() != 2 {
				t.Errorf("%+v, %d effects", got, o.effects())
			}
		}
	})
}

func TestKeysAreForgottenAfterADay(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for _, effects := range []int{1, 1, 2} {
			if err := o.guard.Forget(context.Background()); err != nil {
				t.Fatal(err)
			}
			if o.post("/add", "k", `{}`); o.effects() != effects {
				t.Errorf("%d effects, want %d", o.effects(), effects)
			}
			o.clock.Advance(13 * time.Hour)
		}
	})
}

func TestHostileKeys(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for i, key := range []string{"\x00", "\xff\xfe", strings.Repeat("é", 9000), strings.Repeat("é", 9000) + "e", "' OR 1=1 --"} {
			for range 2 {
				if got := o.submit("afi", key, "Note"); got.Words != fmt.Sprintf("effect %d", i+1) {
					t.Errorf("%.20q: %+v", key, got)
				}
			}
		}
	})
}

func TestWithoutAKeyEverythingPasses(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.post("/add", "", `{}`)
		o.post("/add", "", `{}`)
		o.submit("afi", "", "Note")
		if n := o.effects(); n != 3 {
			t.Errorf("%d effects of 3 requests", n)
		}
	})
}

func TestABodyTooLargeIsTheHandlersToRefuse(t *testing.T) {
	guard := once.NewGuard(nil, clock.At(test.Noon), func(*http.Request) string { return "" })
	var read string
	var failure error
	h := guard.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		read, failure = string(b), err
	}))
	r := httptest.NewRequest(http.MethodPost, "/add", strings.NewReader("0123456789"))
	r.Header.Set("Idempotency-Key", "k")
	w := httptest.NewRecorder()
	r.Body = http.MaxBytesReader(w, r.Body, 4)
	h.ServeHTTP(w, r)
	var large *http.MaxBytesError
	if !errors.As(failure, &large) || read != "0123" {
		t.Errorf("the handler read %q, %v", read, failure)
	}
}
