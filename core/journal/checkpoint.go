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
	"strconv"
	"strings"
	"sync"

	"cadre/kit/db"

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
		return Key{}, fmt.Errorf("journal key: %w", err)
	}
	secret, public, _ := strings.Cut(strings.TrimSpace(string(data)), "\n")
	signer, err := note.NewSigner(secret)
	if err != nil {
		return Key{}, fmt.Errorf("journal key %s: %w", file, err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return Key{}, fmt.Errorf("journal key %s: %w", file, err)
	}
	return Key{Verifier: public, signer: signer, verifier: verifier}, nil
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

// sign stores the checkpoint that covers the act's entries.
func (a *Act) sign(ctx context.Context) (checkpoint, error) {
	root, err := tlog.TreeHash(a.size, reader{ctx, a.Tx})
	if err != nil {
		return checkpoint{}, fmt.Errorf("journal tree: %w", err)
	}
	c, err := a.log.key.checkpoint(a.size, root)
	if err != nil {
		return c, err
	}
	_, err = a.Exec(ctx, `INSERT INTO journal_checkpoint (size, note) VALUES ($1, $2)`, c.size, c.note)
	return c, err
}

func (k Key) checkpoint(size int64, root tlog.Hash) (checkpoint, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", k.signer.Name(), size, base64.StdEncoding.EncodeToString(root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	return checkpoint{size, root, string(signed)}, err
}

// open checks the signature of a checkpoint and reads it.
func (k Key) open(signed string) (checkpoint, error) {
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

// published is the file that holds the newest checkpoint.
type published struct {
	path string
	mu   sync.Mutex
	size int64
}

// put publishes c unless a newer one is there. The file is a witness, not the
// record: failing to write it takes nothing from what was committed.
func (p *published) put(c checkpoint) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.path == "" || c.size <= p.size {
		return
	}
	fresh := p.path + ".new"
	if os.WriteFile(fresh, []byte(c.note), 0o600) == nil && os.Rename(fresh, p.path) == nil {
		p.size = c.size
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
