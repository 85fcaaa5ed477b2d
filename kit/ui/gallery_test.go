package ui

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cadre/kit/text"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func samplePage() Page {
	return Page{
		Site: Site{
			Name: "Cadre", Lines: []string{"Cadre permanent d’échanges", "Paix et sécurité"},
			Letterhead: [2]string{"Cadre permanent d’échanges\nAgence A", "République d’exemple\nUn – Deux – Trois"},
			Search:     "/recherche", SearchHint: "Numéro, structure, mot…",
			SignIn: Link{Label: "Se connecter", Href: "/connexion"},
			Links:  []Link{{Label: "Aide", Href: "/aide"}}, Demo: true,
		},
		Title:     "Galerie des composants",
		Marking:   Marking{Code: "TLP:AMBER+STRICT", Letter: "A+S", Mention: "Diffusion restreinte", Scope: "Circulation limitée aux destinataires"},
		Crumbs:    []Link{{Label: "Accueil", Href: "/"}},
		Menu:      []MenuItem{{Label: "À traiter", Href: "/a-traiter", Count: 5}, {Label: "Annuaire", Href: "/annuaire", Current: true}},
		Me:        &Me{Key: "u1", Name: "Point focal", Line: "Agence A, titulaire", Links: []Link{{Label: "Mes coordonnées", Href: "/moi"}}, SignOut: "/sortie"},
		Languages: []Link{{Label: "English", Href: "?lang=en", Lang: "en"}},
		Done:      "La fiche est enregistrée.",
		Proof:     "/preuve",
		Printed:   "le 20 avril 2026 à 9 h 42 par Point focal, Agence A",
	}
}

func render(t *testing.T, l text.Lang, c templ.Component) string {
	t.Helper()
	var out strings.Builder
	if err := c.Render(text.With(t.Context(), l), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// document is a parsed page: its elements in order, and those that have an id.
type document struct {
	*testing.T
	all  []*html.Node
	byID map[string]*html.Node
}

func parse(t *testing.T, source string) document {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	d := document{t, nil, map[string]*html.Node{}}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		d.all = append(d.all, n)
		if id, ok := attr(n, "id"); ok {
			if d.byID[id] != nil {
				t.Errorf("id %q stands twice", id)
			}
			d.byID[id] = n
		}
	}
	return d
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func inside(n *html.Node, tag string) bool {
	for p := range n.Ancestors() {
		if p.Data == tag {
			return true
		}
	}
	return false
}

func words(n *html.Node) string {
	var out strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			out.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

func TestGallery(t *testing.T) {
	public := samplePage()
	public.Me, public.Marking, public.Menu, public.Proof, public.Printed = nil, Marking{}, nil, "", ""
	for name, c := range map[string]struct {
		page Page
		lang text.Lang
	}{
		"signed in": {samplePage(), text.French},
		"public":    {public, text.French},
		"English":   {samplePage(), text.English},
		"bare":      {Page{Title: "Une page"}, text.French},
	} {
		t.Run(name, func(t *testing.T) {
			d := parse(t, render(t, c.lang, Gallery(c.page)))
			d.references()
			d.labels()
			d.policy()
			d.outline()
			if l, _ := attr(d.all[0], "lang"); l != string(c.lang) {
				t.Errorf("the page says that it is in %q", l)
			}
		})
	}
}

// references checks that every attribute that names ids names existing ones.
func (d document) references() {
	for _, n := range d.all {
		for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "popovertarget"} {
			value, _ := attr(n, name)
			for _, id := range strings.Fields(value) {
				if d.byID[id] == nil {
					d.Errorf("<%s %s=%q> points at nothing", n.Data, name, id)
				}
			}
		}
		if href, _ := attr(n, "href"); strings.HasPrefix(href, "#") && d.byID[href[1:]] == nil {
			d.Errorf("link %q points at nothing", href)
		}
	}
}

// labels checks that every field and every landmark that may stand twice has a name.
func (d document) labels() {
	named := map[string]bool{}
	for _, n := range d.all {
		if id, ok := attr(n, "for"); ok {
			named[id] = true
		}
	}
	for _, n := range d.all {
		kind, _ := attr(n, "type")
		id, _ := attr(n, "id")
		_, label := attr(n, "aria-label")
		_, labelled := attr(n, "aria-labelledby")
		switch n.Data {
		case "input", "select", "textarea":
			if kind != "hidden" && !named[id] && !inside(n, "label") && !label {
				d.Errorf("field %q has no label", id)
			}
		case "nav", "aside", "section", "progress":
			if !label && !labelled {
				d.Errorf("<%s> has no name", n.Data)
			}
		case "a", "button":
			if words(n) == "" {
				d.Errorf("<%s> without words: %v", n.Data, n.Attr)
			}
		}
	}
}

// policy checks what a strict Content-Security-Policy would refuse, and forms in paragraphs,
// which browsers take apart.
func (d document) policy() {
	for _, n := range d.all {
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Val, "javascript:") {
				d.Errorf("<%s %s=%q> is inline", n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "style" || n.Data == "script" && n.FirstChild != nil {
			d.Errorf("<%s> is inline", n.Data)
		}
		if n.Data == "p" && n.FirstChild == nil {
			d.Errorf("an empty paragraph, left by a block inside another: %v", n.Attr)
		}
	}
}

// outline checks that there is one h1 and that no level is skipped on the way down.
func (d document) outline() {
	last, first := 0, 0
	for _, n := range d.all {
		if len(n.Data) != 2 || n.Data[0] != 'h' || n.Data[1] < '1' || n.Data[1] > '6' {
			continue
		}
		level := int(n.Data[1] - '0')
		if level == 1 {
			first++
		}
		if level > last+1 {
			d.Errorf("<%s>%s follows a title of level %d", n.Data, words(n), last)
		}
		last = level
	}
	if first != 1 {
		d.Errorf("%d titles of level 1", first)
	}
}

// TestGalleryShowsEverything fails when a new component is not put there.
func TestGalleryShowsEverything(t *testing.T) {
	var all strings.Builder
	files, err := filepath.Glob("*.templ")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(source)
	}
	for _, m := range regexp.MustCompile(`(?m)^templ ([A-Z]\w*)`).FindAllStringSubmatch(all.String(), -1) {
		if name := m[1]; name != "Gallery" && !regexp.MustCompile(`@`+name+`[(]`).MatchString(all.String()) {
			t.Errorf("%s is nowhere in the gallery", name)
		}
	}
}

// TestStylesAndComponentsAgree finds dead rules and unstyled names: the gallery shows everything.
func TestStylesAndComponentsAgree(t *testing.T) {
	public := samplePage()
	public.Me = nil
	used := map[string]bool{"draft": true} // made by js/draft.js
	for _, p := range []Page{samplePage(), public} {
		for _, n := range parse(t, strings.ReplaceAll(render(t, text.French, Gallery(p)), `id="`, `data-id="`)).all {
			class, _ := attr(n, "class")
			for _, c := range strings.Fields(class) {
				used[c] = true
			}
		}
	}
	styled := map[string]bool{}
	for _, m := range regexp.MustCompile(`\.([a-z][a-z0-9-]*)[^;{}"]*\{`).FindAllString(string(assets["cadre.css"].plain), -1) {
		for _, c := range regexp.MustCompile(`\.([a-z][a-z0-9-]*)`).FindAllStringSubmatch(m, -1) {
			styled[c[1]] = true
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(styled)), slices.Sorted(maps.Keys(used))); diff != "" {
		t.Errorf("styled (-) and used (+) classes differ:\n%s", diff)
	}
}
