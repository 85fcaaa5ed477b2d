package api

import (
	"context"
	"strings"

	"cadre/kit/text"
)

// said are the messages of huma, by their beginnings, with the sentence that Cadre says
// instead. What follows the beginning fills the verb of the sentence, if it has one.
var said = []struct{ begins, key string }{
	{"unexpected property", text.Key("Ce champ n’existe pas ici. Retirez-le.")},
	{"expected required property ", text.Key("Ce champ manque.")},
	{"expected boolean", text.Key("Donnez true ou false.")},
	{"invalid boolean", text.Key("Donnez true ou false.")},
	{"expected integer", text.Key("Donnez un nombre entier.")},
	{"invalid integer", text.Key("Donnez un nombre entier.")},
	{"expected number >= ", text.Key("Donnez un nombre d’au moins %s.")},
	{"expected number <= ", text.Key("Donnez un nombre d’au plus %s.")},
	{"expected number", text.Key("Donnez un nombre.")},
	{"invalid float", text.Key("Donnez un nombre.")},
	{"expected string to be RFC 3339 date-time", text.Key("Donnez un instant tel que 2026-12-31T08:30:00Z.")},
	{"expected string to be RFC 3339 date", text.Key("Donnez une date telle que 2026-12-31.")},
	{"no such day", text.Key("Donnez une date telle que 2026-12-31.")},
	{"invalid date/time", text.Key("Donnez une date telle que 2026-12-31.")},
	{"expected string", text.Key("Donnez un texte.")},
	{"expected length >= ", text.Key("Ce texte est trop court (minimum : %s).")},
	{"expected length <= ", text.Key("Ce texte est trop long (maximum : %s).")},
	{"expected array length >= ", text.Key("Cette liste est trop courte (minimum : %s).")},
	{"expected array length <= ", text.Key("Cette liste est trop longue (maximum : %s).")},
	{"expected array items to be unique", text.Key("Ne donnez pas deux fois le même élément.")},
	{"expected array", text.Key("Donnez une liste.")},
	{"expected object", text.Key("Donnez un objet JSON.")},
	{"expected value to be one of ", text.Key("Choisissez parmi %s.")},
	{"required ", text.Key("Ce paramètre manque.")},
	{"json: cannot unmarshal number", text.Key("Ce nombre est trop grand.")},
	{"validation failed", text.Key("Certains champs sont à corriger.")},
	{"request body is required", text.Key("Le corps de la demande manque.")},
	{"request body is too large", text.Key("Le corps de la demande est trop long.")},
	{"unknown content type", text.Key("Envoyez la demande en JSON (application/json).")},
	{"request body read timeout", text.Key("La demande n’est pas arrivée à temps. Envoyez-la de nouveau.")},
}

// worded is what a program's user reads instead of a message of huma or of Go.
func worded(ctx context.Context, message string) string {
	for _, s := range said {
		if rest, is := strings.CutPrefix(message, s.begins); is {
			if strings.Contains(s.key, "%s") {
				return text.M(s.key, rest).In(text.Of(ctx))
			}
			return text.T(ctx, s.key)
		}
	}
	return text.T(ctx, "Ceci ne se lit pas. Vérifiez que c’est du JSON, et que les nombres et les textes sont entiers.")
}

// located is where in the request the message is about, when only its words say it: a
// field that is missing, or a number that its Go type does not hold.
func located(location, message string) string {
	if rest, is := strings.CutPrefix(message, "expected required property "); is {
		return location + "." + strings.TrimSuffix(rest, " to be present")
	}
	if _, rest, is := strings.Cut(message, " into Go struct field "); is {
		field, _, _ := strings.Cut(rest, " ")
		for _, step := range strings.Split(field, ".") {
			if step != "" && step == strings.ToLower(step) { // not the name of a Go type
				location += "." + step
			}
		}
	}
	return location
}
