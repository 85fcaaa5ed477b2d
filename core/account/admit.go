package account

import (
	"context"
	"slices"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/text"
)

// Admit creates an account within an act, with functions that start at once. It asks
// nobody’s permission: it serves the first start and the demonstration; a use case
// checks first. It fills in the identifier, unless one is given, and the defaults:
// active, French, must refer. The clearance is the one given, the lowest by default.
func (m *Module) Admit(ctx context.Context, act *journal.Act, p *Person, functions ...access.Function) error {
	if p.ID == "" {
		p.ID = id.New()
	}
	if p.Language == "" {
		p.Language = text.French
	}
	if p.Mandate == "" {
		p.Mandate = MustRefer
	}
	p.State, p.Version, p.Created, p.Updated = Active, 1, act.At, act.At
	for _, f := range functions {
		p.Posts = append(p.Posts, Post{ID: id.New(), Person: p.ID, Function: f, From: act.At})
	}
	return m.admit(ctx, act, p, "account.person.admitted")
}

func (m *Module) admit(ctx context.Context, act *journal.Act, p *Person, action string) error {
	var c fault.Collect
	p.check(&c)
	for _, q := range p.Posts {
		c.Need(slices.Contains(access.Functions, q.Function), "functions", "Choisissez une fonction de la liste.")
	}
	if err := c.Fault(); err != nil {
		return err
	}
	sortPosts(p.Posts)
	if err := insert(ctx, act, *p); err != nil {
		return err
	}
	return act.Record(ctx, action, p.ID, p.Version, p.snapshot())
}

// SetPassword gives a person a password within an act, after the checks that a
// person's own choice goes through.
func (m *Module) SetPassword(ctx context.Context, act *journal.Act, personID, password string) error {
	p, err := find(ctx, act.Tx, personID)
	if err != nil {
		return err
	}
	if err := m.checkPassword(ctx, act.Tx, p, password); err != nil {
		return err
	}
	if err := setPassword(ctx, act.Tx, p.ID, present.hash(password)); err != nil {
		return err
	}
	return act.Record(ctx, "account.password.changed", p.ID, 0, struct{}{})
}
