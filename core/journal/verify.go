package journal

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"

	"cadre/kit/db"
	"cadre/kit/text"

	"golang.org/x/mod/sumdb/tlog"
)

// Finding is one thing that the proof of the journal found wrong.
type Finding struct {
	Entry    int64 // place in the log, the first of several; -1 when it is about none
	Subject  string
	Sentence text.Message
}

// Verification is what the proof of the whole journal found.
type Verification struct {
	Size      int64  // entries walked
	Root      string // of the tree over them; empty when it could not be proved
	Erased    int64  // entries whose content was erased by an act of erasure
	Published int64  // entries that the checkpoint kept outside the database covers; 0 without one
	Findings  []Finding
}

func (v *Verification) add(entry int64, subject string, sentence text.Message) {
	v.Findings = append(v.Findings, Finding{entry, subject, sentence})
}

// Verify proves the whole log: that each entry is the one that the tree holds, at its
// place, with its content; that every act ends with a checkpoint, signed by the key, of
// the root of all that precedes; that the stored tree, on which the next act builds, is
// the one that the entries make; and that the log holds all that the published
// checkpoint in file, if there is one, covers. It names each entry that does not agree.
//
// Once a checkpoint disagrees although each of its entries agrees with the tree, its act
// was rewritten with the tree above it, and the roots after it say nothing of the others.
//
// The log is read in batches: memory does not grow with it.
func Verify(ctx context.Context, tx *db.Tx, key Key, file string) (*Verification, error) {
	p := &proof{ctx: ctx, tx: tx, key: key, erased: map[int64]int64{}}
	p.readPublished(file)
	for _, step := range []func() error{p.readHead, p.readErasures, p.walk, p.checkEnd, p.checkStrays} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	p.checkPublished()
	p.Size, p.Published = p.next, p.published.size
	if !p.broken {
		p.Root = p.stored.root().String()
	}
	return &p.Verification, nil
}

type proof struct {
	Verification
	ctx       context.Context
	tx        *db.Tx
	key       Key
	published checkpoint      // of the file; of no entry when there is none
	agrees    bool            // the log agrees with it
	head      int64           // entries that the head counts
	erased    map[int64]int64 // entries whose content an act of erasure forgot, and the entry of that act

	next   int64  // entries walked so far
	signed int64  // of them, those up to the last checkpoint found
	proved int64  // of them, those up to the last checkpoint that agreed
	stored branch // the tree of the leaves that are stored
	read   branch // the tree of the leaves that the entries make
	broken bool   // the tree from proved on is not the one that was signed
}

// branch is a tree over the entries walked, and what of the stored tree disagrees with it.
type branch struct {
	edge
	wrong []Finding
}

func (b *branch) clone() branch { return branch{b.edge.clone(), slices.Clone(b.wrong)} }

// batch is how many entries are read at a time.
const batch = 1000

// beyond is a length that no journal reaches. A larger number was written by hand, and
// must not reach the arithmetic of the tree.
const beyond = 1 << 60

// chapter is a batch of entries with what is stored about them.
type chapter struct {
	entries     []Entry
	hashes      map[int64]tlog.Hash
	checkpoints map[int64]opened // by size
}

func (c chapter) leaf(n int64) (tlog.Hash, bool) {
	h, ok := c.hashes[tlog.StoredHashIndex(0, n)]
	return h, ok
}

func (p *proof) readPublished(file string) {
	p.published.root = emptyRoot
	data, err := os.ReadFile(file) // #nosec G304 -- the operator's own file
	if file == "" || errors.Is(err, fs.ErrNotExist) || err == nil && len(data) == 0 {
		return
	}
	if err == nil {
		p.published, err = p.key.open(string(data))
	}
	if err != nil {
		p.add(-1, "", text.M("Le point de contrôle publié (%s) n’est pas signé par la clé de ce journal.", file))
		p.published = checkpoint{root: emptyRoot}
	}
}

func (p *proof) readHead() (err error) {
	p.head, err = db.Value[int64](p.ctx, p.tx, `SELECT size FROM journal_head WHERE id = 1`)
	if errors.Is(err, db.ErrNone) {
		p.add(-1, "", text.M("La tête du journal a été supprimée."))
		return nil
	}
	return err
}

func (p *proof) readErasures() error {
	return Each(p.ctx, p.tx, func(e Entry) error {
		if e.intact() {
			for _, n := range e.erasedEntries() {
				p.erased[n] = e.N
			}
		}
		return nil
	}, ErasedAction)
}

func (p *proof) walk() error {
	p.agrees = p.published.size == 0
	for from := int64(0); ; {
		c, err := p.chapter(from)
		if err != nil || len(c.entries) == 0 {
			return err
		}
		for _, e := range c.entries {
			p.entry(e, c)
		}
		from = p.next
	}
}

// chapter reads the entries from a place on, with what is stored about them and about those missing before.
func (p *proof) chapter(from int64) (c chapter, err error) {
	c.entries, err = db.All(p.ctx, p.tx, (*Entry).fields, `SELECT `+columns+` FROM journal_entry WHERE n >= $1 AND n < $2 ORDER BY n LIMIT $3`, from, int64(beyond), batch)
	if err != nil || len(c.entries) == 0 {
		return c, err
	}
	return c, p.surround(&c, c.entries[len(c.entries)-1].N+1)
}

// surround reads the hashes and checkpoints of the entries from the next one to the end.
func (p *proof) surround(c *chapter, end int64) (err error) {
	c.hashes, err = readHashes(p.ctx, p.tx, `i >= $1 AND i < $2`, tlog.StoredHashIndex(0, p.next), tlog.StoredHashIndex(0, end))
	if err != nil {
		return err
	}
	signed, err := db.All(p.ctx, p.tx, func(s *opened) []any { return []any{&s.place, &s.note} },
		`SELECT size, note FROM journal_checkpoint WHERE size > $1 AND size <= $2`, p.next, end)
	p.key.openAll(signed)
	c.checkpoints = make(map[int64]opened, len(signed))
	for _, s := range signed {
		c.checkpoints[s.place] = s
	}
	return err
}

func (p *proof) entry(e Entry, c chapter) {
	p.gap(e.N, c)
	if p.next < e.N { // neither the entries nor their leaves are there: the tree after them is lost
		p.broken, p.next, p.signed = true, e.N, e.N
	}
	if e.Act == e.N {
		p.checkCovered()
	}
	leaf, err := e.leaf()
	stored, ok := c.leaf(e.N)
	erasure, erased := p.erased[e.N]
	switch {
	case !ok:
		p.add(e.N, e.Subject, text.M("L’entrée n° %d (%s) n’est pas dans l’arbre : elle a été ajoutée, ou l’arbre a été coupé.", e.N, e.Action))
		stored = leaf
	case err != nil || stored != leaf:
		p.add(e.N, e.Subject, text.M("L’entrée n° %d (%s) et son empreinte dans l’arbre ne concordent plus : l’une des deux a été modifiée.", e.N, e.Action))
	case erased && e.Salt == nil && e.Content == "":
		p.Erased++
	case erased:
		p.add(e.N, e.Subject, text.M("Le contenu de l’entrée n° %d (%s), effacé par l’entrée n° %d, est revenu.", e.N, e.Action, erasure))
	case !e.intact():
		p.add(e.N, e.Subject, text.M("Le contenu ou le sel de l’entrée n° %d (%s) a été modifié.", e.N, e.Action))
	}
	p.grow(stored, leaf, c)
}

// gap walks over the entries that are missing before place to, as far as their leaves are stored.
func (p *proof) gap(to int64, c chapter) {
	if p.next == to {
		return
	}
	p.add(p.next, "", span(p.next, to-1, text.Key("L’entrée n° %d manque."), text.Key("Les entrées n° %d à %d manquent.")))
	for p.next < to {
		leaf, ok := c.leaf(p.next)
		if !ok {
			return
		}
		p.grow(leaf, leaf, c)
	}
}

// span words what is true of one entry, or of several that follow each other.
func span(first, last int64, one, many string) text.Message {
	if first == last {
		return text.M(one, first)
	}
	return text.M(many, first, last)
}

// grow walks over one more entry: its leaf as stored, and as the entry makes it.
func (p *proof) grow(stored, read tlog.Hash, c chapter) {
	p.next++
	if !p.broken {
		p.stored.add(stored, c)
		p.read.add(read, c)
	}
	if signed, ok := c.checkpoints[p.next]; ok {
		p.checkpoint(signed)
	}
	if p.next == p.published.size {
		p.agrees = !p.broken && p.stored.root() == p.published.root
	}
}

// add grows the branch and notes which stored hash above the leaf is not its own.
func (b *branch) add(leaf tlog.Hash, c chapter) {
	n := b.size
	for level, h := range b.grow(leaf) {
		if stored, ok := c.hashes[tlog.StoredHashIndex(0, n)+int64(level)]; level > 0 && (!ok || stored != h) {
			first := n + 1 - 1<<level
			b.wrong = append(b.wrong, Finding{first, "", text.M("L’empreinte des entrées n° %d à %d dans l’arbre a été modifiée.", first, n)})
		}
	}
}

// checkpoint checks what was signed after the last entry walked. The branch that it
// proves goes on; the other held what is named already.
func (p *proof) checkpoint(c opened) {
	p.signed = p.next
	switch {
	case c.err != nil, c.size != p.next:
		p.add(p.next-1, "", text.M("Le point de contrôle après l’entrée n° %d n’est pas celui que la clé de ce journal a signé.", p.next-1))
	case p.broken:
	case c.root == p.stored.root():
		p.keep(&p.stored)
	case c.root == p.read.root():
		p.keep(&p.read)
	default:
		p.broken = true
		p.add(p.proved, "", text.M("%s : le point de contrôle signé à ce moment dit autre chose.",
			span(p.proved, p.next-1, text.Key("L’entrée n° %d a été réécrite"), text.Key("L’une des entrées n° %d à %d a été réécrite"))))
	}
}

func (p *proof) keep(b *branch) {
	p.Findings = append(p.Findings, b.wrong...)
	b.wrong = nil
	p.stored, p.read, p.proved = b.clone(), b.clone(), p.next
}

// checkCovered checks that the last act walked ended with a checkpoint.
func (p *proof) checkCovered() {
	if p.signed != p.next {
		p.add(p.next-1, "", text.M("Aucun point de contrôle signé ne suit l’entrée n° %d, la dernière de son acte.", p.next-1))
		p.signed = p.next
	}
}

// checkEnd compares the end of the walk with the head: entries may be missing there, or be too many.
func (p *proof) checkEnd() error {
	switch head := min(p.head, beyond); {
	case head > p.next:
		var c chapter
		if err := p.surround(&c, head); err != nil {
			return err
		}
		p.gap(head, c)
	case head < p.next:
		p.add(max(head, 0), "", text.M("Le journal compte %d entrées, sa tête en annonce %d.", p.next, head))
	}
	p.checkCovered()
	if !p.broken {
		p.Findings = append(p.Findings, p.stored.wrong...)
	}
	return nil
}

// checkStrays looks for what is stored outside the log's places.
func (p *proof) checkStrays() error {
	strays := func(query string, sentence string, args ...any) error {
		all, err := db.Values[int64](p.ctx, p.tx, query+` LIMIT `+strconv.Itoa(batch), args...)
		for _, n := range all {
			p.add(p.next, "", text.M(sentence, n, p.next))
		}
		return err
	}
	return errors.Join(
		strays(`SELECT n FROM journal_entry WHERE n < 0 OR n >= $1 ORDER BY n`, text.Key("Une entrée n° %d a été ajoutée à un journal de %d entrées."), int64(beyond)),
		strays(`SELECT size FROM journal_checkpoint WHERE size < 1 OR size > $1 ORDER BY size`, text.Key("Un point de contrôle couvre %d entrées ; le journal en compte %d."), p.next),
		strays(`SELECT i FROM journal_hash WHERE i < 0 OR i >= $1 ORDER BY i`, text.Key("L’empreinte n° %d de l’arbre n’est celle d’aucune des %d entrées."), tlog.StoredHashCount(p.next)))
}

// checkPublished compares the log with the checkpoint kept outside the database.
func (p *proof) checkPublished() {
	switch n := p.published.size; {
	case n > p.next:
		p.add(p.next, "", text.M("Le journal est plus court que le point de contrôle publié : %d entrées au lieu de %d au moins. Une ancienne copie a été remise, ou la fin a été coupée à partir de l’entrée n° %d.", p.next, n, p.next))
	case !p.agrees && !p.broken:
		p.add(n-1, "", text.M("Le point de contrôle publié après l’entrée n° %d dit autre chose que le journal : une entrée jusqu’à celle-là a été réécrite.", n-1))
	}
}
