package intake

import (
	"context"
	"fmt"
	"slices"

	"cadre/kit/sheet"
	"cadre/kit/text"
	"cadre/kit/ui"

	"github.com/xuri/excelize/v2"
)

// Template is the workbook to fill in: the sheet to be read, with the lists of values that
// its columns take, a sheet that explains each column, and one that holds the lists.
func (m *Module) Template(ctx context.Context, t Table) (book []byte, err error) {
	b := blank{File: excelize.NewFile(), table: t, rows: sheetName(text.T(ctx, t.Name)), help: text.T(ctx, "Mode d’emploi"), lists: text.T(ctx, "Listes")}
	defer func() {
		if e := b.Close(); err == nil {
			err = e
		}
	}()
	if err := b.begin(); err != nil {
		return nil, err
	}
	for i, c := range t.asked() {
		if err := b.column(ctx, i, c, m.options(ctx, c)); err != nil {
			return nil, err
		}
	}
	out, err := b.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// asked are the columns that a template has: boxes to be ticked are only understood.
func (t Table) asked() []Column {
	return slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool { return c.Kind == Tick })
}

// blank is a template being written.
type blank struct {
	*excelize.File
	table             Table
	rows, help, lists string // names of the sheets
	head, must, plain int    // styles
	listed            int    // columns of the sheet of lists
}

func (b *blank) begin() error {
	if err := b.SetSheetName("Sheet1", b.rows); err != nil {
		return err
	}
	for _, name := range []string{b.help, b.lists} {
		if _, err := b.NewSheet(name); err != nil {
			return err
		}
	}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.head, excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}, Alignment: top}},
		{&b.must, excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true, Underline: "single"}, Alignment: top}},
		{&b.plain, excelize.Style{NumFmt: 49, Alignment: top}},
	} {
		id, err := b.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	if err := b.SetColWidth(b.help, "A", "A", 32); err != nil {
		return err
	}
	if err := b.SetColWidth(b.help, "B", "B", 100); err != nil {
		return err
	}
	return b.SetPanes(b.rows, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// column writes the title of a column, its list of values and the line that explains it.
// Its cells are texts, so that a spreadsheet changes nothing of what is typed.
func (b *blank) column(ctx context.Context, i int, c Column, options []ui.Option) error {
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return err
	}
	title, explained, style := text.T(ctx, c.Title), c.hint(ctx), b.head
	if c.Required || c.Needed {
		explained, style = text.T(ctx, "Obligatoire.")+" "+explained, b.must
	}
	steps := []func() error{
		func() error { return b.SetColWidth(b.rows, name, name, 26) },
		func() error { return b.SetColStyle(b.rows, name, b.plain) },
		func() error { return b.write(b.rows, name+"1", title, style) },
		func() error { return b.write(b.help, fmt.Sprintf("A%d", i+1), title, style) },
		func() error { return b.write(b.help, fmt.Sprintf("B%d", i+1), explained, b.plain) },
		func() error { return b.list(name, title, options, c.Many || c.Kind == Place) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (b *blank) write(sheet, cell, value string, style int) error {
	if err := b.SetCellStr(sheet, cell, value); err != nil {
		return err
	}
	return b.SetCellStyle(sheet, cell, cell, style)
}

// list offers the options in the cells of a column; in a free one other texts may be typed too.
func (b *blank) list(column, title string, options []ui.Option, free bool) error {
	if len(options) == 0 {
		return nil
	}
	b.listed++
	at, err := excelize.ColumnNumberToName(b.listed)
	if err != nil {
		return err
	}
	if err := b.write(b.lists, at+"1", title, b.head); err != nil {
		return err
	}
	for i, o := range options {
		if err := b.write(b.lists, fmt.Sprintf("%s%d", at, i+2), o.Label, b.plain); err != nil {
			return err
		}
	}
	rule := excelize.NewDataValidation(true)
	rule.SetSqref(fmt.Sprintf("%s2:%s%d", column, column, sheet.MaxRows+1))
	rule.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$2:$%s$%d", b.lists, at, at, len(options)+1))
	rule.ShowErrorMessage = !free
	return b.AddDataValidation(b.rows, rule)
}

// sheetName makes a name of at most 31 characters, as the format wants.
func sheetName(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 31)])
}
