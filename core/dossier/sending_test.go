package dossier_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/dossier"
	"cadre/kit/fault"
	"cadre/kit/file"
)

// long is a file of three parts.
var long = strings.Repeat("Une ligne du compte rendu.\n", 700_000/27)

// part sends what follows the first at bytes of long, as far as a part goes.
func (h *house) part(v access.Viewer, at int) (dossier.Sending, error) {
	return h.SendPart(ctx, v, dossier.Sending{Record: h.record.ID, Name: "compte rendu.txt", Size: int64(len(long)), Mark: "1"}, int64(at),
		strings.NewReader(long[at:min(len(long), at+256<<10)]))
}

func TestASendingThatWasCutGoesOn(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		v := h.by("membre@cnad.example")
		s, err := h.part(v, 0)
		h.must(err)
		if _, err := h.AttachSent(ctx, v, h.record.ID, s.ID); fault.KindOf(err) != fault.BadInput {
			t.Errorf("a third of it is attached: %v", err)
		}
		// The line was cut, once before the answer came and once while a part was on its way.
		for _, wrong := range []int{0, 1, 100_000, 512 << 10} {
			if again, err := h.part(v, wrong); err != nil || again.ID != s.ID || again.Received != 256<<10 {
				t.Errorf("after %d: %+v %v", wrong, again, err)
			}
		}
		if _, err := h.SendPart(ctx, v, dossier.Sending{Record: h.record.ID, Name: "compte rendu.txt", Size: int64(len(long)), Mark: "1"}, s.Received, io.MultiReader(strings.NewReader("90 %"), cut{})); fault.KindOf(err) != fault.BadInput {
			t.Error(err)
		}
		for int(s.Received) < len(long) {
			s, err = h.part(v, int(s.Received))
			h.must(err)
		}
		a, err := h.AttachSent(ctx, v, h.record.ID, s.ID)
		h.must(err)
		if got, err := h.fetch(h.by("focal@cnlpal.example"), a.ID); got != long || err != nil || a.Name != "compte rendu.txt" {
			t.Errorf("%s: %d of %d bytes, %v", a.Name, len(got), len(long), err)
		}
		if _, err := h.AttachSent(ctx, v, h.record.ID, s.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("it is attached twice: %v", err)
		}
		h.proved()
	})
}

func TestASendingIsItsSendersAlone(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		v, other := h.by("membre@cnad.example"), h.by("focal@cnlpal.example")
		s, err := h.part(v, 0)
		h.must(err)
		theirs, err := h.SendPart(ctx, other, dossier.Sending{Record: h.record.ID, Name: s.Name, Size: s.Size, Mark: s.Mark}, 0, strings.NewReader(""))
		if err != nil || theirs.Received != 0 || theirs.ID == s.ID {
			t.Errorf("somebody else learns what has come: %+v %v", theirs, err)
		}
		if _, err := h.AttachSent(ctx, other, h.record.ID, s.ID); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		for _, who := range []access.Viewer{h.by("focal@cndh.example"), access.Nobody} {
			if _, err := h.part(who, 0); fault.KindOf(err) != fault.NotFound {
				t.Error("who does not see the record: ", err)
			}
		}
	})
}

func TestWhatIsNoPartOfAFile(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		v, good := h.by("membre@cnad.example"), dossier.Sending{Record: h.record.ID, Name: "a.txt", Size: 1000, Mark: "1"}
		for what, x := range map[string]struct {
			change func(*dossier.Sending)
			at     int64
			bytes  int
		}{
			"no name":         {func(s *dossier.Sending) { s.Name = " " }, 0, 10},
			"a program":       {func(s *dossier.Sending) { s.Name = "a.exe" }, 0, 10},
			"a broken name":   {func(s *dossier.Sending) { s.Name = "a\xff" }, 0, 10},
			"in a folder":     {func(s *dossier.Sending) { s.Name = "../a.txt" }, 0, 10},
			"on two lines":    {func(s *dossier.Sending) { s.Name = "a\nb.txt" }, 0, 10},
			"a long name":     {func(s *dossier.Sending) { s.Name = strings.Repeat("é", 201) }, 0, 10},
			"a long mark":     {func(s *dossier.Sending) { s.Mark = strings.Repeat("é", 101) }, 0, 10},
			"no size":         {func(s *dossier.Sending) { s.Size = 0 }, 0, 0},
			"too large":       {func(s *dossier.Sending) { s.Size = 1<<20 + 1 }, 0, 10},
			"before it":       {func(*dossier.Sending) {}, -1, 10},
			"beyond it":       {func(*dossier.Sending) {}, 995, 10},
			"too long a part": {func(s *dossier.Sending) { s.Size = 1 << 20 }, 0, 256<<10 + 1},
		} {
			s := good
			x.change(&s)
			if _, err := h.SendPart(ctx, v, s, x.at, bytes.NewReader(make([]byte, x.bytes))); fault.KindOf(err) != fault.BadInput {
				t.Errorf("%s: %v", what, err)
			}
		}
		// What lies about its kind is refused when it is whole, and forgotten.
		s, err := h.SendPart(ctx, v, dossier.Sending{Record: h.record.ID, Name: "menteur.pdf", Size: 2, Mark: "1"}, 0, strings.NewReader("MZ"))
		h.must(err)
		for _, want := range []fault.Kind{fault.BadInput, fault.NotFound} {
			if _, err := h.AttachSent(ctx, v, h.record.ID, s.ID); fault.KindOf(err) != want {
				t.Errorf("%v, not %v", err, want)
			}
		}
	})
}

// TestPartsWaitAWeek: a purge leaves what waits for its rest, and removes it after a week; of
// one person, the twenty last wait.
func TestPartsWaitAWeek(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		root := t.TempDir()
		h.files, _ = file.Open(root, "")
		h.Files = h.files
		v := h.by("membre@cnad.example")
		s, err := h.part(v, 0)
		h.must(err)
		aged(t, root)
		h.clock.Advance(48 * time.Hour)
		h.must(h.Purge(ctx))
		if again, err := h.part(v, 0); err != nil || again.Received != s.Received || h.keptFiles() != 1 {
			t.Fatalf("after two days: %+v, %d files, %v", again, h.keptFiles(), err)
		}
		aged(t, root)
		h.clock.Advance(6 * 24 * time.Hour)
		h.must(h.Purge(ctx))
		if n := h.keptFiles(); n != 0 {
			t.Errorf("after eight days %d files are kept", n)
		}
		for i := range 22 {
			_, err := h.SendPart(ctx, v, dossier.Sending{Record: h.record.ID, Name: "a.txt", Size: int64(100 + i), Mark: "1"}, 0, strings.NewReader("a"))
			h.must(err)
		}
		first, err := h.SendPart(ctx, v, dossier.Sending{Record: h.record.ID, Name: "a.txt", Size: 100, Mark: "1"}, 0, strings.NewReader(""))
		if err != nil || first.Received != 0 {
			t.Errorf("the oldest of 22 still waits: %+v %v", first, err)
		}
		last, err := h.SendPart(ctx, v, dossier.Sending{Record: h.record.ID, Name: "a.txt", Size: 121, Mark: "1"}, 0, strings.NewReader(""))
		if err != nil || last.Received != 1 {
			t.Errorf("the last does not: %+v %v", last, err)
		}
	})
}
