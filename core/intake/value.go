package intake

import (
	"context"
	"net/mail"
	"slices"
	"strconv"
	"strings"

	"cadre/kit/sheet"
	"cadre/kit/text"
	"cadre/kit/ui"
)

// reader reads the cells of one column.
type reader struct {
	Column
	codes  map[string]string // of the choices: folded label or code → code
	places func(typed string) []string
	path   func(code string) string
}

// reader prepares the reading of a column. Labels are known in every language, whoever asks.
func (m *Module) reader(ctx context.Context, c Column) reader {
	r := reader{Column: c, codes: map[string]string{}, places: m.Places.Typed,
		path: func(code string) string { return m.Places.Path(ctx, code) }}
	if c.Options == nil {
		return r
	}
	for _, l := range []text.Lang{text.English, text.French} {
		for _, o := range c.Options(text.With(ctx, l)) {
			r.codes[text.Fold(o.Label)], r.codes[text.Fold(o.Value)] = o.Value, o.Value
		}
	}
	return r
}

// read gives what a cell holds, as the form would send it, and the sentence of what is wrong or nil.
func (r reader) read(typed string) (values []string, wrong *text.Message) {
	parts := []string{typed}
	if r.Many {
		parts = strings.FieldsFunc(typed, func(c rune) bool { return c == ';' || c == '\n' })
	}
	for _, part := range parts {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		value, wrong := r.one(part)
		if wrong.Key != "" {
			return nil, &wrong
		}
		if value != "" && !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	if len(values) == 0 && (r.Required || r.Needed) && r.Kind != YesNo {
		return nil, &text.Message{Key: missing}
	}
	return values, nil
}

var (
	missing    = text.Key("Cette cellule est vide, et il faut la remplir.")
	noDay      = text.Key("Ce jour n’existe pas : écrivez par exemple 31/12/2026 ou 31 décembre 2026.")
	noWhen     = text.Key("Cette date n’existe pas : écrivez par exemple 09/04/2025, avril 2025 ou 2025.")
	noMoment   = text.Key("Cette période n’est pas comprise : écrivez par exemple 18/05/2026, mai 2026 ou T2 2026.")
	noWhole    = text.Key("Ce n’est pas un nombre entier. Écrivez-le sans virgule, par exemple 1 200.")
	noMoney    = text.Key("Ce n’est pas un montant entier. Écrivez-le sans virgule ni centimes, par exemple 250 000.")
	noYes      = text.Key("Écrivez oui ou non.")
	noEmail    = text.Key("Ce n’est pas une adresse électronique.")
	noChoice   = text.Key("« %s » n’est pas dans la liste. Les valeurs possibles sont dans la feuille « Listes » du modèle.")
	noPlace    = text.Key("« %s » n’est le nom d’aucun lieu. Écrivez par exemple « Tône » ou « Dapaong 1, Tône ».")
	manyPlaces = text.Key("Plusieurs lieux portent ce nom : %s. Ajoutez le lieu qui le contient, par exemple « Dapaong 1, Tône ».")
)

// one reads one value.
func (r reader) one(typed string) (string, text.Message) {
	switch r.Kind {
	case Choice:
		code, ok := r.codes[text.Fold(typed)]
		return told(code, ok, noChoice, clip(typed))
	case Place:
		return r.place(typed)
	case Day:
		day, ok := sheet.Date(typed)
		return told(day, ok && len(day) == 10, noDay)
	case When:
		when, ok := sheet.Date(typed)
		return told(when, ok, noWhen)
	case Moment:
		moment, ok := sheet.Moment(typed)
		return told(moment, ok, noMoment)
	case Whole:
		n, ok := sheet.Whole(typed)
		return told(strconv.FormatInt(n, 10), ok, noWhole)
	case Money:
		n, ok := sheet.Money(typed)
		return told(strconv.FormatInt(n, 10), ok, noMoney)
	case YesNo:
		return yesNo(typed)
	case Tick:
		return tick(typed)
	case Email:
		a, err := mail.ParseAddress(typed)
		return told(typed, err == nil && a.Address == typed, noEmail)
	}
	return typed, text.Message{}
}

func told(value string, ok bool, wrong string, args ...any) (string, text.Message) {
	if ok {
		return value, text.Message{}
	}
	return "", text.Message{Key: wrong, Args: args}
}

func yesNo(typed string) (string, text.Message) {
	switch text.Fold(typed) {
	case "oui", "o", "yes", "y", "vrai", "true", "x", "1":
		return "1", text.Message{}
	case "non", "n", "no", "faux", "false", "0":
		return "", text.Message{}
	}
	return "", text.Message{Key: noYes}
}

func (r reader) place(typed string) (string, text.Message) {
	found := r.places(typed)
	switch len(found) {
	case 0:
		return "", text.Message{Key: noPlace, Args: []any{clip(typed)}}
	case 1:
		return found[0], text.Message{}
	}
	names := make([]string, min(len(found), 4))
	for i := range names {
		names[i] = r.path(found[i])
	}
	return "", text.Message{Key: manyPlaces, Args: []any{strings.Join(names, " ; ")}}
}

// clip shortens what was typed, to be quoted in a sentence.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// hint says what to write in a column.
func (c Column) hint(ctx context.Context) string {
	hints := map[Kind]string{
		Choice: text.T(ctx, "Une valeur de la liste."),
		Place:  text.T(ctx, "Le nom d’un lieu : pays, région, préfecture, commune ou canton. Par exemple « Tône » ou « Dapaong 1, Tône »."),
		Day:    text.T(ctx, "Un jour. Par exemple 31/12/2026."),
		When:   text.T(ctx, "Un jour, un mois ou une année. Par exemple 09/04/2025, avril 2025 ou 2025."),
		Moment: text.T(ctx, "Un jour, un mois ou un trimestre. Par exemple 18/05/2026, mai 2026 ou T2 2026."),
		Whole:  text.T(ctx, "Un nombre entier."),
		Money:  text.T(ctx, "Un montant entier, sans centimes."),
		YesNo:  text.T(ctx, "Oui ou non."),
		Email:  text.T(ctx, "Une adresse électronique."),
	}
	s := hints[c.Kind]
	if c.Hint != "" {
		s = strings.TrimSpace(s + " " + text.T(ctx, c.Hint))
	}
	if c.Many {
		s = strings.TrimSpace(s + " " + text.T(ctx, "Plusieurs valeurs se séparent par un point-virgule."))
	}
	return s
}

// options are the choices of a column for its list: those of a place are the wide ones.
func (m *Module) options(ctx context.Context, c Column) []ui.Option {
	switch {
	case c.Kind == Place:
		return m.Places.Options(ctx)
	case c.Kind == YesNo:
		return []ui.Option{{Value: "1", Label: text.T(ctx, "oui")}, {Label: text.T(ctx, "non")}}
	case c.Options != nil:
		return c.Options(ctx)
	}
	return nil
}
