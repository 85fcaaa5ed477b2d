package account

import (
	"slices"
	"time"

	"cadre/core/access"
	"cadre/kit/fault"
)

// The functions that each administrator may give.
var (
	ofInstitution = []access.Function{access.Head, access.Focal, access.Deputy, access.Member, access.Field, access.Reader}
	belowHead     = ofInstitution[1:]
)

// authority is what a viewer may do to the people of one institution. The zero authority is none.
type authority struct {
	person    string // the viewer's own identifier
	give      []access.Function
	clearance access.Marking // the highest that the viewer may give
}

// authorityOver tells what v may do to the people of the institution. acting says
// that no focal point of it is present, so that the deputy stands in.
func authorityOver(v access.Viewer, structure string, acting bool) authority {
	focal := []access.Function{access.Focal}
	if acting {
		focal = append(focal, access.Deputy)
	}
	switch {
	case !within(v, access.ScopeAdmin):
		return authority{}
	case v.Is(access.Secretariat):
		return authority{v.Person, access.Functions, access.Restricted}
	case v.Serves(structure, access.Head):
		return authority{v.Person, ofInstitution, access.Restricted}
	case v.Serves(structure, focal...):
		return authority{v.Person, belowHead, min(v.Clearance, access.Red)}
	}
	return authority{}
}

// within reports whether the viewer's token, if there is one, has the scope.
func within(v access.Viewer, s access.Scope) bool {
	return v.Scopes == nil || slices.Contains(v.Scopes, s)
}

// administrative refuses a token that may not touch accounts, sessions and tokens.
func administrative(v access.Viewer) error {
	if !within(v, access.ScopeAdmin) {
		return fault.New(fault.Forbidden, "Ce jeton ne permet pas d’administrer les comptes, les sessions ni les jetons.")
	}
	return nil
}

// any reports whether there is an authority at all.
func (a authority) any() bool { return len(a.give) > 0 }

// gives reports whether the function may be given.
func (a authority) gives(f access.Function) bool { return slices.Contains(a.give, f) }

// appoints reports whether the function may be given to the person, ended or passed on
// to them. It is less than to manage the account: it opens nothing of what they read.
func (a authority) appoints(p Person, f access.Function) bool {
	return a.gives(f) && p.ID != a.person && p.State != Erased
}

// manages reports whether the account may be administered: every function that it
// holds or will hold, and its clearance, could be given; and it is not the viewer's own.
func (a authority) manages(p Person, now time.Time) bool {
	beyond := slices.ContainsFunc(p.Posts, func(q Post) bool { return !q.Over(now) && !a.gives(q.Function) })
	return a.any() && p.ID != a.person && p.State != Erased && p.Clearance <= a.clearance && !beyond
}
