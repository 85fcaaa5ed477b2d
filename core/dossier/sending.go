package dossier

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/file"
	"cadre/kit/id"
	"cadre/kit/text"
)

// The limits of what is sent in parts.
const (
	maxPart     = 256 << 10          // bytes of a part: a minute on the poorest line
	maxSendings = 20                 // that wait for the rest, of one person; the oldest is forgotten
	sendingAge  = 7 * 24 * time.Hour // of what waits for the rest
	maxMark     = 100                // characters
)

// Sending is a file that a person sends to a record in parts, so that a line that is cut costs
// one part and not the whole. It is found again by its name, its size and its mark.
type Sending struct {
	ID       string
	Record   string
	Person   string
	Name     string // of the file
	Size     int64  // bytes of the whole
	Mark     string // tells it from another of that name and size: when it was last changed, its digest
	Created  time.Time
	Received int64 // bytes that have come
}

const sendingColumns = `id, record_id, person_id, name, size, mark, created_at,
	(SELECT coalesce(sum(size), 0) FROM sending_part WHERE sending_id = sending.id)`

func (s *Sending) fields() []any {
	return []any{&s.ID, &s.Record, &s.Person, &s.Name, &s.Size, &s.Mark, db.Instant(&s.Created), &s.Received}
}

// SendPart keeps a part of a file: the bytes that come after the first at. A part that does not
// begin where the last one ended changes nothing: Received tells where to go on. The first part
// may be empty, to ask that of a file whose sending was cut.
func (m *Module) SendPart(ctx context.Context, v access.Viewer, s Sending, at int64, from io.Reader) (Sending, error) {
	if err := m.checkSending(&s); err != nil {
		return s, err
	}
	if err := m.mayAttach(ctx, v, s.Record); err != nil {
		return s, err
	}
	part, err := io.ReadAll(io.LimitReader(from, maxPart+1))
	if err != nil {
		return s, fault.New(fault.BadInput, "L’envoi s’est interrompu. Envoyez cette partie de nouveau.").Because(err)
	}
	if len(part) > maxPart || at < 0 || at > s.Size-int64(len(part)) {
		return s, fault.Invalid("at", "Une partie compte %d octets au plus, et tient dans le fichier annoncé.", maxPart)
	}
	sum, size, err := file.Digest(bytes.NewReader(part))
	if err != nil {
		return s, err
	}
	m.purging.RLock() // what is kept is not an orphan before its row is there
	defer m.purging.RUnlock()
	if size > 0 {
		if err := m.Files.Put(ctx, sum, size, bytes.NewReader(part)); err != nil {
			return s, fault.New(fault.Unavailable, "Le fichier ne peut pas être gardé en ce moment. Rien n’a été enregistré : réessayez plus tard.").Because(err)
		}
	}
	s.Person = v.Person
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.begin(ctx, tx, m.Clock.Now()); err != nil || size == 0 || at != s.Received {
			return err
		}
		s.Received += size
		_, err := tx.Exec(ctx, `INSERT INTO sending_part (sending_id, begins_at, size, digest) VALUES ($1, $2, $3, $4)`, s.ID, at, size, sum)
		return err
	})
	return s, err
}

func (m *Module) checkSending(s *Sending) error {
	var ok, known bool
	s.Name, ok = fileName(s.Name)
	s.Mark, known = text.Clean(s.Mark)
	switch {
	case s.Size > m.MaxSize:
		return m.tooLarge()
	case !ok || s.Name == "":
		return fault.Invalid("name", "Donnez le nom du fichier, de %d caractères au plus.", maxName)
	case !known || len([]rune(s.Mark)) > maxMark:
		return fault.Invalid("mark", "%d caractères au plus.", maxMark)
	case s.Size < 1:
		return fault.Invalid("size", "Donnez la taille du fichier, en octets.")
	}
	return m.named(s.Name)
}

// begin finds the sending again, or begins it in the place of the person's oldest.
func (s *Sending) begin(ctx context.Context, tx *db.Tx, now time.Time) error {
	known, err := db.One(ctx, tx, (*Sending).fields, `SELECT `+sendingColumns+` FROM sending
		WHERE person_id = $1 AND record_id = $2 AND name = $3 AND size = $4 AND mark = $5`, s.Person, s.Record, s.Name, s.Size, s.Mark)
	if err == nil {
		*s = known
	}
	if !errors.Is(err, db.ErrNone) {
		return err
	}
	s.ID, s.Created = id.New(), now
	waiting, err := db.Values[string](ctx, tx, `SELECT id FROM sending WHERE person_id = $1 ORDER BY id DESC`, s.Person)
	if err != nil {
		return err
	}
	if err := forget(ctx, tx, waiting[min(len(waiting), maxSendings-1):]); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO sending (id, record_id, person_id, name, size, mark, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.ID, s.Record, s.Person, s.Name, s.Size, s.Mark, s.Created)
	return err
}

// forget drops sendings; the bytes of their parts are removed later.
func forget(ctx context.Context, tx *db.Tx, ids []string) error {
	for _, query := range []string{`DELETE FROM sending_part WHERE sending_id IN json_list($1)`, `DELETE FROM sending WHERE id IN json_list($1)`} {
		if _, err := tx.Exec(ctx, query, db.JSON(ids)); err != nil {
			return err
		}
	}
	return nil
}

// AttachSent attaches a file of which all the parts have come, as Attach does. What is refused
// for what it holds is forgotten.
func (m *Module) AttachSent(ctx context.Context, v access.Viewer, recordID, sendingID string) (Attachment, error) {
	var s Sending
	var sums []string
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if s, err = db.One(ctx, tx, (*Sending).fields, `SELECT `+sendingColumns+` FROM sending WHERE id = $1 AND record_id = $2 AND person_id = $3`,
			sendingID, recordID, v.Person); err != nil {
			return err
		}
		sums, err = db.Values[string](ctx, tx, `SELECT digest FROM sending_part WHERE sending_id = $1 ORDER BY begins_at`, s.ID)
		return err
	})
	switch {
	case errors.Is(err, db.ErrNone):
		return Attachment{}, fault.Missing()
	case err != nil:
		return Attachment{}, err
	case s.Received < s.Size:
		return Attachment{}, fault.Invalid("file", "Ce fichier n’est pas encore arrivé en entier : choisissez-le de nouveau, l’envoi reprendra où il s’est arrêté.")
	}
	a, err := m.Attach(ctx, v, recordID, s.Name, &parts{ctx: ctx, files: m.Files, left: sums})
	if err == nil || fault.KindOf(err) == fault.BadInput {
		err = errors.Join(err, m.DB.Write(ctx, func(tx *db.Tx) error { return forget(ctx, tx, []string{s.ID}) }))
	}
	return a, err
}

// parts reads files of the store one after the other.
type parts struct {
	ctx   context.Context
	files file.Store
	left  []string // digests
	open  io.ReadCloser
}

// Read reads on.
func (p *parts) Read(b []byte) (int, error) {
	for {
		if p.open == nil {
			if len(p.left) == 0 {
				return 0, io.EOF
			}
			next, err := p.files.Open(p.ctx, p.left[0])
			if err != nil {
				return 0, err
			}
			p.open, p.left = next, p.left[1:]
		}
		n, err := p.open.Read(b)
		if err == io.EOF {
			err = p.open.Close()
			p.open = nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// expire forgets what has waited too long for its rest.
func (m *Module) expire(ctx context.Context) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := db.Values[string](ctx, tx, `SELECT id FROM sending WHERE created_at < $1`, m.Clock.Now().Add(-sendingAge))
		if err != nil {
			return err
		}
		return forget(ctx, tx, old)
	})
}
