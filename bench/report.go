package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"sync/atomic"
	"time"
)

// pages measures every page, with one client and with many, and prints the tables.
func (b *bench) pages(ctx context.Context, program *server, machine *bare, s *seeded) error {
	c := newClient(program.address, s.token)
	for _, clients := range []int{1, many} {
		fmt.Fprintf(b.out, "\n| with %d at once | kB | requests/s | p50 ms | p99 ms | CPU ms | bare handler ms | bare SQL ms | ratio |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n", clients)
		for _, p := range s.pages {
			line, err := b.page(ctx, clients, program, c, machine, p)
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				line, err = fmt.Sprintf("| %s | | more than %.0f s | | | | | | |", p.name, patience.Seconds()), nil
			}
			if err != nil {
				return err
			}
			fmt.Fprintln(b.out, line)
		}
	}
	return nil
}

// page measures one page, and what the machine does for the same work. The ratio is
// that of the time that a request takes to the time of both bare parts together.
func (b *bench) page(ctx context.Context, clients int, program *server, c *client, machine *bare, p page) (string, error) {
	resp, answer, err := c.send(p.method, p.path(0), p.body(time.Now().UnixNano()))
	if err != nil {
		return "", err
	}
	from, asked := time.Now().UnixNano(), atomic.Int64{} // no two requests write the same
	before, err := program.cpu()
	if err != nil {
		return "", err
	}
	whole, err := b.best(clients, func(i int64) error {
		asked.Add(1)
		_, _, err := c.send(p.method, p.path(i), p.body(from+i))
		return err
	})
	if err != nil {
		return "", err
	}
	after, err := program.cpu()
	if err != nil {
		return "", err
	}
	handler, err := machine.handler(b, clients, p.method, p.body(0), header(resp), answer)
	if err != nil {
		return "", err
	}
	var below figures
	if p.asks == nil {
		below, err = machine.commit(ctx, b, clients)
	} else {
		below, err = machine.queries(ctx, b, clients, p.asks)
	}
	return fmt.Sprintf("| %s | %.1f | %.0f | %s | %s | %s | %s | %s | %.1f |", p.name, float64(len(answer))/1000, whole.perSecond(),
		ms(whole.p50), ms(whole.p99), ms((after-before)/time.Duration(asked.Load())), ms(handler.each), ms(below.each), whole.each.Seconds()/(handler.each+below.each).Seconds()), err
}

// best is the fastest of the rounds of a measure.
func (b *bench) best(clients int, do func(i int64) error) (figures, error) {
	var best figures
	for range b.rounds {
		f, err := measure(clients, b.limits, do)
		if err != nil {
			return best, err
		}
		if best.each == 0 || f.each < best.each {
			best = f
		}
	}
	return best, nil
}

// header keeps what the answer's bytes need to be read.
func header(r *http.Response) http.Header {
	h := http.Header{}
	for _, name := range []string{"Content-Type", "Content-Encoding"} {
		if v := r.Header.Get(name); v != "" {
			h.Set(name, v)
		}
	}
	return h
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()*1000) }

// footprint prints what the program and its database take.
func (b *bench) footprint(ctx context.Context, program *server, machine *bare, s *seeded) error {
	resident, err := program.memory("VmRSS")
	if err != nil {
		return err
	}
	peak, err := program.memory("VmHWM")
	if err != nil {
		return err
	}
	size, err := machine.size(ctx)
	fmt.Fprintf(b.out, "\nReady in %.0f ms. Resident memory after the load %d MB, %d MB at its highest. Database %d MB. Seeded in %.0f s.\n",
		program.ready.Seconds()*1000, resident>>20, peak>>20, size>>20, s.Took.Seconds())
	return err
}

// proof runs cadre verify over all that was written, and prints what it takes.
func (b *bench) proof(ctx context.Context, data, address string) error {
	verify := exec.CommandContext(ctx, b.binary, "verify", "--data", data, "--database", address) // #nosec G204 -- our own program
	s, began := &server{process: verify}, time.Now()
	if err := verify.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- verify.Wait() }()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for highest := int64(0); ; {
		select {
		case err := <-ended:
			fmt.Fprintf(b.out, "Proved in %.1f s, of which %.1f s of the processor, with %d MB of memory at its highest.\n",
				time.Since(began).Seconds(), (verify.ProcessState.UserTime() + verify.ProcessState.SystemTime()).Seconds(), highest>>20)
			return err
		case <-look.C:
			if now, err := s.memory("VmHWM"); err == nil { // it may have ended
				highest = now
			}
		}
	}
}
