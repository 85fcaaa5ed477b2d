// Package file keeps files by the SHA-256 of their bytes: in a folder, or in a bucket
// that speaks the S3 protocol. What lies under a digest never changes, so that to put
// it twice is to put it once, and anybody can prove that it is whole.
package file

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Store keeps files. Its methods may be called from several goroutines and servers.
type Store interface {
	// Put keeps size bytes, read from where from stands, under their digest; they are on disk
	// when it returns nil. Bytes of another digest or another number are refused, and nothing is kept.
	Put(ctx context.Context, sum string, size int64, from io.ReadSeeker) error
	// Open reads a file, from any place in it. It is ErrNone when there is none of that digest.
	Open(ctx context.Context, sum string) (io.ReadSeekCloser, error)
	// Delete removes a file; one that is not there is removed already.
	Delete(ctx context.Context, sum string) error
	// Each calls do with every file kept, in no order.
	Each(ctx context.Context, do func(Kept) error) error
}

// Kept is a file in a store.
type Kept struct {
	Sum  string    // SHA-256 of its bytes, in hexadecimal
	Size int64     // bytes
	At   time.Time // when it was last put, by the store's own clock
}

// ErrNone says that no file of the digest is kept.
var ErrNone = errors.New("no such file")

// Open opens the store at an address: a folder, which is made when it is not there, or
// s3://HOST[:PORT]/BUCKET[/PREFIX][?region=…&tls=none]. keyFile holds the two secrets of
// S3 on two lines: the name of the access key, then the key.
func Open(address, keyFile string) (Store, error) {
	if strings.HasPrefix(address, "s3://") {
		return openS3(address, keyFile)
	}
	return openFolder(address)
}

// valid reports whether s may be a digest, so that no other name ever becomes a path.
func valid(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && s == strings.ToLower(s)
}

// Whole reads a kept file to its end and reports whether it is the one of its digest.
// The error is the store's: the file could not be read.
func Whole(ctx context.Context, s Store, sum string) (bool, error) {
	f, err := s.Open(ctx, sum)
	if err != nil {
		return false, err
	}
	defer f.Close() //nolint:errcheck // only read
	got, _, err := Digest(f)
	return got == sum, err
}

// errOther says that the bytes are not those announced.
func errOther(sum string, size int64) error {
	return fmt.Errorf("put %s: the bytes are not the %d of that digest", sum, size)
}
