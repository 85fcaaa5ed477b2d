package journal

import (
	"errors"
	"slices"
	"time"

	"cadre/core/access"
)

// Happening is something done before a Cadre was founded, as a demonstration tells it.
type Happening struct {
	At time.Time
	By access.Viewer
	Do func(*Act) error
}

// errPast is a defect of its caller: a past is told when a log begins, and time never decreases.
var errPast = errors.New("what is told is not the past of this log")

// Relive does in order what happened after the time of the act that begins a log, each thing at
// its time and by its author; those of one time in the order given.
func (a *Act) Relive(all []Happening) error {
	by := a.By
	defer func() { a.By = by }()
	slices.SortStableFunc(all, func(x, y Happening) int { return x.At.Compare(y.At) })
	for _, h := range all {
		if a.first > 0 || h.At.Before(a.At) {
			return errPast
		}
		a.By, a.At = h.By, h.At
		if err := h.Do(a); err != nil {
			return err
		}
	}
	return nil
}
