package form

import (
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"cadre/kit/fault"
	"cadre/kit/sheet"
	"cadre/kit/text"
)

// Bind fills the struct that dst points at from the values named by its `form:"name"` tags.
// Fields may be strings, booleans, integers, Date, and slices of strings or pointers to
// integers; embedded structs are filled too. A field without value becomes zero (a
// pointer, nil). Values that cannot be read are BadInput, all in one fault.
func Bind(values url.Values, dst any) error {
	var wrong fault.Collect
	walk(reflect.ValueOf(dst).Elem(), func(name string, field reflect.Value) {
		if key := set(field, values[name]); key != "" {
			wrong.Need(false, name, key)
		}
	})
	return wrong.Fault()
}

// Unbind returns the values that Bind would read the struct src from: it prefills an edit form.
func Unbind(src any) url.Values {
	values := url.Values{}
	walk(reflect.Indirect(reflect.ValueOf(src)), func(name string, field reflect.Value) {
		if typed := get(field); len(typed) > 0 {
			values[name] = typed
		}
	})
	return values
}

func walk(s reflect.Value, visit func(name string, field reflect.Value)) {
	for i := range s.NumField() {
		f := s.Type().Field(i)
		name, tagged := f.Tag.Lookup("form")
		switch {
		case tagged:
			visit(name, s.Field(i))
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			walk(s.Field(i), visit)
		}
	}
}

var (
	notNumber = text.Key("Donnez un nombre entier, sans virgule.")
	notDate   = text.Key("Indiquez une date qui existe, par exemple 31/12/2026.")
	notChoice = text.Key("Choisissez une des réponses proposées.")
)

// set returns the sentence of what is wrong, or nothing. A field of another type is a defect
// of the program and panics.
func set(field reflect.Value, typed []string) (wrong string) {
	first := ""
	if len(typed) > 0 {
		first = typed[0]
	}
	if day, ok := field.Addr().Interface().(*Date); ok {
		return setDate(day, first)
	}
	switch kind(field.Type()) {
	case reflect.String:
		field.SetString(first)
	case reflect.Bool:
		return setBool(field, first)
	case reflect.Int:
		return setInt(field, first)
	case reflect.Pointer:
		if first == "" {
			field.SetZero()
			return ""
		}
		field.Set(reflect.New(field.Type().Elem()))
		return setInt(field.Elem(), first)
	case reflect.Slice:
		setStrings(field, typed)
	}
	return ""
}

func setDate(day *Date, typed string) (wrong string) {
	var err error
	*day, err = ParseDate(typed)
	return sentence(err == nil, notDate)
}

func setBool(field reflect.Value, typed string) (wrong string) {
	yes := slices.Contains([]string{"on", "1", "true"}, typed)
	field.SetBool(yes)
	return sentence(yes || slices.Contains([]string{"", "0", "false"}, typed), notChoice)
}

// setInt reads a number as people write it, in a form as in a table: « 1 250 000 F CFA ».
func setInt(field reflect.Value, typed string) (wrong string) {
	field.SetInt(0)
	if strings.TrimSpace(typed) == "" {
		return ""
	}
	n, ok := sheet.Money(typed)
	if !ok || field.OverflowInt(n) {
		return notNumber
	}
	field.SetInt(n)
	return ""
}

// setStrings keeps what is not empty, so that a blank choice does not count as one.
func setStrings(field reflect.Value, typed []string) {
	field.SetZero()
	for _, v := range typed {
		if v != "" {
			field.Set(reflect.Append(field, reflect.ValueOf(v).Convert(field.Type().Elem())))
		}
	}
}

func sentence(ok bool, key string) string {
	if ok {
		return ""
	}
	return key
}

func get(field reflect.Value) []string {
	if d, ok := field.Interface().(Date); ok {
		return single(d.String())
	}
	switch kind(field.Type()) {
	case reflect.String:
		return single(field.String())
	case reflect.Bool:
		if field.Bool() {
			return []string{"1"}
		}
	case reflect.Int:
		return []string{strconv.FormatInt(field.Int(), 10)}
	case reflect.Pointer:
		if !field.IsNil() {
			return []string{strconv.FormatInt(field.Elem().Int(), 10)}
		}
	case reflect.Slice:
		return texts(field)
	}
	return nil
}

func single(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func texts(slice reflect.Value) []string {
	var all []string
	for i := range slice.Len() {
		all = append(all, slice.Index(i).String())
	}
	return all
}

// kind folds the integer kinds into Int and panics on what no form can hold.
func kind(t reflect.Type) reflect.Kind {
	switch k := t.Kind(); {
	case k == reflect.String, k == reflect.Bool:
		return k
	case t.Kind() >= reflect.Int && k <= reflect.Int64:
		return reflect.Int
	case k == reflect.Slice && t.Elem().Kind() == reflect.String:
		return k
	case k == reflect.Pointer && kind(t.Elem()) == reflect.Int:
		return k
	}
	panic("form: cannot bind a field of type " + t.String())
}
