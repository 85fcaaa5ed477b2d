package calendar

import (
	"context"
	"embed"
	"errors"
	"time"

	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/text"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "calendar", Files: files}

// What the journal calls the acts on days.
const (
	decidedAction   = "calendar.holiday.decided"
	movedAction     = "calendar.holiday.moved"
	withdrawnAction = "calendar.holiday.withdrawn"
)

const columns = `id, holiday, day, source, version`

func (d *Decision) fields() []any {
	return []any{&d.ID, &d.Holiday, &d.Day, &d.Source, &d.Version}
}

// all lists what was decided, by day.
func all(ctx context.Context, tx *db.Tx) ([]Decision, error) {
	return db.All(ctx, tx, (*Decision).fields, `SELECT `+columns+` FROM calendar_holiday ORDER BY day, id`)
}

// one reads a decision; it is missing when there is none of that identifier.
func one(ctx context.Context, tx *db.Tx, id string) (Decision, error) {
	d, err := db.One(ctx, tx, (*Decision).fields, `SELECT `+columns+` FROM calendar_holiday WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return d, err
}

// expected reads the version of a decision that somebody read, or tells that another has come since.
func expected(ctx context.Context, tx *db.Tx, id string, expect int64) (Decision, error) {
	d, err := one(ctx, tx, id)
	if err == nil && d.Version != expect {
		err = fault.New(fault.Conflict, "Quelqu’un a changé cette date entre-temps : c’est maintenant le %s. Gardez-la, ou enregistrez la vôtre.", d.Day.In(time.UTC).Format("02/01/2006"))
	}
	return d, err
}

func store(ctx context.Context, tx *db.Tx, d Decision) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO calendar_holiday (`+columns+`) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET holiday = excluded.holiday, day = excluded.day, source = excluded.source, version = excluded.version`,
		d.ID, d.Holiday, d.Day.String(), d.Source, d.Version)
	return err
}

func remove(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM calendar_holiday WHERE id = $1`, id)
	return err
}

// Verify proves that the days decided are what the last entries about them say, and that none is lost.
func Verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	decided, err := all(ctx, tx)
	if err != nil {
		return nil, err
	}
	var rows []journal.Kept
	for _, d := range decided {
		rows = append(rows, journal.Kept{Subject: d.ID, Version: d.Version, Content: d})
	}
	return journal.Agree(ctx, tx, rows, text.Key("La date %s d’un jour férié"), withdrawnAction, decidedAction, movedAction)
}
