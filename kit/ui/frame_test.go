package ui

import (
	"context"
	"testing"
)

func TestStart(t *testing.T) {
	ctx := WithFrame(t.Context(), func(context.Context) Page { return Page{Site: Site{Name: "Cadre"}, Query: "armes"} })
	if p := Start(ctx, "Annuaire", Link{Label: "Accueil", Href: "/"}); p.Name != "Cadre" || p.Query != "armes" || p.Title != "Annuaire" || len(p.Crumbs) != 1 {
		t.Errorf("got %+v", p)
	}
	if p := Start(t.Context(), "Annuaire"); p.Title != "Annuaire" || p.Name != "" {
		t.Errorf("without a frame, got %+v", p)
	}
}
