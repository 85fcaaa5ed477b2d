package demo

import "slices"

// Call is an invented need of an institution, or a call of the secretariat. Its days are counted
// from the day on which the demonstration is founded.
type Call struct {
	Structure     string    `json:"structure"`   // slug
	Secretariat   bool      `json:"secretariat"` // the secretariat calls
	Title         string    `json:"title"`
	Why           string    `json:"why"`
	Theme         string    `json:"theme"`
	Place         string    `json:"place"` // territory code
	FromInDays    int       `json:"from_in_days"`
	ToInDays      int       `json:"to_in_days"` // 0 when no time is said
	AskedDaysAgo  int       `json:"asked_days_ago"`
	Refusals      []Refusal `json:"refusals"`
	AnsweredBy    string    `json:"answered_by"` // title of an activity, empty for none
	Closed        string    `json:"closed"`      // why it was closed, empty while it is open
	ClosedDaysAgo int       `json:"closed_days_ago"`
	Spread
}

// Refusal is that an institution will not answer a call.
type Refusal struct {
	Structure string `json:"structure"` // slug
	Reason    string `json:"reason"`
	DaysAgo   int    `json:"days_ago"`
}

// By is the address of who asks.
func (x Call) By() string {
	if x.Secretariat {
		return "secretariat@" + x.Structure + ".example"
	}
	return Focal(x.Structure)
}

// call checks what a call says against the pack.
func (c *checker) call(x Call, all []Activity) {
	at := x.Title
	c.owner(at, x.Structure)
	c.spread(at, x.Structure, x.Spread)
	c.territory(at, x.Place)
	_, ok := c.pack.Theme(x.Theme)
	c.known(at, "theme", ok, x.Theme)
	c.known(at, "person", slices.ContainsFunc(c.people, func(p Person) bool { return p.Email == x.By() }), x.By())
	c.known(at, "activity", x.AnsweredBy == "" || slices.ContainsFunc(all, func(a Activity) bool { return a.Title == x.AnsweredBy }), x.AnsweredBy)
	for _, r := range x.Refusals {
		c.owner(at, r.Structure)
		if r.DaysAgo > x.AskedDaysAgo {
			c.fault(at, "it was refused before it was asked")
		}
	}
	if x.Closed != "" && x.ClosedDaysAgo > x.AskedDaysAgo || x.ToInDays < x.FromInDays {
		c.fault(at, "it ends before it begins")
	}
}
