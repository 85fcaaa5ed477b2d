package synergy

import (
	"slices"
	"time"

	"cadre/core/access"
	"cadre/kit/form"
)

// Planned is an activity as synergy reads it. Its source returns only what the viewer may see.
type Planned struct {
	ID        string // of the record; empty for a draft that is not saved
	Number    string // official number
	Title     string
	Href      string
	Lead      string   // identifier of the institution; of who took it over, if it was merged
	Owner     string   // of the record, even when it was merged
	Partners  []string // identifiers of the other institutions that take part
	Type      string   // code of the country pack
	Themes    []string // codes
	Places    []string // codes
	Publics   []string // codes
	From, To  form.Date
	Precision string // how exactly the period is known: day, month or quarter
	Needs     []Mean
	Offers    []Mean
	Funders   []string
	State     string
	Marking   access.Marking
	Updated   time.Time
}

// Mean is something that is asked or offered.
type Mean struct {
	Kind     string // code of the country pack's kinds of capacity
	Quantity int    // 0 when not stated
	Place    string // code of a territory; empty for where the activity is
	Capacity string // identifier of the one that is named for it; empty for none
}

// Capacity is something that an institution can lend, as the directory says.
type Capacity struct {
	ID, Title, Href string
	Owner           string // identifier of the institution
	Kind            string
	Quantity        int
	Places          []string
}

// Mandate is that an institution has to act on a theme in a territory.
type Mandate struct {
	ID, Title, Href string
	Owner           string // identifier of the institution
	Theme, Place    string
	Role            string // code of the country pack: leads, supports, regulates, oversees
}

// Window is what may touch an activity: a period, territories and themes.
type Window struct {
	From, To form.Date
	Places   []string // with those above and below
	Themes   []string // with those of the same first level; empty for any
}

// takesPart reports whether an institution leads the activity or takes part in it.
func (p Planned) takesPart(structure string) bool {
	if p.Lead == structure {
		return true
	}
	for _, s := range p.Partners {
		if s == structure {
			return true
		}
	}
	return false
}

// names reports whether the activity asks for a capacity by name.
func (p Planned) names(capacity string) bool {
	return slices.ContainsFunc(p.Needs, func(n Mean) bool { return n.Capacity == capacity })
}

// together reports whether the two already share an institution: one of them takes part in the other's.
func together(a, b Planned) bool { return a.takesPart(b.Lead) || b.takesPart(a.Lead) }

// day is the number of a day since 1970.
func day(d form.Date) int { return int(d.In(time.UTC).Unix() / 86_400) }

// common is how many days two periods share; when none, between is how many lie between them.
func common(a, b Planned) (shared, between int) {
	from, to := max(day(a.From), day(b.From)), min(day(a.To), day(b.To))
	if from <= to {
		return to - from + 1, 0
	}
	return 0, from - to - 1
}
