package activity

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/kit/fault"
)

// Signature is the position of a signatory on the terms.
type Signature struct {
	Structure string          `json:"structure"`
	Verdict   Verdict         `json:"verdict"`
	Text      string          `json:"text,omitempty" doc:"The reservation, or the reason for declining"`
	Version   int64           `json:"version,omitempty" doc:"Version of the record whose terms were answered"`
	Terms     string          `json:"terms,omitempty" doc:"Digest of those terms as they touch the institution"`
	Person    string          `json:"person,omitempty"`
	Function  access.Function `json:"function,omitempty"`
	At        time.Time       `json:"at,omitzero" required:"false"`
	Asked     time.Time       `json:"asked,omitzero" required:"false" doc:"Since when the answer is awaited"`
}

// Verdict is what a signatory has answered.
type Verdict string

// The verdicts.
const (
	Awaited  Verdict = "awaited"
	Signed   Verdict = "signed"
	Reserved Verdict = "reserved" // signed, with a reservation in writing
	Declined Verdict = "declined"
	Reopened Verdict = "reopened" // had answered terms that have changed since
)

// holds reports whether the institution is engaged.
func (s Signature) holds() bool { return s.Verdict == Signed || s.Verdict == Reserved }

// waits reports whether the institution still has to answer.
func (s Signature) waits() bool { return s.Verdict == Awaited || s.Verdict == Reopened }

// Terms are what a signature is given to.
type Terms struct {
	Purpose  string       `json:"purpose"`
	Period   Period       `json:"period"`
	Places   []string     `json:"places"`
	Budget   []BudgetLine `json:"budget"`
	Partners []Partner    `json:"partners"`
}

// terms are those of a plan in places; what is empty is written in one way, however it came to be.
func (p Plan) terms(places []string) Terms {
	return Terms{p.Purpose, p.Period, append([]string{}, places...), append([]BudgetLine{}, p.Budget...), append([]Partner{}, p.Partners...)}
}

// touching is the part of the terms that touches an institution: for the lead all of
// it; for another the purpose, the period, the places, the lines that it funds and its role.
func (t Terms) touching(structure, lead string) Terms {
	if structure != lead {
		t.Budget = slices.DeleteFunc(slices.Clone(t.Budget), func(l BudgetLine) bool { return l.Funder != structure })
		t.Partners = slices.DeleteFunc(slices.Clone(t.Partners), func(p Partner) bool { return p.Structure != structure })
	}
	return t
}

// Digest names the terms as they touch an institution: two digests are the same when it
// has nothing to sign again.
func (t Terms) Digest(structure, lead string) string {
	b, err := json.Marshal(t.touching(structure, lead))
	if err != nil {
		panic(err) // texts, numbers and lists of them
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

// signature is the position of an institution; it reports whether it is a signatory.
func (a Activity) signature(structure string) (Signature, bool) {
	i := slices.IndexFunc(a.Signatures, func(s Signature) bool { return s.Structure == structure })
	if i < 0 {
		return Signature{}, false
	}
	return a.Signatures[i], true
}

// SignedAt is when an institution signed, with or without a reservation; zero for who has not.
func (a Activity) SignedAt(structure string) time.Time {
	if s, signs := a.signature(structure); signs && s.holds() {
		return s.At
	}
	return time.Time{}
}

// orphan is an answer that is awaited and that nobody can give any more: the institution has
// left the framework, and none took over its matters.
func (f Found) orphan(all []Structure) (Signature, bool) {
	living := map[string]bool{}
	for _, s := range account.Living(all) {
		living[s.ID] = true
	}
	for _, s := range all {
		if held, signs := f.signature(s.ID); f.State == Concertation && signs && held.waits() && s.Closed && !living[s.Heir] {
			return held, true
		}
	}
	return Signature{}, false
}

// concluded reports whether all have signed.
func (a Activity) concluded() bool {
	return len(a.Signatures) > 0 && !slices.ContainsFunc(a.Signatures, func(s Signature) bool { return !s.holds() })
}

// speaker is the viewer as the institution for which they speak in the activity: their own, or
// one that it took over and that takes part.
func (f Found) speaker(v access.Viewer) access.Viewer {
	return speaking(v, func(s string) bool { return s == f.Owner || f.role(s) != "" })
}

// signer is the viewer as the institution for which they answer: of those for which they may,
// the first that is still to do so.
func (f Found) signer(v access.Viewer) access.Viewer {
	return speaking(f.speaker(v), func(s string) bool {
		held, signs := f.signature(s)
		return signs && held.waits()
	})
}

// speaking is the viewer as the first of their institutions that is meant; as they are when none is.
func speaking(v access.Viewer, meant func(string) bool) access.Viewer {
	i := slices.IndexFunc(v.Structures(), meant)
	if i > 0 {
		v.Structure, v.Heritage = v.Heritage[i-1], append(slices.Clone(v.Heritage), v.Structure)
	}
	return v
}

// pen is what signing needs to know of an act.
type pen struct {
	by      access.Viewer
	at      time.Time
	commits bool  // the actor may commit the institution they serve
	settles bool  // the act itself sets the terms for the lead
	version int64 // of the record, that the act makes
	terms   Terms
	lead    string
}

func (p pen) sign(v Verdict, text string) Signature {
	s := Signature{Structure: p.by.Structure, Verdict: v, Text: text, Version: p.version, Terms: p.terms.Digest(p.by.Structure, p.lead), Person: p.by.Person, At: p.at}
	for _, f := range leaders {
		if s.Function == "" && p.by.Is(f) {
			s.Function = f
		}
	}
	return s
}

// circulate asks for the signatures that the terms need: it keeps those that they do not
// touch, reopens those that they do, and drops who is no signatory any more. Who changes
// the terms for the lead, and may commit it, signs them for the lead by that very act.
func (a *Activity) circulate(p pen) {
	all := make([]Signature, 0, len(a.Partners)+1)
	for _, structure := range a.signatories(p.lead) {
		s, known := a.signature(structure)
		current := p.terms.Digest(structure, p.lead)
		switch {
		case !known:
			s = Signature{Structure: structure, Verdict: Awaited, Asked: p.at}
		case !s.waits() && s.Terms != current:
			s.Verdict, s.Asked = Reopened, p.at
		}
		if structure == p.lead && !s.holds() && p.by.Structure == p.lead && p.commits && p.settles {
			s = p.sign(Signed, "")
		}
		all = append(all, s)
	}
	a.Signatures = all
}

// Answer is what a signatory says of the terms.
type Answer struct {
	Verdict Verdict `json:"verdict" form:"verdict" enum:"signed,reserved,declined"`
	Text    string  `json:"reason,omitempty" form:"reason" doc:"The reservation, or the reason for declining"`
	Terms   string  `json:"terms" form:"terms" doc:"Digest of the terms that were read"`
}

// answer records the position of the actor's institution.
func (a *Activity) answer(p pen, given Answer) error {
	i := slices.IndexFunc(a.Signatures, func(s Signature) bool { return s.Structure == p.by.Structure })
	if i < 0 {
		return fault.New(fault.Forbidden, "Votre structure n’est pas signataire de cette activité.")
	}
	var c fault.Collect
	c.Need(slices.Contains([]Verdict{Signed, Reserved, Declined}, given.Verdict), "verdict", "Choisissez une des réponses proposées.")
	c.Need(given.Verdict == Signed || given.Text != "", "reason", "Écrivez la réserve, ou la raison du refus.")
	limit(&c, "reason", given.Text, maxLong)
	if err := c.Fault(); err != nil {
		return err
	}
	current := p.terms.Digest(p.by.Structure, p.lead)
	switch {
	case !p.commits:
		return fault.New(fault.Forbidden, "Signer engage votre structure : son responsable le peut, ou un point focal dont le mandat le dit.")
	case given.Terms != current:
		return fault.New(fault.Conflict, "Les termes ont changé depuis que vous les avez lus. Relisez-les, puis prononcez-vous.")
	case a.Signatures[i].holds() && given.Verdict != Declined: // it may go back on it
		return fault.New(fault.Conflict, "Votre structure a déjà signé ces termes.")
	}
	if given.Verdict == Signed {
		given.Text = ""
	}
	a.Signatures[i] = p.sign(given.Verdict, given.Text)
	return nil
}
