package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A measure ends after a while or after so many requests, whichever comes first.
type limits struct {
	last time.Duration
	most int64
}

// figures are what a measure found.
type figures struct {
	each     time.Duration // that each request cost: the time passed, divided by the requests answered
	p50, p99 time.Duration
}

func (f figures) perSecond() float64 { return 1 / f.each.Seconds() }

// measure calls do from so many clients at once; its argument counts the calls.
func measure(clients int, l limits, do func(i int64) error) (figures, error) {
	var next atomic.Int64
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	var wait sync.WaitGroup
	began := time.Now()
	for range clients {
		wait.Go(func() {
			var mine []time.Duration
			var err error
			for err == nil && time.Since(began) < l.last {
				i := next.Add(1)
				if i > l.most {
					break
				}
				start := time.Now()
				err = do(i)
				mine = append(mine, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, mine...)
			if err != nil {
				failed = err
			}
		})
	}
	wait.Wait()
	took := time.Since(began)
	if failed != nil || len(all) == 0 {
		return figures{}, fmt.Errorf("measure: %w", failed)
	}
	slices.Sort(all)
	return figures{took / time.Duration(len(all)), all[len(all)/2], all[len(all)*99/100]}, nil
}

// client asks a server on this machine as a browser would: kept connections, compressed answers.
type client struct {
	http  *http.Client
	base  string
	token string
}

// patience is how long a request waits for its answer, a little less than the program gives itself.
const patience = 100 * time.Second

func newClient(base, token string) *client {
	return &client{&http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 32, DisableCompression: true}}, base, token}
}

// send asks for one answer and returns it as it came over the wire.
func (c *client) send(method, path, body string) (*http.Response, []byte, error) {
	req, err := http.NewRequest(method, c.base+path, strings.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(body, "{") {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, b)
	}
	return resp, b, err
}
