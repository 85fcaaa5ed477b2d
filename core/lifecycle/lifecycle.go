// Package lifecycle writes the life of a kind of record as a table: its states,
// the transitions between them, who may make each, what it must find. Buttons,
// allowed calls of the API, tasks and the diagram of the help read that one table.
package lifecycle

import (
	"fmt"
	"slices"

	"cadre/core/access"
	"cadre/kit/fault"
	"cadre/kit/text"
)

// State is one state of a record.
type State struct {
	Code string
	Name string // key of the catalogue
}

// Transition is a step from one state to another. The same verb may lead on from several states.
type Transition struct {
	Verb string // in the journal and the API
	Name string // of the button; key of the catalogue
	From string
	To   string
	Who  []access.Function // of the record's owner; nobody when the record takes the step by itself
	Asks string            // field that must be filled in with it, such as reason; empty for none
}

// Table is the life of a kind of record. Its first state is where a record begins.
type Table struct {
	States      []State
	Transitions []Transition
	Reserved    string // who may make them, for whoever may not; key of the catalogue
}

// Start is the code of the first state.
func (t Table) Start() string { return t.States[0].Code }

// Name is the name of a state, a key of the catalogue.
func (t Table) Name(state string) string {
	i := slices.IndexFunc(t.States, func(s State) bool { return s.Code == state })
	if i < 0 {
		return state
	}
	return t.States[i].Name
}

// Offered lists the transitions that the viewer may make from a state of a record of the owner.
func (t Table) Offered(v access.Viewer, owner, state string) []Transition {
	var all []Transition
	for _, step := range t.Transitions {
		if step.From == state && v.Serves(owner, step.Who...) {
			all = append(all, step)
		}
	}
	return all
}

// Step finds the transition that a verb names from a state and checks that the viewer
// may make it. Whoever may not is Forbidden; from another state it is a Conflict.
func (t Table) Step(v access.Viewer, owner, state, verb string) (Transition, error) {
	i := slices.IndexFunc(t.Transitions, func(s Transition) bool { return s.Verb == verb && len(s.Who) > 0 })
	if i < 0 {
		return Transition{}, fault.Missing()
	}
	step := t.Transitions[i]
	if j := slices.IndexFunc(t.Transitions, func(s Transition) bool { return s.Verb == verb && s.From == state }); j >= 0 {
		step = t.Transitions[j]
	}
	switch {
	case !v.Serves(owner, step.Who...):
		return step, fault.New(fault.Forbidden, t.Reserved)
	case step.From != state:
		return step, fault.New(fault.Conflict, "Cette opération n’est plus possible : l’état est maintenant « %s ». Rechargez la page.", text.M(t.Name(state)))
	}
	return step, nil
}

// Auto finds the state to which a record goes by itself from a state, by a verb that is
// nobody's button. It reports whether there is such a step.
func (t Table) Auto(state, verb string) (to string, ok bool) {
	i := slices.IndexFunc(t.Transitions, func(s Transition) bool { return s.Verb == verb && s.From == state && len(s.Who) == 0 })
	if i < 0 {
		return state, false
	}
	return t.Transitions[i].To, true
}

// Check reports what is wrong with the table itself: a state that cannot be reached,
// a transition between unknown states, a verb that leads from one state to two.
func (t Table) Check() error {
	reached := map[string]bool{t.Start(): true}
	for range t.States {
		for _, s := range t.Transitions {
			reached[s.To] = reached[s.To] || reached[s.From]
		}
	}
	verbs := map[string]bool{}
	for _, s := range t.Transitions {
		if t.Name(s.From) == s.From || t.Name(s.To) == s.To {
			return fmt.Errorf("transition %s: unknown state", s.Verb)
		}
		if verbs[s.Verb+" "+s.From] {
			return fmt.Errorf("transition %s: leads twice from %s", s.Verb, s.From)
		}
		verbs[s.Verb+" "+s.From] = true
	}
	for _, s := range t.States {
		if !reached[s.Code] {
			return fmt.Errorf("state %s cannot be reached", s.Code)
		}
	}
	return nil
}
