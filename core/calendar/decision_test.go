package calendar_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/calendar"
	"cadre/core/journal"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/id"
	"cadre/kit/once"
	"cadre/kit/test"
	"cadre/packs"
	"cadre/packs/togo"
)

var secretariat = access.Viewer{Person: id.New(), Functions: []access.Function{access.Secretariat}}

// office is the permanent secretariat before its calendar.
type office struct {
	*calendar.Module
	t *testing.T
}

func eachOffice(t *testing.T, fn func(*testing.T, office)) {
	p, err := packs.Load(togo.Files)
	if err != nil {
		t.Fatal(err)
	}
	test.EachDB(t, []db.Schema{once.Schema, access.Schema, journal.Schema, calendar.Schema}, func(t *testing.T, d *db.DB) {
		key, err := journal.LoadKey(filepath.Join(t.TempDir(), "journal.key"))
		if err != nil {
			t.Fatal(err)
		}
		c := clock.At(test.Noon)
		fn(t, office{&calendar.Module{DB: d, Log: journal.New(d, c, key, ""), Clock: c, Zone: time.UTC, Pack: p}, t})
	})
}

func (o office) decide(holiday, on string) calendar.Decision {
	o.t.Helper()
	d, err := o.Decide(o.t.Context(), secretariat, calendar.DayInput{Holiday: holiday, Day: day(o.t, on)})
	if err != nil {
		o.t.Fatal(err)
	}
	return d
}

func (o office) working(on string) bool {
	o.t.Helper()
	var c *calendar.Calendar
	err := o.DB.Read(o.t.Context(), func(tx *db.Tx) (err error) {
		c, err = o.Of(o.t.Context(), tx)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return c.Working(day(o.t, on))
}

// wrong lists the sentences about one field.
func wrong(err error, field string) string {
	for _, f := range form.Of(nil, err).Faults {
		if f.Name == field {
			return f.Sentence.In("fr")
		}
	}
	return ""
}

func TestADayIsDecidedMovedWithdrawn(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		if !o.working("2027-05-19") {
			t.Fatal("the day is no working day before anybody has decided")
		}
		d := o.decide("tabaski", "2027-05-19")
		if o.working("2027-05-19") {
			t.Error("the day decided is a working day")
		}
		d, err := o.Move(t.Context(), secretariat, d.ID, d.Version, calendar.DayInput{Holiday: "tabaski", Day: day(t, "2027-05-20"), Source: "Communiqué du 10 mai 2027"})
		if err != nil || d.Version != 2 {
			t.Fatal(d, err)
		}
		if !o.working("2027-05-19") || o.working("2027-05-20") {
			t.Error("the day did not move")
		}
		if err := o.Withdraw(t.Context(), secretariat, d.ID, d.Version); err != nil {
			t.Fatal(err)
		}
		if !o.working("2027-05-20") {
			t.Error("the day withdrawn is no working day")
		}
		if err := o.Withdraw(t.Context(), secretariat, d.ID, d.Version); fault.KindOf(err) != fault.NotFound {
			t.Error("withdrawn twice:", err)
		}
		o.sound()
	})
}

func TestWhatADayMayBe(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		d := o.decide("mawlid", "2027-01-02")
		o.decide("mawlid", "2027-12-23") // a lunar year later, in the same year
		for _, tt := range []struct {
			name, holiday, day, field, want string
		}{
			{"no holiday", "", "2027-05-19", "holiday", "Choisissez une fête de la liste."},
			{"one that a rule fixes", "christmas", "2027-05-19", "holiday", "Choisissez une fête de la liste."},
			{"no day", "tabaski", "", "day", "Indiquez le jour."},
			{"long ago", "tabaski", "2020-07-31", "day", "Donnez un jour des années 2025 à 2028."},
			{"far away", "tabaski", "2029-04-24", "day", "Donnez un jour des années 2025 à 2028."},
			{"it has its day already", "mawlid", "2027-01-03", "day", "Cette fête a déjà une date, le 02/01/2027 : changez-la plutôt."},
		} {
			_, err := o.Decide(t.Context(), secretariat, calendar.DayInput{Holiday: tt.holiday, Day: day(t, tt.day)})
			if got := wrong(err, tt.field); plain(got) != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
		}
		_, err := o.Decide(t.Context(), secretariat, calendar.DayInput{Holiday: "tabaski", Day: day(t, "2027-05-19"), Source: strings.Repeat("é", 301)})
		if got := wrong(err, "source"); got != "300 caractères au plus." {
			t.Error(got)
		}
		if _, err := o.Move(t.Context(), secretariat, d.ID, d.Version, calendar.DayInput{Holiday: "mawlid", Day: day(t, "2027-01-03")}); err != nil {
			t.Error("a day stands in the way of its own change:", err)
		}
	})
}

// plain is a sentence without the spaces of French typography.
func plain(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }

func TestTheSecondToChangeADayIsTold(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		d := o.decide("tabaski", "2027-05-19")
		move := func(to string) error {
			_, err := o.Move(t.Context(), secretariat, d.ID, d.Version, calendar.DayInput{Holiday: "tabaski", Day: day(t, to)})
			return err
		}
		if err := move("2027-05-20"); err != nil {
			t.Fatal(err)
		}
		err := move("2027-05-21")
		if fault.KindOf(err) != fault.Conflict || !strings.Contains(form.Of(nil, err).Faults[0].Sentence.In("fr"), "20/05/2027") {
			t.Error(err)
		}
		if o.working("2027-05-20") {
			t.Error("the second change was taken")
		}
	})
}

func (o office) sound() {
	o.t.Helper()
	if found := o.findings(); len(found) > 0 {
		o.t.Error(found)
	}
}

func (o office) findings() []journal.Finding {
	o.t.Helper()
	var found []journal.Finding
	err := o.DB.Read(o.t.Context(), func(tx *db.Tx) (err error) {
		found, err = calendar.Verify(o.t.Context(), tx)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return found
}

func TestVerifyNamesTheDayThatWasAltered(t *testing.T) {
	for name, sql := range map[string]string{
		"moved":   `UPDATE calendar_holiday SET day = '2027-05-21' WHERE id = $1`,
		"removed": `DELETE FROM calendar_holiday WHERE id = $1`,
		"added":   `INSERT INTO calendar_holiday (id, holiday, day, source, version) SELECT 'x' || $1, 'mawlid', '2027-08-16', '', 1`,
	} {
		t.Run(name, func(t *testing.T) {
			eachOffice(t, func(t *testing.T, o office) {
				d := o.decide("tabaski", "2027-05-19")
				o.sound()
				err := o.DB.Write(t.Context(), func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), sql, d.ID)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if found := o.findings(); len(found) != 1 || !strings.HasSuffix(found[0].Subject, d.ID) {
					t.Error(found)
				}
			})
		})
	}
}
