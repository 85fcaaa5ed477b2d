package file_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cadre/kit/file"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// eachStore runs fn on an empty store of each kind.
func eachStore(t *testing.T, fn func(*testing.T, file.Store)) {
	t.Run("folder", func(t *testing.T) { fn(t, open(t, filepath.Join(t.TempDir(), "files"), "")) })
	t.Run("S3", func(t *testing.T) { fn(t, open(t, s3(t)+"/prefix?tls=none", keys(t))) })
}

func open(t *testing.T, address, keyFile string) file.Store {
	t.Helper()
	s, err := file.Open(address, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// s3 starts a server that speaks S3, and returns the address of its bucket.
func s3(t *testing.T) string {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("cadre"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	return "s3://" + strings.TrimPrefix(server.URL, "http://") + "/cadre"
}

func keys(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(name, []byte("NAME\nSECRET\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func put(t *testing.T, s file.Store, content string) (sum string) {
	t.Helper()
	sum, size, _ := file.Digest(strings.NewReader(content))
	if err := s.Put(t.Context(), sum, size, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	return sum
}

func read(t *testing.T, s file.Store, sum string, from int64) string {
	t.Helper()
	f, err := s.Open(t.Context(), sum)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func list(t *testing.T, s file.Store) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	err := s.Each(t.Context(), func(k file.Kept) error {
		if time.Since(k.At).Abs() > time.Hour {
			t.Errorf("%s was put at %v", k.Sum, k.At)
		}
		all[k.Sum] = k.Size
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhatIsPutIsThere(t *testing.T) {
	eachStore(t, func(t *testing.T, s file.Store) {
		large := strings.Repeat("0123456789abcdef", 400_000) // 6.4 MB
		sums := map[string]string{}
		for _, content := range []string{"un", "deux", large, "un"} {
			sums[put(t, s, content)] = content
		}
		if got := list(t, s); len(got) != 3 || len(sums) != 3 {
			t.Errorf("%d files are kept, of %d", len(got), len(sums))
		}
		for sum, content := range sums {
			if read(t, s, sum, 0) != content || read(t, s, sum, int64(len(content)/2)) != content[len(content)/2:] {
				t.Errorf("%d bytes came back otherwise", len(content))
			}
			if whole, err := file.Whole(t.Context(), s, sum); !whole || err != nil {
				t.Error(whole, err)
			}
		}
	})
}

func TestWhatIsRemovedIsGone(t *testing.T) {
	eachStore(t, func(t *testing.T, s file.Store) {
		sum, other := put(t, s, "un"), put(t, s, "deux")
		for range 2 {
			if err := s.Delete(t.Context(), sum); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Open(t.Context(), sum); !errors.Is(err, file.ErrNone) {
			t.Error(err)
		}
		if got := list(t, s); len(got) != 1 || got[other] != 4 {
			t.Error(got)
		}
	})
}

func TestOtherBytesAreRefused(t *testing.T) {
	eachStore(t, func(t *testing.T, s file.Store) {
		sum := put(t, s, "un")
		for _, c := range []struct {
			sum, content string
			size         int64
		}{{sum, "ux", 2}, {sum, "un", 3}, {sum, "u", 2}, {"../" + sum[3:], "un", 2}, {"", "un", 2}, {strings.ToUpper(sum), "un", 2}} {
			if err := s.Put(t.Context(), c.sum, c.size, strings.NewReader(c.content)); err == nil {
				t.Errorf("%+v was kept", c)
			}
		}
		if err := s.Put(t.Context(), strings.Repeat("a", 64), 2, broken{}); err == nil {
			t.Error("what could not be read was kept")
		}
		if got := list(t, s); len(got) != 1 || read(t, s, sum, 0) != "un" {
			t.Error(got)
		}
		for _, name := range []string{"", "..", "../x", strings.Repeat("g", 64), strings.ToUpper(sum)} {
			if _, err := s.Open(t.Context(), name); !errors.Is(err, file.ErrNone) {
				t.Errorf("%q: %v", name, err)
			}
			if err := s.Delete(t.Context(), name); err != nil {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}

// broken fails in the middle.
type broken struct{ io.Seeker }

func (broken) Read([]byte) (int, error)       { return 0, errors.New("the line was cut") }
func (broken) Seek(int64, int) (int64, error) { return 0, nil }

func TestManyPutTheSame(t *testing.T) {
	eachStore(t, func(t *testing.T, s file.Store) {
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				content := fmt.Sprint("fichier ", i%4)
				sum, size, _ := file.Digest(strings.NewReader(content))
				if err := s.Put(context.Background(), sum, size, strings.NewReader(content)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for sum := range list(t, s) {
			if whole, err := file.Whole(t.Context(), s, sum); !whole || err != nil {
				t.Error(whole, err)
			}
		}
		if n := len(list(t, s)); n != 4 {
			t.Errorf("%d files", n)
		}
	})
}

func TestAnAlteredFileIsNotWhole(t *testing.T) {
	root := t.TempDir()
	s := open(t, root, "")
	sum := put(t, s, "contenu")
	if err := os.WriteFile(filepath.Join(root, sum[:2], sum), []byte("contenU"), 0o600); err != nil {
		t.Fatal(err)
	}
	if whole, err := file.Whole(t.Context(), s, sum); whole || err != nil {
		t.Error(whole, err)
	}
}

// A program that was killed while it wrote leaves a file without a name, which no list
// shows and which is removed a day later.
func TestWhatAKilledProgramLeftIsRemoved(t *testing.T) {
	root := t.TempDir()
	for name, age := range map[string]time.Duration{".new-old": 25 * time.Hour, ".new-now": time.Minute} {
		path := filepath.Join(root, name)
		if err := os.WriteFile(path, []byte("à moitié"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Now().Add(-age), time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if got := list(t, open(t, root, "")); len(got) != 0 {
		t.Error(got)
	}
	left, _ := filepath.Glob(filepath.Join(root, ".new-*"))
	if len(left) != 1 || filepath.Base(left[0]) != ".new-now" {
		t.Error(left)
	}
}

func TestAddressesThatOpenNothing(t *testing.T) {
	key := keys(t)
	short := filepath.Join(t.TempDir(), "short")
	if err := os.WriteFile(short, []byte("NAME\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ address, key string }{
		{"s3://", key}, {"s3://host", key}, {"s3://name:secret@host/bucket", key}, {"s3://host/bucket", ""}, {"s3://host/bucket", short}, {"s3://ho st/bucket", key},
		{filepath.Join(short, "under a file"), ""},
	} {
		if _, err := file.Open(c.address, c.key); err == nil || strings.Contains(err.Error(), "secret@") {
			t.Errorf("%s: %v", c.address, err)
		}
	}
}

// A store that does not answer says so, and keeps nothing.
func TestTheBucketIsAway(t *testing.T) {
	server := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
	s := open(t, "s3://"+strings.TrimPrefix(server.URL, "http://")+"/cadre?tls=none", keys(t))
	server.Close()
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	sum, size, _ := file.Digest(strings.NewReader("un"))
	if err := s.Put(ctx, sum, size, bytes.NewReader([]byte("un"))); err == nil {
		t.Error("kept")
	}
	if _, err := s.Open(ctx, sum); err == nil || errors.Is(err, file.ErrNone) {
		t.Error(err)
	}
	if err := s.Each(ctx, func(file.Kept) error { return nil }); err == nil {
		t.Error("listed")
	}
}
