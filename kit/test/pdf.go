package test

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

var (
	pdfObject = regexp.MustCompile(`(?s)(\d+) 0 obj\s(.*?)endobj`)
	pdfStream = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	pdfToCMap = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	pdfPage   = regexp.MustCompile(`(?s)/Type /Page\b.*?/Contents (\d+) 0 R`)
	pdfShows  = regexp.MustCompile(`(?s)/F(\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj|\[(.*?)\] TJ|\bET\b|\(((?:[^\\()]|\\.)*)\) Tj`)
	pdfHex    = regexp.MustCompile(`<([0-9A-Fa-f]+)>`)
	pdfOne    = regexp.MustCompile(`(?m)^<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>$`)
	pdfRange  = regexp.MustCompile(`(?m)^<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>$`)
)

// PDF returns the words of each page of a document that a browser or Cadre has made. It
// reads what Chromium writes (glyphs in hexadecimal, one ToUnicode table per font, fonts
// named after their object) and what kit/doc does (UTF-16 between brackets).
func PDF(t testing.TB, document []byte) []string {
	t.Helper()
	objects := map[string]string{}
	for _, m := range pdfObject.FindAllStringSubmatch(string(document), -1) {
		objects[m[1]] = m[2]
	}
	var pages []string
	for _, m := range pdfObject.FindAllStringSubmatch(string(document), -1) {
		if page := pdfPage.FindStringSubmatch(m[2]); page != nil {
			pages = append(pages, pageWords(objects, inflated(objects[page[1]])))
		}
	}
	if len(pages) == 0 {
		t.Fatal("a document without pages")
	}
	return pages
}

// inflated is the stream of an object; empty when it has none.
func inflated(object string) string {
	m := pdfStream.FindStringSubmatch(object)
	if m == nil {
		return ""
	}
	z, err := zlib.NewReader(strings.NewReader(m[1]))
	if err != nil {
		return m[1]
	}
	var out bytes.Buffer
	_, _ = io.Copy(&out, z) // #nosec G110 -- a page printed by the test; a stream cut by the pattern still gives its beginning
	return out.String()
}

func pageWords(objects map[string]string, content string) string {
	var out strings.Builder
	var font map[string]string
	for _, m := range pdfShows.FindAllStringSubmatch(content, -1) {
		switch {
		case m[1] != "":
			font = letters(inflated(objects[first(pdfToCMap, objects[m[1]])]))
		case m[2] != "":
			out.WriteString(spell(font, m[2]))
		case m[3] != "":
			for _, part := range pdfHex.FindAllStringSubmatch(m[3], -1) {
				out.WriteString(spell(font, part[1]))
			}
		case m[4] != "":
			out.WriteString(utf16Words(m[4]))
		default:
			out.WriteString("\n")
		}
	}
	return Plain(norm.NFKC.String(out.String())) // ligatures are letters again
}

func first(pattern *regexp.Regexp, s string) string {
	if m := pattern.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// letters reads a ToUnicode table: the text of each glyph, by its code in hexadecimal.
func letters(cmap string) map[string]string {
	table := map[string]string{}
	for _, m := range pdfRange.FindAllStringSubmatch(cmap, -1) {
		from, _ := strconv.ParseUint(m[1], 16, 16)
		to, _ := strconv.ParseUint(m[2], 16, 16)
		at, _ := strconv.ParseUint(m[3], 16, 16)
		for i := range to - from + 1 {
			table[code(from+i)] = string(rune(at + i))
		}
	}
	for _, m := range pdfOne.FindAllStringSubmatch(cmap, -1) {
		b, _ := hex.DecodeString(m[2])
		var units []uint16
		for i := 0; i+1 < len(b); i += 2 {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
		table[strings.ToUpper(m[1])] = string(utf16.Decode(units))
	}
	return table
}

var pdfEscapes = strings.NewReplacer(`\\`, `\`, `\(`, "(", `\)`, ")", `\r`, "\r")

// utf16Words reads words between brackets.
func utf16Words(literal string) string {
	b := pdfEscapes.Replace(literal)
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(units))
}

func code(n uint64) string { return strings.ToUpper(hex.EncodeToString([]byte{byte(n >> 8), byte(n)})) } // #nosec G115 -- the last two bytes are meant

func spell(font map[string]string, glyphs string) string {
	var out strings.Builder
	for i := 0; i+4 <= len(glyphs); i += 4 {
		out.WriteString(font[strings.ToUpper(glyphs[i:i+4])])
	}
	return out.String()
}
