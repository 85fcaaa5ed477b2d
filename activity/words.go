package activity

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"cadre/core/access"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/packs"
)

var roleNames = map[Role]string{
	Co:        text.Key("Co-organise (réalise)"),
	Support:   text.Key("Appuie (prête des moyens)"),
	Consulted: text.Key("Est consultée"),
	Informed:  text.Key("Est informée"),
}

// roleName names a role, of the lead too.
func roleName(ctx context.Context, r Role) string {
	if r == lead {
		return text.T(ctx, "Chef de file")
	}
	return text.T(ctx, roleNames[r])
}

var verdictNames = map[Verdict]string{
	Awaited:  text.Key("Attendue"),
	Signed:   text.Key("Signée"),
	Reserved: text.Key("Signée avec réserve"),
	Declined: text.Key("Déclinée"),
	Reopened: text.Key("À signer de nouveau"),
}

var verdictStates = map[Verdict]ui.Status{Awaited: ui.Waiting, Signed: ui.Done, Reserved: ui.Done, Declined: ui.Late, Reopened: ui.Waiting}

var taskNames = map[TaskState]string{
	Open: text.Key("À faire"), Doing: text.Key("En cours"), Done: text.Key("Faite"), Dropped: text.Key("Abandonnée"),
}

var proposalNames = map[ProposalState]string{
	Asked: text.Key("En attente de réponse"), Granted: text.Key("Acceptée"), Refused: text.Key("Refusée"), Withdrawn: text.Key("Retirée"),
	Lapsed: text.Key("Restée sans réponse : l’activité a pris fin"),
}

var termNames = map[string]string{
	ofPurpose: text.Key("But"), ofPeriod: text.Key("Période"), ofPlaces: text.Key("Lieux"), ofBudget: text.Key("Budget"), ofPartners: text.Key("Rôles"),
}

// fieldLabels name the fields of forms and records, for the history and for two texts side by side.
var fieldLabels = map[string]string{
	"title": text.Key("Intitulé"), "purpose": text.Key("But"), "type": text.Key("Type d’activité"), "themes": text.Key("Thèmes"), "places": text.Key("Lieux"),
	"publics": text.Key("Publics"), "women": text.Key("Femmes visées"), "men": text.Key("Hommes visés"), "targeted": text.Key("Personnes visées"), "period": text.Key("Période"),
	"from": text.Key("Début"), "to": text.Key("Fin"), "sign_by": text.Key("Réponse attendue avant le"), "partners": text.Key("Rôles"), "results": text.Key("Résultats attendus"),
	"tasks": text.Key("Tâches"), "needs": text.Key("Moyens demandés"), "offers": text.Key("Moyens offerts"), "budget": text.Key("Budget"), "risks": text.Key("Risques"),
	"outside": text.Key("Partenaires hors du cadre"), "reference": text.Key("Référence de la structure"), "signatures": text.Key("Signatures"), "proposals": text.Key("Propositions de changement"),
	"report": text.Key("Rapport"), "interruption": text.Key("Interruption"), "marking": text.Key("Marquage"), "audience": text.Key("Ouvert à"), "state": text.Key("État"), "number": text.Key("Numéro"),
}

// Label names a field of an activity in the reader's language; empty for one that this room does not know.
func Label(ctx context.Context, field string) string {
	if key, ok := fieldLabels[field]; ok {
		return text.T(ctx, key)
	}
	return ""
}

var identifier = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// Words says a field's value as people do: codes become words and identifiers of
// institutions, by names, their short names.
func (m *Module) Words(ctx context.Context, names map[string]string, field, value string) string {
	switch field {
	case "themes":
		return m.Themes.Label(ctx, value)
	case "places":
		return m.Places.Path(ctx, value)
	case "type":
		return term(ctx, m.Pack.ActivityTypes, value)
	case "publics":
		return term(ctx, m.Pack.Publics, value)
	case "state":
		return text.T(ctx, Life.Name(value))
	case "from", "to":
		if at, ok := ParseMoment(value); ok {
			return at.words(ctx)
		}
	case "marking":
		if marking, err := access.ParseMarking(value); err == nil {
			return marking.Label() + " – " + text.T(ctx, marking.Name())
		}
	case "partners":
		if id, role, ok := strings.Cut(value, ":"); ok {
			value = id + " – " + roleName(ctx, Role(role))
		}
	}
	return identifier.ReplaceAllStringFunc(value, func(id string) string {
		if name := names[id]; name != "" {
			return name
		}
		return id
	})
}

// encode is the content as a record keeps it.
func (a Activity) encode() (string, error) {
	b, err := json.Marshal(a)
	return string(b), err
}

// terms are a vocabulary as the choices of a field.
func terms(ctx context.Context, vocabulary []packs.Term) []ui.Option {
	all := make([]ui.Option, 0, len(vocabulary))
	for _, t := range vocabulary {
		all = append(all, ui.Option{Value: t.Code, Label: text.Own(ctx, t.Label, t.LabelEN).Words})
	}
	return all
}
