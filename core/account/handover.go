package account

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/text"
)

// Handover is a passation de service: a function passed to a successor at an instant.
// What was open stays with the function; the posts keep who held it when.
type Handover struct {
	ID        string          `json:"id"`
	Structure string          `json:"structure"`
	Function  access.Function `json:"function"`
	From      string          `json:"from"` // person
	To        string          `json:"to"`   // person
	At        time.Time       `json:"at"`   // from when the successor holds it
	Note      string          `json:"note"` // what the predecessor leaves in writing
	Made      time.Time       `json:"-"`
}

const handoverColumns = `id, structure_id, function, from_id, to_id, at, note, made_at`

func (h *Handover) fields() []any {
	return []any{&h.ID, &h.Structure, &h.Function, &h.From, &h.To, db.Instant(&h.At), &h.Note, db.Instant(&h.Made)}
}

// Passing asks for a handover, to somebody of the institution or to somebody new.
type Passing struct {
	Function  access.Function `form:"function" json:"function"`
	Successor string          `form:"successor" json:"successor,omitempty" doc:"Identifier of the person; absent to invite somebody"`
	Name      string          `form:"name" json:"name,omitempty" doc:"Of the person to invite"`
	Email     string          `form:"email" json:"email,omitempty"`
	Phone     string          `form:"phone" json:"phone,omitempty"`
	At        time.Time       `json:"at,omitzero" required:"false" doc:"Now when absent or past"`
	Note      string          `form:"note" json:"note,omitempty" doc:"What the predecessor leaves in writing"`
}

const maxNote = 4000

// HandOver passes a function of a person, the viewer or one whom they administer, to
// a successor. It takes effect at its instant by itself.
func (m *Module) HandOver(ctx context.Context, v access.Viewer, personID string, q Passing) (Handover, error) {
	var h Handover
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		p, a, err := m.seen(ctx, act.Tx, v, personID)
		if err != nil {
			return err
		}
		if !slices.Contains(access.Functions, q.Function) {
			return fault.Invalid("function", "Choisissez une fonction de la liste.")
		}
		if !a.gives(q.Function) || p.ID != v.Person && !a.appoints(p, q.Function) {
			return fault.New(fault.Forbidden, "Vous ne pouvez pas transmettre cette fonction. Demandez-le au responsable de la structure ou au secrétariat permanent.")
		}
		if len([]rune(q.Note)) > maxNote {
			return fault.Invalid("note", "%d caractères au plus.", maxNote)
		}
		at := latest(q.At, act.At)
		if err := end(ctx, act, &p, q.Function, at); err != nil {
			return err
		}
		to, err := m.succeed(ctx, act, a, p, q, at)
		if err != nil {
			return err
		}
		h = Handover{id.New(), p.Structure, q.Function, p.ID, to, at, q.Note, act.At}
		return h.insert(ctx, act)
	})
	return h, err
}

func (h Handover) insert(ctx context.Context, act *journal.Act) error {
	_, err := act.Exec(ctx, `INSERT INTO handover (`+handoverColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		h.ID, h.Structure, h.Function, h.From, h.To, h.At, h.Note, h.Made)
	if err != nil {
		return err
	}
	return act.Record(ctx, "account.handover.made", h.ID, 1, h)
}

// succeed gives the function to the successor, whom it finds or invites, and returns who that is.
func (m *Module) succeed(ctx context.Context, act *journal.Act, a authority, p Person, q Passing, at time.Time) (string, error) {
	if q.Successor == "" {
		next := Person{Email: q.Email, Name: q.Name, Phone: q.Phone, Structure: p.Structure, Language: p.Language, Mandate: p.Mandate,
			Clearance: min(p.Clearance, a.clearance), Posts: []Post{{Function: q.Function, From: at}}}
		err := m.invite(ctx, act, &next)
		return next.ID, err
	}
	next, err := find(ctx, act.Tx, q.Successor)
	if fault.KindOf(err) == fault.NotFound || err == nil && (next.Structure != p.Structure || next.State != Active || next.ID == p.ID) {
		return "", fault.Invalid("successor", "Choisissez quelqu’un de la même structure.")
	}
	if err != nil {
		return "", err
	}
	if !a.appoints(next, q.Function) {
		return "", fault.Invalid("successor", "Vous n’administrez pas le compte de cette personne : demandez-le au responsable de la structure ou au secrétariat permanent.")
	}
	if err := give(ctx, act, &next, Post{Person: next.ID, Function: q.Function, From: at}); err != nil {
		return "", err
	}
	return next.ID, m.mail(ctx, act, next, text.M("Une fonction vous est confiée sur Cadre"),
		text.M("À partir du %s, vous exercez la fonction « %s ».", at.In(m.Zone).Format("02/01/2006"), FunctionName(q.Function)), verbatim(m.BaseURL+"/compte"))
}

// Handovers lists what a person has passed on, the last first, for whoever may see the person.
func (m *Module) Handovers(ctx context.Context, v access.Viewer, personID string) ([]Handover, error) {
	var all []Handover
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		f, err := m.show(ctx, tx, v, personID)
		if err == nil && f.Limited {
			err = fault.Missing()
		}
		if err != nil {
			return err
		}
		all, err = db.All(ctx, tx, (*Handover).fields, `SELECT `+handoverColumns+` FROM handover WHERE from_id = $1 ORDER BY at DESC, id DESC`, personID)
		return err
	})
	return all, err
}
