package dossier

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"cadre/kit/content"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/file"
	"cadre/kit/scan"
)

// received is a file that was read and checked, not yet kept.
type received struct {
	Attachment
	file *os.File
}

// receive reads a file into the working folder and makes sure that it may be kept: its size,
// what it is, what an antivirus says. The caller closes it; it has no name, so that nothing
// stays of it when the program ends.
func (m *Module) receive(ctx context.Context, name string, from io.Reader) (received, error) {
	if err := m.named(name); err != nil { // before a poor line has carried the file
		return received{}, err
	}
	m.turns <- struct{}{}
	defer func() { <-m.turns }()
	r := received{Attachment: Attachment{Name: name}}
	tmp, err := m.unnamed()
	if err != nil {
		return r, err
	}
	r.file = tmp
	if r.Size, err = io.Copy(tmp, io.LimitReader(from, m.MaxSize+1)); isCut(err) {
		err = m.tooLarge()
	}
	if err == nil {
		err = m.check(ctx, &r)
	}
	if err != nil {
		_ = r.file.Close()
	}
	return r, err
}

// unnamed makes a file that is gone when it is closed.
func (m *Module) unnamed() (*os.File, error) {
	tmp, err := os.CreateTemp(m.Work, ".cadre-file-")
	if err != nil {
		return nil, err
	}
	return tmp, os.Remove(tmp.Name())
}

// check finds what a received file is, makes photographs bare, and asks the antivirus.
func (m *Module) check(ctx context.Context, r *received) error {
	switch {
	case r.Size == 0:
		return fault.Invalid("file", "Ce fichier est vide.")
	case r.Size > m.MaxSize:
		return m.tooLarge()
	}
	kind, err := content.Of(r.Name, r.file, r.Size, m.Kinds)
	if errors.Is(err, content.ErrLies) {
		return fault.Invalid("file", "Le contenu de ce fichier n’est pas celui que son nom annonce, ou il contient des macros. Enregistrez-le de nouveau avec son programme, puis joignez-le.")
	}
	r.Type = kind.Type
	if kind.Bare() {
		if err := m.bare(kind, r); err != nil {
			return err
		}
	}
	if err := m.scan(ctx, r); err != nil {
		return err
	}
	if r.Digest, r.Size, err = digest(r.file); err != nil {
		return err
	}
	_, err = r.file.Seek(0, io.SeekStart)
	return err
}

// named refuses what no file may be by its name.
func (m *Module) named(name string) error {
	if name == "" {
		return fault.Invalid("file", "Choisissez un fichier.")
	}
	if _, err := content.Named(name, m.Kinds); err != nil {
		return fault.Invalid("file", "Ce genre de fichier n’est pas accepté. Les fichiers acceptés finissent par : %s.", strings.Join(m.Kinds, ", "))
	}
	return nil
}

func digest(f *os.File) (string, int64, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", 0, err
	}
	return file.Digest(f)
}

// bare replaces a photograph by one that does not say where it was made.
func (m *Module) bare(kind content.Kind, r *received) error {
	clean, err := m.unnamed()
	if err != nil {
		return err
	}
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return errors.Join(err, clean.Close())
	}
	err = kind.Strip(clean, r.file)
	_ = r.file.Close()
	r.file = clean
	if errors.Is(err, content.ErrPhoto) {
		err = fault.Invalid("file", "Cette image est abîmée : elle ne se lit pas jusqu’au bout.").Because(err)
	}
	return err
}

// scan asks the antivirus, when there is one. Without its verdict nothing is kept.
func (m *Module) scan(ctx context.Context, r *received) error {
	if m.Antivirus == "" {
		return nil
	}
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	virus, err := scan.Ask(ctx, m.Antivirus, r.file)
	switch {
	case err != nil:
		return fault.New(fault.Unavailable, "L’antivirus ne répond pas : le fichier n’est pas gardé. Réessayez plus tard.").Because(err)
	case virus != "":
		return fault.Invalid("file", "L’antivirus refuse ce fichier (%s). Il n’est pas gardé ; prévenez votre service informatique.", virus)
	}
	r.Scanned = "clean"
	return nil
}

// tooLarge says how large a file may be.
func (m *Module) tooLarge() error {
	return fault.Invalid("file", "Ce fichier dépasse %d Mo. Réduisez-le, ou joignez-le en plusieurs parties.", m.MaxSize>>20)
}

// How long the bytes of what is no longer attached stay.
const (
	orphanAge    = 24 * time.Hour      // of a file that no row names: its act failed
	withdrawnAge = 30 * 24 * time.Hour // of an attachment that was withdrawn
)

// Purge removes the files that no attachment needs: those that no act has kept after a day, those
// that were withdrawn thirty days ago, and parts that have waited a week for the rest. The journal keeps their digests.
func (m *Module) Purge(ctx context.Context) error {
	if err := m.expire(ctx); err != nil {
		return err
	}
	var old []string
	now := time.Now() // the store's clock is the machine's, even when Cadre's was moved
	err := m.Files.Each(ctx, func(k file.Kept) error {
		if now.Sub(k.At) > orphanAge {
			old = append(old, k.Sum)
		}
		return nil
	})
	for some := range slices.Chunk(old, 500) {
		err = errors.Join(err, m.purge(ctx, some))
	}
	return err
}

// purge removes those of the files that nothing needs. Nothing is attached meanwhile.
func (m *Module) purge(ctx context.Context, sums []string) error {
	m.purging.Lock()
	defer m.purging.Unlock()
	var needed []string
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		needed, err = db.Values[string](ctx, tx, `
			SELECT digest FROM attachment WHERE digest IN json_list($1) AND (state = 'attached' OR updated_at > $2)
			UNION SELECT digest FROM sending_part WHERE digest IN json_list($1)`,
			db.JSON(sums), m.Clock.Now().Add(-withdrawnAge))
		return err
	})
	if err != nil {
		return err
	}
	for _, sum := range sums {
		if !slices.Contains(needed, sum) {
			if err := m.Files.Delete(ctx, sum); err != nil {
				return err
			}
		}
	}
	return nil
}
