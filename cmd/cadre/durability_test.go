package main_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"
)

var rounds = flag.Int("rounds", 200, "how often TestKilledServerKeepsItsWord kills a server")

// lanes is how many Cadres live and die at the same time, each over its own data: a round is
// mostly waiting.
const lanes = 4

// write is one numbered write, and what became of it as far as its writer knows.
type write struct {
	title, key string
	acked      bool // the writer has read that it was done
	refused    bool // the writer has read that it was not
}

// TestKilledServerKeepsItsWord lets eight writers write while their server is killed, over and
// over. Whatever was acknowledged is there once, whatever was refused is not, and what nobody
// knows of is there once or not at all; sent again with its key, it is there once.
func TestKilledServerKeepsItsWord(t *testing.T) {
	t.Parallel()
	n := *rounds
	if testing.Short() {
		n = min(n, 20)
	}
	for lane := range lanes {
		t.Run(fmt.Sprint(lane), func(t *testing.T) {
			t.Parallel()
			killOverAndOver(t, (n+lane)/lanes)
		})
	}
}

func killOverAndOver(t *testing.T, n int) {
	data := demonstration(t)
	s := serve(t, data)
	key := token(t, data, "cnad")
	acked, unknown := 0, 0
	for round := range n {
		writes := s.writeUntilKilled(key, round)
		s = serve(t, data)
		doubtful := checkWrites(t, data, round, writes)
		s.sendAgain(t, key, doubtful)
		checkWrites(t, data, round, doubtful)
		acked, unknown = acked+len(writes)-len(doubtful), unknown+len(doubtful)
		if t.Failed() {
			break
		}
		if round%20 == 19 {
			succeed(t, "verify", "--data", data)
		}
	}
	total := acked + unknown
	var list struct{ Total int }
	_, body, err := s.ask(http.MethodGet, "/api/v1/capacities?limit=1", key, "")
	must(t, err)
	must(t, json.Unmarshal([]byte(body), &list))
	s.stop(t)
	succeed(t, "verify", "--data", data)
	t.Logf("%d kills: %d writes acknowledged, %d unknown to their writer; the list counts %d", n, acked, unknown, list.Total)
	if list.Total < total {
		t.Errorf("%d writes, the list counts %d", total, list.Total)
	}
}

// writeUntilKilled lets eight writers write until the server is killed after a moment.
func (s *server) writeUntilKilled(key string, round int) []write {
	moment := 20*time.Millisecond + rand.N(280*time.Millisecond)
	var all [8][]write
	var writers sync.WaitGroup
	for i := range all {
		writers.Go(func() {
			for n := 0; ; n++ {
				w := write{title: fmt.Sprintf("Essai %d-%d-%d", round, i, n), key: fmt.Sprintf("%d-%d-%d", round, i, n)}
				status, _, err := s.ask(http.MethodPost, capacities, key, capacity(w.title), "Idempotency-Key", w.key)
				w.acked, w.refused = err == nil && status < 300, err == nil && status >= 300
				all[i] = append(all[i], w)
				if err != nil {
					return
				}
			}
		})
	}
	time.Sleep(moment)
	s.kill()
	writers.Wait()
	var flat []write
	for _, writes := range all {
		flat = append(flat, writes...)
	}
	return flat
}

// checkWrites compares what the writers know with what is there, and returns what they do not know.
func checkWrites(t *testing.T, data string, round int, writes []write) (doubtful []write) {
	t.Helper()
	there := map[string]int{}
	d := sqlite(t, data)
	rows, err := d.Query(`SELECT title FROM record WHERE title GLOB ?`, fmt.Sprintf("Essai %d-*", round))
	must(t, err)
	for rows.Next() {
		var title string
		must(t, rows.Scan(&title))
		there[title]++
	}
	must(t, rows.Err())
	must(t, rows.Close())
	must(t, d.Close())
	for _, w := range writes {
		switch n := there[w.title]; {
		case w.acked && n != 1:
			t.Errorf("%s was acknowledged and is there %d times", w.title, n)
		case w.refused && n != 0:
			t.Errorf("%s was refused and is there %d times", w.title, n)
		case n > 1:
			t.Errorf("%s is there %d times", w.title, n)
		}
		if !w.acked && !w.refused {
			doubtful = append(doubtful, w)
		}
	}
	return doubtful
}

// sendAgain sends what nobody knows of again, with its key: it is done now, or was.
func (s *server) sendAgain(t *testing.T, key string, doubtful []write) {
	t.Helper()
	for i := range doubtful {
		status, body, err := s.ask(http.MethodPost, capacities, key, capacity(doubtful[i].title), "Idempotency-Key", doubtful[i].key)
		if err != nil || status >= 300 && status != http.StatusConflict { // a conflict says that it was done before its answer was kept
			t.Errorf("%s sent again: %d %s %v", doubtful[i].title, status, body, err)
		}
		doubtful[i].acked = true
	}
}
