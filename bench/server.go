package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// build compiles the program into a folder.
func build(ctx context.Context, folder string) (string, error) {
	binary := filepath.Join(folder, "cadre")
	out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "cadre/cmd/cadre").CombinedOutput() // #nosec G204 -- our own program
	if err != nil {
		return "", fmt.Errorf("build: %w: %s", err, out)
	}
	return binary, nil
}

// server is the program, serving in a process of its own.
type server struct {
	process *exec.Cmd
	address string
	ready   time.Duration // from its start to the moment at which it answers
}

// start serves a database on a free port of this machine.
func start(ctx context.Context, binary, folder, database string) (*server, error) {
	s := &server{process: exec.CommandContext(ctx, binary, "serve", "--insecure", "--data", folder, "--database", database, "--listen", "127.0.0.1:0")} // #nosec G204 -- our own program
	out, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			s.address, s.ready = address, time.Since(began)
			return s, nil
		}
	}
	return nil, fmt.Errorf("the server ended before it was ready: %w", s.process.Wait())
}

// memory reads a line of the process's status, such as VmHWM: in bytes.
func (s *server) memory(line string) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(b)) {
		if value, ok := strings.CutPrefix(l, line+":"); ok {
			kb, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("the process has no %s", line)
}

// cpu is the time of the processor that the process has taken, to a hundredth of a second.
func (s *server) cpu() (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ") // the name may hold spaces
	total := time.Duration(0)
	for _, ticks := range strings.Fields(rest)[11:13] { // utime and stime, proc_pid_stat(5)
		n, err := strconv.ParseInt(ticks, 10, 64)
		if err != nil {
			return 0, err
		}
		total += time.Duration(n) * 10 * time.Millisecond
	}
	return total, nil
}

// stop ends the server as an operator does.
func (s *server) stop() error {
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.process.Wait()
}
