// Package packs reads a country pack: the institutions, vocabularies,
// territories, holidays and maps of one country, as data files that name the
// source of each fact. Nothing else in Cadre knows which country it serves.
//
// A pack is pack.json, structures.json, local_structures.json, synergy.json, the CSV files
// sources, themes, territories, activity_types, publics, capacity_kinds and
// holidays, and the folder geo. Load refuses a pack with an unknown field, a
// dangling reference, a repeated code or an impossible date, and names the file
// and the row. Texts are in French; a field or column ending in _en holds the
// English, empty when there is none.
package packs

import "slices"

// Pack is a whole country pack, in the order of its files.
type Pack struct {
	Settings      Settings
	Sources       []Source
	Themes        []Theme
	ActivityTypes []Term
	Publics       []Term // the groups an activity speaks to
	CapacityKinds []Term
	Territories   []Territory // parents before children
	Former        []Former    // territories and names of territories that are no more
	Holidays      []Holiday
	Structures    []Structure
	LocalKinds    []LocalKind
	Local         []LocalStructure
	Map           Map
	Synergy       Synergy
}

// Date is a day, a month or a year: "2025-10-08", "2025-10" or "2025". Empty
// means not known, or not ended.
type Date string

// Name is a short text in both languages.
type Name struct {
	FR string `json:"fr"`
	EN string `json:"en"`
}

// Term is one entry of a vocabulary.
type Term struct {
	Code    string `json:"code"`
	Label   string `json:"label"`
	LabelEN string `json:"label_en"`
}

// Settings are the constants of the country and of its framework.
type Settings struct {
	Code             string     `json:"code"` // ISO 3166-1 alpha-2, also the code of the widest territory
	Country          Name       `json:"country"`
	Timezone         string     `json:"timezone"` // IANA name
	Currency         Currency   `json:"currency"`
	PhonePrefix      string     `json:"phone_prefix"`
	Framework        Name       `json:"framework"`   // how the institutions call their framework
	Secretariat      string     `json:"secretariat"` // slug of the institution that is its permanent secretariat
	Languages        []string   `json:"languages"`   // the first is the default
	MapCredit        Name       `json:"map_credit"`  // to show beside every map
	Maps             MapFiles   `json:"maps"`
	Letterhead       Letterhead `json:"letterhead"`
	Founding         Founding   `json:"founding"`
	Reminders        Reminders  `json:"reminders"`
	Natures          []Term     `json:"natures"`           // what an institution can be
	Levels           []Term     `json:"levels"`            // levels of territory, widest first
	Roles            []Term     `json:"roles"`             // what an institution does in a mission
	TerritorySources []string   `json:"territory_sources"` // source codes of territories.csv
}

// Reminders are the delays after which somebody is told of what waits, in working days,
// until the secretariat sets others.
type Reminders struct {
	Holder int `json:"holder"` // of the function, after it began to wait
	Deputy int `json:"deputy"` // after the holder was told
	Head   int `json:"head"`   // after the deputy was told
}

// Currency is written without cents.
type Currency struct {
	Code  string `json:"code"`  // ISO 4217
	Label string `json:"label"` // as written after an amount
}

// Letterhead is what stands on the right of a letter.
type Letterhead struct {
	Republic string `json:"republic"`
	Motto    string `json:"motto"`
	Source   string `json:"source"`
}

// Founding is the meeting that founded the framework, its aims in the words of the source.
type Founding struct {
	Title  string   `json:"title"`
	From   Date     `json:"from"`
	To     Date     `json:"to"`
	Place  string   `json:"place"` // territory code
	Aims   []string `json:"aims"`
	Source string   `json:"source"`
}

// Source is a public document or page that states a fact.
type Source struct {
	Code  string
	Title string // between square brackets when it is a description
	Site  string // several, separated by " ; ", when they say it together
	Date  Date
	URL   string // empty when the exact address is not known
}

// Theme is a subject of work, on one of two levels.
type Theme struct {
	Code    string
	Parent  string // empty on the first level
	Label   string
	LabelEN string
}

// Territory is a place that can be chosen in a form.
type Territory struct {
	Level          string // code of Settings.Levels
	Code           string
	Name           string
	Parent         string // empty for the country only
	Grouping       string // a second territory it belongs to, as the two préfectures of a district
	StatisticsCode string // key into Map.Adm2
	Capital        string
	Point          *Point // an inner point to write on the map, nil when not known
}

// Former is a territory that is no more, or a name that one bore: records filed under its code
// stay, and who types its name is understood.
type Former struct {
	Code       string // no code of Territories; empty when only the name changed
	Name       string
	Until      Date     // when it ended; empty when not known
	Successors []string // codes of Territories: one when it was renamed or merged, several when it was split
	Source     string
}

// Point is a WGS84 position in degrees.
type Point struct{ Lon, Lat float64 }

// Holiday is a public holiday as a rule: "MM-DD" each year, "easter+N" or
// "easter-N" days from Easter Sunday, or "decision" when the State fixes the
// date each year and somebody has to enter it.
type Holiday struct {
	Code    string
	Rule    string
	Label   string
	LabelEN string
	Status  string // how sure the rule is, in French
}

// Dated is a value that holds from one date to another; the past stays.
type Dated struct {
	Value  string `json:"value"`
	From   Date   `json:"from"`
	To     Date   `json:"to"`
	Source string `json:"source"`
	Note   string `json:"note"`
}

// Structure is an institution.
type Structure struct {
	Slug        string      `json:"slug"`
	Acronym     string      `json:"acronym"`     // a short name when there is no acronym
	Names       []Dated     `json:"names"`       // official names, oldest first
	NameEN      string      `json:"name_en"`     // courtesy translation
	Nature      string      `json:"nature"`      // code of Settings.Natures
	Independent bool        `json:"independent"` // no ministry supervises it
	Summary     Summary     `json:"summary"`
	Supervision []Dated     `json:"supervision"` // empty when independent or not known
	Legal       []Legal     `json:"legal"`
	Website     string      `json:"website"` // an address, or empty
	Missions    []Mission   `json:"missions"`
	Programmes  []Programme `json:"programmes"`
	Capacities  []Capacity  `json:"capacities"`
	Antennas    []Antenna   `json:"antennas"`
	Documents   []Document  `json:"documents"`
}

// Summary is the one sentence that says what an institution is for.
type Summary struct {
	Text   string `json:"text"`
	TextEN string `json:"text_en"`
	Source string `json:"source"`
}

// Legal is a text that founds or governs an institution.
type Legal struct {
	Title  string `json:"title"`
	Number string `json:"number"` // empty when not found
	Date   Date   `json:"date"`
	URL    string `json:"url"`
	Source string `json:"source"`
}

// Mission is something an institution has to do, on a theme, in a territory.
type Mission struct {
	Title     string `json:"title"`
	TitleEN   string `json:"title_en"`
	Detail    string `json:"detail"`
	Theme     string `json:"theme"`
	Territory string `json:"territory"` // the country's code when national
	Role      string `json:"role"`      // code of Settings.Roles
	Legal     string `json:"legal"`     // the text that gives it, empty when not known
	Source    string `json:"source"`
}

// Programme is a plan, project or campaign with a beginning and perhaps an end.
type Programme struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	From   Date   `json:"from"`
	To     Date   `json:"to"`
	Source string `json:"source"`
}

// Capacity is something an institution has and may lend.
type Capacity struct {
	Title      string `json:"title"`
	Kind       string `json:"kind"`     // code of CapacityKinds
	Quantity   int    `json:"quantity"` // 0 when not stated
	Place      string `json:"place"`    // territory code, empty when not stated
	Conditions string `json:"conditions"`
	Source     string `json:"source"`
}

// Antenna is a seat or an office.
type Antenna struct {
	Title  string `json:"title"`
	Kind   string `json:"kind"`  // in words
	Place  string `json:"place"` // territory code
	Source string `json:"source"`
}

// Document is a text an institution has published or applies.
type Document struct {
	Title  string `json:"title"`
	Date   Date   `json:"date"`
	URL    string `json:"url"`
	Source string `json:"source"`
}

// LocalKind is a kind of local body.
type LocalKind struct {
	Code       string   `json:"code"`
	Label      string   `json:"label"`
	LabelEN    string   `json:"label_en"`
	Parent     string   `json:"parent"`      // slug of the institution it depends on
	ParentName string   `json:"parent_name"` // when that institution is not in the pack
	Levels     []string `json:"levels"`
	Size       string   `json:"size"` // in words, empty when not known
	Source     string   `json:"source"`
}

// LocalStructure is a local body, or the bodies of one kind in one place.
type LocalStructure struct {
	Kind   string `json:"kind"` // code of LocalKinds
	Name   string `json:"name"`
	Place  string `json:"place"` // territory code
	From   Date   `json:"from"`
	Note   string `json:"note"`
	Source string `json:"source"`
}

// MapFiles are the paths of the maps inside the pack.
type MapFiles struct {
	Adm1       string `json:"adm1"`
	Adm2       string `json:"adm2"`
	Neighbours string `json:"neighbours"`
	Places     string `json:"places"`
}

// Map holds the drawings of the country. The three GeoJSON files are WGS84,
// longitude first; their licence lies beside them.
type Map struct {
	Adm1       []byte // property "code" is a territory code
	Adm2       []byte // property "code" is a Territory.StatisticsCode
	Neighbours []byte // the countries around, for context
	Places     []Place
}

// Place is a named point of the map.
type Place struct {
	Name         string
	Kind         string // in words: capital, seat, town, border post
	Point        Point
	Territory    string // code of the territory drawn in Adm2
	Country      string // ISO 3166-1 alpha-2
	OtherCountry string // across the border, for a border post
	GeoNamesID   string
	WOFID        string // Who's On First
	Source       string // in words
	Note         string
}

// Structure returns the institution of that slug.
func (p *Pack) Structure(slug string) (Structure, bool) {
	return find(p.Structures, func(s Structure) bool { return s.Slug == slug })
}

// Theme returns the theme of that code.
func (p *Pack) Theme(code string) (Theme, bool) {
	return find(p.Themes, func(t Theme) bool { return t.Code == code })
}

// Territory returns the territory of that code.
func (p *Pack) Territory(code string) (Territory, bool) {
	return find(p.Territories, func(t Territory) bool { return t.Code == code })
}

// Lookup returns the term of that code in a vocabulary.
func Lookup(vocabulary []Term, code string) (Term, bool) {
	return find(vocabulary, func(t Term) bool { return t.Code == code })
}

func find[T any](list []T, match func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, match); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}
