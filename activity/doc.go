// Package activity is what institutions do, alone or together: systems 3 of Cadre.
// One kind of record serves an institution's own activity and a concerted one.
//
// # Words
//
// The lead is the institution that owns the record; it answers for the activity. A
// partner has a role: co (organises with the lead), support (lends means), consulted
// or informed. The lead and the partners in the first two roles are the signatories:
// nothing is committed before each of them has signed.
//
// The terms are what a signature is given to: the purpose, the period, the places,
// the budget and the roles. Each signatory signs the terms as they touch it: purpose,
// period and places touch everybody, a line of the budget its funder, a role its
// holder. A change of the terms reopens exactly the signatures that it touches; what
// was signed stays readable, with its version. Everything else (tasks, expected
// results, means, risks) may be kept up without asking anybody again.
//
// A partner that wants other terms proposes a change, which is a part of the record:
// the lead accepts it, which changes the terms, or refuses it with a reason.
//
// # Life
//
//	idea ──▶ concertation ──▶ committed ──▶ running ──▶ reported ──▶ capitalised
//	              ▲               │             │
//	              └── reopened ───┴─────────────┘      suspended, abandoned: with a reason
//
// The steps to committed and back are taken by the record itself, when the last
// signature comes and when one is reopened.
//
// # Who may do what
//
// Those who contribute to an institution write its ideas; its head, focal point and
// deputy lead them on. Signing commits the institution: the head does, or a focal
// point or deputy whose mandate says so. Whoever contributes to the institution
// responsible for a task moves it. What a viewer may not see does not exist for them;
// the partners always see what they are asked to sign.
//
// # The annual plan
//
// An institution brings the plan that it keeps in a spreadsheet, a row an activity: new
// ones begin as its ideas, the others change by the same rules as on their pages. A row
// knows its activity again by the reference within the year, else by title and beginning.
//
// # Events
//
// activity.activity.drafted, .amended, .proposed, .signed, .reserved, .declined,
// .asked (a partner proposes a change), .granted, .refused, .moved (a task),
// .recalled, .started, .reported, .reviewed (a partner confirms or disputes the report),
// .capitalised, .suspended, .resumed, .abandoned.
package activity
