package account

import (
	"strings"
	"testing"
)

func TestCheckPassword(t *testing.T) {
	for _, row := range []struct {
		password string
		good     bool
	}{
		{"sept girafes mangent tard", true},
		{"Kekeli-Nyuie-Akpe-Loo", true},
		{"ÀÉÎÕÜ œuvre àéîõü", true},
		{"739122845566", true},
		{strings.Repeat("mot ", 63) + "fini", true},
		{"mon cadre de vie préféré à Kpalimé", true},

		{"onze lettre", false},
		{strings.Repeat("mot ", 64) + "x", false},
		{"motdepasse123", false},
		{"Mot de passe 2026 !", false},
		{"AZERTYUIOP1234", false},
		{"password-password", false},
		{"aaaaaaaaaaaaaaaa", false},
		{"123412341234", false},
		{"abcdefghijklmn", false},
		{"ponmlkjihgfedc", false},
		{"cadre-togo-2026", false},
		{"CadreCadreCadre", false},
		{"Togo-2026-Password", false},
		{"cnad-cnad-2026", false},
		{"point.focal@exemple.test", false},
		{"Lomé2026Lomé2026", false},
	} {
		err := checkPassword(row.password, "point.focal@exemple.test", "Point focal, CNAD", "CNAD", "cnad")
		if (err == nil) != row.good {
			t.Errorf("%q: %v", row.password, err)
		}
	}
}

// TestPasswordIsWhole holds that nothing of a password is cut off, as bcrypt does after 72 bytes.
func TestPasswordIsWhole(t *testing.T) {
	long := strings.Repeat("a", 200)
	hash := present.hash(long + "b")
	if !matches(hash, long+"b") || matches(hash, long+"c") || matches(hash, long) {
		t.Error("passwords that differ after 200 bytes are the same")
	}
	if !matches(present.hash("é"), "e\u0301") {
		t.Error("an accent typed apart is another password")
	}
	if matches("", "") || matches("$argon2id$broken", "x") {
		t.Error("no password matches")
	}
}

func TestOutdated(t *testing.T) {
	if outdated(present.hash("x")) || !outdated(cost{memory: 32, time: 1, lanes: 1}.hash("x")) {
		t.Error("a hash of another cost is not told apart")
	}
	if owasp := (cost{memory: 19 * 1024, time: 2, lanes: 1}); service != owasp {
		t.Errorf("cost %+v", service)
	}
}

// service is the cost in service; the other tests use a cheaper one.
var service = present

func BenchmarkPassword(b *testing.B) {
	for b.Loop() {
		service.key("sept girafes mangent tard", make([]byte, saltBytes))
	}
}
