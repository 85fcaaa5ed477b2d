package calendar

import (
	"context"

	"cadre/core/access"
	"cadre/kit/api"
	"cadre/kit/db"
	"cadre/kit/form"
)

// DayItem is a public holiday in the API.
type DayItem struct {
	Day     form.Date `json:"day" format:"date"`
	Name    string    `json:"name" doc:"In the language of the request"`
	ID      string    `json:"id,omitempty" doc:"Of the decision that fixes the day; absent when a rule does"`
	Holiday string    `json:"holiday,omitempty" doc:"Code of the country pack, of a day that was decided"`
	Source  string    `json:"source,omitempty" doc:"The act that fixes it"`
	Version int64     `json:"version,omitempty" doc:"Of the decision, for If-Match"`
}

type holidaysInput struct {
	Year int `query:"year" minimum:"1900" maximum:"2999" doc:"This year when absent"`
}

type holidaysOutput struct {
	Body struct {
		Year    int       `json:"year"`
		Items   []DayItem `json:"items"`
		Unfixed []string  `json:"unfixed" doc:"Codes of the holidays whose day of that year nobody has given"`
	}
}

func (m *Module) apiList(ctx context.Context, in *holidaysInput) (*holidaysOutput, error) {
	out := &holidaysOutput{}
	out.Body.Year, out.Body.Items, out.Body.Unfixed = in.Year, []DayItem{}, []string{}
	if in.Year == 0 {
		out.Body.Year = m.today().Year
	}
	var lines []Line
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		lines, err = m.lines(ctx, tx, out.Body.Year)
		return err
	})
	for _, l := range lines {
		out.Body.Items = append(out.Body.Items, DayItem{l.Day, l.Name(ctx), l.Decision.ID, l.Decision.Holiday, l.Decision.Source, l.Decision.Version})
	}
	for _, h := range m.unfixed(lines) {
		out.Body.Unfixed = append(out.Body.Unfixed, h.Code)
	}
	return out, err
}

type decideInput struct{ Body DayInput }

type decisionOutput struct {
	ETag string `header:"ETag"`
	Body Decision
}

func decided(d Decision, err error) (*decisionOutput, error) {
	return &decisionOutput{api.Tag(d.Version), d}, err
}

func (m *Module) apiDecide(ctx context.Context, in *decideInput) (*decisionOutput, error) {
	return decided(m.Decide(ctx, access.Of(ctx), in.Body))
}

type moveInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"ETag of the version being changed"`
	Body    DayInput
}

func (m *Module) apiMove(ctx context.Context, in *moveInput) (*decisionOutput, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return decided(m.Move(ctx, access.Of(ctx), in.ID, expect, in.Body))
}

type withdrawInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match" doc:"ETag of the version being changed"`
}

func (m *Module) apiWithdraw(ctx context.Context, in *withdrawInput) (*struct{}, error) {
	expect, err := api.Version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return nil, m.Withdraw(ctx, access.Of(ctx), in.ID, expect)
}
