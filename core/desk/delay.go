package desk

import (
	"context"
	"embed"
	"errors"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/text"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "desk", Files: files}

// Delays say how long something may wait before somebody is told of it, in working days.
type Delays struct {
	Holder int `json:"holder" form:"holder" minimum:"1" maximum:"60" doc:"Working days after which the holder of the function is reminded"`
	Deputy int `json:"deputy" form:"deputy" minimum:"1" maximum:"60" doc:"Working days after that, the deputy is told"`
	Head   int `json:"head" form:"head" minimum:"1" maximum:"60" doc:"Working days after that, the head is told"`
}

// Setting is the delays in force.
type Setting struct {
	Delays
	Version int64 `json:"version"` // 1 as long as they are those of the country pack
}

const (
	delaysID     = "desk.delays" // subject of the delays in the journal
	delaysAction = "desk.delays.set"
	maxDelay     = 60 // working days
)

// settles lets in who sets the delays.
var settles = access.Reserved(text.Key("Seul le secrétariat permanent règle les délais de rappel."), access.Secretariat)

func (d Delays) check() error {
	var c fault.Collect
	for _, one := range []struct {
		field string
		days  int
	}{{"holder", d.Holder}, {"deputy", d.Deputy}, {"head", d.Head}} {
		c.Need(one.days >= 1 && one.days <= maxDelay, one.field, "Donnez un nombre de jours ouvrables entre 1 et %d.", maxDelay)
	}
	return c.Fault()
}

// Delays reads the delays in force.
func (m *Module) Delays(ctx context.Context, tx *db.Tx) (Setting, error) {
	s, err := stored(ctx, tx)
	if errors.Is(err, db.ErrNone) {
		return Setting{Delays(m.Reminders), 1}, nil
	}
	return s, err
}

func stored(ctx context.Context, tx *db.Tx) (Setting, error) {
	return db.One(ctx, tx, func(s *Setting) []any { return []any{&s.Holder, &s.Deputy, &s.Head, &s.Version} },
		`SELECT holder, deputy, head, version FROM desk_delay WHERE id = $1`, delaysID)
}

// SetDelays changes the delays. expect is the version that the author read. What waits already is
// counted anew: nobody is told twice of the same.
func (m *Module) SetDelays(ctx context.Context, v access.Viewer, expect int64, d Delays) (Setting, error) {
	next := Setting{d, expect + 1}
	if err := d.check(); err != nil {
		return next, err
	}
	return next, m.Log.Write(ctx, v, func(act *journal.Act) error {
		now, err := m.Delays(ctx, act.Tx)
		if err != nil {
			return err
		}
		if now.Version != expect {
			return fault.New(fault.Conflict, "Quelqu’un a changé ces délais entre-temps : ils sont maintenant de %d, %d et %d jours. Gardez-les, ou enregistrez les vôtres.", now.Holder, now.Deputy, now.Head)
		}
		if _, err := act.Exec(ctx, `
			INSERT INTO desk_delay (id, holder, deputy, head, version) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, deputy = excluded.deputy, head = excluded.head, version = excluded.version`,
			delaysID, d.Holder, d.Deputy, d.Head, next.Version); err != nil {
			return err
		}
		return act.Record(ctx, delaysAction, delaysID, next.Version, d)
	})
}

// Verify proves that the delays and the reminders are what the last entries about them say.
func Verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	var rows []journal.Kept
	s, err := stored(ctx, tx)
	if err == nil {
		rows = append(rows, journal.Kept{Subject: delaysID, Version: s.Version, Content: s.Delays})
	} else if !errors.Is(err, db.ErrNone) {
		return nil, err
	}
	found, err := journal.Agree(ctx, tx, rows, text.Key("Le réglage %s"), "", delaysAction)
	if err != nil {
		return nil, err
	}
	rows = nil
	err = db.Each(ctx, tx, (*Reminder).fields, func(r Reminder) error {
		rows = append(rows, journal.Kept{Subject: r.ID, Version: 1, Content: r})
		return nil
	}, `SELECT `+reminderColumns+` FROM desk_reminder ORDER BY id`)
	if err != nil {
		return nil, err
	}
	told, err := journal.Agree(ctx, tx, rows, text.Key("Le rappel %s"), "", remindedAction)
	return append(found, told...), err
}
