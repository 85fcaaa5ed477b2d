package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"cadre/kit/db"

	"golang.org/x/mod/sumdb/tlog"
)

// Finding is one thing that the proof of the journal found wrong.
type Finding struct {
	Entry    int64 // place in the log, -1 when it is about no single entry
	Subject  string
	Sentence string // in plain French
}

// Verification is what the proof of the whole journal found.
type Verification struct {
	Size     int64 // entries proved
	Root     string
	Erased   int64 // entries whose content was erased by an act of erasure
	Findings []Finding
}

func (v *Verification) add(entry int64, subject, format string, args ...any) {
	v.Findings = append(v.Findings, Finding{entry, subject, fmt.Sprintf(format, args...)})
}

// Verify proves the whole log: that each entry is the one that the tree holds, at
// its place, with its content; that each checkpoint is signed by the key and is
// the root of what precedes it; that the log holds all that the published
// checkpoint in file, if there is one, covers. It names each entry that does not agree.
func Verify(ctx context.Context, tx *db.Tx, key Key, file string) (*Verification, error) {
	p := &proof{ctx: ctx, tx: tx, key: key, erased: map[int64]bool{}}
	steps := []func() error{p.readHead, p.readCheckpoints, p.readLeaves, p.readErasures, p.checkEntries, p.checkEnd}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	p.checkPublished(file)
	p.Root = p.root(p.next).String()
	p.Size = p.next
	return &p.Verification, nil
}

type proof struct {
	Verification
	ctx         context.Context
	tx          *db.Tx
	key         Key
	head        int64               // entries that the head row counts
	checkpoints map[int64]string    // by size
	leaves      map[int64]tlog.Hash // stored level-0 hashes by entry
	stored      int64               // stored hashes in all
	erased      map[int64]bool      // entries that an act of erasure names
	next        int64               // entries walked so far
	right       []tlog.Hash         // the right edge of the tree over them: one hash per full subtree
	widths      []int64             // how many leaves each covers
	roots       map[int64]tlog.Hash // by size, where the published checkpoint needs one
	broken      bool                // a checkpoint has already failed
}

func (p *proof) readHead() (err error) {
	p.head, err = db.Value[int64](p.ctx, p.tx, `SELECT size FROM journal_head WHERE id = 1`)
	if errors.Is(err, db.ErrNone) {
		p.add(-1, "", "La tête du journal a été supprimée.")
		return nil
	}
	return err
}

func (p *proof) readCheckpoints() error {
	p.checkpoints, p.roots = map[int64]string{}, map[int64]tlog.Hash{}
	type row struct {
		size int64
		note string
	}
	return db.Each(p.ctx, p.tx, func(r *row) []any { return []any{&r.size, &r.note} }, func(r row) error {
		p.checkpoints[r.size] = r.note
		return nil
	}, `SELECT size, note FROM journal_checkpoint`)
}

// readLeaves keeps the hashes of the leaves; the tree above them is computed again.
func (p *proof) readLeaves() error {
	p.leaves = map[int64]tlog.Hash{}
	type row struct {
		i    int64
		hash []byte
	}
	return db.Each(p.ctx, p.tx, func(r *row) []any { return []any{&r.i, &r.hash} }, func(r row) error {
		p.stored++
		if level, n := tlog.SplitStoredHashIndex(r.i); level == 0 && len(r.hash) == tlog.HashSize {
			p.leaves[n] = tlog.Hash(r.hash)
		}
		return nil
	}, `SELECT i, hash FROM journal_hash ORDER BY i`)
}

func (p *proof) readErasures() error {
	return db.Each(p.ctx, p.tx, (*Entry).fields, func(e Entry) error {
		for _, n := range e.erasedEntries() {
			p.erased[n] = true
		}
		return nil
	}, `SELECT `+columns+` FROM journal_entry WHERE action = $1`, ErasedAction)
}

func (p *proof) checkEntries() error {
	return db.Each(p.ctx, p.tx, (*Entry).fields, func(e Entry) error {
		for p.next < e.N {
			p.add(p.next, "", "L’entrée n° %d manque.", p.next)
			p.grow(p.leaves[p.next])
		}
		if e.N < p.next {
			p.add(e.N, e.Subject, "L’entrée n° %d n’est pas à sa place.", e.N)
			return nil
		}
		p.checkEntry(e)
		return nil
	}, `SELECT `+columns+` FROM journal_entry ORDER BY n`)
}

func (p *proof) checkEntry(e Entry) {
	leaf := e.leaf()
	stored, ok := p.leaves[e.N]
	switch {
	case !ok:
		p.add(e.N, e.Subject, "L’entrée n° %d (%s) n’est pas dans l’arbre : elle a été ajoutée, ou l’arbre a été coupé.", e.N, e.Action)
	case stored != leaf:
		p.add(e.N, e.Subject, "L’entrée n° %d (%s) a été modifiée.", e.N, e.Action)
	case e.Salt == nil && e.Content == "" && p.erased[e.N]:
		p.Erased++
	case commitment(e.Salt, e.Content) != e.Commitment:
		p.add(e.N, e.Subject, "Le contenu ou le sel de l’entrée n° %d (%s) a été modifié.", e.N, e.Action)
	}
	if ok {
		leaf = stored
	}
	p.grow(leaf)
}

// grow walks over one more leaf and checks the checkpoint that ends there.
func (p *proof) grow(leaf tlog.Hash) {
	p.right, p.widths = append(p.right, leaf), append(p.widths, 1)
	for k := len(p.right) - 1; k > 0 && p.widths[k-1] == p.widths[k]; k-- {
		p.right[k-1] = tlog.NodeHash(p.right[k-1], p.right[k])
		p.widths[k-1] *= 2
		p.right, p.widths = p.right[:k], p.widths[:k]
	}
	p.next++
	signed, ok := p.checkpoints[p.next]
	if !ok || p.broken {
		return
	}
	c, err := p.key.open(signed)
	root := p.root(p.next)
	p.roots[p.next] = root
	switch {
	case err != nil:
		p.add(p.next-1, "", "Le point de contrôle après l’entrée n° %d n’est pas signé par la clé de ce journal.", p.next-1)
		p.broken = true
	case c.size != p.next || c.root != root:
		p.add(p.next-1, "", "L’entrée n° %d ou une entrée du même acte a été réécrite : le point de contrôle signé à ce moment dit autre chose.", p.next-1)
		p.broken = true
	}
}

// root is the root of the tree over the leaves walked so far.
func (p *proof) root(size int64) tlog.Hash {
	if size == 0 {
		h, _ := tlog.TreeHash(0, nil)
		return h
	}
	h := p.right[len(p.right)-1]
	for k := len(p.right) - 2; k >= 0; k-- {
		h = tlog.NodeHash(p.right[k], h)
	}
	return h
}

func (p *proof) checkEnd() error {
	for p.next < p.head {
		p.add(p.next, "", "L’entrée n° %d manque à la fin du journal.", p.next)
		p.next++
	}
	switch {
	case p.next > p.head:
		p.add(p.head, "", "Le journal compte %d entrées, sa tête en annonce %d.", p.next, p.head)
	case p.stored != tlog.StoredHashCount(p.next):
		p.add(p.next-1, "", "L’arbre compte %d empreintes au lieu de %d.", p.stored, tlog.StoredHashCount(p.next))
	case p.next > 0 && p.checkpoints[p.next] == "":
		p.add(p.next-1, "", "Aucun point de contrôle signé ne couvre la dernière entrée, n° %d.", p.next-1)
	}
	for size := range p.checkpoints {
		if size > p.next {
			p.add(p.next, "", "Un point de contrôle signé couvre %d entrées ; il n’en reste que %d.", size, p.next)
		}
	}
	return nil
}

// checkPublished compares the log with the checkpoint kept outside the database.
func (p *proof) checkPublished(file string) {
	data, err := os.ReadFile(file) // #nosec G304 -- the operator's own file
	if errors.Is(err, fs.ErrNotExist) || file == "" {
		return
	}
	c, err2 := p.key.open(string(data))
	switch {
	case err != nil || err2 != nil:
		p.add(-1, "", "Le point de contrôle publié (%s) n’est pas signé par la clé de ce journal.", file)
	case c.size > p.next:
		p.add(p.next, "", "Le journal est plus court que le point de contrôle publié : %d entrées au lieu de %d au moins. Une ancienne copie a été remise, ou la fin a été coupée à partir de l’entrée n° %d.", p.next, c.size, p.next)
	case p.roots[c.size] != c.root:
		p.add(c.size-1, "", "Le point de contrôle publié après l’entrée n° %d dit autre chose que le journal : une entrée jusqu’à celle-là a été réécrite.", c.size-1)
	}
}
