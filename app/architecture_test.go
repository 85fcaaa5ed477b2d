package app_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What the house allows.
const (
	longFunction = 60   // lines
	longShare    = 0.02 // of all functions may be longer
	halfFunction = 12   // lines: half of all functions are no longer
	longFile     = 500  // lines
)

var (
	tops  = []string{"app", "bench", "cmd"}
	lower = []string{"kit", "packs", "core"}

	// These names say nothing of what a package holds.
	emptyNames = []string{"util", "utils", "common", "helper", "helpers", "base", "types", "misc", "shared", "lib"}
	// These rooms carry something in the context of a request: the viewer, the language, the frame
	// of the page, the key of the form, the trace. Everything else is a parameter.
	contextRooms = []string{"kit/db", "core/access", "kit/text", "kit/ui", "kit/once", "kit/web"}
)

// TestHouse holds the repository to its own rules: see docs/architecture.md.
func TestHouse(t *testing.T) {
	h := readHouse(t)
	t.Run("floors", h.floors)
	t.Run("names", h.names)
	t.Run("doc comments", h.docs)
	t.Run("function sizes", h.functionSizes)
	t.Run("file sizes", h.fileSizes)
	t.Run("no init", h.noInit)
	t.Run("context", h.context)
	t.Run("SQL words", h.sqlWords)
	t.Run("tables", h.tables)
	t.Run("tests that documents name", h.cited)
}

// source is one Go file.
type source struct {
	*ast.File
	path      string // from the root of the repository
	room      string // its folder
	test      bool
	generated bool
}

type house struct {
	root  string
	set   *token.FileSet
	files []source
}

func readHouse(t *testing.T) house {
	h := house{root: "..", set: token.NewFileSet()}
	for _, file := range h.find(t, ".go") {
		parsed, err := parser.ParseFile(h.set, filepath.Join(h.root, file), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		h.files = append(h.files, source{parsed, file, path.Dir(file), strings.HasSuffix(file, "_test.go"), ast.IsGenerated(parsed)})
	}
	return h
}

// find lists the files whose names end so, from the root.
func (h house) find(t *testing.T, ending string) []string {
	t.Helper()
	var found []string
	err := fs.WalkDir(os.DirFS(h.root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "data", "tmp"}, d.Name())):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, ending):
			found = append(found, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// complain reports what stands at a place.
func (h house) complain(t *testing.T, f source, at token.Pos, format string, args ...any) {
	t.Helper()
	t.Errorf("%s:%d: %s", f.path, h.set.Position(at).Line, fmt.Sprintf(format, args...))
}

func (h house) floors(t *testing.T) {
	for _, f := range h.files {
		for _, spec := range f.Imports {
			if to, own := strings.CutPrefix(unquote(spec.Path), "cadre/"); own && !mayImport(f, to) {
				h.complain(t, f, spec.Pos(), "%s may not import %s", f.room, to)
			}
		}
	}
}

// mayImport tells whether a room lies below: kit, then packs, then core, then the nouns, then
// app, then the programs. A noun's tests may also open the whole of Cadre, from outside.
func mayImport(f source, to string) bool {
	here, _, _ := strings.Cut(f.room, "/")
	there, _, _ := strings.Cut(to, "/")
	switch there {
	case "cmd", "bench":
		return false
	case "app":
		return slices.Contains(tops, here) || strings.HasSuffix(f.Name.Name, "_test") && !slices.Contains(lower, here)
	case "kit":
		return to != "kit/test" || f.test || f.room == to
	case "packs":
		return here != "kit"
	case "core":
		return here != "kit" && here != "packs"
	}
	return here == there || slices.Contains(tops, here)
}

func (h house) names(t *testing.T) {
	for _, f := range h.files {
		name := strings.TrimSuffix(f.Name.Name, "_test")
		if slices.Contains(emptyNames, name) {
			h.complain(t, f, f.Package, "a package named %s says nothing of what it holds", name)
		}
		if name != "main" && name != path.Base(f.room) {
			h.complain(t, f, f.Package, "package %s in the folder %s", name, f.room)
		}
	}
}

func (h house) docs(t *testing.T) {
	introduced := map[string]bool{}
	for _, f := range h.files {
		if !f.test {
			introduced[f.room] = introduced[f.room] || introduces(f)
			h.undocumented(t, f)
		}
	}
	for room, ok := range introduced {
		if !ok {
			t.Errorf("%s: no file says what the package is, in a comment above its package clause", room)
		}
	}
}

// introduces tells whether the file says what its package is, as go doc shows it.
func introduces(f source) bool {
	if f.Name.Name == "main" {
		return f.Doc != nil
	}
	return f.Doc != nil && strings.HasPrefix(f.Doc.Text(), "Package "+f.Name.Name+" ")
}

func (h house) undocumented(t *testing.T, f source) {
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Doc == nil && d.Name.IsExported() && ast.IsExported(receiver(d, d.Name.Name)) {
				h.complain(t, f, d.Pos(), "%s has no doc comment", d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if name := bare(d, spec); name != "" {
					h.complain(t, f, spec.Pos(), "%s has no doc comment", name)
				}
			}
		}
	}
}

// receiver names the type of a method, and is otherwise for a function.
func receiver(d *ast.FuncDecl, otherwise string) string {
	if d.Recv == nil {
		return otherwise
	}
	name := ""
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return true
	})
	return name
}

// bare gives the first exported name of the spec, unless a comment says what it is.
// One comment may stand for a group of constants or variables, never for a group of types.
func bare(d *ast.GenDecl, spec ast.Spec) string {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && s.Doc == nil && (d.Doc == nil || d.Lparen.IsValid()) {
			return s.Name.Name
		}
	case *ast.ValueSpec:
		i := slices.IndexFunc(s.Names, (*ast.Ident).IsExported)
		if i >= 0 && s.Doc == nil && s.Comment == nil && d.Doc == nil {
			return s.Names[i].Name
		}
	}
	return ""
}

func (h house) functionSizes(t *testing.T) {
	type function struct {
		lines int
		place string
	}
	var all []function
	for _, f := range h.files {
		for _, decl := range f.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok && !f.test && !f.generated {
				from := h.set.Position(d.Pos()).Line
				all = append(all, function{h.set.Position(d.End()).Line - from + 1, fmt.Sprintf("%s:%d: %s", f.path, from, d.Name.Name)})
			}
		}
	}
	slices.SortFunc(all, func(a, b function) int { return b.lines - a.lines })
	long := slices.IndexFunc(all, func(f function) bool { return f.lines <= longFunction })
	share, half := float64(long)/float64(len(all)), all[len(all)/2].lines
	t.Logf("%d functions: median %d lines, %d over %d lines (%.1f %%)", len(all), half, long, longFunction, 100*share)
	if half > halfFunction {
		t.Errorf("half of the functions are longer than %d lines", half-1)
	}
	for _, f := range all[:long] {
		t.Logf("%s has %d lines", f.place, f.lines)
	}
	if share > longShare {
		t.Errorf("%d of %d functions are over %d lines", long, len(all), longFunction)
	}
}

func (h house) fileSizes(t *testing.T) {
	for _, file := range slices.Concat(h.find(t, ".go"), h.find(t, ".templ")) {
		text, err := os.ReadFile(filepath.Join(h.root, file))
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(string(text), "\n"); lines > longFile && !strings.HasSuffix(file, "_templ.go") {
			t.Errorf("%s:%d: a file has at most %d lines", file, lines, longFile)
		}
	}
}

func (h house) noInit(t *testing.T) {
	for _, f := range h.files {
		for _, decl := range f.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == "init" {
				h.complain(t, f, d.Pos(), "nothing runs by being imported: no init")
			}
		}
	}
}

func (h house) context(t *testing.T) {
	for _, f := range h.files {
		if f.test || slices.Contains(contextRooms, f.room) {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "WithValue" && fmt.Sprint(sel.X) == "context" {
				h.complain(t, f, n.Pos(), "%s keeps a value in a context: give it as a parameter", f.room)
			}
			return true
		})
	}
}

// unquote gives the text of a string literal.
func unquote(lit *ast.BasicLit) string {
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		panic(err) // the parser took it
	}
	return s
}
