package scan_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"

	"cadre/kit/scan"
)

// eicar is the file by which antiviruses are tried (eicar.org), in two halves so that this one is none.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR` + `-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// daemon speaks INSTREAM as clamd does, and finds EICAR. It gives up above limit bytes.
func daemon(t *testing.T, limit int) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go answer(c, limit)
		}
	}()
	return l.Addr().String()
}

func answer(c net.Conn, limit int) {
	defer c.Close()
	r := bufio.NewReader(c)
	if command, err := r.ReadString(0); err != nil || command != "zINSTREAM\x00" {
		_, _ = io.WriteString(c, "UNKNOWN COMMAND\x00")
		return
	}
	var file bytes.Buffer
	for {
		var n uint32
		if err := binary.Read(r, binary.BigEndian, &n); err != nil {
			return
		}
		if n == 0 {
			break
		}
		if _, err := io.CopyN(&file, r, int64(n)); err != nil {
			return
		}
		if file.Len() > limit {
			_, _ = io.WriteString(c, "INSTREAM size limit exceeded. ERROR\x00")
			_, _ = io.Copy(io.Discard, r)
			return
		}
	}
	said := "stream: OK\x00"
	if strings.Contains(file.String(), eicar) {
		said = "stream: Eicar-Test-Signature FOUND\x00"
	}
	_, _ = io.WriteString(c, said)
}

func TestAsk(t *testing.T) {
	at := daemon(t, 1<<20)
	for file, want := range map[string]string{
		"propre": "", "": "", strings.Repeat("a", 300_000): "", eicar: "Eicar-Test-Signature", strings.Repeat("a", 200_000) + eicar: "Eicar-Test-Signature",
	} {
		if got, err := scan.Ask(context.Background(), at, strings.NewReader(file)); got != want || err != nil {
			t.Errorf("%d bytes: %q %v", len(file), got, err)
		}
	}
	if _, err := scan.Ask(context.Background(), at, strings.NewReader(strings.Repeat("a", 2<<20))); err == nil {
		t.Error("a file that the daemon did not read whole is clean")
	}
	if _, err := scan.Ask(context.Background(), "127.0.0.1:1", strings.NewReader("x")); err == nil {
		t.Error("without a daemon everything is clean")
	}
}
