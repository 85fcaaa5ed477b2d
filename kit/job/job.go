// Package job runs the periodic work of a server: one loop for each, which ends
// with the server.
package job

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"cadre/kit/clock"
)

// Run calls fn at once, then at every interval and whenever wake delivers, until
// ctx ends; it returns when the call under way has. Calls never overlap. An error
// or a panic of fn is logged, and the next call comes in its time; a call cut by
// the end of ctx is no error.
//
// wake may be nil. Unbuffered, it is taken between two calls only: when a second
// send on it returns, the call that the first one woke has ended. With room for
// one, a send that does not wait (select with a default) is never lost.
//
// The interval is of the machine's time, the length of a call in the log of c.
func Run(ctx context.Context, c clock.Clock, every time.Duration, name string, log *slog.Logger, wake <-chan struct{}, fn func(context.Context) error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ctx.Err() == nil {
		start := c.Now()
		if err := call(ctx, fn); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "job failed", "job", name, "took", c.Now().Sub(start), "error", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-wake:
		}
	}
}

// call turns a panic into an error: a defect of one job must not end the server.
func call(ctx context.Context, fn func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(ctx)
}
