package activity

import (
	"net/url"
	"slices"

	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
)

// row is what a row of an annual plan says of the lists of an activity: the first of its
// results, and its budget as one line.
type row struct {
	Result    string `form:"result"`
	Indicator string `form:"indicator"`
	Baseline  string `form:"baseline"`
	Target    string `form:"target"`
	cost
}

// cost is a budget in one line.
type cost struct {
	Amount  int64  `form:"line_amount"`
	Funder  string `form:"line_funder"`
	Secured bool   `form:"line_secured"`
}

// planned names the only line of a budget that a row of a plan has given.
const planned = "Coût prévu"

// values are an activity as a row of the table says it.
func (t *taking) values(in Input) url.Values {
	values, r := in.said(), row{cost: costOf(in.Budget)}
	r.Funder = t.named(r.Funder)
	if len(in.Results) > 0 {
		first := in.Results[0]
		r.Result, r.Indicator, r.Baseline, r.Target = first.Text, first.Indicator, first.Baseline, first.Target
	}
	for name, said := range form.Unbind(r) {
		values[name] = said
	}
	if r.Amount == 0 {
		values.Del("line_amount")
	}
	for _, p := range in.Partners {
		values.Add(string(p.Role), p.Structure)
	}
	return values
}

// lists reads the lists that a row says, over those that the activity has.
func (t *taking) lists(values url.Values, saved Plan, in *Input, wrong *fault.Collect) {
	var r row
	wrong.Add(form.Bind(values, &r))
	r.Funder = t.bearer(r.Funder)
	in.Results = r.results(saved.Results)
	in.Budget = r.budget(saved.Budget, wrong)
	in.Partners = rolesOf(values, saved.Partners)
}

// results changes the first of the results; nothing said takes it away.
func (r row) results(saved []Result) []Result {
	var first Result
	if len(saved) > 0 {
		first, saved = saved[0], saved[1:]
	}
	first.Text, first.Indicator, first.Baseline, first.Target = r.Result, r.Indicator, r.Baseline, r.Target
	if r.Result+r.Indicator+r.Baseline+r.Target == "" {
		return saved
	}
	return append([]Result{first}, saved...)
}

// costOf is a budget as one line: its total, who bears it when that is one, and whether all of it is secured.
func costOf(lines []BudgetLine) cost {
	var c cost
	for i, l := range lines {
		if i == 0 {
			c = cost{Funder: l.Funder, Secured: true}
		}
		c.Amount += l.Amount
		c.Secured = c.Secured && l.Secured
		if c.Funder != l.Funder {
			c.Funder = ""
		}
	}
	return c
}

// budget is the one line that a row says. Lines that were written on the page of the activity
// stay as long as the row says their sum; it cannot change them.
func (c cost) budget(saved []BudgetLine, wrong *fault.Collect) []BudgetLine {
	switch {
	case c == costOf(saved):
		return saved
	case len(saved) > 1:
		wrong.Need(false, "line_amount", "Le budget de cette activité est détaillé en %d lignes sur sa fiche : modifiez-le là.", len(saved))
		return saved
	case c == cost{}:
		return nil
	}
	line := BudgetLine{Label: planned, Amount: c.Amount, Funder: c.Funder, Secured: c.Secured}
	if len(saved) == 1 {
		line.Label = saved[0].Label
	}
	return []BudgetLine{line}
}

// named is the funder of a line by the short name of its institution; bearer is the other way round.
func (t *taking) named(funder string) string {
	if i := slices.IndexFunc(t.order, func(s Structure) bool { return s.ID == funder }); i >= 0 {
		return t.order[i].Acronym
	}
	return funder
}

func (t *taking) bearer(typed string) string {
	if i := slices.IndexFunc(t.order, func(s Structure) bool { return text.Fold(s.Acronym) == text.Fold(typed) }); i >= 0 {
		return t.order[i].ID
	}
	return typed
}

// rolesOf reads who does what. Partners whose role stays keep their order, which is part of the terms.
func rolesOf(values url.Values, saved []Partner) []Partner {
	var said []Partner
	for _, role := range Roles {
		for _, structure := range values[string(role)] {
			said = append(said, Partner{structure, role})
		}
	}
	all := slices.DeleteFunc(slices.Clone(saved), func(p Partner) bool { return !slices.Contains(said, p) })
	for _, p := range said {
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}
