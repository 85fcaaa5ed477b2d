package journal_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/test"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// named lists the entries that a verification names, each once.
func named(v *journal.Verification) []int64 {
	var all []int64
	for _, f := range v.Findings {
		all = append(all, f.Entry)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func leafOf(t *testing.T, e journal.Entry) tlog.Hash {
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return tlog.RecordHash(b)
}

func (b *book) set(n int64, column string, value any) {
	b.sql(`UPDATE journal_entry SET `+column+` = $1 WHERE n = $2`, value, n)
}

// recommit changes an entry's content together with its commitment.
func (b *book) recommit(n int64, content string) {
	sum := sha256.Sum256(append(b.entries()[n].Salt, content...))
	b.set(n, "content", content)
	b.set(n, "commitment", hex.EncodeToString(sum[:]))
}

// releaf makes the tree's leaf agree with the entry, and nothing above it.
func (b *book) releaf(n int64) {
	h := leafOf(b.t, b.entries()[n])
	b.sql(`UPDATE journal_hash SET hash = $1 WHERE i = $2`, h[:], tlog.StoredHashIndex(0, n))
}

// retree makes the whole tree agree with the entries, and the head with their number.
func (b *book) retree() {
	var tree []tlog.Hash
	for n, e := range b.entries() {
		more, err := tlog.StoredHashesForRecordHash(int64(n), leafOf(b.t, e), tlog.HashReaderFunc(func(places []int64) ([]tlog.Hash, error) {
			var all []tlog.Hash
			for _, i := range places {
				all = append(all, tree[i])
			}
			return all, nil
		}))
		if err != nil {
			b.t.Fatal(err)
		}
		tree = append(tree, more...)
	}
	for i, h := range tree {
		b.sql(`INSERT INTO journal_hash (i, hash) VALUES ($1, $2) ON CONFLICT (i) DO UPDATE SET hash = excluded.hash WHERE journal_hash.hash <> excluded.hash`, i, h[:])
	}
	b.sql(`UPDATE journal_head SET size = (SELECT count(*) FROM journal_entry)`)
}

// resign signs every checkpoint anew, with another key of the same name.
func (b *book) resign() {
	name, _, _ := strings.Cut(b.key.Verifier, "+")
	secret, _, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		b.t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.checkpoints() {
		root, err := tlog.TreeHash(c.N, b.hashes())
		if err != nil {
			b.t.Fatal(err)
		}
		signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", name, c.N, root)}, signer)
		if err != nil {
			b.t.Fatal(err)
		}
		b.sql(`UPDATE journal_checkpoint SET note = $1 WHERE size = $2`, string(signed), c.N)
	}
}

// cut takes away everything from place n on, consistently.
func (b *book) cut(n int64) {
	b.sql(`DELETE FROM journal_entry WHERE n >= $1`, n)
	b.sql(`DELETE FROM journal_hash WHERE i >= $1`, tlog.StoredHashCount(n))
	b.sql(`DELETE FROM journal_checkpoint WHERE size > $1`, n)
	b.sql(`UPDATE journal_head SET size = $1`, n)
}

// swap exchanges a column of entries 4 and 7.
func (b *book) swap(column string) {
	all := b.entries()
	value := map[string]func(journal.Entry) any{
		"salt":    func(e journal.Entry) any { return e.Salt },
		"content": func(e journal.Entry) any { return e.Content },
	}[column]
	b.set(4, column, value(all[7]))
	b.set(7, column, value(all[4]))
}

// forge adds an entry at place n like the one before it.
func (b *book) forge(n int64) {
	b.sql(`INSERT INTO journal_entry SELECT $1, act, at, person_id, function, structure_id, action, subject, version, commitment, salt, content FROM journal_entry WHERE n = 4`, n)
}

// The acts of the journal under attack: entries 0 | 1, 2 | 3, 4, 5 | 6 | 7, 8 | 9, 10, 11.
var attacks = []struct {
	name  string
	do    func(*book)
	names []int64
}{
	{"place changed", func(b *book) { b.set(4, "n", 12) }, []int64{4, 12}},
	{"act changed", func(b *book) { b.set(4, "act", 2) }, []int64{4}},
	{"time changed", func(b *book) { b.set(4, "at", test.Noon.UnixMicro()+1) }, []int64{4}},
	{"time beyond all calendars", func(b *book) { b.set(4, "at", int64(math.MaxInt64)) }, []int64{4}},
	{"person changed", func(b *book) { b.set(4, "person_id", "p-other") }, []int64{4}},
	{"function changed", func(b *book) { b.set(4, "function", "head") }, []int64{4}},
	{"structure changed", func(b *book) { b.set(4, "structure_id", "s-cnad") }, []int64{4}},
	{"action changed", func(b *book) { b.set(4, "action", "directory.mission.added") }, []int64{4}},
	{"passed off as an erasure", func(b *book) { b.set(4, "action", journal.ErasedAction) }, []int64{4}},
	{"subject changed", func(b *book) { b.set(4, "subject", "mission-9") }, []int64{4}},
	{"version changed", func(b *book) { b.set(4, "version", 7) }, []int64{4}},
	{"commitment changed", func(b *book) { b.set(4, "commitment", strings.Repeat("0", 64)) }, []int64{4}},
	{"salt changed", func(b *book) { b.set(4, "salt", make([]byte, 32)) }, []int64{4}},
	{"content changed", func(b *book) { b.set(4, "content", `{}`) }, []int64{4}},
	{"content forgotten", func(b *book) { b.sql(`UPDATE journal_entry SET salt = NULL, content = NULL WHERE n = 4`) }, []int64{4}},
	{"content moved into the salt", func(b *book) {
		e := b.entries()[4]
		b.set(4, "salt", append(e.Salt, e.Content...))
		b.set(4, "content", "")
	}, []int64{4}},
	{"content changed with its commitment", func(b *book) { b.recommit(4, `{}`) }, []int64{4}},
	{"and with its leaf, in an act of three", func(b *book) { b.recommit(4, `{}`); b.releaf(4) }, []int64{3}},
	{"and with its leaf, in an act of one", func(b *book) { b.recommit(6, `{}`); b.releaf(6) }, []int64{6}},
	{"and with the whole tree, in an act of three", func(b *book) { b.recommit(4, `{}`); b.retree() }, []int64{3}},
	{"and with the whole tree, in an act of one", func(b *book) { b.recommit(6, `{}`); b.retree() }, []int64{6}},
	{"and with the whole tree and other signatures", func(b *book) { b.recommit(6, `{}`); b.retree(); b.resign() }, []int64{0, 2, 5, 6, 8, 11}},
	{"first deleted", func(b *book) { b.sql(`DELETE FROM journal_entry WHERE n = 0`) }, []int64{0}},
	{"one deleted", func(b *book) { b.sql(`DELETE FROM journal_entry WHERE n = 4`) }, []int64{4}},
	{"several deleted", func(b *book) { b.sql(`DELETE FROM journal_entry WHERE n > 3 AND n < 8`) }, []int64{4}},
	{"last deleted", func(b *book) { b.sql(`DELETE FROM journal_entry WHERE n = 11`) }, []int64{11}},
	{"deleted with its leaf", func(b *book) {
		b.sql(`DELETE FROM journal_entry WHERE n = 4`)
		b.sql(`DELETE FROM journal_hash WHERE i = $1`, tlog.StoredHashIndex(0, 4))
	}, []int64{4}},
	{"last deleted, head moved", func(b *book) {
		b.sql(`DELETE FROM journal_entry WHERE n = 11`)
		b.sql(`UPDATE journal_head SET size = 11`)
	}, []int64{10, 11}},
	{"all deleted", func(b *book) { b.cut(0) }, []int64{0}},
	{"forged at the end", func(b *book) { b.forge(12) }, []int64{12}},
	{"forged at the end, with its tree", func(b *book) { b.forge(12); b.retree() }, []int64{12}},
	{"forged in the middle", func(b *book) {
		b.sql(`UPDATE journal_entry SET n = -n WHERE n > 4`)
		b.sql(`UPDATE journal_entry SET n = 1 - n WHERE n < 0`)
		b.forge(5)
	}, []int64{5, 6, 7, 8, 9, 10, 11, 12}},
	{"forged before the first", func(b *book) { b.forge(math.MinInt64) }, []int64{12}},
	{"forged beyond all places", func(b *book) { b.forge(math.MaxInt64) }, []int64{12}},
	{"forged far away", func(b *book) { b.forge(1 << 50) }, []int64{12, 1 << 50}},
	{"two reordered", func(b *book) { b.set(4, "n", -1); b.set(7, "n", 4); b.set(-1, "n", 7) }, []int64{4, 7}},
	{"two salts exchanged", func(b *book) { b.swap("salt") }, []int64{4, 7}},
	{"two contents exchanged", func(b *book) { b.swap("content") }, []int64{4, 7}},
	{"end cut", func(b *book) { b.cut(6) }, []int64{6}},
	{"end cut inside an act", func(b *book) { b.cut(8) }, []int64{7, 8}},
	{"a checkpoint deleted", func(b *book) { b.sql(`DELETE FROM journal_checkpoint WHERE size = 6`) }, []int64{5}},
	{"last checkpoint deleted", func(b *book) { b.sql(`DELETE FROM journal_checkpoint WHERE size = 12`) }, []int64{11}},
	{"every checkpoint deleted", func(b *book) { b.sql(`DELETE FROM journal_checkpoint`) }, []int64{0, 2, 5, 6, 8, 11}},
	{"checkpoints of another key", func(b *book) { b.resign() }, []int64{0, 2, 5, 6, 8, 11}},
	{"a checkpoint moved", func(b *book) { b.sql(`UPDATE journal_checkpoint SET size = 4 WHERE size = 3`) }, []int64{2, 3}},
	{"a checkpoint of no entry", func(b *book) { b.sql(`UPDATE journal_checkpoint SET size = 0 WHERE size = 3`) }, []int64{2, 12}},
	{"a leaf changed", func(b *book) { b.sql(`UPDATE journal_hash SET hash = $1 WHERE i = 7`, make([]byte, 32)) }, []int64{4}},
	{"a leaf changed, another act rewritten", func(b *book) {
		b.recommit(6, `{}`)
		b.retree()
		b.sql(`UPDATE journal_hash SET hash = $1 WHERE i = 0`, make([]byte, 32))
	}, []int64{0, 6}},
	{"an inner hash changed", func(b *book) { b.sql(`UPDATE journal_hash SET hash = $1 WHERE i = 6`, make([]byte, 32)) }, []int64{0}},
	{"an inner hash deleted", func(b *book) { b.sql(`DELETE FROM journal_hash WHERE i = 9`) }, []int64{4}},
	{"a hash cut short", func(b *book) { b.sql(`UPDATE journal_hash SET hash = $1 WHERE i = 7`, []byte{1}) }, []int64{4}},
	{"hashes of no entry", func(b *book) {
		b.sql(`INSERT INTO journal_hash (i, hash) VALUES (-5, $1), ($2, $1)`, make([]byte, 32), int64(math.MaxInt64))
	}, []int64{12}},
	{"head deleted", func(b *book) { b.sql(`DELETE FROM journal_head`) }, []int64{-1, 0}},
	{"head too low", func(b *book) { b.sql(`UPDATE journal_head SET size = 10`) }, []int64{10}},
	{"head too high", func(b *book) { b.sql(`UPDATE journal_head SET size = $1`, int64(math.MaxInt64)) }, []int64{12}},
	{"published checkpoint of another key", func(b *book) {
		b.resign()
		forged := read(b, func(tx *db.Tx) (string, error) { return journal.Latest(ctx, tx) })
		if err := os.WriteFile(b.file, []byte(forged), 0o600); err != nil {
			b.t.Fatal(err)
		}
	}, []int64{-1, 0, 2, 5, 6, 8, 11}},
}

func TestVerifyNamesWhatWasAltered(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		for _, a := range attacks {
			t.Run(a.name, func(t *testing.T) {
				b := open(t, d)
				b.acts(12)
				a.do(b)
				if v := b.verify(); !slices.Equal(named(v), a.names) {
					t.Errorf("Verify names %v, want %v\n%+v", named(v), a.names, v.Findings)
				}
			})
		}
	})
}

func TestNothingIsAddedToAForgedJournal(t *testing.T) {
	test.EachDB(t, schemas, func(t *testing.T, d *db.DB) {
		for name, forge := range map[string]func(*book){
			"rewritten with its tree":       func(b *book) { b.set(4, "person_id", "p-other"); b.retree() },
			"rewritten and signed by other": func(b *book) { b.set(4, "person_id", "p-other"); b.retree(); b.resign() },
			"an inner hash":                 func(b *book) { b.sql(`UPDATE journal_hash SET hash = $1 WHERE i = 14`, make([]byte, 32)) },
			"a hash cut short":              func(b *book) { b.sql(`UPDATE journal_hash SET hash = $1`, []byte{1}) },
			"end cut":                       func(b *book) { b.cut(6) },
			"end cut, server restarted":     func(b *book) { b.cut(6); b.restart() },
			"checkpoint deleted":            func(b *book) { b.sql(`DELETE FROM journal_checkpoint WHERE size = 12`) },
			"head deleted":                  func(b *book) { b.sql(`DELETE FROM journal_head`) },
			"head below nothing":            func(b *book) { b.sql(`UPDATE journal_head SET size = -1`) },
			"head beyond everything":        func(b *book) { b.sql(`UPDATE journal_head SET size = $1`, int64(1)<<62) },
		} {
			t.Run(name, func(t *testing.T) {
				b := open(t, d)
				b.acts(12)
				published, _ := os.ReadFile(b.file)
				forge(b)
				if err := b.act(1); fault.KindOf(err) != fault.Unavailable {
					t.Errorf("the next act: %v", err)
				}
				if len(b.verify().Findings) == 0 {
					t.Error("Verify finds nothing")
				}
				if now, _ := os.ReadFile(b.file); string(now) != string(published) {
					t.Errorf("published since: %s", now)
				}
			})
		}
	})
}

func TestAnOldCopyPutBackIsNoticed(t *testing.T) {
	address, old := test.Address(t, db.SQLite), filepath.Join(t.TempDir(), "old.db")
	file := strings.TrimPrefix(address, "sqlite:")
	b := open(t, test.Open(t, address, schemas))
	copyClosed := func(from, to string) {
		data, err := os.ReadFile(from)
		if err := errors.Join(err, b.db.Close(), os.WriteFile(to, data, 0o600)); err != nil {
			t.Fatal(err)
		}
		b.db = test.Open(t, address, schemas)
		b.restart()
	}
	b.acts(6)
	_ = b.db.Close() // the file is whole once closed
	copyClosed(file, old)
	b.acts(3)
	copyClosed(old, file)
	if got := named(b.verify()); !slices.Equal(got, []int64{6}) {
		t.Errorf("Verify names %v", got)
	}
	for range 5 { // nor may it grow longer than the one that was published
		if err := b.act(1); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("another history was signed: %v", err)
		}
	}
}
