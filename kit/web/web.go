// Package web is the server's machinery: routes that state who may use them,
// handlers that return a response or an error, and one adapter that writes either.
// It knows nothing of institutions.
//
// A route that takes a file says so with MaxBody, which replaces the two MiB that
// every other body is limited to, and gives the sender ten minutes instead of one;
// its handler reads the file with form.ReadUpload. An operation of the API says the same with api.Op.MaxBody.
package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cadre/kit/fault"
	"cadre/kit/form"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/gzhttp"
)

// Request is a request being answered.
type Request struct{ *http.Request }

// Query returns the first value of a parameter of the address.
func (r *Request) Query(name string) string { return r.URL.Query().Get(name) }

// Handler answers a request with a response, or with an error that the adapter turns into a page.
type Handler func(*Request) (Response, error)

// Route is one line of a module's table of contents: what, who, how.
type Route struct {
	Pattern string                      // of net/http, such as "GET /structures/{id}"
	Allow   func(context.Context) error // who may come: nil or the fault to show
	Handle  Handler
	Shared  bool  // the same for everybody who has not signed in, as long as nothing is written
	MaxBody int64 // bytes that may be sent, for a route that takes a file (form.ReadUpload); 0 for two MiB
}

// Button handles the form of a button, which asks nothing: it is read all the same, so
// that what is no form of ours, or too long for one, does nothing.
func Button(h Handler) Handler {
	return func(r *Request) (Response, error) {
		if _, err := form.Read(r.Request); err != nil {
			return Response{}, err
		}
		return h(r)
	}
}

// Response is what a handler returns. Make it with Page, SeeOther, Download or Send.
type Response struct {
	status int
	header http.Header
	page   templ.Component
	body   []byte
	file   io.ReadSeekCloser
}

// Page shows a page.
func Page(c templ.Component) Response { return Response{status: http.StatusOK, page: c} }

// Invalid shows a page again whose form was not accepted.
func Invalid(c templ.Component) Response {
	return Response{status: http.StatusUnprocessableEntity, page: c}
}

// Conflicting shows a page that sets two versions side by side.
func Conflicting(c templ.Component) Response { return Response{status: http.StatusConflict, page: c} }

// Again shows a form again that wrong kept from being accepted: what was typed conflicts with what
// another has written, comes too soon after other tries, or is invalid.
func Again(c templ.Component, wrong error) Response {
	var f *fault.Fault
	if !errors.As(wrong, &f) || f.Kind != fault.Conflict && f.Kind != fault.TooMany {
		return Invalid(c)
	}
	p := Response{status: Status(f.Kind), page: c}
	for name, value := range FaultHeaders(f) {
		p = p.With(name, value)
	}
	return p
}

// SeeOther sends the browser to another page, which it then reads with GET.
func SeeOther(url string) Response {
	return Response{status: http.StatusSeeOther}.With("Location", url)
}

// DoneCookie carries what a form has done to the page that follows.
const DoneCookie = "fait"

// Done makes the page that follows say, once, what was done; key is a sentence of the catalogue.
func (p Response) Done(key string) Response {
	return p.Cookie(&http.Cookie{ // #nosec G124 -- it says what was done, and is no secret
		Name: DoneCookie, Value: url.QueryEscape(key), Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// Bytes sends content of a type as it is.
func Bytes(contentType string, body []byte) Response {
	return Response{status: http.StatusOK, body: body}.With("Content-Type", contentType)
}

// Download sends a file to keep, under a name made by the server from plain ASCII characters.
func Download(name, contentType string, body []byte) Response {
	return Bytes(contentType, body).With("Content-Disposition", `attachment; filename="`+name+`"`)
}

// Send sends a kept file to be stored, never shown in place: by its name, whatever its
// characters, with a page's rights to nothing. digest is that of its bytes; a browser that
// has the beginning may ask for the rest.
func Send(name, contentType, digest string, file io.ReadSeekCloser) Response {
	return Response{status: http.StatusOK, file: file}.With("Content-Type", contentType).With("ETag", `"`+digest+`"`).
		With("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name})).
		With("Content-Security-Policy", "sandbox; default-src 'none'").With("Cache-Control", "private, no-cache").
		With(gzhttp.HeaderNoCompression, "1") // its length and its parts are those of the file
}

// Rendered is the response with its page made, to be kept and sent again.
func (p Response) Rendered(ctx context.Context) (Response, error) {
	if p.page == nil {
		return p, nil
	}
	var buf bytes.Buffer
	if err := p.page.Render(ctx, &buf); err != nil {
		return p, err
	}
	p.page, p.body = nil, buf.Bytes()
	return p.With("Content-Type", "text/html; charset=utf-8"), nil
}

// With adds a header.
func (p Response) With(name, value string) Response {
	h := p.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Add(name, value)
	p.header = h
	return p
}

// Cookie sets a cookie.
func (p Response) Cookie(c *http.Cookie) Response { return p.With("Set-Cookie", c.String()) }

// write sends the response. A page is rendered whole before its first byte leaves;
// its digest is its ETag, so that an unchanged page costs a line.
func (p Response) write(w http.ResponseWriter, r *http.Request) error {
	body := p.body
	if p.page != nil {
		var buf bytes.Buffer
		if err := p.page.Render(r.Context(), &buf); err != nil {
			return err
		}
		body = buf.Bytes()
	}
	h := w.Header()
	for name, values := range p.header {
		if name != "Set-Cookie" && name != "Vary" { // the answer's own word replaces that of every answer
			h.Del(name)
		}
		h[name] = append(h[name], values...)
	}
	if p.file != nil {
		defer p.file.Close() //nolint:errcheck // only read
		http.ServeContent(w, r, "", time.Time{}, p.file)
		return nil
	}
	if p.page != nil {
		h.Set("Content-Type", "text/html; charset=utf-8")
	}
	if p.status == http.StatusOK && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		sum := sha256.Sum256(body)
		tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", tag)
		if h.Get("Cache-Control") == "" {
			h.Set("Cache-Control", "private, no-cache")
		}
		if matches(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	} else if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(p.status)
	_, _ = w.Write(body) // the client may be gone
	return nil
}

// matches reports whether a list of ETags holds the weak tag.
func matches(list, tag string) bool {
	for _, t := range strings.Split(list, ",") {
		if t = strings.TrimSpace(t); t == tag || "W/"+t == tag || t == "*" {
			return true
		}
	}
	return false
}

// Status is the HTTP status of each kind of fault.
func Status(k fault.Kind) int {
	switch k {
	case fault.NotFound:
		return http.StatusNotFound
	case fault.WrongMethod:
		return http.StatusMethodNotAllowed
	case fault.Unauthorized:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Conflict:
		return http.StatusConflict
	case fault.BadInput:
		return http.StatusUnprocessableEntity
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
