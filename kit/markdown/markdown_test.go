package markdown_test

import (
	"strings"
	"testing"
	"time"

	"cadre/kit/markdown"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// at shows a mention as it was typed.
func at(name string) string { return "@" + name }

func TestWhatPeopleWrite(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"Bonjour,\nvoici le plan.", "<p>Bonjour,<br>\nvoici le plan.</p>\n"},
		{"- un\n- **deux**", "<ul>\n<li>un</li>\n<li><strong>deux</strong></li>\n</ul>\n"},
		{"# Titre", "<p># Titre</p>\n"},
		{"    en retrait", "<pre><code>en retrait\n</code></pre>\n"},
		{"> cité", "<blockquote>\n<p>cité</p>\n</blockquote>\n"},
		{"Voir https://cnlpal.tg/plan.", `<p>Voir <a href="https://cnlpal.tg/plan" rel="nofollow noopener">https://cnlpal.tg/plan</a>.</p>` + "\n"},
		{"[le plan](https://cnlpal.tg \"titre\")", `<p><a href="https://cnlpal.tg" rel="nofollow noopener">le plan</a></p>` + "\n"},
		{"écrire à focal@cnad.example", `<p>écrire à <a href="mailto:focal@cnad.example" rel="nofollow noopener">focal@cnad.example</a></p>` + "\n"},
		{"![carte](https://x.example/c.png)", `<p><a href="https://x.example/c.png" rel="nofollow noopener">carte</a></p>` + "\n"},
		{"[a]: https://x.example", `<p>[a]: <a href="https://x.example" rel="nofollow noopener">https://x.example</a></p>` + "\n"},
		{"[mot](javascript:alert(1))", "<p>mot</p>\n"},
		{"<b>gras</b> & <script>alert(1)</script>", "<p>&lt;b&gt;gras&lt;/b&gt; &amp; &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
		{"Merci @CNAD, @focal@purs.example.", "<p>Merci <b>@CNAD</b>, <b>@focal@purs.example</b>.</p>\n"},
	} {
		if got := markdown.HTML(c.src, at); got != c.want {
			t.Errorf("%q:\n got %q\nwant %q", c.src, got, c.want)
		}
	}
}

func TestMentions(t *testing.T) {
	for src, want := range map[string][]string{
		"@CNAD et @cnad, puis @CNAD.":       {"CNAD", "cnad"},
		"écrire à focal@cnad.example":       nil,
		"@focal@cnad.example, et @Armées-2": {"focal@cnad.example", "Armées-2"},
		"`@CNAD` et (@PURS)":                {"PURS"},
		"@ seul, @@double, a@b, /@chemin":   nil,
		"```\n@CNAD\n```":                   nil,
		"- @un\n> @deux":                    {"un", "deux"},
		"**@CNDH**":                         {"CNDH"},
	} {
		if diff := cmp.Diff(want, markdown.Mentions(src)); diff != "" {
			t.Errorf("%q: %s", src, diff)
		}
	}
}

func TestRename(t *testing.T) {
	for src, want := range map[string]string{
		"@CNAD et @cnad.":            "(CNAD) et (cnad).",
		"- é @un\n> `@non` @deux":    "- é (un)\n> `@non` (deux)",
		"> > **@CNDH**, \n> > @x":    "> > **(CNDH)**, \n> > (x)",
		"1. a\n\n   @dans la liste":  "1. a\n\n   (dans) la liste",
		"rien":                       "rien",
		"":                           "",
		"[@un](https://x.example) @": "[(un)](https://x.example) @",
	} {
		if got := markdown.Rename(src, func(name string) string { return "(" + name + ")" }); got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
}

// hostile are texts that were script somewhere: HTML, links of every disguise, broken syntax.
var hostile = []string{
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<iframe src=javascript:alert(1)>",
	"<a href=\"javascript:alert(1)\">x</a>", "<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">", "<style>@import'//x'</style>",
	"<!--><script>alert(1)</script>-->", "<![CDATA[<script>alert(1)</script>]]>", "<?php echo 1 ?>", "<form><button formaction=javascript:alert(1)>",
	"[a](javascript:prompt(document.cookie))", "[a](j a v a s c r i p t:prompt(1))", "[a](data:text/html;base64,PHNjcmlwdD4=)",
	"<javascript:prompt(1)>", "<vbscript:x>", "[a](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61&#x6C&#x65&#x72&#x74&#x28&#x31&#x29)",
	"[a](JaVaScRiPt:alert(1))", "[a](\\javascript:alert(1))", "[a](javascript&colon;alert(1))", "[a](  javascript:alert(1))", "[a](\x01javascript:alert(1))",
	"[a](javas\tcript:alert(1))", "[a](//evil.example)", "[a](/\\evil.example)", "[a](https://x\" onmouseover=\"alert(1))", "[a](<https://x\" onmouseover=\"alert(1)>)",
	"![\"onerror=\"alert(1)](x)", "![a](https://x\"onerror=\"alert(1))", "![a](\"onerror=\"alert(1))", "[a]: javascript:alert(1)\n\n[a]",
	"[a](https://x 'onclick=alert(1) x=')", "<https://x\" onclick=alert(1)>", "https://x\"onclick=\"alert(1)", "<x@y.example\"onclick=\"alert(1)>",
	"```\"><script>alert(1)</script>\nx\n```", "``` onload=alert(1) class=\"\nx\n```", "`</code><script>alert(1)</script>`", "@x\"onclick=alert(1)", "@<script>",
	"[x]( http://a\n<script>alert(1)</script>)", "**<script>alert(1)</script>**", "> <script>alert(1)</script>", "- <script>alert(1)</script>",
	"&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;", "\\<script>alert(1)\\</script>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
	"[a](mailto:x@y?subject=\"><script>alert(1)</script>)", "http://www.example.com/<script>alert(1)</script>", "[<img src=x onerror=alert(1)>](https://x)", "https://[::1",
	"<div\nonclick=alert(1)>", "<a\x00href=javascript:alert(1)>", "[a](https:alert(1))", "[a](http:///x)", "www.x.example/\"onload=\"1",
}

func TestScriptIsText(t *testing.T) {
	for _, src := range hostile {
		harmless(t, src)
	}
}

func FuzzHTML(f *testing.F) {
	for _, src := range hostile {
		f.Add(src)
	}
	f.Add("- un\n  > @deux `trois`\n1. [x](https://x)\n***\n~~~\ncode")
	f.Fuzz(func(t *testing.T, src string) {
		harmless(t, src)
		if got := markdown.Rename(src, at); got != src {
			t.Fatalf("renaming nothing changes %q to %q", src, got)
		}
	})
}

// allowedTags are the elements that a text may become, with their attributes.
var allowedTags = map[string][]string{
	"p": nil, "br": nil, "ul": nil, "ol": {"start"}, "li": nil, "blockquote": nil, "pre": nil, "code": {"class"}, "em": nil, "strong": nil, "hr": nil, "b": nil,
	"a": {"href", "rel"},
}

// harmless reads the HTML as a browser does and accepts nothing but what is allowed.
func harmless(t *testing.T, src string) {
	t.Helper()
	out := markdown.HTML(src, at)
	for z := html.NewTokenizer(strings.NewReader(out)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.CommentToken, html.DoctypeToken:
			t.Fatalf("%q became a comment: %q", src, out)
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			tag := z.Token()
			attributes, known := allowedTags[tag.Data]
			if !known {
				t.Fatalf("%q became <%s>: %q", src, tag.Data, out)
			}
			for _, a := range tag.Attr {
				if !strings.Contains(" "+strings.Join(attributes, " ")+" ", " "+a.Key+" ") {
					t.Fatalf("%q became <%s %s>: %q", src, tag.Data, a.Key, out)
				}
				if a.Key == "href" && !leadsOut(a.Val) {
					t.Fatalf("%q leads to %q: %q", src, a.Val, out)
				}
			}
		}
	}
}

func leadsOut(href string) bool {
	return strings.HasPrefix(href, "http://") || strings.HasPrefix(href, "https://") || strings.HasPrefix(href, "mailto:")
}

// TestNothingTakesLong renders the longest texts that make parsers slow: the best of three
// tries, since the machine may be busy.
func TestNothingTakesLong(t *testing.T) {
	const longest = 20_000
	for _, piece := range []string{">", "> ", "- ", "[", "![", "*", "**a ", "_", "`", "``` ", "<", "@a ", "@", "[a](", "a@b.c ", "https://x ", "1. ", "*a_ ", "> - ", ">\n", "- a\n ", "[a]: b\n", "\\", "&amp;"} {
		src := strings.Repeat(piece, longest/len(piece))
		took := time.Hour
		for range 3 {
			start := time.Now()
			markdown.HTML(src, at)
			markdown.Mentions(src)
			took = min(took, time.Since(start))
		}
		if took > 300*time.Millisecond {
			t.Errorf("%d times %q took %v", longest/len(piece), piece, took)
		}
	}
}
