package call

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
	"cadre/kit/text"
)

// Kind is the kind of these records.
const Kind = "call.call"

// Sort tells who asks.
type Sort string

// The sorts.
const (
	Need   Sort = "need" // of an institution
	Appeal Sort = "call" // of the secretariat
)

// sortNames are keys of the catalogue.
var sortNames = map[Sort]string{Need: text.Key("Besoin signalé"), Appeal: text.Key("Appel à activités")}

// The states.
const (
	Open   = "open"
	Closed = "closed"
)

// keepers answer for their institution; authors may write for it.
var (
	keepers = []access.Function{access.Head, access.Focal, access.Deputy}
	closers = append([]access.Function{access.Secretariat}, keepers...)
	authors = append([]access.Function{access.Member, access.Field}, closers...)
)

// Life is the life of a call.
var Life = lifecycle.Table{
	States: []lifecycle.State{{Code: Open, Name: text.Key("Ouvert")}, {Code: Closed, Name: text.Key("Clos")}},
	Transitions: []lifecycle.Transition{
		{Verb: "closed", Name: text.Key("Clore"), From: Open, To: Closed, Who: closers, Asks: "reason"},
		{Verb: "reopened", Name: text.Key("Rouvrir"), From: Closed, To: Open, Who: closers},
	},
	Reserved: text.Key("Seuls le responsable, le point focal et son suppléant de la structure qui demande, ou le secrétariat pour ses appels, changent l’état de l’appel."),
}

// Plan is what is asked for besides its theme and place.
type Plan struct {
	Why  string    `json:"why" form:"why" doc:"What is to be done, and what tells that it is needed"`
	From form.Date `json:"from,omitzero" form:"from" required:"false" format:"date" doc:"First day on which it would help; absent for any time"`
	To   form.Date `json:"to,omitzero" form:"to" required:"false" format:"date" doc:"Last day on which it would help"`
}

// Call is the content of the record.
type Call struct {
	Sort Sort `json:"sort" enum:"need,call"`
	Plan
	Refusals   []Refusal `json:"refusals" doc:"Institutions that will not answer"`
	Closing    *Ending   `json:"closing,omitempty"`
	Fictitious bool      `json:"fictitious"`
}

// Refusal is that an institution will not answer.
type Refusal struct {
	Structure string    `json:"structure"`
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
}

// Ending is why a call was closed.
type Ending struct {
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// Request is what its people say of a call.
type Request struct {
	Title string `json:"title" form:"title"`
	Theme string `json:"theme" form:"theme" doc:"Code"`
	Place string `json:"place" form:"place" doc:"Code of a territory"`
	Plan
	circle.Choice
}

// Found is a call that was found: its record and its content.
type Found struct {
	record.Record
	Call
}

// theme is the one theme of the call, place its one territory.
func (f Found) theme() string { return first(f.Themes) }
func (f Found) place() string { return first(f.Places) }

func first(codes []string) string {
	if len(codes) == 0 {
		return ""
	}
	return codes[0]
}

// The greatest lengths of texts, in characters, and of a period, in years.
const (
	maxWhy    = 5000
	maxReason = 2000
	longest   = 5
)

// check collects what is wrong; today is the present day, before what stood there.
func (p Plan) check(c *fault.Collect, before Plan, today form.Date) {
	c.Need(p.Why != "", "why", "Dites ce qui est à faire, et ce qui le montre.")
	c.Need(len([]rune(p.Why)) <= maxWhy, "why", "%d caractères au plus.", maxWhy)
	if p.To.IsZero() {
		return
	}
	c.Need(p.From.Compare(p.To) <= 0, "to", "La fin doit venir après le début.")
	c.Need(p.From.IsZero() || p.To.Year-p.From.Year < longest, "to", "Moins de %d ans : au-delà, faites un autre appel.", longest)
	c.Need(p.To == before.To || p.To.Compare(today) >= 0, "to", "Ce jour est passé. Choisissez un jour à venir, ou laissez vide.")
}

// touches reports whether a call would help between two days.
func (p Plan) touches(from, to form.Date) bool {
	return (p.From.IsZero() || p.From.Compare(to) <= 0) && (p.To.IsZero() || p.To.Compare(from) >= 0)
}

// words are what search reads besides the title.
func (c Call) words() string {
	all := []string{c.Why}
	for _, r := range c.Refusals {
		all = append(all, r.Reason)
	}
	if c.Closing != nil {
		all = append(all, c.Closing.Reason)
	}
	return strings.Join(all, "\n")
}

// refusal is what an institution has said, if it has.
func (c Call) refusal(structure string) (Refusal, bool) {
	i := slices.IndexFunc(c.Refusals, func(r Refusal) bool { return r.Structure == structure })
	if i < 0 {
		return Refusal{}, false
	}
	return c.Refusals[i], true
}

// refuse adds a refusal in the place of what the institution said before.
func (c *Call) refuse(r Refusal) {
	c.Refusals = append(slices.DeleteFunc(slices.Clone(c.Refusals), func(old Refusal) bool { return old.Structure == r.Structure }), r)
}
