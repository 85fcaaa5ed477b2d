package db

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"
)

// text returns the query as the engine wants it. Only a list given as one JSON parameter differs:
// x IN json_list($n) of texts, x IN json_numbers($n) of integers. PostgreSQL is given an array,
// by which it reads an index; of a subquery it expects a hundred rows, and reads the whole table.
func (d *DB) text(query string) string {
	if !strings.Contains(query, "json_") {
		return query
	}
	if t, ok := d.texts.Load(query); ok {
		return t.(string)
	}
	var t string
	if d.Engine == Postgres {
		t = jsonIn.ReplaceAllStringFunc(query, array)
	} else {
		t = jsonIn.ReplaceAllString(query, "${1}IN (SELECT value FROM json_each($$${3}))")
	}
	d.texts.Store(query, t)
	return t
}

var jsonIn = regexp.MustCompile(`(NOT )?IN json_(list|numbers)\(\$(\d+)\)`)

// array is a test of membership of a list as PostgreSQL likes it.
func array(in string) string {
	m := jsonIn.FindStringSubmatch(in)
	test, of := "= ANY", ""
	if m[1] != "" {
		test = "<> ALL"
	}
	if m[2] == "numbers" {
		of = "::bigint"
	}
	return test + " (ARRAY(SELECT json_array_elements_text($" + m[3] + "::text::json)" + of + "))"
}

// normal turns the values of Go into what both engines keep: instants as microseconds, none as NULL.
func normal(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case time.Time:
			args[i] = micros(v)
		case *time.Time:
			args[i] = nil
			if v != nil {
				args[i] = micros(*v)
			}
		}
	}
	return args
}

func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// Instant lets a column of microseconds be read into t; NULL gives the zero time.
func Instant(t *time.Time) any { return &instant{t} }

type instant struct{ t *time.Time }

// Scan reads the column.
func (i *instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i.t = time.Time{}
	case int64:
		*i.t = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("instant: want microseconds, got %T", src)
	}
	return nil
}

// Null lets a column that may be NULL be read into v, which then keeps its zero value.
func Null[T any](v *T) any { return &null[T]{v} }

type null[T any] struct{ v *T }

// Scan reads the column.
func (n *null[T]) Scan(src any) error {
	if src == nil {
		var zero T
		*n.v = zero
		return nil
	}
	v, ok := src.(T)
	if !ok {
		return fmt.Errorf("column: want %T, got %T", *n.v, src)
	}
	*n.v = v
	return nil
}

// JSON keeps v as text in a column, and reads it back when v is a pointer.
func JSON(v any) *JSONValue { return &JSONValue{v} }

// JSONValue is a Go value kept as JSON text.
type JSONValue struct{ v any }

// Value gives the text. A list that was never made is empty: PostgreSQL makes no list of null.
func (j *JSONValue) Value() (driver.Value, error) {
	if v := reflect.ValueOf(j.v); v.Kind() == reflect.Slice && v.IsNil() {
		return "[]", nil
	}
	b, err := json.Marshal(j.v)
	return string(b), err
}

// Scan reads the text.
func (j *JSONValue) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return errors.New("JSON column: want text")
	}
	return json.Unmarshal([]byte(s), j.v)
}
