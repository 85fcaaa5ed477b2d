package demo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cadre/packs"
)

// Activity is an invented activity of an institution, its own or concerted. Its
// days are counted from the day on which the demonstration is founded, so that
// there is always a past, a present and a future to show.
type Activity struct {
	Structure   string    `json:"structure"` // slug of the lead
	Title       string    `json:"title"`
	Purpose     string    `json:"purpose"`
	Type        string    `json:"type"`    // code of packs.Pack.ActivityTypes
	Themes      []string  `json:"themes"`  // codes
	Places      []string  `json:"places"`  // territory codes
	Publics     []string  `json:"publics"` // codes of packs.Pack.Publics
	Targeted    Count     `json:"targeted"`
	Precision   string    `json:"precision"`     // one of Precisions
	StartInDays int       `json:"start_in_days"` // negative in the past; a day of the month or quarter meant
	Days        int       `json:"days"`          // how long it lasts: 30 for a month, 90 for a quarter
	State       string    `json:"state"`         // one of States
	Reason      string    `json:"reason"`        // of a suspension, or of giving up
	Partners    []Partner `json:"partners"`
	Results     []Result  `json:"results"`
	Tasks       []Task    `json:"tasks"`
	Needs       []Means   `json:"needs"`
	Offers      []Means   `json:"offers"`
	Budget      []Line    `json:"budget"`
	Risks       string    `json:"risks"`
	Outside     []string  `json:"outside"` // partners outside the framework
	Wish        *Wish     `json:"wish"`    // a change that a partner asks for
	Report      *Report   `json:"report"`  // of what is over
	Serves      string    `json:"serves"`  // title of a mission of the lead, in the pack
	Spread
}

// Count is how many people, by sex.
type Count struct {
	Women int `json:"women"`
	Men   int `json:"men"`
}

// Partner is an institution that takes part beside the lead.
type Partner struct {
	Structure   string `json:"structure"`   // slug
	Role        string `json:"role"`        // one of Roles
	Verdict     string `json:"verdict"`     // one of Verdicts, empty while the partner has not answered
	Reservation string `json:"reservation"` // what it reserves, or why it declines
}

// Wish is that the activity takes place later.
type Wish struct {
	Structure   string `json:"structure"` // slug of a partner
	Why         string `json:"why"`
	LaterByDays int    `json:"later_by_days"`
}

// Result is what an activity should bring about, and how that is measured.
type Result struct {
	Text      string `json:"text"`
	Indicator string `json:"indicator"`
	Baseline  int    `json:"baseline"`
	Target    int    `json:"target"`
	Reached   *int   `json:"reached"` // nil while it is not known
}

// Task is something to be done by one of the institutions.
type Task struct {
	Title     string `json:"title"`
	Structure string `json:"structure"` // slug
	DueInDays int    `json:"due_in_days"`
	State     string `json:"state"` // one of TaskStates
}

// Means is something asked for or offered.
type Means struct {
	Kind     string `json:"kind"` // code of packs.Pack.CapacityKinds
	Quantity int    `json:"quantity"`
	Place    string `json:"place"` // territory code
	Note     string `json:"note"`
	Capacity string `json:"capacity"` // title of one that the demonstration lends, empty for none
}

// Line is a line of the budget.
type Line struct {
	Label   string `json:"label"`
	Amount  int    `json:"amount"` // in the currency of the pack
	Funder  string `json:"funder"` // invented, and says so
	Secured bool   `json:"secured"`
}

// Report says what became of an activity that is over.
type Report struct {
	Count
	Spent        int    `json:"spent"`
	Difficulties string `json:"difficulties"`
	Lesson       string `json:"lesson"` // what its people would tell the others
}

// The codes that activities use.
var (
	Precisions = []string{"day", "month", "quarter"}
	States     = []string{"idea", "concertation", "committed", "running", "reported", "capitalised", "suspended", "abandoned"}
	Roles      = []string{"co", "support", "consulted", "informed"}
	Verdicts   = []string{"signed", "reserved", "declined"}
	TaskStates = []string{"open", "doing", "done", "dropped"}
)

// unspoken is what an invented activity never says: an attack, a place where one
// took place, or somebody's name.
var unspoken = regexp.MustCompile(`(?i:attaque|attentat|Sanloaga|Gouloungoussi|Kpinkankandi)|\b(?:M\.|MM\.|Mme|Dr|[Gg]énéral|[Cc]olonel|[Cc]ommandant|[Cc]apitaine) \p{Lu}`)

// answer checks that what is answered is there.
func (c *checker) answer(x Answer, all []Activity) {
	named := func(title, owner string) bool {
		return slices.ContainsFunc(all, func(a Activity) bool { return a.Title == title && (owner == "" || a.Structure == owner) })
	}
	c.owner(x.Own, x.Structure)
	c.known(x.Own, "activity", named(x.Own, x.Structure), x.Own)
	c.known(x.Own, "activity", named(x.Other, ""), x.Other)
	c.known(x.Own, "verdict", slices.Contains([]string{"joined", "warned", "dismissed"}, x.Verdict), x.Verdict)
	if x.SeenDaysAgo < x.AnsweredDaysAgo {
		c.fault(x.Own, "it was answered before it was seen")
	}
}

// activity checks what an activity says against the pack, and against itself.
func (c *checker) activity(at string, a Activity) {
	c.owner(at, a.Structure)
	c.spread(at, a.Structure, a.Spread)
	c.classified(at, a)
	c.counts(at, a)
	c.known(at, "precision", slices.Contains(Precisions, a.Precision), a.Precision)
	c.known(at, "state", slices.Contains(States, a.State), a.State)
	for _, p := range a.Partners {
		c.partner(at, a, p)
	}
	if w := a.Wish; w != nil {
		takesPart := slices.ContainsFunc(a.Partners, func(p Partner) bool { return p.Structure == w.Structure })
		c.known(at, "wish", a.State == "concertation" && takesPart && w.Why != "" && w.LaterByDays > 0, w.Structure)
	}
	for _, t := range a.Tasks {
		c.known(at, "state of a task", slices.Contains(TaskStates, t.State), t.State)
		c.known(at, "responsible", t.Structure == a.Structure || slices.ContainsFunc(a.Partners, func(p Partner) bool { return p.Structure == t.Structure }), t.Structure)
	}
	for _, m := range slices.Concat(a.Needs, a.Offers) {
		_, ok := packs.Lookup(c.pack.CapacityKinds, m.Kind)
		c.known(at, "kind of means", ok && m.Quantity > 0, m.Kind)
		c.territory(at, m.Place)
	}
	c.named(at, a)
	c.lived(at, a)
	if found := unspoken.FindString(fmt.Sprintf("%+v", a)); found != "" {
		c.fault(at, "it speaks of %q", found)
	}
}

// named checks that the facts which it names by their titles are there.
func (c *checker) named(at string, a Activity) {
	owner, _ := c.pack.Structure(a.Structure)
	c.known(at, "mission", a.Serves == "" || slices.ContainsFunc(owner.Missions, func(m packs.Mission) bool { return m.Title == a.Serves }), a.Serves)
	for _, m := range slices.Concat(a.Needs, a.Offers) {
		c.known(at, "capacity", m.Capacity == "" || slices.Contains(c.lent, m.Kind+" "+m.Capacity), m.Capacity)
	}
}

// classified checks the codes by which activities are found.
func (c *checker) classified(at string, a Activity) {
	_, ok := packs.Lookup(c.pack.ActivityTypes, a.Type)
	c.known(at, "type", ok, a.Type)
	for _, code := range a.Themes {
		_, ok := c.pack.Theme(code)
		c.known(at, "theme", ok, code)
	}
	for _, code := range a.Places {
		c.territory(at, code)
	}
	for _, code := range a.Publics {
		_, ok := packs.Lookup(c.pack.Publics, code)
		c.known(at, "public", ok, code)
	}
	if a.Title == "" || a.Purpose == "" || len(a.Themes) == 0 || len(a.Places) == 0 || len(a.Publics) == 0 {
		c.fault(at, "it lacks a title, a purpose, a theme, a place or a public")
	}
}

// counts checks that no number is absurd, and that the budget is invented.
func (c *checker) counts(at string, a Activity) {
	if a.Days < 1 || a.Targeted.Women < 0 || a.Targeted.Men < 0 {
		c.fault(at, "it lasts %d days for %v people", a.Days, a.Targeted)
	}
	for _, l := range a.Budget {
		if l.Amount <= 0 || !strings.HasSuffix(l.Funder, "(fictif)") && !strings.HasSuffix(l.Funder, "(fictive)") {
			c.fault(at, "%q costs %d, or its funder %q could be real", l.Label, l.Amount, l.Funder)
		}
	}
}

// partner checks that a partner may see the activity, and has answered when the
// state requires it.
func (c *checker) partner(at string, a Activity, p Partner) {
	at += ": " + p.Structure
	c.owner(at, p.Structure)
	c.known(at, "role", slices.Contains(Roles, p.Role), p.Role)
	c.known(at, "verdict", p.Verdict == "" || slices.Contains(Verdicts, p.Verdict), p.Verdict)
	if a.Marking != "red" && !slices.ContainsFunc(a.Audience, func(who string) bool {
		return who == "public" || who == "members" || who == "structure:"+p.Structure
	}) {
		c.fault(at, "it may not see what it takes part in")
	}
	asked := p.Role == "co" || p.Role == "support"
	if (p.Verdict == "reserved" || p.Verdict == "declined") != (p.Reservation != "") || p.Verdict != "" && (!asked || a.State == "idea") {
		c.fault(at, "the verdict %q of %q is not asked, or lacks its text", p.Verdict, p.Role)
	}
	agreed := p.Verdict == "signed" || p.Verdict == "reserved"
	if asked && !agreed && slices.Contains([]string{"committed", "running", "reported", "capitalised"}, a.State) {
		c.fault(at, "%q, but the partner has not signed", a.State)
	}
}

// lived checks that the state agrees with the days, the reason and the report.
func (c *checker) lived(at string, a Activity) {
	end := a.StartInDays + a.Days
	over := a.State == "reported" || a.State == "capitalised"
	stopped := a.State == "suspended" || a.State == "abandoned"
	ahead := slices.Contains([]string{"idea", "concertation", "committed"}, a.State)
	if over && end > 0 || ahead && a.StartInDays < 0 || a.State == "running" && a.StartInDays > 0 {
		c.fault(at, "%q does not fit the days %d to %d", a.State, a.StartInDays, end)
	}
	if over != (a.Report != nil) || stopped != (a.Reason != "") || a.State == "capitalised" && a.Report.Lesson == "" {
		c.fault(at, "%q lacks its report, its lesson or its reason, or should have none", a.State)
	}
	if a.State == "concertation" && len(a.Partners) == 0 {
		c.fault(at, "in concertation with nobody")
	}
}
