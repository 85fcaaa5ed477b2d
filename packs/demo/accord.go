package demo

import "slices"

// Accord is an invented protocol or convention between institutions. Its days are counted from the
// day on which the demonstration is founded.
type Accord struct {
	Structure      string   `json:"structure"` // slug of the one that wrote it
	Sort           string   `json:"sort"`
	Title          string   `json:"title"`
	Object         string   `json:"object"`
	Parties        []string `json:"parties"` // slugs of the others
	Outside        string   `json:"outside"`
	WrittenDaysAgo int      `json:"written_days_ago"`
	SignedDaysAgo  int      `json:"signed_days_ago"` // it begins on that day
	UntilInDays    int      `json:"until_in_days"`   // 0 when it has no end
	Tacit          bool     `json:"tacit"`
	Clauses        []Clause `json:"clauses"`
	ExecutedBy     string   `json:"executed_by"` // title of an activity of the same institution, empty for none
	Spread
}

// Clause is what a party of an accord owes.
type Clause struct {
	Text         string `json:"text"`
	Structure    string `json:"structure"`   // slug
	DueInDays    int    `json:"due_in_days"` // 0 for no day
	State        string `json:"state"`       // empty while it is to be done
	Note         string `json:"note"`
	MovedDaysAgo int    `json:"moved_days_ago"`
}

// accord checks what an accord says against the pack.
func (c *checker) accord(x Accord, all []Activity) {
	at := x.Title
	c.owner(at, x.Structure)
	c.spread(at, x.Structure, x.Spread)
	c.known(at, "sort", slices.Contains([]string{"protocol", "convention"}, x.Sort), x.Sort)
	c.known(at, "activity", x.ExecutedBy == "" || slices.ContainsFunc(all, func(a Activity) bool { return a.Title == x.ExecutedBy && a.Structure == x.Structure }), x.ExecutedBy)
	for _, slug := range x.Parties {
		c.owner(at, slug)
	}
	if x.SignedDaysAgo > x.WrittenDaysAgo || x.UntilInDays != 0 && x.UntilInDays <= -x.SignedDaysAgo {
		c.fault(at, "it is signed before it is written, or ends before it begins")
	}
	for _, clause := range x.Clauses {
		c.known(at, "party", slices.Contains(append(slices.Clone(x.Parties), x.Structure), clause.Structure), clause.Structure)
		c.known(at, "state", slices.Contains([]string{"", "doing", "kept", "dropped"}, clause.State), clause.State)
		if clause.MovedDaysAgo > x.SignedDaysAgo {
			c.fault(at, "a clause is moved before it is signed")
		}
	}
}
