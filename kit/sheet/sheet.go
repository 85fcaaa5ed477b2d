// Package sheet reads the tables that people send: an XLSX workbook or a CSV file,
// as a head and rows of trimmed texts, each with the number that it has in a
// spreadsheet, and remarks on what the file could not say plainly.
//
// A file is told by its content, never by its name. Everything is bounded: the file,
// what it unpacks to, its rows, columns and cells. Macros are refused; formulas are
// never computed: the value that the spreadsheet kept is taken, and the row is told.
// Of merged cells only the first has a value, and that is told too.
//
// Dates of a workbook become 2026-03-12, or 2026-03 and 2026 when that is all that the
// cell shows. Date and Whole read what people type in words and in figures.
package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"cadre/kit/fault"
	"cadre/kit/text"
)

// The limits of a file.
const (
	MaxFile    = 5 << 20  // bytes, as it is sent
	maxUnzip   = 32 << 20 // bytes that a workbook unpacks to
	MaxRows    = 5_000    // rows with something in them, besides the head: an import saves them in one act, and other writers wait for it
	MaxColumns = 100
	MaxCell    = 10_000  // characters
	maxText    = 8 << 20 // bytes of all the cells together
	maxRemarks = 2 * MaxRows
)

// Sheet is a table as it was sent.
type Sheet struct {
	Name    string   // of the sheet that was read; empty for CSV
	Others  []string // the other visible sheets of the workbook, which are not read
	Above   []string // what stands above the head, such as the title of a plan
	HeadRow int      // number of the row of the head
	Head    []string // titles of the columns; empty for a column without one
	Rows    []Row    // those that are not empty
	Bars    []Bar    // cells of one row that are merged
	Remarks []Remark
}

// Bar is cells of one row that are merged: the first has their value.
type Bar struct{ Row, From, To int } // columns from 0, both ends included

// Row is a row of the table.
type Row struct {
	N     int      // as a spreadsheet numbers it, from 1
	Cells []string // as many as Head
}

// Remark is something to tell the sender. A wrong one concerns a value that could not be read.
type Remark struct {
	Row      int // 0 for the whole file
	Wrong    bool
	Sentence text.Message
}

// Read reads a file. What it refuses is a fault that says what to do, BadInput or TooLarge.
func Read(data []byte) (Sheet, error) {
	switch {
	case len(data) > MaxFile:
		return Sheet{}, fault.New(fault.TooLarge, "Ce fichier dépasse 5 Mo. Retirez-en les images, ou partagez-le en plusieurs.")
	case len(data) == 0:
		return Sheet{}, fault.New(fault.BadInput, "Ce fichier est vide.")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readWorkbook(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return Sheet{}, fault.New(fault.BadInput, "Ce classeur est d’un ancien format (.xls), ou protégé par un mot de passe. Enregistrez-le sans mot de passe au format .xlsx.")
	}
	return readCSV(data)
}

func errTooLong() error {
	return fault.New(fault.TooLarge, "Ce fichier a plus de %s lignes. Partagez-le en plusieurs.", "5\u202f000")
}

func errTooMany() error {
	return fault.New(fault.TooLarge, "Trop de cellules de ce fichier ne peuvent pas être lues telles quelles : fusions, erreurs, caractères interdits. Copiez les valeurs dans un nouveau classeur.")
}

// builder gathers rows until the table is whole.
type builder struct {
	Sheet
	size int // bytes of the cells
}

// add takes the cells of a row; each is cleaned here.
func (b *builder) add(n int, cells []string) error {
	if len(cells) > MaxColumns && strings.Join(cells[MaxColumns:], "") != "" {
		return fault.New(fault.BadInput, "La ligne %d a plus de %d colonnes.", n, MaxColumns)
	}
	cells = cells[:min(len(cells), MaxColumns)]
	for i := range cells {
		if err := b.clean(n, i, &cells[i]); err != nil {
			return err
		}
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return nil
	}
	switch {
	case len(b.Rows) > MaxRows+titleRows:
		return errTooLong()
	case len(b.Remarks) > maxRemarks:
		return errTooMany()
	}
	b.Rows = append(b.Rows, Row{n, cells})
	return nil
}

// clean makes a cell fit to be stored.
func (b *builder) clean(row, column int, cell *string) error {
	s := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(*cell)
	clean, ok := text.Clean(s)
	if !ok {
		clean = text.Mend(s)
		b.remark(row, false, text.M("%s contenait des caractères invisibles ou illisibles : ils sont retirés.", Name(row, column)))
	}
	*cell = strings.TrimSpace(clean)
	if rest, found := strings.CutPrefix(*cell, "'"); found && rest != "" && strings.ContainsRune("=+-@", rune(rest[0])) {
		*cell = rest // the apostrophe by which one types a text that begins so
	}
	b.size += len(*cell)
	if len([]rune(*cell)) > MaxCell {
		return fault.New(fault.BadInput, "%s contient plus de %s caractères.", Name(row, column), "10\u202f000")
	}
	if b.size > maxText {
		return fault.New(fault.TooLarge, "Ce fichier contient trop de texte. Partagez-le en plusieurs.")
	}
	return nil
}

func (b *builder) remark(row int, wrong bool, sentence text.Message) {
	b.Remarks = append(b.Remarks, Remark{row, wrong, sentence})
}

// titleRows is how many rows may stand above the head: the title of a plan, its year.
const titleRows = 20

// finish finds the head, which is the first row with two titles (or the first of all when
// the table has one column), and squares the rows.
func (b *builder) finish() (Sheet, error) {
	head := slices.IndexFunc(b.Rows[:min(len(b.Rows), titleRows)], func(r Row) bool { return filled(r.Cells) > 1 })
	head = max(head, 0)
	switch {
	case len(b.Rows) >= head+2:
	case len(b.Others) > 0:
		return Sheet{}, fault.New(fault.BadInput, "La première feuille, « %s », est la seule qui soit lue, et ne contient aucune ligne sous les titres de colonnes. Mettez votre tableau en première feuille.", b.Name)
	default:
		return Sheet{}, fault.New(fault.BadInput, "Ce fichier ne contient aucune ligne sous les titres de colonnes.")
	}
	above := b.Rows[:head]
	for _, r := range above {
		b.Above = append(b.Above, r.Cells...)
	}
	b.Head, b.HeadRow, b.Rows = b.Rows[head].Cells, b.Rows[head].N, b.Rows[head+1:]
	if len(b.Rows) > 1 && underneath(b.Head, b.Rows[0].Cells) {
		b.Head, b.HeadRow, b.Rows = joined(b.Head, b.Rows[0].Cells), b.Rows[0].N, b.Rows[1:]
	}
	if len(b.Rows) > MaxRows {
		return Sheet{}, errTooLong()
	}
	if len(above) > 0 {
		b.remark(0, false, text.M("Les titres de colonnes sont lus à la ligne %d ; ce qui est au-dessus n’est pas lu.", b.HeadRow))
	}
	for i, r := range b.Rows {
		if len(r.Cells) > len(b.Head) {
			b.remark(r.N, true, text.M("La ligne %d a des valeurs dans une colonne sans titre.", r.N))
		}
		b.Rows[i].Cells = squared(r.Cells, len(b.Head))
	}
	b.Remarks = slices.DeleteFunc(b.Remarks, func(m Remark) bool { return m.Row > 0 && m.Row < b.HeadRow })
	slices.SortStableFunc(b.Remarks, func(a, c Remark) int { return a.Row - c.Row })
	return b.Sheet, nil
}

// underneath reports whether the row under the head is a second line of titles: those of the
// columns that one title of the head stands over. Titles of one column leave it empty.
func underneath(head, next []string) bool {
	over, apart := 0, false // how many columns the last title stands over so far
	spread := false
	for i := range max(len(head), len(next)) {
		title, under := at(head, i) != "", at(next, i) != ""
		if title {
			over = 0
		}
		alone := title && i+1 < len(head) && at(head, i+1) != ""
		switch {
		case (alone || i == 0) && under:
			return false
		case title && !under:
			apart = true
		case under && !title && over == 0:
			return false
		case under:
			over++
		}
		spread = spread || over > 1
	}
	return spread && apart
}

// joined is one line of titles for two: « Chronogramme T1 ».
func joined(head, under []string) []string {
	all, title := squared(slices.Clone(head), max(len(head), len(under))), ""
	for i, s := range all {
		if s != "" {
			title = s
		}
		if below := at(under, i); below != "" {
			all[i] = title + " " + below
		}
	}
	return all
}

func at(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if c != "" {
			n++
		}
	}
	return n
}

func squared(cells []string, n int) []string {
	if len(cells) >= n {
		return cells[:n]
	}
	return append(cells, make([]string, n-len(cells))...)
}

// Name is a cell as a spreadsheet names it: its row from 1, its column from 0.
func Name(row, column int) string { return fmt.Sprintf("%s%d", Letters(column), row) }

// Letters names a column, from 0: A, B… Z, AA.
func Letters(column int) string {
	s := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}
