package directory

import (
	"context"
	"sync"
	"time"

	"cadre/core/access"
	"cadre/core/desk"
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
	All   []Unmet
	Table ui.Table[Unmet]
}

func (m *Module) listUnmet(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	p := unmetPage{Page: ui.Start(ctx, text.T(ctx, "Questions sans réponse"), directoryCrumb(ctx))}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p.All, err = m.Unanswered(ctx, tx, access.Of(ctx))
		return err
	})
	p.Table = ui.Table[Unmet]{Caption: p.Title, Fold: true, Columns: []ui.Column[Unmet]{
		{Label: text.T(ctx, "Question"), Head: true, Cell: func(u Unmet) templ.Component {
			return ui.A(ui.Link{Label: m.asked(ctx, u.Question), Href: u.address()})
		}},
		{Label: text.T(ctx, "Fois"), Number: true, Cell: ui.Words(func(u Unmet) string { return text.Number(ctx, u.Times) })},
		{Label: text.T(ctx, "La dernière"), Cell: ui.Words(func(u Unmet) string { return text.Date(ctx, u.Last) })},
	}}
	return web.Page(unmetView(p)), err
}

// address is that of the page which answers a question.
func (q Question) address() string {
	return link(askPath, Search{Cut: Cut{Theme: q.Theme, Place: q.Place}, Means: q.Means}, "besoin", string(q.Need))
}
