package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/text"
)

// How long a session lives. One in which the second factor is still missing lives shorter.
const (
	idle      = 12 * time.Hour
	longest   = 14 * day
	codeTime  = 10 * time.Minute
	enrolTime = time.Hour
	fresh     = 15 * time.Minute // for which the password, once given, is not asked again
)

// stage is how far a session has come.
type stage string

const (
	atCode  stage = "code"  // the password was right; a code is asked for
	atEnrol stage = "enrol" // the password was right; a second factor must be set up
	full    stage = "full"
)

// Session is somebody's presence in a browser.
type Session struct {
	ID        string // names it in lists; opens nothing
	Person    string
	Address   string
	Agent     string
	Created   time.Time
	Seen      time.Time // to the minute
	confirmed time.Time
	stage     stage
}

const sessionColumns = `session.id, session.person_id, session.address, session.agent, session.created_at, session.seen_at, session.confirmed_at, session.stage`

func (s *Session) fields() []any {
	return []any{&s.ID, &s.Person, &s.Address, &s.Agent, db.Instant(&s.Created), db.Instant(&s.Seen), db.Instant(&s.confirmed), &s.stage}
}

// live reports whether the session is still open at now.
func (s Session) live(now time.Time) bool {
	switch age := now.Sub(s.Created); s.stage {
	case atCode:
		return age < codeTime
	case atEnrol:
		return age < enrolTime
	default:
		return age < longest && now.Sub(s.Seen) < idle
	}
}

// newSecret makes a secret of 256 bits and the digest under which it is kept.
func newSecret() (secret, hash string) {
	b := make([]byte, 32)
	rand.Read(b) //nolint:errcheck // it never fails (crypto/rand)
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, digest(secret)
}

// digest is enough for a secret of 256 random bits: it cannot be guessed from it.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// maxAgent bounds what is kept of a browser's name for itself.
const maxAgent = 200

// open starts a session and returns the secret of its cookie.
func open(ctx context.Context, tx *db.Tx, personID string, st stage, from Origin, at time.Time) (string, error) {
	secret, hash := newSecret()
	agent, _ := text.Clean(from.Agent)
	agent = string([]rune(agent)[:min(maxAgent, len([]rune(agent)))])
	_, err := tx.Exec(ctx, `INSERT INTO session (id, hash, person_id, stage, address, agent, created_at, seen_at, confirmed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7)`, id.New(), hash, personID, st, from.Address, agent, at)
	if err == nil && st == full {
		err = visit(ctx, tx, personID, at)
	}
	return secret, err
}

// cookieName has the prefix by which browsers hold the cookie to this host and to TLS;
// over plain HTTP they would refuse it.
func (m *Module) cookieName() string {
	if m.Secure {
		return "__Host-cadre"
	}
	return "cadre"
}

func (m *Module) cookie(secret string) *http.Cookie {
	// #nosec G124 -- Secure wherever there is TLS; without it browsers would drop the cookie
	c := &http.Cookie{Name: m.cookieName(), Value: secret, Path: "/", HttpOnly: true, Secure: m.Secure, SameSite: http.SameSiteLaxMode}
	if secret == "" {
		c.MaxAge = -1
	}
	return c
}

func (m *Module) secretOf(r *http.Request) string {
	c, err := r.Cookie(m.cookieName())
	if err != nil {
		return ""
	}
	return c.Value
}

// Identity is who makes a request, with what a page needs to greet them.
type Identity struct {
	access.Viewer
	Language text.Lang // empty for nobody
}

// Viewer is who makes a request: the rights are those of this instant.
func (m *Module) Viewer(ctx context.Context, r *http.Request) (access.Viewer, error) {
	who, err := m.Identify(ctx, r)
	return who.Viewer, err
}

// Identify is Viewer with the person's language. A request with a token that is not
// or no longer valid, or that asks more than the token's scope, is a fault; with a
// cookie that is no longer valid it is nobody's. On the API a cookie serves for reading only.
func (m *Module) Identify(ctx context.Context, r *http.Request) (Identity, error) {
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	if header := r.Header.Get("Authorization"); header != "" {
		return m.byToken(ctx, header, reads)
	}
	secret := m.secretOf(r)
	if secret == "" || !reads && strings.HasPrefix(r.URL.Path, "/api/") {
		return Identity{}, nil
	}
	return m.bySession(ctx, secret)
}

// presence is a live session and its person; zero when there is none.
type presence struct {
	session Session
	person  Person
}

func (m *Module) bySession(ctx context.Context, secret string) (Identity, error) {
	now := m.Clock.Now()
	var p presence
	var who Identity
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p, err = presenceOf(ctx, tx, secret, now); err != nil || p.session.stage != full {
			return err
		}
		who, err = m.inheriting(ctx, tx, identity(p.person, p.session.ID, now))
		return err
	})
	if err != nil || p.session.stage != full {
		return Identity{}, err
	}
	if now.Sub(p.session.Seen) >= time.Minute {
		m.note(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE session SET seen_at = $1 WHERE id = $2`, now, p.session.ID)
			return errors.Join(err, visit(ctx, tx, p.person.ID, now))
		})
	}
	return who, nil
}

// note writes down a last use. It is no part of the request: with a full disk people still read.
func (m *Module) note(ctx context.Context, write func(*db.Tx) error) {
	if err := m.DB.Write(ctx, write); err != nil {
		slog.WarnContext(ctx, "last use not noted", "error", err)
	}
}

// presence reads the live session of a cookie and its person, who is active; it is zero when there is none.
func (m *Module) presence(ctx context.Context, secret string) (presence, error) {
	var p presence
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = presenceOf(ctx, tx, secret, m.Clock.Now())
		return err
	})
	return p, err
}

func presenceOf(ctx context.Context, tx *db.Tx, secret string, now time.Time) (presence, error) {
	s, err := db.One(ctx, tx, (*Session).fields, `SELECT `+sessionColumns+` FROM session WHERE hash = $1`, digest(secret))
	if errors.Is(err, db.ErrNone) || err == nil && !s.live(now) {
		return presence{}, nil
	}
	if err != nil {
		return presence{}, err
	}
	p, err := find(ctx, tx, s.Person)
	if err != nil || p.State != Active {
		return presence{}, err
	}
	return presence{s, p}, nil
}

func identity(p Person, session string, now time.Time) Identity {
	return Identity{access.Viewer{Person: p.ID, Name: p.Name, Structure: p.Structure, Functions: p.Functions(now),
		Clearance: p.Clearance, Session: session}, p.Language}
}

// inheriting adds the institutions that the person's own took over.
func (m *Module) inheriting(ctx context.Context, tx *db.Tx, who Identity) (_ Identity, err error) {
	who.Heritage, err = m.heritage(ctx, tx, who.Structure)
	return who, err
}

// Sessions lists the viewer's own open sessions, the last used first.
func (m *Module) Sessions(ctx context.Context, v access.Viewer) ([]Session, error) {
	var open []Session
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := db.All(ctx, tx, (*Session).fields, `SELECT `+sessionColumns+` FROM session WHERE person_id = $1 ORDER BY seen_at DESC, id`, v.Person)
		for _, s := range all {
			if s.stage == full && s.live(m.Clock.Now()) {
				open = append(open, s)
			}
		}
		return err
	})
	return open, err
}

// CloseSession ends one of the viewer's own sessions.
func (m *Module) CloseSession(ctx context.Context, v access.Viewer, sessionID string) error {
	if err := administrative(v); err != nil {
		return err
	}
	if !id.Valid(sessionID) {
		return fault.Missing()
	}
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		n, err := act.Exec(ctx, `DELETE FROM session WHERE id = $1 AND person_id = $2`, sessionID, v.Person)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Missing()
		}
		return act.Record(ctx, "account.session.closed", v.Person, 0, map[string]string{"session": sessionID})
	})
}

// closeAll ends the person's sessions, but one (empty for none), within an act.
func closeAll(ctx context.Context, act *journal.Act, personID, but string) error {
	_, err := act.Exec(ctx, `DELETE FROM session WHERE person_id = $1 AND id <> $2`, personID, but)
	return err
}

// errStale asks for the password again: the pages answer it with the page that does.
var errStale = fault.New(fault.Forbidden, "Confirmez d’abord que c’est bien vous : redonnez votre mot de passe ou un code.")

// confirmedLately refuses a viewer who has not given a password or a code for a
// quarter of an hour, or who comes with a token.
func (m *Module) confirmedLately(ctx context.Context, tx *db.Tx, v access.Viewer) error {
	s, err := db.One(ctx, tx, (*Session).fields, `SELECT `+sessionColumns+` FROM session WHERE id = $1 AND person_id = $2`, v.Session, v.Person)
	if errors.Is(err, db.ErrNone) || err == nil && m.Clock.Now().Sub(s.confirmed) >= fresh {
		return errStale
	}
	return err
}
