package record

import (
	"context"
	"encoding/json"
	"maps"
	"math"
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
//
// Records are read in batches, each by a handful of queries: memory does not grow with them.
func Verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	p := &proof{ctx: ctx, tx: tx, lastMade: -1}
	for _, step := range []func() error{p.gone, p.unmarked, p.records, p.audiences, p.strays, p.counts} {
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
	holes    int   // records that are named without being proved
	lastSeq  int64 // of the record proved before
	lastMade int64 // by which entry
}

func (p *proof) add(entry int64, subject string, sentence text.Message) {
	p.found = append(p.found, journal.Finding{Entry: entry, Subject: subject, Sentence: sentence})
}

func (p *proof) gone() error {
	type row struct {
		id   string
		made int64
	}
	return db.Each(p.ctx, p.tx, func(r *row) []any { return []any{&r.id, &r.made} }, func(r row) error {
		p.holes++
		p.add(r.made, r.id, text.M("La fiche %s, créée par l’entrée n° %d, a été supprimée de la base.", r.id, r.made))
		return nil
	}, `
		SELECT subject, min(n) FROM journal_entry
		WHERE version > 0 AND content LIKE '{"kind":%' AND NOT EXISTS (SELECT 1 FROM record WHERE record.id = journal_entry.subject)
		GROUP BY subject ORDER BY min(n)`)
}

// batch is how many records are read at a time.
const batch = 500

// marked says that the marking of a record is one of those that exist, up to $1.
const marked = `record.marking BETWEEN 0 AND $1`

var highest = access.Markings[len(access.Markings)-1]

func (p *proof) unmarked() error {
	ids, err := db.Values[string](p.ctx, p.tx, `SELECT id FROM record WHERE NOT (`+marked+`) ORDER BY seq`, highest)
	for _, id := range ids {
		p.holes++
		p.add(-1, id, text.M("La fiche %s porte un marquage qui n’existe pas.", id))
	}
	return err
}

func (p *proof) records() error {
	for from := int64(math.MinInt64); ; {
		c, err := p.chapter(from)
		if err != nil {
			return err
		}
		for _, r := range c {
			p.record(r)
			p.ties(r)
		}
		if len(c) < batch || p.lastSeq == math.MaxInt64 {
			return nil
		}
		from = p.lastSeq + 1
	}
}

// stored is a record with the columns that only the program reads, and what the journal says of it.
type stored struct {
	Record
	seq     int64
	sortKey string

	first, last journal.Entry // of its versions
	there       []tie
	made        map[tie]int64 // by which entry
	erased      bool          // an act that made or took away a tie was
}

// tie is a link to another record, or, without a kind, to a follower.
type tie struct{ kind, to string }

// chapter reads the records from a place on, with what is stored about them.
func (p *proof) chapter(from int64) ([]*stored, error) {
	all, err := db.All(p.ctx, p.tx, func(r **stored) []any {
		*r = &stored{made: map[tie]int64{}}
		return append((*r).Fields(), &(*r).seq, &(*r).sortKey)
	}, `SELECT `+Columns+`, record.seq, record.sort_key FROM record WHERE `+marked+` AND record.seq >= $2 ORDER BY record.seq LIMIT $3`, highest, from, batch)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	at, ids := map[string]*stored{}, make([]string, len(all))
	for i, r := range all {
		at[r.ID], ids[i] = r, r.ID
	}
	if err := p.loadEnvelopes(all); err != nil {
		return nil, err
	}
	if err := p.loadTies(at, ids); err != nil {
		return nil, err
	}
	return all, journal.Histories(p.ctx, p.tx, ids, func(e journal.Entry) error {
		at[e.Subject].hear(e)
		return nil
	})
}

// loadEnvelopes reads the audiences, themes and places of many records.
func (p *proof) loadEnvelopes(all []*stored) error {
	records, ids := make([]*Record, len(all)), make([]string, len(all))
	for i, r := range all {
		records[i], ids[i] = &r.Record, r.audienceID
	}
	audiences, err := access.Audiences(p.ctx, p.tx, ids)
	if err != nil {
		return err
	}
	for _, r := range records {
		r.Audience = audiences[r.audienceID]
	}
	return loadSets(p.ctx, p.tx, records)
}

// loadTies reads the links and followers of many records.
func (p *proof) loadTies(at map[string]*stored, ids []string) error {
	type row struct {
		from string
		tie
	}
	return db.Each(p.ctx, p.tx, func(r *row) []any { return []any{&r.from, &r.kind, &r.to} }, func(r row) error {
		at[r.from].there = append(at[r.from].there, r.tie)
		return nil
	}, `
		SELECT from_id, kind, to_id FROM record_link WHERE from_id IN json_list($1)
		UNION ALL SELECT record_id, '', person_id FROM record_follower WHERE record_id IN json_list($1)`, db.JSON(ids))
}

// hear takes in one more entry about the record, in the order of its history.
func (r *stored) hear(e journal.Entry) {
	switch e.Action {
	case linked, unlinked, followed, unfollowed:
		r.tie(e)
		return
	}
	if e.Version != 0 && r.first.Version == 0 {
		r.first = e
	}
	if e.Version != 0 {
		r.last = e
	}
}

// tie replays an act that made or took away a link or a follower.
func (r *stored) tie(e journal.Entry) {
	l := link{To: e.Person}
	if e.Action == linked || e.Action == unlinked {
		r.erased = json.Unmarshal([]byte(e.Content), &l) != nil || r.erased
	}
	t := tie{string(l.Kind), l.To}
	if e.Action == linked || e.Action == followed {
		r.made[t] = e.N
	} else {
		delete(r.made, t)
	}
}

func (p *proof) record(r *stored) {
	if r.last.Version == 0 {
		p.lastSeq = r.seq
		p.add(-1, r.ID, text.M("La fiche %s (%s) n’est pas dans le journal.", r.ID, r.Title))
		return
	}
	if wrong := append(r.differences(), p.outOfOrder(r)...); len(wrong) > 0 {
		p.add(r.last.N, r.ID, text.M("La fiche %s (%s) ne dit plus ce que dit l’entrée n° %d : %s.", r.ID, r.Title, r.last.N, strings.Join(wrong, ", ")))
	}
}

// differences names what of a record is not what the entries of its first and last versions say.
func (r *stored) differences() []string {
	first, last := r.first, r.last
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
// record by it. A record that is not there leaves a hole.
func (p *proof) outOfOrder(r *stored) []string {
	fits := r.first.N > p.lastMade && (r.seq == p.lastSeq+1 || p.holes > 0)
	p.lastSeq, p.lastMade = r.seq, r.first.N
	if fits {
		return nil
	}
	return []string{"seq"}
}

// ties compares the links and followers of a record with those that the journal made.
func (p *proof) ties(r *stored) {
	if r.erased { // nothing says what they were
		return
	}
	for _, t := range r.there {
		if _, ok := r.made[t]; !ok {
			p.add(-1, r.ID, text.M("Le lien ou le suivi de la fiche %s vers %s n’est pas dans le journal.", r.ID, t.to))
		}
		delete(r.made, t)
	}
	for _, t := range slices.SortedFunc(maps.Keys(r.made), func(a, b tie) int { return int(r.made[a] - r.made[b]) }) {
		p.add(r.made[t], r.ID, text.M("Le lien ou le suivi de la fiche %s vers %s, fait par l’entrée n° %d, a été supprimé de la base.", r.ID, t.to, r.made[t]))
	}
}

func (p *proof) audiences() error {
	altered, err := access.Altered(p.ctx, p.tx)
	for _, id := range altered {
		p.add(-1, id, text.M("L’audience %s n’ouvre plus les fiches à ceux pour qui elle a été faite.", id))
	}
	return err
}

// strays looks for links and followers of records that are not there.
func (p *proof) strays() error {
	type row struct{ from, to string }
	const absent = `NOT EXISTS (SELECT 1 FROM record WHERE record.id = `
	return db.Each(p.ctx, p.tx, func(r *row) []any { return []any{&r.from, &r.to} }, func(r row) error {
		p.add(-1, r.from, text.M("Le lien ou le suivi vers %s est celui d’une fiche qui n’est pas dans la base, %s.", r.to, r.from))
		return nil
	}, `
		SELECT from_id, to_id FROM record_link WHERE `+absent+`from_id)
		UNION ALL SELECT record_id, person_id FROM record_follower WHERE `+absent+`record_id)`)
}

// counts checks what is counted once the records themselves are right.
func (p *proof) counts() error {
	if len(p.found) > 0 {
		return nil
	}
	wrong, err := miscounted(p.ctx, p.tx)
	for _, owner := range wrong {
		p.add(-1, owner, text.M("Le décompte des fiches de la structure %s n’est plus celui de ses fiches.", owner))
	}
	return err
}
