// Package synergy tells institutions, while they plan, whom they are about to
// duplicate and who could help: system 5 of Cadre. It holds no activities. It reads
// them as Planned, through functions that app joins to the room that keeps them.
//
// # Words
//
// A Planned is an activity as it is compared: who, what, where, when, for whom. An
// overlap (recouvrement) is two activities of different institutions that would do
// much the same in the same place at nearly the same time. A complement
// (complémentarité) is what one brings the other: means that it asks for, a mandate
// that it lacks, an activity that prepares it, a common funder. Both are a sum of
// reasons, each with its points and its sentence; Formula is the whole of the
// reckoning, and the country pack holds its weights (packs/togo/synergy.json).
//
// A gap (lacune) is a theme and a territory where an institution has a mandate, or where a need or
// a call stands open, and nothing is planned. Needs and calls are kept by the room call.
//
// An answer is what an institution did about a pair of activities: it proposed to
// join (joined), it told the other (warned), or it found it beside the point
// (dismissed), and it may say how many days and how much money that saved.
//
// # Nothing is reckoned for everybody
//
// Every list, count, score and picture is made from what its reader may see, at the
// moment they ask; nothing is stored but the answers. So an activity that one may not
// see adds nothing, not even to a score. When my draft touches an activity that I may
// not see I learn nothing; its owner, who sees my draft if I opened it to them, finds
// it on their own record's page and among what they have to do.
//
// # Who may do what
//
// Head, focal point and deputy answer for their institution. Everybody who is signed in reads
// the gaps and the network, made of what they may see.
//
// # Events
//
// synergy.pair.joined, .warned, .dismissed, .valued.
package synergy
