package ui

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"regexp"
	"testing"
)

func TestWeights(t *testing.T) {
	for name, limit := range map[string]int{"cadre.css": 10_500, "cadre.js": 3_000, "favicon.svg": 500} {
		a := assets[name]
		t.Logf("%s: %d bytes, %d compressed", name, len(a.plain), len(a.zipped))
		if len(a.zipped) > limit {
			t.Errorf("%s weighs %d bytes compressed, limit %d", name, len(a.zipped), limit)
		}
	}
	if n := len(assets["cadre.js"].plain); n > 6_144 {
		t.Errorf("our script has %d bytes, limit 6144", n)
	}
}

func TestAssets(t *testing.T) {
	for _, name := range []string{"cadre.css", "cadre.js", "favicon.svg"} {
		t.Run(name, func(t *testing.T) {
			if !regexp.MustCompile(`^/static/[a-z]+\.[0-9a-f]{10}\.[a-z]+$`).MatchString(Asset(name)) {
				t.Errorf("its address is %s", Asset(name))
			}
			plain, packed := get(Asset(name), ""), get(Asset(name), "br, gzip")
			if packed.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" {
				t.Error("compressed for the wrong browser")
			}
			r, err := gzip.NewReader(packed.Body)
			if err != nil {
				t.Fatal(err)
			}
			unpacked, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(unpacked, plain.Body.Bytes()) {
				t.Errorf("both answers differ: %v", err)
			}
			if plain.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
				t.Error("it may not be kept")
			}
		})
	}
	if missing := get("/static/cadre.0000000000.css", ""); missing.Code != 404 {
		t.Errorf("an old address answers %d", missing.Code)
	}
}

func get(path, encodings string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Encoding", encodings)
	Assets().ServeHTTP(w, r)
	return w
}

func TestSqueeze(t *testing.T) {
	got := squeeze("/* note\n */\n@layer a, b;\n.a > .b:not(.c) {\n  margin: 0 auto;\n  width: calc(1px + 2px);\n}\n")
	if want := "@layer a,b;.a > .b:not(.c){margin: 0 auto;width: calc(1px + 2px)}"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
