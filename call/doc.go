// Package call keeps what asks for activities: the needs that institutions make known on a
// theme in a territory, and the calls by which the secretariat asks who will fill a gap.
//
// # Words
//
// A need (besoin signalé) says that something is to be done; a call (appel à activités) asks
// who will do it. They are one kind of record: whoever writes it is of the secretariat or is
// not, and that tells them apart. What answers is an activity that serves it, by a link. Whether
// one is answered is therefore reckoned for each reader, from the activities that they may see.
//
// # Life
//
//	open ──closed──▶ closed        closed ──reopened──▶ open
//
// While it is open it weighs on its theme and territory: where nothing is planned there, it is a gap.
//
// # Who may do what
//
// Whoever writes activities for an institution makes a need known, and changes it; the
// secretariat makes calls. Head, focal point and deputy of the institution, or the secretariat
// for its own, close and reopen. Head, focal point and deputy of another institution say that
// theirs will not answer, and why; it leaves their desk then.
//
// # Events
//
// call.call.opened, .amended, .refused, .closed, .reopened.
package call
