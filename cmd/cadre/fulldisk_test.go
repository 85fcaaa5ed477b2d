package main_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// volume mounts a small file system of its own, which can be filled.
func volume(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		if os.Getuid() == 0 && os.Getenv("CADRE_TEST_STRICT") != "" {
			t.Fatalf("mount: %v", err)
		}
		t.Skipf("a small volume cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fillUp takes all that is left of a volume, and returns the file that holds it.
func fillUp(t *testing.T, dir string) string {
	t.Helper()
	file := filepath.Join(dir, "filler")
	f, err := os.Create(file)
	must(t, err)
	for size := 1 << 20; size > 0; size /= 2 {
		for {
			if _, err := f.Write(bytes.Repeat([]byte{'x'}, size)); err != nil {
				break
			}
		}
	}
	_ = f.Close() // what it could not write is no matter
	return file
}

// TestFullDiskLosesNothing fills the disk while the demonstration is served: what cannot be
// written is refused in so many words and is not there, what is there can be read, and once
// there is room again writing goes on without anybody's help.
func TestFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	dir := volume(t, "24m")
	data := filepath.Join(dir, "data")
	s := serve(t, data)
	writer, reader := token(t, data, "cnad"), token(t, data, "cndh")
	cookie := s.signIn(t)
	done := s.write(t, writer, "avant", 5)
	if len(done.refused) > 0 {
		t.Fatal("refused before the disk is full")
	}
	filler := fillUp(t, dir)
	full := s.write(t, writer, "plein", 200)
	if len(full.refused) == 0 {
		t.Fatal("the disk is full, and nothing is refused")
	}
	s.reads(t, reader, cookie)
	must(t, os.Remove(filler))
	after := s.write(t, writer, "après", 5)
	if len(after.refused) > 0 {
		t.Errorf("there is room again, and this is refused: %v", after.refused)
	}
	s.reads(t, reader, cookie)
	s.stop(t)
	succeed(t, "verify", "--data", data)
	checkWrites(t, data, 0, append(append(done.all, full.all...), after.all...))
	t.Logf("%d written and %d refused on the full disk", len(full.all)-len(full.refused), len(full.refused))
}

// signIn opens a session by the demonstration's way in, and lets its last use grow old.
func (s *server) signIn(t *testing.T) string {
	t.Helper()
	_, page, err := s.ask(http.MethodGet, "/demo", "", "")
	must(t, err)
	_, rest, _ := strings.Cut(page, `name="person" value="`)
	person, _, _ := strings.Cut(rest, `"`)
	r, err := http.NewRequest(http.MethodPost, s.address+"/demo/connexion", strings.NewReader("person="+person))
	must(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultTransport.RoundTrip(r)
	must(t, err)
	_ = resp.Body.Close() // it holds nothing
	if status, body, err := s.ask(http.MethodPost, "/demo/clock", "", `{"advance":"5m"}`); status != http.StatusOK || err != nil {
		t.Fatal(status, body, err)
	}
	for _, c := range resp.Cookies() {
		if c.Name == "cadre" {
			return c.String()
		}
	}
	t.Fatalf("no session: %v", resp)
	return ""
}

// written is what became of some writes.
type written struct {
	all     []write
	refused []string
}

// write writes numbered capacities; each is done, or refused as what cannot be done now.
func (s *server) write(t *testing.T, token, when string, times int) written {
	t.Helper()
	var w written
	for n := range times {
		title := fmt.Sprintf("Essai 0-%s-%d", when, n)
		status, body, err := s.ask(http.MethodPost, capacities, token, capacity(title))
		must(t, err)
		ok := status < 300
		if !ok {
			w.refused = append(w.refused, body)
		}
		if !ok && (status != http.StatusServiceUnavailable || !strings.Contains(body, "plein") || !strings.Contains(body, `"status":503`)) {
			t.Errorf("%s: %d %s", title, status, body)
		}
		w.all = append(w.all, write{title: title, acked: ok, refused: !ok})
	}
	return w
}

// reads reads with a token that was never used and with a session that was not used of late:
// both should note that they are.
func (s *server) reads(t *testing.T, token, cookie string) {
	t.Helper()
	for _, path := range []string{"/", "/structures/cnad", "/recherche?q=essai", "/api/v1/capacities", "/api/v1/me", "/readyz"} {
		if status, body, err := s.ask(http.MethodGet, path, token, ""); status != http.StatusOK || err != nil {
			t.Errorf("%s with a token: %d %s %v", path, status, body, err)
		}
		if status, body, err := s.ask(http.MethodGet, path, "", "", "Cookie", cookie); status != http.StatusOK || err != nil {
			t.Errorf("%s with a session: %d %s %v", path, status, body, err)
		}
	}
}
