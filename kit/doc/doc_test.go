package doc_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"cadre/kit/doc"
	"cadre/kit/fault"
	"cadre/kit/form"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// made is when the tests' files are made.
var made = time.Date(2026, 11, 25, 9, 42, 0, 0, time.UTC)

// table holds every kind of value, and what spreadsheets run.
func table() doc.Table {
	return doc.Table{Name: "Missions", Title: "Missions, R&D [essai]", Marking: "TLP:GREEN", Lang: "fr", Made: made,
		Notes: []doc.Note{{Label: "Établi", Value: "le 25 novembre 2026"}},
		Columns: []doc.Column{
			{Name: "title", Label: "Intitulé", HXL: "#activity+name", Width: 40}, {Name: "themes", Label: "Thèmes", HXL: "#sector"},
			{Name: "n", Label: "Nombre", HXL: "#value"}, {Name: "big", Label: "Grand"}, {Name: "share", Label: "Part"}, {Name: "yes", Label: "Oui"},
			{Name: "day", Label: "Jour", HXL: "#date+start"}, {Name: "at", Label: "Instant"}, {Name: "none", Label: "Rien"},
		},
		Rows: [][]any{
			{"Réduire les armes « illicites » ; l’État d’abord", []string{"Armes", "Paix"}, 3, int64(1) << 40, 0.25, true, form.Date{Year: 2025, Month: 4, Day: 9}, made, nil},
			{"=HYPERLINK(\"http://x.example\";\"clic\")", []string(nil), -5, int64(0), -1.5, false, form.Date{}, time.Time{}, nil},
			{"deux\nlignes \"citées\"", []string{"@SUM(1)"}, 0, int64(0), 0.0, true, form.Date{Year: 1882, Month: 1, Day: 1}, made, nil},
		}}
}

func TestCSVReadsBack(t *testing.T) {
	b, err := table().CSV(true)
	if err != nil {
		t.Fatal(err)
	}
	rest, found := bytes.CutPrefix(b, []byte("\xef\xbb\xbf"))
	if !found || !bytes.Contains(rest, []byte("\r\n")) || bytes.Contains(bytes.ReplaceAll(rest, []byte("\r\n"), nil), []byte("\n")) {
		t.Fatalf("want a byte order mark and CRLF only: %q", b)
	}
	r := csv.NewReader(bytes.NewReader(rest))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Intitulé", "Thèmes", "Nombre", "Grand", "Part", "Oui", "Jour", "Instant", "Rien"},
		{"#activity+name", "#sector", "#value", "", "", "", "#date+start", "", ""},
		{"Réduire les armes « illicites » ; l’État d’abord", "Armes ; Paix", "3", "1099511627776", "0.25", "true", "2025-04-09", "2026-11-25T09:42:00Z", ""},
		{"'=HYPERLINK(\"http://x.example\";\"clic\")", "", "-5", "0", "-1.5", "false", "", "", ""},
		{"deux\nlignes \"citées\"", "'@SUM(1)", "0", "0", "0", "true", "1882-01-01", "2026-11-25T09:42:00Z", ""},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestGuardKnowsWhatSpreadsheetsRun(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "Paix": "Paix", "l’État": "l’État", "'90": "'90", "5-6": "5-6",
		"=1+1": "'=1+1", "+228 90 00 00 00": "'+228 90 00 00 00", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)",
		"\t=1": "'\t=1", "\r=1": "'\r=1", "\nPaix": "'\nPaix", " \u00a0=1": "' \u00a0=1", "\u200b=1": "'\u200b=1",
		"＝1": "'＝1", "'=1": "''=1", "''@x": "'''@x", "-": "'-",
	} {
		if got := doc.Guard(s); got != want {
			t.Errorf("Guard(%q) is %q, want %q", s, got, want)
		}
	}
}

// FuzzGuard: nothing guarded can run, and every text comes back as it was.
func FuzzGuard(f *testing.F) {
	for _, s := range []string{"=1", "'=1", "''", " +1", "\u200b-", "＠", "\xff=", "Paix"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		guarded := doc.Guard(s)
		if back := doc.Unguard(guarded); back != s {
			t.Errorf("%q comes back as %q", s, back)
		}
		if strings.ContainsAny(strings.TrimLeft(guarded, " \u00a0\u200b")+"x", "=+-@\t\r\n") &&
			strings.IndexAny(strings.TrimLeft(guarded, " \u00a0\u200b")+"x", "=+-@\t\r\n") == 0 {
			t.Errorf("%q runs", guarded)
		}
	})
}

func TestXLSXReadsBack(t *testing.T) {
	ctx := context.Background()
	b, err := table().XLSX(ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Missions")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Intitulé", "Thèmes", "Nombre", "Grand", "Part", "Oui", "Jour", "Instant", "Rien"},
		{"#activity+name", "#sector", "#value", "", "", "", "#date+start"},
		{"Réduire les armes « illicites » ; l’État d’abord", "Armes ; Paix", "3", "1099511627776", "0.25", "TRUE", "09/04/2025", "25/11/2026 09:42"},
		{"=HYPERLINK(\"http://x.example\";\"clic\")", "", "-5", "0", "-1.5", "FALSE"},
		{"deux\nlignes \"citées\"", "@SUM(1)", "0", "0", "0", "TRUE", "1882-01-01", "25/11/2026 09:42"},
	}
	if diff := cmp.Diff(want, trimmed(rows)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	origin, err := book.GetRows("Provenance")
	if err != nil || len(origin) != 3 || origin[1][1] != "TLP:GREEN" {
		t.Errorf("the sheet of provenance holds %v, %v", origin, err)
	}
	properties, err := book.GetDocProps()
	if err != nil || properties.Keywords != "TLP:GREEN" || properties.Created != "2026-11-25T09:42:00Z" {
		t.Errorf("the properties are %+v, %v", properties, err)
	}
	noFormulas(t, book)
}

// trimmed takes the empty cells off the end of rows.
func trimmed(rows [][]string) [][]string {
	for i, row := range rows {
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		rows[i] = row
	}
	return rows
}

// noFormulas looks into every part of the workbook for one that runs.
func noFormulas(t *testing.T, book *excelize.File) {
	t.Helper()
	book.Pkg.Range(func(name, content any) bool {
		if part, ok := content.([]byte); ok && (bytes.Contains(part, []byte("<f>")) || strings.Contains(name.(string), "vba") || strings.Contains(name.(string), "external")) {
			t.Errorf("%v runs something", name)
		}
		return true
	})
}

func TestEmptyTable(t *testing.T) {
	x := table()
	x.Rows = nil
	if _, err := x.XLSX(context.Background(), false); err != nil {
		t.Error(err)
	}
	if b, err := x.CSV(false); err != nil || bytes.Count(b, []byte("\r\n")) != 1 {
		t.Errorf("%q, %v", b, err)
	}
	if b, err := x.JSON(); err != nil || !json.Valid(b) {
		t.Errorf("%s, %v", b, err)
	}
}

func TestJSONKeepsKinds(t *testing.T) {
	b, err := table().JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Title, Marking string
		Rows           []map[string]any
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"title": "Réduire les armes « illicites » ; l’État d’abord", "themes": []any{"Armes", "Paix"}, "n": 3.0,
		"big": float64(int64(1) << 40), "share": 0.25, "yes": true, "day": "2025-04-09", "at": "2026-11-25T09:42:00Z", "none": nil}
	if diff := cmp.Diff(want, got.Rows[0]); diff != "" || got.Marking != "TLP:GREEN" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got.Rows[1]["day"] != nil || len(got.Rows[1]["themes"].([]any)) != 0 {
		t.Errorf("what is not known is %v", got.Rows[1])
	}
	if !strings.Contains(string(b), `{"title":"deux\nlignes \"citées\"","themes":`) {
		t.Errorf("the columns are out of order: %s", b)
	}
}

func TestTooManyRows(t *testing.T) {
	x := table()
	x.Rows = make([][]any, doc.MaxRows+1)
	for _, write := range []func() ([]byte, error){func() ([]byte, error) { return x.CSV(false) }, x.JSON, func() ([]byte, error) { return x.XLSX(context.Background(), false) }} {
		if _, err := write(); fault.KindOf(err) != fault.TooLarge {
			t.Errorf("want too large, got %v", err)
		}
	}
}

func TestFileName(t *testing.T) {
	day := form.Date{Year: 2026, Month: 11, Day: 25}
	for _, c := range []struct{ what, marking, extension, want string }{
		{"annuaire missions", "TLP:GREEN", "xlsx", "annuaire-missions-2026-11-25-TLP-GREEN.xlsx"},
		{"Œuvres d’été\r\n\"x\"", "Diffusion restreinte – TLP:RED", "pdf", "oeuvres-d-ete-x-2026-11-25-DIFFUSION-RESTREINTE-TLP-RED.pdf"},
		{"annuaire", "TLP:AMBER+STRICT", "csv", "annuaire-2026-11-25-TLP-AMBER-STRICT.csv"},
	} {
		if got := doc.FileName(c.what, day, c.marking, c.extension); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// BenchmarkXLSX writes ten thousand rows of nine columns.
func BenchmarkXLSX(b *testing.B) {
	x := table()
	for len(x.Rows) < 10_000 {
		x.Rows = append(x.Rows, x.Rows[:3]...)
	}
	b.ReportAllocs()
	for b.Loop() {
		out, err := x.XLSX(context.Background(), false)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Discard.Write(out)
	}
}
