package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cadre/app"
	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/journal"
	"cadre/core/record"
	"cadre/directory"
	"cadre/packs"
)

// The size of the framework that is measured, whatever the number of records.
const (
	structures = 60
	circles    = 10 // distinct audiences of each structure: 600 in all
	perAct     = 2000
	rareHits   = 20 // records that hold the rare word
)

// What is looked for: a word that few records hold, one that most do, two that many do, a beginning.
const (
	rareWord     = "hélicoptère"
	commonWord   = "sécurité"
	twoWords     = "formation frontières"
	firstLetters = "sens"
)

// seeded is a database full of invented facts, and whom to ask for them.
type seeded struct {
	Slugs      []string
	Structures []string // their identifiers
	Facts      []string // identifiers of public facts, spread over the whole
	Place      string
	Took       time.Duration

	Activities []string // identifiers of some that the focal point of the first structure reads

	token string // of the focal point of the first structure
	pages []page
}

// noteFile says, in the data folder, what a database was filled with.
const noteFile = "seeded.json"

func (s *seeded) note(data string) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(data, noteFile), b, 0o600)
}

// found reads what a database that stayed was filled with; nil for an empty one.
func found(ctx context.Context, a *app.App, data string) (*seeded, error) {
	b, err := os.ReadFile(filepath.Join(data, noteFile)) // #nosec G304 -- of the bench's own folder
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &seeded{}
	if err := json.Unmarshal(b, s); err != nil {
		return nil, err
	}
	return s, s.enter(ctx, a)
}

// enter signs the focal point of the first structure in.
func (s *seeded) enter(ctx context.Context, a *app.App) (err error) {
	s.token, err = a.People.IssueToken(ctx, address(0, 0), []access.Scope{access.ScopeWrite}, a.Clock.Now().Add(24*time.Hour))
	return err
}

// What fills a database.
const (
	facts      = "records"
	activities = "activities"
)

// someFacts is how many facts stand beside a plan: mandates and means are read with it.
const someFacts = 1000

// seed fills an empty Cadre with n invented facts, or with some and n activities. Every fact is written by the
// program's own code: same tables, same indexes, one journal entry each. Only the
// acts are larger than people's: two thousand facts are committed together.
func seed(ctx context.Context, a *app.App, of string, n int) (*seeded, error) {
	began := time.Now()
	s := &seeder{app: a, random: rand.New(rand.NewPCG(1, uint64(n)))} // #nosec G404 G115 -- the same facts on each run
	if err := s.found(ctx); err != nil {
		return nil, err
	}
	if of == activities {
		if err := errors.Join(s.facts(ctx, someFacts), s.plan(ctx, n)); err != nil {
			return nil, err
		}
	} else if err := s.facts(ctx, n); err != nil {
		return nil, err
	}
	s.Took = time.Since(began)
	return &s.seeded, errors.Join(s.note(a.Config.Data), s.enter(ctx, a))
}

// facts writes n facts.
func (s *seeder) facts(ctx context.Context, n int) error {
	for from := 0; from < n; from += perAct {
		err := s.app.Journal.Write(ctx, access.Viewer{Clearance: access.Restricted}, func(act *journal.Act) error {
			for i := from; i < min(from+perAct, n); i++ {
				if err := s.fact(ctx, act, i, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return s.app.Directory.Recount(ctx)
}

type seeder struct {
	seeded
	app    *app.App
	random *rand.Rand
	people []string
	row    int // of the plans, the last one written
}

func address(structure, person int) string { return fmt.Sprintf("p%d@s%d.example", person, structure) }

// found admits the structures, with five people each.
func (s *seeder) found(ctx context.Context) error {
	posts := []access.Function{access.Focal, access.Deputy, access.Member, access.Reader, access.Field}
	nature := s.app.Pack.Settings.Natures[0].Code
	for i := range structures {
		slug := fmt.Sprintf("structure-%d", i)
		sheet, err := s.app.Directory.Admit(ctx, access.Viewer{Clearance: access.Restricted}, directory.Admission{Slug: slug,
			Name: fmt.Sprintf("Structure fictive n° %d", i+1), Identity: directory.Identity{Acronym: fmt.Sprintf("SF%02d", i+1), Nature: nature, Summary: s.sentence()}})
		if err != nil {
			return err
		}
		s.Structures, s.Slugs = append(s.Structures, sheet.ID), append(s.Slugs, slug)
		err = s.app.Journal.Write(ctx, access.Viewer{Clearance: access.Restricted}, func(act *journal.Act) error {
			for j, f := range posts {
				p := account.Person{Email: address(i, j), Name: fmt.Sprintf("%s, SF%02d", f, i+1), Structure: sheet.ID, Clearance: access.Restricted, Mandate: account.CanCommit}
				if err := s.app.People.Admit(ctx, act, &p, f); err != nil {
					return err
				}
				s.people = append(s.people, p.ID)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fact writes the i-th of n facts.
func (s *seeder) fact(ctx context.Context, act *journal.Act, i, n int) error {
	owner := s.random.IntN(structures)
	marking, audience := s.circle(owner)
	theme, place := some(s.random, s.app.Pack.Themes, owner, 8), some(s.random, s.app.Pack.Territories, owner, 20)
	detail := s.sentence() + " " + s.sentence() + " " + s.sentence()
	if i%max(1, n/rareHits) == 0 {
		detail += " Un " + rareWord + " est prêté."
	}
	verb, content := s.content(detail)
	r := record.Record{Kind: "directory." + verb, Title: s.title(theme, place), Owner: s.Structures[owner], Audience: audience, Marking: marking,
		State: directory.InForce, Themes: []string{theme.Code}, Places: []string{place.Code}}
	if s.random.IntN(20) == 0 {
		r.State = directory.Withdrawn
	}
	if err := record.Create(ctx, act, &r, "directory."+verb+".added", content, detail); err != nil {
		return err
	}
	if marking == access.Clear && audience.Has(access.Public) && i%max(1, n/500) == 0 {
		s.Facts, s.Place = append(s.Facts, r.ID), place.Code
	}
	return nil
}

// circle draws who reads a fact: 4 in 10 the public, 2 the members, 2 the owner alone
// or one of its people, 2 some other structures.
func (s *seeder) circle(owner int) (access.Marking, access.Audience) {
	self := s.Structures[owner]
	switch draw := s.random.IntN(20); {
	case draw < 8:
		return access.Clear, access.AudienceOf(self, access.Public)
	case draw < 12:
		return access.Marking(s.random.IntN(2)), access.AudienceOf(self, access.Members)
	case draw < 15:
		return access.Marking(s.random.IntN(6)), access.AudienceOf(self)
	case draw < 16:
		return access.Red, access.AudienceOf(self, access.Person(s.people[owner*5]))
	}
	with := 1 + s.random.IntN(circles-4)
	marking := []access.Marking{access.Green, access.Amber, access.Restricted}[s.random.IntN(3)]
	return marking, access.AudienceOf(self, access.Structure(s.Structures[(owner+with)%structures]), access.Structure(s.Structures[(owner+7*with)%structures]))
}

// content draws the kind of a fact and its own fields.
func (s *seeder) content(detail string) (string, any) {
	invented := directory.Origin{Fictitious: true}
	switch draw := s.random.IntN(20); {
	case draw < 8:
		return "mission", directory.Mission{Detail: detail, Role: pick(s.random, s.app.Pack.Settings.Roles).Code, Legal: "Décret fictif n° 2024-001", Origin: invented}
	case draw < 13:
		return "capacity", directory.Capacity{Kind: pick(s.random, s.app.Pack.CapacityKinds).Code, Quantity: 1 + s.random.IntN(20), Conditions: detail, Origin: invented}
	case draw < 16:
		return "programme", directory.Programme{Detail: detail, From: "2024", To: "2027", Origin: invented}
	case draw < 18:
		return "branch", directory.Branch{Kind: "Antenne", Since: "2021", Note: detail, Origin: invented}
	}
	return "document", directory.Document{Date: "2023-05", Note: detail, Origin: invented}
}

var acts = []string{"Sensibilisation", "Formation", "Contrôle", "Suivi", "Coordination", "Prévention", "Enregistrement", "Surveillance", "Accompagnement",
	"Inventaire", "Inspection", "Collecte", "Médiation", "Alerte précoce", "Renforcement des capacités", "Évaluation", "Appui technique", "Plaidoyer"}

var sentences = []string{
	"La structure conduit cette action avec les services de sécurité de %s et les communautés riveraines.",
	"Les comités locaux de paix de %s tiennent un registre et rendent compte chaque trimestre.",
	"Une formation de trois jours réunit les agents des frontières et les chefs de canton de %s.",
	"Le matériel est prêté sur demande écrite, quinze jours avant l’opération prévue à %s.",
	"Les résultats sont partagés avec les partenaires et les autorités préfectorales de %s.",
	"Cette mission couvre la sensibilisation des jeunes, des femmes et des transporteurs de %s.",
	"Les armes remises volontairement sont marquées, enregistrées puis détruites à %s.",
	"Un rapport annuel sur la sécurité des stocks est remis au secrétariat permanent par l’antenne de %s.",
	"Les signalements reçus à %s sont vérifiés sous quarante-huit heures par deux agents formés.",
	"La coopération transfrontalière s’appuie sur un point de contact joignable jour et nuit à %s.",
}

func (s *seeder) sentence() string {
	return fmt.Sprintf(pick(s.random, sentences), pick(s.random, s.app.Pack.Territories).Name)
}

func (s *seeder) title(t packs.Theme, p packs.Territory) string {
	return fmt.Sprintf("%s : %s, %s", pick(s.random, acts), strings.ToLower(t.Label), p.Name)
}

// some draws one of the n of all that are an institution's own.
func some[T any](r *rand.Rand, all []T, owner, n int) T { return all[(owner*37+r.IntN(n)*5)%len(all)] }

func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }
