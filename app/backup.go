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

	"cadre/activity"
	"cadre/core/calendar"
	"cadre/core/desk"
	"cadre/core/dossier"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/file"
	"cadre/synergy"
)

// Verify proves the journal, and that what the rooms keep agrees with it. file is a
// checkpoint kept elsewhere, empty for the one that is published in the data folder.
func (a *App) Verify(ctx context.Context, file string) (*journal.Verification, error) {
	if file == "" {
		file = a.CheckpointFile()
	} else if kept, err := os.Stat(file); err != nil || kept.Size() == 0 {
		return nil, fault.New(fault.BadInput, "Le point de contrôle %s ne peut pas être lu : rien n’est prouvé.", file).Because(err)
	}
	var v *journal.Verification
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if v, err = journal.Verify(ctx, tx, a.key, file); err != nil {
			return err
		}
		for _, room := range []func(context.Context, *db.Tx) ([]journal.Finding, error){record.Verify, calendar.Verify, desk.Verify, dossier.Verify, a.dossier.VerifyFiles, a.Directory.Verify, activity.Verify, synergy.Verify, a.People.Verify} {
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

// attachedFiles is the folder of a backup that holds the attached files, each under its digest.
const attachedFiles = "files/"

// Backup writes the data folder into one file, a compressed tar, while Cadre may be
// serving: the database is copied at one instant, and the checkpoint is the one of
// that instant. The attached files that it needs follow, unless they lie in S3. The file appears under its name only when it is whole and on disk.
func Backup(ctx context.Context, c Config, file string) (err error) {
	if !strings.HasPrefix(c.Address(), "sqlite:") {
		return fault.New(fault.BadInput, "Cette commande copie le dossier de SQLite. Sauvegardez PostgreSQL par ses propres outils (voir docs/operation.md), avec journal.key et server.key.")
	}
	if _, err := os.Stat(strings.TrimPrefix(c.Address(), "sqlite:")); err != nil {
		return fault.New(fault.BadInput, "Il n’y a rien à sauvegarder.").Because(err)
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
	if err := pack(ctx, c, whole, work, append([]string{"cadre.db"}, backedUp...)); err != nil {
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

// pack writes the named files of a folder and the attached files into a compressed tar, and syncs it.
func pack(ctx context.Context, c Config, file, folder string, names []string) (err error) {
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
	if err := addAttached(ctx, out, c); err != nil {
		return err
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
	return addFile(out, name, info.Size(), f)
}

func addFile(out *tar.Writer, name string, size int64, from io.Reader) error {
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size}); err != nil {
		return err
	}
	_, err := io.Copy(out, from)
	return err
}

// addAttached adds every file of the folder of attached files. A file is kept before the act
// that names it: those that the copied database names are there.
func addAttached(ctx context.Context, out *tar.Writer, c Config) error {
	if strings.HasPrefix(c.FilesAddress(), "s3://") {
		return nil
	}
	store, err := file.Open(c.FilesAddress(), "")
	if err != nil {
		return err
	}
	return store.Each(ctx, func(k file.Kept) error {
		f, err := store.Open(ctx, k.Sum)
		if errors.Is(err, file.ErrNone) { // purged meanwhile: nothing needed it
			return nil
		}
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // only read
		return addFile(out, attachedFiles+k.Sum, k.Size, f)
	})
}

// Restore puts a backup into a data folder that holds no Cadre yet. An incomplete
// backup is refused and leaves nothing behind.
func Restore(ctx context.Context, c Config, backup string) error {
	if !strings.HasPrefix(c.Address(), "sqlite:") {
		return fault.New(fault.BadInput, "Cette commande restaure le dossier de SQLite. Restaurez PostgreSQL par ses propres outils (voir docs/operation.md).")
	}
	for _, name := range append([]string{"cadre.db", "files"}, backedUp...) {
		if _, err := os.Stat(filepath.Join(c.Data, name)); !errors.Is(err, fs.ErrNotExist) {
			return fault.New(fault.BadInput, "Le dossier %s contient déjà un Cadre. Restaurez dans un dossier vide.", c.Data)
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
	if err := unpack(ctx, backup, work); err != nil {
		return fault.New(fault.BadInput, "Le fichier %s n’est pas une sauvegarde entière.", backup).Because(err)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	for _, name := range append(backedUp, "files", "cadre.db") { // the database last: it makes the Cadre
		if err := os.Rename(filepath.Join(work, name), filepath.Join(c.Data, name)); err != nil {
			return err
		}
	}
	return nil
}

// unpack writes the files of a backup into a folder; every one must be there, whole.
func unpack(ctx context.Context, backup, folder string) error {
	f, err := os.Open(backup) // #nosec G304 -- chosen by the operator
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
	if err := unpackAttached(ctx, in, folder); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, gz) // #nosec G110 -- the operator's own backup, read to the checksum at its end
	return err
}

// unpackAttached keeps the attached files of a backup, each of which must be the one of its digest.
func unpackAttached(ctx context.Context, in *tar.Reader, folder string) error {
	store, err := file.Open(filepath.Join(folder, "files"), "")
	if err != nil {
		return err
	}
	work := filepath.Join(folder, "one")
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		sum, is := strings.CutPrefix(h.Name, attachedFiles)
		if !is {
			return errors.New("more than a backup holds")
		}
		if err := write(work, in); err != nil {
			return err
		}
		if err := put(ctx, store, sum, h.Size, work); err != nil {
			return err
		}
	}
}

// put keeps a file of the disk, and removes it there.
func put(ctx context.Context, store file.Store, sum string, size int64, path string) error {
	f, err := os.Open(path) // #nosec G304 -- a file made just before
	if err != nil {
		return err
	}
	return errors.Join(store.Put(ctx, sum, size, f), f.Close(), os.Remove(path))
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
