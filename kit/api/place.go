package api

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"cadre/kit/fault"
)

// placesOf tells where each field of an input stands in a request, by its own name:
// title is at body.title. Of two fields of one name, the outer is meant.
func placesOf(input reflect.Type) map[string]string {
	places := map[string]string{}
	var walk func(t reflect.Type, where string)
	walk = func(t reflect.Type, where string) {
		var inner []func()
		for f := range t.Fields() {
			if f.Anonymous && !f.IsExported() {
				panic(fmt.Sprintf("%v is embedded under a name that is not exported: nothing would ever fill it", f.Type))
			}
			if !f.IsExported() {
				continue
			}
			at := named(where, f)
			if _, known := places[named("", f)]; !known && !f.Anonymous {
				places[named("", f)] = at
			}
			if f.Type.Kind() == reflect.Struct {
				inner = append(inner, func() { walk(f.Type, at) })
			}
		}
		for _, next := range inner {
			next()
		}
	}
	walk(input, "")
	return places
}

// placed makes a fault say where in the request each of its fields stands: a use case
// knows their names alone.
func placed(err error, places map[string]string) error {
	var f *fault.Fault
	if !errors.As(err, &f) || len(f.Fields) == 0 {
		return err
	}
	at := *f
	at.Fields = slices.Clone(f.Fields)
	for i, field := range at.Fields {
		if place, known := places[field.Name]; known {
			at.Fields[i].Name = place
		}
	}
	return &at
}
