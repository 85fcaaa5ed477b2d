package directory

import (
	"context"
	"maps"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
)

// Input is what the people of a structure say of a fact.
type Input struct {
	Title string `json:"title" form:"title"`
	Theme string `json:"theme,omitempty" form:"theme" doc:"Code of a theme"`
	Place string `json:"place,omitempty" form:"place" doc:"Code of a territory"`
	circle.Choice
	Fact     Fact   `json:"-"`
	Locality string `json:"-" form:"locality"` // name of a commune or canton inside the place, in a form
}

// check collects what is wrong with the fact, and finds the locality that was named.
func (m *Module) check(in *Input, k kind) error {
	var c fault.Collect
	m.locate(in, &c)
	record.CheckTitle(&c, &in.Title)
	c.Need(in.Theme == "" || m.Themes.Valid(in.Theme), "theme", "Choisissez un thème de la liste.")
	c.Need(in.Place == "" || m.Places.Now(in.Place) != "", "place", "Choisissez un lieu de la liste.")
	c.Need(k.theme != must || in.Theme != "", "theme", "Indiquez le thème de la mission.")
	c.Need(k.place != must || in.Place != "", "place", "Indiquez le lieu.")
	in.Fact.check(&c, m.Pack)
	return c.Fault()
}

// locate puts the commune or canton that was named in the place of the wider one
// that was chosen. Of two that bear the same name, the wider is meant.
func (m *Module) locate(in *Input, c *fault.Collect) {
	if in.Locality == "" {
		return
	}
	found := m.Places.Named(in.Place, in.Locality)
	names := map[string]bool{}
	for _, code := range found {
		names[m.Places.Name(context.Background(), code)] = true
	}
	c.Need(len(found) > 0, "locality", "Aucune commune et aucun canton de ce lieu ne porte ce nom.")
	c.Need(len(names) <= 1, "locality", "Plusieurs lieux commencent ainsi : %s. Écrivez le nom entier.", strings.Join(slices.Sorted(maps.Keys(names)), ", "))
	if len(names) == 1 {
		in.Place = found[0]
	}
}

// AddByPath makes a fact of a structure known; path names its kind as addresses do.
func (m *Module) AddByPath(ctx context.Context, v access.Viewer, key, path string, in Input) (record.Record, error) {
	k, err := kindOfPath(path)
	if err != nil {
		return record.Record{}, err
	}
	return m.add(ctx, v, key, k, in)
}

// add makes a fact of a kind known.
func (m *Module) add(ctx context.Context, v access.Viewer, key string, k kind, in Input) (record.Record, error) {
	if err := m.check(&in, k); err != nil {
		return record.Record{}, err
	}
	var r record.Record
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		s, err := m.kept(ctx, act.Tx, v, key)
		if err != nil {
			return err
		}
		to, err := m.Circles.Resolve(ctx, act.Tx, s.ID, in.Choice)
		if err != nil {
			return err
		}
		r, err = m.addIn(ctx, act, s.ID, k, in, to)
		return err
	})
	return r, err
}

// addIn makes a checked fact of a structure known, in an act.
func (m *Module) addIn(ctx context.Context, act *journal.Act, owner string, k kind, in Input, to circle.Resolved) (record.Record, error) {
	in.Fact.origin().Fictitious = m.Fictitious
	r := record.Record{Kind: k.record, Owner: owner, State: Life.Start()}
	in.fill(&r, to)
	err := m.create(ctx, act, &r, k, in.Fact)
	return r, err
}

func (in Input) fill(r *record.Record, to circle.Resolved) {
	r.Title, r.Themes, r.Places, r.Marking, r.Audience = in.Title, one(in.Theme), one(in.Place), to.Marking, to.Audience
}

// AmendFact changes a fact. expect is the version that the author read.
func (m *Module) AmendFact(ctx context.Context, v access.Viewer, id string, expect int64, in Input) (record.Record, error) {
	var changed record.Record
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		r, k, err := m.keptFact(ctx, act.Tx, v, id)
		if err != nil {
			return err
		}
		if err := m.check(&in, k); err != nil {
			return err
		}
		to, err := m.Circles.Resolve(ctx, act.Tx, r.Owner, in.Choice)
		if err != nil {
			return err
		}
		changed, err = m.amendIn(ctx, act, r, expect, k, in, to)
		return err
	})
	return changed, err
}

// amendIn changes a fact that was read to a checked one, in an act.
func (m *Module) amendIn(ctx context.Context, act *journal.Act, r record.Record, expect int64, k kind, in Input, to circle.Resolved) (record.Record, error) {
	before, err := factOf(r, k)
	if err != nil {
		return r, err
	}
	in.Fact.origin().Fictitious = before.origin().Fictitious
	changed := r
	in.fill(&changed, to)
	err = m.alter(ctx, act, r, &changed, expect, k, "amended", in.Fact)
	return changed, err
}

// Turn takes a fact through the transition of Life that a verb names: withdrawn
// takes it off the sheet, where it stays in the history; restored puts it back.
func (m *Module) Turn(ctx context.Context, v access.Viewer, id, verb string, expect int64) (record.Record, error) {
	var r record.Record
	err := m.Log.Write(ctx, v, func(act *journal.Act) (err error) {
		var k kind
		if r, k, err = m.fact(ctx, act.Tx, v, id); err != nil {
			return err
		}
		step, err := Life.Step(v, r.Owner, r.State, verb)
		if err != nil {
			return err
		}
		if err := m.living(ctx, act.Tx, r.Owner); err != nil {
			return err
		}
		f, err := factOf(r, k)
		if err != nil {
			return err
		}
		before := r
		r.State = step.To
		return m.alter(ctx, act, before, &r, expect, k, verb, f)
	})
	return r, err
}

// FindFact reads a fact that the viewer may see.
func (m *Module) FindFact(ctx context.Context, v access.Viewer, id string) (FactLine, error) {
	var line FactLine
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		r, k, err := m.fact(ctx, tx, v, id)
		if err != nil {
			return err
		}
		line.Record = r
		line.Fact, err = factOf(r, k)
		return err
	})
	return line, err
}

func (m *Module) fact(ctx context.Context, tx *db.Tx, v access.Viewer, id string) (record.Record, kind, error) {
	r, err := record.Find(ctx, tx, v, id)
	if err != nil {
		return r, kind{}, err
	}
	k, err := kindOfRecord(r.Kind)
	return r, k, err
}

// keptFact reads a fact of a sheet that the viewer keeps up.
func (m *Module) keptFact(ctx context.Context, tx *db.Tx, v access.Viewer, id string) (record.Record, kind, error) {
	r, k, err := m.fact(ctx, tx, v, id)
	if err == nil && keeps(v, r.Owner) {
		return r, k, m.living(ctx, tx, r.Owner)
	}
	if err == nil {
		err = fault.New(fault.Forbidden, reserved)
	}
	return r, k, err
}
