package account

import (
	"net/http"
	"testing"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/web"
)

func TestDemonstrationEnters(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.must(h.Disable(ctx, h.as("head"), h.by["deputy"].ID))
		h.must(h.DB.Read(ctx, func(tx *db.Tx) error {
			all, err := h.Everybody(ctx, tx)
			if len(all) != len(h.by)-1 || len(all[0].Posts) != 1 {
				t.Errorf("%d people", len(all))
			}
			return err
		}))
		r, err := http.NewRequest(http.MethodPost, "/demo/connexion", nil)
		h.must(err)
		_, err = h.Enter(&web.Request{Request: r}, "personne")
		wants(t, err, fault.NotFound)
		_, err = h.Enter(&web.Request{Request: r}, h.by["member"].ID)
		h.must(err)
		if n := h.entries("account.session.opened", h.by["member"].ID); n != 1 {
			t.Errorf("%d entries", n)
		}
	})
}

func TestAdministratorsHelpWhoIsLockedOut(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		member := h.by["member"].ID
		open, _ := h.signedIn("member")
		h.must(h.EndSessions(ctx, h.as("focal"), member))
		if v, err := h.Viewer(ctx, withCookie(h, "GET", "/", open)); err != nil || v.Known() {
			t.Error("the session is still open")
		}
		h.must(h.Reinvite(ctx, h.as("focal"), member))
		h.password("member")
		wants(t, h.Reinvite(ctx, h.as("focal"), member), fault.Conflict)
		wants(t, h.Reinvite(ctx, h.as("stranger"), member), fault.NotFound)
		h.sound()
	})
}

// TestATokenIsWithinItsScope: what changes accounts asks for the scope admin, whoever holds the token.
func TestATokenIsWithinItsScope(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v, member := h.as("secretariat"), h.by["member"].ID
		v.Scopes = scopes[access.ScopeWrite]
		_, _, err := h.MakeToken(ctx, v, TokenRequest{Name: "x", Scope: access.ScopeRead, Expires: h.clock.Now().Add(day)})
		wants(t, err, fault.Forbidden)
		for act, err := range map[string]error{
			"give":    h.Give(ctx, v, member, Gift{Function: access.Reader}),
			"end":     h.End(ctx, v, member, access.Member, h.clock.Now()),
			"disable": h.Disable(ctx, v, member),
			"reset":   h.ResetTOTP(ctx, v, member),
			"erase":   h.Erase(ctx, v, member, "demande"),
			"own":     h.EditOwn(ctx, v, 1, Own{"secretariat@exemple.test", "", "en"}),
			"absence": h.Announce(ctx, v, v.Person, Absence{}),
			"session": h.CloseSession(ctx, v, "x"),
			"token":   h.RevokeToken(ctx, v, "x"),
		} {
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: %v", act, err)
			}
		}
	})
}
