package doc

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// lines writes the content lines that vCard (RFC 6350) and iCalendar (RFC 5545) share:
// CRLF at the end, folded after 75 octets, never within a character.
type lines struct{ bytes.Buffer }

// foldAt is the greatest length of a line, in octets.
const foldAt = 75

// put writes a line whose value needs no escape, such as a date.
func (l *lines) put(name, value string) {
	rest, room := name+":"+value, foldAt
	for len(rest) > room {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		l.Buffer.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], foldAt-1
	}
	l.Buffer.WriteString(rest + "\r\n")
}

// text writes a line whose value is words, unless there are none.
func (l *lines) text(name, value string) {
	if value != "" {
		l.put(name, escaped(value))
	}
}

// simple writes a line of vCard whose value has no parts: a semicolon stands there as it
// is, because some programs show the sign that would escape it.
func (l *lines) simple(name, value string) {
	if value != "" {
		l.put(name, strings.ReplaceAll(escaped(value), `\;`, ";"))
	}
}

// parts writes a line whose value has parts.
func (l *lines) parts(name, mark string, values ...string) {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = escaped(v)
	}
	l.put(name, strings.Join(all, mark))
}

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

func escaped(s string) string { return escapes.Replace(s) }
