package account

import (
	"context"
	"net/url"

	"cadre/core/access"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
)

var functionNames = map[access.Function]string{
	access.Head:        text.Key("responsable"),
	access.Focal:       text.Key("point focal"),
	access.Deputy:      text.Key("suppléant"),
	access.Member:      text.Key("membre"),
	access.Field:       text.Key("agent de terrain"),
	access.Reader:      text.Key("lecteur"),
	access.Secretariat: text.Key("secrétariat permanent"),
	access.Oversight:   text.Key("contrôle"),
	access.Technical:   text.Key("administration technique"),
}

// functionMeanings says what a function is for, where one chooses it.
var functionMeanings = map[access.Function]string{
	access.Head:        text.Key("Engage la structure ; administre ses comptes"),
	access.Focal:       text.Key("Titulaire ; administre les comptes, sauf ceux des responsables"),
	access.Deputy:      text.Key("Agit quand aucun point focal n’est présent"),
	access.Member:      text.Key("Contribue"),
	access.Field:       text.Key("Agent régional ou préfectoral"),
	access.Reader:      text.Key("Lit seulement"),
	access.Secretariat: text.Key("Anime le cadre ; administre tous les comptes"),
	access.Oversight:   text.Key("Lit le journal et en vérifie la preuve"),
	access.Technical:   text.Key("Assure l’exploitation technique ; ne lit aucun contenu"),
}

// FunctionName names a function in the language of whoever reads the message.
func FunctionName(f access.Function) text.Message { return text.M(functionNames[f]) }

var mandateNames = map[Mandate]string{
	CanCommit: text.Key("Peut engager sa structure"),
	MustRefer: text.Key("Doit en référer à sa hiérarchie"),
}

var stateNames = map[State]string{
	Active:   text.Key("Actif"),
	Disabled: text.Key("Désactivé"),
	Erased:   text.Key("Effacé"),
}

// beside is the form of an account as it was sent, after another had changed the account: each
// field in which they differ says what is recorded. Sent again, it replaces that knowingly.
func beside(ctx context.Context, typed, saved url.Values, wrong error) form.State {
	st := form.Of(typed, wrong)
	if fault.KindOf(wrong) != fault.Conflict {
		return st
	}
	for _, name := range []string{"name", "email", "phone", "clearance", "mandate", "language"} {
		if value := saved.Get(name); typed.Has(name) && value != typed.Get(name) {
			st.Faults = append(st.Faults, fault.Field{Name: name, Sentence: text.M("Enregistré entre-temps : %s.", valueWords(ctx, name, value))})
		}
	}
	typed.Set("version", saved.Get("version"))
	return st
}

// valueWords says the value of a field of an account as people do.
func valueWords(ctx context.Context, field, value string) string {
	switch {
	case value == "":
		return text.T(ctx, "rien")
	case field == "mandate":
		return text.T(ctx, mandateNames[Mandate(value)])
	case field == "language" && value == string(text.French):
		return "Français"
	case field == "language":
		return "English"
	case field == "clearance":
		if m, err := parseClearance(value); err == nil {
			return clearanceName(ctx, m)
		}
	}
	return value
}

// functionWords lists functions in words: « point focal, membre ».
func functionWords(ctx context.Context, all []access.Function) []string {
	words := make([]string, len(all))
	for i, f := range all {
		words[i] = FunctionName(f).In(text.Of(ctx))
	}
	return words
}
