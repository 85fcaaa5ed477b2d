package account

import (
	"context"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/once"
)

// Credentials are what somebody types to sign in.
type Credentials struct {
	Email    string `form:"email"`
	Password string `form:"password"`
}

// Opened is a session just opened: the secret of its cookie, and what it still lacks.
type Opened struct {
	Secret string
	stage  stage
}

// SignIn checks an address and a password, and opens a session in place of the one
// that the browser had (old is its secret, or empty). It takes as long, and says the same,
// for an account that does not exist.
func (m *Module) SignIn(ctx context.Context, c Credentials, old string, from Origin) (Opened, error) {
	p, s, err := m.credentials(ctx, c.Email)
	if err != nil {
		return Opened{}, err
	}
	a, err := m.try(ctx, byPassword, EmailKey(c.Email), p.ID, from)
	if err != nil {
		return Opened{}, err
	}
	if !matches(s.Password, c.Password) || p.State != Active {
		if err := m.refused(ctx, a); err != nil {
			return Opened{}, err
		}
		return Opened{}, fault.New(fault.BadInput, "L’adresse ou le mot de passe n’est pas reconnu. Vérifiez-les et recommencez.")
	}
	rehash := ""
	if outdated(s.Password) {
		rehash = present.hash(c.Password)
	}
	return m.enter(ctx, p, entry{old: old, from: from, tried: a, rehash: rehash})
}

// credentials reads what an address must prove; both are zero for an unknown one.
func (m *Module) credentials(ctx context.Context, email string) (p Person, s secret, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		p, s, err = credentialsOf(ctx, tx, email)
		return err
	})
	return p, s, err
}

// entry is how somebody comes in: from where, by which try, and what changes on the way.
type entry struct {
	old    string // secret of the session that this one replaces, or empty
	from   Origin
	tried  attempt
	proved bool   // the second factor has been given too
	rehash string // the password at today's cost, or empty
}

// enter opens the session that the person has earned, and journals it when it is complete.
func (m *Module) enter(ctx context.Context, p Person, e entry) (Opened, error) {
	var o Opened
	err := m.Log.Write(once.Freely(ctx), identity(p, "", m.Clock.Now()).Viewer, func(act *journal.Act) (err error) {
		o, err = m.enterIn(ctx, act, p, e)
		return err
	})
	return o, err
}

func (m *Module) enterIn(ctx context.Context, act *journal.Act, p Person, e entry) (o Opened, err error) {
	if o.stage, err = m.stageOf(ctx, act.Tx, p.ID, e.proved); err != nil {
		return o, err
	}
	if err := e.tried.succeeded(ctx, act.Tx); err != nil {
		return o, err
	}
	if e.rehash != "" {
		if err := setPassword(ctx, act.Tx, p.ID, e.rehash); err != nil {
			return o, err
		}
	}
	if _, err := act.Exec(ctx, `DELETE FROM session WHERE hash = $1`, digest(e.old)); err != nil {
		return o, err
	}
	if o.Secret, err = open(ctx, act.Tx, p.ID, o.stage, e.from, act.At); err != nil {
		return o, err
	}
	return o, act.Record(ctx, "account.session.opened", p.ID, 0, map[string]string{"address": e.from.Address, "stage": string(o.stage)})
}

// stageOf tells how far the right password brings the person.
func (m *Module) stageOf(ctx context.Context, tx *db.Tx, personID string, proved bool) (stage, error) {
	s, err := secretOf(ctx, tx, personID)
	switch {
	case err != nil:
		return "", err
	case len(s.TOTP) > 0 && !proved:
		return atCode, nil
	case len(s.TOTP) == 0 && m.RequireTOTP:
		return atEnrol, nil
	}
	return full, nil
}

// OpenFor opens a complete session for a person without asking them anything: the
// demonstration's way in. The program must not offer it elsewhere.
func (m *Module) OpenFor(ctx context.Context, personID string, from Origin) (Opened, error) {
	o := Opened{stage: full}
	err := m.Log.Write(once.Freely(ctx), access.Nobody, func(act *journal.Act) error {
		p, err := find(ctx, act.Tx, personID)
		if err != nil {
			return err
		}
		if o.Secret, err = open(ctx, act.Tx, p.ID, full, from, act.At); err != nil {
			return err
		}
		return act.Record(ctx, "account.session.opened", p.ID, 0, map[string]string{"address": from.Address, "stage": string(full)})
	})
	return o, err
}

// SignOut ends the session of a cookie; there is nothing to end when it is over already.
func (m *Module) SignOut(ctx context.Context, secret string) error {
	p, err := m.presence(ctx, secret)
	if err != nil || p.person.ID == "" {
		return err
	}
	return m.CloseSession(ctx, identity(p.person, p.session.ID, m.Clock.Now()).Viewer, p.session.ID)
}

// Confirm gives the password or a code of the viewer again, so that for a quarter of
// an hour they may change what proves who they are.
func (m *Module) Confirm(ctx context.Context, v access.Viewer, proofs Proofs, from Origin) error {
	p, s, err := m.own(ctx, v)
	if err != nil {
		return err
	}
	what := byPassword
	who := EmailKey(p.Email)
	if proofs.Code != "" {
		what, who = byCode, p.ID
	}
	a, err := m.try(ctx, what, who, p.ID, from)
	if err != nil {
		return err
	}
	right := what == byPassword && matches(s.Password, proofs.Password)
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		if what == byCode {
			if right, err = m.useCode(ctx, tx, p.ID, proofs.Code); err != nil {
				return err
			}
		}
		if !right {
			return nil
		}
		if err := a.succeeded(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE session SET confirmed_at = $1 WHERE id = $2`, m.Clock.Now(), v.Session)
		return err
	})
	if err != nil || right {
		return err
	}
	if err := m.refused(ctx, a); err != nil {
		return err
	}
	return fault.New(fault.BadInput, "Le mot de passe ou le code n’est pas le bon.")
}

// Proofs are what somebody types to prove who they are again; one of them is enough.
type Proofs struct {
	Password string `form:"password"`
	Code     string `form:"code"`
}

// own reads the viewer's own account.
func (m *Module) own(ctx context.Context, v access.Viewer) (p Person, s secret, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if p, err = find(ctx, tx, v.Person); err == nil {
			s, err = secretOf(ctx, tx, p.ID)
		}
		return err
	})
	return p, s, err
}
