package desk_test

import (
	"path/filepath"
	"testing"

	"cadre/core/access"
	"cadre/core/desk"
	"cadre/core/journal"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/id"
	"cadre/kit/once"
	"cadre/kit/test"
	"cadre/packs"
)

func TestDelays(t *testing.T) {
	secretariat := access.Viewer{Person: id.New(), Functions: []access.Function{access.Secretariat}}
	test.EachDB(t, []db.Schema{once.Schema, access.Schema, journal.Schema, desk.Schema}, func(t *testing.T, d *db.DB) {
		key, err := journal.LoadKey(filepath.Join(t.TempDir(), "journal.key"))
		if err != nil {
			t.Fatal(err)
		}
		m := &desk.Module{DB: d, Log: journal.New(d, clock.At(test.Noon), key, ""), Reminders: packs.Reminders{Holder: 3, Deputy: 3, Head: 5}}
		read := func() (s desk.Setting) {
			t.Helper()
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				if s, err = m.Delays(t.Context(), tx); err != nil {
					return err
				}
				found, err := desk.Verify(t.Context(), tx)
				if len(found) > 0 {
					t.Error(found)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		first := read()
		if want := (desk.Setting{Delays: desk.Delays{Holder: 3, Deputy: 3, Head: 5}, Version: 1}); first != want {
			t.Errorf("before anybody has set them: %v", first)
		}
		set, err := m.SetDelays(t.Context(), secretariat, first.Version, desk.Delays{Holder: 2, Deputy: 4, Head: 10})
		if err != nil || read() != set || set.Version != 2 {
			t.Error(set, err)
		}
		if _, err := m.SetDelays(t.Context(), secretariat, first.Version, desk.Delays{Holder: 1, Deputy: 1, Head: 1}); fault.KindOf(err) != fault.Conflict {
			t.Error("the second to set them is not told:", err)
		}
		_, err = m.SetDelays(t.Context(), secretariat, set.Version, desk.Delays{Holder: 0, Deputy: 4, Head: 61})
		if faults := form.Of(nil, err).Faults; len(faults) != 2 || faults[0].Name != "holder" || faults[1].Name != "head" {
			t.Error(err)
		}
		if read() != set {
			t.Error("what was refused was written")
		}
	})
}
