package directory

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/kit/db"
)

// Matrix crosses themes with institutions or with territories: how many facts stand in
// each cell, and where nobody has a mission.
type Matrix struct {
	Cut    Cut         `json:"-"`
	Themes []string    `json:"themes" doc:"Codes of the columns; the last is empty when some facts have no theme"`
	Rows   []MatrixRow `json:"rows"`
	Total  []Tally     `json:"total" doc:"Of each column, then of all"`
}

// MatrixRow is an institution or a territory.
type MatrixRow struct {
	Code  string  `json:"code" doc:"Identifier of the institution, or code of the territory"`
	Slug  string  `json:"slug,omitempty" doc:"Of an institution, in addresses"`
	Name  string  `json:"name"`
	Exact bool    `json:"exact,omitempty" doc:"Only what is said of the whole territory, not of its parts"`
	Cells []Tally `json:"cells" doc:"One for each column"`
	Total Tally   `json:"total"`

	at map[string]int // column by theme
}

// Gap reports whether nobody has a mission in the n-th cell: a question of the framework,
// unless the matrix counts something else than missions.
func (m Matrix) Gap(row MatrixRow, n int) bool {
	return m.missions() && m.Themes[n] != "" && row.Cells[n].Missions == 0
}

func (m Matrix) missions() bool { return m.Cut.Kind == "" || m.Cut.Kind == "mission" }

// Structures crosses themes with the institutions that the viewer may see. A cut by a
// territory, the country or a region, counts its facts apart from those of the whole country.
func (m *Module) Structures(ctx context.Context, v access.Viewer, c Cut) (Matrix, error) {
	var x Matrix
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		x, err = m.structures(ctx, tx, v, c)
		return err
	})
	return x, err
}

func (m *Module) structures(ctx context.Context, tx *db.Tx, v access.Viewer, c Cut) (Matrix, error) {
	if err := m.known(c); err != nil {
		return Matrix{}, err
	}
	all, err := bodies(ctx, tx, v, c)
	if err != nil {
		return Matrix{}, err
	}
	scopes := []string{""}
	if c.Place != "" {
		scopes = []string{m.Places.Region(c.Place), m.Places.Country()}
	}
	found, err := m.sums(ctx, tx, v, byOwner, c, scopes)
	x := m.blank(c, found)
	for _, b := range all {
		x.row(b.ID, b.Acronym).Slug = b.Slug
	}
	for _, s := range found {
		x.count(s, func(r MatrixRow) bool { return r.Code == s.head }, s.scope == m.Places.Country() && c.Place != s.scope)
	}
	return x, err
}

// Territories crosses themes with territories: the country and its regions, or a region
// and what lies right under it. What is said of a wider territory counts apart in each.
func (m *Module) Territories(ctx context.Context, v access.Viewer, c Cut) (Matrix, error) {
	var x Matrix
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		x, err = m.territories(ctx, tx, v, c)
		return err
	})
	return x, err
}

func (m *Module) territories(ctx context.Context, tx *db.Tx, v access.Viewer, c Cut) (Matrix, error) {
	if err := m.known(c); err != nil {
		return Matrix{}, err
	}
	whole := m.Places.Region(m.orCountry(c.Place))
	found, err := m.placed(ctx, tx, v, c)
	if err != nil {
		return Matrix{}, err
	}
	found = slices.DeleteFunc(found, func(s sum) bool { return !m.Places.Within(s.head, whole) && !m.Places.Within(whole, s.head) })
	x := m.blank(c, found)
	x.row(whole, m.Places.Name(ctx, whole)).Exact = true
	for _, code := range m.Places.Children(whole) {
		x.row(code, m.Places.Name(ctx, code))
	}
	for _, s := range found {
		x.totalled(s, s.head != whole && !m.Places.Within(s.head, whole))
		for i := range x.Rows {
			r := &x.Rows[i]
			switch {
			case s.head == r.Code || !r.Exact && m.Places.Within(s.head, r.Code):
				r.count(s, false)
			case m.Places.Within(r.Code, s.head):
				r.count(s, true)
			}
		}
	}
	return x, nil
}

// placed reads the tally by place: of all, or of the institutions that the cut keeps.
func (m *Module) placed(ctx context.Context, tx *db.Tx, v access.Viewer, c Cut) ([]sum, error) {
	scopes := []string{""}
	if c.Nature != "" || c.Structure != "" {
		all, err := bodies(ctx, tx, v, c)
		if err != nil {
			return nil, err
		}
		scopes = ids(all)
	}
	return m.sums(ctx, tx, v, byPlace, c, scopes)
}

func (m *Module) orCountry(place string) string {
	if place == "" {
		return m.Places.Country()
	}
	return place
}

// blank is a matrix without rows: its columns are the themes of the first level, or those
// under the theme of the cut, and one for what has no theme when there is something.
func (m *Module) blank(c Cut, found []sum) Matrix {
	x := Matrix{Cut: c, Rows: []MatrixRow{}, Themes: slices.Clone(m.Themes.Tops())}
	if top := m.narrow(c); top != "" {
		x.Themes = m.subtree(top)
	}
	if slices.ContainsFunc(found, func(s sum) bool { return s.theme == "" }) {
		x.Themes = append(x.Themes, "")
	}
	x.Total = make([]Tally, len(x.Themes)+1)
	return x
}

// row adds an empty row.
func (m *Matrix) row(code, name string) *MatrixRow {
	at := make(map[string]int, len(m.Themes))
	for i, theme := range m.Themes {
		at[theme] = i
	}
	m.Rows = append(m.Rows, MatrixRow{Code: code, Name: name, Cells: make([]Tally, len(m.Themes)), at: at})
	return &m.Rows[len(m.Rows)-1]
}

// count adds a sum to the rows that match, and to the totals when there is one.
func (m *Matrix) count(s sum, match func(MatrixRow) bool, wider bool) {
	for i := range m.Rows {
		if match(m.Rows[i]) {
			m.Rows[i].count(s, wider)
			m.totalled(s, wider)
		}
	}
}

func (r *MatrixRow) count(s sum, wider bool) {
	if i, ok := r.at[s.theme]; ok {
		r.Cells[i].add(s, wider)
		r.Total.add(s, wider)
	}
}

func (m *Matrix) totalled(s sum, wider bool) {
	if i := slices.Index(m.Themes, s.theme); i >= 0 {
		m.Total[i].add(s, wider)
		m.Total[len(m.Themes)].add(s, wider)
	}
}
