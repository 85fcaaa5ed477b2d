package app_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/journal"
	"cadre/kit/test"

	"github.com/go-rod/rod/lib/input"
	"github.com/pquerna/otp/hotp"
)

// passphrase is the password of whoever chooses one here.
const passphrase = "cinq mots pour une porte"

// TestJourneys lives what people do with Cadre, with the keyboard alone; where scripts
// do not run, everything works all the same.
func TestJourneys(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for name, journey := range map[string]func(*testing.T){
		"sign in with a second factor, and leave": s.comeAndGo,
		"add a mission and edit it":               s.describeMission,
		"two editors":                             s.editTogether,
		"confirm the sheet":                       s.confirmSheet,
		"invite a person":                         s.inviteSomebody,
		"hand over":                               s.handOver,
		"create a token":                          s.createToken,
		"a session ends while one writes":         s.outliveSession,
		"print a sheet":                           s.printSheet,
		"a large file on a poor line":             s.sendInParts,
	} {
		t.Run(name, journey)
	}
}

// as opens a tab for a person of the demonstration, signed in; empty for nobody.
func (s *site) as(t *testing.T, email string, scripts bool) *test.Tab {
	t.Helper()
	r := test.Reader{Width: 1366, Scripts: scripts}
	if email != "" {
		r.Cookies = (&persona{header: s.cookie(t, s.people[email])}).cookies()
	}
	return s.browser.Open(t, s.url, r)
}

// givePassword lets a person of the demonstration sign in as others do.
func (s *site) givePassword(t *testing.T, email string) {
	t.Helper()
	ctx := context.Background()
	must(t, s.Journal.Write(ctx, access.Viewer{Clearance: access.Restricted}, func(act *journal.Act) error {
		return s.People.SetPassword(ctx, act, s.people[email], passphrase)
	}))
}

// says checks what a page says, and that nobody is kept from reading it.
func says(t *testing.T, tab *test.Tab, sentences ...string) {
	t.Helper()
	words := tab.Words()
	for _, want := range sentences {
		if !strings.Contains(words, test.Plain(want)) {
			t.Fatalf("%s does not say « %s »:\n%s", tab.Path(), want, words)
		}
	}
	for _, barrier := range tab.Barriers() {
		t.Errorf("%s: %s", tab.Path(), barrier)
	}
}

// silent checks what a page does not say.
func silent(t *testing.T, tab *test.Tab, sentence string) {
	t.Helper()
	if strings.Contains(tab.Words(), sentence) {
		t.Errorf("%s says « %s »", tab.Path(), sentence)
	}
}

func arrives(t *testing.T, tab *test.Tab, path string) {
	t.Helper()
	if got := tab.Path(); got != path {
		t.Fatalf("arrives at %s, want %s:\n%s", got, path, tab.Words())
	}
}

// enter fills in the page on which one signs in.
func enter(tab *test.Tab, email string) {
	tab.Fill("Adresse électronique", email)
	tab.Fill("Mot de passe", passphrase)
	tab.Enter()
}

// leave signs out from the menu of the person.
func leave(tab *test.Tab, name string) {
	tab.Reach(name)
	tab.Press(input.Enter)
	tab.Follow("Se déconnecter")
}

func (s *site) comeAndGo(t *testing.T) {
	const email = "focal@ciplev.example"
	s.givePassword(t, email)
	tab := s.as(t, "", true)
	tab.Visit("/structures/ciplev")
	tab.Follow("Se connecter")
	enter(tab, email)
	arrives(t, tab, "/structures/ciplev")

	tab.Visit("/compte/double-authentification")
	key := strings.Join(strings.Fields(tab.Eval(`() => document.querySelector("form code").innerText`)), "")
	tab.Fill("Code à six chiffres", s.code(t, key))
	tab.Enter()
	says(t, tab, "Imprimez ou recopiez ces codes maintenant")

	tab.Visit("/compte")
	says(t, tab, "Mon compte", "Point focal, CIPLEV")
	leave(tab, "Point focal, CIPLEV")
	says(t, tab, "Vous êtes déconnecté.")
	tab.Back()
	silent(t, tab, "Double authentification")

	s.wait(t, "1m") // a code serves once
	tab.Visit("/compte")
	enter(tab, email)
	says(t, tab, "Code de vérification")
	tab.Fill("Code", s.code(t, key))
	tab.Enter()
	arrives(t, tab, "/compte")
}

// code is what the application of a telephone shows now.
func (s *site) code(t *testing.T, key string) string {
	t.Helper()
	code, err := hotp.GenerateCode(key, uint64(s.Clock.Now().Unix()/30))
	must(t, err)
	return code
}

// wait moves the clock of the demonstration.
func (s *site) wait(t *testing.T, d string) {
	t.Helper()
	s.ask(t, s.by["nobody"], request{method: http.MethodPost, path: "/demo/clock", form: url.Values{"advance": {d}}})
}

func (s *site) describeMission(t *testing.T) {
	tab := s.as(t, "focal@cnad.example", false)
	tab.Visit("/structures/cnad")
	tab.Follow("Ajouter une mission")
	tab.Follow("Voir qui lira, puis enregistrer")
	says(t, tab, "Donnez un intitulé.")
	tab.Fill("Intitulé", "Former les agents de contrôle")
	tab.Choose("Rôle de la structure", "Conduit")
	tab.Choose("Thème", "Drogues")
	tab.Choose("Marquage", "TLP:GREEN")
	tab.Toggle("Le public")
	tab.Toggle("Toutes les structures du cadre")
	tab.Follow("Voir qui lira, puis enregistrer")
	says(t, tab, "Visible par 9 structures")
	tab.Follow("Enregistrer")
	says(t, tab, "C’est enregistré.", "Former les agents de contrôle", "TLP:GREEN")

	tab.Follow("Modifier")
	tab.Fill("Précisions", "Deux sessions par an.")
	tab.Follow("Enregistrer")
	says(t, tab, "C’est enregistré.", "Deux sessions par an.")
	tab.Follow("Historique")
	tab.Follow("Voir ce qui a changé")
	says(t, tab, "De la version 1 à la version 2", "Deux sessions par an.")
}

func (s *site) editTogether(t *testing.T) {
	first, second := s.as(t, "focal@cnad.example", true), s.as(t, "adjoint@cnad.example", false)
	for _, tab := range []*test.Tab{first, second} {
		tab.Visit("/structures/cnad")
		tab.Follow("Modifier la fiche")
	}
	first.Fill("Ce que fait la structure, en une phrase", "Coordonne la lutte contre la drogue.")
	first.Follow("Enregistrer")
	says(t, first, "C’est enregistré.")
	second.Fill("Ce que fait la structure, en une phrase", "Prévient et soigne, avec les communes.")
	second.Follow("Enregistrer")
	says(t, second, "Quelqu’un a modifié cette fiche entre-temps", "Coordonne la lutte contre la drogue", "Prévient et soigne, avec les communes")
	second.Follow("Enregistrer")
	says(t, second, "C’est enregistré.", "Prévient et soigne, avec les communes.")
}

func (s *site) confirmSheet(t *testing.T) {
	tab := s.as(t, "focal@aniac.example", true)
	tab.Visit("/structures/aniac")
	tab.Follow("Confirmer que tout est à jour")
	says(t, tab, "La fiche est vérifiée pour un an.", "par Point focal, ANIAC")
}

// links finds the address in a mail.
var mailed = regexp.MustCompile(`/invitation/[\w-]+`)

func (s *site) inviteSomebody(t *testing.T) {
	tab := s.as(t, "focal@purs.example", false)
	tab.Visit("/personnes")
	tab.Follow("Inviter une personne")
	tab.Fill("Nom affiché", "Chargée de suivi, PURS")
	tab.Fill("Adresse électronique", "suivi@purs.example")
	tab.Toggle("membre")
	tab.Follow("Inviter")
	says(t, tab, "L’invitation est envoyée par courriel.")

	guest := s.as(t, "", false)
	guest.Visit("/demo/mails")
	says(t, guest, "suivi@purs.example")
	guest.Follow(s.url + mailed.FindString(guest.Words()))
	says(t, guest, "Chargée de suivi, PURS")
	guest.Fill("Nouveau mot de passe", passphrase)
	guest.Fill("Le même, encore une fois", passphrase)
	guest.Enter()
	arrives(t, guest, "/")
	says(t, guest, "Chargée de suivi, PURS")
}

func (s *site) handOver(t *testing.T) {
	tab := s.as(t, "focal@cndh.example", false)
	tab.Visit("/personnes")
	tab.Reach("Point focal, CNDH") // the menu of the person, then the list
	tab.Follow("Point focal, CNDH")
	tab.Follow("Passation de service")
	tab.Fill("Nom affiché", "Nouveau point focal, CNDH")
	tab.Fill("Adresse électronique", "nouveau@cndh.example")
	tab.Fill("Consignes pour le successeur", "Le dossier bleu est dans l’armoire.")
	open := s.People.Open
	defer func() { s.People.Open = open }()
	s.People.Open = func(context.Context, string) ([]account.Item, error) { // more than the sheet names
		return slices.Repeat([]account.Item{{Kind: "Fiche de la structure", Title: strings.Repeat("Un titre qui ne tient pas sur une ligne ", 4), Why: "Sans échéance."}}, 60), nil
	}
	tab.Follow("Transmettre la fonction")
	says(t, tab, "Fiche de passation de service", "Nouveau point focal, CNDH", "Le dossier bleu est dans l’armoire.")
	pages := test.PDF(t, tab.Printed())
	if len(pages) != 1 {
		t.Errorf("the printed sheet has %d pages", len(pages))
	}
	paper := pages[0]
	for _, want := range []string{"Point focal, CNDH", "Signature du sortant", "Signature de l’entrant", "Le dossier bleu", "1 / "} {
		if !strings.Contains(paper, want) {
			t.Errorf("the printed sheet lacks « %s »:\n%s", want, paper)
		}
	}
}

func (s *site) createToken(t *testing.T) {
	tab := s.as(t, "focal@cnad.example", false)
	tab.Visit("/compte")
	tab.Follow("Mes jetons d’accès")
	tab.Fill("À quoi servira-t-il ?", "Tableur du bureau")
	tab.Follow("Créer le jeton")
	says(t, tab, "Copiez ce jeton maintenant", "Tableur du bureau")
	secret := regexp.MustCompile(`cadre_\S+`).FindString(tab.Words())
	reading := persona{header: http.Header{"Authorization": {"Bearer " + secret}}}
	if a := s.ask(t, &reading, request{method: http.MethodGet, path: "/api/v1/me"}); a.status != http.StatusOK {
		t.Errorf("the token opens nothing: %d", a.status)
	}
	tab.Follow("Révoquer")
	says(t, tab, "Le jeton est révoqué.")
}

func (s *site) outliveSession(t *testing.T) {
	const email = "focal@anpc.example"
	s.givePassword(t, email)
	tab := s.as(t, email, false)
	tab.Visit("/structures/anpc/missions/ajouter")
	tab.Fill("Intitulé", "Tenir un poste de secours")
	tab.Choose("Rôle de la structure", "Conduit")
	tab.Fill("Précisions", "Deux heures de travail.")
	tab.Choose("Thème", "Protection civile")
	must(t, s.People.EndSessions(context.Background(), s.viewer("secretariat@cnlpal.example", access.Secretariat), s.people[email]))
	tab.Follow("Voir qui lira, puis enregistrer")
	says(t, tab, "Votre session a pris fin", "Rien n’est perdu", "Deux heures de travail.")

	beside := tab.FollowBeside("Connectez-vous dans un nouvel onglet")
	enter(beside, email)
	beside.Close()
	tab.Follow("Renvoyer")
	says(t, tab, "Visible par le public")
	tab.Follow("Enregistrer")
	says(t, tab, "C’est enregistré.", "Tenir un poste de secours", "Deux heures de travail.")
}

func (s *site) printSheet(t *testing.T) {
	tab := s.as(t, "focal@cnad.example", false)
	tab.Visit("/structures/cnad")
	pages := test.PDF(t, tab.Printed())
	day := s.Clock.Now().In(time.UTC).Format("2006")
	for i, page := range pages {
		for _, want := range []string{"TLP:RED", "Imprimé le", day, "Point focal, CNAD", string(rune('1'+i)) + " / " + string(rune('0'+len(pages)))} {
			if !strings.Contains(page, want) {
				t.Errorf("page %d lacks « %s »:\n%s", i+1, want, page)
			}
		}
	}
}

// sendInParts attaches a file of which a part came yesterday, while the line fails once more.
func (s *site) sendInParts(t *testing.T) {
	body, changed := strings.Repeat("Une ligne du compte rendu.\n", 25_000), time.UnixMilli(1_790_000_000_000)
	path := filepath.Join(t.TempDir(), "compte rendu.txt")
	must(t, errors.Join(os.WriteFile(path, []byte(body), 0o600), os.Chtimes(path, changed, changed)))
	sheet := "/fiches/" + s.structures["cnad"] + "/pieces"
	q := url.Values{"name": {filepath.Base(path)}, "size": {strconv.Itoa(len(body))}, "mark": {"1790000000000"}, "at": {"0"}}
	if a := s.upload(t, s.by["focal@cnad.example by cookie"], sheet+"/morceaux?"+q.Encode(), "part", strings.NewReader(body[:256<<10])); a.status != http.StatusOK {
		t.Fatal(a)
	}
	tab := s.as(t, "focal@cnad.example", true)
	tab.Visit(sheet)
	s.refusesAtOnce(t, tab)
	tab.Eval(`() => {
		const send = window.fetch;
		sessionStorage.asked = 0;
		window.fetch = (...asked) => ++sessionStorage.asked === 2 ? Promise.reject(new TypeError("the line")) : send(...asked);
		return "";
	}`)
	box, err := tab.Page.Element("input[type=file]")
	must(t, err)
	must(t, box.SetFiles([]string{path}))
	tab.Follow("Joindre")
	says(t, tab, "Le fichier est joint.", "compte rendu.txt")
	if asked := tab.Eval(`() => sessionStorage.asked`); asked != "4" { // what has come; a part, cut; it again; the last
		t.Errorf("asked %s times", asked)
	}
}

// refusesAtOnce chooses a file of 5 GB: the page says that it is too large before it is sent.
func (s *site) refusesAtOnce(t *testing.T, tab *test.Tab) {
	path := filepath.Join(t.TempDir(), "grand.txt")
	must(t, errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, 5<<30)))
	box, err := tab.Page.Element("input[type=file]")
	must(t, err)
	must(t, box.SetFiles([]string{path}))
	tab.Eval(`() => { document.querySelector("input[type=file]").form.requestSubmit(); return ""; }`)
	_, err = tab.Page.Element("[data-told] .err")
	must(t, err)
	says(t, tab, "Ce fichier dépasse 50 Mo.")
	if tab.Eval(`() => document.querySelector("input[type=file]").files[0].name`) != "grand.txt" {
		t.Error("the page was left")
	}
}
