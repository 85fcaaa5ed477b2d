package call

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/text"
)

// fieldLabels name what only calls have; keys of the catalogue.
var fieldLabels = map[string]string{"why": text.Key("Ce qui est à faire"), "when": text.Key("Période"), "refusals": text.Key("N’y répondront pas"), "closing": text.Key("Pourquoi c’est clos")}

// Label names a field of a call in the reader's language; nothing for a field of another room.
func Label(ctx context.Context, field string) string {
	if key, ok := fieldLabels[field]; ok {
		return text.T(ctx, key)
	}
	return ""
}

// Fields lists the content of a version of a call in words, for the comparison of versions.
func (m *Module) Fields(ctx context.Context, tx *db.Tx, content json.RawMessage) ([]record.Field, error) {
	var c Call
	if err := json.Unmarshal(content, &c); err != nil {
		return nil, fmt.Errorf("content of a call: %w", err)
	}
	names, err := m.People.ShortNames(ctx, tx)
	all := []record.Field{{Name: "why", Text: c.Why}, {Name: "when", Text: c.when(ctx)}, {Name: "refusals", Text: c.refused(names)}}
	if c.Closing != nil {
		all = append(all, record.Field{Name: "closing", Text: c.Closing.Reason})
	}
	return all, err
}

// when words the period in which the call would help.
func (p Plan) when(ctx context.Context) string {
	switch {
	case p.From.IsZero() && p.To.IsZero():
		return text.T(ctx, "dès que possible")
	case p.From.IsZero():
		return text.T(ctx, "jusqu’au %s", text.Date(ctx, p.To.In(time.UTC)))
	case p.To.IsZero():
		return text.T(ctx, "à partir du %s", text.Date(ctx, p.From.In(time.UTC)))
	}
	return text.Days(ctx, p.From.In(time.UTC), p.To.In(time.UTC))
}

func (c Call) refused(names map[string]string) string {
	var all []string
	for _, r := range c.Refusals {
		all = append(all, names[r.Structure]+" – "+r.Reason)
	}
	return strings.Join(all, "\n")
}
