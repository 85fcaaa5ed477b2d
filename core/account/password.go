package account

import (
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"cadre/kit/fault"
	"cadre/kit/text"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Lengths of a password, in characters (NIST SP 800-63B-4 §3.1.1.2 asks for at least
// 8 beside a second factor and for at least 64 allowed). Nothing is cut off.
const (
	minPassword = 12
	maxPassword = 256
)

// cost is what a guess costs: the first line of OWASP's Password Storage Cheat Sheet for argon2id.
type cost struct {
	memory uint32 // KiB
	time   uint32
	lanes  uint8
}

var present = cost{memory: 19 * 1024, time: 2, lanes: 1}

const (
	saltBytes = 16
	keyBytes  = 32
)

// busy bounds the passwords being hashed at once, and so the memory that a burst of guesses takes.
var busy = make(chan struct{}, runtime.NumCPU())

func (c cost) key(password string, salt []byte) []byte {
	busy <- struct{}{}
	defer func() { <-busy }()
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.time, c.memory, c.lanes, keyBytes)
}

// hash returns the password's hash with its parameters, in the PHC form.
func (c cost) hash(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) //nolint:errcheck // it never fails (crypto/rand)
	return c.encode(salt, c.key(password, salt))
}

// encode puts a hash in the PHC form.
func (c cost) encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.lanes, b64(salt), b64(key))
}

// matches compares a password with a hash. With an empty hash it takes as long, and says no.
func matches(hash, password string) bool {
	known := hash != ""
	if !known {
		hash = present.encode(make([]byte, saltBytes), make([]byte, keyBytes))
	}
	c, salt, key, err := parseHash(hash)
	if err != nil {
		return false
	}
	same := subtle.ConstantTimeCompare(c.key(password, salt), key) == 1
	return same && known
}

// outdated reports whether a hash was made at another cost than today's.
func outdated(hash string) bool {
	c, _, _, err := parseHash(hash)
	return err != nil || c != present
}

func parseHash(s string) (c cost, salt, key []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return c, nil, nil, fmt.Errorf("unknown form of password hash")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.lanes); err != nil {
		return c, nil, nil, err
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return c, nil, nil, err
	}
	key, err = base64.RawStdEncoding.DecodeString(parts[5])
	return c, salt, key, err
}

//go:embed common.txt
var commonText string

var common = func() map[string]bool {
	m := map[string]bool{}
	for word := range strings.FieldsSeq(commonText) {
		m[word] = true
	}
	return m
}()

// checkPassword refuses a password that is too short, too common, or made of words
// that everybody knows around here: those words do not count towards its length.
// context is the person's address and institution.
func checkPassword(password string, context ...string) error {
	var c fault.Collect
	const field = "password"
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPassword:
		c.Need(false, field, "%d caractères au moins : une phrase de quelques mots se retient mieux.", minPassword)
	case n > maxPassword:
		c.Need(false, field, "%d caractères au plus.", maxPassword)
	case tooCommon(password), monotonous(password):
		c.Need(false, field, "Ce mot de passe est trop courant : il serait deviné en premier.")
	default:
		rest := without(squeeze(password), contextWords(context))
		known := utf8.RuneCountInString(rest) < minPassword || tooCommon(rest)
		c.Need(!known, field, "Le nom de Cadre, du pays, de votre structure et votre adresse ne comptent pas : ajoutez d’autres mots.")
	}
	return c.Fault()
}

// squeeze keeps what makes a password hard to guess: its letters without accents and its figures.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text.Fold(s))
}

// tooCommon looks for the password in the list, whole and without the figures and
// signs that people put around a word.
func tooCommon(password string) bool {
	s := squeeze(password)
	core := strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	letters := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return r
	}, s)
	return common[s] || common[core] || common[letters]
}

// monotonous reports whether a password has fewer than five different characters, or
// only goes up or down by one: aaaaaaaaaaaa, 123412341234, abcdefghijkl.
func monotonous(password string) bool {
	seen := map[rune]bool{}
	steps := map[rune]int{}
	var last rune
	for _, r := range password {
		seen[r] = true
		steps[r-last]++
		last = r
	}
	n := utf8.RuneCountInString(password)
	return len(seen) < 5 || steps[1] >= n-2 || steps[-1] >= n-2
}

// contextWords are the words that everybody knows: the product, the country, and the
// parts of an address or of an institution's name.
func contextWords(known []string) []string {
	words := []string{"cadre", "togo", "lome", "cedeao", "ecowas"}
	for _, k := range known {
		all := strings.FieldsFunc(text.Fold(k), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		words = append(words, append(all, strings.Join(all, ""))...)
	}
	return words
}

func without(s string, words []string) string {
	for _, w := range words {
		if len(w) >= 3 {
			s = strings.ReplaceAll(s, w, "")
		}
	}
	return s
}
