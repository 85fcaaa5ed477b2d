package activity

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "activity", Files: files}

// lead is the role of the owner in activity_part.
const lead = "lead"

// part is an institution that takes part, as the index keeps it.
type part struct{ structure, role, verdict string }

// parts lists who takes part in an activity of a lead, sorted.
func (a Activity) parts(owner string) []part {
	all := []part{{owner, lead, ""}}
	for _, p := range a.Partners {
		all = append(all, part{p.Structure, string(p.Role), ""})
	}
	for i := range all {
		s, _ := a.signature(all[i].structure)
		all[i].verdict = string(s.Verdict)
	}
	slices.SortFunc(all, func(a, b part) int { return strings.Compare(a.structure, b.structure) })
	return all
}

// waiting lists the tasks still to be done; none does once the activity is over.
func (a Activity) waiting(state string) []Task {
	var all []Task
	for _, t := range a.Tasks {
		if t.Waits() && state != Abandoned && state != Capitalised {
			all = append(all, t)
		}
	}
	return all
}

// index keeps the tables by which activities are queried in step with one.
func index(ctx context.Context, act *journal.Act, r record.Record, a Activity) error {
	first, last := a.Period.Days()
	audience := access.AudienceID(r.Audience)
	if _, err := act.Exec(ctx, `
		INSERT INTO activity (id, type, from_on, to_on, state, audience_id, marking) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET type = excluded.type, from_on = excluded.from_on, to_on = excluded.to_on,
			state = excluded.state, audience_id = excluded.audience_id, marking = excluded.marking`,
		r.ID, a.Type, first.String(), last.String(), r.State, audience, r.Marking); err != nil {
		return err
	}
	if r.Version > 1 {
		for _, table := range []string{"activity_part", "activity_spot", "activity_task"} {
			if _, err := act.Exec(ctx, `DELETE FROM `+table+` WHERE id = $1`, r.ID); err != nil {
				return err
			}
		}
	}
	var parts, spots, tasks [][]any
	for _, p := range a.parts(r.Owner) {
		parts = append(parts, []any{p.structure, r.ID, p.role, p.verdict})
	}
	for _, place := range r.Places {
		for _, month := range a.Period.months() {
			spots = append(spots, []any{place, month, r.ID, first.String(), last.String(), r.State, audience, r.Marking})
		}
	}
	for _, t := range a.waiting(r.State) {
		tasks = append(tasks, []any{r.ID, t.ID, t.Structure, t.Due.String()})
	}
	for begin, rows := range map[string][][]any{
		`INSERT INTO activity_part (structure_id, id, role, verdict) VALUES`:                               parts,
		`INSERT INTO activity_spot (place, month, id, from_on, to_on, state, audience_id, marking) VALUES`: spots,
		`INSERT INTO activity_task (id, task, structure_id, due_on) VALUES`:                                tasks,
	} {
		if err := act.Insert(ctx, begin, rows, ""); err != nil {
			return err
		}
	}
	return nil
}

// Filter narrows the list of activities; an empty field does not.
type Filter struct {
	States     []string
	Type       string
	Structures []string // one of which takes part, in any role
	Themes     []string // one of them
	Places     []string // one of them
	From, To   form.Date
}

// where is the condition that the viewer sees an activity and the filter keeps it, with its
// parameters. It speaks of the table activity under the name of record, whose visibility it repeats.
func (f Filter) where(v access.Viewer) (string, []any) {
	sql, args := access.Visible, v.Args()
	narrow := func(asked bool, condition string, value any) {
		if asked {
			args = append(args, value)
			sql += fmt.Sprintf(condition, len(args))
		}
	}
	narrow(len(f.States) > 0, ` AND record.state IN json_list($%d)`, db.JSON(f.States))
	narrow(f.Type != "", ` AND record.type = $%d`, f.Type)
	narrow(len(f.Structures) > 0, ` AND record.id IN (SELECT id FROM activity_part WHERE structure_id IN json_list($%d))`, db.JSON(f.Structures))
	narrow(len(f.Themes) > 0, ` AND record.id IN (SELECT record_id FROM record_theme WHERE theme IN json_list($%d))`, db.JSON(f.Themes))
	narrow(len(f.Places) > 0, ` AND record.id IN (SELECT record_id FROM record_place WHERE place IN json_list($%d))`, db.JSON(f.Places))
	narrow(!f.To.IsZero(), ` AND record.from_on <= $%d`, f.To.String())
	narrow(!f.From.IsZero(), ` AND record.to_on >= $%d`, f.From.String())
	early := f.From
	early.Year -= longest // no activity lasts longer: the index need not be read from its beginning
	narrow(!f.From.IsZero(), ` AND record.from_on >= $%d`, early.String())
	return sql, args
}

// listed is a record with the key that it is sorted by.
type listed struct {
	record.Record
	key string
}

func (l *listed) fields() []any { return append(l.Fields(), &l.key) }

// list returns a page of the visible activities by their first day.
func list(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter, p page.Request) (page.Of[record.Record], error) {
	compare, order := `>`, `ASC`
	if p.Back {
		compare, order = `<`, `DESC`
	}
	where, args := f.where(v)
	n := len(args)
	rows, err := db.All(ctx, tx, (*listed).fields, fmt.Sprintf(`
		SELECT `+record.Columns+`, a.from_on FROM record JOIN (
			SELECT record.id, record.from_on FROM activity record WHERE `+where+` AND (record.from_on, record.id) %[1]s ($%[3]d, $%[4]d)
			ORDER BY record.from_on %[2]s, record.id %[2]s LIMIT $%[5]d) a ON a.id = record.id
		ORDER BY a.from_on %[2]s, a.id %[2]s`, compare, order, n+1, n+2, n+3), append(args, p.Key, p.ID, p.Limit+1)...)
	if err != nil {
		return page.Of[record.Record]{}, err
	}
	total, err := count(ctx, tx, v, f)
	if err != nil {
		return page.Of[record.Record]{}, err
	}
	cut := page.Cut(p, rows, total, func(l listed) (string, string) { return l.key, l.ID })
	found := page.Of[record.Record]{From: cut.From, Total: cut.Total, Next: cut.Next, Prev: cut.Prev}
	for _, l := range cut.Rows {
		found.Rows = append(found.Rows, l.Record)
	}
	return found, record.LoadSets(ctx, tx, found.Rows)
}

// count counts the visible activities that the filter keeps: from the tally when it keeps all of them.
func count(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter) (int, error) {
	where, args := f.where(v)
	if len(args) == len(v.Args()) {
		return record.Count(ctx, tx, v, record.Filter{Kind: Kind})
	}
	return db.Value[int](ctx, tx, `SELECT count(*) FROM activity record WHERE `+where, args...)
}

// Near lists at most limit visible activities that touch a period in one of the places, the
// abandoned left out, those written last first: the neighbours of a plan.
func Near(ctx context.Context, tx *db.Tx, v access.Viewer, places []string, from, to form.Date, limit int) ([]Found, error) {
	all, err := db.All(ctx, tx, (*record.Record).Fields, `
		SELECT `+record.Columns+` FROM record WHERE record.id IN (
			SELECT DISTINCT record.id FROM activity_spot record
			WHERE record.place IN json_list($3) AND record.month IN json_list($4) AND record.from_on <= $5 AND record.to_on >= $6
			  AND record.state <> 'abandoned' AND `+access.Visible+`
			ORDER BY record.id DESC LIMIT $7)
		ORDER BY record.id DESC`, v.Args(db.JSON(places), db.JSON(months(from, to)), to.String(), from.String(), limit)...)
	if err != nil {
		return nil, err
	}
	return founds(all, record.LoadSets(ctx, tx, all))
}

// of lists at most limit visible activities of the institution of which an index says something.
func of(ctx context.Context, tx *db.Tx, v access.Viewer, among string, limit int, args ...any) ([]record.Record, error) {
	return db.All(ctx, tx, (*record.Record).Fields, fmt.Sprintf(`
		SELECT `+record.Columns+` FROM record WHERE record.id IN (`+among+`) AND `+access.VisibleOne+`
		ORDER BY record.updated_at, record.id LIMIT $%d`, len(args)+3), v.Args(append(args, limit)...)...)
}

// indexed is what the tables of this room say of an activity.
type indexed struct{ kind, text string }

// Verify proves that the tables by which activities are queried agree with their records.
func Verify(ctx context.Context, tx *db.Tx) ([]journal.Finding, error) {
	said := map[string][]string{}
	err := db.Each(ctx, tx, func(i *indexed) []any { return []any{&i.kind, &i.text} }, func(i indexed) error {
		said[i.kind] = append(said[i.kind], i.text)
		return nil
	}, `SELECT id, 'activity ' || type || ' ' || from_on || ' ' || to_on || ' ' || state || ' ' || audience_id || ' ' || CAST(marking AS text) FROM activity
		UNION ALL SELECT id, 'part ' || structure_id || ' ' || role || ' ' || verdict FROM activity_part
		UNION ALL SELECT id, 'spot ' || place || ' ' || month || ' ' || from_on || ' ' || to_on || ' ' || state || ' ' || audience_id || ' ' || CAST(marking AS text) FROM activity_spot
		UNION ALL SELECT id, 'task ' || task || ' ' || structure_id || ' ' || due_on FROM activity_task ORDER BY 1, 2`)
	if err != nil {
		return nil, err
	}
	return compare(ctx, tx, said)
}

// compare holds what the tables say against every activity.
func compare(ctx context.Context, tx *db.Tx, said map[string][]string) ([]journal.Finding, error) {
	places := map[string][]string{}
	type row struct{ id, place string }
	err := db.Each(ctx, tx, func(r *row) []any { return []any{&r.id, &r.place} }, func(r row) error {
		places[r.id] = append(places[r.id], r.place)
		return nil
	}, `SELECT record_id, place FROM record_place JOIN record ON record.id = record_id WHERE record.kind = $1`, Kind)
	if err != nil {
		return nil, err
	}
	var all []journal.Finding
	wrong := func(id, title string) {
		all = append(all, journal.Finding{Entry: -1, Subject: id, Sentence: text.M("Les tables des activités ne disent plus ce que dit la fiche %s.", title)})
	}
	type kept struct {
		record.Record
		audience string
	}
	err = db.Each(ctx, tx, func(k *kept) []any { return append(k.Fields(), &k.audience) }, func(k kept) error {
		a, err := record.Decode[Activity](k.Record)
		k.Places = places[k.ID]
		if err != nil || !slices.Equal(a.indexed(k.Record, k.audience), said[k.ID]) {
			wrong(k.ID, k.Title)
		}
		delete(said, k.ID)
		return nil
	}, `SELECT `+record.Columns+`, record.audience_id FROM record WHERE record.kind = $1`, Kind)
	for id := range said {
		wrong(id, id)
	}
	return all, err
}

// indexed is what the tables should say, sorted.
func (a Activity) indexed(r record.Record, audience string) []string {
	first, last := a.Period.Days()
	lookup := fmt.Sprintf("%s %s %s %s %d", first, last, r.State, audience, r.Marking)
	all := []string{"activity " + a.Type + " " + lookup}
	for _, p := range a.parts(r.Owner) {
		all = append(all, "part "+p.structure+" "+p.role+" "+p.verdict)
	}
	for _, place := range r.Places {
		for _, month := range a.Period.months() {
			all = append(all, "spot "+place+" "+month+" "+lookup)
		}
	}
	for _, t := range a.waiting(r.State) {
		all = append(all, "task "+t.ID+" "+t.Structure+" "+t.Due.String())
	}
	slices.Sort(all)
	return all
}
