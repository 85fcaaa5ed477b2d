package directory

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/circle"
	"cadre/kit/fault"
	"cadre/kit/form"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"
)

// askPage is « À qui m’adresser ? »: the question, and the institutions that it leads to.
type askPage struct {
	ui.Page
	Form     form.State
	Question Question
	Asked    bool
	Answers  []Direction
	Member   bool
	m        *Module
}

func (m *Module) askWhom(r *web.Request) (web.Response, error) {
	ctx, v := r.Context(), access.Of(r.Context())
	q, err := form.Query(r.Request)
	if err != nil {
		return web.Response{}, err
	}
	q.Set("lieu", m.orCountry(m.place(q.Get("lieu"))))
	p := askPage{Page: ui.Start(ctx, text.T(ctx, "À qui m’adresser ?"), directoryCrumb(ctx)), Form: form.Of(q, nil), Member: isMember(v), m: m,
		Question: Question{Theme: q.Get("theme"), Place: q.Get("lieu"), Need: Need(q.Get("besoin")), Means: q.Get("moyen")}}
	if !q.Has("theme") {
		p.Form.Values = url.Values{"lieu": {m.Places.Country()}, "besoin": {string(Information)}}
		return web.Page(askView(p)), nil
	}
	if p.Question.Need == "" || p.Question.Need == Information {
		p.Question.Need = Information
		if p.Question.Means != "" {
			p.Question.Need = Lend // who chooses a means wants it
		}
		q.Set("besoin", string(p.Question.Need))
	}
	p.Asked = true
	p.Answers, err = m.Ask(ctx, v, p.Question)
	if fault.KindOf(err) == fault.BadInput {
		p.Form, p.Failed, p.Asked = form.Of(q, err), true, false
		return web.Invalid(askView(p)), nil
	}
	if err == nil && len(p.Answers) == 0 && r.Method == http.MethodGet {
		m.unmet(p.Question)
	}
	p.Marking = circle.Marking(ctx, p.highest())
	return web.Page(askView(p)), err
}

// highest is the widest marking of the facts shown.
func (p askPage) highest() access.Marking {
	var shown []FactLine
	for _, d := range p.Answers {
		shown = append(shown, d.Lends...)
		for _, f := range []*FactLine{d.Mission, d.Branch} {
			if f != nil {
				shown = append(shown, *f)
			}
		}
	}
	return highest(shown)
}

// title is the answer.
func (p askPage) title(ctx context.Context) string {
	switch {
	case !p.Asked:
		return text.T(ctx, "À qui m’adresser ?")
	case len(p.Answers) == 0:
		return text.T(ctx, "Aucune structure du cadre n’est compétente")
	}
	return text.T(ctx, "En premier : %s", p.Answers[0].Structure.Acronym)
}

func (p askPage) lede(ctx context.Context) string {
	if !p.Asked {
		return text.T(ctx, "Un thème, un lieu, ce dont vous avez besoin : les structures compétentes, dans l’ordre, et pourquoi.")
	}
	return p.m.asked(ctx, p.Question) + "."
}

// asked words a question.
func (m *Module) asked(ctx context.Context, q Question) string {
	all := []string{needWords(ctx, q.Need), m.Themes.Label(ctx, q.Theme), m.Places.Path(ctx, q.Place)}
	if q.Means != "" {
		all = append(all, term(ctx, m.Pack.CapacityKinds, q.Means))
	}
	return strings.Join(all, " – ")
}

func needWords(ctx context.Context, n Need) string {
	switch n {
	case Joint:
		return text.T(ctx, "Monter une action commune")
	case Lend:
		return text.T(ctx, "Trouver un moyen")
	case Report:
		return text.T(ctx, "Signaler quelque chose")
	}
	return text.T(ctx, "M’informer")
}

func (p askPage) needs(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, n := range Needs {
		all = append(all, ui.Option{Value: string(n), Label: needWords(ctx, n)})
	}
	return all
}

// found words an institution that the question leads to: the first sentence is its best
// mission; what else counts follows, each with the page of the fact.
func (p askPage) found(ctx context.Context, i int, d Direction) ui.Noticed {
	n := ui.Noticed{Tag: strconv.Itoa(i + 1), Title: ui.Link{Label: d.Structure.Acronym, Href: "/structures/" + d.Structure.Slug}}
	if d.Structure.Name != d.Structure.Acronym {
		n.By = text.Own(ctx, d.Structure.Name, d.NameEN)
	}
	if i == 0 {
		n.Tone, n.Tag = ui.Good, text.T(ctx, "En premier")
	}
	n.Words, n.Quoted = p.reason(ctx, d)
	return n
}

// reason says why in a sentence: role, mission, territory, legal basis; and what of it the institution wrote.
func (p askPage) reason(ctx context.Context, d Direction) (string, []text.Passage) {
	if d.Mission == nil {
		return text.T(ctx, "N’a pas de mission sur ce thème, mais a le moyen que vous cherchez."), nil
	}
	m, ok := d.Mission.Fact.(*Mission)
	if !ok {
		return "", nil
	}
	named, basis := title(ctx, *d.Mission), text.Own(ctx, m.Legal, "")
	where := p.m.Places.Country()
	if len(d.Mission.Record.Places) > 0 {
		where = d.Mission.Record.Places[0]
	}
	s := text.T(ctx, "%s : « %s » (%s, %s)", term(ctx, p.m.Pack.Settings.Roles, m.Role), named.Words, p.m.Themes.Label(ctx, first(d.Mission.Themes)), p.m.Places.Name(ctx, where))
	if m.Legal != "" {
		s += text.T(ctx, ", par : %s", m.Legal)
	}
	s += "."
	if d.More > 0 {
		s += " " + text.N(ctx, d.More, "%d autre mission répond aussi.", "%d autres missions répondent aussi.", d.More)
	}
	return s, []text.Passage{named, basis}
}

// writeTo is the address of a letter to who acts today, with its subject.
func (p askPage) writeTo(ctx context.Context, f account.FocalPoint) string {
	return "mailto:" + f.Email + "?subject=" + url.PathEscape(p.m.asked(ctx, p.Question))
}
