package place

import (
	"encoding/json"
	"fmt"

	"github.com/paulmach/orb"
)

// outline is a feature of a GeoJSON file of the pack: one polygon or several.
type outline struct {
	Properties struct {
		Code   string `json:"code"`
		Name   string `json:"name"`
		NameEN string `json:"name_en"`       // when it is another
		Source string `json:"parent_source"` // what an approximate outline was cut out of
	} `json:"properties"`
	Geometry struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`

	parsed orb.MultiPolygon
}

// polygons returns a copy, in degrees.
func (o outline) polygons() orb.MultiPolygon { return o.parsed.Clone() }

// outlines reads a file of the pack. The pack's own test has read it as GeoJSON before.
func outlines(data []byte) ([]outline, error) {
	var file struct {
		Features []outline `json:"features"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("map: %w", err)
	}
	for i := range file.Features {
		if err := file.Features[i].parse(); err != nil {
			return nil, err
		}
	}
	return file.Features, nil
}

func (o *outline) parse() error {
	var into any = &o.parsed
	if o.Geometry.Type == "Polygon" {
		o.parsed = orb.MultiPolygon{nil}
		into = &o.parsed[0]
	}
	if err := json.Unmarshal(o.Geometry.Coordinates, into); err != nil {
		return fmt.Errorf("map: %s: %w", o.Properties.Name, err)
	}
	return nil
}
