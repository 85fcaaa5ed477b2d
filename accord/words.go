package accord

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"

	"github.com/a-h/templ"
)

// fieldLabels name what only accords have; keys of the catalogue.
var fieldLabels = map[string]string{
	"sort": text.Key("Nature"), "object": text.Key("Objet"), "parties": text.Key("Parties"), "outside_parties": text.Key("Parties hors du cadre"), "signed_on": text.Key("Signé le"),
	"span": text.Key("Durée"), "clauses": text.Key("Clauses"), "termination": text.Key("Pourquoi il a pris fin"),
}

// Label names a field of an accord in the reader's language; nothing for a field of another room.
func Label(ctx context.Context, field string) string {
	if key, ok := fieldLabels[field]; ok {
		return text.T(ctx, key)
	}
	return ""
}

// Fields lists the content of a version of an accord in words, for the comparison of versions.
func (m *Module) Fields(ctx context.Context, tx *db.Tx, content json.RawMessage) ([]record.Field, error) {
	var a Accord
	if err := json.Unmarshal(content, &a); err != nil {
		return nil, fmt.Errorf("content of an accord: %w", err)
	}
	names, err := m.People.ShortNames(ctx, tx)
	all := []record.Field{
		{Name: "sort", Text: text.T(ctx, sortNames[a.Sort])}, {Name: "object", Text: a.Object}, {Name: "parties", Text: named(names, a.Parties)},
		{Name: "outside_parties", Text: a.Outside}, {Name: "signed_on", Text: day(ctx, a.SignedOn)}, {Name: "span", Text: a.span(ctx)}, {Name: "clauses", Text: a.listed(ctx, names)},
	}
	if a.Termination != nil {
		all = append(all, record.Field{Name: "termination", Text: a.Termination.Reason})
	}
	return all, err
}

// named lists institutions by their short names.
func named(names map[string]string, ids []string) string {
	var all []string
	for _, s := range ids {
		all = append(all, names[s])
	}
	return strings.Join(all, ", ")
}

// among lists all the parties, those outside the framework too.
func (p Pact) among(ctx context.Context, names map[string]string) string {
	if p.Outside == "" {
		return named(names, p.Parties)
	}
	return text.T(ctx, "%s et d’autres hors du cadre", named(names, p.Parties))
}

// day writes a day; nothing for the zero Date.
func day(ctx context.Context, d form.Date) string {
	if d.IsZero() {
		return ""
	}
	return text.Date(ctx, d.In(time.UTC))
}

// span words how long the accord holds.
func (p Pact) span(ctx context.Context) string {
	words := text.T(ctx, "sans échéance")
	switch {
	case !p.From.IsZero() && !p.Until.IsZero():
		words = text.T(ctx, "du %s au %s", day(ctx, p.From), day(ctx, p.Until))
	case !p.From.IsZero():
		words = text.T(ctx, "à partir du %s, sans échéance", day(ctx, p.From))
	case !p.Until.IsZero():
		words = text.T(ctx, "jusqu’au %s", day(ctx, p.Until))
	}
	if p.Tacit && !p.Until.IsZero() {
		return text.T(ctx, "%s, puis par tacite reconduction", words)
	}
	return words
}

// left counts the days until a day, negative when it is past.
func left(d, today form.Date) int { return text.Midnights(today.In(time.UTC), d.In(time.UTC)) }

// expiry says when the accord expires, and how far that is.
func (f Found) expiry(ctx context.Context, today form.Date) string {
	if f.Until.IsZero() {
		return text.T(ctx, "sans échéance")
	}
	return day(ctx, f.Until) + " (" + text.In(ctx, left(f.Until, today)) + ")"
}

// listed is one clause a line.
func (a Accord) listed(ctx context.Context, names map[string]string) string {
	var all []string
	for _, c := range a.Clauses {
		line := names[c.Structure] + " – " + c.Text + " – " + text.T(ctx, clauseNames[c.State])
		for _, more := range []string{day(ctx, c.Due), c.Note} {
			if more != "" {
				line += " – " + more
			}
		}
		all = append(all, line)
	}
	return strings.Join(all, "\n")
}

// standing shows where a clause stands, and how late it is.
func (c Clause) standing(ctx context.Context, today form.Date) templ.Component {
	switch {
	case c.pending() && !c.Due.IsZero() && c.Due.Compare(today) < 0:
		late := -left(c.Due, today)
		return ui.State(ui.Late, text.N(ctx, late, "En retard de %d jour", "En retard de %d jours", late))
	case c.State == Kept:
		return ui.State(ui.Done, text.T(ctx, clauseNames[c.State]))
	case c.State == Doing:
		return ui.State(ui.Running, text.T(ctx, clauseNames[c.State]))
	}
	return ui.State(ui.Off, text.T(ctx, clauseNames[c.State]))
}

// progress counts the clauses that are kept among those that are not dropped.
func (a Accord) progress(ctx context.Context) string {
	kept, all := 0, 0
	for _, c := range a.Clauses {
		if c.State == Kept {
			kept++
		}
		if c.State != Dropped {
			all++
		}
	}
	if all == 0 {
		return ""
	}
	return text.N(ctx, kept, "%d tenue sur %d", "%d tenues sur %d", kept, all)
}

// most is how much of a clause a choice shows, in characters.
const most = 70

// brief is a clause in a choice, by its rank.
func (c Clause) brief(names map[string]string, rank int) string {
	words := []rune(strings.ReplaceAll(c.Text, "\n", " "))
	if len(words) > most {
		words = append(words[:most:most], '…')
	}
	return fmt.Sprintf("%d. %s – %s", rank, names[c.Structure], string(words))
}
