package record_test

import (
	"slices"
	"strings"
	"testing"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/id"
)

// The records under attack, by the place of the entry that made their last version:
// an open note (created 0, amended 1), a note that it serves (2), an internal one (3).
// Entry 4 links the first two, entry 5 makes the CNAD follow the first.
type attacked struct{ open, served, internal record.Record }

func (h *house) attacked() attacked {
	open := note("Note ouverte", access.Structure("cnad"))
	open.Themes, open.Places = []string{"armes"}, []string{"TG-K"}
	open = h.create(open)
	h.clock.Advance(60e9)
	open, err := h.change(open)
	h.must(err)
	a := attacked{open, h.create(note("Note servie", access.Structure("cnad"))), h.create(note("Note interne"))}
	h.act(cnlpal, func(act *journal.Act) error { return record.Link(ctx, act, a.open, record.Serves, a.served) })
	h.act(cnad, func(act *journal.Act) error { return record.Follow(ctx, act, a.open, true) })
	return a
}

func (h *house) verify() []journal.Finding {
	h.t.Helper()
	return read(h, func(tx *db.Tx) ([]journal.Finding, error) { return record.Verify(ctx, tx) })
}

func TestVerifyNamesWhatSQLChanged(t *testing.T) {
	column := func(name string, value any) func(*house, attacked) {
		return func(h *house, a attacked) { h.sql(`UPDATE record SET `+name+` = $1 WHERE id = $2`, value, a.open.ID) }
	}
	eachHouse(t, func(t *testing.T, h *house) {
		a := h.attacked()
		if found := h.verify(); len(found) > 0 {
			t.Fatalf("on a healthy database: %+v", found)
		}
		for _, c := range []struct {
			name  string
			do    func(*house, attacked)
			entry int64
			says  string
		}{
			{"seq", column("seq", 99), 1, "seq"},
			{"kind", column("kind", "test.other"), 1, "kind"},
			{"number", column("number", "X-1"), 1, "number"},
			{"title", column("title", "Note falsifiée"), 1, "title"},
			{"sort key", column("sort_key", "00"), 1, "sort_key"},
			{"owner", column("owner_id", "cnad"), 1, "owner_id"},
			{"marking", column("marking", 0), 1, "marking"},
			{"marking that does not exist", column("marking", 99), -1, "marquage"},
			{"state", column("state", "withdrawn"), 1, "state"},
			{"content", column("content", `{"mandate":"loi"}`), 1, "mandate"},
			{"content that is none", column("content", `{`), 1, "content"},
			{"version", column("version", 1), 1, "version"},
			{"creation", column("created_at", 0), 1, "created_at"},
			{"last change", column("updated_at", 0), 1, "updated_at"},
			{"audience of another", func(h *house, a attacked) {
				h.sql(`UPDATE record SET audience_id = (SELECT audience_id FROM record WHERE id = $1) WHERE id = $2`, a.internal.ID, a.open.ID)
			}, 1, "audience"},
			{"audience widened", func(h *house, a attacked) {
				h.sql(`INSERT INTO audience_principal (audience_id, principal) SELECT audience_id, 'person:kofi' FROM record WHERE id = $1`, a.internal.ID)
			}, 3, "audience"},
			{"audience narrowed", func(h *house, a attacked) {
				h.sql(`DELETE FROM audience_principal WHERE principal = 'structure:cnad'`)
			}, 1, "audience"},
			{"audience forged in advance", func(h *house, a attacked) {
				h.sql(`INSERT INTO audience (id) VALUES ($1)`, access.AudienceID(access.AudienceOf("cndh")))
				h.sql(`INSERT INTO audience_principal (audience_id, principal) VALUES ($1, 'structure:cndh'), ($1, 'person:kofi')`, access.AudienceID(access.AudienceOf("cndh")))
			}, -1, "audience"},
			{"theme added", func(h *house, a attacked) {
				h.sql(`INSERT INTO record_theme (record_id, theme) VALUES ($1, 'drogues')`, a.internal.ID)
			}, 3, "themes"},
			{"theme taken away", func(h *house, a attacked) { h.sql(`DELETE FROM record_theme`) }, 1, "themes"},
			{"place changed", func(h *house, a attacked) { h.sql(`UPDATE record_place SET place = 'TG-S'`) }, 1, "places"},
			{"deleted", func(h *house, a attacked) {
				h.sql(`DELETE FROM record WHERE id = $1`, a.internal.ID)
			}, 3, "supprimée"},
			{"inserted", func(h *house, a attacked) {
				h.sql(`INSERT INTO record SELECT $1, 50, kind, number, title, sort_key, owner_id, audience_id, marking, state, content, version, created_at, updated_at FROM record WHERE id = $2`, id.New(), a.internal.ID)
			}, -1, "n’est pas dans le journal"},
			{"link added", func(h *house, a attacked) {
				h.sql(`INSERT INTO record_link (from_id, kind, to_id) VALUES ($1, 'replaces', $2)`, a.open.ID, a.internal.ID)
			}, -1, "n’est pas dans le journal"},
			{"link turned", func(h *house, a attacked) { h.sql(`UPDATE record_link SET kind = 'replaces'`) }, 4, "supprimé"},
			{"link taken away", func(h *house, a attacked) { h.sql(`DELETE FROM record_link`) }, 4, "supprimé"},
			{"follower added", func(h *house, a attacked) {
				h.sql(`INSERT INTO record_follower (record_id, person_id) VALUES ($1, 'yao')`, a.internal.ID)
			}, -1, "n’est pas dans le journal"},
			{"count changed", func(h *house, a attacked) { h.sql(`UPDATE record_tally SET n = n + 1 WHERE code = 'armes'`) }, -1, "décompte"},
			{"count taken away", func(h *house, a attacked) { h.sql(`DELETE FROM record_tally`) }, -1, "décompte"},
			{"follower taken away", func(h *house, a attacked) { h.sql(`DELETE FROM record_follower`) }, 5, "supprimé"},
		} {
			h.keep()
			c.do(h, a)
			named := false
			found := h.verify()
			for _, f := range found {
				named = named || f.Entry == c.entry && strings.Contains(f.Sentence.In("fr"), c.says)
			}
			if !named {
				t.Errorf("%s: %+v", c.name, found)
			}
			h.putBack()
		}
		if found := h.verify(); len(found) > 0 {
			t.Errorf("everything put back: %+v", found)
		}
	})
}

// tables are those of the envelope, each before those that refer to it.
var tables = []string{"audience", "audience_principal", "record", "record_theme", "record_place", "record_tally", "record_link", "record_follower"}

// keep copies the tables of the envelope aside.
func (h *house) keep() {
	for _, table := range tables {
		h.sql(`CREATE TABLE kept_` + table + ` AS SELECT * FROM ` + table)
	}
}

// putBack undoes what was changed since.
func (h *house) putBack() {
	for _, table := range slices.Backward(tables) {
		h.sql(`DELETE FROM ` + table)
	}
	for _, table := range tables {
		h.sql(`INSERT INTO ` + table + ` SELECT * FROM kept_` + table)
		h.sql(`DROP TABLE kept_` + table)
	}
}

func TestVerifyAcceptsWhatTheLawErased(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		a := h.attacked()
		h.act(cnlpal, func(act *journal.Act) error { return act.Erase(ctx, a.open.ID, "droit à l’effacement") })
		if found := h.verify(); len(found) > 0 {
			t.Errorf("%+v", found)
		}
	})
}

func TestVerifyNamesRecordsThatExchangedTheirOrder(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		a := h.attacked()
		h.sql(`UPDATE record SET seq = 99 WHERE id = $1`, a.served.ID)
		h.sql(`UPDATE record SET seq = 2 WHERE id = $1`, a.internal.ID)
		h.sql(`UPDATE record SET seq = 3 WHERE id = $1`, a.served.ID)
		if found := h.verify(); len(found) != 1 || !strings.Contains(found[0].Sentence.In("fr"), "seq") {
			t.Errorf("%+v", found)
		}
	})
}
