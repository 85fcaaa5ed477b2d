package desk

import (
	"testing"
	"time"

	"cadre/kit/test"
)

func TestNewsSinceTheLastVisit(t *testing.T) {
	var all []News
	for i := range newest + latest {
		all = append(all, News{At: test.Noon.Add(-time.Duration(i) * time.Hour)})
	}
	for _, c := range []struct {
		name        string
		since       time.Time
		fresh, news int
	}{
		{"never here", time.Time{}, 0, latest},
		{"nothing since", test.Noon, 0, latest},
		{"three changes since", test.Noon.Add(-150 * time.Minute), 3, latest},
		{"more than there is room for", test.Noon.Add(-1000 * time.Hour), newest, 0},
	} {
		p := deskPage{Since: c.since}
		if p.part(all); len(p.Fresh) != c.fresh || len(p.News) != c.news {
			t.Errorf("%s: %d fresh, %d before", c.name, len(p.Fresh), len(p.News))
		}
	}
	var none deskPage
	if none.part(nil); len(none.Fresh)+len(none.News) > 0 {
		t.Error("news out of nothing")
	}
}
