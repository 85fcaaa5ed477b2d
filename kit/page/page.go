// Package page cuts lists by key: a page starts after the last row of the one
// before it, so that page 1,000 costs what page 1 costs and a row added meanwhile
// shifts nothing.
package page

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"cadre/kit/fault"
)

// The number of rows of a page.
const (
	Size = 50
	Max  = 200
)

// farthest bounds the place that a cursor may name: no list is longer.
const farthest = 1 << 40

// Cursor is where a page starts: after (or before) a row, known by its key.
type Cursor struct {
	Key  string `json:"k"` // the sorted column of the row at the edge
	ID   string `json:"i"` // its identifier, which breaks ties
	From int    `json:"f"` // place of the page's first row among the visible, from 1
	Back bool   `json:"b,omitempty"`
}

// Request is a page asked for.
type Request struct {
	Cursor
	Limit int
}

// Parse reads the cursor and the limit of an address; both may be empty. A limit
// above Max is refused, a cursor that was not made here too.
func Parse(after string, limit int) (Request, error) {
	r := Request{Cursor: Cursor{From: 1}, Limit: limit}
	if limit == 0 {
		r.Limit = Size
	}
	if r.Limit < 0 || r.Limit > Max {
		return r, fault.Invalid("limit", "Demandez entre 1 et %d lignes.", Max)
	}
	if after == "" {
		return r, nil
	}
	r.Cursor = Cursor{}
	b, err := base64.RawURLEncoding.DecodeString(after)
	if err != nil || len(b) > 600 || json.Unmarshal(b, &r.Cursor) != nil || r.From < 1 || r.From > farthest || strings.ContainsRune(r.Key+r.ID, 0) {
		return r, fault.Invalid("after", "Cette adresse de page n’est pas valable. Revenez au début de la liste.")
	}
	return r, nil
}

// String is the cursor as addresses carry it.
func (c Cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and integers
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Of is a page of a list.
type Of[T any] struct {
	Rows  []T
	From  int    // place of the first row, from 1; 0 when there is none
	Total int    // visible rows in all
	Next  string // cursor of the next page; empty on the last
	Prev  string // cursor of the page before; empty on the first
}

// Cut makes a page from at most Limit+1 rows read from the cursor on, in the order
// of the list (reversed when the request goes back); key tells a row's key and identifier.
func Cut[T any](r Request, rows []T, total int, key func(T) (string, string)) Of[T] {
	more := len(rows) > r.Limit
	if more {
		rows = rows[:r.Limit]
	}
	if r.Back {
		for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
			rows[i], rows[j] = rows[j], rows[i]
		}
	}
	p := Of[T]{Rows: rows, Total: total}
	if len(rows) == 0 {
		return p
	}
	p.From = r.From
	if r.Back && !more { // whatever was added or removed meanwhile, this is the beginning
		p.From = 1
	}
	firstKey, firstID := key(rows[0])
	lastKey, lastID := key(rows[len(rows)-1])
	if r.Back && more || !r.Back && r.From > 1 {
		p.Prev = Cursor{firstKey, firstID, max(1, p.From-r.Limit), true}.String()
	}
	if more || r.Back {
		p.Next = Cursor{lastKey, lastID, p.From + len(rows), false}.String()
	}
	return p
}

// Map is a page of what each row stands for.
func Map[A, B any](p Of[A], f func(A) (B, error)) (Of[B], error) {
	all := Of[B]{From: p.From, Total: p.Total, Next: p.Next, Prev: p.Prev, Rows: []B{}}
	for _, row := range p.Rows {
		b, err := f(row)
		if err != nil {
			return all, err
		}
		all.Rows = append(all.Rows, b)
	}
	return all, nil
}
