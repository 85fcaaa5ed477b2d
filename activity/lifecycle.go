package activity

import (
	"cadre/core/access"
	"cadre/core/lifecycle"
	"cadre/kit/text"
)

// The states of an activity.
const (
	Idea         = "idea"
	Concertation = "concertation"
	Committed    = "committed"
	Running      = "running"
	Reported     = "reported"
	Capitalised  = "capitalised"
	Suspended    = "suspended"
	Abandoned    = "abandoned"
)

// leaders lead an activity of their institution on; authors write down what it may become.
var (
	leaders = []access.Function{access.Head, access.Focal, access.Deputy}
	authors = []access.Function{access.Head, access.Focal, access.Deputy, access.Member, access.Field}
)

// Life is the life of an activity. The steps that are nobody's are taken by the record:
// committed when the last signature comes, reopened when one is touched by a change.
var Life = lifecycle.Table{
	States: []lifecycle.State{
		{Code: Idea, Name: text.Key("Idée")},
		{Code: Concertation, Name: text.Key("Concertation")},
		{Code: Committed, Name: text.Key("Engagée")},
		{Code: Running, Name: text.Key("En cours")},
		{Code: Reported, Name: text.Key("Rapportée")},
		{Code: Capitalised, Name: text.Key("Capitalisée")},
		{Code: Suspended, Name: text.Key("Suspendue")},
		{Code: Abandoned, Name: text.Key("Abandonnée")},
	},
	Transitions: []lifecycle.Transition{
		{Verb: "proposed", Name: text.Key("Mettre en concertation"), From: Idea, To: Concertation, Who: leaders},
		{Verb: "recalled", Name: text.Key("Revenir à l’idée"), From: Concertation, To: Idea, Who: leaders, Asks: "reason"},
		{Verb: "committed", Name: text.Key("Toutes les signatures sont là"), From: Concertation, To: Committed},
		{Verb: "reopened", Name: text.Key("Une signature est rouverte"), From: Committed, To: Concertation},
		{Verb: "reopened", Name: text.Key("Une signature est rouverte"), From: Running, To: Concertation},
		{Verb: "started", Name: text.Key("Démarrer"), From: Committed, To: Running, Who: leaders},
		{Verb: "reported", Name: text.Key("Rapporter"), From: Running, To: Reported, Who: leaders, Asks: "summary"},
		{Verb: "capitalised", Name: text.Key("Capitaliser"), From: Reported, To: Capitalised, Who: leaders, Asks: "lesson"},
		{Verb: "suspended", Name: text.Key("Suspendre"), From: Committed, To: Suspended, Who: leaders, Asks: "reason"},
		{Verb: "suspended", Name: text.Key("Suspendre"), From: Running, To: Suspended, Who: leaders, Asks: "reason"},
		{Verb: "resumed", Name: text.Key("Reprendre"), From: Suspended, To: Committed, Who: leaders},
		{Verb: "abandoned", Name: text.Key("Abandonner"), From: Idea, To: Abandoned, Who: leaders, Asks: "reason"},
		{Verb: "abandoned", Name: text.Key("Abandonner"), From: Concertation, To: Abandoned, Who: leaders, Asks: "reason"},
		{Verb: "abandoned", Name: text.Key("Abandonner"), From: Committed, To: Abandoned, Who: leaders, Asks: "reason"},
		{Verb: "abandoned", Name: text.Key("Abandonner"), From: Running, To: Abandoned, Who: leaders, Asks: "reason"},
		{Verb: "abandoned", Name: text.Key("Abandonner"), From: Suspended, To: Abandoned, Who: leaders, Asks: "reason"},
	},
	Reserved: text.Key("Seuls le responsable, le point focal et son suppléant du chef de file changent l’état de l’activité."),
}

// open reports whether the activity may still be changed.
func open(state string) bool {
	return state == Idea || state == Concertation || state == Committed || state == Running
}
