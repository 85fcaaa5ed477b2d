package dossier

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// pieces is what is attached to a record, as it is shown.
type pieces struct {
	room   *Module
	Record record.Record
	Viewer access.Viewer
	Writes bool
	State  form.State
	All    []Attachment
	names  map[string]string // of people and institutions, by identifier
}

func (m *Module) pieces(v access.Viewer, r record.Record) pieces {
	return pieces{room: m, Record: r, Viewer: v, Writes: v.Is(writers...)}
}

// load reads what is attached, with the names of who did.
func (p *pieces) load(ctx context.Context, tx *db.Tx) (err error) {
	if p.All, err = Attachments(ctx, tx, p.Viewer, p.Record.ID); err != nil || len(p.All) == 0 {
		return err
	}
	var people []string
	for _, a := range p.All {
		people = append(people, a.Person, a.By)
	}
	p.names, err = p.room.names(ctx, tx, people)
	return err
}

func (p pieces) path(rest string) string { return "/fiches/" + p.Record.ID + rest }

func (p pieces) href(a Attachment) string { return p.path("/pieces/" + a.ID) }

// touches reports whether the viewer may withdraw an attachment.
func (p pieces) touches(a Attachment) bool {
	return p.Writes && a.State == attached && (a.Person == p.Viewer.Person || tidies(p.Viewer, p.Record))
}

// about says of an attachment its size, who attached it and when.
func (p pieces) about(ctx context.Context, a Attachment) string {
	return text.T(ctx, "%s · %s, le %s", text.Bytes(ctx, a.Size), p.names[a.Structure], text.Date(ctx, a.Created.In(p.room.Zone)))
}

// piecesPage is what is attached to a record on a page of its own.
type piecesPage struct {
	ui.Page
	pieces
}

func (m *Module) attachments(r *web.Request) (web.Response, error) {
	p, err := m.piecesPage(r.Context(), r.PathValue("id"), form.State{})
	return web.Page(piecesView(p)), err
}

// piecesPage reads what is attached; state is what was wrong with a file.
func (m *Module) piecesPage(ctx context.Context, recordID string, state form.State) (piecesPage, error) {
	var p piecesPage
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := find(ctx, tx, recordID)
		if err != nil {
			return err
		}
		p.pieces = m.pieces(access.Of(ctx), r)
		return p.load(ctx, tx)
	})
	if err != nil {
		return p, err
	}
	p.State = state
	p.Page = m.start(ctx, text.T(ctx, "Pièces jointes"), p.Record)
	p.Failed = state.Failed()
	return p, nil
}

// postAttachment takes the file of a form while it arrives.
func (m *Module) postAttachment(r *web.Request) (web.Response, error) {
	ctx, v, recordID := r.Context(), access.Of(r.Context()), r.PathValue("id")
	if err := m.mayAttach(ctx, v, recordID); err != nil && fault.KindOf(err) != fault.BadInput {
		return web.Response{}, err
	}
	taken := 0
	values, err := form.ReadUpload(r.Request, func(f form.File) error {
		taken++
		_, err := m.Attach(ctx, v, recordID, f.Name, f.Body)
		return err
	})
	switch sent := values.Get("sending"); {
	case err == nil && taken == 0 && sent != "": // in parts, before
		_, err = m.AttachSent(ctx, v, recordID, sent)
	case err == nil && taken == 0:
		err = fault.Invalid("file", "Choisissez un fichier.")
	}
	if fault.KindOf(err) == fault.TooLarge || isCut(err) {
		err = m.tooLarge()
	}
	if fault.KindOf(err) == fault.BadInput {
		p, err := m.piecesPage(ctx, recordID, form.Of(url.Values{}, err))
		return web.Invalid(piecesView(p)), err
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/fiches/" + recordID + "/pieces").Done(text.Key("Le fichier est joint.")), nil
}

// postPart takes a part of a file, and shows how much of it has come, or why it is refused.
func (m *Module) postPart(r *web.Request) (web.Response, error) {
	s, err := m.takePart(r)
	if kind := fault.KindOf(err); kind == fault.BadInput || kind == fault.TooMany {
		return web.Again(refusedView(form.Of(url.Values{}, err)), err), nil
	}
	return web.Page(sendingView(s)), err
}

// takePart reads a part of a file. The form says what it is of in its address, since the part
// comes before its other fields could be read.
func (m *Module) takePart(r *web.Request) (Sending, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	q, err := form.Query(r.Request)
	if err != nil {
		return Sending{}, err
	}
	var of struct {
		Name string `form:"name"`
		Size int64  `form:"size"`
		Mark string `form:"mark"`
		At   int64  `form:"at"`
	}
	if err := form.Bind(q, &of); err != nil {
		return Sending{}, err
	}
	var part bytes.Buffer
	if _, err := form.ReadUpload(r.Request, func(f form.File) error {
		_, err := io.Copy(&part, f.Body)
		return err
	}); err != nil {
		return Sending{}, err
	}
	return m.SendPart(ctx, v, Sending{Record: r.PathValue("id"), Name: of.Name, Size: of.Size, Mark: of.Mark}, of.At, &part)
}

// isCut reports whether the body was longer than its route takes.
func isCut(err error) bool {
	var large *http.MaxBytesError
	return errors.As(err, &large)
}

// download sends an attachment.
func (m *Module) download(r *web.Request) (web.Response, error) {
	a, file, err := m.Fetch(r.Context(), access.Of(r.Context()), r.PathValue("id"), r.PathValue("piece"))
	if err != nil {
		return web.Response{}, err
	}
	return web.Send(a.Name, a.Type, a.Digest, file), nil
}

func (m *Module) postDetached(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	if _, err := form.Read(r.Request); err != nil {
		return web.Response{}, err
	}
	a, err := m.Detach(ctx, access.Of(ctx), r.PathValue("id"), r.PathValue("piece"))
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/fiches/" + a.Record + "/pieces").Done(text.Key("La pièce jointe est retirée.")), nil
}

// accept lists the endings of names that a browser offers to choose.
func (m *Module) accept() string { return "." + strings.Join(m.Kinds, ",.") + ",.jpeg,.json,.md" }

// maxRequest is the size of a request that holds the largest file, with what surrounds it.
func (m *Module) maxRequest() int64 { return m.MaxSize + 1<<20 }

// attach takes a file from a program: its bytes are the whole body.
func (m *Module) attach(ctx context.Context, recordID, name string, from io.Reader) (Attachment, error) {
	name, ok := fileName(name)
	if !ok {
		return Attachment{}, fault.Invalid("name", "Donnez le nom du fichier, de %d caractères au plus.", maxName)
	}
	return m.Attach(ctx, access.Of(ctx), recordID, name, from)
}

// fileName is a name that a program gives, and reports whether a file may bear it: one line, that leads to no folder.
func fileName(typed string) (string, bool) {
	name, ok := text.Clean(strings.TrimSpace(typed))
	return name, ok && len([]rune(name)) <= maxName && !strings.ContainsAny(name, "/\\\n\t")
}
