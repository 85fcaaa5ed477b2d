package dossier

import (
	"context"
	"errors"
	"io"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
)

// The limits of attachments, besides the size of each.
const (
	maxAttached       = 100 // on one record
	maxAttachedHourly = 60  // by one person
	maxName           = 200 // characters of the name of a file
)

// attached is the state of an attachment that is there.
const attached = "attached"

// What the journal calls the acts on attachments.
const (
	attachmentAdded     = "dossier.attachment.added"
	attachmentWithdrawn = "dossier.attachment.withdrawn"
)

// Attachment is a file that a person attached to a record.
type Attachment struct {
	ID        string
	Record    string
	Person    string // who attached it
	Structure string // that they then served
	Name      string // of the file, as its sender calls it
	Type      string // media type, by its content
	Size      int64  // bytes
	Digest    string // SHA-256 of the bytes, in hexadecimal
	Scanned   string // clean when an antivirus has read it, else empty
	State     string
	Version   int64
	Created   time.Time
	Updated   time.Time
	By        string // who withdrew it
}

const attachmentColumns = `attachment.id, attachment.record_id, attachment.person_id, attachment.structure_id, attachment.name, attachment.type, attachment.size,
	attachment.digest, attachment.scanned, attachment.state, attachment.version, attachment.created_at, attachment.updated_at, attachment.updated_by`

func (a *Attachment) fields() []any {
	return []any{&a.ID, &a.Record, &a.Person, &a.Structure, &a.Name, &a.Type, &a.Size, &a.Digest, &a.Scanned, &a.State, &a.Version,
		db.Instant(&a.Created), db.Instant(&a.Updated), &a.By}
}

// kept is an attachment as the journal keeps it.
type kept struct {
	Record  string `json:"record"`
	State   string `json:"state"`
	Name    string `json:"name"`
	Type    string `json:"type"`
	Size    int64  `json:"size"`
	Digest  string `json:"digest"`
	Scanned string `json:"scanned"`
}

func (a Attachment) kept() kept {
	return kept{a.Record, a.State, a.Name, a.Type, a.Size, a.Digest, a.Scanned}
}

// Attachments lists what is attached to a record, the oldest first, of what the viewer may see.
func Attachments(ctx context.Context, tx *db.Tx, v access.Viewer, recordID string) ([]Attachment, error) {
	return db.All(ctx, tx, (*Attachment).fields, `
		SELECT `+attachmentColumns+` FROM attachment JOIN record ON record.id = attachment.record_id
		WHERE attachment.record_id = $3 AND `+access.VisibleOne+` ORDER BY attachment.id`, v.Args(recordID)...)
}

// findAttachment reads what is attached to a record that the viewer sees.
func findAttachment(ctx context.Context, tx *db.Tx, r record.Record, attachmentID string) (Attachment, error) {
	a, err := db.One(ctx, tx, (*Attachment).fields, `SELECT `+attachmentColumns+` FROM attachment WHERE id = $1 AND record_id = $2`, attachmentID, r.ID)
	if errors.Is(err, db.ErrNone) {
		return a, fault.Missing()
	}
	return a, err
}

// Attach reads a file to its end, checks what it is, keeps it and attaches it to a record.
func (m *Module) Attach(ctx context.Context, v access.Viewer, recordID, name string, from io.Reader) (Attachment, error) {
	if err := m.mayAttach(ctx, v, recordID); err != nil {
		return Attachment{}, err
	}
	a, err := m.receive(ctx, name, from)
	if err != nil {
		return a.Attachment, err
	}
	defer a.file.Close() //nolint:errcheck // it has no name any more
	m.purging.RLock()    // what is kept is not an orphan before its row is there
	defer m.purging.RUnlock()
	if err := m.Files.Put(ctx, a.Digest, a.Size, a.file); err != nil {
		return a.Attachment, fault.New(fault.Unavailable, "Le fichier ne peut pas être gardé en ce moment. Rien n’a été enregistré : réessayez plus tard.").Because(err)
	}
	err = m.Log.Write(ctx, v, func(act *journal.Act) error { return a.add(ctx, act, recordID) })
	return a.Attachment, err
}

// mayAttach refuses before a file is read what would be refused after.
func (m *Module) mayAttach(ctx context.Context, v access.Viewer, recordID string) error {
	return m.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := record.Find(ctx, tx, v, recordID)
		if err != nil {
			return err
		}
		return room(ctx, tx, v, r, m.Clock.Now())
	})
}

// room refuses more files than a record holds, or a person attaches in an hour.
func room(ctx context.Context, tx *db.Tx, v access.Viewer, r record.Record, now time.Time) error {
	if err := contributes(v); err != nil {
		return err
	}
	n, err := db.Value[int](ctx, tx, `SELECT count(*) FROM attachment WHERE record_id = $1 AND state = $2`, r.ID, attached)
	if err == nil && n >= maxAttached {
		return fault.Invalid("file", "Cette fiche porte %d pièces jointes : retirez-en avant d’en ajouter.", n)
	}
	if err != nil {
		return err
	}
	n, err = db.Value[int](ctx, tx, `SELECT count(*) FROM attachment WHERE person_id = $1 AND created_at > $2`, v.Person, now.Add(-time.Hour))
	if err == nil && n >= maxAttachedHourly {
		err = fault.New(fault.TooMany, "Vous avez joint %d fichiers en une heure. Attendez un peu avant le suivant.", n)
	}
	return err
}

// add stores the row of a file that is kept.
func (a *Attachment) add(ctx context.Context, act *journal.Act, recordID string) error {
	r, err := record.Find(ctx, act.Tx, act.By, recordID)
	if err != nil {
		return err
	}
	if err := room(ctx, act.Tx, act.By, r, act.At); err != nil {
		return err
	}
	a.ID, a.Record, a.Person, a.Structure, a.State, a.Version, a.Created, a.Updated, a.By = id.New(), r.ID, act.By.Person, act.By.Structure, attached, 1, act.At, act.At, act.By.Person
	_, err = act.Exec(ctx, `
		INSERT INTO attachment (id, record_id, person_id, structure_id, name, type, size, digest, scanned, state, version, created_at, updated_at, updated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		a.ID, a.Record, a.Person, a.Structure, a.Name, a.Type, a.Size, a.Digest, a.Scanned, a.State, a.Version, a.Created, a.Updated, a.By)
	if err != nil {
		return err
	}
	return act.Record(ctx, attachmentAdded, a.ID, a.Version, a.kept())
}

// Detach withdraws an attachment, by who attached it or by who keeps order there. Its name
// stays, with who withdrew it; its bytes are removed later.
func (m *Module) Detach(ctx context.Context, v access.Viewer, recordID, attachmentID string) (Attachment, error) {
	var a Attachment
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		r, err := record.Find(ctx, act.Tx, v, recordID)
		if err != nil {
			return err
		}
		if a, err = findAttachment(ctx, act.Tx, r, attachmentID); err != nil {
			return err
		}
		if err := contributes(v); err != nil {
			return err
		}
		if a.Person != v.Person && !tidies(v, r) {
			return fault.New(fault.Forbidden, "Une pièce est retirée par qui l’a jointe, par la structure qui tient la fiche ou par le secrétariat permanent.")
		}
		if a.State == withdrawn {
			return fault.New(fault.Conflict, "Cette pièce jointe est retirée.")
		}
		a.State, a.Version, a.Updated, a.By = withdrawn, a.Version+1, act.At, v.Person
		if _, err := act.Exec(ctx, `UPDATE attachment SET state = $1, version = $2, updated_at = $3, updated_by = $4 WHERE id = $5`, a.State, a.Version, a.Updated, a.By, a.ID); err != nil {
			return err
		}
		return act.Record(ctx, attachmentWithdrawn, a.ID, a.Version, a.kept())
	})
	return a, err
}

// Fetch opens the bytes of an attachment. One that was withdrawn is missing, as what does not exist.
func (m *Module) Fetch(ctx context.Context, v access.Viewer, recordID, attachmentID string) (Attachment, io.ReadSeekCloser, error) {
	var a Attachment
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := record.Find(ctx, tx, v, recordID)
		if err != nil {
			return err
		}
		if a, err = findAttachment(ctx, tx, r, attachmentID); err == nil && a.State != attached {
			err = fault.Missing()
		}
		return err
	})
	if err != nil {
		return a, nil, err
	}
	file, err := m.Files.Open(ctx, a.Digest)
	if err != nil {
		err = fault.New(fault.Unavailable, "Ce fichier ne peut pas être lu en ce moment. Réessayez plus tard.").Because(err)
	}
	return a, file, err
}
