package packs

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// check verifies what the files say of each other.
func check(p *Pack) error {
	c := &checker{pack: p}
	c.sources()
	c.vocabularies()
	c.territories()
	c.former()
	c.holidays()
	c.settings()
	c.synergy()
	c.structures()
	c.local()
	c.drawings()
	return errors.Join(c.faults...)
}

// checker gathers the faults of a pack that could be read.
type checker struct {
	pack   *Pack
	faults []error
}

func (c *checker) fault(at, format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...)))
}

func (c *checker) filled(at, what, value string) {
	if strings.TrimSpace(value) == "" {
		c.fault(at, "%s is empty", what)
	}
}

func (c *checker) source(at, code string) {
	if !slices.ContainsFunc(c.pack.Sources, func(s Source) bool { return s.Code == code }) {
		c.fault(at, "unknown source %q", code)
	}
}

func (c *checker) theme(at, code string) {
	if _, ok := c.pack.Theme(code); !ok {
		c.fault(at, "unknown theme %q", code)
	}
}

func (c *checker) territory(at, code string) {
	if _, ok := c.pack.Territory(code); !ok {
		c.fault(at, "unknown territory %q", code)
	}
}

func (c *checker) term(at, what string, vocabulary []Term, code string) {
	if _, ok := Lookup(vocabulary, code); !ok {
		c.fault(at, "unknown %s %q", what, code)
	}
}

func (c *checker) date(at string, d Date) {
	if d != "" && !d.Valid() {
		c.fault(at, "%q is not a date", d)
	}
}

// period accepts a month inside the year that ends it: only what both dates state is compared.
func (c *checker) period(at string, from, to Date) {
	c.date(at, from)
	c.date(at, to)
	n := min(len(from), len(to))
	if from[:n] > to[:n] {
		c.fault(at, "it ends on %s, before %s", to, from)
	}
}

func (c *checker) address(at, address string) {
	u, err := url.Parse(address)
	if address != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		c.fault(at, "%q is not a web address", address)
	}
}

// Valid says whether the date is a real day, month or year.
func (d Date) Valid() bool {
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if _, err := time.Parse(layout, string(d)); err == nil {
			return true
		}
	}
	return false
}

// unique reports codes that are empty or come twice in a CSV file.
func unique[T any](c *checker, name string, list []T, code func(T) string) {
	seen := map[string]bool{}
	for i, item := range list {
		switch k := code(item); {
		case k == "":
			c.fault(row(name, i), "the code is empty")
		case seen[k]:
			c.fault(row(name, i), "%q comes twice", k)
		default:
			seen[k] = true
		}
	}
}

func (c *checker) sources() {
	const name = "sources.csv"
	unique(c, name, c.pack.Sources, func(s Source) string { return s.Code })
	for i, s := range c.pack.Sources {
		c.filled(row(name, i), "title", s.Title)
		c.filled(row(name, i), "site", s.Site)
		c.date(row(name, i), s.Date)
		c.address(row(name, i), s.URL)
	}
}

func (c *checker) vocabularies() {
	p := c.pack
	c.terms("activity_types.csv", p.ActivityTypes)
	c.terms("publics.csv", p.Publics)
	c.terms("capacity_kinds.csv", p.CapacityKinds)
	unique(c, "themes.csv", p.Themes, func(t Theme) string { return t.Code })
	for i, t := range p.Themes {
		at := row("themes.csv", i)
		c.filled(at, "label", t.Label)
		c.filled(at, "label_en", t.LabelEN)
		if parent, ok := p.Theme(t.Parent); t.Parent != "" && (!ok || parent.Parent != "") {
			c.fault(at, "%q is not a theme of the first level", t.Parent)
		}
	}
}

func (c *checker) terms(name string, list []Term) {
	unique(c, name, list, func(t Term) string { return t.Code })
	for i, t := range list {
		c.filled(row(name, i), "label", t.Label)
		c.filled(row(name, i), "label_en", t.LabelEN)
	}
}

// territories checks that each place hangs on a wider one that comes before it.
func (c *checker) territories() {
	const name = "territories.csv"
	unique(c, name, c.pack.Territories, func(t Territory) string { return t.Code })
	rank := map[string]int{}
	for i, t := range c.pack.Territories {
		at := row(name, i)
		c.filled(at, "name", t.Name)
		level := slices.IndexFunc(c.pack.Settings.Levels, func(l Term) bool { return l.Code == t.Level })
		if level < 0 {
			c.fault(at, "unknown level %q", t.Level)
		}
		if parent, ok := rank[t.Parent]; t.Code != c.pack.Settings.Code && (!ok || parent >= level) {
			c.fault(at, "%q is not a wider territory above this row", t.Parent)
		}
		if t.Grouping != "" {
			c.territory(at, t.Grouping)
		}
		rank[t.Code] = level
	}
}

// former checks that what is no more is told from what is, and leads to it.
func (c *checker) former() {
	const name = "former_territories.csv"
	known := map[string]bool{"": true}
	for i, f := range c.pack.Former {
		at := row(name, i)
		c.filled(at, "name", f.Name)
		c.date(at, f.Until)
		c.source(at, f.Source)
		if _, is := c.pack.Territory(f.Code); is || known[f.Code] && f.Code != "" {
			c.fault(at, "%q is the code of another territory", f.Code)
		}
		known[f.Code] = true
		if len(f.Successors) == 0 || f.Code == "" && len(f.Successors) > 1 {
			c.fault(at, "%q must lead to what took its place", f.Name)
		}
		for _, code := range f.Successors {
			c.territory(at, code)
		}
	}
}

var easterRule = regexp.MustCompile(`^easter[+-]\d{1,3}$`)

func (c *checker) holidays() {
	unique(c, "holidays.csv", c.pack.Holidays, func(h Holiday) string { return h.Code })
	for i, h := range c.pack.Holidays {
		at := row("holidays.csv", i)
		c.filled(at, "label", h.Label)
		c.filled(at, "label_en", h.LabelEN)
		c.filled(at, "status", h.Status)
		_, err := time.Parse("01-02", h.Rule)
		if err != nil && h.Rule != "decision" && !easterRule.MatchString(h.Rule) {
			c.fault(at, "%q is not a rule of date", h.Rule)
		}
	}
}

func (c *checker) settings() {
	s := c.pack.Settings
	const at = "pack.json"
	for what, value := range map[string]string{"country": s.Country.FR, "timezone": s.Timezone, "currency": s.Currency.Label,
		"phone_prefix": s.PhonePrefix, "framework": s.Framework.FR, "map_credit": s.MapCredit.FR, "map_credit in English": s.MapCredit.EN, "motto": s.Letterhead.Motto} {
		c.filled(at, what, value)
	}
	c.territory(at, s.Code)
	if _, ok := c.pack.Structure(s.Secretariat); !ok {
		c.fault(at, "the secretariat %q is not a structure", s.Secretariat)
	}
	if r := s.Reminders; min(r.Holder, r.Deputy, r.Head) < 1 {
		c.fault(at, "each delay of reminders is of one working day at least")
	}
	c.terms("pack.json: natures", s.Natures)
	c.terms("pack.json: levels", s.Levels)
	c.terms("pack.json: roles", s.Roles)
	c.source(at, s.Letterhead.Source)
	c.source(at, s.Founding.Source)
	c.territory(at, s.Founding.Place)
	c.period(at, s.Founding.From, s.Founding.To)
	for _, code := range s.TerritorySources {
		c.source(at, code)
	}
}

func (c *checker) structures() {
	seen := map[string]bool{}
	for _, s := range c.pack.Structures {
		at := "structures.json: " + s.Slug
		if s.Slug == "" || seen[s.Slug] {
			c.fault(at, "the slug is empty or comes twice")
		}
		seen[s.Slug] = true
		c.filled(at, "acronym", s.Acronym)
		c.filled(at, "name_en", s.NameEN)
		c.filled(at, "summary", s.Summary.Text)
		c.source(at+": summary", s.Summary.Source)
		c.term(at, "nature", c.pack.Settings.Natures, s.Nature)
		c.address(at, s.Website)
		if len(s.Names) == 0 {
			c.fault(at, "it has no name")
		}
		if s.Independent && len(s.Supervision) > 0 {
			c.fault(at, "it is independent and supervised")
		}
		c.dated(at+": names", s.Names)
		c.dated(at+": supervision", s.Supervision)
		c.missions(at, s.Missions)
		c.means(at, s)
	}
}

func (c *checker) dated(at string, list []Dated) {
	for i, d := range list {
		at := part(at, i)
		c.filled(at, "value", d.Value)
		c.period(at, d.From, d.To)
		c.source(at, d.Source)
	}
}

func (c *checker) missions(at string, list []Mission) {
	for i, m := range list {
		at := part(at+": missions", i)
		c.filled(at, "title", m.Title)
		c.theme(at, m.Theme)
		c.territory(at, m.Territory)
		c.term(at, "role", c.pack.Settings.Roles, m.Role)
		c.source(at, m.Source)
	}
}

// means checks what an institution has besides its missions.
func (c *checker) means(at string, s Structure) {
	for i, l := range s.Legal {
		c.fact(part(at+": legal", i), l.Title, l.Date, "", l.URL, l.Source)
	}
	for i, g := range s.Programmes {
		c.fact(part(at+": programmes", i), g.Title, g.From, g.To, "", g.Source)
	}
	for i, d := range s.Documents {
		c.fact(part(at+": documents", i), d.Title, d.Date, "", d.URL, d.Source)
	}
	for i, a := range s.Antennas {
		at := part(at+": antennas", i)
		c.fact(at, a.Title, "", "", "", a.Source)
		c.filled(at, "kind", a.Kind)
		c.territory(at, a.Place)
	}
	for i, k := range s.Capacities {
		at := part(at+": capacities", i)
		c.fact(at, k.Title, "", "", "", k.Source)
		c.term(at, "kind of capacity", c.pack.CapacityKinds, k.Kind)
		if k.Place != "" {
			c.territory(at, k.Place)
		}
		if k.Quantity < 0 {
			c.fault(at, "the quantity is negative")
		}
	}
}

func (c *checker) fact(at, title string, from, to Date, address, source string) {
	c.filled(at, "title", title)
	c.period(at, from, to)
	c.address(at, address)
	c.source(at, source)
}

func (c *checker) local() {
	kinds := map[string]bool{}
	for _, k := range c.pack.LocalKinds {
		at := "local_structures.json: " + k.Code
		c.filled(at, "label", k.Label)
		c.filled(at, "label_en", k.LabelEN)
		c.source(at, k.Source)
		_, known := c.pack.Structure(k.Parent)
		if known == (k.ParentName != "") || k.Parent != "" && !known {
			c.fault(at, "it needs the slug of its parent, or else its name")
		}
		for _, level := range k.Levels {
			c.term(at, "level", c.pack.Settings.Levels, level)
		}
		if kinds[k.Code] {
			c.fault(at, "it comes twice")
		}
		kinds[k.Code] = true
	}
	for i, l := range c.pack.Local {
		at := part("local_structures.json: structures", i)
		c.fact(at, l.Name, l.From, "", "", l.Source)
		c.territory(at, l.Place)
		if !kinds[l.Kind] {
			c.fault(at, "unknown kind %q", l.Kind)
		}
		c.once(at, l)
	}
}

// once checks that a local body is not told of a second time, among the antennas of its institution.
func (c *checker) once(at string, l LocalStructure) {
	kind, _ := find(c.pack.LocalKinds, func(k LocalKind) bool { return k.Code == l.Kind })
	parent, _ := c.pack.Structure(kind.Parent)
	for _, a := range parent.Antennas {
		if a.Place == l.Place && a.Source == l.Source {
			c.fault(at, "it stands among the antennas of %s too", parent.Slug)
		}
	}
}

// drawings checks that each surface of the maps is a territory of the pack.
func (c *checker) drawings() {
	var codes, statistics []string
	for _, t := range c.pack.Territories {
		codes = append(codes, t.Code)
		if t.StatisticsCode != "" {
			statistics = append(statistics, t.StatisticsCode)
		}
	}
	c.surfaces(c.pack.Settings.Maps.Adm1, c.pack.Map.Adm1, codes)
	c.surfaces(c.pack.Settings.Maps.Adm2, c.pack.Map.Adm2, statistics)
}

func (c *checker) surfaces(name string, data []byte, codes []string) {
	var collection struct {
		Features []struct {
			Properties struct {
				Code string `json:"code"`
			} `json:"properties"`
		} `json:"features"`
	}
	if err := json.Unmarshal(data, &collection); err != nil {
		c.fault(name, "%v", err)
	}
	for i, f := range collection.Features {
		if !slices.Contains(codes, f.Properties.Code) {
			c.fault(part(name+": features", i), "no territory has the code %q", f.Properties.Code)
		}
	}
}

func part(at string, i int) string { return at + "[" + strconv.Itoa(i) + "]" }
