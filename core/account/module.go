package account

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"
	"time"

	"cadre/core/access"
	"cadre/core/journal"
	"cadre/kit/clock"
	"cadre/kit/db"
	"cadre/kit/fault"
	"cadre/kit/text"
	"cadre/kit/ui"
)

// Structure is an institution, as the rooms below the directory name it.
type Structure struct {
	ID      string
	Slug    string // its name in addresses
	Acronym string
	Name    string
	Closed  bool   // it has left the framework: it is named, never offered
	Heir    string // institution that has its matters now; empty for none
}

// Called is its short name, which says that it is no more when it is not.
func (s Structure) Called(ctx context.Context) string {
	if s.Closed {
		return text.T(ctx, "%s (dissoute)", s.Acronym)
	}
	return s.Acronym
}

// Living are the institutions of the framework today, those that may be chosen.
func Living(all []Structure) []Structure {
	return slices.DeleteFunc(slices.Clone(all), func(s Structure) bool { return s.Closed })
}

// ShortNames are what readers call institutions, by identifier.
func ShortNames(ctx context.Context, all []Structure) map[string]string {
	names := map[string]string{}
	for _, s := range all {
		names[s.ID] = s.Called(ctx)
	}
	return names
}

// ShortNames are those of every institution.
func (m *Module) ShortNames(ctx context.Context, tx *db.Tx) (map[string]string, error) {
	all, err := m.Structures(ctx, tx)
	return ShortNames(ctx, all), err
}

// Item is something that an institution has still to do, for the sheet of a handover.
type Item struct {
	Kind    string // in the reader's language
	Title   string
	Why     string    // in a sentence, or empty
	Due     time.Time // zero for none
	Href    string
	Marking access.Marking
}

// Deps is what the accounts stand on.
type Deps struct {
	DB          *db.DB
	Log         *journal.Log
	Clock       clock.Clock
	Zone        *time.Location             // in which dates are typed and read
	Secret      []byte                     // of the server, 32 bytes at least: seals what proves who people are
	BaseURL     string                     // of the site, without a final slash: the beginning of links in mails
	Secure      bool                       // served over TLS, here or by the proxy
	RequireTOTP bool                       // a password alone reaches nothing but the enrolment of a second factor
	Address     func(*http.Request) string // of the client
	Structures  func(context.Context, *db.Tx) ([]Structure, error)
	Heritage    func(ctx context.Context, tx *db.Tx, structureID string) ([]string, error) // institutions that it took over; may be nil
	Open        func(ctx context.Context, structureID string) ([]Item, error)              // what is still to do; may be nil
	Marking     func(context.Context, access.Marking) ui.Marking                           // as pages show one
}

// Module is the accounts of one Cadre.
type Module struct {
	Deps
	sealKey, codeKey []byte
}

const minSecret = 32

// New returns the accounts. It refuses a server's secret that is too short.
func New(d Deps) (*Module, error) {
	if len(d.Secret) < minSecret {
		return nil, errors.New("the server's secret needs at least 32 bytes")
	}
	m := &Module{Deps: d}
	for use, key := range map[string]*[]byte{"cadre seal": &m.sealKey, "cadre recovery code": &m.codeKey} {
		k, err := hkdf.Key(sha256.New, d.Secret, nil, use, 32)
		if err != nil {
			return nil, err
		}
		*key = k
	}
	return m, nil
}

// authority is what the viewer may do now to the people of an institution.
func (m *Module) authority(ctx context.Context, tx *db.Tx, v access.Viewer, structure string) (authority, error) {
	acting := false
	if v.Serves(structure, access.Deputy) {
		present, err := focalPresent(ctx, tx, structure, m.Clock.Now())
		if err != nil {
			return authority{}, err
		}
		acting = !present
	}
	return authorityOver(v, structure, acting), nil
}

// Institution finds an institution by its identifier or its name in addresses.
func (m *Module) Institution(ctx context.Context, tx *db.Tx, key string) (Structure, error) {
	all, err := m.Structures(ctx, tx)
	for _, s := range all {
		if s.ID == key || s.Slug == key {
			return s, err
		}
	}
	if err == nil {
		err = fault.Missing()
	}
	return Structure{}, err
}
