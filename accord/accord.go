package accord

import (
	"slices"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/lifecycle"
	"cadre/core/record"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/id"
	"cadre/kit/text"
)

// Kind is the kind of these records.
const Kind = "accord.accord"

// Sort tells how far an accord goes.
type Sort string

// The sorts.
const (
	Protocol   Sort = "protocol"   // lasting
	Convention Sort = "convention" // of one action
)

// Sorts are all of them, in their order; sortNames are keys of the catalogue.
var (
	Sorts     = []Sort{Protocol, Convention}
	sortNames = map[Sort]string{Protocol: text.Key("Protocole de collaboration"), Convention: text.Key("Convention")}
)

// The states.
const (
	Draft   = "draft"
	InForce = "in_force"
	Ended   = "ended"
)

// keepers answer for their institution; authors may write for it.
var (
	keepers = []access.Function{access.Head, access.Focal, access.Deputy}
	authors = append([]access.Function{access.Member, access.Field, access.Secretariat}, keepers...)
)

// Life is the life of an accord.
var Life = lifecycle.Table{
	States: []lifecycle.State{{Code: Draft, Name: text.Key("Projet")}, {Code: InForce, Name: text.Key("En vigueur")}, {Code: Ended, Name: text.Key("Échu ou résilié")}},
	Transitions: []lifecycle.Transition{
		{Verb: enforced, Name: text.Key("Mettre en vigueur"), From: Draft, To: InForce, Who: keepers},
		{Verb: "ended", Name: text.Key("Mettre fin"), From: InForce, To: Ended, Who: keepers, Asks: "reason"},
		{Verb: "reopened", Name: text.Key("Remettre en vigueur"), From: Ended, To: InForce, Who: keepers},
	},
	Reserved: text.Key("Seuls le responsable, le point focal et son suppléant de la structure qui a écrit l’accord en changent l’état."),
}

const enforced = "enforced"

// ClauseState is where a clause stands.
type ClauseState string

// The states of a clause.
const (
	Open    ClauseState = "open"
	Doing   ClauseState = "doing"
	Kept    ClauseState = "kept"
	Dropped ClauseState = "dropped"
)

// ClauseStates are all of them, in their order; clauseNames are keys of the catalogue.
var (
	ClauseStates = []ClauseState{Open, Doing, Kept, Dropped}
	clauseNames  = map[ClauseState]string{Open: text.Key("À faire"), Doing: text.Key("En cours"), Kept: text.Key("Tenue"), Dropped: text.Key("Abandonnée")}
)

// Duty is what a party owes.
type Duty struct {
	ID        string    `json:"id,omitempty" doc:"Given by Cadre"`
	Text      string    `json:"text"`
	Structure string    `json:"structure" doc:"Identifier of the party that owes it"`
	Due       form.Date `json:"due,omitzero" required:"false" format:"date"`
}

// Clause is a duty, and where it stands.
type Clause struct {
	Duty
	State ClauseState `json:"state" enum:"open,doing,kept,dropped"`
	Note  string      `json:"note,omitempty" doc:"What was said when it was last moved"`
}

// Pact is what an accord is about besides its title.
type Pact struct {
	Sort     Sort      `json:"sort" form:"sort" enum:"protocol,convention"`
	Object   string    `json:"object" form:"object" doc:"What it binds the parties to"`
	Parties  []string  `json:"parties" form:"parties" doc:"Institutions of the framework (identifiers); the owner always is one"`
	Outside  string    `json:"outside,omitempty" form:"outside" doc:"Parties outside the framework"`
	SignedOn form.Date `json:"signed_on,omitzero" form:"signed_on" required:"false" format:"date"`
	From     form.Date `json:"from,omitzero" form:"from" required:"false" format:"date" doc:"First day"`
	Until    form.Date `json:"until,omitzero" form:"until" required:"false" format:"date" doc:"Last day; absent when it has none"`
	Tacit    bool      `json:"tacit" form:"tacit" required:"false" doc:"It is renewed when nobody says otherwise"`
}

// Accord is the content of the record.
type Accord struct {
	Pact
	Clauses     []Clause     `json:"clauses"`
	Termination *Termination `json:"termination,omitempty"`
	Fictitious  bool         `json:"fictitious"`
}

// Termination is why an accord ended.
type Termination struct {
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// Drafting is what its people say of an accord.
type Drafting struct {
	Title string `json:"title" form:"title"`
	Pact
	Clauses []Duty `json:"clauses"`
	circle.Choice
}

// Found is an accord that was found: its record and its content.
type Found struct {
	record.Record
	Accord
}

// The greatest lengths of texts, in characters, numbers of lines of a list, and length of an accord, in years.
const (
	maxText  = 5000
	maxLines = 60
	longest  = 30
)

func limit(c *fault.Collect, field, s string) {
	c.Need(len([]rune(s)) <= maxText, field, "%d caractères au plus.", maxText)
}

// signatories are the parties of an owner in their one form: the owner, then the others, each once.
func signatories(owner string, chosen []string) []string {
	others := slices.DeleteFunc(slices.Clone(chosen), func(s string) bool { return s == owner })
	return append([]string{owner}, slices.Compact(slices.Sorted(slices.Values(others)))...)
}

// check collects what is wrong with what is said of an accord that was found; members are the institutions
// of the framework. A party that has left it since stays.
func (p Pact) check(c *fault.Collect, f Found, members map[string]bool, today form.Date) {
	c.Need(sortNames[p.Sort] != "", "sort", "Choisissez une nature de la liste.")
	c.Need(p.Object != "", "object", "Dites à quoi l’accord engage les parties.")
	limit(c, "object", p.Object)
	limit(c, "outside", p.Outside)
	strange := slices.ContainsFunc(p.Parties, func(s string) bool { return !members[s] && !slices.Contains(f.Parties, s) && s != f.Owner })
	c.Need(!strange, "parties", "Choisissez des structures du cadre : l’une de celles-ci n’en est pas, ou l’a quitté.")
	c.Need(len(p.Parties) > 1 || p.Outside != "", "parties", "Choisissez une autre partie, ou nommez celles qui sont hors du cadre.")
	c.Need(len(p.Parties) <= maxLines, "parties", "Soixante parties au plus.")
	c.Need(p.Until.IsZero() || p.From.Compare(p.Until) < 0, "until", "La fin doit venir après le début.")
	c.Need(p.From.IsZero() || p.Until.Compare(form.Date{Year: p.From.Year + longest, Month: p.From.Month, Day: p.From.Day}) <= 0, "until", "%d ans au plus : au-delà, laissez vide.", longest)
	c.Need(p.Until.IsZero() || p.SignedOn.Compare(p.Until) <= 0, "signed_on", "La signature vient avant la fin.")
	c.Need(f.State != InForce || p.signed(today), "signed_on", unsigned)
}

// unsigned is a key of the catalogue.
var unsigned = text.Key("Pour qu’il soit en vigueur, donnez le jour de la signature, passé ou d’aujourd’hui, et celui du début.")

// signed reports whether an accord may be in force.
func (p Pact) signed(today form.Date) bool {
	return !p.SignedOn.IsZero() && !p.From.IsZero() && p.SignedOn.Compare(today) <= 0
}

// checkDuties collects what is wrong with the clauses, of which before stood there already.
func (p Pact) checkDuties(c *fault.Collect, all []Duty, before []Clause) {
	c.Need(len(all) <= maxLines, "clauses", "Soixante clauses au plus.")
	for _, d := range all {
		c.Need(d.Text != "", "clause", "Dites à quoi la clause engage.")
		limit(c, "clause", d.Text)
		party := slices.Contains(p.Parties, d.Structure)
		if slices.ContainsFunc(before, func(b Clause) bool { return b.Duty == d }) {
			c.Need(party, "parties", "Une structure qui doit une clause reste partie : confiez d’abord la clause à une autre.")
		} else {
			c.Need(party, "clause_structure", "Confiez la clause à une structure qui est partie à l’accord.")
		}
	}
}

// reword puts new words on the clauses that stood there: an identifier names one of them, once, and
// keeps where it stands; a new duty is open.
func (a *Accord) reword(all []Duty) {
	before := a.Clauses
	a.Clauses = []Clause{}
	for _, d := range all {
		now := Clause{Duty: d, State: Open}
		if i := slices.IndexFunc(before, func(b Clause) bool { return b.ID == d.ID && d.ID != "" }); i >= 0 {
			now.State, now.Note = before[i].State, before[i].Note
			before = slices.Delete(slices.Clone(before), i, i+1)
		} else {
			now.ID = id.New()
		}
		a.Clauses = append(a.Clauses, now)
	}
}

// duties are the clauses without where they stand.
func (a Accord) duties() []Duty {
	all := []Duty{}
	for _, c := range a.Clauses {
		all = append(all, c.Duty)
	}
	return all
}

// others are the parties besides the owner.
func (f Found) others() []string {
	return slices.DeleteFunc(slices.Clone(f.Parties), func(s string) bool { return s == f.Owner })
}

// clause finds a clause; negative when there is none.
func (a Accord) clause(clauseID string) int {
	return slices.IndexFunc(a.Clauses, func(c Clause) bool { return c.ID == clauseID })
}

// pending reports whether a clause is still to be kept.
func (c Clause) pending() bool { return c.State == Open || c.State == Doing }

// audience is who reads the accord besides whom its author chose: the parties.
func (p Pact) audience(chosen access.Audience) access.Audience {
	all := slices.Clone(chosen)
	for _, s := range p.Parties {
		all = append(all, access.Structure(s))
	}
	return all
}

// chosen is the audience without the parties, who read because they are.
func (f Found) chosen() access.Audience {
	return slices.DeleteFunc(slices.Clone(f.Audience), func(p access.Principal) bool {
		return slices.ContainsFunc(f.Parties, func(s string) bool { return p == access.Structure(s) })
	})
}

// words are what search reads besides the title.
func (a Accord) words() string {
	all := []string{a.Object, a.Outside}
	for _, c := range a.Clauses {
		all = append(all, c.Text, c.Note)
	}
	if a.Termination != nil {
		all = append(all, a.Termination.Reason)
	}
	return strings.Join(all, "\n")
}
