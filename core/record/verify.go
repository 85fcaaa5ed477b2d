package record

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/text"
)

// Verify proves that the records agree with the journal: each is, field by field,
// what the last entry about it says, in its order of creation; each record, link and
// follower that the journal made is there, and no other; no audience opens records
// to others than those it was made for; and the records are as many as is counted. Readings and the words that search
// reads are outside it: the journal does not hold them.
func Verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	p := &proof{ctx: ctx, tx: tx, lastMade: -1}
	for _, step := range []func() error{p.gone, p.records, p.audiences, p.ties, p.counts} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return p.found, nil
}

type proof struct {
	ctx      context.Context
	tx       *db.Tx
	found    []journal.Finding
	deleted  int   // records that are no longer there
	lastSeq  int64 // of the record proved before
	lastMade int64 // by which entry
}

func (p *proof) add(entry int64, subject, format string, args ...any) {
	p.found = append(p.found, journal.Finding{Entry: entry, Subject: subject, Sentence: fmt.Sprintf(format, args...)})
}

func (p *proof) gone() error {
	type row struct {
		id   string
		made int64
	}
	rows, err := db.All(p.ctx, p.tx, func(r *row) []any { return []any{&r.id, &r.made} }, `
		SELECT subject, min(n) FROM journal_entry
		WHERE version > 0 AND subject NOT IN (SELECT id FROM record) AND content LIKE '{"kind":%'
		GROUP BY subject ORDER BY min(n)`)
	for _, r := range rows {
		p.add(r.made, r.id, "La fiche %s, créée par l’entrée n° %d, a été supprimée de la base.", r.id, r.made)
	}
	p.deleted = len(rows)
	return err
}

func (p *proof) records() error {
	type row struct {
		id    string
		known bool // its marking
	}
	highest := access.Markings[len(access.Markings)-1]
	rows, err := db.All(p.ctx, p.tx, func(r *row) []any { return []any{&r.id, &r.known} },
		`SELECT id, marking BETWEEN 0 AND $1 FROM record ORDER BY seq`, highest)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if !r.known {
			p.lastSeq++
			p.add(-1, r.id, "La fiche %s porte un marquage qui n’existe pas.", r.id)
		} else if err := p.record(r.id); err != nil {
			return err
		}
	}
	return nil
}

// stored is a record with the columns that only the program reads.
type stored struct {
	Record
	seq     int64
	sortKey string
}

func (p *proof) record(id string) error {
	r, err := db.One(p.ctx, p.tx, func(r *stored) []any { return append(r.Fields(), &r.seq, &r.sortKey) },
		`SELECT `+Columns+`, record.seq, record.sort_key FROM record WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if err := r.load(p.ctx, p.tx); err != nil {
		return err
	}
	versions, err := journal.History(p.ctx, p.tx, id)
	versions = slices.DeleteFunc(versions, func(e journal.Entry) bool { return e.Version == 0 })
	if err != nil || len(versions) == 0 {
		p.lastSeq = r.seq
		p.add(-1, id, "La fiche %s (%s) n’est pas dans le journal.", id, r.Title)
		return err
	}
	first, last := versions[0], versions[len(versions)-1]
	if wrong := append(r.differences(first, last), p.outOfOrder(r, first)...); len(wrong) > 0 {
		p.add(last.N, id, "La fiche %s (%s) ne dit plus ce que dit l’entrée n° %d : %s.", id, r.Title, last.N, strings.Join(wrong, ", "))
	}
	return nil
}

// differences names what of a record is not what the entries of its first and last versions say.
func (r *stored) differences(first, last journal.Entry) []string {
	var wrong []string
	differ := func(is bool, name string) {
		if is {
			wrong = append(wrong, name)
		}
	}
	differ(last.Version != r.Version, "version")
	differ(!r.Created.Equal(first.At), "created_at")
	differ(!r.Updated.Equal(last.At), "updated_at")
	differ(r.sortKey != text.SortKey(r.Title), "sort_key")
	differ(r.audienceID != access.AudienceID(r.Audience), "audience_id")
	if last.Content == "" { // erased by law: nothing is left to compare with
		return wrong
	}
	now, err := json.Marshal(r.snapshot())
	var said Snapshot
	switch {
	case err != nil, json.Unmarshal([]byte(last.Content), &said) != nil:
		return append(wrong, "content")
	case string(now) != last.Content:
		differ(said.Kind != r.Kind, "kind")
		differ(said.Number != r.Number, "number")
		differ(said.Owner != r.Owner, "owner_id")
		for _, c := range Changed(said, r.snapshot()) {
			wrong = append(wrong, c.Name)
		}
		differ(len(wrong) == 0, "content") // the same fields, written otherwise
	}
	return wrong
}

// outOfOrder names the order of creation when it is not the journal's: search knows a
// record by it. A record deleted before leaves a hole.
func (p *proof) outOfOrder(r stored, first journal.Entry) []string {
	fits := first.N > p.lastMade && (r.seq == p.lastSeq+1 || p.deleted > 0)
	p.lastSeq, p.lastMade = r.seq, first.N
	if fits {
		return nil
	}
	return []string{"seq"}
}

func (p *proof) audiences() error {
	altered, err := access.Altered(p.ctx, p.tx)
	for _, id := range altered {
		p.add(-1, id, "L’audience %s n’ouvre plus les fiches à ceux pour qui elle a été faite.", id)
	}
	return err
}

// counts checks what is counted once the records themselves are right.
func (p *proof) counts() error {
	if len(p.found) > 0 {
		return nil
	}
	wrong, err := miscounted(p.ctx, p.tx)
	for _, owner := range wrong {
		p.add(-1, owner, "Le décompte des fiches de la structure %s n’est plus celui de ses fiches.", owner)
	}
	return err
}

// tie is a link between two records, or, without a kind, between a record and a follower.
type tie struct{ from, kind, to string }

// ties replays the acts that made and took away links and followers.
func (p *proof) ties() error {
	made := map[tie]int64{}      // by which entry
	unknown := map[string]bool{} // records whose acts were erased
	err := journal.Each(p.ctx, p.tx, func(e journal.Entry) error {
		l := link{To: e.Person}
		if e.Action == linked || e.Action == unlinked {
			unknown[e.Subject] = unknown[e.Subject] || json.Unmarshal([]byte(e.Content), &l) != nil
		}
		t := tie{e.Subject, string(l.Kind), l.To}
		if e.Action == linked || e.Action == followed {
			made[t] = e.N
		} else {
			delete(made, t)
		}
		return nil
	}, linked, unlinked, followed, unfollowed)
	if err != nil {
		return err
	}
	there, err := db.All(p.ctx, p.tx, func(t *tie) []any { return []any{&t.from, &t.kind, &t.to} }, `
		SELECT from_id, kind, to_id FROM record_link UNION ALL SELECT record_id, '', person_id FROM record_follower`)
	for _, t := range there {
		if _, ok := made[t]; !ok && !unknown[t.from] {
			p.add(-1, t.from, "Le lien ou le suivi de la fiche %s vers %s n’est pas dans le journal.", t.from, t.to)
		}
		delete(made, t)
	}
	for _, t := range slices.SortedFunc(maps.Keys(made), func(a, b tie) int { return int(made[a] - made[b]) }) {
		if !unknown[t.from] {
			p.add(made[t], t.from, "Le lien ou le suivi de la fiche %s vers %s, fait par l’entrée n° %d, a été supprimé de la base.", t.from, t.to, made[t])
		}
	}
	return err
}
