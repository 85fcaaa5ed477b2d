package account

import (
	"context"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/notify"
	"cadre/kit/fault"
)

// Disable closes an account: its sessions, tokens and links end at once. The
// functions stay, so that enabling it puts everything back but those.
func (m *Module) Disable(ctx context.Context, v access.Viewer, personID string) error {
	return m.turn(ctx, v, personID, Disabled, "account.person.disabled")
}

// Enable opens a disabled account again.
func (m *Module) Enable(ctx context.Context, v access.Viewer, personID string) error {
	return m.turn(ctx, v, personID, Active, "account.person.enabled")
}

func (m *Module) turn(ctx context.Context, v access.Viewer, personID string, to State, action string) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		p, err := m.switched(ctx, act, personID)
		if err != nil {
			return err
		}
		if p.State == to {
			return fault.New(fault.Conflict, "Ce compte est déjà dans cet état. Rechargez la page.")
		}
		if to == Disabled {
			if err := m.keepSecretariat(ctx, act, p, access.Secretariat); err != nil {
				return err
			}
			if err := shut(ctx, act, p); err != nil {
				return err
			}
		}
		p.State = to
		return p.save(ctx, act, p.Version, action)
	})
}

// shut ends whatever opens the account but its password and its second factor, and
// forgets the mails written to its address.
func shut(ctx context.Context, act *journal.Act, p Person) error {
	if err := closeAll(ctx, act, p.ID, ""); err != nil {
		return err
	}
	if err := notify.Forget(ctx, act.Tx, p.Email); err != nil {
		return err
	}
	if _, err := act.Exec(ctx, `DELETE FROM invitation WHERE person_id = $1 AND used_at IS NULL`, p.ID); err != nil {
		return err
	}
	_, err := act.Exec(ctx, `UPDATE token SET revoked_at = $1 WHERE person_id = $2 AND revoked_at IS NULL`, act.At, p.ID)
	return err
}

// EndSessions ends every session of a person.
func (m *Module) EndSessions(ctx context.Context, v access.Viewer, personID string) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		p, _, err := m.managed(ctx, act, personID)
		if err != nil {
			return err
		}
		if err := closeAll(ctx, act, p.ID, ""); err != nil {
			return err
		}
		return act.Record(ctx, "account.session.closed", p.ID, 0, map[string]string{"session": "all"})
	})
}

// ResetTOTP removes the second factor of a person who has lost it, ends their
// sessions and tells them by mail.
func (m *Module) ResetTOTP(ctx context.Context, v access.Viewer, personID string) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		p, _, err := m.managed(ctx, act, personID)
		if err != nil {
			return err
		}
		if err := closeAll(ctx, act, p.ID, ""); err != nil {
			return err
		}
		if err := m.mail(ctx, act, p, newsHeading, newsTOTP, newsDoubt); err != nil {
			return err
		}
		return removeTOTP(ctx, act, p.ID)
	})
}
