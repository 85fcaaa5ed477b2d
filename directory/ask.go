package directory

import (
	"cmp"
	"slices"

	"cadre/core/place"
	"cadre/core/theme"
)

// « À qui m’adresser ? »: whom to turn to, for a theme, a place and a need.
//
// An institution is competent when it has a mission on the theme, on a theme above it or
// below it, in a territory that holds the place or lies in it. Its rank is the sum of:
//
//   - its best mission: how close its theme is, what the institution does in it (the need
//     says which role is worth more), how local it is (a joint action is done with those who
//     are there; information comes from those who know the whole);
//   - its other missions that answer too, a little each;
//   - an antenna or a local committee there;
//   - the means that is asked for. What is known is of a subject: trainers, documents or a
//     laboratory count only from who is competent. A telephone number, vehicles or shelters
//     serve any subject: who has them is an answer of its own.
//
// Ties go by acronym, and among the missions of one institution to the one made known first. Nothing is learned, nothing depends on who asks: two people who see
// the same facts get the same answer. testdata/questions.json was written before.

// Need is what somebody wants of an institution.
type Need string

// The needs.
const (
	Information Need = "information"
	Joint       Need = "joint"
	Lend        Need = "means"
	Report      Need = "report"
)

// Needs in the order in which they are offered.
var Needs = []Need{Information, Joint, Lend, Report}

// Question is what somebody asks.
type Question struct {
	Theme string
	Place string // empty for the whole country
	Need  Need
	Means string // kind of capacity, when the need is means; may be empty
}

// claim is a fact by which an institution may be the answer.
type claim struct {
	id, kind, owner, theme, place, role, means string
}

// Answer is an institution that a question leads to, with the facts that say why.
type Answer struct {
	Owner   string // identifier
	Points  int
	Mission string   // identifier of its best mission; empty when it only has the means
	More    int      // its other missions that answer too
	Branch  string   // identifier of its antenna or committee there, or empty
	Lends   []string // identifiers of the means asked for
}

// The points. A theme counts more than all the rest: nobody competent on it comes after
// somebody who is near.
const (
	sameTheme  = 60 // the mission is on the very theme
	partTheme  = 45 // on a part of the theme asked
	widerTheme = 35 // on the theme above
	onlyThere  = 15 // taken off when it holds in a part of the place only
	another    = 1  // each further mission, five at most
	present    = 4  // an antenna or a committee there
	lent       = 90 // the means asked for
	nearer     = 2  // the means is in that very place
)

// worth is what a role in a mission counts for each need.
var worth = map[Need]map[string]int{
	Information: {leads: 12, "regulates": 10, "oversees": 8, "supports": 4},
	Joint:       {leads: 12, "supports": 8, "oversees": 6, "regulates": 6},
	Lend:        {leads: 12, "supports": 8, "oversees": 6, "regulates": 4},
	Report:      {leads: 12, "oversees": 12, "regulates": 10, "supports": 4},
}

// local is what a mission counts more for each level below the country.
var local = map[Need]int{Information: 2, Joint: 10, Lend: 4, Report: 3}

// ofSubject are the kinds of capacity that serve a subject only.
var ofSubject = []string{"trainers", "expertise", "laboratory", "documentation", "technical", "network"}

// rank orders the institutions that a question leads to, the best first; name is what ties are ordered by.
func rank(q Question, claims []claim, themes *theme.Tree, places *place.Tree, name func(string) string) []Answer {
	found := map[string]*Answer{}
	best := map[string]int{}
	of := func(owner string) *Answer {
		if found[owner] == nil {
			found[owner] = &Answer{Owner: owner}
		}
		return found[owner]
	}
	for _, c := range claims {
		n := missionPoints(q, c, themes, places)
		if n == 0 {
			continue
		}
		a := of(c.owner)
		if a.Mission != "" {
			a.More++
		}
		if n > best[c.owner] || n == best[c.owner] && c.id < a.Mission {
			best[c.owner], a.Mission = n, c.id
		}
	}
	for _, c := range claims {
		if lends(q, c, places) && (found[c.owner] != nil || !slices.Contains(ofSubject, c.means)) {
			a := of(c.owner)
			if len(a.Lends) == 0 {
				a.Points += lent
			}
			if c.place == q.Place {
				a.Points += nearer
			}
			a.Lends = append(a.Lends, c.id)
		}
	}
	for _, c := range claims {
		if a := found[c.owner]; a != nil && a.Branch == "" && there(q, c, places) {
			a.Branch = c.id
			a.Points += present
		}
	}
	var all []Answer
	for owner, a := range found {
		a.Points += best[owner] + min(a.More, 5)*another
		all = append(all, *a)
	}
	slices.SortFunc(all, func(a, b Answer) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(name(a.Owner), name(b.Owner)), cmp.Compare(a.Owner, b.Owner))
	})
	return all
}

// missionPoints is what a mission counts for a question; 0 when it does not answer it.
func missionPoints(q Question, c claim, themes *theme.Tree, places *place.Tree) int {
	if c.kind != missionKind {
		return 0
	}
	points := 0
	switch {
	case c.theme == q.Theme:
		points = sameTheme
	case themes.Covers(c.theme, q.Theme):
		points = widerTheme
	case themes.Covers(q.Theme, c.theme):
		points = partTheme
	default:
		return 0
	}
	switch {
	case places.Within(q.Place, c.place):
		points += local[q.Need] * below(places, c.place)
	case places.Within(c.place, q.Place):
		points -= onlyThere
	default:
		return 0
	}
	return points + worth[q.Need][c.role]
}

// below is how many levels a territory stands below the country.
func below(places *place.Tree, code string) int {
	n := 0
	for ; places.Parent(code) != ""; code = places.Parent(code) {
		n++
	}
	return n
}

// lends reports whether a claim is a means that the question asks for, which can be had there.
func lends(q Question, c claim, places *place.Tree) bool {
	return q.Need == Lend && q.Means != "" && c.means == q.Means && (places.Within(q.Place, c.place) || places.Within(c.place, q.Place))
}

// there reports whether a claim is an antenna or a local committee for the place.
func there(q Question, c claim, places *place.Tree) bool {
	return c.kind == branchKind && c.place != places.Country() && q.Place != places.Country() &&
		(places.Within(q.Place, c.place) || places.Within(c.place, q.Place))
}

// competent reports whether somebody has a mission that answers a question, or the means.
func competent(q Question, claims []claim, themes *theme.Tree, places *place.Tree) bool {
	return slices.ContainsFunc(claims, func(c claim) bool {
		return missionPoints(q, c, themes, places) > 0 || lends(q, c, places) && !slices.Contains(ofSubject, c.means)
	})
}
