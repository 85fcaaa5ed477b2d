package db

import (
	"context"
	"fmt"
	"math/bits"
	"strings"
)

// mostRows bounds the rows of one statement: its parameters must fit, of which SQLite takes 32,766.
const mostRows = 128

// Insert stores many rows in few statements, each of which is begin, the rows and end:
// « INSERT INTO thing (id, n) VALUES », what follows them or nothing. The statements hold
// powers of two of rows, so that the engines prepare few texts.
func (t *Tx) Insert(ctx context.Context, begin string, rows [][]any, end string) error {
	for len(rows) > 0 {
		n := min(mostRows, 1<<(bits.Len(uint(len(rows)))-1))
		var args []any
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if _, err := t.Exec(ctx, begin+t.places(n, len(rows[0]))+end, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// places writes the parameters of n rows: ($1, $2), ($3, $4). SQLite looks a numbered one up
// among all of the statement, for each that it is given: there they have no number.
func (t *Tx) places(n, columns int) string {
	if t.Engine() == SQLite {
		row := "(?" + strings.Repeat(", ?", columns-1) + ")"
		return " " + row + strings.Repeat(", "+row, n-1)
	}
	var b strings.Builder
	for i := range n * columns {
		switch {
		case i == 0:
			b.WriteString(" (")
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	return b.String() + ")"
}

// Late is what a transaction gathers while it runs, and stores before it is committed.
type Late interface {
	Store(ctx context.Context, tx *Tx) error
}

// Gather returns what the transaction gathers of a type, begun on the first call: such as
// what is to be added to numbers that many of its steps change. PostgreSQL changes a row the
// more slowly the more often the same transaction has changed it already.
func Gather[T Late](t *Tx, begin func() T) T {
	for _, l := range t.late {
		if known, ok := l.(T); ok {
			return known
		}
	}
	l := begin()
	t.late = append(t.late, l)
	return l
}
