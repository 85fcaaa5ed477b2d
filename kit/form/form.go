// Package form reads HTML forms: it checks what was typed, fills a struct from it,
// and keeps what a page needs to show the form again when something is wrong.
//
// Read takes forms without files; ReadUpload, on a route that states its MaxBody, takes
// those with files.
package form

import (
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cadre/kit/fault"
	"cadre/kit/text"
)

// OnceField is the hidden field by which a form sent twice is recognised.
const OnceField = "once"

// MaxBytes is the largest body that Read accepts.
const MaxBytes = 1 << 20

// Read returns the fields of a form sent by POST, urlencoded or multipart without files.
// Values are trimmed, their lines end with LF and their characters are composed (NFC).
// A body over MaxBytes is TooLarge; forbidden characters are BadInput on their field. The
// values come back with the error too, so that the page can show them again.
func Read(r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, MaxBytes)
	values, err := body(r)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, fault.New(fault.TooLarge, "Ce formulaire est trop long : un million de caractères au plus.").Because(err)
	}
	if err != nil {
		return nil, unreadable(err)
	}
	r.PostForm = values // for the page of a fault, which gives back what was typed
	return values, clean(values)
}

// Into is Read, then Bind: it fills the struct that dst points at from the form.
func Into(r *http.Request, dst any) (url.Values, error) {
	values, err := Read(r)
	return values, fault.Both(err, Bind(values, dst))
}

// Query returns the fields of the address, checked and trimmed as Read does.
func Query(r *http.Request) (url.Values, error) {
	values := r.URL.Query()
	return values, clean(values)
}

func body(r *http.Request) (url.Values, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		return url.ParseQuery(string(data))
	case "multipart/form-data":
		return parts(multipart.NewReader(r.Body, params["boundary"]), func(f File) error {
			return errors.New("unexpected file in field " + f.Field)
		})
	}
	return nil, errors.New("unexpected content type " + kind)
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// clean checks and trims every value in place. A value with forbidden characters loses them,
// so that what its author typed is not lost with them.
func clean(values url.Values) error {
	var wrong fault.Collect
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if _, ok := text.Clean(name); !ok {
			return unreadable(errors.New("forbidden characters in a field's name"))
		}
		fine := true
		for i, typed := range values[name] {
			v, ok := text.Clean(lineEnds.Replace(typed))
			if !ok {
				fine, v = false, text.Mend(lineEnds.Replace(typed))
			}
			values[name][i] = strings.TrimSpace(v)
		}
		wrong.Need(fine, name, "Ce champ contenait des caractères invisibles ou illisibles. Ils ont été retirés : relisez-le et envoyez de nouveau.")
	}
	return wrong.Fault()
}

func unreadable(cause error) error {
	return fault.New(fault.BadInput, "Ce formulaire n’a pas pu être lu. Rechargez la page et recommencez.").Because(cause)
}
