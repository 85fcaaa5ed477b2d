package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cadre/core/access"
	"cadre/core/account"
	"cadre/core/export"
	"cadre/core/record"
	"cadre/kit/db"
	"cadre/kit/text"
	"cadre/kit/ui"
	"cadre/kit/web"

	"github.com/a-h/templ"
)

// foundFormats are the files of a list of facts of several institutions.
var foundFormats = append(export.Tables[:3:3], export.GeoJSON)

// foundColumns are the columns of a list of facts of several institutions and kinds.
func (m *Module) foundColumns(ctx context.Context, owners map[string]account.Structure) []export.Column[FactLine] {
	kindOf := func(f FactLine) kind { k, _ := kindOfRecord(f.Kind); return k }
	shown := []export.Column[FactLine]{
		{Name: "title", Label: text.T(ctx, "Intitulé"), HXL: "#activity+name", Width: 60, Head: true,
			Value: func(f FactLine) any { return title(ctx, f).Words }, Shown: func(f FactLine) templ.Component { return factName(f) }},
		{Name: "structure", Label: text.T(ctx, "Structure"), HXL: "#org+acronym", Value: func(f FactLine) any { return owners[f.Owner].Acronym }, Shown: owner(owners)},
		{Name: "type", Label: text.T(ctx, "Type"), HXL: "#activity+type", Value: func(f FactLine) any { return text.T(ctx, kindOf(f).one) }},
		{Name: "themes", Label: text.T(ctx, "Thème"), HXL: "#sector", Width: 30, Value: func(f FactLine) any { return text.Labels(ctx, f.Themes, m.Themes.Label) }},
		{Name: "places", Label: text.T(ctx, "Lieu"), HXL: "#loc+name", Width: 24, Value: func(f FactLine) any { return text.Labels(ctx, f.Record.Places, m.Places.Name) }},
		{Name: "brief", Label: text.T(ctx, "En bref"), HXL: "#activity+brief", Value: func(f FactLine) any { return f.Fact.lines(ctx, m.Pack)[kindOf(f).short].inFile() },
			Say:   func(f FactLine) string { return f.Fact.lines(ctx, m.Pack)[kindOf(f).short].value },
			Shown: func(f FactLine) templ.Component { return lineView(f.Fact.lines(ctx, m.Pack)[kindOf(f).short]) }},
		{Name: "detail", Label: text.T(ctx, "En détail"), HXL: "#activity+description", Width: 60, Files: true,
			Value: func(f FactLine) any { return f.inFull(ctx, m, kindOf(f)) }},
	}
	origin := m.factOrigin(ctx, kinds[0], nil)
	return append(shown, slices.DeleteFunc(origin, func(c export.Column[FactLine]) bool { return c.Name == "structure" })...)
}

// inFull is all that a fact says besides its line in brief, each with its label.
func (f FactLine) inFull(ctx context.Context, m *Module, k kind) string {
	var all []string
	for i, l := range f.Fact.lines(ctx, m.Pack) {
		if i != k.short && l.value != "" {
			all = append(all, text.Labelled(ctx, l.label, l.value))
		}
	}
	return strings.Join(all, "\n")
}

// exportFound answers with a file of facts of several institutions.
func (m *Module) exportFound(ctx context.Context, p findPage, columns []export.Column[FactLine], ask export.Ask) (web.Response, error) {
	l := export.List[FactLine]{Page: p.Page, Name: "annuaire faits", Selection: p.Chips, Columns: columns, Rows: p.List.Rows, Cut: p.List.Next != "",
		Record: func(f FactLine) record.Record { return f.Record }, Point: m.pointOf}
	return l.Answer(ctx, m.source(), ask)
}

// matrixColumns are the columns of the file of a matrix: its rows' names, a number for each theme, their sum.
func matrixColumns(ctx context.Context, p matrixPage) []export.Column[ui.MatrixRow] {
	tag := "#org+acronym"
	if p.By == ofTerritories {
		tag = "#loc+name"
	}
	all := []export.Column[ui.MatrixRow]{{Name: "name", Label: p.title(ctx), HXL: tag, Width: 30, Value: func(r ui.MatrixRow) any { return r.Head.Label }}}
	for i, column := range p.Grid.Columns {
		code := strings.ToLower(p.Matrix.Themes[i])
		if code == "" {
			code = "none"
		}
		all = append(all, export.Column[ui.MatrixRow]{Name: fmt.Sprintf("theme_%s", code), Label: column.Label, HXL: "#value+" + code,
			Value: func(r ui.MatrixRow) any { return r.Cells[i].Count }})
	}
	return append(all, export.Column[ui.MatrixRow]{Name: "total", Label: text.T(ctx, "Total"), HXL: "#value+total", Value: func(r ui.MatrixRow) any { return r.Total }})
}

// exportMatrix answers with a file of the matrix.
func (m *Module) exportMatrix(ctx context.Context, p matrixPage, ask export.Ask) (web.Response, error) {
	p.Page.Title = p.title(ctx)
	l := export.List[ui.MatrixRow]{Page: p.Page, Name: "annuaire matrice " + p.By, Selection: p.Chips, Columns: matrixColumns(ctx, p), Rows: p.Grid.Rows}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		l.Least, err = topCounted(ctx, tx, access.Of(ctx))
		return err
	})
	if err != nil {
		return web.Response{}, err
	}
	return l.Answer(ctx, m.source(), ask)
}

// topCounted is the highest marking of the facts that the viewer's numbers count.
func topCounted(ctx context.Context, tx *db.Tx, v access.Viewer) (access.Marking, error) {
	return db.Value[access.Marking](ctx, tx, `SELECT coalesce(max(record.marking), 0) FROM directory_tally record
		WHERE `+access.Visible+` AND record.axis = $3 AND record.top = '' AND record.role = '' AND record.scope = '' AND record.n > 0`, v.Args(byOwner)...)
}
