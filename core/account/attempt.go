package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
)

// Guesses are slowed down by pauses, never by locking an account:
//
//   - after five failures from one address on one account, the next tries from that
//     address wait half a minute, then twice as long each time, up to an hour;
//   - after thirty failures from one address on whatever accounts, the same, except for
//     accounts that were opened from there before;
//   - after a hundred failures a day on one account, from everywhere, an address that
//     never opened it has one try before it waits. Its owner, who has the right
//     password, needs one.
//
// A second factor is guessed by somebody who has the password already: there, all
// the addresses that never opened the account share ten tries.
//
// A try counts as failed from before it is looked at until it has succeeded, so
// that tries sent together do not slip through.

// Origin is where a request comes from.
type Origin struct {
	Address string // of the client
	Agent   string // what the browser says of itself
}

// proof is what is being tried.
type proof string

const (
	byPassword proof = "password"
	byCode     proof = "code"
	byReset    proof = "reset"
)

const (
	day          = 24 * time.Hour
	longestPause = time.Hour
	keepAttempts = 30 * day
	perMinute    = 3 // refusals of one account that the journal keeps
)

// attemptKey names an account without saying which: people type their password in the wrong field.
func attemptKey(what proof, who string) string {
	sum := sha256.Sum256([]byte(string(what) + "\n" + who))
	return hex.EncodeToString(sum[:16])
}

// pause is how long the try after n failures waits, when the first ones are free.
func pause(n, free int) time.Duration {
	if n < free {
		return 0
	}
	return min(30*time.Second<<min(n-free, 7), longestPause)
}

// failures counts failed tries.
type failures struct {
	n    int
	last time.Time
}

func (f failures) until(free int) time.Time { return f.last.Add(pause(f.n, free)) }

func countFailures(ctx context.Context, tx *db.Tx, condition string, args ...any) (failures, error) {
	return db.One(ctx, tx, func(f *failures) []any { return []any{&f.n, db.Instant(&f.last)} },
		`SELECT count(*), max(at) FROM attempt WHERE NOT ok AND `+condition, args...)
}

// openAgain returns when the address may try the account again.
func openAgain(ctx context.Context, tx *db.Tx, what proof, account, address string, now time.Time) (time.Time, error) {
	opened, err := db.Value[int64](ctx, tx, `SELECT coalesce(max(at), 0) FROM attempt WHERE account = $1 AND address = $2 AND ok`, account, address)
	if err != nil {
		return now, err
	}
	since := max(opened, now.Add(-day).UnixMicro())
	pair, err := countFailures(ctx, tx, `account = $1 AND address = $2 AND at > $3`, account, address, since)
	if err != nil || opened > 0 {
		return pair.until(5), err
	}
	all, err := countFailures(ctx, tx, `account = $1 AND at > $2`, account, now.Add(-day))
	if err != nil {
		return now, err
	}
	if what == byCode {
		return all.until(10), nil
	}
	free := 5
	if all.n >= 100 {
		free = 1
	}
	from, err := countFailures(ctx, tx, `address = $1 AND at > $2`, address, now.Add(-longestPause))
	return latest(pair.until(free), from.until(30)), err
}

// attempt is a try, on record before it is looked at.
type attempt struct {
	id, account, person string
	proof               proof
	from                Origin
}

func newAttempt(what proof, who, person string, from Origin) attempt {
	return attempt{id.New(), attemptKey(what, who), person, what, from}
}

func (a attempt) insert(ctx context.Context, tx *db.Tx, at time.Time, ok bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO attempt (id, proof, account, person_id, address, at, ok) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		a.id, a.proof, a.account, a.person, a.from.Address, at, ok)
	return err
}

// try puts a try on record, or refuses it because it comes too soon. who is the
// address typed or the identifier; person is empty for an account that does not exist.
func (m *Module) try(ctx context.Context, what proof, who, person string, from Origin) (attempt, error) {
	a := newAttempt(what, who, person, from)
	now := m.Clock.Now()
	err := m.DB.Write(ctx, func(tx *db.Tx) error {
		again, err := openAgain(ctx, tx, what, a.account, from.Address, now)
		if err != nil {
			return err
		}
		if again.After(now) {
			return tooSoon(again.Sub(now))
		}
		return a.insert(ctx, tx, now, false)
	})
	return a, err
}

func tooSoon(wait time.Duration) error {
	f := fault.New(fault.TooMany, "Trop d’essais sans succès. Réessayez dans %d min.", int(wait/time.Minute)+1)
	f.Wait = wait
	return f
}

// succeeded notes that the try was right.
func (a attempt) succeeded(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE attempt SET ok = $1 WHERE id = $2`, true, a.id)
	return err
}

// refused journals a failed try, three a minute for each account at most; those of
// accounts that do not exist count as one. It costs the same for both.
func (m *Module) refused(ctx context.Context, a attempt) error {
	recent := 0
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		recent, err = db.Value[int](ctx, tx, `SELECT count(*) FROM attempt WHERE person_id = $1 AND NOT ok AND at > $2`,
			a.person, m.Clock.Now().Add(-time.Minute))
		return err
	})
	if err != nil || recent > perMinute {
		return err
	}
	subject := a.person
	if subject == "" {
		subject = "unknown"
	}
	return m.Log.Write(ctx, access.Nobody, func(act *journal.Act) error {
		return act.Record(ctx, "account.session.refused", subject, 0, map[string]string{"proof": string(a.proof), "address": a.from.Address})
	})
}
