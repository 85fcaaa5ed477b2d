package directory_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/record"
	"cadre/directory"
	"cadre/kit/db"
	"cadre/kit/doc"
	"cadre/kit/page"

	"github.com/emersion/go-vcard"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// get asks for a page as somebody.
func (w world) get(as, path string) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if as != "" {
		o, err := w.People.OpenFor(context.Background(), w.as(as).Person, account.Origin{Address: "192.0.2.1"})
		w.done(err)
		r.Header.Set("Cookie", "cadre="+o.Secret)
	}
	rec := httptest.NewRecorder()
	w.Handler.ServeHTTP(rec, r)
	return rec
}

// file asks for a file, and returns it with its name.
func (w world) file(as, path string) ([]byte, string) {
	w.t.Helper()
	rec := w.get(as, path)
	if rec.Code != http.StatusOK {
		w.t.Fatalf("%s as %q: %d %s", path, as, rec.Code, rec.Body)
	}
	_, name, _ := strings.Cut(rec.Header().Get("Content-Disposition"), "filename=")
	return rec.Body.Bytes(), strings.Trim(name, `"`)
}

// csvColumn reads the cells of a CSV file under a label.
func csvColumn(t *testing.T, b []byte, label string) []string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], label)
	if at < 0 {
		t.Fatalf("no column %s in %v", label, rows[0])
	}
	var all []string
	for _, row := range rows[1:] {
		all = append(all, doc.Unguard(row[at]))
	}
	return all
}

func TestFilesHoldTheListOfThePage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		b, name := w.file("", "/structures?format=csv")
		if got := csvColumn(t, b, "Sigle"); len(got) != 9 || !slices.Contains(got, "CNLPAL") || !strings.HasPrefix(name, "annuaire-structures-2") || !strings.HasSuffix(name, "-TLP-CLEAR.csv") {
			t.Errorf("%s holds %v", name, got)
		}
		b, _ = w.file("", "/structures?theme=DRG&format=json")
		var list struct {
			Rows  []map[string]any
			Notes []struct{ Label, Value string }
		}
		w.done(json.Unmarshal(b, &list))
		drugs, err := w.Directory.List(context.Background(), access.Nobody, directory.Filter{Theme: "DRG"}, page.Request{Limit: 50})
		if err != nil || len(list.Rows) != drugs.Total || list.Rows[0]["acronym"] != drugs.Rows[0].Acronym {
			t.Errorf("on drugs: %v, %v", list.Rows, err)
		}
		if !strings.Contains(string(b), `"label":"Filtres"`) {
			t.Errorf("the file does not say how it was filtered: %s", b)
		}
		for _, path := range []string{"/structures?format=exe", "/structures?format=vcf", "/structures/cnad/documents?format=geojson"} {
			if rec := w.get("", path); rec.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", path, rec.Code)
			}
		}
	})
}

func TestAnswersAndQuestionsLeaveAsFiles(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		b, name := w.file("", "/recherche?q=drogue&nature=directory.mission&format=csv")
		titles := csvColumn(t, b, "Intitulé")
		if !strings.HasPrefix(name, "recherche-2") || !strings.HasSuffix(name, "-TLP-CLEAR.csv") || len(titles) == 0 {
			t.Errorf("%s holds %v", name, titles)
		}
		screen := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(w.get("", "/recherche?q=drogue&nature=directory.mission").Body.String())
		for _, title := range titles {
			if !strings.Contains(screen, html.EscapeString(title)) {
				t.Errorf("%q is in the file and not on the page", title)
			}
		}
		if b, _ := w.file("", "/recherche?q=drogue&format=json"); !strings.Contains(string(b), "«\u00a0drogue\u00a0»") {
			t.Errorf("the file does not say what was asked: %s", b)
		}
		w.get("", "/annuaire/a-qui?theme=CYB&lieu=TG-K-KOZAH")
		w.done(w.Directory.StoreUnmet(context.Background()))
		b, name = w.file("secretariat@cnlpal.example", "/annuaire/sans-reponse?format=csv")
		if got := csvColumn(t, b, "Code du lieu"); !slices.Equal(got, []string{"TG-K-KOZAH"}) || !strings.HasSuffix(name, "-TLP-GREEN.csv") {
			t.Errorf("%s holds %v", name, got)
		}
	})
}

func TestEveryFormatOfTheFacts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		b, _ := w.file("", "/structures/cnlpal/missions?format=csv&hxl=1")
		titles := csvColumn(t, b, "Mission")
		if titles[0] != "#activity+name" || len(titles) < 2 {
			t.Fatalf("the titles are %v", titles)
		}
		screen := w.get("", "/structures/cnlpal/missions").Body.String()
		b, _ = w.file("", "/structures/cnlpal/missions?format=xlsx")
		book, err := excelize.OpenReader(bytes.NewReader(b))
		w.done(err)
		rows, err := book.GetRows("Missions")
		w.done(errors.Join(err, book.Close()))
		for i, row := range rows[1:] {
			if row[0] != titles[i+1] || !strings.Contains(screen, row[1]) {
				t.Errorf("the row %v is %s in CSV, or its theme is not on the page", row, titles[i+1])
			}
		}
		b, _ = w.file("", "/structures/cnlpal/antennes?format=csv")
		titles = csvColumn(t, b, "Antenne ou démembrement")
		b, _ = w.file("", "/structures/cnlpal/antennes?format=geojson")
		var drawn struct {
			Type     string
			Features []struct {
				Geometry   *struct{ Coordinates [2]float64 }
				Properties map[string]any
			}
		}
		w.done(json.Unmarshal(b, &drawn))
		if f := drawn.Features; len(f) != len(titles) || len(f) == 0 || f[0].Geometry == nil || f[0].Geometry.Coordinates[1] < 6 || f[0].Geometry.Coordinates[1] > 11.2 || f[0].Properties["title"] != titles[0] {
			t.Errorf("GeoJSON holds %s", b)
		}
	})
}

func TestAFileCarriesTheHighestMarkingAndIsKnownToTheOwner(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx := context.Background()
		const title = "=Formateurs pour la douane"
		r, err := w.addCapacity(w.as("focal@cnad.example"), capacity(title, circle.Choice{Marking: "amber", Audience: []string{"structure:aniac"}}))
		w.done(err)
		b, name := w.file("focal@aniac.example", "/structures/cnad/moyens?format=csv")
		if !strings.HasSuffix(name, "-TLP-AMBER.csv") || !slices.Contains(csvColumn(t, b, "Moyen"), title) || !strings.Contains(string(b), "'=Formateurs") {
			t.Errorf("%s holds %s", name, b)
		}
		other, name := w.file("focal@anpc.example", "/structures/cnad/moyens?format=csv")
		if strings.Contains(string(other), "douane") || strings.Contains(name, "AMBER") {
			t.Errorf("%s holds %s", name, other)
		}
		w.done(w.Directory.Readers.Store(ctx))
		var who []string
		w.done(w.DB.Read(ctx, func(tx *db.Tx) error {
			line, err := record.Find(ctx, tx, w.as("focal@cnad.example"), r, "directory.capacity")
			if err != nil {
				return err
			}
			all, err := record.Readings(ctx, tx, w.as("focal@cnad.example"), line)
			for _, x := range all {
				who = append(who, x.How+" "+x.Person)
			}
			return err
		}))
		if diff := cmp.Diff([]string{"exported " + w.as("focal@aniac.example").Person}, who); diff != "" {
			t.Errorf("who has it (-want +got)\n%s", diff)
		}
	})
}

func TestContactsAreForMembers(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		if rec := w.get("", "/structures/cnad?format=vcf"); rec.Code != http.StatusSeeOther || strings.Contains(rec.Body.String(), "VCARD") {
			t.Errorf("nobody: %d %s", rec.Code, rec.Body)
		}
		if rec := w.get("admin@cadre.example", "/structures/cnad?format=vcf"); rec.Code != http.StatusNotFound {
			t.Errorf("the technical administrator: %d %s", rec.Code, rec.Body)
		}
		b, name := w.file("focal@cndh.example", "/structures/cnad?format=vcf")
		dec := vcard.NewDecoder(bytes.NewReader(b))
		var emails []string
		for {
			card, err := dec.Decode()
			if err == io.EOF {
				break
			}
			w.done(err)
			emails = append(emails, card.Value(vcard.FieldEmail))
		}
		if !slices.Contains(emails, "focal@cnad.example") || !strings.HasSuffix(name, ".vcf") || slices.Contains(emails, "focal@aniac.example") {
			t.Errorf("%s holds %v", name, emails)
		}
		all, _ := w.file("focal@cndh.example", "/structures?format=vcf")
		if !strings.Contains(string(all), "focal@aniac.example") || !bytes.Contains(all, b[:40]) {
			t.Errorf("all contacts: %s", all)
		}
	})
}

// TestEnglishFiles: who reads English gets English columns.
func TestEnglishFiles(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		b, _ := w.file("", "/structures?format=csv&lang=en")
		if got := csvColumn(t, b, "Acronym"); len(got) != 9 {
			t.Errorf("%v", got)
		}
	})
}

func TestTheMatrixAndItsFactsLeaveAsTheyAreShown(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		x, err := w.Directory.Structures(context.Background(), access.Nobody, directory.Cut{})
		w.done(err)
		b, name := w.file("", "/annuaire/matrice?format=json")
		var file struct{ Rows []map[string]any }
		w.done(json.Unmarshal(b, &file))
		if len(file.Rows) != len(x.Rows) || !strings.HasSuffix(name, "-TLP-CLEAR.json") {
			t.Fatalf("%s has %d rows, the page %d", name, len(file.Rows), len(x.Rows))
		}
		for i, r := range x.Rows {
			if file.Rows[i]["name"] != r.Name || file.Rows[i]["total"] != float64(r.Total.All()) {
				t.Errorf("%v, want %s: %d", file.Rows[i], r.Name, r.Total.All())
			}
		}
		b, _ = w.file("", "/annuaire/faits?theme=ARM&format=csv")
		found, err := w.Directory.Facts(context.Background(), access.Nobody, directory.Search{Cut: directory.Cut{Theme: "ARM"}}, page.Request{Limit: 200})
		if got := csvColumn(t, b, "Intitulé"); err != nil || len(got) != found.Total || got[0] != found.Rows[0].Title {
			t.Errorf("%d facts in the file, %d on the page, %v", len(got), found.Total, err)
		}
	})
}

func TestTheFeedTellsPublicChanges(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		v := w.as("focal@cnad.example")
		_, err := w.addCapacity(v, capacity("Formateurs publics", circle.Choice{Marking: "clear", Audience: []string{"public"}}))
		w.done(err)
		_, err = w.addCapacity(v, capacity("Formateurs cachés", circle.Choice{Marking: "green", Audience: []string{"members"}}))
		w.done(err)
		rec := w.get("focal@cnad.example", "/annuaire/changements.atom")
		var feed struct {
			Entries []struct {
				ID    string `xml:"id"`
				Title string `xml:"title"`
			} `xml:"entry"`
		}
		w.done(xml.Unmarshal(rec.Body.Bytes(), &feed))
		if len(feed.Entries) != 50 || feed.Entries[0].Title != "CNAD – Formateurs publics" || strings.Contains(rec.Body.String(), "cachés") {
			t.Errorf("%d entries: %s", len(feed.Entries), rec.Body)
		}
	})
}

func TestTheMapAndWhatCanBeLentLeaveAsTheyAreShown(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		_, err := w.addCapacity(w.as("focal@cnad.example"), capacity("Chiens renifleurs", circle.Choice{Marking: "amber"}))
		w.done(err)
		lent := directory.Search{Cut: directory.Cut{Kind: "capacity", Place: "TG-S"}, Reach: directory.Here}
		for as, marking := range map[string]string{"": "-TLP-CLEAR.csv", "focal@cnad.example": "-TLP-AMBER.csv"} {
			found, err := w.Directory.Facts(context.Background(), w.as(as), lent, page.Request{Limit: 200})
			w.done(err)
			b, name := w.file(as, "/annuaire/moyens?lieu=TG-S&format=csv")
			if got := csvColumn(t, b, "Moyen"); len(got) != found.Total || got[0] != found.Rows[0].Title || !strings.HasSuffix(name, marking) {
				t.Errorf("%q: %s holds %d, the page %d", as, name, len(got), found.Total)
			}
			first := strings.SplitN(strings.TrimPrefix(string(b), "\ufeff"), "\r\n", 2)[0]
			if !strings.HasPrefix(first, "Moyen;Structure;Nature du moyen;Quantité;Lieu;Disponible;") {
				t.Errorf("the columns are not those of the page: %s", first)
			}
		}
		p, err := w.Directory.Presence(context.Background(), access.Nobody, directory.Cut{Kind: "branch"})
		w.done(err)
		b, _ := w.file("", "/annuaire/carte?type=branch&format=geojson")
		var drawn struct {
			Features []struct {
				Geometry   *struct{ Coordinates [2]float64 }
				Properties struct {
					Code  string
					Facts int
				}
			}
		}
		w.done(json.Unmarshal(b, &drawn))
		if len(drawn.Features) != len(w.Directory.Atlas.Codes()) {
			t.Errorf("%d préfectures", len(drawn.Features))
		}
		for _, f := range drawn.Features {
			if f.Geometry == nil || f.Properties.Facts != p.Counts[f.Properties.Code] {
				t.Errorf("%+v, on the map %d", f.Properties, p.Counts[f.Properties.Code])
			}
		}
	})
}
