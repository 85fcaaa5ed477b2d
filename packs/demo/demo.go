// Package demo is the demonstration laid over the country pack of Togo: people
// named by their function, contact lines, capacities, some thirty facts of mixed
// markings and seventy activities over eighteen months, all invented. Each one carries a flag that says so, and Load
// refuses one that does not; pages show them as « données fictives ».
//
// Addresses end in .example and telephone numbers begin with +228 00 00 00, so
// that none can reach anybody.
package demo

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cadre/packs"
)

// Files holds demonstration.json, activities.json, answers.json, calls.json and accords.json.
//
//go:embed *.json
var Files embed.FS

// Demonstration is everything invented.
type Demonstration struct {
	Notice     string           `json:"notice"` // the warning to show, in French
	NoticeEN   string           `json:"notice_en"`
	People     []Person         `json:"people"`
	Structures []Structure      `json:"structures"`
	Local      []LocalStructure `json:"local"`
	Records    []Record         `json:"records"`
	Activities []Activity       `json:"-"` // of activities.json
	Answers    []Answer         `json:"-"` // of answers.json
	Calls      []Call           `json:"-"` // of calls.json
	Accords    []Accord         `json:"-"` // of accords.json
}

// Answer is what an institution did about an activity of its own and one of another that overlap.
type Answer struct {
	Structure       string `json:"structure"` // slug
	Own             string `json:"own"`       // title of the activity
	Other           string `json:"other"`
	Verdict         string `json:"verdict"`
	Reason          string `json:"reason"`
	Points          int    `json:"points"` // of the overlap, as the formula counts them
	SeenDaysAgo     int    `json:"seen_days_ago"`
	AnsweredDaysAgo int    `json:"answered_days_ago"`
	Days            *int64 `json:"days"` // saved, as it declares
	Money           *int64 `json:"money"`
}

// Spread says who may see a fact.
type Spread struct {
	Marking    string   `json:"marking"`    // one of Markings
	Audience   []string `json:"audience"`   // "public", "members", "structure:<slug>" or "person:<email>"
	Fictitious bool     `json:"fictitious"` // always true
}

// Person is somebody who can sign in, known by a function and not by a name.
type Person struct {
	Email      string   `json:"email"`
	Title      string   `json:"title"`     // the function, shown as the name
	Structure  string   `json:"structure"` // slug
	Functions  []string `json:"functions"` // among Functions
	Mandate    string   `json:"mandate"`   // "can_commit" or "must_refer", of those who speak for an institution
	Phone      string   `json:"phone"`
	Fictitious bool     `json:"fictitious"`
}

// Structure is what the demonstration adds to one institution.
type Structure struct {
	Structure  string      `json:"structure"` // slug
	Capacities []Capacity  `json:"capacities"`
	Programmes []Programme `json:"programmes"`
	Contacts   []Contact   `json:"contacts"`
}

// Capacity is something to lend.
type Capacity struct {
	Title      string `json:"title"`
	Kind       string `json:"kind"`     // code of packs.Pack.CapacityKinds
	Quantity   int    `json:"quantity"` // 0 when not stated
	Place      string `json:"place"`    // territory code
	Conditions string `json:"conditions"`
	Spread
}

// Programme is a plan or a campaign.
type Programme struct {
	Title  string     `json:"title"`
	Detail string     `json:"detail"`
	From   packs.Date `json:"from"`
	To     packs.Date `json:"to"`
	Spread
}

// Contact is a line to call or write to.
type Contact struct {
	Label string `json:"label"`
	Phone string `json:"phone"`
	Email string `json:"email"`
	Spread
}

// LocalStructure is a local body.
type LocalStructure struct {
	Name  string     `json:"name"`
	Kind  string     `json:"kind"`  // code of packs.Pack.LocalKinds
	Place string     `json:"place"` // territory code
	From  packs.Date `json:"from"`
	Note  string     `json:"note"`
	Spread
}

// Record is a fact of the directory with a marking of its own.
type Record struct {
	Kind         string     `json:"kind"`      // one of Kinds
	Structure    string     `json:"structure"` // slug of the owner, who always sees it
	Title        string     `json:"title"`
	Detail       string     `json:"detail"`
	Theme        string     `json:"theme"`
	Place        string     `json:"place"`         // territory code
	CapacityKind string     `json:"capacity_kind"` // of a capacity only, as the next two
	Quantity     int        `json:"quantity"`
	Conditions   string     `json:"conditions"`
	From         packs.Date `json:"from"`
	To           packs.Date `json:"to"`
	Spread
}

// Focal is the address of the focal point of an institution, by its slug.
func Focal(slug string) string { return "focal@" + slug + ".example" }

// The codes that the demonstration uses.
var (
	Markings  = []string{"clear", "green", "amber", "amber_strict", "red", "restricted"}
	Functions = []string{"head", "focal", "deputy", "member", "reader", "field", "secretariat", "oversight", "technical"}
	Kinds     = []string{"mission", "programme", "capacity", "antenna", "document"}
)

// Load reads the demonstration and checks it against the pack it is laid over.
// Its error joins every fault found.
func Load(p *packs.Pack) (*Demonstration, error) {
	d := &Demonstration{}
	if err := packs.DecodeJSON(Files, "demonstration.json", d); err != nil {
		return nil, err
	}
	if err := packs.DecodeJSON(Files, "activities.json", &d.Activities); err != nil {
		return nil, err
	}
	if err := packs.DecodeJSON(Files, "answers.json", &d.Answers); err != nil {
		return nil, err
	}
	if err := packs.DecodeJSON(Files, "calls.json", &d.Calls); err != nil {
		return nil, err
	}
	if err := packs.DecodeJSON(Files, "accords.json", &d.Accords); err != nil {
		return nil, err
	}
	c := &checker{pack: p, people: d.People, file: "demonstration.json"}
	c.everybody()
	for _, s := range d.Structures {
		c.structure(s)
	}
	for i, l := range d.Local {
		at := fmt.Sprintf("local[%d]", i)
		c.spread(at, "", l.Spread)
		c.territory(at, l.Place)
		c.dates(at, l.From)
		c.known(at, "kind", slices.ContainsFunc(p.LocalKinds, func(k packs.LocalKind) bool { return k.Code == l.Kind }), l.Kind)
	}
	for i, r := range d.Records {
		c.record(fmt.Sprintf("records[%d]", i), r)
	}
	c.file = "activities.json"
	for _, a := range d.Activities {
		c.activity(a.Title, a)
	}
	c.file = "answers.json"
	for _, a := range d.Answers {
		c.answer(a, d.Activities)
	}
	c.file = "calls.json"
	for _, x := range d.Calls {
		c.call(x, d.Activities)
	}
	c.file = "accords.json"
	for _, x := range d.Accords {
		c.accord(x, d.Activities)
	}
	if err := errors.Join(c.faults...); err != nil {
		return nil, err
	}
	return d, nil
}

// checker gathers the faults of the demonstration.
type checker struct {
	pack   *packs.Pack
	people []Person
	lent   []string // kinds and titles of the capacities
	file   string   // that is being checked
	faults []error
}

func (c *checker) fault(at, format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("%s: %s: %s", c.file, at, fmt.Sprintf(format, args...)))
}

func (c *checker) known(at, what string, ok bool, code string) {
	if !ok {
		c.fault(at, "unknown %s %q", what, code)
	}
}

func (c *checker) owner(at, slug string) {
	_, ok := c.pack.Structure(slug)
	c.known(at, "structure", ok, slug)
}

func (c *checker) territory(at, code string) {
	_, ok := c.pack.Territory(code)
	c.known(at, "territory", ok, code)
}

func (c *checker) dates(at string, dates ...packs.Date) {
	for _, d := range dates {
		if d != "" && !d.Valid() {
			c.fault(at, "%q is not a date", d)
		}
	}
}

func (c *checker) unreachable(at, email, phone string) {
	if !strings.HasSuffix(email, ".example") || !strings.HasPrefix(phone, "+228 00 00 00 ") {
		c.fault(at, "the address or the number could be somebody's")
	}
}

func (c *checker) everybody() {
	seen := map[string]bool{}
	for _, p := range c.people {
		c.owner(p.Email, p.Structure)
		c.unreachable(p.Email, p.Email, p.Phone)
		for _, f := range p.Functions {
			c.known(p.Email, "function", slices.Contains(Functions, f), f)
		}
		c.known(p.Email, "mandate", slices.Contains([]string{"", "can_commit", "must_refer"}, p.Mandate), p.Mandate)
		if !p.Fictitious || seen[p.Email] || p.Title == "" || len(p.Functions) == 0 {
			c.fault(p.Email, "not marked fictitious, without title or function, or there twice")
		}
		seen[p.Email] = true
	}
}

func (c *checker) structure(s Structure) {
	c.owner("structures", s.Structure)
	for i, k := range s.Capacities {
		at := fmt.Sprintf("%s: capacities[%d]", s.Structure, i)
		c.spread(at, s.Structure, k.Spread)
		c.territory(at, k.Place)
		_, ok := packs.Lookup(c.pack.CapacityKinds, k.Kind)
		c.known(at, "kind of capacity", ok, k.Kind)
		c.lent = append(c.lent, k.Kind+" "+k.Title)
	}
	for i, g := range s.Programmes {
		at := fmt.Sprintf("%s: programmes[%d]", s.Structure, i)
		c.spread(at, s.Structure, g.Spread)
		c.dates(at, g.From, g.To)
	}
	for i, t := range s.Contacts {
		at := fmt.Sprintf("%s: contacts[%d]", s.Structure, i)
		c.spread(at, s.Structure, t.Spread)
		c.unreachable(at, t.Email, t.Phone)
	}
}

func (c *checker) record(at string, r Record) {
	c.owner(at, r.Structure)
	c.spread(at, r.Structure, r.Spread)
	c.territory(at, r.Place)
	c.dates(at, r.From, r.To)
	c.known(at, "kind", slices.Contains(Kinds, r.Kind), r.Kind)
	_, ok := c.pack.Theme(r.Theme)
	c.known(at, "theme", ok, r.Theme)
	if r.Kind == "capacity" {
		_, ok := packs.Lookup(c.pack.CapacityKinds, r.CapacityKind)
		c.known(at, "kind of capacity", ok, r.CapacityKind)
	}
}

// spread checks that the audience fits the marking: the public sees clear facts
// only, amber_strict stays with the owner, red goes to named people.
func (c *checker) spread(at, owner string, s Spread) {
	if !s.Fictitious || len(s.Audience) == 0 {
		c.fault(at, "not marked fictitious, or without audience")
	}
	c.known(at, "marking", slices.Contains(Markings, s.Marking), s.Marking)
	for _, who := range s.Audience {
		kind, name, _ := strings.Cut(who, ":")
		switch {
		case kind == "structure":
			c.owner(at, name)
		case kind == "person":
			c.known(at, "person", slices.ContainsFunc(c.people, func(p Person) bool { return p.Email == name }), name)
		case who != "public" && who != "members":
			c.fault(at, "unknown audience %q", who)
		}
		if who == "public" && s.Marking != "clear" ||
			s.Marking == "amber_strict" && who != "structure:"+owner ||
			s.Marking == "red" && kind != "person" {
			c.fault(at, "the audience %q does not fit the marking %q", who, s.Marking)
		}
	}
}
