// Package account keeps the people: who they are, in which institution and in which
// functions they serve, how they prove it, and what of it the others may see.
//
// # Words
//
// A person serves in one institution for as long as the account lives; whoever goes
// to another institution gets an account there, so that what was signed stays signed
// in the name of the first. A post is a function held over a period: head, focal,
// deputy, member, reader or field officer of the institution; secretariat, oversight
// or technical administrator of the framework. Posts are never removed: they end.
// Rights are read from the posts in force at the instant of the request, so that a
// handover dated in the future takes effect by itself, and a right withdrawn is gone
// at the next request.
//
// When an institution is closed its functions end, and its people read what the public
// reads. The institution that takes it over acts in its stead: its people hold what the closed
// one held (access.Viewer.Heritage), and it may invite those of the closed one, whose
// accounts then serve it.
//
// The deputy acts, and administers, while no focal point of the institution is present.
//
// # Proof
//
// A password (NIST SP 800-63B-4: length and a list of common ones, nothing else) kept
// as argon2id; then a code of an authenticator application (RFC 6238), each used once, or one
// of ten recovery codes on paper. A session is a random secret in a cookie, kept as
// its digest; it idles for twelve hours and lives for fourteen days. Changing
// what proves who one is asks for the password or a code again after fifteen minutes.
// Programs use tokens, with a scope and an end. Guesses are slowed, per account and
// per address, and never lock the owner out: see attempt.go.
//
// # Who may do what
//
//	                     give functions             clearance up to    whose account
//	secretariat          all nine                   restricted         everybody's
//	head                 the institution's six      restricted         the institution's
//	focal, acting deputy the same but head          their own, red     the same
//	technical            none                       none               state only: disable, enable, invite again
//
// Nobody administers an account whose functions or clearance they could not give, nor
// their own: who could change the address of a head's account would be the head. To give,
// end or pass on a function it is enough to be able to give it, to somebody else.
//
// # Events
//
// account.person.admitted, .invited, .edited, .moved, .disabled, .enabled, .erased;
// account.function.given, .ended; account.handover.made; account.invitation.sent, .accepted;
// account.session.opened, .refused, .closed; account.password.changed, account.reset.requested;
// account.totp.enabled, .removed, account.codes.renewed; account.token.made, .revoked.
//
// What changes the person carries the person's new version and a snapshot without
// secrets; the others carry version 0.
package account
