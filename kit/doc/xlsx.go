package doc

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cadre/kit/form"
	"cadre/kit/text"

	"github.com/xuri/excelize/v2"
)

// usualWidth is that of a column of a sheet, in characters.
const usualWidth = 18

// XLSX writes the table as a workbook: a sheet of rows under a head that stays in view and
// can be filtered, and a sheet that says where they come from. Every text is a text for the
// spreadsheet too: no cell holds a formula. The marking is printed on every page. With
// hxl, the row of tags stands under the head.
func (t Table) XLSX(ctx context.Context, hxl bool) (book []byte, err error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	b := workbook{File: excelize.NewFile(), table: t}
	defer func() {
		if e := b.Close(); err == nil {
			err = e
		}
	}()
	steps := []func() error{
		b.style, b.properties, func() error { return b.sheets(ctx) }, func() error { return b.paper(ctx) },
		func() error { return b.fill(hxl) }, func() error { return b.origin(ctx) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		return nil, err
	}
	return settled(out.Bytes())
}

// settled puts the parts of a workbook in the order of their names, as they are: the same
// table twice is the same file.
func settled(book []byte) ([]byte, error) {
	parts, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(parts.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range parts.File {
		if err := w.Copy(f); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return out.Bytes(), err
}

// workbook is a workbook being written, with its styles.
type workbook struct {
	*excelize.File
	table                          Table
	rowsSheet, originSheet         string
	head, tag, plain, day, instant int
}

func (b *workbook) style() error {
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	asText, asDay, asInstant := 49, "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.head, excelize.Style{NumFmt: asText, Font: &excelize.Font{Bold: true}, Alignment: top}},
		{&b.tag, excelize.Style{NumFmt: asText, Font: &excelize.Font{Italic: true, Color: "575147"}, Alignment: top}},
		{&b.plain, excelize.Style{NumFmt: asText, Alignment: top}},
		{&b.day, excelize.Style{CustomNumFmt: &asDay, Alignment: top}},
		{&b.instant, excelize.Style{CustomNumFmt: &asInstant, Alignment: top}},
	} {
		id, err := b.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	return nil
}

func (b *workbook) properties() error {
	made := b.table.Made.UTC().Format(time.RFC3339)
	return b.SetDocProps(&excelize.DocProperties{Title: b.table.Title, Keywords: b.table.Marking, Description: b.table.provenance(),
		Creator: "Cadre", LastModifiedBy: "Cadre", Language: b.table.Lang, Created: made, Modified: made})
}

func (t Table) provenance() string {
	lines := make([]string, len(t.Notes))
	for i, n := range t.Notes {
		lines[i] = n.Label + " : " + n.Value
	}
	return strings.Join(lines, "\n")
}

// sheets makes the two sheets.
func (b *workbook) sheets(ctx context.Context) error {
	b.rowsSheet, b.originSheet = sheetName(b.table.Name), sheetName(text.T(ctx, "Provenance"))
	if b.rowsSheet == b.originSheet {
		b.originSheet += " 2"
	}
	if err := b.SetSheetName("Sheet1", b.rowsSheet); err != nil {
		return err
	}
	_, err := b.NewSheet(b.originSheet)
	return err
}

// fill writes the sheet of rows.
func (b *workbook) fill(hxl bool) error {
	w, err := b.NewStreamWriter(b.rowsSheet)
	if err != nil {
		return err
	}
	for i, c := range b.table.Columns {
		width := c.Width
		if width == 0 {
			width = usualWidth
		}
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	heads := 1
	if hxl {
		heads = 2
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: heads, TopLeftCell: fmt.Sprintf("A%d", heads+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := b.rows(w, hxl); err != nil {
		return err
	}
	return w.Flush()
}

func (b *workbook) rows(w *excelize.StreamWriter, hxl bool) error {
	at := 0
	put := func(row []any, style int) error {
		at++
		return w.SetRow(fmt.Sprintf("A%d", at), b.cells(row, style))
	}
	if err := put(b.table.labels(), b.head); err != nil {
		return err
	}
	if hxl {
		if err := put(b.table.tags(), b.tag); err != nil {
			return err
		}
	}
	for _, row := range b.table.Rows {
		if err := put(row, b.plain); err != nil {
			return err
		}
	}
	last, err := excelize.CoordinatesToCellName(len(b.table.Columns), at)
	if err != nil {
		return err
	}
	return w.AddTable(&excelize.Table{Range: "A1:" + last, Name: "Table1", StyleName: "TableStyleLight1"})
}

// cells gives each value its kind in a spreadsheet; style is that of texts.
func (b *workbook) cells(row []any, style int) []any {
	all := make([]any, len(row))
	for i, value := range row {
		switch v := value.(type) {
		case form.Date:
			all[i] = b.date(v)
		case time.Time:
			all[i] = b.moment(v)
		case int, int64, float64, bool:
			all[i] = v
		default:
			all[i] = excelize.Cell{StyleID: style, Value: words(v)}
		}
	}
	return all
}

// early is before the first day that every spreadsheet counts alike.
func early(year int) bool { return year < 1901 }

func (b *workbook) date(d form.Date) any {
	if early(d.Year) {
		return excelize.Cell{StyleID: b.plain, Value: d.String()}
	}
	return excelize.Cell{StyleID: b.day, Value: d.In(time.UTC)}
}

// moment writes an instant as the clock of its own zone shows it: sheets know no zones.
func (b *workbook) moment(t time.Time) any {
	if early(t.Year()) {
		return excelize.Cell{StyleID: b.plain, Value: words(t)}
	}
	shown := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	return excelize.Cell{StyleID: b.instant, Value: shown}
}

// origin writes the sheet that says where the rows come from.
func (b *workbook) origin(ctx context.Context) error {
	w, err := b.NewStreamWriter(b.originSheet)
	if err != nil {
		return err
	}
	if err := w.SetColWidth(1, 1, 28); err != nil {
		return err
	}
	if err := w.SetColWidth(2, 2, 90); err != nil {
		return err
	}
	notes := append([]Note{{text.T(ctx, "Intitulé"), b.table.Title}, {text.T(ctx, "Marquage"), b.table.Marking}}, b.table.Notes...)
	for i, n := range notes {
		row := []any{excelize.Cell{StyleID: b.head, Value: n.Label}, excelize.Cell{StyleID: b.plain, Value: n.Value}}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			return err
		}
	}
	return w.Flush()
}

// paper says how the sheets are printed: A4, lying, the head on every page, the marking
// above and below. It comes before the rows, which then need not be read again.
func (b *workbook) paper(ctx context.Context) error {
	for _, sheet := range []string{b.rowsSheet, b.originSheet} {
		lying, size, wide, long, fit := "landscape", 9, 1, 0, true
		if err := b.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &size, Orientation: &lying, FitToWidth: &wide, FitToHeight: &long}); err != nil {
			return err
		}
		if err := b.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
			return err
		}
		marking, title := inHeader(b.table.Marking), inHeader(b.table.Title)
		if err := b.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{
			OddHeader: "&L" + title + "&R&B" + marking,
			OddFooter: "&L&B" + marking + "&R" + text.T(ctx, "page %s sur %s", "&P", "&N")}); err != nil {
			return err
		}
	}
	return b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + b.rowsSheet + "'!$1:$1", Scope: b.rowsSheet})
}

// inHeader writes a text in the head of a printed page, where & begins an order, within the
// length that the format allows.
func inHeader(s string) string { return strings.ReplaceAll(clip(s, 90), "&", "&&") }

// sheetName makes a name that a sheet may have: at most 31 characters, some of them refused.
func sheetName(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, s))
	return clip(s, 31)
}

// clip keeps the first n characters.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}
