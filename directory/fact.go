package directory

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"cadre/core/access"
	"cadre/core/lifecycle"
	"cadre/kit/fault"
	"cadre/kit/text"
	"cadre/packs"
)

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// States of a fact.
const (
	InForce   = "in_force"
	Withdrawn = "withdrawn"
)

// Life is the life of a fact.
var Life = lifecycle.Table{
	States: []lifecycle.State{{Code: InForce, Name: text.Key("sur la fiche")}, {Code: Withdrawn, Name: text.Key("retiré de la fiche")}},
	Transitions: []lifecycle.Transition{
		{Verb: "withdrawn", Name: text.Key("Retirer de la fiche"), From: InForce, To: Withdrawn, Who: keepers},
		{Verb: "restored", Name: text.Key("Rétablir"), From: Withdrawn, To: InForce, Who: keepers},
	},
	Reserved: reserved,
}

// keepers are the functions that keep up the sheet of their own structure.
var keepers = []access.Function{access.Head, access.Focal, access.Deputy}

// reserved is told to whoever else would change what they see of a sheet.
var reserved = text.Key("Seuls le responsable, le point focal et son suppléant tiennent à jour la fiche de leur structure.")

// Fact is the content of a record by which a structure makes something known about itself.
type Fact interface {
	// check collects what is wrong, and puts dates in their one form.
	check(c *fault.Collect, p *packs.Pack)
	// words is what search reads besides the title.
	words() string
	// lines is what the page and the files show.
	lines(ctx context.Context, p *packs.Pack) []line
	origin() *Origin
}

// line is a field of a fact. Its name is that of the API; data is its value in a file,
// where it is not the words of the page.
type line struct {
	name, label, value string
	data               any
	own                bool // in the institution's own words, which are not translated
}

// width is that of its column, in characters: words need room.
func (l line) width() float64 {
	if l.own {
		return 40
	}
	return 0
}

// written is a line in the institution's own words.
func written(name, label, value string) line { return line{name, label, value, nil, true} }

// onDate is a line for a date: in words on the page, as it is known in files.
func onDate(ctx context.Context, name, label string, w When) line {
	return line{name, label, w.Show(ctx), w.data(), false}
}

// Origin says where a fact comes from.
type Origin struct {
	Source     string `json:"source,omitempty" form:"source" doc:"Code of a source of the country pack, or words"`
	Fictitious bool   `json:"fictitious,omitempty" doc:"Invented for the demonstration"`
}

func (o *Origin) origin() *Origin { return o }

// Mission is what a structure has to do: its theme and territory stand on the record.
type Mission struct {
	Detail  string `json:"detail,omitempty" form:"detail"`
	Role    string `json:"role" form:"role" doc:"leads, supports, regulates or oversees"`
	Legal   string `json:"legal,omitempty" form:"legal" doc:"Text that gives the mission"`
	TitleEN string `json:"title_en,omitempty" form:"title_en"`
	Origin
}

// Programme is a plan, a project or a campaign.
type Programme struct {
	Detail string `json:"detail,omitempty" form:"detail"`
	From   When   `json:"from,omitempty" form:"from"`
	To     When   `json:"to,omitempty" form:"to"`
	Origin
}

// Capacity is something that a structure can lend.
type Capacity struct {
	Kind       string   `json:"kind" form:"kind" doc:"Code of the country pack's kinds of capacity"`
	Quantity   int      `json:"quantity,omitempty" form:"quantity" doc:"0 when not stated"`
	Conditions string   `json:"conditions,omitempty" form:"conditions"`
	FreeFrom   When     `json:"free_from,omitempty" form:"free_from" doc:"From when it can be lent; empty when it always could"`
	FreeTo     When     `json:"free_to,omitempty" form:"free_to" doc:"Until when; empty when no end is known"`
	Busy       []string `json:"busy,omitempty" form:"busy" doc:"Periods in which it is taken, such as 2026-03-12/2026-03-20, both days included"`
	Origin
}

// Branch is an antenna or a local committee; its place stands on the record.
type Branch struct {
	Kind  string `json:"kind,omitempty" form:"kind" doc:"In words: antenna, prefectural committee…"`
	Since When   `json:"since,omitempty" form:"since"`
	Note  string `json:"note,omitempty" form:"note"`
	Origin
}

// Document is a text that the structure has published or applies.
type Document struct {
	Date When   `json:"date,omitempty" form:"date"`
	URL  string `json:"url,omitempty" form:"url"`
	Note string `json:"note,omitempty" form:"note"`
	Origin
}

// asked says whether a kind of fact has a theme, or a place.
type asked int

const (
	never asked = iota
	may
	must
)

// kind is a kind of fact: its words, what its record says, its content.
type kind struct {
	code   string // also the journal's word
	path   string // in addresses
	record string // kind of the record
	one    string // keys of the catalogue
	many   string
	add    string
	empty  string
	theme  asked
	place  asked
	short  int    // which of its lines the sheet's table shows
	hxl    string // tag of what it is, in the Humanitarian Exchange Language
	fresh  func() Fact
}

var kinds = []kind{{
	code: "mission", path: "missions", record: "directory.mission", theme: must, place: must, short: 0, hxl: "#activity",
	one: text.Key("Mission"), many: text.Key("Missions"), add: text.Key("Ajouter une mission"),
	empty: text.Key("Aucune mission n’est encore décrite."),
	fresh: func() Fact { return &Mission{} },
}, {
	code: "programme", path: "programmes", record: "directory.programme", theme: may, place: may, short: 1, hxl: "#activity+programme",
	one: text.Key("Programme"), many: text.Key("Programmes"), add: text.Key("Ajouter un programme"),
	empty: text.Key("Aucun programme n’est encore décrit."),
	fresh: func() Fact { return &Programme{} },
}, {
	code: "capacity", path: "moyens", record: "directory.capacity", theme: may, place: may, short: 1, hxl: "#capacity",
	one: text.Key("Moyen"), many: text.Key("Moyens que la structure peut prêter"), add: text.Key("Ajouter un moyen"),
	empty: text.Key("Aucun moyen n’est encore proposé."),
	fresh: func() Fact { return &Capacity{} },
}, {
	code: "branch", path: "antennes", record: "directory.branch", theme: never, place: must, short: 0, hxl: "#org+branch",
	one: text.Key("Antenne ou démembrement"), many: text.Key("Antennes et démembrements"), add: text.Key("Ajouter une antenne ou un démembrement"),
	empty: text.Key("Aucune antenne n’est encore indiquée."),
	fresh: func() Fact { return &Branch{} },
}, {
	code: "document", path: "documents", record: "directory.document", theme: never, place: never, short: 0, hxl: "#meta+document",
	one: text.Key("Document"), many: text.Key("Documents"), add: text.Key("Ajouter un document"),
	empty: text.Key("Aucun document n’est encore indiqué."),
	fresh: func() Fact { return &Document{} },
}}

func kindBy(match func(kind) bool) (kind, error) {
	for _, k := range kinds {
		if match(k) {
			return k, nil
		}
	}
	return kind{}, fault.Missing()
}

func kindOfPath(path string) (kind, error) {
	return kindBy(func(k kind) bool { return k.path == path })
}

func kindOfRecord(r string) (kind, error) { return kindBy(func(k kind) bool { return k.record == r }) }

func (m *Mission) check(c *fault.Collect, p *packs.Pack) {
	_, known := packs.Lookup(p.Settings.Roles, m.Role)
	c.Need(known, "role", "Choisissez un rôle de la liste.")
	limit(c, "detail", m.Detail, maxLong)
	limit(c, "legal", m.Legal, maxShort)
	limit(c, "title_en", m.TitleEN, maxShort)
	limit(c, "source", m.Source, maxShort)
}

func (m *Mission) words() string { return strings.Join([]string{m.Detail, m.Legal, m.TitleEN}, "\n") }

func (m *Mission) lines(ctx context.Context, p *packs.Pack) []line {
	return []line{{"role", text.T(ctx, "Rôle"), term(ctx, p.Settings.Roles, m.Role), nil, false}, written("detail", text.T(ctx, "Précisions"), m.Detail), written("legal", text.T(ctx, "Base légale"), m.Legal)}
}

func (g *Programme) check(c *fault.Collect, _ *packs.Pack) {
	limit(c, "detail", g.Detail, maxLong)
	limit(c, "source", g.Source, maxShort)
	when(c, "from", &g.From)
	when(c, "to", &g.To)
	c.Need(g.From == "" || g.To == "" || g.From <= g.To, "to", "La fin doit venir après le début.")
}

func (g *Programme) words() string { return g.Detail }

func (g *Programme) lines(ctx context.Context, _ *packs.Pack) []line {
	return []line{written("detail", text.T(ctx, "Précisions"), g.Detail), onDate(ctx, "from", text.T(ctx, "Début"), g.From), onDate(ctx, "to", text.T(ctx, "Fin"), g.To)}
}

func (y *Capacity) check(c *fault.Collect, p *packs.Pack) {
	_, known := packs.Lookup(p.CapacityKinds, y.Kind)
	c.Need(known, "kind", "Choisissez une nature de moyen de la liste.")
	c.Need(y.Quantity >= 0 && y.Quantity <= 1_000_000, "quantity", "Donnez un nombre entre 0 et un million.")
	limit(c, "conditions", y.Conditions, maxLong)
	y.checkFree(c)
	limit(c, "source", y.Source, maxShort)
}

func (y *Capacity) words() string { return y.Conditions }

func (y *Capacity) lines(ctx context.Context, p *packs.Pack) []line {
	quantity := line{"quantity", text.T(ctx, "Quantité"), "", nil, false}
	if y.Quantity > 0 {
		quantity.value, quantity.data = strconv.Itoa(y.Quantity), y.Quantity
	}
	return []line{{"kind", text.T(ctx, "Nature du moyen"), term(ctx, p.CapacityKinds, y.Kind), nil, false}, quantity, written("conditions", text.T(ctx, "Conditions de prêt"), y.Conditions),
		{"free", text.T(ctx, "Disponible"), y.freeWords(ctx), nil, false}, {"busy", text.T(ctx, "Déjà pris"), y.busyWords(ctx), nil, false}}
}

func (b *Branch) check(c *fault.Collect, _ *packs.Pack) {
	limit(c, "kind", b.Kind, maxShort)
	limit(c, "note", b.Note, maxLong)
	limit(c, "source", b.Source, maxShort)
	when(c, "since", &b.Since)
}

func (b *Branch) words() string { return b.Kind + "\n" + b.Note }

func (b *Branch) lines(ctx context.Context, _ *packs.Pack) []line {
	return []line{written("kind", text.T(ctx, "Nature"), b.Kind), onDate(ctx, "since", text.T(ctx, "Depuis"), b.Since), written("note", text.T(ctx, "Note"), b.Note)}
}

func (d *Document) check(c *fault.Collect, _ *packs.Pack) {
	c.Need(webAddress(d.URL), "url", "Donnez une adresse qui commence par https:// ou http://.")
	limit(c, "note", d.Note, maxLong)
	limit(c, "source", d.Source, maxShort)
	when(c, "date", &d.Date)
}

func (d *Document) words() string { return d.Note }

func (d *Document) lines(ctx context.Context, _ *packs.Pack) []line {
	return []line{onDate(ctx, "date", text.T(ctx, "Date"), d.Date), {"url", text.T(ctx, "Adresse"), d.URL, nil, false}, written("note", text.T(ctx, "Note"), d.Note)}
}

func limit(c *fault.Collect, field, s string, most int) {
	c.Need(len([]rune(s)) <= most, field, "%d caractères au plus.", most)
}

// when puts a typed date in its one form.
func when(c *fault.Collect, field string, w *When) {
	parsed, ok := ParseWhen(string(*w))
	c.Need(ok, field, "Cette date n’existe pas, ou elle est trop lointaine : écrivez par exemple 09/04/2025, 2025-04 ou 2025.")
	if ok {
		*w = parsed
	}
}

// term words a code of a vocabulary in the reader's language.
func term(ctx context.Context, vocabulary []packs.Term, code string) string {
	t, _ := packs.Lookup(vocabulary, code)
	return text.Own(ctx, t.Label, t.LabelEN).Words
}
