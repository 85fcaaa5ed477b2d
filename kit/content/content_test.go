package content_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"cadre/kit/content"
)

func packed(names ...string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		name, body, _ := strings.Cut(n, "=")
		w, _ := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		_, _ = w.Write([]byte(body))
	}
	_ = z.Close()
	return b.String()
}

func odt(more ...string) string {
	return packed(append([]string{"mimetype=application/vnd.oasis.opendocument.text", "content.xml"}, more...)...)
}

func TestOf(t *testing.T) {
	word := packed("[Content_Types].xml", "word/document.xml")
	for _, c := range []struct {
		name, bytes, want string
		err               error
	}{
		{"note.pdf", "%PDF-1.7\n", "pdf", nil},
		{"NOTE.PDF", "%PDF-1.7\n", "pdf", nil},
		{"note.pdf", "MZ\x90\x00", "", content.ErrLies},
		{"note.pdf", "<html><script>alert(1)</script>", "", content.ErrLies},
		{"note.pdf", "", "", content.ErrLies},
		{"photo.jpg", "%PDF-1.7\n", "", content.ErrLies},
		{"photo.jpeg", "\xff\xd8\xff\xe0", "jpg", nil},
		{"lettre.docx", word, "docx", nil},
		{"lettre.xlsx", word, "", content.ErrLies},
		{"lettre.docx", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "", content.ErrLies},
		{"lettre.docx", word[:len(word)-30], "", content.ErrLies},
		{"lettre.odt", odt(), "odt", nil},
		{"lettre.odt", odt("Basic/x"), "", content.ErrLies},
		{"lettre.ods", odt(), "", content.ErrLies},
		{"carte.kml", `<?xml version="1.0"?><!-- x --><kml xmlns="http://www.opengis.net/kml/2.2"></kml>`, "kml", nil},
		{"carte.kml", `<svg onload="alert(1)"/>`, "", content.ErrLies},
		{"carte.kmz", packed("doc.kml"), "kmz", nil},
		{"carte.kmz", packed("x.exe"), "", content.ErrLies},
		{"carte.geojson", `{"type":"FeatureCollection","features":[]}`, "geojson", nil},
		{"carte.json", `{"type":"autre"}`, "", content.ErrLies},
		{"liste.csv", "é;b\r\n1;2\r\n", "csv", nil},
		{"liste.csv", "\xe9;b\r\n", "csv", nil},
		{"liste.csv", "a\x00b", "", content.ErrLies},
		{"note.txt", strings.Repeat("a", 100_000) + "\x01", "", content.ErrLies},
		{"page.html", "<html>", "", content.ErrName},
		{"image.svg", "<svg/>", "", content.ErrName},
		{"prog.exe", "MZ", "", content.ErrName},
		{"sans", "a", "", content.ErrName},
		{"a.pdf.exe", "%PDF-", "", content.ErrName},
	} {
		got, err := content.Of(c.name, strings.NewReader(c.bytes), int64(len(c.bytes)), content.Names())
		if got.Name != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q %v", c.name, got.Name, err)
		}
	}
	if _, err := content.Of("note.pdf", strings.NewReader("%PDF-"), 5, []string{"docx"}); !errors.Is(err, content.ErrName) {
		t.Error("a kind that is not allowed is taken")
	}
}

func picture() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		for y := range 30 {
			img.Set(x, y, color.RGBA{uint8(x * 6), uint8(y * 8), 99, 255})
		}
	}
	return img
}

const secret = "6.131944N1.222778E"

// exif says which side is up, and where the photograph was made.
func exif(side byte) string {
	body := "Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x02\x00\x25\x88\x04\x00\x01\x00\x00\x00\x26\x00\x00\x00\x12\x01\x03\x00\x01\x00\x00\x00" + string([]byte{side, 0, 0, 0}) + "\x00\x00\x00\x00" + secret
	return segment(0xe1, body)
}

func segment(marker byte, body string) string {
	n := len(body) + 2
	return string([]byte{0xff, marker, byte(n >> 8), byte(n)}) + body
}

func strip(t *testing.T, name, from string) string {
	t.Helper()
	k, err := content.Of(name, strings.NewReader(from), int64(len(from)), content.Names())
	if err != nil || !k.Bare() {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := k.Strip(&out, strings.NewReader(from)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAPhotographSaysNoLongerWhereItWasMade(t *testing.T) {
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, picture(), nil); err != nil {
		t.Fatal(err)
	}
	taken := plain.String()[:2] + segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00") + exif(6) + segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret) +
		segment(0xe2, "MPF\x00"+secret) + segment(0xed, secret) + segment(0xfe, secret) + plain.String()[2:] + secret
	got := strip(t, "photo.jpg", taken)
	if strings.Contains(got, secret) || !strings.Contains(got, "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06") {
		t.Errorf("%q", got[:120])
	}
	same(t, plain.String(), got)
	if again := strip(t, "photo.jpg", got); again != got {
		t.Error("what is bare changes again")
	}
	plain.Reset()
	if err := png.Encode(&plain, picture()); err != nil {
		t.Fatal(err)
	}
	chunk := func(name, body string) string {
		n := len(body)
		sum := crc32.ChecksumIEEE([]byte(name + body))
		return string([]byte{0, 0, byte(n >> 8), byte(n)}) + name + body + string([]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
	}
	taken = plain.String()[:33] + chunk("tEXt", secret) + chunk("eXIf", secret) + chunk("gAMA", "\x00\x00\xb1\x8f") + plain.String()[33:] + secret
	got = strip(t, "photo.png", taken)
	if strings.Contains(got, secret) || !strings.Contains(got, "gAMA") {
		t.Error("the position is still there")
	}
	same(t, plain.String(), got)
}

// same decodes two images and compares them point by point.
func same(t *testing.T, a, b string) {
	t.Helper()
	one, _, err := image.Decode(strings.NewReader(a))
	if err != nil {
		t.Fatal(err)
	}
	two, _, err := image.Decode(strings.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for x := range 40 {
		for y := range 30 {
			if one.At(x, y) != two.At(x, y) {
				t.Fatalf("another picture at %d, %d", x, y)
			}
		}
	}
}

func FuzzStrip(f *testing.F) {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, picture(), nil)
	f.Add(b.String()[:2]+exif(3)+b.String()[2:], "a.jpg")
	b.Reset()
	_ = png.Encode(&b, picture())
	f.Add(b.String(), "a.png")
	f.Fuzz(func(t *testing.T, from, name string) {
		k, err := content.Of(name, strings.NewReader(from), int64(len(from)), content.Names())
		if err != nil || !k.Bare() {
			return
		}
		var out, again bytes.Buffer
		if err := k.Strip(&out, strings.NewReader(from)); err != nil {
			return
		}
		if err := k.Strip(&again, bytes.NewReader(out.Bytes())); err != nil || again.String() != out.String() {
			t.Fatalf("bare once %q, bare twice %q, %v", out.String(), again.String(), err)
		}
	})
}
