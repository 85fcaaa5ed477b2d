package intake

import (
	"context"
	"maps"
	"slices"
	"strings"

	"cadre/kit/fault"
	"cadre/kit/text"
)

// columnOf finds a column by its name.
func (t Table) columnOf(name string) (Column, bool) {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return Column{}, false
	}
	return t.Columns[i], true
}

// guess tells which column each title of a file is, empty for none: what the institution
// said before, then the same words, then a title that holds all the words of one column only.
func (t Table) guess(head []string, remembered map[string]string) (columns []string, sure bool) {
	columns, sure = make([]string, len(head)), true
	known := make([]bool, len(head))
	for i, title := range head {
		if name, told := remembered[text.Fold(title)]; told {
			known[i] = true
			if _, exists := t.columnOf(name); exists && !slices.Contains(columns, name) {
				columns[i] = name
			}
		}
	}
	for _, alike := range []func(a, b []string) bool{slices.Equal[[]string], holds} {
		for i, title := range head {
			if columns[i] == "" && !known[i] {
				columns[i] = t.only(stems(title), columns, alike)
			}
		}
	}
	for i, title := range head {
		sure = sure && (columns[i] != "" || known[i] || title == "")
	}
	return columns, sure && t.lacking(columns) == nil
}

// only is the one column, of those not taken yet, that a title is alike; empty for none or several.
func (t Table) only(title []string, taken []string, alike func(a, b []string) bool) string {
	found := ""
	for _, c := range t.Columns {
		named := slices.ContainsFunc(c.titles(), func(s string) bool { return alike(title, stems(s)) })
		if slices.Contains(taken, c.Name) || !named || c.Kind == Tick && !t.ticked(title, c) {
			continue
		}
		if found != "" {
			return ""
		}
		found = c.Name
	}
	return found
}

// titles are all the titles that a column is known by.
func (c Column) titles() []string {
	return append([]string{c.Name, text.M(c.Title).In(text.French), text.M(c.Title).In(text.English)}, c.Also...)
}

// holds reports whether the words of a title hold all those of another.
func holds(title, other []string) bool {
	return len(other) > 0 && !slices.ContainsFunc(other, func(w string) bool { return !slices.Contains(title, w) })
}

var small = strings.Fields("a au aux d de des du en et l la le les ou par pour sur n no the of and or to in")

// stems are the words of a title, sorted, without accents, plurals, small words, and what
// stands between brackets.
func stems(title string) []string {
	for {
		from := strings.IndexByte(title, '(')
		to := strings.IndexByte(title, ')')
		if from < 0 || to < from {
			break
		}
		title = title[:from] + " " + title[to+1:]
	}
	words := strings.FieldsFunc(text.Fold(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(small, w) })
	for i, w := range words {
		if len(w) > 3 {
			words[i] = strings.TrimRight(w, "sx")
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// lacking is the fault of a file without the columns that must be there.
func (t Table) lacking(columns []string) error {
	var wrong fault.Collect
	for _, c := range t.Columns {
		wrong.Need(!c.Required || slices.Contains(columns, c.Name), field(0), "Il manque la colonne « %s ». Dites quelle colonne de votre fichier la contient.", text.M(c.Title))
	}
	return wrong.Fault()
}

// told checks what somebody said of the titles.
func (t Table) told(columns []string) error {
	var c fault.Collect
	for i, name := range columns {
		column, known := t.columnOf(name)
		c.Need(name == "" || known, field(i), "Choisissez une des réponses proposées.")
		c.Need(name == "" || slices.Index(columns, name) == i, field(i), "« %s » est déjà une autre colonne de votre fichier.", text.M(column.Title))
	}
	if err := c.Fault(); err != nil {
		return err
	}
	return t.lacking(columns)
}

// meanings is what the titles of a file mean, by their fold.
func meanings(head, columns []string) map[string]string {
	all := map[string]string{}
	for i, title := range head {
		if title != "" {
			all[text.Fold(title)] = columns[i]
		}
	}
	return all
}

// titled words the columns of a list of names.
func (t Table) titled(ctx context.Context, names []string) []string {
	var all []string
	for _, n := range names {
		if c, ok := t.columnOf(n); ok {
			all = append(all, text.T(ctx, c.Title))
		}
	}
	return all
}

// sortedNames are the names of a map, sorted.
func sortedNames(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
