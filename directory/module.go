package directory

import (
	"context"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/core/dossier"
	"cadre/core/intake"
	"cadre/core/journal"
	"cadre/core/place"
	"cadre/core/record"
	"cadre/core/theme"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/page"
	"cadre/kit/web"
	"cadre/packs"
)

// Deps is what the directory stands on.
type Deps struct {
	DB      *db.DB
	Log     *journal.Log
	Clock   clock.Clock
	Pack    *packs.Pack
	Themes  *theme.Tree
	Places  *place.Tree
	Atlas   *place.Atlas
	Zone    *time.Location
	People  *account.Module
	Circles *circle.Module
	Readers *record.Readers
	Dossier *dossier.Module
	Intake  *intake.Module
	// Fictitious marks what people add as invented: on a demonstration.
	Fictitious bool
}

// Module is the directory.
type Module struct {
	Deps
	waiting  waiting
	booklets booklets
}

// New returns the directory.
func New(d Deps) *Module { return &Module{Deps: d, waiting: waiting{asked: map[Question]*Unmet{}}} }

// Routes is the directory's table of contents.
func (m *Module) Routes() []web.Route {
	secretariat := access.Holding(access.Secretariat)
	return append([]web.Route{
		{Pattern: "GET /structures", Allow: access.Anyone, Handle: m.list, Shared: true},
		{Pattern: "GET /structures/nouvelle", Allow: secretariat, Handle: m.newStructure},
		{Pattern: "POST /structures", Allow: secretariat, Handle: m.admit},
		{Pattern: "GET /structures/{slug}", Allow: access.Anyone, Handle: m.show, Shared: true},
		{Pattern: "GET /structures/{slug}/modifier", Allow: access.SignedIn, Handle: m.edit(identityForm)},
		{Pattern: "POST /structures/{slug}", Allow: access.SignedIn, Handle: m.post(identityForm)},
		{Pattern: "GET /structures/{slug}/nom", Allow: access.SignedIn, Handle: m.edit(nameForm)},
		{Pattern: "POST /structures/{slug}/nom", Allow: access.SignedIn, Handle: m.post(nameForm)},
		{Pattern: "GET /structures/{slug}/tutelle", Allow: access.SignedIn, Handle: m.edit(tutelleForm)},
		{Pattern: "POST /structures/{slug}/tutelle", Allow: access.SignedIn, Handle: m.post(tutelleForm)},
		{Pattern: "GET /structures/{slug}/texte", Allow: access.SignedIn, Handle: m.edit(legalForm)},
		{Pattern: "POST /structures/{slug}/texte", Allow: access.SignedIn, Handle: m.post(legalForm)},
		{Pattern: "POST /structures/{slug}/retirer", Allow: access.SignedIn, Handle: m.strike},
		{Pattern: "GET /structures/{slug}/confirmer", Allow: access.SignedIn, Handle: m.askConfirmation},
		{Pattern: "POST /structures/{slug}/confirmer", Allow: access.SignedIn, Handle: web.Button(m.confirm)},
		{Pattern: "GET /structures/{slug}/dissoudre", Allow: access.SignedIn, Handle: m.editClosing},
		{Pattern: "POST /structures/{slug}/dissoudre", Allow: access.SignedIn, Handle: m.postClosing},
		{Pattern: "POST /structures/{slug}/retablir", Allow: access.SignedIn, Handle: m.postReopening},
		{Pattern: "POST /structures/{slug}/reprendre", Allow: access.SignedIn, Handle: web.Button(m.postTakeover)},
		{Pattern: "GET /structures/{slug}/{kind}", Allow: access.Anyone, Handle: m.listFacts},
		{Pattern: "GET /structures/{slug}/{kind}/ajouter", Allow: access.SignedIn, Handle: m.newFact},
		{Pattern: "POST /structures/{slug}/{kind}", Allow: access.SignedIn, Handle: m.addFact},
		{Pattern: "GET /faits/{id}", Allow: access.Anyone, Handle: m.showFact},
		{Pattern: "GET /faits/{id}/modifier", Allow: access.SignedIn, Handle: m.editFact},
		{Pattern: "POST /faits/{id}", Allow: access.SignedIn, Handle: m.amendFact},
		{Pattern: "POST /faits/{id}/etat", Allow: access.SignedIn, Handle: m.turnFact},
		{Pattern: "GET " + matrixPath, Allow: access.Anyone, Handle: m.matrix, Shared: true},
		{Pattern: "GET " + askPath, Allow: access.Anyone, Handle: m.askWhom, Shared: true},
		{Pattern: "GET " + mapPath, Allow: access.Anyone, Handle: m.showMap, Shared: true},
		{Pattern: "GET " + meansPath, Allow: access.Anyone, Handle: m.listMeans, Shared: true},
		{Pattern: "GET " + unmetPath, Allow: secretariat, Handle: m.listUnmet},
		{Pattern: "GET /territoires/{code}", Allow: access.Anyone, Handle: m.showTerritory, Shared: true},
		{Pattern: "GET " + factsPath, Allow: access.Anyone, Handle: m.listFound, Shared: true},
		{Pattern: "GET " + bookletPath, Allow: access.Anyone, Handle: m.booklet},
		{Pattern: "GET " + feedPath, Allow: access.Anyone, Handle: m.feed},
		{Pattern: "GET " + freshnessPath, Allow: secretariat, Handle: m.freshness},
	}, m.Intake.Routes("/structures/{slug}/{kind}/importer", access.SignedIn, m.openIntake)...)
}

// keeps reports whether the viewer keeps up the sheet of the structure.
func keeps(v access.Viewer, structure string) bool {
	return v.Serves(structure, keepers...)
}

// Sheet is the sheet of a structure as a viewer sees it.
type Sheet struct {
	record.Record
	Structure
	Name      string                // official, today
	Tutelle   string                // today; empty when there is none or it is not known
	Facts     map[string][]FactLine // in force, by kind: the first by title
	Counts    map[string]int        // of all those facts, by kind
	Recent    []FactLine            // that changed last, the newest first
	Withdrawn []record.Record       // the last, for who keeps the sheet
	Focal     []account.FocalPoint
	Successor *account.Structure // that has its matters, once it has left the framework; nil for none
}

// onSheet is how many facts of a kind a sheet shows; the others have pages of their own.
const onSheet = 20

// FactLine is a fact of a sheet.
type FactLine struct {
	record.Record
	Fact Fact
}

func (s Sheet) hasTitular() bool {
	return slices.ContainsFunc(s.Focal, func(f account.FocalPoint) bool { return f.Function == access.Focal })
}

func (s Sheet) hasDeputy() bool {
	return slices.ContainsFunc(s.Focal, func(f account.FocalPoint) bool { return f.Function == access.Deputy })
}

// Find reads the sheet of a structure, known by its identifier or its name in
// addresses, with the facts in force that the viewer may see. It is missing when
// the viewer may not see it.
func (m *Module) Find(ctx context.Context, v access.Viewer, key string) (Sheet, error) {
	var s Sheet
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		s, err = m.find(ctx, tx, v, key)
		return err
	})
	return s, err
}

func (m *Module) find(ctx context.Context, tx *db.Tx, v access.Viewer, key string) (Sheet, error) {
	s, err := m.head(ctx, tx, v, key)
	if err != nil {
		return s, err
	}
	s.Facts, s.Counts = map[string][]FactLine{}, map[string]int{}
	for _, k := range kinds {
		some, err := m.facts(ctx, tx, v, s.ID, k, page.Request{Limit: onSheet})
		if err != nil {
			return s, err
		}
		s.Facts[k.code], s.Counts[k.code] = some.Rows, some.Total
	}
	if s.Recent, err = changedLately(ctx, tx, v, s); err != nil {
		return s, err
	}
	if keeps(v, s.ID) {
		if s.Withdrawn, err = record.Lately(ctx, tx, v, record.Filter{Owner: s.ID, State: Withdrawn}, onSheet); err != nil {
			return s, err
		}
	}
	if s.Successor, err = m.successor(ctx, tx, s.Structure); err != nil {
		return s, err
	}
	s.Focal, err = m.People.FocalPoints(ctx, tx, s.ID)
	return s, err
}

// facts reads a page of the facts in force of a structure, of one kind, by title.
func (m *Module) facts(ctx context.Context, tx *db.Tx, v access.Viewer, owner string, k kind, p page.Request) (page.Of[FactLine], error) {
	found, err := record.List(ctx, tx, v, record.Filter{Kind: k.record, Owner: owner, State: InForce}, p)
	lines := page.Of[FactLine]{From: found.From, Total: found.Total, Next: found.Next, Prev: found.Prev}
	for _, r := range found.Rows {
		f, err := factOf(r, k)
		if err != nil {
			return lines, err
		}
		lines.Rows = append(lines.Rows, FactLine{r, f})
	}
	return lines, err
}

// changedLately reads the facts that changed last, but those as old as the sheet.
func changedLately(ctx context.Context, tx *db.Tx, v access.Viewer, s Sheet) ([]FactLine, error) {
	const most = 5
	changed, err := record.Lately(ctx, tx, v, record.Filter{Owner: s.ID, State: InForce}, most+1)
	var all []FactLine
	for _, r := range changed {
		k, itself := kindOfRecord(r.Kind)
		if itself != nil || r.Version == 1 && !r.Created.After(s.Created) {
			continue
		}
		f, err := factOf(r, k)
		if err != nil {
			return nil, err
		}
		all = append(all, FactLine{r, f})
	}
	return all[:min(len(all), most)], err
}

// head reads the sheet without its facts.
func (m *Module) head(ctx context.Context, tx *db.Tx, v access.Viewer, key string) (Sheet, error) {
	if slug.MatchString(key) && len(key) < 36 {
		id, err := idOf(ctx, tx, key)
		if err != nil {
			return Sheet{}, err
		}
		key = id
	}
	r, err := record.Find(ctx, tx, v, key, structureKind)
	if err != nil {
		return Sheet{}, err
	}
	content, err := record.Decode[Structure](r)
	now := m.Clock.Now()
	return Sheet{Record: r, Structure: content, Name: content.Name(now), Tutelle: content.Tutelle(now)}, err
}

func factOf(r record.Record, k kind) (Fact, error) {
	f := k.fresh()
	return f, decode(r.Content, f)
}

// kept reads a sheet that the viewer keeps up; for the others it is missing when
// they may not see it, else forbidden.
func (m *Module) kept(ctx context.Context, tx *db.Tx, v access.Viewer, key string) (Sheet, error) {
	s, err := m.head(ctx, tx, v, key)
	if err == nil && !keeps(v, s.ID) {
		err = fault.New(fault.Forbidden, reserved)
	}
	if err == nil && s.Closed != nil {
		err = closedFault()
	}
	return s, err
}

// Institutions lists every structure for the rooms below, which name institutions
// without knowing the directory.
func (m *Module) Institutions(ctx context.Context, tx *db.Tx) ([]account.Structure, error) {
	type row struct {
		account.Structure
		names             []Dated
		closed, successor string
	}
	rows, err := db.All(ctx, tx, func(r *row) []any {
		return []any{&r.ID, &r.Slug, &r.Acronym, db.JSON(&r.names), &r.closed, &r.successor}
	}, `SELECT id, slug, acronym, names, closed_on, successor_id FROM directory_structure ORDER BY acronym_key, id`)
	all, next := make([]account.Structure, len(rows)), map[string]string{}
	for _, r := range rows {
		if r.successor != "" {
			next[r.ID] = r.successor
		}
	}
	heir := last(next)
	for i, r := range rows {
		all[i] = r.Structure
		all[i].Name = Structure{Acronym: r.Acronym, Names: r.names}.Name(m.Clock.Now())
		all[i].Closed = r.closed != ""
		all[i].Heir = heir[r.ID]
	}
	return all, err
}
