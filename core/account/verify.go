package account

import (
	"context"
	"encoding/json"
	"errors"

	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/text"
)

// Verify proves that the people and their functions agree with the journal: each
// person is what the last entry about them says, and each person that the journal
// opened an account for is there. Passwords and codes are outside it: the journal holds none.
func (m *Module) Verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	people, err := db.All(ctx, tx, (*Person).fields, `SELECT `+personColumns+` FROM person ORDER BY id`)
	if err != nil {
		return nil, err
	}
	if err := withPosts(ctx, tx, people); err != nil {
		return nil, err
	}
	var all []journal.Finding
	for _, p := range people {
		f, err := verify(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		all = append(all, f...)
	}
	gone, err := db.All(ctx, tx, func(f *journal.Finding) []any { return []any{&f.Subject, &f.Entry} }, `
		SELECT subject, min(n) FROM journal_entry
		WHERE action IN ('account.person.admitted', 'account.person.invited') AND subject NOT IN (SELECT id FROM person)
		GROUP BY subject`)
	for _, f := range gone {
		f.Sentence = text.M("Le compte %s, ouvert par l’entrée n° %d, a été supprimé de la base.", f.Subject, f.Entry)
		all = append(all, f)
	}
	return all, err
}

func verify(ctx context.Context, tx *db.Tx, p Person) ([]journal.Finding, error) {
	e, err := journal.Last(ctx, tx, p.ID)
	if errors.Is(err, db.ErrNone) {
		return []journal.Finding{{Entry: -1, Subject: p.ID, Sentence: text.M("Le compte %s n’est pas dans le journal.", p.ID)}}, nil
	}
	if err != nil {
		return nil, err
	}
	now, err := json.Marshal(p.snapshot())
	if err != nil || e.Version == p.Version && e.Content == string(now) {
		return nil, err
	}
	return []journal.Finding{{Entry: e.N, Subject: p.ID,
		Sentence: text.M("Le compte %s ne dit plus ce que dit l’entrée n° %d : ses données ou ses fonctions ont été changées hors de Cadre.", p.ID, e.N)}}, nil
}
