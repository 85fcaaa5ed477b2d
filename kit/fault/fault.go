// Package fault is the one error type that reaches a user: a kind, which the web
// and the API turn into a status; a sentence, which the user reads; and a hidden
// cause, which only the log sees.
package fault

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cadre/kit/text"
)

// Kind says what went wrong from the user's side.
type Kind int

// The kinds. An error that is no fault counts as Internal.
const (
	Internal     Kind = iota // a defect or a broken machine
	NotFound                 // absent, or invisible to the viewer: never told apart
	WrongMethod              // the address exists, but does not answer this method
	Unauthorized             // nobody is signed in
	Forbidden                // visible, but not allowed
	Conflict                 // somebody else changed it, or its state does not allow this
	BadInput                 // one or several fields are wrong
	TooMany                  // too many attempts
	TooLarge                 // larger than the stated limit
	Unavailable              // the machine cannot do it now; nothing was written
)

// Field is what is wrong with one field of a form or of an API body.
type Field struct {
	Name     string // the field's name in the form or the body
	Sentence text.Message
}

// Fault is an error that a user may read.
type Fault struct {
	Kind     Kind
	Sentence text.Message
	Fields   []Field       // for BadInput
	Wait     time.Duration // for TooMany: before the next try; 0 when it does not say
	Cause    error         // for the log only
}

// Error describes the fault for the log, in French, with its cause.
func (f *Fault) Error() string { return f.In(text.French) }

// In describes the fault to who may read its cause.
func (f *Fault) In(l text.Lang) string {
	var parts []string
	if len(f.Fields) == 0 {
		parts = append(parts, f.Sentence.In(l))
	}
	for _, field := range f.Fields {
		parts = append(parts, field.Name+": "+field.Sentence.In(l))
	}
	if f.Cause != nil {
		parts = append(parts, cause(f.Cause, l))
	}
	return strings.Join(parts, " ")
}

// Unwrap returns the hidden cause.
func (f *Fault) Unwrap() error { return f.Cause }

// New returns a fault of the given kind; key is a French sentence, args fill its verbs.
func New(kind Kind, key string, args ...any) *Fault {
	return &Fault{Kind: kind, Sentence: text.M(key, args...)}
}

// Invalid returns a BadInput fault about one field.
func Invalid(field, key string, args ...any) *Fault {
	return &Fault{Kind: BadInput, Sentence: text.M("Certains champs sont à corriger."),
		Fields: []Field{{Name: field, Sentence: text.M(key, args...)}}}
}

// Missing is the answer for what does not exist or may not be seen. It is the same in both cases.
func Missing() *Fault {
	return New(NotFound, "Cette page n’existe pas, ou elle ne vous est pas ouverte.")
}

// Because attaches a hidden cause to a fault.
func (f *Fault) Because(cause error) *Fault {
	f.Cause = cause
	return f
}

// KindOf returns the kind of the first fault in err's chain, or Internal.
func KindOf(err error) Kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}

// Say describes an error to whoever runs the program, in their language as far as Cadre has words for it.
func Say(err error, l text.Lang) string {
	var f *Fault
	if errors.As(err, &f) {
		return f.In(l)
	}
	return cause(err, l)
}

// Wrap adds what was being done to an error, keeping its kind: defer fault.Wrap(&err, "open %s", name).
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}

// Collect gathers the fields that are wrong, so that a user learns of all of them at once.
type Collect struct{ fields []Field }

// Need records a sentence about field unless ok holds.
func (c *Collect) Need(ok bool, field, key string, args ...any) {
	if !ok {
		c.fields = append(c.fields, Field{Name: field, Sentence: text.M(key, args...)})
	}
}

// Add records the fields of a BadInput fault and reports whether err was one.
func (c *Collect) Add(err error) bool {
	var f *Fault
	if errors.As(err, &f) && f.Kind == BadInput {
		c.fields = append(c.fields, f.Fields...)
		return true
	}
	return false
}

// Both joins what two looks at the same fields found: one BadInput fault, in which the first
// sentence about a field counts. An error that names no field hides what comes after it.
func Both(first, then error) error {
	if first == nil || then == nil {
		return cmp.Or(first, then)
	}
	var a, b *Fault
	if !errors.As(first, &a) || len(a.Fields) == 0 || !errors.As(then, &b) || len(b.Fields) == 0 {
		return first
	}
	all := Collect{slices.Clone(a.Fields)}
	for _, f := range b.Fields {
		if !slices.ContainsFunc(a.Fields, func(told Field) bool { return told.Name == f.Name }) {
			all.fields = append(all.fields, f)
		}
	}
	return all.Fault()
}

// At puts what is wrong with fields of a use case beside the one field in which it was typed.
func At(field string, err error) error {
	var f *Fault
	if !errors.As(err, &f) || len(f.Fields) == 0 {
		return err
	}
	moved := *f
	moved.Fields = slices.Clone(f.Fields)
	for i := range moved.Fields {
		moved.Fields[i].Name = field
	}
	return &moved
}

// Fault returns nil when nothing is wrong, else one BadInput fault with every field.
func (c *Collect) Fault() error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Fault{Kind: BadInput, Sentence: text.M("Certains champs sont à corriger."), Fields: c.fields}
}
