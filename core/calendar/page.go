package calendar

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
	"cadre/packs"
)

const daysPath = Home + "/fetes"

// yearPage is the public holidays of a year.
type yearPage struct {
	ui.Page
	Year    int
	Lines   []Line
	Unfixed []packs.Holiday
	Next    Holiday // the first from today on, of any year
	Keeper  bool
}

func (m *Module) show(r *web.Request) (web.Response, error) {
	ctx, today := r.Context(), m.today()
	year, err := strconv.Atoi(r.Query("annee"))
	if err != nil || year < 1900 || year > 2999 {
		year = today.Year
	}
	p := yearPage{Page: ui.Start(ctx, text.T(ctx, "Jours fériés de %d", year)), Year: year, Keeper: access.Of(ctx).Is(access.Secretariat)}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := m.Of(ctx, tx)
		if err != nil {
			return err
		}
		p.Next = c.next(today)
		p.Lines, err = m.lines(ctx, tx, year)
		return err
	})
	if p.Unfixed = m.unfixed(p.Lines); year < today.Year {
		p.Unfixed = nil
	}
	return web.Page(yearView(p)), err
}

// next is the first public holiday from a day on.
func (c *Calendar) next(day form.Date) Holiday {
	for {
		if h, ok := c.Holiday(day); ok {
			return h
		}
		day = after(day, 1)
	}
}

func (p yearPage) lede(ctx context.Context) string {
	return text.T(ctx, "Les délais se comptent en jours ouvrables : du lundi au vendredi, sauf ces jours. Le prochain est le %s : %s.",
		text.Day(ctx, p.Next.Day.In(time.UTC)), p.Next.Name(ctx))
}

// years leads to the years around.
func (p yearPage) years() []ui.MenuItem {
	var all []ui.MenuItem
	for y := p.Year - 1; y <= p.Year+1; y++ {
		all = append(all, ui.MenuItem{Label: strconv.Itoa(y), Href: Home + "?annee=" + strconv.Itoa(y), Current: y == p.Year})
	}
	return all
}

// give leads the secretariat to the form of a holiday's day.
func (p yearPage) give(ctx context.Context, h packs.Holiday) ui.Link {
	l := ui.Link{Label: Holiday{Label: h.Label, LabelEN: h.LabelEN}.Name(ctx)}
	if p.Keeper {
		l.Href = daysPath + "/nouvelle?fete=" + h.Code
	}
	return l
}

// change names a holiday, and leads the secretariat to the form of its day when that was decided.
func (p yearPage) change(ctx context.Context, l Line) ui.Link {
	to := ui.Link{Label: l.Name(ctx)}
	if p.Keeper && l.Decision.ID != "" {
		to.Href = daysPath + "/" + l.Decision.ID
	}
	return to
}

// reason says what makes a day a holiday.
func (l Line) reason(ctx context.Context) string {
	switch {
	case l.Decision.Source != "":
		return text.T(ctx, "Fixé par décision : %s", l.Decision.Source)
	case l.Decision.ID != "":
		return text.T(ctx, "Fixé par décision")
	case l.Status == unsure:
		return text.T(ctx, "Chaque année ; à confirmer")
	}
	return text.T(ctx, "Chaque année")
}

// unsure is the status of a rule that comes from no official text.
const unsure = "à confirmer"

func home(ctx context.Context) ui.Link {
	return ui.Link{Label: text.T(ctx, "Jours fériés"), Href: Home}
}

// dayPage is the form of a day that is decided.
type dayPage struct {
	ui.Page
	State    form.State
	Decision Decision // as it is stored; zero for a new one
	Holidays []ui.Option
}

// newDay shows the form of a day, of the holiday that the address names.
func (m *Module) newDay(r *web.Request) (web.Response, error) {
	return web.Page(dayView(m.dayPage(r.Context(), Decision{}, form.State{Values: url.Values{"holiday": {r.Query("fete")}}}))), nil
}

func (m *Module) dayPage(ctx context.Context, d Decision, s form.State) dayPage {
	title := text.T(ctx, "Donner la date d’une fête")
	if d.ID != "" {
		title = text.T(ctx, "%s de %d", m.holiday(d).Name(ctx), d.Day.Year)
	}
	p := dayPage{Page: ui.Start(ctx, title, home(ctx)), State: s, Decision: d}
	for _, h := range m.Pack.Holidays {
		if decides(h) {
			p.Holidays = append(p.Holidays, ui.Option{Value: h.Code, Label: Holiday{Label: h.Label, LabelEN: h.LabelEN}.Name(ctx)})
		}
	}
	p.Failed = s.Failed()
	return p
}

func (p dayPage) action() string {
	if p.Decision.ID == "" {
		return daysPath
	}
	return daysPath + "/" + p.Decision.ID
}

func (m *Module) decide(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	var in DayInput
	values, err := form.Into(r.Request, &in)
	if err == nil {
		_, err = m.Decide(ctx, access.Of(ctx), in)
	}
	if fault.KindOf(err) == fault.BadInput {
		return web.Invalid(dayView(m.dayPage(ctx, Decision{}, form.Of(values, err)))), nil
	}
	return saved(in.Day.Year), err
}

// saved leads to the year of a day just decided.
func saved(year int) web.Response {
	return web.SeeOther(Home + "?annee=" + strconv.Itoa(year)).Done(text.Key("C’est enregistré."))
}

// read reads the decision that the address names.
func (m *Module) read(r *web.Request) (d Decision, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		d, err = one(r.Context(), tx, r.PathValue("id"))
		return err
	})
	return d, err
}

func (m *Module) editDay(r *web.Request) (web.Response, error) {
	d, err := m.read(r)
	return web.Page(dayView(m.dayPage(r.Context(), d, form.State{Values: d.values()}))), err
}

// values fills in the form of a decision.
func (d Decision) values() url.Values {
	values := form.Unbind(DayInput{d.Holiday, d.Day, d.Source})
	values.Set(form.VersionField, strconv.FormatInt(d.Version, 10))
	return values
}

func (m *Module) move(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	var in DayInput
	values, err := form.Into(r.Request, &in)
	if err == nil {
		_, err = m.Move(ctx, access.Of(ctx), r.PathValue("id"), form.Version(values), in)
	}
	if err == nil {
		return saved(in.Day.Year), nil
	}
	return m.again(r, values, err)
}

// again shows the form with what was typed and what is wrong with it.
func (m *Module) again(r *web.Request, values url.Values, wrong error) (web.Response, error) {
	kind := fault.KindOf(wrong)
	if kind != fault.BadInput && kind != fault.Conflict {
		return web.Response{}, wrong
	}
	d, err := m.read(r)
	values.Set(form.VersionField, strconv.FormatInt(d.Version, 10))
	view := dayView(m.dayPage(r.Context(), d, form.Of(values, wrong)))
	return web.Again(view, wrong), err
}

func (m *Module) withdraw(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err == nil {
		err = m.Withdraw(r.Context(), access.Of(r.Context()), r.PathValue("id"), form.Version(values))
	}
	return web.SeeOther(Home).Done(text.Key("La date est retirée. Le journal la garde.")), err
}
