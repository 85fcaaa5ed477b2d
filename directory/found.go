package directory

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/id"
	"cadre/packs"
	"cadre/packs/demo"
)

func newID() string { return id.New() }

// Found admits the institutions of the country pack, with their sourced facts open
// to the public: their own public texts are where the facts come from. It returns
// their identifiers by slug.
func (m *Module) Found(ctx context.Context, act *journal.Act) (map[string]string, error) {
	ids := map[string]string{}
	for _, s := range m.Pack.Structures {
		id, err := m.admitted(ctx, act, fromPack(s), access.Clear, access.Public)
		if err != nil {
			return nil, fmt.Errorf("structure %s: %w", s.Slug, err)
		}
		ids[s.Slug] = id
		for _, f := range factsFromPack(s, m.Pack) {
			if err := m.store(ctx, act, id, f); err != nil {
				return nil, fmt.Errorf("structure %s: %s: %w", s.Slug, f.Title, err)
			}
		}
	}
	return ids, m.foundBranches(ctx, act, ids)
}

// foundBranches opens the local structures under the institution they depend on.
func (m *Module) foundBranches(ctx context.Context, act *journal.Act, ids map[string]string) error {
	for _, l := range m.Pack.Local {
		k := m.localKind(l.Kind)
		parent := ids[k.Parent]
		if parent == "" {
			continue // its institution is not a member of the framework
		}
		b := &Branch{Kind: k.Label, Since: When(l.From), Note: l.Note, Origin: Origin{Source: l.Source}}
		if err := m.store(ctx, act, parent, public("branch", l.Name, "", l.Place, b)); err != nil {
			return fmt.Errorf("local structure %s: %w", l.Name, err)
		}
	}
	return nil
}

// given is a fact as the pack or the demonstration gives it.
type given struct {
	record.Record
	kind    string
	content Fact
}

func public(kind, title, theme, place string, f Fact) given {
	r := record.Record{Title: title, Marking: access.Clear, Audience: access.Audience{access.Public}}
	r.Themes, r.Places = one(theme), one(place)
	return given{r, kind, f}
}

func one(code string) []string {
	if code == "" {
		return nil
	}
	return []string{code}
}

func (m *Module) store(ctx context.Context, act *journal.Act, owner string, g given) error {
	k, err := kindBy(func(k kind) bool { return k.code == g.kind })
	if err != nil {
		return err
	}
	r := g.Record
	r.Kind, r.Owner, r.State = k.record, owner, InForce
	r.Audience = access.AudienceOf(owner, r.Audience...)
	return m.create(ctx, act, &r, k, g.content)
}

func fromPack(s packs.Structure) Structure {
	return Structure{Slug: s.Slug, Acronym: s.Acronym, NameEN: s.NameEN, Nature: s.Nature, Independent: s.Independent,
		Names: dated(s.Names), Supervision: dated(s.Supervision), Legal: legal(s.Legal), Website: s.Website,
		Summary: s.Summary.Text, SummaryEN: s.Summary.TextEN, Source: s.Summary.Source}
}

func dated(all []packs.Dated) []Dated {
	out := make([]Dated, len(all))
	for i, d := range all {
		out[i] = Dated{d.Value, When(d.From), When(d.To), d.Source, d.Note}
	}
	return out
}

func legal(all []packs.Legal) []Legal {
	out := make([]Legal, len(all))
	for i, l := range all {
		out[i] = Legal{l.Title, l.Number, When(l.Date), l.URL, l.Source}
	}
	return out
}

func factsFromPack(s packs.Structure, p *packs.Pack) []given {
	var all []given
	for _, x := range s.Missions {
		all = append(all, public("mission", x.Title, x.Theme, x.Territory,
			&Mission{Detail: x.Detail, Role: x.Role, Legal: x.Legal, TitleEN: x.TitleEN, Origin: Origin{Source: x.Source}}))
	}
	for _, x := range s.Programmes {
		all = append(all, public("programme", x.Title, "", p.Settings.Code,
			&Programme{Detail: x.Detail, From: When(x.From), To: When(x.To), Origin: Origin{Source: x.Source}}))
	}
	for _, x := range s.Capacities {
		all = append(all, public("capacity", x.Title, "", x.Place,
			&Capacity{Kind: x.Kind, Quantity: x.Quantity, Conditions: x.Conditions, Origin: Origin{Source: x.Source}}))
	}
	for _, x := range s.Antennas {
		all = append(all, public("branch", x.Title, "", x.Place, &Branch{Kind: x.Kind, Origin: Origin{Source: x.Source}}))
	}
	for _, x := range s.Documents {
		all = append(all, public("document", x.Title, "", "", &Document{Date: When(x.Date), URL: x.URL, Origin: Origin{Source: x.Source}}))
	}
	return all
}

// Past is what the demonstration invents about the institutions, in the year before now. ids are
// the identifiers of institutions by slug, people those of its persons by address.
func (m *Module) Past(ctx context.Context, d *demo.Demonstration, now time.Time, ids map[string]string, people map[string]access.Viewer) []journal.Happening {
	var all []journal.Happening
	happen := func(days int, structure string, do func(*journal.Act) error) {
		all = append(all, journal.Happening{At: now.AddDate(0, 0, -days), By: people[demo.Focal(structure)], Do: do})
	}
	for i, g := range m.invented(d) {
		for j, p := range g.Audience {
			g.Audience[j] = principal(string(p), ids, people)
		}
		happen(max(1, oldestFact-6*i), g.structure, func(act *journal.Act) error {
			if err := m.store(ctx, act, ids[g.structure], g.given); err != nil {
				return fmt.Errorf("demonstration: %s: %w", g.Title, err)
			}
			return nil
		})
	}
	for i, s := range d.Structures {
		if days := pastConfirmations[i%len(pastConfirmations)]; days > 0 {
			happen(days, s.Structure, func(act *journal.Act) error { return m.confirmIn(ctx, act, ids[s.Structure]) })
		}
	}
	return all
}

// oldestFact is how many days ago the first of the invented facts was written; the others followed, one a week.
const oldestFact = 400

// pastConfirmations are how many days ago the institutions of the demonstration have
// confirmed their sheets; 0 for never.
var pastConfirmations = []int{12, 40, 75, 120, 200, 30, 400, 0, 61}

type inventedFact struct {
	structure string
	given
}

func (m *Module) invented(d *demo.Demonstration) []inventedFact {
	var all []inventedFact
	add := func(structure, kind, title, theme, place string, s demo.Spread, f Fact) {
		g := public(kind, title, theme, place, f)
		marking, err := access.ParseMarking(s.Marking)
		if err != nil {
			panic(err) // the pack's test holds the codes
		}
		g.Marking, g.Audience = marking, nil
		for _, p := range s.Audience {
			g.Audience = append(g.Audience, access.Principal(p))
		}
		all = append(all, inventedFact{structure, g})
	}
	fictitious := Origin{Fictitious: true}
	for _, s := range d.Structures {
		for _, x := range s.Capacities {
			add(s.Structure, "capacity", x.Title, "", x.Place, x.Spread, &Capacity{Kind: x.Kind, Quantity: x.Quantity, Conditions: x.Conditions, Origin: fictitious})
		}
		for _, x := range s.Programmes {
			add(s.Structure, "programme", x.Title, "", "", x.Spread, &Programme{Detail: x.Detail, From: When(x.From), To: When(x.To), Origin: fictitious})
		}
	}
	for _, x := range d.Local {
		k := m.localKind(x.Kind)
		add(k.Parent, "branch", x.Name, "", x.Place, x.Spread, &Branch{Kind: k.Label, Since: When(x.From), Note: x.Note, Origin: fictitious})
	}
	for _, x := range d.Records {
		kind, f := demoFact(x, fictitious)
		add(x.Structure, kind, x.Title, x.Theme, x.Place, x.Spread, f)
	}
	return all
}

func (m *Module) localKind(code string) packs.LocalKind {
	i := slices.IndexFunc(m.Pack.LocalKinds, func(k packs.LocalKind) bool { return k.Code == code })
	if i < 0 {
		return packs.LocalKind{}
	}
	return m.Pack.LocalKinds[i]
}

// demoFact is the kind and the content of an invented record; the demonstration's loader holds its kinds.
func demoFact(x demo.Record, o Origin) (string, Fact) {
	switch x.Kind {
	case "mission":
		return "mission", &Mission{Detail: x.Detail, Role: "supports", Origin: o}
	case "programme":
		return "programme", &Programme{Detail: x.Detail, From: When(x.From), To: When(x.To), Origin: o}
	case "capacity":
		return "capacity", &Capacity{Kind: x.CapacityKind, Quantity: x.Quantity, Conditions: x.Conditions, Origin: o}
	case "antenna":
		return "branch", &Branch{Note: x.Detail, Since: When(x.From), Origin: o}
	}
	return "document", &Document{Date: When(x.From), Note: x.Detail, Origin: o}
}

// principal puts identifiers where the demonstration names institutions and people.
func principal(p string, ids map[string]string, people map[string]access.Viewer) access.Principal {
	for slug, id := range ids {
		if p == "structure:"+slug {
			return access.Structure(id)
		}
	}
	for address, v := range people {
		if p == "person:"+address {
			return access.Person(v.Person)
		}
	}
	return access.Principal(p)
}
