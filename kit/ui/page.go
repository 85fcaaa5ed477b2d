package ui

import (
	"context"
	"strings"

	"cadre/kit/text"
)

// Link leads somewhere. Without Href it is shown as plain text.
type Link struct {
	Label string
	Href  string
	Lang  string // the language of what it leads to, when it is not the page's
}

// Site is what every page of one installation shares.
type Site struct {
	Name       string    // the product's name, in the masthead and after each title
	Lines      []string  // one or two lines beside the name: whose site it is
	Letterhead [2]string // left and right of the top of the paper; \n separates lines, the first is bold
	LetterLang text.Lang // its language, when it is not the page's
	Search     string    // where the search box sends q, by GET; empty shows no box
	SearchHint string    // what the empty box suggests
	SignIn     Link      // shown to whom is not signed in
	Links      []Link    // foot of the page: help, accessibility…
	Demo       bool      // invented data: says so at the top of every page
}

// Me is the person signed in, as the masthead shows them.
type Me struct {
	Key     string // tells persons apart: unsent drafts kept by the browser are of one Key only
	Name    string
	Line    string // in which function, for whom
	Links   []Link
	SignOut string // where to POST to leave
}

// MenuItem is one entry of the navigation.
type MenuItem struct {
	Label   string
	Href    string
	Current bool
	Count   int // shown when above zero
}

// Marking says what may be done with a page or a record: a TLP 2.0 label, with or without a
// national mention. The zero Marking shows nothing: the page is public.
type Marking struct {
	Code    string // "TLP:AMBER+STRICT"
	Letter  string // "A+S": tells the label apart on black-and-white paper
	Mention string // national mention, such as "Diffusion restreinte", or nothing
	Scope   string // what it means, in one line
}

// color returns the class that gives a label its official colour. Clear is the default.
func (m Marking) color() string {
	for _, c := range []string{"red", "amber", "green"} {
		if strings.Contains(strings.ToLower(m.Code), c) {
			return "tlp tlp-" + c
		}
	}
	return "tlp"
}

// Line is the marking on paper, where colours may be lost.
func (m Marking) Line() string {
	code := m.Code
	if m.Letter != "" {
		code += " (" + m.Letter + ")"
	}
	return strings.Join(filled(strings.ToUpper(m.Mention), code), " – ")
}

// Page is what the shell shows around the body. Only Title is required.
type Page struct {
	Site
	Title     string // of the window: the page's h1, without the product's name
	Marking   Marking
	Crumbs    []Link // ends at the parent
	Menu      []MenuItem
	Me        *Me    // nil when nobody is signed in
	Query     string // what was searched
	Languages []Link // the same page in other languages
	Feed      string // address of the Atom feed of what the page shows, or nothing
	Done      string // what the form just sent has done, said once; it also erases the draft of that form
	Failed    bool   // a form is wrong: the title says so before anything else
	Proof     string // where the reader verifies the seal of the journal; empty for who may not
	Printed   string // foot of the paper: "le 20 avril 2026 à 9 h 42 par Point focal, CNAD"
}

func (p Page) title(ctx context.Context) string {
	t := p.Title
	if p.Failed {
		t = text.T(ctx, "Erreur : %s", t)
	}
	return strings.Join(filled(t, p.Name), " – ")
}

func (p Page) provenance(ctx context.Context) string {
	if p.Printed == "" {
		return ""
	}
	return text.T(ctx, "Imprimé %s", p.Printed)
}

// Heaviest is the most that a page may weigh on the line, compressed and without the style
// sheet and the script, which a browser keeps; in bytes.
const Heaviest = 14_000

func (p Page) me() string {
	if p.Me == nil {
		return ""
	}
	return p.Me.Key
}

// filled returns what is not empty.
func filled(parts ...string) []string {
	var all []string
	for _, s := range parts {
		if s != "" {
			all = append(all, s)
		}
	}
	return all
}
