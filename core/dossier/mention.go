package dossier

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/journal"
	"cadre/core/notify"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/id"
	"cadre/kit/markdown"
	"cadre/kit/text"
)

// named are those whom a text mentions.
type named struct {
	ids        map[string]string // identifiers by the names that were typed
	people     []string          // identifiers
	structures []string          // identifiers
	reach      account.Reach     // of the record
}

// mentioned finds whom a text mentions, among those who may read the record. Of anybody else
// the fault tells nothing, not even whether they exist.
func (m *Module) mentioned(ctx context.Context, tx *db.Tx, r record.Record, src string) (named, error) {
	found := named{ids: map[string]string{}}
	names := markdown.Mentions(src)
	if len(names) > maxMentions {
		return found, fault.Invalid("text", "Ce commentaire mentionne %d personnes ou structures ; %d au plus.", len(names), maxMentions)
	}
	var err error
	if found.reach, err = m.People.Reach(ctx, tx, r.Owner, r.Audience, r.Marking); err != nil {
		return found, err
	}
	institutions, err := m.People.Structures(ctx, tx)
	if err != nil {
		return found, err
	}
	var wrong fault.Collect
	for _, name := range names {
		ok, err := m.mention(ctx, tx, &found, account.Living(institutions), name)
		if err != nil {
			return found, err
		}
		wrong.Need(ok, "text", "« @%s » ne désigne personne qui puisse lire cette fiche. Corrigez la mention, ou retirez son signe @.", name)
	}
	return found, wrong.Fault()
}

// mention adds whom a name names, and reports whether they may read the record.
func (m *Module) mention(ctx context.Context, tx *db.Tx, n *named, institutions []account.Structure, name string) (bool, error) {
	i := slices.IndexFunc(institutions, func(s account.Structure) bool {
		return s.ID == name || strings.EqualFold(handle(s), name) || strings.EqualFold(s.Slug, name)
	})
	if i >= 0 {
		s := institutions[i].ID
		n.ids[name], n.structures = s, append(n.structures, s)
		return slices.Contains(n.reach.Structures, s), nil
	}
	if !id.Valid(name) && !strings.Contains(name, "@") {
		return false, nil
	}
	person, err := m.People.Lookup(ctx, tx, name)
	n.ids[name], n.people = person, append(n.people, person)
	return n.reads(person), err
}

// reads reports whether a person may read the record.
func (n named) reads(person string) bool {
	return slices.ContainsFunc(n.reach.People, func(p account.Reader) bool { return p.ID == person })
}

// keep is the text as it is stored: those whom it mentions by their identifiers.
func (n named) keep(src string) string {
	return markdown.Rename(src, func(name string) string { return "@" + n.ids[name] })
}

// besides leaves those whom the text before mentioned already.
func (n named) besides(before string) named {
	had := markdown.Mentions(before)
	known := func(id string) bool { return slices.Contains(had, id) }
	n.people, n.structures = slices.DeleteFunc(slices.Clone(n.people), known), slices.DeleteFunc(slices.Clone(n.structures), known)
	return n
}

// plainHandle is an acronym that can be typed after an @ as it is.
var plainHandle = regexp.MustCompile(`^[\pL\pN](?:[\pL\pN._+-]*[\pL\pN])?$`)

// handle is what one types after an @ to mention an institution.
func handle(s account.Structure) string {
	if plainHandle.MatchString(s.Acronym) {
		return s.Acronym
	}
	return s.Slug
}

// tell queues a mail to those who are mentioned and, of a new comment, to the followers of
// the record; only to those who may read it, and never to the author.
func (m *Module) tell(ctx context.Context, act *journal.Act, r record.Record, n named, followers bool) error {
	mentioned := slices.Clone(n.people)
	for _, s := range n.structures {
		points, err := m.People.FocalPoints(ctx, act.Tx, s)
		if err != nil {
			return err
		}
		for _, p := range points {
			if p.Acts {
				mentioned = append(mentioned, p.Person)
			}
		}
	}
	told := map[string]bool{act.By.Person: true}
	if err := m.mail(ctx, act, r, n, told, mentioned, text.M("Un commentaire vous mentionne sur Cadre")); err != nil || !followers {
		return err
	}
	follow, err := record.Followers(ctx, act.Tx, r.ID)
	if err != nil {
		return err
	}
	return m.mail(ctx, act, r, n, told, follow, text.M("Un commentaire sur une fiche que vous suivez"))
}

// mail queues a mail to each of the people once. Above green it does not even name the record.
func (m *Module) mail(ctx context.Context, act *journal.Act, r record.Record, n named, told map[string]bool, people []string, subject text.Message) error {
	due := slices.DeleteFunc(people, func(p string) bool { return told[p] || !n.reads(p) })
	to, err := m.People.Correspondents(ctx, act.Tx, due)
	if err != nil {
		return err
	}
	about := text.M("Une fiche de diffusion limitée porte un nouveau commentaire.")
	if r.Marking <= access.Green {
		about = text.M("La fiche « %s » porte un nouveau commentaire.", r.Title)
	}
	for _, c := range to {
		told[c.ID] = true
		body := about.In(c.Language) + "\n\n" + text.M("Pour le lire :").In(c.Language) + "\n" + m.People.BaseURL + "/fiches/" + r.ID + "/commentaires\n"
		if err := notify.Queue(ctx, act.Tx, act.At, notify.Mail{To: c.Email, Subject: subject.In(c.Language), Body: body}); err != nil {
			return err
		}
	}
	return nil
}
