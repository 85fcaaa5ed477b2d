// Package web is the server's machinery: routes that state who may use them,
// handlers that return a response or an error, and one adapter that writes either.
// It knows nothing of institutions.
package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"cadre/kit/fault"

	"github.com/a-h/templ"
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
}

// Response is what a handler returns. Make it with Page, SeeOther or Download.
type Response struct {
	status int
	header http.Header
	page   templ.Component
	body   []byte
}

// Page shows a page.
func Page(c templ.Component) Response { return Response{status: http.StatusOK, page: c} }

// Invalid shows a page again whose form was not accepted.
func Invalid(c templ.Component) Response {
	return Response{status: http.StatusUnprocessableEntity, page: c}
}

// Conflicting shows a page that sets two versions side by side.
func Conflicting(c templ.Component) Response { return Response{status: http.StatusConflict, page: c} }

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
		h[name] = append(h[name], values...)
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
