package account

import (
	"context"
	"embed"
	"errors"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/page"
	"cadre/kit/text"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of this room.
var Schema = db.Schema{Room: "account", Files: files}

const personColumns = `person.id, person.email, person.name, person.phone, person.structure_id, person.clearance, person.language,
	person.state, person.mandate, person.absent_from, person.absent_to, person.substitute_id, person.version, person.created_at, person.updated_at`

func (p *Person) fields() []any {
	return []any{&p.ID, &p.Email, &p.Name, &p.Phone, &p.Structure, &p.Clearance, &p.Language,
		&p.State, &p.Mandate, db.Instant(&p.Absence.From), db.Instant(&p.Absence.To), &p.Absence.Substitute, &p.Version,
		db.Instant(&p.Created), db.Instant(&p.Updated)}
}

func (q *Post) fields() []any {
	return []any{&q.ID, &q.Person, &q.Function, db.Instant(&q.From), db.Instant(&q.To)}
}

const postColumns = `id, person_id, function, from_at, to_at`

// find reads a person with their posts; who does not exist is missing.
func find(ctx context.Context, tx *db.Tx, personID string) (Person, error) {
	if !id.Valid(personID) {
		return Person{}, fault.Missing()
	}
	return findBy(ctx, tx, `person.id = $1`, personID)
}

func findBy(ctx context.Context, tx *db.Tx, condition, value string) (Person, error) {
	p, err := db.One(ctx, tx, (*Person).fields, `SELECT `+personColumns+` FROM person WHERE `+condition, value)
	if errors.Is(err, db.ErrNone) {
		return p, fault.Missing()
	}
	if err != nil {
		return p, err
	}
	p.Posts, err = db.All(ctx, tx, (*Post).fields, `SELECT `+postColumns+` FROM person_function WHERE person_id = $1 ORDER BY from_at, id`, p.ID)
	return p, err
}

// serving lists the people of an institution with their posts, by name.
func serving(ctx context.Context, tx *db.Tx, structure string) ([]Person, error) {
	all, err := db.All(ctx, tx, (*Person).fields, `SELECT `+personColumns+` FROM person
		WHERE structure_id = $1 AND state <> 'erased' ORDER BY sort_key, id`, structure)
	if err != nil {
		return nil, err
	}
	return all, withPosts(ctx, tx, all)
}

// withPosts fills in the posts of people just read.
func withPosts(ctx context.Context, tx *db.Tx, people []Person) error {
	at := map[string]*Person{}
	ids := make([]string, len(people))
	for i := range people {
		ids[i] = people[i].ID
		at[people[i].ID] = &people[i]
	}
	posts, err := db.All(ctx, tx, (*Post).fields, `SELECT `+postColumns+` FROM person_function
		WHERE person_id IN json_list($1) ORDER BY from_at, id`, db.JSON(ids))
	for _, q := range posts {
		at[q.Person].Posts = append(at[q.Person].Posts, q)
	}
	return err
}

// Filter narrows a list of people; an empty field does not.
type Filter struct {
	Structure string // identifier
	State     State
}

const matching = `person.state <> 'erased' AND ($1 = '' OR person.structure_id = $1) AND ($2 = '' OR person.state = $2)`

type listed struct {
	Person
	key     string
	invited bool // has not chosen a password yet
}

// list returns a page of people by name.
func list(ctx context.Context, tx *db.Tx, f Filter, r page.Request) (page.Of[listed], error) {
	compare, order := `> ($3, $4)`, `ASC`
	if r.Back {
		compare, order = `< ($3, $4)`, `DESC`
	}
	rows, err := db.All(ctx, tx, func(l *listed) []any { return append(l.fields(), &l.key, &l.invited) }, `
		SELECT `+personColumns+`, person.sort_key, coalesce(person_secret.password, '') = ''
		FROM person LEFT JOIN person_secret ON person_secret.person_id = person.id
		WHERE `+matching+` AND (person.sort_key, person.id) `+compare+`
		ORDER BY person.sort_key `+order+`, person.id `+order+` LIMIT $5`, f.Structure, f.State, r.Key, r.ID, r.Limit+1)
	if err != nil {
		return page.Of[listed]{}, err
	}
	total, err := db.Value[int](ctx, tx, `SELECT count(*) FROM person WHERE `+matching, f.Structure, f.State)
	return page.Cut(r, rows, total, func(l listed) (string, string) { return l.key, l.ID }), err
}

// insert stores a new person and their posts.
func insert(ctx context.Context, act *journal.Act, p Person) error {
	_, err := act.Exec(ctx, `
		INSERT INTO person (id, email, email_key, name, sort_key, phone, structure_id, clearance, language, state, mandate, substitute_id, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', $12, $13, $14)`,
		p.ID, p.Email, EmailKey(p.Email), p.Name, text.SortKey(p.Name), p.Phone, p.Structure, p.Clearance, p.Language, p.State, p.Mandate, p.Version, p.Created, p.Updated)
	if err != nil {
		return taken(err)
	}
	_, err = act.Exec(ctx, `INSERT INTO person_secret (person_id, password, totp_counter) VALUES ($1, '', 0)`, p.ID)
	for _, q := range p.Posts {
		if err == nil {
			err = insertPost(ctx, act, q)
		}
	}
	return err
}

func insertPost(ctx context.Context, act *journal.Act, q Post) error {
	_, err := act.Exec(ctx, `INSERT INTO person_function (id, person_id, function, from_at, to_at) VALUES ($1, $2, $3, $4, $5)`,
		q.ID, q.Person, q.Function, q.From, q.To)
	return err
}

func endPost(ctx context.Context, act *journal.Act, q Post) error {
	_, err := act.Exec(ctx, `UPDATE person_function SET to_at = $1 WHERE id = $2`, q.To, q.ID)
	return err
}

func taken(err error) error {
	if errors.Is(err, db.ErrTwice) {
		return fault.Invalid("email", "Cette adresse est déjà celle d’un compte. Donnez-en une autre.")
	}
	return err
}

// save stores the new version of a person that the act has found and altered, and
// journals it. expect is the version that its author read: when another has come
// since, nothing is written.
func (p *Person) save(ctx context.Context, act *journal.Act, expect int64, action string) error {
	key := EmailKey(p.Email)
	if p.State == Erased {
		key = p.ID
	}
	n, err := act.Exec(ctx, `
		UPDATE person SET email = $1, email_key = $2, name = $3, sort_key = $4, phone = $5, clearance = $6, language = $7, state = $8,
			mandate = $9, absent_from = $10, absent_to = $11, substitute_id = $12, structure_id = $13, version = version + 1, updated_at = $14
		WHERE id = $15 AND version = $16`,
		p.Email, key, p.Name, text.SortKey(p.Name), p.Phone, p.Clearance, p.Language, p.State,
		p.Mandate, p.Absence.From, p.Absence.To, p.Absence.Substitute, p.Structure, act.At, p.ID, expect)
	if err != nil {
		return taken(err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "Quelqu’un a modifié ce compte entre-temps. Relisez ce qui est enregistré, puis recommencez.")
	}
	p.Version, p.Updated = expect+1, act.At
	return act.Record(ctx, action, p.ID, p.Version, p.snapshot())
}

// secret is what proves who a person is.
type secret struct {
	Password string // PHC form; empty until chosen
	TOTP     []byte // sealed; nil when not enrolled
	Counter  int64  // of the last code accepted
}

const secretColumns = `person_secret.password, person_secret.totp, person_secret.totp_counter`

func (s *secret) fields() []any { return []any{&s.Password, &s.TOTP, &s.Counter} }

func secretOf(ctx context.Context, tx *db.Tx, personID string) (secret, error) {
	return db.One(ctx, tx, (*secret).fields, `SELECT `+secretColumns+` FROM person_secret WHERE person_id = $1`, personID)
}

// credentialsOf reads a person and what proves it, by address, in the same two
// queries whether the address exists or not; both are zero for an unknown one.
func credentialsOf(ctx context.Context, tx *db.Tx, email string) (Person, secret, error) {
	type row struct {
		Person
		secret
	}
	key := EmailKey(email)
	r, err := db.One(ctx, tx, func(r *row) []any { return append(r.Person.fields(), r.secret.fields()...) }, `
		SELECT `+personColumns+`, `+secretColumns+` FROM person JOIN person_secret ON person_secret.person_id = person.id
		WHERE person.email_key = $1`, key)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return Person{}, secret{}, err
	}
	r.Posts, err = db.All(ctx, tx, (*Post).fields, `SELECT `+postColumns+` FROM person_function WHERE person_id = $1 ORDER BY from_at, id`, r.ID)
	return r.Person, r.secret, err
}

func setPassword(ctx context.Context, tx *db.Tx, personID, hash string) error {
	_, err := tx.Exec(ctx, `UPDATE person_secret SET password = $1 WHERE person_id = $2`, hash, personID)
	return err
}

func setTOTP(ctx context.Context, tx *db.Tx, personID string, sealed []byte, counter int64) error {
	_, err := tx.Exec(ctx, `UPDATE person_secret SET totp = $1, totp_counter = $2 WHERE person_id = $3`, sealed, counter, personID)
	return err
}

// useCounter takes the code of a counter for good; it reports false when it, or a later one, was taken before.
func useCounter(ctx context.Context, tx *db.Tx, personID string, counter int64) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE person_secret SET totp_counter = $1 WHERE person_id = $2 AND totp_counter < $1`, counter, personID)
	return n == 1, err
}

// useRecoveryCode takes a recovery code for good; it reports false for one that does not exist or was taken before.
func useRecoveryCode(ctx context.Context, tx *db.Tx, personID, hash string, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE recovery_code SET used_at = $1 WHERE person_id = $2 AND hash = $3 AND used_at IS NULL`, at, personID, hash)
	return n == 1, err
}

func replaceRecoveryCodes(ctx context.Context, tx *db.Tx, personID string, hashes []string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_code WHERE person_id = $1`, personID); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := tx.Exec(ctx, `INSERT INTO recovery_code (person_id, hash) VALUES ($1, $2)`, personID, h); err != nil {
			return err
		}
	}
	return nil
}

func recoveryCodesLeft(ctx context.Context, tx *db.Tx, personID string) (int, error) {
	return db.Value[int](ctx, tx, `SELECT count(*) FROM recovery_code WHERE person_id = $1 AND used_at IS NULL`, personID)
}

// holders counts the active people who hold the function at the instant, but one.
func holders(ctx context.Context, tx *db.Tx, f access.Function, at time.Time, but string) (int, error) {
	return db.Value[int](ctx, tx, `SELECT count(DISTINCT person.id) FROM person JOIN person_function f ON f.person_id = person.id
		WHERE person.state = 'active' AND person.id <> $3 AND f.function = $1 AND f.from_at <= $2 AND (f.to_at IS NULL OR f.to_at > $2)`, f, at, but)
}

// focalPresent reports whether a focal point of the institution is there to act.
func focalPresent(ctx context.Context, tx *db.Tx, structure string, at time.Time) (bool, error) {
	n, err := db.Value[int](ctx, tx, `SELECT count(*) FROM person JOIN person_function f ON f.person_id = person.id
		WHERE person.structure_id = $1 AND person.state = 'active' AND f.function = 'focal' AND f.from_at <= $2 AND (f.to_at IS NULL OR f.to_at > $2)
		  AND (person.absent_from IS NULL OR person.absent_from > $2 OR person.absent_to <= $2)`, structure, at)
	return n > 0, err
}
