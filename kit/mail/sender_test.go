package mail_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"cadre/kit/mail"
	"cadre/kit/test"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"pgregory.net/rapid"
)

// postOffice is a mail server on the loopback, with one mailbox that keeps everything.
type postOffice struct {
	address string // host:port
	roots   *x509.CertPool

	mu       sync.Mutex
	received []letter
}

type letter struct {
	from, to, data, user string
	encrypted            bool
}

// last returns the only letter received since the call before.
func (p *postOffice) last(t interface{ Fatalf(string, ...any) }) letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.received) != 1 {
		t.Fatalf("%d letters received, want 1", len(p.received))
	}
	l := p.received[0]
	p.received = nil
	return l
}

func (p *postOffice) empty(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.received) != 0 {
		t.Errorf("the server received %v", p.received)
	}
}

type counter struct {
	office *postOffice
	conn   *smtp.Conn
	letter letter
}

func (c *counter) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "cadre@cnlpal.example" || password != "correct" {
			return smtp.ErrAuthFailed
		}
		c.letter.user = user
		return nil
	}), nil
}

func (c *counter) Mail(from string, _ *smtp.MailOptions) error {
	c.letter.from = from
	return nil
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	}
	c.letter.to = to
	return nil
}

func (c *counter) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	c.letter.data = string(b)
	_, c.letter.encrypted = c.conn.TLSConnectionState()
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.office.received = append(c.office.received, c.letter)
	return err
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }

// openOffice starts a server that speaks TLS from the start, after STARTTLS, or not at all.
func openOffice(t *testing.T, security string) *postOffice {
	t.Helper()
	office := &postOffice{roots: x509.NewCertPool()}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &counter{office: office, conn: c}, nil
	}))
	server.Domain = "127.0.0.1"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	office.address = listener.Addr().String()
	if security != "none" {
		certificate := selfMade(t)
		office.roots.AddCert(certificate.Leaf)
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	}
	if security == "implicit" {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return office
}

func selfMade(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

var convocation = mail.Message{
	From: "Cadre permanent <cadre@cnlpal.example>", To: "point.focal@cnad.example",
	Subject: "Réunion du 9 avril : votre réponse est attendue", Body: "Bonjour,\n\nRépondez avant le 2 avril.\n.\nFin\n",
	ID: "0193-convocation@cnlpal.example", At: test.Noon,
}

func TestSend(t *testing.T) {
	for _, c := range []struct{ name, security, address, password, user string }{
		{"TLS from the start", "implicit", "smtps://HOST", "", ""},
		{"TLS from the start, signed in", "implicit", "smtps://cadre%40cnlpal.example@HOST", "correct", "cadre@cnlpal.example"},
		{"STARTTLS", "starttls", "smtp://HOST", "", ""},
		{"STARTTLS, signed in", "starttls", "smtp://cadre%40cnlpal.example@HOST?tls=starttls", "correct", "cadre@cnlpal.example"},
		{"plain on the loopback", "none", "smtp://HOST?tls=none", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			office := openOffice(t, c.security)
			s := sender(t, office, c.address, c.password)
			if err := s.Send(t.Context(), convocation); err != nil {
				t.Fatal(err)
			}
			got := office.last(t)
			if got.from != "cadre@cnlpal.example" || got.to != convocation.To || got.user != c.user || got.encrypted != (c.security != "none") {
				t.Errorf("from %s to %s, signed in as %q, encrypted %v", got.from, got.to, got.user, got.encrypted)
			}
			h, subject, body := open(t, got.data)
			for name, want := range map[string]string{"Message-ID": "<" + convocation.ID + ">", "Date": "Tue, 24 Nov 2026 12:00:00 +0000",
				"From": `"Cadre permanent" <cadre@cnlpal.example>`, "To": "<point.focal@cnad.example>", "Auto-Submitted": "auto-generated", "User-Agent": ""} {
				if h.Get(name) != want {
					t.Errorf("%s: %q, want %q", name, h.Get(name), want)
				}
			}
			if subject != convocation.Subject || body != convocation.Body {
				t.Errorf("subject %q, body %q", subject, body)
			}
		})
	}
}

func sender(t *testing.T, office *postOffice, address, password string) *mail.Sender {
	t.Helper()
	s, err := mail.New(strings.Replace(address, "HOST", office.address, 1), password)
	if err != nil {
		t.Fatal(err)
	}
	s.Roots = office.roots
	return s
}

// open reads a letter as a reader's program does.
func open(t interface{ Fatal(...any) }, data string) (netmail.Header, string, string) {
	m, err := netmail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header, subject, strings.ReplaceAll(string(body), "\r\n", "\n")
}

func TestNothingIsSent(t *testing.T) {
	for _, c := range []struct{ name, security, address, password, to string }{
		{"the server offers no STARTTLS", "none", "smtp://HOST", "", ""},
		{"the server does not speak TLS", "none", "smtps://HOST", "", ""},
		{"the server offers TLS only after a command", "starttls", "smtps://HOST", "", ""},
		{"wrong password", "starttls", "smtp://cadre%40cnlpal.example@HOST", "wrong", ""},
		{"no such mailbox", "implicit", "smtps://HOST", "", "nobody@cnad.example"},
	} {
		t.Run(c.name, func(t *testing.T) {
			office, m := openOffice(t, c.security), convocation
			if c.to != "" {
				m.To = c.to
			}
			err := sender(t, office, c.address, c.password).Send(t.Context(), m)
			if err == nil || strings.Contains(err.Error(), "wrong") {
				t.Errorf("error: %v", err)
			}
			office.empty(t)
		})
	}
}

func TestUnknownCertificate(t *testing.T) {
	for security, address := range map[string]string{"implicit": "smtps://HOST", "starttls": "smtp://HOST"} {
		office := openOffice(t, security)
		office.roots = x509.NewCertPool()
		err := sender(t, office, address, "").Send(t.Context(), convocation)
		if unknown := (x509.UnknownAuthorityError{}); !errors.As(err, &unknown) {
			t.Errorf("%s: %v", security, err)
		}
		office.empty(t)
	}
}

func TestSilentServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		cancel()
		_, _ = io.Copy(io.Discard, conn) // until the sender gives up
		_ = conn.Close()
	}()
	s, err := mail.New("smtp://"+listener.Addr().String()+"?tls=none", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(ctx, convocation); err == nil {
		t.Error("sent")
	}
}

func TestInjection(t *testing.T) {
	office := openOffice(t, "none")
	s := sender(t, office, "smtp://HOST?tls=none", "")
	for _, evil := range []string{"\r\nBcc: spy@elsewhere.example", "\nBcc: spy@elsewhere.example", "\rBcc: spy@elsewhere.example", "\x00", "\u0085"} {
		for _, spoil := range []func(*mail.Message){
			func(m *mail.Message) { m.From += evil },
			func(m *mail.Message) { m.To += evil },
			func(m *mail.Message) { m.Subject += evil },
			func(m *mail.Message) { m.ID += evil },
		} {
			m := convocation
			spoil(&m)
			if err := s.Send(t.Context(), m); err == nil {
				t.Errorf("sent %+v", m)
			}
		}
	}
	for _, m := range []mail.Message{
		{}, {From: "cadre", To: convocation.To, Subject: "x", ID: "a@b", At: test.Noon},
		{From: convocation.From, To: "A <a@b.example>, c@d.example", Subject: "x", ID: "a@b", At: test.Noon},
		{From: convocation.From, To: convocation.To, Subject: "x", ID: "a>b", At: test.Noon},
		{From: convocation.From, To: convocation.To, Subject: "x", ID: "a@b"},
	} {
		if err := s.Send(t.Context(), m); err == nil {
			t.Errorf("sent %+v", m)
		}
	}
	office.empty(t)
}

// Whatever is written arrives as it was written, and adds no header.
func TestTextSurvives(t *testing.T) {
	office := openOffice(t, "none")
	s := sender(t, office, "smtp://HOST?tls=none", "")
	names := headerNames(t, office, s, convocation)
	rapid.Check(t, func(t *rapid.T) {
		m := convocation
		m.Subject = rapid.StringMatching(`[\p{L}\p{N}\p{P}\p{S}]([\p{L}\p{N}\p{P}\p{S} ]{0,150}[\p{L}\p{N}\p{P}\p{S}])?`).Draw(t, "subject")
		m.Body = rapid.StringMatching(`([\p{L}\p{P} .]{0,100}\n){0,9}`).Draw(t, "body")
		if err := s.Send(context.Background(), m); err != nil {
			t.Fatal(err)
		}
		h, subject, body := open(t, office.last(t).data)
		if subject != m.Subject || body != m.Body || len(h) != names {
			t.Fatalf("subject %q, body %q, headers %v", subject, body, h)
		}
	})
}

func headerNames(t *testing.T, office *postOffice, s *mail.Sender, m mail.Message) int {
	t.Helper()
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	h, _, _ := open(t, office.last(t).data)
	return len(h)
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ name, address, password string }{
		{"no scheme", "mail.example.com:587", ""},
		{"another scheme", "https://mail.example.com", ""},
		{"no host", "smtp://", ""},
		{"a path", "smtp://mail.example.com/box", ""},
		{"no such port", "smtp://mail.example.com:99999", ""},
		{"the password inside", "smtp://user:secret@mail.example.com", ""},
		{"an unreadable address with a password inside", "smtp://user:secret@mail.example.com:port", ""},
		{"a user without a password", "smtp://user@mail.example.com", ""},
		{"a password without a user", "smtp://mail.example.com", "secret"},
		{"a misspelt setting", "smtp://mail.example.com?TLS=none", ""},
		{"an unknown way", "smtp://mail.example.com?tls=opportunistic", ""},
		{"smtps without TLS", "smtps://mail.example.com?tls=none", ""},
		{"plain to another machine", "smtp://192.0.2.1?tls=none", ""},
		{"plain to a name", "smtp://mail.example.com?tls=none", ""},
		{"plain with a password", "smtp://user@127.0.0.1?tls=none", "secret"},
	} {
		if _, err := mail.New(c.address, c.password); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, address := range []string{"smtp://mail.example.com", "smtps://mail.example.com:8465", "smtp://[::1]:2525?tls=none", "smtp://127.0.0.1?tls=none"} {
		if _, err := mail.New(address, ""); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}
