package app_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cadre/activity"
	"cadre/core/access"
	"cadre/kit/db"
	"cadre/kit/page"
	"cadre/kit/test"
)

// TestAGeneratedClient: from the description of the API alone, a generator that shares nothing with
// Cadre makes a client with which the program in testdata/client plans with two institutions.
func TestAGeneratedClient(t *testing.T) {
	generator := test.Need(t, "CADRE_TEST_OPENAPI", "oapi-codegen")
	w := open(t, test.Address(t, db.SQLite))
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)

	dir := t.TempDir()
	must(t, os.CopyFS(dir, os.DirFS("testdata/client")))
	must(t, os.WriteFile(filepath.Join(dir, "openapi.json"), w.download(t, w.by["nobody"], "/api/v1/openapi.json"), 0o600))
	run := func(env []string, name string, args ...string) []byte {
		cmd := exec.Command(name, args...) // #nosec G204 -- the programs under which the test runs
		cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
		var wrong strings.Builder
		cmd.Stderr = &wrong
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, wrong.String())
		}
		return out
	}
	run(nil, generator, "-generate", "types,client", "-package", "main", "-o", "client.go", "openapi.json")

	theirs := w.planned(t, besideIt)
	first, last := theirs.Period.Days()
	token := func(email string) string {
		return strings.TrimPrefix(w.by[email+" by token"].header.Get("Authorization"), "Bearer ")
	}
	var told struct {
		Listed                      map[string]string
		ID, Waits, State            string
		Refused, Overlaps, Comments []string
		Done                        bool
	}
	must(t, json.Unmarshal(run([]string{"CADRE=" + server.URL, "CNAD_TOKEN=" + token(cnad), "PURS_TOKEN=" + token(purs), "PURS=" + w.structures["purs"],
		"FIRST_DAY=" + first.String(), "LAST_DAY=" + last.String()}, "go", "run", "."), &told))

	f, err := w.Activities.Find(t.Context(), w.viewer(cnad, access.Focal), told.ID)
	must(t, err)
	plan, err := w.Activities.List(t.Context(), w.viewer(cnad, access.Focal), activity.Filter{}, page.Request{Limit: 1000})
	must(t, err)
	if len(told.Listed) != len(plan.Rows)-1 || told.Listed[besideIt] != theirs.State {
		t.Errorf("%d activities were listed of %d: %v", len(told.Listed), len(plan.Rows)-1, told.Listed)
	}
	if f.State != activity.Committed || told.State != f.State || len(f.Signatures) != 2 || f.Title != storyTitle {
		t.Errorf("it is %+v, the client read %s", f, told.State)
	}
	if !slices.Contains(told.Overlaps, besideIt) || !slices.Equal(told.Refused, []string{"body.period.to"}) {
		t.Errorf("overlaps: %v; refused: %v", told.Overlaps, told.Refused)
	}
	if told.Waits == "" || !told.Done || !slices.Equal(told.Comments, []string{"Deux véhicules sont prêts."}) {
		t.Errorf("the desk said %q, then nothing: %v; comments: %v", told.Waits, told.Done, told.Comments)
	}
}
