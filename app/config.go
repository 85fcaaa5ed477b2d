package app

import (
	"cmp"
	"crypto/tls"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cadre/kit/fault"
)

// Version is the version of the program, set when a release is built.
var Version = "0.1.0-dev"

// Config is all that an operator sets, by a flag or by the variable CADRE_ of the same name.
type Config struct {
	Data string `help:"Dossier de la base de données, des clés et du point de contrôle publié." default:"data" type:"path" env:"CADRE_DATA"`
	DatabaseFlag
	Files    string `help:"Où sont gardées les pièces jointes : un dossier, ou s3://HÔTE/SEAU?region=… Vide pour le dossier files, dans celui des données." env:"CADRE_FILES"`
	FilesKey string `help:"Fichier de la clé d’accès de S3 : son nom et la clé, sur deux lignes." type:"path" env:"CADRE_FILES_KEY_FILE"`
}

// DatabaseFlag says where the database is.
type DatabaseFlag struct {
	Database string `help:"Adresse de la base de données : sqlite:CHEMIN ou postgres://… Vide pour cadre.db, dans le dossier des données." env:"CADRE_DATABASE"`
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

// Present reports whether there may be a Cadre to open: the file of its database is there, or its
// database is on a server. A mistyped folder is an error, not a new Cadre.
func (c Config) Present() bool {
	file, here := strings.CutPrefix(c.Address(), "sqlite:")
	_, err := os.Stat(file)
	return !here || err == nil
}

// KeyFile holds the key that signs the journal.
func (c Config) KeyFile() string { return filepath.Join(c.Data, "journal.key") }

// SecretFile holds the secret that seals what proves who people are.
func (c Config) SecretFile() string { return filepath.Join(c.Data, "server.key") }

// CheckpointFile is where the newest checkpoint of the journal is published.
func (c Config) CheckpointFile() string { return filepath.Join(c.Data, "checkpoint") }

// Serving is what an operator sets of the server.
type Serving struct {
	Listen      string   `help:"Adresse d’écoute ; le port 0 en prend un libre." default:"127.0.0.1:8080" env:"CADRE_LISTEN"`
	Metrics     string   `help:"Adresse d’écoute de /metrics ; vide pour aucune." env:"CADRE_METRICS"`
	BaseURL     string   `help:"Adresse du site telle que les gens la tapent, comme https://cadre.example : le début des liens des courriels." env:"CADRE_BASE_URL"`
	TLSCert     string   `help:"Fichier du certificat (PEM)." type:"path" env:"CADRE_TLS_CERT"`
	TLSKey      string   `help:"Fichier de la clé du certificat (PEM)." type:"path" env:"CADRE_TLS_KEY"`
	Proxy       []string `help:"Adresses ou réseaux des mandataires de confiance qui parlent TLS pour Cadre, comme 10.0.0.5 ou 10.0.0.0/24." env:"CADRE_PROXY"`
	Insecure    bool     `help:"Servir sans TLS ni mandataire. Les mots de passe voyagent alors en clair : pour un essai sur une machine." env:"CADRE_INSECURE"`
	SMTP        string   `help:"Serveur de courriel : smtps://NOM@HÔTE:465 ou smtp://NOM@HÔTE:587?tls=starttls." env:"CADRE_SMTP"`
	SMTPPass    string   `help:"Fichier du mot de passe du serveur de courriel." type:"path" env:"CADRE_SMTP_PASSWORD_FILE"`
	MailFrom    string   `help:"Expéditeur des courriels." default:"Cadre <cadre@localhost>" env:"CADRE_MAIL_FROM"`
	MaxFile     int64    `help:"Taille de la plus grande pièce jointe, en mégaoctets." default:"50" env:"CADRE_MAX_FILE"`
	FileKinds   []string `help:"Sortes de pièces jointes, par la fin de leur nom ; vide pour toutes celles que Cadre reconnaît." env:"CADRE_FILE_KINDS"`
	ClamAV      string   `name:"clamav" help:"Adresse du service ClamAV qui lit chaque fichier avant qu’il soit gardé : HÔTE:PORT ou unix:CHEMIN." env:"CADRE_CLAMAV"`
	WithoutTOTP bool     `help:"Ne pas exiger la double authentification." env:"CADRE_WITHOUT_TOTP"`
}

// largestFile is what --max-file may say, in megabytes.
const largestFile = 2000

// Check refuses, all at once and before anything is opened, settings that could only fail later:
// when somebody signs in, follows a link or attaches a file.
func (s Serving) Check() error {
	var wrong fault.Collect
	wrong.Add(CheckSite(s.BaseURL))
	_, _, err := net.SplitHostPort(s.ClamAV)
	wrong.Need(s.ClamAV == "" || strings.HasPrefix(s.ClamAV, "unix:") || err == nil, "--clamav", "Écrivez HÔTE:PORT ou unix:CHEMIN.")
	wrong.Need(s.MaxFile > 0 && s.MaxFile <= largestFile, "--max-file", "Entre 1 et %d mégaoctets.", largestFile)
	_, err = Networks(s.Proxy)
	wrong.Add(err)
	wrong.Need((s.TLSCert == "") == (s.TLSKey == ""), "--tls-cert", "Donnez --tls-cert et --tls-key ensemble.")
	wrong.Need(s.secure() || s.TLSKey != "" || s.Insecure, "--tls-cert", "Donnez --tls-cert et --tls-key, ou par --proxy l’adresse d’un mandataire de confiance ; --insecure est pour un essai sur une machine.")
	if err := wrong.Fault(); err != nil || s.TLSCert == "" {
		return err
	}
	if _, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey); err != nil {
		return fault.New(fault.BadInput, "Le certificat ne peut pas servir.").Because(err)
	}
	return nil
}

// CheckSite refuses an address of the site that could begin no link.
func CheckSite(address string) error {
	u, err := url.Parse(address)
	if address == "" || err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && strings.TrimRight(address, "/") == u.Scheme+"://"+u.Host {
		return nil
	}
	return fault.Invalid("--base-url", "Écrivez seulement https:// et le nom du site, comme https://cadre.example.")
}

// Networks reads ranges of addresses of machines: « 10.0.0.0/24 », or « 10.0.0.5 » for one machine.
func Networks(typed []string) ([]netip.Prefix, error) {
	var wrong fault.Collect
	all := make([]netip.Prefix, len(typed))
	for i, s := range typed {
		one, err := netip.ParseAddr(s)
		if err == nil && one.Zone() == "" {
			all[i] = netip.PrefixFrom(one.Unmap(), one.Unmap().BitLen())
			continue
		}
		all[i], err = netip.ParsePrefix(s)
		wrong.Need(err == nil, "--proxy", "« %s » n’est ni une adresse ni un réseau. Écrivez 10.0.0.5 ou 10.0.0.0/24.", s)
	}
	return all, wrong.Fault()
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
