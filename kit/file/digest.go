package file

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// Digest reads everything and returns its SHA-256 and its number of bytes.
func Digest(from io.Reader) (sum string, size int64, err error) {
	h := sha256.New()
	size, err = io.Copy(h, from)
	return hex.EncodeToString(h.Sum(nil)), size, err
}
