package activity

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/lifecycle"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// showPage is an activity as its readers see it.
type showPage struct {
	ui.Page
	Found
	voice
	Viewer   access.Viewer
	Steps    []lifecycle.Transition
	Author   bool   // may change what the lead says
	Leader   bool   // leads the activity on
	Partner  bool   // may propose a change
	Reviewer bool   // may say what their institution thinks of the report
	Judging  bool   // that is the form that failed
	Signer   bool   // its institution answers, and the viewer may commit it
	Holds    bool   // it has signed
	Orphan   string // name of an institution whose answer is awaited and that nobody answers for; empty for none
	Reach    circle.Preview
	Links    []record.Linked
	Beside   templ.Component
	Around   templ.Component // what has been said of it and attached to it
	State    form.State      // of the answer, or of the settling of a proposal
	Now      time.Time

	Settling string // the proposal that State is about; empty for none
}

// answer is the state of the form of the answer.
func (p showPage) answer() form.State {
	if p.Settling != "" {
		return form.State{}
	}
	return p.State
}

// settling is the state of the form that settles a proposal.
func (p showPage) settling(proposal string) form.State {
	if p.Settling != proposal {
		return form.State{}
	}
	return p.State
}

// settles reports whether the viewer settles the proposals.
func (p showPage) settles() bool { return p.Author && p.Leader }

func (m *Module) show(r *web.Request) (web.Response, error) {
	p, err := m.page(r, form.State{})
	if err != nil {
		return web.Response{}, err
	}
	m.Readers.Note(p.Viewer, record.Read, p.Record)
	return web.Page(showing(p)), nil
}

// page reads an activity with all that its page shows.
func (m *Module) page(r *web.Request, s form.State) (showPage, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	p := showPage{voice: voice{Room: m}, Viewer: v, State: s, Now: m.Clock.Now().In(m.Zone)}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Found, err = find(ctx, tx, v, r.PathValue("id")); err != nil {
			return err
		}
		var everyone []Structure
		if everyone, p.Names, err = m.acronyms(ctx, tx); err != nil {
			return err
		}
		if s, is := p.orphan(everyone); is {
			p.Orphan = p.Names[s.Structure]
		}
		if p.People, err = m.People.Names(ctx, tx, p.named()); err != nil {
			return err
		}
		if p.Links, err = record.Links(ctx, tx, v, p.ID); err != nil {
			return err
		}
		if p.Lent, err = m.lendable(ctx, tx, v, Lending{IDs: p.capacities()}); err != nil {
			return err
		}
		return m.surround(ctx, tx, &p)
	})
	if err != nil {
		return p, err
	}
	if p.Around, err = m.Dossier.Around(ctx, p.Record); err != nil {
		return p, err
	}
	p.Page = ui.Start(ctx, p.Record.Title, planCrumb(ctx))
	p.Failed, p.Page.Marking = s.Failed(), circle.Marking(ctx, p.Record.Marking)
	return p, nil
}

// surround reads what depends on who looks: their rights, who reads, what other rooms show.
func (m *Module) surround(ctx context.Context, tx *db.Tx, p *showPage) (err error) {
	asked := p.Viewer
	v := p.speaker(asked)
	p.Viewer = p.signer(asked)
	p.Steps = Life.Offered(v, p.Owner, p.Record.State)
	p.Author, p.Leader = v.Serves(p.Owner, authors...) && open(p.Record.State), v.Serves(p.Owner, leaders...)
	p.Partner = p.role(v.Structure) != "" && v.Serves(v.Structure, leaders...) && open(p.Record.State) && p.Record.State != Idea
	if s, signs := p.signature(p.Viewer.Structure); signs && p.Record.State == Concertation {
		p.Holds = s.holds()
		if p.Signer, err = m.People.Commits(ctx, tx, v); err != nil {
			return err
		}
	}
	if p.Author {
		if p.Reach, err = m.Circles.Preview(ctx, tx, p.Owner, circle.Resolved{Marking: p.Record.Marking, Audience: p.Audience}); err != nil {
			return err
		}
	}
	p.Reviewer = p.judges(asked)
	if m.Beside != nil {
		p.Beside, err = m.Beside(ctx, tx, asked, p.Record)
	}
	return err
}

// named are the people whom the page names.
func (f Activity) named() []string {
	var all []string
	for _, s := range f.Signatures {
		all = append(all, s.Person)
	}
	for _, p := range f.Proposals {
		all = append(all, p.Person, p.ClosedBy)
	}
	if f.Report != nil {
		all = append(all, f.Report.By)
		for _, r := range f.Report.Reviews {
			all = append(all, r.Person)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(all)))
}

func (p showPage) path(rest string) string { return Href(Kind, p.ID) + rest }

func (p showPage) version() string { return strconv.FormatInt(p.Version, 10) }

func (p showPage) kicker(ctx context.Context) []string {
	k := []string{term(ctx, p.Room.Pack.ActivityTypes, p.Type)}
	if len(p.signatories(p.Owner)) > 1 {
		k = append(k, text.T(ctx, "Activité concertée"))
	}
	k = append(k, text.T(ctx, "écrite par %s le %s", p.Names[p.Owner], text.Date(ctx, p.Created.In(p.Room.Zone))))
	if p.Fictitious {
		k = append(k, text.T(ctx, "données fictives"))
	}
	return k
}

// life is the way from the idea to what was learnt, with where the activity stands.
func (p showPage) life(ctx context.Context) []ui.Step {
	way := []string{Idea, Concertation, Committed, Running, Reported, Capitalised}
	at := slices.Index(way, p.Record.State)
	if at < 0 { // suspended or abandoned: where it was
		at = slices.Index(way, p.Interruption.From)
	}
	var all []ui.Step
	for i, state := range way {
		s := ui.Step{Label: text.T(ctx, Life.Name(state)), Done: i < at || i == at && p.Record.State != state, Current: state == p.Record.State}
		if state == Concertation && s.Current && !p.SignBy.IsZero() {
			s.When = text.T(ctx, "jusqu’au %s", text.Date(ctx, p.SignBy.In(p.Room.Zone)))
		}
		all = append(all, s)
	}
	return all
}

func (p showPage) places(ctx context.Context) []string {
	var all []string
	for _, code := range p.Places {
		all = append(all, p.Room.Places.Path(ctx, code))
	}
	return all
}

func (p showPage) themes(ctx context.Context) []string {
	var all []string
	for _, code := range p.Themes {
		all = append(all, p.Room.Themes.Label(ctx, code))
	}
	return all
}

// positions are what the signatories have answered.
func (p showPage) positions(ctx context.Context) []ui.Position {
	var all []ui.Position
	for _, s := range p.Signatures {
		q := ui.Position{Name: p.Names[s.Structure], State: verdictStates[s.Verdict], Word: text.T(ctx, verdictNames[s.Verdict]), Text: s.Text}
		who := p.People[s.Person]
		switch {
		case s.Verdict == Awaited:
			q.Note = text.T(ctx, "demandée le %s", text.Date(ctx, s.Asked.In(p.Room.Zone)))
		case s.Verdict == Reopened:
			q.Note = text.T(ctx, "avait répondu à la version %d le %s ; ce qui la concerne a changé depuis", s.Version, text.Date(ctx, s.At.In(p.Room.Zone)))
		default:
			q.Note = text.T(ctx, "%s, le %s, version %d", who, text.Date(ctx, s.At.In(p.Room.Zone)), s.Version)
		}
		if s.Version > 0 && s.Version < p.Version && p.Viewer.Known() {
			q.Since = ui.Link{Label: text.T(ctx, "Ce qui a changé depuis"), Href: fmt.Sprintf("/fiches/%s/versions?de=%d&a=%d", p.ID, s.Version, p.Version)}
		}
		if s.Structure == p.Owner {
			q.Note = text.T(ctx, "Chef de file") + ", " + q.Note
		}
		all = append(all, q)
	}
	return all
}

// others are the partners who are asked or told without signing.
func (p showPage) others() []Partner {
	return slices.DeleteFunc(slices.Clone(p.Partners), func(o Partner) bool { return o.Role.Signs() && p.Record.State != Idea })
}

func (p showPage) signed(ctx context.Context) string {
	n := 0
	for _, s := range p.Signatures {
		if s.holds() {
			n++
		}
	}
	return text.N(ctx, n, "%d signature sur %d", "%d signatures sur %d", n, len(p.Signatures))
}

// funding says what the budget comes to, and leads the authors to it.
func (p showPage) funding(ctx context.Context) []ui.Link {
	edit := p.more("budget", text.T(ctx, "Modifier le budget"))
	total, secured := p.Cost()
	if total == 0 {
		return edit
	}
	return append([]ui.Link{{Label: text.T(ctx, "%s, dont %d %% acquis", text.Money(ctx, total), 100*secured/total)}}, edit...)
}

// diff are the terms that a proposal changes, in words.
func (p showPage) diff(ctx context.Context, o Proposal) []record.Difference {
	var all []record.Difference
	for _, name := range o.Before.Changed(o.After) {
		all = append(all, record.Difference{Name: text.T(ctx, termNames[name]), Before: p.termWords(ctx, o.Before, name), After: p.termWords(ctx, o.After, name)})
	}
	return all
}

// taskState says where a task stands, and how late it is.
func (p showPage) taskState(ctx context.Context, t Task) templ.Component {
	late := form.DateOf(p.Now)
	switch {
	case t.Waits() && !t.Due.IsZero() && t.Due.Compare(late) < 0:
		days := int(late.In(time.UTC).Sub(t.Due.In(time.UTC)).Hours() / 24)
		return ui.State(ui.Late, text.N(ctx, days, "En retard de %d jour", "En retard de %d jours", days))
	case t.State == Done:
		return ui.State(ui.Done, text.T(ctx, taskNames[t.State]))
	case t.State == Doing:
		return ui.State(ui.Running, text.T(ctx, taskNames[t.State]))
	}
	return ui.State(ui.Off, text.T(ctx, taskNames[t.State]))
}

// moves reports whether the viewer may move a task.
func (p showPage) moves(t Task) bool {
	return (p.Viewer.Serves(t.Structure, authors...) || p.Viewer.Serves(p.Owner, authors...)) && p.Record.State != Abandoned && p.Record.State != Capitalised
}
