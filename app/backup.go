package app

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cadre/core/journal"
	"cadre/core/record"
	"cadre/directory"
	"cadre/kit/db"
)

// Verify proves the journal, and that what the rooms keep agrees with it. file is a
// checkpoint kept elsewhere, empty for the one that is published in the data folder.
func (a *App) Verify(ctx context.Context, file string) (*journal.Verification, error) {
	if file == "" {
		file = a.CheckpointFile()
	}
	var v *journal.Verification
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if v, err = journal.Verify(ctx, tx, a.key, file); err != nil {
			return err
		}
		for _, room := range []func(context.Context, *db.Tx) ([]journal.Finding, error){record.Verify, directory.Verify, a.People.Verify} {
			found, err := room(ctx, tx)
			if err != nil {
				return err
			}
			v.Findings = append(v.Findings, found...)
		}
		return nil
	})
	return v, err
}

// backedUp are the files of a data folder beside the database.
var backedUp = []string{"journal.key", "server.key", "checkpoint"}

// Backup writes the data folder into one file, a compressed tar, while Cadre may be
// serving: the database is copied at one instant, and the checkpoint is the one of
// that instant. The file appears under its name only when it is whole and on disk.
func Backup(ctx context.Context, c Config, file string) (err error) {
	if !strings.HasPrefix(c.Address(), "sqlite:") {
		return errors.New("this command copies the data folder of SQLite; back PostgreSQL up with its own tools (see docs/operation.md) and keep journal.key and server.key beside")
	}
	if _, err := os.Stat(strings.TrimPrefix(c.Address(), "sqlite:")); err != nil {
		return fmt.Errorf("nothing to back up: %w", err)
	}
	work, err := os.MkdirTemp(filepath.Dir(file), ".cadre-backup-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work) //nolint:errcheck // a temporary folder
	if err := snapshot(ctx, c, work); err != nil {
		return err
	}
	whole := filepath.Join(work, "whole")
	if err := pack(whole, work, append([]string{"cadre.db"}, backedUp...)); err != nil {
		return err
	}
	return os.Rename(whole, file)
}

// snapshot copies the database and the files beside it into a folder.
func snapshot(ctx context.Context, c Config, folder string) error {
	d, err := db.Open(ctx, c.Address())
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // only read
	if err := d.CopyTo(ctx, filepath.Join(folder, "cadre.db")); err != nil {
		return err
	}
	for _, name := range []string{"journal.key", "server.key"} {
		if err := copyFile(filepath.Join(c.Data, name), filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	copied, err := db.Open(ctx, "sqlite:"+filepath.Join(folder, "cadre.db"))
	if err != nil {
		return err
	}
	defer copied.Close() //nolint:errcheck // only read
	return copied.Read(ctx, func(tx *db.Tx) error {
		note, err := journal.Latest(ctx, tx)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(folder, "checkpoint"), []byte(note), 0o600)
	})
}

func copyFile(from, to string) error {
	b, err := os.ReadFile(from) // #nosec G304 -- a file of the data folder
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o600) // #nosec G703 -- in a folder made just before
}

// pack writes the named files of a folder into a compressed tar, and syncs it.
func pack(file, folder string, names []string) (err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // #nosec G304 -- chosen by the operator
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	gz := gzip.NewWriter(f)
	out := tar.NewWriter(gz)
	for _, name := range names {
		if err := add(out, folder, name); err != nil {
			return err
		}
	}
	if err := errors.Join(out.Close(), gz.Close()); err != nil {
		return err
	}
	return f.Sync()
}

func add(out *tar.Writer, folder, name string) error {
	f, err := os.Open(filepath.Join(folder, name)) // #nosec G304 -- a file made just before
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size()}); err != nil {
		return err
	}
	_, err = io.Copy(out, f)
	return err
}

// Restore puts a backup into a data folder that holds no Cadre yet. An incomplete
// backup is refused and leaves nothing behind.
func Restore(_ context.Context, c Config, file string) error {
	if !strings.HasPrefix(c.Address(), "sqlite:") {
		return errors.New("this command restores the data folder of SQLite; restore PostgreSQL with its own tools (see docs/operation.md)")
	}
	for _, name := range append([]string{"cadre.db"}, backedUp...) {
		if _, err := os.Stat(filepath.Join(c.Data, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s holds a Cadre already: restore into an empty folder", c.Data)
		}
	}
	if err := os.MkdirAll(filepath.Dir(c.Data), 0o700); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(c.Data), ".cadre-restore-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work) //nolint:errcheck // a temporary folder
	if err := unpack(file, work); err != nil {
		return fmt.Errorf("%s is no whole backup: %w", file, err)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	for _, name := range append(backedUp, "cadre.db") { // the database last: it makes the Cadre
		if err := os.Rename(filepath.Join(work, name), filepath.Join(c.Data, name)); err != nil {
			return err
		}
	}
	return nil
}

// unpack writes the files of a backup into a folder; every one must be there, whole.
func unpack(file, folder string) error {
	f, err := os.Open(file) // #nosec G304 -- chosen by the operator
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	gz, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	in := tar.NewReader(gz)
	for _, name := range append([]string{"cadre.db"}, backedUp...) {
		h, err := in.Next()
		if err != nil {
			return err
		}
		if h.Name != name {
			return fmt.Errorf("%s instead of %s", h.Name, name)
		}
		if err := write(filepath.Join(folder, name), in); err != nil {
			return err
		}
	}
	if _, err := in.Next(); !errors.Is(err, io.EOF) {
		return errors.New("more than a backup holds")
	}
	_, err = io.Copy(io.Discard, gz) // #nosec G110 -- the operator's own backup, read to the checksum at its end
	return err
}

func write(file string, from io.Reader) (err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // #nosec G304 -- in a folder made just before
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	// #nosec G110 -- the operator's own backup
	if _, err := io.Copy(f, from); err != nil {
		return err
	}
	return f.Sync()
}

// Init founds a Cadre and returns the link by which its first administrator chooses a password.
func (a *App) Init(ctx context.Context, email, name string) (string, error) {
	if err := a.Found(ctx); err != nil {
		return "", err
	}
	return a.People.InviteFirst(ctx, a.Pack.Settings.Secretariat, email, name)
}
