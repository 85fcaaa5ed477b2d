package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
)

// Verify proves that the records agree with the journal: each is, field by field,
// what the last entry about it says, and each record that the journal made is there.
func Verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	var all []journal.Finding
	ids, err := db.Values[string](ctx, tx, `SELECT id FROM record ORDER BY id`)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		f, err := verify(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, f...)
	}
	gone, err := db.All(ctx, tx, func(f *journal.Finding) []any { return []any{&f.Subject, &f.Entry} }, `
		SELECT subject, min(n) FROM journal_entry
		WHERE version > 0 AND subject NOT IN (SELECT id FROM record) AND content LIKE '{"kind":%'
		GROUP BY subject`)
	for _, f := range gone {
		f.Sentence = fmt.Sprintf("La fiche %s, créée par l’entrée n° %d, a été supprimée de la base.", f.Subject, f.Entry)
		all = append(all, f)
	}
	return all, err
}

func verify(ctx context.Context, tx *db.Tx, id string) ([]journal.Finding, error) {
	r, err := db.One(ctx, tx, (*Record).Fields, `SELECT `+Columns+` FROM record WHERE id = $1`, id)
	if err != nil {
		return nil, err
	}
	if err := r.load(ctx, tx); err != nil {
		return nil, err
	}
	e, err := journal.Last(ctx, tx, id)
	if errors.Is(err, db.ErrNone) {
		return []journal.Finding{{Entry: -1, Subject: id, Sentence: fmt.Sprintf("La fiche %s (%s) n’est pas dans le journal.", id, r.Title)}}, nil
	}
	if err != nil {
		return nil, err
	}
	found := func(what string) []journal.Finding {
		return []journal.Finding{{Entry: e.N, Subject: id, Sentence: fmt.Sprintf("La fiche %s (%s) ne dit plus ce que dit l’entrée n° %d : %s.", id, r.Title, e.N, what)}}
	}
	var s Snapshot
	switch now, err := json.Marshal(r.snapshot()); {
	case err != nil:
		return found("contenu illisible"), nil
	case e.Version != r.Version:
		return found(fmt.Sprintf("version %d au lieu de %d", r.Version, e.Version)), nil
	case string(now) != e.Content && json.Unmarshal([]byte(e.Content), &s) == nil:
		return found(difference(s, r.snapshot())), nil
	}
	if want := access.AudienceID(r.Audience); want != r.audienceID {
		return found("audience"), nil
	}
	return nil, nil
}

func difference(before, after Snapshot) string {
	names := ""
	for _, c := range Changed(before, after) {
		names += " " + c.Name
	}
	if names == "" {
		return "champs de l’enveloppe"
	}
	return "champs" + names
}
