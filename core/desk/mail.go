package desk

import (
	"context"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/core/notify"
	"cadre/kit/text"
)

// letter is the one mail in which a person is told of everything.
type letter struct {
	able               // of the first task
	own, passed []Task // what is theirs, and what was passed on to them
}

// mail queues one mail for each person whom notices tell of something.
func (m *Module) mail(ctx context.Context, act *journal.Act, due []notice) error {
	var letters []letter
	for _, n := range due {
		for _, a := range n.to {
			i := slices.IndexFunc(letters, func(l letter) bool { return l.Person == a.Person })
			if i < 0 {
				i = len(letters)
				letters = append(letters, letter{able: a})
			}
			if len(n.told) == 0 {
				letters[i].own = append(letters[i].own, a.task)
			} else {
				letters[i].passed = append(letters[i].passed, a.task)
			}
		}
	}
	for _, l := range letters {
		subject, body := l.write(text.With(ctx, l.Language), m.People.BaseURL)
		if err := notify.Queue(ctx, act.Tx, act.At, notify.Mail{To: l.Email, Subject: subject, Body: body}); err != nil {
			return err
		}
	}
	return nil
}

// write words the letter; site is the beginning of its links.
func (l letter) write(ctx context.Context, site string) (subject, body string) {
	n := len(l.own) + len(l.passed)
	var b strings.Builder
	part := func(heading string, tasks []Task) {
		if len(tasks) == 0 {
			return
		}
		b.WriteString(heading + "\n\n")
		for _, t := range tasks {
			b.WriteString("- " + t.line(ctx) + "\n  " + site + t.Href + "\n\n")
		}
	}
	part(text.T(ctx, "Ceci attend votre structure :"), l.own)
	part(text.T(ctx, "Ceci vous est transmis, parce que le rappel à votre structure est resté sans suite :"), l.passed)
	b.WriteString(text.T(ctx, "Tout ce qui vous attend :") + "\n" + site + "/\n")
	if subject = text.T(ctx, "%d choses vous attendent sur Cadre", n); n == 1 {
		subject = text.T(ctx, "Une chose vous attend sur Cadre")
	}
	return subject, b.String()
}

// line names a task in a mail. Above green it says nothing of the record.
func (t Task) line(ctx context.Context) string {
	switch {
	case t.Marking > access.Green:
		return text.T(ctx, "%s (fiche de diffusion limitée)", t.Kind)
	case t.Due.IsZero():
		return text.T(ctx, "%s : %s", t.Kind, t.Title)
	}
	return text.T(ctx, "%s : %s, pour le %s", t.Kind, t.Title, text.Date(ctx, t.Due))
}
