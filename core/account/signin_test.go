package account

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"cadre/kit/fault"
)

func withCookie(h *house, method, path, secret string) *http.Request {
	r := httptest.NewRequest(method, path, nil)
	r.AddCookie(h.cookie(secret))
	return r
}

func TestSignIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		old, _ := h.signedIn("member")
		o, err := h.SignIn(ctx, Credentials{"  MEMBER@exemple.test ", goodPassword}, old, here)
		h.must(err)
		v, err := h.Viewer(ctx, withCookie(h, "GET", "/", o.Secret))
		h.must(err)
		if v.Person != h.by["member"].ID || v.Structure != cnad || len(v.Functions) != 1 {
			t.Fatalf("viewer %+v", v)
		}
		if v, err := h.Viewer(ctx, withCookie(h, "GET", "/", old)); err != nil || v.Known() {
			t.Error("the session before sign-in is still open")
		}
		if v, err := h.Viewer(ctx, withCookie(h, "POST", "/api/v1/people", o.Secret)); err != nil || v.Known() {
			t.Error("a cookie changes things through the API")
		}
		h.must(h.SignOut(ctx, o.Secret))
		if v, err := h.Viewer(ctx, withCookie(h, "GET", "/", o.Secret)); err != nil || v.Known() {
			t.Error("the session outlives the sign-out")
		}
		h.sound()
	})
}

func TestSignInRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		h.password("deputy")
		h.must(h.Disable(ctx, h.as("head"), h.by["deputy"].ID))
		for _, c := range []Credentials{
			{"member@exemple.test", "sept girafes mangent tôt"},
			{"personne@exemple.test", goodPassword},
			{"deputy@exemple.test", goodPassword}, // disabled
			{"focal@exemple.test", ""},            // invited only
			{"", ""},
		} {
			_, err := h.SignIn(ctx, c, "", here)
			wants(t, err, fault.BadInput)
			if got := err.Error(); got != "L’adresse ou le mot de passe n’est pas reconnu. Vérifiez-les et recommencez." {
				t.Errorf("%s learns: %s", c.Email, got)
			}
		}
		if n := h.entries("account.session.refused", h.by["member"].ID); n != 1 {
			t.Errorf("%d refusals journaled", n)
		}
	})
}

func TestGuessesSlowDownAndOwnerGetsIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		looked := 0
		for i := range 1000 {
			_, err := h.SignIn(ctx, Credentials{"member@exemple.test", "essai numéro " + strconv.Itoa(i)}, "", here)
			if fault.KindOf(err) == fault.BadInput {
				looked++
			}
			h.clock.Advance(time.Second)
		}
		if looked > 12 {
			t.Errorf("%d guesses of a thousand in a quarter of an hour were looked at", looked)
		}
		_, err := h.SignIn(ctx, Credentials{"member@exemple.test", goodPassword}, "", here)
		wants(t, err, fault.TooMany)
		_, err = h.SignIn(ctx, Credentials{"member@exemple.test", goodPassword}, "", Origin{Address: "198.51.100.7"})
		h.must(err)
		h.clock.Advance(time.Hour)
		_, err = h.SignIn(ctx, Credentials{"member@exemple.test", goodPassword}, "", here)
		h.must(err)
	})
}

func TestGuessesFromManyAddresses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		h.password("focal")
		from := func(i int) Origin { return Origin{Address: "10.0.0." + strconv.Itoa(i)} }
		_, err := h.SignIn(ctx, Credentials{"member@exemple.test", goodPassword}, "", from(200))
		h.must(err)
		for i := range 110 {
			_, _ = h.SignIn(ctx, Credentials{"member@exemple.test", "au hasard " + strconv.Itoa(i)}, "", from(i))
		}
		_, err = h.SignIn(ctx, Credentials{"member@exemple.test", "encore"}, "", from(1))
		wants(t, err, fault.TooMany)
		for _, i := range []int{200, 201} { // where the owner was before, and a new place
			_, err = h.SignIn(ctx, Credentials{"member@exemple.test", goodPassword}, "", from(i))
			h.must(err)
		}
		if n := h.entries("account.session.refused", h.by["member"].ID); n > perMinute {
			t.Errorf("%d refusals journaled in a minute", n)
		}
	})
}

func TestOneAddressTriesManyAccounts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		_, err := h.SignIn(ctx, Credentials{"member@exemple.test", goodPassword}, "", here)
		h.must(err)
		for i := range 30 {
			_, err := h.SignIn(ctx, Credentials{"inconnu" + strconv.Itoa(i) + "@exemple.test", "x"}, "", here)
			wants(t, err, fault.BadInput)
		}
		_, err = h.SignIn(ctx, Credentials{"autre@exemple.test", "x"}, "", here)
		wants(t, err, fault.TooMany)
		_, err = h.SignIn(ctx, Credentials{"member@exemple.test", goodPassword}, "", here)
		h.must(err)
	})
}

func TestSessionEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		open := func(secret string) bool {
			v, err := h.Viewer(ctx, withCookie(h, "GET", "/", secret))
			h.must(err)
			return v.Known()
		}
		used, _ := h.signedIn("member")
		left, _ := h.signedIn("member")
		for range 13 {
			h.clock.Advance(time.Hour)
			if !open(used) {
				t.Fatal("a session in use has ended")
			}
		}
		if open(left) {
			t.Error("a session left for thirteen hours is open")
		}
		for range 14*3 - 1 {
			h.clock.Advance(8 * time.Hour)
			open(used)
		}
		if open(used) {
			t.Error("a session is open after fourteen days")
		}
		again, _ := h.signedIn("member")
		h.must(h.Forget(ctx))
		if !open(again) {
			t.Error("forgetting took an open session")
		}
		h.must(h.Disable(ctx, h.as("head"), h.by["member"].ID))
		if open(again) {
			t.Error("the session of a disabled account is open")
		}
	})
}

func TestRightsAreThoseOfNow(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		secret, v := h.signedIn("focal")
		h.must(h.End(ctx, h.as("head"), v.Person, "focal", h.clock.Now().Add(time.Hour)))
		for _, want := range []int{1, 0} {
			v, err := h.Viewer(ctx, withCookie(h, "GET", "/", secret))
			h.must(err)
			if len(v.Functions) != want {
				t.Errorf("functions %v, want %d", v.Functions, want)
			}
			h.clock.Advance(time.Hour)
		}
	})
}

func TestThousandSessionsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		secret, hash := newSecret()
		if seen[secret] || seen[hash] || len(secret) < 43 {
			t.Fatal("a secret came twice or is short")
		}
		seen[secret], seen[hash] = true, true
	}
}
