package journal

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cadre/kit/db"
	"cadre/kit/fault"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Key signs the journal's checkpoints.
type Key struct {
	Verifier string // the public half, as c2sp.org/signed-note writes it: anybody may hold it
	signer   note.Signer
	verifier note.Verifier
}

// LoadKey reads the key kept in file, and makes one on the first call: a name
// that no other Cadre has, and an Ed25519 pair.
func LoadKey(file string) (Key, error) {
	data, err := os.ReadFile(file) // #nosec G304 -- the operator's own file
	if errors.Is(err, fs.ErrNotExist) {
		data, err = makeKey(file)
	}
	if err != nil {
		return Key{}, noKey(file, err)
	}
	secret, public, _ := strings.Cut(strings.TrimSpace(string(data)), "\n")
	signer, err := note.NewSigner(secret)
	if err != nil {
		return Key{}, noKey(file, err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return Key{}, noKey(file, err)
	}
	return Key{Verifier: public, signer: signer, verifier: verifier}, nil
}

func noKey(file string, cause error) error {
	return fault.New(fault.Unavailable, "La clé du journal, %s, ne peut pas servir.", file).Because(cause)
}

func makeKey(file string) ([]byte, error) {
	name := make([]byte, 4)
	if _, err := rand.Read(name); err != nil {
		return nil, err
	}
	secret, public, err := note.GenerateKey(rand.Reader, "cadre/"+hex.EncodeToString(name))
	if err != nil {
		return nil, err
	}
	data := []byte(secret + "\n" + public + "\n")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	return data, os.WriteFile(file, data, 0o600)
}

// checkpoint is a signed statement of the log's length and root.
type checkpoint struct {
	size int64
	root tlog.Hash
	note string
}

// sign stores the length of the log and the checkpoint that covers the act's entries.
func (l *Log) sign(ctx context.Context, act *Act) (checkpoint, error) {
	c, err := l.key.checkpoint(act.tree.size, act.tree.root())
	if err != nil {
		return c, err
	}
	if _, err := act.Exec(ctx, `UPDATE journal_head SET size = $1 WHERE id = 1`, c.size); err != nil {
		return c, err
	}
	_, err = act.Exec(ctx, `INSERT INTO journal_checkpoint (size, note) VALUES ($1, $2)`, c.size, c.note)
	return c, err
}

// trusted reads the edge of the tree on which an act builds, and refuses one that is
// not what was signed last, or that lacks what was published. Without this, whoever
// rewrites the log with SQL alone would have the next act sign it for them.
func (l *Log) trusted(ctx context.Context, tx *db.Tx, size int64) (edge, error) {
	if size < 0 || size >= beyond {
		return edge{}, altered(fmt.Errorf("its head counts %d entries", size))
	}
	e, err := readEdge(ctx, tx, size)
	if err != nil {
		return e, err
	}
	if size == 0 {
		return e, l.published.covers(ctx, tx, e)
	}
	signed, err := db.Value[string](ctx, tx, `SELECT note FROM journal_checkpoint WHERE size = $1`, size)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return e, err
	}
	c, err := l.key.open(signed)
	switch {
	case err != nil:
		return e, altered(fmt.Errorf("checkpoint of %d entries: %w", size, err))
	case c.size != size, c.root != e.root():
		return e, altered(fmt.Errorf("the checkpoint of %d entries is of another log", size))
	}
	return e, l.published.covers(ctx, tx, e)
}

func (k Key) checkpoint(size int64, root tlog.Hash) (checkpoint, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", k.signer.Name(), size, base64.StdEncoding.EncodeToString(root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	return checkpoint{size, root, string(signed)}, err
}

// open checks the signature of a checkpoint and reads it.
func (k Key) open(signed string) (checkpoint, error) {
	signed = strings.TrimSpace(strings.ReplaceAll(signed, "\r\n", "\n")) + "\n" // as it comes back from a mail or a screen
	n, err := note.Open([]byte(signed), note.VerifierList(k.verifier))
	if err != nil {
		return checkpoint{}, err
	}
	lines := strings.SplitN(n.Text, "\n", 4)
	if len(lines) < 3 || lines[0] != k.verifier.Name() {
		return checkpoint{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return checkpoint{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return checkpoint{size, root, signed}, err
}

// opened is a stored checkpoint: the length that it is stored under, and what it says.
type opened struct {
	place int64
	checkpoint
	err error
}

// openAll opens checkpoints on every processor: of all that the proof of the log does, this takes longest.
func (k Key) openAll(all []opened) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(all)); i = next.Add(1) - 1 {
				all[i].checkpoint, all[i].err = k.open(all[i].note)
			}
		})
	}
	workers.Wait()
}

// published is the newest checkpoint known outside the database: in a file, if there
// is one, and in memory.
type published struct {
	path string
	mu   sync.Mutex
	last checkpoint
}

// load reads the file. One that is absent, or was cut by a power failure, says nothing.
func (p *published) load(key Key) {
	p.last.root = emptyRoot
	data, err := os.ReadFile(p.path) // #nosec G304 -- the operator's own file
	if err != nil {
		return
	}
	if c, err := key.open(string(data)); err == nil {
		p.last = c
	}
}

// covers reports whether the log holds all that was published: an older copy of the
// database, put in its place, does not, and must not grow into another history.
func (p *published) covers(ctx context.Context, tx *db.Tx, log edge) (err error) {
	p.mu.Lock()
	last := p.last
	p.mu.Unlock()
	if last.size > log.size {
		return altered(fmt.Errorf("it holds %d entries, the checkpoint published in %q covers %d", log.size, p.path, last.size))
	}
	past := log
	if last.size < log.size { // another server of the same Cadre has written since
		past, err = readEdge(ctx, tx, last.size)
	}
	if err == nil && past.root() != last.root {
		err = altered(fmt.Errorf("the checkpoint published in %q is of another log", p.path))
	}
	return err
}

// put publishes c unless a newer one is there. The file is a witness, not the
// record: failing to write it takes nothing from what was committed.
func (p *published) put(c checkpoint) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.size <= p.last.size {
		return
	}
	p.last = c
	if p.path == "" {
		return
	}
	fresh := p.path + ".new"
	if os.WriteFile(fresh, []byte(c.note), 0o600) == nil {
		_ = os.Rename(fresh, p.path)
	}
}

// Latest returns the newest signed checkpoint, empty when nothing was written yet.
func Latest(ctx context.Context, tx *db.Tx) (string, error) {
	s, err := db.Value[string](ctx, tx, `SELECT note FROM journal_checkpoint ORDER BY size DESC LIMIT 1`)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	return s, err
}

// Before returns the last checkpoint signed before an instant, empty when there is none.
func Before(ctx context.Context, tx *db.Tx, at time.Time) (string, error) {
	s, err := db.Value[string](ctx, tx, `
		SELECT note FROM journal_checkpoint WHERE size <= (SELECT coalesce(max(n) + 1, 0) FROM journal_entry WHERE at < $1)
		ORDER BY size DESC LIMIT 1`, at)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	return s, err
}
