package directory

import (
	"context"
	"fmt"
	"slices"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/packs"
)

// Cut chooses which of the visible facts in force a matrix, a map or a list speaks of; an
// empty field leaves nothing out.
type Cut struct {
	Theme     string // on it, or under it when it is of the first level
	Place     string // code of a territory
	Structure string // slug or identifier
	Nature    string // of the structure
	Role      string // of the mission
	Kind      string // mission, programme or capacity; a list knows branch and document too
}

// known refuses what is no code: an address typed by hand gets a sentence, not an empty page.
func (m *Module) known(c Cut) error {
	var wrong fault.Collect
	wrong.Need(c.Theme == "" || m.Themes.Valid(c.Theme), "theme", "Choisissez un thème de la liste.")
	wrong.Need(c.Place == "" || m.Places.Valid(c.Place), "place", "Choisissez un lieu de la liste.")
	wrong.Need(c.Nature == "" || listed(m.Pack.Settings.Natures, c.Nature), "nature", "Choisissez une nature de la liste.")
	wrong.Need(c.Role == "" || listed(m.Pack.Settings.Roles, c.Role), "role", "Choisissez un rôle de la liste.")
	_, err := kindOfCode(c.Kind)
	wrong.Need(c.Kind == "" || err == nil, "kind", "Choisissez un type de la liste.")
	return wrong.Fault()
}

func listed(vocabulary []packs.Term, code string) bool {
	_, ok := packs.Lookup(vocabulary, code)
	return ok
}

func kindOfCode(code string) (kind, error) {
	return kindBy(func(k kind) bool { return k.code == code })
}

// body is a structure as matrices know it.
type body struct {
	ID, Slug, Acronym, Nature string
}

// bodies lists the visible structures that a cut keeps, by acronym.
func bodies(ctx context.Context, tx *db.Tx, v access.Viewer, c Cut) ([]body, error) {
	all, err := db.All(ctx, tx, func(b *body) []any { return []any{&b.ID, &b.Slug, &b.Acronym, &b.Nature} }, `
		SELECT s.id, s.slug, s.acronym, s.nature FROM directory_structure s JOIN record ON record.id = s.id
		WHERE `+seen+` AND record.state = $3 ORDER BY s.acronym_key, s.id`, v.Args(InForce)...)
	return slices.DeleteFunc(all, func(b body) bool {
		return c.Nature != "" && b.Nature != c.Nature || c.Structure != "" && b.Slug != c.Structure && b.ID != c.Structure
	}), err
}

func ids(all []body) []string {
	ids := make([]string, len(all))
	for i, b := range all {
		ids[i] = b.ID
	}
	return ids
}

// sum is how many facts stand in a place of the tally.
type sum struct {
	head, scope, theme, kind string
	n                        int
}

// sums reads the tally along an axis, within the scopes: at the cost of its cells, however many facts there are.
func (m *Module) sums(ctx context.Context, tx *db.Tx, v access.Viewer, axis string, c Cut, scopes []string) ([]sum, error) {
	top := m.narrow(c)
	args := v.Args(axis, top, c.Role, db.JSON(scopes))
	where := access.Visible + ` AND record.axis = $3 AND record.top = $4 AND record.role = $5 AND record.scope IN json_list($6) AND record.n > 0`
	if c.Kind != "" {
		args = append(args, "directory."+c.Kind)
		where += fmt.Sprintf(` AND record.kind = $%d`, len(args))
	}
	return db.All(ctx, tx, func(s *sum) []any { return []any{&s.head, &s.scope, &s.theme, &s.kind, &s.n} }, `
		SELECT record.head, record.scope, record.theme, record.kind, CAST(sum(record.n) AS bigint) FROM directory_tally record
		WHERE `+where+` GROUP BY record.head, record.scope, record.theme, record.kind`, args...)
}

// narrow is the theme of the first level under which a cut looks; empty for all of them.
func (m *Module) narrow(c Cut) string {
	if c.Theme == "" {
		return ""
	}
	return m.Themes.Top(c.Theme)
}

// Tally is how many facts there are: of the place itself and below, and of wider places,
// which hold there too. Missions are those among both.
type Tally struct {
	Own      int `json:"own" doc:"Facts of this territory or of one inside it"`
	Wider    int `json:"wider" doc:"Facts of wider territories, which hold here too"`
	Missions int `json:"missions" doc:"How many of both are missions"`
}

// All is the number of facts.
func (t Tally) All() int { return t.Own + t.Wider }

func (t *Tally) add(s sum, wider bool) {
	if wider {
		t.Wider += s.n
	} else {
		t.Own += s.n
	}
	if s.kind == missionKind {
		t.Missions += s.n
	}
}

const (
	missionKind = "directory.mission"
	branchKind  = "directory.branch"
)

// subtree is a theme and those under it, or nil for all.
func (m *Module) subtree(theme string) []string {
	if theme == "" {
		return nil
	}
	return append([]string{theme}, m.Themes.Children(theme)...)
}

// above lists the territories that hold one: its parents, and a district that groups it.
func (m *Module) above(place string) []string {
	var all []string
	for _, up := range m.Places.Above(place) {
		if up != place {
			all = append(all, up)
		}
	}
	return all
}
