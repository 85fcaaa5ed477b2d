package place_test

import (
	"bytes"
	"compress/gzip"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cadre/core/place"
	"cadre/packs"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

func atlas(t testing.TB) (*place.Atlas, *packs.Pack) {
	t.Helper()
	p := pack(t)
	a, err := place.Draw(p, place.New(p))
	if err != nil {
		t.Fatal(err)
	}
	return a, p
}

// ring reads the first ring of path data as the atlas writes it.
func ring(t testing.TB, path string) orb.Ring {
	t.Helper()
	path, _, _ = strings.Cut(path, "z")
	words := strings.Fields(strings.NewReplacer("M", "", "l", " ", "-", " -").Replace(path))
	var all orb.Ring
	var at orb.Point
	for i := 0; i+1 < len(words); i += 2 {
		for j := range 2 {
			n, err := strconv.Atoi(words[i+j])
			if err != nil {
				t.Fatalf("%q in %s", words[i+j], path)
			}
			at[j] += float64(n)
		}
		all = append(all, at)
	}
	return append(all, all[0])
}

func TestEveryPrefectureIsDrawn(t *testing.T) {
	a, p := atlas(t)
	var whole float64
	for _, x := range p.Territories {
		shape, drawn := a.Shapes[x.Code]
		if drawn != (x.Level == "prefecture") {
			t.Errorf("%s is drawn: %v", x.Code, drawn)
		}
		if !drawn {
			continue
		}
		r := ring(t, shape.Path)
		whole += math.Abs(planar.Area(r))
		if !planar.RingContains(r, orb.Point{float64(shape.X), float64(shape.Y)}) {
			t.Errorf("%s: what is written on it stands outside", x.Code)
		}
	}
	// 56 600 km², the sea and half of Ghana left out.
	if whole < 400_000 || whole > 500_000 {
		t.Errorf("the préfectures cover %.0f units", whole)
	}
	if a.Limits == "" || a.Vague == "" || a.Edges == "" || a.Credit.EN == "" || len(a.Around) != 3 {
		t.Errorf("something is missing from the drawing: %d countries around", len(a.Around))
	}
}

func TestWhoTouchesWhom(t *testing.T) {
	a, p := atlas(t)
	for _, x := range p.Territories {
		for _, other := range a.Beside(x.Code) {
			if other == x.Code || !slices.Contains(a.Beside(other), x.Code) {
				t.Errorf("%s touches %s, and not the other way round", x.Code, other)
			}
		}
	}
	for _, c := range []struct {
		code           string
		beside, abroad []string
	}{
		{"TG-K-KOZAH", []string{"TG-K-ASSOLI", "TG-K-BASSAR", "TG-K-BINAH", "TG-K-DOUFELGOU"}, nil},
		{"TG-S-CINKASSE", []string{"TG-S-TONE"}, []string{"BF", "GH"}},
		{"TG-S-KPENDJAL", []string{"TG-S-KPENDJAL-OUEST", "TG-S-OTI", "TG-S-OTI-SUD"}, []string{"BF", "BJ"}},
		{"TG-M-GOLFE", []string{"TG-M-AGOE-NYIVE", "TG-M-AVE", "TG-M-LACS", "TG-M-ZIO"}, []string{"GH", place.Sea}},
		{"TG-M-LACS", []string{"TG-M-BAS-MONO", "TG-M-GOLFE", "TG-M-VO", "TG-M-ZIO"}, []string{"BJ", place.Sea}},
		{"TG-P-DANYI", []string{"TG-P-KLOTO", "TG-P-KPELE", "TG-P-WAWA"}, []string{"GH"}},
		{"TG-M-GOLFE-1", nil, nil},
	} {
		if diff := cmp.Diff(c.beside, a.Beside(c.code)); diff != "" {
			t.Errorf("%s: %s", c.code, diff)
		}
		if diff := cmp.Diff(c.abroad, a.Abroad(c.code)); diff != "" {
			t.Errorf("%s: %s", c.code, diff)
		}
	}
	// Who has a border post opens on the country behind it.
	for _, x := range p.Territories {
		for _, post := range a.Posts(x.Code) {
			if !slices.Contains(a.Abroad(x.Code), post.OtherCountry) {
				t.Errorf("%s has a post towards %s and opens on %v", x.Code, post.OtherCountry, a.Abroad(x.Code))
			}
		}
	}
}

// TestTheDrawingIsLight keeps what goes over a weak line small.
func TestTheDrawingIsLight(t *testing.T) {
	a, _ := atlas(t)
	var b bytes.Buffer
	gz := gzip.NewWriter(&b)
	for _, s := range a.Shapes {
		_, _ = gz.Write([]byte(s.Path))
	}
	for _, c := range a.Around {
		_, _ = gz.Write([]byte(c.Path))
	}
	_, _ = gz.Write([]byte(a.Limits + a.Vague + a.Edges))
	_ = gz.Close()
	if t.Logf("%d bytes", b.Len()); b.Len() > 8_000 {
		t.Errorf("the drawing weighs %d bytes, compressed", b.Len())
	}
}
