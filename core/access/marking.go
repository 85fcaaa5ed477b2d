package access

import (
	"database/sql/driver"
	"fmt"

	"cadre/kit/fault"
	"cadre/kit/text"
)

// Marking is how far a record may travel, in rising order: TLP 2.0 (FIRST, 2022)
// with its French names, then the national mention Diffusion restreinte, the
// highest that Cadre holds.
type Marking int

// The markings.
const (
	Clear Marking = iota
	Green
	Amber
	AmberStrict
	Red
	Restricted
)

type markingWords struct{ code, label, name, letter, meaning string }

var markings = []markingWords{
	{"clear", "TLP:CLEAR", text.Key("libre"), "C", text.Key("Diffusion libre : le public peut lire.")},
	{"green", "TLP:GREEN", text.Key("vert"), "G", text.Key("Toutes les structures du cadre peuvent lire.")},
	{"amber", "TLP:AMBER", text.Key("ambre"), "A", text.Key("Les structures destinataires, selon le besoin d’en connaître.")},
	{"amber_strict", "TLP:AMBER+STRICT", text.Key("ambre strict"), "A+S", text.Key("Une seule structure, sans rediffusion.")},
	{"red", "TLP:RED", text.Key("rouge"), "R", text.Key("Les personnes nommées, sans aucune rediffusion.")},
	{"restricted", "TLP:RED", text.Key("Diffusion restreinte"), "DR", text.Key("Mention nationale : les personnes habilitées seulement.")},
}

// Markings lists the markings from the freest to the most restricted.
var Markings = []Marking{Clear, Green, Amber, AmberStrict, Red, Restricted}

// Highest is the marking of all of it together, of which each thing has its own.
func Highest[T any](all []T, of func(T) Marking) Marking {
	top := Clear
	for _, one := range all {
		top = max(top, of(one))
	}
	return top
}

// Code is the marking's name in the API and the database's exports.
func (m Marking) Code() string { return markings[m].code }

// Label is the international label, never translated.
func (m Marking) Label() string { return markings[m].label }

// Name is the marking's French name, a key of the catalogue.
func (m Marking) Name() string { return markings[m].name }

// Letter tells the marking on paper without colour.
func (m Marking) Letter() string { return markings[m].letter }

// Meaning says in a sentence who may read, a key of the catalogue.
func (m Marking) Meaning() string { return markings[m].meaning }

// higher are the levels that Cadre refuses to hold.
var higher = map[string]bool{"confidential": true, "secret": true, "top_secret": true}

// Higher lists the codes of the levels above Diffusion restreinte, which forms
// offer in order to explain why Cadre refuses them.
var Higher = []string{"confidential", "secret", "top_secret"}

// ParseMarking reads a code. A level above Diffusion restreinte is refused with the reason.
func ParseMarking(code string) (Marking, error) {
	for i, m := range markings {
		if m.code == code {
			return Marking(i), nil
		}
	}
	if higher[code] {
		return 0, fault.Invalid("marking", "Cadre ne reçoit aucune information classifiée au-dessus de « Diffusion restreinte ». Utilisez la voie prévue pour le secret de la défense nationale ; rien n’a été enregistré.")
	}
	return 0, fault.Invalid("marking", "Choisissez un marquage de la liste.")
}

// MarshalText gives the code.
func (m Marking) MarshalText() ([]byte, error) { return []byte(m.Code()), nil }

// UnmarshalText reads a code.
func (m *Marking) UnmarshalText(b []byte) (err error) {
	*m, err = ParseMarking(string(b))
	return err
}

// Value keeps the marking as its rank.
func (m Marking) Value() (driver.Value, error) { return int64(m), nil }

// Scan reads a rank.
func (m *Marking) Scan(src any) error {
	n, ok := src.(int64)
	if !ok || n < 0 || int(n) >= len(markings) {
		return fmt.Errorf("marking: unknown rank %v", src)
	}
	*m = Marking(n)
	return nil
}
