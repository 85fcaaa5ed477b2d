package main_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite" // to spoil databases
)

// refusal is a start that must be refused.
type refusal struct {
	name  string
	spoil func(t *testing.T, data string) // what is wrong with the data folder
	args  func(data string) []string      // of the program; nil to serve the demonstration
	says  string                          // part of the one line
	user  *syscall.Credential             // who starts the program; nil for the present user
	hold  func(data string) (free func()) // keeps something while the program starts; nil for nothing
}

func demoArgs(data string) []string {
	return []string{"demo", "--listen", "127.0.0.1:0", "--data", data}
}

// somebody is a user of the machine without rights; nobody can become them but root.
var somebody = &syscall.Credential{Uid: 65534, Gid: 65534}

func file(t *testing.T, data, name, content string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(data, name), []byte(content), 0o600))
}

// openTo gives a file or a folder other permissions, and to somebody else.
func openTo(t *testing.T, mode os.FileMode, uid int, paths ...string) {
	t.Helper()
	for _, path := range paths {
		must(t, os.Chown(path, uid, uid))
		must(t, os.Chmod(path, mode))
	}
}

// all lists the files of a folder.
func all(t *testing.T, data string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "*"))
	must(t, err)
	return files
}

var refusals = []refusal{
	{name: "random bytes in the header", says: "endommagé", spoil: func(t *testing.T, data string) { scribble(t, data, 0, 100) }},
	{name: "random bytes in the tables", says: "endommagé", spoil: func(t *testing.T, data string) { scribble(t, data, 4096, 40960) }},
	{name: "cut short", says: "endommagé", spoil: func(t *testing.T, data string) { must(t, os.Truncate(filepath.Join(data, "cadre.db"), 10000)) }},
	{name: "a text instead of a database", says: "endommagé", spoil: func(t *testing.T, data string) {
		file(t, data, "cadre.db", strings.Repeat("Ceci n’est pas une base de données.\n", 100))
	}},
	{name: "a text alone in the folder", says: "endommagé", spoil: func(t *testing.T, data string) {
		must(t, os.RemoveAll(data))
		must(t, os.Mkdir(data, 0o700))
		file(t, data, "cadre.db", strings.Repeat("Ceci n’est pas une base de données.\n", 100))
	}},
	{name: "a folder instead of a database", says: "ne peut pas être écrite", spoil: func(t *testing.T, data string) {
		must(t, os.Remove(filepath.Join(data, "cadre.db")))
		must(t, os.Mkdir(filepath.Join(data, "cadre.db"), 0o700))
	}},
	{name: "of a newer program", says: "plus récent", spoil: func(t *testing.T, data string) {
		alter(t, data, `INSERT INTO schema_migration (name, sum, applied_at) VALUES ('directory/0099_future', 'x', 0)`)
	}},
	{name: "a migration that changed", says: "n’a pas été préparée par ce programme", spoil: func(t *testing.T, data string) {
		alter(t, data, `UPDATE schema_migration SET sum = 'x' WHERE name = (SELECT min(name) FROM schema_migration)`)
	}},
	{name: "a key that is none", says: "La clé du journal", spoil: func(t *testing.T, data string) { file(t, data, "journal.key", "clé\n") }},
	{name: "the key is gone", says: "journal.key n’est plus là", spoil: func(t *testing.T, data string) { must(t, os.Remove(filepath.Join(data, "journal.key"))) }},
	{name: "a secret cut short", says: "server.key", spoil: func(t *testing.T, data string) { file(t, data, "server.key", "court") }},
	{name: "a database that may not be written", says: "ne peut pas être écrite", user: somebody, spoil: func(t *testing.T, data string) {
		openTo(t, 0o755, 65534, data)
		openTo(t, 0o444, 65534, all(t, data)...)
		openTo(t, 0o444, 0, filepath.Join(data, "cadre.db"))
	}},
	{name: "a folder that may not be written", says: "Permission refusée", user: somebody, args: func(data string) []string { return demoArgs(filepath.Join(data, "new")) },
		spoil: func(t *testing.T, data string) { openTo(t, 0o755, 0, data) }},
	{name: "a file instead of a folder", says: "Un fichier tient la place d’un dossier", args: func(data string) []string { return demoArgs(filepath.Join(data, "checkpoint")) }},
	{name: "no such command", says: "Argument inattendu : demonstrate", args: func(string) []string { return []string{"demonstrate"} }},
	{name: "no such flag", says: "Option inconnue : --lissen. Vouliez-vous dire \"--listen\"", args: func(data string) []string { return append(demoArgs(data), "--lissen", "x") }},
	{name: "an address that is none", says: "à l’adresse nowhere", args: func(data string) []string { return []string{"demo", "--data", data, "--listen", "nowhere"} }},
	{name: "another database", says: "sqlite:CHEMIN ou postgres://", args: func(data string) []string { return append(demoArgs(data), "--database", "mysql://x") }},
	{name: "an address of PostgreSQL that cannot be read", says: "sqlite:CHEMIN ou postgres://", args: func(data string) []string {
		return append(demoArgs(data), "--database", "postgres://x@[::1/x")
	}},
	{name: "a database that does not answer", says: "ne répond pas", args: func(data string) []string {
		return append(demoArgs(data), "--database", "postgres://x@127.0.0.1:1/x?connect_timeout=2")
	}},
	{name: "served without TLS", says: "--tls-cert", args: func(data string) []string { return []string{"serve", "--data", data, "--listen", "127.0.0.1:0"} }},
	{name: "a certificate that is not there", says: "Fichier ou dossier introuvable (/none.pem)", args: func(data string) []string {
		return []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--tls-cert", "/none.pem", "--tls-key", "/none.pem"}
	}},
	{name: "a certificate without its key", says: "--tls-cert et --tls-key ensemble", args: func(data string) []string {
		return []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--tls-cert", filepath.Join(data, "checkpoint")}
	}},
	{name: "a site that is no address", says: "--base-url: Écrivez seulement https://", args: func(data string) []string {
		return []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--insecure", "--base-url", "cadre.example"}
	}},
	{name: "an antivirus that is no address", says: "--clamav: Écrivez HÔTE:PORT", args: func(data string) []string {
		return []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--insecure", "--clamav", "nowhere"}
	}},
	{name: "a site below another", says: "--base-url", args: func(data string) []string {
		return []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--insecure", "--base-url", "https://togo.example/cadre"}
	}},
	{name: "files of any size", says: "--max-file: Entre 1 et 2000", args: func(data string) []string {
		return []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--insecure", "--max-file", "99999999999999"}
	}},
	{name: "a database without a path", says: "sqlite:CHEMIN", args: func(data string) []string { return append(demoArgs(data), "--database", "sqlite:") }},
	{name: "a mistyped database", says: "cadre init", args: func(data string) []string {
		return []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--insecure", "--database", "sqlite:" + filepath.Join(data, "cadre", "mistyped.db")}
	}},
	{name: "a Cadre in service as a demonstration", says: "en service", spoil: func(t *testing.T, data string) {
		must(t, os.RemoveAll(data))
		succeed(t, "init", "--data", data, "--email", "secretariat@cnlpal.example")
	}},
	{name: "a checkpoint that is not there", says: "rien n’est prouvé", args: func(data string) []string {
		return []string{"verify", "--data", data, "--checkpoint", filepath.Join(data, "kept.txt")}
	}},
	{name: "an empty checkpoint", says: "rien n’est prouvé", spoil: func(t *testing.T, data string) { file(t, data, "kept.txt", "") }, args: func(data string) []string {
		return []string{"verify", "--data", data, "--checkpoint", filepath.Join(data, "kept.txt")}
	}},
	{name: "a folder without a Cadre", says: "cadre init", args: func(data string) []string {
		return []string{"serve", "--data", filepath.Join(data, "none"), "--listen", "127.0.0.1:0", "--insecure"}
	}},
	{name: "a proxy that is no network", says: "10.0.0.0/24", args: func(data string) []string {
		return []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--proxy", "10.0.0.x"}
	}},
	{name: "an administrator without an address", says: "adresse électronique", args: func(data string) []string {
		return []string{"init", "--data", filepath.Join(data, "new"), "--email", "secretariat"}
	}},
	{name: "an administrator whose name cannot be read", says: "illisibles", args: func(data string) []string {
		return []string{"init", "--data", filepath.Join(data, "new"), "--email", "secretariat@cnlpal.example", "--name", "Secr\xe9tariat"}
	}},
	{name: "a token for nobody", says: "Aucun compte actif", args: func(data string) []string {
		return []string{"token", "--data", data, "--user", "personne@cnad.example"}
	}},
	{name: "a token with a scope that is none", says: "scope", args: func(data string) []string {
		return []string{"token", "--data", data, "--user", "focal@cnad.example", "--scope", "everything"}
	}},
	{name: "a token for longer than time lasts", says: "dans un an au plus", args: func(data string) []string {
		return []string{"token", "--data", data, "--user", "focal@cnad.example", "--days", "213510"}
	}},
	{name: "a token for a while", says: "un nombre est attendu", args: func(data string) []string {
		return []string{"token", "--data", data, "--user", "focal@cnad.example", "--days", "longtemps"}
	}},
	{name: "a drill in no folder", says: "introuvable", args: func(data string) []string {
		return []string{"drill", "--data", data, "--in", filepath.Join(data, "none")}
	}},
	{name: "nothing to verify", says: "pas de Cadre", args: func(data string) []string { return []string{"verify", "--data", filepath.Join(data, "none")} }},
}

// scribble writes over a part of the database.
func scribble(t *testing.T, data string, from, to int64) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(data, "cadre.db"), os.O_WRONLY, 0)
	must(t, err)
	noise := []byte(strings.Repeat("\x9d\x03\xfe\x5a", int(to-from)/4))
	_, err = f.WriteAt(noise, from)
	must(t, err)
	must(t, f.Close())
}

// TestImpossibleStartsAreRefused starts the program where it cannot work: it ends with one
// clear line and changes nothing.
func TestImpossibleStartsAreRefused(t *testing.T) {
	t.Parallel()
	for _, x := range refusals {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			if x.user != nil && os.Getuid() != 0 {
				t.Skip("only root can start a program as somebody else")
			}
			data := demonstration(t)
			openTo(t, 0o755, os.Getuid(), filepath.Dir(data)) // on the way for somebody else
			if x.spoil != nil {
				x.spoil(t, data)
			}
			args := demoArgs(data)
			if x.args != nil {
				args = x.args(data)
			}
			x.refuse(t, data, args)
		})
	}
}

// refuse makes sure that a start is refused with one clear line, and changes nothing.
func (x refusal) refuse(t *testing.T, data string, args []string) {
	t.Helper()
	before, free := digests(t, data), func() {}
	if x.hold != nil {
		free = x.hold(data)
	}
	out, errs, err := runAs(t, x.user, args...)
	free()
	if err == nil {
		t.Fatalf("cadre %v succeeds: %s", args, out)
	}
	lines := 0
	for line := range strings.Lines(errs) {
		if strings.HasPrefix(line, "cadre: ") {
			lines++
			if !strings.Contains(line, x.says) {
				t.Errorf("the line does not say %q: %s", x.says, line)
			}
		}
	}
	if lines != 1 || strings.Contains(errs, "goroutine ") || strings.Contains(errs, "panic") {
		t.Errorf("not one clear line:\n%s", errs)
	}
	if diff := cmp.Diff(before, digests(t, data)); diff != "" {
		t.Errorf("something was changed (-before +after):\n%s", diff)
	}
}

// TestTheProgramSpeaksTheLanguageOfTheLocale asks the same in two locales.
func TestTheProgramSpeaksTheLanguageOfTheLocale(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string][]string{
		"fr_FR.UTF-8": {"Options :", "Servir Cadre.", "Il manque : --user=VALEUR."},
		"en_US.UTF-8": {"Options:", "Serve Cadre.", "Missing: --user=STRING."},
	} {
		said := ""
		for _, args := range [][]string{{"serve", "--help"}, {"token"}} {
			cmd := exec.Command(program(), args...)
			cmd.Env = append(os.Environ(), "LC_ALL="+locale)
			out, _ := cmd.CombinedOutput() // the second is refused
			said += string(out)
		}
		for _, words := range want {
			if !strings.Contains(said, words) {
				t.Errorf("%s: not %q:\n%s", locale, words, said)
			}
		}
	}
}

// TestALockedDatabaseIsRefused starts the program while another holds the database for itself.
func TestALockedDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	data := demonstration(t)
	start := time.Now()
	refusal{says: "occupée", hold: func(data string) func() {
		d := sqlite(t, data)
		for _, s := range []string{`PRAGMA locking_mode = EXCLUSIVE`, `BEGIN EXCLUSIVE`, `PRAGMA user_version = 0`} {
			_, err := d.Exec(s)
			must(t, err)
		}
		return func() { must(t, d.Close()) }
	}}.refuse(t, data, demoArgs(data))
	t.Logf("refused after %v", time.Since(start).Round(time.Second))
}

// TestATakenPortIsRefused starts the program where something listens already.
func TestATakenPortIsRefused(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close() //nolint:errcheck // it served its purpose
	data := demonstration(t)
	refusal{says: "Un autre programme se sert de cette adresse"}.refuse(t, data, []string{"demo", "--data", data, "--listen", taken.Addr().String()})
}
