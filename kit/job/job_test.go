package job_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cadre/kit/clock"
	"cadre/kit/job"
	"cadre/kit/test"
)

// running is a job under test: its calls, its log, and a channel that closes when it has ended.
type running struct {
	wake  chan struct{}
	ended chan struct{}
	stop  context.CancelFunc
	log   bytes.Buffer // read it after ended
}

func start(t *testing.T, every time.Duration, fn func(context.Context) error) *running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &running{wake: make(chan struct{}), ended: make(chan struct{}), stop: stop}
	go func() {
		defer close(r.ended)
		job.Run(ctx, clock.At(test.Noon), every, "outbox", slog.New(slog.NewTextHandler(&r.log, nil)), r.wake, fn)
	}()
	return r
}

func TestRunsAtOnceAndWhenWoken(t *testing.T) {
	var calls int
	r := start(t, time.Hour, func(context.Context) error {
		calls++
		return nil
	})
	for range 3 {
		r.wake <- struct{}{}
	}
	r.stop()
	<-r.ended
	// The last call may have been cut short by the stop before it began.
	if calls < 3 || calls > 4 || r.log.Len() != 0 {
		t.Errorf("%d calls, log %s", calls, &r.log)
	}
}

func TestRunsAtEveryInterval(t *testing.T) {
	calls := make(chan struct{})
	r := start(t, time.Millisecond, func(ctx context.Context) error {
		select {
		case calls <- struct{}{}:
		case <-ctx.Done():
		}
		return nil
	})
	for range 5 {
		<-calls
	}
	r.stop()
	<-r.ended
}

func TestWaitsForTheCallUnderWay(t *testing.T) {
	begun, finish := make(chan struct{}), make(chan struct{})
	var finished atomic.Bool
	r := start(t, time.Millisecond, func(ctx context.Context) error {
		close(begun) // a second call would panic
		<-ctx.Done()
		<-finish
		finished.Store(true)
		return ctx.Err()
	})
	<-begun
	r.stop()
	select {
	case <-r.ended:
		t.Error("it ended before its call")
	default:
	}
	close(finish)
	<-r.ended
	if !finished.Load() || r.log.Len() != 0 {
		t.Errorf("finished %v, log %s", finished.Load(), &r.log)
	}
}

func TestGoesOnAfterAFailure(t *testing.T) {
	failures := []func() error{
		func() error { return errors.New("disk full") },
		func() error { panic("index out of range") },
		func() error { return nil },
	}
	n := 0
	r := start(t, time.Hour, func(context.Context) error {
		f := failures[min(n, 2)]
		n++
		return f()
	})
	for range 3 {
		r.wake <- struct{}{}
	}
	r.stop()
	<-r.ended
	log := r.log.String()
	if strings.Count(log, "level=ERROR") != 2 || !strings.Contains(log, "job=outbox") || !strings.Contains(log, "disk full") || !strings.Contains(log, "index out of range") {
		t.Error(log)
	}
}
