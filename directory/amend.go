package directory

import (
	"context"
	"encoding/json"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/fault"
)

func decode(content string, into any) error { return json.Unmarshal([]byte(content), into) }

// Identity is what the keepers of a sheet may change about their structure at any
// time; its names, its supervision and its texts have dates and their own acts.
type Identity struct {
	Acronym   string `json:"acronym" form:"acronym"`
	NameEN    string `json:"name_en,omitempty" form:"name_en"`
	Nature    string `json:"nature" form:"nature"`
	Website   string `json:"website,omitempty" form:"website"`
	Summary   string `json:"summary,omitempty" form:"summary"`
	SummaryEN string `json:"summary_en,omitempty" form:"summary_en"`
	NotAsked  string `json:"not_asked,omitempty" form:"not_asked"`
	Source    string `json:"source,omitempty" form:"source"`
}

func (s Structure) identity() Identity {
	return Identity{s.Acronym, s.NameEN, s.Nature, s.Website, s.Summary, s.SummaryEN, s.NotAsked, s.Source}
}

func (s Structure) with(i Identity) Structure {
	s.Acronym, s.NameEN, s.Nature, s.Website = i.Acronym, i.NameEN, i.Nature, i.Website
	s.Summary, s.SummaryEN, s.NotAsked, s.Source = i.Summary, i.SummaryEN, i.NotAsked, i.Source
	return s
}

// Amend changes the identity of a structure. expect is the version that the author read.
func (m *Module) Amend(ctx context.Context, v access.Viewer, key string, expect int64, i Identity) error {
	return m.change(ctx, v, key, expect, "amended", func(s Structure) (Structure, error) { return s.with(i), nil })
}

// Rename gives a structure a new official name from a date on.
func (m *Module) Rename(ctx context.Context, v access.Viewer, key string, expect int64, d Dated) error {
	return m.succeed(ctx, v, key, expect, "renamed", d, Structure.Rename)
}

// Attach puts a structure under another supervising authority from a date on.
func (m *Module) Attach(ctx context.Context, v access.Viewer, key string, expect int64, d Dated) error {
	return m.succeed(ctx, v, key, expect, "attached", d, Structure.Attach)
}

func (m *Module) succeed(ctx context.Context, v access.Viewer, key string, expect int64, verb string, d Dated, rule func(Structure, Dated) (Structure, error)) error {
	var c fault.Collect
	when(&c, "from", &d.From)
	when(&c, "to", &d.To)
	c.Need(d.To == "" || d.From < d.To, "to", "La fin doit venir après le début.")
	limit(&c, "value", d.Value, maxShort)
	limit(&c, "note", d.Note, maxLong)
	limit(&c, "source", d.Source, maxShort)
	if err := c.Fault(); err != nil {
		return err
	}
	return m.change(ctx, v, key, expect, verb, func(s Structure) (Structure, error) { return rule(s, d) })
}

// Cite adds a text that founds or governs the structure.
func (m *Module) Cite(ctx context.Context, v access.Viewer, key string, expect int64, l Legal) error {
	var c fault.Collect
	when(&c, "date", &l.Date)
	if err := c.Fault(); err != nil {
		return err
	}
	return m.change(ctx, v, key, expect, "amended", func(s Structure) (Structure, error) {
		s.Legal = append(s.Legal, l)
		return s, nil
	})
}

// change finds a sheet that the viewer keeps, applies a rule to it and stores it.
func (m *Module) change(ctx context.Context, v access.Viewer, key string, expect int64, verb string, rule func(Structure) (Structure, error)) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		s, err := m.kept(ctx, act.Tx, v, key)
		if err != nil {
			return err
		}
		next, err := rule(s.Structure)
		if err != nil {
			return err
		}
		var c fault.Collect
		next.check(&c, m.Pack)
		if err := c.Fault(); err != nil {
			return err
		}
		return m.save(ctx, act, &s.Record, expect, verb, next)
	})
}

func (m *Module) save(ctx context.Context, act *journal.Act, r *record.Record, expect int64, verb string, s Structure) error {
	r.Title = s.title(act.At)
	if err := record.Change(ctx, act, r, expect, "directory.structure."+verb, s, s.words()); err != nil {
		return err
	}
	return index(ctx, act, r.ID, s)
}

// Admission is what the secretariat says of a structure that joins the framework.
type Admission struct {
	Slug        string `json:"slug" form:"slug"`
	Name        string `json:"name" form:"name"`
	Independent bool   `json:"independent" form:"independent"`
	Identity
}

// Admit opens the sheet of a structure that joins the framework, readable by the
// public, and returns it.
func (m *Module) Admit(ctx context.Context, v access.Viewer, a Admission) (Sheet, error) {
	s := Structure{Slug: a.Slug, Independent: a.Independent, Names: []Dated{{Value: a.Name}}, Supervision: []Dated{}, Legal: []Legal{}}.with(a.Identity)
	var c fault.Collect
	s.check(&c, m.Pack)
	limit(&c, "name", a.Name, maxShort-45)
	if err := c.Fault(); err != nil {
		return Sheet{}, err
	}
	var sheet Sheet
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		id, err := m.admitted(ctx, act, s, access.Clear, access.Public)
		if err != nil {
			return err
		}
		sheet, err = m.head(ctx, act.Tx, v, id)
		return err
	})
	return sheet, err
}

// admitted opens the sheet of a structure, which owns its own sheet.
func (m *Module) admitted(ctx context.Context, act *journal.Act, s Structure, marking access.Marking, circle ...access.Principal) (string, error) {
	r := record.Record{ID: newID(), Kind: structureKind, Title: s.title(act.At), Marking: marking, State: InForce}
	r.Owner = r.ID
	r.Audience = access.AudienceOf(r.Owner, circle...)
	if _, err := idOf(ctx, act.Tx, s.Slug); err == nil {
		return "", fault.Invalid("slug", "Une autre structure porte déjà ce nom dans les adresses. Choisissez-en un autre.")
	}
	if err := record.Create(ctx, act, &r, "directory.structure.admitted", s, s.words()); err != nil {
		return "", err
	}
	return r.ID, index(ctx, act, r.ID, s)
}
