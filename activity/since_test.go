package activity_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"cadre/activity"
	"cadre/core/access"
	"cadre/core/account"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/form"
	"cadre/kit/page"
)

// page asks for a page as a person.
func (w world) page(email, path string) string {
	w.Helper()
	o, err := w.People.OpenFor(ctx, w.as(email).Person, account.Origin{Address: "192.0.2.1"})
	must(w.TB, err)
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Cookie", "cadre="+o.Secret)
	rec := httptest.NewRecorder()
	w.Handler.ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		w.Fatalf("%s: %d", path, rec.Code)
	}
	return rec.Body.String()
}

// TestThePlanAsItStood compares the plan with that of a day before.
func TestThePlanAsItStood(t *testing.T) {
	eachWorld(t, func(w world) {
		in := w.idea()
		in.Period, in.Title = activity.Period{From: "2031-03"}, "Une activité déplacée"
		f := w.drafted(in)
		day := w.Clock.Now()
		w.Clock.(*clock.Movable).Advance(72 * time.Hour)
		in.Period = activity.Period{From: "2031-06"}
		w.amended(f, in)
		in.Title = "Une activité venue depuis"
		w.drafted(in)
		body := w.page("focal@cnad.example", "/activites/evolution?periode=2031&depuis="+day.Format("2006-01-02"))
		for _, want := range []string{"1 activité nouvelle, 1 modifiée, 0 inchangée.", "Une activité déplacée", "<del>", "mars", "juin", "Une activité venue depuis"} {
			if !strings.Contains(body, want) {
				w.Errorf("the comparison does not say %q", want)
			}
		}
		if body := w.page("focal@purs.example", "/activites/evolution?periode=2031"); strings.Contains(body, "Une activité") {
			w.Error("PURS learns of ideas of CNAD")
		}
	})
}

// TestThePlanByDaysMonthsAndInstitutions: each view shows an activity where it belongs.
func TestThePlanByDaysMonthsAndInstitutions(t *testing.T) {
	w := open(t, db.SQLite)
	in := w.idea("purs")
	in.Period, in.Title = activity.Period{From: "2031-03-30", To: "2031-04-02"}, "Une activité datée"
	w.proposed(in)
	in.Period, in.Title = activity.Period{From: "2031-T2"}, "Une activité vague"
	w.proposed(in)
	for path, want := range map[string]int{
		"/activites/calendrier?periode=2031-03":                         2 + 0, // two days
		"/activites/calendrier?periode=2031-04":                         2 + 1,
		"/activites/calendrier?periode=2031-05":                         0 + 1,
		"/activites/calendrier?periode=2031-T1":                         1,
		"/activites/calendrier?periode=2031-T2":                         1 + 1,
		"/activites/calendrier?periode=2031":                            1 + 1,
		"/activites/frise?periode=2031":                                 2 * 2, // two institutions
		"/activites?periode=2031":                                       2,
		"/activites/calendrier?periode=2031-07":                         0,
		"/activites/frise?periode=2030":                                 0,
		"/activites/calendrier?periode=2031&structure=" + w.ids["anpc"]: 0,
	} {
		body := w.page("focal@purs.example", path)
		if got := strings.Count(body, `href="/activites/0`); got != want {
			t.Errorf("%s: %d links to activities, want %d", path, got, want)
		}
	}
}

// TestAnAgendaByASecretLink: it shows what its owner sees of their institution, and opens nothing else.
func TestAnAgendaByASecretLink(t *testing.T) {
	eachWorld(t, func(w world) {
		in := w.idea("purs")
		in.Title, in.Period = "Une activité d’agenda", activity.Period{From: "2027-05-18", To: "2027-05-20"}
		in.Tasks = []activity.Task{{Title: "Écrire aux proviseurs", Structure: w.ids["purs"], Due: form.Date{Year: 2027, Month: 5, Day: 1}}}
		f := w.drafted(in)
		link := func(email string, scope access.Scope) string {
			secret, err := w.People.IssueToken(ctx, email, []access.Scope{scope}, w.Clock.Now().Add(240*time.Hour))
			must(w.TB, err)
			return secret
		}
		get := func(path, bearer string) (int, string) {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			if bearer != "" {
				r.Header.Set("Authorization", "Bearer "+bearer)
			}
			rec := httptest.NewRecorder()
			w.Handler.ServeHTTP(rec, r)
			return rec.Code, strings.ReplaceAll(rec.Body.String(), "\r\n ", "")
		}
		secret := link("focal@purs.example", access.ScopeAgenda)
		if status, body := get("/agenda/"+secret, ""); status != http.StatusOK || strings.Contains(body, f.ID) {
			w.Errorf("%d; the idea of another is in the agenda: %v", status, strings.Contains(body, f.ID))
		}
		w.turned("proposed", f)
		_, body := get("/agenda/"+secret, "")
		for _, want := range []string{"UID:" + f.ID + "@cadre", "DTSTART;VALUE=DATE:20270518", "DTEND;VALUE=DATE:20270521", "STATUS:TENTATIVE", "Écrire aux proviseurs", "DTSTART;VALUE=DATE:20270501"} {
			if !strings.Contains(body, want) {
				w.Errorf("the agenda does not hold %q", want)
			}
		}
		for name, path := range map[string]string{"a token of another use": "/agenda/" + link("focal@purs.example", access.ScopeRead), "an invented one": "/agenda/cadre_x"} {
			if status, _ := get(path, ""); status != http.StatusNotFound {
				w.Errorf("%s: %d", name, status)
			}
		}
		if status, _ := get("/api/v1/activities", secret); status != http.StatusUnauthorized {
			w.Errorf("the link opens the API: %d", status)
		}
		must(w.TB, w.People.Disable(ctx, w.as("secretariat@cnlpal.example"), w.as("focal@purs.example").Person))
		if status, _ := get("/agenda/"+secret, ""); status != http.StatusNotFound {
			w.Errorf("the agenda of a disabled account: %d", status)
		}
	})
}

// TestTheDemonstrationHasAPast: its activities were written, signed and reported one after the
// other, by people who might, so that the plan of a day before now is there to be compared.
func TestTheDemonstrationHasAPast(t *testing.T) {
	eachWorld(t, func(w world) {
		all, err := w.Activities.List(ctx, w.as("secretariat@cnlpal.example"), activity.Filter{}, page.Request{Limit: 200})
		must(w.TB, err)
		signed, now := 0, w.Clock.Now()
		for _, f := range all.Rows {
			if now.Sub(f.Created) < 24*time.Hour || f.Report != nil && (f.Report.At.Before(f.Created) || f.Report.At.After(f.Updated)) {
				w.Errorf("%s: written on %v, reported %+v", f.Title, f.Created, f.Report)
			}
			for _, s := range f.Signatures {
				if s.Person == "" {
					continue
				}
				signed++
				if s.At.Before(f.Created) || s.At.After(f.Updated) || s.Version < 2 || s.Version > f.Version || s.Terms != f.Terms(s.Structure) {
					w.Errorf("%s: %+v, of an activity of %v to %v", f.Title, s, f.Created, f.Updated)
				}
				for _, v := range w.viewers {
					if v.Person == s.Person {
						must(w.TB, w.DB.Read(ctx, func(tx *db.Tx) error {
							commits, err := w.People.Commits(ctx, tx, v)
							if !commits {
								w.Errorf("%s: %s signed without the power to", f.Title, v.Name)
							}
							return err
						}))
					}
				}
			}
		}
		if signed < 60 {
			w.Errorf("%d signatures", signed)
		}
		body := w.page("secretariat@cnlpal.example", "/activites/evolution?periode="+strconv.Itoa(now.Year()))
		if strings.Contains(body, ">0 activité nouvelle") || strings.Contains(body, ", 0 modifiée") || strings.Contains(body, ", 0 inchangée") {
			w.Error("nothing has happened in three months")
		}
	})
}
