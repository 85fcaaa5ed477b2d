// Package directory makes known who the institutions are and what each of them
// does, where: system 2 of Cadre, and the model that every other noun copies.
//
// # Words
//
// A structure is an institution of the framework: a commission, committee,
// authority, agency, programme, ministry or force. Its sheet holds its names and
// the ministries that supervise it, each with its dates, since they change and the
// past stays readable; the texts that found it; and its facts.
//
// A fact is something that the structure makes known about itself: a mission (what
// it has to do, on a theme, in a territory, by which text), a programme, a capacity
// that it can lend, a branch (antenna or local committee), a document. Each is a
// record of its own, with its own audience: the structure chooses, fact by fact,
// who may read. A fact in force that is withdrawn stays in the history.
//
//	in force ──withdraw──▶ withdrawn ──restore──▶ in force
//
// # Who may do what
//
// Head, focal point and deputy keep up the sheet of their own structure and
// confirm it once a year. The secretariat admits structures and sees which sheets
// are old or thin; it edits nobody's sheet but its own structure's. Everybody reads what
// the facts' audiences open to them; the public part needs no account.
//
// A structure leaves the framework when it is dissolved or merged: the secretariat writes it
// down, with the day, the text and who succeeds it. Its sheet stays, with its facts as they
// were; it is listed apart, offered nowhere and counted nowhere; its people hold no function
// any more. Who succeeds it reads what it read, acts in its stead wherever it was awaited
// (core/access, Viewer.Heritage), and may take its facts over onto its own sheet.
//
//	in the framework ──dissolved──▶ dissolved ──reopened──▶ in the framework
//
// An independent structure (the national human-rights commission, loi organique
// n° 2018-006) has no supervising ministry and cannot be given one.
//
// # Events
//
// directory.structure.admitted, .amended, .renamed, .attached, .confirmed, .dissolved, .reopened;
// directory.KIND.added, .amended, .withdrawn, .restored, .adopted.
package directory
