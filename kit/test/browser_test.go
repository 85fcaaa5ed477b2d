package test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// bad is a page that does what no page may do.
const bad = `<!doctype html><html><head><title>Page</title>
<script src="/loud.js"></script><script>alert(1)</script><link rel="stylesheet" href="/static/absent.css">
<img src="http://127.0.0.2:9/far.png"></head><body><p style="width: 3000px">Large</p><input></body></html>`

// recorder keeps what a tab complains of.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Error(args ...any) { r.said = append(r.said, fmt.Sprint(args...)) }

func TestTabNotesWhatNoPageMayDo(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Security-Policy", "script-src 'self'; img-src *")
			_, _ = w.Write([]byte(bad))
		case "/loud.js":
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte("console.warn('loud'); undefined.nothing"))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(site.Close)
	r := &recorder{TB: t}
	tab := OpenBrowser(t).Open(r, site.URL, Reader{Width: 1366, Scripts: true})
	tab.Visit("/")
	if n := tab.Overflow(); n < 1600 {
		t.Errorf("a page of 3000 pixels is %d pixels too wide for 1366", n)
	}
	barriers := strings.Join(tab.Barriers(), "\n")
	for _, rule := range []string{"html-has-lang", "label", "page-has-heading-one"} {
		if !strings.Contains(barriers, rule+":") {
			t.Errorf("%s is not found:\n%s", rule, barriers)
		}
	}
	tab.Close()
	complaints := strings.Join(r.said, "\n")
	for _, want := range []string{"console.warning", "exception", "Content Security Policy", "127.0.0.2:9", "absent.css"} {
		if !strings.Contains(complaints, want) {
			t.Errorf("%s is not noted:\n%s", want, complaints)
		}
	}
}
