package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/sheet"
	"cadre/kit/text"
)

// Fate is what becomes of a row.
type Fate string

// The fates.
const (
	New     Fate = "new"
	Changed Fate = "changed"
	Same    Fate = "same"
)

// Line is what a row does.
type Line struct {
	N       int // of the row, as a spreadsheet numbers it
	Title   string
	Fate    Fate
	Before  *Existing
	Twin    *Existing // of something new: what bears the same name already
	Values  url.Values
	Changes []string // names of the columns that change
}

// Wrong is something to correct in the file.
type Wrong struct {
	N        int    // of the row
	Cell     string // « C12 »; empty when it is about the row
	Column   string // name; empty when it is about the row
	Typed    string
	Sentence text.Message
}

// Plan is what a file does, before it is done.
type Plan struct {
	Table   Table
	Sheet   sheet.Sheet
	Columns []string // which column each title is
	Lines   []Line
	Wrong   []Wrong
	Digest  string // of all that its reader has seen
}

// Count is how many lines have a fate.
func (p Plan) Count(f Fate) int {
	n := 0
	for _, l := range p.Lines {
		if l.Fate == f {
			n++
		}
	}
	return n
}

// Marking is the highest marking of what is there already and stands in the plan.
func (p Plan) Marking() access.Marking {
	most := access.Clear
	for _, l := range p.Lines {
		if l.Before != nil {
			most = max(most, l.Before.Marking)
		}
	}
	return most
}

// plan reads the rows of a file and tells what they would do.
func (m *Module) plan(ctx context.Context, tx *db.Tx, v access.Viewer, d Desk, w waiting) (Plan, error) {
	p := Plan{Table: d.Table, Columns: w.Columns}
	existing, err := d.Find(ctx, tx, v, d.Owner)
	if err != nil {
		return p, err
	}
	if p.Sheet, err = sheet.Read(w.File); err != nil {
		return p, err
	}
	if len(w.Columns) != len(p.Sheet.Head) {
		return p, errors.New("the columns of a waiting file are not its own")
	}
	if err := m.rows(ctx, &p, p.year(w.Name)); err != nil {
		return p, err
	}
	p.know(existing)
	if err := p.check(ctx); err != nil {
		return p, err
	}
	slices.SortStableFunc(p.Wrong, func(a, b Wrong) int { return a.N - b.N })
	p.Digest = p.digest(w)
	return p, nil
}

// rows reads every cell by the kind of its column; year is that of the boxes that are ticked.
func (m *Module) rows(ctx context.Context, p *Plan, year string) error {
	boxes := p.chart()
	readers := make([]*reader, len(p.Columns))
	for i, name := range p.Columns {
		if c, ok := p.Table.columnOf(name); ok {
			c.Needed = c.Needed && (c.Name != Begins || boxes.empty())
			r := m.reader(ctx, c)
			readers[i] = &r
		}
	}
	p.remarked(boxes, year)
	for _, row := range p.Sheet.Rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		l := Line{N: row.N, Values: url.Values{}}
		for i, r := range readers {
			if r == nil {
				continue
			}
			values, wrong := r.read(row.Cells[i])
			if wrong != nil {
				p.Wrong = append(p.Wrong, Wrong{row.N, sheet.Name(row.N, i), r.Name, row.Cells[i], *wrong})
			}
			if values != nil {
				l.Values[r.Name] = values
			}
		}
		if !boxes.empty() {
			p.period(&l, boxes, year)
		}
		l.Title = l.Values.Get(p.Table.Columns[0].Name)
		p.Lines = append(p.Lines, l)
	}
	return nil
}

// remarked takes over what the reading of the file found wrong, and says of which year ticked boxes are.
func (p *Plan) remarked(c chart, year string) {
	for _, r := range p.Sheet.Remarks {
		if r.Wrong {
			p.Wrong = append(p.Wrong, Wrong{N: r.Row, Sentence: r.Sentence})
		}
	}
	switch {
	case c.empty():
	case year == "":
		p.Wrong = append(p.Wrong, Wrong{N: p.Sheet.HeadRow, Sentence: text.M(c.noYear)})
	default:
		p.Sheet.Remarks = append(p.Sheet.Remarks, sheet.Remark{Sentence: text.M(c.year, year)})
	}
}

// given are the fields that the file says: ticked boxes say when a thing begins and ends.
func (p *Plan) given() []string {
	if !p.chart().empty() {
		return append(slices.Clone(p.Columns), Begins, Ends)
	}
	return p.Columns
}

// know finds in what is there the thing that each row means: by the surest key first;
// by the others only where one thing and one row are left with it.
func (p *Plan) know(existing []Existing) {
	var rowKeys, keys [][]string
	for _, l := range p.Lines {
		rowKeys = append(rowKeys, p.Table.Keys(l.Values))
	}
	for _, e := range existing {
		keys = append(keys, e.Keys)
	}
	p.repeated(rowKeys)
	taken := make([]bool, len(existing))
	levels := 0
	for _, k := range rowKeys {
		levels = max(levels, len(k))
	}
	for level := range levels {
		free := byKey(keys, level, func(i int) bool { return !taken[i] })
		asking := byKey(rowKeys, level, func(i int) bool { return p.Lines[i].Before == nil })
		for key, rows := range asking {
			if things := free[key]; len(things) > 0 && (level == 0 || len(things) == 1 && len(rows) == 1) {
				p.Lines[rows[0]].Before, taken[things[0]] = &existing[things[0]], true
			}
		}
	}
	p.compare(existing)
}

// compare finds, of what is new, what bears the same name already.
func (p *Plan) compare(existing []Existing) {
	named := map[string]*Existing{}
	for i, e := range existing {
		named[text.Fold(e.Title)] = &existing[i]
	}
	for i, l := range p.Lines {
		if l.Before == nil {
			p.Lines[i].Twin = named[text.Fold(l.Title)]
		}
	}
}

// repeated tells of rows whose surest key another has before them.
func (p *Plan) repeated(keys [][]string) {
	for _, rows := range byKey(keys, 0, func(int) bool { return true }) {
		for _, i := range rows[1:] {
			p.Wrong = append(p.Wrong, Wrong{N: p.Lines[i].N, Sentence: text.M("Cette ligne répète la ligne %d. Gardez l’une des deux.", p.Lines[rows[0]].N)})
		}
	}
}

// byKey groups what may be grouped by its key of a level; an empty key groups nothing.
func byKey(keys [][]string, level int, may func(int) bool) map[string][]int {
	all := map[string][]int{}
	for i, k := range keys {
		if len(k) > level && k[level] != "" && may(i) {
			all[k[level]] = append(all[k[level]], i)
		}
	}
	return all
}

// check has the noun check every line whose cells were read, and tells what it will do.
func (p *Plan) check(ctx context.Context) error {
	bad := map[int]bool{}
	for _, w := range p.Wrong {
		bad[w.N] = true
	}
	lacking := p.lacking()
	for i := range p.Lines {
		l := &p.Lines[i]
		if bad[l.N] || bad[p.Sheet.HeadRow] || l.Before == nil && lacking {
			continue
		}
		values, err := p.Table.Check(ctx, l.Before, p.over(*l))
		var f *fault.Fault
		switch {
		case errors.As(err, &f) && f.Kind == fault.BadInput:
			p.blame(*l, f)
			continue
		case err != nil:
			return err
		}
		l.Values = values
		l.settle(p.Table)
		if l.Fate == Changed && l.Before.Closed.Key != "" {
			l.Fate = ""
			p.Wrong = append(p.Wrong, Wrong{N: l.N, Sentence: l.Before.Closed})
		}
	}
	return nil
}

// lacking tells of the columns that the file lacks though a row of it is new.
func (p *Plan) lacking() bool {
	lacking := false
	for _, c := range p.Table.Columns {
		if c.Needed && !slices.Contains(p.given(), c.Name) && slices.ContainsFunc(p.Lines, func(l Line) bool { return l.Before == nil }) {
			lacking = true
			p.Wrong = append(p.Wrong, Wrong{N: p.Sheet.HeadRow, Sentence: text.M("Il manque la colonne « %s », qu’il faut pour ce qui est nouveau.", text.M(c.Title))})
		}
	}
	return lacking
}

// over lays the row over what is there: what the file has no column for stays.
func (p *Plan) over(l Line) url.Values {
	if l.Before == nil {
		return l.Values
	}
	all := url.Values{}
	for name, values := range l.Before.Values {
		all[name] = slices.Clone(values)
	}
	for _, name := range p.given() {
		delete(all, name)
		if values := l.Values[name]; len(values) > 0 {
			all[name] = values
		}
	}
	return all
}

// blame puts what the noun says is wrong at its cell.
func (p *Plan) blame(l Line, f *fault.Fault) {
	for _, field := range f.Fields {
		w := Wrong{N: l.N, Sentence: field.Sentence}
		if i := slices.Index(p.Columns, field.Name); i >= 0 && field.Name != "" {
			w.Cell, w.Column, w.Typed = sheet.Name(l.N, i), field.Name, p.typed(l.N, i)
		}
		p.Wrong = append(p.Wrong, w)
	}
}

func (p *Plan) typed(n, column int) string {
	i, _ := slices.BinarySearchFunc(p.Sheet.Rows, n, func(r sheet.Row, n int) int { return r.N - n })
	return p.Sheet.Rows[i].Cells[column]
}

// twins reports whether something new bears the name of what is there already.
func (p Plan) twins() bool {
	return slices.ContainsFunc(p.Lines, func(l Line) bool { return l.Twin != nil })
}

// settle tells what the line does.
func (l *Line) settle(t Table) {
	if l.Before == nil {
		l.Fate = New
		return
	}
	for _, c := range t.Columns {
		if !slices.Equal(slices.Sorted(slices.Values(l.Values[c.Name])), slices.Sorted(slices.Values(l.Before.Values[c.Name]))) {
			l.Changes = append(l.Changes, c.Name)
		}
	}
	l.Fate = Same
	if len(l.Changes) > 0 {
		l.Fate = Changed
	}
}

// digest tells this plan from any other, of the same file too.
func (p Plan) digest(w waiting) string {
	sum := sha256.New()
	_, _ = sum.Write(w.File)
	e := json.NewEncoder(sum)
	for _, l := range p.Lines {
		id, version := "", int64(0)
		if l.Before != nil {
			id, version = l.Before.ID, l.Before.Version
		}
		_ = e.Encode([]any{l.N, l.Fate, id, version})
	}
	_ = e.Encode([]any{w.Columns, w.Choice})
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// Key joins the parts of a key, whatever the accents and capitals; it is empty when all of them are.
func Key(parts ...string) string {
	folded, empty := make([]string, len(parts)), true
	for i, s := range parts {
		folded[i] = text.Fold(s)
		empty = empty && folded[i] == ""
	}
	if empty {
		return ""
	}
	return strings.Join(folded, "\x00")
}
