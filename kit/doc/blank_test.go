package doc_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"cadre/kit/doc"
	"cadre/kit/test"
)

// TestAFormToFillInByHand: boxes and tables keep to one sheet where they fit; words that no sheet
// holds go on below the same label, none lost.
func TestAFormToFillInByHand(t *testing.T) {
	var long []string
	for i := range 900 {
		long = append(long, fmt.Sprintf("mot%03d", i))
	}
	lines := doc.Grid{Hand: true, Columns: []doc.GridColumn{{Label: "Lieu", Weight: 2}, {Label: "Acquis", Weight: 1, Middle: true}}, Rows: [][]string{{"Tône", "×"}, {"", ""}}}
	b, err := doc.Paper{Title: "Fiche", Lang: "fr", Made: made, Blocks: []doc.Block{
		doc.Code{Number: "CNAD-ACT-2026-1770", Address: "https://cadre.example/activites/018f2c1e", Note: "Tapez ce numéro."},
		lines,
		doc.Form{
			{{Label: "Type", Columns: 3, Choices: []doc.Choice{{Words: "Réunion", On: true}, {Words: "Patrouille"}, {Words: strings.Repeat("Visite de terrain ", 8)}}}},
			{{Label: "But", Value: strings.Join(long, " ")}, {Label: "Risques", Lines: 3, Weight: 2}},
			{{Label: "Signature", Lines: 2, Bare: true}},
		}}}.PDF(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	pages := test.PDF(t, b)
	all := strings.Join(pages, " ")
	for _, word := range append(long, "CNAD-ACT-2026-1770", "Tône", "Patrouille", "Signature") {
		if strings.Count(all, word) != 1 {
			t.Errorf("%q is written %d times", word, strings.Count(all, word))
		}
	}
	if n := strings.Count(all, "But"); n != len(pages) || n < 2 {
		t.Errorf("the label stands %d times on %d sheets", n, len(pages))
	}
	if _, err := (doc.Paper{Made: made, Blocks: []doc.Block{doc.Code{Address: strings.Repeat("x", 5000)}}}).PDF(context.Background()); err == nil {
		t.Error("an address that no QR code holds was left out without a word")
	}
}
