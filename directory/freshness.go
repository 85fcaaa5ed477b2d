package directory

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/desk"
	"cadre/core/export"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

const freshnessPath = "/annuaire/fraicheur"

// Confirm says that the people of the structure have read its sheet and found it right.
func (m *Module) Confirm(ctx context.Context, v access.Viewer, key string) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error { return m.confirmIn(ctx, act, key) })
}

func (m *Module) confirmIn(ctx context.Context, act *journal.Act, key string) error {
	s, err := m.kept(ctx, act.Tx, act.By, key)
	if err != nil {
		return err
	}
	s.Confirmed = &Confirmation{At: act.At, By: act.By.Person}
	return m.save(ctx, act, &s.Record, s.Version, "confirmed", s.Structure)
}

// wait is what reminders know of a sheet to confirm: it waits from the twelfth month on, or from
// its first day when nobody has ever confirmed it.
func (s Sheet) wait() desk.Wait {
	w := desk.Wait{Matter: "sheet/" + s.ID, Since: s.Created, Marking: s.Marking}
	if s.Confirmed != nil {
		w.Since = s.Confirmed.At.Add(nearlyOld)
	}
	return w
}

// askConfirmation shows the sheet with the one button that confirms it: the reminder leads here,
// since what reads mails by itself follows their links.
func (m *Module) askConfirmation(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	var s Sheet
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if _, err = m.kept(ctx, tx, v, r.PathValue("slug")); err == nil {
			s, err = m.find(ctx, tx, v, r.PathValue("slug"))
		}
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	p := showPage{Page: ui.Start(ctx, text.T(ctx, "La fiche est-elle à jour ?"), directoryCrumb(ctx), ui.Link{Label: s.Acronym, Href: "/structures/" + s.Slug}),
		Sheet: s, Pack: m.Pack, Keeper: true, Member: true, Now: m.Clock.Now()}
	p.Marking = circle.Marking(ctx, widest(s))
	return web.Page(confirmationView(p)), nil
}

func (m *Module) confirm(r *web.Request) (web.Response, error) {
	if err := m.Confirm(r.Context(), access.Of(r.Context()), r.PathValue("slug")); err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/structures/" + r.PathValue("slug")).Done(text.Key("La fiche est vérifiée pour un an.")), nil
}

// Upkeep is a sheet with who is told to confirm it.
type Upkeep struct {
	Sheet
	Told     []string // names of who acts for the structure now
	Reminder desk.Reminder
}

// Freshness lists every sheet with what it lacks, the least recently confirmed first, for the secretariat.
func (m *Module) Freshness(ctx context.Context, v access.Viewer) ([]Upkeep, error) {
	var all []Upkeep
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		institutions, err := m.Institutions(ctx, tx)
		if err != nil {
			return err
		}
		for _, i := range account.Living(institutions) {
			s, err := m.find(ctx, tx, v, i.ID)
			if fault.KindOf(err) == fault.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			u := Upkeep{Sheet: s}
			for _, f := range s.Focal {
				if f.Acts {
					u.Told = append(u.Told, f.Name)
				}
			}
			if u.Reminder, err = desk.Last(ctx, tx, s.ID, s.wait()); err != nil {
				return err
			}
			all = append(all, u)
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b Upkeep) int { return a.confirmedAt().Compare(b.confirmedAt()) })
	return all, err
}

// confirmedAt is when the sheet was last confirmed; zero for never.
func (s Structure) confirmedAt() time.Time {
	if s.Confirmed == nil {
		return time.Time{}
	}
	return s.Confirmed.At
}

// freshnessPage is the page of the secretariat on how sheets are kept up.
type freshnessPage struct {
	ui.Page
	Sheets  []Upkeep
	Columns []export.Column[Upkeep]
	Late    int // how many have not been confirmed for a year
	Alone   int // how many have nobody to be reminded
}

func (m *Module) freshness(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	ask, err := export.Read(r.URL.Query(), export.Tables...)
	if err != nil {
		return web.Response{}, err
	}
	p := freshnessPage{Page: ui.Start(ctx, text.T(ctx, "Fraîcheur des fiches"), directoryCrumb(ctx)), Columns: m.upkeepColumns(ctx)}
	if p.Sheets, err = m.Freshness(ctx, access.Of(ctx)); err != nil {
		return web.Response{}, err
	}
	if ask.Wanted() {
		l := export.List[Upkeep]{Page: p.Page, Name: "fraicheur fiches", Columns: p.Columns, Rows: p.Sheets, Least: access.Green, Record: func(u Upkeep) record.Record { return u.Record }}
		return l.Answer(ctx, m.source(), ask)
	}
	p.Marking = circle.Marking(ctx, access.Green)
	for _, u := range p.Sheets {
		if u.Freshness(m.Clock.Now()) == Expired {
			p.Late++
		}
		if len(u.Told) == 0 {
			p.Alone++
		}
	}
	return web.Page(freshnessView(p)), nil
}

func (p freshnessPage) lede(ctx context.Context) string {
	late := text.T(ctx, "Toutes les fiches ont été vérifiées depuis moins d’un an.")
	if p.Late > 0 {
		late = text.N(ctx, p.Late, "%d fiche non vérifiée depuis un an.", "%d fiches non vérifiées depuis un an.", p.Late)
	}
	if p.Alone > 0 {
		late += " " + text.N(ctx, p.Alone, "%d structure n’a personne à qui le rappeler.", "%d structures n’ont personne à qui le rappeler.", p.Alone)
	}
	return late
}

// upkeepColumns are the columns of the page and of its files.
func (m *Module) upkeepColumns(ctx context.Context) []export.Column[Upkeep] {
	return []export.Column[Upkeep]{
		{Name: "acronym", Label: text.T(ctx, "Structure"), HXL: "#org+acronym", Width: 16, Head: true, Value: func(u Upkeep) any { return u.Acronym },
			Shown: func(u Upkeep) templ.Component {
				return ui.A(ui.Link{Label: u.Acronym, Href: "/structures/" + u.Slug})
			}},
		{Name: "freshness", Label: text.T(ctx, "Vérification"), HXL: "#status", Width: 30, Value: func(u Upkeep) any { return u.freshnessWord(ctx, m.Clock.Now()) },
			Shown: func(u Upkeep) templ.Component { return freshnessState(u.Structure, m.Clock.Now()) }},
		{Name: "confirmed", Label: text.T(ctx, "Vérifiée le"), HXL: "#date+verified", Files: true, Value: func(u Upkeep) any {
			if u.Confirmed == nil {
				return nil
			}
			return m.day(u.Confirmed.At)
		}},
		{Name: "complete", Label: text.T(ctx, "Remplie à (%)"), HXL: "#indicator+complete", Number: true, Value: func(u Upkeep) any { return u.Complete() }},
		{Name: "missing", Label: text.T(ctx, "Il manque"), Width: 60, Value: func(u Upkeep) any { return translated(ctx, u.missing()) }},
		{Name: "told", Label: text.T(ctx, "Qui est averti"), HXL: "#contact+name", Width: 30, Value: func(u Upkeep) any { return u.Told }, Shown: func(u Upkeep) templ.Component { return toldView(u) }},
		{Name: "reminder", Label: text.T(ctx, "Dernier rappel"), Width: 30, Value: func(u Upkeep) any { return u.Reminder.Words(ctx, m.Zone) }},
	}
}

// freshnessWord says in a word how old the confirmation of a sheet is.
func (s Structure) freshnessWord(ctx context.Context, now time.Time) string {
	switch f := s.Freshness(now); {
	case s.Confirmed == nil:
		return text.T(ctx, "Jamais vérifiée")
	case f == Fresh:
		return text.T(ctx, "Vérifiée")
	case f == Ageing:
		return text.T(ctx, "À confirmer")
	}
	return text.T(ctx, "Non vérifiée")
}

// freshnessDay follows the word with the day of the last confirmation.
func (s Structure) freshnessDay(ctx context.Context, now time.Time) string {
	switch f := s.Freshness(now); {
	case s.Confirmed == nil:
		return text.T(ctx, "par la structure")
	case f == Fresh:
		return text.T(ctx, "le %s", text.Date(ctx, s.Confirmed.At))
	case f == Ageing:
		return text.T(ctx, "depuis la vérification du %s", text.Date(ctx, s.Confirmed.At))
	}
	return text.T(ctx, "depuis le %s", text.Date(ctx, s.Confirmed.At))
}

var freshnessTones = map[Freshness]ui.Status{Fresh: ui.Done, Ageing: ui.Waiting, Expired: ui.Late}

// UpkeepItem is how a sheet is kept up, in the API.
type UpkeepItem struct {
	ID        string     `json:"id" doc:"Of the institution"`
	Acronym   string     `json:"acronym"`
	Freshness Freshness  `json:"freshness" enum:"fresh,ageing,expired"`
	Confirmed *time.Time `json:"confirmed,omitempty" doc:"When its people last said that the sheet is right; absent for never"`
	Complete  int        `json:"complete" doc:"How much of the sheet is filled in, in percent"`
	Missing   []string   `json:"missing" doc:"What it lacks, in the language of the request"`
	Told      []string   `json:"told" doc:"Names of who is reminded"`
	Reminded  *time.Time `json:"reminded,omitempty" doc:"When the last reminder was sent; absent for none"`
}

type freshnessOutput struct {
	Body struct {
		Items []UpkeepItem `json:"items"`
	}
}

func (m *Module) apiFreshness(ctx context.Context, _ *struct{}) (*freshnessOutput, error) {
	all, err := m.Freshness(ctx, access.Of(ctx))
	out := &freshnessOutput{}
	out.Body.Items = []UpkeepItem{}
	for _, u := range all {
		item := UpkeepItem{ID: u.ID, Acronym: u.Acronym, Freshness: u.Freshness(m.Clock.Now()), Complete: u.Complete(),
			Missing: append([]string{}, translated(ctx, u.missing())...), Told: append([]string{}, u.Told...)}
		if u.Confirmed != nil {
			item.Confirmed = &u.Confirmed.At
		}
		if u.Reminder.ID != "" {
			item.Reminded = &u.Reminder.At
		}
		out.Body.Items = append(out.Body.Items, item)
	}
	return out, err
}
