package journal

import (
	"context"
	"fmt"
	"math/bits"
	"slices"

	"cadre/kit/db"

	"golang.org/x/mod/sumdb/tlog"
)

// edge is the right edge of the tree over the first size entries: the hashes of its
// full subtrees, the widest first. A leaf is added, and the root computed, from it alone.
type edge struct {
	size   int64
	hashes []tlog.Hash
}

// grow adds a leaf and returns what the tree then stores from place
// tlog.StoredHashIndex(0, size) on: the leaf and each subtree that it completes.
func (e *edge) grow(leaf tlog.Hash) []tlog.Hash {
	stored := []tlog.Hash{leaf}
	for n := e.size; n&1 == 1; n >>= 1 {
		last := len(e.hashes) - 1
		leaf = tlog.NodeHash(e.hashes[last], leaf)
		e.hashes = e.hashes[:last]
		stored = append(stored, leaf)
	}
	e.hashes = append(e.hashes, leaf)
	e.size++
	return stored
}

// root is the root of the tree.
func (e *edge) root() tlog.Hash {
	if e.size == 0 {
		return emptyRoot
	}
	h := e.hashes[len(e.hashes)-1]
	for _, left := range slices.Backward(e.hashes[:len(e.hashes)-1]) {
		h = tlog.NodeHash(left, h)
	}
	return h
}

var emptyRoot, _ = tlog.TreeHash(0, nil) // of no entry at all: it reads nothing and cannot fail

func (e *edge) clone() edge { return edge{e.size, slices.Clone(e.hashes)} }

// readEdge reads the right edge of the tree over the first size entries.
func readEdge(ctx context.Context, tx *db.Tx, size int64) (edge, error) {
	e := edge{size: size}
	if size == 0 {
		return e, nil
	}
	var places []int64
	for lo := int64(0); lo < size; {
		level := bits.Len64(uint64(size-lo)) - 1 // #nosec G115 -- not negative
		places = append(places, tlog.StoredHashIndex(level, lo>>level))
		lo += 1 << level
	}
	stored, err := readHashes(ctx, tx, `i IN json_numbers($1)`, db.JSON(places))
	for _, i := range places {
		h, ok := stored[i]
		if !ok && err == nil {
			err = altered(fmt.Errorf("hash %d of the tree is missing", i))
		}
		e.hashes = append(e.hashes, h)
	}
	return e, err
}

// readHashes reads the stored hashes that meet a condition, by their place.
func readHashes(ctx context.Context, tx *db.Tx, where string, args ...any) (map[int64]tlog.Hash, error) {
	type row struct {
		i    int64
		hash []byte
	}
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.i, &r.hash} }, `SELECT i, hash FROM journal_hash WHERE `+where, args...)
	all := make(map[int64]tlog.Hash, len(rows))
	for _, r := range rows {
		if len(r.hash) == tlog.HashSize { // another length is no hash, as good as absent
			all[r.i] = tlog.Hash(r.hash)
		}
	}
	return all, err
}
