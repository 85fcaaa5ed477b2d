package account

import (
	"cmp"
	"net/mail"
	"slices"
	"strings"
	"time"

	"cadre/core/access"
	"cadre/kit/fault"
	"cadre/kit/text"

	"golang.org/x/text/unicode/norm"
)

// State is where an account stands.
type State string

// The states. An erased account keeps its identifier, so that the journal stays readable, and nothing else.
const (
	Active   State = "active"
	Disabled State = "disabled"
	Erased   State = "erased"
)

// Mandate is how far a person may commit the institution in a meeting.
type Mandate string

// The mandates.
const (
	CanCommit Mandate = "can_commit"
	MustRefer Mandate = "must_refer" // to the institution's hierarchy
)

// Absence is an announced absence; the zero Absence is none.
type Absence struct {
	From       time.Time `json:"from,omitzero" required:"false"`
	To         time.Time `json:"to,omitzero" required:"false" doc:"First instant of the return"`
	Substitute string    `json:"substitute,omitzero" required:"false" doc:"Person who acts meanwhile, a deputy of the institution; empty for none"`
}

// Covers reports whether the absence lasts at t.
func (a Absence) Covers(t time.Time) bool { return !t.Before(a.From) && t.Before(a.To) }

// Post is a function held over a period.
type Post struct {
	ID       string
	Person   string
	Function access.Function
	From     time.Time
	To       time.Time // first instant without it; zero while open
}

// Holds reports whether the post is in force at t.
func (p Post) Holds(t time.Time) bool { return !t.Before(p.From) && !p.Over(t) }

// Over reports whether the post has ended at t.
func (p Post) Over(t time.Time) bool { return !p.To.IsZero() && !t.Before(p.To) }

// Person is somebody who serves in an institution.
type Person struct {
	ID        string
	Email     string
	Name      string // a function title such as « Point focal, CNAD »
	Phone     string
	Structure string // identifier of the institution
	Clearance access.Marking
	Language  text.Lang
	State     State
	Mandate   Mandate
	Absence   Absence
	Version   int64
	Created   time.Time
	Updated   time.Time
	Posts     []Post // oldest first; past and future ones too
}

// Functions lists the functions in force at t, in the order of access.Functions.
func (p Person) Functions(t time.Time) []access.Function {
	var held []access.Function
	for _, f := range access.Functions {
		if slices.ContainsFunc(p.Posts, func(q Post) bool { return q.Function == f && q.Holds(t) }) {
			held = append(held, f)
		}
	}
	return held
}

// holding returns the post of the function that is in force, or to come, at t.
func (p Person) holding(f access.Function, t time.Time) (Post, bool) {
	i := slices.IndexFunc(p.Posts, func(q Post) bool { return q.Function == f && !q.Over(t) })
	if i < 0 {
		return Post{}, false
	}
	return p.Posts[i], true
}

// EmailKey is the form under which an address is unique: compatibility forms and
// capitals count for nothing.
func EmailKey(email string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(email)))
}

// The greatest lengths, in characters.
const (
	maxName  = 120
	maxEmail = 254 // RFC 5321 §4.5.3.1
	maxPhone = 40
)

// check collects what is wrong with what people type about a person.
func (p Person) check(c *fault.Collect) {
	c.Need(p.Name != "", "name", "Donnez un nom, par exemple « Point focal, CNAD ».")
	c.Need(len([]rune(p.Name)) <= maxName && !strings.ContainsAny(p.Name, "\n\t"), "name", "Une ligne de %d caractères au plus.", maxName)
	c.Need(validEmail(p.Email), "email", "Donnez une adresse électronique complète, par exemple nom@structure.tg.")
	c.Need(validPhone(p.Phone), "phone", "Des chiffres, des espaces et un signe + au début, %d caractères au plus.", maxPhone)
	c.Need(p.Language == text.French || p.Language == text.English, "language", "Choisissez une langue de la liste.")
	c.Need(p.Mandate == CanCommit || p.Mandate == MustRefer, "mandate", "Choisissez un mandat de la liste.")
}

func validEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s && len(s) <= maxEmail && !strings.ContainsAny(s, "\"<> \r\n\t")
}

func validPhone(s string) bool {
	return len(s) <= maxPhone && strings.Trim(strings.TrimPrefix(s, "+"), "0123456789 ().-/") == ""
}

// snapshot is a person as the journal keeps them: no secret.
type snapshot struct {
	Email     string         `json:"email"`
	Name      string         `json:"name"`
	Phone     string         `json:"phone"`
	Structure string         `json:"structure"`
	Clearance access.Marking `json:"clearance"`
	Language  text.Lang      `json:"language"`
	State     State          `json:"state"`
	Mandate   Mandate        `json:"mandate"`
	Absence   Absence        `json:"absence"`
	Functions []held         `json:"functions"`
}

type held struct {
	ID       string          `json:"id"`
	Function access.Function `json:"function"`
	From     time.Time       `json:"from"`
	To       time.Time       `json:"to,omitzero"`
}

func (p Person) snapshot() snapshot {
	s := snapshot{p.Email, p.Name, p.Phone, p.Structure, p.Clearance, p.Language, p.State, p.Mandate, p.Absence, []held{}}
	for _, q := range p.Posts {
		s.Functions = append(s.Functions, held{q.ID, q.Function, q.From, q.To})
	}
	return s
}

// sortPosts puts posts in the order in which they are read.
func sortPosts(all []Post) {
	slices.SortFunc(all, func(a, b Post) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.ID, b.ID)) })
}
