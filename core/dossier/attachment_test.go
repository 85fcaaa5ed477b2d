package dossier_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/dossier"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/file"
)

const pdf = "%PDF-1.7\nUn rapport.\n%%EOF\n"

// eicar is the file by which antiviruses are tried (eicar.org), in two halves so that this one is none.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR` + `-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

func (h *house) attach(by, name, body string) (dossier.Attachment, error) {
	return h.Attach(ctx, h.by(by), h.record.ID, name, strings.NewReader(body))
}

func (h *house) fetch(v access.Viewer, id string) (string, error) {
	h.t.Helper()
	_, f, err := h.Fetch(ctx, v, h.record.ID, id)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	h.must(err)
	return string(b), nil
}

func (h *house) keptFiles() int {
	n := 0
	h.must(h.files.Each(ctx, func(file.Kept) error { n++; return nil }))
	return n
}

func TestAnAttachmentIsReadByWhoReadsTheRecord(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		a, err := h.attach("membre@cnad.example", "Rapport 2026.pdf", pdf)
		h.must(err)
		sum, size, _ := file.Digest(strings.NewReader(pdf))
		if a.Digest != sum || a.Size != size || a.Type != "application/pdf" || a.Scanned != "" {
			t.Errorf("%+v", a)
		}
		if got, err := h.fetch(h.by("focal@cnlpal.example"), a.ID); got != pdf || err != nil {
			t.Errorf("%q %v", got, err)
		}
		for _, v := range []access.Viewer{h.by("focal@cndh.example"), access.Nobody} {
			if _, err := h.fetch(v, a.ID); fault.KindOf(err) != fault.NotFound {
				t.Error(err)
			}
			if _, err := h.Attach(ctx, v, h.record.ID, "a.pdf", strings.NewReader(pdf)); fault.KindOf(err) != fault.NotFound {
				t.Error(err)
			}
		}
		if _, err := h.Detach(ctx, h.by("focal@cnad.example"), h.record.ID, a.ID); fault.KindOf(err) != fault.Forbidden {
			t.Error(err)
		}
		h.proved()
		_, err = h.Detach(ctx, h.by("focal@cnlpal.example"), h.record.ID, a.ID)
		h.must(err)
		if _, err := h.fetch(h.by("membre@cnad.example"), a.ID); fault.KindOf(err) != fault.NotFound {
			t.Error("what was withdrawn is read: ", err)
		}
		h.proved()
	})
}

func TestWhatIsNotKept(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for name, body := range map[string]string{
			"menteur.pdf": "MZ\x90\x00 un programme", "page.pdf": "<html><script>alert(1)</script></html>", "page.html": "<html>", "image.svg": "<svg/>", "programme.exe": "MZ",
			"vide.pdf": "", "": pdf, "grand.txt": strings.Repeat("a", 1<<20+1), "abimee.jpg": "\xff\xd8\xff\xe0\x00",
		} {
			if _, err := h.attach("membre@cnad.example", name, body); fault.KindOf(err) != fault.BadInput {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := h.Attach(ctx, h.by("membre@cnad.example"), h.record.ID, "coupe.txt", io.MultiReader(strings.NewReader("90 %"), cut{})); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Error(err)
		}
		if _, err := h.Attach(ctx, h.by("membre@cnad.example"), h.record.ID, "programme.exe", cut{}); fault.KindOf(err) != fault.BadInput {
			t.Errorf("what no file is called is read: %v", err)
		}
		if n := h.keptFiles(); n != 0 {
			t.Errorf("%d files are kept", n)
		}
		left, err := os.ReadDir(h.Work)
		if len(left) > 0 || err != nil {
			t.Error("the working folder is not empty: ", left, err)
		}
		_, err = h.attach("membre@cnad.example", "grand.txt", strings.Repeat("a", 1<<20))
		h.must(err)
	})
}

// cut is a line that breaks.
type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestAPhotographLosesItsPosition(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		var b bytes.Buffer
		h.must(jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 9)), nil))
		const where = "GPS 6.131944N 1.222778E"
		taken := b.String()[:2] + "\xff\xe1\x00\x1fExif\x00\x00" + where + b.String()[2:]
		a, err := h.attach("membre@cnad.example", "photo.jpg", taken)
		h.must(err)
		got, err := h.fetch(h.by("membre@cnad.example"), a.ID)
		h.must(err)
		if sum, _, _ := file.Digest(strings.NewReader(got)); strings.Contains(got, where) || got != b.String() || sum != a.Digest {
			t.Errorf("%q", got)
		}
	})
}

// clamd speaks INSTREAM as the daemon of ClamAV does, and finds EICAR.
func clamd(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r, file, n := bufio.NewReader(c), bytes.Buffer{}, uint32(1)
			_, _ = r.ReadString(0)
			for n > 0 && binary.Read(r, binary.BigEndian, &n) == nil {
				_, _ = io.CopyN(&file, r, int64(n))
			}
			said := "stream: OK\x00"
			if strings.Contains(file.String(), eicar) {
				said = "stream: Eicar-Test-Signature FOUND\x00"
			}
			_, _ = io.WriteString(c, said)
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}

func TestAVirusIsRefused(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.Antivirus = clamd(t)
		if _, err := h.attach("membre@cnad.example", "eicar.txt", eicar); fault.KindOf(err) != fault.BadInput || !strings.Contains(err.Error(), "antivirus") {
			t.Error(err)
		}
		if a, err := h.attach("membre@cnad.example", "propre.txt", "propre"); err != nil || a.Scanned != "clean" {
			t.Errorf("%+v %v", a, err)
		}
		h.Antivirus = "127.0.0.1:1" // nobody answers there
		if _, err := h.attach("membre@cnad.example", "autre.txt", "autre"); fault.KindOf(err) != fault.Unavailable {
			t.Error(err)
		}
		if n := h.keptFiles(); n != 1 {
			t.Errorf("%d files are kept", n)
		}
	})
}

func TestWhatNothingNeedsIsRemoved(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		root := t.TempDir()
		h.files, _ = file.Open(root, "")
		h.Files = h.files
		keep, err := h.attach("membre@cnad.example", "un.txt", "un")
		h.must(err)
		gone, err := h.attach("membre@cnad.example", "deux.txt", "deux")
		h.must(err)
		sum, size, _ := file.Digest(strings.NewReader("orphelin"))
		h.must(h.files.Put(ctx, sum, size, strings.NewReader("orphelin")))
		h.must(h.Purge(ctx))
		if n := h.keptFiles(); n != 3 {
			t.Errorf("what is young is removed: %d files", n)
		}
		_, err = h.Detach(ctx, h.by("membre@cnad.example"), h.record.ID, gone.ID)
		h.must(err)
		aged(t, root)
		h.must(h.Purge(ctx))
		if n := h.keptFiles(); n != 2 {
			t.Errorf("the orphan stays, or more is gone: %d files", n)
		}
		h.clock.Advance(31 * 24 * time.Hour)
		h.must(h.Purge(ctx))
		if got, err := h.fetch(h.by("membre@cnad.example"), keep.ID); got != "un" || err != nil || h.keptFiles() != 1 {
			t.Error(got, err, h.keptFiles())
		}
		h.proved()
	})
}

// aged makes every file of a folder two days old.
func aged(t *testing.T, root string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(root, "*", "*"))
	for _, path := range all {
		err = errors.Join(err, os.Chtimes(path, time.Now().Add(-48*time.Hour), time.Now().Add(-48*time.Hour)))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnAlteredAttachmentIsFound(t *testing.T) {
	for _, query := range []string{
		`UPDATE attachment SET digest = 'x' WHERE id = $1`, `UPDATE attachment SET name = 'autre.pdf' WHERE id = $1`, `UPDATE attachment SET state = 'withdrawn' WHERE id = $1`,
		`UPDATE attachment SET person_id = 'x' WHERE id = $1`, `DELETE FROM attachment WHERE id = $1`,
	} {
		eachHouse(t, func(t *testing.T, h *house) {
			a, err := h.attach("membre@cnad.example", "un.pdf", pdf)
			h.must(err)
			h.sql(query, a.ID)
			if h.wrong() != 1 {
				t.Errorf("%s is not found", query)
			}
		})
	}
	eachHouse(t, func(t *testing.T, h *house) {
		a, err := h.attach("membre@cnad.example", "un.pdf", pdf)
		h.must(err)
		files := func() (n int) {
			h.must(h.db.Read(ctx, func(tx *db.Tx) error {
				found, err := h.VerifyFiles(ctx, tx)
				n = len(found)
				return err
			}))
			return n
		}
		if files() != 0 {
			t.Error("a whole file is not")
		}
		h.must(h.files.Delete(ctx, a.Digest))
		if files() != 1 {
			t.Error("a missing file is not missed")
		}
	})
}
