package dossier

import (
	"context"
	"net/http"
	"time"

	"cadre/core/access"
	"cadre/kit/api"
	"cadre/kit/db"
	"cadre/kit/page"
)

// API describes what can be put around a record.
func (m *Module) API(a *api.API) {
	op := func(method, path, id, summary string, allow access.Rule) api.Op {
		return api.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: "records", Allow: allow}
	}
	post := op(http.MethodPost, "/records/{id}/comments", "writeComment", "Comment a record, as Markdown; @ACRONYM, @ADDRESS and @IDENTIFIER mention those who may read it", access.SignedIn)
	post.Status = http.StatusCreated
	api.Add(a, op(http.MethodGet, "/records/{id}/comments", "listComments", "List the comments of a record, the newest first", access.Anyone), m.apiComments)
	api.Add(a, post, m.apiWrite)
	api.Add(a, op(http.MethodPut, "/records/{id}/comments/{comment}", "amendComment", "Change one's own comment", access.SignedIn), m.apiAmend)
	api.Add(a, op(http.MethodDelete, "/records/{id}/comments/{comment}", "withdrawComment", "Withdraw a comment: its place stays", access.SignedIn), m.apiWithdraw)
	take := op(http.MethodPost, "/records/{id}/attachments", "attachFile", "Attach a file: its bytes are the body, its name a parameter", access.SignedIn)
	take.Status, take.MaxBody = http.StatusCreated, m.maxRequest()
	api.Add(a, op(http.MethodGet, "/records/{id}/attachments", "listAttachments", "List what is attached to a record, the oldest first", access.Anyone), m.apiAttachments)
	api.Add(a, take, m.apiAttach)
	part := op(http.MethodPost, "/records/{id}/sendings", "sendPart", "Send a part of a file, of 256 KiB at most, or ask with an empty body how much of it has come: a sending that was cut goes on for a week", access.SignedIn)
	part.MaxBody = maxPart
	api.Add(a, part, m.apiSend)
	whole := op(http.MethodPost, "/records/{id}/sendings/{sending}/attachment", "attachSent", "Attach a file of which all the parts have come", access.SignedIn)
	whole.Status = http.StatusCreated
	api.Add(a, whole, m.apiAttachSent)
	api.Add(a, op(http.MethodDelete, "/records/{id}/attachments/{piece}", "withdrawAttachment", "Withdraw an attachment: its name stays", access.SignedIn), m.apiDetach)
}

// CommentBody is a comment in the API.
type CommentBody struct {
	ID        string    `json:"id"`
	Person    string    `json:"person" doc:"Identifier of the author"`
	Name      string    `json:"name" doc:"Of the author"`
	Structure string    `json:"structure" doc:"Identifier of the institution that the author then served"`
	Text      string    `json:"text" doc:"Markdown, in which a mention is @ and an identifier; empty once withdrawn"`
	HTML      string    `json:"html" doc:"The text rendered, with the names of those whom it mentions"`
	State     string    `json:"state" enum:"written,withdrawn"`
	Version   int64     `json:"version"`
	Created   time.Time `json:"created"`
	Updated   time.Time `json:"updated"`
	By        string    `json:"updated_by" doc:"Identifier of who changed or withdrew it last"`
}

func (t thread) body(c Comment) CommentBody {
	b := CommentBody{ID: c.ID, Person: c.Person, Name: t.names[c.Person], Structure: c.Structure, Text: c.Text, State: c.State, Version: c.Version,
		Created: c.Created, Updated: c.Updated, By: c.By}
	if c.State == written {
		b.HTML = t.html(c.Text)
	}
	return b
}

type commentsInput struct {
	ID    string `path:"id"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After string `query:"after" doc:"Cursor: the field next of the page before"`
}

type commentsOutput struct {
	Body struct {
		Items []CommentBody `json:"items"`
		Total int           `json:"total"`
		Next  string        `json:"next,omitempty"`
	}
}

func (m *Module) apiComments(ctx context.Context, in *commentsInput) (*commentsOutput, error) {
	asked, err := page.Parse(in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	var t thread
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := find(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		t = m.thread(access.Of(ctx), r)
		return t.load(ctx, tx, asked)
	})
	out := &commentsOutput{}
	out.Body.Items, out.Body.Total, out.Body.Next = []CommentBody{}, t.Comments.Total, t.Comments.Next
	for _, c := range t.Comments.Rows {
		out.Body.Items = append(out.Body.Items, t.body(c))
	}
	return out, err
}

type commentText struct {
	Text string `json:"text" doc:"Markdown, at most 10,000 characters"`
}

type writeInput struct {
	ID   string `path:"id"`
	Body commentText
}

type commentOutput struct {
	ETag string `header:"ETag"`
	Body CommentBody
}

// answered shows a comment that was just stored.
func (m *Module) answered(ctx context.Context, c Comment, err error) (*commentOutput, error) {
	if err != nil {
		return nil, err
	}
	t := thread{room: m}
	err = m.DB.Read(ctx, func(tx *db.Tx) error { return t.name(ctx, tx, []Comment{c}) })
	return &commentOutput{api.Tag(c.Version), t.body(c)}, err
}

func (m *Module) apiWrite(ctx context.Context, in *writeInput) (*commentOutput, error) {
	c, err := m.Write(ctx, access.Of(ctx), in.ID, in.Body.Text)
	return m.answered(ctx, c, err)
}

type amendInput struct {
	ID      string `path:"id"`
	Comment string `path:"comment"`
	IfMatch string `header:"If-Match" doc:"ETag of the version that is changed: its number between quotation marks"`
	Body    commentText
}

func (m *Module) apiAmend(ctx context.Context, in *amendInput) (*commentOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := m.Amend(ctx, access.Of(ctx), in.ID, in.Comment, in.Body.Text, expect)
	return m.answered(ctx, c, err)
}

type withdrawInput struct {
	ID      string `path:"id"`
	Comment string `path:"comment"`
	IfMatch string `header:"If-Match" doc:"ETag of the version that is withdrawn"`
}

func (m *Module) apiWithdraw(ctx context.Context, in *withdrawInput) (*commentOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := m.Withdraw(ctx, access.Of(ctx), in.ID, in.Comment, expect)
	return m.answered(ctx, c, err)
}

// AttachmentBody is an attachment in the API.
type AttachmentBody struct {
	ID        string    `json:"id"`
	Person    string    `json:"person" doc:"Identifier of who attached it"`
	Structure string    `json:"structure" doc:"Identifier of the institution that they then served"`
	Name      string    `json:"name" doc:"Of the file"`
	Type      string    `json:"type" doc:"Media type, by its content"`
	Size      int64     `json:"size" doc:"Bytes"`
	Digest    string    `json:"digest" doc:"SHA-256 of the bytes, in hexadecimal"`
	Scanned   string    `json:"scanned,omitempty" doc:"clean when an antivirus has read it"`
	State     string    `json:"state" enum:"attached,withdrawn"`
	Created   time.Time `json:"created"`
	Updated   time.Time `json:"updated"`
	By        string    `json:"updated_by" doc:"Identifier of who withdrew it"`
	Href      string    `json:"href,omitempty" doc:"Address of the bytes, for the same token; empty once withdrawn"`
}

func (a Attachment) body() AttachmentBody {
	b := AttachmentBody{a.ID, a.Person, a.Structure, a.Name, a.Type, a.Size, a.Digest, a.Scanned, a.State, a.Created, a.Updated, a.By, ""}
	if a.State == attached {
		b.Href = "/fiches/" + a.Record + "/pieces/" + a.ID
	}
	return b
}

type attachmentsInput struct {
	ID string `path:"id"`
}

type attachmentsOutput struct {
	Body struct {
		Items []AttachmentBody `json:"items"`
	}
}

func (m *Module) apiAttachments(ctx context.Context, in *attachmentsInput) (*attachmentsOutput, error) {
	out := &attachmentsOutput{}
	out.Body.Items = []AttachmentBody{}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := find(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		all, err := Attachments(ctx, tx, access.Of(ctx), r.ID)
		for _, a := range all {
			out.Body.Items = append(out.Body.Items, a.body())
		}
		return err
	})
	return out, err
}

type attachInput struct {
	ID   string `path:"id"`
	Name string `query:"name" required:"true" doc:"Of the file; its ending says what it is"`
	api.Upload
}

type attachmentOutput struct {
	Body AttachmentBody
}

func (m *Module) apiAttach(ctx context.Context, in *attachInput) (*attachmentOutput, error) {
	a, err := m.attach(ctx, in.ID, in.Name, in.Bytes())
	if isCut(err) {
		err = m.tooLarge()
	}
	return &attachmentOutput{a.body()}, err
}

type detachInput struct {
	ID    string `path:"id"`
	Piece string `path:"piece"`
}

func (m *Module) apiDetach(ctx context.Context, in *detachInput) (*attachmentOutput, error) {
	a, err := m.Detach(ctx, access.Of(ctx), in.ID, in.Piece)
	return &attachmentOutput{a.body()}, err
}

type sendInput struct {
	ID   string `path:"id"`
	Name string `query:"name" required:"true" doc:"Of the file; its ending says what it is"`
	Size int64  `query:"size" required:"true" minimum:"1" doc:"Bytes of the whole file"`
	Mark string `query:"mark" doc:"Tells it from another of that name and size: when it was last changed, or its digest"`
	At   int64  `query:"at" minimum:"0" doc:"Bytes of the file before this part: those that have come"`
	api.Upload
}

type sendOutput struct {
	Body struct {
		ID       string `json:"id" doc:"Of the sending"`
		Received int64  `json:"received" doc:"Bytes that have come: where the next part begins"`
	}
}

func (m *Module) apiSend(ctx context.Context, in *sendInput) (*sendOutput, error) {
	s, err := m.SendPart(ctx, access.Of(ctx), Sending{Record: in.ID, Name: in.Name, Size: in.Size, Mark: in.Mark}, in.At, in.Bytes())
	out := &sendOutput{}
	out.Body.ID, out.Body.Received = s.ID, s.Received
	return out, err
}

type attachSentInput struct {
	ID      string `path:"id"`
	Sending string `path:"sending"`
}

func (m *Module) apiAttachSent(ctx context.Context, in *attachSentInput) (*attachmentOutput, error) {
	a, err := m.AttachSent(ctx, access.Of(ctx), in.ID, in.Sending)
	return &attachmentOutput{a.body()}, err
}
