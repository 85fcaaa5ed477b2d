package desk

import (
	"context"
	"net/http"
	"time"

	"cadre/core/access"
	"cadre/kit/api"
	"cadre/kit/db"
)

// API describes the operations on what waits for the caller, and on how long it may.
func (m *Module) API(a *api.API) {
	api.Add(a, api.Op{Method: http.MethodGet, Path: "/desk", ID: "listTasks", Summary: "List what waits for the functions that the caller holds, the most pressing first",
		Tag: "desk", Allow: access.SignedIn}, m.apiTasks)
	api.Add(a, api.Op{Method: http.MethodGet, Path: "/changes", ID: "listChanges", Summary: "List what changed last among what the caller may read, with what changed since their last visit apart",
		Tag: "desk", Allow: access.SignedIn}, m.apiChanges)
	api.Add(a, api.Op{Method: http.MethodGet, Path: "/delays", ID: "getDelays", Summary: "How long something may wait before somebody is told",
		Tag: "desk", Allow: access.SignedIn}, m.apiDelays)
	api.Add(a, api.Op{Method: http.MethodPut, Path: "/delays", ID: "setDelays", Summary: "Change how long something may wait before somebody is told",
		Tag: "desk", Allow: settles}, m.apiSetDelays)
}

// TaskItem is a task in the API, in the caller's language.
type TaskItem struct {
	Kind     string        `json:"kind"`
	Title    string        `json:"title"`
	Why      string        `json:"why"`
	Href     string        `json:"href" doc:"Page where it is done"`
	Due      *time.Time    `json:"due,omitempty"`
	Reminded *ReminderItem `json:"reminded,omitempty" doc:"The last reminder, if one was sent"`
}

// ReminderItem is a reminder in the API.
type ReminderItem struct {
	Stage Stage     `json:"stage" enum:"holder,deputy,head" doc:"Who was told"`
	At    time.Time `json:"at"`
}

type tasksOutput struct {
	Body struct {
		Items []TaskItem `json:"items"`
	}
}

func (m *Module) apiTasks(ctx context.Context, _ *struct{}) (*tasksOutput, error) {
	var all []Task
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = m.Tasks(ctx, tx, access.Of(ctx))
		return err
	})
	out := &tasksOutput{}
	out.Body.Items = []TaskItem{}
	for _, t := range all {
		item := TaskItem{Kind: t.Kind, Title: t.Title, Why: t.Why, Href: t.Href}
		if !t.Due.IsZero() {
			item.Due = &t.Due
		}
		if r := t.Reminded; r.ID != "" {
			item.Reminded = &ReminderItem{r.Stage, r.At}
		}
		out.Body.Items = append(out.Body.Items, item)
	}
	return out, err
}

// ChangeItem is a record that changed, in the API.
type ChangeItem struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Title     string    `json:"title"`
	Structure string    `json:"structure" doc:"Acronym of the institution that owns the record"`
	Href      string    `json:"href" doc:"Page of the record"`
	At        time.Time `json:"at"`
}

type changesOutput struct {
	Body struct {
		LastVisit *time.Time   `json:"last_visit,omitempty" doc:"When the caller was here before, on the pages; absent when they never were"`
		Fresh     []ChangeItem `json:"fresh" doc:"Changed since, the newest first"`
		Before    []ChangeItem `json:"before" doc:"The newest of those that had changed before"`
	}
}

func (m *Module) apiChanges(ctx context.Context, _ *struct{}) (*changesOutput, error) {
	var p deskPage
	err := m.DB.Read(ctx, func(tx *db.Tx) error { return m.changed(ctx, tx, access.Of(ctx), &p) })
	out := &changesOutput{}
	if !p.Since.IsZero() {
		out.Body.LastVisit = &p.Since
	}
	out.Body.Fresh, out.Body.Before = changeItems(p.Fresh), changeItems(p.News)
	return out, err
}

func changeItems(all []News) []ChangeItem {
	items := []ChangeItem{}
	for _, n := range all {
		items = append(items, ChangeItem{n.ID, n.Kind, n.Title, n.By, n.Href, n.At})
	}
	return items
}
