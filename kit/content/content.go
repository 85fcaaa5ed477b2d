// Package content tells what a file is by its bytes, not by its name, and takes out of
// photographs what their camera wrote about where and by whom they were made.
package content

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is a kind of file that can be recognised.
type Kind struct {
	Name string // the usual ending of its files, without a dot, such as pdf
	Type string // media type
	also []string
	is   func(io.ReaderAt, int64) bool
}

const openXML = "application/vnd.openxmlformats-officedocument."

// Kinds are the kinds that can be recognised.
var Kinds = []Kind{
	{"pdf", "application/pdf", nil, begins("%PDF-")},
	{"docx", openXML + "wordprocessingml.document", nil, office("word/")},
	{"xlsx", openXML + "spreadsheetml.sheet", nil, office("xl/")},
	{"pptx", openXML + "presentationml.presentation", nil, office("ppt/")},
	{"odt", "application/vnd.oasis.opendocument.text", nil, openDocument("text")},
	{"ods", "application/vnd.oasis.opendocument.spreadsheet", nil, openDocument("spreadsheet")},
	{"odp", "application/vnd.oasis.opendocument.presentation", nil, openDocument("presentation")},
	{"jpg", "image/jpeg", []string{"jpeg"}, begins("\xff\xd8\xff")},
	{"png", "image/png", nil, begins(pngSign)},
	{"kmz", "application/vnd.google-earth.kmz", nil, archive(func(names []string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(n, ".kml") })
	})},
	{"kml", "application/vnd.google-earth.kml+xml", nil, root("kml")},
	{"geojson", "application/geo+json", []string{"json"}, geo},
	{"csv", "text/csv; charset=utf-8", nil, words},
	{"txt", "text/plain; charset=utf-8", []string{"md"}, words},
}

// Names lists the names of all kinds.
func Names() []string {
	var all []string
	for _, k := range Kinds {
		all = append(all, k.Name)
	}
	return all
}

// Why a file is none of the kinds.
var (
	ErrName = errors.New("the name ends as none of the kinds")
	ErrLies = errors.New("the bytes are not of the kind that the name says")
)

// Of tells what a file of size bytes is. Its name must end as one of the kinds named, else the
// error is ErrName, and its bytes must be of that kind, else it is ErrLies.
func Of(name string, file io.ReaderAt, size int64, allowed []string) (Kind, error) {
	k, err := Named(name, allowed)
	if err == nil && !k.is(file, size) {
		return Kind{}, ErrLies
	}
	return k, err
}

// Named tells what a file would be by its name, before its bytes have come; the error is ErrName.
func Named(name string, allowed []string) (Kind, error) {
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Name == ending || slices.Contains(k.also, ending) })
	if i < 0 || !slices.Contains(allowed, Kinds[i].Name) {
		return Kind{}, ErrName
	}
	return Kinds[i], nil
}

func begins(with string) func(io.ReaderAt, int64) bool {
	return func(f io.ReaderAt, _ int64) bool {
		head := make([]byte, len(with))
		_, err := f.ReadAt(head, 0)
		return (err == nil || errors.Is(err, io.EOF)) && string(head) == with
	}
}

// mostEntries bounds what is read of the table of an archive.
const mostEntries = 10_000

// archive tells a zip by the names in it; nothing of it is unpacked.
func archive(is func(names []string) bool) func(io.ReaderAt, int64) bool {
	return func(f io.ReaderAt, size int64) bool {
		z, err := zip.NewReader(f, size)
		if err != nil || len(z.File) > mostEntries {
			return false
		}
		var names []string
		for _, entry := range z.File {
			names = append(names, entry.Name)
		}
		return is(names)
	}
}

// office tells the files of Office Open XML whose parts lie in a folder. One with macros is none.
func office(folder string) func(io.ReaderAt, int64) bool {
	return archive(func(names []string) bool {
		macros := slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(strings.ToLower(n), "vbaproject.bin") })
		return !macros && slices.Contains(names, "[Content_Types].xml") && slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, folder) })
	})
}

// openDocument tells the files of OpenDocument, whose first entry says what they are, without
// macros either.
func openDocument(kind string) func(io.ReaderAt, int64) bool {
	want := "mimetypeapplication/vnd.oasis.opendocument." + kind
	return func(f io.ReaderAt, size int64) bool {
		head := make([]byte, 30+len(want))
		if _, err := f.ReadAt(head, 0); err != nil || string(head[30:]) != want {
			return false
		}
		return archive(func(names []string) bool {
			return slices.Contains(names, "content.xml") && !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, "Basic/") || strings.HasPrefix(n, "Scripts/") })
		})(f, size)
	}
}

// root tells XML by the name of its first element.
func root(name string) func(io.ReaderAt, int64) bool {
	return func(f io.ReaderAt, size int64) bool {
		d := xml.NewDecoder(io.NewSectionReader(f, 0, min(size, 1<<20)))
		for {
			token, err := d.Token()
			if err != nil {
				return false
			}
			if start, ok := token.(xml.StartElement); ok {
				return start.Name.Local == name
			}
		}
	}
}

// geo tells GeoJSON (RFC 7946): an object with one of its types.
func geo(f io.ReaderAt, size int64) bool {
	var v struct{ Type string }
	err := json.NewDecoder(io.NewSectionReader(f, 0, size)).Decode(&v)
	return err == nil && slices.Contains([]string{"FeatureCollection", "Feature", "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}, v.Type)
}

// words tells text: UTF-8, or a table of Windows-1252, without the control characters that
// programs, images and archives have.
func words(f io.ReaderAt, size int64) bool {
	buf := make([]byte, 64<<10)
	for at := int64(0); at < size; at += int64(len(buf)) {
		n, err := f.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) || bytes.ContainsFunc(buf[:n], control) {
			return false
		}
	}
	return true
}

func control(r rune) bool {
	return r != utf8.RuneError && r < ' ' && r != '\t' && r != '\n' && r != '\r'
}
