package text

import "strings"

const (
	noBreak  = '\u00a0' // before a colon and inside « »
	thinHold = '\u202f' // before ; ! ?
)

// Typeset corrects the typography of a French sentence after the rules of the Imprimerie
// nationale: typographic apostrophe, narrow no-break space before ; ! ?, no-break space
// before a colon and inside « ». A sign that no space, closing sign or end follows is left
// alone: it belongs to an address or a time. Typesetting twice is typesetting once.
func Typeset(s string) string {
	in := []rune(strings.ReplaceAll(s, "'", "’"))
	out := make([]rune, 0, len(in)+4)
	for i, r := range in {
		next := ' '
		if i+1 < len(in) {
			next = in[i+1]
		}
		if space := spaceBefore(r, next); space != 0 {
			out = appendSpace(trimSpaces(out), space, r)
		}
		if blank(r) && len(out) > 1 && out[len(out)-2] == '«' {
			continue // the space after « is there already
		}
		out = append(out, r)
		if r == '«' {
			out = append(out, noBreak)
		}
	}
	return string(out)
}

// spaceBefore returns the space that French puts before r when next follows it, or 0.
func spaceBefore(r, next rune) rune {
	switch {
	case r == '»':
		return noBreak
	case !strings.ContainsRune(" \u00a0\u202f\n\t)]»;:!?,.…", next):
		return 0
	case r == ':':
		return noBreak
	case r == ';', r == '!', r == '?':
		return thinHold
	}
	return 0
}

// appendSpace adds the space before sign unless what stands there wants none: a start, an
// opening bracket, or another sign of the same run (?!).
func appendSpace(out []rune, space, sign rune) []rune {
	if len(out) == 0 {
		return out
	}
	switch last := out[len(out)-1]; {
	case last == '«':
		return append(out, noBreak)
	case strings.ContainsRune("([\n", last), sign != '»' && strings.ContainsRune(";!?", last):
		return out
	}
	return append(out, space)
}

func blank(r rune) bool { return r == ' ' || r == noBreak || r == thinHold }

func trimSpaces(s []rune) []rune {
	for len(s) > 0 && blank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}
