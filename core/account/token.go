package account

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
)

// Token lets a program act for a person, within scopes and until a date. Its secret is
// shown once and kept as a digest.
type Token struct {
	ID      string
	Person  string
	Name    string // what it is for
	Scopes  []access.Scope
	Created time.Time
	Expires time.Time
	Used    time.Time // to the minute; zero for never
	Revoked time.Time // zero while valid
}

// #nosec G101 -- names of columns
const tokenColumns = `id, person_id, name, scopes, created_at, expires_at, used_at, revoked_at`

func (t *Token) fields() []any {
	return []any{&t.ID, &t.Person, &t.Name, db.JSON(&t.Scopes), db.Instant(&t.Created), db.Instant(&t.Expires), db.Instant(&t.Used), db.Instant(&t.Revoked)}
}

// Valid reports whether the token opens anything at now.
func (t Token) Valid(now time.Time) bool { return t.Revoked.IsZero() && now.Before(t.Expires) }

const (
	tokenPrefix  = "cadre_" // lets scanners recognise a token left in a file
	longestToken = 366 * day
)

// scopes lists what each scope holds: who may write may read, who administers may do both.
var scopes = map[access.Scope][]access.Scope{
	access.ScopeRead:   {access.ScopeRead},
	access.ScopeWrite:  {access.ScopeRead, access.ScopeWrite},
	access.ScopeAdmin:  {access.ScopeRead, access.ScopeWrite, access.ScopeAdmin},
	access.ScopeAgenda: {access.ScopeAgenda},
}

// TokenRequest asks for a token.
type TokenRequest struct {
	Name    string       `form:"name"`
	Scope   access.Scope `form:"scope"` // the widest; it holds those below
	Expires time.Time
}

func (q TokenRequest) check(now time.Time) error {
	var c fault.Collect
	c.Need(q.Name != "" && len([]rune(q.Name)) <= maxName, "name", "Indiquez à quoi servira ce jeton, en %d caractères au plus.", maxName)
	c.Need(scopes[q.Scope] != nil, "scope", "Choisissez ce que le jeton permet.")
	c.Need(q.Expires.After(now) && q.Expires.Sub(now) <= longestToken, "expires", "Choisissez une date de fin à venir, dans un an au plus.")
	return c.Fault()
}

// MakeToken makes a token for the viewer and returns it with its secret, which is
// never shown again. It asks for a recent confirmation, so that no token makes another.
func (m *Module) MakeToken(ctx context.Context, v access.Viewer, q TokenRequest) (t Token, secret string, err error) {
	err = m.Log.Write(ctx, v, func(act *journal.Act) error {
		if err := m.confirmedLately(ctx, act.Tx, v); err != nil {
			return err
		}
		t, secret, err = makeToken(ctx, act, v.Person, q)
		return err
	})
	return t, secret, err
}

func makeToken(ctx context.Context, act *journal.Act, personID string, q TokenRequest) (Token, string, error) {
	if err := q.check(act.At); err != nil {
		return Token{}, "", err
	}
	secret, _ := newSecret()
	secret = tokenPrefix + secret
	t := Token{ID: id.New(), Person: personID, Name: q.Name, Scopes: scopes[q.Scope], Created: act.At, Expires: q.Expires}
	_, err := act.Exec(ctx, `INSERT INTO token (id, hash, person_id, name, scopes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		t.ID, digest(secret), t.Person, t.Name, db.JSON(t.Scopes), t.Created, t.Expires)
	if err != nil {
		return t, "", err
	}
	return t, secret, act.Record(ctx, "account.token.made", personID, 0, tokenContent{t.ID, t.Name, t.Scopes, t.Expires})
}

// tokenContent is a token as the journal keeps it.
type tokenContent struct {
	Token   string         `json:"token"`
	Name    string         `json:"name"`
	Scopes  []access.Scope `json:"scopes"`
	Expires time.Time      `json:"expires"`
}

// Tokens lists the viewer's tokens that have not been revoked, the newest first.
func (m *Module) Tokens(ctx context.Context, v access.Viewer) ([]Token, error) {
	var all []Token
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, (*Token).fields, `SELECT `+tokenColumns+` FROM token
			WHERE person_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id`, v.Person)
		return err
	})
	return all, err
}

// RevokeToken ends one of the viewer's tokens at once.
func (m *Module) RevokeToken(ctx context.Context, v access.Viewer, tokenID string) error {
	if err := administrative(v); err != nil {
		return err
	}
	if !id.Valid(tokenID) {
		return fault.Missing()
	}
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		n, err := act.Exec(ctx, `UPDATE token SET revoked_at = $1 WHERE id = $2 AND person_id = $3 AND revoked_at IS NULL`, act.At, tokenID, v.Person)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Missing()
		}
		return act.Record(ctx, "account.token.revoked", v.Person, 0, map[string]string{"token": tokenID})
	})
}

// byToken finds who holds the token of an Authorization header.
func (m *Module) byToken(ctx context.Context, header string, reads bool) (Identity, error) {
	secret, bearer := strings.CutPrefix(header, "Bearer ")
	if !bearer || !strings.HasPrefix(secret, tokenPrefix) {
		return Identity{}, badToken()
	}
	who, err := m.holder(ctx, secret)
	switch {
	case err != nil:
		return Identity{}, err
	case slices.Contains(who.Scopes, access.ScopeAgenda):
		return Identity{}, badToken()
	case !reads && !slices.Contains(who.Scopes, access.ScopeWrite):
		return Identity{}, fault.New(fault.Forbidden, "Ce jeton permet de lire seulement. Créez un jeton qui permet d’écrire.")
	}
	return who, nil
}

// ByAgenda finds who made the secret link of an agenda. What is no such link, or is not one
// any more, does not exist.
func (m *Module) ByAgenda(ctx context.Context, secret string) (access.Viewer, error) {
	who, err := m.holder(ctx, secret)
	if fault.KindOf(err) == fault.Unauthorized || err == nil && !slices.Contains(who.Scopes, access.ScopeAgenda) {
		return access.Nobody, fault.Missing()
	}
	return who.Viewer, err
}

// holder finds who made a token that is valid.
func (m *Module) holder(ctx context.Context, secret string) (Identity, error) {
	now := m.Clock.Now()
	var t Token
	var p Person
	var who Identity
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if t, err = db.One(ctx, tx, (*Token).fields, `SELECT `+tokenColumns+` FROM token WHERE hash = $1`, digest(secret)); err != nil {
			return err
		}
		if p, err = find(ctx, tx, t.Person); err != nil {
			return err
		}
		who, err = m.inheriting(ctx, tx, identity(p, t.ID, now))
		return err
	})
	switch {
	case errors.Is(err, db.ErrNone), err == nil && (!t.Valid(now) || p.State != Active):
		return Identity{}, badToken()
	case err != nil:
		return Identity{}, err
	}
	who.Scopes = t.Scopes
	if now.Sub(t.Used) >= time.Minute {
		m.note(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE token SET used_at = $1 WHERE id = $2`, now, t.ID)
			return err
		})
	}
	return who, nil
}

func badToken() error {
	return fault.New(fault.Unauthorized, "Ce jeton n’est pas valable, ou ne l’est plus. Créez-en un autre.")
}

// device says in a few words what a browser is, from what it says of itself.
func device(agent string) string {
	first := func(words ...string) string {
		for _, w := range words {
			if name, mark, ok := strings.Cut(w, "="); ok && strings.Contains(agent, mark) {
				return name
			}
		}
		return ""
	}
	browser := first("Edge=Edg/", "Opera=OPR/", "Firefox=Firefox/", "Chrome=Chrome/", "Safari=Safari/")
	system := first("Android=Android", "iPhone=iPhone", "iPad=iPad", "Windows=Windows", "macOS=Mac OS", "Linux=Linux")
	return strings.TrimSpace(browser + " " + system)
}
