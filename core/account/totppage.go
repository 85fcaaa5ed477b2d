package account

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"rsc.io/qr"
)

// totpForm is the page where a second factor is set up.
type totpForm struct {
	formPage
	Enrolment
	QR       square
	Required bool // a session that waits for it: nothing else is open
}

// totpPage proposes a second factor, or says that there is one. It is also the only
// page of a session that waits for it, whose viewer is nobody yet.
func (m *Module) totpPage(r *web.Request) (web.Response, error) {
	ctx, next := r.Context(), local(r.Query("suite"))
	p, err := m.presence(ctx, m.secretOf(r.Request))
	if err != nil {
		return web.Response{}, err
	}
	switch p.session.stage {
	case atEnrol:
	case full:
		enabled, left, err := m.factor(ctx, p.person.ID)
		if err != nil {
			return web.Response{}, err
		}
		if enabled && r.Query("remplacer") == "" {
			return web.Page(totpStateView(m.totpState(r, left, nil))), nil
		}
		if stale, err := m.stale(ctx, access.Of(ctx)); err != nil || stale {
			return web.SeeOther(with("/compte/confirmation", "/compte/double-authentification?remplacer=1")), err
		}
	default:
		return web.SeeOther(with("/connexion", "/compte/double-authentification")), nil
	}
	e, err := m.StartTOTP(p.person)
	if err != nil {
		return web.Response{}, err
	}
	f, err := m.totpForm(r, p, e, form.State{}, next)
	return web.Page(totpView(f)), err
}

// factor tells whether the person has a second factor, and how many recovery codes are left.
func (m *Module) factor(ctx context.Context, personID string) (enabled bool, left int, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := secretOf(ctx, tx, personID)
		if err != nil {
			return err
		}
		enabled = len(s.TOTP) > 0
		left, err = recoveryCodesLeft(ctx, tx, personID)
		return err
	})
	return enabled, left, err
}

func (m *Module) totpForm(r *web.Request, p presence, e Enrolment, st form.State, next string) (totpForm, error) {
	ctx := r.Context()
	image, err := newSquare(e.URI)
	f := totpForm{newFormPage(ctx, text.T(ctx, "Activer la double authentification"), st), e, image, p.session.stage == atEnrol}
	f.Next = next
	if f.Required {
		f.Me = &ui.Me{Key: p.person.ID, Name: p.person.Name, SignOut: "/deconnexion"}
	} else {
		f.Crumbs = []ui.Link{toAccount(ctx)}
	}
	return f, err
}

func (m *Module) enableTOTP(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	var q TOTPProof
	values, err := form.Into(r.Request, &q)
	var o Opened
	var codes []string
	if err == nil {
		o, codes, err = m.EnableTOTP(ctx, m.secretOf(r.Request), q, m.origin(r))
	}
	if retried(err) {
		return m.totpAgain(r, q, values, err)
	}
	if err != nil {
		return orConfirm(err, "/compte/double-authentification?remplacer=1")
	}
	s := m.totpState(r, len(codes), codes)
	s.Next = local(values.Get("suite"))
	return web.Page(totpStateView(s)).Cookie(m.cookie(o.Secret)), nil
}

// totpAgain shows the same secret again after a wrong code.
func (m *Module) totpAgain(r *web.Request, q TOTPProof, values url.Values, wrong error) (web.Response, error) {
	p, err := m.presence(r.Context(), m.secretOf(r.Request))
	if err != nil {
		return web.Response{}, err
	}
	e, _, err := m.resumeTOTP(p.person, q.Sealed)
	if err != nil {
		return web.Response{}, err
	}
	f, err := m.totpForm(r, p, e, form.Of(values, wrong), local(values.Get("suite")))
	return web.Again(totpView(f), wrong), err
}

// totpState is the page of a second factor that is set up.
type totpState struct {
	ui.Page
	Left      int
	Codes     []string // just made, shown once; nil otherwise
	Removable bool
	Next      string
}

func (m *Module) totpState(r *web.Request, left int, codes []string) totpState {
	ctx := r.Context()
	p := ui.Start(ctx, text.T(ctx, "Double authentification"), toAccount(ctx))
	return totpState{Page: p, Left: left, Codes: codes, Removable: !m.RequireTOTP, Next: "/compte"}
}

func (m *Module) renewCodes(r *web.Request) (web.Response, error) {
	codes, err := m.RenewCodes(r.Context(), access.Of(r.Context()))
	if err != nil {
		return orConfirm(err, "/compte/double-authentification")
	}
	return web.Page(totpStateView(m.totpState(r, len(codes), codes))), nil
}

func (m *Module) removeTOTP(r *web.Request) (web.Response, error) {
	if err := m.RemoveTOTP(r.Context(), access.Of(r.Context())); err != nil {
		return orConfirm(err, "/compte/double-authentification")
	}
	return done("/compte", "totp-retire"), nil
}

// square is a QR code as one SVG path.
type square struct {
	Size int // modules a side, with the quiet zone
	Path string
}

const quiet = 4 // modules around the code (ISO/IEC 18004)

func newSquare(content string) (square, error) {
	code, err := qr.Encode(content, qr.M)
	if err != nil {
		return square{}, err
	}
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return square{code.Size + 2*quiet, path.String()}, nil
}

// grouped spaces a secret out so that it can be typed.
func grouped(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
