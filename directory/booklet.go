package directory

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/export"
	"cadre/core/place"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/doc"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// bookletPath is the address of the booklet of the structures.
const bookletPath = "/annuaire/livret.pdf"

// Of a kind of fact, a sheet of the booklet shows so many, and says how many more there are.
const inBooklet = 60

// booklets keeps the booklets made last. There are four: of the public and of the members, in
// each language. What they hold is read each time; the same content is not laid out again.
type booklets struct {
	mu   sync.Mutex
	made map[string]printed
}

type printed struct {
	digest [sha256.Size]byte
	pdf    []byte
}

// of returns the paper as PDF, made before if it says the same.
func (b *booklets) of(ctx context.Context, which string, p doc.Paper) ([]byte, error) {
	said, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(said)
	b.mu.Lock()
	defer b.mu.Unlock()
	if last := b.made[which]; last.digest == digest {
		return last.pdf, nil
	}
	pdf, err := p.PDF(ctx)
	if err == nil {
		if b.made == nil {
			b.made = map[string]printed{}
		}
		b.made[which] = printed{digest, pdf}
	}
	return pdf, err
}

// booklet answers with the booklet: the public's, or the members' for who may read what
// is open to all of them. It is dated by what changed last in it.
func (m *Module) booklet(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	as, which := access.Nobody, "public"
	if isMember(v) && v.Clearance >= access.AnyMember.Clearance {
		as, which = access.AnyMember, "members"
	}
	b := bookletOf{Module: m, viewer: as, page: ui.Start(ctx, text.T(ctx, "Livret des structures")), marking: as.Clearance}
	if err := m.DB.Read(ctx, func(tx *db.Tx) error { return b.read(ctx, tx) }); err != nil {
		return web.Response{}, err
	}
	paper := b.paper(ctx)
	pdf, err := m.booklets.of(ctx, which+" "+string(text.Of(ctx)), paper)
	if err != nil {
		return web.Response{}, err
	}
	m.Readers.Note(v, record.Exported, b.records...)
	return web.Download(doc.FileName("livret structures", form.DateOf(paper.Made), b.marking.Label(), "pdf"), doc.TypePDF, pdf), nil
}

// bookletOf is a booklet being made, as a viewer sees the directory.
type bookletOf struct {
	*Module
	viewer   access.Viewer
	page     ui.Page
	marking  access.Marking
	lines    []Line
	sheets   []Sheet
	matrix   Matrix
	regions  Matrix
	presence Presence
	records  []record.Record
}

func (b *bookletOf) read(ctx context.Context, tx *db.Tx) error {
	themes, err := b.themesOf(ctx, tx, b.viewer)
	if err != nil {
		return err
	}
	list, err := b.Module.lines(ctx, tx, b.viewer, Filter{}, page.Request{Cursor: page.Cursor{From: 1}, Limit: page.Max}, themes)
	if err != nil {
		return err
	}
	b.lines = list.Rows
	for _, l := range b.lines {
		s, err := b.sheet(ctx, tx, l.ID)
		if err != nil {
			return err
		}
		b.sheets = append(b.sheets, s)
		b.records = append(b.records, readRecords(s)...)
	}
	return b.across(ctx, tx)
}

// across reads what crosses the sheets.
func (b *bookletOf) across(ctx context.Context, tx *db.Tx) (err error) {
	if b.matrix, err = b.structures(ctx, tx, b.viewer, Cut{}); err != nil {
		return err
	}
	if b.regions, err = b.territories(ctx, tx, b.viewer, Cut{}); err != nil {
		return err
	}
	b.presence, err = b.Module.presence(ctx, tx, b.viewer, Cut{})
	return err
}

func (b *bookletOf) sheet(ctx context.Context, tx *db.Tx, id string) (Sheet, error) {
	s, err := b.head(ctx, tx, b.viewer, id)
	if err != nil {
		return s, err
	}
	s.Facts, s.Counts = map[string][]FactLine{}, map[string]int{}
	for _, k := range kinds {
		some, err := b.facts(ctx, tx, b.viewer, id, k, page.Request{Limit: inBooklet})
		if err != nil {
			return s, err
		}
		s.Facts[k.code], s.Counts[k.code] = some.Rows, some.Total
	}
	s.Focal, err = b.People.FocalPoints(ctx, tx, id)
	return s, err
}

// edition is when something in the booklet changed last.
func (b *bookletOf) edition() time.Time {
	var last time.Time
	for _, r := range b.records {
		if r.Updated.After(last) {
			last = r.Updated
		}
	}
	return last.In(b.People.Zone)
}

func (b *bookletOf) paper(ctx context.Context) doc.Paper {
	mark := circle.Marking(ctx, b.marking)
	made := b.edition()
	version := text.T(ctx, "Version publique.")
	if b.viewer.Known() {
		version = text.T(ctx, "Version des structures du cadre.")
	}
	facts := 0
	for _, s := range b.sheets {
		for _, n := range s.Counts {
			facts += n
		}
	}
	p := doc.Paper{Title: b.page.Title, Subtitle: text.T(ctx, "Qui fait quoi, où ?"), Kicker: strings.Join(b.page.Lines[:min(1, len(b.page.Lines))], ""), Lang: string(text.Of(ctx)),
		Letterhead: b.page.Letterhead, Marking: mark.Line(), Scope: mark.Scope, Made: made, Contents: 2,
		Cover: &doc.Cover{
			Lines: []string{text.T(ctx, "Édition du %s", text.Date(ctx, made)), text.N(ctx, len(b.sheets), "%d structure", "%d structures", len(b.sheets)) + ", " +
				text.N(ctx, facts, "%s fait", "%s faits", text.Number(ctx, facts)), version},
			Notice: text.T(ctx, "Ce livret est fait de l’annuaire, que chaque structure tient elle-même. Ce qu’il ne dit pas n’est pas connu du cadre, ou n’est pas ouvert à tous ses lecteurs.")}}
	if b.page.Demo {
		p.Cover.Lines = append(p.Cover.Lines, text.T(ctx, "Démonstration : les données marquées fictives sont inventées."))
	}
	p.Blocks = append(b.overview(ctx), doc.Heading{Level: 1, Words: text.T(ctx, "Les fiches")})
	for i, s := range b.sheets {
		p.Blocks = append(p.Blocks, b.institution(ctx, s, i > 0)...)
	}
	return p
}

// overview is what comes before the sheets: the list, the matrices, the map.
func (b *bookletOf) overview(ctx context.Context) []doc.Block {
	list := doc.Grid{Strong: true, Columns: []doc.GridColumn{{Label: text.T(ctx, "Structure"), Weight: 3}, {Label: text.T(ctx, "Nom"), Weight: 8}, {Label: text.T(ctx, "Thèmes"), Weight: 6}}}
	for _, l := range b.lines {
		list.Rows = append(list.Rows, []string{l.Acronym, text.Own(ctx, l.Name, l.NameEN).Words, text.List(ctx, text.Labels(ctx, l.Themes, b.Themes.Label))})
	}
	return []doc.Block{
		doc.Heading{Level: 1, Words: text.T(ctx, "Les structures")}, list,
		doc.Heading{Level: 1, Words: text.T(ctx, "Qui fait quoi, où ?")},
		doc.Heading{Level: 2, Words: text.T(ctx, "Structures et thèmes")},
		doc.Text{Words: text.T(ctx, "Nombre de missions, de programmes et de moyens, par structure et par thème") + "."}, b.crossed(ctx, b.matrix, false),
		doc.Heading{Level: 2, Words: text.T(ctx, "Territoires et thèmes")},
		doc.Text{Words: text.T(ctx, "Nombre de missions, de programmes et de moyens, par territoire et par thème") + "."}, b.crossed(ctx, b.regions, true),
		doc.Heading{Level: 1, Words: text.T(ctx, "Carte du pays par préfecture")}, b.drawing(ctx), b.byPlace(ctx),
	}
}

// drawing is the map, low enough for its table to stand under it.
func (b *bookletOf) drawing(ctx context.Context) doc.Drawing {
	names := func(code string) string { return b.Places.Name(ctx, code) }
	d := b.Atlas.Drawing(ctx, place.Shading{Counts: b.presence.Counts, Words: names}, b.mapKey(ctx)...)
	d.Tallest = 160
	if b.Atlas.Vague != "" {
		d.Caption = text.T(ctx, "En tirets : limites approximatives.") + " " + d.Caption
	}
	return d
}

func (b *bookletOf) mapKey(ctx context.Context) []doc.Swatch {
	return []doc.Swatch{{Shade: 1, Words: text.T(ctx, "peu")}, {Shade: 4, Words: text.T(ctx, "beaucoup")}, {Shade: 0, Words: text.T(ctx, "rien de propre au territoire")}}
}

// byPlace is the table that says what the map shows, a line for each region.
func (b *bookletOf) byPlace(ctx context.Context) doc.Grid {
	g := doc.Grid{Strong: true, Columns: []doc.GridColumn{{Label: text.T(ctx, "Région"), Weight: 1}, {Label: text.T(ctx, "Préfectures"), Weight: 5}}}
	said := map[string][]string{}
	for _, code := range b.Atlas.Codes() {
		region := b.Places.Region(code)
		if said[region] == nil {
			g.Rows = append(g.Rows, []string{region, ""})
		}
		said[region] = append(said[region], text.Labelled(ctx, b.Places.Name(ctx, code), text.Number(ctx, b.presence.Counts[code])))
	}
	for i, row := range g.Rows {
		g.Rows[i] = []string{b.Places.Name(ctx, row[0]), text.Series(ctx, said[row[0]])}
	}
	return g
}

// crossed is a matrix on paper: each cell its number, a darker tone for more. With the
// territories, a fact counts where it is said, and what nobody has a mission on is a gap.
func (b *bookletOf) crossed(ctx context.Context, x Matrix, territories bool) doc.Matrix {
	number := func(t Tally) int { return t.All() }
	if territories {
		number = func(t Tally) int { return t.Own }
	}
	g := doc.Matrix{Key: []doc.Swatch{{Shade: 1, Words: text.T(ctx, "peu")}, {Shade: 4, Words: text.T(ctx, "beaucoup")}}}
	if territories {
		g.Key = append(g.Key, doc.Swatch{Mark: "×", Words: text.T(ctx, "lacune")})
	}
	for _, code := range x.Themes {
		g.Columns = append(g.Columns, cmp.Or(b.Themes.Short(ctx, code), text.T(ctx, "Sans thème")))
	}
	top := x.most(number)
	for _, r := range x.Rows {
		g.Rows = append(g.Rows, r.Name)
		cells := make([]doc.MatrixCell, len(r.Cells))
		for i, t := range r.Cells {
			n := number(t)
			cells[i].Shade = int(ui.Shaded(n, top))
			switch {
			case territories && x.Gap(r, i):
				cells[i].Mark = "×"
			case n > 0:
				cells[i].Mark = text.Number(ctx, n)
			}
		}
		g.Cells = append(g.Cells, cells)
	}
	return g
}

// institution is the sheet of a structure.
func (b *bookletOf) institution(ctx context.Context, s Sheet, fresh bool) []doc.Block {
	kicker := []string{term(ctx, b.Pack.Settings.Natures, s.Nature)}
	if s.Structure.Fictitious {
		kicker = append(kicker, text.T(ctx, "données fictives"))
	}
	name := s.Acronym
	if long := text.Own(ctx, s.Name, s.NameEN).Words; long != name {
		name += " – " + long
	}
	all := []doc.Block{doc.Heading{Level: 2, Words: name, Kicker: strings.Join(kicker, " · "), Fresh: fresh},
		doc.Text{Look: doc.Lede, Words: text.Own(ctx, s.Summary, s.SummaryEN).Words}, b.identity(ctx, s)}
	for _, k := range kinds {
		all = append(all, b.factsOf(ctx, s, k)...)
	}
	if focal := b.focal(ctx, s); len(focal) > 0 {
		all = append(all, doc.Heading{Level: 3, Words: text.T(ctx, "Points focaux")}, focal)
	}
	return append(all, b.sources(ctx, s))
}

func (b *bookletOf) identity(ctx context.Context, s Sheet) doc.Facts {
	tutelle := s.Tutelle
	if s.Independent {
		tutelle = text.T(ctx, "Indépendante : aucune tutelle")
	}
	texts := make([]string, len(s.Legal))
	for i, l := range s.Legal {
		texts[i] = l.words(ctx)
	}
	verified := text.T(ctx, "Jamais vérifiée par la structure")
	if s.Confirmed != nil {
		verified = text.T(ctx, "le %s", text.Date(ctx, s.Confirmed.At.In(b.People.Zone)))
	}
	return doc.Facts{{Label: text.T(ctx, "Tutelle"), Value: tutelle}, {Label: text.T(ctx, "Texte fondateur"), Value: strings.Join(texts, "\n")},
		{Label: text.T(ctx, "À ne pas lui demander"), Value: s.NotAsked},
		{Label: text.T(ctx, "Site public"), Value: s.Website}, {Label: text.T(ctx, "Vérification"), Value: verified}}
}

// factsOf is the table of the facts of a kind, with the columns of the page.
func (b *bookletOf) factsOf(ctx context.Context, s Sheet, k kind) []doc.Block {
	facts := s.Facts[k.code]
	if len(facts) == 0 {
		return nil
	}
	all := []doc.Block{doc.Heading{Level: 3, Words: text.T(ctx, k.many)}, export.Grid(ctx, b.sheetColumns(s)(ctx, k), facts)}
	if more := s.Counts[k.code] - len(facts); more > 0 {
		all = append(all, doc.Text{Look: doc.Small, Words: text.N(ctx, more, "Et %s autre, dans l’annuaire.", "Et %s autres, dans l’annuaire.", text.Number(ctx, more))})
	}
	return all
}

// focal names the focal points; how to reach them is for members.
func (b *bookletOf) focal(ctx context.Context, s Sheet) doc.Facts {
	var all doc.Facts
	for _, p := range s.Focal {
		said := []string{functionName(ctx, p)}
		if b.viewer.Known() {
			said = append(said, p.Email, p.Phone)
		}
		all = append(all, doc.Note{Label: p.Name, Value: strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), " · ")})
	}
	return all
}

// sources names where the sheet and its facts were read.
func (b *bookletOf) sources(ctx context.Context, s Sheet) doc.Text {
	codes := []string{s.Structure.Source}
	for _, l := range s.Legal {
		codes = append(codes, l.Source)
	}
	for _, k := range kinds {
		for _, f := range s.Facts[k.code] {
			codes = append(codes, f.Fact.origin().Source)
		}
	}
	var all []string
	for _, code := range codes {
		words := code
		if s, known := sourceOf(b.Pack, code); known {
			words = sourceWords(ctx, s)
		}
		if words != "" && !slices.Contains(all, words) {
			all = append(all, words)
		}
	}
	if len(all) == 0 {
		return doc.Text{}
	}
	return doc.Text{Look: doc.Small, Words: text.T(ctx, "Sources :") + "\u00a0" + text.Series(ctx, all) + "."}
}
