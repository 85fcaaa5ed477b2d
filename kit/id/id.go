// Package id makes identifiers: UUID version 7 (RFC 9562), random enough that
// one identifier tells nothing of another, ordered by time so that indexes stay compact.
package id

import "github.com/google/uuid"

// New returns a fresh identifier, 36 characters of lower-case hexadecimal and hyphens.
func New() string { return uuid.Must(uuid.NewV7()).String() }

// Valid reports whether s has the canonical form of an identifier. A page or an
// endpoint answers "not found" to any other, without asking the database.
func Valid(s string) bool {
	u, err := uuid.Parse(s)
	return err == nil && u.String() == s
}
