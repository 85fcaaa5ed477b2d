package synergy

import (
	"context"
	"net/http"

	"cadre/core/access"
	"cadre/kit/api"
	"cadre/kit/db"
)

// API describes what synergy finds.
func (m *Module) API(a *api.API) {
	op := func(path, id, summary string) api.Op {
		return api.Op{Method: http.MethodGet, Path: path, ID: id, Summary: summary, Tag: "synergy", Allow: access.SignedIn}
	}
	api.Add(a, op("/synergy/overlaps", "listOverlaps", "List the overlaps of the twelve months that come, the strongest first"), m.apiOverlaps)
	api.Add(a, op("/synergy/gaps", "listGaps", "List the themes and préfectures where something calls for an activity and none is planned"), m.apiGaps)
	api.Add(a, op("/synergy/network", "getNetwork", "Who signed with whom in a year, and whose activities touch without that"), m.apiNetwork)
	api.Add(a, op("/activities/{id}/overlaps", "listActivityOverlaps", "What overlaps or completes an activity"), m.apiAround)
	put := func(path, id, summary string) api.Op {
		return api.Op{Method: http.MethodPut, Path: path, ID: id, Summary: summary, Tag: "synergy", Allow: access.SignedIn}
	}
	api.Add(a, put("/activities/{id}/overlaps/{to}", "answerOverlap", "Say what one's institution does about two activities that touch, and do it"), m.apiAnswer)
	api.Add(a, put("/activities/{id}/overlaps/{to}/gain", "valueOverlap", "Say what an arrangement saved one's institution"), m.apiValue)
}

type pairAnswerInput struct {
	ID      string `path:"id"`
	To      string `path:"to" doc:"The other activity"`
	IfMatch string `header:"If-Match" doc:"ETag of one's institution's answer that is being replaced; absent for its first"`
	Body    Reply
}

type gainInput struct {
	ID      string `path:"id"`
	To      string `path:"to" doc:"The other activity"`
	IfMatch string `header:"If-Match" doc:"ETag of one's institution's answer"`
	Body    Gain
}

type pairAnswerOutput struct {
	ETag string `header:"ETag"`
	Body PairAnswer
}

func (m *Module) apiAnswer(ctx context.Context, in *pairAnswerInput) (*pairAnswerOutput, error) {
	var expect int64
	var err error
	if in.IfMatch != "" {
		if expect, err = api.Version(in.IfMatch); err != nil {
			return nil, err
		}
	}
	return pairAnswered(m.Answer(ctx, access.Of(ctx), in.ID, in.To, expect, in.Body))
}

func (m *Module) apiValue(ctx context.Context, in *gainInput) (*pairAnswerOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return pairAnswered(m.Value(ctx, access.Of(ctx), in.ID, in.To, expect, in.Body))
}

func pairAnswered(a Answer, err error) (*pairAnswerOutput, error) {
	if err != nil {
		return nil, err
	}
	return &pairAnswerOutput{api.Tag(a.Version), PairAnswer(a)}, nil
}

// ReasonItem is a reason in the API.
type ReasonItem struct {
	About    About  `json:"about" enum:"place,period,theme,public,type,means,sequence,funder,mandate"`
	How      How    `json:"how" enum:"same,inside,sibling,near,away"`
	Points   int    `json:"points"`
	Sentence string `json:"sentence" doc:"In the language of the request"`
}

// ActivityRef names an activity.
type ActivityRef struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Title  string `json:"title"`
	Lead   string `json:"lead" doc:"Identifier of the institution that leads"`
	First  string `json:"first_day"`
	Last   string `json:"last_day"`
	Href   string `json:"href" doc:"Page of the activity"`
}

func ref(p Planned) ActivityRef {
	return ActivityRef{p.ID, p.Number, p.Title, p.Lead, p.From.String(), p.To.String(), p.Href}
}

func (m *Module) reasons(ctx context.Context, s Score) []ReasonItem {
	all := []ReasonItem{}
	for _, r := range s.Reasons {
		all = append(all, ReasonItem{r.About, r.How, r.Points, m.words.Sentence(ctx, r)})
	}
	return all
}

// PairAnswer is an answer in the API.
type PairAnswer Answer

func said(answers []Answer) []PairAnswer {
	all := []PairAnswer{}
	for _, a := range answers {
		all = append(all, PairAnswer(a))
	}
	return all
}

// OverlapItem is two activities that overlap.
type OverlapItem struct {
	First   ActivityRef  `json:"first"`
	Second  ActivityRef  `json:"second"`
	Points  int          `json:"points"`
	Reasons []ReasonItem `json:"reasons"`
	State   string       `json:"state" enum:"open,settled,ignored"`
	Answers []PairAnswer `json:"answers"`
}

type overlapsInput struct {
	Structure string `query:"structure" doc:"Only those in which this institution takes part (identifier)"`
	Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type overlapsOutput struct {
	Body struct {
		Items []OverlapItem `json:"items"`
		Total int           `json:"total"`
	}
}

func (m *Module) apiOverlaps(ctx context.Context, in *overlapsInput) (*overlapsOutput, error) {
	out := &overlapsOutput{}
	out.Body.Items = []OverlapItem{}
	var all []Touching
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = m.Overlaps(ctx, tx, access.Of(ctx), m.today(), shift(m.today(), 365))
		return err
	})
	for _, t := range all {
		if in.Structure != "" && !t.A.takesPart(in.Structure) && !t.B.takesPart(in.Structure) {
			continue
		}
		if out.Body.Total++; out.Body.Total <= in.Limit {
			out.Body.Items = append(out.Body.Items, OverlapItem{ref(t.A), ref(t.B), t.Points, m.reasons(ctx, t.Score), t.state(), said(t.Answers)})
		}
	}
	return out, err
}

// GapItem is a theme and a préfecture where nothing is planned.
type GapItem struct {
	Theme    string   `json:"theme" doc:"Code of a theme of the first level"`
	Place    string   `json:"place" doc:"Code of a préfecture"`
	Weight   int      `json:"weight" doc:"Of the mandates and needs, in points of the country pack"`
	Mandates []string `json:"mandates" doc:"Institutions that have a mandate there (identifiers)"`
	Calls    []string `json:"calls" doc:"Needs and calls that stand open there (identifiers)"`
}

type gapsInput struct {
	Theme  string `query:"theme" doc:"Only this theme of the first level"`
	Period string `query:"period" doc:"A quarter to come, such as 2027-T1; otherwise the twelve months that come"`
}

type gapsOutput struct {
	Body struct {
		From  string    `json:"from"`
		To    string    `json:"to"`
		Items []GapItem `json:"items"`
	}
}

func (m *Module) apiGaps(ctx context.Context, in *gapsInput) (*gapsOutput, error) {
	s := m.stretch(ctx, in.Period)
	out := &gapsOutput{}
	out.Body.From, out.Body.To, out.Body.Items = s.From.String(), s.To.String(), []GapItem{}
	var patches []Patch
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		patches, err = m.Patches(ctx, tx, access.Of(ctx), s)
		return err
	})
	for _, g := range m.formula.Gaps(patches) {
		if in.Theme != "" && g.Theme != in.Theme {
			continue
		}
		item := GapItem{g.Theme, g.Place, g.Weight, []string{}, []string{}}
		for _, x := range distinct(g.Mandates, func(x Mandate) string { return x.Owner }) {
			item.Mandates = append(item.Mandates, x.Owner)
		}
		for _, n := range g.Needs {
			item.Calls = append(item.Calls, n.ID)
		}
		out.Body.Items = append(out.Body.Items, item)
	}
	return out, err
}

type networkInput struct {
	Year  string `query:"year" doc:"This year when it is left out"`
	Theme string `query:"theme" doc:"Only activities on this theme of the first level"`
}

// TieItem is two institutions.
type TieItem struct {
	A        string `json:"a" doc:"Identifier of an institution"`
	B        string `json:"b"`
	Signed   int    `json:"signed" doc:"Activities that both signed"`
	Overlaps int    `json:"overlaps,omitempty" doc:"Of institutions that signed nothing together: how often their activities overlap"`
	Complete int    `json:"complements,omitempty" doc:"And how often they complete each other"`
}

type networkOutput struct {
	Body struct {
		Year   int       `json:"year"`
		Ties   []TieItem `json:"ties"`
		Missed []TieItem `json:"missed" doc:"Institutions whose activities touch and which signed nothing together"`
	}
}

func (m *Module) apiNetwork(ctx context.Context, in *networkInput) (*networkOutput, error) {
	out := &networkOutput{}
	var n Net
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		n, err = m.Net(ctx, tx, access.Of(ctx), m.year(in.Year), m.top(in.Theme))
		return err
	})
	out.Body.Year, out.Body.Ties, out.Body.Missed = n.Year, []TieItem{}, []TieItem{}
	for _, t := range n.Ties {
		out.Body.Ties = append(out.Body.Ties, TieItem{A: t.A, B: t.B, Signed: t.N})
	}
	for _, x := range n.Miss {
		out.Body.Missed = append(out.Body.Missed, TieItem{A: x.A, B: x.B, Overlaps: x.Overlaps, Complete: x.Complement})
	}
	return out, err
}

// NearItem is an activity that touches another.
type NearItem struct {
	Activity ActivityRef  `json:"activity"`
	Kind     Kind         `json:"kind" enum:"overlap,complement"`
	Points   int          `json:"points"`
	Reasons  []ReasonItem `json:"reasons"`
	Answers  []PairAnswer `json:"answers"`
}

type aroundInput struct {
	ID string `path:"id"`
}

type aroundOutput struct {
	Body struct {
		Items []NearItem `json:"items"`
		Calls []string   `json:"calls" doc:"Needs and calls nearby that nothing answers (identifiers)"`
	}
}

func (m *Module) apiAround(ctx context.Context, in *aroundInput) (*aroundOutput, error) {
	out := &aroundOutput{}
	out.Body.Items, out.Body.Calls = []NearItem{}, []string{}
	v := access.Of(ctx)
	var around Around
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := m.Find(ctx, tx, v, in.ID)
		if err == nil {
			around, err = m.Around(ctx, tx, v, p)
		}
		return err
	})
	for _, n := range append(around.Overlaps, around.Complements...) {
		out.Body.Items = append(out.Body.Items, NearItem{ref(n.Planned), n.Kind, n.Points, m.reasons(ctx, n.Score), said(n.Answers)})
	}
	for _, n := range around.Asked {
		out.Body.Calls = append(out.Body.Calls, n.ID)
	}
	return out, err
}
