package activity_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"

	"cadre/activity"
	"cadre/app"
	"cadre/core/access"
	"cadre/core/circle"
	"cadre/core/journal"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/test"
)

// world is the demonstration on one engine, with its institutions by slug and its people by address.
type world struct {
	*app.App
	testing.TB
	ids     map[string]string
	viewers map[string]access.Viewer
}

var ctx = context.Background()

func eachWorld(t *testing.T, fn func(world)) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) { fn(open(t, engine)) })
	}
}

func open(t testing.TB, engine db.Engine) world {
	t.Helper()
	a, err := app.Open(ctx, app.Options{Demo: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Config: app.Config{Data: filepath.Join(t.TempDir(), "data"), DatabaseFlag: app.DatabaseFlag{Database: test.Address(t, engine)}}})
	must(t, err)
	t.Cleanup(func() { _ = a.Close() })
	must(t, a.Found(ctx))
	w := world{a, t, map[string]string{}, map[string]access.Viewer{"": access.Nobody}}
	must(t, a.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := a.People.Structures(ctx, tx)
		for _, s := range all {
			w.ids[s.Slug] = s.ID
		}
		return err
	}))
	people, err := a.Personas(ctx)
	must(t, err)
	for _, p := range people {
		w.viewers[p.Email] = access.Viewer{Person: p.ID, Name: p.Name, Structure: p.Structure, Functions: p.Functions(a.Clock.Now()), Clearance: p.Clearance}
	}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// as is the person who has the address.
func (w world) as(address string) access.Viewer {
	v, ok := w.viewers[address]
	if !ok {
		w.Fatalf("nobody has the address %s", address)
	}
	return v
}

func (w world) focal(slug string) access.Viewer { return w.as("focal@" + slug + ".example") }

// idea is what CNAD would write down, organised with the institutions given.
func (w world) idea(with ...string) activity.Input {
	in := activity.Input{Title: "Lycées de Tône sans drogue", Themes: []string{"DRG"}, Places: []string{"TG-S"},
		Choice: circle.Choice{Marking: "amber"}, Plan: activity.Plan{Purpose: "Faire connaître les risques.", Type: "SENS", Period: activity.Period{From: "2027-05-18", To: "2027-05-20"}}}
	for _, slug := range with {
		in.Partners = append(in.Partners, activity.Partner{Structure: w.ids[slug], Role: activity.Co})
	}
	return in
}

// drafted is an idea of CNAD that its focal point has written down.
func (w world) drafted(in activity.Input) activity.Found {
	w.Helper()
	f, err := w.Activities.Draft(ctx, w.focal("cnad"), in)
	must(w.TB, err)
	return f
}

// proposed is an activity of CNAD in concertation.
func (w world) proposed(in activity.Input) activity.Found {
	w.Helper()
	return w.turned("proposed", w.drafted(in))
}

func (w world) turned(verb string, f activity.Found) activity.Found {
	w.Helper()
	f, err := w.Activities.Turn(ctx, w.focal("cnad"), f.ID, verb, f.Version, activity.Turning{Reason: "Essai", Lesson: "Essai"})
	must(w.TB, err)
	return f
}

// amended is the activity after CNAD has changed it.
func (w world) amended(f activity.Found, in activity.Input) activity.Found {
	w.Helper()
	f, err := w.Activities.Amend(ctx, w.focal("cnad"), f.ID, f.Version, in)
	must(w.TB, err)
	return f
}

// agree is a plain signature of the terms that a signatory reads today.
func (w world) agree(f activity.Found, v access.Viewer) activity.Answer {
	return activity.Answer{Verdict: activity.Signed, Terms: f.Terms(v.Structure)}
}

func (w world) signed(f activity.Found, slugs ...string) activity.Found {
	w.Helper()
	for _, slug := range slugs {
		var err error
		v := w.focal(slug)
		f, err = w.Activities.Sign(ctx, v, f.ID, w.agree(f, v))
		must(w.TB, err)
	}
	return f
}

// verdicts are the positions of the signatories, by slug.
func (w world) verdicts(f activity.Found) map[string]activity.Verdict {
	all := map[string]activity.Verdict{}
	for _, s := range f.Signatures {
		for slug, id := range w.ids {
			if id == s.Structure {
				all[slug] = s.Verdict
			}
		}
	}
	return all
}

// refused checks that a use case was refused for a reason of the kind.
func (w world) refused(err error, want fault.Kind, what string) {
	w.Helper()
	if err == nil || fault.KindOf(err) != want {
		w.Errorf("%s: want a fault of kind %v, got %v", what, want, err)
	}
}

// sound checks that the journal and the tables agree.
func (w world) sound() {
	w.Helper()
	must(w.TB, w.DB.Read(ctx, func(tx *db.Tx) error {
		for _, verify := range []func(context.Context, *db.Tx) ([]journal.Finding, error){activity.Verify} {
			found, err := verify(ctx, tx)
			if err != nil {
				return err
			}
			for _, f := range found {
				w.Error(f.Sentence.In("fr"))
			}
		}
		return nil
	}))
}
