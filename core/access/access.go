// Package access holds the one rule of visibility. A record points at one
// audience, a set of principals; a viewer holds principals and a clearance; the
// viewer sees the record when the audience holds one of theirs and the marking is
// within the clearance. What a person may not see does not exist for them.
package access

import (
	"context"
	"slices"

	"cadre/kit/db"
	"cadre/kit/fault"
)

// Principal is somebody to whom a record may be opened.
type Principal string

// The two principals that are not made from an identifier.
const (
	Public  Principal = "public"  // everybody, signed in or not
	Members Principal = "members" // everybody who belongs to an institution of the framework
)

// Structure is the principal of everybody who serves in an institution.
func Structure(id string) Principal { return Principal("structure:" + id) }

// Person is the principal of one person.
func Person(id string) Principal { return Principal("person:" + id) }

// Function is what a person does in an institution or on the framework. Rights
// and tasks belong to functions, so that a handover moves nothing.
type Function string

// The functions.
const (
	Head        Function = "head"        // commits the institution
	Focal       Function = "focal"       // titular focal point
	Deputy      Function = "deputy"      // acts when the focal point is absent
	Member      Function = "member"      // contributes
	Reader      Function = "reader"      // reads
	Field       Function = "field"       // regional or prefectural officer
	Secretariat Function = "secretariat" // permanent secretariat of the framework
	Oversight   Function = "oversight"   // reads the journal, proves the record
	Technical   Function = "technical"   // runs the machine, reads no content
)

// Functions lists the functions in the order in which they are shown.
var Functions = []Function{Head, Focal, Deputy, Member, Field, Reader, Secretariat, Oversight, Technical}

// Viewer is whoever asks: a person in their functions, or nobody.
type Viewer struct {
	Person    string // identifier; empty for nobody
	Name      string
	Structure string   // identifier of the institution served
	Heritage  []string // institutions closed since, whose matters the one served took over
	Functions []Function
	Clearance Marking
	Scopes    []Scope // of the token used; nil for a session, which has them all
	Session   string  // identifier of the session or token, to recognise it in a list
}

// Scope is what an API token may be used for.
type Scope string

// The scopes.
const (
	ScopeRead   Scope = "read"
	ScopeWrite  Scope = "write"
	ScopeAdmin  Scope = "admin"  // people, sessions, tokens
	ScopeAgenda Scope = "agenda" // the calendar of its owner by a secret link, and nothing else
)

// Nobody is the viewer who has not signed in.
var Nobody = Viewer{}

// AnyMember is nobody in particular among those who serve in an institution of the framework:
// it sees what all of them may, for what is made once for them all.
var AnyMember = Viewer{Person: "members", Functions: []Function{Reader}, Clearance: Green}

// Known reports whether the viewer has signed in.
func (v Viewer) Known() bool { return v.Person != "" }

// Is reports whether the viewer holds one of the functions.
func (v Viewer) Is(any ...Function) bool {
	return slices.ContainsFunc(any, func(f Function) bool { return slices.Contains(v.Functions, f) })
}

// Serves reports whether the viewer holds one of the functions in the institution, or in the
// one that took it over.
func (v Viewer) Serves(structure string, any ...Function) bool {
	return structure != "" && slices.Contains(v.Structures(), structure) && v.Is(any...)
}

// Structures lists the institutions that the viewer acts for: the one served, then those that it took over.
func (v Viewer) Structures() []string { return append([]string{v.Structure}, v.Heritage...) }

// Principals lists what the viewer holds. The technical administrator who has no
// other function holds nothing but the public: running Cadre gives no right to read it.
func (v Viewer) Principals() []Principal {
	switch {
	case !v.Known():
		return []Principal{Public}
	case !v.Is(Head, Focal, Deputy, Member, Reader, Field, Secretariat, Oversight):
		return []Principal{Public, Person(v.Person)}
	}
	all := []Principal{Public, Members, Person(v.Person)}
	for _, s := range v.Structures() {
		all = append(all, Structure(s))
	}
	return all
}

// Visible is the condition that every query on records carries. It speaks of the
// table record and takes the first two parameters, which Viewer.Args provides.
const Visible = `record.marking <= $2 AND record.audience_id IN (
	SELECT audience_id FROM audience_principal WHERE principal IN json_list($1))`

// VisibleOne is Visible for a query that looks at one record, or few: it asks the
// audience of each, instead of first listing all the audiences that the viewer is in.
const VisibleOne = `record.marking <= $2 AND EXISTS (
	SELECT 1 FROM audience_principal WHERE audience_id = record.audience_id AND principal IN json_list($1))`

// Args returns the parameters of a query that carries Visible: the viewer's two, then the query's own from $3.
func (v Viewer) Args(own ...any) []any {
	return append([]any{db.JSON(v.Principals()), v.Clearance}, own...)
}

type viewerKey struct{}

// With returns a context whose requests are made by v.
func With(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// Of returns the viewer of the context, Nobody when none was set.
func Of(ctx context.Context) Viewer {
	v, _ := ctx.Value(viewerKey{}).(Viewer)
	return v
}

// Rule says who may use a route or an operation; it returns nil or the fault to show.
type Rule func(context.Context) error

// Anyone lets everybody in: what is shown is then limited by Visible alone.
func Anyone(context.Context) error { return nil }

// SignedIn lets in whoever has signed in.
func SignedIn(ctx context.Context) error {
	if !Of(ctx).Known() {
		return fault.New(fault.Unauthorized, "Connectez-vous pour continuer.")
	}
	return nil
}

// Reserved lets in the holders of one of the functions. The others, who see what it is about,
// read a sentence, a key of the catalogue, that says who may.
func Reserved(sentence string, any ...Function) Rule {
	return held(any, func() error { return fault.New(fault.Forbidden, sentence) })
}

// Holding lets in the holders of one of the functions; for the others the place does not exist.
func Holding(any ...Function) Rule {
	return held(any, func() error { return fault.Missing() })
}

// held lets in the holders of one of the functions; the others, once signed in, get the fault.
func held(any []Function, others func() error) Rule {
	return func(ctx context.Context) error {
		if err := SignedIn(ctx); err != nil {
			return err
		}
		if !Of(ctx).Is(any...) {
			return others()
		}
		return nil
	}
}
