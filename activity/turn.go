package activity

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/fault"
	"cadre/kit/text"
)

// Turning is what goes with a step of the life of an activity: what its table asks for.
type Turning struct {
	Reason string `json:"reason,omitempty" form:"reason" doc:"Why it is suspended, recalled or abandoned"`
	Lesson string `json:"lesson,omitempty" form:"lesson" doc:"What we would tell others: needed to capitalise"`
}

// Turn takes an activity through the transition of Life that a verb names. Reporting
// has its own use case, which writes the report.
func (m *Module) Turn(ctx context.Context, v access.Viewer, recordID, verb string, expect int64, with Turning) (Found, error) {
	return m.change(ctx, v, recordID, expect, verb, func(act *journal.Act, f *Found) error {
		step, err := Life.Step(v, f.Owner, f.State, verb)
		if err != nil {
			return err
		}
		var c fault.Collect
		limit(&c, "reason", with.Reason, maxLong)
		limit(&c, "lesson", with.Lesson, maxLong)
		if verb == "proposed" {
			c.Need(!m.past(f.SignBy), "", "Le jour jusqu’où une réponse est attendue est passé : changez-le dans la fiche, puis mettez l’activité en concertation.")
		}
		switch step.Asks {
		case "reason":
			c.Need(with.Reason != "", "reason", "Dites pourquoi.")
			f.Interruption = &Interruption{with.Reason, act.At, f.State}
		case "lesson":
			c.Need(with.Lesson != "", "lesson", "Écrivez ce que vous diriez aux autres.")
			if f.Report != nil {
				f.Report.Lesson = with.Lesson
			}
		case "summary":
			return fault.Missing()
		}
		f.turned(step.To, act.At)
		return c.Fault()
	})
}

// turned enters a state and forgets what belongs to the state before.
func (f *Found) turned(to string, at time.Time) {
	f.State = to
	switch to {
	case Idea:
		f.Signatures = nil
	case Committed, Running:
		f.Interruption = nil
	}
	f.lapse(at)
}

// lapse closes the proposals that nobody will answer any more: the activity is over.
func (f *Found) lapse(at time.Time) {
	if open(f.State) || f.State == Suspended {
		return
	}
	f.Proposals = slices.Clone(f.Proposals)
	for i := range f.Proposals {
		if f.Proposals[i].State == Asked {
			f.Proposals[i].State, f.Proposals[i].Closed = Lapsed, at
		}
	}
}

// closed is the fault of a change to what may not be changed any more.
func closed(state string) *fault.Fault {
	return fault.New(fault.Conflict, "L’activité est « %s » : elle ne peut plus être modifiée ainsi.", text.M(Life.Name(state)))
}

// File reports what became of an activity that runs: what was reached, what was spent,
// what was difficult, and what its authors would tell others.
func (m *Module) File(ctx context.Context, v access.Viewer, recordID string, expect int64, r Report, reached []string) (Found, error) {
	return m.change(ctx, v, recordID, expect, "reported", func(act *journal.Act, f *Found) error {
		step, err := Life.Step(v, f.Owner, f.State, "reported")
		if err != nil {
			return err
		}
		var c fault.Collect
		r.check(&c)
		for i := range f.Results {
			if i < len(reached) {
				f.Results[i].Reached = reached[i]
				limit(&c, "reached", reached[i], maxShort)
			}
		}
		r.At, r.By = act.At, v.Person
		f.Report = &r
		f.turned(step.To, act.At)
		return c.Fault()
	})
}

func (r Report) check(c *fault.Collect) {
	c.Need(r.Summary != "", "summary", "Dites en quelques phrases ce qui a été fait.")
	for field, s := range map[string]string{"summary": r.Summary, "difficulties": r.Difficulties, "lesson": r.Lesson} {
		limit(c, field, s, maxLong)
	}
	r.Reached.check(c, "reached_women", "reached_men")
	c.Need(r.Spent == nil || *r.Spent >= 0 && *r.Spent <= maxMoney, "spent", "Donnez un montant entre 0 et mille milliards.")
}

// Move changes the state of a task: whoever contributes to the institution responsible
// for it may, and the lead.
func (m *Module) Move(ctx context.Context, v access.Viewer, recordID, task string, to TaskState) (Found, error) {
	return m.change(ctx, v, recordID, 0, "moved", func(_ *journal.Act, f *Found) error {
		for i, t := range f.Tasks {
			if t.ID != task {
				continue
			}
			if !v.Serves(t.Structure, authors...) && !v.Serves(f.Owner, authors...) {
				return fault.New(fault.Forbidden, "Seules les personnes de la structure responsable de la tâche, et celles du chef de file, en changent l’état.")
			}
			if f.State == Abandoned || f.State == Capitalised {
				return closed(f.State)
			}
			if !t.may(to) {
				return fault.New(fault.Conflict, "La tâche est déjà « %s ».", text.M(taskNames[t.State]))
			}
			f.Tasks[i].State = to
			var c fault.Collect
			f.Tasks[i].check(&c, func(string) bool { return true })
			return c.Fault()
		}
		return fault.Missing()
	})
}
