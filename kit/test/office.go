package test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Office has LibreOffice, at CADRE_TEST_OFFICE, see Need, open a file and save what it has
// read as another: to is its ending, or its ending and the filter that writes it. reads is
// the filter that reads it; empty when its name says enough.
func Office(t testing.TB, name, reads string, content []byte, to string) []byte {
	t.Helper()
	office, dir := Need(t, "CADRE_TEST_OFFICE", "LibreOffice"), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"--headless", "-env:UserInstallation=file://" + dir + "/profile", "--convert-to", to, "--outdir", dir + "/read"}
	if reads != "" {
		args = append(args, "--infilter="+reads)
	}
	if out, err := exec.Command(office, append(args, filepath.Join(dir, name))...).CombinedOutput(); err != nil { // #nosec G204 -- the program under which the test runs
		t.Fatalf("%v: %s", err, out)
	}
	written, err := filepath.Glob(dir + "/read/*")
	if err != nil || len(written) != 1 {
		t.Fatalf("LibreOffice wrote %v, %v", written, err)
	}
	b, err := os.ReadFile(written[0])
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// OfficeRows is the first sheet of a table as LibreOffice reads and shows it.
func OfficeRows(t testing.TB, name, reads string, content []byte) [][]string {
	t.Helper()
	b := Office(t, name, reads, content, "csv:Text - txt - csv (StarCalc):59,34,76,1,,1033,false,true,false,false,false,1")
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
