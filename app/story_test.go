package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cadre/activity"
	"cadre/core/access"
	"cadre/kit/form"
	"cadre/kit/page"
	"cadre/kit/test"
)

// story is what four people live with one activity: the focal points of CNAD, PURS and
// CIPLEV, who organise it, and an officer of ANPC, whom it does not concern.
type story struct {
	*site
	id          string
	first, last form.Date
	feeds       map[string]string // addresses of agendas, by person
	before      map[string]int    // activities in Tône before it was there, by person and address of the map
}

const (
	cnad, purs, ciplev, anpc = "focal@cnad.example", "focal@purs.example", "focal@ciplev.example", "agent.savanes@anpc.example"

	storyTitle = "Lycées de Tône sans drogue"
	besideIt   = "Rencontres de jeunes sur les conduites à risque à Dapaong" // by PURS, in the same week
)

// TestStory: CNAD writes down awareness raising in Tône in the week in which PURS has some. The
// overlap shows; they agree to do it together, with CIPLEV; a new date asks again for the
// signatures that it touches; it takes place and is reported. At each step the plan in all
// of its forms tells who takes part, and nobody else.
func TestStory(t *testing.T) {
	t.Parallel()
	s := &story{site: serve(t), feeds: map[string]string{}, before: map[string]int{}}
	for _, step := range []struct {
		name string
		live func(*testing.T)
	}{
		{"the readers come", s.come},
		{"the overlap shows while one types", s.typeWithScripts},
		{"the overlap shows before one saves, without scripts", s.draft},
		{"CNAD asks PURS to organise it with them", s.associate},
		{"all sign, one with a reservation", s.sign},
		{"another date asks two of three again", s.postpone},
		{"a line of the budget asks its funder again", s.fund},
		{"it starts on its day", s.start},
		{"it is reported", s.report},
	} {
		if !t.Run(step.name, step.live) {
			return
		}
	}
}

// come notes what everybody knows before, and gives each an address for their agenda.
func (s *story) come(t *testing.T) {
	theirs := s.planned(t, besideIt)
	s.first, s.last = theirs.Period.Days()
	for _, who := range []string{cnad, purs, ciplev, anpc} {
		for _, state := range activity.Life.States {
			for _, day := range []form.Date{s.first, weekLater(s.first)} {
				s.before[who+mapAddress(day, state.Code)] = s.inTone(t, who, mapAddress(day, state.Code))
			}
		}
		s.feeds[who] = s.agendaOf(t, who)
	}
}

// planned is an activity of the plan by its title, as CNAD reads it.
func (w *world) planned(t *testing.T, title string) activity.Found {
	t.Helper()
	all, err := w.Activities.List(t.Context(), w.viewer(cnad, access.Focal), activity.Filter{}, page.Request{Limit: 1000})
	must(t, err)
	i := slices.IndexFunc(all.Rows, func(f activity.Found) bool { return f.Title == title })
	if i < 0 {
		t.Fatalf("the plan has no « %s »", title)
	}
	return all.Rows[i]
}

// agendaOf makes the secret address of an agenda, on the page to which the calendar leads.
func (s *story) agendaOf(t *testing.T, who string) string {
	t.Helper()
	tab := s.as(t, who, false)
	defer tab.Close()
	tab.Visit("/activites/calendrier")
	tab.Follow("Recevoir ces dates dans l’agenda de mon téléphone")
	tab.Fill("À quoi servira-t-il ?", "Mon téléphone")
	tab.Pick("Suivre mon agenda par un lien secret")
	tab.Fill("Valable jusqu’au", s.Clock.Now().AddDate(0, 6, 0).Format("02/01/2006"))
	tab.Follow("Créer le jeton")
	address := regexp.MustCompile(`/agenda/\S+`).FindString(tab.Words())
	if address == "" {
		t.Fatalf("no address for an agenda:\n%s", tab.Words())
	}
	return address
}

func weekLater(d form.Date) form.Date { return form.DateOf(d.In(time.UTC).AddDate(0, 0, 7)) }

// mapAddress is the map of what stands in a state in the year of a day.
func mapAddress(day form.Date, state string) string {
	return fmt.Sprintf("/activites/carte?periode=%d&etat=%s", day.Year, state)
}

// day writes a day as people type it.
func day(d form.Date) string { return d.In(time.UTC).Format("02/01/2006") }

// fill fills in the form of the activity as its readers will know it.
func (s *story) fill(tab *test.Tab) {
	tab.Visit("/activites")
	tab.Follow("Écrire une activité")
	tab.Fill("Intitulé", storyTitle)
	tab.Fill("But", "Que les lycéens sachent dire non.")
	tab.Choose("Type d’activité", "Sensibilisation")
	tab.Choose("Thèmes, choix 1", "Prévention")
	tab.Choose("Lieux, choix 1", "Tône")
	tab.Fill("Début", day(s.first))
	tab.Fill("Fin", day(s.last))
	tab.Toggle("Jeunes, élèves et étudiants")
}

// marked is what a page says at its head that carries the marking of the activity.
const marked = "Les structures destinataires, selon le besoin d’en connaître."

const overlaps = "recouvrement avec ce qui est prévu"

func (s *story) typeWithScripts(t *testing.T) {
	tab := s.as(t, cnad, true)
	s.fill(tab)
	tab.Await(besideIt)
	says(t, tab, overlaps)
	if got := tab.Path(); got != "/activites/nouvelle" {
		t.Errorf("the page was left for %s", got)
	}
	tab.Close()
	s.plan(t, "")
}

func (s *story) draft(t *testing.T) {
	tab := s.as(t, cnad, false)
	s.fill(tab)
	tab.Choose("CIPLEV", "Co-organise")
	tab.Choose("Marquage", "TLP:AMBER")
	tab.Toggle("Toutes les structures du cadre")
	tab.Follow("Voir qui lira et ce qui est proche")
	says(t, tab, "Visible par", overlaps, besideIt)
	tab.Follow("Enregistrer")
	says(t, tab, "C’est enregistré.", storyTitle, overlaps, besideIt)
	_, s.id, _ = strings.Cut(tab.Path(), "/activites/")
}

func (s *story) associate(t *testing.T) {
	s.plan(t, activity.Idea, cnad)
	tab := s.as(t, cnad, false)
	tab.Visit("/activites/" + s.id)
	tab.Follow("Proposer de s’associer")
	says(t, tab, "C’est enregistré.", besideIt, "PURS")
	tab.Visit("/activites/" + s.id)
	says(t, tab, "PURS – Co-organise", "CIPLEV – Co-organise")
	silent(t, tab, overlaps)
	tab.Follow("Mettre en concertation")
	says(t, tab, "1 signature sur 3")
	s.plan(t, activity.Concertation, cnad, purs, ciplev)
}

// answer is what somebody answers for their institution, from their own first page.
func (s *story) answer(t *testing.T, who, verdict, words string) *test.Tab {
	t.Helper()
	tab := s.as(t, who, who == purs)
	tab.Visit("/")
	tab.Follow(storyTitle)
	tab.Pick(verdict)
	if words != "" {
		tab.Fill("Réserve ou motif", words)
	}
	tab.Follow("Enregistrer la décision")
	says(t, tab, "C’est enregistré.")
	return tab
}

func (s *story) sign(t *testing.T) {
	says(t, s.answer(t, purs, "Signer", ""), "2 signatures sur 3", "Concertation")
	says(t, s.answer(t, ciplev, "Signer avec réserve", "Pas pendant les examens."), "3 signatures sur 3", "Pas pendant les examens.", "Engagée")
	s.plan(t, activity.Committed, cnad, purs, ciplev)
	if a := s.ask(t, s.reader(t, purs), request{method: http.MethodGet, path: "/api/v1/desk"}); a.status != http.StatusOK || strings.Contains(a.body, storyTitle) {
		t.Errorf("what PURS has signed still waits for them: %d %s", a.status, a.body)
	}
}

// postpone moves the activity by a week: PURS and CIPLEV had signed other days; CNAD signs these by setting them.
func (s *story) postpone(t *testing.T) {
	s.first, s.last = weekLater(s.first), weekLater(s.last)
	tab := s.as(t, cnad, true)
	tab.Visit("/activites/" + s.id)
	tab.Follow("Modifier")
	says(t, tab, marked, "redemandent leur signature")
	tab.Fill("Début", day(s.first))
	tab.Fill("Fin", day(s.last))
	tab.Follow("Enregistrer")
	says(t, tab, "C’est enregistré.", "1 signature sur 3", "avait répondu à la version")
	s.positions(t, map[string]activity.Verdict{cnad: activity.Signed, purs: activity.Reopened, ciplev: activity.Reopened})
	s.plan(t, activity.Concertation, cnad, purs, ciplev)

	s.answer(t, purs, "Signer", "")
	says(t, s.answer(t, ciplev, "Signer", ""), "3 signatures sur 3", "Engagée")
	s.plan(t, activity.Committed, cnad, purs, ciplev)
}

// fund has PURS bear a line of the budget, which is nobody else's concern.
func (s *story) fund(t *testing.T) {
	tab := s.as(t, cnad, false)
	tab.Visit("/activites/" + s.id)
	tab.Follow("Modifier le budget")
	says(t, tab, marked)
	tab.Fill("Ligne, ligne 1", "Carburant des véhicules")
	tab.Fill(s.Pack.Settings.Currency.Label+", ligne 1", "450000")
	tab.Fill("Porté par, ligne 1", "PURS")
	tab.Choose("Financement, ligne 1", "Acquis")
	tab.Follow("Enregistrer")
	says(t, tab, "C’est enregistré.", "2 signatures sur 3")
	s.positions(t, map[string]activity.Verdict{cnad: activity.Signed, purs: activity.Reopened, ciplev: activity.Signed})
	says(t, s.answer(t, purs, "Signer", ""), "3 signatures sur 3", "450 000", "Engagée")
	s.plan(t, activity.Committed, cnad, purs, ciplev)
}

// positions checks where the signatures stand.
func (s *story) positions(t *testing.T, want map[string]activity.Verdict) {
	t.Helper()
	f := s.planned(t, storyTitle)
	for who, verdict := range want {
		i := slices.IndexFunc(f.Signatures, func(x activity.Signature) bool { return x.Structure == s.viewer(who, access.Focal).Structure })
		if i < 0 || f.Signatures[i].Verdict != verdict {
			t.Errorf("%s: want %s: %+v", who, verdict, f.Signatures)
		}
	}
}

func (s *story) start(t *testing.T) {
	s.wait(t, s.first.In(time.UTC).Add(9*time.Hour).Sub(s.Clock.Now()).String())
	tab := s.as(t, cnad, false)
	tab.Visit("/activites/" + s.id)
	tab.Follow("Démarrer")
	says(t, tab, "C’est enregistré.", "En cours")
	s.plan(t, activity.Running, cnad, purs, ciplev)
}

func (s *story) report(t *testing.T) {
	s.wait(t, "240h")
	tab := s.as(t, cnad, true)
	tab.Visit("/")
	says(t, tab, "Rapporter", storyTitle)
	tab.Follow(storyTitle)
	tab.Follow("Rapporter")
	says(t, tab, marked)
	tab.Fill("Ce qui a été fait", "Six lycées, neuf cents élèves.")
	tab.Fill("Femmes", "480")
	tab.Fill("Hommes", "420")
	tab.Fill("Dépensé, en FCFA", "430000")
	tab.Fill("Ce que nous dirions aux autres", "Venir avant les examens.")
	tab.Follow("Rapporter")
	says(t, tab, "C’est enregistré.", "Rapportée", "900 (480 femmes, 420 hommes)", "430 000", "Venir avant les examens.")
	s.plan(t, activity.Reported, cnad, purs, ciplev)
	if row := s.row(t, purs); row["women_reached"] != 480.0 || row["spent"] != 430000.0 {
		t.Errorf("the plan in JSON says of the report: %v", row)
	}
}

// plan checks that the plan tells the readers, and them alone, that the activity is in a state.
func (s *story) plan(t *testing.T, state string, readers ...string) {
	t.Helper()
	for who := range s.feeds {
		reads := slices.Contains(readers, who)
		for name, body := range s.forms(t, who) {
			if strings.Contains(body, storyTitle) != reads {
				t.Errorf("%s: the plan as %s has it for %s: want %v", state, name, who, reads)
			}
		}
		for _, x := range activity.Life.States {
			address := mapAddress(s.first, x.Code)
			want := s.before[who+address]
			if reads && x.Code == state {
				want++
			}
			if got := s.inTone(t, who, address); got != want {
				t.Errorf("%s: the map counts %d in the state %s for %s, want %d", state, got, x.Code, who, want)
			}
		}
		if a := s.ask(t, s.reader(t, who), request{method: http.MethodGet, path: "/activites/" + s.id}); s.id != "" && (a.status == http.StatusOK) != reads {
			t.Errorf("%s: the page for %s: %d", state, who, a.status)
		}
		s.agenda(t, who, state, reads)
		if row := s.row(t, who); reads && row["state"] != string(activity.Life.Name(state)) || !reads && row != nil {
			t.Errorf("%s: in JSON for %s: %v", state, who, row["state"])
		}
	}
}

// reader is somebody who asks, signed in anew: time passes.
func (s *story) reader(t *testing.T, who string) *persona {
	return &persona{name: who, header: s.cookie(t, s.people[who])}
}

// marks are those around the words that were searched for.
var marks = regexp.MustCompile(`</?mark>`)

// forms are the pages and the files of the plan in the period of the activity.
func (s *story) forms(t *testing.T, who string) map[string]string {
	t.Helper()
	p, year := s.reader(t, who), strconv.Itoa(s.first.Year)
	q := "?" + url.Values{"periode": {year}, "lieu": {"TG-S-TONE"}}.Encode()
	all := map[string]string{}
	for name, path := range map[string]string{
		"list": "/activites" + q, "XLSX": "/activites" + q + "&format=xlsx", "CSV": "/activites" + q + "&format=csv&hxl=1", "JSON": "/activites" + q + "&format=json",
		"GeoJSON": "/activites" + q + "&format=geojson", "document": "/activites/plan.pdf" + q, "calendar": "/activites/calendrier?periode=" + s.first.String()[:7],
		"timeline": "/activites/frise" + q, "evolution": "/activites/evolution" + q, "search": "/recherche?q=lycees+drogue",
	} {
		a := s.ask(t, p, request{method: http.MethodGet, path: path})
		if a.status != http.StatusOK {
			t.Errorf("%s for %s: %d", path, who, a.status)
		}
		all[name] = test.Plain(marks.ReplaceAllString(a.body, ""))
	}
	return all
}

// row is the activity in the plan as JSON.
func (s *story) row(t *testing.T, who string) map[string]any {
	t.Helper()
	a := s.ask(t, s.reader(t, who), request{method: http.MethodGet, path: fmt.Sprintf("/activites?periode=%d&format=json", s.first.Year)})
	var file struct{ Rows []map[string]any }
	must(t, json.Unmarshal([]byte(a.body), &file))
	for _, row := range file.Rows {
		if row["title"] == storyTitle {
			return row
		}
	}
	return nil
}

var tone = regexp.MustCompile(`aria-label="Tône : (\d+) activités?"`)

// inTone is how many activities a map counts in Tône.
func (s *story) inTone(t *testing.T, who, address string) int {
	t.Helper()
	a := s.ask(t, s.reader(t, who), request{method: http.MethodGet, path: address})
	found := tone.FindStringSubmatch(test.Plain(a.body))
	if a.status != http.StatusOK || found == nil && !strings.Contains(a.body, "Rien n’est prévu") {
		t.Fatalf("the map for %s: %d", who, a.status)
	}
	if found == nil {
		return 0
	}
	n, err := strconv.Atoi(found[1])
	must(t, err)
	return n
}

// agenda checks the feed that the telephone of somebody reads.
func (s *story) agenda(t *testing.T, who, state string, reads bool) {
	t.Helper()
	a := s.ask(t, s.by["nobody"], request{method: http.MethodGet, path: s.feeds[who]})
	body := strings.ReplaceAll(a.body, "\r\n ", "")
	_, event, found := strings.Cut(body, "UID:"+s.id)
	if a.status != http.StatusOK || s.id != "" && found != reads {
		t.Errorf("%s: the agenda of %s: %d, the activity is in it: %v, want %v", state, who, a.status, found, reads)
	}
	if !reads {
		return
	}
	event, _, _ = strings.Cut(event, "END:VEVENT")
	status := map[string]string{activity.Idea: "TENTATIVE", activity.Concertation: "TENTATIVE"}[state]
	if status == "" {
		status = "CONFIRMED"
	}
	for _, want := range []string{storyTitle, "STATUS:" + status, "DTSTART;VALUE=DATE:" + strings.ReplaceAll(s.first.String(), "-", "")} {
		if !strings.Contains(event, want) {
			t.Errorf("%s: the agenda of %s lacks %q:\n%s", state, who, want, event)
		}
	}
}
