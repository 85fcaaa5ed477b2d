package access

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"slices"
	"strings"

	"cadre/kit/db"
	"cadre/kit/fault"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "access", Files: files}

// Audience is the set of principals who may read a record, sorted, each once.
type Audience []Principal

// AudienceOf makes the audience of a record of the owner: who was chosen, and always the owner.
func AudienceOf(owner string, chosen ...Principal) Audience {
	a := append(Audience{Structure(owner)}, chosen...)
	slices.Sort(a)
	return slices.Compact(a)
}

// Has reports whether the audience holds the principal.
func (a Audience) Has(p Principal) bool { return slices.Contains(a, p) }

// Structures lists the institutions that the audience names.
func (a Audience) Structures() []string { return a.named("structure:") }

// Persons lists the people whom the audience names.
func (a Audience) Persons() []string { return a.named("person:") }

func (a Audience) named(prefix string) []string {
	var ids []string
	for _, p := range a {
		if id, ok := strings.CutPrefix(string(p), prefix); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// Least is the smallest audience that the same viewers are in: everybody holds the public, and
// whoever holds an institution holds the members. What is counted by it counts for few audiences.
func (a Audience) Least() Audience {
	switch {
	case a.Has(Public):
		return Audience{Public}
	case a.Has(Members):
		return slices.DeleteFunc(slices.Clone(a), func(p Principal) bool { return strings.HasPrefix(string(p), string(Structure(""))) })
	}
	return a
}

// Wider returns the principals of a that are not in before.
func (a Audience) Wider(before Audience) Audience {
	var added Audience
	for _, p := range a {
		if !before.Has(p) {
			added = append(added, p)
		}
	}
	return added
}

// Check refuses an audience wider than what the marking allows (TLP 2.0 §3; see docs/security.md).
func (m Marking) Check(owner string, a Audience) error {
	others := slices.ContainsFunc(a.Structures(), func(id string) bool { return id != owner })
	switch {
	case a.Has(Public) && m > Clear:
		return fault.Invalid("audience", "Seul un contenu marqué « libre » peut être ouvert au public.")
	case a.Has(Members) && m > Green:
		return fault.Invalid("audience", "Au-dessus de « vert », nommez les structures destinataires au lieu de les choisir toutes.")
	case others && (m == AmberStrict || m == Red):
		return fault.Invalid("audience", "Ce marquage reste dans votre structure ou va à des personnes nommées : retirez les autres structures.")
	}
	return nil
}

// AudienceID is the identifier of an audience: the digest of its set.
func AudienceID(a Audience) string {
	text := make([]string, len(a))
	for i, p := range a {
		text[i] = string(p)
	}
	sum := sha256.Sum256([]byte(strings.Join(text, "\n")))
	return hex.EncodeToString(sum[:16])
}

// Intern stores the audience, once per distinct set, and returns its identifier.
func Intern(ctx context.Context, tx *db.Tx, a Audience) (string, error) {
	id := AudienceID(a)
	n, err := tx.Exec(ctx, `INSERT INTO audience (id) VALUES ($1) ON CONFLICT (id) DO NOTHING`, id)
	if err != nil || n == 0 {
		return id, err
	}
	for _, p := range a {
		if _, err := tx.Exec(ctx, `INSERT INTO audience_principal (audience_id, principal) VALUES ($1, $2)`, id, p); err != nil {
			return "", err
		}
	}
	return id, nil
}

// AudienceByID reads an interned audience.
func AudienceByID(ctx context.Context, tx *db.Tx, id string) (Audience, error) {
	a, err := db.Values[Principal](ctx, tx, `SELECT principal FROM audience_principal WHERE audience_id = $1 ORDER BY principal`, id)
	slices.Sort(a)
	return a, err
}

// Audiences reads interned audiences by identifier.
func Audiences(ctx context.Context, tx *db.Tx, ids []string) (map[string]Audience, error) {
	all := map[string]Audience{}
	return all, each(ctx, tx, func(id string, a Audience) { all[id] = a }, `
		SELECT audience_id, principal FROM audience_principal WHERE audience_id IN json_list($1) ORDER BY 1, 2`, db.JSON(ids))
}

// Altered lists the stored audiences that do not hold the set that their identifier is
// the digest of: somebody was added to them, or taken out, by other means than Intern.
func Altered(ctx context.Context, tx *db.Tx) ([]string, error) {
	var altered []string
	err := each(ctx, tx, func(id string, a Audience) {
		if AudienceID(a) != id {
			altered = append(altered, id)
		}
	}, `
		SELECT audience_id, principal FROM audience_principal
		UNION ALL SELECT id, '' FROM audience WHERE NOT EXISTS (SELECT 1 FROM audience_principal WHERE audience_id = id)
		ORDER BY 1, 2`)
	return altered, err
}

// each calls do with every audience that a query lists, one principal a row.
func each(ctx context.Context, tx *db.Tx, do func(string, Audience), query string, args ...any) error {
	type row struct {
		id        string
		principal Principal
	}
	var id string
	var a Audience
	err := db.Each(ctx, tx, func(r *row) []any { return []any{&r.id, &r.principal} }, func(r row) error {
		if r.id != id && a != nil {
			do(id, a)
			a = nil
		}
		id, a = r.id, append(a, r.principal)
		return nil
	}, query, args...)
	if a != nil {
		do(id, a)
	}
	return err
}
