package activity

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
)

// voice says an activity in words: it knows the names of those whom the activity names by identifier.
type voice struct {
	Room   *Module
	Names  map[string]string   // acronyms of institutions
	People map[string]string   // names of people
	Lent   map[string]Lendable // capacities of the directory that the activity names, by identifier
}

// Fields lists the content of a version of an activity in words, for the comparison of versions.
func (m *Module) Fields(ctx context.Context, tx *db.Tx, content json.RawMessage) ([]record.Field, error) {
	var a Activity
	if err := json.Unmarshal(content, &a); err != nil {
		return nil, fmt.Errorf("content of an activity: %w", err)
	}
	o := voice{Room: m}
	var err error
	if _, o.Names, err = m.acronyms(ctx, tx); err != nil {
		return nil, err
	}
	if o.People, err = m.People.Names(ctx, tx, a.named()); err != nil {
		return nil, err
	}
	o.Lent, err = m.lendable(ctx, tx, access.Of(ctx), Lending{IDs: a.capacities()})
	return o.fields(ctx, a), err
}

func (p voice) fields(ctx context.Context, a Activity) []record.Field {
	t := a.terms(nil)
	all := []record.Field{{Name: "purpose", Text: a.Purpose}, {Name: "type", Text: term(ctx, p.Room.Pack.ActivityTypes, a.Type)},
		{Name: "publics", Text: p.publics(ctx, a.Publics)}, {Name: "targeted", Text: peopleWords(ctx, a.Targeted)},
		{Name: "period", Text: a.Period.Words(ctx)}, {Name: "partners", Text: p.termWords(ctx, t, ofPartners)}, {Name: "sign_by", Text: p.day(ctx, a.SignBy)},
		{Name: "results", Text: p.results(ctx, a.Results)}, {Name: "tasks", Text: p.tasks(ctx, a.Tasks)},
		{Name: "needs", Text: p.allMeans(ctx, a.Needs, true)}, {Name: "offers", Text: p.allMeans(ctx, a.Offers, false)},
		{Name: "budget", Text: p.termWords(ctx, t, ofBudget)}, {Name: "risks", Text: a.Risks}, {Name: "outside", Text: a.Outside}, {Name: "reference", Text: a.Reference},
		{Name: "signatures", Text: each(a.Signatures, func(s Signature) []string { return p.position(ctx, s) })},
		{Name: "proposals", Text: each(a.Proposals, func(o Proposal) []string {
			return []string{p.Names[o.Structure], o.Why, text.T(ctx, proposalNames[o.State]), o.Answer}
		})}}
	if r := a.Report; r != nil {
		all = append(all, record.Field{Name: "report", Text: each(append([]string{peopleWords(ctx, r.Reached), p.spent(ctx, r), r.Summary, r.Difficulties, r.Lesson}, p.reviews(ctx, r)...), func(s string) []string { return []string{s} })})
	}
	if i := a.Interruption; i != nil {
		all = append(all, record.Field{Name: "interruption", Text: dashed(p.instant(ctx, i.At), i.Reason)})
	}
	return all
}

// signatures say what each signatory has answered, without its people: « PURS – Signée avec réserve – … ».
func (p voice) signatures(ctx context.Context, a Activity) string {
	return each(a.Signatures, func(s Signature) []string {
		return []string{p.Names[s.Structure], text.T(ctx, verdictNames[s.Verdict]), s.Text}
	})
}

// reviews say what the partners think of a report.
func (p voice) reviews(ctx context.Context, r *Report) []string {
	if r == nil {
		return nil
	}
	var all []string
	for _, x := range r.Reviews {
		all = append(all, dashed(p.Names[x.Structure], text.T(ctx, judgementNames[x.Judgement]), x.Text))
	}
	return all
}

// results says what is expected, and how far it went: « Élèves informés – élèves touchés – départ 0 – cible 420 – atteint 390 ».
func (p voice) results(ctx context.Context, all []Result) string {
	measure := func(label, n string) string {
		if n == "" {
			return ""
		}
		return label + " " + n
	}
	return each(all, func(r Result) []string {
		return []string{r.Text, r.Indicator, measure(text.T(ctx, "départ"), r.Baseline), measure(text.T(ctx, "cible"), r.Target), measure(text.T(ctx, "atteint"), r.Reached)}
	})
}

func (p voice) tasks(ctx context.Context, all []Task) string {
	return each(all, func(t Task) []string {
		return []string{t.Title, p.Names[t.Structure], p.day(ctx, t.Due), text.T(ctx, taskNames[t.State])}
	})
}

func (p voice) allMeans(ctx context.Context, all []Means, asked bool) string {
	return each(all, func(n Means) []string { return []string{p.means(ctx, n), n.Note, p.lent(ctx, n, asked)} })
}

// each says every line of a list, its parts dashed; what has no words is left out.
func each[T any](all []T, parts func(T) []string) string {
	var lines []string
	for _, x := range all {
		if line := dashed(parts(x)...); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func dashed(parts ...string) string {
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, " – ")
}

func (p voice) position(ctx context.Context, s Signature) []string {
	all := []string{p.Names[s.Structure], text.T(ctx, verdictNames[s.Verdict])}
	if s.Person == "" {
		return all
	}
	return append(all, p.People[s.Person], p.instant(ctx, s.At), text.T(ctx, "version %d", s.Version), s.Text)
}

// means says what is asked or offered: « 2 × Véhicule, Dapaong ».
func (p voice) means(ctx context.Context, m Means) string {
	words := term(ctx, p.Room.Pack.CapacityKinds, m.Kind)
	if m.Quantity > 0 {
		words = text.Number(ctx, m.Quantity) + " × " + words
	}
	if m.Place != "" {
		words += ", " + p.Room.Places.Name(ctx, m.Place)
	}
	return words
}

func (p voice) publics(ctx context.Context, codes []string) string {
	var all []string
	for _, code := range codes {
		all = append(all, term(ctx, p.Room.Pack.Publics, code))
	}
	return text.List(ctx, all)
}

func (p voice) spent(ctx context.Context, r *Report) string {
	if r.Spent == nil {
		return ""
	}
	return text.Money(ctx, *r.Spent)
}

func (p voice) day(ctx context.Context, d form.Date) string {
	if d.IsZero() {
		return ""
	}
	return text.Date(ctx, d.In(p.Room.Zone))
}

func (p voice) instant(ctx context.Context, at time.Time) string {
	return text.Date(ctx, at.In(p.Room.Zone))
}

func secured(ctx context.Context, yes bool) string {
	if yes {
		return text.T(ctx, "Acquis")
	}
	return text.T(ctx, "Recherché")
}

// funder names who bears a line of the budget.
func (p voice) funder(ctx context.Context, l BudgetLine) string {
	switch {
	case l.Funder == "":
		return text.T(ctx, "À rechercher")
	case p.outside(l):
		return l.Funder
	}
	return p.Names[l.Funder]
}

// outside reports whether a line of the budget is borne by somebody who is no institution of the framework.
func (p voice) outside(l BudgetLine) bool { return l.Funder != "" && p.Names[l.Funder] == "" }

func (p voice) termWords(ctx context.Context, t Terms, name string) string {
	var lines []string
	switch name {
	case ofPurpose:
		return t.Purpose
	case ofPeriod:
		return t.Period.Words(ctx)
	case ofPlaces:
		for _, code := range t.Places {
			lines = append(lines, p.Room.Places.Path(ctx, code))
		}
	case ofBudget:
		for _, l := range t.Budget {
			lines = append(lines, dashed(l.Label, text.Money(ctx, l.Amount), p.funder(ctx, l), secured(ctx, l.Secured)))
		}
	case ofPartners:
		for _, o := range t.Partners {
			lines = append(lines, p.Names[o.Structure]+" – "+roleName(ctx, o.Role))
		}
	}
	return strings.Join(lines, "\n")
}

// peopleWords says how many people were counted: « 120 (70 femmes, 50 hommes) », or « 70 femmes » when only they were.
func peopleWords(ctx context.Context, p People) string {
	if !p.Known() {
		return ""
	}
	var parts []string
	if p.Women != nil {
		parts = append(parts, text.N(ctx, *p.Women, "%s femme", "%s femmes", text.Number(ctx, *p.Women)))
	}
	if p.Men != nil {
		parts = append(parts, text.N(ctx, *p.Men, "%s homme", "%s hommes", text.Number(ctx, *p.Men)))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return text.T(ctx, "%s (%s)", text.Number(ctx, p.Total()), strings.Join(parts, ", "))
}
