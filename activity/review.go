package activity

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/desk"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// Judgement is what a partner says of a report: what the lead claims is verified by another institution.
type Judgement string

// The judgements.
const (
	Confirmed Judgement = "confirmed"
	Disputed  Judgement = "disputed"
)

// judgementNames are keys of the catalogue.
var judgementNames = map[Judgement]string{Confirmed: text.Key("Confirme le rapport"), Disputed: text.Key("Conteste le rapport")}

// Review is what a partner that signed the activity says of its report.
type Review struct {
	Structure string    `json:"structure"`
	Judgement Judgement `json:"judgement" enum:"confirmed,disputed"`
	Text      string    `json:"text,omitempty"`
	Person    string    `json:"person"`
	At        time.Time `json:"at"`
}

// Opinion is what its people say.
type Opinion struct {
	Judgement Judgement `json:"judgement" form:"judgement" enum:"confirmed,disputed"`
	Text      string    `json:"text,omitempty" form:"opinion" doc:"Needed to dispute"`
}

func (o Opinion) check() error {
	var c fault.Collect
	c.Need(o.Judgement == Confirmed || o.Judgement == Disputed, "judgement", "Choisissez une des réponses proposées.")
	c.Need(o.Judgement != Disputed || o.Text != "", "opinion", "Dites ce que votre structure conteste.")
	limit(&c, "opinion", o.Text, maxLong)
	return c.Fault()
}

// judges reports whether the viewer may say what a partner thinks of the report.
func (f Found) judges(v access.Viewer) bool {
	v = f.speaker(v)
	over := f.State == Reported || f.State == Capitalised
	return over && f.Report != nil && v.Structure != f.Owner && f.role(v.Structure).Signs() && v.Serves(v.Structure, leaders...)
}

// Review records what the viewer's institution, which signed the activity, says of its report, in the
// place of what it said before.
func (m *Module) Review(ctx context.Context, v access.Viewer, recordID string, in Opinion) (Found, error) {
	return m.change(ctx, v, recordID, 0, "reviewed", reviewing(v, in))
}

// reviewing is what the opinion of a partner does to an activity.
func reviewing(v access.Viewer, in Opinion) func(*journal.Act, *Found) error {
	return func(act *journal.Act, f *Found) error {
		if f.Report == nil {
			return fault.New(fault.Conflict, "Cette activité n’a pas encore de rapport.")
		}
		if !f.judges(v) {
			return fault.New(fault.Forbidden, "Le responsable, le point focal et son suppléant d’une structure qui a signé l’activité se prononcent sur son rapport.")
		}
		if err := in.check(); err != nil {
			return err
		}
		report, by := *f.Report, f.speaker(v).Structure
		report.Reviews = append(slices.DeleteFunc(slices.Clone(report.Reviews), func(r Review) bool { return r.Structure == by }), Review{by, in.Judgement, in.Text, v.Person, act.At})
		f.Report = &report
		return nil
	}
}

// reviewed reports whether an institution has said what it thinks of the report.
func (a Activity) reviewed(structure string) bool {
	return a.Report != nil && slices.ContainsFunc(a.Report.Reviews, func(r Review) bool { return r.Structure == structure })
}

// postReview records what a partner says of the report.
func (m *Module) postReview(r *web.Request) (web.Response, error) {
	var in Opinion
	values, err := form.Into(r.Request, &in)
	if err == nil {
		_, err = m.Review(r.Context(), access.Of(r.Context()), r.PathValue("id"), in)
	}
	return m.again(r, values, err, "#avis", func(p *showPage) bool {
		p.Judging = true
		return p.Reviewer
	})
}

// judging is what was typed about the report, when that is what failed.
func (p showPage) judging() form.State {
	if p.Judging {
		return p.State
	}
	return form.State{}
}

func judgements(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: string(Confirmed), Label: text.T(ctx, "Nous confirmons")}, {Value: string(Disputed), Label: text.T(ctx, "Nous contestons")}}
}

// reviewIn is how long a report waits for what partners say of it.
const reviewIn = 60 * 24 * time.Hour

// toReview lists the reports about which the institution, which signed, has said nothing yet.
func (m *Module) toReview(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	if !v.Serves(v.Structure, leaders...) {
		return nil, nil
	}
	told, err := founds(of(ctx, tx, v, `
		SELECT activity_part.id FROM activity_part JOIN activity ON activity.id = activity_part.id
		WHERE activity_part.structure_id IN json_list($3) AND activity_part.role IN ('co', 'support') AND activity.state = 'reported'`, 5*most, db.JSON(v.Structures())))
	var all []desk.Task
	for _, f := range told {
		if !f.judges(v) || f.reviewed(f.speaker(v).Structure) || m.Clock.Now().Sub(f.Report.At) > reviewIn || len(all) == most {
			continue
		}
		all = append(all, desk.Task{Kind: text.T(ctx, "Rapport à confirmer"), Title: f.Title, Quoted: written(ctx, f.Title), Href: Href(Kind, f.ID) + "#avis", Action: text.T(ctx, "Lire et se prononcer"),
			Why: text.T(ctx, "Rapporté le %s.", text.Date(ctx, f.Report.At.In(m.Zone))), Wait: desk.Wait{Marking: f.Marking}})
	}
	return all, err
}

// Progress is how many of the tasks are done, of those that were not dropped.
func (a Activity) Progress() (done, total int) {
	for _, t := range a.Tasks {
		switch t.State {
		case Done:
			done++
			total++
		case Open, Doing:
			total++
		}
	}
	return done, total
}

// progress words how far the tasks are.
func (p showPage) progress(ctx context.Context) []ui.Link {
	done, total := p.Progress()
	if total == 0 {
		return nil
	}
	return []ui.Link{{Label: text.N(ctx, done, "%d faite sur %d", "%d faites sur %d", done, total)}}
}
