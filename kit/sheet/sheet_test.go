package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"cadre/kit/fault"
	"cadre/kit/sheet"
	"cadre/kit/text"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// said is what is remarked, in French, with its row.
func said(s sheet.Sheet) []string {
	var all []string
	for _, r := range s.Remarks {
		line := fmt.Sprintf("%d: %s", r.Row, r.Sentence.In(text.French))
		if r.Wrong {
			line = "!" + line
		}
		all = append(all, line)
	}
	return all
}

func read(t *testing.T, data []byte) sheet.Sheet {
	t.Helper()
	s, err := sheet.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// workbook makes a workbook as people fill one in.
func workbook(t *testing.T, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func put(f *excelize.File, row int, values ...any) {
	_ = f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", row), &values)
}

func styled(f *excelize.File, cell, format string) {
	id, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	_ = f.SetCellStyle("Sheet1", cell, cell, id)
}

func TestAWorkbookIsRead(t *testing.T) {
	noon := time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC)
	s := read(t, workbook(t, func(f *excelize.File) {
		put(f, 1, "Intitulé", " Début ", "Mois", "Année", "Quantité", "Part", "Vrai")
		put(f, 2, "Former\ndes agents ", noon, noon, noon, 12500000, 0.1+0.2, true)
		styled(f, "B2", "dd/mm/yyyy")
		styled(f, "C2", "mmm\\-yy")
		styled(f, "D2", "yyyy")
		put(f, 5, "Après des lignes vides", 46093)
		styled(f, "B5", `[$-40C]d mmmm yyyy;@`)
		_ = f.SetCellRichText("Sheet1", "A6", []excelize.RichTextRun{{Text: "En "}, {Text: "gras", Font: &excelize.Font{Bold: true}}})
		_, _ = f.NewSheet("Listes")
	}))
	want := []sheet.Row{
		{N: 2, Cells: []string{"Former\ndes agents", "2026-03-12", "2026-03", "2026", "12500000", "0.3", "oui"}},
		{N: 5, Cells: []string{"Après des lignes vides", "2026-03-12", "", "", "", "", ""}},
		{N: 6, Cells: []string{"En gras", "", "", "", "", "", ""}},
	}
	if diff := cmp.Diff(want, s.Rows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Intitulé", "Début", "Mois", "Année", "Quantité", "Part", "Vrai"}, s.Head); diff != "" || s.HeadRow != 1 || s.Name != "Sheet1" {
		t.Error(diff, s.HeadRow, s.Name)
	}
	if len(s.Others) != 1 || s.Others[0] != "Listes" || len(s.Remarks) != 0 {
		t.Errorf("%v %v", s.Others, said(s))
	}
}

func TestWhatAWorkbookCannotSayPlainlyIsTold(t *testing.T) {
	s := read(t, workbook(t, func(f *excelize.File) {
		put(f, 1, "Plan de travail 2026")
		_ = f.MergeCell("Sheet1", "A1", "C1")
		put(f, 3, "Axe", "Intitulé", "Coût")
		put(f, 4, "Axe 1", "Un", nil)
		put(f, 5, nil, "Deux", nil)
		put(f, 6, "Axe 2", "Trois", "#N/A", "en trop")
		_ = f.MergeCell("Sheet1", "A4", "A5")
		_ = f.SetCellFormula("Sheet1", "C4", "1+1")
		_ = f.SetCellFormula("Sheet1", "C5", "1+2")
	}))
	want := []string{
		"0: Les titres de colonnes sont lus à la ligne 3\u202f; ce qui est au-dessus n’est pas lu.",
		"!4: C4 contient une formule sans valeur calculée. Ouvrez le fichier dans un tableur, enregistrez-le, ou remplacez la formule par sa valeur.",
		"4: Les cellules A4 à A5 sont fusionnées\u00a0: seule A4 garde une valeur. Défusionnez-les et recopiez-la si elle vaut pour toutes.",
		"!5: C5 contient une formule sans valeur calculée. Ouvrez le fichier dans un tableur, enregistrez-le, ou remplacez la formule par sa valeur.",
		"!6: La ligne 6 a des valeurs dans une colonne sans titre.",
	}
	if diff := cmp.Diff(want, said(s)); diff != "" {
		t.Error(diff)
	}
}

// parts makes a workbook of raw parts.
func parts(t *testing.T, sheetData string, more map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"[Content_Types].xml":        `<Types/>`,
		"xl/workbook.xml":            `<workbook xmlns:r="x"><sheets><sheet name="Caché" state="hidden" r:id="rId9"/><sheet name="Feuille" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="/xl/worksheets/Sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData>` + sheetData + `</sheetData></worksheet>`,
	}
	for name, content := range more {
		all[name] = content
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range all {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, content)
	}
	_ = z.Close()
	return b.Bytes()
}

func TestFormulasGiveTheirValue(t *testing.T) {
	s := read(t, parts(t, `<row r="1"><c r="A1" t="inlineStr"><is><t>Titre</t></is></c><c t="inlineStr"><is><r><t>Co</t></r><r><t>ût</t></r></is></c></row>
		<row><c t="str"><f>A1</f><v>a_x000D_b</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>
		<row r="9"><c r="A9" t="str"><v>x</v></c><c r="B9" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`, nil))
	if diff := cmp.Diff([]sheet.Row{{N: 2, Cells: []string{"a\nb", "2"}}, {N: 9, Cells: []string{"x", ""}}}, s.Rows); diff != "" {
		t.Error(diff)
	}
	want := []string{"2: Des formules sont lues par leur valeur calculée\u00a0: A2, B2.", "!9: B9 affiche l’erreur #DIV/0!. Corrigez la formule ou écrivez la valeur."}
	if diff := cmp.Diff(want, said(s)); diff != "" || s.Name != "Feuille" {
		t.Error(diff, s.Name)
	}
}

func TestRefusals(t *testing.T) {
	head := `<row r="1"><c t="str"><v>A</v></c><c t="str"><v>B</v></c></row>`
	many := strings.Repeat(`<row><c t="str"><v>x</v></c></row>`, sheet.MaxRows+30)
	for name, c := range map[string]struct {
		data []byte
		kind fault.Kind
		says string
	}{
		"nothing":            {nil, fault.BadInput, "vide"},
		"too large":          {make([]byte, sheet.MaxFile+1), fault.TooLarge, "dépasse 5"},
		"only a head":        {[]byte("Titre;Lieu\n"), fault.BadInput, "aucune ligne"},
		"a cover before it":  {workbook(t, func(f *excelize.File) { _, _ = f.NewSheet("Plan") }), fault.BadInput, "première feuille"},
		"old format":         {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), fault.BadInput, ".xls"},
		"PDF":                {[]byte("%PDF-1.7\n"), fault.BadInput, "ni un classeur"},
		"a page":             {[]byte("<html><table>"), fault.BadInput, "ni un classeur"},
		"a picture":          {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), fault.BadInput, "ni un classeur"},
		"another archive":    {parts(t, "", map[string]string{"[Content_Types].xml": "", "xl/workbook.xml": "nothing"}), fault.BadInput, "abîmé"},
		"cut":                {workbook(t, func(f *excelize.File) { put(f, 1, "a", "b") })[:3000], fault.BadInput, "abîmé"},
		"macros":             {parts(t, head, map[string]string{"xl/vbaProject.bin": "x"}), fault.BadInput, "macros"},
		"macros by type":     {parts(t, head, map[string]string{"[Content_Types].xml": `<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>`}), fault.BadInput, "macros"},
		"old macros":         {parts(t, head, map[string]string{"xl/macrosheets/sheet1.xml": "x"}), fault.BadInput, "macros"},
		"too many rows":      {parts(t, head+many, nil), fault.TooLarge, "5\u202f000 lignes"},
		"too many rows, CSV": {[]byte("a;b\n" + strings.Repeat("x;y\n", sheet.MaxRows+1)), fault.TooLarge, "5\u202f000 lignes"},
		"too many columns":   {parts(t, `<row r="1"><c r="XFD1" t="str"><v>x</v></c></row>`, nil), fault.BadInput, "100 colonnes"},
		"columns, CSV":       {[]byte(strings.Repeat("a;", 120) + "b\n"), fault.BadInput, "100 colonnes"},
		"a very long cell":   {[]byte("a;b\n" + strings.Repeat("x", sheet.MaxCell+1) + ";y\n"), fault.BadInput, "A2 contient plus"},
		"cells backwards":    {parts(t, `<row r="1"><c r="B1" t="str"><v>x</v></c><c r="A1" t="str"><v>x</v></c></row>`, nil), fault.BadInput, "abîmé"},
		"rows backwards":     {parts(t, `<row r="5"/><row r="2"/>`, nil), fault.BadInput, "abîmé"},
		"an open quotation":  {[]byte("a;b\nx;y\n\"un;deux\n"), fault.BadInput, "La ligne 3"},
		"an entity":          {parts(t, head+`<row><c t="str"><v>&lol;</v></c></row>`, nil), fault.BadInput, "abîmé"},
	} {
		_, err := sheet.Read(c.data)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind != c.kind || !strings.Contains(f.Sentence.In(text.French), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// bomb is a workbook whose sheet unpacks to size bytes of spaces. Its directory may lie about it.
func bomb(t *testing.T, size int, says uint64) []byte {
	t.Helper()
	var packed, b bytes.Buffer
	f, _ := flate.NewWriter(&packed, flate.BestCompression)
	_, _ = io.WriteString(f, `<worksheet><sheetData>`)
	for left := size; left > 0; left -= 1 << 20 {
		_, _ = f.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	_ = f.Close()
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{"[Content_Types].xml": `<Types/>`,
		"xl/workbook.xml":            `<workbook xmlns:r="x"><sheets><sheet name="Feuille" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`} {
		w, _ := z.Create(name)
		_, _ = io.WriteString(w, content)
	}
	w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: says})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write(packed.Bytes())
	_ = z.Close()
	return b.Bytes()
}

func TestABombIsRefusedQuicklyWithLittleMemory(t *testing.T) {
	for name, says := range map[string]uint64{"it says its size": 256 << 20, "it lies": 100} {
		data := bomb(t, 256<<20, says)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := sheet.Read(data)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if name == "it says its size" && fault.KindOf(err) != fault.TooLarge || err == nil {
			t.Errorf("%s: %v", name, err)
		}
		grown := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: %d kB packed, refused in %s with %d kB", name, len(data)>>10, took, grown>>10)
		if grown > 16<<20 || took > time.Second {
			t.Errorf("%s: %s, %d bytes", name, took, grown)
		}
	}
}

func TestCSV(t *testing.T) {
	want := []sheet.Row{{N: 2, Cells: []string{"Été, 1", "2,5"}}, {N: 4, Cells: []string{"deux\nlignes", "=1+1"}}, {N: 5, Cells: []string{"fin", ""}}}
	plain := "Intitulé;Coût\n\"Été, 1\";2,5\n\n\"deux\nlignes\";'=1+1\nfin;\n"
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(plain)) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	latin := strings.NewReplacer("é", "\xe9", "É", "\xc9", "û", "\xfb").Replace(plain)
	for name, data := range map[string]string{
		"UTF-8": plain, "with its mark": "\ufeff" + plain, "CRLF": strings.ReplaceAll(plain, "\n", "\r\n"), "UTF-16": string(utf16le), "Windows-1252": latin,
		"tabulations": strings.ReplaceAll(plain, ";", "\t"), "a line for Excel": "sep=;\n" + strings.TrimPrefix(plain, ""),
		"commas": "Intitulé,Coût\n\"Été, 1\",\"2,5\"\n\n\"deux\nlignes\",=1+1\nfin,\n",
	} {
		s := read(t, []byte(data))
		rows := s.Rows
		if name == "a line for Excel" { // which is a row of its own
			for i := range rows {
				rows[i].N--
			}
		}
		if diff := cmp.Diff(want, rows); diff != "" || strings.Join(s.Head, "|") != "Intitulé|Coût" {
			t.Errorf("%s: %q %s", name, s.Head, diff)
		}
		if told := len(s.Remarks) == 1 && strings.Contains(said(s)[0], "Windows-1252"); told != (name == "Windows-1252") {
			t.Errorf("%s: %v", name, said(s))
		}
	}
}

func TestForbiddenCharactersAreTakenOutAndTold(t *testing.T) {
	s := read(t, []byte("Titre;Lieu\nmot\u202ecsv;Lomé\n"))
	if s.Rows[0].Cells[0] != "motcsv" || len(s.Remarks) != 1 || !strings.HasPrefix(said(s)[0], "2: A2 contenait") {
		t.Errorf("%v %v", s.Rows, said(s))
	}
}

func BenchmarkRead(b *testing.B) {
	f := excelize.NewFile()
	for row := range 5001 {
		put(f, row+1, fmt.Sprintf("Intitulé %d", row), "Armes légères", "Savanes", "12/03/2026", row, "Une note assez longue pour ressembler à celles des plans", "public", "TLP:CLEAR")
	}
	data, _ := f.WriteToBuffer()
	b.ResetTimer()
	for b.Loop() {
		if s, err := sheet.Read(data.Bytes()); err != nil || len(s.Rows) != 5000 {
			b.Fatal(err)
		}
	}
}
