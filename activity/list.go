package activity

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/export"
	"cadre/core/place"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs"
)

// List returns a page of the activities that the viewer may see, by their first day.
func (m *Module) List(ctx context.Context, v access.Viewer, f Filter, p page.Request) (page.Of[Found], error) {
	var found page.Of[Found]
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = decoded(ctx, tx, v, f, p)
		return err
	})
	return found, err
}

func decoded(ctx context.Context, tx *db.Tx, v access.Viewer, f Filter, p page.Request) (page.Of[Found], error) {
	rows, err := list(ctx, tx, v, f, p)
	if err != nil {
		return page.Of[Found]{}, err
	}
	return page.Map(rows, func(r record.Record) (Found, error) {
		a, err := record.Decode[Activity](r)
		return Found{r, a}, err
	})
}

// Choice is a filter as addresses say it: a filter is a link that can be sent by mail.
type Choice struct {
	State, Type, Structure, Theme, Place, Period string
	View                                         string // place.Alone for the map's table alone
}

// names of the choices in addresses.
func (c Choice) values() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"etat": c.State, "type": c.Type, "structure": c.Structure, "theme": c.Theme, "lieu": c.Place, "periode": c.Period, place.View: c.View} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// ChoiceOf reads a filter from an address.
func ChoiceOf(q url.Values) Choice {
	return Choice{q.Get("etat"), q.Get("type"), q.Get("structure"), q.Get("theme"), q.Get("lieu"), q.Get("periode"), q.Get(place.View)}
}

// Address is a page of this room with the filter.
func (c Choice) Address(path string) string {
	if q := c.values(); len(q) > 0 {
		return path + "?" + q.Encode()
	}
	return path
}

// Filter understands a choice: the themes and places below the ones chosen count too. A
// period is a year, a quarter, a month or a day, or all that is not over. What an institution
// did before it was merged into another counts for both; all are the institutions.
func (m *Module) Filter(c Choice, all []Structure) Filter {
	f := Filter{Type: c.Type}
	if c.Structure != "" {
		f.Structures = []string{c.Structure}
	}
	for _, s := range all {
		if s.Heir == c.Structure && s.Heir != "" {
			f.Structures = append(f.Structures, s.ID)
		}
	}
	if c.State != "" {
		f.States = strings.Split(c.State, " ")
	}
	if c.Theme != "" {
		f.Themes = append([]string{c.Theme}, m.Themes.Children(c.Theme)...)
	}
	if c.Place != "" {
		f.Places = m.Places.Under(c.Place)
		if len(f.Places) == 0 {
			f.Places = []string{c.Place}
		}
	}
	f.From, f.To = span(c.Period)
	if c.Period == ahead {
		f.From = form.DateOf(m.Clock.Now().In(m.Zone))
	}
	return f
}

// ahead is the period, in addresses, of what is under way or to come.
const ahead = "avenir"

// yearOf is the year of a period, empty for what has none.
func yearOf(period string) string {
	if first, _ := span(period); !first.IsZero() {
		return strconv.Itoa(first.Year)
	}
	return ""
}

// span is the first and the last day of a period of a filter; nothing for what is no period.
func span(period string) (first, last form.Date) {
	if year, err := strconv.Atoi(period); err == nil && len(period) == 4 && plausible(period) {
		return form.Date{Year: year, Month: time.January, Day: 1}, form.Date{Year: year, Month: time.December, Day: 31}
	}
	if at, ok := ParseMoment(period); ok && at != "" {
		return at.days()
	}
	return form.Date{}, form.Date{}
}

type listPage struct {
	ui.Page
	*Module
	cited
	List   page.Of[Found]
	Choice Choice
	Counts counts
	Names  map[string]string // acronyms of institutions by identifier
	Order  []Structure
	Author bool
	Year   int
}

func (m *Module) list(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	ask, asked, err := export.Page(q, formats...)
	if err != nil {
		return web.Response{}, err
	}
	p := listPage{Page: ui.Start(ctx, text.T(ctx, "Plan concerté")), Module: m, Choice: ChoiceOf(q), Author: v.Is(authors...), Year: m.Clock.Now().In(m.Zone).Year()}
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Counts, err = m.counts(ctx, tx, v); err != nil {
			return err
		}
		if p.Order, p.Names, err = m.acronyms(ctx, tx); err != nil {
			return err
		}
		if p.List, err = decoded(ctx, tx, v, m.Filter(p.Choice, p.Order), asked); err != nil || !ask.Wanted() {
			return err
		}
		p.cited, err = m.cite(ctx, tx, v, p.List.Rows)
		return err
	})
	if err == nil && ask.Wanted() {
		return p.export(ctx, ask)
	}
	return web.Page(listing(p)), err
}

// files are the links to the plan's files, with its filters.
func (p listPage) files(ctx context.Context) []ui.Link {
	paper := p.Choice
	paper.Period = yearOf(paper.Period)
	links := append(export.Links(p.Choice.Address(listPath), formats...), ui.Link{Label: text.T(ctx, "PDF à imprimer"), Href: paper.Address(paperPath)})
	if p.Author {
		links = append(links, ui.Link{Label: text.T(ctx, "Formulaire à imprimer"), Href: blankPath})
	}
	return links
}

// acronyms are the institutions, and their short names by identifier.
func (m *Module) acronyms(ctx context.Context, tx *db.Tx) ([]Structure, map[string]string, error) {
	all, err := m.People.Structures(ctx, tx)
	return all, account.ShortNames(ctx, all), err
}

const listPath = "/activites"

// periods are links to the plan of what is not over, and of the years around this one.
func (p listPage) periods(ctx context.Context) []ui.Link {
	var all []ui.Link
	for _, period := range []string{ahead, strconv.Itoa(p.Year - 1), strconv.Itoa(p.Year), strconv.Itoa(p.Year + 1)} {
		c := p.Choice
		c.Period = period
		l := ui.Link{Label: periodName(ctx, period), Href: c.Address(listPath)}
		if p.Choice.Period == c.Period {
			l.Href = ""
		}
		all = append(all, l)
	}
	return all
}

func (p listPage) span() ui.Span {
	s := ui.Span{First: p.List.From, Last: p.List.From + len(p.List.Rows) - 1, Total: p.List.Total}
	at := func(cursor string) string {
		if cursor == "" {
			return ""
		}
		q := p.Choice.values()
		q.Set("page", cursor)
		return listPath + "?" + q.Encode()
	}
	s.Previous, s.Next = at(p.List.Prev), at(p.List.Next)
	return s
}

// who are the short names of the lead and of the signatories, the lead first.
func (f Found) who(names map[string]string) []string {
	var all []string
	for _, s := range f.signatories(f.Owner) {
		all = append(all, names[s])
	}
	return all
}

// where names the places, three at most.
func (m *Module) where(ctx context.Context, f Found) string {
	var all []string
	for _, code := range f.Places {
		all = append(all, m.Places.Name(ctx, code))
	}
	if len(all) > 3 {
		return text.T(ctx, "%s et %d autres lieux", strings.Join(all[:3], ", "), len(all)-3)
	}
	return text.List(ctx, all)
}

// term words a code of a vocabulary in the reader's language.
func term(ctx context.Context, vocabulary []packs.Term, code string) string {
	t, _ := packs.Lookup(vocabulary, code)
	return text.Own(ctx, t.Label, t.LabelEN).Words
}

// status is the shape of a state.
func status(state string) ui.Status {
	switch state {
	case Idea, Concertation:
		return ui.Waiting
	case Committed, Running:
		return ui.Running
	case Suspended:
		return ui.Late
	case Abandoned:
		return ui.Off
	}
	return ui.Done
}

func (p listPage) lede(ctx context.Context) string {
	n := p.List.Total
	if len(p.Choice.values()) > 0 {
		return text.N(ctx, n, "%s activité répond à ces filtres.", "%s activités répondent à ces filtres.", text.Number(ctx, n))
	}
	running := p.Counts.state[Running] + p.Counts.state[Committed]
	return text.T(ctx, "%s, dont %s.", text.N(ctx, n, "%s activité", "%s activités", text.Number(ctx, n)),
		text.N(ctx, running, "%s engagée ou en cours", "%s engagées ou en cours", text.Number(ctx, running)))
}
