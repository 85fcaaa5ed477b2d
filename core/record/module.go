package record

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// Module is what is written once over the envelope: pages of history, readers,
// links and followers that serve every kind of record.
type Module struct {
	DB  *db.DB
	Log *journal.Log
	// Names gives people's names by identifier.
	Names func(context.Context, *db.Tx, []string) (map[string]string, error)
	// Href is the page of a record of a kind.
	Href func(kind, id string) string
	// Label names a field of a record's content.
	Label func(context.Context, string) string
	// Words says a field's value as people do: codes become words, identifiers names.
	Words func(ctx context.Context, tx *db.Tx, field, value string) string
	// Content lists, by the kind of a record, how its noun says the fields of a content in
	// words. Words says those of the other kinds.
	Content map[string]func(context.Context, *db.Tx, json.RawMessage) ([]Field, error)
}

// Routes is the table of contents.
func (m *Module) Routes() []web.Route {
	member := access.SignedIn
	return []web.Route{
		{Pattern: "GET /fiches/{id}", Allow: access.Anyone, Handle: m.show},
		{Pattern: "GET /fiches/{id}/historique", Allow: member, Handle: m.history},
		{Pattern: "GET /fiches/{id}/versions", Allow: member, Handle: m.compare},
		{Pattern: "GET /fiches/{id}/lecteurs", Allow: member, Handle: m.readers},
		{Pattern: "POST /fiches/{id}/suivre", Allow: member, Handle: m.follow},
		{Pattern: "POST /fiches/{id}/liens", Allow: member, Handle: m.link},
		{Pattern: "POST /fiches/{id}/liens/retirer", Allow: member, Handle: m.unlink},
	}
}

// find reads the record of the address.
func (m *Module) find(ctx context.Context, tx *db.Tx, id string) (Record, error) {
	return Find(ctx, tx, access.Of(ctx), id)
}

// show leads to the record's own page, wherever its noun keeps it.
func (m *Module) show(r *web.Request) (web.Response, error) {
	var rec Record
	err := m.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		rec, err = m.find(r.Context(), tx, r.PathValue("id"))
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther(m.Href(rec.Kind, rec.ID)), nil
}

type historyPage struct {
	ui.Page
	State    form.State // of the form that links
	Record   Record
	Versions []Version
	Names    map[string]string
	Links    []Linked
	Followed bool
	Owner    bool
}

func (m *Module) history(r *web.Request) (web.Response, error) {
	p, err := m.historyForm(r, form.State{})
	return web.Page(history(p)), err
}

// historyForm prepares the page, with what was typed in the form that links.
func (m *Module) historyForm(r *web.Request, state form.State) (historyPage, error) {
	ctx := r.Context()
	p, err := m.historyPage(ctx, access.Of(ctx), r.PathValue("id"))
	if err != nil {
		return p, err
	}
	p.Page = ui.Start(ctx, text.T(ctx, "Historique : %s", p.Record.Title), ui.Link{Label: p.Record.Title, Href: m.Href(p.Record.Kind, p.Record.ID), Lang: "fr"})
	p.State, p.Failed = state, state.Failed()
	return p, nil
}

func (m *Module) historyPage(ctx context.Context, v access.Viewer, id string) (historyPage, error) {
	var p historyPage
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Record, err = m.find(ctx, tx, id); err != nil {
			return err
		}
		if p.Versions, err = History(ctx, tx, v, p.Record); err != nil {
			return err
		}
		if p.Links, err = Links(ctx, tx, v, p.Record.ID); err != nil {
			return err
		}
		if p.Followed, err = Followed(ctx, tx, v, p.Record.ID); err != nil {
			return err
		}
		people := make([]string, len(p.Versions))
		for i, version := range p.Versions {
			people[i] = version.Entry.Person
		}
		p.Names, err = m.Names(ctx, tx, people)
		return err
	})
	p.Owner = p.Record.Owner == v.Structure
	return p, err
}

type comparePage struct {
	ui.Page
	Record  Record
	From    Version
	To      Version
	Changes []labelled
}

// labelled is a change in the words of its readers.
type labelled struct{ Label, Before, After string }

// compare shows the difference between any two versions of a record that the viewer may see.
func (m *Module) compare(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	from, err1 := strconv.ParseInt(r.Query("de"), 10, 64)
	to, err2 := strconv.ParseInt(r.Query("a"), 10, 64)
	if err1 != nil || err2 != nil {
		return web.Response{}, fault.Missing()
	}
	var p comparePage
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Record, err = m.find(ctx, tx, r.PathValue("id")); err != nil {
			return err
		}
		if p.From, err = VersionOf(ctx, tx, v, p.Record, from); err != nil {
			return err
		}
		if p.To, err = VersionOf(ctx, tx, v, p.Record, to); err != nil {
			return err
		}
		p.Changes, err = m.changes(ctx, tx, p.Record.Kind, p.From.Snapshot, p.To.Snapshot)
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	p.Page = ui.Start(ctx, text.T(ctx, "De la version %d à la version %d", from, to),
		ui.Link{Label: p.Record.Title, Href: m.Href(p.Record.Kind, p.Record.ID), Lang: "fr"},
		ui.Link{Label: text.T(ctx, "Historique"), Href: "/fiches/" + p.Record.ID + "/historique"})
	return web.Page(comparison(p)), nil
}

// changes lists what differs between two versions of a record of a kind, in words.
func (m *Module) changes(ctx context.Context, tx *db.Tx, kind string, from, to Snapshot) ([]labelled, error) {
	before, err := m.say(ctx, tx, kind, from)
	if err != nil {
		return nil, err
	}
	after, err := m.say(ctx, tx, kind, to)
	var all []labelled
	for _, c := range changed(before, after) {
		all = append(all, labelled{m.Label(ctx, c.Name), c.Before, c.After})
	}
	return all, err
}

// say lists the fields of a version in words.
func (m *Module) say(ctx context.Context, tx *db.Tx, kind string, s Snapshot) ([]Field, error) {
	plain, said := s.envelope(), []Field(nil)
	if content := m.Content[kind]; content != nil {
		var err error
		if said, err = content(ctx, tx, s.Content); err != nil {
			return nil, err
		}
	} else {
		plain = s.Fields()
	}
	for i, f := range plain {
		plain[i].Text = m.Words(ctx, tx, f.Name, f.Text)
	}
	return append(plain, said...), nil
}

type readersPage struct {
	ui.Page
	Record   Record
	Readings []Reading
	Names    map[string]string
}

// readers shows to the record's owner who has read and exported it.
func (m *Module) readers(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	var p readersPage
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Record, err = m.find(ctx, tx, r.PathValue("id")); err != nil {
			return err
		}
		if p.Readings, err = Readings(ctx, tx, v, p.Record); err != nil {
			return err
		}
		people := make([]string, len(p.Readings))
		for i, reading := range p.Readings {
			people[i] = reading.Person
		}
		p.Names, err = m.Names(ctx, tx, people)
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	p.Page = ui.Start(ctx, text.T(ctx, "Qui a lu et exporté"), ui.Link{Label: p.Record.Title, Href: m.Href(p.Record.Kind, p.Record.ID), Lang: "fr"})
	return web.Page(readersList(p)), nil
}

// act finds the record of a form and does something over it.
func (m *Module) act(r *web.Request, do func(context.Context, *journal.Act, Record, url.Values) error) (web.Response, error) {
	ctx := r.Context()
	values, err := form.Read(r.Request)
	if err == nil {
		err = m.Log.Write(ctx, access.Of(ctx), func(act *journal.Act) error {
			rec, err := m.find(ctx, act.Tx, r.PathValue("id"))
			if err != nil {
				return err
			}
			return do(ctx, act, rec, values)
		})
	}
	if fault.KindOf(err) == fault.BadInput {
		p, err := m.historyForm(r, form.Of(values, err))
		return web.Invalid(history(p)), err
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/fiches/" + r.PathValue("id") + "/historique").Done(text.Key("C’est enregistré.")), nil
}

func (m *Module) follow(r *web.Request) (web.Response, error) {
	return m.act(r, func(ctx context.Context, act *journal.Act, rec Record, values url.Values) error {
		return Follow(ctx, act, rec, values.Get("follow") != "no")
	})
}

// link ties the record to another, given by its identifier or its page's address.
// Only the record's owner ties it.
func (m *Module) link(r *web.Request) (web.Response, error) {
	return m.act(r, func(ctx context.Context, act *journal.Act, rec Record, values url.Values) error {
		to, err := m.find(ctx, act.Tx, lastPart(values.Get("to")))
		if fault.KindOf(err) == fault.NotFound {
			return fault.Invalid("to", "Cette adresse ne mène à aucune fiche qui vous soit ouverte.")
		}
		if err != nil {
			return err
		}
		return m.tie(ctx, act, rec, LinkKind(values.Get("kind")), to)
	})
}

func (m *Module) tie(ctx context.Context, act *journal.Act, rec Record, kind LinkKind, to Record) error {
	if err := mine(act.By, rec); err != nil {
		return err
	}
	return Link(ctx, act, rec, kind, to)
}

func (m *Module) unlink(r *web.Request) (web.Response, error) {
	return m.act(r, func(ctx context.Context, act *journal.Act, rec Record, values url.Values) error {
		return m.untie(ctx, act, rec, LinkKind(values.Get("kind")), values.Get("to"))
	})
}

// untie removes a link to a record that the actor sees: of any other, the answer tells nothing.
func (m *Module) untie(ctx context.Context, act *journal.Act, rec Record, kind LinkKind, to string) error {
	if err := mine(act.By, rec); err != nil {
		return err
	}
	if _, err := m.find(ctx, act.Tx, to); err != nil {
		return err
	}
	return Unlink(ctx, act, rec, kind, to)
}

func mine(v access.Viewer, rec Record) error {
	if !v.Serves(rec.Owner, access.Head, access.Focal, access.Deputy, access.Member) {
		return fault.New(fault.Forbidden, "Seule la structure qui tient cette fiche peut la relier à une autre.")
	}
	return nil
}

func lastPart(address string) string {
	for i := len(address) - 1; i >= 0; i-- {
		if address[i] == '/' {
			return address[i+1:]
		}
	}
	return address
}
