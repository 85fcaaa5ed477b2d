package account

import (
	"cmp"
	"context"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/fault"
	"cadre/kit/id"
)

// Gift asks for a function to be given to a person.
type Gift struct {
	Function access.Function
	From     time.Time // zero, or past, for now
	To       time.Time // zero for an open end
}

// Give gives a person a function, within what the viewer may give.
func (m *Module) Give(ctx context.Context, v access.Viewer, personID string, g Gift) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		p, a, err := m.seen(ctx, act.Tx, v, personID)
		if err != nil {
			return err
		}
		if !a.any() || p.ID == v.Person {
			return notYours()
		}
		if !a.appoints(p, g.Function) {
			return fault.Invalid("function", "Vous ne pouvez pas confier cette fonction. Demandez-le au responsable de la structure ou au secrétariat permanent.")
		}
		if s, err := m.Institution(ctx, act.Tx, p.Structure); err != nil || s.Closed {
			return cmp.Or(err, left())
		}
		if p.State != Active {
			return fault.New(fault.Conflict, "Ce compte est désactivé : réactivez-le d’abord.")
		}
		q := Post{Person: p.ID, Function: g.Function, From: latest(g.From, act.At), To: instant(g.To)}
		return give(ctx, act, &p, q)
	})
}

// give adds a post to a person and stores it.
func give(ctx context.Context, act *journal.Act, p *Person, q Post) error {
	if !q.To.IsZero() && !q.To.After(q.From) {
		return fault.Invalid("to", "La fin doit venir après le début.")
	}
	if _, held := p.holding(q.Function, q.From); held {
		return fault.Invalid("function", "Cette personne exerce déjà cette fonction, ou l’exercera. Choisissez-en une autre.")
	}
	q.ID = id.New()
	if err := insertPost(ctx, act, q); err != nil {
		return err
	}
	p.Posts = append(p.Posts, q)
	sortPosts(p.Posts)
	return p.save(ctx, act, p.Version, "account.function.given")
}

// End ends a function of a person at an instant, now when it is zero or past. A
// function that has not begun is never held.
func (m *Module) End(ctx context.Context, v access.Viewer, personID string, f access.Function, at time.Time) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		p, a, err := m.seen(ctx, act.Tx, v, personID)
		if err != nil {
			return err
		}
		if !a.appoints(p, f) {
			return notYours()
		}
		at := latest(at, act.At)
		if err := m.keepSecretariat(ctx, act, p, f); err != nil {
			return err
		}
		return end(ctx, act, &p, f, at)
	})
}

// end closes the post of a function and stores it.
func end(ctx context.Context, act *journal.Act, p *Person, f access.Function, at time.Time) error {
	q, held := p.holding(f, act.At)
	if !held || !q.To.IsZero() && !at.Before(q.To) {
		return fault.New(fault.Conflict, "Cette personne n’exerce pas cette fonction, ou elle finit déjà avant. Rechargez la page.")
	}
	q.To = latest(at, q.From)
	for i := range p.Posts {
		if p.Posts[i].ID == q.ID {
			p.Posts[i].To = q.To
		}
	}
	if err := endPost(ctx, act, q); err != nil {
		return err
	}
	return p.save(ctx, act, p.Version, "account.function.ended")
}

// keepSecretariat refuses to leave the framework without anybody who can give a function back.
func (m *Module) keepSecretariat(ctx context.Context, act *journal.Act, p Person, f access.Function) error {
	if _, held := p.holding(f, act.At); f != access.Secretariat || !held {
		return nil
	}
	others, err := holders(ctx, act.Tx, f, act.At, p.ID)
	if err == nil && others == 0 {
		err = fault.New(fault.Conflict, "C’est la dernière personne du secrétariat permanent : nommez-en d’abord une autre.")
	}
	return err
}

// latest returns the later of two instants.
func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return instant(a)
	}
	return instant(b)
}

// instant puts a time in the form in which it will be read again, which the journal's content is compared with.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
