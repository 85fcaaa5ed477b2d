package dossier

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/page"
)

// The limits of comments.
const (
	maxComment  = 10_000 // characters
	maxMentions = 20     // in one comment
	maxHourly   = 60     // comments of one person in an hour: each may send mails
)

// The states of a comment.
const (
	written   = "written"
	withdrawn = "withdrawn"
)

// What the journal calls the acts on comments.
const (
	commentWritten   = "dossier.comment.written"
	commentAmended   = "dossier.comment.amended"
	commentWithdrawn = "dossier.comment.withdrawn"
)

// Comment is what a person wrote on a record.
type Comment struct {
	ID        string
	Record    string
	Person    string // author
	Structure string // that the author then served
	Text      string // Markdown; a mention is @ and an identifier; empty once withdrawn
	State     string
	Version   int64
	Created   time.Time
	Updated   time.Time
	By        string // who changed or withdrew it last
}

const commentColumns = `comment.id, comment.record_id, comment.person_id, comment.structure_id, comment.text, comment.state,
	comment.version, comment.created_at, comment.updated_at, comment.updated_by`

func (c *Comment) fields() []any {
	return []any{&c.ID, &c.Record, &c.Person, &c.Structure, &c.Text, &c.State, &c.Version, db.Instant(&c.Created), db.Instant(&c.Updated), &c.By}
}

// said is a version of a comment as the journal keeps it.
type said struct {
	Record string `json:"record"`
	State  string `json:"state"`
	Text   string `json:"text"`
}

func (c Comment) said() said { return said{c.Record, c.State, c.Text} }

// Comments returns a page of the comments of a record, the newest first, of what the viewer may see.
func Comments(ctx context.Context, tx *db.Tx, v access.Viewer, recordID string, p page.Request) (page.Of[Comment], error) {
	total, err := db.Value[int](ctx, tx, `
		SELECT count(*) FROM comment JOIN record ON record.id = comment.record_id WHERE comment.record_id = $3 AND `+access.VisibleOne, v.Args(recordID)...)
	if err != nil || total == 0 {
		return page.Of[Comment]{}, err
	}
	compare, order, from := `<`, `DESC`, p.ID
	switch {
	case p.Back:
		compare, order = `>`, `ASC`
	case p.ID == "":
		from = "g" // after every identifier, which is of digits, hyphens and a–f
	}
	rows, err := db.All(ctx, tx, (*Comment).fields, `
		SELECT `+commentColumns+` FROM comment JOIN record ON record.id = comment.record_id
		WHERE comment.record_id = $3 AND comment.id `+compare+` $4 AND `+access.VisibleOne+`
		ORDER BY comment.id `+order+` LIMIT $5`, v.Args(recordID, from, p.Limit+1)...)
	if err != nil {
		return page.Of[Comment]{}, err
	}
	return page.Cut(p, rows, total, func(c Comment) (string, string) { return "", c.ID }), nil
}

// findComment reads a comment of a record that the viewer sees.
func findComment(ctx context.Context, tx *db.Tx, r record.Record, commentID string) (Comment, error) {
	c, err := db.One(ctx, tx, (*Comment).fields, `SELECT `+commentColumns+` FROM comment WHERE id = $1 AND record_id = $2`, commentID, r.ID)
	if errors.Is(err, db.ErrNone) {
		return c, fault.Missing()
	}
	return c, err
}

// Write puts a comment on a record and tells those whom it mentions and those who follow.
func (m *Module) Write(ctx context.Context, v access.Viewer, recordID, text string) (Comment, error) {
	var c Comment
	err := m.Log.Write(ctx, v, func(act *journal.Act) (err error) {
		c, err = m.Put(ctx, act, recordID, text)
		return err
	})
	return c, err
}

// Put is Write within an act.
func (m *Module) Put(ctx context.Context, act *journal.Act, recordID, text string) (Comment, error) {
	v := act.By
	r, err := record.Find(ctx, act.Tx, v, recordID)
	if err != nil {
		return Comment{}, err
	}
	if err := contributes(v); err != nil {
		return Comment{}, err
	}
	if err := slowly(ctx, act); err != nil {
		return Comment{}, err
	}
	c := Comment{ID: id.New(), Record: r.ID, Person: v.Person, Structure: v.Structure, State: written, Version: 1, Created: act.At, Updated: act.At, By: v.Person}
	named, err := m.read(ctx, act.Tx, r, text, &c)
	if err != nil {
		return c, err
	}
	_, err = act.Exec(ctx, `
		INSERT INTO comment (id, record_id, person_id, structure_id, text, state, version, created_at, updated_at, updated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, c.Record, c.Person, c.Structure, c.Text, c.State, c.Version, c.Created, c.Updated, c.By)
	if err != nil {
		return c, err
	}
	if err := m.tell(ctx, act, r, named, true); err != nil {
		return c, err
	}
	return c, act.Record(ctx, commentWritten, c.ID, c.Version, c.said())
}

// slowly refuses more comments than a person writes in an hour.
func slowly(ctx context.Context, act *journal.Act) error {
	n, err := db.Value[int](ctx, act.Tx, `SELECT count(*) FROM comment WHERE person_id = $1 AND created_at > $2`, act.By.Person, act.At.Add(-time.Hour))
	if err == nil && n >= maxHourly {
		err = fault.New(fault.TooMany, "Vous avez écrit %d commentaires en une heure. Attendez un peu avant le suivant.", n)
	}
	return err
}

// read checks a text and gives it to the comment; named are those whom it mentions.
func (m *Module) read(ctx context.Context, tx *db.Tx, r record.Record, text string, c *Comment) (named, error) {
	n := utf8.RuneCountInString(text)
	switch {
	case n == 0:
		return named{}, fault.Invalid("text", "Écrivez votre commentaire.")
	case n > maxComment:
		return named{}, fault.Invalid("text", "Ce commentaire a %d caractères ; %d au plus. Raccourcissez-le, ou joignez un document.", n, maxComment)
	}
	found, err := m.mentioned(ctx, tx, r, text)
	if err != nil {
		return named{}, err
	}
	c.Text = found.keep(text)
	return found, nil
}

// Amend changes the text of a comment, by its author. Those who are newly mentioned are told.
func (m *Module) Amend(ctx context.Context, v access.Viewer, recordID, commentID, text string, expect int64) (Comment, error) {
	var c Comment
	err := m.change(ctx, v, recordID, commentID, func(act *journal.Act, r record.Record, found Comment) error {
		if found.Person != v.Person {
			return fault.New(fault.Forbidden, "Seul l’auteur d’un commentaire le modifie.")
		}
		if found.State == withdrawn {
			return fault.New(fault.Conflict, "Ce commentaire est retiré.")
		}
		before := found
		to, err := m.read(ctx, act.Tx, r, text, &found)
		if err != nil {
			return err
		}
		if err := m.tell(ctx, act, r, to.besides(before.Text), false); err != nil {
			return err
		}
		c, err = found.save(ctx, act, commentAmended, expect)
		return err
	})
	return c, err
}

// Withdraw takes the text of a comment away, by its author or by who keeps order there. The
// place of the comment stays, with who withdrew it.
func (m *Module) Withdraw(ctx context.Context, v access.Viewer, recordID, commentID string, expect int64) (Comment, error) {
	var c Comment
	err := m.change(ctx, v, recordID, commentID, func(act *journal.Act, r record.Record, found Comment) (err error) {
		if found.Person != v.Person && !tidies(v, r) {
			return fault.New(fault.Forbidden, "Un commentaire est retiré par son auteur, par la structure qui tient la fiche ou par le secrétariat permanent.")
		}
		if found.State == withdrawn {
			return fault.New(fault.Conflict, "Ce commentaire est retiré.")
		}
		found.State, found.Text = withdrawn, ""
		c, err = found.save(ctx, act, commentWithdrawn, expect)
		return err
	})
	return c, err
}

// change finds a comment and does something to it.
func (m *Module) change(ctx context.Context, v access.Viewer, recordID, commentID string, do func(*journal.Act, record.Record, Comment) error) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		r, err := record.Find(ctx, act.Tx, v, recordID)
		if err != nil {
			return err
		}
		if err := contributes(v); err != nil {
			return err
		}
		c, err := findComment(ctx, act.Tx, r, commentID)
		if err != nil {
			return err
		}
		return do(act, r, c)
	})
}

// save stores a changed comment as its next version, when expect is the one that its author had read.
func (c Comment) save(ctx context.Context, act *journal.Act, action string, expect int64) (Comment, error) {
	n, err := act.Exec(ctx, `UPDATE comment SET text = $1, state = $2, version = version + 1, updated_at = $3, updated_by = $4 WHERE id = $5 AND version = $6`,
		c.Text, c.State, act.At, act.By.Person, c.ID, expect)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "Ce commentaire a été modifié entre-temps. Votre texte est conservé ci-dessous.")
	}
	if err != nil {
		return c, err
	}
	c.Version, c.Updated, c.By = expect+1, act.At, act.By.Person
	return c, act.Record(ctx, action, c.ID, c.Version, c.said())
}
