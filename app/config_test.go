package app_test

import (
	"testing"

	"cadre/app"
)

func TestNetworks(t *testing.T) {
	for typed, want := range map[string]string{
		"10.0.0.5": "10.0.0.5/32", "10.0.0.0/24": "10.0.0.0/24", "fd00::5": "fd00::5/128", "::ffff:10.0.0.5": "10.0.0.5/32",
		"": "", "10.0.0": "", "10.0.0.5/33": "", "proxy.example": "", "fe80::1%eth0": "",
	} {
		all, err := app.Networks([]string{typed})
		if got := all[0].String(); (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%q is read as %s, %v; want %q", typed, got, err, want)
		}
	}
}
