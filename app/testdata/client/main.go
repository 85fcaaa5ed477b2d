// A program of two institutions, with a client that oapi-codegen makes from the description
// of the API: CNAD writes an activity down and proposes it; PURS reads what waits for it,
// signs and comments. It prints what it has been told.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
)

// told is what the program learns on its way.
type told struct {
	Listed   map[string]string `json:"listed"` // states by title
	ID       string            `json:"id"`
	Refused  []string          `json:"refused"` // fields of a draft that is not good
	Overlaps []string          `json:"overlaps"`
	Waits    string            `json:"waits"` // why it is on the desk of PURS
	Done     bool              `json:"done"`  // it is not there any more
	State    string            `json:"state"`
	Comments []string          `json:"comments"`
}

func main() {
	t, err := run(context.Background(), caller("CNAD"), caller("PURS"))
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(t)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// caller is the client of an institution, with its token.
func caller(name string) *ClientWithResponses {
	sign := func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+os.Getenv(name+"_TOKEN"))
		return nil
	}
	c, err := NewClientWithResponses(os.Getenv("CADRE")+"/api/v1", WithRequestEditorFn(sign))
	if err != nil {
		log.Fatal(err)
	}
	return c
}

func run(ctx context.Context, cnad, purs *ClientWithResponses) (told, error) {
	var t told
	for _, step := range []func() error{
		func() error { return t.list(ctx, cnad) },
		func() error { return t.draft(ctx, cnad) },
		func() error { return t.propose(ctx, cnad) },
		func() error { return t.sign(ctx, purs) },
		func() error { return t.look(ctx, cnad) },
	} {
		if err := step(); err != nil {
			return t, err
		}
	}
	return t, nil
}

// list reads the whole plan, a page after another.
func (t *told) list(ctx context.Context, c *ClientWithResponses) error {
	t.Listed = map[string]string{}
	limit := int64(25)
	for p := (&ListActivitiesParams{Limit: &limit}); ; {
		r, err := c.ListActivitiesWithResponse(ctx, p)
		if err != nil || r.JSON200 == nil {
			return unexpected("list", r.HTTPResponse, err)
		}
		for _, a := range r.JSON200.Items {
			t.Listed[a.Title] = string(a.State)
		}
		if r.JSON200.Next == nil {
			return nil
		}
		p.After = r.JSON200.Next
	}
}

// draft writes the activity down, after a try that is refused.
func (t *told) draft(ctx context.Context, c *ClientWithResponses) error {
	day, last := os.Getenv("FIRST_DAY"), os.Getenv("LAST_DAY")
	in := DraftActivityJSONRequestBody{Title: "Lycées de Tône sans drogue", Purpose: "Que les lycéens sachent dire non.", Type: "SENS", Themes: []string{"DRG-PRV"}, Places: []string{"TG-S-TONE"},
		Period: Period{From: last, To: &day}, Publics: &[]string{"JEU"}, Marking: "green", Audience: []string{"members"}}
	r, err := c.DraftActivityWithResponse(ctx, in)
	if err != nil || r.ApplicationproblemJSON422 == nil {
		return unexpected("draft of what ends before it begins", r.HTTPResponse, err)
	}
	for _, wrong := range *r.ApplicationproblemJSON422.Errors {
		t.Refused = append(t.Refused, wrong.Location)
	}
	in.Period = Period{From: day, To: &last}
	if r, err = c.DraftActivityWithResponse(ctx, in); err != nil || r.JSON201 == nil {
		return unexpected("draft", r.HTTPResponse, err)
	}
	t.ID = r.JSON201.Id
	near, err := c.ListActivityOverlapsWithResponse(ctx, t.ID)
	if err != nil || near.JSON200 == nil {
		return unexpected("overlaps", near.HTTPResponse, err)
	}
	for _, n := range near.JSON200.Items {
		t.Overlaps = append(t.Overlaps, n.Activity.Title)
	}
	return nil
}

// propose makes PURS a partner, and asks for the signatures.
func (t *told) propose(ctx context.Context, c *ClientWithResponses) error {
	got, err := c.GetActivityWithResponse(ctx, t.ID)
	if err != nil || got.JSON200 == nil {
		return unexpected("get", got.HTTPResponse, err)
	}
	a, tag := got.JSON200, got.HTTPResponse.Header.Get("ETag")
	in := Input{Title: a.Title, Purpose: a.Purpose, Type: a.Type, Themes: a.Themes, Places: a.Places, Period: a.Period, Publics: a.Publics, Marking: a.Marking,
		Audience: []string{"members"}, Partners: &[]Partner{{Structure: os.Getenv("PURS"), Role: "co"}}}
	amended, err := c.AmendActivityWithResponse(ctx, t.ID, &AmendActivityParams{IfMatch: &tag}, in)
	if err != nil || amended.JSON200 == nil {
		return unexpected("amend", amended.HTTPResponse, err)
	}
	tag = amended.HTTPResponse.Header.Get("ETag")
	turned, err := c.TurnActivityWithResponse(ctx, t.ID, "proposed", &TurnActivityParams{IfMatch: &tag}, Turning{})
	if err != nil || turned.JSON200 == nil {
		return unexpected("propose", turned.HTTPResponse, err)
	}
	return nil
}

// sign answers what waits on the desk, and says a word.
func (t *told) sign(ctx context.Context, c *ClientWithResponses) error {
	why, err := t.waits(ctx, c)
	if err != nil {
		return err
	}
	t.Waits = why
	asked, err := c.ListSignaturesWithResponse(ctx, t.ID)
	if err != nil || asked.JSON200 == nil {
		return unexpected("signatures", asked.HTTPResponse, err)
	}
	signed, err := c.SignActivityWithResponse(ctx, t.ID, Answer{Verdict: "signed", Terms: asked.JSON200.Terms})
	if err != nil || signed.JSON200 == nil {
		return unexpected("sign", signed.HTTPResponse, err)
	}
	said, err := c.WriteCommentWithResponse(ctx, t.ID, CommentText{Text: "Deux véhicules sont prêts."})
	if err != nil || said.JSON201 == nil {
		return unexpected("comment", said.HTTPResponse, err)
	}
	why, err = t.waits(ctx, c)
	t.Done = why == ""
	return err
}

// waits is why the activity is on a desk; empty when it is not.
func (t *told) waits(ctx context.Context, c *ClientWithResponses) (string, error) {
	desk, err := c.ListTasksWithResponse(ctx)
	if err != nil || desk.JSON200 == nil {
		return "", unexpected("desk", desk.HTTPResponse, err)
	}
	for _, task := range desk.JSON200.Items {
		if task.Title == "Lycées de Tône sans drogue" {
			return task.Why, nil
		}
	}
	return "", nil
}

// look reads what became of it.
func (t *told) look(ctx context.Context, c *ClientWithResponses) error {
	got, err := c.GetActivityWithResponse(ctx, t.ID)
	if err != nil || got.JSON200 == nil {
		return unexpected("get", got.HTTPResponse, err)
	}
	t.State = string(got.JSON200.State)
	said, err := c.ListCommentsWithResponse(ctx, t.ID, &ListCommentsParams{})
	if err != nil || said.JSON200 == nil {
		return unexpected("comments", said.HTTPResponse, err)
	}
	for _, x := range said.JSON200.Items {
		t.Comments = append(t.Comments, x.Text)
	}
	return nil
}

// unexpected is an answer that the description does not promise, or none.
func unexpected(what string, r *http.Response, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %s", what, r.Status)
}
