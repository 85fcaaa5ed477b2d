package account

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/notify"
	"cadre/core/record"
	"cadre/core/search"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/once"
	"cadre/kit/test"

	"github.com/pquerna/otp/hotp"
)

var ctx = context.Background()

var schemas = []db.Schema{once.Schema, access.Schema, journal.Schema, search.Schema, record.Schema, notify.Schema, Schema}

const (
	cnad   = "0190a000-0000-7000-8000-000000000001"
	cnlpal = "0190a000-0000-7000-8000-000000000002"
	cndh   = "0190a000-0000-7000-8000-000000000003"

	goodPassword = "sept girafes mangent tard"
)

var here = Origin{Address: "192.0.2.1", Agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}

// TestMain makes passwords cheap: what they cost is tested apart.
func TestMain(m *testing.M) {
	present = cost{memory: 64, time: 1, lanes: 1}
	os.Exit(m.Run())
}

// house is a small framework: three institutions and their people.
type house struct {
	*Module
	t     testing.TB
	clock *clock.Movable
	key   journal.Key
	file  string // of the published checkpoint
	by    map[string]Person
}

func newHouse(t testing.TB, d *db.DB, options ...func(*Deps)) *house {
	t.Helper()
	dir := t.TempDir()
	key, err := journal.LoadKey(filepath.Join(dir, "journal.key"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, clock: clock.At(test.Noon), key: key, file: filepath.Join(dir, "checkpoint"), by: map[string]Person{}}
	deps := Deps{DB: d, Clock: h.clock, Log: journal.New(d, h.clock, key, h.file), Zone: time.UTC, Secret: bytes.Repeat([]byte{7}, 32),
		BaseURL: "https://cadre.test", Structures: structures,
		Address: func(r *http.Request) string { return r.RemoteAddr }}
	for _, o := range options {
		o(&deps)
	}
	if h.Module, err = New(deps); err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct {
		key, structure string
		clearance      access.Marking
		functions      []access.Function
	}{
		{"head", cnad, access.Restricted, []access.Function{access.Head}},
		{"focal", cnad, access.Amber, []access.Function{access.Focal}},
		{"deputy", cnad, access.Amber, []access.Function{access.Deputy}},
		{"member", cnad, access.Green, []access.Function{access.Member}},
		{"secretariat", cnlpal, access.Restricted, []access.Function{access.Secretariat}},
		{"stranger", cndh, access.Amber, []access.Function{access.Focal}},
		{"technical", cnlpal, access.Clear, []access.Function{access.Technical}},
	} {
		h.admit(p.key, p.structure, p.clearance, p.functions...)
	}
	return h
}

func structures(context.Context, *db.Tx) ([]Structure, error) {
	return []Structure{{ID: cnad, Slug: "cnad", Acronym: "CNAD", Name: "Comité national anti-drogue"}, {ID: cndh, Slug: "cndh", Acronym: "CNDH", Name: "Commission nationale des droits de l’homme"},
		{ID: cnlpal, Slug: "cnlpal", Acronym: "CNLPAL", Name: "Commission nationale de lutte contre la prolifération"}}, nil
}

// admit opens an account of a persona, whose address is key@structure.test.
func (h *house) admit(key, structure string, clearance access.Marking, functions ...access.Function) Person {
	h.t.Helper()
	p := Person{Email: key + "@exemple.test", Name: "Persona " + key, Structure: structure, Clearance: clearance}
	h.must(h.Log.Write(ctx, access.Nobody, func(act *journal.Act) error {
		p.Posts, p.ID = nil, "" // the act may run twice
		return h.Module.Admit(ctx, act, &p, functions...)
	}))
	h.by[key] = p
	return p
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// as is the viewer that the persona is at this instant.
func (h *house) as(key string) access.Viewer {
	h.t.Helper()
	return identity(h.person(key), "", h.clock.Now()).Viewer
}

// person reads a persona again.
func (h *house) person(key string) Person {
	h.t.Helper()
	var p Person
	h.must(h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = find(ctx, tx, h.by[key].ID)
		return err
	}))
	return p
}

// password gives a persona the good password.
func (h *house) password(key string) {
	h.t.Helper()
	h.must(h.Log.Write(ctx, access.Nobody, func(act *journal.Act) error {
		return h.SetPassword(ctx, act, h.by[key].ID, goodPassword)
	}))
}

// signedIn opens a session of the persona and returns its secret and its viewer.
func (h *house) signedIn(key string) (string, access.Viewer) {
	h.t.Helper()
	o, err := h.OpenFor(ctx, h.by[key].ID, here)
	h.must(err)
	p, err := h.presence(ctx, o.Secret)
	h.must(err)
	return o.Secret, identity(p.person, p.session.ID, h.clock.Now()).Viewer
}

// enrolled gives the persona a second factor and returns its secret.
func (h *house) enrolled(key string) (totp []byte, codes []string) {
	h.t.Helper()
	cookie, _ := h.signedIn(key)
	e, err := h.StartTOTP(h.person(key))
	h.must(err)
	totp, err = base32Text.DecodeString(e.Text)
	h.must(err)
	_, codes, err = h.EnableTOTP(ctx, cookie, TOTPProof{e.Sealed, h.code(totp)}, here)
	h.must(err)
	return totp, codes
}

// code is what the application shows now.
func (h *house) code(totp []byte) string {
	h.t.Helper()
	code, err := hotp.GenerateCodeCustom(base32Text.EncodeToString(totp), uint64(h.clock.Now().Unix()/30), hotp.ValidateOpts{Digits: totpDigits})
	h.must(err)
	return code
}

// sound fails the test unless the journal proves itself and the people agree with it.
func (h *house) sound() {
	h.t.Helper()
	h.must(h.DB.Read(ctx, func(tx *db.Tx) error {
		v, err := journal.Verify(ctx, tx, h.key, h.file)
		h.must(err)
		found, err := h.Verify(ctx, tx)
		for _, f := range append(v.Findings, found...) {
			h.t.Error(f.Sentence.In("fr"))
		}
		return err
	}))
}

// entries counts the entries of an action about a subject.
func (h *house) entries(action, subject string) (n int) {
	h.t.Helper()
	h.must(h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		n, err = db.Value[int](ctx, tx, `SELECT count(*) FROM journal_entry WHERE action = $1 AND subject = $2`, action, subject)
		return err
	}))
	return n
}

// wants fails the test unless err is a fault of the kind.
func wants(t testing.TB, err error, k fault.Kind) {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != k {
		t.Fatalf("got %v, want a fault of kind %d", err, k)
	}
}

func each(t *testing.T, fn func(*testing.T, *house), options ...func(*Deps)) {
	t.Helper()
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) { fn(t, newHouse(t, d, options...)) })
}
