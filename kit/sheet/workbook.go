package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"cadre/kit/fault"
)

// workbook is an XLSX file (ECMA-376), which is a folder of XML files. It is read part by
// part and cell by cell: the spreadsheet libraries at hand hold a sheet whole, and say
// neither which of its cells are formulas nor which are dates without doing so.
type workbook struct {
	builder
	parts  map[string]*zip.File // by path, in small letters
	left   int64                // bytes that may still be unpacked
	seen   int                  // elements of XML met so far
	shared []string
	styles []precision // of dates, by style of cell
	from04 bool        // days are counted from 1904
}

// Bounds of the files of a workbook, and of their elements: a sheet has at most a
// million rows, most of them empty.
const (
	maxParts    = 2000
	maxElements = 1_200_000
)

func readWorkbook(data []byte) (Sheet, error) {
	w := &workbook{parts: map[string]*zip.File{}, left: maxUnzip}
	for _, step := range []func() error{
		func() error { return w.open(data) }, w.refuseMacros, w.readBook,
	} {
		if err := step(); err != nil {
			return Sheet{}, explain(err)
		}
	}
	return w.finish()
}

var errBomb = errors.New("unpacks to more than the limit")

// explain says what is wrong with a workbook that cannot be read.
func explain(err error) error {
	var f *fault.Fault
	switch {
	case errors.As(err, &f):
		return err
	case errors.Is(err, errBomb):
		return fault.New(fault.TooLarge, "Ce classeur, une fois décompressé, dépasse 32 Mo. Copiez la feuille utile dans un nouveau classeur.").Because(err)
	}
	return fault.New(fault.BadInput, "Ce classeur est abîmé ou d’un autre format. Enregistrez-le de nouveau au format .xlsx.").Because(err)
}

// open lists the parts. What they say of their size is believed only when it is too much.
func (w *workbook) open(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	if len(z.File) > maxParts {
		return errBomb
	}
	total := uint64(0)
	for _, f := range z.File {
		if total += f.UncompressedSize64; total > maxUnzip || f.UncompressedSize64 > maxUnzip {
			return errBomb
		}
		w.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))] = f
	}
	return nil
}

// refuseMacros refuses workbooks that hold a program, whatever their name says, and those of another format.
func (w *workbook) refuseMacros() error {
	types, err := w.text("[content_types].xml")
	if err != nil {
		if _, other := w.parts["mimetype"]; other {
			return fault.New(fault.BadInput, "Ce classeur est au format OpenDocument. Enregistrez-le au format .xlsx.")
		}
		return err
	}
	macros := strings.Contains(types, "macroEnabled")
	for name := range w.parts {
		macros = macros || path.Base(name) == "vbaproject.bin" || strings.HasPrefix(name, "xl/macrosheets/")
	}
	if macros {
		return fault.New(fault.BadInput, "Ce classeur contient des macros : Cadre n’en reçoit pas. Enregistrez-le au format .xlsx, sans macros.")
	}
	return nil
}

// limited reads a part as long as the whole workbook stays within its limit.
type limited struct {
	io.ReadCloser
	left *int64
}

// Read reads, and counts.
func (l limited) Read(b []byte) (int, error) {
	n, err := l.ReadCloser.Read(b)
	if *l.left -= int64(n); *l.left < 0 {
		return 0, errBomb
	}
	return n, err
}

func (w *workbook) part(name string) (io.ReadCloser, error) {
	f, found := w.parts[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if !found {
		return nil, errors.New("no part " + name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	return limited{r, &w.left}, nil
}

func (w *workbook) text(name string) (string, error) {
	r, err := w.part(name)
	if err != nil {
		return "", err
	}
	defer r.Close() //nolint:errcheck // only read
	b, err := io.ReadAll(r)
	return string(b), err
}

// decode reads a small part whole.
func (w *workbook) decode(name string, into any) error {
	r, err := w.part(name)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // only read
	return xml.NewDecoder(r).Decode(into)
}

// each calls do at the start of every element of a part; do reads the element or goes into it.
func (w *workbook) each(name string, do func(*xml.Decoder, xml.StartElement) error) error {
	r, err := w.part(name)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // only read
	d := xml.NewDecoder(r)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			if w.seen++; w.seen > maxElements {
				return errBomb
			}
			if err := do(d, start); err != nil {
				return err
			}
		}
	}
}

// book is xl/workbook.xml.
type book struct {
	Properties struct {
		From1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name  string     `xml:"name,attr"`
		State string     `xml:"state,attr"`
		Attrs []xml.Attr `xml:",any,attr"`
	} `xml:"sheets>sheet"`
}

// relations is where the parts of the workbook stand.
type relations struct {
	All []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// readBook finds the first sheet that is shown, and reads it.
func (w *workbook) readBook() error {
	var b book
	var rels relations
	if err := errors.Join(w.decode("xl/workbook.xml", &b), w.decode("xl/_rels/workbook.xml.rels", &rels)); err != nil {
		return err
	}
	targets, first := map[string]string{}, ""
	for _, r := range rels.All {
		target := r.Target
		if !strings.HasPrefix(target, "/") {
			target = "xl/" + target
		}
		targets[r.ID] = target
		targets[path.Base(r.Type)] = target
	}
	for _, s := range b.Sheets {
		switch {
		case s.State == "hidden", s.State == "veryHidden":
		case first == "":
			w.Name = s.Name
			for _, a := range s.Attrs {
				if a.Name.Local == "id" {
					first = targets[a.Value]
				}
			}
		default:
			w.Others = append(w.Others, s.Name)
		}
	}
	w.from04 = b.Properties.From1904 == "1" || b.Properties.From1904 == "true"
	if target, found := targets["sharedStrings"]; found {
		if err := w.readShared(target); err != nil {
			return err
		}
	}
	if target, found := targets["styles"]; found {
		if err := w.readStyles(target); err != nil {
			return err
		}
	}
	return w.readSheet(first)
}

// rich is a text that may change its style on the way; its pronunciation is left out.
type rich struct {
	Plain []string `xml:"t"`
	Runs  []string `xml:"r>t"`
}

func (r rich) text() string { return unescape(strings.Join(append(r.Plain, r.Runs...), "")) }

func (w *workbook) readShared(name string) error {
	return w.each(name, func(d *xml.Decoder, start xml.StartElement) error {
		if start.Name.Local != "si" {
			return nil
		}
		var r rich
		err := d.DecodeElement(&r, &start)
		w.shared = append(w.shared, r.text())
		return err
	})
}
