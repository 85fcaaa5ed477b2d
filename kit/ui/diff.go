package ui

import (
	"regexp"
	"slices"
	"strings"
)

type change int

const (
	kept change = iota
	removed
	added
)

type run struct {
	kind change
	text string
}

// word is a run of letters and digits, a run of spaces, or one sign.
var word = regexp.MustCompile(`(?s)[\pL\pN\pM]+|\s+|.`)

// most bounds the table that diff fills: two texts of about 2,000 words.
const most = 4 << 20

// diff returns the runs of words kept, removed and added that turn before into after, through
// their longest common subsequence. Beyond most it replaces everything between the common ends.
func diff(before, after string) []run {
	a, b := word.FindAllString(before, -1), word.FindAllString(after, -1)
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var d script
	d.add(kept, a[:head]...)
	d.middle(a[head:len(a)-tail], b[head:len(b)-tail])
	d.add(kept, a[len(a)-tail:]...)
	return d.flush()
}

// script collects runs; within a change, what is removed comes before what is added.
type script struct {
	runs     []run
	del, ins strings.Builder
}

func (d *script) add(kind change, words ...string) {
	text := strings.Join(words, "")
	switch {
	case text == "":
	case kind == removed:
		d.del.WriteString(text)
	case kind == added:
		d.ins.WriteString(text)
	default:
		d.keep(text)
	}
}

func (d *script) keep(text string) {
	runs := d.flush()
	if n := len(runs); n > 0 && runs[n-1].kind == kept {
		runs[n-1].text += text
		return
	}
	d.runs = append(runs, run{kept, text})
}

func (d *script) flush() []run {
	if d.del.Len() > 0 {
		d.runs = append(d.runs, run{removed, d.del.String()})
	}
	if d.ins.Len() > 0 {
		d.runs = append(d.runs, run{added, d.ins.String()})
	}
	d.del.Reset()
	d.ins.Reset()
	return d.runs
}

func (d *script) middle(a, b []string) {
	if len(a)*len(b) > most {
		d.replace(a, b)
		return
	}
	if x, y := said(a), said(b); 3*int(lengths(x, y)[0][0]) < min(len(x), len(y)) {
		d.replace(a, b) // two different sentences: woven together, neither could be read
		return
	}
	common := lengths(a, b)
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			d.add(kept, a[i])
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			d.add(removed, a[i])
			i++
		default:
			d.add(added, b[j])
			j++
		}
	}
	d.add(removed, a[i:]...)
	d.add(added, b[j:]...)
}

// said leaves out the spaces, which any two texts have in common.
func said(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.TrimSpace(w) == "" })
}

func (d *script) replace(a, b []string) {
	d.add(removed, a...)
	d.add(added, b...)
}

// lengths[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
func lengths(a, b []string) [][]int32 {
	table := make([][]int32, len(a)+1)
	for i := range table {
		table[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}

// paragraphs splits a text at its blank lines.
func paragraphs(s string) []string {
	var all []string
	for _, p := range blankLine.Split(s, -1) {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}

var blankLine = regexp.MustCompile(`\n\s*\n`)
