package main_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is the path of cadre, built once.
var program = sync.OnceValue(func() string {
	file := filepath.Join(folder, "cadre")
	if out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("go build: %v\n%s", err, out))
	}
	return file
})

// folder holds the program while the tests run.
var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "cadre-program-"); err != nil {
		panic(err)
	}
	_ = flag.Set("test.parallel", "8") // unless the command line says otherwise: most of a test is waiting for the program
	code := 1
	if err = os.Chmod(folder, 0o755); err == nil { // for tests that run it as somebody else
		code = m.Run()
	}
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run runs a command of the program to its end, within half a minute.
func run(t testing.TB, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	return runAs(t, nil, args...)
}

// runAs is run as another user of the machine, nil for the present one.
func runAs(t testing.TB, user *syscall.Credential, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(), args...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "LC_ALL=C.UTF-8") // in French
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: user}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// succeed is run for a command that must succeed; it returns what the command printed.
func succeed(t testing.TB, args ...string) string {
	t.Helper()
	out, errs, err := run(t, args...)
	if err != nil {
		t.Fatalf("cadre %s: %v\n%s%s", strings.Join(args, " "), err, out, errs)
	}
	return strings.TrimSpace(out)
}

// server is a demonstration being served.
type server struct {
	address string
	cmd     *exec.Cmd
	log     *bytes.Buffer
}

// serve starts the demonstration over a data folder, and waits until it answers.
func serve(t testing.TB, data string) *server {
	t.Helper()
	s := &server{cmd: exec.Command(program(), "demo", "--listen", "127.0.0.1:0", "--data", data), log: &bytes.Buffer{}}
	s.cmd.Stderr = s.log
	out, err := s.cmd.StdoutPipe()
	must(t, err)
	must(t, s.cmd.Start())
	t.Cleanup(s.kill)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			s.address = address
			go io.Copy(io.Discard, out) //nolint:errcheck // until it ends
			return s
		}
	}
	t.Fatalf("the demonstration does not start: %v\n%s", s.cmd.Wait(), s.log)
	return nil
}

// kill ends the program as a power cut would.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// stop ends the program in order.
func (s *server) stop(t testing.TB) {
	t.Helper()
	must(t, s.cmd.Process.Signal(syscall.SIGTERM))
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("the program does not stop in order: %v\n%s", err, s.log)
	}
}

// token makes a token for the focal point of an institution.
func token(t testing.TB, data, slug string) string {
	t.Helper()
	return succeed(t, "token", "--data", data, "--user", "focal@"+slug+".example")
}

// client asks a server; it never waits for ever.
var client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true}}

// ask asks the server with a token, and returns the status and the body.
func (s *server) ask(method, path, token, body string, headers ...string) (int, string, error) {
	r, err := http.NewRequest(method, s.address+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end, or broken
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

// capacities is where the API adds a capacity of cnad.
const capacities = "/api/v1/structures/cnad/capacities"

// capacity is a capacity as the API is told it.
func capacity(title string) string {
	return fmt.Sprintf(`{"title":%q,"marking":"green","audience":["members"],"content":{"kind":"trainers"}}`, title)
}

// sqlite opens the database of a data folder beside the program.
func sqlite(t testing.TB, data string) *sql.DB {
	t.Helper()
	d, err := sql.Open("sqlite", "file:"+filepath.Join(data, "cadre.db")+"?_pragma=busy_timeout(10000)")
	must(t, err)
	d.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// alter changes the database of a data folder with SQL, as somebody who holds the machine can.
func alter(t testing.TB, data string, statements ...string) {
	t.Helper()
	d := sqlite(t, data)
	for _, s := range statements {
		_, err := d.Exec(s)
		must(t, err)
	}
	_, err := d.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	must(t, err)
	must(t, d.Close())
}

// copyOf copies a data folder.
func copyOf(t testing.TB, data string) string {
	t.Helper()
	to := t.TempDir()
	must(t, os.CopyFS(to, os.DirFS(data)))
	return to
}

// digests gives the digest of every file of a folder, but those in which SQLite
// coordinates the programs that have the database open.
func digests(t testing.TB, data string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(data)
	must(t, err)
	for _, e := range entries {
		if e.IsDir() {
			all[e.Name()] = "a folder"
		}
		b, err := os.ReadFile(filepath.Join(data, e.Name()))
		if err == nil && !strings.HasSuffix(e.Name(), "-shm") && (len(b) > 0 || !strings.HasSuffix(e.Name(), "-wal")) {
			all[e.Name()] = fmt.Sprintf("%x", sha256.Sum256(b))
		}
	}
	return all
}

var founding sync.Mutex

// demonstration gives a copy of a data folder of the demonstration, which was served once and
// stopped, with some acts by people.
func demonstration(t testing.TB) string {
	t.Helper()
	founding.Lock()
	defer founding.Unlock()
	data := filepath.Join(folder, "founded")
	if _, err := os.Stat(data); err != nil {
		s := serve(t, data)
		key := token(t, data, "cnad")
		for n := range 5 {
			if status, body, err := s.ask(http.MethodPost, capacities, key, capacity(fmt.Sprintf("Essai %d", n))); status >= 300 || err != nil {
				t.Fatal(status, body, err)
			}
		}
		s.stop(t)
	}
	return copyOf(t, data)
}
