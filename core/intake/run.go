package intake

import (
	"context"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/sheet"
)

// Take keeps a file for its sender, and tells whether all of its titles are understood.
func (m *Module) Take(ctx context.Context, v access.Viewer, d Desk, name string, file []byte, c circle.Choice) (sure bool, err error) {
	s, err := sheet.Read(file)
	if err != nil {
		return false, err
	}
	if err := m.checkCircle(ctx, d, c); err != nil {
		return false, err
	}
	w := waiting{Name: name, File: file, Choice: c}
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		known, err := remembered(ctx, tx, d)
		if err != nil {
			return err
		}
		w.Columns, sure = d.guess(s.Head, known)
		return m.keep(ctx, tx, v, d, w)
	})
	return sure, err
}

func (m *Module) checkCircle(ctx context.Context, d Desk, c circle.Choice) error {
	if d.Circle == nil {
		return nil
	}
	_, err := m.Circles.Foresee(ctx, d.Owner, c)
	return err
}

// Explain says what the titles of the waiting file are, and who will read what is new; the
// institution's next file with the same titles will be understood.
func (m *Module) Explain(ctx context.Context, v access.Viewer, d Desk, columns []string, c circle.Choice) error {
	if err := d.told(columns); err != nil {
		return err
	}
	if err := m.checkCircle(ctx, d, c); err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		w, err := m.find(ctx, tx, v, d)
		if err != nil {
			return err
		}
		s, err := sheet.Read(w.File)
		if err != nil {
			return err
		}
		if len(columns) != len(s.Head) {
			return fault.New(fault.Conflict, "Le fichier a changé entre-temps. Relisez ses colonnes.")
		}
		w.Columns, w.Choice = columns, c
		if err := remember(ctx, tx, d, meanings(s.Head, columns)); err != nil {
			return err
		}
		return m.keep(ctx, tx, v, d, w)
	})
}

// Foresee tells what the waiting file would do.
func (m *Module) Foresee(ctx context.Context, v access.Viewer, d Desk) (Plan, error) {
	var p Plan
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		w, err := m.find(ctx, tx, v, d)
		if err == nil {
			p, err = m.plan(ctx, tx, v, d, w)
		}
		return err
	})
	return p, err
}

// Do imports the waiting file, all of it or nothing, in one act. seen is the digest of the
// plan that the viewer has read: when it would do something else by now, nothing is done and
// the fault is a Conflict.
func (m *Module) Do(ctx context.Context, v access.Viewer, d Desk, seen string) (Plan, error) {
	var p Plan
	err := m.Log.Write(ctx, v, func(act *journal.Act) error {
		w, err := m.find(ctx, act.Tx, v, d)
		if err != nil {
			return err
		}
		if p, err = m.plan(ctx, act.Tx, v, d, w); err != nil {
			return err
		}
		if p.Digest != seen {
			return fault.New(fault.Conflict, "Depuis l’aperçu, la fiche ou le fichier a changé. Relisez ce qui sera fait.")
		}
		if err := m.save(ctx, act, d, p, w.Choice); err != nil {
			return err
		}
		return drop(ctx, act.Tx, v, d)
	})
	return p, err
}

// save saves every line of a plan in which nothing is wrong.
func (m *Module) save(ctx context.Context, act *journal.Act, d Desk, p Plan, c circle.Choice) (err error) {
	switch {
	case len(p.Wrong) > 0:
		return p.fault()
	case p.Count(New)+p.Count(Changed) == 0:
		return fault.New(fault.Conflict, "Rien n’est à enregistrer : tout est déjà comme dans le fichier.")
	}
	s := Saving{Owner: d.Owner}
	if d.Circle != nil {
		if s.To, err = m.Circles.Resolve(ctx, act.Tx, d.Owner, c); err != nil {
			return err
		}
	}
	for _, l := range p.Lines {
		if l.Fate == Same {
			continue
		}
		s.Before, s.Values = l.Before, l.Values
		if err := d.Save(ctx, act, s); err != nil {
			return err
		}
	}
	return nil
}

// maxTold is how many wrong cells a fault names.
const maxTold = 100

// fault says in one fault what is wrong with a file.
func (p Plan) fault() error {
	f := fault.New(fault.BadInput, "Rien n’a été importé : certaines lignes sont à corriger.")
	for _, w := range p.Wrong[:min(len(p.Wrong), maxTold)] {
		f.Fields = append(f.Fields, fault.Field{Name: w.place(), Sentence: w.Sentence})
	}
	return f
}

// Run imports a file in one step, as programs do, or only tells what it would do. Its
// titles are understood as those of a page; what is not understood is not read.
func (m *Module) Run(ctx context.Context, v access.Viewer, d Desk, file []byte, c circle.Choice, preview bool) (Plan, error) {
	s, err := sheet.Read(file)
	if err != nil {
		return Plan{}, err
	}
	w := waiting{File: file, Choice: c}
	var p Plan
	plan := func(tx *db.Tx) error {
		known, err := remembered(ctx, tx, d)
		if err != nil {
			return err
		}
		w.Columns, _ = d.guess(s.Head, known)
		if err := d.lacking(w.Columns); err != nil {
			return err
		}
		p, err = m.plan(ctx, tx, v, d, w)
		return err
	}
	if preview {
		err = m.DB.Read(ctx, plan)
		return p, err
	}
	err = m.Log.Write(ctx, v, func(act *journal.Act) error {
		if err := plan(act.Tx); err != nil {
			return err
		}
		return m.save(ctx, act, d, p, c)
	})
	return p, err
}
