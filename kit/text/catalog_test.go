package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "correct the French typography in the sources; rewrite en.json: sorted, without stale entries, with missing ones empty")

// TestCatalogue holds en.json to the sentences of the whole repository.
func TestCatalogue(t *testing.T) {
	root := "../.."
	uses, problems := sentences(t, root)
	entries := maps.Clone(english)
	if *update {
		correct(t, root, uses)
		uses, problems = sentences(t, root)
		rewrite(t, uses, entries)
	}
	used := map[string]bool{}
	for _, u := range uses {
		problems = append(problems, u.problems()...)
		if !used[u.key] {
			problems = append(problems, u.untranslated(entries)...)
		}
		used[u.key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		if !used[key] {
			problems = append(problems, fmt.Sprintf("en.json: %q is used by no call", key))
		}
	}
	for _, p := range problems {
		t.Error(p)
	}
	t.Logf("%d sentences in %d calls", len(used), len(uses))
}

// correct typesets the sentences in the Go files and in the templ files they come from.
func correct(t *testing.T, root string, uses []use) {
	t.Helper()
	for _, u := range uses {
		want := Typeset(u.key)
		if want == u.key {
			continue
		}
		name, _, _ := strings.Cut(u.at, ":")
		for _, file := range []string{name, strings.TrimSuffix(name, "_templ.go") + ".templ"} {
			file = filepath.Join(root, file)
			src, err := os.ReadFile(file)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			src = bytes.ReplaceAll(src, []byte(`"`+u.key+`"`), []byte(`"`+want+`"`))
			if err := os.WriteFile(file, src, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// rewrite brings entries and en.json into line with the calls.
func rewrite(t *testing.T, uses []use, entries map[string]string) {
	t.Helper()
	used, old := map[string]bool{}, maps.Clone(entries)
	for key, en := range old {
		if want := Typeset(key); entries[want] == "" {
			entries[want] = en
		}
	}
	for _, u := range uses {
		used[u.key] = true
		entries[u.key] += "" // present, even when empty
	}
	maps.DeleteFunc(entries, func(key, _ string) bool { return !used[key] })
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(entries); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("en.json", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// use is one call that shows a sentence.
type use struct {
	key  string
	at   string // file:line
	args int    // how many arguments fill its verbs; -1 when the call does not tell
}

// problems says what is wrong with the French sentence itself.
func (u use) problems() (found []string) {
	if want := Typeset(u.key); want != u.key {
		found = append(found, fmt.Sprintf("%s: write %+q, not %+q", u.at, want, u.key))
	}
	if n := len(verbs(u.key, u.args > 0)); u.args >= 0 && n != u.args {
		found = append(found, fmt.Sprintf("%s: %q has %d verbs for %d arguments", u.at, u.key, n, u.args))
	}
	return found
}

// untranslated says what is wrong with the English of the sentence.
func (u use) untranslated(entries map[string]string) []string {
	en := entries[u.key]
	if en == "" {
		return []string{fmt.Sprintf("%s: no English for %q", u.at, u.key)}
	}
	if !slices.Equal(verbs(u.key, false), verbs(en, false)) {
		return []string{fmt.Sprintf("en.json: verbs of %q differ from %q", en, u.key)}
	}
	return nil
}

var verb = regexp.MustCompile(`%%|%(?:\[(\d+)\])?[-+# 0]*\d*(?:\.\d+)?([a-zA-Z])`)

// verbs lists the distinct fmt verbs of a sentence, each with the number of its argument.
// A per cent sign before a space is a verb only where the sentence is filled.
func verbs(s string, filled bool) []string {
	var list []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(s, -1) {
		if m[2] == "" || !filled && strings.HasPrefix(m[0], "% ") {
			continue
		}
		if n, err := strconv.Atoi(m[1]); err == nil {
			next = n
		}
		list = append(list, fmt.Sprintf("%d%s", next, m[2]))
		next++
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// keyed says which arguments of a function are sentences, first to last, and whether those
// after the last one fill their verbs.
type keyed struct {
	first, last int
	fills       bool
}

var keyedFuncs = map[string]keyed{
	"cadre/kit/text.T":        {1, 1, true},
	"cadre/kit/text.N":        {2, 3, true},
	"cadre/kit/text.M":        {0, 0, true},
	"cadre/kit/text.Key":      {0, 0, false},
	"cadre/kit/fault.New":     {1, 1, true},
	"cadre/kit/fault.Invalid": {1, 1, true},
	".Need":                   {2, 2, true}, // (*fault.Collect).Need
}

// sentences reads every Go file under root that is no test and returns the sentences that
// reach a user, with the calls whose sentence cannot be found.
func sentences(t *testing.T, root string) (uses []use, problems []string) {
	t.Helper()
	for dir, files := range parse(t, root) {
		r := reader{fset: files.fset, consts: constants(files.list)}
		for _, file := range files.list {
			r.imports = imports(file, path.Join("cadre", dir))
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					r.call(n)
				case *ast.Field:
					r.help(n)
				}
				return true
			})
		}
		uses, problems = append(uses, r.uses...), append(problems, r.problems...)
	}
	slices.SortFunc(uses, func(a, b use) int { return strings.Compare(a.at+a.key, b.at+b.key) })
	slices.Sort(problems)
	return uses, problems
}

type folder struct {
	fset *token.FileSet
	list []*ast.File
}

// parse reads the Go files of each folder, whose key is relative to root.
func parse(t *testing.T, root string) map[string]folder {
	t.Helper()
	folders, fset := map[string]folder{}, token.NewFileSet()
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case d.IsDir() && (base == "testdata" || base == "node_modules" || len(base) > 1 && base[0] == '.'):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go"):
			return nil
		}
		src, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
		folders[path.Dir(name)] = folder{fset, append(folders[path.Dir(name)].list, file)}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

// constants returns the string constants of a package.
func constants(files []*ast.File) map[string]string {
	found := map[string]string{}
	for _, file := range files {
		for _, d := range file.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.CONST {
				continue
			}
			for _, spec := range decl.Specs {
				for i, value := range spec.(*ast.ValueSpec).Values {
					if s, ok := literal(value); ok {
						found[spec.(*ast.ValueSpec).Names[i].Name] = s
					}
				}
			}
		}
	}
	return found
}

// imports returns the path behind each package name of a file; its own is under "".
func imports(file *ast.File, self string) map[string]string {
	names := map[string]string{"": self}
	for _, spec := range file.Imports {
		p, _ := literal(spec.Path)
		if spec.Name != nil {
			names[spec.Name.Name] = p
		} else {
			names[path.Base(p)] = p
		}
	}
	return names
}

type reader struct {
	fset     *token.FileSet
	consts   map[string]string
	imports  map[string]string
	uses     []use
	problems []string
}

func (r *reader) call(call *ast.CallExpr) {
	k, ok := keyedFuncs[r.callee(call.Fun)]
	if !ok || len(call.Args) <= k.last {
		return
	}
	args := len(call.Args) - k.last - 1
	if !k.fills || call.Ellipsis != token.NoPos {
		args = -1
	}
	for _, arg := range call.Args[k.first : k.last+1] {
		at := r.fset.Position(arg.Pos()).String()
		if key, ok := r.key(arg); ok {
			r.uses = append(r.uses, use{key, at, args})
		} else if composed(arg) {
			r.problems = append(r.problems, at+": a sentence put together from pieces cannot be translated")
		}
	}
}

// help finds what a flag or a command says of itself.
func (r *reader) help(f *ast.Field) {
	if f.Tag == nil {
		return
	}
	tag, _ := literal(f.Tag)
	if key := reflect.StructTag(tag).Get("help"); key != "" {
		r.uses = append(r.uses, use{key, r.fset.Position(f.Pos()).String(), -1})
	}
}

// callee names the function called, with its package's path, or ".Name" for a method.
func (r *reader) callee(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return r.imports[""] + "." + f.Name
	case *ast.SelectorExpr:
		x, _ := f.X.(*ast.Ident)
		if x != nil && r.imports[x.Name] != "" {
			return r.imports[x.Name] + "." + f.Sel.Name
		}
		return "." + f.Sel.Name
	}
	return ""
}

// key returns a sentence written in place or as a constant of the package.
func (r *reader) key(e ast.Expr) (string, bool) {
	if id, ok := e.(*ast.Ident); ok {
		s, ok := r.consts[id.Name]
		return s, ok
	}
	return literal(e)
}

func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		x, okX := literal(e.X)
		y, okY := literal(e.Y)
		return x + y, okX && okY && e.Op == token.ADD
	}
	return "", false
}

// composed reports whether a sentence is made where it is shown; a variable, a field or a
// table's element holds what text.Key marked elsewhere.
func composed(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		_, ok = e.(*ast.BinaryExpr)
		return ok
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := f.X.(*ast.Ident)
	return ok && slices.Contains([]string{"fmt", "strings", "strconv"}, x.Name)
}

// TestSentences shows what the reader of sources finds, and what it refuses.
func TestSentences(t *testing.T) {
	root := t.TempDir()
	source := `package meeting
import ("fmt"; phrases "cadre/kit/text"; "cadre/kit/fault")
const closed = "Close" + "."
var label = phrases.Key("Étiquette")
func f(c *fault.Collect, n int, args []any) {
	phrases.T(nil, "Convoquer", n)
	phrases.N(nil, n, "%d place", "%d places", n)
	phrases.M(closed)
	phrases.M(label, args...)
	phrases.M("Salle %s", args...)
	c.Need(n > 0, "nom", "Donnez un nom !")
	fault.New(fault.Conflict, fmt.Sprint("a", n))
	fault.Invalid("nom", "Nom " + label)
}`
	if err := os.WriteFile(filepath.Join(root, "meeting.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	uses, problems := sentences(t, root)
	var got []string
	for _, u := range uses {
		got = append(got, fmt.Sprint(u.key, " ", u.args))
		problems = append(problems, u.problems()...)
	}
	want := []string{"Donnez un nom ! 0", "Étiquette -1", "Convoquer 1", "%d place 1", "%d places 1", "Close. 0", "Salle %s -1"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if len(problems) != 4 { // Sprint, +, one argument too many, typography
		t.Errorf("problems: %q", problems)
	}
	correct(t, root, uses)
	if uses, _ = sentences(t, root); !slices.ContainsFunc(uses, func(u use) bool { return u.key == "Donnez un nom\u202f!" }) {
		t.Error("the typography was not corrected")
	}
}

func TestVerbs(t *testing.T) {
	for _, c := range []struct {
		s      string
		filled bool
		want   string
	}{
		{"%s et %d", true, "[1s 2d]"},
		{"%[2]d of %[1]s", true, "[1s 2d]"},
		{"%[1]d, oui, %[1]d", true, "[1d]"},
		{"%02d:%.1f%%", true, "[1d 2f]"},
		{"98 % des armes", false, "[]"},
		{"98 % des %s", true, "[1d 2s]"},
	} {
		if got := fmt.Sprint(verbs(c.s, c.filled)); got != c.want {
			t.Errorf("verbs(%q) = %s, want %s", c.s, got, c.want)
		}
	}
}
