package activity_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"cadre/activity"
	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/intake"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/page"
	"cadre/kit/sheet"
	"cadre/kit/text"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var members = circle.Choice{Marking: "green", Audience: []string{"members"}}

// foresee tells what a table of CNAD would do.
func (w world) foresee(table string) intake.Plan {
	w.Helper()
	p, err := w.Activities.Import(ctx, w.focal("cnad"), []byte(table), members, true)
	must(w.TB, err)
	return p
}

// bring imports a table of CNAD, of which so much is said.
func (w world) bring(table, want string) {
	w.Helper()
	p := w.foresee(table)
	if got := tally(p); got != want {
		w.Fatalf("foreseen: %s, %v", got, p.Wrong)
	}
	if _, err := w.Activities.Import(ctx, w.focal("cnad"), []byte(table), members, false); (err == nil) != (p.Count(intake.New)+p.Count(intake.Changed) > 0) {
		w.Fatal(err)
	}
	if p := w.foresee(table); p.Count(intake.Same) != len(p.Lines) {
		w.Errorf("again: %s, %v", tally(p), p.Lines)
	}
}

func tally(p intake.Plan) string {
	return fmt.Sprintf("%d new, %d changed, %d same, %d wrong", p.Count(intake.New), p.Count(intake.Changed), p.Count(intake.Same), len(p.Wrong))
}

// named finds the activities of CNAD that bear a title.
func (w world) named(title string) []activity.Found {
	w.Helper()
	list, err := w.Activities.List(ctx, w.focal("cnad"), activity.Filter{Structures: []string{w.ids["cnad"]}}, page.Request{Limit: 200})
	must(w.TB, err)
	var all []activity.Found
	for _, f := range list.Rows {
		if f.Title == title {
			all = append(all, f)
		}
	}
	return all
}

func (w world) one(title string) activity.Found {
	w.Helper()
	all := w.named(title)
	if len(all) != 1 {
		w.Fatalf("%d activities are called %q", len(all), title)
	}
	f, err := w.Activities.Find(ctx, w.focal("cnad"), all[0].ID)
	must(w.TB, err)
	return f
}

const plan = "PLAN DE TRAVAIL ANNUEL 2027;;;;;;;;;;;;;;;\n" +
	"Code;Activités;Objectif spécifique;Type;Domaine;Zone(s) d’intervention;Date de début;Date de fin;Bénéficiaires;Femmes;Hommes;Résultats attendus;Indicateurs;Valeur cible;Coût total (FCFA);Source de financement;Co-organisateurs\n" +
	"1.1;Former les agents;Mieux contrôler;Formation ou renforcement des capacités;Drogues et substances psychoactives;Kozah; 12/03/2027;14 mars 2027;Douaniers;12;30;Agents formés;Nombre d’agents;42;1 250 000 F CFA;CNLPAL;CNLPAL\n" +
	"1.2;Suivre les saisies;Savoir;Étude ou recherche;DRG;\"Tône ; Kozah\";2027-03-12;;;;;;;;2,500,000.00;UNODC;\n" +
	"1.3;Informer les jeunes;Prévenir;SENS;DRG;Togo;mars 2027;;;;;;;;;;\"CNDH ; ANIAC\"\n" +
	"1.4;Réunir les points focaux;Coordonner;REUN;DRG;Togo;T2 2027;T3 2027;;;;;;;3\u00a0000\u202f000;;\n"

func TestAnAnnualPlanBecomesIdeas(t *testing.T) {
	eachWorld(t, func(w world) {
		w.bring(plan, "4 new, 0 changed, 0 same, 0 wrong")
		f := w.one("Former les agents")
		women, men := 12, 30
		want := activity.Plan{Purpose: "Mieux contrôler", Type: "FORM", Publics: []string{"DOU"}, Targeted: activity.People{Women: &women, Men: &men},
			Period: activity.Period{From: "2027-03-12", To: "2027-03-14"}, Partners: []activity.Partner{{Structure: w.ids["cnlpal"], Role: activity.Co}},
			Results: []activity.Result{{Text: "Agents formés", Indicator: "Nombre d’agents", Target: "42"}},
			Budget:  []activity.BudgetLine{{Label: "Coût prévu", Amount: 1_250_000, Funder: w.ids["cnlpal"]}}, Reference: "1.1"}
		if diff := cmp.Diff(want, f.Plan); diff != "" || f.State != activity.Idea || f.Owner != w.ids["cnad"] || f.Number == "" || !f.Audience.Has(access.Members) {
			t.Errorf("%s %s %s", f.State, f.Number, diff)
		}
		for title, from := range map[string]activity.Moment{"Suivre les saisies": "2027-03-12", "Informer les jeunes": "2027-03", "Réunir les points focaux": "2027-T2"} {
			if f := w.one(title); f.Period.From != from {
				t.Errorf("%s begins %s", title, f.Period.From)
			}
		}
		if f := w.one("Suivre les saisies"); len(f.Places) != 2 || f.Budget[0].Amount != 2_500_000 || f.Budget[0].Funder != "UNODC" {
			t.Errorf("%+v", f)
		}
		w.sound()
	})
}

func TestAnActivityIsKnownAgain(t *testing.T) {
	eachWorld(t, func(w world) {
		const head = "Intitulé;Référence;But;Type;Thèmes;Lieux;Début\n"
		row := func(title, reference, from string) string {
			return title + ";" + reference + ";Savoir;SENS;DRG;TG;" + from + "\n"
		}
		w.bring(head+row("Caravane", "A1", "05/2027")+row("Concours", "", "06/2027"), "2 new, 0 changed, 0 same, 0 wrong")
		for what, step := range map[string][2]string{
			"another title":                 {row("Grande caravane", "A1", "05/2027"), "0 new, 1 changed, 0 same, 0 wrong"},
			"another month of the year":     {row("Caravane", "A1", "09/2027"), "0 new, 1 changed, 0 same, 0 wrong"},
			"no reference":                  {row("Caravane", "", "05/2027"), "0 new, 1 changed, 0 same, 0 wrong"},
			"a reference given at last":     {row("Concours", "A2", "06/2027"), "0 new, 1 changed, 0 same, 0 wrong"},
			"the same number the next year": {row("Caravane", "A1", "05/2028"), "1 new, 0 changed, 0 same, 0 wrong"},
			"another month, no reference":   {row("Concours", "", "07/2027"), "1 new, 0 changed, 0 same, 0 wrong"},
			"another reference":             {row("Caravane", "A3", "05/2027"), "1 new, 0 changed, 0 same, 0 wrong"},
			"twice in the file":             {row("Caravane", "A1", "05/2027") + row("Caravane", "A1", "06/2027"), "0 new, 0 changed, 1 same, 1 wrong"},
		} {
			p := w.foresee(head + step[0])
			if tally(p) != step[1] {
				t.Errorf("%s: %s %v", what, tally(p), p.Wrong)
			}
			if l := p.Lines[0]; l.Fate == intake.New && (l.Twin == nil || l.Twin.Title != l.Title) {
				t.Errorf("%s: the one of the same name is not shown", what)
			}
		}
		w.bring("Intitulé;Référence;Risques\nCaravane;A1;Pluies\nConcours;;Chaleur\n", "0 new, 2 changed, 0 same, 0 wrong")
		if f := w.one("Caravane"); f.Risks != "Pluies" || f.Purpose != "Savoir" || f.Period.From != "2027-05" {
			t.Errorf("what the file does not name has not stayed: %+v", f)
		}
	})
}

func TestAnImportLeavesWhatIsDetailedOnThePage(t *testing.T) {
	eachWorld(t, func(w world) {
		in := w.idea("cnlpal", "cndh")
		in.Budget = []activity.BudgetLine{{Label: "Salle", Amount: 100, Funder: w.ids["cndh"]}, {Label: "Repas", Amount: 200}}
		in.Results = []activity.Result{{Text: "Élèves informés", Reached: "10"}, {Text: "Élèves formés"}}
		in.Tasks = []activity.Task{{Title: "Louer la salle", Structure: w.ids["cndh"]}}
		f := w.drafted(in)
		line := func(budget, result, with string) string {
			return "Intitulé;Début;Budget;Résultat attendu;Structures qui co-organisent\n" + f.Title + ";18/05/2027;" + budget + ";" + result + ";" + with + "\n"
		}
		w.bring(line("300", "Lycéens informés", `"CNLPAL;CNDH"`), "0 new, 1 changed, 0 same, 0 wrong")
		got := w.one(f.Title)
		want := f.Plan
		want.Results = []activity.Result{{Text: "Lycéens informés", Reached: "10"}, {Text: "Élèves formés"}}
		if diff := cmp.Diff(want, got.Plan); diff != "" {
			t.Error(diff)
		}
		for cell, table := range map[string]string{"rows.2.line_amount": line("400", "", `"CNLPAL;CNDH"`), "rows.2": line("300", "", "CNLPAL")} { // a task is CNDH's
			if _, err := w.Activities.Import(ctx, w.focal("cnad"), []byte(table), members, false); told(err) != cell {
				t.Errorf("%s: %v", cell, err)
			}
		}
	})
}

// told lists the names of the fields that a fault is about.
func told(err error) string {
	var f *fault.Fault
	var all []string
	if errors.As(err, &f) {
		for _, field := range f.Fields {
			all = append(all, field.Name)
		}
	}
	return strings.Join(all, " ")
}

func TestAnImportReopensTheSignaturesThatItTouches(t *testing.T) {
	eachWorld(t, func(w world) {
		in := w.idea("cnlpal", "cndh")
		in.Places = []string{"TG-S-TONE", "TG-S"}
		f := w.signed(w.proposed(in), "cnlpal", "cndh")
		if f.State != activity.Committed {
			t.Fatal(f.State)
		}
		step := func(columns, cells string, want map[string]activity.Verdict, state string) {
			t.Helper()
			w.bring("Intitulé;Début;"+columns+"\n"+f.Title+";18/05/2027;"+cells+"\n", "0 new, 1 changed, 0 same, 0 wrong")
			got := w.one(f.Title)
			if diff := cmp.Diff(want, w.verdicts(got)); diff != "" || got.State != state {
				t.Error(columns, got.State, diff)
			}
		}
		all := map[string]activity.Verdict{"cnad": activity.Signed, "cnlpal": activity.Signed, "cndh": activity.Signed}
		step("Risques", "Pluies", all, activity.Committed)
		step("Lieux;Structures qui co-organisent;Risques", `"Savanes;Tône, Savanes";"CNDH;CNLPAL";Vents`, all, activity.Committed)
		all["cndh"] = activity.Reopened
		step("Budget;Porté par", "500 000;CNDH", all, activity.Concertation)
		w.sound()
	})
}

func TestAnImportChangesNothingThatIsOver(t *testing.T) {
	eachWorld(t, func(w world) {
		f := w.turned("abandoned", w.drafted(w.idea()))
		table := "Intitulé;Début;Risques\n" + f.Title + ";18/05/2027;"
		if p := w.foresee(table + "\n"); tally(p) != "0 new, 0 changed, 1 same, 0 wrong" {
			t.Errorf("as it is: %s %v", tally(p), p.Wrong)
		}
		p := w.foresee(table + "Pluies\n")
		if tally(p) != "0 new, 0 changed, 0 same, 1 wrong" || !strings.Contains(p.Wrong[0].Sentence.In(text.French), "Abandonnée") {
			t.Errorf("changed: %s %v", tally(p), p.Wrong)
		}
	})
}

func TestWhoImportsAPlan(t *testing.T) {
	eachWorld(t, func(w world) {
		for address, want := range map[string]fault.Kind{"": fault.Forbidden, "admin@cadre.example": fault.Forbidden} {
			if _, err := w.Activities.Import(ctx, w.as(address), []byte(plan), members, true); fault.KindOf(err) != want {
				t.Errorf("%q: %v", address, err)
			}
		}
		f := w.drafted(w.idea())
		p, err := w.Activities.Import(ctx, w.focal("cndh"), []byte("Intitulé;But;Type;Thèmes;Lieux;Début\n"+f.Title+";Essai;SENS;DRG;TG;18/05/2027\n"), members, true)
		if err != nil || p.Count(intake.New) != 1 || p.Lines[0].Twin != nil {
			t.Errorf("an institution changes what another leads: %s %v", tally(p), err)
		}
	})
}

// sentences are what a plan's reader is told, each once.
func sentences(p intake.Plan) string {
	var all []string
	for _, w := range p.Wrong {
		all = append(all, w.Cell+" "+w.Sentence.In(text.French))
	}
	for _, r := range p.Sheet.Remarks {
		all = append(all, r.Sentence.In(text.French))
	}
	return strings.Join(all, "\n")
}

func TestBadPlansAreToldInWords(t *testing.T) {
	w := open(t, db.SQLite)
	const head = "Intitulé;But;Type;Thèmes;Lieux;Début;Fin;Budget;Femmes visées;Structures qui co-organisent\n"
	row := func(cells ...string) string {
		good := []string{"Essai", "Essai", "SENS", "DRG", "TG", "05/2027", "", "", "", ""}
		for i := 0; i < len(cells); i += 2 {
			good[strings.Index("abcdefghij", cells[i])] = cells[i+1]
		}
		return strings.Join(good, ";") + "\n"
	}
	for cells, says := range map[string]string{
		row("a", ""):                       "A2 Cette cellule est vide",
		row("a", strings.Repeat("x", 400)): "A2 Trois cents caractères",
		row("b", ""):                       "B2 Cette cellule est vide",
		row("c", "Fête"):                   "C2 «\u00a0Fête\u00a0» n’est pas dans la liste",
		row("d", "DRG, ARM"):               "D2 «\u00a0DRG, ARM\u00a0» n’est pas dans la liste",
		row("e", "Paris"):                  "E2 «\u00a0Paris\u00a0» n’est le nom d’aucun lieu",
		row("f", "2027"):                   "F2 Cette période n’est pas comprise",
		row("f", "31/02/2027"):             "F2 Cette période n’est pas comprise",
		row("f", "T5 2027"):                "F2 Cette période n’est pas comprise",
		row("f", "12 brumaire 2027"):       "F2 Cette période n’est pas comprise",
		row("f", "05/1927"):                "F2 Cette période n’est pas comprise",
		row("g", "04/2027"):                "G2 La fin doit venir après le début",
		row("g", "2040-01"):                "G2 Une activité dure moins de",
		row("h", "12,500"):                 "H2 Ce n’est pas un montant entier",
		row("h", "-5"):                     "H2 Donnez un montant entre",
		row("h", "environ 3 M"):            "H2 Ce n’est pas un montant entier",
		row("i", "11 000 000"):             "I2 Donnez un nombre entre",
		row("j", "ONU"):                    "J2 «\u00a0ONU\u00a0» n’est pas dans la liste",
		row("j", "CNAD"):                   "Une structure n’a qu’un rôle",
		row() + row():                      "Cette ligne répète la ligne 2",
	} {
		if p := w.foresee(head + cells); len(p.Wrong) != 1 || !strings.Contains(sentences(p), says) {
			t.Errorf("%q: %s", cells, sentences(p))
		}
	}
	if p := w.foresee("Intitulé;Début\nEssai;05/2027\n"); len(p.Wrong) != 4 || !strings.Contains(sentences(p), "Il manque la colonne «\u00a0But\u00a0»") {
		t.Errorf("columns that a new activity needs: %s", sentences(p))
	}
	_, err := w.Activities.Import(ctx, w.focal("cnad"), []byte("But;Début\nEssai;05/2027\n"), members, true)
	w.refused(err, fault.BadInput, "no title")
}

// workbook is a plan of two rows, changed before it is saved.
func workbook(t *testing.T, change func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range [][]any{
		{"Intitulé", "But", "Type", "Thèmes", "Lieux", "Début", "Budget"},
		{"Essai un", "Essai", "SENS", "DRG", "TG", "12/03/2027", 1000}, {"Essai deux", "Essai", "SENS", "DRG", "TG", "T2 2027", 2000},
	} {
		must(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	change(f)
	b, err := f.WriteToBuffer()
	must(t, err)
	return b.Bytes()
}

// with adds a part to a workbook.
func with(t *testing.T, book []byte, part string, content []byte) []byte {
	t.Helper()
	old, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	must(t, err)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range old.File {
		must(t, z.Copy(f))
	}
	w, err := z.Create(part)
	must(t, err)
	_, err = w.Write(content)
	must(t, err)
	must(t, z.Close())
	return b.Bytes()
}

func TestWorkbooksOfPlans(t *testing.T) {
	w := open(t, db.SQLite)
	same := func(*excelize.File) {}
	for name, c := range map[string]struct {
		book []byte
		want string // of a plan
		says string
	}{
		"plain":        {workbook(t, same), "2 new, 0 changed, 0 same, 0 wrong", ""},
		"merged cells": {workbook(t, func(f *excelize.File) { must(t, f.MergeCell("Sheet1", "B2", "B3")) }), "1 new, 0 changed, 0 same, 1 wrong", "Les cellules B2 à B3 sont fusionnées"},
		"a formula": {workbook(t, func(f *excelize.File) { must(t, f.SetCellFormula("Sheet1", "G2", "SUM(1,2)")) }), "2 new, 0 changed, 0 same, 0 wrong",
			"Des formules sont lues par leur valeur calculée"},
		"macros":        {with(t, workbook(t, same), "xl/vbaProject.bin", []byte("x")), "", "contient des macros"},
		"a bomb":        {with(t, workbook(t, same), "xl/media/image1.png", make([]byte, 64<<20)), "", "dépasse 32 Mo"},
		"20,000 rows":   {[]byte("Intitulé;Début\n" + strings.Repeat("Essai;05/2027\n", 20_000)), "", "plus de 5\u202f000 lignes"},
		"an old format": {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "", "ancien format"},
	} {
		p, err := w.Activities.Import(ctx, w.focal("cnad"), c.book, members, true)
		var f *fault.Fault
		switch {
		case c.want == "" && (!errors.As(err, &f) || !strings.Contains(f.Sentence.In(text.French), c.says)):
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (err != nil || tally(p) != c.want || !strings.Contains(sentences(p), c.says)):
			t.Errorf("%s: %s %s %v", name, tally(p), sentences(p), err)
		}
	}
}

// ticking is a plan that ticks its quarters or its months, with this over its table.
func ticking(above, titles string, ticks ...string) string {
	var b strings.Builder
	b.WriteString(above + "Intitulé;But;Type;Thèmes;Lieux;" + titles + ";Coût total\n")
	for i, t := range ticks {
		fmt.Fprintf(&b, "Essai %d;Savoir;SENS;DRG;TG;%s;1 000\n", i+1, t)
	}
	return b.String()
}

func TestQuartersThatAreTickedMakeAPeriod(t *testing.T) {
	w := open(t, db.SQLite)
	w.bring(ticking("PTBA 2027;;\n", "T1;T2;T3;T4", "x;;;", "x;X;✓;-", ";;oui;1", "x;x;x;x"), "4 new, 0 changed, 0 same, 0 wrong")
	for title, want := range map[string]activity.Period{"Essai 1": {From: "2027-T1"}, "Essai 2": {From: "2027-T1", To: "2027-T3"},
		"Essai 3": {From: "2027-T3", To: "2027-T4"}, "Essai 4": {From: "2027-T1", To: "2027-T4"}} {
		if f := w.one(title); f.Period != want {
			t.Errorf("%s: %v", title, f.Period)
		}
	}
	for table, says := range map[string]string{
		ticking("2027;;\n", "T1;T2;T3;T4", "x;;x;"):                                                                       "F2 Les trimestres cochés ne se suivent pas",
		ticking("2027;;\n", "T1;T2;T3;T4", ";;;"):                                                                         "F2 Aucun trimestre n’est coché",
		ticking("2027;;\n", "T1;T2;T3;T4", ";à voir;;"):                                                                   "G2 Cochez d’un x",
		ticking("", "T1;T2;T3;T4", "x;;;"):                                                                                "De quelle année sont ces trimestres",
		ticking("2027 ou 2028;;\n", "T1;T2;T3;T4", "x;;;"):                                                                "De quelle année sont ces trimestres",
		ticking("", "T1 2028;T2 2028;T3 2028;T4 2028", ";x;;"):                                                            "sont ceux de 2028",
		ticking("", "1er trimestre 2028;2e trimestre 2028;Trimestre 3;Q4", ";x;;"):                                        "sont ceux de 2028",
		"Intitulé;But;Type;Thèmes;Lieux;Chronogramme 2029;;;;Coût\n;;;;;T1;T2;T3;T4;\nEssai;Savoir;SENS;DRG;TG;;x;x;;1\n": "sont ceux de 2029",
	} {
		p := w.foresee(table)
		if !strings.Contains(sentences(p), strings.Replace(says, "2 ", map[bool]string{true: "3 ", false: "2 "}[strings.HasPrefix(table, "2027;")], 1)) || len(p.Wrong) > 1 {
			t.Errorf("%q: %s", table, sentences(p))
		}
	}
	book := workbook(t, func(f *excelize.File) {
		for i, row := range [][]any{{"Intitulé", "But", "Type", "Thèmes", "Lieux", "Chronogramme", "", "", "", "Coût T1"}, {"", "", "", "", "", "T1", "T2", "T3", "T4"},
			{"Barre", "Savoir", "SENS", "DRG", "TG", "", "x", "", "", 5}} {
			must(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
		}
		for _, c := range [][2]string{{"A1", "A2"}, {"B1", "B2"}, {"F1", "I1"}, {"G3", "I3"}} {
			must(t, f.MergeCell("Sheet1", c[0], c[1]))
		}
		must(t, f.SetSheetName("Sheet1", "PTA 2030"))
	})
	w.bring(string(book), "1 new, 0 changed, 0 same, 0 wrong")
	if f := w.one("Barre"); f.Period != (activity.Period{From: "2030-T2", To: "2030-T4"}) || f.Budget[0].Amount != 5 {
		t.Errorf("%v %v", f.Period, f.Budget)
	}
}

func TestMonthsThatAreTickedMakeAPeriod(t *testing.T) {
	w := open(t, db.SQLite)
	french := "janv.;févr.;mars;avr.;mai;juin;juil.;août;sept.;oct.;nov.;déc."
	w.bring(ticking("PTBA 2027;;\n", french, "x;;;;;;;;;;;", ";;;;;X;✓;1;-;;;", ";;;;;;;;;;;oui"), "3 new, 0 changed, 0 same, 0 wrong")
	for title, want := range map[string]activity.Period{"Essai 1": {From: "2027-01"}, "Essai 2": {From: "2027-06", To: "2027-08"}, "Essai 3": {From: "2027-12"}} {
		if f := w.one(title); f.Period != want {
			t.Errorf("%s: %v", title, f.Period)
		}
	}
	for _, c := range []struct{ above, titles, row, says string }{
		{"2027;;\n", french, "x;;x;;;;;;;;;", "F3 Les mois cochés ne se suivent pas"},
		{"2027;;\n", french, ";;;;;;;;;;;", "F3 Aucun mois n’est coché"},
		{"2027;;\n", french, ";à voir;;;;;;;;;;", "G3 Cochez d’un x"},
		{"", french, "x;;;;;;;;;;;", "De quelle année sont ces mois"},
		{"", "Jan 2028;Feb 2028;Mar 2028;Apr 2028;May 2028;June 2028;July 2028;Aug 2028;Sept 2028;Oct 2028;Nov 2028;Dec 2028", ";x;;;;;;;;;;", "sont ceux de 2028"},
		{"", "JANVIER;FÉVRIER;MARS;AVRIL;MAI;JUIN;JUILLET;AOÛT 2029;SEPTEMBRE;OCTOBRE;NOVEMBRE;DÉCEMBRE", ";x;;;;;;;;;;", "sont ceux de 2029"},
		{"PTA 2028;;\n", "M1;M2;M3;M4;M5;M6;M7;M8;M9;M10;M11;M12", ";;;;;;;;;x;x;x", "sont ceux de 2028"},
		{"PTA 2028;;\n", "T1 janv.;T1 févr.;T1 mars;T2;T3;T4", "x;x;;;;", "Les mois cochés sont ceux de 2028"},
		{"PTA 2028;;\n", "T1 janvier-mars;T2 avril-juin;T3;T4", "x;x;;", "Les trimestres cochés sont ceux de 2028"},
	} {
		if p := w.foresee(ticking(c.above, c.titles, c.row)); !strings.Contains(sentences(p), c.says) || len(p.Wrong) > 1 || len(p.Wrong) == 1 && strings.Contains(c.says, "sont ceux") {
			t.Errorf("%s: %s", c.titles, sentences(p))
		}
	}
}

// BenchmarkImport imports a plan as long as one file may be: so long do other writers wait.
func BenchmarkImport(b *testing.B) {
	var table strings.Builder
	table.WriteString("Référence;Intitulé;But;Type;Thèmes;Lieux;Début;Budget;Structures qui co-organisent\n")
	for i := range sheet.MaxRows {
		fmt.Fprintf(&table, "%d;Visiter la brigade %d;Former les agents;SENS;DRG;Kozah;T2 2027;%d;CNLPAL\n", i, i, i+1)
	}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				w := open(b, engine)
				b.StartTimer()
				if _, err := w.Activities.Import(ctx, w.focal("cnad"), []byte(table.String()), members, false); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
