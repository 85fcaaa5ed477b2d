package directory

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/journal"
	"cadre/core/lifecycle"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/text"
)

// Dissolved is the state of the sheet of a structure that has left the framework.
const Dissolved = "dissolved"

// SheetLife is the life of the sheet of a structure. The secretariat leads it, whatever
// institution it serves in.
var SheetLife = lifecycle.Table{
	States: []lifecycle.State{{Code: InForce, Name: text.Key("dans le cadre")}, {Code: Dissolved, Name: text.Key("dissoute")}},
	Transitions: []lifecycle.Transition{
		{Verb: "dissolved", Name: text.Key("Dissoudre ou fusionner"), From: InForce, To: Dissolved, Who: []access.Function{access.Secretariat}},
		{Verb: "reopened", Name: text.Key("Annuler la dissolution"), From: Dissolved, To: InForce, Who: []access.Function{access.Secretariat}},
	},
	Reserved: text.Key("Seul le secrétariat permanent écrit qu’une structure est dissoute, fusionnée ou de nouveau dans le cadre."),
}

// Closing is how a structure left the framework: dissolved, or merged into another.
type Closing struct {
	On        When   `json:"on" form:"on" doc:"Day on which it took effect"`
	Text      string `json:"text" form:"text" doc:"Text that decides it"`
	Successor string `json:"successor,omitempty" form:"successor" doc:"Identifier of the institution that has its matters now; empty for none"`
}

// closing is how the structure left, zero while it is in the framework.
func (s Structure) closing() Closing {
	if s.Closed == nil {
		return Closing{}
	}
	return *s.Closed
}

func closedFault() error {
	return fault.New(fault.Conflict, "Cette structure a quitté le cadre : sa fiche ne change plus.")
}

// living refuses to change what a structure that has left the framework made known.
func (m *Module) living(ctx context.Context, tx *db.Tx, structure string) error {
	n, err := db.Value[int](ctx, tx, `SELECT count(*) FROM directory_structure WHERE id = $1 AND closed_on <> ''`, structure)
	if err == nil && n > 0 {
		err = closedFault()
	}
	return err
}

// dissolved lists the structures that have left the framework.
func dissolved(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.Values[string](ctx, tx, `SELECT id FROM directory_structure WHERE closed_on <> ''`)
}

// Heirs says of each structure that was merged which one has its matters now.
func Heirs(ctx context.Context, tx *db.Tx) (map[string]string, error) {
	type row struct{ id, successor string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.id, &r.successor} }, `SELECT id, successor_id FROM directory_structure WHERE successor_id <> ''`)
	next := map[string]string{}
	for _, r := range rows {
		next[r.id] = r.successor
	}
	return last(next), err
}

// last follows each structure from successor to successor.
func last(next map[string]string) map[string]string {
	heirs := make(map[string]string, len(next))
	for id := range next {
		for heir := next[id]; heir != ""; heir = next[heir] {
			heirs[id] = heir
		}
	}
	return heirs
}

// Heritage lists the structures that one took over, and those that they had taken over.
func (m *Module) Heritage(ctx context.Context, tx *db.Tx, structure string) ([]string, error) {
	return db.Values[string](ctx, tx, `
		WITH RECURSIVE taken (id) AS (
			SELECT id FROM directory_structure WHERE successor_id = $1
			UNION SELECT s.id FROM directory_structure s JOIN taken ON s.successor_id = taken.id)
		SELECT id FROM taken ORDER BY id`, structure)
}

// successor is who took a structure over, nil for nobody.
func (m *Module) successor(ctx context.Context, tx *db.Tx, s Structure) (*account.Structure, error) {
	if s.closing().Successor == "" {
		return nil, nil
	}
	all, err := m.Institutions(ctx, tx)
	i := slices.IndexFunc(all, func(o account.Structure) bool { return o.ID == s.Closed.Successor })
	if err != nil || i < 0 {
		return nil, err
	}
	return &all[i], nil
}

// Close takes a structure out of the framework. Its sheet stays readable and says so; what it
// did is counted no more; its people hold no function any more. Who succeeds it reads what it
// read and acts in its stead.
func (m *Module) Close(ctx context.Context, v access.Viewer, key string, expect int64, c Closing) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		s, step, err := m.stepping(ctx, act.Tx, v, key, "dissolved")
		if err != nil {
			return err
		}
		if err := m.checkClosing(ctx, act, s, &c); err != nil {
			return err
		}
		if err := m.People.Dismiss(ctx, act, s.ID); err != nil {
			return err
		}
		if err := m.eachBatch(ctx, act.Tx, s.ID, func(facts []entry) error { return m.leave(ctx, act.Tx, facts...) }); err != nil {
			return err
		}
		s.State, s.Structure.Closed = step.To, &c
		return m.save(ctx, act, &s.Record, expect, step.Verb, s.Structure)
	})
}

// stepping reads a sheet that the secretariat takes through a transition.
func (m *Module) stepping(ctx context.Context, tx *db.Tx, v access.Viewer, key, verb string) (Sheet, lifecycle.Transition, error) {
	s, err := m.head(ctx, tx, v, key)
	if err != nil {
		return s, lifecycle.Transition{}, err
	}
	step, err := SheetLife.Step(v, v.Structure, s.State, verb)
	return s, step, err
}

func (m *Module) checkClosing(ctx context.Context, act *journal.Act, s Sheet, in *Closing) error {
	var c fault.Collect
	_, isDate := ParseWhen(string(in.On))
	when(&c, "on", &in.On)
	c.Need(in.On != "", "on", "Indiquez la date d’effet.")
	c.Need(!isDate || in.On == "" || in.On.before(act.At), "on", "Cette date n’est pas encore venue : notez la dissolution quand elle prend effet.")
	c.Need(in.Text != "", "text", "Donnez le texte qui en décide.")
	limit(&c, "text", in.Text, maxShort)
	if in.Successor != "" {
		next, err := m.head(ctx, act.Tx, act.By, in.Successor)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		c.Need(err == nil && next.Closed == nil && next.ID != s.ID, "successor", "Choisissez une autre structure du cadre.")
		in.Successor = next.ID
	}
	return c.Fault()
}

// Reopen takes back a closing that was a mistake. What the structure did counts again; its
// people get their functions from the secretariat.
func (m *Module) Reopen(ctx context.Context, v access.Viewer, key string, expect int64) error {
	return m.Log.Write(ctx, v, func(act *journal.Act) error {
		s, step, err := m.stepping(ctx, act.Tx, v, key, "reopened")
		if err != nil {
			return err
		}
		s.State, s.Structure.Closed = step.To, nil
		if err := m.save(ctx, act, &s.Record, expect, step.Verb, s.Structure); err != nil {
			return err
		}
		return m.eachBatch(ctx, act.Tx, s.ID, func(facts []entry) error { return m.enter(ctx, act.Tx, facts...) })
	})
}

// TakeOver puts what a closed structure made known on the sheet of who succeeds it, whose
// keepers ask for it: all the facts in force that they may see. It returns how many.
func (m *Module) TakeOver(ctx context.Context, v access.Viewer, key string) (int, error) {
	n := 0
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		s, err := m.head(ctx, act.Tx, v, key)
		if err != nil {
			return err
		}
		to := s.closing().Successor
		if to == "" || !keeps(v, to) {
			return fault.New(fault.Forbidden, "Seuls ceux qui tiennent la fiche de la structure qui succède à celle-ci reprennent ses faits.")
		}
		all, err := record.All(ctx, act.Tx, v, record.Filter{Owner: s.ID, State: InForce})
		if err != nil {
			return err
		}
		for _, r := range all {
			k, itself := kindOfRecord(r.Kind)
			if itself != nil {
				continue // of another room, or the sheet
			}
			if err := m.adopt(ctx, act, r, k, to); err != nil {
				return err
			}
			n++
		}
		if n == 0 {
			return fault.New(fault.Conflict, "Il n’y a plus rien à reprendre.")
		}
		return nil
	})
	return n, err
}

// adopt gives a fact of a closed structure, which is counted nowhere, to another.
func (m *Module) adopt(ctx context.Context, act *journal.Act, r record.Record, k kind, owner string) error {
	f, err := factOf(r, k)
	if err != nil {
		return err
	}
	r.Audience = slices.DeleteFunc(r.Audience, func(p access.Principal) bool { return p == access.Structure(r.Owner) })
	r.Owner = owner
	if err := record.Change(ctx, act, &r, r.Version, "directory."+k.code+".adopted", f, f.words()); err != nil {
		return err
	}
	return m.enter(ctx, act.Tx, m.entryOf(r, f))
}
