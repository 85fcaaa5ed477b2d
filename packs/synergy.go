package packs

import (
	"maps"
	"slices"
)

// Synergy is how two planned activities are compared: the points of each thing that
// they may have in common, and from how many points on somebody is told. The formula
// that adds them up is in the room synergy; docs/synergy.md explains it.
type Synergy struct {
	Overlap    Overlap             `json:"overlap"`
	Complement Complement          `json:"complement"`
	Local      []string            `json:"local"`          // levels of territory that one visits: préfectures and what lies in them
	NearbyKM   float64             `json:"nearby_km"`      // two local territories this close are neighbours
	Related    [][]string          `json:"related_themes"` // groups of themes of the first level that touch each other
	Kin        [][]string          `json:"kin_types"`      // groups of types of activity that do much the same
	Kindred    [][]string          `json:"kin_publics"`    // groups of publics that are often the same people
	Sequences  map[string][]string `json:"sequences"`      // type of activity → those that it prepares
	Meetings   []string            `json:"meetings"`       // types at which people sit together: two cannot be at once
	Learn      Learn               `json:"learn"`
	Gap        GapWeights          `json:"gap"`
}

// Overlap is the points of a duplication: 100 at most in all.
type Overlap struct {
	Threshold int            `json:"threshold"` // from here on it is shown
	Strong    int            `json:"strong"`    // from here on it is shown to everybody, whatever they set aside before
	Same      map[string]int `json:"same"`      // the same territory, by its level
	Inside    map[string]int `json:"inside"`    // one lies in the other, by the level of the wider
	Beside    int            `json:"beside"`    // two of one préfecture
	Nearby    int            `json:"nearby"`    // two préfectures that are neighbours
	Period    Period         `json:"period"`
	Theme     Grades         `json:"theme"`
	Public    Alike          `json:"public"`
	Type      Alike          `json:"type"`
}

// Period is the points of two periods.
type Period struct {
	Shared    int            `json:"shared"`    // they have a day in common
	PerDay    int            `json:"per_day"`   // and for each such day after the first
	Most      int            `json:"most"`      // in all
	Near      int            `json:"near"`      // one begins right after the other; less with each day between
	NearDays  int            `json:"near_days"` // none from here on
	Precision map[string]int `json:"precision"` // percent of the points that count when a period is known to the day, month, quarter
}

// Grades is the points of what is the same, of what is one under the other, of what
// stands beside, and of what touches.
type Grades struct {
	Same    int `json:"same"`
	Inside  int `json:"inside"`
	Sibling int `json:"sibling"`
	Related int `json:"related"`
}

// Alike is the points of what is the same, and of two of one group.
type Alike struct {
	Same int `json:"same"`
	Kin  int `json:"kin"`
}

// Complement is the points of what two activities bring each other.
type Complement struct {
	Threshold    int `json:"threshold"`
	Means        int `json:"means"`         // one offers what the other asks, in the same place
	MeansNearby  int `json:"means_nearby"`  // in a neighbouring place, or in the same region
	MeansAway    int `json:"means_away"`    // elsewhere, or it is not said where
	Sequence     int `json:"sequence"`      // one prepares the other, in the same place
	Follow       int `json:"follow"`        // one comes after the other there, neither preparing it
	SequenceDays int `json:"sequence_days"` // at most so many days between
	Alongside    int `json:"alongside"`     // both at once in the same place on the same subject
	Mandate      int `json:"mandate"`       // the subject of one is the mandate of the other's lead alone
	MandateDays  int `json:"mandate_days"`  // at most so many days between
	Funder       int `json:"funder"`
	Place        int `json:"place"`    // besides, in the same place
	Theme        int `json:"theme"`    // besides, in the same field
	Touching     int `json:"touching"` // besides, in fields that touch
	Public       int `json:"public"`   // besides, for the same public
}

// Learn is how what an institution sets aside raises its own threshold.
type Learn struct {
	Step int `json:"step"` // points for each overlap that it found unfounded, less those that it acted on
	Most int `json:"most"` // points in all
	Days int `json:"days"` // for so many days
}

// GapWeights is what makes the lack of an activity a gap.
type GapWeights struct {
	Need      int `json:"need"`      // an institution has declared a need there
	Local     int `json:"local"`     // a mandate for the place or its region
	National  int `json:"national"`  // a mandate for the whole country
	Threshold int `json:"threshold"` // from here on it is a gap
}

// synergy checks that the weights can only say more of what has more in common.
func (c *checker) synergy() {
	const at = "synergy.json"
	s := c.pack.Synergy
	c.rising(at+": learn", 0, s.Learn.Step, s.Learn.Most, s.Overlap.Strong-s.Overlap.Threshold)
	c.rising(at+": overlap", 1, s.Overlap.Threshold, s.Overlap.Strong, s.Overlap.most())
	c.rising(at+": overlap: most", s.Overlap.most(), 100)
	c.rising(at+": period", 0, s.Overlap.Period.Near, s.Overlap.Period.Shared, s.Overlap.Period.Most)
	g := s.Overlap.Theme
	c.rising(at+": theme", 0, g.Related, g.Sibling, g.Inside, g.Same)
	c.rising(at+": public", 0, s.Overlap.Public.Kin, s.Overlap.Public.Same)
	c.rising(at+": type", 0, s.Overlap.Type.Kin, s.Overlap.Type.Same)
	c.rising(at+": means", 0, s.Complement.MeansAway, s.Complement.MeansNearby, s.Complement.Means)
	c.rising(at+": sequence", 0, s.Complement.Follow, s.Complement.Sequence)
	c.rising(at+": fields", 0, s.Complement.Touching, s.Complement.Theme)
	c.rising(at+": gap", 0, s.Gap.National, s.Gap.Local, s.Gap.Need)
	c.levels(at, s)
	c.groups(at, s)
}

// most is how many points an overlap can have.
func (o Overlap) most() int {
	return slices.Max(append(slices.Collect(maps.Values(o.Same)), 0)) + o.Period.Most + o.Theme.Same + o.Public.Same + o.Type.Same
}

// rising checks that numbers never fall from the first to the last.
func (c *checker) rising(at string, numbers ...int) {
	if !slices.IsSorted(numbers) {
		c.fault(at, "%v should not fall", numbers)
	}
}

// levels checks that a territory counts for more the narrower it is, and the same
// territory for at least as much as one inside the other.
func (c *checker) levels(at string, s Synergy) {
	inside, same := []int{0}, []int{0}
	for _, l := range c.pack.Settings.Levels {
		inside, same = append(inside, s.Overlap.Inside[l.Code]), append(same, s.Overlap.Same[l.Code])
		c.rising(at+": "+l.Code, s.Overlap.Inside[l.Code], s.Overlap.Same[l.Code])
	}
	for level := range maps.Keys(s.Overlap.Inside) {
		c.term(at, "level", c.pack.Settings.Levels, level)
	}
	c.rising(at+": inside, from the widest level", inside...)
	c.rising(at+": same, from the widest level", same...)
	for _, level := range s.Local {
		c.term(at, "level", c.pack.Settings.Levels, level)
		c.rising(at+": beside", s.Overlap.Nearby, s.Overlap.Beside, s.Overlap.Same[level])
	}
	for _, p := range []string{"day", "month", "quarter"} {
		if n, ok := s.Overlap.Period.Precision[p]; !ok || n < 0 || n > 100 {
			c.fault(at, "precision %s is no percentage", p)
		}
	}
}

// groups checks the codes that the weights name.
func (c *checker) groups(at string, s Synergy) {
	for _, code := range slices.Concat(s.Related...) {
		c.theme(at+": related_themes", code)
	}
	types := slices.Concat(slices.Concat(s.Kin, slices.Collect(maps.Values(s.Sequences)), [][]string{s.Meetings})...)
	for _, code := range slices.AppendSeq(types, maps.Keys(s.Sequences)) {
		c.term(at, "type of activity", c.pack.ActivityTypes, code)
	}
	for _, code := range slices.Concat(s.Kindred...) {
		c.term(at, "public", c.pack.Publics, code)
	}
}
