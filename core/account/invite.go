package account

import (
	"context"
	"errors"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/notify"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/text"
)

// purpose is what a link sent by mail is for.
type purpose string

const (
	toJoin  purpose = "invitation"
	toReset purpose = "reset"
)

// lasts is how long a link serves.
func (p purpose) lasts() time.Duration {
	if p == toReset {
		return time.Hour
	}
	return 7 * day
}

type link struct {
	person  string
	purpose purpose
	expires time.Time
	used    time.Time
}

func (l *link) fields() []any {
	return []any{&l.person, &l.purpose, db.Instant(&l.expires), db.Instant(&l.used)}
}

// newLink makes a link for the person; those made before for the same purpose serve no more.
func (m *Module) newLink(ctx context.Context, act *journal.Act, personID string, why purpose) (string, error) {
	if _, err := act.Exec(ctx, `DELETE FROM invitation WHERE person_id = $1 AND purpose = $2 AND used_at IS NULL`, personID, why); err != nil {
		return "", err
	}
	secret, hash := newSecret()
	_, err := act.Exec(ctx, `INSERT INTO invitation (hash, person_id, purpose, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		hash, personID, why, act.At, act.At.Add(why.lasts()))
	return m.BaseURL + "/invitation/" + secret, err
}

// InvitationLink makes the link by which a person chooses a first password, for
// whoever has another way than mail to give it to them: the first start of a Cadre.
func (m *Module) InvitationLink(ctx context.Context, act *journal.Act, personID string) (string, error) {
	url, err := m.newLink(ctx, act, personID, toJoin)
	if err != nil {
		return "", err
	}
	return url, act.Record(ctx, "account.invitation.sent", personID, 0, struct{}{})
}

// sendInvitation mails the link to the person.
func (m *Module) sendInvitation(ctx context.Context, act *journal.Act, p Person) error {
	url, err := m.InvitationLink(ctx, act, p.ID)
	if err != nil {
		return err
	}
	return m.mail(ctx, act, p, text.M("Votre compte sur Cadre"),
		text.M("Un compte est ouvert à votre nom (%s) sur Cadre.", p.Name),
		text.M("Choisissez votre mot de passe avec ce lien, qui sert une seule fois, pendant 7 jours :"), verbatim(url),
		text.M("Si vous n’attendiez pas ce message, ne faites rien."))
}

// Notice mails: they hold nothing but the account's own news.
var (
	newsHeading  = text.M("Votre compte Cadre a changé")
	newsDoubt    = text.M("Si ce n’est pas vous, prévenez le responsable de votre structure ou le secrétariat permanent.")
	newsPassword = text.M("Le mot de passe de votre compte a été changé.")
	newsTOTP     = text.M("La double authentification de votre compte a été retirée : vous la réactiverez à la prochaine connexion.")
)

// verbatim is a line of a mail that is the same in all languages.
func verbatim(s string) text.Message { return text.Message{Key: "%s", Args: []any{s}} }

// mail queues a short mail in the person's language.
func (m *Module) mail(ctx context.Context, act *journal.Act, p Person, subject text.Message, lines ...text.Message) error {
	body := ""
	for _, l := range lines {
		body += l.In(p.Language) + "\n\n"
	}
	return notify.Queue(ctx, act.Tx, act.At, notify.Mail{To: p.Email, Subject: subject.In(p.Language), Body: body})
}

// Resets that may be asked for one address, typed from one place, in an hour.
const (
	resetsPerAccount = 3
	resetsPerAddress = 20
)

// ForgotPassword mails a link to choose another password, if the address is that of an
// active account. Whoever asks learns nothing of that.
func (m *Module) ForgotPassword(ctx context.Context, email string, from Origin) error {
	p, _, err := m.credentials(ctx, email)
	if err != nil {
		return err
	}
	asked, err := m.askReset(ctx, email, p.ID, from)
	if err != nil || asked > resetsPerAccount {
		return err
	}
	return m.Log.Write(ctx, access.Nobody, func(act *journal.Act) error {
		if p.ID == "" || p.State != Active {
			return act.Record(ctx, "account.reset.requested", "unknown", 0, map[string]string{"address": from.Address})
		}
		url, err := m.newLink(ctx, act, p.ID, toReset)
		if err != nil {
			return err
		}
		if err := act.Record(ctx, "account.reset.requested", p.ID, 0, map[string]string{"address": from.Address}); err != nil {
			return err
		}
		return m.mail(ctx, act, p, text.M("Changer votre mot de passe Cadre"),
			text.M("Quelqu’un, vous peut-être, a demandé à changer le mot de passe de ce compte."),
			text.M("Choisissez-en un autre avec ce lien, qui sert une seule fois, pendant une heure :"), verbatim(url),
			text.M("Si ce n’est pas vous, ne faites rien : votre mot de passe reste le même."))
	})
}

// askReset counts the resets asked for an account in the last hour, this one
// included, and refuses a place that asks for many.
func (m *Module) askReset(ctx context.Context, email, personID string, from Origin) (asked int, err error) {
	a, now := newAttempt(byReset, EmailKey(email), personID, from), m.Clock.Now()
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		if err := a.insert(ctx, tx, now, true); err != nil { // not failed: it never counts as a wrong password
			return err
		}
		hour := now.Add(-time.Hour)
		if asked, err = db.Value[int](ctx, tx, `SELECT count(*) FROM attempt WHERE account = $1 AND at > $2`, a.account, hour); err != nil {
			return err
		}
		here, err := db.Value[int](ctx, tx, `SELECT count(*) FROM attempt WHERE address = $1 AND proof = 'reset' AND at > $2`, from.Address, hour)
		if err == nil && here > resetsPerAddress {
			err = fault.New(fault.TooMany, "Trop de demandes depuis cette adresse. Réessayez dans une heure.")
		}
		return err
	})
	return asked, err
}

// Invited reads for whom a link was made; a link that was used, is too old or
// never was is a fault that says to ask for another.
func (m *Module) Invited(ctx context.Context, linkSecret string) (Person, error) {
	var p Person
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, _, err = m.invited(ctx, tx, linkSecret)
		return err
	})
	return p, err
}

// errAnswered is the fault of a link that has served: its person has chosen their password.
var errAnswered = fault.New(fault.Conflict, "Ce lien a déjà servi : le mot de passe est choisi. Connectez-vous.")

func (m *Module) invited(ctx context.Context, tx *db.Tx, linkSecret string) (Person, link, error) {
	spent := fault.New(fault.NotFound, "Ce lien est trop ancien ou incomplet. Demandez-en un autre.")
	l, err := db.One(ctx, tx, (*link).fields, `SELECT person_id, purpose, expires_at, used_at FROM invitation WHERE hash = $1`, digest(linkSecret))
	if err == nil && !l.used.IsZero() {
		return Person{}, l, errAnswered
	}
	if errors.Is(err, db.ErrNone) || err == nil && !m.Clock.Now().Before(l.expires) {
		return Person{}, l, spent
	}
	if err != nil {
		return Person{}, l, err
	}
	p, err := find(ctx, tx, l.person)
	if err == nil && p.State != Active {
		err = spent
	}
	return p, l, err
}

// Accept uses a link: the person chooses a password, the sessions opened with another
// one end, and a session opens, which a second factor still guards if there is one.
func (m *Module) Accept(ctx context.Context, linkSecret, password string, from Origin) (Opened, error) {
	if _, err := m.Invited(ctx, linkSecret); err != nil {
		return Opened{}, err
	}
	hash := present.hash(password)
	var o Opened
	err := m.Log.Write(ctx, access.Nobody, func(act *journal.Act) error {
		p, l, err := m.invited(ctx, act.Tx, linkSecret)
		if err != nil {
			return err
		}
		act.By = identity(p, "", act.At).Viewer
		if err := m.checkPassword(ctx, act.Tx, p, password); err != nil {
			return err
		}
		if _, err := act.Exec(ctx, `UPDATE invitation SET used_at = $1 WHERE hash = $2`, act.At, digest(linkSecret)); err != nil {
			return err
		}
		if err := m.changePassword(ctx, act, p, hash, "", l.purpose == toReset); err != nil {
			return err
		}
		o, err = m.enterIn(ctx, act, p, entry{from: from})
		return err
	})
	return o, err
}

// checkPassword refuses a password that would be guessed first.
func (m *Module) checkPassword(ctx context.Context, tx *db.Tx, p Person, password string) error {
	s, err := m.Institution(ctx, tx, p.Structure)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	return checkPassword(password, p.Email, p.Name, s.Acronym, s.Slug)
}

// changePassword stores a new hash, ends the sessions but one, and tells the person by mail.
func (m *Module) changePassword(ctx context.Context, act *journal.Act, p Person, hash, but string, tell bool) error {
	if err := setPassword(ctx, act.Tx, p.ID, hash); err != nil {
		return err
	}
	if err := closeAll(ctx, act, p.ID, but); err != nil {
		return err
	}
	if tell {
		if err := m.mail(ctx, act, p, newsHeading, newsPassword, newsDoubt); err != nil {
			return err
		}
	}
	return act.Record(ctx, "account.password.changed", p.ID, 0, struct{}{})
}

// ChangePassword replaces the viewer's own password; the other sessions end.
func (m *Module) ChangePassword(ctx context.Context, v access.Viewer, password string) error {
	hash := present.hash(password)
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		if err := m.confirmedLately(ctx, act.Tx, v); err != nil {
			return err
		}
		p, err := find(ctx, act.Tx, v.Person)
		if err != nil {
			return err
		}
		if err := m.checkPassword(ctx, act.Tx, p, password); err != nil {
			return err
		}
		return m.changePassword(ctx, act, p, hash, v.Session, true)
	})
}
