package activity

import (
	"slices"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/packs"
)

// Kind is the kind of the records of this room.
const Kind = "activity.activity"

// Activity is the content of a record: its title, themes and places stand on the record itself.
type Activity struct {
	Plan
	Signatures   []Signature   `json:"signatures,omitempty"`
	Proposals    []Proposal    `json:"proposals,omitempty"`
	Report       *Report       `json:"report,omitempty"`
	Interruption *Interruption `json:"interruption,omitempty" doc:"Why it is suspended or was abandoned"`
	Fictitious   bool          `json:"fictitious,omitempty" doc:"Invented for the demonstration"`
}

// Plan is what the lead says of an activity.
type Plan struct {
	Purpose   string       `json:"purpose" form:"purpose"`
	Type      string       `json:"type" form:"type" doc:"Code of the country pack's types of activity"`
	Publics   []string     `json:"publics,omitempty" form:"publics" doc:"Codes of the country pack's publics"`
	Targeted  People       `json:"targeted,omitzero" required:"false" doc:"How many people it wants to reach"`
	Period    Period       `json:"period"`
	Partners  []Partner    `json:"partners,omitempty"`
	SignBy    form.Date    `json:"sign_by,omitzero" form:"sign_by" required:"false" format:"date" doc:"Day by which the signatories are asked to answer"`
	Results   []Result     `json:"results,omitempty"`
	Tasks     []Task       `json:"tasks,omitempty"`
	Needs     []Means      `json:"needs,omitempty" doc:"Means asked of others"`
	Offers    []Means      `json:"offers,omitempty" doc:"Means offered by those who organise"`
	Budget    []BudgetLine `json:"budget,omitempty"`
	Risks     string       `json:"risks,omitempty" form:"risks"`
	Outside   string       `json:"outside,omitempty" form:"outside" doc:"Partners outside the framework"`
	Reference string       `json:"reference,omitempty" form:"reference" doc:"The institution's own reference, by which an import finds the activity again"`
}

// People counts people by sex; nil is not known, which is not zero.
type People struct {
	Women *int `json:"women,omitempty" form:"women"`
	Men   *int `json:"men,omitempty" form:"men"`
}

// Known reports whether anything was counted.
func (p People) Known() bool { return p.Women != nil || p.Men != nil }

// Total is the number of people counted.
func (p People) Total() int {
	total := 0
	for _, n := range []*int{p.Women, p.Men} {
		if n != nil {
			total += *n
		}
	}
	return total
}

// Partner is an institution beside the lead, and what it does there (RACI: the lead is
// accountable, co and support are responsible).
type Partner struct {
	Structure string `json:"structure" doc:"Identifier of an institution"`
	Role      Role   `json:"role"`
}

// Role is what a partner does in an activity.
type Role string

// The roles.
const (
	Co        Role = "co"        // organises with the lead
	Support   Role = "support"   // lends means
	Consulted Role = "consulted" // is asked before
	Informed  Role = "informed"  // is told
)

// Roles lists the roles, the most engaged first.
var Roles = []Role{Co, Support, Consulted, Informed}

// Signs reports whether the role engages the institution.
func (r Role) Signs() bool { return r == Co || r == Support }

// Result is something that the activity wants to bring about, with its measure.
type Result struct {
	Text      string `json:"text"`
	Indicator string `json:"indicator,omitempty"`
	Baseline  string `json:"baseline,omitempty"`
	Target    string `json:"target,omitempty"`
	Reached   string `json:"reached,omitempty"`
}

// Task is something that one of the institutions has to do for the activity.
type Task struct {
	ID        string    `json:"id,omitempty" doc:"Given by Cadre"`
	Title     string    `json:"title"`
	Structure string    `json:"structure" doc:"Identifier of the institution responsible"`
	Due       form.Date `json:"due,omitzero" required:"false" format:"date"`
	State     TaskState `json:"state,omitempty" enum:"open,doing,done,dropped"`
}

// TaskState is where a task stands.
type TaskState string

// The states of a task.
const (
	Open    TaskState = "open"
	Doing   TaskState = "doing"
	Done    TaskState = "done"
	Dropped TaskState = "dropped"
)

// TaskStates lists the states of a task in their order.
var TaskStates = []TaskState{Open, Doing, Done, Dropped}

// Waits reports whether something is still to be done.
func (t Task) Waits() bool { return t.State == Open || t.State == Doing }

// may reports whether a task may be moved to a state: what has begun is not to begin, what is over may be taken up again.
func (t Task) may(to TaskState) bool { return to != t.State && (to != Open || !t.Waits()) }

// Means is something needed or offered: people, vehicles, rooms, materials.
type Means struct {
	Kind     string `json:"kind" doc:"Code of the country pack's kinds of capacity"`
	Quantity int    `json:"quantity,omitempty"`
	Place    string `json:"place,omitempty" doc:"Code of a territory"`
	Note     string `json:"note,omitempty"`
	Capacity string `json:"capacity,omitempty" doc:"Identifier of a capacity of the directory that answers"`
}

// BudgetLine is a cost and who bears it, in whole francs.
type BudgetLine struct {
	Label   string `json:"label"`
	Amount  int64  `json:"amount" doc:"In the country's currency, without cents"`
	Funder  string `json:"funder,omitempty" doc:"Identifier of an institution, or a name; empty when it is to be found"`
	Secured bool   `json:"secured,omitempty"`
}

// Interruption is why an activity is suspended or abandoned.
type Interruption struct {
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	From   string    `json:"from" doc:"State that it interrupted"`
}

// Report is what became of the activity.
type Report struct {
	Reached      People    `json:"reached"`
	Spent        *int64    `json:"spent,omitempty" form:"spent" doc:"In the country's currency; absent when not known"`
	Summary      string    `json:"summary" form:"summary"`
	Difficulties string    `json:"difficulties,omitempty" form:"difficulties"`
	Lesson       string    `json:"lesson,omitempty" form:"lesson" doc:"What we would tell others"`
	At           time.Time `json:"at"`
	By           string    `json:"by" doc:"Person"`
	Reviews      []Review  `json:"reviews,omitempty" doc:"What the partners that signed say of it"`
}

// The greatest lengths of texts, in characters, and numbers of lines of a list.
const (
	maxShort = 300
	maxLong  = 10_000
	maxLines = 60
	maxMoney = 1_000_000_000_000
)

// signatories lists the lead and the partners that engage themselves, the lead first.
func (p Plan) signatories(lead string) []string {
	all := []string{lead}
	for _, partner := range p.Partners {
		if partner.Role.Signs() {
			all = append(all, partner.Structure)
		}
	}
	return all
}

// audience is who reads the activity besides whom the lead chose: the partners.
func (p Plan) audience(chosen access.Audience) access.Audience {
	all := slices.Clone(chosen)
	for _, partner := range p.Partners {
		all = append(all, access.Structure(partner.Structure))
	}
	return all
}

// role is what an institution does in the activity; empty for nothing.
func (p Plan) role(structure string) Role {
	i := slices.IndexFunc(p.Partners, func(o Partner) bool { return o.Structure == structure })
	if i < 0 {
		return ""
	}
	return p.Partners[i].Role
}

// Cost sums the budget, and what is secured of it.
func (p Plan) Cost() (total, secured int64) {
	for _, l := range p.Budget {
		total += l.Amount
		if l.Secured {
			secured += l.Amount
		}
	}
	return total, secured
}

// words is what search reads besides the title.
func (a Activity) words() string {
	all := []string{a.Purpose, a.Risks, a.Outside, a.Reference}
	for _, r := range a.Results {
		all = append(all, r.Text, r.Indicator)
	}
	for _, t := range a.Tasks {
		all = append(all, t.Title)
	}
	for _, l := range a.Budget {
		all = append(all, l.Label, l.Funder)
	}
	if a.Report != nil {
		all = append(all, a.Report.Summary, a.Report.Difficulties, a.Report.Lesson)
		for _, r := range a.Report.Reviews {
			all = append(all, r.Text)
		}
	}
	return strings.Join(all, "\n")
}

// check collects what is wrong with the plan of a lead, and puts dates in their one form.
// members are the institutions of the framework; before are the partners that the
// activity had already, who stay even when they have left since.
func (p *Plan) check(c *fault.Collect, pack *packs.Pack, lead string, members map[string]bool, before []Partner) {
	c.Need(p.Purpose != "", "purpose", "Dites à quoi sert l’activité.")
	limit(c, "purpose", p.Purpose, maxLong)
	_, known := packs.Lookup(pack.ActivityTypes, p.Type)
	c.Need(known, "type", "Choisissez un type d’activité de la liste.")
	c.Need(allKnown(pack.Publics, p.Publics), "publics", "Choisissez des publics de la liste.")
	p.Targeted.check(c, "women", "men")
	p.Period.check(c)
	checkPartners(c, p.Partners, lead, members, before)
	limit(c, "risks", p.Risks, maxLong)
	limit(c, "outside", p.Outside, maxLong)
	limit(c, "reference", p.Reference, maxShort)
	p.checkLists(c, pack, lead)
}

func allKnown(vocabulary []packs.Term, codes []string) bool {
	return !slices.ContainsFunc(codes, func(code string) bool {
		_, known := packs.Lookup(vocabulary, code)
		return !known
	})
}

func (p People) check(c *fault.Collect, women, men string) {
	for field, n := range map[string]*int{women: p.Women, men: p.Men} {
		c.Need(n == nil || *n >= 0 && *n <= 10_000_000, field, "Donnez un nombre entre 0 et dix millions.")
	}
}

func checkPartners(c *fault.Collect, all []Partner, lead string, members map[string]bool, before []Partner) {
	seen := map[string]bool{lead: true}
	for _, p := range all {
		stays := slices.ContainsFunc(before, func(b Partner) bool { return b.Structure == p.Structure })
		c.Need(members[p.Structure] || stays, "partners", "Choisissez des structures du cadre : l’une de celles-ci n’en est pas, ou l’a quitté.")
		c.Need(!seen[p.Structure], "partners", "Une structure n’a qu’un rôle, et le chef de file n’est pas son propre partenaire.")
		c.Need(slices.Contains(Roles, p.Role), "partners", "Choisissez un rôle de la liste.")
		seen[p.Structure] = true
	}
	c.Need(len(all) <= maxLines, "partners", "Soixante partenaires au plus.")
}

// checkLists checks the lists that stand under the identity of the activity.
func (p *Plan) checkLists(c *fault.Collect, pack *packs.Pack, lead string) {
	for _, r := range p.Results {
		c.Need(r.Text != "", "result", "Dites le résultat attendu.")
		for _, s := range []string{r.Text, r.Indicator, r.Baseline, r.Target, r.Reached} {
			limit(c, "result", s, maxShort)
		}
	}
	for i := range p.Tasks {
		p.Tasks[i].check(c, func(structure string) bool { return structure == lead || p.role(structure) != "" })
	}
	for field, all := range p.means() {
		for _, m := range all {
			_, known := packs.Lookup(pack.CapacityKinds, m.Kind)
			c.Need(known, field, "Choisissez une nature de moyen de la liste.")
			c.Need(m.Quantity >= 0 && m.Quantity <= 1_000_000, field, "Donnez un nombre entre 0 et un million.")
			limit(c, field, m.Note, maxShort)
		}
	}
	for _, l := range p.Budget {
		c.Need(l.Label != "", "line", "Dites ce que paie cette ligne.")
		c.Need(l.Amount > 0 && l.Amount <= maxMoney, "line_amount", "Donnez un montant entre 1 et mille milliards.")
		limit(c, "line", l.Label, maxShort)
		limit(c, "line_funder", l.Funder, maxShort)
	}
	for _, n := range []int{len(p.Results), len(p.Tasks), len(p.Needs), len(p.Offers), len(p.Budget)} {
		c.Need(n <= maxLines, "", "Soixante lignes au plus par liste.")
	}
}

func (t Task) check(c *fault.Collect, takesPart func(string) bool) {
	c.Need(t.Title != "", "task", "Dites ce qui est à faire.")
	limit(c, "task", t.Title, maxShort)
	c.Need(takesPart(t.Structure), "task_structure", "Confiez la tâche au chef de file ou à un partenaire.")
	c.Need(slices.Contains(TaskStates, t.State), "task_state", "Choisissez un état de la liste.")
}

func limit(c *fault.Collect, field, s string, most int) {
	c.Need(len([]rune(s)) <= most, field, "%d caractères au plus.", most)
}
