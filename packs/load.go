package packs

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// Load reads and checks the pack at the root of fsys. Its error joins every
// fault found, one a line: "themes.csv:12: …" for a row, "structures.json:
// cnad: missions[3]: …" for a part of a document.
func Load(fsys fs.FS) (*Pack, error) {
	r := &reader{fsys: fsys}
	p := &Pack{
		Sources:       table(r, "sources.csv", "code title site date url", toSource),
		Themes:        table(r, "themes.csv", "code parent label label_en", toTheme),
		ActivityTypes: table(r, "activity_types.csv", "code label label_en", toTerm),
		Publics:       table(r, "publics.csv", "code label label_en", toTerm),
		CapacityKinds: table(r, "capacity_kinds.csv", "code label label_en", toTerm),
		Territories:   table(r, "territories.csv", "level code name parent grouping code_statistics capital lon lat", toTerritory),
		Former:        table(r, "former_territories.csv", "code name until successors source", toFormer),
		Holidays:      table(r, "holidays.csv", "code rule label label_en status", toHoliday),
	}
	r.json("pack.json", &p.Settings)
	r.json("synergy.json", &p.Synergy)
	r.json("structures.json", &p.Structures)
	local := struct {
		Kinds      *[]LocalKind      `json:"kinds"`
		Structures *[]LocalStructure `json:"structures"`
	}{&p.LocalKinds, &p.Local}
	r.json("local_structures.json", &local)
	p.Map = r.geo(p.Settings.Maps, p.Territories)
	if err := errors.Join(r.faults...); err != nil {
		return nil, err
	}
	if err := check(p); err != nil {
		return nil, err
	}
	return p, nil
}

// DecodeJSON fills into from a JSON file, refusing unknown fields and anything
// after the first value. Its error names the file, and the line where known.
func DecodeJSON(fsys fs.FS, name string, into any) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s%s: %w", name, line(data, err), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: more than one JSON value", name)
	}
	return nil
}

// line writes ":N" for an error of encoding/json that knows its offset in data.
func line(data []byte, err error) string {
	var offset int64
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	default:
		return ""
	}
	return fmt.Sprintf(":%d", 1+bytes.Count(data[:min(int(offset), len(data))], []byte("\n")))
}

// reader gathers the faults of reading, so that one run shows them all.
type reader struct {
	fsys   fs.FS
	faults []error
}

func (r *reader) fault(err error) {
	if err != nil {
		r.faults = append(r.faults, err)
	}
}

func (r *reader) json(name string, into any) { r.fault(DecodeJSON(r.fsys, name, into)) }

func (r *reader) bytes(name string) []byte {
	data, err := fs.ReadFile(r.fsys, name)
	r.fault(err)
	return data
}

// table reads a CSV file whose header must be exactly columns, and makes one T of each row.
func table[T any](r *reader, name, columns string, make func(cells []string) (T, error)) []T {
	f, err := r.fsys.Open(name)
	if err != nil {
		r.fault(err)
		return nil
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		r.fault(fmt.Errorf("%s: %w", name, err))
		return nil
	}
	if len(rows) == 0 || !slices.Equal(rows[0], strings.Fields(columns)) {
		r.fault(fmt.Errorf("%s:1: the columns must be %s", name, columns))
		return nil
	}
	var list []T
	for i, cells := range rows[1:] {
		item, err := make(cells)
		if err != nil {
			r.fault(fmt.Errorf("%s: %w", row(name, i), err))
		}
		list = append(list, item)
	}
	return list
}

// row names the i-th item of a CSV file by its line; no cell spans two lines.
func row(name string, i int) string { return fmt.Sprintf("%s:%d", name, i+2) }

func toSource(c []string) (Source, error) {
	return Source{Code: c[0], Title: c[1], Site: c[2], Date: Date(c[3]), URL: c[4]}, nil
}

func toTheme(c []string) (Theme, error) {
	return Theme{Code: c[0], Parent: c[1], Label: c[2], LabelEN: c[3]}, nil
}

func toTerm(c []string) (Term, error) {
	return Term{Code: c[0], Label: c[1], LabelEN: c[2]}, nil
}

func toHoliday(c []string) (Holiday, error) {
	return Holiday{Code: c[0], Rule: c[1], Label: c[2], LabelEN: c[3], Status: c[4]}, nil
}

func toTerritory(c []string) (Territory, error) {
	t := Territory{Level: c[0], Code: c[1], Name: c[2], Parent: c[3], Grouping: c[4], StatisticsCode: c[5], Capital: c[6]}
	if c[7] == "" && c[8] == "" {
		return t, nil
	}
	point, err := toPoint(c[7], c[8])
	t.Point = &point
	return t, err
}

func toFormer(c []string) (Former, error) {
	return Former{Code: c[0], Name: c[1], Until: Date(c[2]), Successors: strings.Fields(c[3]), Source: c[4]}, nil
}

func toPoint(lon, lat string) (Point, error) {
	x, err := strconv.ParseFloat(lon, 64)
	if err != nil || x < -180 || x > 180 {
		return Point{}, fmt.Errorf("%q is not a longitude", lon)
	}
	y, err := strconv.ParseFloat(lat, 64)
	if err != nil || y < -90 || y > 90 {
		return Point{}, fmt.Errorf("%q is not a latitude", lat)
	}
	return Point{Lon: x, Lat: y}, nil
}

// geo reads the maps; their places name a territory by its statistics code.
func (r *reader) geo(files MapFiles, territories []Territory) Map {
	byStatistics := map[string]string{}
	for _, t := range territories {
		byStatistics[t.StatisticsCode] = t.Code
	}
	toPlace := func(c []string) (Place, error) {
		point, err := toPoint(c[2], c[3])
		if c[4] == "" || byStatistics[c[4]] == "" {
			err = errors.Join(err, fmt.Errorf("no territory has the statistics code %q", c[4]))
		}
		return Place{Name: c[0], Kind: c[1], Point: point, Territory: byStatistics[c[4]], Country: c[5], OtherCountry: c[6],
			GeoNamesID: c[7], WOFID: c[8], Source: c[9], Note: c[10]}, err
	}
	return Map{
		Adm1:       r.bytes(files.Adm1),
		Adm2:       r.bytes(files.Adm2),
		Neighbours: r.bytes(files.Neighbours),
		Places:     table(r, files.Places, "name kind lon lat prefecture_code country other_country geonames_id wof_id source note", toPlace),
	}
}
