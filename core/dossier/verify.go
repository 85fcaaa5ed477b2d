package dossier

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/file"
	"cadre/kit/text"
)

// Verify proves that what stands around the records agrees with the journal: each comment
// and each attachment is what the last entry about it says, by whom and when, and none is gone.
// VerifyFiles proves the bytes.
func Verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	pieces, err := db.All(ctx, tx, (*Attachment).fields, `SELECT `+attachmentColumns+` FROM attachment ORDER BY id`)
	if err != nil {
		return nil, err
	}
	comments, err := db.All(ctx, tx, (*Comment).fields, `SELECT `+commentColumns+` FROM comment ORDER BY id`)
	if err != nil {
		return nil, err
	}
	var kept []keepsake
	for _, a := range pieces {
		kept = append(kept, keepsake{&attachments, a.ID, a.Person, a.Structure, a.By, a.Version, a.Created, a.Updated, a.kept()})
	}
	for _, c := range comments {
		kept = append(kept, keepsake{&remarks, c.ID, c.Person, c.Structure, c.By, c.Version, c.Created, c.Updated, c.said()})
	}
	var all []journal.Finding
	for _, k := range kept {
		found, err := k.verify(ctx, tx)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	for _, s := range []*proof{&attachments, &remarks} {
		found, err := s.missing(ctx, tx)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// proof is how a kind of thing that stands around the records is proved, and what is said when it fails.
type proof struct {
	made   string // the action that makes one
	ids    string // those that are
	column string // that holds what the journal keeps of one
	absent string // told of one of which the journal knows nothing
	differ string // told of one that is not what an entry says
	gone   string // told of one that an entry made and that is no more
}

var (
	attachments = proof{attachmentAdded, `SELECT id FROM attachment`, "content", text.Key("La pièce jointe %s n’est pas dans le journal."),
		text.Key("La pièce jointe %s ne dit plus ce que dit l’entrée n° %d : %s."), text.Key("La pièce jointe %s, ajoutée par l’entrée n° %d, a été supprimée de la base.")}
	remarks = proof{commentWritten, `SELECT id FROM comment`, "text", text.Key("Le commentaire %s n’est pas dans le journal."),
		text.Key("Le commentaire %s ne dit plus ce que dit l’entrée n° %d : %s."), text.Key("Le commentaire %s, écrit par l’entrée n° %d, a été supprimé de la base.")}
)

// missing tells those that the journal made and the database has lost.
func (s *proof) missing(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	gone, err := db.All(ctx, tx, func(f *journal.Finding) []any { return []any{&f.Subject, &f.Entry} }, `
		SELECT subject, n FROM journal_entry WHERE action = $1 AND subject NOT IN (`+s.ids+`) ORDER BY n`, s.made)
	for i, f := range gone {
		gone[i].Sentence = text.M(s.gone, f.Subject, f.Entry)
	}
	return gone, err
}

// keepsake is a comment or an attachment, as its row says.
type keepsake struct {
	*proof
	id, person, structure, by string
	version                   int64
	created, updated          time.Time
	content                   any // as the journal keeps it
}

func (k keepsake) verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	entries, err := journal.History(ctx, tx, k.id)
	entries = slices.DeleteFunc(entries, func(e journal.Entry) bool { return e.Version == 0 })
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return []journal.Finding{{Entry: -1, Subject: k.id, Sentence: text.M(k.absent, k.id)}}, nil
	}
	first, last := entries[0], entries[len(entries)-1]
	if wrong := k.differences(first, last); len(wrong) > 0 {
		return []journal.Finding{{Entry: last.N, Subject: k.id, Sentence: text.M(k.differ, k.id, last.N, strings.Join(wrong, ", "))}}, nil
	}
	return nil, nil
}

// differences names what is not what the entries of the first and last versions say.
func (k keepsake) differences(first, last journal.Entry) []string {
	var wrong []string
	differ := func(is bool, name string) {
		if is {
			wrong = append(wrong, name)
		}
	}
	differ(first.Person != k.person, "person_id")
	differ(first.Structure != k.structure, "structure_id")
	differ(!first.At.Equal(k.created), "created_at")
	differ(last.Version != k.version, "version")
	differ(!last.At.Equal(k.updated), "updated_at")
	differ(last.Person != k.by, "updated_by")
	now, err := json.Marshal(k.content)
	differ(err != nil || last.Content != "" && string(now) != last.Content, k.column) // without content it was erased by law
	return wrong
}

// VerifyFiles reads every file that is attached and proves that its bytes are those of its digest.
func (m *Module) VerifyFiles(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	sums, err := db.Values[string](ctx, tx, `SELECT DISTINCT digest FROM attachment WHERE state = 'attached' ORDER BY digest`)
	var all []journal.Finding
	for _, sum := range sums {
		if whole, err := file.Whole(ctx, m.Files, sum); err != nil || !whole {
			all = append(all, journal.Finding{Entry: -1, Subject: sum, Sentence: text.M("Le fichier %s, joint à une fiche, manque ou n’est plus celui qui a été joint.", sum)})
		}
	}
	return all, err
}
