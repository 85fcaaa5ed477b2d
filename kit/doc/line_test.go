package doc_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cadre/kit/doc"
	"cadre/kit/form"

	"github.com/emersion/go-ical"
	"github.com/emersion/go-vcard"
)

// hostile is what people may type to break a format of lines.
const hostile = "Koffi; dit « l’aîné », \\ fin\nBEGIN:VCARD\r\nX:1 <b>&amp;]]>"

// folded refuses lines that are too long, broken within a character, or end otherwise than with CRLF.
func folded(t *testing.T, b []byte) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
}

func TestVCardReadsBack(t *testing.T) {
	b := doc.VCards([]doc.Card{
		{UID: "urn:uuid:1", Name: hostile, Title: "Point focal, « titulaire »", Org: "CNLPAL ; annexe", Email: "focal@cnlpal.example", Phone: "+228 90 00 00 00",
			URL: "https://cadre.example/structures/cnlpal", Note: strings.Repeat("été ", 60), Categories: []string{"a,b", "c"}, Changed: made},
		{UID: "urn:uuid:2", Name: "Deux", Changed: made},
	})
	folded(t, b)
	dec := vcard.NewDecoder(bytes.NewReader(b))
	first, err := dec.Decode()
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{
		vcard.FieldVersion: "4.0", vcard.FieldUID: "urn:uuid:1", vcard.FieldFormattedName: strings.ReplaceAll(hostile, "\r", ""),
		vcard.FieldTitle: "Point focal, « titulaire »", vcard.FieldEmail: "focal@cnlpal.example", vcard.FieldTelephone: "tel:+22890000000",
		vcard.FieldURL: "https://cadre.example/structures/cnlpal", vcard.FieldNote: strings.Repeat("été ", 60), vcard.FieldRevision: "20261125T094200Z",
	} {
		if got := first.Value(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if second, err := dec.Decode(); err != nil || second.Value(vcard.FieldFormattedName) != "Deux" {
		t.Errorf("the second card is %v, %v", second, err)
	}
	if _, err := dec.Decode(); err != io.EOF {
		t.Errorf("a third card: %v", err)
	}
}

func calendar(zone string) doc.Calendar {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	return doc.Calendar{Name: "Plan concerté", Marking: "TLP:GREEN", Made: made, Zone: loc, Events: []doc.Event{
		{UID: "b@cadre", Sequence: 3, Title: hostile, About: strings.Repeat("Réunion à Lomé, ", 30), Place: "Lomé ; salle 2", URL: "https://cadre.example/x",
			Status: doc.Cancelled, Start: time.Date(2027, 4, 9, 9, 0, 0, 0, loc), End: time.Date(2027, 4, 9, 17, 30, 0, 0, loc), Private: true, Changed: made},
		{UID: "a@cadre", Title: "Semaine", Status: doc.Confirmed, FirstDay: form.Date{Year: 2027, Month: 2, Day: 26}, LastDay: form.Date{Year: 2027, Month: 2, Day: 28}, Changed: made},
	}}
}

func TestICalReadsBack(t *testing.T) {
	c := calendar("Africa/Lome")
	c.Sort()
	b := c.ICal()
	folded(t, b)
	cal, err := ical.NewDecoder(bytes.NewReader(b)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	events := cal.Events()
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	days, hours := events[0], events[1]
	if got := days.Props.Get(ical.PropDateTimeEnd).Value; got != "20270301" {
		t.Errorf("the days end on %s", got)
	}
	title, err := hours.Props.Text(ical.PropSummary)
	if err != nil || title != strings.ReplaceAll(hostile, "\r", "") {
		t.Errorf("the title is %q, %v", title, err)
	}
	start, err := hours.DateTimeStart(nil)
	if err != nil || !start.Equal(c.Events[1].Start) || hours.Props.Get(ical.PropSequence).Value != "3" {
		t.Errorf("it starts at %v, %v", start, err)
	}
	if n := bytes.Count(b, []byte("BEGIN:STANDARD")); n != 1 || bytes.Contains(b, []byte("DAYLIGHT")) || !bytes.Contains(b, []byte("TZOFFSETTO:+0000\r\n")) {
		t.Errorf("Lomé keeps one hour all year: %s", b)
	}
}

func TestICalTellsChangesOfHour(t *testing.T) {
	b := string(calendar("Europe/Paris").ICal())
	for _, want := range []string{
		"BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\n",
		"BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT\r\n",
	} {
		if !strings.Contains(b, want) {
			t.Errorf("want %q in %s", want, b)
		}
	}
}

func TestGeoJSON(t *testing.T) {
	b, err := doc.GeoJSON("Antennes", "TLP:CLEAR", []doc.Note{{Label: "Établi", Value: "aujourd’hui"}}, []doc.Feature{
		{ID: "1", At: &doc.Point{Lon: 1.22, Lat: 6.13}, Properties: map[string]string{"title": hostile}},
		{ID: "2", Properties: map[string]string{}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Type     string
		Features []struct {
			Type, ID string
			Geometry *struct {
				Type        string
				Coordinates []float64
			}
			Properties map[string]string
		}
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if f := got.Features[0]; got.Type != "FeatureCollection" || f.Geometry.Type != "Point" || f.Geometry.Coordinates[0] != 1.22 || f.Properties["title"] != hostile {
		t.Errorf("got %+v", got)
	}
	if got.Features[1].Geometry != nil {
		t.Errorf("what has no place on the map has one: %s", b)
	}
}

func TestAtom(t *testing.T) {
	b, err := doc.Feed{ID: "https://cadre.example/f", Title: "Nouveautés", About: "R&D", Author: "Cadre", Lang: "fr", Self: "https://cadre.example/f", Page: "https://cadre.example/",
		Updated: made, Entries: []doc.Entry{{ID: "urn:uuid:1", Title: hostile, Summary: "<script>]]>", Page: "https://cadre.example/x", Author: "CNLPAL", Category: "Mission", Updated: made}}}.Atom()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		XMLName xml.Name
		Updated time.Time `xml:"updated"`
		Entry   []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Summary string `xml:"summary"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if got.XMLName.Space != "http://www.w3.org/2005/Atom" || !got.Updated.Equal(made) || got.Entry[0].Title != strings.ReplaceAll(hostile, "\r\n", "\r\n") || got.Entry[0].Summary != "<script>]]>" {
		t.Errorf("got %+v", got)
	}
}
