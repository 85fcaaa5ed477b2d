package account

import (
	"sync"
	"testing"
	"time"

	"cadre/kit/db"
	"cadre/kit/fault"

	"pgregory.net/rapid"
)

// atTheCode signs the persona in as far as the code.
func (h *house) atTheCode(key string) string {
	h.t.Helper()
	o, err := h.SignIn(ctx, Credentials{h.person(key).Email, goodPassword}, "", here)
	h.must(err)
	if o.stage != atCode {
		h.t.Fatalf("stage %s", o.stage)
	}
	return o.Secret
}

// TestCodeServesOnce: whatever the moments at which codes are shown and typed, each
// serves once, none after a later one, and none from further than a step away.
func TestCodeServesOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		totp, _ := h.enrolled("member")
		id := h.by["member"].ID
		last := h.clock.Now().Unix() / 30
		rapid.Check(t, func(t *rapid.T) {
			shown := h.clock.Now()
			code := h.code(totp)
			h.clock.Advance(time.Duration(rapid.IntRange(0, 90).Draw(t, "seconds")) * time.Second)
			for range rapid.IntRange(1, 3).Draw(t, "times") {
				step := shown.Unix() / 30
				want := step > last && h.clock.Now().Unix()/30-step <= 1
				var got bool
				h.must(h.DB.Write(ctx, func(tx *db.Tx) (err error) {
					got, err = h.useCode(ctx, tx, id, code)
					return err
				}))
				if got != want {
					t.Fatalf("code of step %d at %d, last %d: accepted %v", step, h.clock.Now().Unix()/30, last, got)
				}
				if got {
					last = step
				}
			}
		})
	})
}

func TestSameCodeAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		totp, _ := h.enrolled("member")
		h.clock.Advance(time.Minute)
		code := h.code(totp)
		secrets := []string{h.atTheCode("member"), h.atTheCode("member"), h.atTheCode("member")}
		var in sync.WaitGroup
		opened := make(chan Opened, len(secrets))
		for _, secret := range secrets {
			in.Go(func() {
				if o, err := h.EnterCode(ctx, secret, code, here); err == nil {
					opened <- o
				}
			})
		}
		in.Wait()
		if len(opened) != 1 {
			t.Errorf("one code opened %d sessions", len(opened))
		}
		h.sound()
	})
}

func TestRecoveryCodes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		_, codes := h.enrolled("member")
		if len(codes) != recoveryCodes {
			t.Fatalf("%d codes", len(codes))
		}
		o, err := h.EnterCode(ctx, h.atTheCode("member"), codes[3], here)
		h.must(err)
		_, err = h.EnterCode(ctx, h.atTheCode("member"), codes[3], here)
		wants(t, err, fault.BadInput)
		if _, left, err := h.factor(ctx, h.by["member"].ID); err != nil || left != 9 {
			t.Errorf("%d codes left, %v", left, err)
		}
		v, err := h.Viewer(ctx, withCookie(h, "GET", "/", o.Secret))
		h.must(err)
		renewed, err := h.RenewCodes(ctx, v)
		h.must(err)
		_, err = h.EnterCode(ctx, h.atTheCode("member"), codes[5], here)
		wants(t, err, fault.BadInput)
		_, err = h.EnterCode(ctx, h.atTheCode("member"), renewed[5], here)
		h.must(err)
		_, err = h.RenewCodes(ctx, h.as("deputy"))
		wants(t, err, fault.Forbidden)
	})
}

func TestCodesAreGuessedSlowly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		totp, _ := h.enrolled("member")
		h.clock.Advance(time.Minute)
		_, err := h.EnterCode(ctx, h.atTheCode("member"), h.code(totp), here) // the owner was here
		h.must(err)
		looked := 0
		for i := range 100 {
			from := Origin{Address: "203.0.113." + string(rune('0'+i%10))}
			o, err := h.SignIn(ctx, Credentials{"member@exemple.test", goodPassword}, "", from)
			h.must(err)
			if _, err = h.EnterCode(ctx, o.Secret, "000000", from); fault.KindOf(err) == fault.BadInput {
				looked++
			}
		}
		if looked > 10 {
			t.Errorf("%d codes were tried from ten addresses", looked)
		}
		h.clock.Advance(time.Minute)
		_, err = h.EnterCode(ctx, h.atTheCode("member"), h.code(totp), here)
		h.must(err)
	})
}

func TestCodeComesInTime(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		totp, _ := h.enrolled("member")
		secret := h.atTheCode("member")
		h.clock.Advance(codeTime)
		_, err := h.EnterCode(ctx, secret, h.code(totp), here)
		wants(t, err, fault.Unauthorized)
	})
}

func TestSealIsBoundToItsOwner(t *testing.T) {
	m, err := New(Deps{Secret: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := m.seal([]byte("secret"), "a")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m.unseal(sealed, "a"); err != nil || string(got) != "secret" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := m.unseal(sealed, "b"); err == nil {
		t.Error("a sealed secret was moved to another account")
	}
	if _, err := New(Deps{Secret: make([]byte, 31)}); err == nil {
		t.Error("a short secret is accepted")
	}
}

func TestTOTPReset(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		h.enrolled("member")
		open, _ := h.signedIn("member")
		h.must(h.ResetTOTP(ctx, h.as("focal"), h.by["member"].ID))
		if v, err := h.Viewer(ctx, withCookie(h, "GET", "/", open)); err != nil || v.Known() {
			t.Error("a session outlives the reset of the second factor")
		}
		o, err := h.SignIn(ctx, Credentials{"member@exemple.test", goodPassword}, "", here)
		h.must(err)
		if o.stage != atEnrol {
			t.Errorf("stage %s", o.stage)
		}
		wants(t, h.RemoveTOTP(ctx, h.as("member")), fault.Conflict)
		h.sound()
	}, func(d *Deps) { d.RequireTOTP = true })
}
