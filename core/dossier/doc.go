// Package dossier is what people put around a record, whatever its kind: comments with
// mentions, and files. A noun shows all of it on its page with one line, Around.
//
// What stands around a record is seen exactly as the record is: whoever may read it reads
// the comments, and for the others there are none. Those who contribute to the framework
// (head, focal point, deputy, member, field officer, secretariat) write; an author changes
// and withdraws what they wrote; the head and the focal point of the record's owner, and
// the secretariat, withdraw too. Nothing disappears without a trace: a changed comment
// keeps its former texts, a withdrawn one its place, with who withdrew it and when.
//
// A file is told by its content, which must be what its name says and of a kind that is
// allowed; an antivirus reads it when there is one. A photograph loses what says where it was
// made. Its bytes lie in a store under their digest, which the journal holds; it is sent to
// be stored, never shown in place, and its address answers only those who may read the record.
//
// In a text, @ and an acronym mention an institution, @ and an address a person; they are
// kept as identifiers, so that a text holds no address, and the name of a person who is
// erased is gone from it. Only those who may read the record can be mentioned. The people
// mentioned, the focal points of the institutions mentioned and the followers of the
// record get a mail, in the transaction of the comment.
//
// Events: dossier.comment.written, dossier.comment.amended, dossier.comment.withdrawn, whose
// subject is the comment; dossier.attachment.added, dossier.attachment.withdrawn, whose
// subject is the attachment.
package dossier

import (
	"context"
	"embed"
	"sync"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/file"
	"cadre/kit/web"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "dossier", Files: files}

// Deps is what stands under what people put around a record.
type Deps struct {
	DB     *db.DB
	Log    *journal.Log
	Clock  clock.Clock
	Zone   *time.Location // in which dates are read
	People *account.Module
	Href   func(kind, id string) string // page of a record of a kind

	Files     file.Store // keeps what is attached
	Work      string     // folder in which a file lies while it is checked
	MaxSize   int64      // bytes of the largest file
	Kinds     []string   // names of the kinds of files that are taken (content.Names)
	Antivirus string     // address of a ClamAV daemon; empty for none
}

// atOnce is how many files are checked at the same time; the others wait.
const atOnce = 4

// Module is what stands around the records of one Cadre.
type Module struct {
	Deps
	turns   chan struct{}
	purging sync.RWMutex // held to attach, and alone to remove what nothing needs
}

// New returns the module.
func New(d Deps) *Module { return &Module{Deps: d, turns: make(chan struct{}, atOnce)} }

// writers contribute: they write around what they read.
var writers = []access.Function{access.Head, access.Focal, access.Deputy, access.Member, access.Field, access.Secretariat}

// contributes refuses whoever only reads.
func contributes(v access.Viewer) error {
	if !v.Is(writers...) {
		return fault.New(fault.Forbidden, "Commentent et joignent des fichiers : responsable, point focal, suppléant, membre, agent de terrain et secrétariat permanent.")
	}
	return nil
}

// Routes is the table of contents.
func (m *Module) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /fiches/{id}/commentaires", Allow: access.Anyone, Handle: m.comments},
		{Pattern: "POST /fiches/{id}/commentaires", Allow: access.SignedIn, Handle: m.postComment},
		{Pattern: "GET /fiches/{id}/commentaires/{comment}", Allow: access.Anyone, Handle: m.comment},
		{Pattern: "POST /fiches/{id}/commentaires/{comment}", Allow: access.SignedIn, Handle: m.postAmended},
		{Pattern: "POST /fiches/{id}/commentaires/{comment}/retirer", Allow: access.SignedIn, Handle: m.postWithdrawn},
		{Pattern: "GET /fiches/{id}/pieces", Allow: access.Anyone, Handle: m.attachments},
		{Pattern: "POST /fiches/{id}/pieces", Allow: access.SignedIn, Handle: m.postAttachment, MaxBody: m.maxRequest()},
		{Pattern: "POST /fiches/{id}/pieces/morceaux", Allow: access.SignedIn, Handle: m.postPart},
		{Pattern: "GET /fiches/{id}/pieces/{piece}", Allow: access.Anyone, Handle: m.download},
		{Pattern: "POST /fiches/{id}/pieces/{piece}/retirer", Allow: access.SignedIn, Handle: m.postDetached},
	}
}

// tidies reports whether the viewer may withdraw what others put around a record.
func tidies(v access.Viewer, r record.Record) bool {
	return v.Is(access.Secretariat) || v.Serves(r.Owner, access.Head, access.Focal)
}

// find reads the record around which something stands.
func find(ctx context.Context, tx *db.Tx, recordID string) (record.Record, error) {
	return record.Find(ctx, tx, access.Of(ctx), recordID)
}
