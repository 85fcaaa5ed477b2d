package account

import (
	"context"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/notify"
	"cadre/kit/db"
	"cadre/kit/fault"
)

const maxReason = 300

// erases refuses whoever may not erase the person whom they see.
func erases(v access.Viewer) error {
	if !v.Is(access.Secretariat) {
		return fault.New(fault.Forbidden, "Seul le secrétariat permanent efface les données d’une personne.")
	}
	return nil
}

// Erase forgets a person's own data, as the law asks (loi n° 2019-014): the account
// keeps its identifier, its institution and its functions, which the acts of the
// institution refer to; the journal's content about the person goes, its proof stays.
// Only the secretariat may, never for its last member, with a reason that names nobody.
func (m *Module) Erase(ctx context.Context, v access.Viewer, personID, reason string) error {
	var c fault.Collect
	c.Need(reason != "", "reason", "Indiquez le motif, sans nommer personne.")
	c.Need(len([]rune(reason)) <= maxReason, "reason", "%d caractères au plus.", maxReason)
	if err := c.Fault(); err != nil {
		return err
	}
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		p, _, err := m.managed(ctx, act, personID)
		if err != nil {
			return err
		}
		if err := erases(v); err != nil {
			return err
		}
		if err := m.keepSecretariat(ctx, act, p, access.Secretariat); err != nil {
			return err
		}
		if err := forget(ctx, act, p); err != nil {
			return err
		}
		if err := act.Erase(ctx, p.ID, reason); err != nil {
			return err
		}
		return p.erase(ctx, act)
	})
}

// erase ends the functions and empties the row.
func (p *Person) erase(ctx context.Context, act *journal.Act) error {
	for i := range p.Posts {
		if q := &p.Posts[i]; !q.Over(act.At) {
			q.To = latest(act.At, q.From)
			if err := endPost(ctx, act, *q); err != nil {
				return err
			}
		}
	}
	p.Email, p.Name, p.Phone, p.Absence, p.State = "", "", "", Absence{}, Erased
	return p.save(ctx, act, p.Version, "account.person.erased")
}

// forget removes what hangs on the account, mails included.
func forget(ctx context.Context, act *journal.Act, p Person) error {
	for _, table := range []string{"session", "token", "invitation", "recovery_code", "attempt", "person_visit"} {
		if _, err := act.Exec(ctx, `DELETE FROM `+table+` WHERE person_id = $1`, p.ID); err != nil {
			return err
		}
	}
	if err := notify.Forget(ctx, act.Tx, p.Email); err != nil {
		return err
	}
	if err := setTOTP(ctx, act.Tx, p.ID, nil, 0); err != nil {
		return err
	}
	return setPassword(ctx, act.Tx, p.ID, "")
}

// Forget removes what has served its time: sessions and links that are over, tries
// older than thirty days, tokens that ended three months ago.
func (m *Module) Forget(ctx context.Context) error {
	now := m.Clock.Now()
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		for query, before := range map[string]time.Time{
			`DELETE FROM session WHERE seen_at < $1`:       now.Add(-idle),
			`DELETE FROM attempt WHERE at < $1`:            now.Add(-keepAttempts),
			`DELETE FROM invitation WHERE expires_at < $1`: now.Add(-keepAttempts),
			`DELETE FROM token WHERE expires_at < $1`:      now.Add(-90 * day),
		} {
			if _, err := tx.Exec(ctx, query, before); err != nil {
				return err
			}
		}
		return nil
	})
}
