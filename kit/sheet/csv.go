package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"cadre/kit/fault"
	"cadre/kit/text"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// readCSV reads rows of fields parted by semicolons, commas or tabulations, in UTF-8,
// in UTF-16 with its mark, or else in the Windows-1252 of older spreadsheets.
func readCSV(data []byte) (Sheet, error) {
	var b builder
	data, err := b.decode(data)
	if err != nil {
		return Sheet{}, err
	}
	if line, rest, found := bytes.Cut(data, []byte("\n")); found && bytes.HasPrefix(line, []byte("sep=")) {
		data = append([]byte("\n"), rest...) // a line for one spreadsheet alone
	}
	if err := b.fields(csvReader(data, separator(data))); err != nil {
		return Sheet{}, err
	}
	return b.finish()
}

// decode returns the text in UTF-8.
func (b *builder) decode(data []byte) ([]byte, error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.HasPrefix(data, []byte("%PDF")), bytes.HasPrefix(data, []byte("<")), bytes.ContainsRune(data, 0):
		return nil, fault.New(fault.BadInput, "Ce fichier n’est ni un classeur .xlsx ni un fichier .csv.")
	case utf8.Valid(data):
		return bytes.TrimPrefix(data, []byte("\ufeff")), nil
	default:
		from = charmap.Windows1252
		b.remark(0, false, text.M("Ce fichier n’est pas en UTF-8 : il est lu comme Windows-1252. Vérifiez les accents ci-dessous."))
	}
	decoded, err := from.NewDecoder().Bytes(data)
	if err != nil {
		err = fault.New(fault.BadInput, "Ce fichier n’a pas pu être lu. Enregistrez-le de nouveau au format .xlsx, ou .csv en UTF-8.")
	}
	return decoded, err
}

func csvReader(data []byte, comma rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	return r
}

// sniffed is how many rows tell the separator.
const sniffed = 20

// separator is the one by which most of the first rows have as many fields as each
// other, more than one; among equals the one that makes more fields, then the French one.
func separator(data []byte) rune {
	best, most := ';', 0
	for _, comma := range []rune{';', '\t', ','} {
		r, widths := csvReader(data, comma), map[int]int{}
		for range sniffed {
			fields, err := r.Read()
			if err != nil {
				break
			}
			widths[len(fields)]++
		}
		for width, rows := range widths {
			if score := rows*1000 + width; width > 1 && score > most {
				best, most = comma, score
			}
		}
	}
	return best
}

// fields takes every row. A row is numbered as spreadsheets do, where a cell of several
// lines is one row, and an empty line is one too.
func (b *builder) fields(r *csv.Reader) error {
	inside := 0 // ends of lines inside the cells so far
	for {
		fields, err := r.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &broken):
			return fault.New(fault.BadInput, "La ligne %d n’est pas bien formée : un guillemet y est ouvert ou fermé au mauvais endroit.", broken.StartLine-inside)
		case err != nil:
			return err
		}
		line, _ := r.FieldPos(0)
		row := line - inside
		cells := append([]string(nil), fields...)
		for _, f := range fields {
			inside += strings.Count(f, "\n")
		}
		if err := b.add(row, cells); err != nil {
			return err
		}
	}
}
