package activity

import (
	"context"
	"maps"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/id"
)

// Input is what the people of the lead say of an activity.
type Input struct {
	Title  string   `json:"title" form:"title"`
	Themes []string `json:"themes" form:"themes" doc:"Codes of themes, one at least"`
	Places []string `json:"places" form:"places" doc:"Codes of territories, one at least"`
	circle.Choice
	Plan
	Localities string `json:"-" form:"localities"` // names of communes and cantons inside the places, in a form
}

// Found is an activity that was found: its record and its content.
type Found struct {
	record.Record
	Activity
}

// CurrentTerms are those in force.
func (f Found) CurrentTerms() Terms { return f.Plan.terms(f.Places) }

// Terms is the digest of the terms in force as they touch an institution: it goes with its signature.
func (f Found) Terms(structure string) string { return f.CurrentTerms().Digest(structure, f.Owner) }

// Find reads an activity that the viewer may see.
func (m *Module) Find(ctx context.Context, v access.Viewer, recordID string) (Found, error) {
	var f Found
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = find(ctx, tx, v, recordID)
		return err
	})
	return f, err
}

func find(ctx context.Context, tx *db.Tx, v access.Viewer, recordID string) (Found, error) {
	r, err := record.Find(ctx, tx, v, recordID, Kind)
	if err != nil {
		return Found{}, err
	}
	a, err := record.Decode[Activity](r)
	return Found{r, a}, err
}

// check collects what is wrong with what was typed about an activity of a lead.
func (m *Module) check(ctx context.Context, tx *db.Tx, in *Input, owner string, before Plan) error {
	members, err := m.members(ctx, tx)
	if err != nil {
		return err
	}
	var c fault.Collect
	m.judge(ctx, &c, in, owner, members, before)
	return c.Fault()
}

// judge is check where the members of the framework are known. It puts in their one form
// what may be said in several.
func (m *Module) judge(ctx context.Context, c *fault.Collect, in *Input, owner string, members map[string]bool, before Plan) {
	m.locate(ctx, in, c)
	in.Themes, in.Places = sorted(in.Themes), sorted(in.Places)
	record.CheckTitle(c, &in.Title)
	c.Need(len(in.Themes) > 0 && !slices.ContainsFunc(in.Themes, func(code string) bool { return !m.Themes.Valid(code) }), "themes", "Choisissez au moins un thème, dans la liste.")
	c.Need(len(in.Places) > 0 && !slices.ContainsFunc(in.Places, func(code string) bool { return m.Places.Now(code) == "" }), "places", "Choisissez au moins un lieu, dans la liste.")
	c.Need(len(in.Themes) <= maxLines && len(in.Places) <= maxLines, "themes", "Soixante thèmes et soixante lieux au plus.")
	for list, all := range in.means() {
		c.Need(!slices.ContainsFunc(all, func(n Means) bool { return n.Place != "" && m.Places.Now(n.Place) == "" }), list, "Choisissez un lieu de la liste.")
	}
	in.Plan.number(before.Tasks)
	in.Plan.check(c, m.Pack, owner, members, before.Partners)
	c.Need(in.SignBy == before.SignBy || !m.past(in.SignBy), "sign_by", "Ce jour est passé. Choisissez un jour à venir, ou laissez vide.")
}

// past reports whether a day has gone by; no day has not.
func (m *Module) past(day form.Date) bool {
	return !day.IsZero() && day.Compare(form.DateOf(m.Clock.Now().In(m.Zone))) < 0
}

// sorted is the list in its order, each once.
func sorted(codes []string) []string { return slices.Compact(slices.Sorted(slices.Values(codes))) }

// members are the institutions of the framework.
func (m *Module) members(ctx context.Context, tx *db.Tx) (map[string]bool, error) {
	all, err := m.People.Structures(ctx, tx)
	members := map[string]bool{}
	for _, s := range account.Living(all) {
		members[s.ID] = true
	}
	return members, err
}

// locate adds the communes and cantons that were named to the places, in the stead of the wider ones that hold them.
func (m *Module) locate(ctx context.Context, in *Input, c *fault.Collect) {
	wide := slices.Clone(in.Places)
	for _, name := range strings.FieldsFunc(in.Localities, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		found := map[string]string{} // path → code
		for _, place := range wide {
			for _, code := range m.Places.Named(place, name) {
				found[m.Places.Path(ctx, code)] = code
			}
		}
		c.Need(len(found) > 0, "localities", "Aucune commune et aucun canton de ces lieux ne porte le nom « %s ».", name)
		c.Need(len(found) < 2, "localities", "Plusieurs lieux portent le nom « %s » : %s. Choisissez une préfecture plus précise.", name, strings.Join(slices.Sorted(maps.Keys(found)), " ; "))
		if len(found) == 1 {
			code := found[slices.Collect(maps.Keys(found))[0]]
			in.Places = append(slices.DeleteFunc(slices.Clone(in.Places), func(w string) bool { return w != code && m.Places.Within(code, w) }), code)
		}
	}
}

// number gives each new task its identifier and its first state: an identifier names one task of the activity, once.
func (p *Plan) number(before []Task) {
	known := map[string]bool{}
	for _, t := range before {
		known[t.ID] = true
	}
	p.Tasks = slices.Clone(p.Tasks)
	for i := range p.Tasks {
		if !known[p.Tasks[i].ID] {
			p.Tasks[i].ID = id.New()
		}
		delete(known, p.Tasks[i].ID)
		if p.Tasks[i].State == "" {
			p.Tasks[i].State = Open
		}
	}
}

// Draft writes down an idea of the viewer's institution; it serves the records that are named by identifiers.
func (m *Module) Draft(ctx context.Context, v access.Viewer, in Input, serves ...string) (Found, error) {
	var f Found
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		all, err := served(ctx, act.Tx, v, serves)
		if err != nil {
			return err
		}
		if f, err = m.draft(ctx, act, in); err != nil {
			return err
		}
		for _, to := range all {
			if err := record.Link(ctx, act, f.Record, record.Serves, to); err != nil {
				return err
			}
		}
		return nil
	})
	return f, err
}

// served reads the records that an activity is to serve. One that the viewer may not see is BadInput.
func served(ctx context.Context, tx *db.Tx, v access.Viewer, ids []string) ([]record.Record, error) {
	var all []record.Record
	for _, recordID := range ids {
		r, err := record.Find(ctx, tx, v, recordID)
		if fault.KindOf(err) == fault.NotFound {
			return all, fault.Invalid("serves", "Ce que l’activité devait servir n’est plus là, ou ne vous est pas ouvert.")
		}
		if err != nil {
			return all, err
		}
		all = append(all, r)
	}
	return all, nil
}

func (m *Module) draft(ctx context.Context, act *journal.Act, in Input) (Found, error) {
	owner, v := act.By.Structure, act.By
	if !v.Serves(owner, authors...) {
		return Found{}, fault.New(fault.Forbidden, "Votre fonction ne permet pas cette opération.")
	}
	if err := m.check(ctx, act.Tx, &in, owner, Plan{}); err != nil {
		return Found{}, err
	}
	if err := m.lends(ctx, act.Tx, v, in.Plan, Plan{}); err != nil {
		return Found{}, err
	}
	to, err := m.Circles.Resolve(ctx, act.Tx, owner, in.Choice)
	if err != nil {
		return Found{}, err
	}
	numbers, err := m.numbers(ctx, act, 1)
	if err != nil {
		return Found{}, err
	}
	return m.draftIn(ctx, act, numbers[0], in, to)
}

// draftIn writes down a checked idea of the actor's institution under a number, in an act.
func (m *Module) draftIn(ctx context.Context, act *journal.Act, number string, in Input, to circle.Resolved) (Found, error) {
	f := Found{record.Record{Kind: Kind, Number: number, Owner: act.By.Structure, State: Life.Start()}, Activity{Fictitious: m.Fictitious}}
	in.fill(&f, to)
	if err := record.Create(ctx, act, &f.Record, "activity.activity.drafted", f.Activity, f.words()); err != nil {
		return Found{}, err
	}
	return f, index(ctx, act, f.Record, f.Activity)
}

// fill puts what was said into an activity.
func (in Input) fill(f *Found, to circle.Resolved) {
	f.Title, f.Themes, f.Places, f.Plan, f.Marking, f.Audience = in.Title, in.Themes, in.Places, in.Plan, to.Marking, to.Audience
}

// numbers draws numbers for activities of the actor's institution.
func (m *Module) numbers(ctx context.Context, act *journal.Act, n int) ([]string, error) {
	own, err := m.People.Institution(ctx, act.Tx, act.By.Structure)
	if err != nil {
		return nil, err
	}
	return record.Numbers(ctx, act, own.Slug, "ACT", act.At.In(m.Zone).Year(), n)
}

// Amend changes what the lead says of an activity. expect is the version that the
// author read. A change of the terms reopens the signatures that it touches.
func (m *Module) Amend(ctx context.Context, v access.Viewer, recordID string, expect int64, in Input) (Found, error) {
	return m.change(ctx, v, recordID, expect, "amended", func(act *journal.Act, f *Found) error {
		if err := m.led(v, *f, authors); err != nil {
			return err
		}
		if err := m.check(ctx, act.Tx, &in, f.Owner, f.Plan); err != nil {
			return err
		}
		if err := m.lends(ctx, act.Tx, v, in.Plan, f.Plan); err != nil {
			return err
		}
		to, err := m.Circles.Resolve(ctx, act.Tx, f.Owner, in.Choice)
		if err != nil {
			return err
		}
		in.fill(f, to)
		return nil
	})
}

// led refuses whoever may not change the activity, and an activity that may not be changed any more.
func (m *Module) led(v access.Viewer, f Found, who []access.Function) error {
	switch {
	case !v.Serves(f.Owner, who...):
		return fault.New(fault.Forbidden, "Seules les personnes du chef de file modifient l’activité ; une structure partenaire peut proposer un changement.")
	case !open(f.State):
		return closed(f.State)
	}
	return nil
}

// change finds an activity, applies a rule to it, asks again for the signatures that
// the new terms touch, and stores it with its next version.
func (m *Module) change(ctx context.Context, v access.Viewer, recordID string, expect int64, verb string, rule func(*journal.Act, *Found) error) (Found, error) {
	var f Found
	err := m.Log.Write(ctx, v, func(act *journal.Act) (err error) {
		f, err = m.alter(ctx, act, recordID, expect, verb, rule)
		return err
	})
	return f, err
}

// alter is change within an act.
func (m *Module) alter(ctx context.Context, act *journal.Act, recordID string, expect int64, verb string, rule func(*journal.Act, *Found) error) (Found, error) {
	f, err := find(ctx, act.Tx, act.By, recordID)
	if err != nil {
		return f, err
	}
	if expect == 0 { // what does not depend on the version that its author read
		expect = f.Version
	}
	if f.Version != expect {
		return f, record.Moved()
	}
	if err := rule(act, &f); err != nil {
		return f, err
	}
	return f, m.save(ctx, act, &f, verb)
}

// settling are the acts by which the lead sets the terms, and so agrees to them.
var settling = []string{"amended", "proposed", "granted"}

// save stores the next version of an activity whose signatures have been seen to.
func (m *Module) save(ctx context.Context, act *journal.Act, f *Found, verb string) error {
	if f.State != Idea {
		pen, err := m.pen(ctx, act, *f)
		if err != nil {
			return err
		}
		pen.settles = slices.Contains(settling, verb)
		if open(f.State) {
			f.circulate(pen)
		}
		f.Audience = f.audience(f.Audience)
	}
	if f.concluded() {
		f.State, _ = Life.Auto(f.State, "committed")
	} else {
		f.State, _ = Life.Auto(f.State, "reopened")
	}
	expect := f.Version
	if err := record.Change(ctx, act, &f.Record, expect, "activity.activity."+verb, f.Activity, f.words()); err != nil {
		return err
	}
	return index(ctx, act, f.Record, f.Activity)
}

// pen is with what the actor signs the terms in force.
func (m *Module) pen(ctx context.Context, act *journal.Act, f Found) (pen, error) {
	p := pen{by: f.speaker(act.By), at: act.At, version: f.Version + 1, terms: f.CurrentTerms(), lead: f.Owner}
	var err error
	if act.By.Known() {
		p.commits, err = m.People.Commits(ctx, act.Tx, act.By)
	}
	return p, err
}
