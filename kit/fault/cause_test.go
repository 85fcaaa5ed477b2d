package fault_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"

	"cadre/kit/fault"
	"cadre/kit/text"
)

// refused returns the error of what the operating system does not do.
func refused[T any](_ T, err error) error { return err }

func TestWhatTheSystemRefusesIsToldInTheReadersLanguage(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // a test
	useless := fault.New(fault.BadInput, "Le certificat ne peut pas servir.")
	for _, x := range []struct {
		err        error
		french, en string
	}{
		{refused(os.Open(missing)), "Fichier ou dossier introuvable (" + missing + ").", "No such file or folder (" + missing + ")."},
		{refused(net.Listen("tcp", taken.Addr().String())), "Un autre programme se sert de cette adresse.", "Another program uses this address."},
		{useless.Because(refused(os.ReadFile(t.TempDir()))), "Le certificat ne peut pas servir. Un dossier", "The certificate cannot be used. A folder"},
		{errors.New("unheard\n\tof"), "unheard of", "unheard of"},
	} {
		for l, want := range map[text.Lang]string{text.French: x.french, text.English: x.en} {
			if got := fault.Say(x.err, l); len(got) < len(want) || got[:len(want)] != want {
				t.Errorf("%v in %s: %q, want %q", x.err, l, got, want)
			}
		}
	}
}
