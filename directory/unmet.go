package directory

import (
	"context"
	"sync"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/desk"
	"cadre/core/export"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// Unmet is a question that no institution was competent for. Who asked is not noted. What the
// public asks again within a minute counts once: its answer is kept ready.
type Unmet struct {
	Question
	Times int
	Last  time.Time
}

// remembered is how long the secretariat is told of such a question after it was asked last, and
// unmetShown how many of them at most.
const (
	remembered = 90 * 24 * time.Hour
	unmetShown = 50
)

// waiting gathers questions in memory: a reader does not wait for a disk. There are no more
// of them than themes, préfectures and needs.
type waiting struct {
	mu    sync.Mutex
	asked map[Question]*Unmet
}

// unmet remembers a question that nobody was competent for.
func (m *Module) unmet(q Question) {
	q.Place, q.Means = m.spot(q.Place), ""
	m.waiting.mu.Lock()
	defer m.waiting.mu.Unlock()
	if m.waiting.asked[q] == nil {
		m.waiting.asked[q] = &Unmet{Question: q}
	}
	m.waiting.asked[q].Times++
	m.waiting.asked[q].Last = m.Clock.Now()
}

// StoreUnmet writes the questions without an answer that were asked since the last time. What
// cannot be written is forgotten: it is asked again.
func (m *Module) StoreUnmet(ctx context.Context) error {
	m.waiting.mu.Lock()
	asked := m.waiting.asked
	m.waiting.asked = map[Question]*Unmet{}
	m.waiting.mu.Unlock()
	if len(asked) == 0 {
		return nil
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		for _, u := range asked {
			if _, err := tx.Exec(ctx, `
				INSERT INTO directory_unmet (theme, place, need, times, last_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (theme, place, need) DO UPDATE SET times = directory_unmet.times + excluded.times, last_at = excluded.last_at`,
				u.Theme, u.Place, u.Need, u.Times, u.Last); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unanswered lists the questions asked lately that nobody is competent for, the newest first:
// those that a mission made known since answers are left out.
func (m *Module) Unanswered(ctx context.Context, tx *db.Tx, v access.Viewer) ([]Unmet, error) {
	rows, err := db.All(ctx, tx, func(u *Unmet) []any { return []any{&u.Theme, &u.Place, &u.Need, &u.Times, db.Instant(&u.Last)} }, `
		SELECT theme, place, need, times, last_at FROM directory_unmet WHERE last_at > $1 ORDER BY last_at DESC, theme, place, need LIMIT $2`,
		m.Clock.Now().Add(-remembered), unmetShown)
	if err != nil {
		return nil, err
	}
	var all []Unmet
	for _, u := range rows {
		claims, err := m.claims(ctx, tx, v, u.Question)
		if err != nil {
			return nil, err
		}
		if !competent(u.Question, claims, m.Themes, m.Places) {
			all = append(all, u)
		}
	}
	return all, nil
}

// unmetTask tells the secretariat of the questions that nobody is competent for.
func (m *Module) unmetTask(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	all, err := m.Unanswered(ctx, tx, v)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return []desk.Task{{Kind: text.T(ctx, "À qui m’adresser ?"), Href: unmetPath, Action: text.T(ctx, "Voir"),
		Title: text.N(ctx, len(all), "%d question sans structure compétente", "%d questions sans structure compétente", len(all)),
		Why:   m.asked(ctx, all[0].Question) + "."}}, nil
}

type unmetPage struct {
	ui.Page
	All     []Unmet
	Columns []export.Column[Unmet]
}

func (m *Module) listUnmet(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	ask, err := export.Read(r.URL.Query(), export.Tables...)
	if err != nil {
		return web.Response{}, err
	}
	p := unmetPage{Page: ui.Start(ctx, text.T(ctx, "Questions sans réponse"), directoryCrumb(ctx)), Columns: m.unmetColumns(ctx)}
	p.Marking = circle.Marking(ctx, access.Green)
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.All, err = m.Unanswered(ctx, tx, access.Of(ctx))
		return err
	})
	if err == nil && ask.Wanted() {
		l := export.List[Unmet]{Page: p.Page, Name: "questions sans réponse", Columns: p.Columns, Rows: p.All, Least: access.Green}
		return l.Answer(ctx, m.source(), ask)
	}
	return web.Page(unmetView(p)), err
}

// unmetColumns are the columns of the page and of its files.
func (m *Module) unmetColumns(ctx context.Context) []export.Column[Unmet] {
	return []export.Column[Unmet]{
		{Name: "question", Label: text.T(ctx, "Question"), Width: 60, Head: true, Value: func(u Unmet) any { return m.asked(ctx, u.Question) },
			Shown: func(u Unmet) templ.Component {
				return ui.A(ui.Link{Label: m.asked(ctx, u.Question), Href: u.address()})
			}},
		{Name: "need", Label: text.T(ctx, "Besoin"), HXL: "#need+type", Width: 24, Files: true, Value: func(u Unmet) any { return needWords(ctx, u.Need) }},
		{Name: "theme", Label: text.T(ctx, "Thème"), HXL: "#sector", Width: 30, Files: true, Value: func(u Unmet) any { return m.Themes.Label(ctx, u.Theme) }},
		{Name: "place", Label: text.T(ctx, "Lieu"), HXL: "#loc+name", Width: 24, Files: true, Value: func(u Unmet) any { return m.Places.Name(ctx, u.Place) }},
		{Name: "place_code", Label: text.T(ctx, "Code du lieu"), HXL: "#loc+code", Files: true, Value: func(u Unmet) any { return u.Place }},
		{Name: "times", Label: text.T(ctx, "Fois"), HXL: "#indicator+times", Number: true, Value: func(u Unmet) any { return u.Times }},
		{Name: "last", Label: text.T(ctx, "La dernière"), HXL: "#date+last", Value: func(u Unmet) any { return m.day(u.Last) },
			Say: func(u Unmet) string { return text.Date(ctx, u.Last) }},
	}
}

// address is that of the page which answers a question.
func (q Question) address() string {
	return link(askPath, Search{Cut: Cut{Theme: q.Theme, Place: q.Place}, Means: q.Means}, "besoin", string(q.Need))
}

// UnmetItem is a question that nobody is competent for, in the API.
type UnmetItem struct {
	Theme string    `json:"theme" doc:"Code"`
	Place string    `json:"place" doc:"Code"`
	Need  Need      `json:"need"`
	Times int       `json:"times" doc:"How often it was asked"`
	Last  time.Time `json:"last" doc:"When it was asked last"`
}

type unmetOutput struct {
	Body struct {
		Items []UnmetItem `json:"items"`
	}
}

func (m *Module) apiUnmet(ctx context.Context, _ *struct{}) (*unmetOutput, error) {
	out := &unmetOutput{}
	out.Body.Items = []UnmetItem{}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := m.Unanswered(ctx, tx, access.Of(ctx))
		for _, u := range all {
			out.Body.Items = append(out.Body.Items, UnmetItem{u.Theme, u.Place, u.Need, u.Times, u.Last})
		}
		return err
	})
	return out, err
}
