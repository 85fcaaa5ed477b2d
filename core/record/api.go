package record

import (
	"context"
	"net/http"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/api"
	"cadre/kit/db"
	"cadre/kit/fault"
)

// API describes what can be done over every kind of record.
func (m *Module) API(a *api.API) {
	op := func(method, path, id, summary string) api.Op {
		return api.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: "records", Allow: access.SignedIn}
	}
	api.Add(a, op(http.MethodGet, "/records/{id}/history", "getHistory", "List the versions of a record, the newest first"), m.apiHistory)
	api.Add(a, op(http.MethodGet, "/records/{id}/readings", "getReadings", "List who has read and exported a record of one's own institution"), m.apiReadings)
	api.Add(a, op(http.MethodGet, "/records/{id}/links", "getLinks", "List what a record is linked to"), m.apiLinks)
	api.Add(a, op(http.MethodPost, "/records/{id}/links", "addLink", "Link a record of one's own institution to another"), m.apiLink)
	api.Add(a, op(http.MethodDelete, "/records/{id}/links/{kind}/{to}", "removeLink", "Remove a link"), m.apiUnlink)
	api.Add(a, op(http.MethodPut, "/records/{id}/follow", "followRecord", "Follow a record"), m.apiFollow(true))
	api.Add(a, op(http.MethodDelete, "/records/{id}/follow", "unfollowRecord", "Stop following a record"), m.apiFollow(false))
}

type recordInput struct {
	ID string `path:"id"`
}

// VersionBody is a version of a record in the API.
type VersionBody struct {
	Version  int64     `json:"version"`
	At       time.Time `json:"at"`
	Person   string    `json:"person" doc:"Identifier"`
	Name     string    `json:"name" doc:"Of the person"`
	Action   string    `json:"action"`
	Snapshot Snapshot  `json:"snapshot"`
}

type historyOutput struct {
	Body struct {
		Items []VersionBody `json:"items"`
	}
}

func (m *Module) apiHistory(ctx context.Context, in *recordInput) (*historyOutput, error) {
	p, err := m.historyPage(ctx, access.Of(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := &historyOutput{}
	out.Body.Items = []VersionBody{}
	for _, v := range p.Versions {
		out.Body.Items = append(out.Body.Items, VersionBody{v.Entry.Version, v.Entry.At, v.Entry.Person, p.Names[v.Entry.Person], v.Entry.Action, v.Snapshot})
	}
	return out, nil
}

// ReadingBody is a reading in the API.
type ReadingBody struct {
	Person string    `json:"person" doc:"Identifier"`
	How    string    `json:"how" enum:"read,exported"`
	First  time.Time `json:"first"`
	Last   time.Time `json:"last"`
	Times  int64     `json:"times"`
}

type readingsOutput struct {
	Body struct {
		Items []ReadingBody `json:"items"`
	}
}

func (m *Module) apiReadings(ctx context.Context, in *recordInput) (*readingsOutput, error) {
	out := &readingsOutput{}
	out.Body.Items = []ReadingBody{}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := m.find(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		all, err := Readings(ctx, tx, access.Of(ctx), r)
		for _, x := range all {
			out.Body.Items = append(out.Body.Items, ReadingBody(x))
		}
		return err
	})
	return out, err
}

// LinkBody is a link in the API.
type LinkBody struct {
	Kind  LinkKind `json:"kind"`
	To    string   `json:"to" doc:"Identifier of the other record"`
	Title string   `json:"title,omitempty" doc:"Of the other record"`
	Back  bool     `json:"back,omitempty" doc:"The link comes from the other record"`
}

type linksOutput struct {
	Body struct {
		Items []LinkBody `json:"items"`
	}
}

func (m *Module) apiLinks(ctx context.Context, in *recordInput) (*linksOutput, error) {
	out := &linksOutput{}
	out.Body.Items = []LinkBody{}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := m.find(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		all, err := Links(ctx, tx, access.Of(ctx), r.ID)
		for _, l := range all {
			out.Body.Items = append(out.Body.Items, LinkBody{l.Link, l.ID, l.Title, l.Back})
		}
		return err
	})
	return out, err
}

type linkInput struct {
	ID   string `path:"id"`
	Body struct {
		Kind LinkKind `json:"kind" enum:"concerns,serves,follows,replaces"`
		To   string   `json:"to" doc:"Identifier of the other record"`
	}
}

// nothing is the answer of what has nothing to say.
type nothing struct{}

// over finds a record and does something over it.
func (m *Module) over(ctx context.Context, id string, do func(*journal.Act, Record) error) (*nothing, error) {
	err := m.Log.Write(ctx, access.Of(ctx), func(act *journal.Act) error {
		r, err := m.find(ctx, act.Tx, id)
		if err != nil {
			return err
		}
		return do(act, r)
	})
	return &nothing{}, err
}

func (m *Module) apiLink(ctx context.Context, in *linkInput) (*nothing, error) {
	return m.over(ctx, in.ID, func(act *journal.Act, r Record) error {
		to, err := m.find(ctx, act.Tx, in.Body.To)
		if fault.KindOf(err) == fault.NotFound {
			return fault.Invalid("to", "Cette adresse ne mène à aucune fiche qui vous soit ouverte.")
		}
		if err != nil {
			return err
		}
		return m.tie(ctx, act, r, in.Body.Kind, to)
	})
}

type unlinkInput struct {
	ID   string   `path:"id"`
	Kind LinkKind `path:"kind"`
	To   string   `path:"to"`
}

func (m *Module) apiUnlink(ctx context.Context, in *unlinkInput) (*nothing, error) {
	return m.over(ctx, in.ID, func(act *journal.Act, r Record) error {
		return m.untie(ctx, act, r, in.Kind, in.To)
	})
}

func (m *Module) apiFollow(on bool) func(context.Context, *recordInput) (*nothing, error) {
	return func(ctx context.Context, in *recordInput) (*nothing, error) {
		return m.over(ctx, in.ID, func(act *journal.Act, r Record) error { return Follow(ctx, act, r, on) })
	}
}
