package test

import (
	"os"
	"testing"
)

// Need returns the variable of the environment that tells where something outside
// the repository is, such as "a PostgreSQL server". Without it the test is skipped;
// with CADRE_TEST_STRICT, as `make test` sets it, the test fails instead.
func Need(t testing.TB, variable, what string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value != "" {
		return value
	}
	if os.Getenv("CADRE_TEST_STRICT") != "" {
		t.Fatalf("%s is not set: %s is required", variable, what)
	}
	t.Skipf("%s is not set, so this needs %s; `make test` runs it", variable, what)
	return ""
}
