package markdown

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

var kindMention = ast.NewNodeKind("Mention")

// mention is a mention in a text.
type mention struct {
	ast.BaseInline
	name  string // without the first @
	start int    // place of the @ in the source
	shown string // in its place
}

// Kind tells the mention from other nodes.
func (*mention) Kind() ast.NodeKind { return kindMention }

// Dump prints the mention, as every node can be.
func (m *mention) Dump(source []byte, level int) {
	ast.DumpHelper(m, source, level, map[string]string{"name": m.name}, nil)
}

// mentionParser finds mentions. An @ inside a word or an address begins none.
type mentionParser struct{}

// named is what a mention names: a word, or the address of a mailbox.
var named = regexp.MustCompile(`^@([\pL\pN][\pL\pN._+-]*(?:@[\pL\pN][\pL\pN.-]*)?)`)

// Trigger is where a mention may begin.
func (mentionParser) Trigger() []byte { return []byte{'@'} }

// Parse reads a mention, or nothing.
func (mentionParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	if before := block.PrecendingCharacter(); unicode.IsLetter(before) || unicode.IsDigit(before) || strings.ContainsRune("@._+-/", before) {
		return nil
	}
	line, segment := block.PeekLine()
	found := named.FindSubmatch(line)
	if found == nil {
		return nil
	}
	name := strings.TrimRight(string(found[1]), "._+-")
	block.Advance(1 + len(name))
	return &mention{name: name, start: segment.Start}
}
