package account

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"

	"pgregory.net/rapid"
)

// world is what the property looks at: everybody, before or after an act.
type world map[string]Person

func (h *house) world() world {
	w := world{}
	h.must(h.DB.Read(ctx, func(tx *db.Tx) error {
		people, err := db.All(ctx, tx, (*Person).fields, `SELECT `+personColumns+` FROM person WHERE structure_id <> 'elsewhere'`)
		if err == nil {
			err = withPosts(ctx, tx, people)
		}
		for _, p := range people {
			w[p.ID] = p
		}
		return err
	}))
	return w
}

// mayGive is the rule in other words than the program's: what each function lets its
// holder give, to the people of which institutions.
func (w world) mayGive(by Person, structure string, f access.Function, now time.Time) bool {
	framework := f == access.Secretariat || f == access.Oversight || f == access.Technical
	present := false
	for _, p := range w {
		present = present || p.Structure == structure && p.State == Active && !p.Absence.Covers(now) && slices.Contains(p.Functions(now), access.Focal)
	}
	for _, held := range by.Functions(now) {
		home := by.Structure == structure && !framework
		switch {
		case held == access.Secretariat, held == access.Head && home,
			held == access.Focal && home && f != access.Head,
			held == access.Deputy && home && f != access.Head && !present:
			return true
		}
	}
	return false
}

// holdings counts the posts of each function that are in force or to come.
func holdings(p Person, now time.Time) map[access.Function]int {
	n := map[access.Function]int{}
	for _, q := range p.Posts {
		if !q.Over(now) {
			n[q.Function]++
		}
	}
	return n
}

// checkAct fails when an act gave somebody what its author may not give, touched the
// author's own rights, or changed an account that outranks the author's.
func (w world) checkAct(t *rapid.T, after world, by Person, act string, now time.Time) {
	for id, p := range after {
		was, there := w[id]
		before := holdings(was, now)
		for f, n := range holdings(p, now) {
			if n > before[f] && (id == by.ID || !w.mayGive(by, p.Structure, f, now)) {
				t.Fatalf("%s: %s gave %s to %s", act, by.Name, f, p.Name)
			}
		}
		if p.Clearance > was.Clearance && there && id == by.ID {
			t.Fatalf("%s: %s raised their own clearance", act, by.Name)
		}
		above := p.Clearance > by.Clearance || p.Clearance == access.Restricted
		if (p.Clearance > was.Clearance || !there) && above && !w.mayGive(by, p.Structure, access.Head, now) {
			t.Fatalf("%s: %s cleared %s for %s", act, by.Name, p.Name, p.Clearance.Code())
		}
		changed := there && id != by.ID && was.Email != p.Email
		if changed && (was.Clearance > by.Clearance || was.Clearance == access.Restricted) && !w.mayGive(by, p.Structure, access.Head, now) {
			t.Fatalf("%s: %s took hold of the account of %s, cleared %s", act, by.Name, p.Name, was.Clearance.Code())
		}
		for f := range before {
			changed := was.Email != p.Email || was.State != p.State && !slices.Contains(by.Functions(now), access.Technical)
			if there && id != by.ID && changed && !w.mayGive(by, p.Structure, f, now) {
				t.Fatalf("%s: %s took hold of the account of %s, who is %s", act, by.Name, p.Name, f)
			}
		}
	}
}

// TestNobodyEndsUpWithWhatMayNotBeGiven lets random people do random things to random
// accounts, and holds the rule after each.
func TestNobodyEndsUpWithWhatMayNotBeGiven(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		n := 0
		accepted := map[string]int{}
		rapid.Check(t, func(t *rapid.T) {
			h.must(h.DB.Write(ctx, func(tx *db.Tx) error { // the people of the round before are elsewhere
				_, err := tx.Exec(ctx, `UPDATE person SET structure_id = 'elsewhere' WHERE structure_id <> 'elsewhere'`)
				return err
			}))
			n++
			var team []string
			for i, f := range []access.Function{access.Head, access.Focal, access.Deputy, access.Member, access.Secretariat, access.Technical, access.Focal} {
				key := fmt.Sprintf("p%d-%d", n, i)
				h.admit(key, []string{cnad, cndh}[i/6], rapid.SampledFrom(access.Markings).Draw(t, "clearance"), f)
				team = append(team, key)
			}
			for range rapid.IntRange(5, 25).Draw(t, "acts") {
				h.randomAct(t, team, accepted)
			}
		})
		for act, n := range accepted {
			t.Logf("%s: %d", act, n)
		}
		if len(accepted) < 6 {
			t.Errorf("only %v were ever accepted", accepted)
		}
	})
}

func (h *house) randomAct(t *rapid.T, team []string, accepted map[string]int) {
	by, to := rapid.SampledFrom(team).Draw(t, "by"), rapid.SampledFrom(team).Draw(t, "to")
	v, id, now := h.as(by), h.by[to].ID, h.clock.Now()
	f := rapid.SampledFrom(append(h.person(to).Functions(now), access.Functions...)).Draw(t, "function")
	code := rapid.SampledFrom(access.Markings).Draw(t, "marking").Code()
	later := now.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "hours")) * time.Hour)
	mail := fmt.Sprintf("%d@exemple.test", rapid.Int64Range(1, 1<<40).Draw(t, "mail"))
	act := rapid.SampledFrom([]string{"give", "end", "edit", "hand over", "hand over to new", "invite", "disable", "enable", "announce", "wait"}).Draw(t, "act")
	before := h.world()
	var err error
	switch act {
	case "give":
		err = h.Give(ctx, v, id, Gift{Function: f, From: later})
	case "end":
		err = h.End(ctx, v, id, f, later)
	case "edit":
		err = h.Edit(ctx, v, id, h.person(to).Version, Edition{"Persona " + to, mail, "", code, "fr", MustRefer})
	case "hand over":
		_, err = h.HandOver(ctx, v, id, Passing{Function: f, Successor: h.by[rapid.SampledFrom(team).Draw(t, "successor")].ID, At: later})
	case "hand over to new":
		_, err = h.HandOver(ctx, v, id, Passing{Function: f, Name: "Nouveau", Email: mail, At: later})
	case "invite":
		_, err = h.Invite(ctx, v, Invitation{Structure: rapid.SampledFrom([]string{cnad, cndh, ""}).Draw(t, "structure"), Name: "Invité", Email: mail,
			Functions: []access.Function{f}, Clearance: code, Language: "fr", Mandate: MustRefer})
	case "disable":
		err = h.Disable(ctx, v, id)
	case "enable":
		err = h.Enable(ctx, v, id)
	case "announce":
		err = h.Announce(ctx, v, id, Absence{From: now, To: now.Add(2 * time.Hour)})
	case "wait":
		h.clock.Advance(time.Hour)
	}
	if fault.KindOf(err) == fault.Internal && err != nil {
		t.Fatal(err)
	}
	if err == nil {
		accepted[act]++
		before.checkAct(t, h.world(), before[v.Person], act, now)
	}
}

func TestDeputyActsWhileNoFocalPointIsThere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		member := h.by["member"].ID
		give := func() error {
			return h.Give(ctx, h.as("deputy"), member, Gift{Function: access.Field, To: h.clock.Now().Add(time.Minute)})
		}
		wants(t, give(), fault.Forbidden)
		now := h.clock.Now()
		h.must(h.Announce(ctx, h.as("focal"), h.by["focal"].ID, Absence{From: now, To: now.Add(day)}))
		h.must(give())
		h.clock.Advance(day)
		wants(t, give(), fault.Forbidden)
		h.must(h.Disable(ctx, h.as("head"), h.by["focal"].ID))
		h.must(give())
		h.sound()
	})
}

func TestLastOfTheSecretariatStays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.by["secretariat"].ID
		wants(t, h.Disable(ctx, h.as("technical"), id), fault.Conflict)
		h.admit("second", cnlpal, access.Red, access.Secretariat)
		h.must(h.Disable(ctx, h.as("technical"), id))
		wants(t, h.Disable(ctx, h.as("technical"), h.by["second"].ID), fault.Conflict)
		h.must(h.Enable(ctx, h.as("technical"), id))
		h.must(h.End(ctx, h.as("secretariat"), h.by["second"].ID, access.Secretariat, time.Time{}))
		h.sound()
	})
}

func TestStateIsAllThatTheTechnicalAdministratorSees(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v, id := h.as("technical"), h.by["member"].ID
		f, err := h.Show(ctx, v, id)
		h.must(err)
		if f.Email != "" || f.Phone != "" || len(f.Posts) != 0 || !f.Limited || f.Manage || !f.Switch || f.Name == "" {
			t.Errorf("%+v", f)
		}
		_, err = h.Handovers(ctx, v, id)
		wants(t, err, fault.NotFound)
		wants(t, h.EndSessions(ctx, v, id), fault.Forbidden)
		wants(t, h.ResetTOTP(ctx, v, id), fault.Forbidden)
		wants(t, h.Announce(ctx, v, id, Absence{}), fault.Forbidden)
		wants(t, h.Disable(ctx, v, v.Person), fault.Forbidden)
		h.must(h.Reinvite(ctx, v, id))
		if !strings.Contains(h.lastMail("member@exemple.test"), "/invitation/") {
			t.Error("no invitation left")
		}
	})
}

func TestDisablingEndsEverything(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		token := h.token("member", access.ScopeRead)
		h.must(h.ForgotPassword(ctx, "member@exemple.test", here))
		link := strings.Fields(h.lastMail("member@exemple.test")[strings.Index(h.lastMail("member@exemple.test"), "/invitation/"):])[0]
		h.must(h.Disable(ctx, h.as("head"), h.by["member"].ID))
		h.must(h.Enable(ctx, h.as("head"), h.by["member"].ID))
		r := withCookie(h, "GET", "/api/v1/me", "")
		r.Header.Set("Authorization", "Bearer "+token)
		_, err := h.Viewer(ctx, r)
		wants(t, err, fault.Unauthorized)
		_, err = h.Accept(ctx, strings.TrimPrefix(link, "/invitation/"), goodPassword, here)
		wants(t, err, fault.NotFound)
		h.sound()
	})
}

// TestLinksServeOnce: whatever links are made and used in whatever order, a link opens
// once, and only the last one made for its purpose.
func TestLinksServeOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.by["member"].ID
		rapid.Check(t, func(t *rapid.T) {
			last := map[purpose]string{}
			var made []string
			for range rapid.IntRange(1, 8).Draw(t, "steps") {
				if len(made) == 0 || rapid.Bool().Draw(t, "make") {
					why := rapid.SampledFrom([]purpose{toJoin, toReset}).Draw(t, "purpose")
					h.must(h.Log.Write(ctx, access.Nobody, func(act *journal.Act) error {
						url, err := h.newLink(ctx, act, id, why)
						last[why] = strings.TrimPrefix(url, h.BaseURL+"/invitation/")
						if err == nil {
							err = act.Record(ctx, "account.invitation.sent", id, 0, struct{}{})
						}
						return err
					}))
					made = append(made, last[why])
					continue
				}
				link := rapid.SampledFrom(made).Draw(t, "link")
				good := link == last[toJoin] || link == last[toReset]
				_, err := h.Accept(ctx, link, goodPassword, here)
				if (err == nil) != good {
					t.Fatalf("opened %v, want %v: %v", err == nil, good, err)
				}
				for why, l := range last {
					if l == link {
						delete(last, why)
					}
				}
			}
		})
	})
}

func TestInviteFirst(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, err := h.InviteFirst(ctx, "cnlpal", "premier@exemple.test", "Secrétariat permanent, CNLPAL")
		wants(t, err, fault.Conflict)
		h.must(h.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE person SET state = 'disabled'`)
			return err
		}))
		lost, err := h.InviteFirst(ctx, "cnlpal", "premier@exemple.test", "Secrétariat permanent, CNLPAL")
		h.must(err)
		link, err := h.InviteFirst(ctx, "cnlpal", "premier@exemple.test", "Secrétariat permanent, CNLPAL")
		h.must(err)
		_, err = h.Invited(ctx, strings.TrimPrefix(lost, h.BaseURL+"/invitation/"))
		wants(t, err, fault.NotFound)
		_, err = h.Accept(ctx, strings.TrimPrefix(link, h.BaseURL+"/invitation/"), goodPassword, here)
		h.must(err)
		_, err = h.InviteFirst(ctx, "cnlpal", "premier@exemple.test", "x")
		wants(t, err, fault.Conflict)
	})
}

func TestVerifyFindsWhatWasChangedOutside(t *testing.T) {
	undo := errors.New("undo")
	each(t, func(t *testing.T, h *house) {
		id := h.by["member"].ID
		for name, tamper := range map[string][]string{
			"clearance": {`UPDATE person SET clearance = 5 WHERE id = $1`},
			"function":  {`UPDATE person_function SET function = 'head' WHERE person_id = $1`},
			"a new one": {`INSERT INTO person_function (id, person_id, function, from_at) VALUES ('x', $1, 'secretariat', 0)`},
			"address":   {`UPDATE person SET email = 'autre@exemple.test' WHERE id = $1`},
			"version":   {`UPDATE person SET version = 7 WHERE id = $1`},
			"removed":   {`DELETE FROM person_function WHERE person_id = $1`, `DELETE FROM person_secret WHERE person_id = $1`, `DELETE FROM person WHERE id = $1`},
		} {
			err := h.DB.Write(ctx, func(tx *db.Tx) error {
				for _, q := range tamper {
					if _, err := tx.Exec(ctx, q, id); err != nil {
						return err
					}
				}
				found, err := h.Verify(ctx, tx)
				if !slices.ContainsFunc(found, func(f journal.Finding) bool { return strings.Contains(f.Sentence.In("fr"), id) }) {
					t.Errorf("%s: %v", name, found)
				}
				return errors.Join(err, undo)
			})
			if !errors.Is(err, undo) {
				t.Fatal(err)
			}
		}
		h.sound()
	})
}
