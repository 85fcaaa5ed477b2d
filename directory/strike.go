package directory

import (
	"context"
	"slices"
	"strconv"

	"cadre/core/access"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/web"
)

// The lists of a sheet from which a line can be struck.
const (
	ofNames       = "names"
	ofSupervision = "supervision"
	ofTexts       = "texts"
)

// Strike takes off the sheet a line that should never have stood there: a name, a
// supervising authority or a text, by its place in its list, from 0. What it had
// closed holds again. The line stays in the history; a sheet keeps at least one name.
func (m *Module) Strike(ctx context.Context, v access.Viewer, key string, expect int64, list string, place int) error {
	return m.change(ctx, v, key, expect, "amended", func(s Structure) (Structure, error) { return s.Strike(list, place) })
}

// Strike is the rule of Module.Strike.
func (s Structure) Strike(list string, place int) (Structure, error) {
	var err error
	switch list {
	case ofNames:
		if len(s.Names) == 1 {
			return s, fault.New(fault.Conflict, "Une structure garde au moins un nom. Donnez-lui le bon nom avant de retirer celui-ci.")
		}
		s.Names, err = withoutDated(s.Names, place)
	case ofSupervision:
		s.Supervision, err = withoutDated(s.Supervision, place)
	case ofTexts:
		s.Legal, err = without(s.Legal, place)
	default:
		err = fault.Missing()
	}
	return s, err
}

// withoutDated strikes a value; the one before holds until the one after, as if it had never come.
func withoutDated(all []Dated, place int) ([]Dated, error) {
	left, err := without(all, place)
	if err == nil && place > 0 && all[place-1].To == all[place].From {
		left[place-1].To = all[place].To
	}
	return left, err
}

func without[T any](all []T, place int) ([]T, error) {
	if place < 0 || place >= len(all) {
		return all, fault.Missing()
	}
	return slices.Delete(slices.Clone(all), place, place+1), nil
}

// strike serves the buttons « Retirer » of a sheet.
func (m *Module) strike(r *web.Request) (web.Response, error) {
	values, err := form.Read(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	place, err := strconv.Atoi(values.Get("line"))
	if err != nil {
		return web.Response{}, fault.Missing()
	}
	if err := m.Strike(r.Context(), access.Of(r.Context()), r.PathValue("slug"), form.Version(values), values.Get("list"), place); err != nil {
		return web.Response{}, err
	}
	return web.SeeOther("/structures/" + r.PathValue("slug")).Done(text.Key("C’est retiré. L’historique le garde.")), nil
}

// shortened is enough of a text to tell it from the others on a button.
func shortened(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
