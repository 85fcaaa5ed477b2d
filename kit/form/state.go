package form

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cadre/kit/fault"
	"cadre/kit/text"
)

// VersionField is the hidden field that says which version a form was filled in from.
const VersionField = "version"

// Version is the version that a form was filled in from; -1, which is none, when it does not say.
func Version(values url.Values) int64 {
	n, err := strconv.ParseInt(values.Get(VersionField), 10, 64)
	if err != nil || n < 1 {
		return -1
	}
	return n
}

// State is what a page needs to show a form again: what was typed and what is wrong with it.
// The zero State is an empty form.
type State struct {
	Values url.Values
	Faults []fault.Field // a nameless one concerns the whole form
}

// Of returns the state of a form after err, which may be nil. A fault without fields concerns
// the whole form. An error that is no fault adds nothing: the caller returns it to the server.
func Of(values url.Values, err error) State {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return State{Values: values}
	}
	if len(f.Fields) == 0 {
		return State{values, []fault.Field{{Sentence: f.Sentence}}}
	}
	return State{values, f.Fields}
}

// Value returns the first value typed in the field.
func (s State) Value(name string) string { return s.Values.Get(name) }

// Lines returns every value of the field, one a line.
func (s State) Lines(name string) string { return strings.Join(s.Values[name], "\n") }

// All returns every value of the field.
func (s State) All(name string) []string { return s.Values[name] }

// Has reports whether value is among those of the field: whether its box is ticked.
func (s State) Has(name, value string) bool { return slices.Contains(s.Values[name], value) }

// Failed reports whether something is wrong with the form.
func (s State) Failed() bool { return len(s.Faults) > 0 }

// Error returns the first sentence about the field in the reader's language, or nothing.
func (s State) Error(ctx context.Context, name string) string {
	for _, f := range s.Faults {
		if f.Name == name {
			return f.Sentence.In(text.Of(ctx))
		}
	}
	return ""
}
