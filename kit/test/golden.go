package test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the files that tests compare with")

// Golden compares got with the file, which -update rewrites. Look at the
// difference before you keep it.
func Golden(t testing.TB, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil { // #nosec G306 -- part of the repository
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file) // #nosec G304 -- named by the test
	if err != nil {
		t.Fatalf("%v; `make golden` makes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not what the program gives now; `make golden` rewrites it (-file +now):\n%s", file, diff)
	}
}
