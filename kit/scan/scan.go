// Package scan asks a ClamAV daemon whether a file holds a virus.
package scan

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// The daemon is given this long for one file, which it reads in pieces of this size.
const (
	longest = 2 * time.Minute
	piece   = 64 << 10
)

// Ask streams a file to the daemon at an address, HOST:PORT or unix:PATH, and returns the
// name of the virus that it found, or nothing. The error says that the daemon gave no verdict.
func Ask(ctx context.Context, address string, file io.Reader) (virus string, err error) {
	network := "tcp"
	if at, is := strings.CutPrefix(address, "unix:"); is {
		network, address = "unix", at
	}
	ctx, stop := context.WithTimeout(ctx, longest)
	defer stop()
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return "", fmt.Errorf("antivirus: %w", err)
	}
	defer conn.Close() //nolint:errcheck // the answer is read
	if until, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(until)
	}
	sent := send(conn, file)
	answer, err := bufio.NewReader(io.LimitReader(conn, 4096)).ReadString(0)
	said := strings.TrimRight(answer, "\x00")
	if virus, is := strings.CutSuffix(strings.TrimPrefix(said, "stream: "), " FOUND"); is {
		return virus, nil
	}
	if said == "stream: OK" && sent == nil {
		return "", nil
	}
	return "", fmt.Errorf("antivirus: answer %q, read %v, sent %v", said, err, sent)
}

// send speaks INSTREAM: pieces, each after its length, and an empty one at the end.
func send(to io.Writer, file io.Reader) error {
	if _, err := io.WriteString(to, "zINSTREAM\x00"); err != nil {
		return err
	}
	buf := make([]byte, 4+piece)
	for {
		n, err := io.ReadFull(file, buf[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buf, uint32(n)) // #nosec G115 -- at most a piece
			if _, err := to.Write(buf[:4+n]); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			_, err = to.Write([]byte{0, 0, 0, 0})
			return err
		}
		if err != nil {
			return err
		}
	}
}
