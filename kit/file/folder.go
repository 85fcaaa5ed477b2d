package file

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cadre/kit/fault"
)

// folder keeps each file as ab/ab12…, under the first two letters of its digest.
type folder struct{ root string }

// unfinished begins the names of files being written. One older than stale was left by a
// program that was killed.
const (
	unfinished = ".new-"
	stale      = 24 * time.Hour
)

func openFolder(root string) (Store, error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fault.New(fault.Unavailable, "Le dossier des pièces jointes ne peut pas servir.").Because(err)
	}
	left, err := filepath.Glob(filepath.Join(root, unfinished+"*"))
	if err != nil {
		return nil, fault.New(fault.Unavailable, "Le dossier des pièces jointes ne peut pas servir.").Because(err)
	}
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > stale {
			_ = os.Remove(path) // another server may have done it
		}
	}
	return folder{root}, nil
}

func (f folder) path(sum string) string { return filepath.Join(f.root, sum[:2], sum) }

// Put writes beside, then renames: a file is there whole, or not at all. Once an fsync has
// failed nothing is known of what is on disk, so that it is not tried again.
func (f folder) Put(_ context.Context, sum string, size int64, from io.ReadSeeker) (err error) {
	tmp, err := os.CreateTemp(f.root, unfinished)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp.Name())
		}
	}()
	got, n, err := Digest(io.TeeReader(from, tmp))
	if err == nil && (got != sum || n != size) {
		err = errOther(sum, size)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return f.settle(tmp.Name(), sum)
}

// settle gives a written file its name, for good.
func (f folder) settle(tmp, sum string) error {
	path := f.path(sum)
	dir := filepath.Dir(path)
	if err := os.Mkdir(dir, 0o700); err == nil {
		if err := syncFolder(f.root); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return syncFolder(dir)
}

func syncFolder(path string) error {
	d, err := os.Open(path) // #nosec G304 -- in the operator's own folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open opens the file on disk.
func (f folder) Open(_ context.Context, sum string) (io.ReadSeekCloser, error) {
	if !valid(sum) {
		return nil, ErrNone
	}
	file, err := os.Open(f.path(sum))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, err
	}
	return file, nil
}

// Delete removes the file from disk.
func (f folder) Delete(_ context.Context, sum string) error {
	if !valid(sum) {
		return nil
	}
	err := os.Remove(f.path(sum))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Each walks the folder.
func (f folder) Each(ctx context.Context, do func(Kept) error) error {
	return filepath.WalkDir(f.root, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // removed meanwhile
			return nil
		}
		if err = errors.Join(err, ctx.Err()); err != nil || d.IsDir() || strings.HasPrefix(d.Name(), unfinished) || !valid(d.Name()) {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return do(Kept{d.Name(), info.Size(), info.ModTime()})
	})
}
