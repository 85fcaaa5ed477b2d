package account

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/text"
	"cadre/kit/web"
)

// What follows serves the operator at the machine, and the demonstration; no page
// or endpoint of a Cadre in service reaches it.

// CheckFirst refuses an address or a name under which InviteFirst could open no account. It
// needs no database: nothing is founded for a mistyped address.
func CheckFirst(email, name string) error {
	_, legible := text.Clean(email + name)
	var wrong fault.Collect
	wrong.Need(legible, "name", "Ce champ contient des caractères invisibles ou illisibles. Retirez-les.")
	Person{Email: email, Name: name, Language: text.French, Mandate: MustRefer}.check(&wrong)
	return wrong.Fault()
}

// InviteFirst opens the account of the first administrator, in the institution that
// is the permanent secretariat (identifier or name in addresses), and returns the link
// by which they choose a password. A Cadre that has an administrator already refuses
// it, unless it is to give that same person another link before they have chosen one.
func (m *Module) InviteFirst(ctx context.Context, structureKey, email, name string) (string, error) {
	url := ""
	err := m.Log.Write(ctx, access.Nobody, func(act *journal.Act) error {
		person, err := m.first(ctx, act, structureKey, email, name)
		if err != nil {
			return err
		}
		url, err = m.InvitationLink(ctx, act, person)
		return err
	})
	return url, err
}

// first finds the first administrator, still without a password, or opens their account.
func (m *Module) first(ctx context.Context, act *journal.Act, structureKey, email, name string) (string, error) {
	known, s, err := credentialsOf(ctx, act.Tx, email)
	if err != nil {
		return "", err
	}
	if _, held := known.holding(access.Secretariat, act.At); held && known.State == Active && s.Password == "" {
		return known.ID, nil
	}
	others, err := holders(ctx, act.Tx, access.Secretariat, act.At, "")
	if err != nil {
		return "", err
	}
	if others > 0 {
		return "", fault.New(fault.Conflict, "Ce Cadre a déjà un administrateur : c’est lui qui ouvre les autres comptes.")
	}
	structure, err := m.Institution(ctx, act.Tx, structureKey)
	if err != nil {
		return "", err
	}
	p := Person{Email: email, Name: name, Structure: structure.ID, Clearance: access.Restricted}
	err = m.Admit(ctx, act, &p, access.Secretariat, access.Technical)
	return p.ID, err
}

// IssueToken makes a token of the API for the person at an address and returns its
// secret. Of the scopes asked the widest counts: it holds the others.
func (m *Module) IssueToken(ctx context.Context, email string, asked []access.Scope, expires time.Time) (secret string, err error) {
	q := TokenRequest{Name: "cadre token", Expires: instant(expires)}
	for _, s := range []access.Scope{access.ScopeAgenda, access.ScopeRead, access.ScopeWrite, access.ScopeAdmin} {
		if slices.Contains(asked, s) {
			q.Scope = s
		}
	}
	err = m.Log.Write(ctx, access.Nobody, func(act *journal.Act) error {
		person, err := m.Lookup(ctx, act.Tx, email)
		if err != nil {
			return err
		}
		if person == "" {
			return fault.Invalid("email", "Aucun compte actif n’a cette adresse.")
		}
		_, secret, err = makeToken(ctx, act, person, q)
		return err
	})
	return secret, err
}

// Everybody lists the active accounts, by institution and name.
func (m *Module) Everybody(ctx context.Context, tx *db.Tx) ([]Person, error) {
	people, err := db.All(ctx, tx, (*Person).fields, `SELECT `+personColumns+` FROM person WHERE state = 'active' ORDER BY structure_id, sort_key, id`)
	if err != nil {
		return nil, err
	}
	return people, withPosts(ctx, tx, people)
}

// Enter opens a session for a person without asking anything, and goes to the first
// page: the demonstration's way in.
func (m *Module) Enter(r *web.Request, personID string) (web.Response, error) {
	o, err := m.OpenFor(r.Context(), personID, m.origin(r))
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/").Cookie(m.cookie(o.Secret)), nil
}
