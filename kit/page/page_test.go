package page_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cadre/kit/fault"
	"cadre/kit/page"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestACursorIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringN(0, 40, 120).Filter(func(s string) bool { return !strings.ContainsRune(s, 0) })
		c := page.Cursor{Key: words.Draw(t, "key"), ID: words.Draw(t, "id"), From: rapid.IntRange(1, 1<<40).Draw(t, "from"), Back: rapid.Bool().Draw(t, "back")}
		limit := rapid.IntRange(1, page.Max).Draw(t, "limit")
		r, err := page.Parse(c.String(), limit)
		if len(c.String()) > 800 { // control characters take six bytes each
			return
		}
		if diff := cmp.Diff(page.Request{Cursor: c, Limit: limit}, r); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}

func TestHostileCursorsAreRefused(t *testing.T) {
	for name, cursor := range map[string]string{
		"no base64":       "%%%",
		"padded":          "e30=",
		"no JSON":         encode("k"),
		"no place":        encode(`{"k":"a","i":"b"}`),
		"before all":      encode(`{"k":"a","i":"b","f":-1}`),
		"beyond all":      encode(`{"k":"a","i":"b","f":9223372036854775807}`),
		"a number as key": encode(`{"k":1,"f":1}`),
		"NUL":             encode(`{"k":"a\u0000","i":"b","f":1}`),
		"too long":        encode(`{"k":"` + strings.Repeat("a", 700) + `","f":1}`),
		"two cursors":     encode(`{"k":"a","i":"b","f":1}{}`),
	} {
		if _, err := page.Parse(cursor, 10); fault.KindOf(err) != fault.BadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	for limit, ok := range map[int]bool{-1: false, 0: true, 1: true, page.Max: true, page.Max + 1: false} {
		r, err := page.Parse("", limit)
		if (err == nil) != ok || ok && limit == 0 && r.Limit != page.Size || ok && r.From != 1 {
			t.Errorf("limit %d: %+v, %v", limit, r, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		_, err := page.Parse(rapid.String().Draw(t, "cursor"), rapid.Int().Draw(t, "limit"))
		if err != nil && fault.KindOf(err) != fault.BadInput {
			t.Fatal(err)
		}
	})
}

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// A list that nobody changes is walked to its end and back over the same pages.
func TestCutWalksThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, limit := rapid.IntRange(0, 30).Draw(t, "rows"), rapid.IntRange(1, 10).Draw(t, "limit")
		var there, back []string
		var last string
		for cursor, first := "", true; first || cursor != ""; first = false {
			p := cut(t, n, cursor, limit)
			there = append(there, fmt.Sprint(p.From, p.Rows))
			last, cursor = p.Prev, p.Next
		}
		back = append(back, there[len(there)-1])
		for cursor := last; cursor != ""; {
			p := cut(t, n, cursor, limit)
			back = append(back, fmt.Sprint(p.From, p.Rows))
			cursor = p.Prev
		}
		slices.Reverse(back)
		if diff := cmp.Diff(there, back); diff != "" || len(there) != max(1, (n+limit-1)/limit) {
			t.Fatal(diff, there)
		}
	})
}

// cut reads a page of the rows 0 … n-1, as a query would.
func cut(t *rapid.T, n int, cursor string, limit int) page.Of[int] {
	r, err := page.Parse(cursor, limit)
	if err != nil {
		t.Fatal(err)
	}
	var rows []int
	for i := range n {
		if r.Back {
			i = n - 1 - i
		}
		k := fmt.Sprintf("%03d", i)
		if (r.Back && k < r.Key || !r.Back && k > r.Key) && len(rows) <= limit {
			rows = append(rows, i)
		}
	}
	return page.Cut(r, rows, n, func(i int) (string, string) { return fmt.Sprintf("%03d", i), "id" })
}
