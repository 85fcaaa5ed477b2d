package intake

import (
	"context"

	"cadre/core/circle"
	"cadre/kit/text"
)

// Sent is a table as a program sends it.
type Sent struct {
	Preview  bool     `query:"preview" doc:"Only tell what the file would do"`
	Marking  string   `query:"marking" default:"green" doc:"Of what is new"`
	Audience []string `query:"audience" doc:"Circles that will read what is new, besides the institution"`
	RawBody  []byte   `contentType:"application/octet-stream"`
}

// Choice is who will read what is new.
func (s Sent) Choice() circle.Choice { return circle.Choice{Marking: s.Marking, Audience: s.Audience} }

// ImportedRow is what becomes of a row.
type ImportedRow struct {
	Row     int      `json:"row" doc:"As a spreadsheet numbers it"`
	Title   string   `json:"title"`
	Fate    Fate     `json:"fate" enum:"new,changed,same"`
	ID      string   `json:"id,omitempty" doc:"Of what was there before"`
	Changes []string `json:"changes,omitempty" doc:"Fields that change"`
}

// WrongCell is something to correct in the file.
type WrongCell struct {
	Row      int    `json:"row"`
	Cell     string `json:"cell,omitempty"`
	Field    string `json:"field,omitempty"`
	Sentence string `json:"sentence"`
}

// Outcome is what a table has done, or would do.
type Outcome struct {
	Body struct {
		New     int           `json:"new"`
		Changed int           `json:"changed"`
		Same    int           `json:"same"`
		Rows    []ImportedRow `json:"rows" doc:"Rows in which nothing is wrong: the first 200"`
		Wrong   []WrongCell   `json:"wrong" doc:"What is to be corrected: the first 200; of an import, none"`
		Remarks []string      `json:"remarks" doc:"On how the file was read: the first 200"`
	}
}

// Outcome tells a program what the plan does.
func (p Plan) Outcome(ctx context.Context) *Outcome {
	const most = 200
	out := &Outcome{}
	b := &out.Body
	b.New, b.Changed, b.Same = p.Count(New), p.Count(Changed), p.Count(Same)
	b.Rows, b.Wrong, b.Remarks = []ImportedRow{}, []WrongCell{}, []string{}
	for _, l := range p.Lines {
		if l.Fate == "" || len(b.Rows) == most {
			continue
		}
		row := ImportedRow{Row: l.N, Title: l.Title, Fate: l.Fate, Changes: l.Changes}
		if l.Before != nil {
			row.ID = l.Before.ID
		}
		b.Rows = append(b.Rows, row)
	}
	for _, w := range p.Wrong[:min(len(p.Wrong), most)] {
		b.Wrong = append(b.Wrong, WrongCell{w.N, w.Cell, w.Column, w.Sentence.In(text.Of(ctx))})
	}
	for _, r := range p.Sheet.Remarks[:min(len(p.Sheet.Remarks), most)] {
		b.Remarks = append(b.Remarks, r.Sentence.In(text.Of(ctx)))
	}
	return out
}
