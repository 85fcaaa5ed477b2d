package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/url"
	"strconv"
	"time"

	"cadre/kit/fault"

	gomail "github.com/wneessen/go-mail"
)

// patience bounds connecting and signing in, then sending: a server that accepts
// the connection and says nothing does not hold the sender.
const patience = 30 * time.Second

// how a connection is encrypted.
type security string

const (
	implicit security = "implicit" // from its first byte
	starttls security = "starttls" // after a command, without which nothing is sent
	plain    security = "none"     // never; on the same machine only
)

var ports = map[security]int{implicit: 465, starttls: 587, plain: 25}

// Sender sends messages through one server, one connection each. It may be used by several goroutines.
type Sender struct {
	Roots    *x509.CertPool // who may sign the server's certificate; nil: whom the machine trusts
	host     string
	port     int
	security security
	user     string // empty: no sign-in
	password string
}

// New returns the sender for a server, known by its address:
//
//	smtps://user@host            TLS from the start, port 465
//	smtp://user@host             TLS by STARTTLS, required, port 587
//	smtp://host?tls=starttls     the same in full, without sign-in
//	smtp://127.0.0.1?tls=none    no TLS, port 25: a loopback address only, no sign-in
//
// A port may follow the host. The password comes apart, so that an address may be shown.
func New(address, password string) (*Sender, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fault.New(fault.BadInput, "Serveur de courriel : l’adresse ne peut pas être lue.") // url's error would repeat it, password included
	}
	s := &Sender{host: u.Hostname(), user: u.User.Username(), password: password}
	if _, inside := u.User.Password(); inside {
		return nil, fault.New(fault.BadInput, "Serveur de courriel : le mot de passe n’a pas sa place dans l’adresse.")
	}
	if s.host == "" || u.Path != "" || u.Fragment != "" || u.Opaque != "" {
		return nil, fault.New(fault.BadInput, "Serveur de courriel : écrivez smtps://NOM@HÔTE:PORT ou smtp://NOM@HÔTE:PORT?tls=starttls.")
	}
	if s.security, err = securityOf(u); err != nil {
		return nil, err
	}
	if s.port = ports[s.security]; u.Port() != "" {
		if s.port, err = strconv.Atoi(u.Port()); err != nil || s.port < 1 || s.port > 65535 {
			return nil, fault.New(fault.BadInput, "Serveur de courriel : « %s » n’est pas un port.", u.Port())
		}
	}
	return s, s.check()
}

func securityOf(u *url.URL) (security, error) {
	query := u.Query()
	value := query.Get("tls")
	query.Del("tls")
	switch {
	case len(query) > 0:
		return "", fault.New(fault.BadInput, "Serveur de courriel : le seul réglage d’une adresse est tls.")
	case u.Scheme == "smtps" && value == "":
		return implicit, nil
	case u.Scheme == "smtp" && (value == "" || value == string(starttls)):
		return starttls, nil
	case u.Scheme == "smtp" && value == string(plain):
		return plain, nil
	}
	return "", fault.New(fault.BadInput, "Serveur de courriel : écrivez smtps://…, smtp://…?tls=starttls ou smtp://…?tls=none.")
}

func (s *Sender) check() error {
	if (s.user == "") != (s.password == "") {
		return fault.New(fault.BadInput, "Serveur de courriel : un nom et un mot de passe vont ensemble.")
	}
	if s.security != plain {
		return nil
	}
	if ip := net.ParseIP(s.host); ip == nil || !ip.IsLoopback() {
		return fault.New(fault.BadInput, "Serveur de courriel : sans TLS, il doit être sur cette machine, à une adresse comme 127.0.0.1.")
	}
	if s.user != "" {
		return fault.New(fault.BadInput, "Serveur de courriel : un mot de passe ne voyage pas sans TLS.")
	}
	return nil
}

// Send returns nil once the server has taken the message upon itself. After an
// error it is not known to have done so, and the same message may be sent again.
func (s *Sender) Send(ctx context.Context, m Message) (err error) {
	defer fault.Wrap(&err, "mail")
	out, err := m.encode()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // closes the connection, whatever happened on it
	client, err := gomail.NewClient(s.host, s.options(ctx)...)
	if err != nil {
		return err
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	if err := client.SendWithSMTPClient(conn, out); err != nil {
		return err
	}
	_ = client.CloseWithSMTPClient(conn) // a farewell: the message has been taken
	return nil
}

func (s *Sender) options(ctx context.Context) []gomail.Option {
	all := []gomail.Option{
		gomail.WithPort(s.port),
		gomail.WithTimeout(patience),
		gomail.WithTLSConfig(s.tls()),
		gomail.WithDialContextFunc(s.dial(ctx)),
		gomail.WithoutNoop(),
		gomail.WithoutRset(), // after the message, its failure would pass for the message's
	}
	switch s.security {
	case implicit:
		all = append(all, gomail.WithSSL())
	case starttls:
		all = append(all, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case plain:
		all = append(all, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.user != "" {
		all = append(all, gomail.WithUsername(s.user), gomail.WithPassword(s.password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return all
}

func (s *Sender) tls() *tls.Config {
	return &tls.Config{ServerName: s.host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
}

// dial connects to the server; the connection closes with sending, the context of
// the whole exchange, which the library only heeds while it connects.
func (s *Sender) dial(sending context.Context) gomail.DialContextFunc {
	address := net.JoinHostPort(s.host, strconv.Itoa(s.port)) // the library's has no brackets around IPv6
	return func(ctx context.Context, network, _ string) (conn net.Conn, err error) {
		if s.security == implicit {
			conn, err = (&tls.Dialer{Config: s.tls()}).DialContext(ctx, network, address)
		} else {
			conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
		}
		if err == nil {
			context.AfterFunc(sending, func() { _ = conn.Close() })
		}
		return conn, err
	}
}
