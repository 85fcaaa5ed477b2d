package app_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cadre/activity"
	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/doc"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/test"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// TestOthersReadWhatCadreWrites has programs that share nothing with Cadre read its files.
func TestOthersReadWhatCadreWrites(t *testing.T) {
	w := open(t, test.Address(t, db.SQLite))
	t.Run("the agenda by go-ical and khal", w.agendaByOthers)
	t.Run("the plan by LibreOffice", w.planByOffice)
	t.Run("the map of the plan by the letter of RFC 7946", w.planOnAMap)
	t.Run("the model of an import by LibreOffice", w.modelByOffice)
}

// download is a file as it comes over the line.
func (w *world) download(t *testing.T, p *persona, path string) []byte {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header = p.header.Clone()
	rec := httptest.NewRecorder()
	w.Handler.ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
	}
	return rec.Body.Bytes()
}

// agendaByOthers: each activity of the institution is there once, on its days, whoever reads.
func (w *world) agendaByOthers(t *testing.T) {
	khal := test.Need(t, "CADRE_TEST_KHAL", "the agenda khal")
	secret, err := w.People.IssueToken(t.Context(), purs, []access.Scope{access.ScopeAgenda}, w.Clock.Now().Add(time.Hour))
	must(t, err)
	feed := w.download(t, w.by["nobody"], "/agenda/"+secret)
	parsed, tasks := map[string]string{}, 0
	cal, err := ical.NewDecoder(bytes.NewReader(feed)).Decode()
	must(t, err)
	for _, e := range cal.Events() {
		first, err := e.DateTimeStart(time.UTC)
		must(t, err)
		after, err := e.DateTimeEnd(time.UTC)
		must(t, err)
		title, err := e.Props.Text(ical.PropSummary)
		must(t, err)
		place, err := e.Props.Text(ical.PropLocation)
		must(t, err)
		parsed[e.Props.Get(ical.PropUID).Value] = strings.Join([]string{title, first.Format(time.DateOnly), after.AddDate(0, 0, -1).Format(time.DateOnly), place}, "|")
		if strings.HasPrefix(title, "Échéance") {
			tasks++
		}
	}
	if diff := cmp.Diff(parsed, khalReads(t, khal, feed)); diff != "" {
		t.Errorf("khal (+) does not read what go-ical (-) reads:\n%s", diff)
	}
	plan, err := w.Activities.List(t.Context(), w.viewer(purs, access.Focal), activity.Filter{Structures: []string{w.structures["purs"]}, From: form.DateOf(w.Clock.Now().AddDate(0, 0, -180))}, page.Request{Limit: 1000})
	must(t, err)
	if len(plan.Rows) < 10 || tasks == 0 || len(parsed) != len(plan.Rows)+tasks {
		t.Errorf("%d events, of which %d are tasks, for %d activities", len(parsed), tasks, len(plan.Rows))
	}
	for _, f := range plan.Rows {
		first, last := f.Period.Days()
		if got := parsed[f.ID+"@cadre"]; !strings.Contains(got, f.Title) || !strings.Contains(got, "|"+first.String()+"|"+last.String()+"|") {
			t.Errorf("%s, %s to %s, is read as %s", f.Title, first, last, got)
		}
	}
}

// khalReads imports a feed into a new calendar of khal, and lists what it shows of it.
func khalReads(t *testing.T, khal string, feed []byte) map[string]string {
	t.Helper()
	dir := t.TempDir()
	config := fmt.Sprintf("[calendars]\n[[cadre]]\npath = %[1]s/cadre\n[sqlite]\npath = %[1]s/khal.db\n[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"+
		"timeformat = %%H:%%M\ndateformat = %%Y-%%m-%%d\nlongdateformat = %%Y-%%m-%%d\ndatetimeformat = %%Y-%%m-%%d %%H:%%M\nlongdatetimeformat = %%Y-%%m-%%d %%H:%%M\n", dir)
	must(t, errors.Join(os.Mkdir(filepath.Join(dir, "cadre"), 0o700), os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600),
		os.WriteFile(filepath.Join(dir, "feed.ics"), feed, 0o600)))
	run := func(args ...string) string {
		cmd := exec.Command(khal, append([]string{"-c", filepath.Join(dir, "config")}, args...)...) // #nosec G204 -- the program under which the test runs
		cmd.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("khal %v: %v: %s", args, err, out)
		}
		return string(out)
	}
	run("import", "--batch", "-a", "cadre", filepath.Join(dir, "feed.ics"))
	listed := run("list", "--once", "--day-format", "", "--format", "{uid}|{title}|{start-date}|{end-date}|{location}", "2000-01-01", "2060-01-01")
	read := map[string]string{}
	for line := range strings.Lines(listed) {
		if uid, rest, ok := strings.Cut(strings.TrimSpace(line), "|"); ok {
			read[uid] = rest
		}
	}
	return read
}

var isoDay = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)$`)

// planByOffice: what LibreOffice shows of the workbook is what the CSV file says, cell by cell.
func (w *world) planByOffice(t *testing.T) {
	p := w.by[cnad+" by cookie"]
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(w.download(t, p, "/activites?format=csv"), []byte("\ufeff"))))
	r.Comma = ';'
	want, err := r.ReadAll()
	must(t, err)
	for _, row := range want {
		for i, cell := range row {
			row[i] = isoDay.ReplaceAllString(strings.ToUpper(doc.Unguard(cell)), "$2/$3/$1") // as LibreOffice is told to show it
		}
	}
	got := test.OfficeRows(t, "plan.xlsx", "", w.download(t, p, "/activites?format=xlsx"))
	for _, row := range got {
		for i, cell := range row {
			row[i] = strings.ToUpper(cell)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 50 {
		t.Errorf("%d rows (-CSV +LibreOffice):\n%s", len(got), diff)
	}
}

// planOnAMap: one feature for each row of the plan, each at a point of the country, longitude first.
func (w *world) planOnAMap(t *testing.T) {
	p := w.by[cnad+" by cookie"]
	var file map[string]json.RawMessage
	must(t, json.Unmarshal(w.download(t, p, "/activites?format=geojson"), &file))
	var features []struct {
		Type, ID string
		Geometry *struct {
			Type        string
			Coordinates []float64
		}
		Properties map[string]any
	}
	must(t, json.Unmarshal(file["features"], &features))
	if string(file["type"]) != `"FeatureCollection"` || file["crs"] != nil || file["coordinates"] != nil || file["geometry"] != nil || file["properties"] != nil {
		t.Errorf("a collection of features has %v", slices.Sorted(maps.Keys(file)))
	}
	ids := map[string]bool{}
	for _, f := range features {
		ids[f.ID] = true
		if f.Type != "Feature" || f.Properties["title"] == "" || f.Properties["number"] == "" {
			t.Errorf("%+v", f)
		}
		if f.Geometry == nil {
			continue // allowed, and said: it is somewhere unknown
		}
		if c := f.Geometry.Coordinates; f.Geometry.Type != "Point" || len(c) != 2 || c[0] < -0.2 || c[0] > 1.9 || c[1] < 6 || c[1] > 11.2 {
			t.Errorf("%s is at %+v", f.Properties["title"], f.Geometry)
		}
	}
	rows := bytes.Count(w.download(t, p, "/activites?format=csv"), []byte("/activites/"))
	if len(features) != rows || len(ids) != rows {
		t.Errorf("%d features, %d of them different, for %d activities", len(features), len(ids), rows)
	}
}

// modelByOffice: saved again by LibreOffice and filled in, the model of an import keeps its titles and its lists, and is imported.
func (w *world) modelByOffice(t *testing.T) {
	const path = "/structures/cnad/moyens/importer"
	p := w.keeper("cnad")
	book, err := excelize.OpenReader(bytes.NewReader(test.Office(t, "modele.xlsx", "", w.download(t, p, path+"/modele"), "xlsx")))
	must(t, err)
	sheet := book.GetSheetName(0)
	lists, err := book.GetDataValidations(sheet)
	must(t, err)
	if len(lists) == 0 || !strings.Contains(lists[0].Formula1, "Listes") {
		t.Errorf("the lists of values are gone: %+v", lists)
	}
	titles, err := book.GetRows(sheet)
	must(t, err)
	for i, title := range titles[0] {
		cell, err := excelize.CoordinatesToCellName(i+1, 2)
		must(t, err)
		value := map[string]string{"Intitulé": "Tentes relues", "Nature du moyen": w.Pack.CapacityKinds[0].Label, "Lieu": "Kozah"}[title]
		must(t, book.SetCellStr(sheet, cell, value))
	}
	var filled bytes.Buffer
	must(t, errors.Join(book.Write(&filled), book.Close()))
	if a := w.send(t, p, path, "modele.xlsx", filled.Bytes(), url.Values{"marking": {"green"}, "audience": {"members"}}); a.Header().Get("Location") != path+"/apercu" {
		t.Fatalf("the titles %v are not known: %d %s", titles, a.Code, a.Header())
	}
	seen := w.fill(t, p, path+"/apercu", path+"/apercu")
	if a := w.ask(t, p, request{method: http.MethodPost, path: path + "/apercu", form: seen}); a.status != http.StatusSeeOther || w.entitled(t, "Tentes relues") != 1 {
		t.Errorf("import: %s", a)
	}
}
