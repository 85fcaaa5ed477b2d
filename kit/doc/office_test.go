package doc_test

import (
	"bytes"
	"context"
	"os/exec"
	"strings"
	"testing"

	"cadre/kit/doc"
	"cadre/kit/test"

	"github.com/google/go-cmp/cmp"
)

// TestOfficeReadsBack has LibreOffice open the workbook and the CSV file, and write what it
// has found in them.
func TestOfficeReadsBack(t *testing.T) {
	book, err := table().XLSX(context.Background(), true)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := table().CSV(true)
	if err != nil {
		t.Fatal(err)
	}
	title := "Réduire les armes « illicites » ; l’État d’abord"
	head := [][]string{
		{"Intitulé", "Thèmes", "Nombre", "Grand", "Part", "Oui", "Jour", "Instant", "Rien"},
		{"#activity+name", "#sector", "#value", "", "", "", "#date+start", "", ""},
	}
	for _, c := range []struct {
		file, reads string
		content     []byte
		want        [][]string
	}{
		{"table.xlsx", "", book, append(head[:2:2],
			[]string{title, "Armes ; Paix", "3", "1099511627776", "0.25", "TRUE", "04/09/2025", "11/25/2026 09:42:00", ""},
			[]string{`=HYPERLINK("http://x.example";"clic")`, "", "-5", "0", "-1.5", "FALSE", "", "", ""},
			[]string{"deux\nlignes \"citées\"", "@SUM(1)", "0", "0", "0", "TRUE", "1882-01-01", "11/25/2026 09:42:00", ""})},
		{"table.csv", "CSV:59,34,76", plain, append(head[:2:2],
			[]string{title, "Armes ; Paix", "3", "1099511627776", "0.25", "TRUE", "2025-04-09", "2026-11-25T09:42:00Z", ""},
			[]string{`'=HYPERLINK("http://x.example";"clic")`, "", "-5", "0", "-1.5", "FALSE", "", "", ""},
			[]string{"deux\nlignes \"citées\"", "'@SUM(1)", "0", "0", "0", "TRUE", "1882-01-01", "2026-11-25T09:42:00Z", ""})},
	} {
		if diff := cmp.Diff(c.want, test.OfficeRows(t, c.file, c.reads, c.content)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.file, diff)
		}
	}
}

// TestPopplerReadsBack has pdftotext read a paper: its words are words, and in order.
func TestPopplerReadsBack(t *testing.T) {
	reader := test.Need(t, "CADRE_TEST_PDFTOTEXT", "pdftotext of poppler")
	b, err := paper().PDF(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(reader, "-layout", "-", "-") // #nosec G204 -- the program under which the test runs
	cmd.Stdin = bytes.NewReader(b)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(string(out), "\f")
	if !strings.Contains(pages[0], "Livret des structures") || !strings.Contains(pages[0], "TLP:GREEN (G)") {
		t.Errorf("the cover reads %q", pages[0])
	}
	for _, want := range []string{"Sommaire", "œuvre commune", "Ŋutsu kple nyɔnu.", "page 3 sur", "Limites approximatives."} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not read", want)
		}
	}
}

// TestSameFileTwice: the same content is the same bytes, so that a file may be kept under its digest.
func TestSameFileTwice(t *testing.T) {
	ctx := context.Background()
	for name, write := range map[string]func() ([]byte, error){
		"xlsx": func() ([]byte, error) { return table().XLSX(ctx, true) },
		"pdf":  func() ([]byte, error) { return paper().PDF(ctx) },
		"csv":  func() ([]byte, error) { return table().CSV(false) },
		"json": table().JSON,
		"ics":  func() ([]byte, error) { return calendar("Africa/Lome").ICal(), nil },
		"geo": func() ([]byte, error) {
			return doc.GeoJSON("x", "y", nil, []doc.Feature{{ID: "1", Properties: map[string]string{"b": "1", "a": "2"}}})
		},
	} {
		first, err := write()
		if err != nil {
			t.Fatal(err)
		}
		for range 8 {
			if again, err := write(); err != nil || !bytes.Equal(first, again) {
				t.Errorf("%s differs from one time to the next: %v", name, err)
				break
			}
		}
	}
}
