package directory

import (
	"context"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/doc"
	"cadre/kit/text"
	"cadre/kit/web"
)

// feedPath is the address of the feed of public changes.
const feedPath = "/annuaire/changements.atom"

// onFeed is how many changes the feed holds.
const onFeed = 50

// feed tells what changed last in the public part of the directory. A feed reader has no
// session: whoever asks, it holds what nobody in particular may see.
func (m *Module) feed(r *web.Request) (web.Response, error) {
	ctx := r.Context()
	base := m.People.BaseURL
	f := doc.Feed{ID: base + feedPath, Title: text.T(ctx, "Annuaire des structures : ce qui a changé"), About: text.T(ctx, "Les changements publics de l’annuaire."),
		Author: "Cadre", Lang: string(text.Of(ctx)), Self: base + feedPath, Page: base + "/structures"}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		f.Entries, err = m.news(ctx, tx)
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	if len(f.Entries) > 0 {
		f.Updated = f.Entries[0].Updated
	}
	b, err := f.Atom()
	return web.Bytes(doc.TypeAtom, b), err
}

// news lists the public facts and sheets that changed last, the newest first.
func (m *Module) news(ctx context.Context, tx *db.Tx) ([]doc.Entry, error) {
	owners, err := m.Acronyms(ctx, tx)
	if err != nil {
		return nil, err
	}
	changed, err := m.lately(ctx, tx, access.Nobody, onFeed)
	var all []doc.Entry
	for _, r := range changed {
		all = append(all, m.newsOf(ctx, r, owners[r.Owner]))
	}
	return all, err
}

// lately lists the sheets and the facts in force, of all kinds, that changed last: those of the
// institutions that are in the framework.
func (m *Module) lately(ctx context.Context, tx *db.Tx, v access.Viewer, most int) ([]record.Record, error) {
	of := []string{structureKind}
	for _, k := range kinds {
		of = append(of, k.record)
	}
	closed, err := dissolved(ctx, tx)
	if err != nil {
		return nil, err
	}
	var all []record.Record
	for _, kind := range of {
		some, err := record.Lately(ctx, tx, v, record.Filter{Kind: kind, State: InForce, Except: closed}, most)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b record.Record) int {
		if c := b.Updated.Compare(a.Updated); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	all = all[:min(len(all), most)]
	return all, record.LoadSets(ctx, tx, all)
}

func (m *Module) newsOf(ctx context.Context, r record.Record, owner string) doc.Entry {
	e := doc.Entry{ID: "urn:uuid:" + r.ID, Title: r.Title, Author: owner, Updated: r.Updated, Category: text.T(ctx, "Fiche"), Page: m.People.BaseURL + "/structures/" + r.Owner}
	if k, err := kindOfRecord(r.Kind); err == nil {
		e.Title, e.Category, e.Page = owner+" – "+r.Title, text.T(ctx, k.one), m.People.BaseURL+"/faits/"+r.ID
	}
	said := []string{e.Category + " – " + text.T(ctx, "corrigé")}
	if r.Version == 1 {
		said[0] = e.Category + " – " + text.T(ctx, "nouveau")
	}
	said = append(append(said, text.Labels(ctx, r.Themes, m.Themes.Label)...), text.Labels(ctx, r.Places, m.Places.Path)...)
	e.Summary = strings.Join(said, ", ")
	return e
}
