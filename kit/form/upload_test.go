package form_test

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cadre/kit/fault"
	"cadre/kit/form"

	"github.com/google/go-cmp/cmp"
)

// got is a file as it came.
type got struct{ Field, Name, Body string }

func receive(r *http.Request) (url.Values, []got, error) {
	var files []got
	values, err := form.ReadUpload(r, func(f form.File) error {
		b, err := io.ReadAll(f.Body)
		files = append(files, got{f.Field, f.Name, string(b)})
		return err
	})
	return values, files, err
}

func TestReadUpload(t *testing.T) {
	for name, want := range map[string]string{
		"plan.xlsx":                        "plan.xlsx",
		"../../etc/passwd":                 "passwd",
		`C:\\Docs\\pta 2026.csv`:           "pta 2026.csv",
		"pta\u202ecsv.exe":                 "ptacsv.exe",
		strings.Repeat("é", 300):           strings.Repeat("é", 200),
		strings.Repeat("é", 300) + ".docx": strings.Repeat("é", 195) + ".docx",
		"a." + strings.Repeat("x", 300):    "a." + strings.Repeat("x", 198),
	} {
		values, files, err := receive(multi(map[string]string{"nom": " Agence A "}, name))
		if diff := cmp.Diff([]got{{"piece", want, "contenu"}}, files); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
		if diff := cmp.Diff(url.Values{"nom": {"Agence A"}}, values); diff != "" {
			t.Error(diff)
		}
	}
	if values, files, err := receive(multi(nil, "")); err != nil || len(files) != 0 || values.Get("piece") != "" {
		t.Errorf("an input left alone: %v %v %v", values, files, err)
	}
}

func TestReadUpload_Refusals(t *testing.T) {
	large := multi(nil, "plan.csv")
	large.Body = http.MaxBytesReader(nil, large.Body, 100)
	var cut bytes.Buffer
	w := multipart.NewWriter(&cut)
	part, _ := w.CreateFormFile("piece", "plan.csv")
	part.Write([]byte("a;b"))
	for name, c := range map[string]struct {
		r    *http.Request
		want fault.Kind
	}{
		"more than the route takes":    {large, fault.TooLarge},
		"too many characters in words": {multi(map[string]string{"a": strings.Repeat("x", form.MaxBytes+1)}, "plan.csv"), fault.TooLarge},
		"no multipart":                 {post("application/x-www-form-urlencoded", "a=b"), fault.BadInput},
		"no content type":              {post("", ""), fault.BadInput},
		"cut half-way":                 {post(w.FormDataContentType(), cut.String()), fault.BadInput},
		"forbidden characters":         {multi(map[string]string{"a": "\x00"}, "plan.csv"), fault.BadInput},
	} {
		if _, _, err := receive(c.r); fault.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	disk := errors.New("disk full")
	if _, err := form.ReadUpload(multi(nil, "plan.csv"), func(form.File) error { return disk }); !errors.Is(err, disk) || fault.KindOf(err) != fault.Internal {
		t.Errorf("what take says is not returned: %v", err)
	}
}
