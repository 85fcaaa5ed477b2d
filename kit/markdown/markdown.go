// Package markdown turns the Markdown that people write (CommonMark: paragraphs, lists,
// emphasis, quotations, code, links) into HTML that can do nothing: no raw HTML, no
// images, no titles that would break the page's outline, links to http, https and
// mailto alone. What is left out stays readable, as the text that was typed.
//
// A mention is @ and a word, or @ and an address. The package finds mentions; it does
// not know whom they name.
package markdown

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// language is the Markdown that is understood: what is not parsed stays text.
var language = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(mentionParser{}, 150),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500)))),
	goldmark.WithExtensions(extension.Linkify),
	goldmark.WithRendererOptions(html.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(safeLinks{}, 100))),
)

// What costs a parser more than the length of the text: containers in one another at the
// beginning of a line, and signs that may open something. Nobody writes so many, but to make
// a server or a browser stumble; such a text is shown as it was typed.
var nested = regexp.MustCompile(`(?m)^(?:[ \t]*(?:>|[-*+]|[0-9]{1,9}[.)])){20}`)

const (
	opening  = "[*_`@"
	openings = 1000
)

// parse reads a text, or nothing when it would cost too much.
func parse(source []byte) ast.Node {
	if nested.Match(source) {
		return nil
	}
	for _, sign := range []byte(opening) {
		if bytes.Count(source, []byte{sign}) > openings {
			return nil
		}
	}
	return language.Parser().Parse(text.NewReader(source))
}

// HTML renders a text. called says what is shown in the place of a mention.
func HTML(src string, called func(name string) string) string {
	source := []byte(src)
	doc := parse(source)
	for _, m := range mentions(doc) {
		m.shown = called(m.name)
	}
	var out bytes.Buffer
	if doc == nil || language.Renderer().Render(&out, source, doc) != nil {
		return "<p>" + string(util.EscapeHTML(source)) + "</p>"
	}
	return out.String()
}

// Mentions lists the words and addresses that a text mentions, without their @, in their
// order and each once.
func Mentions(src string) []string {
	var all []string
	for _, m := range mentions(parse([]byte(src))) {
		if !slices.Contains(all, m.name) {
			all = append(all, m.name)
		}
	}
	return all
}

// Rename gives the text in which each mention, with its @, is what called says of its name.
func Rename(src string, called func(name string) string) string {
	var out strings.Builder
	at := 0
	for _, m := range mentions(parse([]byte(src))) {
		out.WriteString(src[at:m.start])
		out.WriteString(called(m.name))
		at = m.start + 1 + len(m.name)
	}
	return out.String() + src[at:]
}

// mentions lists the mentions of a parsed text in their order, those of no text when it is nil.
func mentions(doc ast.Node) []*mention {
	if doc == nil {
		return nil
	}
	var all []*mention
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if m, ok := n.(*mention); ok && entering {
			all = append(all, m)
		}
		return ast.WalkContinue, nil
	})
	return all
}

// safeLinks renders links and images: a link that may not be followed is its words, an
// image is a link to where it lies.
type safeLinks struct{}

// RegisterFuncs says which nodes are rendered here.
func (safeLinks) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLink, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		return anchor(w, string(n.(*ast.Link).Destination), entering)
	})
	r.Register(ast.KindImage, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		return anchor(w, string(n.(*ast.Image).Destination), entering)
	})
	r.Register(ast.KindAutoLink, autoLink)
	r.Register(kindMention, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString("<b>" + string(util.EscapeHTML([]byte(n.(*mention).shown))) + "</b>")
		}
		return ast.WalkContinue, nil
	})
}

func anchor(w util.BufWriter, to string, entering bool) (ast.WalkStatus, error) {
	href := followable(to)
	switch {
	case href == "":
	case entering:
		_, _ = w.WriteString(`<a href="` + href + `" rel="nofollow noopener">`)
	default:
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func autoLink(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	link := n.(*ast.AutoLink)
	to := string(link.URL(source))
	if link.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(to), "mailto:") {
		to = "mailto:" + to
	}
	_, _ = anchor(w, to, true)
	_, _ = w.Write(util.EscapeHTML(link.Label(source)))
	return anchor(w, to, false)
}

// followable is an address as an attribute holds it, or nothing when it leads elsewhere
// than to the web or to a mailbox.
func followable(to string) string {
	u, err := url.Parse(to)
	if err != nil {
		return ""
	}
	switch u.Scheme {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto":
	default:
		return ""
	}
	return string(util.EscapeHTML([]byte(u.String())))
}
