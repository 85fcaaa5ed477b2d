package app_test

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// routeOf finds the route of an address.
func routeOf(routes []route, action string) route {
	path, _, _ := strings.Cut(action, "?")
	best := route{path: path}
	for _, r := range routes {
		pattern := regexp.MustCompile("^" + wildcard.ReplaceAllString(r.path, `[^/]+`) + "$")
		if r.method == http.MethodPost && pattern.MatchString(path) && (r.path == path || best.form == "" || strings.Count(r.path, "{") < strings.Count(best.path, "{")) {
			best = r
		}
	}
	return best
}

// fieldsOf lists what a form asks.
func fieldsOf(form *html.Node) []field {
	var all []field
	for n := range form.Descendants() {
		name := attribute(n, "name")
		if n.Type != html.ElementNode || name == "" || name == "username" || n.Data == "button" || slices.ContainsFunc(all, func(f field) bool { return f.name == name }) {
			continue
		}
		f := field{name: name, kind: n.Data}
		if n.Data == "input" {
			f.kind = attribute(n, "type")
		}
		if attribute(n, "inputmode") == "numeric" {
			f.kind = "number"
		}
		f.max, _ = strconv.Atoi(attribute(n, "maxlength"))
		f.line = n.Parent.Data == "td"
		f.must = f.kind != "hidden" && f.kind != "checkbox" && !f.line && !optional(form, n, name) && !none(n)
		all = append(all, f)
	}
	return all
}

func sameFields(a, b []field) bool {
	return slices.EqualFunc(a, b, func(x, y field) bool { return x.name == y.name && (x.kind == "hidden") == (y.kind == "hidden") })
}

// optional tells whether the label or the legend of a field says that it may be left empty.
func optional(form, input *html.Node, name string) bool {
	said := ""
	for n := range form.Descendants() {
		if n.Data == "label" && attribute(n, "for") == name || n.Data == "legend" && slices.Contains(slices.Collect(input.Ancestors()), n.Parent) {
			said += words(n)
		}
	}
	return strings.Contains(said, "(facultatif)") || strings.Contains(said, "(optional)") || strings.Contains(said, "Sans dates")
}

// none tells whether a select has an answer that says none, rather than asking to choose.
func none(input *html.Node) bool {
	for n := range input.Descendants() {
		if n.Data == "option" && attribute(n, "value") == "" {
			return words(n) != "Choisir…" && words(n) != "Choose…"
		}
	}
	return false
}
