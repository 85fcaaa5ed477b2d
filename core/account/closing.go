package account

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/text"
)

// left is the fault of giving functions in an institution that is no more.
func left() error {
	return fault.New(fault.Conflict, "Cette structure a quitté le cadre : plus personne n’y exerce de fonction.")
}

// heritage lists the institutions that one took over.
func (m *Module) heritage(ctx context.Context, tx *db.Tx, structure string) ([]string, error) {
	if m.Heritage == nil || structure == "" {
		return nil, nil
	}
	return m.Heritage(ctx, tx, structure)
}

// Dismiss ends, within an act, every function in an institution that is closed. The accounts
// stay, and read what the public reads. It asks nobody's permission: the use case that closes
// the institution has. A function of the framework itself is passed on first.
func (m *Module) Dismiss(ctx context.Context, act *journal.Act, structure string) error {
	people, err := serving(ctx, act.Tx, structure)
	if err != nil {
		return err
	}
	for _, p := range people {
		for _, f := range access.Functions {
			if _, held := p.holding(f, act.At); !held {
				continue
			}
			if !slices.Contains(ofInstitution, f) {
				return fault.New(fault.Conflict, "Quelqu’un y exerce une fonction du cadre, comme le secrétariat permanent. Passez d’abord cette fonction à une autre structure.")
			}
			if err := end(ctx, act, &p, f, act.At); err != nil {
				return err
			}
		}
	}
	return nil
}

// move gives the account of somebody whose institution was closed to the one that took it over
// and now invites them: what they signed stays signed in the name of the first. It reports
// whether the person had such an account; p is then that person.
func (m *Module) move(ctx context.Context, act *journal.Act, p *Person) (bool, error) {
	known, err := findBy(ctx, act.Tx, `email_key = $1`, EmailKey(p.Email))
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	closed, err := m.heritage(ctx, act.Tx, p.Structure)
	if err != nil || known.State != Active || !slices.Contains(closed, known.Structure) {
		return false, err
	}
	known.Structure, known.Name, known.Phone, known.Clearance, known.Mandate = p.Structure, p.Name, p.Phone, p.Clearance, p.Mandate
	for _, q := range p.Posts {
		q.ID, q.Person = id.New(), known.ID
		if err := insertPost(ctx, act, q); err != nil {
			return true, err
		}
		known.Posts = append(known.Posts, q)
	}
	sortPosts(known.Posts)
	*p = known
	if err := p.save(ctx, act, p.Version, "account.person.moved"); err != nil {
		return true, err
	}
	return true, m.mail(ctx, act, *p, newsHeading, text.M("Votre structure a été reprise par une autre : votre compte la sert maintenant, avec le même mot de passe."), newsDoubt)
}
