package synergy

import (
	"context"
	"embed"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/text"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "synergy", Files: files}

// Answer is what an institution did about a pair of activities.
type Answer struct {
	ID        string    `json:"id"`
	First     string    `json:"first" doc:"Record: the lesser identifier of the two"`
	Second    string    `json:"second" doc:"Record"`
	Structure string    `json:"structure" doc:"Institution that answers"`
	Kind      Kind      `json:"kind" enum:"overlap,complement"`
	Points    int       `json:"points" doc:"Of the pair when it was answered"`
	Verdict   Verdict   `json:"verdict" enum:"joined,warned,dismissed"`
	Reason    Motive    `json:"reason,omitempty" enum:"unrelated,settled,vague,other"`
	Note      string    `json:"note,omitempty"`
	Days      *int64    `json:"days,omitempty" doc:"Saved, as the institution declares"`
	Money     *int64    `json:"money,omitempty" doc:"Saved, in the country's currency, as the institution declares"`
	Version   int64     `json:"version"`
	At        time.Time `json:"at"`
}

const answerColumns = `a.id, a.first_id, a.second_id, a.structure_id, a.kind, a.points, a.verdict, a.reason, a.note, a.days, a.money, a.version, a.answered_at`

func (a *Answer) fields() []any {
	return []any{&a.ID, &a.First, &a.Second, &a.Structure, &a.Kind, &a.Points, &a.Verdict, &a.Reason, &a.Note, &a.Days, &a.Money, &a.Version, db.Instant(&a.At)}
}

// Couple is two records, the lesser identifier first.
type Couple [2]string

// pairOf orders two identifiers as the tables do.
func pairOf(a, b string) (first, second string) { return min(a, b), max(a, b) }

// pair is what the answer is about.
func (a Answer) pair() Couple { return Couple{a.First, a.Second} }

// other is the record of the pair that is not this one.
func (a Answer) other(id string) string {
	if a.First == id {
		return a.Second
	}
	return a.First
}

// bothSeen is the condition that the viewer sees the two records of a pair: an answer
// about what one may not see does not exist.
const bothSeen = `EXISTS (SELECT 1 FROM record WHERE record.id = a.first_id AND ` + access.VisibleOne + `)
	AND EXISTS (SELECT 1 FROM record WHERE record.id = a.second_id AND ` + access.VisibleOne + `)`

// answersTo lists what institutions did about a record and those beside it that the viewer sees.
func answersTo(ctx context.Context, tx *db.Tx, v access.Viewer, id string) ([]Answer, error) {
	return db.All(ctx, tx, (*Answer).fields, `
		SELECT `+answerColumns+` FROM synergy_answer a WHERE a.first_id = $3 AND `+bothSeen+`
		UNION ALL SELECT `+answerColumns+` FROM synergy_answer a WHERE a.second_id = $3 AND `+bothSeen+`
		ORDER BY 1`, v.Args(id)...)
}

// lately lists the last answers of all about what the viewer sees.
func lately(ctx context.Context, tx *db.Tx, v access.Viewer, most int) ([]Answer, error) {
	return db.All(ctx, tx, (*Answer).fields, `
		SELECT `+answerColumns+` FROM synergy_answer a WHERE `+bothSeen+` ORDER BY a.answered_at DESC, a.id DESC LIMIT $3`, v.Args(most)...)
}

// put stores an answer.
func put(ctx context.Context, tx *db.Tx, a Answer) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO synergy_answer (id, first_id, second_id, structure_id, kind, points, verdict, reason, note, days, money, version, answered_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (first_id, second_id, structure_id) DO UPDATE SET kind = excluded.kind, points = excluded.points, verdict = excluded.verdict,
			reason = excluded.reason, note = excluded.note, days = excluded.days, money = excluded.money, version = excluded.version, answered_at = excluded.answered_at`,
		a.ID, a.First, a.Second, a.Structure, a.Kind, a.Points, a.Verdict, a.Reason, a.Note, a.Days, a.Money, a.Version, a.At)
	return err
}

// weighed counts, since an instant, the overlaps that the viewer's institution found unfounded and
// those that it acted on, among what the viewer sees.
func weighed(ctx context.Context, tx *db.Tx, v access.Viewer, since time.Time) (unfounded, acted int, err error) {
	type row struct{ unfounded, acted int }
	r, err := db.One(ctx, tx, func(r *row) []any { return []any{&r.unfounded, &r.acted} }, `
		SELECT count(*) FILTER (WHERE a.reason = 'unrelated'), count(*) FILTER (WHERE a.verdict <> 'dismissed') FROM synergy_answer a
		WHERE a.structure_id = $3 AND a.answered_at >= $4 AND a.kind = 'overlap' AND `+bothSeen, v.Args(v.Structure, since)...)
	return r.unfounded, r.acted, err
}

// noticed gives when the pairs were first shown to somebody of theirs.
func noticed(ctx context.Context, tx *db.Tx, all []Answer) (map[Couple]time.Time, error) {
	type row struct {
		first, second string
		at            time.Time
	}
	var ids []string
	for _, a := range all {
		ids = append(ids, a.First)
	}
	found := map[Couple]time.Time{}
	err := db.Each(ctx, tx, func(r *row) []any { return []any{&r.first, &r.second, db.Instant(&r.at)} }, func(r row) error {
		found[Couple{r.first, r.second}] = r.at
		return nil
	}, `SELECT first_id, second_id, at FROM synergy_notice WHERE first_id IN json_list($1)`, db.JSON(ids))
	return found, err
}

// actions are what the journal calls the answers.
var actions = []string{"synergy.pair.joined", "synergy.pair.warned", "synergy.pair.dismissed", "synergy.pair.valued"}

// Verify proves that the answers are what the last entries about them say, and that none is lost.
func Verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	answers, err := db.All(ctx, tx, (*Answer).fields, `SELECT `+answerColumns+` FROM synergy_answer a ORDER BY a.id`)
	if err != nil {
		return nil, err
	}
	var rows []journal.Kept
	for _, a := range answers {
		rows = append(rows, journal.Kept{Subject: a.ID, Version: a.Version, Content: a})
	}
	return journal.Agree(ctx, tx, rows, text.Key("La réponse %s à une synergie"), "", actions...)
}
