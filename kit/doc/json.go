package doc

import (
	"bytes"
	"encoding/json"
	"time"

	"cadre/kit/form"
)

// tableHead is what a table in JSON says before its rows.
type tableHead struct {
	Title   string       `json:"title"`
	Marking string       `json:"marking"`
	Made    time.Time    `json:"made"`
	Notes   []noteItem   `json:"notes"`
	Columns []columnItem `json:"columns"`
}

type noteItem struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

type columnItem struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	HXL   string `json:"hxl,omitempty"`
}

// JSON writes the table as an object: title, marking, provenance, columns, and rows
// that are objects with the columns' names, in their order.
func (t Table) JSON() ([]byte, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	head := tableHead{t.Title, t.Marking, t.Made, []noteItem{}, []columnItem{}}
	for _, n := range t.Notes {
		head.Notes = append(head.Notes, noteItem(n))
	}
	for _, c := range t.Columns {
		head.Columns = append(head.Columns, columnItem{c.Name, c.Label, c.HXL})
	}
	b, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	out := bytes.NewBuffer(bytes.TrimSuffix(b, []byte("}")))
	out.WriteString(`,"rows":[`)
	for i, row := range t.Rows {
		if i > 0 {
			out.WriteString(",\n")
		}
		if err := t.object(out, row); err != nil {
			return nil, err
		}
	}
	out.WriteString("]}\n")
	return out.Bytes(), nil
}

// object writes a row; what is not known is null.
func (t Table) object(out *bytes.Buffer, row []any) error {
	for i, c := range t.Columns {
		out.WriteByte("{,"[min(i, 1)])
		value := row[i]
		if s, ok := value.([]string); ok && s == nil {
			value = []string{}
		}
		if d, ok := value.(form.Date); ok && d.IsZero() {
			value = nil
		}
		pair, err := json.Marshal(map[string]any{c.Name: value})
		if err != nil {
			return err
		}
		out.Write(pair[1 : len(pair)-1])
	}
	out.WriteByte('}')
	return nil
}
