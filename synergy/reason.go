package synergy

import (
	"context"
	"time"

	"cadre/core/place"
	"cadre/core/theme"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/packs"
)

// About is what a reason is about.
type About string

// What reasons are about.
const (
	OfPlace    About = "place"
	OfPeriod   About = "period"
	OfTheme    About = "theme"
	OfPublic   About = "public"
	OfType     About = "type"
	OfMeans    About = "means"
	OfSequence About = "sequence"
	OfFunder   About = "funder"
	OfMandate  About = "mandate"
)

// How is how closely two things stand to each other.
type How string

// How things stand to each other.
const (
	Same    How = "same"    // the same; of a sequence: one prepares the other
	Inside  How = "inside"  // one lies in the other, or stands under it
	Sibling How = "sibling" // both lie right under one
	Near    How = "near"    // they are neighbours, or touch
	Away    How = "away"    // means that would have to come from elsewhere
)

// Reason is one component of a score: it can be seen, with its points.
type Reason struct {
	About    About
	How      How
	Points   int
	Code     string    // of the place, theme, public, type or kind of means; name of the funder
	Other    string    // the wider or the neighbouring one
	From, To form.Date // the days in common
	Days     int       // between two periods
	Back     bool      // the other way round: ours is what the other asks, or the other comes first
}

// Words puts reasons into sentences.
type Words struct {
	Pack   *packs.Pack
	Themes *theme.Tree
	Places *place.Tree
}

// Sentence is the reason as people say it.
func (w Words) Sentence(ctx context.Context, r Reason) string {
	switch r.About {
	case OfPlace:
		return w.place(ctx, r)
	case OfPeriod:
		return w.period(ctx, r)
	case OfTheme:
		return w.theme(ctx, r)
	case OfPublic:
		return w.pair(ctx, r, w.Pack.Publics, text.Key("Même public : %s."), text.Key("Publics proches : %s et %s."))
	case OfType:
		return w.pair(ctx, r, w.Pack.ActivityTypes, text.Key("Même type d’activité : %s."), text.Key("Types d’activité proches : %s et %s."))
	case OfMeans:
		return w.means(ctx, r)
	case OfSequence:
		return w.sequence(ctx, r)
	case OfMandate:
		return text.T(ctx, "C’est sa mission : %s.", w.Themes.Label(ctx, r.Code))
	}
	return text.T(ctx, "Même bailleur : %s.", r.Code)
}

// Short is the reason in a word or two.
func (w Words) Short(ctx context.Context, r Reason) string {
	switch r.About {
	case OfPlace:
		return w.Places.Name(ctx, r.Code)
	case OfPeriod:
		if r.How == Same {
			return Span(ctx, r.From, r.To)
		}
		if r.Days == 0 {
			return text.T(ctx, "se suivent")
		}
		return text.N(ctx, r.Days, "%d jour d’écart", "%d jours d’écart", r.Days)
	case OfTheme:
		return w.Themes.Label(ctx, r.Code)
	case OfMandate:
		return text.T(ctx, "mission : %s", w.Themes.Label(ctx, r.Code))
	case OfPublic:
		return term(ctx, w.Pack.Publics, r.Code)
	case OfType:
		return term(ctx, w.Pack.ActivityTypes, r.Code)
	case OfMeans:
		return term(ctx, w.Pack.CapacityKinds, r.Code)
	case OfSequence:
		return text.N(ctx, r.Days, "%d jour après", "%d jours après", r.Days)
	}
	return r.Code
}

func (w Words) place(ctx context.Context, r Reason) string {
	name := w.Places.Name(ctx, r.Code)
	switch r.How {
	case Same:
		return text.T(ctx, "Même lieu : %s.", name)
	case Inside:
		return text.T(ctx, "L’un des lieux est dans l’autre : %s, dans %s.", name, w.Places.Name(ctx, r.Other))
	case Sibling:
		return text.T(ctx, "Deux lieux de la même préfecture : %s.", name)
	}
	return text.T(ctx, "Préfectures voisines : %s et %s.", name, w.Places.Name(ctx, r.Other))
}

func (w Words) period(ctx context.Context, r Reason) string {
	switch {
	case r.How == Same:
		return text.T(ctx, "En même temps : %s.", Span(ctx, r.From, r.To))
	case r.Days == 0:
		return text.T(ctx, "L’une commence quand l’autre finit.")
	}
	return text.N(ctx, r.Days, "%d jour entre les deux.", "%d jours entre les deux.", r.Days)
}

func (w Words) theme(ctx context.Context, r Reason) string {
	name := w.Themes.Label(ctx, r.Code)
	switch r.How {
	case Same:
		return text.T(ctx, "Même thème : %s.", name)
	case Near:
		return text.T(ctx, "Thèmes qui se touchent : %s et %s.", name, w.Themes.Label(ctx, r.Other))
	}
	return text.T(ctx, "Même domaine : %s.", w.Themes.Label(ctx, w.Themes.Top(r.Code)))
}

func (w Words) pair(ctx context.Context, r Reason, vocabulary []packs.Term, same, near string) string {
	if r.How == Same {
		return text.T(ctx, same, term(ctx, vocabulary, r.Code))
	}
	return text.T(ctx, near, term(ctx, vocabulary, r.Code), term(ctx, vocabulary, r.Other))
}

func (w Words) means(ctx context.Context, r Reason) string {
	kind := term(ctx, w.Pack.CapacityKinds, r.Code)
	switch {
	case r.Back:
		return text.T(ctx, "Elle cherche ce que vous proposez : %s.", kind)
	case r.How == Same:
		return text.T(ctx, "Sur place, ce que vous cherchez : %s.", kind)
	case r.How == Near:
		return text.T(ctx, "Non loin, ce que vous cherchez : %s.", kind)
	}
	return text.T(ctx, "Ailleurs, ce que vous cherchez : %s.", kind)
}

func (w Words) sequence(ctx context.Context, r Reason) string {
	first, second := term(ctx, w.Pack.ActivityTypes, r.Code), term(ctx, w.Pack.ActivityTypes, r.Other)
	switch {
	case r.How == Near:
		return text.N(ctx, r.Days, "Au même endroit, %d jour après l’autre.", "Au même endroit, %d jours après l’autre.", r.Days)
	case r.Back:
		return text.T(ctx, "Elle prépare la vôtre au même endroit : %s, puis %s.", first, second)
	}
	return text.T(ctx, "La vôtre la prépare au même endroit : %s, puis %s.", first, second)
}

// Span words a period: « du 9 au 11 juin 2026 », « le 9 juin 2026 ».
func Span(ctx context.Context, from, to form.Date) string {
	if from == to {
		return text.T(ctx, "le %s", text.Date(ctx, from.In(time.UTC)))
	}
	return text.Days(ctx, from.In(time.UTC), to.In(time.UTC))
}

// term words a code of a vocabulary in the reader's language.
func term(ctx context.Context, vocabulary []packs.Term, code string) string {
	t, ok := packs.Lookup(vocabulary, code)
	if !ok {
		return code
	}
	return text.Own(ctx, t.Label, t.LabelEN).Words
}
