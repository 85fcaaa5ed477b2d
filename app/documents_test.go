package app_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	quoted = regexp.MustCompile("`([^`]+)`")
	proof  = regexp.MustCompile(`^(Test|Fuzz|Benchmark)[A-Z]\w*$`)
)

// cited makes sure that every test that a document names is there: in the room that the
// line names before it, or in any when it names none.
func (h house) cited(t *testing.T) {
	tests, rooms := h.tests()
	for _, file := range h.find(t, ".md") {
		text, err := os.ReadFile(filepath.Join(h.root, file))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range strings.Lines(string(text)) {
			n++
			room := ""
			for _, word := range quoted.FindAllStringSubmatch(line, -1) {
				switch name := word[1]; {
				case rooms[name]:
					room = name
				case proof.MatchString(name) && !tests[room+" "+name]:
					t.Errorf("%s:%d: there is no %s in %s", file, n, name, room)
				}
			}
		}
	}
}

// tests gives the tests of the repository, by their name after their room or after
// nothing, and the rooms.
func (h house) tests() (tests, rooms map[string]bool) {
	tests, rooms = map[string]bool{}, map[string]bool{}
	for _, f := range h.files {
		rooms[f.room] = true
		for _, decl := range f.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok && f.test && proof.MatchString(d.Name.Name) {
				tests[" "+d.Name.Name], tests[f.room+" "+d.Name.Name] = true, true
			}
		}
	}
	return tests, rooms
}
