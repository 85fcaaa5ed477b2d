// Package mail hands plain-text messages to an SMTP server. The connection is
// always encrypted, save to a server on the same machine that is said to be plain.
package mail

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// Message is one mail to one person. Sent twice, it is the same to the letter, so
// that a reader's program may show it once.
type Message struct {
	From    string    // "Name <address>", or an address
	To      string    // an address
	Subject string    // one line
	Body    string    // plain text, lines ended by \n
	ID      string    // of the Message-ID header, without its angle brackets
	At      time.Time // of the Date header
}

// check refuses a message whose headers would not say what they seem to: a line
// break in one of them would begin another.
func (m Message) check() error {
	for name, value := range map[string]string{"From": m.From, "To": m.To, "Subject": m.Subject, "Message-ID": m.ID} {
		if value == "" || strings.ContainsFunc(value, unicode.IsControl) {
			return fmt.Errorf("the header %s is empty or holds a control character", name)
		}
	}
	if left, right, ok := strings.Cut(m.ID, "@"); !ok || left == "" || right == "" || strings.ContainsAny(m.ID, "<> ") {
		return fmt.Errorf("%q is not a Message-ID without its brackets", m.ID)
	}
	if !Bare(m.To) {
		return fmt.Errorf("%q is not a bare address", m.To)
	}
	if m.At.IsZero() {
		return errors.New("the message has no date")
	}
	return nil
}

// Bare reports whether s is an address alone, without a name or brackets.
func Bare(s string) bool {
	a, err := netmail.ParseAddress(s)
	return err == nil && a.Address == s
}

// encode writes the message as the library sends it.
func (m Message) encode() (*gomail.Msg, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	out := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := out.From(m.From); err != nil {
		return nil, err
	}
	if err := out.To(m.To); err != nil {
		return nil, err
	}
	out.Subject(m.Subject)
	out.SetMessageIDWithValue(m.ID)
	out.SetDateWithValue(m.At)
	out.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answer from an absent reader's program
	out.SetBodyString(gomail.TypeTextPlain, m.Body)
	return out, nil
}
