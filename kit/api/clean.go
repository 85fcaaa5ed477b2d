package api

import (
	"reflect"
	"strconv"
	"strings"

	"cadre/kit/fault"
	"cadre/kit/text"
)

// clean prepares every text of an operation's input as that of a form is (text.Clean, nothing
// but spaces around it taken away), and refuses the fields with characters that no database or file should hold.
func clean(input any) error {
	var wrong fault.Collect
	cleanValue(reflect.ValueOf(input), "", &wrong)
	return wrong.Fault()
}

func cleanValue(v reflect.Value, where string, wrong *fault.Collect) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			cleanValue(v.Elem(), where, wrong)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				cleanValue(v.Field(i), named(where, f), wrong)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // a file, which its reader judges
		}
		for i := range v.Len() {
			cleanValue(v.Index(i), where+"["+strconv.Itoa(i)+"]", wrong)
		}
	case reflect.String:
		s, ok := text.Clean(v.String())
		wrong.Need(ok, where, "Ce champ contient des caractères invisibles ou illisibles. Retirez-les.")
		v.SetString(strings.TrimSpace(s))
	}
}

// named is where a field of the input stands, as problems say it: body.title.
func named(where string, f reflect.StructField) string {
	name := strings.ToLower(f.Name)
	for _, tag := range []string{"json", "path", "query", "header"} {
		if said, _, _ := strings.Cut(f.Tag.Get(tag), ","); said != "" {
			name = said
		}
	}
	switch {
	case f.Anonymous:
		return where
	case where == "":
		return name
	}
	return where + "." + name
}
