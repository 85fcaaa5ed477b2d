package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"

	"github.com/VictoriaMetrics/metrics"
	"github.com/a-h/templ"
	"github.com/klauspost/compress/gzhttp"
)

// Server turns routes into an HTTP handler.
type Server struct {
	Log     *slog.Logger
	Secure  bool           // served over TLS, here or by the proxy
	Proxies []netip.Prefix // whose X-Forwarded-For is believed

	// Wrap dresses every request with its context (language, viewer, page frame) before the route's rule is asked.
	Wrap func(http.Handler) http.Handler
	// Fault is the page that shows a fault; number is in the log too, and empty unless the program is at fault.
	Fault func(r *http.Request, status int, f *fault.Fault, number string) templ.Component
	// Resume shows what was sent in a form after the session had ended, to be sent again.
	Resume func(*http.Request, url.Values) templ.Component
	// MaxBody says how many bytes may be sent to what no route answers (the API); 0 for two MiB.
	MaxBody func(*http.Request) int64
	// SignIn is the address of the sign-in page, to which the pages that need it send nobody.
	SignIn func(r *http.Request) string
}

// maxBody bounds every request body; an upload has its own limit (Route.MaxBody) and
// its own time, for a file of several megabytes is long in coming over a telephone.
const maxBody = 2 << 20

// UploadTime is how long the file of a route with its own MaxBody may take to come.
const UploadTime = 10 * time.Minute

// Handler serves the routes, and others (assets, the API) under their prefixes.
func (s *Server) Handler(routes []Route, others map[string]http.Handler) http.Handler {
	mux := http.NewServeMux()
	uploads := map[string]int64{}
	for _, route := range routes {
		mux.Handle(route.Pattern, s.adapt(route))
		if route.MaxBody > 0 {
			uploads[route.Pattern] = route.MaxBody
		}
	}
	for prefix, h := range others {
		mux.Handle(prefix, h)
	}
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(s.adapt(Route{Allow: func(context.Context) error {
		return fault.New(fault.Forbidden, "Cette demande vient d’un autre site : elle a été refusée.")
	}}))
	gz, err := gzhttp.NewWrapper(gzhttp.MinSize(400))
	if err != nil {
		panic(err) // a constant option
	}
	limit := func(r *http.Request) int64 {
		_, pattern := mux.Handler(r)
		if _, mounted := others[pattern]; mounted && s.MaxBody != nil {
			return s.MaxBody(r)
		}
		return uploads[pattern]
	}
	return s.outer(limit, gz(s.Wrap(origin.Handler(s.Known(mux)))))
}

// Known serves what a mux has a pattern for. All else is absent, but for an address that it
// knows by other methods: those it names (RFC 9110 §15.5.6), whatever the address is about.
func (s *Server) Known(mux *http.ServeMux) http.Handler {
	absent := s.adapt(Route{Allow: func(context.Context) error { return fault.Missing() }})
	otherwise := s.adapt(Route{Allow: func(context.Context) error {
		return fault.New(fault.WrongMethod, "Cette adresse existe, mais elle ne répond pas à ce genre de demande.")
	}})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
		} else if allowed := methods(mux, r); len(allowed) > 0 {
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			otherwise.ServeHTTP(w, r)
		} else {
			absent.ServeHTTP(w, r)
		}
	})
}

// methods lists those by which the mux knows the address of a request.
func methods(mux *http.ServeMux, r *http.Request) []string {
	var known []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		asked := r.WithContext(r.Context()) // a copy
		asked.Method = method
		if _, pattern := mux.Handler(asked); pattern != "" {
			known = append(known, method)
		}
	}
	return known
}

// adapt makes an http.Handler of a route.
func (s *Server) adapt(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		traceOf(r.Context()).route = route.Pattern
		err := route.Allow(r.Context())
		var resp Response
		if err == nil {
			resp, err = route.Handle(&Request{r})
		}
		if err == nil {
			err = resp.write(w, r)
		}
		if err != nil {
			s.Fail(w, r, err)
		}
	})
}

// Fail answers with the fault: a page, or a problem (RFC 9457) under /api/.
func (s *Server) Fail(w http.ResponseWriter, r *http.Request, err error) {
	f, number := s.Explain(r.Context(), err)
	status := Status(f.Kind)
	api := strings.HasPrefix(r.URL.Path, "/api/")
	if f.Kind == fault.Unauthorized && !api && r.Method == http.MethodGet {
		http.Redirect(w, r, s.SignIn(r), http.StatusSeeOther)
		return
	}
	if f.Kind == fault.Unauthorized && !api && s.resume(w, r, status) {
		return
	}
	for name, value := range FaultHeaders(f) {
		w.Header().Set(name, value)
	}
	if api {
		WriteProblem(w, r, f, number)
		return
	}
	page := Response{status: status, page: s.Fault(r, status, f, number)}
	if err := page.write(w, r); err != nil {
		if !gone(r.Context()) {
			s.Log.Error("page of a fault", "error", err)
		}
		http.Error(w, http.StatusText(status), status)
	}
}

// FaultHeaders are those that the answer to a fault carries, by name.
func FaultHeaders(f *fault.Fault) map[string]string {
	switch f.Kind {
	case fault.TooMany:
		return map[string]string{"Retry-After": strconv.FormatInt(int64((cmp.Or(f.Wait, time.Minute)+time.Second-1)/time.Second), 10)}
	case fault.Unauthorized:
		return map[string]string{"WWW-Authenticate": "Bearer"}
	}
	return nil
}

// resume shows a form again that its author sent after their session had ended.
func (s *Server) resume(w http.ResponseWriter, r *http.Request, status int) bool {
	values, err := form.Read(r)
	if err != nil || len(values) == 0 || values.Has("password") || values.Has("code") {
		return false // a secret is never shown again
	}
	return Response{status: status, page: s.Resume(r, values)}.write(w, r) == nil
}

// Explain returns the fault to show for an error. An error that is no fault is a
// defect or a broken machine: its cause goes to the log under a number that the user reads.
func (s *Server) Explain(ctx context.Context, err error) (*fault.Fault, string) {
	var f *fault.Fault
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		f = fault.New(fault.TooLarge, "L’envoi dépasse la taille permise. Réduisez-le et recommencez.")
	case gone(ctx), errors.Is(err, errCut):
		f = fault.New(fault.BadInput, "L’envoi a été coupé avant la fin. Recommencez.")
	case !errors.As(err, &f):
		f = fault.New(fault.Internal, "Une erreur est survenue. Rien n’a été enregistré.")
	}
	if f.Kind != fault.Internal && f.Kind != fault.Unavailable {
		return f, ""
	}
	number := rand.Text()[:8]
	s.Log.ErrorContext(ctx, "fault", "number", number, "request", RequestID(ctx), "error", err)
	return f, number
}

// gone reports whether whoever asked has left: no answer reaches them, and what fails then fails because of it.
func gone(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }

// errCut is the end of a body before all that was announced has come.
var errCut = errors.New("the line was cut")

// sent is the body of a request, which tells a line that is cut from what breaks here.
type sent struct{ io.ReadCloser }

func (s sent) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("%w: %w", errCut, err)
	}
	return n, err
}

// Problem is an error of the API (RFC 9457).
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Number string         `json:"number,omitempty"` // in the server's log
	Errors []ProblemField `json:"errors,omitempty"`
}

// ProblemField is what is wrong with one field of the request.
type ProblemField struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// ProblemOf words a fault in the language of the context.
func ProblemOf(ctx context.Context, f *fault.Fault, number string) Problem {
	status := Status(f.Kind)
	p := Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: f.Sentence.In(text.Of(ctx)), Number: number}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, ProblemField{field.Name, field.Sentence.In(text.Of(ctx))})
	}
	return p
}

// WriteProblem answers with a problem.
func WriteProblem(w http.ResponseWriter, r *http.Request, f *fault.Fault, number string) {
	p := ProblemOf(r.Context(), f, number)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

type traceKey struct{}

// trace follows a request through the layers: its number, and the route that it found.
type trace struct{ id, route string }

func traceOf(ctx context.Context) *trace {
	if t, ok := ctx.Value(traceKey{}).(*trace); ok {
		return t
	}
	return &trace{}
}

// RequestID returns the number of the request, which each line of the log carries.
func RequestID(ctx context.Context) string { return traceOf(ctx).id }

// outer is what surrounds every request: number, headers, limit, log, and the net under a defect.
func (s *Server) outer(limit func(*http.Request) int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		r = r.WithContext(context.WithValue(r.Context(), traceKey{}, &trace{id: rand.Text()[:12]}))
		s.bound(w, r, limit)
		s.headers(w.Header())
		seen := &watched{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				s.Log.Error("panic", "request", RequestID(r.Context()), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if seen.status == 0 {
					s.Fail(seen, r, fmt.Errorf("panic: %v", p))
				}
			}
			s.account(r, seen, time.Since(start))
		}()
		next.ServeHTTP(seen, r)
	})
}

// bound limits what the request may send, and how long it may take to.
func (s *Server) bound(w http.ResponseWriter, r *http.Request, limit func(*http.Request) int64) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		return
	}
	most := cmp.Or(limit(r), maxBody)
	if most != maxBody {
		until, line := time.Now().Add(UploadTime), http.NewResponseController(w)
		_ = line.SetReadDeadline(until) // where there is no connection to keep open, there is nothing to wait for
		_ = line.SetWriteDeadline(until.Add(time.Minute))
	}
	r.Body = sent{r.Body}
	if r.ContentLength > most { // it is not waited for, only to be refused
		most = 0
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
}

// headers that every answer carries, errors too.
func (s *Server) headers(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()")
	h.Set("Vary", "Cookie, Authorization")
	if s.Secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

// account writes the request's line in the log and its measures: the route's
// pattern, never the address itself, which may hold what a person searched for.
func (s *Server) account(r *http.Request, seen *watched, took time.Duration) {
	if seen.status == 0 {
		seen.status = http.StatusOK
	}
	pattern := traceOf(r.Context()).route
	metrics.GetOrCreateCounter(fmt.Sprintf(`cadre_requests_total{status="%d"}`, seen.status)).Inc()
	metrics.GetOrCreateHistogram(fmt.Sprintf(`cadre_request_seconds{route=%q}`, pattern)).Update(took.Seconds())
	s.Log.Info("request", "request", RequestID(r.Context()), "method", r.Method, "route", pattern,
		"status", seen.status, "bytes", seen.bytes, "ms", took.Milliseconds(), "from", s.Address(r))
}

// Address is the address of the client: the socket's, or what a trusted proxy says.
// Each proxy adds at the end whom it heard; what stands before the first that is not
// trusted was written by the client.
func (s *Server) Address(r *http.Request) string {
	client, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		client = r.RemoteAddr
	}
	heard := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(heard) {
		hop = strings.TrimSpace(hop)
		if _, err := netip.ParseAddr(hop); err != nil || !s.trusts(client) {
			break
		}
		client = hop
	}
	return client
}

// trusts reports whether the address is one of the proxies'.
func (s *Server) trusts(address string) bool {
	addr, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(addr.Unmap()) })
}

type watched struct {
	http.ResponseWriter
	status int
	bytes  int
}

// WriteHeader notes the status.
func (w *watched) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
