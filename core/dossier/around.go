package dossier

import (
	"context"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/markdown"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"

	"github.com/a-h/templ"
)

// shownAround is how many comments stand on the page of their record; the others are one link away.
const shownAround = 5

// around is what stands around a record on its page.
type around struct {
	thread
	Pieces   pieces
	Followed bool
}

// Around is what people put around a record, for the page of the record, which the viewer sees.
func (m *Module) Around(ctx context.Context, r record.Record) (templ.Component, error) {
	v := access.Of(ctx)
	p := around{thread: m.thread(v, r), Pieces: m.pieces(v, r)}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if err := p.load(ctx, tx, page.Request{Cursor: page.Cursor{From: 1}, Limit: shownAround}); err != nil {
			return err
		}
		if err := p.Pieces.load(ctx, tx); err != nil {
			return err
		}
		if p.Viewer.Known() {
			p.Followed, err = record.Followed(ctx, tx, p.Viewer, r.ID)
		}
		return err
	})
	return aroundView(p), err
}

// thread is the comments of a record, as they are shown.
type thread struct {
	room     *Module
	Record   record.Record
	Viewer   access.Viewer
	Writes   bool // may comment
	State    form.State
	Comments page.Of[Comment]
	names    map[string]string // of people and institutions, by identifier
}

func (m *Module) thread(v access.Viewer, r record.Record) thread {
	return thread{room: m, Record: r, Viewer: v, Writes: v.Is(writers...)}
}

// load reads a page of the comments, with the names of whom they speak.
func (t *thread) load(ctx context.Context, tx *db.Tx, p page.Request) (err error) {
	if t.Comments, err = Comments(ctx, tx, t.Viewer, t.Record.ID, p); err != nil {
		return err
	}
	return t.name(ctx, tx, t.Comments.Rows)
}

// name reads the names of the authors of comments and of those whom they mention.
func (t *thread) name(ctx context.Context, tx *db.Tx, comments []Comment) error {
	if len(comments) == 0 {
		return nil
	}
	var people []string
	for _, c := range comments {
		people = append(append(people, c.Person, c.By), markdown.Mentions(c.Text)...)
	}
	var err error
	t.names, err = t.room.names(ctx, tx, people)
	return err
}

// names are those of people and the acronyms of institutions, by identifier.
func (m *Module) names(ctx context.Context, tx *db.Tx, people []string) (map[string]string, error) {
	names, err := m.People.Names(ctx, tx, people)
	if err != nil {
		return nil, err
	}
	institutions, err := m.People.Structures(ctx, tx)
	for _, s := range institutions {
		names[s.ID] = s.Acronym
	}
	return names, err
}

// html renders a text, with the names of those whom it mentions.
func (t thread) html(src string) string {
	return markdown.HTML(src, func(mention string) string {
		if name := t.names[mention]; name != "" {
			return "@" + name
		}
		return "@" + mention
	})
}

// author is who wrote a comment, with their institution.
func (t thread) author(c Comment) string {
	if s := t.names[c.Structure]; s != "" {
		return t.names[c.Person] + " · " + s
	}
	return t.names[c.Person]
}

// touches reports whether the viewer may change or withdraw a comment.
func (t thread) touches(c Comment) bool {
	return c.State == written && t.Writes && (c.Person == t.Viewer.Person || tidies(t.Viewer, t.Record))
}

// audience says who will read what is written here.
func (t thread) audience(ctx context.Context) string {
	if t.Record.Audience.Has(access.Public) && t.Record.Marking == access.Clear {
		return text.T(ctx, "Cette fiche est publique : tout le monde lira ce commentaire.")
	}
	return text.T(ctx, "Ceux qui peuvent lire cette fiche liront ce commentaire, et eux seuls.")
}

func (t thread) path(rest string) string { return "/fiches/" + t.Record.ID + rest }

func (t thread) href(c Comment) string { return t.path("/commentaires/" + c.ID) }

// typed is the text of a comment as its author would type it again: acronyms and addresses for identifiers.
func (m *Module) typed(ctx context.Context, tx *db.Tx, c Comment) (string, error) {
	mentions := markdown.Mentions(c.Text)
	shown := map[string]string{}
	people, err := m.People.Correspondents(ctx, tx, mentions)
	for _, p := range people {
		shown[p.ID] = "@" + p.Email
	}
	if err != nil {
		return "", err
	}
	gone, err := m.People.Names(ctx, tx, mentions)
	for id, name := range gone {
		if shown[id] == "" {
			shown[id] = name // nobody can be told any more
		}
	}
	if err != nil {
		return "", err
	}
	var institutions []account.Structure
	institutions, err = m.People.Structures(ctx, tx)
	for _, s := range institutions {
		shown[s.ID] = "@" + handle(s)
	}
	return markdown.Rename(c.Text, func(id string) string {
		if as := shown[id]; as != "" {
			return as
		}
		return "@" + id
	}), err
}

// all leads from the record's page to all of its comments.
func (p around) all(ctx context.Context) []ui.Link {
	if p.Comments.Total <= len(p.Comments.Rows) {
		return nil
	}
	return []ui.Link{{Label: text.T(ctx, "Lire les %d commentaires", p.Comments.Total), Href: p.path("/commentaires")}}
}
