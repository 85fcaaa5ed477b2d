package synergy

import (
	"context"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/core/circle"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/ui"
)

// voice says findings in words: it knows the names of institutions.
type voice struct {
	Room  *Module
	Names map[string]string // acronyms by identifier
	Left  map[string]bool   // the framework
}

func (m *Module) voice(ctx context.Context, tx *db.Tx) (voice, error) {
	all, err := m.Institutions(ctx, tx)
	o := voice{m, map[string]string{}, map[string]bool{}}
	for _, s := range all {
		o.Names[s.ID], o.Left[s.ID] = s.Called(ctx), s.Closed
	}
	return o, err
}

// noticed shows an activity that touches another.
func (o voice) noticed(ctx context.Context, n Neighbour) ui.Noticed {
	shown := ui.Noticed{Tone: ui.Attention, Tag: text.T(ctx, "Recouvrement, %d sur 100", n.Points), Ref: n.Number, Title: ui.Link{Label: n.Title, Href: n.Href, Lang: "fr"},
		By: text.Passage{Words: o.Names[n.Lead]}, Words: o.sentences(ctx, n.Reasons), Why: o.why(ctx, n.Score)}
	if n.Kind == Complementing {
		shown.Tone, shown.Tag = ui.Good, text.N(ctx, n.Points, "Complémentarité, %d point", "Complémentarité, %d points", n.Points)
	}
	return shown
}

// lent shows means that answer a need, or are asked by name.
func (o voice) lent(ctx context.Context, l Lent) ui.Noticed {
	tag := text.T(ctx, "Moyen disponible")
	if l.Asked {
		tag = text.T(ctx, "Moyen demandé à %s", o.Names[l.Owner])
	}
	return ui.Noticed{Tone: ui.Good, Tag: tag, Title: ui.Link{Label: l.Title, Href: l.Href, Lang: "fr"},
		By: text.Passage{Words: o.Names[l.Owner]}, Words: o.sentences(ctx, l.Reasons), Why: o.why(ctx, l.Score)}
}

// called shows a mandate that an activity touches.
func (o voice) called(ctx context.Context, c Called) ui.Noticed {
	return ui.Noticed{Tone: ui.Info, Tag: text.T(ctx, "Mission concernée"), Title: ui.Link{Label: c.Title, Href: c.Href, Lang: "fr"},
		By: text.Passage{Words: o.Names[c.Owner]}, Words: o.sentences(ctx, c.Reasons), Why: o.why(ctx, c.Score)}
}

// asked shows a need or a call nearby.
func (o voice) asked(ctx context.Context, n Need) ui.Noticed {
	return ui.Noticed{Tone: ui.Info, Tag: text.T(ctx, "Demandé, et rien n’y répond"), Title: ui.Link{Label: n.Title, Href: n.Href, Lang: "fr"},
		By: text.Passage{Words: o.Names[n.Owner]}, Words: text.T(ctx, "%s, %s.", o.Room.Themes.Label(ctx, n.Theme), o.Room.Places.Name(ctx, n.Place))}
}

func (o voice) sentences(ctx context.Context, reasons []Reason) string {
	var all []string
	for _, r := range reasons {
		all = append(all, o.Room.words.Sentence(ctx, r))
	}
	return strings.Join(all, " ")
}

func (o voice) why(ctx context.Context, s Score) []ui.Why {
	var all []ui.Why
	for _, r := range s.Reasons {
		all = append(all, ui.Why{Label: o.Room.words.Short(ctx, r), Points: points(ctx, r.Points), Plus: r.About.brings()})
	}
	return all
}

// brings reports whether what a reason is about adds something, instead of being the same twice.
func (a About) brings() bool {
	return a == OfMeans || a == OfSequence || a == OfMandate || a == OfFunder
}

func points(ctx context.Context, n int) string { return text.N(ctx, n, "%d point", "%d points", n) }

// verdicts words what institutions do about a pair, keys of the catalogue.
var verdicts = map[Verdict]string{
	Joined:    text.Key("A proposé de s’associer"),
	Warned:    text.Key("A prévenu l’autre structure"),
	Dismissed: text.Key("A trouvé le rapprochement sans objet"),
}

// motive words why a pair was set aside.
func motive(ctx context.Context, code Motive) string {
	for _, m := range Motives {
		if m.Code == code {
			return text.T(ctx, m.Name)
		}
	}
	return ""
}

// said words an answer: « CNAD : a proposé de s’associer, le 3 mars 2026 ».
func (o voice) said(ctx context.Context, a Answer) string {
	words := text.T(ctx, "%s : %s, le %s", o.Names[a.Structure], text.T(ctx, verdicts[a.Verdict]), text.Date(ctx, a.At.In(o.Room.Zone)))
	if a.Reason != "" {
		words += " – " + motive(ctx, a.Reason)
	}
	return words
}

// when words the period of an activity as exactly as it is known.
func (o voice) when(ctx context.Context, p Planned) string {
	word := text.Month
	switch p.Precision {
	case "day":
		return Span(ctx, p.From, p.To)
	case "quarter":
		word = text.Quarter
	}
	first, last := word(ctx, p.From.In(time.UTC)), word(ctx, p.To.In(time.UTC))
	if first == last {
		return first
	}
	return text.Stretch(ctx, first, last)
}

// names words codes with the function given, as a list.
func names(ctx context.Context, codes []string, word func(context.Context, string) string) string {
	var all []string
	for _, code := range codes {
		all = append(all, word(ctx, code))
	}
	return text.List(ctx, all)
}

func (o voice) publics(ctx context.Context, p Planned) string {
	return names(ctx, p.Publics, func(ctx context.Context, code string) string { return term(ctx, o.Room.Pack.Publics, code) })
}

// with words who takes part in an activity, its lead first.
func (o voice) with(ctx context.Context, p Planned) string {
	return names(ctx, append([]string{p.Lead}, p.Partners...), func(_ context.Context, id string) string { return o.Names[id] })
}

// label is the marking of an activity above what the public may read.
func label(ctx context.Context, p Planned) ui.Marking {
	if p.Marking == access.Clear {
		return ui.Marking{}
	}
	return circle.Marking(ctx, p.Marking)
}
