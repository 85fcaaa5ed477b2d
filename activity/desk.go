package activity

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/desk"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
)

// most bounds how many things of each sort the desk names.
const most = 20

// Tasks lists what activities wait for: the signature that the viewer may give, what
// their institution leads and has to move, and the tasks confided to it.
func (m *Module) Tasks(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	if !v.Serves(v.Structure, authors...) {
		return nil, nil
	}
	var all []desk.Task
	for _, source := range []func(context.Context, *db.Tx, access.Viewer) ([]desk.Task, error){m.toSign, m.toLead, m.toDo, m.toReview} {
		tasks, err := source(ctx, tx, v)
		if err != nil {
			return nil, err
		}
		all = append(all, tasks...)
	}
	return all, nil
}

// founds reads activities of an index with their content.
func founds(rows []record.Record, err error) ([]Found, error) {
	var all []Found
	for _, r := range rows {
		a, err := record.Decode[Activity](r)
		if err != nil {
			return nil, err
		}
		all = append(all, Found{r, a})
	}
	return all, err
}

func (m *Module) toSign(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	commits, err := m.People.Commits(ctx, tx, v)
	if err != nil || !commits {
		return nil, err
	}
	waiting, err := founds(of(ctx, tx, v, `SELECT id FROM activity_part WHERE structure_id IN json_list($3) AND verdict IN ('awaited', 'reopened')`, most, db.JSON(v.Structures())))
	_, names, err2 := m.acronyms(ctx, tx)
	if err == nil {
		err = err2
	}
	var all []desk.Task
	for _, f := range waiting {
		if f.State != Concertation {
			continue
		}
		t := desk.Task{Kind: text.T(ctx, "Signature attendue"), Title: f.Title, Quoted: written(ctx, f.Title), Href: Href(Kind, f.ID) + "#signer", Action: text.T(ctx, "Se prononcer"), Due: f.signBy().In(m.Zone)}
		s, _ := f.signature(f.signer(v).Structure)
		t.Wait = desk.Wait{Matter: "sign/" + f.ID + "/" + s.Structure, Since: s.Asked, Marking: f.Marking}
		t.Why = text.T(ctx, "%s demande votre signature : %s.", names[f.Owner], f.Period.Words(ctx))
		if s.Verdict == Reopened {
			t.Why = text.T(ctx, "Ce que votre structure avait signé a changé : %s.", f.Period.Words(ctx))
		}
		all = append(all, t)
	}
	return all, err
}

// signBy is the day by which a signature is useful: the one that was asked for, else the first of the activity.
func (a Activity) signBy() form.Date {
	if a.SignBy.IsZero() {
		first, _ := a.Period.Days()
		return first
	}
	return a.SignBy
}

// toLead lists what the institution leads and has to move on.
func (m *Module) toLead(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	if !v.Serves(v.Structure, leaders...) {
		return nil, nil
	}
	led, err := founds(of(ctx, tx, v, `
		SELECT activity_part.id FROM activity_part JOIN activity ON activity.id = activity_part.id
		WHERE activity_part.structure_id IN json_list($3) AND activity_part.role = 'lead'`, 10*most, db.JSON(v.Structures())))
	everyone, names, err2 := m.acronyms(ctx, tx)
	if err == nil {
		err = err2
	}
	today := form.DateOf(m.Clock.Now().In(m.Zone))
	var all []desk.Task
	for _, f := range led {
		t, ok := m.lead(ctx, f, today)
		if s, is := f.orphan(everyone); is && !ok {
			t, ok = desk.Task{Kind: text.T(ctx, "Un signataire a quitté le cadre"), Action: text.T(ctx, "Revoir les structures associées"), Href: "/modifier",
				Why:  text.T(ctx, "Personne ne signera pour %s : sans elle, ou avec une autre, l’activité peut être engagée.", names[s.Structure]),
				Wait: desk.Wait{Matter: "orphan/" + f.ID + "/" + s.Structure, Since: s.Asked}}, true
		}
		if ok && len(all) < most {
			t.Title, t.Href, t.Marking = f.Title, Href(Kind, f.ID)+t.Href, f.Marking
			t.Quoted = append(written(ctx, f.Title), t.Quoted...)
			all = append(all, t)
		}
	}
	return all, err
}

// lead says what an activity waits for from its lead, if anything.
func (m *Module) lead(ctx context.Context, f Found, today form.Date) (desk.Task, bool) {
	first, last := f.Period.Days()
	for _, p := range f.Proposals {
		if p.State == Asked && open(f.State) {
			return desk.Task{Kind: text.T(ctx, "Proposition de changement"), Action: text.T(ctx, "Répondre"), Why: p.Why, Quoted: written(ctx, p.Why), Href: "#propositions",
				Wait: desk.Wait{Matter: "proposal/" + p.ID, Since: p.At}}, true
		}
	}
	for _, s := range f.Signatures {
		if s.Verdict == Declined && f.State == Concertation {
			return desk.Task{Kind: text.T(ctx, "Un signataire a décliné"), Action: text.T(ctx, "Revoir la concertation"), Why: s.Text, Quoted: written(ctx, s.Text), Href: "#concertation",
				Wait: desk.Wait{Matter: "declined/" + f.ID + "/" + s.Structure, Since: s.At}}, true
		}
	}
	switch {
	case f.State == Committed && first.Compare(today) <= 0:
		return desk.Task{Kind: text.T(ctx, "Activité à démarrer"), Action: text.T(ctx, "Démarrer"), Why: text.T(ctx, "Elle était prévue : %s.", f.Period.Words(ctx)), Due: first.In(m.Zone),
			Wait: desk.Wait{Matter: "start/" + f.ID, Since: first.In(m.Zone)}}, true
	case f.State == Running && last.Compare(today) < 0:
		return desk.Task{Kind: text.T(ctx, "Activité à rapporter"), Action: text.T(ctx, "Rapporter"), Why: text.T(ctx, "Elle a pris fin : %s.", f.Period.Words(ctx)),
			Due: last.In(m.Zone).Add(reportIn), Href: "/etapes/reported", Wait: desk.Wait{Matter: "report/" + f.ID, Since: last.In(m.Zone)}}, true
	}
	return desk.Task{}, false
}

// written are words of institutions, with their language.
func written(ctx context.Context, all ...string) []text.Passage {
	var passages []text.Passage
	for _, words := range all {
		passages = append(passages, text.Own(ctx, words, ""))
	}
	return passages
}

// reportIn is how long after its end an activity is to be reported.
const reportIn = 30 * 24 * time.Hour

// taskAhead is how long before its day a task begins to wait.
const taskAhead = 7 * 24 * time.Hour

// toDo lists the tasks confided to the institution.
func (m *Module) toDo(ctx context.Context, tx *db.Tx, v access.Viewer) ([]desk.Task, error) {
	busy, err := founds(of(ctx, tx, v, `SELECT id FROM activity_task WHERE structure_id IN json_list($3)`, 5*most, db.JSON(v.Structures())))
	var all []desk.Task
	for _, f := range busy {
		for _, t := range f.waiting(f.State) {
			if !slices.Contains(v.Structures(), t.Structure) || f.State == Idea || len(all) == most {
				continue
			}
			task := desk.Task{Kind: text.T(ctx, "Tâche"), Title: t.Title, Why: f.Title, Quoted: written(ctx, t.Title, f.Title), Href: Href(Kind, f.ID) + "#taches", Action: text.T(ctx, "Faire avancer"), Due: t.Due.In(m.Zone)}
			if !t.Due.IsZero() {
				task.Wait = desk.Wait{Matter: "task/" + t.ID, Since: task.Due.Add(-taskAhead), Marking: f.Marking}
			}
			all = append(all, task)
		}
	}
	return all, err
}
