// Package api describes and serves the JSON API: operations with typed input and
// output, the OpenAPI 3.1 description made from those types, errors as problems
// (RFC 9457). An operation states who may use it, as a page's route does.
package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"cadre/kit/fault"
	"cadre/kit/web"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// API is the set of operations being described.
type API struct {
	huma huma.API
	mux  *http.ServeMux
	ops  []Op

	prefix  string
	uploads map[string]int64 // limits of the operations that take a file, by pattern
}

// Op is one operation.
type Op struct {
	Method  string
	Path    string // below the prefix, such as /structures/{id}
	ID      string // name of the operation in generated clients
	Summary string // in English, as all of the API
	Tag     string
	Allow   func(context.Context) error // who may use it: nil or the fault to answer
	Status  int                         // of success; 0 for the method's usual one
	MaxBody int64                       // bytes that may be sent, for an operation that takes a file; 0 for one MiB
}

// New returns an empty API served under prefix. explain finds the fault of an
// error and, when the program is to blame, its number in the log.
func New(title, version, prefix string, explain func(context.Context, error) (*fault.Fault, string)) *API {
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		return problem(ctx, explain, status, msg, errs)
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return problem(nil, nil, status, msg, errs)
	}
	huma.DefaultArrayNullable = false // a list without lines is empty
	config := huma.DefaultConfig(title, version)
	config.CreateHooks, config.DocsPath, config.SchemasPath = nil, "", ""
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	config.Security = []map[string][]string{{"token": {}}, {}}
	config.Servers = []*huma.Server{{URL: prefix}}
	a := &API{mux: http.NewServeMux(), prefix: prefix, uploads: map[string]int64{}}
	a.huma = humago.NewWithPrefix(a.mux, prefix, config)
	return a
}

// Add describes an operation and serves it with fn.
func Add[I, O any](a *API, op Op, fn func(context.Context, *I) (*O, error)) {
	a.ops = append(a.ops, op)
	wait := 5 * time.Second
	if op.MaxBody > 0 {
		a.uploads[op.Method+" "+a.prefix+op.Path], wait = op.MaxBody, web.UploadTime
	}
	places := placesOf(reflect.TypeFor[I]())
	huma.Register(a.huma, huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, Tags: []string{op.Tag},
		DefaultStatus: op.Status,
		MaxBodyBytes:  cmp.Or(op.MaxBody, 1<<20), BodyReadTimeout: wait,
		Errors: []int{401, 403, 404, 409, 422},
		Middlewares: huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
			if err := op.Allow(ctx.Context()); err != nil {
				_ = huma.WriteErr(a.huma, ctx, web.Status(fault.KindOf(err)), "", err)
				return
			}
			next(ctx)
		}},
	}, func(ctx context.Context, in *I) (*O, error) {
		if err := clean(in); err != nil {
			return nil, err
		}
		out, err := fn(ctx, in)
		return out, placed(err, places)
	})
}

// Operations lists what was added.
func (a *API) Operations() []Op { return a.ops }

// MaxBody says how many bytes may be sent to an operation that takes a file; 0 for the others.
func (a *API) MaxBody(r *http.Request) int64 {
	_, pattern := a.mux.Handler(r)
	return a.uploads[pattern]
}

// Handler serves the operations; known answers everything else under the prefix, see web.Server.Known.
func (a *API) Handler(known func(*http.ServeMux) http.Handler) http.Handler {
	operations := known(a.mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private, no-cache")
		operations.ServeHTTP(w, r)
	})
}

// Description is the OpenAPI description.
func (a *API) Description() *huma.OpenAPI { return a.huma.OpenAPI() }

type statusError struct{ web.Problem }

// Error words the problem for a log.
func (e *statusError) Error() string { return e.Title + ": " + e.Detail }

// GetStatus is the HTTP status.
func (e *statusError) GetStatus() int { return e.Status }

// ContentType is the media type of problems.
func (e *statusError) ContentType(string) string { return "application/problem+json" }

func problem(ctx huma.Context, explain func(context.Context, error) (*fault.Fault, string), status int, msg string, errs []error) huma.StatusError {
	joined := errors.Join(errs...)
	var f *fault.Fault
	if ctx != nil {
		ctx.SetHeader("Cache-Control", "no-store")
	}
	if ctx != nil && (errors.As(joined, &f) || status >= 500) {
		f, number := explain(ctx.Context(), joined)
		for name, value := range web.FaultHeaders(f) {
			ctx.SetHeader(name, value)
		}
		return &statusError{web.ProblemOf(ctx.Context(), f, number)}
	}
	p := web.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status}
	if ctx == nil {
		return &statusError{p} // an example of the description
	}
	p.Detail = worded(ctx.Context(), msg)
	for _, err := range errs {
		var d huma.ErrorDetailer
		if errors.As(err, &d) {
			at, said := d.ErrorDetail().Location, d.ErrorDetail().Message
			p.Errors = append(p.Errors, web.ProblemField{Location: located(at, said), Message: worded(ctx.Context(), said)})
		}
	}
	return &statusError{p}
}

// Version reads an If-Match header, which names the version that the client has
// before its eyes. A change without one is refused: it would overwrite unseen.
func Version(ifMatch string) (int64, error) {
	s := strings.Trim(strings.TrimPrefix(strings.TrimSpace(ifMatch), "W/"), `"`)
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.Invalid("If-Match", "Indiquez dans l’en-tête If-Match la version que vous modifiez, telle que l’en-tête ETag l’a donnée.")
	}
	return n, nil
}

// Tag is the ETag of a version.
func Tag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }
