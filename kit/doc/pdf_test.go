package doc_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"cadre/kit/doc"
	"cadre/kit/test"
)

// paper has every kind of block, and more rows than a sheet holds.
func paper() doc.Paper {
	long := strings.Repeat("La commission coordonne l’action des institutions chargées de la paix et de la sécurité\u202f; elle rend compte chaque année. ", 4)
	grid := doc.Grid{Strong: true, Columns: []doc.GridColumn{{Label: "Mission", Weight: 3}, {Label: "Lieu", Weight: 1}, {Label: "Nombre", Weight: 1, Right: true}}}
	for i := range 60 {
		grid.Rows = append(grid.Rows, []string{fmt.Sprintf("Mission %d\u00a0: « réduire » les armes – œuvre commune", i), "Tône, Savanes", "1\u202f507"})
	}
	grid.Rows = append(grid.Rows, []string{strings.Repeat(long, 14), "Lomé", "1"})
	matrix := doc.Matrix{Key: []doc.Swatch{{Shade: 4, Mark: "P", Words: "pilote"}, {Shade: 2, Mark: "A", Words: "appuie"}}}
	for i := range 14 {
		matrix.Columns = append(matrix.Columns, fmt.Sprintf("Thème %d, armes légères et de petit calibre en circulation", i))
	}
	for i := range 50 {
		matrix.Rows = append(matrix.Rows, fmt.Sprintf("INST %d", i))
		var row []doc.MatrixCell
		for j := range 14 {
			n := (i*7 + j*3) % 5
			row = append(row, doc.MatrixCell{Shade: n, Mark: [...]string{"", "1", "A", "3", "P"}[n]})
		}
		matrix.Cells = append(matrix.Cells, row)
	}
	drawing := doc.Drawing{Width: 100, Height: 160, Caption: "Limites approximatives.", Key: []doc.Swatch{{Shade: 1, Words: "1 ou 2"}, {Shade: 4, Words: "plus de 9"}},
		Shapes: []doc.Shape{
			{Shade: 2, Rings: [][][2]float64{{{10, 10}, {90, 20}, {80, 150}, {20, 140}}, {{40, 40}, {60, 40}, {60, 60}}}},
			{Bare: true, Dashed: true, Rings: [][][2]float64{{{5, 5}, {95, 5}, {95, 155}, {5, 155}}}},
		}, Labels: []doc.Label{{X: 50, Y: 100, Words: "Savanes"}}}
	p := doc.Paper{Title: "Livret des structures", Subtitle: "Qui fait quoi, où\u202f?", Kicker: "Cadre permanent d’échanges", Lang: "fr",
		Letterhead: [2]string{"Cadre permanent d’échanges\nSecrétariat permanent", "République togolaise\nTravail – Liberté – Patrie"},
		Marking:    "TLP:GREEN (G)", Scope: "Toutes les structures du cadre peuvent lire.", Printed: "le 25 novembre 2026 par Point focal, CNAD", Made: made,
		Cover:    &doc.Cover{Lines: []string{"Édition du 25 novembre 2026"}, Notice: "Les faits portent leur source."},
		Contents: 2,
		Blocks: []doc.Block{
			doc.Heading{Level: 1, Words: "Les structures"}, doc.Text{Look: doc.Lede, Words: "Neuf structures."}, doc.Text{Words: long}, doc.Text{Look: doc.Small, Words: long}, doc.Text{Look: doc.Quoted, Words: long},
			doc.Heading{Level: 2, Words: "CNLPAL – Commission nationale de lutte", Short: "CNLPAL", Kicker: "Commission, sous la tutelle du ministère"},
			doc.Facts{{Label: "Site public", Value: "https://www.exemple.tg/une/adresse/tres/longue/qui/ne/tient/pas/sur/une/seule/ligne/du/tout"}, {Label: "Rien"}, {Label: "Fondée par", Value: long}},
			doc.Heading{Level: 3, Words: "Missions"}, grid,
			doc.Heading{Level: 1, Words: "Qui fait quoi"}, matrix,
			doc.Heading{Level: 1, Words: "La carte"}, drawing,
		}}
	for i := range 70 {
		p.Blocks = append(p.Blocks, doc.Heading{Level: 2, Words: fmt.Sprintf("Structure %d", i)}, doc.Text{Words: "Lomé, Kara, Dapaong. Ŋutsu kple nyɔnu."})
	}
	return p
}

func TestPaper(t *testing.T) {
	ctx := context.Background()
	b, err := paper().PDF(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if file := os.Getenv("CADRE_TEST_PAPER"); file != "" { // to be looked at
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pages := test.PDF(t, b)
	last := len(pages)
	if last < 8 || !strings.Contains(pages[0], "Livret des structures") || strings.Contains(pages[0], "page 1 sur") {
		t.Fatalf("%d sheets, the first is %q", last, pages[0])
	}
	heads := 0
	for i, page := range pages[1:] {
		if !strings.Contains(page, fmt.Sprintf("page %d sur %d", i+2, last)) || strings.Count(page, "TLP:GREEN (G)") != 2 || !strings.Contains(page, "Établi le 25 novembre 2026 par Point focal, CNAD") {
			t.Errorf("sheet %d lacks its foot or its marking: %q", i+2, page)
		}
		if strings.Contains(page, "Mission Lieu Nombre") {
			heads++
		}
	}
	if heads < 3 {
		t.Errorf("the heads of the table stand on %d sheets", heads)
	}
	if n := bytes.Count(b, []byte("<</Title")); n != 74 {
		t.Errorf("%d bookmarks, want one per heading of the first two levels", n)
	}
	listed(t, pages)
	again, err := paper().PDF(ctx)
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("the same paper is not the same file: %v", err)
	}
}

// listed compares the contents with the sheets on which the headings stand.
func listed(t *testing.T, pages []string) {
	t.Helper()
	for _, heading := range []string{"Les structures", "CNLPAL", "Qui fait quoi", "La carte", "Structure 0", "Structure 69"} {
		number := ""
		for _, page := range pages[1:4] {
			if _, rest, found := strings.Cut(page, " "+heading+" "); found && number == "" {
				number, _, _ = strings.Cut(rest, " ")
			}
		}
		n := 0
		if _, err := fmt.Sscan(number, &n); err != nil || n > len(pages) || !strings.Contains(pages[n-1], heading) {
			t.Errorf("the contents say that %q is on sheet %q", heading, number)
		}
	}
}

func TestPlainPaper(t *testing.T) {
	b, err := doc.Paper{Title: "Compte rendu", Kicker: "Réunion", Lang: "fr", Letterhead: [2]string{"Cadre", "République"}, Made: made,
		Blocks: []doc.Block{doc.Text{Words: "Un 😀 mot\u200b, un\u2011autre."}, doc.Grid{}, doc.Facts{}, doc.Heading{Level: 2, Words: "Suite"}}}.PDF(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	pages := test.PDF(t, b)
	if len(pages) != 1 || !strings.Contains(pages[0], "Compte rendu") || !strings.Contains(pages[0], "Un \ufffd mot, un-autre.") || !strings.Contains(pages[0], "page 1 sur 1") {
		t.Errorf("got %q", pages)
	}
}

// FuzzPaper: no words break the layout.
func FuzzPaper(f *testing.F) {
	f.Add("Paix", 3)
	f.Add(strings.Repeat("x", 500)+"\n\n", 80)
	f.Fuzz(func(t *testing.T, words string, rows int) {
		p := doc.Paper{Title: words, Cover: &doc.Cover{Notice: words}, Contents: 3, Marking: words, Blocks: []doc.Block{
			doc.Heading{Level: 1, Words: words, Kicker: words}, doc.Text{Look: doc.Quoted, Words: words}, doc.Facts{{Label: words, Value: words}},
			doc.Heading{Level: 3, Words: words}}}
		g := doc.Grid{Columns: []doc.GridColumn{{Label: words, Weight: 1}, {Label: "n", Weight: 1}}}
		for range min(max(rows, 0), 100) {
			g.Rows = append(g.Rows, []string{words, words})
		}
		form := doc.Form{{{Label: words, Value: words}, {Label: words, Choices: []doc.Choice{{Words: words}}}}}
		p.Blocks = append(p.Blocks, g, form, doc.Matrix{Columns: []string{words}, Rows: []string{words}, Cells: [][]doc.MatrixCell{{{Shade: rows, Mark: words}}}})
		if _, err := p.PDF(context.Background()); err != nil {
			t.Error(err)
		}
	})
}
