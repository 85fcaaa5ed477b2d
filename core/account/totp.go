package account

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"

	"github.com/pquerna/otp/hotp"
)

const (
	totpPeriod    = 30 * time.Second // RFC 6238 §5.2
	totpDigits    = 6
	totpBytes     = 20 // RFC 4226 §4, R6
	recoveryCodes = 10
	recoveryBytes = 10 // 80 bits: sixteen letters and figures
)

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// seal encrypts a secret with the server's key, bound to whom it belongs to, so that
// it cannot be moved to another account.
func (m *Module) seal(secret []byte, owner string) ([]byte, error) {
	gcm, err := m.gcm()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce) //nolint:errcheck // it never fails (crypto/rand)
	return gcm.Seal(nonce, nonce, secret, []byte(owner)), nil
}

func (m *Module) unseal(sealed []byte, owner string) ([]byte, error) {
	gcm, err := m.gcm()
	if err != nil {
		return nil, err
	}
	if len(sealed) < gcm.NonceSize() {
		return nil, errors.New("a sealed secret is too short")
	}
	return gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], []byte(owner))
}

func (m *Module) gcm() (cipher.AEAD, error) {
	block, err := aes.NewCipher(m.sealKey)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// counterOf returns the time step whose code was typed, the present one or one of its
// two neighbours (clocks differ), or 0.
func counterOf(secret []byte, code string, now time.Time) int64 {
	step := now.Unix() / int64(totpPeriod/time.Second)
	for _, counter := range []int64{step, step - 1, step + 1} {
		ok, err := hotp.ValidateCustom(code, uint64(counter), base32Text.EncodeToString(secret), hotp.ValidateOpts{Digits: totpDigits}) // #nosec G115 -- of this century
		if ok && err == nil {
			return counter
		}
	}
	return 0
}

// recoveryHash is what a recovery code is kept as: a stolen database without the
// server's key tells nothing of it.
func (m *Module) recoveryHash(personID, code string) string {
	mac := hmac.New(sha256.New, m.codeKey)
	mac.Write([]byte(personID + "\n" + code))
	return hex.EncodeToString(mac.Sum(nil))
}

// newRecoveryCodes makes ten codes for paper, such as ABCD-EFGH-IJKL-MNOP, and what they are kept as.
func (m *Module) newRecoveryCodes(personID string) (codes, hashes []string) {
	for range recoveryCodes {
		b := make([]byte, recoveryBytes)
		rand.Read(b) //nolint:errcheck // it never fails (crypto/rand)
		code := base32Text.EncodeToString(b)
		hashes = append(hashes, m.recoveryHash(personID, code))
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:])
	}
	return codes, hashes
}

// plainCode drops what people type for readability.
func plainCode(typed string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "", "\u202f", "").Replace(typed))
}

// useCode takes a code for good, of the application or of the paper; it reports
// false for a wrong one and for one taken before.
func (m *Module) useCode(ctx context.Context, tx *db.Tx, personID, typed string) (bool, error) {
	code := plainCode(typed)
	if len(code) != totpDigits {
		return useRecoveryCode(ctx, tx, personID, m.recoveryHash(personID, code), m.Clock.Now())
	}
	s, err := secretOf(ctx, tx, personID)
	if err != nil || len(s.TOTP) == 0 {
		return false, err
	}
	key, err := m.unseal(s.TOTP, personID)
	if err != nil {
		return false, err
	}
	counter := counterOf(key, code, m.Clock.Now())
	if counter == 0 {
		return false, nil
	}
	return useCounter(ctx, tx, personID, counter)
}

// EnterCode gives the second factor to a session that waits for it; the session is
// replaced by a complete one.
func (m *Module) EnterCode(ctx context.Context, secret, code string, from Origin) (Opened, error) {
	p, err := m.presence(ctx, secret)
	if err != nil {
		return Opened{}, err
	}
	if p.session.stage != atCode {
		return Opened{}, fault.New(fault.Unauthorized, "Connectez-vous pour continuer.")
	}
	a, err := m.try(ctx, byCode, p.person.ID, p.person.ID, from)
	if err != nil {
		return Opened{}, err
	}
	var o Opened
	err = m.Log.Write(ctx, identity(p.person, "", m.Clock.Now()).Viewer, func(act *journal.Act) error {
		right, err := m.useCode(ctx, act.Tx, p.person.ID, code)
		if err != nil {
			return err
		}
		if !right {
			return errWrongCode
		}
		o, err = m.enterIn(ctx, act, p.person, entry{old: secret, from: from, tried: a, proved: true})
		return err
	})
	if errors.Is(err, errWrongCode) {
		if err := m.refused(ctx, a); err != nil {
			return o, err
		}
	}
	return o, err
}

var errWrongCode = fault.Invalid("code", "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant.")

// Enrolment is a second factor being set up: nothing is stored until a code proves that it works.
type Enrolment struct {
	Text   string // the secret, to be typed where no camera is at hand
	URI    string // the same for a camera, as applications read it
	Sealed string // the same sealed, for the form that brings the first code
}

// StartTOTP proposes a new secret to a person. It changes nothing.
func (m *Module) StartTOTP(p Person) (Enrolment, error) {
	secret := make([]byte, totpBytes)
	rand.Read(secret) //nolint:errcheck // it never fails (crypto/rand)
	return m.enrolment(p, secret)
}

func (m *Module) enrolment(p Person, secret []byte) (Enrolment, error) {
	sealed, err := m.seal(secret, "enrol:"+p.ID)
	key := base32Text.EncodeToString(secret)
	uri := url.URL{Scheme: "otpauth", Host: "totp", Path: "/Cadre:" + p.Email, RawQuery: url.Values{"secret": {key}, "issuer": {"Cadre"}}.Encode()}
	return Enrolment{key, uri.String(), base64.RawURLEncoding.EncodeToString(sealed)}, err
}

// resumeTOTP reads the enrolment that a form brought back.
func (m *Module) resumeTOTP(p Person, sealed string) (Enrolment, []byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return Enrolment{}, nil, fault.Missing().Because(err)
	}
	secret, err := m.unseal(b, "enrol:"+p.ID)
	if err != nil {
		return Enrolment{}, nil, fault.Missing().Because(err)
	}
	e, err := m.enrolment(p, secret)
	return e, secret, err
}

// EnableTOTP stores the secret of an enrolment that a right code proves, and returns
// ten recovery codes, which are shown once. secret is the cookie's: a session that
// waited for this, or a complete one confirmed lately; a new one takes its place.
func (m *Module) EnableTOTP(ctx context.Context, secret string, q TOTPProof, from Origin) (Opened, []string, error) {
	p, err := m.presence(ctx, secret)
	if err == nil && p.person.ID == "" {
		err = fault.New(fault.Unauthorized, "Connectez-vous pour continuer.")
	}
	if err != nil {
		return Opened{}, nil, err
	}
	_, key, err := m.resumeTOTP(p.person, q.Sealed)
	if err != nil {
		return Opened{}, nil, err
	}
	counter := counterOf(key, plainCode(q.Code), m.Clock.Now())
	if counter == 0 {
		return Opened{}, nil, fault.Invalid("code", "Ce code n’est pas celui que l’application devrait montrer. Vérifiez l’heure du téléphone et essayez le suivant.")
	}
	kept, err := m.seal(key, p.person.ID)
	if err != nil {
		return Opened{}, nil, err
	}
	var o Opened
	codes, hashes := m.newRecoveryCodes(p.person.ID)
	who := identity(p.person, p.session.ID, m.Clock.Now()).Viewer
	err = m.Log.Write(ctx, who, func(act *journal.Act) error {
		if err := m.mayEnrol(ctx, act.Tx, p, who); err != nil {
			return err
		}
		if err := enableTOTP(ctx, act, p, kept, counter, hashes); err != nil {
			return err
		}
		o, err = m.enterIn(ctx, act, p.person, entry{old: secret, from: from, proved: true})
		return err
	})
	return o, codes, err
}

// TOTPProof is the form that ends an enrolment.
type TOTPProof struct {
	Sealed string `form:"sealed"` // as the enrolment gave it
	Code   string `form:"code"`   // the first one that the application shows
}

// enableTOTP stores the second factor and ends the other sessions, which had proved less.
func enableTOTP(ctx context.Context, act *journal.Act, p presence, kept []byte, counter int64, hashes []string) error {
	if err := setTOTP(ctx, act.Tx, p.person.ID, kept, counter); err != nil {
		return err
	}
	if err := replaceRecoveryCodes(ctx, act.Tx, p.person.ID, hashes); err != nil {
		return err
	}
	if err := closeAll(ctx, act, p.person.ID, p.session.ID); err != nil {
		return err
	}
	return act.Record(ctx, "account.totp.enabled", p.person.ID, 0, struct{}{})
}

// mayEnrol refuses a session that still owes a code, and a complete one that was not confirmed lately.
func (m *Module) mayEnrol(ctx context.Context, tx *db.Tx, p presence, who access.Viewer) error {
	switch p.session.stage {
	case atEnrol:
		return nil
	case full:
		return m.confirmedLately(ctx, tx, who)
	}
	return fault.New(fault.Unauthorized, "Connectez-vous pour continuer.")
}

// RenewCodes replaces the viewer's recovery codes by ten others, which are shown once.
func (m *Module) RenewCodes(ctx context.Context, v access.Viewer) ([]string, error) {
	codes, hashes := m.newRecoveryCodes(v.Person)
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		if err := m.confirmedLately(ctx, act.Tx, v); err != nil {
			return err
		}
		s, err := secretOf(ctx, act.Tx, v.Person)
		if err != nil {
			return err
		}
		if len(s.TOTP) == 0 {
			return fault.New(fault.Conflict, "Activez d’abord la double authentification.")
		}
		if err := replaceRecoveryCodes(ctx, act.Tx, v.Person, hashes); err != nil {
			return err
		}
		return act.Record(ctx, "account.codes.renewed", v.Person, 0, struct{}{})
	})
	return codes, err
}

// RemoveTOTP gives up the viewer's second factor, where the installation allows it.
func (m *Module) RemoveTOTP(ctx context.Context, v access.Viewer) error {
	if m.RequireTOTP {
		return fault.New(fault.Conflict, "La double authentification est obligatoire ici : remplacez-la au lieu de la retirer.")
	}
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		if err := m.confirmedLately(ctx, act.Tx, v); err != nil {
			return err
		}
		return removeTOTP(ctx, act, v.Person)
	})
}

func removeTOTP(ctx context.Context, act *journal.Act, personID string) error {
	if err := setTOTP(ctx, act.Tx, personID, nil, 0); err != nil {
		return err
	}
	if err := replaceRecoveryCodes(ctx, act.Tx, personID, nil); err != nil {
		return err
	}
	return act.Record(ctx, "account.totp.removed", personID, 0, struct{}{})
}
