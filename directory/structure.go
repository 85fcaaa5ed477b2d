package directory

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"cadre/kit/fault"
	"cadre/kit/text"
	"cadre/packs"
)

// Kind of record of a structure's sheet.
const structureKind = "directory.structure"

// Structure is the sheet of an institution, as its record's content.
type Structure struct {
	Slug        string        `json:"slug" doc:"Name in addresses: lower-case letters, digits and hyphens"`
	Acronym     string        `json:"acronym" doc:"Short name"`
	NameEN      string        `json:"name_en,omitempty" doc:"Courtesy translation of the present name"`
	Nature      string        `json:"nature" doc:"Code of the country pack: commission, committee, authority, agency, programme, ministry, force"`
	Independent bool          `json:"independent" doc:"No ministry supervises it"`
	Names       []Dated       `json:"names" doc:"Official names, the oldest first"`
	Supervision []Dated       `json:"supervision" doc:"Supervising authorities, the oldest first"`
	Legal       []Legal       `json:"legal" doc:"Texts that found or govern it"`
	Website     string        `json:"website,omitempty"`
	Summary     string        `json:"summary,omitempty" doc:"What it is for, in a sentence"`
	SummaryEN   string        `json:"summary_en,omitempty"`
	NotAsked    string        `json:"not_asked,omitempty" doc:"What is asked of it and is not its business, and whom to ask instead"`
	Source      string        `json:"source,omitempty" doc:"Source of the summary"`
	Fictitious  bool          `json:"fictitious,omitempty" doc:"Invented for the demonstration"`
	Confirmed   *Confirmation `json:"confirmed,omitempty" doc:"When its people last said that the sheet is right"`
	Closed      *Closing      `json:"closed,omitempty" doc:"How it left the framework"`
}

// Dated is a value that holds from one date to another.
type Dated struct {
	Value  string `json:"value"`
	From   When   `json:"from,omitempty"`
	To     When   `json:"to,omitempty"`
	Source string `json:"source,omitempty"`
	Note   string `json:"note,omitempty"`
}

// Legal is a text that founds or governs a structure.
type Legal struct {
	Title  string `json:"title"`
	Number string `json:"number,omitempty" doc:"Empty when no source gives it"`
	Date   When   `json:"date,omitempty"`
	URL    string `json:"url,omitempty"`
	Source string `json:"source,omitempty"`
}

// Confirmation is that the people of a structure have read their sheet and found it right.
type Confirmation struct {
	At time.Time `json:"at"`
	By string    `json:"by" doc:"Identifier of the person"`
}

// current returns the value that holds on the day of now: the last that has begun and not ended.
func current(all []Dated, now time.Time) (Dated, bool) {
	for _, d := range slices.Backward(all) {
		begun := d.From == "" || d.From.before(now)
		if begun && !d.To.before(now) {
			return d, true
		}
	}
	return Dated{}, false
}

// Name returns the official name on the day of now.
func (s Structure) Name(now time.Time) string {
	if d, ok := current(s.Names, now); ok {
		return d.Value
	}
	return s.Acronym
}

// Tutelle returns the supervising authority on the day of now, empty for none.
func (s Structure) Tutelle(now time.Time) string {
	d, _ := current(s.Supervision, now)
	return d.Value
}

// title is what the record is called: acronym and name, for lists and search.
func (s Structure) title(now time.Time) string {
	title := s.Acronym
	if name := s.Name(now); name != s.Acronym {
		title += " – " + name
	}
	if s.Closed != nil {
		title += " (dissoute)"
	}
	return title
}

// Rename gives the structure a new official name from a date on; the one before
// ends that day and stays readable.
func (s Structure) Rename(d Dated) (Structure, error) {
	names, err := succeed(s.Names, d, "value")
	s.Names = names
	return s, err
}

// Attach puts the structure under another supervising authority from a date on.
func (s Structure) Attach(d Dated) (Structure, error) {
	if s.Independent {
		return s, fault.Invalid("value", "Cette structure est indépendante : aucune autorité ne la supervise.")
	}
	supervision, err := succeed(s.Supervision, d, "value")
	s.Supervision = supervision
	return s, err
}

// succeed closes the last value on the day on which the next begins.
func succeed(all []Dated, next Dated, field string) ([]Dated, error) {
	var c fault.Collect
	c.Need(next.Value != "", field, "Donnez le nouvel intitulé.")
	c.Need(next.From != "", "from", "Indiquez la date d’effet.")
	all = slices.Clone(all)
	if last := len(all) - 1; last >= 0 && next.From != "" {
		c.Need(string(all[last].From) < string(next.From), "from", "Choisissez une date après celle de l’intitulé actuel.")
		if all[last].To == "" {
			all[last].To = next.From
		}
	}
	return append(all, next), c.Fault()
}

// The greatest lengths of the texts of a sheet, in characters.
const (
	maxShort  = 300
	maxLong   = 4000
	maxSlug   = 30
	maxNumber = 60
)

// check collects what is wrong with the sheet.
func (s Structure) check(c *fault.Collect, p *packs.Pack) {
	c.Need(s.Acronym != "", "acronym", "Donnez un sigle ou un nom court.")
	c.Need(len([]rune(s.Acronym)) <= 40, "acronym", "Quarante caractères au plus.")
	c.Need(len(s.Names) > 0 && s.Names[0].Value != "", "name", "Donnez le nom officiel.")
	limit(c, "name_en", s.NameEN, maxShort)
	limit(c, "source", s.Source, maxShort)
	limit(c, "summary_en", s.SummaryEN, maxLong)
	limit(c, "not_asked", s.NotAsked, maxLong)
	limit(c, "slug", s.Slug, maxSlug)
	c.Need(slug.MatchString(s.Slug), "slug", "Lettres minuscules sans accent, chiffres et tirets seulement.")
	// The page that admits a structure has this address.
	c.Need(s.Slug != "nouvelle", "slug", "Une autre structure porte déjà ce nom dans les adresses. Choisissez-en un autre.")
	_, known := packs.Lookup(p.Settings.Natures, s.Nature)
	c.Need(known, "nature", "Choisissez une nature de la liste.")
	c.Need(len([]rune(s.Summary)) <= maxLong, "summary", "Quatre mille caractères au plus.")
	c.Need(webAddress(s.Website), "website", "Donnez une adresse qui commence par https:// ou http://.")
	c.Need(!s.Independent || len(s.Supervision) == 0, "independent", "Une structure indépendante n’a pas d’autorité de tutelle. Laissez ce champ vide.")
	for _, l := range s.Legal {
		l.check(c)
	}
}

func (l Legal) check(c *fault.Collect) {
	c.Need(l.Title != "", "title", "Donnez l’intitulé du texte.")
	c.Need(len([]rune(l.Title)) <= maxShort, "title", "Trois cents caractères au plus.")
	limit(c, "number", l.Number, maxNumber)
	limit(c, "source", l.Source, maxShort)
	c.Need(webAddress(l.URL), "url", "Donnez une adresse qui commence par https:// ou http://.")
}

// webAddress accepts nothing, or an address of the web: a link of another scheme could
// run a script, and one with a name before the host could pass for another site.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return s == "" || err == nil && len(s) <= 500 && (u.Scheme == "https" || u.Scheme == "http") &&
		u.Hostname() != "" && u.User == nil && !strings.ContainsAny(s, " \"<>\n\t")
}

// words is what search reads of a sheet besides its title; what is not its business leads nobody to it.
func (s Structure) words() string {
	all := []string{s.Slug, s.NameEN, s.Summary, s.SummaryEN}
	for _, d := range slices.Concat(s.Names, s.Supervision) {
		all = append(all, d.Value)
	}
	for _, l := range s.Legal {
		all = append(all, l.Title, l.Number)
	}
	if s.Closed != nil {
		all = append(all, s.Closed.Text)
	}
	return strings.Join(all, "\n")
}

// Ages of a sheet since it was last confirmed: the issue of the framework is one
// confirmation a year.
const (
	soonOld   = 182 * 24 * time.Hour
	nearlyOld = 335 * 24 * time.Hour // its keepers are reminded from then on
	old       = 365 * 24 * time.Hour
)

// Freshness says how old the confirmation of a sheet is.
type Freshness string

// The freshnesses.
const (
	Fresh   Freshness = "fresh"
	Ageing  Freshness = "ageing"  // over six months
	Expired Freshness = "expired" // over a year, or never confirmed
)

// Freshness tells how old the confirmation is at now.
func (s Structure) Freshness(now time.Time) Freshness {
	switch {
	case s.Confirmed == nil || now.Sub(s.Confirmed.At) > old:
		return Expired
	case now.Sub(s.Confirmed.At) > soonOld:
		return Ageing
	}
	return Fresh
}

// missing lists what the sheet lacks, as sentences of the catalogue.
func (s Sheet) missing() []string {
	var all []string
	lacks := func(ok bool, what string) {
		if !ok {
			all = append(all, what)
		}
	}
	has := func(code string) bool { return len(s.Facts[code]) > 0 }
	lacks(s.Summary != "", text.Key("ce que fait la structure, en une phrase"))
	lacks(len(s.Legal) > 0, text.Key("le texte qui la fonde"))
	lacks(s.Independent || s.Tutelle != "", text.Key("l’autorité de tutelle"))
	lacks(s.Website != "", text.Key("un site public"))
	lacks(has("mission"), text.Key("au moins une mission"))
	lacks(has("programme"), text.Key("un programme"))
	lacks(has("capacity"), text.Key("un moyen qu’elle peut prêter"))
	lacks(has("branch"), text.Key("une antenne ou un démembrement"))
	lacks(has("document"), text.Key("un document"))
	lacks(s.hasTitular(), text.Key("un point focal titulaire"))
	lacks(s.hasDeputy(), text.Key("un point focal suppléant"))
	return all
}

// parts is the number of things that missing looks for.
const parts = 11

// Complete is how much of the sheet is filled in, in percent.
func (s Sheet) Complete() int { return 100 * (parts - len(s.missing())) / parts }
