package form

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"

	"cadre/kit/fault"
	"cadre/kit/text"
)

// File is a file on its way in.
type File struct {
	Field string // of the form
	Name  string // as its sender calls it, without folders nor forbidden characters: to show, never to trust
	Body  io.Reader
}

// ReadUpload returns the fields of a multipart form as Read does, and hands each file to
// take while it arrives: nothing of it is kept here. What take leaves unread is skipped; its
// error ends the reading and is returned as it is. The empty file of an input left alone is
// no file. The fields hold at most MaxBytes together; the whole, what the route's
// MaxBody says, beyond which the fault is TooLarge.
func ReadUpload(r *http.Request, take func(File) error) (url.Values, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, unreadable(errors.New("unexpected content type " + kind))
	}
	var refused error
	values, err := parts(multipart.NewReader(r.Body, params["boundary"]), func(f File) error {
		refused = take(f)
		return refused
	})
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, fault.New(fault.TooLarge, "L’envoi dépasse la taille permise. Réduisez-le et recommencez.").Because(err)
	case refused != nil && !errors.Is(refused, io.ErrUnexpectedEOF): // which is a sender gone half-way
		return nil, refused
	case err != nil:
		return nil, unreadable(err)
	}
	return values, clean(values)
}

// parts reads each part as a field, and hands those that are files to take.
func parts(body *multipart.Reader, take func(File) error) (url.Values, error) {
	values, left := url.Values{}, int64(MaxBytes)
	for {
		part, err := body.NextPart()
		if err == io.EOF {
			return values, nil
		}
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			if err := take(File{part.FormName(), fileName(part.FileName()), part}); err != nil {
				return nil, err
			}
			continue
		}
		data, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return nil, err
		}
		if left -= int64(len(data)); left < 0 {
			return nil, &http.MaxBytesError{Limit: MaxBytes}
		}
		values.Add(part.FormName(), string(data))
	}
}

// The name of a file is bounded, in characters; its ending, in bytes.
const (
	maxFileName = 200
	maxEnding   = 16
)

// fileName keeps of a file's name what may be shown, and the ending, which tells what the file is.
func fileName(sent string) string {
	name := text.Mend(strings.NewReplacer("\n", " ", "\t", " ").Replace(sent))
	if i := strings.LastIndexByte(name, '\\'); i >= 0 { // of a browser that sends its path
		name = name[i+1:]
	}
	name, _ = text.Clean(strings.TrimSpace(name))
	ending := path.Ext(name)
	if len(ending) > maxEnding {
		ending = ""
	}
	stem := []rune(strings.TrimSuffix(name, ending))
	return string(stem[:min(len(stem), maxFileName-len(ending))]) + ending
}
