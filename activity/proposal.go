package activity

import (
	"encoding/json"
	"slices"
	"time"

	"cadre/kit/fault"
)

// Proposal is a change of the terms that a partner asks for.
type Proposal struct {
	ID        string        `json:"id"`
	Structure string        `json:"structure"`
	Person    string        `json:"person"`
	At        time.Time     `json:"at"`
	Why       string        `json:"why"`
	Base      int64         `json:"base" doc:"Version of the record that it was made on"`
	Before    Terms         `json:"before" doc:"The terms of that version"`
	After     Terms         `json:"after" doc:"The terms that it asks for"`
	State     ProposalState `json:"state" enum:"open,granted,refused,withdrawn,lapsed"`
	Answer    string        `json:"answer,omitempty" doc:"Reason of a refusal"`
	Closed    time.Time     `json:"closed,omitzero" required:"false"`
	ClosedBy  string        `json:"closed_by,omitempty" doc:"Person"`
}

// ProposalState is where a proposal stands.
type ProposalState string

// The states of a proposal.
const (
	Asked     ProposalState = "open"
	Granted   ProposalState = "granted"
	Refused   ProposalState = "refused"
	Withdrawn ProposalState = "withdrawn"
	Lapsed    ProposalState = "lapsed" // the activity was over before it was answered
)

// maxProposals bounds the proposals of one activity, the closed ones too.
const maxProposals = 200

// The terms as they are named in forms, in the API and in the sentences about them.
const (
	ofPurpose  = "purpose"
	ofPeriod   = "period"
	ofPlaces   = "places"
	ofBudget   = "budget"
	ofPartners = "partners"
)

// parts gives the terms by name as JSON, to tell which differ.
func (t Terms) parts() map[string]string {
	all := map[string]string{}
	for name, v := range map[string]any{
		ofPurpose: t.Purpose, ofPeriod: t.Period, ofPlaces: t.Places, ofBudget: t.Budget, ofPartners: t.Partners,
	} {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err) // texts, numbers and lists of them
		}
		all[name] = string(b)
	}
	return all
}

// Changed lists the names of the terms that differ in another, in a fixed order.
func (t Terms) Changed(other Terms) []string {
	a, b := t.parts(), other.parts()
	var all []string
	for _, name := range []string{ofPurpose, ofPeriod, ofPlaces, ofBudget, ofPartners} {
		if a[name] != b[name] {
			all = append(all, name)
		}
	}
	return all
}

// with takes the named terms from another.
func (t Terms) with(other Terms, names []string) Terms {
	for _, name := range names {
		switch name {
		case ofPurpose:
			t.Purpose = other.Purpose
		case ofPeriod:
			t.Period = other.Period
		case ofPlaces:
			t.Places = other.Places
		case ofBudget:
			t.Budget = other.Budget
		case ofPartners:
			t.Partners = other.Partners
		}
	}
	return t
}

// grant gives the terms that are in force once the proposal is accepted on those of
// today. A term that it changes and that has changed since is a Conflict: nobody agreed to the mixture.
func (p Proposal) grant(today Terms) (Terms, error) {
	asked := p.Before.Changed(p.After)
	for _, name := range p.Before.Changed(today) {
		if slices.Contains(asked, name) {
			return today, fault.New(fault.Conflict, "Ce que cette proposition change a changé entre-temps. Refusez-la en le disant, ou reprenez-la dans la fiche.")
		}
	}
	return today.with(p.After, asked), nil
}

// unanswered reports whether a proposal waits for an answer.
func (a Activity) unanswered() bool {
	return slices.ContainsFunc(a.Proposals, func(p Proposal) bool { return p.State == Asked })
}

// proposal finds an open proposal.
func (a *Activity) proposal(id string) (*Proposal, error) {
	i := slices.IndexFunc(a.Proposals, func(p Proposal) bool { return p.ID == id })
	if i < 0 {
		return nil, fault.Missing()
	}
	if a.Proposals[i].State != Asked {
		return nil, fault.New(fault.Conflict, "Cette proposition a déjà reçu une réponse.")
	}
	return &a.Proposals[i], nil
}
