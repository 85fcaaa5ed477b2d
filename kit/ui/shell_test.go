package ui

import (
	"strings"
	"testing"

	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"

	"github.com/a-h/templ"
)

func TestShell(t *testing.T) {
	failed, public, plain := samplePage(), samplePage(), samplePage()
	failed.Failed = true
	public.Me, public.Marking, public.Demo, public.Printed, public.Proof = nil, Marking{}, false, "", ""
	plain.Search, plain.Menu, plain.Crumbs, plain.Done = "", nil, nil, ""
	for _, c := range []struct {
		name    string
		page    Page
		has     []string
		without []string
	}{
		{"signed in", samplePage(), []string{
			"<title>Galerie des composants – Cadre</title>", `data-me="u1"`, `aria-current="page"`, "soit </span>5", `data-done`,
			`data-marking="DIFFUSION RESTREINTE – TLP:AMBER+STRICT (A+S)"`, `data-printed="Imprimé le 20 avril 2026 à 9 h 42 par Point focal, Agence A"`,
			"Journal scellé chaque jour\u00a0:", `action="/sortie" data-forget`, "données fictives", `hreflang="en"`,
		}, []string{"Se connecter"}},
		{"a form is wrong", failed, []string{"<title>Erreur\u00a0: Galerie des composants – Cadre</title>"}, nil},
		{"public", public, []string{`data-marking=""`, `data-printed=""`, `data-me=""`, "Se connecter"}, []string{"Journal scellé", `class="marking"`, "données fictives", "Se déconnecter", `class="printed`}},
		{"no menu, no search", plain, nil, []string{`role="search"`, "<nav", `class="menu"`, "data-done"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := render(t, text.French, Shell(c.page))
			for _, s := range c.has {
				if !strings.Contains(got, s) {
					t.Errorf("no %s", s)
				}
			}
			for _, s := range c.without {
				if strings.Contains(got, s) {
					t.Errorf("%s is there", s)
				}
			}
		})
	}
}

func TestMarkingColours(t *testing.T) {
	for code, want := range map[string]string{"TLP:RED": "tlp tlp-red", "TLP:AMBER+STRICT": "tlp tlp-amber", "TLP:AMBER": "tlp tlp-amber", "TLP:GREEN": "tlp tlp-green", "TLP:CLEAR": "tlp"} {
		if got := (Marking{Code: code}).color(); got != want {
			t.Errorf("%s has class %q", code, got)
		}
	}
	if got := render(t, text.French, Label(Marking{})); got != "" {
		t.Errorf("a public record shows %s", got)
	}
}

func TestParts(t *testing.T) {
	wrong := form.Of(map[string][]string{"mdp": {"secret"}, "jour": {"31/02/2026"}}, fault.Invalid("nature", "Choisissez."))
	for _, c := range []struct {
		name string
		part templ.Component
		want string
	}{
		{"a head without actions can be hidden by :empty", Head(Heading{Title: "Titre"}), `<h1>Titre</h1><div class="actions"></div>`},
		{"dangerous addresses are disarmed", A(Link{Label: "x", Href: "javascript:alert(1)"}), `<a href="about:invalid#TemplFailedSanitizationURL">x</a>`},
		{"what is typed is escaped", Prose("<b>"), "&lt;b&gt;"},
		{"a password never comes back", Password(wrong, Field{Name: "mdp", Label: "Mot de passe"}), `<input type="password" class="input" id="mdp" name="mdp">`},
		{"a bad day comes back as typed", Date(wrong, Field{Name: "jour", Label: "Jour"}), `<input type="text" class="input" value="31/02/2026" id="jour" name="jour">`},
		{"an error leads to the first choice", Radios(wrong, Field{Name: "nature", Label: "Nature", Options: []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}}), `<input type="radio" id="nature" name="nature" value="a">`},
		{"the first page leads on only", Pager(Span{First: 1, Last: 50, Total: 213, Next: "?apres=x"}), `<span>1–50 sur 213</span> <a href="?apres=x" rel="next">Page suivante</a></nav>`},
		{"a list of unknown place shows its size", Pager(Span{Total: 7}), "<span>7 en tout</span>"},
		{"a short list needs no pager", Pager(Span{}), ""},
		{"no error, no summary", ErrorSummary(form.State{}), ""},
		{"one error in words", ErrorSummary(wrong), "Un point à corriger"},
		{"an empty date is a date field", Date(form.State{}, Field{Name: "jour", Label: "Jour"}), `type="date"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := render(t, text.French, c.part)
			if !strings.Contains(got, c.want) || c.want == "" && got != "" {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
