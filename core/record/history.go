package record

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
)

// Version is one version of a record, with the act that made it.
type Version struct {
	Snapshot
	Entry journal.Entry
}

// History lists the versions of a record that the viewer may see, the newest first.
// A version from before the record was opened to them stays closed; one whose
// content was erased is listed without it.
func History(ctx context.Context, tx *db.Tx, v access.Viewer, r Record) ([]Version, error) {
	entries, err := journal.History(ctx, tx, r.ID)
	if err != nil {
		return nil, err
	}
	var all []Version
	for _, e := range slices.Backward(entries) {
		if e.Version == 0 || e.Content == "" {
			continue
		}
		var s Snapshot
		if err := json.Unmarshal([]byte(e.Content), &s); err != nil {
			return nil, fmt.Errorf("journal entry %d: %w", e.N, err)
		}
		if s.visible(v) {
			all = append(all, Version{s, e})
		}
	}
	return all, nil
}

// AsOf returns, of each record, the version that stood before an instant, by identifier. One
// that the viewer could not have seen then, or whose content was erased, is left out.
func AsOf(ctx context.Context, tx *db.Tx, v access.Viewer, records []Record, before time.Time) (map[string]Snapshot, error) {
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	entries, err := journal.AsOf(ctx, tx, ids, before)
	all := map[string]Snapshot{}
	for _, e := range entries {
		if e.Content == "" {
			continue
		}
		var s Snapshot
		if err := json.Unmarshal([]byte(e.Content), &s); err != nil {
			return nil, fmt.Errorf("journal entry %d: %w", e.N, err)
		}
		if s.visible(v) {
			all[e.Subject] = s
		}
	}
	return all, err
}

// VersionOf returns one version of a record, missing when the viewer may not see it.
func VersionOf(ctx context.Context, tx *db.Tx, v access.Viewer, r Record, n int64) (Version, error) {
	all, err := History(ctx, tx, v, r)
	if err != nil {
		return Version{}, err
	}
	for _, version := range all {
		if version.Entry.Version == n {
			return version, nil
		}
	}
	return Version{}, fault.Missing()
}

// Field is one field of a version as text, to set beside another's.
type Field struct{ Name, Text string }

// Fields lists the version's fields in the order of their names: the envelope's,
// then the content's. The noun gives them their labels.
func (s Snapshot) Fields() []Field { return append(s.envelope(), s.content()...) }

func (s Snapshot) envelope() []Field {
	return []Field{{"title", s.Title}, {"state", s.State}, {"marking", s.Marking.Code()},
		{"audience", lines(s.Audience)}, {"themes", lines(s.Themes)}, {"places", lines(s.Places)}}
}

func (s Snapshot) content() []Field {
	content := map[string]any{}
	_ = json.Unmarshal(s.Content, &content) // what is no object has no fields
	var fields []Field
	names := make([]string, 0, len(content))
	for name := range content {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fields = append(fields, Field{name, plain(content[name])})
	}
	return fields
}

func lines[T ~string](all []T) string {
	s := ""
	for i, v := range all {
		if i > 0 {
			s += "\n"
		}
		s += string(v)
	}
	return s
}

// plain words a JSON value: a list as lines, an object as name: value.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = plain(item)
		}
		return lines(parts)
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		sort.Strings(names)
		parts := make([]string, 0, len(v))
		for _, name := range names {
			if p := plain(v[name]); p != "" {
				parts = append(parts, p)
			}
		}
		return joined(parts)
	}
	return fmt.Sprint(v)
}

func joined(parts []string) string {
	s := ""
	for i, p := range parts {
		if i > 0 {
			s += " · "
		}
		s += p
	}
	return s
}

// Changed lists what differs between two versions, field by field.
func Changed(before, after Snapshot) []Difference { return changed(before.Fields(), after.Fields()) }

func changed(before, after []Field) []Difference {
	old := map[string]string{}
	for _, f := range before {
		old[f.Name] = f.Text
	}
	var all []Difference
	for _, f := range after {
		if old[f.Name] != f.Text {
			all = append(all, Difference{f.Name, old[f.Name], f.Text})
		}
		delete(old, f.Name)
	}
	gone := make([]string, 0, len(old))
	for name, text := range old {
		if text != "" {
			gone = append(gone, name)
		}
	}
	sort.Strings(gone)
	for _, name := range gone {
		all = append(all, Difference{name, old[name], ""})
	}
	return all
}

// Difference is a field that differs between two versions.
type Difference struct{ Name, Before, After string }

// Readings lists who has read and exported a record; the people of its owner may ask.
func Readings(ctx context.Context, tx *db.Tx, v access.Viewer, r Record) ([]Reading, error) {
	if !slices.Contains(v.Principals(), access.Structure(r.Owner)) {
		return nil, fault.Missing()
	}
	return db.All(ctx, tx, func(x *Reading) []any {
		return []any{&x.Person, &x.How, db.Instant(&x.First), db.Instant(&x.Last), &x.Times}
	}, `SELECT person_id, how, first_at, last_at, times FROM record_reading WHERE record_id = $1 ORDER BY last_at DESC, person_id`, r.ID)
}

// Reading is that a person has read or exported a record, how often and when.
type Reading struct {
	Person      string
	How         string // read or exported
	First, Last time.Time
	Times       int64
}
