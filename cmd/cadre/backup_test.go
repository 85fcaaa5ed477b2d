package main_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestABackupGivesTheSameAnswers backs a demonstration up while it is served and written to,
// and once more when it is quiet: what is restored is proved, holds all that was written
// before, and answers everything as the original does.
func TestABackupGivesTheSameAnswers(t *testing.T) {
	t.Parallel()
	data, shelf := demonstration(t), t.TempDir()
	s := serve(t, data)
	key := token(t, data, "cnad")
	busy, quiet := filepath.Join(shelf, "busy.backup"), filepath.Join(shelf, "quiet.backup")

	stop, written := make(chan struct{}), 0
	var writer sync.WaitGroup
	writer.Go(func() {
		for ; ; written++ {
			select {
			case <-stop:
				return
			default:
				_, _, _ = s.ask(http.MethodPost, capacities, key, capacity(fmt.Sprintf("Essai 7-%d", written)))
			}
		}
	})
	succeed(t, "backup", "--data", data, busy)
	close(stop)
	writer.Wait()
	if written == 0 {
		t.Error("nothing was written during the backup")
	}
	succeed(t, "backup", "--data", data, quiet)
	succeed(t, "verify", "--data", restored(t, busy))
	again := restored(t, quiet)
	succeed(t, "verify", "--data", again)
	copied := serve(t, again)
	for _, path := range answersOf(t, s, key) {
		_, want, err := s.ask(http.MethodGet, path, key, "")
		must(t, err)
		_, got, err := copied.ask(http.MethodGet, path, key, "")
		must(t, err)
		if diff := cmp.Diff(onceKey.ReplaceAllString(want, ""), onceKey.ReplaceAllString(got, "")); diff != "" {
			t.Errorf("%s (-original +restored):\n%s", path, diff)
		}
	}
	if status, body, err := copied.ask(http.MethodPost, capacities, key, capacity("Essai après")); status >= 300 || err != nil {
		t.Errorf("what is restored cannot go on: %d %s %v", status, body, err)
	}
}

// TestADrillProvesWhatItRestoresAndLeavesNothing runs it beside a server, then on data that somebody altered.
func TestADrillProvesWhatItRestoresAndLeavesNothing(t *testing.T) {
	t.Parallel()
	data, room := demonstration(t), t.TempDir()
	if said := succeed(t, "drill", "--data", data, "--in", room); !strings.Contains(said, "Journal prouvé") {
		t.Errorf("the drill says %q", said)
	}
	alter(t, data, `UPDATE record SET title = 'Autre' WHERE kind = 'directory.mission'`)
	if out, said, err := run(t, "drill", "--data", data, "--in", room); err == nil || !strings.Contains(said, "anomalies") {
		t.Errorf("the drill on altered data: %v\n%s%s", err, out, said)
	}
	left, err := os.ReadDir(room)
	must(t, err)
	if len(left) > 0 {
		t.Errorf("the drill left %s behind", left[0].Name())
	}
}

// onceKey is made for every showing of a form.
var onceKey = regexp.MustCompile(`name="once" value="[^"]*"`)

// restored restores a backup into a new folder.
func restored(t *testing.T, backup string) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "restored")
	succeed(t, "restore", "--data", data, backup)
	return data
}

// answersOf lists addresses that tell nearly all that a Cadre holds.
func answersOf(t *testing.T, s *server, key string) []string {
	t.Helper()
	all := []string{"/api/v1/structures?limit=200", "/api/v1/me", "/api/v1/people", "/api/v1/search?q=essai", "/structures", "/structures/cnad", "/recherche?q=armes", "/", "/preuve"}
	for _, kind := range []string{"missions", "programmes", "capacities", "branches", "documents"} {
		path := "/api/v1/" + kind + "?limit=200"
		_, body, err := s.ask(http.MethodGet, path, key, "")
		must(t, err)
		all = append(all, path)
		_, rest, _ := strings.Cut(body, `"id":"`)
		id, _, _ := strings.Cut(rest, `"`)
		all = append(all, "/api/v1/records/"+id+"/history", "/faits/"+id, "/fiches/"+id+"/historique")
	}
	return all
}

// TestABrokenBackupIsRefused cuts and alters a backup in many places: none is restored, and
// nothing is left behind.
func TestABrokenBackupIsRefused(t *testing.T) {
	t.Parallel()
	data := demonstration(t)
	shelf := t.TempDir()
	backup := filepath.Join(shelf, "good.backup")
	succeed(t, "backup", "--data", data, backup)
	good, err := os.ReadFile(backup)
	must(t, err)
	broken := map[string][]byte{"empty": {}, "a text": []byte("Ceci n’est pas une sauvegarde.\n"), "with more behind": append(append([]byte{}, good...), "plus"...)}
	for _, at := range []int{1, len(good) / 3, len(good) / 2, len(good) - 9, len(good) - 1} {
		broken[fmt.Sprintf("cut at %d", at)] = good[:at]
		altered := append([]byte{}, good...)
		altered[at] ^= 0x10
		broken[fmt.Sprintf("altered at %d", at)] = altered
	}
	for name, content := range broken {
		t.Run(name, func(t *testing.T) {
			file, to := filepath.Join(shelf, "broken.backup"), filepath.Join(shelf, "restored")
			must(t, os.WriteFile(file, content, 0o600))
			_, errs, err := run(t, "restore", "--data", to, file)
			if err == nil || !strings.HasPrefix(errs, "cadre: ") || strings.Contains(errs, "goroutine ") {
				t.Errorf("restored, or refused without a clear line: %s", errs)
			}
			left, err := os.ReadDir(shelf)
			must(t, err)
			if len(left) != 2 {
				t.Errorf("something is left behind: %v", left)
				_ = os.RemoveAll(to)
			}
		})
	}
}

// TestNothingIsOverwritten backs up over a file, restores over a Cadre, and backs up nothing.
func TestNothingIsOverwritten(t *testing.T) {
	t.Parallel()
	data, shelf := demonstration(t), t.TempDir()
	backup := filepath.Join(shelf, "good.backup")
	succeed(t, "backup", "--data", data, backup)
	for name, args := range map[string][]string{
		"a backup over a file":        {"backup", "--data", data, backup},
		"a backup of nothing":         {"backup", "--data", filepath.Join(shelf, "none"), filepath.Join(shelf, "new.backup")},
		"a backup into no folder":     {"backup", "--data", data, filepath.Join(shelf, "none", "new.backup")},
		"a restore over a Cadre":      {"restore", "--data", data, backup},
		"a restore of what is absent": {"restore", "--data", filepath.Join(shelf, "new"), filepath.Join(shelf, "none.backup")},
		"a restore of a folder":       {"restore", "--data", filepath.Join(shelf, "new"), shelf},
	} {
		t.Run(name, func(t *testing.T) {
			here, there := digests(t, data), digests(t, shelf)
			_, errs, err := run(t, args...)
			if err == nil || !strings.Contains(errs, "cadre: ") || strings.Contains(errs, "goroutine ") {
				t.Errorf("done, or refused without a clear line: %s", errs)
			}
			if diff := cmp.Diff(here, digests(t, data)) + cmp.Diff(there, digests(t, shelf)); diff != "" {
				t.Errorf("something was changed:\n%s", diff)
			}
		})
	}
}
