package desk

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/id"
	"cadre/kit/text"
)

// Wait is what reminders know of a task. Of the zero Wait nobody is reminded.
type Wait struct {
	Matter  string         // names it among all that waits for the institution, for as long as it waits
	Since   time.Time      // from when an answer is expected, perhaps in the future
	Marking access.Marking // of what it is about: above green, a mail says nothing of it
}

// Stage is how far the reminders of a matter have gone.
type Stage string

// The stages, in their order.
const (
	Holder Stage = "holder" // who holds the function, or stands in for them
	Deputy Stage = "deputy"
	Head   Stage = "head"
)

// Reminder is that people were told of a matter. The zero Reminder is none.
type Reminder struct {
	ID        string    `json:"id"`
	Structure string    `json:"structure"`
	Matter    string    `json:"matter"`
	Since     time.Time `json:"since"`
	Stage     Stage     `json:"stage"`
	People    []string  `json:"people"` // identifiers
	At        time.Time `json:"at"`
}

const reminderColumns = `id, structure_id, matter, since_at, stage, people, at`

func (r *Reminder) fields() []any {
	return []any{&r.ID, &r.Structure, &r.Matter, db.Instant(&r.Since), &r.Stage, db.JSON(&r.People), db.Instant(&r.At)}
}

const remindedAction = "desk.matter.reminded"

// insert stores a reminder and journals it.
func (r Reminder) insert(ctx context.Context, act *journal.Act) error {
	_, err := act.Exec(ctx, `INSERT INTO desk_reminder (`+reminderColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, r.Structure, r.Matter, r.Since, r.Stage, db.JSON(r.People), r.At)
	if err != nil {
		return err
	}
	return act.Record(ctx, remindedAction, r.ID, 1, r)
}

// reminders lists those of matters of an institution, the oldest first.
func reminders(ctx context.Context, tx *db.Tx, structure string, matters []string) ([]Reminder, error) {
	return db.All(ctx, tx, (*Reminder).fields, `SELECT `+reminderColumns+` FROM desk_reminder
		WHERE structure_id = $1 AND matter IN json_list($2) ORDER BY at, id`, structure, db.JSON(matters))
}

// about keeps the reminders of one wait.
func (w Wait) about(all []Reminder) []Reminder {
	return slices.DeleteFunc(slices.Clone(all), func(r Reminder) bool { return r.Matter != w.Matter || !r.Since.Equal(w.since()) })
}

// since is from when it waits, as exactly as it is stored.
func (w Wait) since() time.Time { return w.Since.UTC().Truncate(time.Microsecond) }

// remember says of each task who was told of it last.
func remember(ctx context.Context, tx *db.Tx, structure string, tasks []Task) error {
	var matters []string
	for _, t := range tasks {
		if t.Matter != "" {
			matters = append(matters, t.Matter)
		}
	}
	all, err := reminders(ctx, tx, structure, matters)
	for i, t := range tasks {
		if told := t.about(all); t.Matter != "" && len(told) > 0 {
			tasks[i].Reminded = told[len(told)-1]
		}
	}
	return err
}

// Last is the last reminder of a wait of an institution, zero for none.
func Last(ctx context.Context, tx *db.Tx, structure string, w Wait) (Reminder, error) {
	all, err := reminders(ctx, tx, structure, []string{w.Matter})
	told := w.about(all)
	if len(told) == 0 {
		return Reminder{}, err
	}
	return told[len(told)-1], err
}

// Words says who was told, and when; nothing for no reminder.
func (r Reminder) Words(ctx context.Context, zone *time.Location) string {
	day := text.Date(ctx, r.At.In(zone))
	switch r.Stage {
	case Holder:
		return text.T(ctx, "Rappelé le %s", day)
	case Deputy:
		return text.T(ctx, "Transmis au suppléant le %s", day)
	case Head:
		return text.T(ctx, "Transmis au responsable le %s", day)
	}
	return ""
}

// reminder is the notice as it is remembered.
func (n notice) reminder(structure string, at time.Time) Reminder {
	r := Reminder{ID: id.New(), Structure: structure, Matter: n.Matter, Since: n.since(), Stage: n.stage, At: at}
	for _, a := range n.to {
		r.People = append(r.People, a.Person)
	}
	return r
}
