package doc

import (
	"bytes"
	"encoding/csv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// byteOrderMark tells a spreadsheet that the file is UTF-8.
const byteOrderMark = "\ufeff"

// CSV writes the table as spreadsheets set to French read it: UTF-8 with its mark,
// semicolons, CRLF. Texts that a spreadsheet would take for a formula are Guarded. With
// hxl, the row of tags stands under the head.
func (t Table) CSV(hxl bool) ([]byte, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString(byteOrderMark)
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = ';', true
	rows := [][]any{t.labels()}
	if hxl {
		rows = append(rows, t.tags())
	}
	for _, part := range [][][]any{rows, t.Rows} {
		for _, row := range part {
			if err := w.Write(cells(row)); err != nil {
				return nil, err
			}
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// cells writes the values of a row; only texts can hold a formula.
func cells(row []any) []string {
	all := make([]string, len(row))
	for i, value := range row {
		all[i] = words(value)
		switch value.(type) {
		case string, []string:
			all[i] = Guard(all[i])
		}
	}
	return all
}

// Guard makes a text harmless in a spreadsheet, which runs what begins with = + - @ (in
// their wide forms too), with or without spaces before, and drops a tabulation or an end of
// line before looking: an apostrophe is put before it, as one types it to mean a text.
// What begins with apostrophes before such a sign gets one more, so that Unguard gives
// every text back as it was.
func Guard(s string) string {
	if runs(s) {
		return "'" + s
	}
	return s
}

// Unguard takes back what Guard has added.
func Unguard(s string) string {
	if rest, found := strings.CutPrefix(s, "'"); found && runs(rest) {
		return rest
	}
	return s
}

// runs tells whether a spreadsheet could run the text, apostrophes left aside.
func runs(s string) bool {
	s = strings.TrimLeft(s, "'")
	rest := strings.TrimLeftFunc(s, blank)
	first, _ := utf8.DecodeRuneInString(rest)
	return strings.ContainsAny(s[:len(s)-len(rest)], "\t\r\n") || strings.ContainsRune("=+-@＝＋－＠", first)
}

// blank is what a spreadsheet may pass over at the beginning of a cell.
func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}
