package app

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Version is the version of the program, set when a release is built.
var Version = "0.1.0-dev"

// Config is all that an operator sets, by a flag or by the variable CADRE_ of the same name.
type Config struct {
	Data string `help:"Folder of the database, the keys and the published checkpoint." default:"data" type:"path" env:"CADRE_DATA"`
	DatabaseFlag
	Files    string `help:"Where attached files are kept: a folder, or s3://HOST/BUCKET?region=… Empty for the folder files in the data folder." env:"CADRE_FILES"`
	FilesKey string `help:"File of the access key of S3: its name and the key, on two lines." type:"path" env:"CADRE_FILES_KEY_FILE"`
}

// DatabaseFlag says where the database is.
type DatabaseFlag struct {
	Database string `help:"Address of the database: sqlite:PATH or postgres://… Empty for cadre.db in the data folder." env:"CADRE_DATABASE"`
}

// Address is the address of the database.
func (c Config) Address() string {
	if c.Database != "" {
		return c.Database
	}
	return "sqlite:" + filepath.Join(c.Data, "cadre.db")
}

// FilesAddress is where attached files are kept.
func (c Config) FilesAddress() string { return cmp.Or(c.Files, filepath.Join(c.Data, "files")) }

// Founded reports whether the data folder holds a Cadre, or its database is said to be elsewhere.
func (c Config) Founded() bool {
	for _, name := range []string{c.KeyFile(), filepath.Join(c.Data, "cadre.db")} {
		if _, err := os.Stat(name); err == nil {
			return true
		}
	}
	return c.Database != ""
}

// KeyFile holds the key that signs the journal.
func (c Config) KeyFile() string { return filepath.Join(c.Data, "journal.key") }

// SecretFile holds the secret that seals what proves who people are.
func (c Config) SecretFile() string { return filepath.Join(c.Data, "server.key") }

// CheckpointFile is where the newest checkpoint of the journal is published.
func (c Config) CheckpointFile() string { return filepath.Join(c.Data, "checkpoint") }

// Serving is what an operator sets of the server.
type Serving struct {
	Listen      string    `help:"Address to listen on; port 0 takes a free one." default:"127.0.0.1:8080" env:"CADRE_LISTEN"`
	Metrics     string    `help:"Address of the listener for /metrics; empty for none." env:"CADRE_METRICS"`
	BaseURL     string    `help:"Address of the site as people type it, such as https://cadre.example: the beginning of links in mails." env:"CADRE_BASE_URL"`
	TLSCert     string    `help:"Certificate file (PEM)." type:"path" env:"CADRE_TLS_CERT"`
	TLSKey      string    `help:"File of the certificate's key (PEM)." type:"path" env:"CADRE_TLS_KEY"`
	Proxy       []Network `help:"Addresses or networks of the trusted proxies that speak TLS for Cadre, such as 10.0.0.5 or 10.0.0.0/24." env:"CADRE_PROXY"`
	Insecure    bool      `help:"Serve without TLS and without a proxy. Passwords then travel in clear: for a trial on one machine only." env:"CADRE_INSECURE"`
	SMTP        string    `help:"Mail server: smtps://user@host:465 or smtp://user@host:587?tls=starttls." env:"CADRE_SMTP"`
	SMTPPass    string    `help:"File that holds the mail server's password." type:"path" env:"CADRE_SMTP_PASSWORD_FILE"`
	MailFrom    string    `help:"Sender of mails." default:"Cadre <cadre@localhost>" env:"CADRE_MAIL_FROM"`
	MaxFile     int64     `help:"Size of the largest file that may be attached, in megabytes." default:"50" env:"CADRE_MAX_FILE"`
	FileKinds   []string  `help:"Kinds of files that may be attached, by the endings of their names; all that can be recognised when empty." env:"CADRE_FILE_KINDS"`
	ClamAV      string    `name:"clamav" help:"Address of a ClamAV daemon that reads every file before it is kept: HOST:PORT or unix:PATH." env:"CADRE_CLAMAV"`
	WithoutTOTP bool      `help:"Do not require a second factor." env:"CADRE_WITHOUT_TOTP"`
}

// Network is a range of addresses of machines; an address alone is that of one machine.
type Network struct{ netip.Prefix }

// UnmarshalText reads « 10.0.0.5 » and « 10.0.0.0/24 ».
func (n *Network) UnmarshalText(b []byte) error {
	if one, err := netip.ParseAddr(string(b)); err == nil && one.Zone() == "" {
		n.Prefix = netip.PrefixFrom(one.Unmap(), one.Unmap().BitLen())
		return nil
	}
	if n.Prefix.UnmarshalText(b) != nil || !n.IsValid() {
		return fmt.Errorf("%q is neither an address nor a network: want 10.0.0.5 or 10.0.0.0/24", b)
	}
	return nil
}

// Check refuses settings that could only fail later: when somebody signs in, follows a link or attaches a file.
func (s Serving) Check() error {
	if u, err := url.Parse(s.BaseURL); s.BaseURL != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		return fmt.Errorf("address of the site %q: want https://HOST", s.BaseURL)
	}
	if _, _, err := net.SplitHostPort(s.ClamAV); s.ClamAV != "" && !strings.HasPrefix(s.ClamAV, "unix:") && err != nil {
		return fmt.Errorf("address of ClamAV %q: want HOST:PORT or unix:PATH", s.ClamAV)
	}
	if s.TLSCert == "" && s.TLSKey == "" {
		return nil
	}
	if s.TLSCert == "" || s.TLSKey == "" {
		return errors.New("give both --tls-cert and --tls-key")
	}
	if _, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey); err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	return nil
}

// proxies are the networks whose X-Forwarded-For is believed.
func (s Serving) proxies() []netip.Prefix {
	all := make([]netip.Prefix, len(s.Proxy))
	for i, n := range s.Proxy {
		all[i] = n.Prefix
	}
	return all
}

// secure reports whether people reach the server over TLS.
func (s Serving) secure() bool { return s.TLSCert != "" || len(s.Proxy) > 0 }

// Options is what a program that opens Cadre chooses.
type Options struct {
	Config
	Serving
	Demo bool // invented data, one-click sign-in, a clock that can be moved, no mail leaves
	Log  *slog.Logger
}

// How often the program looks after itself.
const (
	readingsEvery = 2 * time.Second
	outboxEvery   = 5 * time.Second
	remindEvery   = 15 * time.Minute
	tidyEvery     = time.Hour
	purgeEvery    = 6 * time.Hour
)
