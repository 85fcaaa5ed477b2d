package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
)

//go:embed css js
var sources embed.FS

type asset struct {
	path   string // /static/cadre.1a2b3c4d5e.css
	kind   string
	plain  []byte
	zipped []byte
}

// assets are made once, when the program starts: each from the files it joins.
var assets = map[string]asset{
	"cadre.css": build("cadre.css", "text/css; charset=utf-8", squeeze,
		"css/tokens.css", "css/base.css", "css/shell.css", "css/block.css", "css/form.css", "css/grid.css", "css/print.css"),
	"cadre.js": build("cadre.js", "text/javascript; charset=utf-8", bare,
		"js/answer.js", "js/search.js", "js/submit.js", "js/draft.js", "js/beside.js", "js/parts.js", "js/leave.js", "js/now.js"),
	"favicon.svg": build("favicon.svg", "image/svg+xml", keep, "css/favicon.svg"),
}

// Asset returns the address of cadre.css, cadre.js or favicon.svg. It holds a digest of the
// content, so that browsers may keep what lies there for ever.
func Asset(name string) string {
	a, ok := assets[name]
	if !ok {
		panic("ui: no asset " + name)
	}
	return a.path
}

// Assets serves what Asset points at, under /static/.
func Assets() http.Handler {
	byPath := map[string]asset{}
	for _, a := range assets {
		byPath[a.path] = a
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := byPath[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r)
	})
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := a.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client may be gone
}

func build(name, kind string, shrink func(string) string, files ...string) asset {
	var all strings.Builder
	for _, f := range files {
		data, err := sources.ReadFile(f)
		if err != nil {
			panic(err)
		}
		all.Write(data)
	}
	plain := []byte(shrink(all.String()))
	sum := sha256.Sum256(plain)
	ext := path.Ext(name)
	return asset{
		path:   "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext,
		kind:   kind,
		plain:  plain,
		zipped: zip(plain),
	}
}

func zip(plain []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(plain) // into memory
	_ = w.Close()
	return out.Bytes()
}

func keep(s string) string { return s }

// bare drops what a browser does not read in our scripts: lines that are comments, and margins.
// It assumes that no string goes over several lines.
func bare(js string) string { return remarks.ReplaceAllString(js, "") }

var (
	remarks  = regexp.MustCompile(`(?m)^\s*(//.*\n\s*)*`)
	comments = regexp.MustCompile(`(?s)/\*.*?\*/`)
	spaces   = regexp.MustCompile(`\s+`)
	around   = regexp.MustCompile(`\s*([{};,])\s*`)
)

// squeeze drops what a browser does not read in our style sheets: comments, line ends and the
// spaces around punctuation. It assumes that no string holds any of them.
func squeeze(css string) string {
	css = comments.ReplaceAllString(css, "")
	css = spaces.ReplaceAllString(css, " ")
	css = around.ReplaceAllString(css, "$1")
	return strings.TrimSpace(strings.ReplaceAll(css, ";}", "}"))
}
