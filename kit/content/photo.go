package content

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

const pngSign = "\x89PNG\r\n\x1a\n"

// ErrPhoto is the error of an image that cannot be read to its end.
var ErrPhoto = errors.New("the image is damaged")

// Bare reports whether files of the kind are rewritten by Strip.
func (k Kind) Bare() bool { return k.Name == "jpg" || k.Name == "png" }

// Strip copies a photograph without what its camera and programs wrote beside it: position,
// time, author, thumbnail, comments, and whatever follows its end. What tells how to show it
// stays: its colours, and which side is up. The picture itself is copied as it is.
func (k Kind) Strip(to io.Writer, from io.Reader) error {
	w, r := bufio.NewWriter(to), bufio.NewReaderSize(from, 64<<10)
	strip := jpeg
	if k.Name == "png" {
		strip = png
	}
	err := strip(w, r)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = ErrPhoto
	}
	return errors.Join(err, w.Flush())
}

// The markers of JPEG (ITU-T T.81, table B.1) that matter here.
const (
	startImage, endImage, startScan = 0xd8, 0xd9, 0xda
	app0, app1, app2, app14, app15  = 0xe0, 0xe1, 0xe2, 0xee, 0xef
	comment, restart0, restart7     = 0xfe, 0xd0, 0xd7
)

// jpeg copies the segments of a JPEG but those of applications and comments. JFIF, the
// profile of colours and Adobe's transform stay, and of Exif the orientation alone.
func jpeg(w *bufio.Writer, r *bufio.Reader) error {
	if _, err := r.Discard(2); err != nil {
		return err
	}
	_, _ = w.Write([]byte{0xff, startImage})
	for marker, err := nextMarker(r); ; marker, err = nextMarker(r) {
		switch {
		case err != nil:
			return err
		case marker == endImage:
			_, _ = w.Write([]byte{0xff, endImage})
			return nil
		}
		body, err := segment(r)
		if err != nil {
			return err
		}
		body = kept(marker, body)
		if body == nil {
			continue
		}
		_, _ = w.Write(append([]byte{0xff, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)) // #nosec G115 -- below 65,534
		if marker == startScan {
			if err := scan(w, r); err != nil {
				return err
			}
		}
	}
}

// nextMarker reads a marker, over the bytes that may fill the place before it.
func nextMarker(r *bufio.Reader) (byte, error) {
	if b, err := r.ReadByte(); err != nil || b != 0xff {
		return 0, errors.Join(ErrPhoto, err)
	}
	for {
		if b, err := r.ReadByte(); err != nil || b != 0xff {
			return b, err
		}
	}
}

func segment(r *bufio.Reader) ([]byte, error) {
	var size uint16
	if err := binary.Read(r, binary.BigEndian, &size); err != nil || size < 2 {
		return nil, errors.Join(ErrPhoto, err)
	}
	body := make([]byte, size-2)
	_, err := io.ReadFull(r, body)
	return body, err
}

// kept is what stays of a segment, or nil.
func kept(marker byte, body []byte) []byte {
	switch {
	case marker == app1:
		return orientation(body)
	case marker == app2 && !bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")):
		return nil
	case marker == app0 && !bytes.HasPrefix(body, []byte("JFIF\x00")):
		return nil
	case marker == app0: // without the thumbnail that may follow its fourteen bytes
		bare := append(slices.Clone(body[:min(len(body), 12)]), 0, 0)
		return bare[:min(len(bare), 14)]
	case marker > app2 && marker <= app15 && marker != app14, marker == comment:
		return nil
	}
	return body
}

// orientation is an Exif segment that says only which side is up, or nil.
func orientation(body []byte) []byte {
	tiff, is := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
	if !is || len(tiff) < 8 {
		return nil
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return nil
	}
	for n, entry := uint64(order.Uint16(tiff[at:])), at+2; n > 0 && entry+12 <= uint64(len(tiff)); n, entry = n-1, entry+12 {
		if side := order.Uint16(tiff[entry+8:]); order.Uint16(tiff[entry:]) == 0x0112 && side > 1 && side <= 8 {
			return append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), byte(side), 0, 0, 0, 0, 0, 0)
		}
	}
	return nil
}

// scan copies the coded picture up to the next marker that is none of its own.
func scan(w *bufio.Writer, r *bufio.Reader) error {
	for {
		ahead, err := r.Peek(2)
		if err != nil {
			return err
		}
		if ahead[0] == 0xff && ahead[1] != 0 && ahead[1] != 0xff && (ahead[1] < restart0 || ahead[1] > restart7) {
			return nil
		}
		_ = w.WriteByte(ahead[0])
		_, _ = r.Discard(1)
	}
}

// shown are the chunks of PNG (W3C PNG, 11) that tell how to show the picture.
var shown = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "bKGD", "pHYs"}

// png copies the chunks of a PNG that are shown.
func png(w *bufio.Writer, r *bufio.Reader) error {
	if _, err := r.Discard(len(pngSign)); err != nil {
		return err
	}
	_, _ = w.WriteString(pngSign)
	for {
		head := make([]byte, 8)
		if _, err := io.ReadFull(r, head); err != nil {
			return err
		}
		name, rest := string(head[4:]), int64(binary.BigEndian.Uint32(head))+4 // its checksum follows
		to := io.Writer(w)
		if !slices.Contains(shown, name) {
			to = io.Discard
		}
		_, _ = to.Write(head)
		if _, err := io.CopyN(to, r, rest); err != nil || name == "IEND" {
			return err
		}
	}
}
