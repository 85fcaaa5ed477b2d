package directory

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/record"
	"cadre/kit/text"
)

// Words says one line of a field's value as people do: codes become their labels, the
// rest stays. Fields are those of the forms and of the records of the directory.
func (m *Module) Words(ctx context.Context, field, value string) string {
	label := ""
	switch field {
	case "theme", "themes":
		return m.Themes.Label(ctx, value)
	case "place", "places":
		return m.Places.Path(ctx, value)
	case "nature":
		label = term(ctx, m.Pack.Settings.Natures, value)
	case "role":
		label = term(ctx, m.Pack.Settings.Roles, value)
	case "kind":
		label = term(ctx, m.Pack.CapacityKinds, value)
	case "busy":
		if p, ok := parsePeriod(value); ok {
			label = p.show(ctx)
		}
	case "state":
		label = text.T(ctx, Life.Name(value))
	case "marking":
		if marking, err := access.ParseMarking(value); err == nil {
			label = marking.Label() + " – " + text.T(ctx, marking.Name())
		}
	}
	if label == "" {
		return value
	}
	return label
}

// differences sets the saved values of a form beside what was typed, in words. A form
// that starts empty has nothing to compare with.
func (m *Module) differences(ctx context.Context, circles []account.Structure, saved, typed url.Values) []record.Difference {
	say := func(name string, values []string) string {
		lines := make([]string, len(values))
		for i, v := range values {
			lines[i] = m.Words(ctx, name, v)
			if name == "audience" {
				lines[i] = circleName(ctx, circles, v)
			}
		}
		return strings.Join(lines, "\n")
	}
	var all []record.Difference
	for name := range fieldLabels {
		d := record.Difference{Name: name, Before: say(name, saved[name]), After: say(name, typed[name])}
		if len(saved) > 0 && d.Before != d.After {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b record.Difference) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// circleName words a circle of a form.
func circleName(ctx context.Context, all []account.Structure, circle string) string {
	switch circle {
	case string(access.Public):
		return text.T(ctx, "Le public")
	case string(access.Members):
		return text.T(ctx, "Toutes les structures du cadre")
	}
	for _, s := range all {
		if circle == string(access.Structure(s.ID)) {
			return s.Acronym
		}
	}
	return circle
}
