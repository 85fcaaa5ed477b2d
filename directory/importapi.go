package directory

import (
	"context"

	"cadre/core/access"
	"cadre/core/intake"
)

type importInput struct {
	ID    string `path:"id" doc:"Institution: identifier or slug"`
	Table string `path:"table" enum:"missions,capacities,branches,focal-points"`
	intake.Sent
}

// inAPI are the tables that are imported, by the names that the API gives them.
var inAPI = map[string]string{"missions": "missions", "capacities": "moyens", "branches": "antennes", "focal-points": focalPath}

func (m *Module) apiImport(ctx context.Context, in *importInput) (*intake.Outcome, error) {
	p, err := m.Import(ctx, access.Of(ctx), in.ID, inAPI[in.Table], in.RawBody, in.Choice(), in.Preview)
	if err != nil {
		return nil, err
	}
	return p.Outcome(ctx), nil
}
