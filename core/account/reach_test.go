package account

import (
	"slices"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"

	"pgregory.net/rapid"
)

// TestReachIsVisibleAskedTheOtherWay: for any audience and marking, the people whom
// Reach names are those for whom access.Visible holds.
func TestReachIsVisibleAskedTheOtherWay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.admit("several", cndh, access.Red, access.Technical, access.Reader)
		h.admit("nothing", cndh, access.Restricted)
		h.admit("gone", cnad, access.Restricted, access.Member)
		h.must(h.Disable(ctx, h.as("head"), h.by["gone"].ID))
		h.must(h.End(ctx, h.as("head"), h.by["member"].ID, access.Member, h.clock.Now().Add(time.Hour)))
		h.must(h.Give(ctx, h.as("secretariat"), h.by["technical"].ID, Gift{Function: access.Oversight, From: h.clock.Now().Add(time.Hour)}))
		principals := []access.Principal{access.Public, access.Members, access.Structure(cnad), access.Structure(cndh), access.Structure(cnlpal)}
		for _, p := range h.by {
			principals = append(principals, access.Person(p.ID))
		}
		slices.Sort(principals)
		rapid.Check(t, func(t *rapid.T) {
			chosen := rapid.SliceOfN(rapid.SampledFrom(principals), 0, 4).Draw(t, "audience")
			marking := rapid.SampledFrom(access.Markings).Draw(t, "marking")
			owner := rapid.SampledFrom([]string{cnad, cndh, cnlpal}).Draw(t, "owner")
			h.must(h.DB.Write(ctx, func(tx *db.Tx) error { return h.compareReach(t, tx, owner, chosen, marking) }))
		})
		h.clock.Advance(2 * time.Hour) // the member has left, the technical administrator reads
		rapid.Check(t, func(t *rapid.T) {
			chosen := rapid.SliceOfN(rapid.SampledFrom(principals), 0, 4).Draw(t, "audience")
			h.must(h.DB.Write(ctx, func(tx *db.Tx) error { return h.compareReach(t, tx, cnad, chosen, access.Green) }))
		})
	})
}

// compareReach writes a record and asks for each person whether they see it.
func (h *house) compareReach(t *rapid.T, tx *db.Tx, owner string, chosen access.Audience, marking access.Marking) error {
	audience, err := access.Intern(ctx, tx, access.AudienceOf(owner, chosen...))
	if err != nil {
		return err
	}
	rec := id.New()
	if _, err := tx.Exec(ctx, `INSERT INTO record (id, seq, kind, number, title, sort_key, owner_id, audience_id, marking, state, content, version, created_at, updated_at)
		SELECT $1, coalesce(max(seq), 0) + 1, 'x', '', '', '', $2, $3, $4, '', '{}', 1, 0, 0 FROM record`, rec, owner, audience, marking); err != nil {
		return err
	}
	reach, err := h.Reach(ctx, tx, owner, chosen, marking)
	if err != nil {
		return err
	}
	for key, known := range h.by {
		p, err := find(ctx, tx, known.ID)
		if err != nil {
			return err
		}
		v := identity(p, "", h.clock.Now()).Viewer
		n, err := db.Value[int](ctx, tx, `SELECT count(*) FROM record WHERE `+access.Visible+` AND record.id = $3`, v.Args(rec)...)
		if err != nil {
			return err
		}
		sees := n == 1 && p.State == Active // a disabled account opens no session
		named := slices.ContainsFunc(reach.People, func(r Reader) bool { return r.ID == p.ID })
		if sees != named {
			t.Fatalf("%s: sees %v, named %v", key, sees, named)
		}
		if named && !slices.Contains(reach.Structures, p.Structure) {
			t.Fatalf("%s reads, but their institution is not named", key)
		}
	}
	nobody, err := db.Value[int](ctx, tx, `SELECT count(*) FROM record WHERE `+access.Visible+` AND record.id = $3`, access.Nobody.Args(rec)...)
	if (nobody == 1) != reach.Public {
		t.Fatalf("nobody sees %d, public %v", nobody, reach.Public)
	}
	return err
}

func TestFocalPoints(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		read := func() (all []FocalPoint) {
			t.Helper()
			h.must(h.DB.Read(ctx, func(tx *db.Tx) (err error) {
				all, err = h.FocalPoints(ctx, tx, cnad)
				return err
			}))
			return all
		}
		all := read()
		if len(all) != 2 || all[0].Function != access.Focal || !all[0].Acts || all[1].Function != access.Deputy || all[1].Acts {
			t.Fatalf("%+v", all)
		}
		now := h.clock.Now()
		h.must(h.Announce(ctx, h.as("focal"), h.by["focal"].ID, Absence{now, now.Add(7 * day), h.by["deputy"].ID}))
		all = read()
		if !all[0].Absent || all[0].Acts || !all[1].Acts || all[0].Substitute != "Persona deputy" || all[0].Email != "focal@exemple.test" {
			t.Errorf("%+v", all)
		}
		h.clock.Advance(7 * day)
		if all = read(); all[0].Absent || all[1].Acts {
			t.Errorf("%+v", all)
		}
	})
}

func TestNamesAndAddresses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		member, deputy := h.by["member"].ID, h.by["deputy"].ID
		h.must(h.Erase(ctx, h.as("secretariat"), member, "demande de la personne"))
		h.must(h.DB.Read(ctx, func(tx *db.Tx) error {
			names, err := h.Names(ctx, tx, []string{member, deputy, "inconnu"})
			if len(names) != 2 || names[member] != "Personne effacée" || names[deputy] != "Persona deputy" {
				t.Errorf("%v", names)
			}
			if names, err := h.Names(ctx, tx, nil); err != nil || len(names) != 0 {
				t.Errorf("%v, %v", names, err)
			}
			if a, err := h.Addresses(ctx, tx, []string{member, deputy}); err != nil || len(a) != 1 {
				t.Errorf("%v, %v", a, err)
			}
			for key, want := range map[string]string{deputy: deputy, " Deputy@Exemple.test": deputy, member: "", "member@exemple.test": "", "": ""} {
				if got, err := h.Lookup(ctx, tx, key); err != nil || got != want {
					t.Errorf("Lookup(%q) = %q, %v", key, got, err)
				}
			}
			return err
		}))
	})
}

func TestErase(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.password("member")
		h.enrolled("member")
		open, _ := h.signedIn("member")
		id := h.by["member"].ID
		wants(t, h.Erase(ctx, h.as("head"), id, "demande"), fault.Forbidden)
		h.must(h.Erase(ctx, h.as("secretariat"), id, "demande de la personne"))
		if v, err := h.Viewer(ctx, withCookie(h, "GET", "/", open)); err != nil || v.Known() {
			t.Error("a session outlives the erasure")
		}
		p := h.person("member")
		if p.Email != "" || p.Name != "" || p.State != Erased || len(p.Functions(h.clock.Now())) != 0 || len(p.Posts) != 1 {
			t.Errorf("%+v", p)
		}
		h.must(h.DB.Read(ctx, func(tx *db.Tx) error {
			n, err := db.Value[int](ctx, tx, `SELECT count(*) FROM journal_entry WHERE content IS NOT NULL AND subject = $1`, id)
			if n != 1 {
				t.Errorf("%d entries about the person have content", n)
			}
			history, err2 := journal.History(ctx, tx, id)
			for _, e := range history {
				if len(e.Content) > 0 && e.Action != "account.person.erased" {
					t.Errorf("%s keeps %s", e.Action, e.Content)
				}
			}
			if err == nil {
				err = err2
			}
			return err
		}))
		_, err := h.Show(ctx, h.as("secretariat"), id)
		wants(t, err, fault.NotFound)
		h.admit("again", cnad, access.Green, access.Member)
		h.sound()
	})
}

// The head commits the institution; a focal point when the mandate says so; others never.
func TestWhoCommits(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		committed := Person{Email: "engage@exemple.test", Name: "Persona engage", Structure: cndh, Mandate: CanCommit}
		h.must(h.Log.Write(ctx, access.Nobody, func(act *journal.Act) error {
			committed.Posts, committed.ID = nil, ""
			return h.Module.Admit(ctx, act, &committed, access.Focal)
		}))
		h.by["engage"] = committed
		for name, want := range map[string]bool{"head": true, "engage": true, "focal": false, "member": false, "secretariat": false} {
			var got bool
			h.must(h.DB.Read(ctx, func(tx *db.Tx) (err error) { got, err = h.Commits(ctx, tx, h.as(name)); return err }))
			if got != want {
				t.Errorf("%s commits: %v", name, got)
			}
		}
	})
}
