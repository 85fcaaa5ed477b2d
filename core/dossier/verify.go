package dossier

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/file"
)

// Verify proves that what stands around the records agrees with the journal: each comment
// and each attachment is what the last entry about it says, by whom and when, and none is gone.
// VerifyFiles proves the bytes.
func Verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	all, err := verifyAttachments(ctx, tx)
	if err != nil {
		return nil, err
	}
	comments, err := db.All(ctx, tx, (*Comment).fields, `SELECT `+commentColumns+` FROM comment ORDER BY id`)
	if err != nil {
		return nil, err
	}
	for _, c := range comments {
		found, err := c.verify(ctx, tx)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	gone, err := db.All(ctx, tx, func(f *journal.Finding) []any { return []any{&f.Subject, &f.Entry} }, `
		SELECT subject, n FROM journal_entry WHERE action = $1 AND subject NOT IN (SELECT id FROM comment) ORDER BY n`, commentWritten)
	for _, f := range gone {
		f.Sentence = fmt.Sprintf("Le commentaire %s, écrit par l’entrée n° %d, a été supprimé de la base.", f.Subject, f.Entry)
		all = append(all, f)
	}
	return all, err
}

func (c Comment) verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	entries, err := journal.History(ctx, tx, c.ID)
	entries = slices.DeleteFunc(entries, func(e journal.Entry) bool { return e.Version == 0 })
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return []journal.Finding{{Entry: -1, Subject: c.ID, Sentence: fmt.Sprintf("Le commentaire %s n’est pas dans le journal.", c.ID)}}, nil
	}
	first, last := entries[0], entries[len(entries)-1]
	if wrong := c.differences(first, last); len(wrong) > 0 {
		return []journal.Finding{{Entry: last.N, Subject: c.ID,
			Sentence: fmt.Sprintf("Le commentaire %s ne dit plus ce que dit l’entrée n° %d : %s.", c.ID, last.N, strings.Join(wrong, ", "))}}, nil
	}
	return nil, nil
}

// differences names what of a comment is not what the entries of its first and last versions say.
func (c Comment) differences(first, last journal.Entry) []string {
	var wrong []string
	differ := func(is bool, name string) {
		if is {
			wrong = append(wrong, name)
		}
	}
	differ(first.Person != c.Person, "person_id")
	differ(first.Structure != c.Structure, "structure_id")
	differ(!first.At.Equal(c.Created), "created_at")
	differ(last.Version != c.Version, "version")
	differ(!last.At.Equal(c.Updated), "updated_at")
	differ(last.Person != c.By, "updated_by")
	now, err := json.Marshal(c.said())
	differ(err != nil || last.Content != "" && string(now) != last.Content, "text") // without content it was erased by law
	return wrong
}

func verifyAttachments(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	pieces, err := db.All(ctx, tx, (*Attachment).fields, `SELECT `+attachmentColumns+` FROM attachment ORDER BY id`)
	if err != nil {
		return nil, err
	}
	var all []journal.Finding
	for _, a := range pieces {
		entries, err := journal.History(ctx, tx, a.ID)
		if err != nil {
			return nil, err
		}
		entries = slices.DeleteFunc(entries, func(e journal.Entry) bool { return e.Version == 0 })
		if len(entries) == 0 {
			all = append(all, journal.Finding{Entry: -1, Subject: a.ID, Sentence: fmt.Sprintf("La pièce jointe %s n’est pas dans le journal.", a.ID)})
			continue
		}
		last := entries[len(entries)-1]
		if wrong := a.differences(entries[0], last); len(wrong) > 0 {
			all = append(all, journal.Finding{Entry: last.N, Subject: a.ID,
				Sentence: fmt.Sprintf("La pièce jointe %s ne dit plus ce que dit l’entrée n° %d : %s.", a.ID, last.N, strings.Join(wrong, ", "))})
		}
	}
	gone, err := db.All(ctx, tx, func(f *journal.Finding) []any { return []any{&f.Subject, &f.Entry} }, `
		SELECT subject, n FROM journal_entry WHERE action = $1 AND subject NOT IN (SELECT id FROM attachment) ORDER BY n`, attachmentAdded)
	for _, f := range gone {
		f.Sentence = fmt.Sprintf("La pièce jointe %s, ajoutée par l’entrée n° %d, a été supprimée de la base.", f.Subject, f.Entry)
		all = append(all, f)
	}
	return all, err
}

// differences names what of an attachment is not what the entries of its first and last versions say.
func (a Attachment) differences(first, last journal.Entry) []string {
	var wrong []string
	differ := func(is bool, name string) {
		if is {
			wrong = append(wrong, name)
		}
	}
	differ(first.Person != a.Person, "person_id")
	differ(first.Structure != a.Structure, "structure_id")
	differ(!first.At.Equal(a.Created), "created_at")
	differ(last.Version != a.Version, "version")
	differ(!last.At.Equal(a.Updated), "updated_at")
	differ(last.Person != a.By, "updated_by")
	now, err := json.Marshal(a.kept())
	differ(err != nil || last.Content != "" && string(now) != last.Content, "content")
	return wrong
}

// VerifyFiles reads every file that is attached and proves that its bytes are those of its digest.
func (m *Module) VerifyFiles(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	sums, err := db.Values[string](ctx, tx, `SELECT DISTINCT digest FROM attachment WHERE state = 'attached' ORDER BY digest`)
	var all []journal.Finding
	for _, sum := range sums {
		if whole, err := file.Whole(ctx, m.Files, sum); err != nil || !whole {
			all = append(all, journal.Finding{Entry: -1, Subject: sum, Sentence: fmt.Sprintf("Le fichier %s, joint à une fiche, manque ou n’est plus celui qui a été joint.", sum)})
		}
	}
	return all, err
}
