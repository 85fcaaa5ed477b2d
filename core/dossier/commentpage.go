package dossier

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// perPage is how many comments a page of them shows: each may be long.
const perPage = 20

// threadPage is the comments of a record on a page of their own.
type threadPage struct {
	ui.Page
	thread
}

func (p threadPage) span() ui.Span {
	s := ui.Span{First: p.Comments.From, Last: p.Comments.From + len(p.Comments.Rows) - 1, Total: p.Comments.Total}
	if p.Comments.Prev != "" {
		s.Previous = p.path("/commentaires?page=" + p.Comments.Prev)
	}
	if p.Comments.Next != "" {
		s.Next = p.path("/commentaires?page=" + p.Comments.Next)
	}
	return s
}

func (m *Module) comments(r *web.Request) (web.Response, error) {
	p, err := m.threadPage(r, form.State{})
	return web.Page(threadView(p)), err
}

// threadPage reads a page of the comments; state is what was typed, and what is wrong with it.
func (m *Module) threadPage(r *web.Request, state form.State) (threadPage, error) {
	ctx := r.Context()
	var p threadPage
	asked, err := page.Parse(r.Query("page"), perPage)
	if err != nil {
		return p, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		rec, err := find(ctx, tx, r.PathValue("id"))
		if err != nil {
			return err
		}
		p.thread = m.thread(access.Of(ctx), rec)
		return p.load(ctx, tx, asked)
	})
	if err != nil {
		return p, err
	}
	p.State = state
	p.Page = m.start(ctx, text.T(ctx, "Commentaires"), p.Record)
	p.Failed = state.Failed()
	return p, nil
}

// start begins a page around a record.
func (m *Module) start(ctx context.Context, title string, r record.Record) ui.Page {
	p := ui.Start(ctx, title, ui.Link{Label: r.Title, Href: m.Href(r.Kind, r.ID), Lang: "fr"})
	p.Marking = circle.Marking(ctx, r.Marking)
	return p
}

func (m *Module) postComment(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	values, err := form.Read(r.Request)
	var c Comment
	if err == nil {
		c, err = m.Write(ctx, access.Of(ctx), r.PathValue("id"), values.Get("text"))
	}
	if fault.KindOf(err) == fault.BadInput {
		p, err := m.threadPage(r, form.Of(values, err))
		return web.Invalid(threadView(p)), err
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/fiches/" + c.Record + "/commentaires").Done(text.Key("Votre commentaire est publié.")), nil
}

// commentPage is one comment: its former texts and, for those who may, its form.
type commentPage struct {
	ui.Page
	thread
	Comment Comment
	Former  []former // from the newest
	Author  bool
}

// former is a text that a comment has had.
type former struct {
	At   time.Time
	Text string
}

func (m *Module) comment(r *web.Request) (web.Response, error) {
	p, err := m.commentPage(r, nil, nil)
	return web.Page(commentView(p)), err
}

// commentPage reads a comment. Its form shows its text, or what was typed and what is wrong with it.
func (m *Module) commentPage(r *web.Request, typed url.Values, wrong error) (commentPage, error) {
	ctx := r.Context()
	var p commentPage
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		rec, err := find(ctx, tx, r.PathValue("id"))
		if err != nil {
			return err
		}
		p.thread = m.thread(access.Of(ctx), rec)
		if p.Comment, err = findComment(ctx, tx, rec, r.PathValue("comment")); err != nil {
			return err
		}
		return p.read(ctx, tx, typed, wrong)
	})
	if err != nil {
		return p, err
	}
	p.Page = m.start(ctx, text.T(ctx, "Commentaire"), p.Record)
	p.Crumbs = append(p.Crumbs, ui.Link{Label: text.T(ctx, "Commentaires"), Href: p.path("/commentaires")})
	p.Failed = p.State.Failed()
	return p, nil
}

// read fills the page of a comment.
func (p *commentPage) read(ctx context.Context, tx *db.Tx, typed url.Values, wrong error) (err error) {
	p.Author = p.Writes && p.Comment.Person == p.Viewer.Person && p.Comment.State == written
	if p.Former, err = formerTexts(ctx, tx, p.Comment); err != nil {
		return err
	}
	spoken := []Comment{p.Comment}
	for _, f := range p.Former {
		spoken = append(spoken, Comment{Person: p.Comment.Person, Text: f.Text})
	}
	if err := p.name(ctx, tx, spoken); err != nil || !p.Author {
		return err
	}
	if typed == nil {
		typed = url.Values{"version": {p.version()}}
		words, err := p.room.typed(ctx, tx, p.Comment)
		typed.Set("text", words)
		p.State = form.Of(typed, wrong)
		return err
	}
	typed.Set("version", p.version())
	p.State = form.Of(typed, wrong)
	return nil
}

func (p commentPage) version() string { return strconv.FormatInt(p.Comment.Version, 10) }

// formerTexts reads the texts that a comment had, the newest first; none of a withdrawn one.
func formerTexts(ctx context.Context, tx *db.Tx, c Comment) ([]former, error) {
	if c.State == withdrawn || c.Version == 1 {
		return nil, nil
	}
	entries, err := journal.History(ctx, tx, c.ID)
	var all []former
	for i := len(entries) - 1; i >= 0; i-- {
		var s said
		e := entries[i]
		if e.Version < c.Version && json.Unmarshal([]byte(e.Content), &s) == nil { // what was erased is shown no more
			all = append(all, former{e.At, s.Text})
		}
	}
	return all, err
}

func (m *Module) postAmended(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	values, err := form.Read(r.Request)
	if err == nil {
		_, err = m.Amend(ctx, access.Of(ctx), r.PathValue("id"), r.PathValue("comment"), values.Get("text"), form.Version(values))
	}
	kind := fault.KindOf(err)
	if kind == fault.BadInput || kind == fault.Conflict {
		p, err2 := m.commentPage(r, values, err)
		if kind == fault.Conflict && p.Author {
			return web.Conflicting(commentView(p)), err2
		}
		if kind == fault.BadInput {
			return web.Invalid(commentView(p)), err2
		}
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/fiches/" + r.PathValue("id") + "/commentaires").Done(text.Key("C’est enregistré.")), nil
}

func (m *Module) postWithdrawn(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	values, err := form.Read(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	c, err := m.Withdraw(ctx, access.Of(ctx), r.PathValue("id"), r.PathValue("comment"), form.Version(values))
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/fiches/" + c.Record + "/commentaires").Done(text.Key("Le commentaire est retiré.")), nil
}
