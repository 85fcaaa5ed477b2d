package doc

import "encoding/json"

// Point is a place on the map, in degrees (WGS84).
type Point struct{ Lon, Lat float64 }

// Feature is something that has a place on the map.
type Feature struct {
	ID         string // empty for what is no record
	At         *Point // nil when the place cannot be shown
	Properties any    // an object in JSON
}

type geoGeometry struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"`
}

type geoFeature struct {
	Type       string       `json:"type"`
	ID         string       `json:"id,omitempty"`
	Geometry   *geoGeometry `json:"geometry"`
	Properties any          `json:"properties"`
}

type geoCollection struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Marking  string       `json:"marking"`
	Notes    []noteItem   `json:"notes"`
	Features []geoFeature `json:"features"`
}

// GeoJSON writes the features as a collection (RFC 7946), with its title, its marking and
// its provenance beside them.
func GeoJSON(title, marking string, notes []Note, features []Feature) ([]byte, error) {
	all := geoCollection{"FeatureCollection", title, marking, []noteItem{}, make([]geoFeature, len(features))}
	for _, n := range notes {
		all.Notes = append(all.Notes, noteItem(n))
	}
	for i, f := range features {
		all.Features[i] = geoFeature{"Feature", f.ID, nil, f.Properties}
		if f.At != nil {
			all.Features[i].Geometry = &geoGeometry{"Point", [2]float64{f.At.Lon, f.At.Lat}}
		}
	}
	return json.Marshal(all)
}
