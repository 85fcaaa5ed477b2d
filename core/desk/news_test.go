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

// A day is counted by its date, not by hours: what is due today is not late before midnight.
func TestWhatIsDueIsCountedInDays(t *testing.T) {
	midnight := test.Noon.Truncate(24 * time.Hour)
	for _, c := range []struct {
		due        time.Time
		said       string
		late, soon bool
	}{
		{midnight.AddDate(0, 0, -1), "En retard", true, true},
		{midnight, "aujourd’hui", false, true},
		{midnight.AddDate(0, 0, 1), "demain", false, true},
		{midnight.AddDate(0, 0, 7), "dans 7 jours", false, true},
		{midnight.AddDate(0, 0, 8).Add(23 * time.Hour), "dans 8 jours", false, false},
	} {
		p := deskPage{Tasks: []Task{{Due: c.due}}, Now: test.Noon, Zone: time.UTC}
		if got := p.list(t.Context())[0]; got.Due != c.said || got.Late != c.late || got.Soon != c.soon {
			t.Errorf("due on %v: %+v", c.due, got)
		}
	}
}
