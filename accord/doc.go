// Package accord keeps the protocols and conventions between institutions: who is party to
// them, from when until when they hold, and what each party owes.
//
// # Words
//
// A protocol (protocole de collaboration) lasts; a convention (convention) is for one action.
// Both are accords, written by one of the parties, the owner. A party is an institution of the
// framework; parties outside it are named in a text. A clause is something that one of the
// parties owes, perhaps by a day. What carries an accord out is an activity that serves it, by a link.
//
// # Life
//
//	draft ──enforced──▶ in_force ──ended──▶ ended        ended ──reopened──▶ in_force
//
// It comes into force once the days of its signature and of its beginning are written.
// While it is in force its clauses are moved: open, doing, kept, dropped.
//
// # Who may do what
//
// The parties always read it, as far as its marking goes. Whoever writes activities for the
// owner writes the accord and its clauses, until it has ended. Head, focal point and deputy
// of the owner put it into force, end it and reopen it. Those of the institution that owes
// a clause, and of the owner, say where the clause stands.
//
// # Events
//
// accord.accord.drafted, .amended, .enforced, .ended, .reopened, .moved.
package accord
