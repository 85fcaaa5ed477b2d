package lifecycle_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"cadre/core/access"
	"cadre/core/lifecycle"
	"cadre/kit/fault"

	"pgregory.net/rapid"
)

var life = lifecycle.Table{
	States: []lifecycle.State{{Code: "draft", Name: "Brouillon"}, {Code: "sent", Name: "Envoyé"}, {Code: "closed", Name: "Clos"}},
	Transitions: []lifecycle.Transition{
		{Verb: "sent", Name: "Envoyer", From: "draft", To: "sent", Who: []access.Function{access.Focal, access.Head}},
		{Verb: "closed", Name: "Clore", From: "sent", To: "closed", Who: []access.Function{access.Head}},
		{Verb: "reopened", Name: "Rouvrir", From: "closed", To: "sent", Who: []access.Function{access.Head}},
		{Verb: "closed", Name: "Clore", From: "draft", To: "closed", Who: []access.Function{access.Head}},
		{Verb: "lapsed", Name: "Caduc", From: "sent", To: "closed"},
	},
}

// A step that the record takes by itself is nobody's, and is found by its verb alone.
func TestAutomaticSteps(t *testing.T) {
	head := access.Viewer{Person: "p", Structure: "cnad", Functions: access.Functions}
	if _, err := life.Step(head, "cnad", "sent", "lapsed"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("taken by hand: %v", err)
	}
	if to, ok := life.Auto("sent", "lapsed"); to != "closed" || !ok {
		t.Errorf("from sent: %s, %v", to, ok)
	}
	if to, ok := life.Auto("draft", "lapsed"); to != "draft" || ok {
		t.Errorf("from draft: %s, %v", to, ok)
	}
}

var functions = rapid.SampledFrom(access.Functions)

// What is offered is accepted and what is not offered is refused, from every state, for everybody.
func TestOfferedIsAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := access.Viewer{Person: "p", Structure: rapid.SampledFrom([]string{"cnad", "anpc"}).Draw(t, "structure"),
			Functions: rapid.SliceOfDistinct(functions, func(f access.Function) access.Function { return f }).Draw(t, "functions")}
		state := rapid.SampledFrom(life.States).Draw(t, "state").Code
		offered := map[string]bool{}
		for _, s := range life.Offered(v, "cnad", state) {
			offered[s.Verb] = true
		}
		for _, s := range life.Transitions {
			if _, err := life.Step(v, "cnad", state, s.Verb); (err == nil) != offered[s.Verb] {
				t.Fatalf("%s from %s: offered %v, answered %v", s.Verb, state, offered[s.Verb], err)
			}
		}
	})
}

func TestRefusals(t *testing.T) {
	focal := access.Viewer{Person: "p", Structure: "cnad", Functions: []access.Function{access.Focal}}
	for verb, want := range map[string]fault.Kind{"closed": fault.Forbidden, "burnt": fault.NotFound, "lapsed": fault.NotFound} {
		if _, err := life.Step(focal, "cnad", "sent", verb); fault.KindOf(err) != want {
			t.Errorf("%s: %v", verb, err)
		}
	}
	if _, err := life.Step(focal, "cnad", "sent", "sent"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("sent twice: %v", err)
	}
}

func TestCheckFindsBrokenTables(t *testing.T) {
	if err := life.Check(); err != nil {
		t.Error(err)
	}
	lost := life
	lost.Transitions = life.Transitions[:1]
	if lost.Check() == nil {
		t.Error("a state that cannot be reached was not noticed")
	}
}

func TestDiagramShowsEveryStateAndStep(t *testing.T) {
	var b bytes.Buffer
	if err := lifecycle.Diagram(life).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Brouillon", "Envoyé", "Clos", "Envoyer", "Clore", "Rouvrir"} {
		if strings.Count(b.String(), want) < 2 {
			t.Errorf("%q is not both drawn and written", want)
		}
	}
}
