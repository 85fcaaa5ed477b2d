package packs_test

import (
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cadre/packs"
	"cadre/packs/demo"
	"cadre/packs/togo"
)

func load(t *testing.T) *packs.Pack {
	t.Helper()
	p, err := packs.Load(togo.Files)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTogo_IsComplete(t *testing.T) {
	p := load(t)
	levels := map[string]int{}
	for _, place := range p.Territories {
		levels[place.Level]++
	}
	want := map[string]int{"pays": 1, "region": 5, "district": 1, "prefecture": 39, "commune": 117, "canton": 394}
	if !reflect.DeepEqual(levels, want) {
		t.Errorf("territories: %v, want %v", levels, want)
	}
	var slugs []string
	for _, s := range p.Structures {
		slugs = append(slugs, s.Slug)
		if s.Independent != (s.Slug == "cndh") {
			t.Errorf("%s: independent is %v", s.Slug, s.Independent)
		}
		if n := len(s.Missions); n < 4 {
			t.Errorf("%s: only %d missions", s.Slug, n)
		}
	}
	if want := strings.Fields("cnlpal armees administration ciplev purs aniac cnad cndh anpc"); !slices.Equal(slugs, want) {
		t.Errorf("structures: %v, want %v", slugs, want)
	}
	for _, place := range p.Territories {
		if place.Level == "prefecture" && (place.Point == nil || place.Capital == "" || place.StatisticsCode == "") {
			t.Errorf("%s: no point, seat or statistics code", place.Code)
		}
	}
}

// Every struct of the pack with a Source must name one, and every source must serve.
func TestTogo_EveryFactHasASource(t *testing.T) {
	p := load(t)
	used := map[string]bool{}
	for _, code := range p.Settings.TerritorySources {
		used[code] = true
	}
	facts := 0
	for _, part := range []any{p.Settings, p.Structures, p.LocalKinds, p.Local} {
		walk(reflect.ValueOf(part), func(v reflect.Value) {
			source := v.FieldByName("Source")
			if !source.IsValid() {
				return
			}
			facts++
			if source.String() == "" {
				t.Errorf("no source: %+v", v)
			}
			used[source.String()] = true
		})
	}
	if facts < 200 {
		t.Errorf("only %d facts were seen", facts)
	}
	for _, s := range p.Sources {
		if !used[s.Code] {
			t.Errorf("sources.csv: %s serves no fact", s.Code)
		}
	}
}

// walk visits every struct inside v.
func walk(v reflect.Value, visit func(reflect.Value)) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Struct:
		visit(v)
		for i := range v.NumField() {
			walk(v.Field(i), visit)
		}
	}
}

func TestTogo_PastNamesStay(t *testing.T) {
	p := load(t)
	s, _ := p.Structure("administration")
	if len(s.Names) != 2 || s.Names[0].To != "2025-10-08" || s.Names[1].From != "2025-10-08" || s.Names[1].To != "" {
		t.Errorf("names of the administration: %+v", s.Names)
	}
}

func TestDemonstration_IsInvented(t *testing.T) {
	p := load(t)
	d, err := demo.Load(p)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(d.Notice, "Données fictives") {
		t.Errorf("notice: %q", d.Notice)
	}
	flagged := 0
	walk(reflect.ValueOf(*d), func(v reflect.Value) {
		if f := v.FieldByName("Fictitious"); f.IsValid() {
			flagged++
			if !f.Bool() {
				t.Errorf("not marked fictitious: %+v", v)
			}
		}
	})
	if flagged < 80 || len(d.People) != 18 || len(d.Structures) != 9 || len(d.Records) < 30 {
		t.Errorf("%d flags, %d people, %d structures, %d records", flagged, len(d.People), len(d.Structures), len(d.Records))
	}
	used := map[string]bool{}
	for _, r := range d.Records {
		used[r.Marking] = true
		if !strings.HasSuffix(r.Detail, "Données fictives.") {
			t.Errorf("%q does not say that it is invented", r.Title)
		}
	}
	for _, m := range demo.Markings {
		if !used[m] {
			t.Errorf("no record is marked %s", m)
		}
	}
	for _, s := range d.Structures {
		if n := len(s.Capacities); n < 2 || n > 4 || len(s.Contacts) == 0 {
			t.Errorf("%s: %d capacities, %d contacts", s.Structure, n, len(s.Contacts))
		}
	}
	sealed := slices.ContainsFunc(d.Records, func(r demo.Record) bool {
		return r.Structure == "cndh" && r.Kind == "capacity" && slices.Equal(r.Audience, []string{"structure:cndh"})
	})
	if !sealed {
		t.Error("the CNDH has no capacity sealed from the others")
	}
}

var untidy = regexp.MustCompile(`'| [:;!?]|« | »`)

func TestTexts_FollowFrenchTypography(t *testing.T) {
	files := []fs.FS{togo.Files, demo.Files}
	for _, fsys := range files {
		names, err := fs.Glob(fsys, "*.*")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := fs.ReadFile(fsys, name)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(data), "\n") {
				if found := untidy.FindString(line); found != "" {
					t.Errorf("%s:%d: %q in %s", name, i+1, found, line)
				}
			}
		}
	}
}

func TestLoad_RefusesAndSaysWhere(t *testing.T) {
	tests := []struct{ name, file, old, new, want string }{
		{"unknown field", "structures.json", `"slug": "cnad"`, `"slug": "cnad", "colour": "red"`, `structures.json: json: unknown field "colour"`},
		{"wrong type", "pack.json", `"code": "TG"`, `"code": 1`, "pack.json:2: "},
		{"two values", "pack.json", "\n}\n", "\n}{}", "pack.json: more than one JSON value"},
		{"unknown theme", "structures.json", `"theme": "PCV-SAP"`, `"theme": "PCV-XXX"`, `structures.json: anpc: missions[4]: unknown theme "PCV-XXX"`},
		{"unknown territory", "structures.json", `"place": "TG-M-GOLFE"`, `"place": "TG-X"`, `structures.json: cnlpal: antennas[0]: unknown territory "TG-X"`},
		{"a local body twice", "structures.json", "[],\n    \"antennas\": [],\n    \"documents\": [\n      {\n        \"title\": \"Rapport", `[], "antennas": [{"title": "A", "kind": "a", "place": "TG-S", "source": "cndh-antennes"}], "documents": [{"title": "Rapport`, "it stands among the antennas of cndh too"},
		{"no source", "structures.json", `"source": "direct7-cnlpal"`, `"source": ""`, `structures.json: cnlpal: supervision[0]: unknown source ""`},
		{"unknown nature", "structures.json", `"nature": "agency"`, `"nature": "club"`, `structures.json: anpc: unknown nature "club"`},
		{"unknown role", "structures.json", `"role": "regulates"`, `"role": "dreams"`, `unknown role "dreams"`},
		{"impossible date", "structures.json", `"date": "2015-11-04"`, `"date": "2015-11-31"`, `structures.json: aniac: legal[0]: "2015-11-31" is not a date`},
		{"ends before it begins", "structures.json", `"to": "2019-09-14"`, `"to": "2018"`, "it ends on 2018, before 2019-08-22"},
		{"supervised independence", "structures.json", `"independent": false`, `"independent": true`, "structures.json: cnlpal: it is independent and supervised"},
		{"repeated code", "themes.csv", "ARM-ART,ARM", "ARM-ALP,ARM", `themes.csv:4: "ARM-ALP" comes twice`},
		{"third level", "themes.csv", "ARM-ART,ARM", "ARM-ART,ARM-ALP", `themes.csv:4: "ARM-ALP" is not a theme of the first level`},
		{"missing column", "publics.csv", "code,label,label_en", "code,label,english", "publics.csv:1: the columns must be code label label_en"},
		{"short row", "holidays.csv", "01-01,Jour", "Jour", "holidays.csv: record on line 2: wrong number of fields"},
		{"impossible day", "holidays.csv", "04-27", "04-31", `holidays.csv:4: "04-31" is not a rule of date`},
		{"a holiday twice", "holidays.csv", "mawlid,", "tabaski,", `holidays.csv:15: "tabaski" comes twice`},
		{"no delay", "pack.json", `"holder": 3`, `"holder": 0`, "pack.json: each delay of reminders is of one working day at least"},
		{"orphan", "territories.csv", "Golfe 1,TG-M-GOLFE", "Golfe 1,TG-M-GULF", `"TG-M-GULF" is not a wider territory above this row`},
		{"parent not wider", "territories.csv", "Golfe 1,TG-M-GOLFE", "Golfe 1,TG-M-AVE-1", `"TG-M-AVE-1" is not a wider territory above this row`},
		{"longitude", "territories.csv", "1.2883", "181", `territories.csv:3: "181" is not a longitude`},
		{"a former territory that still is", "former_territories.csv", "source\n", "source\nTG-K,Kara,,TG-S,direct7-cnlpal\n", `former_territories.csv:2: "TG-K" is the code of another territory`},
		{"a former territory that leads nowhere", "former_territories.csv", "source\n", "source\nTG-V,Vieux,,,direct7-cnlpal\n", `former_territories.csv:2: "Vieux" must lead to what took its place`},
		{"a former territory that leads off the pack", "former_territories.csv", "source\n", "source\nTG-V,Vieux,,TG-Z,direct7-cnlpal\n", `former_territories.csv:2: unknown territory "TG-Z"`},
		{"half a parent", "local_structures.json", `"parent_name": "HCRRUN"`, `"parent_name": ""`, "local_structures.json: clp: it needs the slug of its parent"},
		{"unknown local kind", "local_structures.json", `"kind": "cic"`, `"kind": "club"`, `unknown kind "club"`},
		{"address", "sources.csv", "https://mediatopnews.tg", "mediatopnews.tg", `is not a web address`},
		{"surface off the pack", "geo/togo-adm1.geojson", `"TG-S"`, `"TG-Z"`, `no territory has the code "TG-Z"`},
		{"place off the pack", "geo/places.csv", ",A01,", ",Z01,", `geo/places.csv:2: no territory has the statistics code "Z01"`},
		{"a near place worth more than the same", "synergy.json", `"nearby": 12`, `"nearby": 42`, "synergy.json: beside: [42 20 28] should not fall"},
		{"a wide place worth more than a narrow one", "synergy.json", `"inside": {"pays": 4`, `"inside": {"pays": 40`, "synergy.json: inside, from the widest level: [0 40 16"},
		{"lessons past what is strong", "synergy.json", `"most": 10, "days"`, `"most": 16, "days"`, "synergy.json: learn: [0 1 16 14] should not fall"},
		{"a sequence to nothing", "synergy.json", `"PLAI": ["DIAL"]`, `"PLAI": ["FETE"]`, `synergy.json: unknown type of activity "FETE"`},
		{"a type that is none", "synergy.json", `"meetings": ["FORM"`, `"meetings": ["FETE"`, `synergy.json: unknown type of activity "FETE"`},
		{"missing file", "publics.csv", "", "", "publics.csv: file does not exist"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := packs.Load(spoil(t, tt.file, tt.old, tt.new))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

// spoil copies the pack with the first old of a file replaced; an empty old removes the file.
func spoil(t *testing.T, file, old, new string) fs.FS {
	t.Helper()
	copied := fstest.MapFS{}
	err := fs.WalkDir(togo.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(togo.Files, name)
		copied[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text := string(copied[file].Data)
	if old == "" {
		delete(copied, file)
	} else if !strings.Contains(text, old) {
		t.Fatalf("%s does not contain %s", file, old)
	} else {
		copied[file].Data = []byte(strings.Replace(text, old, new, 1))
	}
	return copied
}
